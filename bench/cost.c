/* Times the intra-core cost model on the layers of a ZigZag workload file, one "name value" per
 * line:
 *
 *   bench-cost WORKLOAD CORE MAPPING [CORE MAPPING]...
 *
 *   evaluation_us    one evaluation of the first layer's best mapping on the first core
 *   search_ms        ZigZag's search (3.8.5, lpf 6) of the first layer, and how many orders
 *   network_ms       the same for all layers
 *   exact_*          exact search of every layer on the first core, per objective: in all, median,
 *                    most, and how many of the layers are proven
 *   cores_ms         all distinct layers on all cores, exact latency, two threads, wall clock;
 *   cores_cpu_ms     their CPU time
 *
 * Times are CPU time of one thread, the least of several runs, unless said otherwise. */

#include "stream/cost/search.h"
#include "stream/import/core.h"
#include "stream/import/zigzag_mapping.h"
#include "stream/import/zigzag_workload.h"
#include "stream/support/text_file.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    MAX_JOBS = 1024,
    REPEATS = 5,
    EVALUATIONS = 100000
};

typedef struct {
    stream_loop_nest nest;
    const stream_core *core;
    stream_cost_options options;
    stream_zigzag_choice choice;
} job;

static void report(void *user, stream_severity severity, stream_loc loc, const char *message) {
    (void)user;
    if (severity == STREAM_ERROR)
        fprintf(stderr, "%s:%u: %s\n", loc.file ? loc.file : "?", loc.line, message);
}

static const stream_diag diag = {report, NULL};

static void must(bool ok, const char *what) {
    if (ok)
        return;
    fprintf(stderr, "bench-cost: %s\n", what);
    exit(1);
}

static double clock_ms(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static stream_text read_file(const char *path) {
    stream_text bytes = {0};
    must(stream_file_read(path, 1 << 22, &diag, &bytes) == STREAM_OK, "cannot read a file");
    return bytes;
}

/* The layers of a workload on one core under a mapping file. */
static int32_t add_jobs(const stream_zigzag_workload *w, const char *core_path,
                        const char *map_path, stream_arena *arena, job *jobs) {
    stream_text core_text = read_file(core_path), map_text = read_file(map_path);
    stream_core *core = STREAM_NEW(arena, stream_core, 1);
    stream_zigzag_mapping mapping;
    must(stream_core_import(core_path, core_text.data, core_text.length, arena, &diag, core) ==
             STREAM_OK,
         core_path);
    must(stream_zigzag_mapping_import(map_path, map_text.data, map_text.length, arena, &diag,
                                      &mapping) == STREAM_OK,
         map_path);
    for (int32_t i = 0; i < w->n_layers; ++i) {
        const stream_zigzag_layer *layer = &w->layers[i];
        job *j = &jobs[i];
        const stream_zigzag_rule *rule =
            stream_zigzag_mapping_find(&mapping, layer->name, layer->operator_type);
        *j = (job){.nest = layer->nest, .core = core, .options = STREAM_COST_OPTIONS_DEFAULTS};
        must(stream_zigzag_rule_link(rule, layer->name, &diag, &j->nest) == STREAM_OK &&
                 stream_zigzag_rule_apply(rule, core, STREAM_MODEL_EXACT, layer->name, &j->nest,
                                          &diag, &j->choice) == STREAM_OK,
             layer->name);
        j->options.spatial_source = STREAM_SPATIAL_AS_ASKED;
        j->options.spatial = j->choice.spatial;
        j->options.spatial.count = 1;
        j->options.tie_break = false;
    }
    stream_text_free(&core_text);
    stream_text_free(&map_text);
    return w->n_layers;
}

static double search(const job *j, stream_cost_model model, stream_mapping_objective objective,
                     stream_cost_result *out) {
    double least = 0;
    for (int32_t i = 0; i < REPEATS; ++i) {
        stream_cost_options options = j->options;
        options.model = model;
        options.objective = objective;
        double start = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
        must(stream_cost_search(&j->nest, j->core, &options, &diag, out) == STREAM_OK, "a search");
        double ms = clock_ms(CLOCK_PROCESS_CPUTIME_ID) - start;
        least = i == 0 || ms < least ? ms : least;
        if (ms > 100)
            break;
    }
    return least;
}

static void bench_zigzag(const job *jobs, int32_t n) {
    stream_cost_result first, result;
    double network = 0;
    for (int32_t i = n - 1; i >= 0; --i) {
        double ms = search(&jobs[i], STREAM_MODEL_ZIGZAG_3_8_5, STREAM_BEST_LATENCY, &result);
        network += ms;
        if (i > 0)
            continue;
        first = result;
        printf("search_ms %.3f\nsearch_orders %lld\n", ms, (long long)result.evaluations);
    }
    printf("network_ms %.2f\nnetwork_layers %d\n", network, n);
    double start = clock_ms(CLOCK_PROCESS_CPUTIME_ID), sum = 0;
    for (int32_t i = 0; i < EVALUATIONS; ++i) {
        stream_mapping_cost cost;
        stream_mapping_evaluate(&first.problem, &first.mapping, &cost, NULL);
        sum += cost.total2_cycles;
    }
    must(sum > 0, "an evaluation");
    printf("evaluation_us %.3f\n",
           (clock_ms(CLOCK_PROCESS_CPUTIME_ID) - start) * 1e3 / EVALUATIONS);
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void bench_exact(const job *jobs, int32_t n) {
    static const char *const names[] = {"latency", "energy", "edp"};
    for (int32_t o = 0; o < 3; ++o) {
        double ms[MAX_JOBS], all = 0;
        int32_t proven = 0;
        for (int32_t i = 0; i < n; ++i) {
            stream_cost_result result;
            ms[i] = search(&jobs[i], STREAM_MODEL_EXACT, (stream_mapping_objective)o, &result);
            all += ms[i];
            proven += result.proven;
        }
        qsort(ms, (size_t)n, sizeof ms[0], ascending);
        printf("exact_%s_ms %.2f\nexact_%s_median_ms %.2f\nexact_%s_max_ms %.2f\n"
               "exact_%s_proven %d\n",
               names[o], all, names[o], ms[n / 2], names[o], ms[n - 1], names[o], proven);
    }
}

static bool same_layer(const job *a, const job *b) {
    bool same = a->core == b->core && a->nest.n_dims == b->nest.n_dims &&
                a->nest.n_operands == b->nest.n_operands &&
                a->nest.n_relations == b->nest.n_relations;
    for (int32_t d = 0; same && d < a->nest.n_dims; ++d)
        same = a->nest.dims[d].size == b->nest.dims[d].size &&
               strcmp(a->nest.dims[d].name, b->nest.dims[d].name) == 0;
    for (int32_t r = 0; same && r < a->nest.n_relations; ++r)
        same = a->nest.relations[r].a_factor == b->nest.relations[r].a_factor &&
               a->nest.relations[r].clip == b->nest.relations[r].clip;
    return same;
}

typedef struct {
    const job *jobs[MAX_JOBS];
    int32_t n;
    atomic_int next, failed;
} queue;

static void *work(void *user) {
    queue *q = user;
    for (int32_t i; (i = atomic_fetch_add(&q->next, 1)) < q->n;) {
        stream_cost_result result;
        if (stream_cost_search(&q->jobs[i]->nest, q->jobs[i]->core, &q->jobs[i]->options, NULL,
                               &result) != STREAM_OK)
            atomic_fetch_add(&q->failed, 1);
    }
    return NULL;
}

static void bench_cores(const job *jobs, int32_t n) {
    static queue q;
    pthread_t other;
    for (int32_t i = 0; i < n; ++i) {
        bool seen = false;
        for (int32_t k = 0; k < q.n; ++k)
            seen |= same_layer(q.jobs[k], &jobs[i]);
        if (!seen)
            q.jobs[q.n++] = &jobs[i];
    }
    double start = clock_ms(CLOCK_MONOTONIC), cpu = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
    must(pthread_create(&other, NULL, work, &q) == 0, "a thread");
    work(&q);
    pthread_join(other, NULL);
    printf("cores_ms %.1f\ncores_cpu_ms %.1f\ncores_layers %d\ncores_without_mapping %d\n",
           clock_ms(CLOCK_MONOTONIC) - start, clock_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu, q.n,
           q.failed);
}

int main(int argc, char **argv) {
    static job jobs[MAX_JOBS];
    if (argc < 4 || argc % 2) {
        fprintf(stderr, "usage: bench-cost WORKLOAD CORE MAPPING [CORE MAPPING]...\n");
        return 2;
    }
    stream_arena *arena = stream_arena_create();
    stream_zigzag_workload workload;
    stream_text text = read_file(argv[1]);
    must(stream_zigzag_workload_import(argv[1], text.data, text.length, arena, &diag, &workload) ==
             STREAM_OK,
         argv[1]);
    must(workload.n_layers * ((argc - 2) / 2) <= MAX_JOBS, "too many layers");
    int32_t n = 0, first = workload.n_layers;
    for (int i = 2; i < argc; i += 2)
        n += add_jobs(&workload, argv[i], argv[i + 1], arena, &jobs[n]);
    bench_zigzag(jobs, first);
    bench_exact(jobs, first);
    bench_cores(jobs, n);
    stream_text_free(&text);
    stream_arena_destroy(arena);
    return 0;
}
