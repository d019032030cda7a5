// RUN: unit-schedule-pack

/* Addresses that are laid out again when all times are known: legal, the rest of the schedule as it
 * was, and no more of the memory used than before; by hand, a layout that the scheduler's own order
 * of time does not find. */

#include "../../../lib/schedule/layout.h"
#include "random_instance.h"

#include "stream/check/check.h"
#include "stream/schedule/pack.h"
#include "stream/schedule/places.h"

static bool same_but_addresses(const random_instance *r, const stream_schedule *a,
                               const stream_schedule *b) {
    bool same = a->n_transfers == b->n_transfers && a->n_streams == b->n_streams;
    for (int32_t i = 0; i < r->graph.n_cts; ++i)
        same &= a->slots[i].start == b->slots[i].start && a->slots[i].end == b->slots[i].end &&
                a->slots[i].until == b->slots[i].until && a->slots[i].core == b->slots[i].core;
    for (int32_t i = 0; i < a->n_transfers; ++i) {
        same &= a->transfers[i].start == b->transfers[i].start &&
                a->transfers[i].end == b->transfers[i].end &&
                a->transfers[i].source == b->transfers[i].source &&
                a->transfers[i].n_targets == b->transfers[i].n_targets;
        for (int32_t k = 0; same && k < a->transfers[i].n_targets; ++k)
            same &= a->transfers[i].targets[k].instance == b->transfers[i].targets[k].instance &&
                    a->transfers[i].targets[k].until == b->transfers[i].targets[k].until;
    }
    return same;
}

static bool has_moved(const random_instance *r, const stream_schedule *a,
                      const stream_schedule *b) {
    bool moved = false;
    for (int32_t i = 0; i < r->graph.n_cts; ++i)
        moved |= a->slots[i].address != b->slots[i].address;
    return moved;
}

static void random_schedules(void) {
    int32_t moved = 0;
    for (unsigned seed = 1; seed <= 400; ++seed) {
        random_instance r;
        stream_schedule s;
        CHECK(random_instance_open(&r, seed));
        if (stream_schedule_build(&r.problem, STREAM_PRIORITY_LATENCY, r.arena, &r.diag, &s) ==
            STREAM_OK) {
            stream_schedule packed = s;
            stream_schedule_pack(&r.problem, r.arena, &packed);
            CHECK(same_but_addresses(&r, &s, &packed));
            CHECK_EQ(stream_check_schedule(&r.problem, &packed, NULL, &r.diag, NULL), STREAM_OK);
            moved += has_moved(&r, &s, &packed);
        }
        random_instance_close(&r);
    }
    printf("# %d of 400 with other addresses\n", moved);
    CHECK(moved > 20);
}

/* What the off-chip places use at most. */
static int64_t offchip_end(const random_instance *r, const stream_schedule *s) {
    int64_t end = 0;
    size_t n;
    const stream_place *places = stream_schedule_places(&r->problem, s, r->arena, &n);
    for (size_t i = 0; i < n; ++i)
        if (places[i].instance == r->acc.offchip_instance)
            end = stream_max_i64(end, places[i].address + places[i].bits);
    return end;
}

/* An off-chip memory of `bits` instead. */
static void resize(random_instance *r, int64_t bits) {
    stream_instance *instances = stream_arena_copy(
        r->arena, r->acc.instances, (size_t)r->acc.n_instances, sizeof *r->acc.instances);
    instances[r->acc.offchip_instance].size_bits = bits;
    r->acc.instances = instances;
}

/* Off-chip memory is laid out again where it is small. */
static void small_offchip(void) {
    int32_t less = 0, n = 0;
    for (unsigned seed = 1; seed <= 200; ++seed) {
        random_instance r;
        stream_schedule s;
        CHECK(random_instance_open(&r, seed));
        bool built = stream_schedule_build(&r.problem, STREAM_PRIORITY_LATENCY, r.arena, &r.diag,
                                           &s) == STREAM_OK;
        if (built) {
            resize(&r, s.summary.peak_bits[r.acc.offchip_instance] * 9 / 8);
            built = stream_schedule_build(&r.problem, STREAM_PRIORITY_LATENCY, r.arena, NULL, &s) ==
                    STREAM_OK;
        }
        if (built) {
            stream_schedule packed = s;
            stream_schedule_pack(&r.problem, r.arena, &packed);
            CHECK_EQ(stream_check_schedule(&r.problem, &packed, NULL, &r.diag, NULL), STREAM_OK);
            less += offchip_end(&r, &packed) < offchip_end(&r, &s);
            ++n;
        }
        random_instance_close(&r);
    }
    printf("# %d of %d with less off-chip\n", less, n);
    CHECK(less > 20);
}

/* Each item below the next while both are there; all of 12 addresses are used, 7 suffice:
 *
 *   12 |     bbb
 *    9 |     bbb ccc      7 | bbbccc
 *    4 | aaa     ccc  ->  4 | bbbccc
 *    0 | aaa ddddddd      0 | aaaddddddd
 */
static void by_hand(void) {
    layout_item items[] = {{0, 10, 4, 0}, {10, 20, 3, 9}, {20, 30, 3, 6}, {10, 30, 4, 0}};
    CHECK(stream_layout_improve(items, 4, 12, 7, 1 << 20));
    for (int i = 0; i < 4; ++i) {
        CHECK(items[i].address >= 0 && items[i].address + items[i].bits <= 7);
        for (int k = 0; k < i; ++k)
            CHECK(items[i].start >= items[k].until || items[k].start >= items[i].until ||
                  items[i].address >= items[k].address + items[k].bits ||
                  items[k].address >= items[i].address + items[i].bits);
    }
    CHECK(!stream_layout_improve(items, 4, 12, 0, 1 << 20));
    CHECK(!stream_layout_improve(items, 4, 12, 7, 1 << 20));
    CHECK(!stream_layout_improve(items, 0, 12, 0, 1 << 20));
}

int main(void) {
    by_hand();
    random_schedules();
    small_offchip();
    return test_done();
}
