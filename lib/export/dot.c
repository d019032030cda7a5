/* DOT graphs; see stream/export/export.h. */

#include "names.h"
#include "stream/export/export.h"
#include "stream/tile/edges.h"

static void label(const char *s, stream_text *out) {
    for (; *s; ++s) {
        if (*s == '"' || *s == '\\')
            stream_text_str(out, "\\");
        stream_text_append(out, s, 1);
    }
}

/* Layer, number and, as far as it is known, core and time of a CT. */
static void ct_node(const stream_export *e, int32_t ct, stream_text *out) {
    int32_t core = e->schedule ? e->schedule->slots[ct].core : e->problem->cores[ct];
    stream_text_print(out, "  c%d [label=\"", ct);
    label(stream_export_layer(e, ct), out);
    stream_text_print(out, " #%d", ct);
    if (core >= 0) {
        stream_text_str(out, "\\n");
        label(e->problem->acc->cores[core].name, out);
    }
    if (e->schedule)
        stream_text_print(out, " %lld..%lld", (long long)e->schedule->slots[ct].start,
                          (long long)e->schedule->slots[ct].end);
    stream_text_str(out, "\"");
    if (core >= 0)
        stream_text_print(out, ", colorscheme=set312, fillcolor=%d", core % 12 + 1);
    stream_text_str(out, "];\n");
}

static void ct_graph(const stream_export *e, stream_text *out) {
    const stream_ct_graph *graph = e->problem->graph;
    for (int32_t i = 0; i < graph->n_cts; ++i)
        ct_node(e, i, out);
    for (int32_t i = 0; i < graph->n_cts; ++i)
        for (int32_t s = graph->succ_first[i]; s < graph->succ_first[i + 1]; ++s)
            stream_text_print(out, "  c%d -> c%d [label=\"%lld b\"];\n", i, graph->succs[s],
                              (long long)stream_ct_edge_bits(graph, i, graph->succs[s]));
}

static void layer_graph(const stream_export *e, stream_text *out) {
    const stream_ct_graph *graph = e->problem->graph;
    stream_arena *arena = stream_arena_create();
    int32_t *count = STREAM_NEW(arena, int32_t, (size_t)graph->n_layers + 1), n;
    const stream_layer_edge *edges;
    for (int32_t i = 0; i < graph->n_cts; ++i)
        count[graph->cts[i].layer]++;
    for (int32_t l = 0; l < graph->n_layers; ++l) {
        stream_text_print(out, "  l%d [label=\"", l);
        label(graph->layers[l].name, out);
        stream_text_print(out, "\\n%s, %d CTs\"];\n",
                          graph->layers[l].op_type ? graph->layers[l].op_type : "", count[l]);
    }
    stream_layer_edges(graph, arena, &edges, &n);
    for (int32_t i = 0; i < n; ++i)
        if (edges[i].from != edges[i].to)
            stream_text_print(out, "  l%d -> l%d [label=\"%lld b\"];\n", edges[i].from, edges[i].to,
                              (long long)edges[i].bits);
    stream_arena_destroy(arena);
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
