/* Times the compatible mode `coala-v0` on the runs of COALA's validation, and prints a table:
 *
 *   run, CTs, edges, latency [cycles], milliseconds (CPU time) of one schedule, the least of
 * several
 *
 * One schedule is everything: checks, tables, the run, and the result with all curves. */

#include "chips.h"
#include "cpu_time.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    REPEATS = 30
};

/* Negative: it failed. */
static double least_ms(const stream_coala_v0_problem *p, stream_coala_v0_schedule *out) {
    double least = -1;
    for (int i = 0; i < REPEATS; ++i) {
        stream_arena *arena = stream_arena_create();
        double start = cpu_ms();
        if (stream_coala_v0_schedule_build(p, arena, NULL, out) != STREAM_OK)
            return -1;
        double ms = cpu_ms() - start;
        least = i == 0 || ms < least ? ms : least;
        stream_arena_destroy(arena);
    }
    return least;
}

int main(void) {
    printf("%-28s %6s %7s %10s %8s\n", "compatible mode", "CTs", "edges", "latency", "ms");
    for (int32_t i = 0; i < n_chip_runs; ++i) {
        stream_arena *arena = stream_arena_create();
        stream_coala_v0_hardware hw;
        stream_coala_v0_problem p;
        stream_coala_v0_schedule s;
        double ms = chip_problem(&chip_runs[i], arena, &hw, &p) ? least_ms(&p, &s) : -1;
        if (ms < 0) {
            fprintf(stderr, "%s: no schedule\n", chip_runs[i].name);
            return 1;
        }
        printf("%-28s %6d %7d %10.0f %8.2f\n", chip_runs[i].name, p.n_cts, p.n_edges,
               s.latency_cycles, ms);
        stream_arena_destroy(arena);
    }
    return 0;
}
