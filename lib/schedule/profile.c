/* Bandwidth over time; see profile.h. */

#include "profile.h"

#include "stream/support/alloc.h"

#include <stdlib.h>
#include <string.h>

/* A step: its place in the index, and in the block there. */
typedef struct {
    int32_t k, i;
} place;

static profile_block *block_at(const profile *p, int32_t k) {
    return &p->blocks[p->index[k].block];
}

static int32_t new_block(profile *p) {
    int32_t id = p->spare;
    if (id >= 0) {
        p->spare = p->blocks[id].next_spare;
        return id;
    }
    if (p->n_blocks == p->blocks_capacity) {
        p->blocks_capacity = p->blocks_capacity ? 2 * p->blocks_capacity : 2;
        p->blocks = stream_alloc_grown(p->blocks, (size_t)p->blocks_capacity, sizeof *p->blocks);
    }
    return p->n_blocks++;
}

/* Lists a block at place k of the index. */
static void insert_block(profile *p, int32_t k, int32_t block, int64_t time) {
    if (p->n_index == p->index_capacity) {
        p->index_capacity = p->index_capacity ? 2 * p->index_capacity : 2;
        p->index = stream_alloc_grown(p->index, (size_t)p->index_capacity, sizeof *p->index);
    }
    memmove(&p->index[k + 1], &p->index[k], (size_t)(p->n_index - k) * sizeof *p->index);
    p->index[k] = (profile_entry){time, block};
    ++p->n_index;
}

void stream_profile_reset(profile *p, int64_t bandwidth) {
    p->n_blocks = p->n_index = 0;
    p->spare = -1;
    p->n = 1;
    p->bandwidth = bandwidth;
    insert_block(p, 0, new_block(p), 0);
    profile_block *b = block_at(p, 0);
    b->steps[0] = (profile_step){0, 0};
    b->n = 1;
    b->least = b->most = 0;
}

void stream_profile_free(profile *p) {
    free(p->blocks);
    free(p->index);
    *p = (profile){0};
}

/* The last step that begins at or before `time`. Often it is the very last. */
static place step_at(const profile *p, int64_t time) {
    int32_t lo = 0, hi = p->n_index;
    if (p->index[hi - 1].time <= time) {
        const profile_block *b = block_at(p, hi - 1);
        if (b->steps[b->n - 1].time <= time)
            return (place){hi - 1, b->n - 1};
        lo = hi - 1;
    }
    while (hi - lo > 1) {
        int32_t mid = lo + (hi - lo) / 2;
        *(p->index[mid].time <= time ? &lo : &hi) = mid;
    }
    const profile_block *b = block_at(p, lo);
    place at = {lo, 0};
    for (hi = b->n; hi - at.i > 1;) {
        int32_t mid = at.i + (hi - at.i) / 2;
        *(b->steps[mid].time <= time ? &at.i : &hi) = mid;
    }
    return at;
}

static int64_t time_after(const profile *p, int32_t k) {
    return k + 1 < p->n_index ? p->index[k + 1].time : INT64_MAX;
}

/* `start`, or the end of the last step of block k, from its i-th on, that leaves too little where
 * [start, start + duration) would be. */
static int64_t pass_block(const profile *p, int32_t k, int32_t i, int64_t start, int64_t duration,
                          int64_t most) {
    const profile_block *b = block_at(p, k);
    if (i == 0 && b->most <= most)
        return start;
    if (i == 0 && b->least > most)
        return time_after(p, k);
    for (; i < b->n && b->steps[i].time < start + duration; ++i)
        if (b->steps[i].used > most)
            start = i + 1 < b->n ? b->steps[i + 1].time : time_after(p, k);
    return start;
}

int64_t stream_profile_fit(const profile *p, int64_t from, int64_t duration, int64_t rate) {
    place at = step_at(p, from);
    int64_t start = from;
    for (; at.k < p->n_index && p->index[at.k].time < start + duration; ++at.k, at.i = 0)
        start = pass_block(p, at.k, at.i, start, duration, p->bandwidth - rate);
    return start;
}

/* The upper half of block k becomes a block of its own. */
static void halve(profile *p, int32_t k) {
    int32_t upper = new_block(p);
    profile_block *a = block_at(p, k), *b = &p->blocks[upper];
    b->n = a->n / 2;
    a->n -= b->n;
    b->least = a->least;
    b->most = a->most;
    memcpy(b->steps, &a->steps[a->n], (size_t)b->n * sizeof *b->steps);
    insert_block(p, k + 1, upper, b->steps[0].time);
}

/* A step that begins at `time`, within step `at` and with its use; returns it. */
static place insert_step(profile *p, place at, int64_t time) {
    if (block_at(p, at.k)->n == PROFILE_BLOCK) {
        halve(p, at.k);
        if (at.i >= block_at(p, at.k)->n)
            at = (place){at.k + 1, at.i - block_at(p, at.k)->n};
    }
    profile_block *b = block_at(p, at.k);
    ++at.i;
    memmove(&b->steps[at.i + 1], &b->steps[at.i], (size_t)(b->n - at.i) * sizeof *b->steps);
    b->steps[at.i] = (profile_step){time, b->steps[at.i - 1].used};
    ++b->n;
    ++p->n;
    return at;
}

static void remove_step(profile *p, place at) {
    profile_block *b = block_at(p, at.k);
    --p->n;
    memmove(&b->steps[at.i], &b->steps[at.i + 1], (size_t)(b->n - at.i - 1) * sizeof *b->steps);
    if (--b->n > 0) {
        p->index[at.k].time = b->steps[0].time;
        return;
    }
    b->next_spare = p->spare;
    p->spare = p->index[at.k].block;
    --p->n_index;
    memmove(&p->index[at.k], &p->index[at.k + 1], (size_t)(p->n_index - at.k) * sizeof *p->index);
}

static int64_t used_before(const profile *p, place at) {
    if (at.i > 0)
        return block_at(p, at.k)->steps[at.i - 1].used;
    const profile_block *before = block_at(p, at.k - 1);
    return before->steps[before->n - 1].used;
}

/* Removes the step if it continues the one before. */
static void merge(profile *p, place at) {
    const profile_step *step = &block_at(p, at.k)->steps[at.i];
    if (step->time > 0 && step->used == used_before(p, at))
        remove_step(p, at);
}

static void measure(profile_block *b) {
    b->least = b->most = b->steps[0].used;
    for (int32_t i = 1; i < b->n; ++i) {
        int64_t used = b->steps[i].used;
        b->least = used < b->least ? used : b->least;
        b->most = used > b->most ? used : b->most;
    }
}

static profile_step *step_of(const profile *p, place at) {
    return &block_at(p, at.k)->steps[at.i];
}

static place after(const profile *p, place at) {
    return at.i + 1 < block_at(p, at.k)->n ? (place){at.k, at.i + 1} : (place){at.k + 1, 0};
}

/* A step begins at `time`, at or behind the step `at`; returns it. */
static place split_from(profile *p, place at, int64_t time) {
    for (place next = after(p, at); next.k < p->n_index && step_of(p, next)->time <= time;
         next = after(p, next))
        at = next;
    return step_of(p, at)->time == time ? at : insert_step(p, at, time);
}

void stream_profile_use(profile *p, int64_t start, int64_t end, int64_t rate) {
    place first = split_from(p, step_at(p, start), start);
    int32_t n_blocks = p->n_index;
    place last = split_from(p, first, end);
    if (p->n_index != n_blocks)
        first = step_at(p, start); /* it may have moved to a new block */
    for (place at = first; at.k != last.k || at.i != last.i; at = after(p, at))
        step_of(p, at)->used += rate;
    int32_t last_block = last.k;
    n_blocks = p->n_index;
    merge(p, last);
    last_block -= n_blocks - p->n_index;
    n_blocks = p->n_index;
    merge(p, first);
    last_block -= n_blocks - p->n_index;
    for (int32_t k = first.k; k <= last_block; ++k)
        measure(block_at(p, k));
}
