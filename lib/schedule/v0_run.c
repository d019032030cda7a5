/* The main loop of the compatible mode; see coala_v0.h and v0_engine.h. One pass: every decision is
 * final. */

#include "v0_engine.h"

/* Is candidate a taken before b? */
static bool comes_first(const v0_run *r, const v0_candidate *a, const v0_candidate *b) {
    if (r->p->priority == STREAM_PRIORITY_MEMORY)
        return a->ct > b->ct;
    return a->pe != b->pe ? a->pe < b->pe : a->ct < b->ct;
}

static void push_candidate(v0_run *r, int32_t ct) {
    v0_candidate *heap = r->candidates, added = {r->ready[ct], ct};
    int32_t i = r->n_candidates++;
    for (; i > 0 && comes_first(r, &added, &heap[(i - 1) / 2]); i = (i - 1) / 2)
        heap[i] = heap[(i - 1) / 2];
    heap[i] = added;
}

static int32_t pop_candidate(v0_run *r) {
    v0_candidate *heap = r->candidates, last = heap[--r->n_candidates];
    int32_t taken = heap[0].ct, i = 0;
    for (;;) {
        int32_t child = 2 * i + 1;
        if (child + 1 < r->n_candidates && comes_first(r, &heap[child + 1], &heap[child]))
            ++child;
        if (child >= r->n_candidates || !comes_first(r, &heap[child], &last))
            break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = last;
    return taken;
}

/* P: constants are off-chip at 0, and what is to be prefetched moves. */
static stream_status prepare(v0_run *r) {
    const stream_coala_v0_problem *p = r->p;
    for (int32_t i = 0; i < p->n_cts; ++i)
        for (int32_t k = p->constant_first[i]; k < p->constant_first[i + 1]; ++k) {
            const stream_coala_v0_constant *c = &p->constants[k];
            int32_t tensor = p->n_cts + k, offchip = r->hw->offchip_core;
            double time = 0;
            v0_energy none = {0};
            if (stream_v0_copy_in(r, c->data, v0_memory(r, offchip, c->operand)) < 0)
                STREAM_TRY(stream_v0_add(r, tensor, offchip, c->operand, 0, false, &time, &none));
            time = 0;
            if (c->prefetch)
                STREAM_TRY(stream_v0_fetch(r, tensor, p->cts[i].core, c->operand, false, &time));
        }
    return STREAM_OK;
}

/* 3: the memories of too-large operands are emptied. */
static stream_status clear_memories(v0_run *r, const stream_coala_v0_ct *ct, double *time) {
    for (uint8_t o = 0; o < ct->n_too_large; ++o) {
        int32_t memory = v0_memory(r, ct->core, ct->too_large[o]), next;
        for (int32_t id = r->storages[memory].first; id >= 0; id = next) {
            v0_energy moved = {0};
            int32_t tensor = V0_COPY(r, id).tensor;
            next = V0_COPY(r, id).next;
            if (r->needed_by[tensor] == r->ct)
                continue;
            STREAM_TRY(stream_v0_remove(r, tensor, ct->core, memory, true, time, &moved));
            r->energy.eviction_link += moved.link;
            r->energy.eviction_memory += moved.memory;
        }
    }
    return STREAM_OK;
}

/* 4 */
static stream_status fetch_needs(v0_run *r, const stream_coala_v0_ct *ct, double *time) {
    for (int32_t k = r->need_first[r->ct]; k < r->need_first[r->ct + 1]; ++k) {
        const v0_need *need = &r->needs[k];
        if (!v0_streams(ct, need->operand))
            STREAM_TRY(stream_v0_fetch(r, need->tensor, ct->core, need->operand, true, time));
    }
    return STREAM_OK;
}

/* The links that its too-large operands use, each once, in `out`; room for all links. */
static int32_t streaming_links(const v0_run *r, const stream_coala_v0_ct *ct, int32_t *out) {
    const stream_coala_v0_hardware *hw = r->hw;
    int32_t n = 0, offchip = hw->offchip_core;
    int32_t pairs[2] = {ct->core * hw->n_cores + offchip, offchip * hw->n_cores + ct->core};
    bool wanted[2] = {v0_streams(ct, STREAM_O),
                      v0_streams(ct, STREAM_I1) || v0_streams(ct, STREAM_I2)};
    for (int32_t d = 0; d < 2; ++d)
        for (int32_t i = hw->route_first[pairs[d]]; wanted[d] && i < hw->route_first[pairs[d] + 1];
             ++i) {
            int32_t k = 0;
            while (k < n && out[k] != hw->route_links[i])
                ++k;
            out[k] = hw->route_links[i];
            n = k == n ? n + 1 : n;
        }
    return n;
}

/* 5: too-large operands keep every link on their way for themselves while the CT runs. */
static void block_links(v0_run *r, const stream_coala_v0_ct *ct, double *time) {
    int32_t n = ct->n_too_large ? streaming_links(r, ct, r->blocked) : 0;
    for (int32_t i = 0; i < n; ++i)
        *time = v0_later(*time, r->link_free[r->blocked[i]]);
    for (int32_t i = 0; i < n; ++i) {
        r->link_free[r->blocked[i]] = *time + ct->cycles;
        *(stream_coala_v0_activity *)stream_vec_push(&r->activities) =
            (stream_coala_v0_activity){r->blocked[i], *time, *time + ct->cycles, r->ct, true};
    }
}

/* 6 and 7 */
static stream_status place(v0_run *r, const stream_coala_v0_ct *ct, double time) {
    bool streamed = v0_streams(ct, STREAM_O);
    v0_energy evictions = {0};
    STREAM_TRY(stream_v0_add(r, r->ct, streamed ? r->hw->offchip_core : ct->core, STREAM_O,
                             time + ct->cycles, true, &time, &evictions));
    r->energy.eviction_link += evictions.link;
    r->energy.eviction_memory += evictions.memory;
    r->start[r->ct] = time;
    r->end[r->ct] = time + ct->cycles;
    r->core_free[ct->core] = time + ct->cycles;
    r->energy.cts += ct->energy_pj;
    r->energy.offchip_memory += ct->offchip_pj;
    return STREAM_OK;
}

/* A tensor that no CT needs any more leaves every memory. */
static stream_status forget(v0_run *r, int32_t tensor, double time) {
    int32_t data = r->tensors[tensor].data;
    v0_energy none = {0};
    if (r->copy_of[data] < 0)
        return stream_error(r->diag, STREAM_UNSUPPORTED, (stream_loc){0},
                            "the reference breaks off at %s: no memory holds a tensor that was "
                            "used for the last time",
                            v0_now(r).text);
    while (r->copy_of[data] >= 0) {
        int32_t memory = V0_COPY(r, r->copy_of[data]).memory;
        STREAM_TRY(
            stream_v0_remove(r, tensor, r->storages[memory].core, memory, false, &time, &none));
    }
    return STREAM_OK;
}

/* 8 */
static stream_status use_up(v0_run *r, const stream_coala_v0_ct *ct) {
    for (int32_t k = r->need_first[r->ct]; k < r->need_first[r->ct + 1]; ++k) {
        int32_t tensor = r->needs[k].tensor;
        v0_tensor *t = &r->tensors[tensor];
        for (int32_t u = t->first_use; u < t[1].first_use; ++u)
            r->uses[u].left -= r->uses[u].core == ct->core;
        if (--t->uses_left == 0)
            STREAM_TRY(forget(r, tensor, r->end[r->ct]));
    }
    return STREAM_OK;
}

/* 9: outputs of the network go off-chip. */
static stream_status write_out(v0_run *r, const stream_coala_v0_ct *ct) {
    double time = r->end[r->ct];
    v0_energy moved = {0};
    if (!r->sink[r->ct] || !ct->final || v0_streams(ct, STREAM_O))
        return STREAM_OK;
    STREAM_TRY(stream_v0_remove(r, r->ct, ct->core, v0_memory(r, ct->core, STREAM_O), true, &time,
                                &moved));
    r->energy.sink_link += moved.link;
    r->energy.sink_memory += moved.memory;
    return STREAM_OK;
}

/* 10 */
static void release_successors(v0_run *r) {
    for (int32_t k = r->successor_first[r->ct]; k < r->successor_first[r->ct + 1]; ++k) {
        int32_t s = r->successors[k];
        r->ready[s] = v0_later(r->ready[s], r->end[r->ct]);
        if (--r->missing[s] == 0)
            push_candidate(r, s);
    }
}

static stream_status step(v0_run *r) {
    const stream_coala_v0_ct *ct = &r->p->cts[r->ct];
    double time = v0_later(r->core_free[ct->core], r->ready[r->ct]);
    for (int32_t k = r->need_first[r->ct]; k < r->need_first[r->ct + 1]; ++k)
        r->needed_by[r->needs[k].tensor] = r->ct;
    STREAM_TRY(clear_memories(r, ct, &time));
    STREAM_TRY(fetch_needs(r, ct, &time));
    block_links(r, ct, &time);
    STREAM_TRY(place(r, ct, time));
    STREAM_TRY(use_up(r, ct));
    STREAM_TRY(write_out(r, ct));
    release_successors(r);
    return STREAM_OK;
}

static stream_status run_all(v0_run *r) {
    int32_t placed = 0;
    r->ct = -1;
    STREAM_TRY(prepare(r));
    for (int32_t i = 0; i < r->p->n_cts; ++i)
        if (r->missing[i] == 0)
            push_candidate(r, i);
    for (; r->n_candidates; ++placed) {
        r->ct = pop_candidate(r);
        STREAM_TRY(step(r));
    }
    if (placed < r->p->n_cts)
        return stream_error(r->diag, STREAM_INVALID, (stream_loc){0},
                            "%d of %d CTs wait for each other", r->p->n_cts - placed, r->p->n_cts);
    return STREAM_OK;
}

static void open_run(v0_run *r, stream_arena *arena) {
    const stream_coala_v0_hardware *hw = r->hw;
    size_t cts = (size_t)r->p->n_cts;
    r->link_free = STREAM_NEW(arena, double, (size_t)hw->n_links);
    r->core_free = STREAM_NEW(arena, double, (size_t)hw->n_cores);
    r->ready = STREAM_NEW(arena, double, cts);
    r->start = STREAM_NEW(arena, double, cts);
    r->end = STREAM_NEW(arena, double, cts);
    r->storages = STREAM_NEW(arena, v0_storage, (size_t)hw->n_memories);
    r->copy_of = STREAM_NEW(arena, int32_t, (size_t)r->p->n_data);
    r->needed_by = STREAM_NEW(arena, int32_t, (size_t)r->n_tensors);
    r->candidates = STREAM_NEW(arena, v0_candidate, cts);
    r->blocked = STREAM_NEW(arena, int32_t, (size_t)hw->n_links);
    r->copies = STREAM_VEC(v0_copy);
    r->victims = STREAM_VEC(v0_victim);
    r->activities = STREAM_VEC(stream_coala_v0_activity);
    r->free_copy = -1;
    stream_v0_curve_pool_open(&r->curves);
    for (int32_t m = 0; m < hw->n_memories; ++m) {
        r->storages[m] = (v0_storage){.first = -1, .last = -1};
        stream_v0_curve_open(&r->storages[m].curve, &r->curves);
    }
    for (int32_t c = hw->n_cores - 1; c >= 0; --c)
        for (uint8_t o = 0; o < STREAM_N_OPERANDS; ++o)
            r->storages[v0_memory(r, c, o)].core = c;
    for (int32_t d = 0; d < r->p->n_data; ++d)
        r->copy_of[d] = -1;
    for (int32_t t = 0; t < r->n_tensors; ++t)
        r->needed_by[t] = -1;
}

static void close_run(v0_run *r) {
    stream_v0_curve_pool_close(&r->curves);
    stream_vec_free(&r->copies);
    stream_vec_free(&r->victims);
    stream_vec_free(&r->activities);
}

static void write_curves(const v0_run *r, stream_arena *arena, stream_coala_v0_schedule *out) {
    int32_t n = r->hw->n_memories;
    int32_t *first = STREAM_NEW(arena, int32_t, (size_t)n + 1);
    for (int32_t m = 0; m < n; ++m)
        first[m + 1] = first[m] + r->storages[m].curve.n_steps;
    stream_coala_v0_step *steps = STREAM_NEW(arena, stream_coala_v0_step, (size_t)first[n]);
    for (int32_t m = 0; m < n; ++m)
        stream_v0_curve_steps(&r->storages[m].curve, &steps[first[m]]);
    out->step_first = first;
    out->steps = steps;
}

static void write_result(v0_run *r, stream_arena *arena, stream_coala_v0_schedule *out) {
    stream_coala_v0_energy *e = &r->energy;
    *out = (stream_coala_v0_schedule){
        .start = r->start, .end = r->end, .n_activities = (int32_t)r->activities.n};
    for (int32_t i = 0; i < r->p->n_cts; ++i)
        out->latency_cycles = v0_later(out->latency_cycles, r->end[i]);
    for (int32_t l = 0; l < r->hw->n_links; ++l)
        out->latency_cycles = v0_later(out->latency_cycles, r->link_free[l]);
    e->total = e->cts + e->offchip_link + e->offchip_memory + e->eviction_link +
               e->eviction_memory + e->sink_link + e->sink_memory + e->core_link + e->core_memory;
    out->energy = *e;
    out->activities = stream_vec_freeze(&r->activities, arena);
    write_curves(r, arena, out);
}

stream_status stream_coala_v0_schedule_build(const stream_coala_v0_problem *problem,
                                             stream_arena *arena, const stream_diag *diag,
                                             stream_coala_v0_schedule *out) {
    v0_run r = {.p = problem, .hw = problem->hardware, .diag = diag};
    STREAM_TRY(stream_v0_check(problem, diag));
    STREAM_TRY(stream_v0_tables(&r, arena));
    open_run(&r, arena);
    stream_status status = run_all(&r);
    if (status == STREAM_OK)
        write_result(&r, arena, out);
    close_run(&r);
    return status;
}
