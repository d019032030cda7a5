// RUN: unit-hardware-kinds

/* Rings and kinds of the fixture's cores: by their way to off-chip memory, then by class. */

#include "stream/hardware/kinds.h"

#include "fixture.h"

static void find(fixture *f, stream_core_kinds *kinds) {
    CHECK_EQ(fixture_finish(f), STREAM_OK);
    stream_core_kinds_find(&f->acc, f->arena, kinds);
}

int main(void) {
    fixture f;
    stream_core_kinds kinds;
    fixture_open(&f);
    find(&f, &kinds); /* both on the bus, but not equal */
    CHECK_EQ(kinds.n_rings, 1);
    CHECK_EQ(kinds.n_kinds, 2);
    CHECK_EQ(kinds.kind_of[0], 0);
    CHECK_EQ(kinds.kind_of[1], 1);
    CHECK_EQ(kinds.kind_of[2], -1); /* off-chip */
    CHECK_EQ(kinds.ring_of[2], -1);
    /* a behind b, over 32 bits per cycle: 2048 cycles against 512 */
    memcpy(f.link_cores, (int32_t[4][4]){{0, 1}, {1, 2}}, sizeof f.link_cores);
    f.links[1].n_cores = 2;
    find(&f, &kinds);
    CHECK_EQ(kinds.n_rings, 2);
    CHECK_EQ(kinds.ring_of[0], 1);
    CHECK_EQ(kinds.ring_of[1], 0);
    CHECK_EQ(kinds.kind_of[0], 1);
    CHECK_EQ(kinds.kind_of[1], 0);
    fixture_close(&f);
    return test_done();
}
