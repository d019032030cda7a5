/* Times tiling, pricing, scheduling and allocation inside lib/, without IR, and prints a table:
 *
 *   network  CTs  plan+tile  price  schedule (build)  evaluate  check  allocate | latency, bound,
 * traffic
 *
 * Times are the least of several runs, in milliseconds. */

#include "networks.h"
#include "stages.h"

#include "stream/allocate/allocate.h"
#include "stream/check/check.h"
#include "stream/schedule/policy.h"

#include <inttypes.h>
#include <time.h>

typedef struct {
    const char *name;
    stream_workload (*network)(stream_arena *);
    stream_fusion fusion;
} bench_case;

typedef struct {
    double tile, price, build, evaluate, check, allocate; /* ms */
} bench_times;

typedef struct {
    stream_arena *arena;
    stream_diag diag;
    stream_workload w;
    stream_accelerator acc;
    stream_tiling tiling;
    stream_schedule_problem problem;
    int32_t *cores;
    stream_priority priority;
    stream_schedule schedule;
    bench_times times;
} bench_run;

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static void tile(bench_run *r, stream_fusion fusion) {
    double start = now_ms();
    stream_layer_plan *plans = STREAM_NEW(r->arena, stream_layer_plan, (size_t)r->w.n_layers);
    stream_plan_options options = STREAM_PLAN_OPTIONS_DEFAULTS;
    for (int32_t l = 0; l < r->w.n_layers; ++l)
        plans[l].stack = -1;
    options.fusion = fusion;
    bench_must(stream_plan_complete(&r->w, &r->acc, &options, r->arena, &r->diag, plans, NULL),
               "plan");
    bench_must(stream_tile_build(&r->w, plans, 1000000, r->arena, &r->diag, &r->tiling), "tile");
    r->times.tile = now_ms() - start;
}

static void price(bench_run *r) {
    double start = now_ms();
    bench_price(&r->w, &r->tiling, &r->acc, r->arena, &r->diag, &r->problem);
    r->times.price = now_ms() - start;
    r->problem.cores = r->cores;
}

static void allocate(bench_run *r, int32_t evaluations) {
    stream_allocate_options options = STREAM_ALLOCATE_OPTIONS_DEFAULTS;
    options.evaluations = evaluations;
    r->cores = STREAM_NEW(r->arena, int32_t, (size_t)r->tiling.graph.n_cts);
    double start = now_ms();
    bench_must(
        stream_allocate(&r->problem, NULL, &options, r->arena, &r->diag, r->cores, &r->priority),
        "allocate");
    r->times.allocate = now_ms() - start;
    r->problem.cores = r->cores;
}

static void schedule(bench_run *r) {
    int32_t violations = 0;
    double start = now_ms();
    bench_must(stream_schedule_build(&r->problem, r->priority, r->arena, &r->diag, &r->schedule),
               "schedule");
    r->times.build = now_ms() - start;
    start = now_ms();
    bench_must(stream_check_schedule(&r->problem, &r->schedule, NULL, &r->diag, &violations),
               "check");
    r->times.check = now_ms() - start;
    const stream_schedule_model *model;
    bench_must(stream_schedule_model_build(&r->problem, r->arena, &r->diag, &model), "model");
    stream_schedule_workspace *w = stream_schedule_workspace_create(model);
    stream_schedule_score score;
    r->times.evaluate = 1e9;
    for (int32_t i = 0; i < 5; ++i) {
        start = now_ms();
        stream_schedule_request request = {
            .cores = r->cores, .priority = r->priority, .cutoff = INT64_MAX};
        bench_must(stream_schedule_evaluate(w, &request, &r->diag, &score), "evaluate");
        double ms = now_ms() - start;
        r->times.evaluate = ms < r->times.evaluate ? ms : r->times.evaluate;
    }
    stream_schedule_workspace_destroy(w);
}

static void print(const bench_run *r, const char *name) {
    const stream_schedule_summary *s = &r->schedule.summary;
    static const char *const kinds[] = {"compute", "off-chip",   "critical path",
                                        "link",    "assignment", "network"};
    printf("%-22s %6d | %6.1f %6.1f %6.1f %6.1f %6.1f %8.1f | %10" PRId64 " %10" PRId64
           " %5.1f%% %-13s | %6d %8.2f %8.2f %s\n",
           name, r->tiling.graph.n_cts, r->times.tile, r->times.price, r->times.build,
           r->times.evaluate, r->times.check, r->times.allocate, s->latency_cycles,
           s->lower_bound_cycles,
           100.0 * (double)(s->latency_cycles - s->lower_bound_cycles) /
               (double)s->lower_bound_cycles,
           kinds[s->bound_kind], r->schedule.n_transfers, (double)s->offchip_read_bits / 1e6,
           (double)s->offchip_write_bits / 1e6, stream_priority_name(r->priority));
}

static void run(const bench_case *c, int32_t evaluations) {
    bench_run r = {.arena = stream_arena_create(), .diag = {bench_message, NULL}};
    r.w = c->network(r.arena);
    r.acc = bench_quad_core(r.arena);
    bench_must(stream_accelerator_finish(&r.acc, r.arena, &r.diag), "accelerator");
    tile(&r, c->fusion);
    price(&r);
    allocate(&r, evaluations);
    schedule(&r);
    print(&r, c->name);
    stream_arena_destroy(r.arena);
}

int main(int argc, char **argv) {
    static const bench_case cases[] = {
        {"two-conv", bench_two_conv, STREAM_FUSE_BY_CAPACITY},
        {"ResNet-18", bench_resnet18, STREAM_FUSE_BY_CAPACITY},
        {"ResNet-18 layers", bench_resnet18, STREAM_FUSE_LAYER_BY_LAYER},
        {"FSRCNN", bench_fsrcnn, STREAM_FUSE_BY_CAPACITY},
        {"FSRCNN layers", bench_fsrcnn, STREAM_FUSE_LAYER_BY_LAYER},
    };
    int32_t evaluations = argc > 1 ? atoi(argv[1]) : 200;
    printf("%-22s %6s | %6s %6s %6s %6s %6s %8s | %10s %10s %6s %-13s | %6s %8s %8s\n", "network",
           "CTs", "tile", "price", "build", "eval", "check", "allocate", "latency", "bound", "gap",
           "kind", "moves", "Mb read", "Mb write");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i)
        run(&cases[i], evaluations);
    return 0;
}
