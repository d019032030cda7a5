// RUN: unit-support-box

#include "stream/support/box.h"
#include "test.h"

static stream_box random_box(unsigned *seed) {
    stream_box b = {.rank = 3};
    for (int d = 0; d < 3; ++d) {
        b.lo[d] = (int32_t)(test_random(seed) % 5);
        b.size[d] = 1 + (int32_t)(test_random(seed) % 4);
    }
    return b;
}

static int holds(const stream_box *b, const int32_t *p) {
    for (int d = 0; d < 3; ++d)
        if (p[d] < b->lo[d] || p[d] >= b->lo[d] + b->size[d])
            return 0;
    return 1;
}

/* Every point of a grid is asked, against the definition of each operation. */
static void against_points(void) {
    unsigned seed = 7;
    int wrong = 0;
    for (int round = 0; round < 500; ++round) {
        stream_box a = random_box(&seed), b = random_box(&seed), both, rest[2 * STREAM_MAX_RANK];
        int meets = stream_box_intersect(&a, &b, &both);
        int n = stream_box_subtract(&a, &b, rest), inside = 1, any = 0;
        int64_t volume = 0;
        for (int32_t x = 0; x < 10; ++x)
            for (int32_t y = 0; y < 10; ++y)
                for (int32_t z = 0; z < 10; ++z) {
                    int32_t p[3] = {x, y, z};
                    int in_a = holds(&a, p), in_b = holds(&b, p), in_rest = 0;
                    for (int i = 0; i < n; ++i)
                        in_rest += holds(&rest[i], p);
                    wrong += in_rest != (in_a && !in_b);
                    wrong += (meets && holds(&both, p)) != (in_a && in_b);
                    any |= in_a && in_b;
                    inside &= !in_b || in_a;
                    volume += in_a;
                }
        stream_box trimmed = a;
        int left = stream_box_trim(&trimmed, &b);
        wrong += left != (n > 1 ? -1 : n);
        wrong += left != 0 && !stream_box_equal(&trimmed, left > 0 ? rest : &a);
        wrong += any != stream_box_overlaps(&a, &b) || any != meets;
        wrong += inside != stream_box_contains(&a, &b);
        wrong += volume != stream_box_volume(&a);
    }
    CHECK_EQ(wrong, 0);
}

static void edges(void) {
    stream_box point = {0}, rest[2 * STREAM_MAX_RANK];
    CHECK_EQ(stream_box_volume(&point), 1);
    CHECK(stream_box_overlaps(&point, &point));
    CHECK_EQ(stream_box_subtract(&point, &point, rest), 0);
    stream_box whole = stream_box_whole(2, (const int64_t[]){3, 4});
    CHECK_EQ(stream_box_volume(&whole), 12);
    CHECK(!stream_box_is_empty(&whole));
    whole.size[1] = 0;
    CHECK(stream_box_is_empty(&whole));
}

int main(void) {
    against_points();
    edges();
    return test_done();
}
