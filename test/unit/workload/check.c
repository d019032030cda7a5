// RUN: unit-workload-check
/* Each broken promise of a workload is one message. */

#include "test.h"
#include "workload/builder.h"

/* A legal convolution that each case breaks in one place. */
typedef struct {
    stream_workload w;
    stream_tensor tensors[3];
    stream_view views[4];
    stream_layer layer;
    stream_operand operands[2];
} network;

static void view_of_later(network *n) {
    n->operands[0].view = 3; /* its own output */
}
static void no_such_view(network *n) {
    n->operands[0].view = 99;
}
static void above(network *n) {
    n->operands[0].index[2].constant = 1;
}
static void negative_index(network *n) {
    n->operands[0].index[2].constant = -1;
}
static void huge_coefficient(network *n) {
    n->operands[0].index[2].coefficient[2] = INT32_MAX;
    n->layer.bounds[2] = INT32_MAX;
}
static void zero_bound(network *n) {
    n->layer.bounds[4] = 0;
}
static void too_many_macs(network *n) {
    n->layer.macs_per_point = INT64_MAX;
}
static void wrong_output_size(network *n) {
    n->tensors[2].shape[1] = n->views[3].shape[1] = 5;
}
static void reduction_in_output(network *n) {
    n->layer.output_loop[1] = 4;
}
static void same_loop_twice(network *n) {
    n->layer.output_loop[3] = 2;
}
static void huge_tensor(network *n) {
    for (int d = 0; d < 4; ++d)
        n->tensors[0].shape[d] = n->views[0].shape[d] = INT32_MAX;
}
static void zero_bits(network *n) {
    n->tensors[1].element_bits = 0;
}
static void written_input(network *n) {
    n->tensors[0].layer = 0;
}
static void pad_too_small(network *n) {
    n->views[1].before[2] = 3;
}
static void source_cycle(network *n) {
    static const int32_t itself[] = {1};
    n->views[1].sources = itself;
}
static void unknown_kind(network *n) {
    n->views[1].kind = (stream_view_kind)77;
}
static void output_too_large(network *n) {
    n->tensors[2].is_output = true;
    n->tensors[2].output_lo = 6;
    n->tensors[2].output_size = 3;
}
static void output_of_nothing(network *n) {
    n->tensors[1].output_size = 1;
}
static void same_name(network *n) {
    n->tensors[1].name = n->tensors[0].name;
}

static void load(network *n, stream_arena *arena) {
    builder b = builder_create(arena);
    int32_t x = build_input(&b, "x", 4, (int64_t[]){1, 3, 8, 8}, 8);
    build_conv(&b, "conv", x, (conv_shape){.channels = 4, .kernel = 3, .pad = 1});
    n->w = build_finish(&b);
    memcpy(n->tensors, n->w.tensors, sizeof n->tensors);
    memcpy(n->views, n->w.views, sizeof n->views);
    n->layer = n->w.layers[0];
    memcpy(n->operands, n->layer.operands, sizeof n->operands);
    n->layer.operands = n->operands;
    n->w.tensors = n->tensors;
    n->w.views = n->views;
    n->w.layers = &n->layer;
}

int main(void) {
    static void (*const breaks[])(network *) = {
        view_of_later,    no_such_view,      above,
        negative_index,   huge_coefficient,  zero_bound,
        too_many_macs,    wrong_output_size, reduction_in_output,
        same_loop_twice,  huge_tensor,       zero_bits,
        written_input,    pad_too_small,     source_cycle,
        unknown_kind,     same_name,         output_too_large,
        output_of_nothing};
    stream_arena *arena = stream_arena_create();
    heard h = {0};
    stream_diag diag = {hear, &h};
    network n;
    load(&n, arena);
    CHECK_EQ(n.w.n_views, 4);
    CHECK_EQ(stream_workload_check(&n.w, &diag), STREAM_OK);
    CHECK_EQ(stream_layer_macs(&n.layer), 4 * 8 * 8 * 27);
    for (int i = 0; i < (int)(sizeof breaks / sizeof *breaks); ++i) {
        load(&n, arena);
        breaks[i](&n);
        CHECK_EQ(stream_workload_check(&n.w, &diag), STREAM_INVALID);
        CHECK_EQ(h.errors, i + 1);
        printf("# %s\n", h.text);
    }
    stream_arena_destroy(arena);
    return test_done();
}
