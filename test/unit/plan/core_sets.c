// RUN: unit-plan-core_sets

/* Cores that tiles may be made for as if there were no others, on the accelerator of
 * test/unit/hardware/fixture.h (core 0 has 1024 bits, core 2 is off-chip). */

#include "stream/plan/core_sets.h"

#include "hardware/fixture.h"

static int32_t find(fixture *f, stream_core_set *sets) {
    CHECK_EQ(fixture_finish(f), STREAM_OK);
    return stream_plan_core_sets(&f->acc, f->arena, sets);
}

/* Core 0 behind core 1, over a narrow link. */
static void move_away(fixture *f) {
    memcpy(f->link_cores, (int32_t[4][4]){{0, 1}, {1, 2}}, sizeof f->link_cores);
    f->links[1].n_cores = 2;
}

int main(void) {
    static const char *const relu[] = {"Relu"};
    const int32_t *cores, both[] = {0, 1};
    fixture f;
    stream_core_set sets[STREAM_N_CORE_SETS];
    fixture_open(&f);
    move_away(&f);
    CHECK_EQ(find(&f, sets), 1); /* what all sets leave out is the same core */
    CHECK_EQ(sets[0].kind, STREAM_CORES_NEAREST);
    CHECK_EQ(sets[0].n_cores, 1);
    CHECK_EQ(sets[0].cores[0], 1);
    CHECK_EQ(stream_plan_cores_for(&f.acc, sets[0].cores, 1, "Conv", f.arena, &cores), 1);
    CHECK_EQ(cores[0], 1);
    CHECK_EQ(stream_plan_cores_for(&f.acc, both, 2, "Conv", f.arena, &cores), 0); /* all */
    f.cores[1].operators = relu; /* core 0 alone runs Conv, but could be left out for Relu */
    f.cores[1].n_operators = 1;
    CHECK_EQ(find(&f, sets), 1);
    CHECK_EQ(stream_plan_cores_for(&f.acc, sets[0].cores, 1, "Conv", f.arena, &cores), 0);
    CHECK_EQ(stream_plan_cores_for(&f.acc, sets[0].cores, 1, "Relu", f.arena, &cores), 1);
    f.cores[0].operators = (const char *const[]){"Conv"}; /* none stands in for the other */
    f.cores[0].n_operators = 1;
    CHECK_EQ(find(&f, sets), 0);
    fixture_close(&f);
    return test_done();
}
