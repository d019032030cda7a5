/* Prices every layer of every network on every core, with every objective, and prints what a user
 * should know about the searches: those without a result, unproven, slow, or without sense.
 *
 *   bench-cost_stress [--zigzag] [--slow MS] [--offchip CORE] FILE...
 *
 * FILE: .onnx and .mlir are networks, .yaml files cores; equal layers of a network count once,
 * cores that compute nothing are left out. --offchip adds the memory of a core on top of each. Per
 * search that is worth a line:
 *
 *   network core layer objective: CPU ms, value, bound, proven, or the error
 *
 * Then the totals. --zigzag: with the compatible mode (3.9.1) instead of the exact one. Times are
 * CPU time of one thread. Exits 1 if a result is not finite or below its bound. */

#include "cpu_time.h"
#include "jobs.h"
#include "messages.h"

#include "stream/import/core.h"
#include "stream/support/text_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    N_OBJECTIVES = 3,
    MAX_SEARCHES = 1 << 16
};

static const char *const objective_names[N_OBJECTIVES] = {"latency", "energy", "edp"};

typedef struct {
    const char *network, *core;
    const stream_memory *offchip;
    bool zigzag;
    double slow_ms, ms[MAX_SEARCHES];
    int32_t n, refused, lost, unproven, slow, wrong;
    double worst_gap;
} stress;

static void quiet(void *user, stream_severity severity, stream_loc loc, const char *message) {
    (void)loc;
    if (severity == STREAM_ERROR && ((stream_text *)user)->length == 0)
        stream_text_str(user, message);
}

static bool read_core(const char *path, stream_arena *arena, stream_core *out) {
    stream_text bytes = {0}, error = {0};
    stream_diag diag = {quiet, &error};
    bool ok = stream_file_read(path, (size_t)64 << 20, &diag, &bytes) == STREAM_OK &&
              stream_core_import(path, bytes.data, bytes.length, arena, &diag, out) == STREAM_OK;
    if (!ok)
        printf("%s: %s\n", path, error.data);
    stream_text_free(&bytes);
    stream_text_free(&error);
    return ok;
}

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void begin_line(const stress *s, const cost_job *job, int32_t objective, double ms) {
    printf("%s %s %s %s: %.1f ms", base_name(s->network), base_name(s->core), job->layer->name,
           objective_names[objective], ms);
}

static bool finite_cost(const stream_mapping_cost *c) {
    return isfinite(c->total2_cycles) && isfinite(c->energy_pj) && isfinite(c->onload_cycles) &&
           isfinite(c->offload_cycles) && c->total2_cycles >= 1 && c->energy_pj >= 0;
}

static void judge(stress *s, const cost_job *job, int32_t objective, double ms,
                  const stream_cost_result *r) {
    double value = stream_mapping_value((stream_mapping_objective)objective, &r->cost);
    bool proven = s->zigzag || r->proven;
    bool wrong = !finite_cost(&r->cost) || !isfinite(r->bound) || r->bound > value * (1 + 1e-9);
    s->unproven += !proven;
    s->wrong += wrong;
    if (!proven)
        s->worst_gap = fmax(s->worst_gap, value / r->bound - 1);
    if (proven && !wrong && ms <= s->slow_ms)
        return;
    begin_line(s, job, objective, ms);
    printf(", %.17g, bound %.17g%s%s\n", value, r->bound, proven ? "" : ", not proven",
           wrong ? ", WRONG" : "");
}

static void price(stress *s, const cost_job *job, const stream_core *core, int32_t objective) {
    static stream_cost_result result;
    stream_text error = {0};
    stream_diag diag = {quiet, &error};
    stream_cost_options options = job->options;
    options.objective = (stream_mapping_objective)objective;
    options.model = s->zigzag ? STREAM_MODEL_ZIGZAG_3_9_1 : STREAM_MODEL_EXACT;
    double start = cpu_ms();
    stream_status status = stream_cost_search(&job->nest, core, &options, &diag, &result);
    double ms = cpu_ms() - start;
    s->slow += ms > s->slow_ms;
    if (s->n < MAX_SEARCHES)
        s->ms[s->n++] = ms;
    if (status == STREAM_OK) {
        judge(s, job, objective, ms, &result);
    } else {
        s->refused++;
        s->lost += status == STREAM_LIMIT;
        if (status == STREAM_LIMIT || ms > s->slow_ms) {
            begin_line(s, job, objective, ms);
            printf(", %s\n", error.data);
        }
    }
    stream_text_free(&error);
}

static void price_network(stress *s, const cost_layers *layers, const cost_options *options,
                          const stream_core *core, stream_arena *arena) {
    stream_text error = {0};
    stream_diag diag = {quiet, &error};
    cost_jobs jobs = {0};
    if (cost_jobs_make(options, layers, core, s->offchip, NULL, arena, &diag, &jobs) != STREAM_OK)
        printf("%s %s: %s\n", s->network, s->core, error.data);
    for (int32_t i = 0; i < jobs.n_jobs; ++i)
        for (int32_t o = 0; o < N_OBJECTIVES && jobs.jobs[i].same_as < 0; ++o)
            if (!jobs.jobs[i].layer->error)
                price(s, &jobs.jobs[i], core, o);
    cost_jobs_free(&jobs);
    stream_text_free(&error);
}

static bool is_core(const char *path) {
    size_t n = strlen(path);
    return n > 5 && !strcmp(path + n - 5, ".yaml");
}

static void stress_network(stress *s, const char *network, int argc, char **argv) {
    stream_arena *arena = stream_arena_create();
    stream_text error = {0};
    stream_diag diag = {quiet, &error};
    cost_options options = {.search = STREAM_COST_OPTIONS_DEFAULTS, .operands = 7};
    cost_layers layers;
    options.search.spatial.count = STREAM_SPATIAL_TRIED;
    s->network = network;
    if (cost_layers_read(network, NULL, arena, &diag, &layers) != STREAM_OK) {
        printf("%s: %s\n", network, error.data);
        argc = 0;
    }
    for (int i = 1; i < argc; ++i) {
        stream_core core;
        stream_arena *own = stream_arena_create();
        s->core = argv[i];
        if (is_core(argv[i]) && read_core(argv[i], own, &core) &&
            core.kind == STREAM_CORE_COMPUTE && core.n_memories > 0)
            price_network(s, &layers, &options, &core, own);
        stream_arena_destroy(own);
    }
    stream_text_free(&error);
    stream_arena_destroy(arena);
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_totals(stress *s) {
    double sum = 0;
    qsort(s->ms, (size_t)s->n, sizeof *s->ms, ascending);
    for (int32_t i = 0; i < s->n; ++i)
        sum += s->ms[i];
    printf("%d searches, %.1f s; median %.2f ms, p99 %.1f ms, largest %.1f ms; %d above %.0f ms\n",
           s->n, sum / 1e3, s->n ? s->ms[s->n / 2] : 0, s->n ? s->ms[s->n * 99 / 100] : 0,
           s->n ? s->ms[s->n - 1] : 0, s->slow, s->slow_ms);
    printf("%d refused, %d of them without a mapping within the limit; %d not proven, worst gap "
           "%.3g %%; %d wrong\n",
           s->refused, s->lost, s->unproven, 100 * s->worst_gap, s->wrong);
}

static void parse(stress *s, int *argc, char ***argv, stream_arena *arena) {
    for (; *argc > 1 && !strncmp((*argv)[1], "--", 2); --*argc, ++*argv) {
        const char *option = (*argv)[1];
        s->zigzag |= !strcmp(option, "--zigzag");
        if (!strcmp(option, "--zigzag") || *argc < 3)
            continue;
        --*argc;
        ++*argv;
        if (!strcmp(option, "--slow"))
            s->slow_ms = atof((*argv)[1]);
        stream_core *core = STREAM_NEW(arena, stream_core, 1);
        if (!strcmp(option, "--offchip") && read_core((*argv)[1], arena, core) &&
            core->n_memories == 1)
            s->offchip = &core->memories[0];
    }
}

int main(int argc, char **argv) {
    static stress s = {.slow_ms = 1000};
    stream_arena *arena = stream_arena_create();
    messages_start("bench-cost_stress");
    setvbuf(stdout, NULL, _IOLBF, 0);
    parse(&s, &argc, &argv, arena);
    for (int i = 1; i < argc; ++i)
        if (!is_core(argv[i]))
            stress_network(&s, argv[i], argc, argv);
    print_totals(&s);
    stream_arena_destroy(arena);
    return s.wrong > 0;
}
