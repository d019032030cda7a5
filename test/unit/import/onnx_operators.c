// RUN: unit-import-onnx_operators

#include "onnx_build.h"

#include <math.h>

/* A graph in the making: inputs x (and more), one node, its outputs; then what the text must hold.
 */
typedef struct {
    stream_text graph, attributes;
} sketch;

static void translates(sketch *s, const char *op, const char *inputs, const char *outputs,
                       int opset, const char *const *want) {
    messages log;
    stream_text out;
    node(&s->graph, op, "n", inputs, outputs, &s->attributes);
    for (const char *at = outputs; *at;) {
        char name[32] = "";
        size_t n = strcspn(at, ",");
        memcpy(name, at, n);
        if (n) {
            stream_text value = {0};
            put_string(&value, 1, name);
            put_message(&s->graph, 12, &value);
        }
        at += n + (at[n] == ',');
    }
    stream_text m = model(&s->graph, opset);
    stream_status status = import_model(&m, "m.onnx", &log, &out);
    if (status != STREAM_OK)
        printf("# %s: %s\n", op, log.text);
    CHECK_EQ(status, STREAM_OK);
    CHECK_EQ(log.warnings, 0);
    for (; *want; ++want)
        has(&out, *want);
    stream_text_free(&out);
}
#define WANT(...) ((const char *const[]){__VA_ARGS__, NULL})

static void refuses(sketch *s, const char *op, const char *inputs, int opset, const char *want) {
    messages log;
    stream_text out;
    node(&s->graph, op, "n", inputs, "y", &s->attributes);
    output(&s->graph, "y", FLOAT, NULL);
    stream_text m = model(&s->graph, opset);
    CHECK(import_model(&m, "m.onnx", &log, &out) != STREAM_OK);
    if (!strstr(log.text, want))
        printf("# want: %s\n# got:  %s\n", want, log.text);
    CHECK(strstr(log.text, want) != NULL);
    stream_text_free(&out);
}

/* Least position of the largest element; TopK by counting what comes before; sums up to a position.
 */
static void order(void) {
    sketch a = {{0}}, b = {{0}}, c = {{0}}, d = {{0}};
    input(&a.graph, "x", FLOAT, "2 5 3");
    attribute_int(&a.attributes, "axis", 1);
    translates(&a, "ArgMax", "x", "y", 13,
               WANT("stream.layer = \"n.best\"", "linalg.index 1 : index", "arith.minsi",
                    "tensor<2x3xi64>", "output_shape [2, 1, 3]"));
    input(&b.graph, "x", FLOAT, "2 5");
    ints(&b.graph, "k", "3");
    translates(&b, "TopK", "x,k", "y,i", 11,
               WANT("affine_map<(d0, d1, d2) -> (d0, d2)>", "stream.layer = \"n.rank\"",
                    "tensor<2x3xf32>", "stream.layer = \"n.indices\"", "tensor<2x3xi64>"));
    input(&c.graph, "x", FLOAT, "2 5");
    ints(&c.graph, "axis", "-1");
    attribute_int(&c.attributes, "exclusive", 1);
    translates(&c, "CumSum", "x,axis", "y", 14,
               WANT("iterator_types = [\"parallel\", \"parallel\", \"reduction\"]", "cmpi slt",
                    "arith.addf"));
    input(&d.graph, "x", FLOAT, "2 5");
    ints(&d.graph, "k", "6");
    refuses(&d, "TopK", "x,k", 11, "6 of 5 elements");
}

/* Updates are a reduction over a loop of their own; positions are compared, never addressed. */
static void scatter(void) {
    sketch a = {{0}}, b = {{0}}, c = {{0}}, d = {{0}};
    input(&a.graph, "x", FLOAT, "4 5");
    input(&a.graph, "i", INT64, "2 3");
    input(&a.graph, "u", FLOAT, "2 3");
    attribute_string(&a.attributes, "reduction", "add");
    translates(&a, "ScatterElements", "x,i,u", "y", 18,
               WANT("tensor.extract_slice %arg0[0, 0] [4, 3] [1, 1]",
                    "affine_map<(d0, d1, d2) -> (d2, d1)>", "arith.addf", "tensor.insert_slice"));
    input(&b.graph, "x", FLOAT, "4 5 6");
    input(&b.graph, "i", INT64, "3 2");
    input(&b.graph, "u", FLOAT, "3 6");
    translates(&b, "ScatterND", "x,i,u", "y", 18,
               WANT("affine_map<(d0, d1, d2, d3) -> (d3, 1)>",
                    "affine_map<(d0, d1, d2, d3) -> (d3, d2)>", "arith.andi"));
    input(&c.graph, "cache", FLOAT, "2 3 8 4");
    input(&c.graph, "u", FLOAT, "2 3 1 4");
    input(&c.graph, "at", INT64, "2");
    attribute_string(&c.attributes, "mode", "circular");
    translates(&c, "TensorScatter", "cache,u,at", "y", 24,
               WANT("affine_map<(d0, d1, d2, d3, d4) -> (d0)>", "arith.remsi", "arith.select"));
    input(&d.graph, "x", FLOAT, "4 5");
    input(&d.graph, "i", INT64, "3 2");
    input(&d.graph, "u", FLOAT, "2");
    refuses(&d, "ScatterND", "x,i,u", 18, "the updates do not fit 2-element indices");
}

static void positions(void) {
    sketch a = {{0}}, b = {{0}}, c = {{0}}, d = {{0}};
    const int64_t four = 4;
    const uint8_t which[4] = {0, 1, 0, 1};
    input(&a.graph, "x", FLOAT, "3 4");
    attribute_int(&a.attributes, "upper", 0);
    translates(&a, "Trilu", "x", "y", 14,
               WANT("linalg.index 1", "linalg.index 0", "arith.cmpi sle", "arith.select"));
    input(&b.graph, "x", INT64, "3");
    initializer(&b.graph, "depth", INT64, "", &four, 8);
    input(&b.graph, "v", FLOAT, "2");
    translates(&b, "OneHot", "x,depth,v", "y", 11,
               WANT("tensor<3x4xf32>", "affine_map<(d0, d1) -> (1)>"));
    input(&c.graph, "x", FLOAT, "4 3");
    initializer(&c.graph, "c", BOOLEAN, "4", which, 4);
    attribute_int(&c.attributes, "axis", 0);
    translates(&c, "Compress", "x,c", "y", 11,
               WANT("tensor.extract_slice %arg0[1, 0] [2, 3] [2, 1]"));
    input(&d.graph, "x", FLOAT, "2 3");
    translates(&d, "EyeLike", "x", "y", 9,
               WANT("dense<[[1.000000e+00, 0.000000e+00, 0.000000e+00], [0.000000e+00, "
                    "1.000000e+00, 0.000000e+00]]>"));
}

/* Heads stay where they are stored: grouped queries without a copy, a mask in one layer. */
static void attention(void) {
    sketch a = {{0}}, b = {{0}};
    input(&a.graph, "q", FLOAT, "2 4 24");
    input(&a.graph, "k", FLOAT, "2 6 12");
    input(&a.graph, "v", FLOAT, "2 6 10");
    attribute_int(&a.attributes, "q_num_heads", 4);
    attribute_int(&a.attributes, "kv_num_heads", 2);
    attribute_int(&a.attributes, "is_causal", 1);
    translates(&a, "Attention", "q,k,v", "y", 23,
               WANT("output_shape [2, 4, 2, 2, 6]", "output_shape [2, 6, 2, 6]",
                    "stream.layer = \"n.qk\"", "stream.layer = \"n.mask\"",
                    "arith.constant 4.082483e-01 : f32", "arith.cmpi sgt",
                    "stream.layer = \"n.softmax\"", "tensor<2x4x20xf32>"));
    input(&b.graph, "q", FLOAT, "2 4 3 8");
    input(&b.graph, "k", FLOAT, "2 3 6 8");
    input(&b.graph, "v", FLOAT, "2 3 6 8");
    refuses(&b, "Attention", "q,k,v", 23, "4 query heads and 3 key heads do not fit the inputs");
}

/* The partner of an element is read through a reversed map. */
static void rotary(void) {
    sketch a = {{0}}, b = {{0}};
    input(&a.graph, "x", FLOAT, "2 3 4 8");
    input(&a.graph, "c", FLOAT, "2 4 3");
    input(&a.graph, "s", FLOAT, "2 4 3");
    attribute_int(&a.attributes, "rotary_embedding_dim", 6);
    translates(&a, "RotaryEmbedding", "x,c,s", "y", 23,
               WANT("affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2, -d3 + 1, d4)>",
                    "affine_map<(d0, d1, d2, d3, d4) -> (d0, d2, d4)>", "tensor.concat dim(3)"));
    input(&b.graph, "x", FLOAT, "2 3 4 8");
    input(&b.graph, "c", FLOAT, "2 4 3");
    input(&b.graph, "s", FLOAT, "2 4 3");
    refuses(&b, "RotaryEmbedding", "x,c,s", 23, "the cache 'c' does not fit the input");
}

static void losses(void) {
    sketch a = {{0}}, b = {{0}};
    input(&a.graph, "x", FLOAT, "3 5 2");
    input(&a.graph, "t", INT64, "3 2");
    input(&a.graph, "w", FLOAT, "5");
    attribute_int(&a.attributes, "ignore_index", -1);
    translates(&a, "SoftmaxCrossEntropyLoss", "x,t,w", "y,p", 13,
               WANT("stream.layer = \"n.log_prob\"", "stream.layer = \"n.element\"",
                    "arith.cmpi ne", "stream.layer = \"n.weight_sum\"",
                    "stream.layer = \"n.mean\""));
    input(&b.graph, "x", FLOAT, "3 5");
    input(&b.graph, "t", INT64, "4");
    refuses(&b, "NegativeLogLikelihoodLoss", "x,t", 13, "scores of rank 2 and targets of rank 1");
}

/* Doubling repeats every element; interpolation reads two of them with constant weights. */
static void resize(void) {
    static const float twice[4] = {1, 1, 2, 2}, crop[8] = {0, 0, 0, 0, 1, 1, 1, 1};
    const float lost[8] = {0, 0, 0, 0, 1, 1, INFINITY, 1};
    sketch a = {{0}}, b = {{0}}, c = {{0}}, d = {{0}};
    input(&a.graph, "x", FLOAT, "1 2 3 4");
    initializer(&a.graph, "s", FLOAT, "4", twice, 16);
    translates(&a, "Resize", "x,,s", "y", 19, WANT("linalg.broadcast", "tensor<1x2x6x8xf32>"));
    input(&b.graph, "x", FLOAT, "1 2 3 4");
    initializer(&b.graph, "s", FLOAT, "4", twice, 16);
    attribute_string(&b.attributes, "mode", "linear");
    translates(&b, "Resize", "x,,s", "y", 19,
               WANT("tensor<6x2xi64>", "stream.layer = \"n.axis2\"", "stream.layer = \"n.axis3\"",
                    "tensor.extract %arg0["));
    input(&c.graph, "x", FLOAT, "1 2 3 4");
    initializer(&c.graph, "s", FLOAT, "4", twice, 16);
    initializer(&c.graph, "r", FLOAT, "8", crop, 32);
    attribute_string(&c.attributes, "mode", "round");
    refuses(&c, "Resize", "x,r,s", 19, "mode 'round' is not supported");
    input(&d.graph, "x", FLOAT, "1 2 3 4");
    initializer(&d.graph, "s", FLOAT, "4", twice, 16);
    initializer(&d.graph, "r", FLOAT, "8", lost, 32);
    attribute_string(&d.attributes, "coordinate_transformation_mode", "tf_crop_and_resize");
    refuses(&d, "Resize", "x,r,s", 19, "axis 2: element 0 of the result has no coordinate");
}

static void pools(void) {
    sketch a = {{0}}, b = {{0}};
    input(&a.graph, "x", FLOAT, "1 2 5 5");
    attribute_ints(&a.attributes, "kernel_shape", "2 2");
    attribute_int(&a.attributes, "storage_order", 1);
    translates(
        &a, "MaxPool", "x", "y,i", 12,
        WANT("linalg.pooling_nchw_max", "stream.layer = \"n.indices\"", "tensor<1x2x4x4xi64>"));
    input(&b.graph, "x", FLOAT, "1 2 5 5");
    attribute_ints(&b.attributes, "kernel_shape", "3 3");
    translates(&b, "LpPool", "x", "y", 18,
               WANT("stream.layer = \"n.sum\"", "math.absf", "math.sqrt"));
}

static void normalizations(void) {
    sketch a = {{0}}, b = {{0}};
    input(&a.graph, "x", FLOAT, "2 3 4");
    input(&a.graph, "s", FLOAT, "4");
    translates(&a, "LayerNormalization", "x,s", "y,mean,inverse", 17,
               WANT("stream.layer = \"n.mean\"", "stream.layer = \"n.inverse\"",
                    "output_shape [2, 3, 1]"));
    input(&b.graph, "x", FLOAT, "2 3 4");
    attribute_int(&b.attributes, "p", 1);
    translates(&b, "LpNormalization", "x", "y", 22, WANT("stream.layer = \"n.norm\"", "math.absf"));
}

/* Blocks share a scale through a quasi-affine map; the dynamic form computes its own. */
static void quantization(void) {
    sketch a = {{0}}, b = {{0}}, c = {{0}};
    input(&a.graph, "x", INT8, "4 64");
    input(&a.graph, "s", FLOAT, "4 2");
    attribute_int(&a.attributes, "block_size", 32);
    translates(&a, "DequantizeLinear", "x,s", "y", 21,
               WANT("affine_map<(d0, d1) -> (d0, d1 floordiv 32)>", "arith.mulf"));
    input(&b.graph, "x", INT8, "4 64");
    input(&b.graph, "s", FLOAT, "4 3");
    attribute_int(&b.attributes, "block_size", 32);
    refuses(&b, "DequantizeLinear", "x,s", 21, "'s' does not fit blocks of 32 elements");
    input(&c.graph, "x", FLOAT, "4 6");
    translates(&c, "DynamicQuantizeLinear", "x", "y,s,z", 11,
               WANT("stream.layer = \"n.min\"", "stream.layer = \"n.scale\"",
                    "stream.layer = \"n.zero_point\"", "math.roundeven"));
}

static void sizes(void) {
    sketch a = {{0}}, b = {{0}}, c = {{0}}, d = {{0}}, e = {{0}};
    const int64_t four = 4;
    input(&a.graph, "x", FLOAT, "5 4");
    ints(&a.graph, "s", "2 7");
    translates(&a, "CenterCropPad", "x,s", "y", 18,
               WANT("tensor.extract_slice %arg0[1, 0] [2, 4] [1, 1]", "low[0, 1] high[0, 2]"));
    initializer(&b.graph, "n", INT64, "", &four, 8);
    translates(&b, "HannWindow", "n", "y", 17, WANT("5.000000e-01, 1.000000e+00, 5.000000e-01"));
    input(&c.graph, "x", FLOAT, "2 0");
    ints(&c.graph, "axes", "1");
    translates(&c, "ReduceProd", "x,axes", "y", 18, WANT("dense<1.000000e+00> : tensor<2x1xf32>"));
    input(&d.graph, "x", BOOLEAN, "2 3");
    ints(&d.graph, "axes", "1");
    translates(&d, "ReduceMax", "x,axes", "y", 20, WANT("arith.maxui", "arith.constant false"));
    input(&e.graph, "x", FLOAT, "3 0");
    ints(&e.graph, "p", "0 1 0 1");
    attribute_string(&e.attributes, "mode", "edge");
    refuses(&e, "Pad", "x,p", 18, "the input has no elements to copy");
}

/* Constants of small graphs fold; what has no elements is a constant. */
static void constants(void) {
    sketch a = {{0}}, b = {{0}};
    const float wide[2] = {1.5f, -2.5f};
    initializer(&a.graph, "x", FLOAT, "2", wide, 8);
    attribute_int(&a.attributes, "to", INT32);
    translates(&a, "Cast", "x", "y", 13, WANT("dense<[1, -2]> : tensor<2xi32>"));
    input(&b.graph, "x", FLOAT, "0 3");
    translates(&b, "Identity", "x", "y", 13, WANT("dense<> : tensor<0x3xf32>"));
}

int main(void) {
    order();
    scatter();
    positions();
    attention();
    rotary();
    losses();
    resize();
    pools();
    normalizations();
    quantization();
    sizes();
    constants();
    return test_done();
}
