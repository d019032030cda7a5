/* Which buffers a schedule's CTs and transfers read. See residency.h. */

#include "stream/schedule/residency.h"

#include "stream/support/vec.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    stream_residency_piece at; /* piece unused */
    int32_t writer;
    int64_t complete, until;
    int32_t next; /* next buffer of the same tensor and instance, in order of creation; -1 ends */
} buffer;

typedef struct {
    const stream_schedule_problem *problem;
    const stream_ct_graph *graph;
    const stream_schedule *schedule;
    stream_arena *arena;
    const stream_diag *diag;
    stream_vec buffers;    /* buffer */
    int32_t *first, *last; /* [n_tensors * n_instances] */
    int32_t *next_version; /* [n_cts] the CT that accumulates onto it, or n_cts */
    int64_t *extent_bits;  /* [n_instances] */
    int64_t latency;
    stream_vec pieces; /* stream_residency_piece */
    stream_vec open;   /* stream_box: parts of the read that are not found yet */
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

/* ---- versions */

static void find_versions(finder *f) {
    const stream_ct_graph *g = f->graph;
    f->next_version = STREAM_NEW(f->arena, int32_t, (size_t)g->n_cts);
    for (int32_t c = 0; c < g->n_cts; ++c)
        f->next_version[c] = g->n_cts;
    for (int32_t t = 0; t < g->n_tensors; ++t)
        for (int32_t w = g->writer_first[t]; w < g->writer_first[t + 1]; ++w) {
            int32_t ct = g->writers[w], before = w;
            if (!g->cts[ct].accumulates)
                continue;
            while (before-- > g->writer_first[t])
                if (stream_box_equal(&g->cts[g->writers[before]].box, &g->cts[ct].box)) {
                    f->next_version[g->writers[before]] = ct;
                    break;
                }
        }
}

/* ---- buffers */

static int32_t slot_of(const finder *f, int32_t tensor, int32_t instance) {
    return tensor * f->problem->acc->n_instances + instance;
}

static void add_buffer(finder *f, int32_t tensor, const buffer *b) {
    int32_t id = (int32_t)f->buffers.n, slot = slot_of(f, tensor, b->at.instance);
    buffer *added = stream_vec_push(&f->buffers);
    *added = *b;
    added->next = -1;
    if (f->first[slot] < 0)
        f->first[slot] = id;
    else
        STREAM_AT(buffer, f->buffers, f->last[slot]).next = id;
    f->last[slot] = id;
    int64_t end = b->at.address + stream_ct_graph_bits(f->graph, tensor, &b->at.buffer);
    if (end > f->extent_bits[b->at.instance])
        f->extent_bits[b->at.instance] = end;
}

static void add_residents(finder *f) {
    for (int32_t r = 0; r < f->schedule->n_residents; ++r) {
        const stream_resident *resident = &f->schedule->residents[r];
        const stream_tensor *tensor = &f->graph->tensors[resident->tensor];
        buffer b = {.writer = -1, .until = resident->until};
        b.at.instance = f->problem->acc->offchip_instance;
        b.at.address = resident->address;
        b.at.buffer = stream_box_whole(tensor->rank, tensor->shape);
        add_buffer(f, resident->tensor, &b);
    }
}

static int32_t instance_of(const finder *f, int32_t ct, int32_t operand) {
    return stream_schedule_instance(f->problem, f->graph->cts[ct].kernel,
                                    f->schedule->slots[ct].core, operand);
}

static void add_output(finder *f, int32_t c) {
    const stream_ct_slot *slot = &f->schedule->slots[c];
    buffer b = {.writer = c, .complete = slot->end, .until = slot->until};
    b.at.instance = instance_of(f, c, STREAM_O);
    b.at.address = slot->address;
    b.at.buffer = f->graph->cts[c].box;
    add_buffer(f, f->graph->cts[c].tensor, &b);
}

static void add_targets(finder *f, const stream_transfer *transfer) {
    for (int32_t i = 0; i < transfer->n_targets; ++i) {
        buffer b = {.writer = transfer->writer,
                    .complete = transfer->end,
                    .until = transfer->targets[i].until};
        b.at.instance = transfer->targets[i].instance;
        b.at.address = transfer->targets[i].address;
        b.at.buffer = transfer->box;
        add_buffer(f, transfer->tensor, &b);
    }
}

/* Unlinks buffers at the head of the list that are dropped at or before `time`; nothing that starts
 * then or later reads them. */
static void forget(finder *f, int32_t slot, int64_t time) {
    int32_t *link = &f->first[slot], previous = -1;
    while (*link >= 0) {
        buffer *b = &STREAM_AT(buffer, f->buffers, *link);
        if (b->until <= time) {
            if (f->last[slot] == *link)
                f->last[slot] = previous;
            *link = b->next;
        } else {
            previous = *link;
            link = &b->next;
        }
    }
}

/* ---- reading */

typedef struct {
    int32_t tensor, instance;
    int32_t reader; /* CT id; n_cts: at the end */
    int64_t start, end;
} request;

static bool usable(const finder *f, const buffer *b, const request *r) {
    bool current = b->writer < 0 || f->next_version[b->writer] >= r->reader;
    return current && b->complete <= r->start && b->until >= r->end;
}

static bool find_whole(finder *f, const request *r, const stream_box *box) {
    int32_t i = f->first[slot_of(f, r->tensor, r->instance)];
    for (; i >= 0; i = STREAM_AT(buffer, f->buffers, i).next) {
        const buffer *b = &STREAM_AT(buffer, f->buffers, i);
        if (!usable(f, b, r) || !stream_box_contains(&b->at.buffer, box))
            continue;
        stream_residency_piece *piece = stream_vec_push(&f->pieces);
        *piece = b->at;
        piece->piece = *box;
        return true;
    }
    return false;
}

/* Takes from `b` what it has of the open boxes. */
static void take(finder *f, const buffer *b) {
    size_t n = f->open.n;
    stream_box rest[2 * STREAM_MAX_RANK];
    stream_vec left = STREAM_VEC(stream_box);
    for (size_t i = 0; i < n; ++i) {
        stream_box box = STREAM_AT(stream_box, f->open, i), common;
        if (!stream_box_intersect(&box, &b->at.buffer, &common)) {
            *(stream_box *)stream_vec_push(&left) = box;
            continue;
        }
        stream_residency_piece *piece = stream_vec_push(&f->pieces);
        *piece = b->at;
        piece->piece = common;
        int32_t parts = stream_box_subtract(&box, &common, rest);
        for (int32_t p = 0; p < parts; ++p)
            *(stream_box *)stream_vec_push(&left) = rest[p];
    }
    f->open.n = 0;
    for (size_t i = 0; i < left.n; ++i)
        *(stream_box *)stream_vec_push(&f->open) = STREAM_AT(stream_box, left, i);
    stream_vec_free(&left);
}

/* Appends the pieces of `box`; false if some of it is nowhere. */
static bool find(finder *f, const request *r, const stream_box *box) {
    if (find_whole(f, r, box))
        return true;
    f->open.n = 0;
    *(stream_box *)stream_vec_push(&f->open) = *box;
    int32_t i = f->first[slot_of(f, r->tensor, r->instance)];
    for (; i >= 0 && f->open.n; i = STREAM_AT(buffer, f->buffers, i).next)
        if (usable(f, &STREAM_AT(buffer, f->buffers, i), r))
            take(f, &STREAM_AT(buffer, f->buffers, i));
    return f->open.n == 0;
}

static const char *memory_name(const finder *f, int32_t instance, const char **core) {
    const stream_accelerator *acc = f->problem->acc;
    const stream_core *owner = &acc->cores[acc->instances[instance].core];
    *core = owner->name;
    return owner->memories[acc->instances[instance].level].name;
}

static stream_status missing(const finder *f, stream_loc loc, const char *what, int32_t id,
                             const request *r) {
    const stream_box *box = &STREAM_AT(stream_box, f->open, 0);
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
        request r = {read->tensor, instance_of(f, c, read->operand), c, slot->start, slot->end};
        if (r.instance < 0)
            return stream_error(f->diag, STREAM_INVALID, ct->loc,
                                "CT %d: core '%s' has no memory for operand %s", c,
                                f->problem->acc->cores[slot->core].name,
                                stream_operand_class_name(read->operand));
        forget(f, slot_of(f, r.tensor, r.instance), slot->start);
        read_first[i] = (int32_t)f->pieces.n;
        if (!find(f, &r, &read->box))
            return missing(f, ct->loc, "CT", c, &r);
        read_n[i] = (int32_t)f->pieces.n - read_first[i];
    }
    return STREAM_OK;
}

static stream_status read_transfer(finder *f, int32_t t, stream_residency_piece *source) {
    const stream_transfer *x = &f->schedule->transfers[t];
    int32_t slot = slot_of(f, x->tensor, x->source);
    forget(f, slot, x->start);
    for (int32_t i = f->first[slot]; i >= 0; i = STREAM_AT(buffer, f->buffers, i).next) {
        const buffer *b = &STREAM_AT(buffer, f->buffers, i);
        if (b->writer != x->writer || b->at.address != x->source_address ||
            b->complete > x->start || b->until < x->end ||
            !stream_box_contains(&b->at.buffer, &x->box))
            continue;
        *source = b->at;
        source->piece = x->box;
        return STREAM_OK;
    }
    const char *core, *memory = memory_name(f, x->source, &core);
    return stream_error(
        f->diag, STREAM_INVALID, f->graph->tensors[x->tensor].loc,
        "transfer %d copies %lld elements of '%s' during [%lld, %lld) from a buffer "
        "at %lld in @%s::@%s, which does not hold them then",
        t, (long long)stream_box_volume(&x->box), f->graph->tensors[x->tensor].name,
        (long long)x->start, (long long)x->end, (long long)x->source_address, core, memory);
}

/* ---- all of it */

static stream_status run(finder *f, const stream_residency *out, int32_t *read_first,
                         int32_t *read_n, stream_residency_piece *sources) {
    for (int32_t i = 0; i < out->n_events; ++i) {
        const stream_residency_event *e = &out->events[i];
        if (!e->begins)
            continue;
        if (e->is_ct) {
            STREAM_TRY(read_ct(f, e->id, read_first, read_n));
            add_output(f, e->id);
        } else {
            STREAM_TRY(read_transfer(f, e->id, &sources[e->id]));
            add_targets(f, &f->schedule->transfers[e->id]);
        }
    }
    return STREAM_OK;
}

static stream_status read_finals(finder *f, int32_t *final_first) {
    const stream_ct_graph *g = f->graph;
    for (int32_t t = 0; t < g->n_tensors; ++t) {
        request r = {t, f->problem->acc->offchip_instance, g->n_cts, f->latency, f->latency};
        stream_box whole = stream_box_whole(g->tensors[t].rank, g->tensors[t].shape);
        final_first[t] = (int32_t)f->pieces.n;
        bool made = g->tensors[t].kind == STREAM_TENSOR_INTERMEDIATE &&
                    stream_tensor_output_box(&g->tensors[t], &whole, &whole);
        if (made && !find(f, &r, &whole))
            return missing(f, g->tensors[t].loc, "the end of the schedule at cycle",
                           (int32_t)f->latency, &r);
    }
    final_first[g->n_tensors] = (int32_t)f->pieces.n;
    return STREAM_OK;
}

/* Pieces in order of reads: events found them in order of time. */
static void order_pieces(finder *f, int32_t *read_first, const int32_t *read_n,
                         int32_t *final_first, stream_residency *out) {
    int32_t n_reads = f->graph->n_reads, n = 0;
    stream_residency_piece *pieces = STREAM_NEW(f->arena, stream_residency_piece, f->pieces.n);
    for (int32_t i = 0; i < n_reads; ++i) {
        for (int32_t p = 0; p < read_n[i]; ++p)
            pieces[n + p] = STREAM_AT(stream_residency_piece, f->pieces, read_first[i] + p);
        read_first[i] = n;
        n += read_n[i];
    }
    read_first[n_reads] = n;
    for (size_t p = (size_t)n; p < f->pieces.n; ++p)
        pieces[p] = STREAM_AT(stream_residency_piece, f->pieces, p);
    out->read_first = read_first;
    out->final_first = final_first;
    out->pieces = pieces;
}

static void prepare(finder *f) {
    size_t slots = (size_t)f->graph->n_tensors * (size_t)f->problem->acc->n_instances;
    f->first = STREAM_NEW(f->arena, int32_t, slots);
    f->last = STREAM_NEW(f->arena, int32_t, slots);
    for (size_t i = 0; i < slots; ++i)
        f->first[i] = f->last[i] = -1;
    f->extent_bits = STREAM_NEW(f->arena, int64_t, (size_t)f->problem->acc->n_instances);
    find_versions(f);
    add_residents(f);
}

stream_status stream_residency_build(const stream_schedule_problem *problem,
                                     const stream_schedule *schedule, stream_arena *arena,
                                     const stream_diag *diag, stream_residency *out) {
    const stream_ct_graph *g = problem->graph;
    finder f = {.problem = problem,
                .graph = g,
                .schedule = schedule,
                .arena = arena,
                .diag = diag,
                .buffers = STREAM_VEC(buffer),
                .pieces = STREAM_VEC(stream_residency_piece),
                .open = STREAM_VEC(stream_box)};
    int32_t *read_first = STREAM_NEW(arena, int32_t, (size_t)g->n_reads + 1);
    int32_t *read_n = STREAM_NEW(arena, int32_t, (size_t)g->n_reads + 1);
    int32_t *final_first = STREAM_NEW(arena, int32_t, (size_t)g->n_tensors + 1);
    stream_residency_piece *sources =
        STREAM_NEW(arena, stream_residency_piece, (size_t)schedule->n_transfers);
    prepare(&f);
    out->events = make_events(&f, &out->n_events);
    stream_status status = run(&f, out, read_first, read_n, sources);
    if (status == STREAM_OK)
        status = read_finals(&f, final_first);
    if (status == STREAM_OK)
        order_pieces(&f, read_first, read_n, final_first, out);
    out->sources = sources;
    out->extent_bits = f.extent_bits;
    stream_vec_free(&f.buffers);
    stream_vec_free(&f.pieces);
    stream_vec_free(&f.open);
    return status;
}
