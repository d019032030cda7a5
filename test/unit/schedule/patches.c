// RUN: unit-schedule-patches

/* What is left of a box along two axes is what the cut along all dimensions leaves, in the same
 * order. */

#include "../../../lib/schedule/patches.h"

#include "test.h"

enum {
    RANK = 4,
    MOST = 40, /* buffers */
    ROUNDS = 4000
};

static const stream_box plane = {.rank = RANK, .lo = {0, 5, 0, 2}, .size = {1, 3, 64, 7}};

/* Somewhere in the plane, along the axes. */
static stream_box draw(unsigned *seed, const datum_axes *axes, int32_t side) {
    stream_box box = plane;
    for (int32_t k = 0; k < 2; ++k) {
        box.lo[axes->axis[k]] = (int32_t)(test_random(seed) % (unsigned)side);
        box.size[axes->axis[k]] = 1 + (int32_t)(test_random(seed) % 6);
    }
    return box;
}

static bool same(const box_rests *a, const box_rests *b) {
    bool equal = a->n == b->n;
    for (int32_t i = 0; equal && i < a->n; ++i)
        equal = stream_box_equal(&a->boxes[i], &b->boxes[i]);
    return equal;
}

/* False: one says otherwise than the other. */
static bool round_of(engine *e, const datum_axes *axes, unsigned *seed, bool *out_cut) {
    int32_t ids[MOST], n = (int32_t)(test_random(seed) % MOST), side = 4 << test_random(seed) % 4;
    stream_box box = draw(seed, axes, 4);
    box.size[axes->axis[0]] = box.size[axes->axis[1]] = side;
    box_rests all, along;
    bool cut = true;
    stream_rests_begin(&all, &box);
    for (int32_t i = 0; i < n; ++i) {
        buffer_detail *d = detail_at(e, i);
        stream_box there = draw(seed, axes, side);
        ids[i] = i;
        for (int32_t k = 0; k < 2; ++k) {
            d->lo[k] = there.lo[axes->axis[k]];
            d->hi[k] = d->lo[k] + there.size[axes->axis[k]];
        }
        cut = cut && stream_rests_cut(&all, &there);
    }
    *out_cut = cut;
    return stream_patches_cut(e, 0, &box, ids, n, &along) == cut && (!cut || same(&all, &along));
}

int main(void) {
    unsigned seed = 7;
    int32_t wrong = 0, n_cut = 0;
    datum_axes axes[2] = {{.axis = {1, 3}}, {.axis = {3, 2}}};
    for (int32_t i = 0; i < ROUNDS; ++i) {
        model m = {.axes = &axes[i % 2]};
        engine e = {.m = &m};
        bool cut;
        e.details = STREAM_VEC(buffer_detail);
        stream_vec_push_n(&e.details, MOST);
        wrong += !round_of(&e, &axes[i % 2], &seed, &cut);
        n_cut += cut;
        stream_vec_free(&e.details);
    }
    CHECK(wrong == 0);
    CHECK(n_cut > ROUNDS / 2 && n_cut < ROUNDS);
    return test_done();
}
