/* Buffers at a time, and what is in them. See residency_buffers.h. */

#include "residency_buffers.h"

#include "model.h"

#include "stream/support/integer.h"

#include <stdlib.h>

void stream_residency_open(residency_buffers *f, const stream_schedule_problem *problem,
                           stream_arena *arena) {
    *f = (residency_buffers){.problem = problem,
                             .graph = problem->graph,
                             .arena = arena,
                             .buffers = STREAM_VEC(residency_buffer),
                             .next_version = stream_schedule_next_versions(problem->graph, arena),
                             .pieces = STREAM_VEC(stream_residency_piece),
                             .open = STREAM_VEC(stream_box),
                             .left = STREAM_VEC(stream_box),
                             .near = STREAM_VEC(const residency_buffer *)};
}

void stream_residency_close(residency_buffers *f) {
    stream_vec_free(&f->buffers);
    stream_vec_free(&f->pieces);
    stream_vec_free(&f->open);
    stream_vec_free(&f->left);
    stream_vec_free(&f->near);
}

static const residency_buffer *at(const residency_buffers *f, int32_t id) {
    return &STREAM_AT(residency_buffer, f->buffers, id);
}

void stream_residency_add(residency_buffers *f, const residency_buffer *b) {
    *(residency_buffer *)stream_vec_push(&f->buffers) = *b;
}

/* ---- the index */

/* Buffers of a tensor, at most so many, are looked at one by one. */
#define FEW_HELD 16

/* The box, then where, and when. */
static void held_range(const stream_box *box, int32_t instance, int64_t from, int64_t to,
                       int64_t *range) {
    range = stream_range_of_box(box, range);
    *range++ = instance;
    *range++ = (int64_t)instance + 1;
    *range++ = from;
    *range++ = to;
}

/* What is dropped at the end of the schedule is still read then: `until` is in its range. */
static void build_tree(residency_buffers *f, int32_t tensor, stream_range_tree *out) {
    int32_t first = f->held_first[tensor], n = f->held_first[tensor + 1] - first;
    int32_t dims = f->graph->tensors[tensor].rank + 2;
    size_t size = 2 * (size_t)dims;
    stream_arena *scratch = stream_arena_create();
    int64_t *ranges = STREAM_NEW(scratch, int64_t, size * (size_t)n);
    for (int32_t i = 0; i < n; ++i) {
        const residency_buffer *b = at(f, f->held[first + i]);
        held_range(&b->at.buffer, b->at.instance, b->complete, stream_sum_i64(b->until, 1),
                   ranges + size * (size_t)i);
    }
    stream_range_tree_build(dims, ranges, n, f->arena, out);
    stream_arena_destroy(scratch);
}

void stream_residency_index(residency_buffers *f) {
    int32_t n_tensors = f->graph->n_tensors, n_trees = 0, end = 0;
    int32_t *first = STREAM_NEW(f->arena, int32_t, (size_t)n_tensors + 1);
    int32_t *held = STREAM_NEW(f->arena, int32_t, f->buffers.n);
    int32_t *tree_of = STREAM_NEW(f->arena, int32_t, (size_t)n_tensors);
    for (size_t i = 0; i < f->buffers.n; ++i)
        ++first[at(f, (int32_t)i)->tensor];
    for (int32_t t = 0; t < n_tensors; ++t) {
        tree_of[t] = first[t] > FEW_HELD ? n_trees++ : -1;
        first[t] = end += first[t];
    }
    first[n_tensors] = end;
    for (int32_t i = end; i-- > 0;) /* from behind: `first` ends where lists begin */
        held[--first[at(f, i)->tensor]] = i;
    stream_range_tree *trees = STREAM_NEW(f->arena, stream_range_tree, (size_t)n_trees);
    f->held_first = first;
    f->held = held;
    f->tree_of = tree_of;
    f->trees = trees;
    for (int32_t t = 0; t < n_tensors; ++t)
        if (tree_of[t] >= 0)
            build_tree(f, t, &trees[tree_of[t]]);
}

typedef struct {
    residency_buffers *f;
    const int32_t *held;
} finder;

static bool collect(void *user, int32_t index) {
    const finder *found = user;
    *(const residency_buffer **)stream_vec_push(&found->f->near) = at(found->f, found->held[index]);
    return true;
}

/* Those that have some of the box in the memory then, in f->near, in no order. */
static void find_near(residency_buffers *f, int32_t tensor, int32_t instance, int64_t time,
                      const stream_box *box) {
    int32_t first = f->held_first[tensor];
    f->near.n = 0;
    if (f->tree_of[tensor] >= 0) {
        int64_t query[2 * STREAM_RANGE_DIMS];
        held_range(box, instance, time, stream_sum_i64(time, 1), query);
        stream_range_tree_find(&f->trees[f->tree_of[tensor]], query, collect,
                               &(finder){f, &f->held[first]});
        return;
    }
    for (int32_t i = first; i < f->held_first[tensor + 1]; ++i) {
        const residency_buffer *b = at(f, f->held[i]);
        if (b->at.instance == instance && stream_box_overlaps(&b->at.buffer, box))
            *(const residency_buffer **)stream_vec_push(&f->near) = b;
    }
}

/* ---- reading */

/* What is dropped as a reader begins is not for it, however short it is; results may be dropped as
 * all ends. */
static bool usable(const residency_buffers *f, const residency_buffer *b,
                   const residency_request *r) {
    int32_t next = b->writer < 0 ? -1 : f->next_version[b->writer];
    bool there = b->complete <= r->start && b->until >= r->end;
    return there && (next < 0 || next >= r->reader) &&
           (r->reader == f->graph->n_cts || b->until > r->start);
}

static void keep_usable(residency_buffers *f, const residency_request *r) {
    const residency_buffer **near = f->near.data;
    size_t n = 0;
    for (size_t k = 0; k < f->near.n; ++k)
        if (usable(f, near[k], r))
            near[n++] = near[k];
    f->near.n = n;
}

static void add_piece(residency_buffers *f, const residency_buffer *b, const stream_box *box) {
    stream_residency_piece *piece = stream_vec_push(&f->pieces);
    *piece = b->at;
    piece->piece = *box;
}

/* The earliest that holds all of it. */
static bool find_whole(residency_buffers *f, const stream_box *box) {
    const residency_buffer *earliest = NULL;
    for (size_t k = 0; k < f->near.n; ++k) {
        const residency_buffer *b = STREAM_AT(const residency_buffer *, f->near, k);
        if ((!earliest || b < earliest) && stream_box_contains(&b->at.buffer, box))
            earliest = b;
    }
    if (earliest)
        add_piece(f, earliest, box);
    return earliest;
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
static void gather(residency_buffers *f, const stream_box *box) {
    f->open.n = 0;
    *(stream_box *)stream_vec_push(&f->open) = *box;
    if (f->near.n > 1)
        qsort(f->near.data, f->near.n, sizeof(const residency_buffer *), by_place);
    for (size_t k = 0; k < f->near.n && f->open.n > 0; ++k)
        take(f, STREAM_AT(const residency_buffer *, f->near, k));
}

bool stream_residency_find(residency_buffers *f, const residency_request *r,
                           const stream_box *box) {
    find_near(f, r->tensor, r->instance, r->start, box);
    keep_usable(f, r);
    if (find_whole(f, box))
        return true;
    gather(f, box);
    return f->open.n == 0;
}

static bool is_source(const residency_buffer *b, const stream_transfer *t) {
    return b->writer == t->writer && b->at.address == t->source_address &&
           b->complete <= t->start && b->until >= t->end && b->until > t->start &&
           stream_box_contains(&b->at.buffer, &t->box);
}

bool stream_residency_find_source(residency_buffers *f, const stream_transfer *transfer,
                                  stream_residency_piece *out) {
    const residency_buffer *earliest = NULL;
    find_near(f, transfer->tensor, transfer->source, transfer->start, &transfer->box);
    for (size_t k = 0; k < f->near.n; ++k) {
        const residency_buffer *b = STREAM_AT(const residency_buffer *, f->near, k);
        if ((!earliest || b < earliest) && is_source(b, transfer))
            earliest = b;
    }
    if (!earliest)
        return false;
    *out = earliest->at;
    out->piece = transfer->box;
    return true;
}
