/* The buffers of a schedule, rebuilt from its events, and what they hold; see context.h. */

#include "context.h"

#include "stream/support/integer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void add(stream_vec *buffers, const check *c, check_buffer b) {
    (void)check_buffer_bits(c, b.tensor, &b.box, b.instance, &b.bits); /* fields.c: it fits */
    *(check_buffer *)stream_vec_push(buffers) = b;
}

static void add_residents(stream_vec *buffers, const check *c) {
    for (int32_t i = 0; i < c->schedule->n_residents; ++i) {
        const stream_resident *r = &c->schedule->residents[i];
        const stream_tensor *tensor = &c->graph->tensors[r->tensor];
        add(buffers, c,
            (check_buffer){.tensor = r->tensor,
                           .box = stream_box_whole(tensor->rank, tensor->shape),
                           .writer = -1,
                           .instance = c->acc->offchip_instance,
                           .address = r->address,
                           .until = r->until,
                           .origin = CHECK_RESIDENT,
                           .event = i});
    }
}

static void add_copies(stream_vec *buffers, const check *c) {
    for (int32_t i = 0; i < c->schedule->n_transfers; ++i) {
        const stream_transfer *t = &c->schedule->transfers[i];
        for (int32_t k = 0; k < t->n_targets; ++k)
            add(buffers, c,
                (check_buffer){.tensor = t->tensor,
                               .box = t->box,
                               .writer = t->writer,
                               .instance = t->targets[k].instance,
                               .address = t->targets[k].address,
                               .start = t->start,
                               .complete = t->end,
                               .until = t->targets[k].until,
                               .origin = CHECK_TRANSFER,
                               .event = i});
    }
}

static void add_outputs(stream_vec *buffers, const check *c) {
    for (int32_t i = 0; i < c->graph->n_cts; ++i) {
        const stream_ct *ct = &c->graph->cts[i];
        const stream_ct_slot *slot = &c->schedule->slots[i];
        add(buffers, c,
            (check_buffer){.tensor = ct->tensor,
                           .box = ct->box,
                           .writer = i,
                           .instance = check_place(c, i, slot->core, STREAM_O),
                           .address = slot->address,
                           .start = slot->start,
                           .complete = slot->end,
                           .until = slot->until,
                           .origin = CHECK_CT,
                           .event = i});
    }
}

/* What passes through a core is held there while the CT runs. */
static void add_passing(stream_vec *buffers, const check *c) {
    for (int32_t i = 0; i < c->schedule->n_streams; ++i) {
        const stream_ct_stream *s = &c->schedule->streams[i];
        const stream_ct_slot *slot = &c->schedule->slots[s->ct];
        int32_t instance = check_top(c, slot->core, s->operand);
        if (instance < 0 || instance == c->acc->offchip_instance || !check_is_priced(c, s) ||
            check_stream_price(c, s)->buffer_bits <= 0)
            continue;
        *(check_buffer *)stream_vec_push(buffers) =
            (check_buffer){.tensor = -1,
                           .writer = -1,
                           .instance = instance,
                           .address = s->address,
                           .bits = stream_round_up(check_stream_price(c, s)->buffer_bits,
                                                   c->acc->instances[instance].word_bits),
                           .start = slot->start,
                           .complete = slot->end,
                           .until = slot->end,
                           .origin = CHECK_STREAM,
                           .event = s->ct};
    }
}

/* The box, then which version, where, and when. */
static check_range held_range(const stream_box *box, int32_t writer, int32_t instance, int64_t from,
                              int64_t to) {
    check_range range = {{0}, {0}};
    int32_t d = 0;
    for (; d < box->rank; ++d) {
        range.lo[d] = box->lo[d];
        range.hi[d] = (int64_t)box->lo[d] + box->size[d];
    }
    range.lo[d] = (int64_t)writer + 1;
    range.hi[d++] = (int64_t)writer + 2;
    range.lo[d] = instance;
    range.hi[d++] = (int64_t)instance + 1;
    range.lo[d] = from;
    range.hi[d] = to;
    return range;
}

static void index_by_tensor(check *c) {
    int32_t n_tensors = c->graph->n_tensors;
    int32_t *first = STREAM_NEW(c->arena, int32_t, (size_t)n_tensors + 1);
    int32_t *held = STREAM_NEW(c->arena, int32_t, (size_t)c->n_buffers);
    int32_t *next = STREAM_NEW(c->arena, int32_t, (size_t)n_tensors);
    check_range *ranges = STREAM_NEW(c->arena, check_range, (size_t)c->n_buffers);
    check_range_tree *trees = STREAM_NEW(c->arena, check_range_tree, (size_t)n_tensors);
    for (int32_t i = 0; i < c->n_buffers; ++i)
        ++first[c->buffers[i].tensor + 1];
    for (int32_t t = 0; t < n_tensors; ++t) {
        first[t + 1] += first[t];
        next[t] = first[t];
    }
    for (int32_t i = 0; i < c->n_buffers; ++i) {
        const check_buffer *b = &c->buffers[i];
        held[next[b->tensor]] = i;
        ranges[next[b->tensor]++] = held_range(&b->box, b->writer, b->instance, b->start, b->until);
    }
    for (int32_t t = 0; t < n_tensors; ++t)
        check_range_tree_build(c->graph->tensors[t].rank + 3, &ranges[first[t]],
                               first[t + 1] - first[t], c->arena, &trees[t]);
    c->held_first = first;
    c->held = held;
    c->held_tree = trees;
}

void check_buffers_build(check *c) {
    stream_vec buffers = STREAM_VEC(check_buffer);
    add_residents(&buffers, c);
    add_copies(&buffers, c);
    add_outputs(&buffers, c);
    c->n_buffers = (int32_t)buffers.n;
    add_passing(&buffers, c);
    c->n_occupied = (int32_t)buffers.n;
    c->buffers = stream_vec_freeze(&buffers, c->arena);
    index_by_tensor(c);
}

typedef struct {
    check *c;
    int32_t tensor;
} finder;

static bool collect(void *user, int32_t index) {
    finder *f = user;
    int32_t id = f->c->held[f->c->held_first[f->tensor] + index];
    *(int32_t *)stream_vec_push(&f->c->found) = id;
    return true;
}

static int by_id(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

void check_buffers_find(check *c, int32_t tensor, const stream_box *box, int32_t writer,
                        int32_t instance, int64_t at) {
    finder f = {.c = c, .tensor = tensor};
    check_range query = held_range(box, writer, instance, at, at < INT64_MAX ? at + 1 : at);
    c->found.n = 0;
    check_range_tree_find(&c->held_tree[tensor], &query, collect, &f);
    qsort(c->found.data, c->found.n, sizeof(int32_t), by_id);
}

/* rest minus `box`. */
static void subtract(check *c, const stream_box *box) {
    c->next.n = 0;
    for (size_t i = 0; i < c->rest.n; ++i) {
        stream_box parts[2 * STREAM_MAX_RANK];
        int32_t n = stream_box_subtract(&STREAM_AT(stream_box, c->rest, i), box, parts);
        for (int32_t k = 0; k < n; ++k)
            *(stream_box *)stream_vec_push(&c->next) = parts[k];
    }
    stream_vec swap = c->rest;
    c->rest = c->next;
    c->next = swap;
}

bool check_covered(check *c, const check_need *need, stream_box *missing) {
    check_buffers_find(c, need->tensor, &need->box, need->writer, need->instance, need->at);
    c->rest.n = 0;
    *(stream_box *)stream_vec_push(&c->rest) = need->box;
    for (size_t i = 0; i < c->found.n && c->rest.n > 0; ++i) {
        const check_buffer *b = &c->buffers[STREAM_AT(int32_t, c->found, i)];
        if (b->complete <= need->from && b->until >= need->to)
            subtract(c, &b->box);
    }
    if (c->rest.n == 0)
        return true;
    *missing = STREAM_AT(stream_box, c->rest, 0);
    return false;
}

/* How near a buffer comes to what is needed: 0 not at all, then better and better. */
static int nearness(const check_buffer *b, const check_need *need) {
    if (b->writer == need->writer && b->instance == need->instance)
        return b->complete <= need->from ? 4 : 3;
    if (b->instance == need->instance)
        return 2;
    return b->writer == need->writer ? 1 : 0;
}

static const check_buffer *nearest(const check *c, const check_need *need,
                                   const stream_box *missing, int *out_nearness) {
    const check_buffer *best = NULL;
    int most = 0;
    for (int32_t i = c->held_first[need->tensor]; i < c->held_first[need->tensor + 1]; ++i) {
        const check_buffer *b = &c->buffers[c->held[i]];
        int near = stream_box_overlaps(&b->box, missing) ? nearness(b, need) : 0;
        if (near > most || (near == most && near == 4 && b->until > best->until)) {
            most = near;
            best = b;
        }
    }
    *out_nearness = most;
    return best;
}

check_reason check_why(const check *c, const check_need *need, const stream_box *missing) {
    check_reason why = {.dropped = false};
    int most;
    const check_buffer *b = nearest(c, need, missing, &most);
    why.dropped = most == 4;
    if (most == 4)
        snprintf(why.s, sizeof why.s, "it was dropped there at %" PRId64, b->until);
    else if (most == 3)
        snprintf(why.s, sizeof why.s, "it is complete there only at %" PRId64, b->complete);
    else if (most == 2)
        snprintf(why.s, sizeof why.s,
                 "what is there was written by CT %" PRId32 ", not by CT %" PRId32, b->writer,
                 need->writer);
    else if (most == 1)
        snprintf(why.s, sizeof why.s, "it is only in %.150s",
                 check_instance_name(c, b->instance).s);
    else
        snprintf(why.s, sizeof why.s, "it is nowhere");
    return why;
}
