/* stream-print-ct-graph: the CTs of a network as text. */

#include "pass.h"

#include "convert/accelerator.h"
#include "convert/ct_graph.h"
#include "convert/network.h"

#include "stream/support/text.h"
#include "stream/tile/edges.h"
#include "stream/tile/reuse.h"

#include <stdio.h>

typedef struct {
    const stream_ct_graph *graph;
    const stream_reuse *reuse;
    const stream_accelerator *acc;
    const int32_t *cores; /* [n_cts], -1: none yet */
    stream_text *out;
} printer;

static void print_box(printer *p, int32_t tensor, const stream_box *box) {
    stream_text_print(p->out, "%s[", p->graph->tensors[tensor].name);
    for (int32_t d = 0; d < box->rank; ++d)
        stream_text_print(p->out, "%s%d:%d", d ? ", " : "", box->lo[d], box->lo[d] + box->size[d]);
    stream_text_print(p->out, "] %lld bits",
                      (long long)stream_ct_graph_bits(p->graph, tensor, box));
}

static void print_ids(printer *p, const char *what, const int32_t *ids, int32_t n) {
    if (n == 0)
        return;
    stream_text_print(p->out, " %s", what);
    for (int32_t i = 0; i < n; ++i)
        stream_text_print(p->out, "%s%d", i ? "," : " ", ids[i]);
}

static void print_ct(printer *p, int32_t i) {
    const stream_ct_graph *g = p->graph;
    const stream_ct *ct = &g->cts[i];
    stream_text_print(p->out, "ct %d @%s", i, g->kernels[ct->kernel].name);
    if (p->cores[i] >= 0)
        stream_text_print(p->out, " on @%s", p->acc->cores[p->cores[i]].name);
    print_ids(p, "after", &g->preds[g->pred_first[i]], g->pred_first[i + 1] - g->pred_first[i]);
    stream_text_str(p->out, ct->accumulates ? "\n  accumulates " : "\n  writes ");
    print_box(p, ct->tensor, &ct->box);
    stream_text_str(p->out, "\n");
    for (int32_t r = ct->first_read; r < ct->first_read + ct->n_reads; ++r) {
        stream_text_str(p->out, "  reads ");
        print_box(p, g->reads[r].tensor, &g->reads[r].box);
        stream_text_print(p->out, " as %s, %lld new, last read by ct %d\n",
                          stream_operand_class_name((stream_operand_class)g->reads[r].operand),
                          (long long)p->reuse->new_bits[r], p->reuse->last_reader[r]);
    }
}

static void print_layers(printer *p, const stream_layer_tiling *layers) {
    const stream_ct_graph *g = p->graph;
    stream_text_print(p->out, "%d CTs in %d layers, %d kernels, %d edges\n", g->n_cts, g->n_layers,
                      g->n_kernels, g->pred_first[g->n_cts]);
    for (int32_t l = 0; l < g->n_layers; ++l)
        stream_text_print(p->out,
                          "layer %s: %d CTs, %d kernels, %lld edges, reads %lld bits, %lld new, "
                          "%lld distinct, writes %lld bits\n",
                          g->layers[l].name, layers[l].n_cts, layers[l].n_kernels,
                          (long long)layers[l].n_edges, (long long)layers[l].read_bits,
                          (long long)layers[l].new_bits, (long long)layers[l].distinct_bits,
                          (long long)layers[l].written_bits);
}

static void print_edges(printer *p, stream_arena *arena) {
    const stream_ct_graph *g = p->graph;
    const stream_layer_edge *edges;
    int32_t n;
    stream_layer_edges(g, arena, &edges, &n);
    for (int32_t i = 0; i < n; ++i)
        stream_text_print(
            p->out, "edges %s -> %s: %lld, carry %lld bits, whole producer tiles %lld\n",
            g->layers[edges[i].from].name, g->layers[edges[i].to].name, (long long)edges[i].edges,
            (long long)edges[i].bits, (long long)edges[i].whole_bits);
}

/* Where each CT runs: its core; without cores the part of its layer's split. */
static const int32_t *places(const stream_ct_ir *ir) {
    for (int32_t i = 0; i < ir->graph.n_cts; ++i)
        if (ir->cores[i] < 0)
            return NULL;
    return ir->cores;
}

stream_status stream_pass_print_ct_graph_run(stream_pass *pass, MlirOperation module) {
    MlirOperation func;
    const stream_accelerator *acc;
    stream_ct_ir ir;
    stream_reuse reuse;
    stream_text text = {0};
    STREAM_TRY(stream_find_network(module, pass->diag, &func));
    STREAM_TRY(stream_load_accelerator(pass, module, &acc));
    STREAM_TRY(stream_load_ct_graph(module, func, acc, pass->arena, pass->diag, &ir));
    STREAM_TRY(stream_reuse_find(&ir.graph, places(&ir), pass->arena, pass->diag, &reuse));
    stream_layer_tiling *layers =
        STREAM_NEW(pass->arena, stream_layer_tiling, (size_t)ir.graph.n_layers);
    STREAM_TRY(stream_layer_tilings(&ir.graph, &reuse, pass->diag, layers));
    printer p = {&ir.graph, &reuse, acc, ir.cores, &text};
    print_layers(&p, layers);
    print_edges(&p, pass->arena);
    for (int32_t i = 0; i < ir.graph.n_cts; ++i)
        print_ct(&p, i);
    fputs(text.data, stdout);
    fflush(stdout);
    stream_text_free(&text);
    return STREAM_OK;
}
