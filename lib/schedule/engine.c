/* The main loop of the list scheduler; see engine.h. */

#include "engine.h"
#include "bound.h"

#include "stream/support/integer.h"

/* An input or constant off-chip from time 0. */
static bool add_resident(engine *e, int32_t tensor) {
    const stream_tensor *t = &e->m->graph->tensors[tensor];
    int32_t offchip = e->m->acc->offchip_instance, datum = e->m->graph->n_cts + tensor;
    stream_box box = stream_box_whole(t->rank, t->shape);
    int64_t bits = stream_ct_graph_bits(e->m->graph, tensor, &box);
    memory_window window;
    if (!stream_memory_map_append(&e->maps[offchip], stream_engine_rounded(e, offchip, bits),
                                  &window)) {
        e->failure.instance = offchip;
        e->failed_bits = stream_engine_rounded(e, offchip, bits);
        e->failed_tensor = tensor;
        return false;
    }
    int32_t id = stream_engine_add_primary(e, datum, offchip, STREAM_I1, &box, &window);
    stream_engine_set_primary(e, id);
    stream_engine_complete(e, id, 0, 0);
    buffer *b = buffer_at(e, id);
    b->origin = BUFFER_OF_RESIDENT;
    detail_at(e, id)->event = (int32_t)e->residents.n;
    *(stream_resident *)stream_vec_push(&e->residents) =
        (stream_resident){.tensor = tensor, .address = window.address};
    return true;
}

static bool add_residents(engine *e) {
    for (int32_t t = 0; t < e->m->graph->n_tensors; ++t)
        if (e->m->graph->tensors[t].kind != STREAM_TENSOR_INTERMEDIATE && !add_resident(e, t))
            return false;
    return true;
}

/* The CT that is to be placed whatever it takes: one that has waited too long, or, if every
 * candidate was refused, the deepest; -1: none. `next` is the candidate that could be tried, or -1.
 */
static int32_t must_place(engine *e, int32_t next, int32_t *core) {
    return next < 0 ? stream_ready_deepest(&e->ready, -1, core)
                    : stream_ready_starved(&e->ready, e->cores, e->core_free, next, core);
}

/* Places a candidate of `core` without an eviction: `ct`, or the deepest one. Returns it, or -1. */
static int32_t place_gently(engine *e, int32_t ct, int32_t core) {
    if (stream_engine_place(e, ct, false))
        return ct;
    if (e->half_placed)
        return -1;
    int32_t other = stream_ready_deepest(&e->ready, core, &core);
    return other != ct && stream_engine_place(e, other, false) ? other : -1;
}

/* Places the next CT; true in *out_stuck if one does not fit. Returns the CT or -1: none is ready.
 */
static int32_t place_next(engine *e, bool *out_stuck) {
    if (e->given) {
        *out_stuck = !stream_engine_place(e, e->given[e->n_placed], true);
        return e->given[e->n_placed];
    }
    for (;;) {
        int32_t core = -1, next = stream_ready_pick(&e->ready, e->core_free, &core);
        int32_t ct = must_place(e, next, &core);
        if (ct >= 0)
            *out_stuck = !stream_engine_place(e, ct, true);
        else if (next >= 0)
            ct = place_gently(e, next, core);
        if (e->half_placed) { /* no other CT makes room off-chip */
            *out_stuck = true;
            return e->ct;
        }
        if (ct < 0 && next >= 0) {
            stream_ready_block(&e->ready, core);
            continue;
        }
        return ct;
    }
}

/* Sums of what is booked so far, the last of it for the CT placed last. */
static stream_status check_sums(const engine *e, const stream_diag *diag) {
    if (!e->overflow && e->score.latency_cycles <= INT64_MAX / 4)
        return STREAM_OK;
    int32_t ct = e->order[e->n_placed - 1];
    return stream_error(diag, STREAM_INVALID, e->m->graph->cts[ct].loc,
                        "the schedule's cycles or energy leave the range of 61 bits at CT %d", ct);
}

/* All of it, when all is placed. */
static stream_status add_energies(engine *e, const stream_diag *diag) {
    const stream_accelerator *acc = e->m->acc;
    double pj = 0;
    if (stream_engine_add_energies(e))
        return STREAM_OK;
    for (int32_t c = 0; c < acc->n_cores; ++c)
        pj += acc->cores[c].static_pj;
    double fj = (double)e->compute_energy_fj + (double)e->link_energy_fj +
                (double)e->memory_energy_fj + 1000 * pj * (double)e->score.latency_cycles;
    return stream_error(diag, STREAM_INVALID, e->m->graph->cts[0].loc,
                        "the schedule's energy does not fit 63 bits of femtojoules: about %.4g fJ, "
                        "of which CTs %.4g, links %.4g and memories %.4g, the rest static in %lld "
                        "cycles",
                        fj, (double)e->compute_energy_fj, (double)e->link_energy_fj,
                        (double)e->memory_energy_fj, (long long)e->score.latency_cycles);
}

static stream_status place_all(engine *e, int64_t cutoff, const stream_diag *diag) {
    const stream_ct_graph *g = e->m->graph;
    for (int32_t i = e->n_placed; i < g->n_cts; ++i) {
        bool stuck = false;
        int32_t ct = place_next(e, &stuck);
        if (ct < 0)
            return stream_error(diag, STREAM_INVALID, (stream_loc){0},
                                "%d of %d CTs wait for one another: their order is not legal",
                                g->n_cts - i, g->n_cts);
        if (stuck || !stream_engine_finish_ct(e, ct))
            return stream_engine_explain(e, diag);
        e->order[e->n_placed++] = ct;
        stream_ready_unblock(&e->ready);
        STREAM_TRY(check_sums(e, diag));
        if (e->least > cutoff)
            return STREAM_OK;
        stream_checkpoints_keep(e);
    }
    if (!stream_engine_pay_all(e))
        return stream_engine_explain(e, diag);
    STREAM_TRY(check_sums(e, diag));
    if (e->least > cutoff)
        return STREAM_OK;
    e->score.complete = true;
    return STREAM_OK;
}

stream_status stream_engine_run(engine *e, const stream_schedule_request *request,
                                const stream_diag *diag) {
    e->cores = request->cores;
    e->priority = request->priority;
    e->pooled = request->without_addresses;
    e->much_slack = request->much_slack;
    e->score = (stream_schedule_score){0}; /* of the last run */
    STREAM_TRY(stream_engine_check_cores(e->m, request->cores, diag));
    if (request->priority == STREAM_PRIORITY_GIVEN) {
        STREAM_TRY(stream_engine_check_order(e, request->order, diag));
    }
    stream_engine_set_order(e, request->priority == STREAM_PRIORITY_GIVEN ? request->order : NULL);
    if (!stream_checkpoints_resume(e, request)) {
        stream_engine_reset(e);
        if (!add_residents(e))
            return stream_engine_explain(e, diag);
        stream_checkpoints_restart(e);
    }
    e->half_placed = false;
    STREAM_TRY(place_all(e, request->cutoff, diag));
    return add_energies(e, diag);
}

stream_status stream_schedule_evaluate(stream_schedule_workspace *e,
                                       const stream_schedule_request *request,
                                       const stream_diag *diag, stream_schedule_score *out) {
    e->record = false;
    stream_status status = stream_engine_run(e, request, diag);
    *out = e->score;
    return status;
}

const int32_t *stream_schedule_placed(const stream_schedule_workspace *e, int32_t *out_n) {
    *out_n = e->n_placed;
    return e->order;
}

int32_t stream_schedule_resumed(const stream_schedule_workspace *e) {
    return e->n_resumed;
}

/* Bounds of all assignments. */
static void add_bounds(const stream_schedule_problem *problem, stream_schedule_summary *out) {
    stream_arena *scratch = stream_arena_create();
    stream_schedule_problem any_cores = *problem;
    any_cores.cores = NULL;
    bounds *b = stream_bound_open(&any_cores, scratch);
    out->lower_bound_cycles = stream_bound_latency(b, scratch, &out->bound_kind);
    out->energy_bound_fj = stream_bound_energy(b, scratch, out->lower_bound_cycles);
    stream_arena_destroy(scratch);
}

stream_status stream_schedule_build_with(const stream_schedule_problem *problem,
                                         const stream_schedule_model *m, stream_priority priority,
                                         stream_arena *arena, const stream_diag *diag,
                                         stream_schedule *out) {
    engine *e = stream_engine_create(m, arena); /* the schedule keeps routes and slots */
    e->record = true;
    stream_schedule_request request = {.cores = problem->cores,
                                       .order = problem->order,
                                       .priority = priority,
                                       .cutoff = INT64_MAX,
                                       .much_slack = problem->much_slack};
    stream_status status = stream_engine_run(e, &request, diag);
    if (status == STREAM_OK) {
        stream_engine_export(e, problem, arena, out);
        add_bounds(problem, &out->summary);
    }
    stream_schedule_workspace_destroy(e);
    return status;
}

stream_status stream_schedule_build(const stream_schedule_problem *problem,
                                    stream_priority priority, stream_arena *arena,
                                    const stream_diag *diag, stream_schedule *out) {
    const model *m;
    STREAM_TRY(stream_schedule_model_build(problem, arena, diag, &m));
    return stream_schedule_build_with(problem, m, priority, arena, diag, out);
}
