// RUN: unit-tile-reuse
/* New bits and last readers against a count over elements. */

#include "stream/tile/reuse.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

enum {
    ROUNDS = 2000,
    MOST_CTS = 48,
    MOST_READS = 3,
    EXTENT = 14
};

static int32_t below(unsigned *seed, int32_t n) {
    return (int32_t)(test_random(seed) % (unsigned)n);
}

/* CTs that read random boxes of one input and write one element each. */
typedef struct {
    stream_tensor tensors[2];
    stream_ct_layer layer;
    stream_kernel kernel;
    stream_ct cts[MOST_CTS];
    stream_ct_read reads[MOST_CTS * MOST_READS];
    int32_t place[MOST_CTS];
    stream_ct_graph graph;
} random_graph;

/* Windows of equal size that move on by a step, as tiles have them; or boxes anywhere. */
static stream_box random_box(unsigned *seed, int32_t rank, bool windows, int32_t step) {
    stream_box box = {.rank = rank};
    for (int32_t d = 0; d < rank; ++d) {
        box.size[d] = windows ? 3 : 1 + below(seed, EXTENT);
        box.lo[d] = below(seed, EXTENT - box.size[d] + 1);
        if (windows)
            box.lo[d] -= box.lo[d] % step;
    }
    return box;
}

static void make(random_graph *g, unsigned *seed) {
    int32_t rank = below(seed, 4), n = 1 + below(seed, MOST_CTS), step = 1 + below(seed, 3);
    bool windows = below(seed, 2);
    memset(g, 0, sizeof *g);
    g->layer = (stream_ct_layer){"layer", "Generic"};
    g->kernel = (stream_kernel){.name = "k"};
    g->tensors[0] = (stream_tensor){
        .name = "x", .kind = STREAM_TENSOR_INPUT, .rank = rank, .element_bits = 7, .layer = -1};
    g->tensors[1] = (stream_tensor){
        .name = "y", .kind = STREAM_TENSOR_INTERMEDIATE, .rank = 1, .element_bits = 8};
    for (int32_t d = 0; d < rank; ++d)
        g->tensors[0].shape[d] = EXTENT;
    g->tensors[1].shape[0] = n;
    int32_t reads = 0;
    for (int32_t i = 0; i < n; ++i) {
        g->cts[i] = (stream_ct){.first_read = reads,
                                .n_reads = below(seed, MOST_READS + 1),
                                .tensor = 1,
                                .box = {.rank = 1, .lo = {i}, .size = {1}}};
        g->place[i] = below(seed, 3) - 1;
        for (int32_t r = 0; r < g->cts[i].n_reads; ++r)
            g->reads[reads++] = (stream_ct_read){0, random_box(seed, rank, windows, step), 0};
    }
    g->graph = (stream_ct_graph){.tensors = g->tensors,
                                 .n_tensors = 2,
                                 .layers = &g->layer,
                                 .n_layers = 1,
                                 .kernels = &g->kernel,
                                 .n_kernels = 1,
                                 .cts = g->cts,
                                 .n_cts = n,
                                 .reads = g->reads,
                                 .n_reads = reads};
}

static bool inside(const stream_box *box, int32_t element) {
    for (int32_t d = box->rank - 1; d >= 0; --d, element /= EXTENT)
        if (element % EXTENT < box->lo[d] || element % EXTENT >= box->lo[d] + box->size[d])
            return false;
    return true;
}

/* The read's new bits and last reader, element by element. */
static void count(const random_graph *g, int32_t read, int64_t *out_bits, int32_t *out_last) {
    int32_t elements = 1, place = g->place[g->graph.read_ct[read]];
    for (int32_t d = 0; d < g->tensors[0].rank; ++d)
        elements *= EXTENT;
    *out_bits = 0;
    *out_last = -1;
    for (int32_t e = 0; e < elements; ++e) {
        bool seen = false;
        if (!inside(&g->reads[read].box, e))
            continue;
        for (int32_t r = 0; r < g->graph.n_reads; ++r) {
            if (!inside(&g->reads[r].box, e))
                continue;
            seen |= r < read && g->place[g->graph.read_ct[r]] == place;
            if (g->graph.read_ct[r] > *out_last)
                *out_last = g->graph.read_ct[r];
        }
        *out_bits += seen ? 0 : 7;
    }
}

static void against_elements(void) {
    int wrong_bits = 0, wrong_last = 0, wrong_sums = 0, failed = 0, checked = 0;
    static random_graph g;
    for (unsigned round = 1; round <= ROUNDS; ++round) {
        unsigned seed = round * 2654435761u;
        stream_arena *arena = stream_arena_create();
        stream_reuse reuse;
        stream_layer_tiling layer;
        make(&g, &seed);
        failed += stream_ct_graph_finish(&g.graph, arena, NULL) != STREAM_OK;
        failed += stream_reuse_find(&g.graph, g.place, arena, NULL, &reuse) != STREAM_OK;
        failed += stream_layer_tilings(&g.graph, &reuse, NULL, &layer) != STREAM_OK;
        int64_t sum = 0;
        for (int32_t r = 0; r < g.graph.n_reads; ++r) {
            int64_t bits;
            int32_t last;
            sum += reuse.new_bits[r];
            if (round % 8 && g.tensors[0].rank == 3) /* the count is slow */
                continue;
            count(&g, r, &bits, &last);
            wrong_bits += bits != reuse.new_bits[r];
            wrong_last += last != reuse.last_reader[r];
            checked++;
        }
        wrong_sums += sum != layer.new_bits || layer.n_cts != g.graph.n_cts ||
                      layer.distinct_bits > layer.new_bits || layer.new_bits > layer.read_bits;
        stream_arena_destroy(arena);
    }
    CHECK_EQ(failed, 0);
    CHECK_EQ(wrong_bits, 0);
    CHECK_EQ(wrong_last, 0);
    CHECK_EQ(wrong_sums, 0);
    CHECK(checked > 20000);
}

int main(void) {
    against_elements();
    return test_done();
}
