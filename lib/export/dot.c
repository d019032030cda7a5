/* DOT graphs; see stream/export/export.h. */

#include "names.h"
#include "stream/export/export.h"

#include <stdlib.h>

static void label(const char *s, stream_text *out) {
    for (; *s; ++s) {
        if (*s == '"' || *s == '\\')
            stream_text_str(out, "\\");
        stream_text_append(out, s, 1);
    }
}

/* Bits of what CT `maker` wrote that CT `user` reads, or takes over and adds to. */
static int64_t flow(const stream_ct_graph *graph, int32_t maker, int32_t user) {
    int64_t bits = 0;
    const stream_ct *from = &graph->cts[maker], *to = &graph->cts[user];
    for (int32_t r = to->first_read; r < to->first_read + to->n_reads; ++r) {
        stream_box part;
        if (graph->reads[r].tensor == from->tensor &&
            stream_box_intersect(&graph->reads[r].box, &from->box, &part))
            bits += stream_ct_graph_bits(graph, from->tensor, &part);
    }
    if (to->accumulates && to->tensor == from->tensor && stream_box_equal(&to->box, &from->box))
        bits += stream_ct_graph_bits(graph, to->tensor, &to->box);
    return bits;
}

static void ct_graph(const stream_export *e, stream_text *out) {
    const stream_ct_graph *graph = e->problem->graph;
    for (int32_t i = 0; i < graph->n_cts; ++i) {
        const stream_ct_slot *slot = &e->schedule->slots[i];
        stream_text_print(out, "  c%d [label=\"", i);
        label(stream_export_layer(e, i), out);
        stream_text_print(out, " #%d\\n%s %lld..%lld\", colorscheme=set312, fillcolor=%d];\n", i,
                          e->problem->acc->cores[slot->core].name, (long long)slot->start,
                          (long long)slot->end, slot->core % 12 + 1);
    }
    for (int32_t i = 0; i < graph->n_cts; ++i)
        for (int32_t s = graph->succ_first[i]; s < graph->succ_first[i + 1]; ++s)
            stream_text_print(out, "  c%d -> c%d [label=\"%lld b\"];\n", i, graph->succs[s],
                              (long long)flow(graph, i, graph->succs[s]));
}

typedef struct {
    int32_t from, to;
    int64_t bits;
} layer_edge;

static int by_layers(const void *a, const void *b) {
    const layer_edge *x = a, *y = b;
    return x->from != y->from ? x->from - y->from : x->to - y->to;
}

static void layer_graph(const stream_export *e, stream_text *out) {
    const stream_ct_graph *graph = e->problem->graph;
    int32_t n = graph->succ_first[graph->n_cts], m = 0;
    int32_t *count = calloc((size_t)graph->n_layers + 1, sizeof *count);
    layer_edge *edges = calloc((size_t)n + 1, sizeof *edges);
    if (!count || !edges)
        abort();
    for (int32_t i = 0; i < graph->n_cts; ++i) {
        count[graph->cts[i].layer]++;
        for (int32_t s = graph->succ_first[i]; s < graph->succ_first[i + 1]; ++s)
            if (graph->cts[graph->succs[s]].layer != graph->cts[i].layer)
                edges[m++] = (layer_edge){graph->cts[i].layer, graph->cts[graph->succs[s]].layer,
                                          flow(graph, i, graph->succs[s])};
    }
    qsort(edges, (size_t)m, sizeof *edges, by_layers);
    for (int32_t l = 0; l < graph->n_layers; ++l) {
        stream_text_print(out, "  l%d [label=\"", l);
        label(graph->layers[l].name, out);
        stream_text_print(out, "\\n%s, %d CTs\"];\n",
                          graph->layers[l].op_type ? graph->layers[l].op_type : "", count[l]);
    }
    for (int32_t i = 0, k; i < m; i = k) {
        int64_t bits = 0;
        for (k = i; k < m && by_layers(&edges[i], &edges[k]) == 0; ++k)
            bits += edges[k].bits;
        stream_text_print(out, "  l%d -> l%d [label=\"%lld b\"];\n", edges[i].from, edges[i].to,
                          (long long)bits);
    }
    free(count);
    free(edges);
}

void stream_export_dot(const stream_export *e, bool cts, stream_text *out) {
    stream_text_str(out, "digraph \"");
    label(e->network, out);
    stream_text_str(out,
                    "\" {\n  rankdir=TB;\n  node [shape=box, style=filled, fillcolor=white];\n");
    if (cts)
        ct_graph(e, out);
    else
        layer_graph(e, out);
    stream_text_str(out, "}\n");
}
