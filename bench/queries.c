/* Times what a schedule asks of hardware and of its own past, CPU time of one thread:
 *
 *   routes    of a mesh of SIDE x SIDE cores, one of them off-chip: from the middle to off-chip
 *             memory; between it and every core, there and back; between every two cores; ms, and
 *             KiB that they keep
 *   link      finding and booking a transfer on one of 1,000 links that have been booked N times
 *   memory    finding, taking and releasing a place in one of the memories of 64 cores that holds N
 *             buffers; ns of each, all links and memories in turn */

#include "cpu_time.h"
#include "networks.h"
#include "stages.h"
#include "test.h"

#include "../lib/schedule/memory_map.h"
#include "../lib/schedule/profile.h"

#include "stream/hardware/route.h"

/* Links to the right and down. */
static stream_accelerator mesh(int32_t side, stream_arena *arena) {
    int32_t n = side * side, n_links = 0;
    stream_core *cores = STREAM_NEW(arena, stream_core, (size_t)n);
    stream_link *links = STREAM_NEW(arena, stream_link, 2 * (size_t)n);
    for (int32_t c = 0; c < n; ++c) {
        char name[16];
        stream_memory *memory = STREAM_NEW(arena, stream_memory, 1);
        snprintf(name, sizeof name, "c%d", c);
        bench_memory(arena, memory, "sram", 1 << 20, 1, 64, 64, 7, 3);
        cores[c] = (stream_core){.name = stream_arena_strdup(arena, name),
                                 .type_name = c ? "core" : "dram",
                                 .kind = c ? STREAM_CORE_COMPUTE : STREAM_CORE_OFFCHIP,
                                 .space = "zigzag",
                                 .n_array_dims = c ? 2 : 0,
                                 .array_sizes = {4, 4},
                                 .memories = memory,
                                 .n_memories = 1,
                                 .utilization = 1};
        for (int32_t down = 0; down < 2; ++down) {
            int32_t *ends = STREAM_NEW(arena, int32_t, 2);
            ends[0] = c;
            ends[1] = down ? c + side : c + 1;
            if (down ? ends[1] < n : ends[1] % side != 0)
                links[n_links++] = (stream_link){
                    .name = cores[c].name, .cores = ends, .n_cores = 2, .bandwidth_bits = 64};
        }
    }
    return (stream_accelerator){
        .name = "mesh", .cores = cores, .n_cores = n, .links = links, .n_links = n_links};
}

static void route_one(stream_routes *r, const stream_accelerator *acc) {
    int32_t middle = acc->n_instances / 2;
    stream_routes_between(r, middle, acc->offchip_instance);
}

static void route_offchip(stream_routes *r, const stream_accelerator *acc) {
    for (int32_t i = 0; i < acc->n_instances; ++i) {
        stream_routes_between(r, i, acc->offchip_instance);
        stream_routes_between(r, acc->offchip_instance, i);
    }
}

static void route_all(stream_routes *r, const stream_accelerator *acc) {
    for (int32_t i = 0; i < acc->n_instances; ++i)
        for (int32_t k = 0; k < acc->n_instances; ++k)
            stream_routes_between(r, i, k);
}

static void time_routes(int32_t side, const char *what,
                        void (*ask)(stream_routes *r, const stream_accelerator *acc)) {
    double best = -1;
    size_t kept = 0;
    stream_diag diag = {bench_message, NULL};
    for (int i = 0; i < 5; ++i) {
        stream_arena *arena = stream_arena_create();
        stream_accelerator acc = mesh(side, arena);
        bench_must(stream_accelerator_finish(&acc, arena, &diag), "accelerator");
        kept = stream_arena_used(arena);
        double start = cpu_ms();
        ask(stream_routes_create(&acc, arena), &acc);
        double ms = cpu_ms() - start;
        best = best < 0 || ms < best ? ms : best;
        kept = stream_arena_used(arena) - kept;
        stream_arena_destroy(arena);
    }
    printf("routes %2d x %2d %-12s %8.3f ms %8zu KiB\n", side, side, what, best, kept >> 10);
}

static void routes(int32_t side) {
    time_routes(side, "one", route_one);
    time_routes(side, "off-chip", route_offchip);
    time_routes(side, "all", route_all);
}

enum {
    LINKS = 1000,
    MEMORIES = 64,
    QUERIES = 200000
};

/* Each link has been booked `n` times, at most three times in one cycle. */
static void links(int32_t n) {
    static profile all[LINKS];
    unsigned seed = 5;
    for (int32_t l = 0; l < LINKS; ++l) {
        stream_profile_reset(&all[l], 64);
        for (int32_t i = 0; i < n; ++i) {
            int64_t from =
                stream_profile_fit(&all[l], test_random(&seed) % (unsigned)(64 * n), 16, 24);
            stream_profile_use(&all[l], from, from + 16, 24);
        }
    }
    double start = cpu_ms();
    for (int32_t i = 0; i < QUERIES; ++i) {
        profile *p = &all[i % LINKS];
        int64_t from = stream_profile_fit(p, test_random(&seed) % (unsigned)(64 * n), 16, 24);
        stream_profile_use(p, from, from + 16, 24);
    }
    printf("link    booked %6d times %8.0f ns\n", n, (cpu_ms() - start) * 1e6 / QUERIES);
    for (int32_t l = 0; l < LINKS; ++l)
        stream_profile_free(&all[l]);
}

/* The segment of a new buffer, or -1. */
static int32_t take_place(memory_map *map, int64_t time, unsigned *seed) {
    memory_window w;
    int64_t bits = 1 + test_random(seed) % 64;
    if (!stream_memory_map_find(map, bits, time, MEMORY_FIT_LOW, &w))
        return -1;
    return stream_memory_map_take(map, &w, bits, 0);
}

/* Each memory holds about `n` buffers of 1 to 64 words and is three quarters full. */
static void memories(int32_t n) {
    static memory_map all[MEMORIES];
    int32_t *segments = calloc((size_t)n * MEMORIES, sizeof *segments);
    unsigned seed = 9;
    for (int32_t m = 0; m < MEMORIES; ++m) {
        stream_memory_map_reset(&all[m], (int64_t)n * 43);
        for (int32_t i = 0; i < n; ++i)
            segments[m * n + i] = take_place(&all[m], 0, &seed);
    }
    double start = cpu_ms();
    for (int32_t i = 0; i < QUERIES; ++i) {
        memory_map *map = &all[i % MEMORIES];
        int32_t k = (int32_t)(test_random(&seed) % (unsigned)n);
        int32_t *place = &segments[i % MEMORIES * n + k];
        if (*place >= 0)
            stream_memory_map_release(map, *place, i);
        map->floor = i;
        *place = take_place(map, i, &seed);
    }
    printf("memory  with %6d buffers %8.0f ns\n", n, (cpu_ms() - start) * 1e6 / QUERIES);
    for (int32_t m = 0; m < MEMORIES; ++m)
        stream_memory_map_free(&all[m]);
    free(segments);
}

int main(void) {
    static const int32_t sides[] = {8, 16, 32}, sizes[] = {100, 1000, 10000};
    for (size_t i = 0; i < sizeof sides / sizeof *sides; ++i)
        routes(sides[i]);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; ++i)
        links(sizes[i]);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; ++i)
        memories(sizes[i]);
    return 0;
}
