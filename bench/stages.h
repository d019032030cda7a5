/* Steps that the benchmarks share: plans, prices, messages. */
#ifndef STREAM_BENCH_STAGES_H
#define STREAM_BENCH_STAGES_H

#include "stream/cost/cost.h"
#include "stream/schedule/schedule.h"
#include "stream/support/integer.h"
#include "stream/tile/tile.h"

#include <stdlib.h>
#include <string.h>

static inline void bench_must(stream_status status, const char *what) {
    if (status == STREAM_OK)
        return;
    fprintf(stderr, "%s: %s\n", what, stream_status_str(status));
    exit(1);
}

static inline void bench_message(void *user, stream_severity severity, stream_loc loc,
                                 const char *text) {
    (void)user;
    (void)loc;
    if (severity == STREAM_ERROR)
        fprintf(stderr, "error: %s\n", text);
}

/* One iteration of loop `row` and `width` of loop `column` per CT; all of every other loop. */
static inline stream_layer_plan *bench_plans(const stream_workload *w, const char *row,
                                             const char *column, int64_t width,
                                             stream_arena *arena) {
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

/* Prices of every kernel on every core by the simple model. */
static inline void bench_price(const stream_workload *w, const stream_tiling *tiling,
                               const stream_accelerator *acc, stream_arena *arena,
                               const stream_diag *diag, stream_schedule_problem *out) {
    const stream_ct_graph *g = &tiling->graph;
    size_t n = (size_t)acc->n_cores;
    int64_t *cycles = STREAM_NEW(arena, int64_t, (size_t)g->n_kernels * n);
    int64_t *energy = STREAM_NEW(arena, int64_t, (size_t)g->n_kernels * n);
    for (int32_t k = 0; k < g->n_kernels; ++k) {
        stream_layer layer = w->layers[tiling->shapes[k].layer];
        memcpy(layer.bounds, tiling->shapes[k].size, sizeof layer.bounds);
        for (size_t c = 0; c < n; ++c) {
            stream_kernel_cost cost = {.cycles = -1};
            size_t of = (size_t)acc->class_of[c], row = (size_t)k * n;
            bool compute = acc->cores[c].kind == STREAM_CORE_COMPUTE;
            if (compute && of == c)
                bench_must(stream_cost_simple(w, &layer, &acc->cores[c], diag, &cost), "price");
            cycles[row + c] = compute && of != c ? cycles[row + of] : cost.cycles;
            energy[row + c] = compute && of != c ? energy[row + of] : cost.energy_fj;
        }
    }
    out->graph = g;
    out->acc = acc;
    out->cycles = cycles;
    out->energy_fj = energy;
}

#endif
