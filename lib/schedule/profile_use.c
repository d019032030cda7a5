/* Bandwidth over time: what is in use; see profile.h. */

#include "profile_step.h"

#include "stream/support/alloc.h"

#include <string.h>

typedef profile_place place;

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
    p->recent = p->asked = (place){0};
    p->end = 0;
    p->bandwidth = bandwidth;
    insert_block(p, 0, new_block(p), 0);
    profile_block *b = profile_block_at(p, 0);
    b->times[0] = b->used[0] = 0;
    b->n = b->n_least = 1;
    end_times(b);
    b->least = b->most = 0;
}

static profile_block *last_block(const profile *p) {
    return profile_block_at(p, p->n_index - 1);
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
    profile_block *a = profile_block_at(p, k), *b = &p->blocks[upper];
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
    if (profile_block_at(p, at.k)->n == PROFILE_BLOCK) {
        halve(p, at.k);
        if (at.i >= profile_block_at(p, at.k)->n)
            at = (place){at.k + 1, at.i - profile_block_at(p, at.k)->n};
    }
    profile_block *b = profile_block_at(p, at.k);
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
    profile_block *b = profile_block_at(p, at.k);
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
        return profile_block_at(p, at.k)->used[at.i - 1];
    const profile_block *before = profile_block_at(p, at.k - 1);
    return before->used[before->n - 1];
}

/* Removes the step if it continues the one before. */
static void merge(profile *p, place at) {
    const profile_block *b = profile_block_at(p, at.k);
    if (b->times[at.i] > 0 && b->used[at.i] == used_before(p, at))
        remove_step(p, at);
}

static int64_t time_of(const profile *p, place at) {
    return profile_block_at(p, at.k)->times[at.i];
}

static place after(const profile *p, place at) {
    return at.i + 1 < profile_block_at(p, at.k)->n ? (place){at.k, at.i + 1} : (place){at.k + 1, 0};
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
    profile_block *b = profile_block_at(p, at.k);
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

/* One more step i of the block, which begins at `time` and uses `used`. */
static void open_step(profile_block *b, int32_t i, int64_t time, int64_t used) {
    for (int32_t k = b->n++; k > i; --k) {
        b->times[k] = b->times[k - 1];
        b->used[k] = b->used[k - 1];
    }
    b->times[i] = time;
    b->used[i] = used;
    b->n_least += used == b->least;
}

/* Step i, which uses what the one before it does, becomes part of that. */
static void close_step(profile_block *b, int32_t i) {
    b->n_least -= b->used[i] == b->least;
    --b->n;
    for (int32_t k = i; k < b->n; ++k) {
        b->times[k] = b->times[k + 1];
        b->used[k] = b->used[k + 1];
    }
    b->times[b->n] = INT64_MAX;
}

/* Steps [first, last) of the block use `rate` more. */
static void raise_steps(profile_block *b, int32_t first, int32_t last, int64_t rate) {
    for (int32_t i = first; i < last; ++i) {
        b->n_least -= b->used[i] == b->least;
        b->used[i] += rate;
        b->most = b->used[i] > b->most ? b->used[i] : b->most;
    }
    if (b->n_least == 0)
        measure(b);
}

/* `rate` over [start, end), which lies in steps [i, last) of one block, between others of it; start
 * is in step i. */
static void use_in_block(profile *p, profile_block *b, int32_t i, int32_t last, int64_t start,
                         int64_t end, int64_t rate) {
    int32_t n = b->n;
    if (last == i + 1 && start == b->times[i] && end < b->times[last] &&
        b->used[i - 1] == b->used[i] + rate) {
        b->times[i] = end;
        return;
    }
    if (last == i + 1 && end == b->times[last] && start > b->times[i] &&
        b->used[last] == b->used[i] + rate) {
        b->times[last] = start;
        return;
    }
    if (end < b->times[last])
        open_step(b, last, end, b->used[last - 1]);
    if (start > b->times[i]) {
        open_step(b, i + 1, start, b->used[i]);
        ++i;
        ++last;
    }
    raise_steps(b, i, last, rate);
    if (b->used[last] == b->used[last - 1])
        close_step(b, last);
    if (b->used[i] == b->used[i - 1])
        close_step(b, i);
    p->n += b->n - n;
}

/* The step behind the last one, from the i-th of the block on, that begins before `end`; -1: it is
 * not of this block, or there may be no room for more steps. */
static int32_t last_in_block(const profile_block *b, int32_t i, int64_t end) {
    if (b->n + 2 > PROFILE_BLOCK)
        return -1;
    while (i < b->n && b->times[i] < end)
        ++i;
    return i < b->n ? i : -1;
}

static void use_across_blocks(profile *p, place at, int64_t start, int64_t end, int64_t rate) {
    place first = split_from(p, at, start);
    int32_t n_blocks = p->n_index;
    place last = split_from(p, first, end);
    if (p->n_index != n_blocks)
        first = profile_step_at(p, start); /* it may have moved to a new block */
    for (at = first; at.k != last.k || at.i != last.i; at = after(p, at))
        raise(p, at, rate);
    merge(p, last);
    merge(p, first);
}

void stream_profile_use(profile *p, int64_t start, int64_t end, int64_t rate) {
    if (!use_behind(p, start, end, rate)) {
        place at = profile_step_at(p, start);
        profile_block *b = profile_block_at(p, at.k);
        int32_t last = at.i > 0 && rate > 0 ? last_in_block(b, at.i + 1, end) : -1;
        if (last >= 0)
            use_in_block(p, b, at.i, last, start, end, rate);
        else
            use_across_blocks(p, at, start, end, rate);
    }
    const profile_block *b = last_block(p);
    p->end = b->times[b->n - 1];
}
