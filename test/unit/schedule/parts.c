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

/* Enough steps for many blocks, put in and taken out anywhere. */
static void profile_of_many_steps(void) {
    enum {
        TIMES = 8000
    };
    static int64_t used[TIMES];
    unsigned seed = 11;
    int wrong = 0;
    profile p = {0};
    stream_profile_reset(&p, 4);
    for (int i = 0; i < 3000; ++i) {
        int64_t rate = 1 + test_random(&seed) % 4, from = test_random(&seed) % 7000;
        int64_t duration = 1 + test_random(&seed) % 9, start = from;
        for (int64_t n = 0; n < duration; ++n)
            if (used[start + n] > 4 - rate) {
                start += n + 1;
                n = -1;
            }
        int64_t found = stream_profile_fit(&p, from, duration, rate);
        wrong += found != start;
        if (found != start || start + duration + 9 > TIMES)
            break;
        stream_profile_use(&p, start, start + duration, rate);
        for (int64_t t = start; t < start + duration; ++t)
            used[t] += rate;
    }
    CHECK_EQ(wrong, 0);
    CHECK(p.n > 10 * PROFILE_BLOCK);
    int32_t n = 1;
    for (int t = 1; t < TIMES; ++t)
        n += used[t] != used[t - 1];
    CHECK_EQ(p.n, n);
    stream_profile_free(&p);
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

#define CELLS 400

/* The smallest run of cells that are free from `want` on and hold `bits`, of equal ones the lowest:
 * its size, or 0. */
static int64_t slow_run(const int64_t *free_from, int64_t bits, int64_t want, int64_t *address) {
    int64_t best = 0;
    for (int64_t at = 0; at < CELLS;) {
        int64_t end = at;
        while (end < CELLS && free_from[end] <= want)
            ++end;
        if (end - at >= bits && (best == 0 || end - at < best)) {
            best = end - at;
            *address = at;
        }
        at = end + 1;
    }
    return best;
}

/* The place that a map must find: in time, or as early as possible. */
static bool slow_find(const int64_t *free_from, int64_t bits, int64_t want, memory_fit fit,
                      int64_t latest, int64_t *address) {
    int64_t size = slow_run(free_from, bits, want, address);
    if (size > 0) {
        *address += fit == MEMORY_FIT_HIGH ? size - bits : 0;
        return true;
    }
    for (int64_t time = want; time <= latest; ++time) {
        int64_t run = 0;
        for (int64_t at = 0; at < CELLS; ++at) {
            run = free_from[at] <= time ? run + 1 : 0;
            if (run == bits) {
                *address = at - bits + 1;
                return true;
            }
        }
    }
    return false;
}

/* Holes and runs are found where a search of every cell finds them; nothing is merged. */
static int exact_round(unsigned *seed) {
    int64_t free_from[CELLS] = {0};
    struct {
        int32_t segment;
        int64_t address, bits;
    } live[CELLS];
    int n = 0, wrong = 0;
    memory_map m = {0};
    stream_memory_map_reset(&m, CELLS);
    for (int64_t now = 1; now < 300; ++now) {
        int64_t bits = 1 + test_random(seed) % 12, want = now - test_random(seed) % (now + 1);
        int64_t address = -1;
        memory_fit fit = test_random(seed) % 2 ? MEMORY_FIT_LOW : MEMORY_FIT_HIGH;
        memory_window w;
        bool found = stream_memory_map_find(&m, bits, want, fit, &w);
        wrong += found != slow_find(free_from, bits, want, fit, now, &address);
        wrong += found && w.address != address;
        if (wrong)
            break;
        if (found) {
            live[n].segment = stream_memory_map_take(&m, &w, bits, n);
            live[n].address = address;
            live[n++].bits = bits;
            for (int64_t i = address; i < address + bits; ++i)
                free_from[i] = STREAM_NEVER;
        }
        for (int k = (int)(test_random(seed) % 3); k > 0 && n > 0 && now > 60; --k) {
            int i = (int)(test_random(seed) % (unsigned)n);
            int64_t time = now - test_random(seed) % 4;
            stream_memory_map_release(&m, live[i].segment, time);
            for (int64_t c = live[i].address; c < live[i].address + live[i].bits; ++c)
                free_from[c] = time;
            live[i] = live[--n];
        }
    }
    stream_memory_map_free(&m);
    return wrong;
}

int main(void) {
    profile_by_hand();
    profile_of_many_steps();
    profile_at_random();
    map_by_hand();
    unsigned seed = 3;
    int wrong = 0;
    for (int round = 0; round < 300; ++round)
        wrong += map_round(&seed);
    CHECK_EQ(wrong, 0);
    for (int round = 0; round < 50; ++round)
        wrong += exact_round(&seed);
    CHECK_EQ(wrong, 0);
    return test_done();
}
