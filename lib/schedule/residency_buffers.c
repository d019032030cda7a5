/* Buffers at a time, and what is in them. See residency_buffers.h. */

#include "residency_buffers.h"

#include "model.h"

#include <stdlib.h>

void stream_residency_open(residency_buffers *f, const stream_schedule_problem *problem,
                           stream_arena *arena) {
    size_t slots = (size_t)problem->graph->n_tensors * (size_t)problem->acc->n_instances;
    *f = (residency_buffers){.problem = problem,
                             .graph = problem->graph,
                             .buffers = STREAM_VEC(residency_buffer),
                             .first = STREAM_NEW(arena, int32_t, slots),
                             .last = STREAM_NEW(arena, int32_t, slots),
                             .next_version = stream_schedule_next_versions(problem->graph, arena),
                             .extent_bits =
                                 STREAM_NEW(arena, int64_t, (size_t)problem->acc->n_instances),
                             .pieces = STREAM_VEC(stream_residency_piece),
                             .open = STREAM_VEC(stream_box),
                             .left = STREAM_VEC(stream_box),
                             .near = STREAM_VEC(const residency_buffer *)};
    for (size_t i = 0; i < slots; ++i)
        f->first[i] = f->last[i] = -1;
}

void stream_residency_close(residency_buffers *f) {
    stream_vec_free(&f->buffers);
    stream_vec_free(&f->pieces);
    stream_vec_free(&f->open);
    stream_vec_free(&f->left);
    stream_vec_free(&f->near);
}

static int32_t slot_of(const residency_buffers *f, int32_t tensor, int32_t instance) {
    return tensor * f->problem->acc->n_instances + instance;
}

static residency_buffer *at(const residency_buffers *f, int32_t id) {
    return &STREAM_AT(residency_buffer, f->buffers, id);
}

void stream_residency_add(residency_buffers *f, int32_t tensor, const residency_buffer *b) {
    int32_t id = (int32_t)f->buffers.n, slot = slot_of(f, tensor, b->at.instance);
    residency_buffer *added = stream_vec_push(&f->buffers);
    *added = *b;
    added->next = -1;
    if (f->first[slot] < 0)
        f->first[slot] = id;
    else
        at(f, f->last[slot])->next = id;
    f->last[slot] = id;
    int64_t end = b->at.address + stream_ct_graph_bits(f->graph, tensor, &b->at.buffer);
    if (end > f->extent_bits[b->at.instance])
        f->extent_bits[b->at.instance] = end;
}

void stream_residency_forget(residency_buffers *f, int32_t tensor, int32_t instance, int64_t time) {
    int32_t slot = slot_of(f, tensor, instance), previous = -1;
    int32_t *link = &f->first[slot];
    while (*link >= 0) {
        residency_buffer *b = at(f, *link);
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

static bool usable(const residency_buffers *f, const residency_buffer *b,
                   const residency_request *r) {
    int32_t next = b->writer < 0 ? -1 : f->next_version[b->writer];
    return (next < 0 || next >= r->reader) && b->complete <= r->start && b->until >= r->end;
}

static void add_piece(residency_buffers *f, const residency_buffer *b, const stream_box *box) {
    stream_residency_piece *piece = stream_vec_push(&f->pieces);
    *piece = b->at;
    piece->piece = *box;
}

static bool find_whole(residency_buffers *f, const residency_request *r, const stream_box *box) {
    int32_t i = f->first[slot_of(f, r->tensor, r->instance)];
    for (; i >= 0; i = at(f, i)->next) {
        const residency_buffer *b = at(f, i);
        if (usable(f, b, r) && stream_box_contains(&b->at.buffer, box)) {
            add_piece(f, b, box);
            return true;
        }
    }
    return false;
}

/* Takes from `b` what it has of the open boxes. */
static void take(residency_buffers *f, const residency_buffer *b) {
    stream_box rest[2 * STREAM_MAX_RANK];
    f->left.n = 0;
    for (size_t i = 0; i < f->open.n; ++i) {
        stream_box box = STREAM_AT(stream_box, f->open, i), common;
        int32_t parts = stream_box_subtract(&box, &b->at.buffer, rest);
        if (stream_box_intersect(&box, &b->at.buffer, &common))
            add_piece(f, b, &common);
        for (int32_t p = 0; p < parts; ++p)
            *(stream_box *)stream_vec_push(&f->left) = rest[p];
    }
    stream_vec swap = f->open;
    f->open = f->left;
    f->left = swap;
}

/* By where they begin, then in order of creation. */
static int by_place(const void *a, const void *b) {
    const residency_buffer *x = *(const residency_buffer *const *)a;
    const residency_buffer *y = *(const residency_buffer *const *)b;
    for (int32_t d = 0; d < x->at.buffer.rank; ++d)
        if (x->at.buffer.lo[d] != y->at.buffer.lo[d])
            return x->at.buffer.lo[d] < y->at.buffer.lo[d] ? -1 : 1;
    return (x > y) - (x < y);
}

/* Row by row, so that what is open stays in few boxes however many buffers there are. */
static void gather(residency_buffers *f, const residency_request *r, const stream_box *box) {
    f->open.n = f->near.n = 0;
    *(stream_box *)stream_vec_push(&f->open) = *box;
    int32_t i = f->first[slot_of(f, r->tensor, r->instance)];
    for (; i >= 0; i = at(f, i)->next)
        if (usable(f, at(f, i), r) && stream_box_overlaps(&at(f, i)->at.buffer, box))
            *(const residency_buffer **)stream_vec_push(&f->near) = at(f, i);
    if (f->near.n > 1)
        qsort(f->near.data, f->near.n, sizeof(const residency_buffer *), by_place);
    for (size_t k = 0; k < f->near.n && f->open.n > 0; ++k)
        take(f, STREAM_AT(const residency_buffer *, f->near, k));
}

bool stream_residency_find(residency_buffers *f, const residency_request *r,
                           const stream_box *box) {
    if (find_whole(f, r, box))
        return true;
    gather(f, r, box);
    return f->open.n == 0;
}

bool stream_residency_find_source(const residency_buffers *f, const stream_transfer *transfer,
                                  stream_residency_piece *out) {
    int32_t i = f->first[slot_of(f, transfer->tensor, transfer->source)];
    for (; i >= 0; i = at(f, i)->next) {
        const residency_buffer *b = at(f, i);
        if (b->writer != transfer->writer || b->at.address != transfer->source_address ||
            b->complete > transfer->start || b->until < transfer->end ||
            !stream_box_contains(&b->at.buffer, &transfer->box))
            continue;
        *out = b->at;
        out->piece = transfer->box;
        return true;
    }
    return false;
}
