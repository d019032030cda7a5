// RUN: unit-import-onnx

#include "onnx_build.h"

static stream_text translated(stream_text *graph, int opset) {
    messages log;
    stream_text out, m = model(graph, opset);
    stream_status status = import_model(&m, "m.onnx", &log, &out);
    if (status != STREAM_OK)
        printf("# %s\n", log.text);
    CHECK_EQ(status, STREAM_OK);
    return out;
}

/* Asymmetric pads, bias as the initial value, names on everything. */
static void convolution(void) {
    stream_text g = {0}, a = {0};
    input(&g, "x", FLOAT, "1 3 8 8");
    input(&g, "w", FLOAT, "4 3 3 3");
    input(&g, "b", FLOAT, "4");
    attribute_ints(&a, "pads", "1 0 2 0");
    attribute_ints(&a, "strides", "2 1");
    node(&g, "Conv", "c \"1\"", "x,w,b", "y", &a);
    output(&g, "y", FLOAT, "1 4 5 6");
    stream_text out = translated(&g, 13);
    has(&out, "%arg0: tensor<1x3x8x8xf32> {stream.name = \"x\"}");
    has(&out, "-> (tensor<1x4x5x6xf32> {stream.name = \"y\"})");
    has(&out, "tensor.pad %arg0 low[0, 0, 1, 0] high[0, 0, 2, 0]");
    has(&out, "linalg.broadcast ins(%arg2 : tensor<4xf32>)");
    has(&out, "dimensions = [0, 2, 3]");
    has(&out, "linalg.conv_2d_nchw_fchw {dilations = dense<[1, 1]> : tensor<2xi64>, strides = "
              "dense<[2, 1]> : tensor<2xi64>, stream.layer = \"c \\221\\22\", stream.operator = "
              "\"Conv\"} ins(%1, %arg1 : ");
    has(&out, "loc(\"c \\221\\22\")");
    stream_text_free(&out);
}

/* One conv of x [1, 4, 6, 6] with weights `w` in `group` groups. */
static stream_text grouped(const char *w, int group, int type) {
    stream_text g = {0}, a = {0};
    input(&g, "x", type, "1 4 6 6");
    input(&g, "w", type, w);
    attribute_int(&a, "group", group);
    node(&g, "Conv", "", "x,w", "y", &a);
    output(&g, "y", type, NULL);
    return translated(&g, 11);
}

static void convolution_forms(void) {
    stream_text out = grouped("4 1 3 3", 4, FLOAT);
    has(&out, "linalg.depthwise_conv_2d_nchw_chw");
    has(&out, "stream.layer = \"Conv_0\"");
    stream_text_free(&out);
    out = grouped("6 2 3 3", 2, FLOAT);
    has(&out, "tensor.expand_shape %arg0 [[0], [1, 2], [3], [4]] output_shape [1, 2, 2, 6, 6]");
    has(&out, "linalg.conv_2d_ngchw_gfchw");
    has(&out, "tensor.collapse_shape");
    stream_text_free(&out);
    out = grouped("6 4 3 3", 1, FLOAT16);
    has(&out, "outs(%2 : tensor<1x6x4x4xf32>)");
    has(&out, "stream.layer = \"Conv_0.trunc\"");
    has(&out, "arith.truncf %s0 : f32 to f16");
    stream_text_free(&out);
    out = grouped("6 4 3 3", 1, INT8);
    has(&out, "linalg.conv_2d_nchw_fchw");
    has(&out, "arith.trunci %s0 : i32 to i8");
    stream_text_free(&out);
    out = grouped("6 4 3 3", 1, UINT8);
    has(&out, "arith.extui %s0 : i8 to i32");
    has(&out, "affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d4, d2 + d5, d3 + d6)>");
    stream_text_free(&out);
}

static void gemm(void) {
    stream_text g = {0}, a = {0};
    input(&g, "x", FLOAT, "2 3");
    input(&g, "w", FLOAT, "5 3");
    input(&g, "b", FLOAT, "5");
    attribute_int(&a, "transB", 1);
    node(&g, "Gemm", "fc", "x,w,b", "y", &a);
    output(&g, "y", FLOAT, "2 5");
    stream_text out = translated(&g, 9);
    has(&out, "linalg.matmul indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, "
              "affine_map<(d0, d1, d2) -> (d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1)>] "
              "{stream.layer = \"fc\", stream.operator = \"Gemm\"} ins(%arg0, %arg1");
    stream_text_free(&out);
}

/* Windows that leave padding out of the average differ at the border: a table of counts. */
static void average_pool(void) {
    stream_text g = {0}, a = {0}, b = {0};
    input(&g, "x", FLOAT, "1 2 3 3");
    attribute_ints(&a, "kernel_shape", "2 1");
    attribute_ints(&a, "pads", "1 0 0 0");
    node(&g, "AveragePool", "p", "x", "y", &a);
    attribute_ints(&b, "kernel_shape", "2 1");
    attribute_ints(&b, "pads", "1 0 0 0");
    attribute_int(&b, "count_include_pad", 1);
    node(&g, "AveragePool", "q", "x", "z", &b);
    output(&g, "y", FLOAT, "1 2 3 3");
    output(&g, "z", FLOAT, "1 2 3 3");
    stream_text out = translated(&g, 11);
    has(&out, "linalg.pooling_nchw_sum");
    has(&out, "stream.layer = \"p.div\", stream.operator = \"AveragePool\"");
    has(&out, "dense<[[1.000000e+00, 1.000000e+00, 1.000000e+00], [2.000000e+00, 2.000000e+00, "
              "2.000000e+00], [2.000000e+00, 2.000000e+00, 2.000000e+00]]> : tensor<3x3xf32>");
    has(&out, "arith.constant 2.000000e+00 : f32");
    stream_text_free(&out);
}

/* ceil(7 / 2) windows; the last one reads one element past the input, as padding. */
static void max_pool(void) {
    stream_text g = {0}, a = {0};
    input(&g, "x", FLOAT, "1 1 6 6");
    attribute_ints(&a, "kernel_shape", "3 3");
    attribute_ints(&a, "strides", "2 2");
    attribute_int(&a, "ceil_mode", 1);
    node(&g, "MaxPool", "p", "x", "y", &a);
    output(&g, "y", FLOAT, "1 1 3 3");
    stream_text out = translated(&g, 12);
    has(&out, "tensor.pad %arg0 low[0, 0, 0, 0] high[0, 0, 1, 1]");
    has(&out, "arith.constant 0xFF800000 : f32");
    has(&out, "linalg.pooling_nchw_max");
    stream_text_free(&out);
}

/* Constant parameters are two numbers per channel; a = 2 / sqrt(3 + 1), b = 5 - 7 a. */
static void batch_normalization(void) {
    stream_text g = {0}, a = {0};
    const float s = 2, b = 5, m = 7, v = 3;
    input(&g, "x", FLOAT, "1 1 2 2");
    initializer(&g, "s", FLOAT, "1", &s, 4);
    initializer(&g, "b", FLOAT, "1", &b, 4);
    initializer(&g, "m", FLOAT, "1", &m, 4);
    initializer(&g, "v", FLOAT, "1", &v, 4);
    attribute_float(&a, "epsilon", 1);
    node(&g, "BatchNormalization", "bn", "x,s,b,m,v", "y", &a);
    output(&g, "y", FLOAT, "1 1 2 2");
    stream_text out = translated(&g, 9);
    has(&out, "%s1 = arith.constant 1.000000e+00 : f32");
    has(&out, "%s2 = arith.constant -2.000000e+00 : f32");
    stream_text_free(&out);
}

static stream_text softmax_at(int opset) {
    stream_text g = {0}, a = {0};
    input(&g, "x", FLOAT, "2 3 4");
    attribute_int(&a, "axis", 1);
    node(&g, "Softmax", "s", "x", "y", &a);
    output(&g, "y", FLOAT, "2 3 4");
    return translated(&g, opset);
}

/* Until opset 12 everything from the axis on is normalised together. */
static void softmax(void) {
    stream_text out = softmax_at(12);
    has(&out, "iterator_types = [\"parallel\", \"reduction\", \"reduction\"]");
    has(&out, "stream.layer = \"s.max\"");
    has(&out, "stream.layer = \"s.exp\"");
    has(&out, "stream.layer = \"s.sum\"");
    has(&out, "stream.layer = \"s\"");
    stream_text_free(&out);
    out = softmax_at(13);
    has(&out, "iterator_types = [\"parallel\", \"reduction\", \"parallel\"]");
    stream_text_free(&out);
}

/* What exporters write for view(x.size(0), -1): it folds, and nothing of it is left. */
static void shape_arithmetic(void) {
    stream_text g = {0};
    const int64_t zero = 0;
    input(&g, "x", FLOAT, "2 3 4");
    initializer(&g, "zero", INT64, "", &zero, 8);
    ints(&g, "axes", "0");
    ints(&g, "rest", "-1");
    node(&g, "Shape", "", "x", "shape", NULL);
    node(&g, "Gather", "", "shape,zero", "batch", NULL);
    node(&g, "Mul", "", "batch,batch", "four", NULL);
    node(&g, "Unsqueeze", "", "four,axes", "row", NULL);
    stream_text a = {0};
    attribute_int(&a, "axis", 0);
    node(&g, "Concat", "", "row,rest", "target", &a);
    node(&g, "Reshape", "r", "x,target", "y", NULL);
    output(&g, "y", FLOAT, "4 6");
    stream_text out = translated(&g, 13);
    has(&out, "tensor.collapse_shape %arg0 [[0, 1, 2]]");
    has(&out, "output_shape [4, 6]");
    CHECK(out.data && !strstr(out.data, "arith.constant") && !strstr(out.data, "stream.layer"));
    stream_text_free(&out);
}

/* Splat, list, hexadecimal string, resource; a row of each. */
static void constants(void) {
    static float ramp[512];
    stream_text g = {0};
    for (int i = 0; i < 512; ++i)
        ramp[i] = (float)i;
    input(&g, "x", FLOAT, "1");
    initializer(&g, "list", FLOAT, "2", ramp, 8);
    initializer(&g, "hex", FLOAT, "20", ramp, 80);
    initializer(&g, "big", FLOAT, "512", ramp, 2048);
    node(&g, "Add", "", "x,list", "a", NULL);
    node(&g, "Add", "", "x,hex", "b", NULL);
    node(&g, "Add", "", "x,big", "c", NULL);
    node(&g, "Identity", "", "big", "d", NULL);
    output(&g, "a", FLOAT, NULL);
    output(&g, "b", FLOAT, NULL);
    output(&g, "c", FLOAT, NULL);
    output(&g, "d", FLOAT, NULL);
    stream_text out = translated(&g, 13);
    has(&out, "dense<[0.000000e+00, 1.000000e+00]> : tensor<2xf32>");
    has(&out, "dense<\"0x000000000000803F00000040");
    has(&out, "dense_resource<w0> : tensor<512xf32>");
    has(&out, "w0: \"0x04000000000000000000803F");
    CHECK(out.data && !strstr(out.data, "w1"));
    stream_text_free(&out);
}

/* Initializers without data come after the inputs; what nothing reads is not there. */
static void absent_weights(void) {
    stream_text g = {0};
    initializer(&g, "w", FLOAT, "3", NULL, 0);
    initializer(&g, "unused", FLOAT, "3", NULL, 0);
    input(&g, "x", FLOAT, "3");
    node(&g, "Mul", "m", "x,w", "y", NULL);
    node(&g, "Mul", "m", "y,w", "z", NULL);
    output(&g, "z", FLOAT, "3");
    stream_text out = translated(&g, 13);
    has(&out, "%arg0: tensor<3xf32> {stream.name = \"x\"},\n"
              "                  %arg1: tensor<3xf32> {stream.name = \"w\"})");
    has(&out, "stream.layer = \"m\"");
    has(&out, "stream.layer = \"m_1\"");
    stream_text_free(&out);
}

/* A node that is called like a part of another one. */
static void part_names(void) {
    stream_text g = {0};
    input(&g, "x", FLOAT, "2 3");
    node(&g, "Relu", "s.exp", "x", "a", NULL);
    node(&g, "Softmax", "s", "a", "b", NULL);
    node(&g, "Relu", "s.sum", "b", "y", NULL);
    output(&g, "y", FLOAT, "2 3");
    stream_text out = translated(&g, 13);
    has(&out, "stream.layer = \"s.exp\", stream.operator = \"Relu\"");
    has(&out, "stream.layer = \"s.exp_1\", stream.operator = \"Softmax\"");
    has(&out, "stream.layer = \"s.sum\", stream.operator = \"Softmax\"");
    has(&out, "stream.layer = \"s.sum_2\", stream.operator = \"Relu\"");
    stream_text_free(&out);
}

static stream_text example(const char *name) {
    char path[1024], chunk[4096];
    stream_text bytes = {0};
    snprintf(path, sizeof path, "%s/examples/networks/%s", STREAM_SOURCE_DIR, name);
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    for (size_t n = 0; file && (n = fread(chunk, 1, sizeof chunk, file)) > 0;)
        stream_text_append(&bytes, chunk, n);
    if (file)
        fclose(file);
    return bytes;
}

/* The networks of the examples, twice: the same bytes. */
static void examples(void) {
    static const char *const names[] = {"resnet18.onnx", "mobilenetv2.onnx", "swiglu.onnx",
                                        "two_conv.onnx"};
    for (int i = 0; i < 4; ++i) {
        messages log;
        stream_text first, second, a = example(names[i]), b = example(names[i]);
        CHECK_EQ(import_model(&a, names[i], &log, &first), STREAM_OK);
        CHECK_EQ(import_model(&b, names[i], &log, &second), STREAM_OK);
        CHECK_EQ(log.errors + log.warnings, 0);
        CHECK(first.length && first.length == second.length &&
              !memcmp(first.data, second.data, first.length));
        stream_text_free(&first);
        stream_text_free(&second);
    }
}

int main(void) {
    convolution();
    convolution_forms();
    gemm();
    average_pool();
    max_pool();
    batch_normalization();
    softmax();
    shape_arithmetic();
    constants();
    absent_weights();
    part_names();
    examples();
    return test_done();
}
