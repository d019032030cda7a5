/* The buffers of a schedule, rebuilt from its events, and what they hold; see context.h. */

#include "context.h"

#include "stream/support/integer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

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
        int64_t passing = /* streams.c: more is reported */
            stream_min_i64(check_stream_price(c, s)->buffer_bits, STREAM_MOST_BUFFER_BITS);
        *(check_buffer *)stream_vec_push(buffers) =
            (check_buffer){.tensor = -1,
                           .writer = -1,
                           .instance = instance,
                           .address = s->address,
                           .bits = stream_round_up(passing, c->acc->instances[instance].word_bits),
                           .start = slot->start,
                           .complete = slot->end,
                           .until = slot->end,
                           .origin = CHECK_STREAM,
                           .event = s->ct};
    }
}

/* The box, then where, and when. */
static void held_range(const stream_box *box, int32_t instance, int64_t from, int64_t to,
                       int64_t *range) {
    range = stream_range_of_box(box, range);
    *range++ = instance;
    *range++ = (int64_t)instance + 1;
    *range++ = from;
    *range++ = to;
}

/* Buffers of a version of data, at most so many, are looked at one by one. */
#define FEW_HELD 16

/* The list of buffers of a version: of a CT, or of a tensor, where also what claims to be of a CT
 * that does not write it is listed. */
static int32_t list_of(const check *c, int32_t tensor, int32_t writer) {
    bool written = writer >= 0 && c->graph->cts[writer].tensor == tensor;
    return written ? writer : c->graph->n_cts + tensor;
}

/* Of a list of many: they are of one tensor. */
static void build_tree(check *c, int32_t list, stream_range_tree *out) {
    int32_t first = c->held_first[list], n = c->held_first[list + 1] - first;
    int32_t dims = c->buffers[c->held[first]].box.rank + 2;
    size_t size = 2 * (size_t)dims;
    stream_arena *scratch = stream_arena_create();
    int64_t *ranges = STREAM_NEW(scratch, int64_t, size * (size_t)n);
    for (int32_t i = 0; i < n; ++i) {
        const check_buffer *b = &c->buffers[c->held[first + i]];
        held_range(&b->box, b->instance, b->start, b->until, ranges + size * (size_t)i);
    }
    stream_range_tree_build(dims, ranges, n, c->arena, out);
    stream_arena_destroy(scratch);
}

static void index_by_version(check *c) {
    int32_t n_lists = c->graph->n_cts + c->graph->n_tensors, n_trees = 0;
    int32_t *first = STREAM_NEW(c->arena, int32_t, (size_t)n_lists + 1);
    int32_t *held = STREAM_NEW(c->arena, int32_t, (size_t)c->n_buffers);
    int32_t *tree_of = STREAM_NEW(c->arena, int32_t, (size_t)n_lists);
    for (int32_t i = 0; i < c->n_buffers; ++i)
        ++first[list_of(c, c->buffers[i].tensor, c->buffers[i].writer) + 1];
    for (int32_t k = 0; k < n_lists; ++k) {
        tree_of[k] = first[k + 1] > FEW_HELD ? n_trees++ : -1;
        first[k + 1] += first[k];
    }
    for (int32_t i = c->n_buffers; i-- > 0;) /* from behind: `first` ends where lists begin */
        held[--first[list_of(c, c->buffers[i].tensor, c->buffers[i].writer) + 1]] = i;
    memmove(first, first + 1, (size_t)n_lists * sizeof *first);
    first[n_lists] = c->n_buffers;
    stream_range_tree *trees = STREAM_NEW(c->arena, stream_range_tree, (size_t)n_trees);
    c->held_first = first;
    c->held = held;
    for (int32_t k = 0; k < n_lists; ++k)
        if (tree_of[k] >= 0)
            build_tree(c, k, &trees[tree_of[k]]);
    c->held_tree = tree_of;
    c->trees = trees;
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
    index_by_version(c);
}

typedef struct {
    check *c;
    const int32_t *held; /* the list */
    int32_t writer;
} finder;

static bool collect(void *user, int32_t index) {
    finder *f = user;
    if (f->c->buffers[f->held[index]].writer == f->writer)
        *(int32_t *)stream_vec_push(&f->c->found) = f->held[index];
    return true;
}

static void find_in_tree(check *c, int32_t list, const stream_box *box, int32_t writer,
                         int32_t instance, int64_t at) {
    finder f = {.c = c, .held = &c->held[c->held_first[list]], .writer = writer};
    int64_t query[2 * STREAM_RANGE_DIMS];
    held_range(box, instance, at, at < INT64_MAX ? at + 1 : at, query);
    stream_range_tree_find(&c->trees[c->held_tree[list]], query, collect, &f);
    stream_sort_i32(c->found.data, c->found.n);
}

void check_buffers_find(check *c, int32_t tensor, const stream_box *box, int32_t writer,
                        int32_t instance, int64_t at) {
    int32_t list = list_of(c, tensor, writer);
    c->found.n = 0;
    if (c->held_tree[list] >= 0) {
        find_in_tree(c, list, box, writer, instance, at);
        return;
    }
    for (int32_t i = c->held_first[list]; i < c->held_first[list + 1]; ++i) {
        const check_buffer *b = &c->buffers[c->held[i]];
        if (b->writer == writer && b->instance == instance && b->start <= at && at < b->until &&
            stream_box_overlaps(&b->box, box))
            *(int32_t *)stream_vec_push(&c->found) = c->held[i];
    }
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
    for (int32_t i = 0; i < c->n_buffers; ++i) {
        const check_buffer *b = &c->buffers[i];
        bool near_by = b->tensor == need->tensor && stream_box_overlaps(&b->box, missing);
        int near = near_by ? nearness(b, need) : 0;
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
