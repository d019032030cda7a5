/* R7: the buffers of a memory start at whole words, lie inside its capacity, and those that are
 * held at the same time have disjoint addresses. */

#include "context.h"

#include <inttypes.h>
#include <string.h>

static void place(check *c, const check_buffer *b) {
    const stream_instance *instance = &c->acc->instances[b->instance];
    if (b->address % instance->word_bits != 0)
        check_report(c, check_buffer_loc(c, b), "R7",
                     "%s is at address %" PRId64 " of %s, whose words have %" PRId64 " bits",
                     check_buffer_name(c, b).s, b->address, check_instance_name(c, b->instance).s,
                     instance->word_bits);
    if (b->address > instance->size_bits - b->bits)
        check_report(c, check_buffer_loc(c, b), "R7",
                     "%s needs bits %" PRId64 " to %" PRId64 " of %s, which has %" PRId64,
                     check_buffer_name(c, b).s, b->address, b->address + b->bits,
                     check_instance_name(c, b->instance).s, instance->size_bits);
}

typedef struct {
    int32_t self, other; /* of the instance's ranges */
} conflict;

/* The first that comes after `self`: each pair is seen from its first. */
static bool later(void *user, int32_t index) {
    conflict *found = user;
    if (index > found->self && (found->other < 0 || index < found->other))
        found->other = index;
    return found->other < 0;
}

static void disjoint(check *c, const int32_t *ids, const int64_t *ranges, int32_t n) {
    stream_range_tree tree;
    stream_range_tree_build(2, ranges, n, c->arena, &tree);
    for (int32_t i = 0; i < n; ++i) {
        conflict found = {.self = i, .other = -1};
        stream_range_tree_find(&tree, ranges + 4 * (size_t)i, later, &found);
        if (found.other < 0)
            continue;
        const check_buffer *a = &c->buffers[ids[i]], *b = &c->buffers[ids[found.other]];
        check_report(c, check_buffer_loc(c, b), "R7",
                     "%s is at [%" PRId64 ", %" PRId64 ") of %s from %" PRId64 " to %" PRId64
                     ", over %s at [%" PRId64 ", %" PRId64 ") from %" PRId64 " to %" PRId64,
                     check_buffer_name(c, b).s, b->address, b->address + b->bits,
                     check_instance_name(c, b->instance).s, b->start, b->until,
                     check_buffer_name(c, a).s, a->address, a->address + a->bits, a->start,
                     a->until);
    }
}

/* Buffer ids by instance, each list in order: first[n_instances + 1]. */
static int32_t *by_instance(check *c, int32_t *first) {
    int32_t n = c->acc->n_instances;
    int32_t *ids = STREAM_NEW(c->arena, int32_t, (size_t)c->n_occupied);
    int32_t *next = STREAM_NEW(c->arena, int32_t, (size_t)n);
    for (int32_t i = 0; i < c->n_occupied; ++i)
        ++first[c->buffers[i].instance + 1];
    for (int32_t i = 0; i < n; ++i) {
        first[i + 1] += first[i];
        next[i] = first[i];
    }
    for (int32_t i = 0; i < c->n_occupied; ++i)
        ids[next[c->buffers[i].instance]++] = i;
    return ids;
}

void check_capacity(check *c) {
    int32_t *first = STREAM_NEW(c->arena, int32_t, (size_t)c->acc->n_instances + 1);
    int32_t *ids = by_instance(c, first);
    int64_t *ranges = STREAM_NEW(c->arena, int64_t, 4 * (size_t)c->n_occupied);
    for (int32_t i = 0; i < c->n_occupied; ++i)
        place(c, &c->buffers[i]);
    for (int32_t i = 0; i < c->n_occupied; ++i) {
        const check_buffer *b = &c->buffers[ids[i]];
        int64_t range[] = {b->start, b->until, b->address, b->address + b->bits};
        memcpy(ranges + 4 * (size_t)i, range, sizeof range);
    }
    for (int32_t i = 0; i < c->acc->n_instances; ++i)
        disjoint(c, ids + first[i], ranges + 4 * (size_t)first[i], first[i + 1] - first[i]);
}
