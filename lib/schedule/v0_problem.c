/* The compatible CT generator; see coala_v0.h. */

#include "v0_grid.h"

#include "stream/support/vec.h"
#include "stream/workload/trace.h"

#include <inttypes.h>
#include <string.h>

typedef struct {
    const stream_coala_v0_source *s;
    const stream_coala_v0_hardware *hw;
    stream_arena *arena;
    const stream_diag *diag;
    v0_grid *grids;    /* [n_layers] */
    int32_t *first_ct; /* [n_layers] */
    stream_vec cts, constants, edges;
    int32_t *reached; /* [n_cts * N_OPERANDS] the last CT with an edge from there: boxes of a view
                         may lie in the same tile */
    stream_tracer tracer;
    int32_t *constant_first;
    int32_t n_data;
} generator;

static const stream_layer *layer_of(const generator *g, int32_t l) {
    return &g->s->w->layers[l];
}

/* ---- operands */

/* The tensor behind a view and where the view begins in it; -1: it is more than a padded tensor. */
static int32_t tensor_behind(const stream_workload *w, int32_t view, int64_t *before) {
    memset(before, 0, STREAM_MAX_RANK * sizeof *before);
    const stream_view *v = &w->views[view];
    for (; v->kind == STREAM_VIEW_PAD; v = &w->views[v->sources[0]])
        for (int32_t d = 0; d < v->rank; ++d)
            before[d] += v->before[d];
    return v->kind == STREAM_VIEW_TENSOR ? v->tensor : -1;
}

/* The reference knows no biases: neither a sum's first value nor what is added to each channel. */
static bool is_bias(const stream_workload *w, const stream_operand *o) {
    const stream_view *v = &w->views[o->view];
    if (o->operand_class != STREAM_O)
        return false;
    while (v->kind == STREAM_VIEW_BROADCAST || v->kind == STREAM_VIEW_TRANSPOSE)
        v = &w->views[v->sources[0]];
    return v->kind == STREAM_VIEW_TENSOR &&
           w->tensors[v->tensor].kind != STREAM_TENSOR_INTERMEDIATE;
}

static bool holds_data(const stream_workload *w, const stream_operand *o) {
    return !o->is_window && w->views[o->view].kind != STREAM_VIEW_FILL && !is_bias(w, o);
}

/* Edges from every CT of a layer whose output touches the box, which counts from the tensor's
 * origin. Returns the bits that they write together. */
static int64_t add_edges(generator *g, int32_t producer, const stream_box *box, int32_t ct,
                         uint8_t operand) {
    const v0_grid *grid = &g->grids[producer];
    int64_t bits = 0;
    v0_reach reach;
    for (bool more = stream_v0_reach_begin(grid, layer_of(g, producer), box, &reach); more;
         more = stream_v0_reach_next(grid, &reach)) {
        int32_t from = g->first_ct[producer] + stream_v0_reach_ct(grid, &reach);
        int32_t *reached = &g->reached[(int64_t)from * STREAM_N_OPERANDS + operand];
        if (*reached == ct)
            continue;
        *reached = ct;
        *(stream_coala_v0_edge *)stream_vec_push(&g->edges) =
            (stream_coala_v0_edge){from, ct, operand};
        bits += STREAM_AT(stream_coala_v0_ct, g->cts, from).output_bits;
    }
    return bits;
}

/* ---- CTs */

typedef struct {
    int32_t layer, tile, ct;
    int64_t lo[STREAM_MAX_LOOPS];
    int64_t needed[STREAM_N_OPERANDS]; /* bits, by operand class */
} place;

static void add_constant(generator *g, place *at, const stream_operand *o, int64_t bits,
                         int32_t first_data) {
    int32_t n, id = stream_v0_grid_share(&g->grids[at->layer], o, at->tile, &n);
    bool weights = o->operand_class == STREAM_I2;
    *(stream_coala_v0_constant *)stream_vec_push(&g->constants) =
        (stream_coala_v0_constant){.data = first_data + id,
                                   .bits = bits,
                                   .uses = stream_v0_grid_uses(&g->grids[at->layer], o, at->tile),
                                   .operand = o->operand_class,
                                   .rank = weights,
                                   .prefetch = weights && g->s->prefetch};
    at->needed[o->operand_class] += bits;
}

/* A box of an operand that is no more than a padded tensor: the padding counts. */
static void add_padded(generator *g, place *at, const stream_operand *o, stream_box box,
                       int32_t tensor, const int64_t *before, int32_t first_data) {
    const stream_tensor *t = &g->s->w->tensors[tensor];
    if (t->kind != STREAM_TENSOR_INTERMEDIATE) {
        add_constant(g, at, o, stream_box_volume(&box) * t->element_bits, first_data);
        return;
    }
    for (int32_t d = 0; d < box.rank; ++d)
        box.lo[d] -= (int32_t)before[d];
    at->needed[o->operand_class] += add_edges(g, t->layer, &box, at->ct, o->operand_class);
}

/* A box of an operand behind other views: the boxes of tensors that it is made of. */
static void add_traced(generator *g, place *at, const stream_operand *o, const stream_box *box,
                       int32_t first_data) {
    const stream_workload *w = g->s->w;
    stream_trace trace;
    int64_t constant_bits = 0;
    stream_tracer_box(&g->tracer, w, o->view, box, &trace);
    for (int32_t i = 0; i < trace.n_steps; ++i) {
        const stream_trace_step *step = &trace.steps[i];
        if (step->kind != STREAM_VIEW_TENSOR)
            continue;
        const stream_tensor *t = &w->tensors[step->tensor];
        if (t->kind == STREAM_TENSOR_INTERMEDIATE)
            at->needed[o->operand_class] +=
                add_edges(g, t->layer, &step->box, at->ct, o->operand_class);
        else
            constant_bits += stream_box_volume(&step->box) * t->element_bits;
    }
    if (constant_bits > 0)
        add_constant(g, at, o, constant_bits, first_data);
}

/* Operand `o` of a CT; *first_data: where the numbers of its data begin. */
static void add_operand(generator *g, place *at, const stream_operand *o, int32_t first_data) {
    const stream_workload *w = g->s->w;
    const stream_layer *layer = layer_of(g, at->layer);
    int64_t before[STREAM_MAX_RANK];
    if (o->is_window)
        add_constant(g, at, o, 0, first_data);
    if (!holds_data(w, o))
        return;
    stream_box box = stream_operand_box(w, o, layer->n_loops, at->lo, g->grids[at->layer].size);
    int32_t tensor = tensor_behind(w, o->view, before);
    if (tensor < 0)
        add_traced(g, at, o, &box, first_data);
    else
        add_padded(g, at, o, box, tensor, before, first_data);
}

/* A memory holds what the CT needs of all operands that it serves. */
static stream_status check_fit(const generator *g, const place *at, int32_t core) {
    const stream_layer *layer = layer_of(g, at->layer);
    const int32_t *of = &g->hw->memory_of[core * STREAM_N_OPERANDS];
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        int64_t bits = 0;
        for (int32_t p = 0; p < STREAM_N_OPERANDS; ++p)
            bits += of[p] == of[o] ? at->needed[p] : 0;
        if (bits > g->hw->memories[of[o]].size_bits)
            return stream_error(g->diag, STREAM_INFEASIBLE, layer->loc,
                                "layer '%s': a CT needs %" PRId64 " bits of memory '%s', which has "
                                "%" PRId64 "; the compatible CT generator streams no operand",
                                layer->name, bits, g->hw->memories[of[o]].name,
                                g->hw->memories[of[o]].size_bits);
    }
    return STREAM_OK;
}

/* Weights come before inputs, as in the reference. */
static void add_operands(generator *g, place *at, const int32_t *first_data) {
    const stream_layer *layer = layer_of(g, at->layer);
    for (int32_t inputs = 0; inputs < 2; ++inputs)
        for (int32_t i = 0; i < layer->n_operands; ++i)
            if ((layer->operands[i].operand_class != STREAM_I2) == inputs)
                add_operand(g, at, &layer->operands[i], first_data[i]);
}

static stream_status add_ct(generator *g, int32_t l, int32_t tile, const int32_t *first_data) {
    const stream_layer *layer = layer_of(g, l);
    place at = {.layer = l, .tile = tile, .ct = (int32_t)g->cts.n};
    int32_t core = g->s->plans[l].cores[0];
    stream_v0_grid_origin(&g->grids[l], tile, at.lo);
    stream_box box = stream_output_box(g->s->w, layer, at.lo, g->grids[l].size);
    int64_t bits = stream_box_volume(&box) * g->s->w->tensors[layer->output].element_bits;
    at.needed[STREAM_O] = bits;
    *(stream_coala_v0_ct *)stream_vec_push(&g->cts) =
        (stream_coala_v0_ct){.layer = l,
                             .core = core,
                             .cycles = g->s->cycles[l],
                             .energy_pj = g->s->energy_pj[l],
                             .output_bits = bits,
                             .output_data = g->n_data++,
                             .final = true};
    if (tile > 0)
        *(stream_coala_v0_edge *)stream_vec_push(&g->edges) =
            (stream_coala_v0_edge){at.ct - 1, at.ct, 0};
    add_operands(g, &at, first_data);
    g->constant_first[at.ct + 1] = (int32_t)g->constants.n;
    return check_fit(g, &at, core);
}

static stream_status add_layer(generator *g, int32_t l) {
    const stream_layer *layer = layer_of(g, l);
    int32_t first_data[STREAM_MAX_LOOPS * 2] = {0}, n;
    if (layer->n_operands > STREAM_MAX_LOOPS * 2)
        return stream_error(g->diag, STREAM_UNSUPPORTED, layer->loc, "layer '%s' has %d operands",
                            layer->name, layer->n_operands);
    for (int32_t i = 0; i < layer->n_operands; ++i) {
        first_data[i] = g->n_data;
        stream_v0_grid_share(&g->grids[l], &layer->operands[i], 0, &n);
        g->n_data += n;
    }
    for (int32_t tile = 0; tile < g->grids[l].n_cts; ++tile)
        STREAM_TRY(add_ct(g, l, tile, first_data));
    return STREAM_OK;
}

static stream_status make_grids(generator *g, int32_t *out_cts) {
    const stream_workload *w = g->s->w;
    g->grids = STREAM_NEW(g->arena, v0_grid, (size_t)w->n_layers);
    g->first_ct = STREAM_NEW(g->arena, int32_t, (size_t)w->n_layers);
    *out_cts = 0;
    for (int32_t l = 0; l < w->n_layers; ++l) {
        const stream_layer_plan *plan = &g->s->plans[l];
        STREAM_TRY(stream_v0_grid_make(w, layer_of(g, l), plan, g->diag, &g->grids[l]));
        if (plan->n_cores != 1)
            return stream_error(g->diag, STREAM_INVALID, layer_of(g, l)->loc,
                                "layer '%s' has %d cores; the compatible mode needs one for each "
                                "layer",
                                layer_of(g, l)->name, plan->n_cores);
        g->first_ct[l] = *out_cts;
        *out_cts += g->grids[l].n_cts;
        if (*out_cts > V0_MAX_CTS)
            return stream_error(g->diag, STREAM_LIMIT, layer_of(g, l)->loc, "more than %d CTs",
                                V0_MAX_CTS);
    }
    return STREAM_OK;
}

static stream_status generate(generator *g) {
    int32_t n;
    STREAM_TRY(make_grids(g, &n));
    g->constant_first = STREAM_NEW(g->arena, int32_t, (size_t)n + 1);
    g->reached = STREAM_NEW(g->arena, int32_t, (size_t)n * STREAM_N_OPERANDS);
    for (int32_t i = 0; i < n * STREAM_N_OPERANDS; ++i)
        g->reached[i] = -1;
    for (int32_t l = 0; l < g->s->w->n_layers; ++l)
        STREAM_TRY(add_layer(g, l));
    return STREAM_OK;
}

stream_status stream_coala_v0_problem_build(const stream_coala_v0_source *source,
                                            const stream_coala_v0_hardware *hardware,
                                            stream_arena *arena, const stream_diag *diag,
                                            stream_coala_v0_problem *out) {
    generator g = {.s = source,
                   .hw = hardware,
                   .arena = arena,
                   .diag = diag,
                   .cts = STREAM_VEC(stream_coala_v0_ct),
                   .constants = STREAM_VEC(stream_coala_v0_constant),
                   .edges = STREAM_VEC(stream_coala_v0_edge)};
    stream_tracer_init(&g.tracer);
    stream_status status = generate(&g);
    stream_tracer_free(&g.tracer);
    *out = (stream_coala_v0_problem){.hardware = hardware,
                                     .n_cts = (int32_t)g.cts.n,
                                     .constant_first = g.constant_first,
                                     .n_edges = (int32_t)g.edges.n,
                                     .n_data = g.n_data,
                                     .priority = source->priority,
                                     .just_in_time = true};
    out->cts = stream_vec_freeze(&g.cts, arena);
    out->constants = stream_vec_freeze(&g.constants, arena);
    out->edges = stream_vec_freeze(&g.edges, arena);
    return status;
}
