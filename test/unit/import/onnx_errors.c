// RUN: unit-import-onnx_errors

#include "onnx_build.h"

/* One error, and its text has all of `want`. */
static void refused(stream_text *graph, int opset, const char *want) {
    messages log;
    stream_text out, m = model(graph, opset);
    CHECK(import_model(&m, "m.onnx", &log, &out) != STREAM_OK);
    CHECK_EQ(log.errors, 1);
    CHECK(log.loc.file && !strcmp(log.loc.file, "m.onnx"));
    if (!strstr(log.text, want))
        printf("# want: %s\n# got:  %s\n", want, log.text);
    CHECK(strstr(log.text, want) != NULL);
    CHECK(out.data == NULL);
}

/* x of `dims` through one node to y. */
static void node_refused(int opset, const char *op, const char *dims, stream_text *attributes,
                         const char *want) {
    stream_text g = {0};
    input(&g, "x", FLOAT, dims);
    node(&g, op, "n", "x", "y", attributes);
    output(&g, "y", FLOAT, NULL);
    refused(&g, opset, want);
}

static void operators(void) {
    stream_text a = {0}, b = {0}, c = {0}, d = {0}, e = {0}, f = {0}, h = {0};
    node_refused(13, "Foo", "1", NULL, "node 'n' (op Foo, opset 13): operator not supported");
    node_refused(8, "Erf", "1", NULL, "operator is supported from opset 9 on");
    node_refused(5, "Relu", "1", NULL, "operator is supported from opset 6 on");
    node_refused(25, "Relu", "1", NULL, "opset 25 is outside 1 to 24");
    node_refused(13, "Conv", "1 1 4 4", NULL, "1 inputs, expected 2 to 3");
    node_refused(13, "MaxPool", "1 1 4 4", NULL, "attribute 'kernel_shape' is missing");
    attribute_ints(&a, "kernel_shape", "5 5");
    node_refused(13, "MaxPool", "1 1 4 4", &a, "a window of 5 does not fit into dimension 2");
    attribute_ints(&b, "kernel_shape", "2 2");
    attribute_ints(&b, "pads", "-1 0 0 0");
    node_refused(13, "MaxPool", "1 1 4 4", &b, "'pads' has the value -1");
    attribute_ints(&c, "kernel_shape", "2 2 2");
    node_refused(13, "MaxPool", "1 1 4 4", &c, "'kernel_shape' has 3 values, expected 2");
    attribute_string(&d, "kernel_shape", "2");
    node_refused(13, "MaxPool", "1 1 4 4", &d,
                 "attribute 'kernel_shape' is not a list of integers");
    attribute_int(&e, "axis", 3);
    node_refused(13, "Softmax", "2 2", &e, "axis 3 is outside [-2, 1]");
    attribute_ints(&f, "perm", "0 0");
    node_refused(13, "Transpose", "2 2", &f, "'perm' is no permutation");
    attribute_ints(&h, "kernel_shape", "4294967296 1");
    node_refused(13, "MaxPool", "1 1 4 4", &h, "'kernel_shape' has the value 4294967296");
}

static void inputs(void) {
    stream_text g = {0};
    input(&g, "x", FLOAT, "batch 3");
    output(&g, "x", FLOAT, NULL);
    refused(&g, 13, "input 'x' has the dynamic dimension 0 ('batch')");
    g = (stream_text){0};
    input(&g, "x", FLOAT, NULL);
    output(&g, "x", FLOAT, NULL);
    refused(&g, 13, "input 'x' has no shape");
    g = (stream_text){0};
    input(&g, "x", 8, "2");
    output(&g, "x", 8, NULL);
    refused(&g, 13, "input 'x' has element type STRING, which");
    g = (stream_text){0};
    input(&g, "x", FLOAT, "2147483647 2147483647 2147483647");
    output(&g, "x", FLOAT, NULL);
    refused(&g, 13, "input 'x' has an impossible shape");
    g = (stream_text){0};
    input(&g, "x", FLOAT, "1 1 1 1 1 1 1 1 1");
    output(&g, "x", FLOAT, NULL);
    refused(&g, 13, "input 'x' has rank 9, at most 8");
    g = (stream_text){0};
    input(&g, "x", FLOAT, "1");
    input(&g, "x", FLOAT, "1");
    output(&g, "x", FLOAT, NULL);
    refused(&g, 13, "the value 'x' is defined twice");
}

static void tensors(void) {
    stream_text g = {0};
    initializer(&g, "w", FLOAT, "2 2", "abc", 3);
    output(&g, "w", FLOAT, NULL);
    refused(&g, 13, "initializer 'w' has 3 bytes of data, its shape needs 16");
    g = (stream_text){0};
    initializer(&g, "w", FLOAT, "-1", "abcd", 4);
    output(&g, "w", FLOAT, NULL);
    refused(&g, 13, "initializer 'w' has an impossible shape");
    g = (stream_text){0};
    initializer(&g, "w", 99, "1", "abcd", 4);
    output(&g, "w", FLOAT, NULL);
    refused(&g, 13, "initializer 'w' has element type 99");
    g = (stream_text){0};
    stream_text t = {0};
    put_list(&t, 1, "3");
    put_int(&t, 2, INT64);
    put_list(&t, 7, "1 2");
    put_string(&t, 8, "w");
    put_message(&g, 5, &t);
    output(&g, "w", INT64, NULL);
    refused(&g, 13, "initializer 'w' has 2 elements of INT64, its shape needs 3");
}

static void graphs(void) {
    stream_text g = {0};
    input(&g, "x", FLOAT, "1");
    node(&g, "Add", "a", "x,late", "y", NULL);
    node(&g, "Relu", "b", "y", "late", NULL);
    output(&g, "late", FLOAT, NULL);
    refused(&g, 13,
            "node 'a' (op Add, opset 13): input 'late' is defined only by 'b' (op Relu), "
            "which does not come before it: the graph has a cycle");
    g = (stream_text){0};
    input(&g, "x", FLOAT, "1");
    node(&g, "Add", "a", "x,nowhere", "y", NULL);
    output(&g, "y", FLOAT, NULL);
    refused(&g, 13, "input 'nowhere' is not defined");
    g = (stream_text){0};
    input(&g, "x", FLOAT, "1");
    node(&g, "Relu", "a", "x", "x", NULL);
    output(&g, "x", FLOAT, NULL);
    refused(&g, 13, "the value 'x' is defined twice");
    g = (stream_text){0};
    input(&g, "x", FLOAT, "1");
    refused(&g, 13, "the graph has no outputs");
    g = (stream_text){0};
    input(&g, "x", FLOAT, "1");
    output(&g, "y", FLOAT, NULL);
    refused(&g, 13, "the graph output 'y' is not defined");
    g = (stream_text){0};
    input(&g, "x", FLOAT, "2 3");
    node(&g, "Relu", "a", "x", "y", NULL);
    output(&g, "y", FLOAT, "2 4");
    refused(&g, 13, "output 'y' is declared with 4 as dimension 1, it is computed with 3");
    g = (stream_text){0};
    input(&g, "x", FLOAT, "2 3");
    input(&g, "z", INT32, "2 3");
    node(&g, "Add", "a", "x,z", "y", NULL);
    output(&g, "y", FLOAT, NULL);
    refused(&g, 13, "input 1 ('z') is INT32, input 0 is FLOAT");
    g = (stream_text){0};
    input(&g, "x", FLOAT, "2 3");
    input(&g, "z", FLOAT, "2 4");
    node(&g, "Add", "a", "x,z", "y", NULL);
    output(&g, "y", FLOAT, NULL);
    refused(&g, 13, "the shapes do not broadcast");
    g = (stream_text){0};
    input(&g, "x", FLOAT, "2 3");
    input(&g, "w", FLOAT, "4 5");
    node(&g, "MatMul", "a", "x,w", "y", NULL);
    output(&g, "y", FLOAT, NULL);
    refused(&g, 13, "the inner dimensions are 3 and 4");
    g = (stream_text){0};
    input(&g, "x", FLOAT, "2 3");
    ints(&g, "s", "-1 4");
    node(&g, "Reshape", "a", "x,s", "y", NULL);
    output(&g, "y", FLOAT, NULL);
    refused(&g, 13, "6 elements cannot be divided by 4");
    g = (stream_text){0};
    input(&g, "x", FLOAT, "2 3");
    input(&g, "s", INT64, "2");
    node(&g, "Reshape", "a", "x,s", "y", NULL);
    output(&g, "y", FLOAT, NULL);
    refused(&g, 13, "the new shape ('s') must be a constant");
    g = (stream_text){0};
    input(&g, "x", FLOAT, "1 1 4 4");
    input(&g, "s", FLOAT, "1");
    node(&g, "BatchNormalization", "p", "x,s,s,s,s", "y,mean", NULL);
    output(&g, "mean", FLOAT, NULL);
    refused(&g, 13, "the graph output 'mean' is an optional output of node 'p'");
}

static void attributes(void) {
    messages log;
    stream_text g = {0}, a = {0}, out;
    input(&g, "x", FLOAT, "2");
    attribute_int(&a, "act_size", 8);
    node(&g, "Relu", "r", "x", "y", &a);
    output(&g, "y", FLOAT, "2");
    stream_text m = model(&g, 13);
    CHECK_EQ(import_model(&m, "m.onnx", &log, &out), STREAM_OK);
    CHECK_EQ(log.warnings, 1);
    CHECK(strstr(log.text, "node 'r' (op Relu, opset 13): attribute 'act_size' is ignored"));
    stream_text_free(&out);
}

static void not_a_model(void) {
    messages log;
    stream_text out, empty = {0}, text = {0}, bare = {0};
    CHECK_EQ(import_model(&empty, "m.onnx", &log, &out), STREAM_INVALID);
    CHECK(strstr(log.text, "the file is empty"));
    stream_text_str(&text, "# not a model\n");
    CHECK_EQ(import_model(&text, "m.onnx", &log, &out), STREAM_INVALID);
    CHECK(strstr(log.text, "not an ONNX model"));
    put_int(&bare, 1, 8);
    CHECK_EQ(import_model(&bare, "m.onnx", &log, &out), STREAM_INVALID);
    CHECK(strstr(log.text, "it has no graph"));
}

/* A model with a bit of everything, for what follows. */
static stream_text rich(void) {
    static const float w[12] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    stream_text g = {0}, a = {0}, b = {0};
    input(&g, "x", FLOAT, "1 3 4 4");
    initializer(&g, "w", FLOAT, "4 3 1 1", w, sizeof w);
    ints(&g, "s", "1 -1");
    attribute_ints(&a, "pads", "0 1 1 0");
    node(&g, "Conv", "c", "x,w", "y", &a);
    attribute_ints(&b, "kernel_shape", "2 2");
    node(&g, "AveragePool", "p", "y", "z", &b);
    node(&g, "Reshape", "r", "z,s", "f", NULL);
    node(&g, "Softmax", "m", "f", "o", NULL);
    output(&g, "o", FLOAT, "1 64");
    return model(&g, 13);
}

/* Success with no error, or failure with one: never both, never a crash. */
static int consistent(stream_text *m) {
    messages log;
    stream_text out;
    stream_status status = import_model(m, NULL, &log, &out);
    int ok = (status == STREAM_OK) == (log.errors == 0) && log.errors <= 1 &&
             (status == STREAM_OK) == (out.data != NULL);
    stream_text_free(&out);
    return ok;
}

static void truncated(void) {
    stream_text whole = rich();
    int wrong = 0;
    for (size_t n = 0; n <= whole.length; ++n) {
        stream_text part = {0};
        stream_text_append(&part, whole.data, n);
        wrong += !consistent(&part);
    }
    CHECK_EQ(wrong, 0);
    stream_text_free(&whole);
}

static void mutated(void) {
    unsigned seed = 11;
    int wrong = 0;
    stream_text whole = rich();
    for (int round = 0; round < 5000; ++round) {
        stream_text copy = {0};
        stream_text_append(&copy, whole.data, whole.length);
        for (unsigned k = 0; k <= test_random(&seed) % 3; ++k)
            copy.data[test_random(&seed) % copy.length] = (char)test_random(&seed);
        wrong += !consistent(&copy);
    }
    CHECK_EQ(wrong, 0);
    stream_text_free(&whole);
}

int main(void) {
    operators();
    inputs();
    tensors();
    graphs();
    attributes();
    not_a_model();
    truncated();
    mutated();
    return test_done();
}
