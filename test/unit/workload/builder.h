/* Small networks for tests: every function adds one layer (or tensor) and returns the view of what
 * it makes, to be given to the next. Everything lives in the builder's arena.
 *
 *     builder b = builder_create(arena);
 *     int32_t x = build_input(&b, "x", 4, (int64_t[]){1, 3, 8, 8}, 8);
 *     int32_t y = build_conv(&b, "conv1", x, (conv_shape){.channels = 4, .kernel = 3, .pad = 1});
 *     build_output(&b, y);
 *     stream_workload w = build_finish(&b);
 *
 * Activations are NCHW. Pads are PAD views. */
#ifndef STREAM_TEST_WORKLOAD_BUILDER_H
#define STREAM_TEST_WORKLOAD_BUILDER_H

#include "stream/support/vec.h"
#include "stream/workload/workload.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    stream_arena *arena;
    stream_vec tensors, views, layers;
    int32_t bits, psum_bits; /* of activations and constants (8), of partial sums (32) */
} builder;

static inline builder builder_create(stream_arena *arena) {
    return (builder){
        arena, STREAM_VEC(stream_tensor), STREAM_VEC(stream_view), STREAM_VEC(stream_layer), 8, 32};
}

static inline stream_view *build_view_at(builder *b, int32_t view) {
    return &STREAM_AT(stream_view, b->views, view);
}

/* A view of `kind` with `n` sources; the caller fills in the rest through build_view_at. */
static inline int32_t build_view(builder *b, stream_view_kind kind, int32_t rank,
                                 const int64_t *shape, int32_t n, const int32_t *sources) {
    int32_t *kept = STREAM_NEW(b->arena, int32_t, (size_t)n);
    for (int32_t i = 0; i < n; ++i)
        kept[i] = sources[i];
    stream_view *v = (stream_view *)stream_vec_push(&b->views);
    v->kind = kind;
    v->rank = rank;
    v->n_sources = n;
    v->sources = kept;
    v->tensor = -1;
    for (int32_t d = 0; d < rank; ++d) {
        v->shape[d] = shape[d];
        v->stride[d] = 1;
    }
    return (int32_t)b->views.n - 1;
}

static inline int32_t build_tensor(builder *b, const char *name, stream_tensor_kind kind,
                                   int32_t rank, const int64_t *shape, int32_t bits,
                                   int32_t layer) {
    stream_tensor *t = (stream_tensor *)stream_vec_push(&b->tensors);
    t->name = stream_arena_strdup(b->arena, name);
    t->kind = kind;
    t->rank = rank;
    t->element_bits = bits;
    t->layer = layer;
    for (int32_t d = 0; d < rank; ++d)
        t->shape[d] = shape[d];
    int32_t view = build_view(b, STREAM_VIEW_TENSOR, rank, shape, 0, NULL);
    build_view_at(b, view)->tensor = (int32_t)b->tensors.n - 1;
    return view;
}

static inline int32_t build_input(builder *b, const char *name, int32_t rank, const int64_t *shape,
                                  int32_t bits) {
    return build_tensor(b, name, STREAM_TENSOR_INPUT, rank, shape, bits, -1);
}

static inline int32_t build_constant(builder *b, const char *name, int32_t rank,
                                     const int64_t *shape, int32_t bits) {
    return build_tensor(b, name, STREAM_TENSOR_CONSTANT, rank, shape, bits, -1);
}

/* `low` and `high` per dimension. */
static inline int32_t build_pad(builder *b, int32_t source, const int64_t *low,
                                const int64_t *high) {
    int64_t shape[STREAM_MAX_RANK] = {0};
    int32_t rank = build_view_at(b, source)->rank;
    for (int32_t d = 0; d < rank; ++d)
        shape[d] = build_view_at(b, source)->shape[d] + low[d] + high[d];
    int32_t view = build_view(b, STREAM_VIEW_PAD, rank, shape, 1, &source);
    for (int32_t d = 0; d < rank; ++d)
        build_view_at(b, view)->before[d] = low[d];
    return view;
}

/* Starts a layer whose output is tensor "<name>.out"; its loops and operands follow. */
static inline stream_layer *build_layer(builder *b, const char *name, const char *op_type,
                                        int32_t n_loops, const char *const *loop_names,
                                        const int64_t *bounds, const bool *reduction) {
    stream_layer *layer = (stream_layer *)stream_vec_push(&b->layers);
    layer->name = stream_arena_strdup(b->arena, name);
    layer->op_type = op_type;
    layer->n_loops = n_loops;
    layer->psum_bits = b->psum_bits;
    layer->macs_per_point = 1;
    layer->operands = STREAM_NEW(b->arena, stream_operand, 8);
    for (int32_t l = 0; l < n_loops; ++l) {
        layer->loop_names[l] = loop_names[l];
        layer->bounds[l] = bounds[l];
        layer->reduction[l] = reduction[l];
    }
    return layer;
}

/* Adds operand `view`, read as class I1 (0) or I2 (1), to the last layer; index forms are 0. */
static inline stream_operand *build_operand(builder *b, int32_t view, uint8_t operand_class) {
    stream_layer *layer = &STREAM_AT(stream_layer, b->layers, b->layers.n - 1);
    union {
        const stream_operand *read;
        stream_operand *write;
    } operands = {.read = layer->operands};
    stream_operand *operand = &operands.write[layer->n_operands++];
    operand->view = view;
    operand->operand_class = operand_class;
    operand->position = (int16_t)(layer->n_operands - 1);
    return operand;
}

/* Ends the last layer: `loops` [rank] index the output. */
static inline int32_t build_result(builder *b, int32_t rank, const int32_t *loops) {
    int32_t id = (int32_t)b->layers.n - 1;
    stream_layer *layer = &STREAM_AT(stream_layer, b->layers, id);
    int64_t shape[STREAM_MAX_RANK];
    char name[128];
    for (int32_t d = 0; d < rank; ++d) {
        layer->output_loop[d] = loops[d];
        shape[d] = loops[d] < 0 ? 1 : layer->bounds[loops[d]];
    }
    snprintf(name, sizeof name, "%s.out", layer->name);
    layer->output = (int32_t)b->tensors.n;
    return build_tensor(b, name, STREAM_TENSOR_INTERMEDIATE, rank, shape, b->bits, id);
}

typedef struct {
    int64_t channels; /* output */
    int64_t kernel;   /* rows and columns */
    int64_t stride;   /* 0: 1 */
    int64_t pad;      /* on every side */
} conv_shape;

/* Spatial indices of a window operand: dims 2 and 3 are stride * out + window. */
static inline void build_window(stream_operand *operand, int64_t stride, int32_t oy, int32_t ox,
                                int32_t fy, int32_t fx) {
    operand->index[2].coefficient[oy] = (int32_t)stride;
    operand->index[2].coefficient[fy] = 1;
    operand->index[3].coefficient[ox] = (int32_t)stride;
    operand->index[3].coefficient[fx] = 1;
}

static inline int32_t build_padded(builder *b, int32_t x, int64_t pad) {
    int64_t pads[4] = {0, 0, pad, pad};
    return pad ? build_pad(b, x, pads, pads) : x;
}

static inline int64_t build_out_size(const builder *b, int32_t view, int32_t d, conv_shape c) {
    const stream_view *v = &STREAM_AT(stream_view, b->views, view);
    return (v->shape[d] - c.kernel) / (c.stride ? c.stride : 1) + 1;
}

/* out[B, K, OY, OX] += x[B, C, s OY + FY, s OX + FX] * w[K, C, FY, FX]; weights are "<name>.w". */
static inline int32_t build_conv(builder *b, const char *name, int32_t x, conv_shape c) {
    static const char *const names[] = {"B", "K", "OY", "OX", "C", "FY", "FX"};
    static const bool reduction[] = {false, false, false, false, true, true, true};
    char weight_name[128];
    int32_t p = build_padded(b, x, c.pad);
    int64_t batch = build_view_at(b, p)->shape[0], in = build_view_at(b, p)->shape[1];
    snprintf(weight_name, sizeof weight_name, "%s.w", name);
    int32_t w =
        build_constant(b, weight_name, 4, (int64_t[]){c.channels, in, c.kernel, c.kernel}, b->bits);
    int64_t bounds[] = {
        batch,    c.channels, build_out_size(b, p, 2, c), build_out_size(b, p, 3, c), in,
        c.kernel, c.kernel};
    build_layer(b, name, "Conv", 7, names, bounds, reduction);
    stream_operand *i1 = build_operand(b, p, 0);
    i1->index[0].coefficient[0] = 1;
    i1->index[1].coefficient[4] = 1;
    build_window(i1, c.stride ? c.stride : 1, 2, 3, 5, 6);
    stream_operand *i2 = build_operand(b, w, 1);
    i2->index[0].coefficient[1] = 1;
    i2->index[1].coefficient[4] = 1;
    i2->index[2].coefficient[5] = 1;
    i2->index[3].coefficient[6] = 1;
    return build_result(b, 4, (int32_t[]){0, 1, 2, 3});
}

/* Depthwise convolution; `channels` is ignored. */
static inline int32_t build_depthwise(builder *b, const char *name, int32_t x, conv_shape c) {
    static const char *const names[] = {"B", "G", "OY", "OX", "FY", "FX"};
    static const bool reduction[] = {false, false, false, false, true, true};
    char weight_name[128];
    int32_t p = build_padded(b, x, c.pad);
    int64_t batch = build_view_at(b, p)->shape[0], in = build_view_at(b, p)->shape[1];
    snprintf(weight_name, sizeof weight_name, "%s.w", name);
    int32_t w = build_constant(b, weight_name, 3, (int64_t[]){in, c.kernel, c.kernel}, b->bits);
    int64_t bounds[] = {batch,    in,      build_out_size(b, p, 2, c), build_out_size(b, p, 3, c),
                        c.kernel, c.kernel};
    build_layer(b, name, "Conv", 6, names, bounds, reduction);
    stream_operand *i1 = build_operand(b, p, 0);
    i1->index[0].coefficient[0] = 1;
    i1->index[1].coefficient[1] = 1;
    build_window(i1, c.stride ? c.stride : 1, 2, 3, 4, 5);
    stream_operand *i2 = build_operand(b, w, 1);
    i2->index[0].coefficient[1] = 1;
    i2->index[1].coefficient[4] = 1;
    i2->index[2].coefficient[5] = 1;
    return build_result(b, 4, (int32_t[]){0, 1, 2, 3});
}

/* Max pooling: one data operand and one that is only the window's shape. `channels` is ignored. */
static inline int32_t build_pool(builder *b, const char *name, int32_t x, conv_shape c) {
    static const char *const names[] = {"B", "G", "OY", "OX", "FY", "FX"};
    static const bool reduction[] = {false, false, false, false, true, true};
    int32_t p = build_padded(b, x, c.pad);
    int64_t batch = build_view_at(b, p)->shape[0], in = build_view_at(b, p)->shape[1];
    int32_t window = build_view(b, STREAM_VIEW_FILL, 2, (int64_t[]){c.kernel, c.kernel}, 0, NULL);
    int64_t bounds[] = {batch,    in,      build_out_size(b, p, 2, c), build_out_size(b, p, 3, c),
                        c.kernel, c.kernel};
    build_layer(b, name, "MaxPool", 6, names, bounds, reduction);
    stream_operand *i1 = build_operand(b, p, 0);
    i1->index[0].coefficient[0] = 1;
    i1->index[1].coefficient[1] = 1;
    build_window(i1, c.stride ? c.stride : 1, 2, 3, 4, 5);
    stream_operand *i2 = build_operand(b, window, 1);
    i2->index[0].coefficient[4] = 1;
    i2->index[1].coefficient[5] = 1;
    i2->is_window = true;
    return build_result(b, 4, (int32_t[]){0, 1, 2, 3});
}

/* Element-wise sum of two NCHW views of equal shape. */
static inline int32_t build_add(builder *b, const char *name, int32_t x, int32_t y) {
    static const char *const names[] = {"B", "K", "OY", "OX"};
    static const bool reduction[4] = {false};
    build_layer(b, name, "Add", 4, names, build_view_at(b, x)->shape, reduction);
    for (uint8_t o = 0; o < 2; ++o) {
        stream_operand *operand = build_operand(b, o ? y : x, o);
        for (int32_t d = 0; d < 4; ++d)
            operand->index[d].coefficient[d] = 1;
    }
    return build_result(b, 4, (int32_t[]){0, 1, 2, 3});
}

/* out[D, K] += x[D, C] * w[C, K]; `w` may be any view of rank 2. */
static inline int32_t build_matmul(builder *b, const char *name, int32_t x, int32_t w) {
    static const char *const names[] = {"D", "K", "C"};
    static const bool reduction[] = {false, false, true};
    int64_t bounds[] = {build_view_at(b, x)->shape[0], build_view_at(b, w)->shape[1],
                        build_view_at(b, x)->shape[1]};
    build_layer(b, name, "MatMul", 3, names, bounds, reduction);
    stream_operand *i1 = build_operand(b, x, 0);
    i1->index[0].coefficient[0] = 1;
    i1->index[1].coefficient[2] = 1;
    stream_operand *i2 = build_operand(b, w, 1);
    i2->index[0].coefficient[2] = 1;
    i2->index[1].coefficient[1] = 1;
    return build_result(b, 2, (int32_t[]){0, 1});
}

/* The tensor shown by `view` leaves the network. */
static inline void build_output(builder *b, int32_t view) {
    STREAM_AT(stream_tensor, b->tensors, build_view_at(b, view)->tensor).is_output = true;
}

static inline stream_workload build_finish(builder *b) {
    stream_workload w = {.name = "main",
                         .n_tensors = (int32_t)b->tensors.n,
                         .n_views = (int32_t)b->views.n,
                         .n_layers = (int32_t)b->layers.n};
    w.tensors = (const stream_tensor *)stream_vec_freeze(&b->tensors, b->arena);
    w.views = (const stream_view *)stream_vec_freeze(&b->views, b->arena);
    w.layers = (const stream_layer *)stream_vec_freeze(&b->layers, b->arena);
    return w;
}

/* A diagnostics sink that counts and keeps the last message. */
typedef struct {
    int errors, warnings;
    char text[1024];
} heard;

static inline void hear(void *user, stream_severity severity, stream_loc loc, const char *text) {
    heard *h = (heard *)user;
    (void)loc;
    h->errors += severity == STREAM_ERROR;
    h->warnings += severity == STREAM_WARNING;
    snprintf(h->text, sizeof h->text, "%s", text);
}

#endif
