/* Times CTs and their dependencies inside lib/tile for 10^4, 10^5 and 10^6 CTs, one thread, and
 * prints a table:
 *
 *   CTs, edges       and CPU ms to make them, the least of the runs, in ns per CT and per edge
 *   reuse            CPU ms to find new bits and last readers of every read
 *   bytes            of a CT with its place in the lists, of a read with its box, of an edge; of
 * all per CT, and the part of 200 per CT and 40 per edge that this is
 *
 *   fsrcnn        FSRCNN on 540x960 pixels, ever narrower tiles of one row
 *   transformer   32 decoder blocks on 2 to 200 sequences of 16 tokens, one token per CT */

#include "cpu_time.h"
#include "networks.h"
#include "stages.h"

#include "stream/tile/reuse.h"

static void print_row(const char *name, const stream_ct_graph *graph, double ms, double reuse_ms,
                      size_t bytes) {
    int64_t edges = graph->pred_first[graph->n_cts];
    double cts = graph->n_cts, lists = 3 * sizeof(int32_t); /* first pred, first succ, writer */
    printf("%-12s %9.0f %10lld %8.1f %7.0f %8.1f %9.1f %5.0f %5.0f %5.0f %8.0f %7.0f\n", name, cts,
           (long long)edges, ms, ms * 1e6 / cts, ms * 1e6 / (double)edges, reuse_ms,
           sizeof(stream_ct) + lists, sizeof(stream_ct_read) + 2.0 * sizeof(int32_t),
           2.0 * sizeof(int32_t), (double)bytes / cts,
           100 * (double)bytes / (200 * cts + 40 * (double)edges));
}

/* The least CPU time of reuse with every part of every layer at a place of its own. */
static double time_reuse(const stream_ct_graph *graph, const stream_diag *diag) {
    double best = -1;
    for (int run = 0; run < 2; ++run) {
        stream_arena *own = stream_arena_create();
        stream_reuse reuse;
        double start = cpu_ms();
        bool ok = stream_reuse_find(graph, NULL, own, diag, &reuse) == STREAM_OK;
        double ms = cpu_ms() - start;
        stream_arena_destroy(own);
        if (!ok)
            return -1;
        best = best < 0 || ms < best ? ms : best;
    }
    return best;
}

static int measure(const char *name, stream_workload w, const char *row, const char *column,
                   int64_t width, stream_arena *arena) {
    stream_diag diag = {bench_message, NULL};
    stream_layer_plan *plans = bench_plans(&w, row, column, width, arena);
    double best = 1e300;
    stream_tiling tiling;
    size_t bytes = 0;
    for (int run = 0; run < 3; ++run) {
        stream_arena *own = stream_arena_create();
        double start = cpu_ms();
        stream_status status = stream_tile_build(&w, plans, 4000000, own, &diag, &tiling);
        double ms = cpu_ms() - start;
        if (status != STREAM_OK)
            return 1;
        best = ms < best ? ms : best;
        bytes = stream_arena_used(own);
        if (run == 2) {
            double reuse_ms = time_reuse(&tiling.graph, &diag);
            if (reuse_ms < 0)
                return 1;
            print_row(name, &tiling.graph, best, reuse_ms, bytes);
        }
        stream_arena_destroy(own);
    }
    return 0;
}

int main(void) {
    static const int64_t widths[] = {480, 40, 4};
    static const int64_t sequences[] = {2, 20, 200};
    int failed = 0;
    printf("%-12s %9s %10s %8s %7s %8s %9s %5s %5s %5s %8s %7s\n", "network", "CTs", "edges", "ms",
           "ns/CT", "ns/edge", "reuse ms", "B/CT", "/read", "/edge", "B/CT all", "of 100");
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
