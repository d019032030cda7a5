// RUN: unit-schedule-coala_v0

/* The compatible mode: its step curve against an array that holds every time, two CTs worked by
 * hand, and every refusal. Whole networks and random graphs are compared by golden-coala. */

#include "../../../lib/schedule/v0_curve.h"

#include "stream/schedule/coala_v0.h"

#include "test.h"

#include <math.h>
#include <string.h>

#define TIMES 400

/* The first time from which on `used` stays within the limit, among those at which a step begins.
 */
static bool slow_room(const int64_t *used, const bool *begins, int64_t limit, double *out) {
    double room = -1;
    for (int t = TIMES - 1; t >= 0 && used[t] <= limit; --t)
        room = begins[t] ? t : room;
    *out = room;
    return room >= 0;
}

static void curve_at_random(void) {
    unsigned seed = 3;
    int wrong = 0;
    for (int round = 0; round < 40; ++round) {
        int64_t used[TIMES] = {0};
        bool begins[TIMES] = {true};
        stream_coala_v0_step steps[TIMES];
        v0_curve_pool pool;
        v0_curve c;
        stream_v0_curve_pool_open(&pool);
        stream_v0_curve_open(&c, &pool);
        for (int i = 0; i < 600; ++i) {
            int time =
                (int)(test_random(&seed) % (unsigned)(round % 2 ? TIMES : 1 + i * TIMES / 600));
            int64_t bits = (int64_t)(test_random(&seed) % 9) - 4, limit = bits * i / 8;
            double got = -1, want = -1;
            stream_v0_curve_add(&c, time, bits);
            begins[time] = true;
            for (int t = time; t < TIMES; ++t)
                used[t] += bits;
            bool fits = stream_v0_curve_room(&c, limit, &got);
            wrong += fits != slow_room(used, begins, limit, &want) || (fits && got != want);
        }
        stream_v0_curve_steps(&c, steps);
        int n = 0;
        for (int t = 0; t < TIMES; ++t)
            if (begins[t]) {
                wrong += steps[n].time != t || steps[n].bits != used[t];
                ++n;
            }
        wrong += n != c.n_steps || c.total != used[TIMES - 1];
        stream_v0_curve_pool_close(&pool);
    }
    CHECK_EQ(wrong, 0);
}

/* Many steps: logarithmic, or this test does not end. */
static void curve_is_fast(void) {
    enum {
        STEPS = 300000
    };
    v0_curve_pool pool;
    v0_curve c;
    double room;
    stream_v0_curve_pool_open(&pool);
    stream_v0_curve_open(&c, &pool);
    for (int i = 0; i < STEPS; ++i)
        stream_v0_curve_add(&c, i % 2 ? i : STEPS - i, i % 3 - 1);
    bool fits = stream_v0_curve_room(&c, -2, &room);
    CHECK(c.n_steps > STEPS / 2);
    CHECK(!fits || room > 0);
    stream_v0_curve_pool_close(&pool);
}

/* One core: activations of 100 bits, weights of 50 bits, and one link of 10 bits per cycle.
 *
 *   CT 0   reads 40 bits of weights and 30 of input, writes 20
 *   CT 1   reads 40 bits of other weights and what CT 0 writes, writes 20 to off-chip */
typedef struct {
    stream_coala_v0_memory memories[3];
    int32_t memory_of[2 * STREAM_N_OPERANDS];
    stream_coala_v0_link links[1];
    int32_t route_first[5], route_links[2];
    stream_coala_v0_hardware hw;
    stream_coala_v0_ct cts[2];
    stream_coala_v0_constant constants[3];
    int32_t constant_first[3];
    stream_coala_v0_edge edges[2];
    stream_coala_v0_problem p;
} two_cts;

static two_cts *make(two_cts *t) {
    *t = (two_cts){
        .memories = {{"act", 100, 2, 3, 20, 20},
                     {"w", 50, 1, 6, 20, 20},
                     {"dram", 1000, 5, 7, 10, 10}},
        .memory_of = {0, 1, 0, 2, 2, 2},
        .links = {{10, 1}},
        .route_first = {0, 0, 1, 2, 2},
        .route_links = {0, 0},
        .cts = {{.layer = 0, .cycles = 10, .energy_pj = 100, .output_bits = 20, .final = true},
                {.layer = 1,
                 .cycles = 5,
                 .energy_pj = 50,
                 .output_bits = 20,
                 .output_data = 1,
                 .final = true}},
        .constants = {{.data = 2, .bits = 40, .uses = 1, .operand = STREAM_I2, .rank = 1},
                      {.data = 3, .bits = 30, .uses = 1, .operand = STREAM_I1, .rank = 0},
                      {.data = 4, .bits = 40, .uses = 1, .operand = STREAM_I2, .rank = 0}},
        .constant_first = {0, 2, 3},
        .edges = {{0, 1, STREAM_I1}}};
    t->hw = (stream_coala_v0_hardware){.n_cores = 2,
                                       .offchip_core = 1,
                                       .memories = t->memories,
                                       .n_memories = 3,
                                       .memory_of = t->memory_of,
                                       .links = t->links,
                                       .n_links = 1,
                                       .route_first = t->route_first,
                                       .route_links = t->route_links};
    t->p = (stream_coala_v0_problem){.hardware = &t->hw,
                                     .cts = t->cts,
                                     .n_cts = 2,
                                     .constants = t->constants,
                                     .constant_first = t->constant_first,
                                     .edges = t->edges,
                                     .n_edges = 1,
                                     .n_data = 5,
                                     .just_in_time = true};
    return t;
}

/* Input [0, 3), weights [3, 7); CT 0 [7, 17). The second weights wait for the space of the first:
 * [17, 21); CT 1 [21, 26), written back [26, 28). */
static void by_hand(void) {
    two_cts t;
    stream_arena *arena = stream_arena_create();
    stream_coala_v0_schedule s;
    CHECK(stream_coala_v0_schedule_build(&make(&t)->p, arena, NULL, &s) == STREAM_OK);
    CHECK(s.start[0] == 7 && s.end[0] == 17 && s.start[1] == 21 && s.end[1] == 26);
    CHECK(s.latency_cycles == 28);
    CHECK_EQ(s.n_activities, 4);
    CHECK(s.activities[0].start == 0 && s.activities[0].end == 3 && s.activities[0].tensor == 3);
    CHECK(s.activities[2].start == 17 && s.activities[2].end == 21 && s.activities[2].tensor == 4);
    CHECK(s.activities[3].start == 26 && s.activities[3].end == 28 && s.activities[3].tensor == 1);
    CHECK(s.energy.cts == 150);
    CHECK(s.energy.offchip_link == 11 && s.energy.sink_link == 2);
    /* reads of 10 bits off-chip at 5 pJ, as many writes at 3 or 6 pJ; the other way in words of 20
     */
    CHECK(s.energy.offchip_memory == 3 * (5 + 3) + 8 * (5 + 6));
    CHECK(s.energy.sink_memory == 2 + 7);
    CHECK(s.energy.total == 150 + 11 + 2 + 112 + 9);
    static const stream_coala_v0_step act[] = {{0, 30},  {7, 50},  {17, 20},
                                               {21, 40}, {26, 20}, {28, 0}};
    CHECK_EQ(s.step_first[1], 6);
    for (int i = 0; i < 6; ++i)
        CHECK(s.steps[i].time == act[i].time && s.steps[i].bits == act[i].bits);
    stream_arena_destroy(arena);
}

/* Prefetch books space from time 0 on even where there is none, as the reference does. */
static void prefetch_overbooks(void) {
    two_cts t;
    stream_arena *arena = stream_arena_create();
    stream_coala_v0_schedule s;
    make(&t)->constants[0].prefetch = true;
    t.constants[2].prefetch = true;
    CHECK(stream_coala_v0_schedule_build(&t.p, arena, NULL, &s) == STREAM_OK);
    CHECK(s.steps[s.step_first[1]].time == 0 && s.steps[s.step_first[1]].bits == 80);
    CHECK(s.start[0] == 11 && s.start[1] == 21 && s.latency_cycles == 28);
    stream_arena_destroy(arena);
}

/* A too-large output keeps the link for itself, and is off-chip when the CT ends. */
static void streams(void) {
    two_cts t;
    stream_arena *arena = stream_arena_create();
    stream_coala_v0_schedule s;
    make(&t)->cts[1].too_large[0] = STREAM_O;
    t.cts[1].n_too_large = 1;
    t.cts[1].offchip_pj = 9;
    CHECK(stream_coala_v0_schedule_build(&t.p, arena, NULL, &s) == STREAM_OK);
    CHECK(s.activities[s.n_activities - 1].blocked);
    CHECK(s.activities[s.n_activities - 1].start == s.start[1]);
    CHECK(s.activities[s.n_activities - 1].end == s.end[1] && s.latency_cycles == s.end[1]);
    CHECK(s.energy.sink_memory == 0 && s.energy.offchip_memory == 112 + 9);
    stream_arena_destroy(arena);
}

static char message[512];

static void keep(void *user, stream_severity severity, stream_loc loc, const char *text) {
    (void)user;
    (void)severity;
    (void)loc;
    snprintf(message, sizeof message, "%s", text);
}

static void refused(const two_cts *t, stream_status want, const char *words) {
    static const stream_diag diag = {.emit = keep};
    stream_arena *arena = stream_arena_create();
    stream_coala_v0_schedule s;
    message[0] = 0;
    CHECK_EQ(stream_coala_v0_schedule_build(&t->p, arena, &diag, &s), want);
    if (!strstr(message, words))
        printf("# \"%s\" without \"%s\"\n", message, words);
    CHECK(strstr(message, words) != NULL);
    stream_arena_destroy(arena);
}

static void refusals(void) {
    two_cts t;
    make(&t)->cts[1].output_bits = 101;
    refused(&t, STREAM_INFEASIBLE, "101 bits for CT 1 do not fit into memory act of core 0");
    make(&t)->cts[1].output_bits = 90; /* beside the operand of the CT */
    refused(&t, STREAM_INFEASIBLE, "10 bits short of 100");
    make(&t)->edges[1] = (stream_coala_v0_edge){1, 0, STREAM_I1};
    t.p.n_edges = 2;
    refused(&t, STREAM_INVALID, "2 of 2 CTs wait for each other");
    make(&t)->cts[0].final = true;
    t.cts[1].output_data = 0; /* the same data twice */
    refused(&t, STREAM_UNSUPPORTED, "the reference breaks off at CT 1");
    make(&t)->constants[2].uses = 0; /* the last use comes after the last */
    t.constants[2].data = 2;
    refused(&t, STREAM_UNSUPPORTED, "no memory holds tensor 4, which CT 1 needs");
    make(&t)->route_first[2] = 0;
    t.route_first[3] = 1;
    t.route_first[4] = 1;
    refused(&t, STREAM_INVALID, "core 0, which has no route to off-chip memory");
    make(&t)->memories[1].size_bits = 0;
    refused(&t, STREAM_INVALID, "memory w: 0 bits");
    make(&t)->memory_of[1] = 2;
    refused(&t, STREAM_INVALID, "core 0 keeps I2 in memory 2 of 3");
    make(&t)->links[0].bits_per_cycle = NAN;
    refused(&t, STREAM_INVALID, "link 0: nan bits per cycle");
    make(&t)->route_links[1] = 1;
    refused(&t, STREAM_INVALID, "a route has link 1 of 1");
    make(&t)->cts[1].core = 1;
    refused(&t, STREAM_INVALID, "CT 1 is on core 1");
    make(&t)->cts[0].layer = 2;
    refused(&t, STREAM_INVALID, "CT 1 of layer 1 comes after one of layer 2");
    make(&t)->cts[1].cycles = INFINITY;
    refused(&t, STREAM_INVALID, "CT 1: inf cycles");
    make(&t)->constants[1].data = 5;
    refused(&t, STREAM_INVALID, "constant 1 is data 5 of 5");
    make(&t)->edges[0].to = 2;
    refused(&t, STREAM_INVALID, "edge 0 goes from CT 0 to CT 2 of 2");
    make(&t)->cts[0].n_too_large = 4;
    refused(&t, STREAM_INVALID, "CT 0: too-large operand");
    make(&t)->constants[0].bits = INT64_MAX;
    refused(&t, STREAM_LIMIT, "the constants are beyond 2^62 bits");
}

static void nothing(void) {
    two_cts t;
    stream_arena *arena = stream_arena_create();
    stream_coala_v0_schedule s;
    make(&t)->p.n_cts = 0;
    t.p.n_edges = 0;
    CHECK(stream_coala_v0_schedule_build(&t.p, arena, NULL, &s) == STREAM_OK);
    CHECK(s.latency_cycles == 0 && s.energy.total == 0);
    stream_arena_destroy(arena);
}

int main(void) {
    curve_at_random();
    curve_is_fast();
    by_hand();
    prefetch_overbooks();
    streams();
    refusals();
    nothing();
    return test_done();
}
