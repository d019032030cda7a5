// RUN: unit-schedule-parts

/* The scheduler's bandwidth profile and memory map: hand-worked cases, then against arrays that
 * hold every cycle and every address. */

#include "../../../lib/schedule/memory_map.h"
#include "../../../lib/schedule/profile.h"

#include "test.h"

#include <string.h>

static void profile_by_hand(void) {
    profile p = {0};
    stream_profile_reset(&p, 64);
    CHECK_EQ(stream_profile_fit(&p, 5, 10, 64), 5);
    stream_profile_use(&p, 10, 30, 32);
    stream_profile_use(&p, 20, 40, 32);
    CHECK_EQ(stream_profile_fit(&p, 0, 10, 64), 0);  /* just before */
    CHECK_EQ(stream_profile_fit(&p, 0, 11, 64), 40); /* one cycle too long */
    CHECK_EQ(stream_profile_fit(&p, 0, 20, 32), 0);  /* beside the first */
    CHECK_EQ(stream_profile_fit(&p, 5, 20, 32), 30); /* not where both are */
    stream_profile_use(&p, 0, 10, 32);
    CHECK_EQ(p.n, 4); /* 0: 32, 20: 64, 30: 32, 40: 0 */
    stream_profile_free(&p);
}

#define CYCLES 300

static int64_t slow_fit(const int64_t *used, int64_t from, int64_t duration, int64_t most) {
    for (int64_t start = from;; ++start) {
        int64_t i = 0;
        while (i < duration && (start + i >= CYCLES || used[start + i] <= most))
            ++i;
        if (i == duration)
            return start;
    }
}

static void profile_at_random(void) {
    unsigned seed = 7;
    int wrong = 0;
    for (int round = 0; round < 200; ++round) {
        int64_t used[CYCLES] = {0};
        profile p = {0};
        stream_profile_reset(&p, 16);
        for (int i = 0; i < 40; ++i) {
            int64_t rate = 1 + test_random(&seed) % 16, from = test_random(&seed) % 100;
            int64_t duration = 1 + test_random(&seed) % 12;
            int64_t start = stream_profile_fit(&p, from, duration, rate);
            wrong += start != slow_fit(used, from, duration, 16 - rate);
            if (start + duration > CYCLES)
                continue;
            stream_profile_use(&p, start, start + duration, rate);
            for (int64_t t = start; t < start + duration; ++t)
                used[t] += rate;
        }
        stream_profile_free(&p);
    }
    CHECK_EQ(wrong, 0);
}

static void map_by_hand(void) {
    memory_map m = {0};
    memory_window w;
    stream_memory_map_reset(&m, 100);
    CHECK(stream_memory_map_find(&m, 30, 0, MEMORY_FIT_LOW, &w) && w.address == 0);
    int32_t a = stream_memory_map_take(&m, &w, 30, 1);
    CHECK(stream_memory_map_find(&m, 30, 0, MEMORY_FIT_HIGH, &w) && w.address == 70);
    int32_t b = stream_memory_map_take(&m, &w, 30, 2);
    CHECK(!stream_memory_map_find(&m, 41, 0, MEMORY_FIT_LOW, &w));
    stream_memory_map_release(&m, a, 50);
    CHECK(stream_memory_map_find(&m, 41, 0, MEMORY_FIT_LOW, &w) && w.address == 0 &&
          w.free_from == 50);
    CHECK(stream_memory_map_find(&m, 40, 0, MEMORY_FIT_LOW, &w) && w.address == 30 &&
          w.free_from == 0);
    stream_memory_map_release(&m, b, 20);
    CHECK(stream_memory_map_find(&m, 50, 30, MEMORY_FIT_LOW, &w) && w.address == 30 &&
          w.free_from == 20);
    CHECK(stream_memory_map_find(&m, 100, 0, MEMORY_FIT_COMPACT, &w) && w.free_from == 50);
    stream_memory_map_free(&m);
}

#define ADDRESSES 64

/* Earliest time from which `bits` contiguous addresses are free; STREAM_NEVER: not at all. */
static int64_t slow_earliest(const int64_t *free_from, int64_t bits) {
    int64_t best = STREAM_NEVER;
    for (int64_t at = 0; at + bits <= ADDRESSES; ++at) {
        int64_t latest = 0;
        for (int64_t i = at; i < at + bits; ++i)
            latest = free_from[i] > latest ? free_from[i] : latest;
        best = latest < best ? latest : best;
    }
    return best;
}

/* Live buffers never overlap, a window is as early as it says, and with no floor none is earlier.
 */
static int map_round(unsigned *seed) {
    int64_t free_from[ADDRESSES] = {0};
    struct {
        int32_t segment;
        int64_t address, bits;
    } live[ADDRESSES];
    int n = 0, wrong = 0;
    memory_map m = {0};
    stream_memory_map_reset(&m, ADDRESSES);
    for (int64_t now = 1; now < 120; ++now) {
        int64_t bits = 1 + test_random(seed) % 20;
        memory_window w;
        bool found = stream_memory_map_find(&m, bits, 0, MEMORY_FIT_LOW, &w);
        wrong += found != (slow_earliest(free_from, bits) != STREAM_NEVER);
        wrong += found && w.free_from > slow_earliest(free_from, bits);
        if (found && n < ADDRESSES) {
            live[n].segment = stream_memory_map_take(&m, &w, bits, n);
            live[n].address = w.address;
            live[n++].bits = bits;
            for (int64_t i = w.address; i < w.address + bits; ++i) {
                wrong += free_from[i] > w.free_from;
                free_from[i] = STREAM_NEVER;
            }
        }
        if (n && (!found || test_random(seed) % 3 == 0)) {
            int k = (int)(test_random(seed) % (unsigned)n);
            stream_memory_map_release(&m, live[k].segment, now);
            for (int64_t i = live[k].address; i < live[k].address + live[k].bits; ++i)
                free_from[i] = now;
            live[k] = live[--n];
        }
    }
    stream_memory_map_free(&m);
    return wrong;
}

int main(void) {
    profile_by_hand();
    profile_at_random();
    map_by_hand();
    unsigned seed = 3;
    int wrong = 0;
    for (int round = 0; round < 300; ++round)
        wrong += map_round(&seed);
    CHECK_EQ(wrong, 0);
    return test_done();
}
