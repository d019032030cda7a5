// RUN: unit-schedule-layout

/* Layouts of a memory that is full at all times: rectangles of address and time are cut into
 * pieces, whose layout is to be found again. */

#include "../../../lib/schedule/layout.h"
#include "test.h"

#include <stdlib.h>

enum {
    MOST = 200
};

static bool overlap(const layout_item *a, const layout_item *b) {
    return a->start < b->until && b->start < a->until && a->address < b->address + b->bits &&
           b->address < a->address + a->bits;
}

static bool is_layout(const layout_item *items, int32_t n, int64_t size, int64_t word) {
    bool ok = true;
    for (int32_t i = 0; i < n; ++i) {
        ok &= items[i].address >= 0 && items[i].address + items[i].bits <= size &&
              items[i].address % word == 0;
        for (int32_t k = 0; k < i; ++k)
            ok &= !overlap(&items[i], &items[k]);
    }
    return ok;
}

static uint32_t draw(uint64_t *state, uint32_t n) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33) % n;
}

/* A piece is cut into two of whole words, or at a time. */
static bool cut(layout_item *piece, layout_item *rest, int64_t word, uint64_t *state) {
    int64_t words = piece->bits / word, time = piece->until - piece->start;
    *rest = *piece;
    if (draw(state, 2) == 0 && words > 1) {
        piece->bits = (1 + draw(state, (uint32_t)words - 1)) * word;
        rest->bits -= piece->bits;
        return true;
    }
    if (time < 2)
        return false;
    rest->start = piece->until = piece->start + 1 + draw(state, (uint32_t)time - 1);
    return true;
}

static int32_t cut_up(layout_item *items, int32_t n, int64_t size, int64_t word, uint64_t *state) {
    int32_t made = 1;
    items[0] = (layout_item){.start = 0, .until = 1000, .bits = size};
    for (int32_t tries = 0; made < n && tries < 10 * n; ++tries)
        made += cut(&items[draw(state, (uint32_t)made)], &items[made], word, state);
    return made;
}

/* All of [0, size) is in use at all times. */
static void full(void) {
    static const int64_t words[] = {1, 24, (int64_t)3 << 40};
    uint64_t state = 1;
    int32_t n_found = 0, n = 0;
    for (int32_t k = 0; k < 60; ++k) {
        layout_item items[MOST], again[MOST];
        int64_t word = words[k % 3], size = 500 * word, work = 1 << 20, same = 1 << 20;
        int32_t n_items = cut_up(items, 10 + k, size, word, &state);
        for (int32_t i = 0; i < n_items; ++i)
            again[i] = items[i];
        bool found = stream_layout_find(items, n_items, size, &work);
        CHECK(!found || is_layout(items, n_items, size, word));
        CHECK_EQ(stream_layout_find(again, n_items, size, &same), found);
        CHECK_EQ(same, work);
        n_found += found;
        ++n;
    }
    printf("# %d of %d\n", n_found, n);
    CHECK_EQ(n_found, n);
}

/* 1,600 pieces, of which 40 and then others are there in each of 40 times: where a stack of all
 * fails, those that are there are stacked for themselves. */
static void long_time(void) {
    enum {
        N = 1600,
        TIMES = 40
    };
    static layout_item items[N];
    uint64_t state = 7;
    int32_t n = 0;
    int64_t work = 1 << 20;
    for (int32_t k = 0; k < TIMES; ++k) {
        int32_t first = n;
        n += cut_up(&items[n], N / TIMES, 500, 1, &state);
        for (int32_t i = first; i < n; ++i) {
            items[i].start += 1000 * k;
            items[i].until += 1000 * k;
        }
    }
    for (int32_t i = 0; i < n; ++i)
        items[i].address = 0;
    CHECK_EQ(n, N);
    CHECK(stream_layout_find(items, n, 500, &work));
    CHECK(is_layout(items, n, 500, 1));
}

/* Sizes that are no multiples of what an int32_t counts of the memory. */
static void large(void) {
    layout_item items[] = {{0, 2, 7, 0}, {1, 3, ((int64_t)1 << 50) - (1 << 23), 0}, {2, 4, 7, 0}};
    int64_t work = 1 << 16;
    CHECK(stream_layout_find(items, 3, (int64_t)1 << 50, &work));
    CHECK(is_layout(items, 3, (int64_t)1 << 50, 1));
}

/* More than there is room for, at one time: no work is done. */
static void too_much(void) {
    layout_item items[] = {{0, 2, 7, 0}, {1, 3, 6, 0}, {2, 4, 7, 0}};
    int64_t work = 1 << 16;
    CHECK(!stream_layout_find(items, 3, 12, &work));
    CHECK_EQ(work, 1 << 16);
    CHECK(stream_layout_find(items, 3, 13, &work));
    CHECK(is_layout(items, 3, 13, 1));
    work = 0;
    CHECK(!stream_layout_find(items, 3, 13, &work));
}

/* 2,000 long items of a bit one above the other, and as many short ones: not all is looked at. */
static void many(void) {
    enum {
        N = 4000
    };
    layout_item *items = calloc(N, sizeof *items);
    int64_t work = (int64_t)1 << 26;
    for (int32_t i = 0; i < N; ++i)
        items[i] = i % 2 == 0 ? (layout_item){.start = i, .until = i + 2000, .bits = 1}
                              : (layout_item){.start = i, .until = i + 10, .bits = 100};
    CHECK(stream_layout_find(items, N, 1600, &work));
    CHECK(is_layout(items, N, 1600, 1));
    free(items);
}

int main(void) {
    full();
    long_time();
    large();
    too_much();
    many();
    return test_done();
}
