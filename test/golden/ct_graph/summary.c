/* Graphs as a few rows; see summary.h. */

#include "summary.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

int64_t ct_graph_edge_bits(const ct_graph *graph, int32_t edge) {
    const stream_coala_v0_edge *e = &graph->problem->edges[edge];
    const stream_coala_v0_ct *cts = graph->problem->cts;
    if (graph->edge_bits)
        return graph->edge_bits[edge];
    return cts[e->from].layer == cts[e->to].layer ? 0 : cts[e->from].output_bits;
}

/* ---- orders that do not depend on how a graph was made */

typedef struct {
    int32_t to, from, operand, id;
} edge_key;

static int by_consumer(const void *x, const void *y) {
    const edge_key *a = x, *b = y;
    if (a->to != b->to)
        return a->to < b->to ? -1 : 1;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return (a->operand > b->operand) - (a->operand < b->operand);
}

const int32_t *ct_graph_sorted_edges(const ct_graph *graph, stream_arena *arena) {
    size_t n = (size_t)graph->problem->n_edges;
    edge_key *keys = STREAM_NEW(arena, edge_key, n);
    int32_t *ids = STREAM_NEW(arena, int32_t, n);
    for (size_t i = 0; i < n; ++i) {
        const stream_coala_v0_edge *e = &graph->problem->edges[i];
        keys[i] = (edge_key){e->to, e->from, e->operand, (int32_t)i};
    }
    if (n > 0)
        qsort(keys, n, sizeof *keys, by_consumer);
    for (size_t i = 0; i < n; ++i)
        ids[i] = keys[i].id;
    return ids;
}

int32_t ct_graph_constant(const ct_graph *graph, int32_t ct, int32_t operand) {
    const stream_coala_v0_problem *p = graph->problem;
    for (int32_t c = p->constant_first[ct]; c < p->constant_first[ct + 1]; ++c)
        if (p->constants[c].operand == operand)
            return c;
    return -1;
}

const int32_t *ct_graph_data(const ct_graph *graph, stream_arena *arena) {
    const stream_coala_v0_problem *p = graph->problem;
    int32_t *number = STREAM_NEW(arena, int32_t, (size_t)p->n_data + 1), n = 0;
    int32_t *out = STREAM_NEW(arena, int32_t, (size_t)p->constant_first[p->n_cts] + 1);
    memset(number, 0xff, ((size_t)p->n_data + 1) * sizeof *number);
    for (int32_t i = 0; i < p->n_cts; ++i)
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
            int32_t c = ct_graph_constant(graph, i, o);
            if (c < 0)
                continue;
            int32_t *of = &number[p->constants[c].data];
            *of = *of < 0 ? n++ : *of;
            out[c] = *of;
        }
    return out;
}

/* ---- rows */

static uint64_t mix(uint64_t h, int64_t value) {
    for (int32_t i = 0; i < 8; ++i)
        h = (h ^ (uint8_t)((uint64_t)value >> 8 * i)) * 1099511628211u;
    return h;
}

static const uint64_t seed = 14695981039346656037u;

static uint64_t mix_ct(const ct_graph *graph, const int32_t *data, int32_t ct, uint64_t h,
                       int64_t *constant_bits) {
    const stream_coala_v0_problem *p = graph->problem;
    h = mix(mix(h, p->cts[ct].core), p->cts[ct].output_bits);
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        int32_t c = ct_graph_constant(graph, ct, o);
        if (c < 0)
            continue;
        *constant_bits += p->constants[c].bits;
        h = mix(mix(mix(mix(h, o), p->constants[c].bits), p->constants[c].uses), data[c]);
    }
    return h;
}

static void print_layers(const ct_graph *graph, stream_arena *arena, FILE *to) {
    const stream_coala_v0_problem *p = graph->problem;
    const int32_t *data = ct_graph_data(graph, arena);
    for (int32_t i = 0; i < p->n_cts;) {
        int32_t layer = p->cts[i].layer, first = i;
        int64_t output_bits = 0, constant_bits = 0;
        uint64_t hash = seed;
        for (; i < p->n_cts && p->cts[i].layer == layer; ++i) {
            output_bits += p->cts[i].output_bits;
            hash = mix_ct(graph, data, i, hash, &constant_bits);
        }
        fprintf(to, "layer %d %d %" PRId64 " %" PRId64 " %016" PRIx64 "\n", layer, i - first,
                output_bits, constant_bits, hash);
    }
}

typedef struct {
    int64_t edges, bits;
    uint64_t hash;
} pair;

static void print_pairs(const ct_graph *graph, stream_arena *arena, FILE *to) {
    const stream_coala_v0_problem *p = graph->problem;
    const int32_t *order = ct_graph_sorted_edges(graph, arena);
    int32_t n = p->n_cts > 0 ? p->cts[p->n_cts - 1].layer + 1 : 0;
    pair *pairs = STREAM_NEW(arena, pair, (size_t)n * (size_t)n);
    for (int32_t i = 0; i < p->n_edges; ++i) {
        const stream_coala_v0_edge *e = &p->edges[order[i]];
        int64_t bits = ct_graph_edge_bits(graph, order[i]);
        pair *at = &pairs[p->cts[e->from].layer * n + p->cts[e->to].layer];
        at->hash =
            mix(mix(mix(mix(at->edges ? at->hash : seed, e->from), e->to), e->operand), bits);
        at->edges++;
        at->bits += bits;
    }
    for (int32_t i = 0; i < n * n; ++i)
        if (pairs[i].edges > 0)
            fprintf(to, "edges %d %d %" PRId64 " %" PRId64 " %016" PRIx64 "\n", i / n, i % n,
                    pairs[i].edges, pairs[i].bits, pairs[i].hash);
}

void ct_graph_print(const ct_graph *graph, stream_arena *arena, FILE *to) {
    print_layers(graph, arena, to);
    print_pairs(graph, arena, to);
}
