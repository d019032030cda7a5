/* Which buffers a schedule's CTs and transfers read. See residency.h. */

#include "residency_memories.h"

#include <stdlib.h>

typedef struct {
    const stream_schedule_problem *problem;
    const stream_ct_graph *graph;
    const stream_schedule *schedule;
    stream_arena *arena;
    const stream_diag *diag;
    residency_buffers buffers;
    int64_t latency;
} finder;

/* ---- time */

static int compare_events(const void *a, const void *b) {
    const stream_residency_event *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    if (x->begins != y->begins)
        return x->begins ? 1 : -1;
    if (x->is_ct != y->is_ct)
        return x->is_ct ? 1 : -1;
    return (x->id > y->id) - (x->id < y->id);
}

static stream_residency_event *make_events(finder *f, int32_t *n) {
    const stream_schedule *s = f->schedule;
    *n = 2 * (f->graph->n_cts + s->n_transfers);
    stream_residency_event *events = STREAM_NEW(f->arena, stream_residency_event, (size_t)*n);
    stream_residency_event *e = events;
    for (int32_t t = 0; t < s->n_transfers; ++t) {
        *e++ = (stream_residency_event){s->transfers[t].start, true, false, t};
        *e++ = (stream_residency_event){s->transfers[t].end, false, false, t};
    }
    for (int32_t c = 0; c < f->graph->n_cts; ++c) {
        *e++ = (stream_residency_event){s->slots[c].start, true, true, c};
        *e++ = (stream_residency_event){s->slots[c].end, false, true, c};
    }
    qsort(events, (size_t)*n, sizeof *events, compare_events);
    f->latency = *n ? events[*n - 1].time : 0;
    return events;
}

/* ---- buffers */

static void add_residents(finder *f) {
    for (int32_t r = 0; r < f->schedule->n_residents; ++r) {
        const stream_resident *resident = &f->schedule->residents[r];
        const stream_tensor *tensor = &f->graph->tensors[resident->tensor];
        residency_buffer b = {.tensor = resident->tensor, .writer = -1, .until = resident->until};
        b.at.instance = f->problem->acc->offchip_instance;
        b.at.address = resident->address;
        b.at.buffer = stream_box_whole(tensor->rank, tensor->shape);
        stream_residency_add(&f->buffers, &b);
    }
}

static int32_t instance_of(const finder *f, int32_t ct, int32_t operand) {
    return stream_schedule_instance(f->problem, f->graph->cts[ct].kernel,
                                    f->schedule->slots[ct].core, operand);
}

static void add_output(finder *f, int32_t c) {
    const stream_ct_slot *slot = &f->schedule->slots[c];
    residency_buffer b = {.tensor = f->graph->cts[c].tensor,
                          .writer = c,
                          .complete = slot->end,
                          .until = slot->until};
    b.at.instance = instance_of(f, c, STREAM_O);
    b.at.address = slot->address;
    b.at.buffer = f->graph->cts[c].box;
    stream_residency_add(&f->buffers, &b);
}

static void add_targets(finder *f, const stream_transfer *transfer) {
    for (int32_t i = 0; i < transfer->n_targets; ++i) {
        residency_buffer b = {.tensor = transfer->tensor,
                              .writer = transfer->writer,
                              .complete = transfer->end,
                              .until = transfer->targets[i].until};
        b.at.instance = transfer->targets[i].instance;
        b.at.address = transfer->targets[i].address;
        b.at.buffer = transfer->box;
        stream_residency_add(&f->buffers, &b);
    }
}

static void add_buffers(finder *f, const stream_residency *out) {
    add_residents(f);
    for (int32_t i = 0; i < out->n_events; ++i) {
        const stream_residency_event *e = &out->events[i];
        if (e->begins && e->is_ct)
            add_output(f, e->id);
        else if (e->begins)
            add_targets(f, &f->schedule->transfers[e->id]);
    }
    stream_residency_index(&f->buffers);
}

/* ---- reading */

static const char *memory_name(const finder *f, int32_t instance, const char **core) {
    const stream_accelerator *acc = f->problem->acc;
    const stream_core *owner = &acc->cores[acc->instances[instance].core];
    *core = owner->name;
    return owner->memories[acc->instances[instance].level].name;
}

static stream_status missing(const finder *f, stream_loc loc, const char *what, int32_t id,
                             const residency_request *r) {
    const stream_box *box = &STREAM_AT(stream_box, f->buffers.open, 0);
    const char *core, *memory = memory_name(f, r->instance, &core);
    return stream_error(
        f->diag, STREAM_INVALID, loc,
        "%s %d needs %lld elements of '%s' in @%s::@%s during [%lld, %lld) that are "
        "not there",
        what, id, (long long)stream_box_volume(box), f->graph->tensors[r->tensor].name, core,
        memory, (long long)r->start, (long long)r->end);
}

static stream_status read_ct(finder *f, int32_t c, int32_t *read_first, int32_t *read_n) {
    const stream_ct *ct = &f->graph->cts[c];
    const stream_ct_slot *slot = &f->schedule->slots[c];
    for (int32_t i = ct->first_read; i < ct->first_read + ct->n_reads; ++i) {
        const stream_ct_read *read = &f->graph->reads[i];
        residency_request r = {read->tensor, instance_of(f, c, read->operand), c, slot->start,
                               slot->end};
        if (r.instance < 0)
            return stream_error(f->diag, STREAM_INVALID, ct->loc,
                                "CT %d: core '%s' has no memory for operand %s", c,
                                f->problem->acc->cores[slot->core].name,
                                stream_operand_class_name(read->operand));
        read_first[i] = (int32_t)f->buffers.pieces.n;
        if (!stream_residency_find(&f->buffers, &r, &read->box))
            return missing(f, ct->loc, "CT", c, &r);
        read_n[i] = (int32_t)f->buffers.pieces.n - read_first[i];
    }
    return STREAM_OK;
}

static stream_status read_transfer(finder *f, int32_t t, stream_residency_piece *source) {
    const stream_transfer *x = &f->schedule->transfers[t];
    if (stream_residency_find_source(&f->buffers, x, source))
        return STREAM_OK;
    const char *core, *memory = memory_name(f, x->source, &core);
    return stream_error(
        f->diag, STREAM_INVALID, f->graph->tensors[x->tensor].loc,
        "transfer %d copies %lld elements of '%s' during [%lld, %lld) from a buffer "
        "at %lld in @%s::@%s, which does not hold them then",
        t, (long long)stream_box_volume(&x->box), f->graph->tensors[x->tensor].name,
        (long long)x->start, (long long)x->end, (long long)x->source_address, core, memory);
}

/* ---- all of it */

static stream_status read_all(finder *f, const stream_residency *out, int32_t *read_first,
                              int32_t *read_n, stream_residency_piece *sources) {
    for (int32_t i = 0; i < out->n_events; ++i) {
        const stream_residency_event *e = &out->events[i];
        if (e->begins && e->is_ct)
            STREAM_TRY(read_ct(f, e->id, read_first, read_n));
        else if (e->begins)
            STREAM_TRY(read_transfer(f, e->id, &sources[e->id]));
    }
    return STREAM_OK;
}

static stream_status read_finals(finder *f, int32_t *final_first) {
    const stream_ct_graph *g = f->graph;
    for (int32_t t = 0; t < g->n_tensors; ++t) {
        residency_request r = {t, f->problem->acc->offchip_instance, g->n_cts, f->latency,
                               f->latency};
        stream_box whole = stream_box_whole(g->tensors[t].rank, g->tensors[t].shape);
        final_first[t] = (int32_t)f->buffers.pieces.n;
        bool made = g->tensors[t].kind == STREAM_TENSOR_INTERMEDIATE &&
                    stream_tensor_output_box(&g->tensors[t], &whole, &whole);
        if (made && !stream_residency_find(&f->buffers, &r, &whole))
            return missing(f, g->tensors[t].loc, "the end of the schedule at cycle",
                           (int32_t)f->latency, &r);
    }
    final_first[g->n_tensors] = (int32_t)f->buffers.pieces.n;
    return STREAM_OK;
}

/* Pieces in order of reads: events found them in order of time. */
static void order_pieces(finder *f, int32_t *read_first, const int32_t *read_n,
                         int32_t *final_first, stream_residency *out) {
    int32_t n_reads = f->graph->n_reads, n = 0;
    stream_residency_piece *pieces =
        STREAM_NEW(f->arena, stream_residency_piece, f->buffers.pieces.n);
    for (int32_t i = 0; i < n_reads; ++i) {
        for (int32_t p = 0; p < read_n[i]; ++p)
            pieces[n + p] = STREAM_AT(stream_residency_piece, f->buffers.pieces, read_first[i] + p);
        read_first[i] = n;
        n += read_n[i];
    }
    read_first[n_reads] = n;
    for (size_t p = (size_t)n; p < f->buffers.pieces.n; ++p)
        pieces[p] = STREAM_AT(stream_residency_piece, f->buffers.pieces, p);
    out->read_first = read_first;
    out->final_first = final_first;
    out->pieces = pieces;
}

stream_status stream_residency_build(const stream_schedule_problem *problem,
                                     const stream_schedule *schedule, stream_arena *arena,
                                     const stream_diag *diag, stream_residency *out) {
    const stream_ct_graph *g = problem->graph;
    finder f = {.problem = problem, .graph = g, .schedule = schedule, .arena = arena, .diag = diag};
    int32_t *read_first = STREAM_NEW(arena, int32_t, (size_t)g->n_reads + 1);
    int32_t *read_n = STREAM_NEW(arena, int32_t, (size_t)g->n_reads + 1);
    int32_t *final_first = STREAM_NEW(arena, int32_t, (size_t)g->n_tensors + 1);
    stream_residency_piece *sources =
        STREAM_NEW(arena, stream_residency_piece, (size_t)schedule->n_transfers);
    stream_residency_open(&f.buffers, problem, arena);
    out->events = make_events(&f, &out->n_events);
    add_buffers(&f, out);
    stream_status status = read_all(&f, out, read_first, read_n, sources);
    if (status == STREAM_OK)
        status = read_finals(&f, final_first);
    if (status == STREAM_OK) {
        order_pieces(&f, read_first, read_n, final_first, out);
        stream_residency_shift_all(&f.buffers, schedule, out);
    }
    out->sources = sources;
    stream_residency_close(&f.buffers);
    return status;
}
