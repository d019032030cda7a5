/* Times CTs and their dependencies inside lib/tile for 10^4, 10^5 and 10^6 CTs, and prints a table:
 * CTs, edges, CPU ms (least of the runs), ns per CT and per edge, bytes per CT and per edge.
 *
 *   fsrcnn        FSRCNN on 540x960 pixels, ever narrower tiles of one row
 *   transformer   32 decoder blocks on 2 to 200 sequences of 16 tokens, one token per CT */

#include "networks.h"

#include "stream/support/integer.h"
#include "stream/tile/tile.h"

#include <stdlib.h>
#include <time.h>

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static void print_message(void *user, stream_severity severity, stream_loc loc, const char *text) {
    (void)user;
    (void)loc;
    if (severity == STREAM_ERROR)
        fprintf(stderr, "error: %s\n", text);
}

/* One iteration of loop `row` and `width` of loop `column` per CT; all of every other loop. */
static stream_layer_plan *make_plans(const stream_workload *w, const char *row, const char *column,
                                     int64_t width, stream_arena *arena) {
    stream_layer_plan *plans = STREAM_NEW(arena, stream_layer_plan, (size_t)w->n_layers);
    for (int32_t l = 0; l < w->n_layers; ++l)
        for (int32_t i = 0; i < w->layers[l].n_loops; ++i) {
            const char *name = w->layers[l].loop_names[i];
            int64_t bound = w->layers[l].bounds[i];
            plans[l].split[i] = 1;
            plans[l].tile[i] = strcmp(name, row) == 0      ? 1
                               : strcmp(name, column) == 0 ? stream_min_i64(width, bound)
                                                           : bound;
        }
    return plans;
}

static int measure(const char *name, stream_workload w, const char *row, const char *column,
                   int64_t width, stream_arena *arena) {
    stream_diag diag = {print_message, NULL};
    stream_layer_plan *plans = make_plans(&w, row, column, width, arena);
    double best = 1e300;
    stream_tiling tiling;
    size_t bytes = 0;
    for (int run = 0; run < 3; ++run) {
        stream_arena *own = stream_arena_create();
        double start = now_ms();
        stream_status status = stream_tile_build(&w, plans, 4000000, own, &diag, &tiling);
        double ms = now_ms() - start;
        if (status != STREAM_OK)
            return 1;
        best = ms < best ? ms : best;
        bytes = stream_arena_used(own);
        if (run == 2) {
            int64_t edges = tiling.graph.pred_first[tiling.graph.n_cts];
            printf("%-12s %9d %10lld %10.1f %8.0f %8.1f %8.0f\n", name, tiling.graph.n_cts,
                   (long long)edges, best, best * 1e6 / tiling.graph.n_cts,
                   best * 1e6 / (double)edges, (double)bytes / tiling.graph.n_cts);
        }
        stream_arena_destroy(own);
    }
    return 0;
}

int main(void) {
    static const int64_t widths[] = {480, 40, 4};
    static const int64_t sequences[] = {2, 20, 200};
    int failed = 0;
    printf("%-12s %9s %10s %10s %8s %8s %8s\n", "network", "CTs", "edges", "ms", "ns/CT", "ns/edge",
           "bytes/CT");
    for (int i = 0; i < 3; ++i) {
        stream_arena *arena = stream_arena_create();
        failed |= measure("fsrcnn", bench_fsrcnn(arena), "OY", "OX", widths[i], arena);
        stream_arena_destroy(arena);
    }
    for (int i = 0; i < 3; ++i) {
        stream_arena *arena = stream_arena_create();
        failed |=
            measure("transformer", bench_transformer(arena, 32, sequences[i]), "B", "H", 1, arena);
        stream_arena_destroy(arena);
    }
    return failed;
}
