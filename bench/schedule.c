/* Times schedules of 10^4, 10^5 and 10^6 CTs with the default model, one thread, CPU time, and
 * prints a table:
 *
 *   pooled     the score without addresses, in a workspace that has grown; us per CT and million
 * CTs per second, and its latency in percent of that with addresses evaluate   the same with
 * addresses build      the whole schedule: model, addresses, energy, bounds check      all rules on
 * it spare      the most of a core's memory that no buffers ever hold together, in percent: what
 *              fragmentation costs at most where data was evicted
 *   digest     of every time, address and number of the schedule: equal digests are equal schedules
 *
 *   fsrcnn       FSRCNN on 540x960 pixels, ever narrower tiles of one row, on four cores
 *   transformer  32 decoder blocks on 2 to 200 sequences of 16 tokens, one token per CT
 *
 * Every layer is cut into as many equal runs of CTs as there are cores. With smaller memories the
 * same networks evict.
 *
 *   bench-schedule [LEAST_CTS MOST_CTS [REPEATS [NETWORK [POLICY]]]] */

#include "cpu_time.h"
#include "networks.h"
#include "stages.h"

#include "stream/check/check.h"
#include "stream/schedule/policy.h"

#include <inttypes.h>

typedef struct {
    const char *name;
    int64_t sram_bits;
    int64_t sizes[3]; /* columns of a tile; sequences */
} bench_case;

typedef struct {
    stream_arena *arena;
    stream_diag diag;
    stream_workload w;
    stream_accelerator acc;
    stream_tiling tiling;
    int32_t *cores;
    stream_schedule_problem problem;
} bench_run;

/* Layer by layer: equal runs of CTs on the compute cores. */
static void spread(bench_run *r) {
    const stream_ct_graph *g = &r->tiling.graph;
    int64_t n_compute = r->acc.n_cores - 1;
    int64_t *count = STREAM_NEW(r->arena, int64_t, (size_t)g->n_layers);
    int64_t *at = STREAM_NEW(r->arena, int64_t, (size_t)g->n_layers);
    r->cores = STREAM_NEW(r->arena, int32_t, (size_t)g->n_cts);
    for (int32_t i = 0; i < g->n_cts; ++i)
        count[g->cts[i].layer]++;
    for (int32_t i = 0; i < g->n_cts; ++i) {
        int32_t layer = g->cts[i].layer;
        r->cores[i] = (int32_t)(at[layer]++ * n_compute / count[layer]);
    }
}

static void prepare(bench_run *r, const bench_case *c, int64_t size) {
    bool fsrcnn = c->name[0] == 'f';
    r->arena = stream_arena_create();
    r->diag = (stream_diag){bench_message, NULL};
    r->w = fsrcnn ? bench_fsrcnn(r->arena) : bench_transformer(r->arena, 32, size);
    r->acc = bench_quad_core(r->arena);
    for (int32_t i = 0; i + 1 < r->acc.n_cores; ++i)
        ((stream_memory *)(uintptr_t)r->acc.cores[i].memories)[2].size_bits = c->sram_bits;
    bench_must(stream_accelerator_finish(&r->acc, r->arena, &r->diag), "accelerator");
    stream_layer_plan *plans =
        bench_plans(&r->w, fsrcnn ? "OY" : "B", fsrcnn ? "OX" : "H", fsrcnn ? size : 1, r->arena);
    bench_must(stream_tile_build(&r->w, plans, 4000000, r->arena, &r->diag, &r->tiling), "tile");
    spread(r);
    bench_price(&r->w, &r->tiling, &r->acc, r->arena, &r->diag, &r->problem);
    r->problem.cores = r->cores;
}

static uint64_t mix(uint64_t hash, int64_t value) {
    return (hash ^ (uint64_t)value) * UINT64_C(0x100000001b3) ^ hash >> 29;
}

static uint64_t digest(const stream_schedule *s, int32_t n_cts) {
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (int32_t i = 0; i < n_cts; ++i) {
        const stream_ct_slot *slot = &s->slots[i];
        h = mix(mix(mix(mix(h, slot->start), slot->end), slot->address), slot->until);
    }
    for (int32_t t = 0; t < s->n_transfers; ++t) {
        const stream_transfer *x = &s->transfers[t];
        h = mix(mix(mix(mix(h, x->tensor), x->source_address), x->start), x->end);
        for (int32_t i = 0; i < x->n_targets; ++i)
            h = mix(mix(h, x->targets[i].address), x->targets[i].until);
    }
    return mix(mix(h, s->summary.energy_fj), s->summary.lower_bound_cycles);
}

/* Percent of a compute core's memory that was never in use, of the one where that is most. */
static double spare(const stream_accelerator *acc, const stream_schedule *s) {
    double most = 0;
    for (int32_t i = 0; i < acc->n_instances; ++i) {
        double part = 1 - (double)s->summary.peak_bits[i] / (double)acc->instances[i].size_bits;
        if (i != acc->offchip_instance && part > most)
            most = part;
    }
    return 100 * most;
}

static double time_evaluate(const bench_run *r, stream_priority priority, bool without_addresses,
                            int32_t repeats, stream_schedule_score *score) {
    const stream_schedule_model *model;
    bench_must(stream_schedule_model_build(&r->problem, r->arena, &r->diag, &model), "model");
    stream_schedule_workspace *w = stream_schedule_workspace_create(model);
    stream_schedule_request request = {.cores = r->cores,
                                       .priority = priority,
                                       .cutoff = INT64_MAX,
                                       .without_addresses = without_addresses};
    double least = -1;
    for (int32_t i = 0; i < repeats; ++i) {
        double start = cpu_ms();
        bench_must(stream_schedule_evaluate(w, &request, &r->diag, score), "evaluate");
        double ms = cpu_ms() - start;
        least = least < 0 || ms < least ? ms : least;
    }
    stream_schedule_workspace_destroy(w);
    return least;
}

static void measure(const bench_run *r, const char *name, stream_priority priority,
                    int32_t repeats) {
    stream_schedule_score score, pooled;
    stream_schedule s;
    int32_t violations = 0;
    double cts = r->tiling.graph.n_cts;
    double pool = time_evaluate(r, priority, true, repeats, &pooled);
    double evaluate = time_evaluate(r, priority, false, repeats, &score);
    stream_arena *arena = stream_arena_create();
    double start = cpu_ms();
    bench_must(stream_schedule_build(&r->problem, priority, arena, &r->diag, &s), "build");
    double build = cpu_ms() - start;
    start = cpu_ms();
    bench_must(stream_check_schedule(&r->problem, &s, NULL, &r->diag, &violations), "check");
    double check = cpu_ms() - start;
    printf("%-16s %-8s %8.0f %8d %8.2f %6.2f %6.1f %8.2f %8.2f %8.2f %6.2f %12" PRId64 " %12" PRId64
           " %016" PRIx64 "%s\n",
           name, stream_priority_name(priority), cts, s.n_transfers, pool * 1e3 / cts,
           cts / pool / 1e3, 100.0 * (double)pooled.latency_cycles / (double)score.latency_cycles,
           evaluate * 1e3 / cts, build * 1e3 / cts, check * 1e3 / cts, spare(&r->acc, &s),
           s.summary.latency_cycles, s.summary.lower_bound_cycles,
           digest(&s, r->tiling.graph.n_cts), violations ? " WRONG" : "");
    fflush(stdout);
    stream_arena_destroy(arena);
}

static void run(const bench_case *c, int64_t size, int32_t least, int32_t most, int32_t repeats,
                const char *policy) {
    bench_run r = {.arena = NULL};
    prepare(&r, c, size);
    int32_t n = r.tiling.graph.n_cts;
    for (int32_t p = 0; n >= least && n <= most && p < STREAM_N_FREE_PRIORITIES; ++p)
        if (!policy || strcmp(policy, stream_priority_name((stream_priority)p)) == 0)
            measure(&r, c->name, (stream_priority)p, repeats);
    stream_arena_destroy(r.arena);
}

int main(int argc, char **argv) {
    static const bench_case cases[] = {
        {"fsrcnn", 16777216, {480, 40, 4}},
        {"fsrcnn, small", 3145728, {480, 40, 4}},
        {"transformer", 16777216, {2, 20, 200}},
        {"transformer, big", 4 * 16777216, {2, 20, 200}},
    };
    int32_t least = argc > 2 ? atoi(argv[1]) : 0, most = argc > 2 ? atoi(argv[2]) : 200000;
    int32_t repeats = argc > 3 ? atoi(argv[3]) : 3;
    const char *network = argc > 4 ? argv[4] : NULL, *policy = argc > 5 ? argv[5] : NULL;
    printf("%-16s %-8s %8s %8s %8s %6s %6s %8s %8s %8s %6s %12s %12s %16s\n", "network", "policy",
           "CTs", "moves", "pool us", "M/s", "%", "eval us", "build us", "check us", "spare",
           "latency", "bound", "digest");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i)
        for (int32_t k = 0; k < 3 && (!network || strcmp(network, cases[i].name) == 0); ++k)
            run(&cases[i], cases[i].sizes[k], least, most, repeats, policy);
    return 0;
}
