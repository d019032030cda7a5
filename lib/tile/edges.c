/* What edges carry; see stream/tile/edges.h. */

#include "stream/tile/edges.h"

#include "stream/support/vec.h"

#include <stdlib.h>
#include <string.h>

int64_t stream_ct_edge_bits(const stream_ct_graph *graph, int32_t from, int32_t to) {
    int64_t bits = 0;
    const stream_ct *maker = &graph->cts[from], *user = &graph->cts[to];
    for (int32_t r = user->first_read; r < user->first_read + user->n_reads; ++r) {
        stream_box part;
        if (graph->reads[r].tensor == maker->tensor &&
            stream_box_intersect(&graph->reads[r].box, &maker->box, &part))
            bits += stream_ct_graph_bits(graph, maker->tensor, &part);
    }
    if (user->accumulates && user->tensor == maker->tensor &&
        stream_box_equal(&user->box, &maker->box))
        bits += stream_ct_graph_bits(graph, user->tensor, &user->box);
    return bits;
}

/* Pairs of one consumer are a chain; layers have few producers. */
typedef struct {
    stream_layer_edge edge;
    int32_t next; /* of the same consumer, or -1 */
} link;

static stream_layer_edge *find(stream_vec *links, int32_t *heads, int32_t from, int32_t to) {
    for (int32_t i = heads[to]; i >= 0; i = STREAM_AT(link, *links, i).next)
        if (STREAM_AT(link, *links, i).edge.from == from)
            return &STREAM_AT(link, *links, i).edge;
    link *made = stream_vec_push(links);
    *made = (link){.edge = {.from = from, .to = to}, .next = heads[to]};
    heads[to] = (int32_t)links->n - 1;
    return &made->edge;
}

static int by_consumer(const void *a, const void *b) {
    const stream_layer_edge *x = a, *y = b;
    return x->to != y->to ? (x->to > y->to) - (x->to < y->to)
                          : (x->from > y->from) - (x->from < y->from);
}

void stream_layer_edges(const stream_ct_graph *graph, stream_arena *arena,
                        const stream_layer_edge **out, int32_t *out_n) {
    stream_vec links = STREAM_VEC(link);
    int32_t *heads = STREAM_NEW(arena, int32_t, (size_t)graph->n_layers + 1);
    memset(heads, 0xff, ((size_t)graph->n_layers + 1) * sizeof *heads);
    for (int32_t i = 0; i < graph->n_cts; ++i)
        for (int32_t e = graph->pred_first[i]; e < graph->pred_first[i + 1]; ++e) {
            const stream_ct *from = &graph->cts[graph->preds[e]];
            stream_layer_edge *edge = find(&links, heads, from->layer, graph->cts[i].layer);
            edge->edges++;
            edge->bits += stream_ct_edge_bits(graph, graph->preds[e], i);
            edge->whole_bits += stream_ct_graph_bits(graph, from->tensor, &from->box);
        }
    stream_layer_edge *edges = STREAM_NEW(arena, stream_layer_edge, links.n + 1);
    for (size_t i = 0; i < links.n; ++i)
        edges[i] = STREAM_AT(link, links, i).edge;
    if (links.n > 0)
        qsort(edges, links.n, sizeof *edges, by_consumer);
    *out = edges;
    *out_n = (int32_t)links.n;
    stream_vec_free(&links);
}
