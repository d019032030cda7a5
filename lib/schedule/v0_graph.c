/* A CT graph as a problem of the compatible mode; see v0_order.h. */

#include "v0_order.h"

#include "stream/support/vec.h"

#include <stdlib.h>
#include <string.h>

/* What a constant holds. */
typedef struct {
    int32_t layer, operand, tensor;
    stream_box box;
} contents;

typedef struct {
    contents of;
    int32_t constant;
} constant_contents;

typedef struct {
    const stream_schedule_problem *p;
    stream_arena *arena;
    int32_t *ct_of;  /* [n_cts] by number */
    int32_t *number; /* [n_cts] the reverse */
    stream_coala_v0_ct *cts;
    stream_vec constants, edges;
    stream_vec contents; /* constant_contents, of each constant */
    int32_t *constant_first;
    int32_t n_data;
} builder;

/* ---- numbers */

/* By place; dimension 1, the channels, counts last. */
static int32_t compare_places(const stream_box *a, const stream_box *b) {
    for (int32_t d = 0; d < a->rank; ++d)
        if (d != 1 && a->lo[d] != b->lo[d])
            return a->lo[d] < b->lo[d] ? -1 : 1;
    return a->rank < 2 || a->lo[1] == b->lo[1] ? 0 : a->lo[1] < b->lo[1] ? -1 : 1;
}

static int by_layer_and_place(const void *a, const void *b) {
    const stream_ct *x = *(const stream_ct *const *)a, *y = *(const stream_ct *const *)b;
    if (x->layer != y->layer)
        return x->layer < y->layer ? -1 : 1;
    int32_t order = x->tensor == y->tensor ? compare_places(&x->box, &y->box) : 0;
    return order != 0 ? order : (x > y) - (x < y);
}

static void number_cts(builder *b) {
    const stream_ct_graph *g = b->p->graph;
    const stream_ct **sorted = STREAM_NEW(b->arena, const stream_ct *, (size_t)g->n_cts);
    b->number = STREAM_NEW(b->arena, int32_t, (size_t)g->n_cts);
    for (int32_t i = 0; i < g->n_cts; ++i)
        sorted[i] = &g->cts[i];
    qsort(sorted, (size_t)g->n_cts, sizeof *sorted, by_layer_and_place);
    for (int32_t i = 0; i < g->n_cts; ++i) {
        b->ct_of[i] = (int32_t)(sorted[i] - g->cts);
        b->number[b->ct_of[i]] = i;
    }
}

/* ---- what a CT reads */

static void add_edge(builder *b, int32_t from, int32_t to, uint8_t operand) {
    *(stream_coala_v0_edge *)stream_vec_push(&b->edges) = (stream_coala_v0_edge){from, to, operand};
}

/* A constant, or the CTs that wrote it. */
static void add_read(builder *b, int32_t number, const stream_ct_read *r) {
    const stream_ct_graph *g = b->p->graph;
    const stream_tensor *t = &g->tensors[r->tensor];
    int32_t ct = b->ct_of[number];
    bool weights = r->operand == STREAM_I2;
    if (t->kind != STREAM_TENSOR_INTERMEDIATE) {
        *(stream_coala_v0_constant *)stream_vec_push(&b->constants) =
            (stream_coala_v0_constant){.bits = stream_ct_graph_bits(g, r->tensor, &r->box),
                                       .operand = r->operand,
                                       .rank = weights,
                                       .prefetch = weights};
        *(constant_contents *)stream_vec_push(&b->contents) = (constant_contents){
            {g->cts[ct].layer, r->operand, r->tensor, r->box}, (int32_t)b->constants.n - 1};
        return;
    }
    for (int32_t k = g->pred_first[ct]; k < g->pred_first[ct + 1]; ++k) {
        const stream_ct *from = &g->cts[g->preds[k]];
        if (from->tensor == r->tensor && from->layer != g->cts[ct].layer &&
            stream_box_overlaps(&from->box, &r->box))
            add_edge(b, b->number[g->preds[k]], number, r->operand);
    }
}

/* Weights come first, as in the reference. */
static void add_reads(builder *b, int32_t number) {
    const stream_ct_graph *g = b->p->graph;
    const stream_ct *ct = &g->cts[b->ct_of[number]];
    for (int32_t weights = 1; weights >= 0; --weights)
        for (int32_t i = ct->first_read; i < ct->first_read + ct->n_reads; ++i)
            if (g->reads[i].operand != STREAM_O && (g->reads[i].operand == STREAM_I2) == weights)
                add_read(b, number, &g->reads[i]);
    b->constant_first[number + 1] = (int32_t)b->constants.n;
}

/* ---- which data are the same */

static int by_contents(const void *a, const void *b) {
    const constant_contents *x = a, *y = b;
    int order = memcmp(&x->of, &y->of, sizeof x->of);
    return order != 0 ? order : (x->constant > y->constant) - (x->constant < y->constant);
}

/* Constants of equal contents are the same data, of which each CT leaves one use less. */
static void number_data(builder *b) {
    constant_contents *all = b->contents.data;
    stream_coala_v0_constant *constants = b->constants.data;
    size_t n = b->contents.n;
    if (n > 0)
        qsort(all, n, sizeof *all, by_contents);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && memcmp(&all[i].of, &all[end].of, sizeof all[i].of) == 0; ++end)
            ;
        for (size_t k = i; k < end; ++k) {
            constants[all[k].constant].data = b->n_data;
            constants[all[k].constant].uses = (int64_t)(end - k);
        }
        ++b->n_data;
    }
}

/* ---- CTs */

static void add_ct(builder *b, int32_t number) {
    const stream_schedule_problem *p = b->p;
    const stream_ct *ct = &p->graph->cts[b->ct_of[number]];
    int32_t core = p->cores[b->ct_of[number]];
    stream_coala_v0_ct *out = &b->cts[number];
    uint8_t streamed = stream_schedule_streamed(p, ct->kernel, core);
    *out = (stream_coala_v0_ct){.layer = ct->layer,
                                .core = core,
                                .cycles =
                                    (double)p->cycles[(int64_t)ct->kernel * p->acc->n_cores + core],
                                .output_bits = stream_ct_graph_bits(p->graph, ct->tensor, &ct->box),
                                .output_data = b->n_data++,
                                .final = true};
    for (uint8_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (streamed >> o & 1)
            out->too_large[out->n_too_large++] = o;
}

/* CTs of a layer on one core, one after the other; and what depends on others of its layer. */
static void add_edges_of_layers(builder *b) {
    const stream_ct_graph *g = b->p->graph;
    int32_t *last = STREAM_NEW(b->arena, int32_t, (size_t)b->p->acc->n_cores);
    for (int32_t i = 0; i < b->p->acc->n_cores; ++i)
        last[i] = -1;
    for (int32_t i = 0; i < g->n_cts; ++i) {
        const stream_coala_v0_ct *ct = &b->cts[i];
        int32_t before = last[ct->core], at = b->ct_of[i];
        if (before >= 0 && b->cts[before].layer == ct->layer)
            add_edge(b, before, i, STREAM_O);
        last[ct->core] = i;
        for (int32_t k = g->pred_first[at]; k < g->pred_first[at + 1]; ++k)
            if (g->cts[g->preds[k]].layer == ct->layer)
                add_edge(b, b->number[g->preds[k]], i, STREAM_O);
    }
}

void stream_v0_problem_of_graph(const stream_schedule_problem *problem,
                                const stream_coala_v0_hardware *hardware, stream_priority priority,
                                stream_arena *arena, stream_coala_v0_problem *out,
                                int32_t *out_ct_of) {
    int32_t n = problem->graph->n_cts;
    builder b = {.p = problem,
                 .arena = arena,
                 .ct_of = out_ct_of,
                 .cts = STREAM_NEW(arena, stream_coala_v0_ct, (size_t)n),
                 .constants = STREAM_VEC(stream_coala_v0_constant),
                 .edges = STREAM_VEC(stream_coala_v0_edge),
                 .contents = STREAM_VEC(constant_contents),
                 .constant_first = STREAM_NEW(arena, int32_t, (size_t)n + 1)};
    number_cts(&b);
    for (int32_t i = 0; i < n; ++i)
        add_ct(&b, i);
    add_edges_of_layers(&b);
    for (int32_t i = 0; i < n; ++i)
        add_reads(&b, i);
    number_data(&b);
    stream_vec_free(&b.contents);
    *out = (stream_coala_v0_problem){.hardware = hardware,
                                     .cts = b.cts,
                                     .n_cts = n,
                                     .constant_first = b.constant_first,
                                     .n_edges = (int32_t)b.edges.n,
                                     .n_data = b.n_data,
                                     .priority = priority,
                                     .just_in_time = true};
    out->constants = stream_vec_freeze(&b.constants, arena);
    out->edges = stream_vec_freeze(&b.edges, arena);
}
