// RUN: unit-plan-pieces

/* Boxes of tensors in the pieces that CTs write, against one piece per CT, found one by one. */

#include "../../../lib/plan/pieces.h"

#include "stream/support/integer.h"
#include "test.h"

#include <string.h>

enum {
    LOOPS = 3
};

typedef struct {
    stream_tensor tensor;
    stream_layer layer;
    stream_layer_plan plan;
    stream_workload w;
} written;

/* A tensor indexed by two loops in some order, with a dimension of one element between them. */
static void write_some(written *s, unsigned *seed) {
    memset(s, 0, sizeof *s);
    bool turned = test_random(seed) % 2;
    s->layer = (stream_layer){.n_loops = LOOPS, .reduction = {false, false, true}};
    s->tensor = (stream_tensor){.kind = STREAM_TENSOR_INTERMEDIATE,
                                .rank = 3,
                                .element_bits = 1 + (int32_t)(test_random(seed) % 33)};
    for (int32_t l = 0; l < LOOPS; ++l) {
        s->layer.bounds[l] = 1 + test_random(seed) % 20;
        s->plan.split[l] = l < 2 ? 1 + test_random(seed) % (unsigned)s->layer.bounds[l] : 0;
        s->plan.tile[l] = 1 + test_random(seed) % (unsigned)s->layer.bounds[l];
    }
    s->layer.output_loop[turned ? 2 : 0] = 0;
    s->layer.output_loop[1] = -1;
    s->layer.output_loop[turned ? 0 : 2] = 1;
    for (int32_t d = 0; d < 3; ++d) {
        int32_t l = s->layer.output_loop[d];
        s->tensor.shape[d] = l < 0 ? 1 : s->layer.bounds[l];
    }
    s->w = (stream_workload){
        .tensors = &s->tensor, .n_tensors = 1, .layers = &s->layer, .n_layers = 1};
}

static stream_box some_box(const written *s, unsigned *seed) {
    stream_box box = {.rank = 3};
    for (int32_t d = 0; d < 3; ++d) {
        int32_t n = (int32_t)s->tensor.shape[d];
        box.lo[d] = (int32_t)(test_random(seed) % (unsigned)n);
        box.size[d] = 1 + (int32_t)(test_random(seed) % (unsigned)(n - box.lo[d]));
    }
    return box;
}

/* Where the tile that holds element `at` of loop l begins. */
static int64_t tile_begin(const written *s, int32_t l, int64_t at) {
    int64_t part = stream_plan_part(&s->layer, &s->plan, l), begin = at / part * part;
    return begin + (at - begin) / s->plan.tile[l] * s->plan.tile[l];
}

/* One after the other: the pieces' first elements are those where a tile begins or the box does. */
static stream_pieces one_by_one(const written *s, const stream_box *box, int64_t word) {
    int64_t length[2][32], sum_bits = 0;
    int32_t n[2] = {0, 0};
    for (int32_t i = 0; i < 2; ++i) {
        int32_t d = i ? 2 : 0, l = s->layer.output_loop[d];
        for (int64_t at = box->lo[d]; at < box->lo[d] + box->size[d]; ++at) {
            if (at == box->lo[d] || tile_begin(s, l, at) == at)
                length[i][n[i]++] = 0;
            length[i][n[i] - 1]++;
        }
    }
    for (int32_t i = 0; i < n[0]; ++i)
        for (int32_t k = 0; k < n[1]; ++k)
            sum_bits += stream_round_up(length[0][i] * length[1][k] * s->tensor.element_bits, word);
    return (stream_pieces){(int64_t)n[0] * n[1], sum_bits};
}

static void against_one_by_one(void) {
    int wrong = 0;
    for (unsigned round = 1; round <= 20000; ++round) {
        unsigned seed = round * 2654435761u;
        written s;
        write_some(&s, &seed);
        stream_box box = some_box(&s, &seed);
        int64_t word = 8 * (1 + test_random(&seed) % 64);
        stream_pieces is = stream_pieces_of(&s.w, &s.plan, 0, &box, word);
        stream_pieces should = one_by_one(&s, &box, word);
        wrong += is.pieces != should.pieces || is.bits != should.bits;
    }
    CHECK_EQ(wrong, 0);
}

static void inputs_are_whole(void) {
    stream_tensor input = {
        .kind = STREAM_TENSOR_INPUT, .rank = 1, .shape = {100}, .element_bits = 8};
    stream_workload w = {.tensors = &input, .n_tensors = 1};
    stream_box box = {.rank = 1, .lo = {3}, .size = {9}};
    stream_pieces p = stream_pieces_of(&w, NULL, 0, &box, 64);
    CHECK_EQ(p.pieces, 1);
    CHECK_EQ(p.bits, 128);
    CHECK(stream_pieces_whole(&w, NULL, 0));
}

int main(void) {
    against_one_by_one();
    inputs_are_whole();
    return test_done();
}
