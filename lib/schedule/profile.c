/* Bandwidth over time; see profile.h. */

#include "profile.h"

#include "stream/support/alloc.h"

#include <stdlib.h>
#include <string.h>

typedef profile_place place;

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
        p->blocks = stream_alloc_grown_lines(p->blocks, (size_t)p->n_blocks * sizeof *p->blocks,
                                             (size_t)p->blocks_capacity * sizeof *p->blocks);
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

/* Steps that are not there begin after all others. */
static void end_times(profile_block *b) {
    for (int32_t i = b->n; i < PROFILE_BLOCK; ++i)
        b->times[i] = INT64_MAX;
}

void stream_profile_reset(profile *p, int64_t bandwidth) {
    p->n_blocks = p->n_index = 0;
    p->spare = -1;
    p->n = 1;
    p->recent = (place){0};
    p->bandwidth = bandwidth;
    insert_block(p, 0, new_block(p), 0);
    profile_block *b = block_at(p, 0);
    b->times[0] = b->used[0] = 0;
    b->n = b->n_least = 1;
    end_times(b);
    b->least = b->most = 0;
}

void stream_profile_free(profile *p) {
    free(p->blocks);
    free(p->index);
    *p = (profile){0};
}

static int64_t time_after(const profile *p, int32_t k) {
    return k + 1 < p->n_index ? p->index[k + 1].time : INT64_MAX;
}

/* The last block that begins at or before `time`: often the one that was looked for before, or the
 * very last. */
static int32_t find_block(const profile *p, int64_t time) {
    int32_t k = p->recent.k, n = p->n_index;
    if (k < n && p->index[k].time <= time && time < time_after(p, k))
        return k;
    if (p->index[n - 1].time <= time)
        return n - 1;
    for (k = 0; n > 1;) {
        int32_t half = n / 2;
        k = p->index[k + half].time <= time ? k + half : k;
        n -= half;
    }
    return k;
}

/* Of the block's steps the last that begins at or before `time`. Comparisons that do not wait for
 * one another are faster than few, since blocks are seldom in a cache: every eighth step, then
 * those between. */
static int32_t step_in(const int64_t *times, int64_t time) {
    int32_t eighth = 0, i = 0;
    for (int32_t j = PROFILE_LINE; j < PROFILE_BLOCK; j += PROFILE_LINE)
        eighth += times[j] <= time;
    times += PROFILE_LINE * eighth;
    for (int32_t j = 1; j < PROFILE_LINE; ++j)
        i += times[j] <= time;
    return PROFILE_LINE * eighth + i;
}

/* Steps that are tried from the recent one on. */
#define MOST_TRIED 4

/* The last step that begins at or before `time`: often the one that was looked for before, or one
 * soon behind it. */
static place step_at(const profile *p, int64_t time) {
    int32_t k = find_block(p, time), i = p->recent.i;
    const int64_t *times = block_at(p, k)->times;
    if (k == p->recent.k && times[i] <= time)
        for (int32_t last = i + MOST_TRIED; i < last; ++i)
            if (i + 1 == PROFILE_BLOCK || times[i + 1] > time)
                return (place){k, i};
    return (place){k, step_in(times, time)};
}

/* Moves `start` to the end of the last step of block at->k, from the at->i-th on, that leaves too
 * little where [start, start + duration) would be; *begin is the step in which it is. */
static int64_t pass_block(const profile *p, place at, int64_t start, int64_t duration, int64_t most,
                          place *begin) {
    const profile_block *b = block_at(p, at.k);
    if (at.i == 0 && b->most <= most)
        return start;
    if (at.i == 0 && b->least > most) {
        *begin = (place){at.k + 1, 0};
        return time_after(p, at.k);
    }
    for (int32_t i = at.i; i < b->n && b->times[i] < start + duration; ++i)
        if (b->used[i] > most) {
            *begin = i + 1 < b->n ? (place){at.k, i + 1} : (place){at.k + 1, 0};
            start = i + 1 < b->n ? b->times[i + 1] : time_after(p, at.k);
        }
    return start;
}

static profile_block *last_block(const profile *p) {
    return block_at(p, p->n_index - 1);
}

/* Behind all that is in use. */
static inline bool is_behind(const profile *p, int64_t time) {
    const profile_block *last = last_block(p);
    return time >= last->times[last->n - 1];
}

int64_t stream_profile_fit(profile *p, int64_t from, int64_t duration, int64_t rate) {
    if (is_behind(p, from))
        return from;
    place at = step_at(p, from), begin = at;
    int64_t start = from;
    for (; at.k < p->n_index && p->index[at.k].time < start + duration; ++at.k, at.i = 0)
        start = pass_block(p, at, start, duration, p->bandwidth - rate, &begin);
    p->recent = begin;
    return start;
}

bool stream_profile_fits(profile *p, int64_t start, int64_t duration, int64_t rate) {
    if (is_behind(p, start))
        return true;
    place at = step_at(p, start);
    int64_t most = p->bandwidth - rate;
    for (; at.k < p->n_index && p->index[at.k].time < start + duration; ++at.k, at.i = 0) {
        const profile_block *b = block_at(p, at.k);
        for (int32_t i = at.i; b->most > most && i < b->n && b->times[i] < start + duration; ++i)
            if (b->used[i] > most)
                return false;
    }
    return true;
}

static void measure(profile_block *b) {
    b->least = b->most = b->used[0];
    b->n_least = 1;
    for (int32_t i = 1; i < b->n; ++i) {
        int64_t used = b->used[i];
        b->n_least = used < b->least ? 1 : b->n_least + (used == b->least);
        b->least = used < b->least ? used : b->least;
        b->most = used > b->most ? used : b->most;
    }
}

/* A step of the block does not use `used` any more, or is gone. */
static void forget_used(profile_block *b, int64_t used) {
    if (used == b->least && --b->n_least == 0 && b->n > 0)
        measure(b);
}

/* The upper half of block k becomes a block of its own. */
static void halve(profile *p, int32_t k) {
    int32_t upper = new_block(p);
    profile_block *a = block_at(p, k), *b = &p->blocks[upper];
    b->n = a->n / 2;
    a->n -= b->n;
    memcpy(b->times, &a->times[a->n], (size_t)b->n * sizeof *b->times);
    memcpy(b->used, &a->used[a->n], (size_t)b->n * sizeof *b->used);
    end_times(a);
    end_times(b);
    measure(a);
    measure(b);
    insert_block(p, k + 1, upper, b->times[0]);
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
    size_t bytes = (size_t)(b->n - at.i) * sizeof *b->times;
    memmove(&b->times[at.i + 1], &b->times[at.i], bytes);
    memmove(&b->used[at.i + 1], &b->used[at.i], bytes);
    b->times[at.i] = time;
    b->used[at.i] = b->used[at.i - 1];
    b->n_least += b->used[at.i] == b->least;
    ++b->n;
    ++p->n;
    return at;
}

static void remove_step(profile *p, place at) {
    profile_block *b = block_at(p, at.k);
    int64_t used = b->used[at.i];
    size_t bytes = (size_t)(b->n - at.i - 1) * sizeof *b->times;
    --p->n;
    memmove(&b->times[at.i], &b->times[at.i + 1], bytes);
    memmove(&b->used[at.i], &b->used[at.i + 1], bytes);
    b->times[--b->n] = INT64_MAX;
    if (b->n > 0) {
        forget_used(b, used);
        p->index[at.k].time = b->times[0];
        return;
    }
    b->next_spare = p->spare;
    p->spare = p->index[at.k].block;
    --p->n_index;
    memmove(&p->index[at.k], &p->index[at.k + 1], (size_t)(p->n_index - at.k) * sizeof *p->index);
}

static int64_t used_before(const profile *p, place at) {
    if (at.i > 0)
        return block_at(p, at.k)->used[at.i - 1];
    const profile_block *before = block_at(p, at.k - 1);
    return before->used[before->n - 1];
}

/* Removes the step if it continues the one before. */
static void merge(profile *p, place at) {
    const profile_block *b = block_at(p, at.k);
    if (b->times[at.i] > 0 && b->used[at.i] == used_before(p, at))
        remove_step(p, at);
}

static int64_t time_of(const profile *p, place at) {
    return block_at(p, at.k)->times[at.i];
}

static place after(const profile *p, place at) {
    return at.i + 1 < block_at(p, at.k)->n ? (place){at.k, at.i + 1} : (place){at.k + 1, 0};
}

/* A step begins at `time`, at or behind the step `at`; returns it. */
static place split_from(profile *p, place at, int64_t time) {
    for (place next = after(p, at); next.k < p->n_index && time_of(p, next) <= time;
         next = after(p, next))
        at = next;
    return time_of(p, at) == time ? at : insert_step(p, at, time);
}

/* The step uses `rate` more, or less. */
static void raise(profile *p, place at, int64_t rate) {
    profile_block *b = block_at(p, at.k);
    int64_t used = b->used[at.i] += rate;
    if (rate < 0) {
        measure(b);
        return;
    }
    b->most = used > b->most ? used : b->most;
    forget_used(b, used - rate);
}

static void append_step(profile *p, profile_block *b, int64_t time, int64_t used) {
    b->times[b->n] = time;
    b->used[b->n] = used;
    ++b->n;
    ++p->n;
}

/* `rate` over [start, end) behind all that is in use; false: it is not, or needs another block. */
static bool use_behind(profile *p, int64_t start, int64_t end, int64_t rate) {
    profile_block *b = last_block(p);
    int32_t i = b->n - 1;
    if (start < b->times[i] || i == 0 || i + 2 >= PROFILE_BLOCK)
        return false;
    if (start == b->times[i] && b->used[i - 1] == rate) {
        b->times[i] = end;
        return true;
    }
    if (start == b->times[i]) {
        b->used[i] = rate;
    } else {
        append_step(p, b, start, rate);
        ++b->n_least; /* nothing is used before it, and behind it again */
    }
    append_step(p, b, end, 0);
    b->most = rate > b->most ? rate : b->most;
    return true;
}

void stream_profile_use(profile *p, int64_t start, int64_t end, int64_t rate) {
    if (use_behind(p, start, end, rate))
        return;
    place first = split_from(p, step_at(p, start), start);
    int32_t n_blocks = p->n_index;
    place last = split_from(p, first, end);
    if (p->n_index != n_blocks)
        first = step_at(p, start); /* it may have moved to a new block */
    for (place at = first; at.k != last.k || at.i != last.i; at = after(p, at))
        raise(p, at, rate);
    merge(p, last);
    merge(p, first);
}
