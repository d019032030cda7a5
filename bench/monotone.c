/* More hardware, later schedule, on real networks: the CTs of scheduled modules on their cores, in
 * the orders of four policies and of the starts that two of these give, with the bandwidth of each
 * link, of the ports of each core's memories, and the capacity of these doubled, of one and of all.
 *
 *   bench-monotone [-b N] [-c N] MODULE...
 *
 *   -b  links are N times narrower from the beginning, -c top memories N times smaller
 *
 * Prints for each module how many single evaluations end later than before, and by how many
 * percent at most; at the end of all, with the geometric means of latency and energy before. */

#include "convert/accelerator.h"
#include "convert/context.h"
#include "convert/costs.h"
#include "convert/ir.h"
#include "convert/loc.h"
#include "convert/network.h"
#include "convert/schedule.h"
#include "unit/schedule/doubled.h"

#include "stream-c/Dialect.h"
#include "stream/schedule/policy.h"
#include "stream/schedule/schedule.h"
#include "stream/support/integer.h"
#include "stream/support/text_file.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    N_ORDERS = 6,
    N_POLICIES = 4
};

typedef struct {
    int32_t cases[N_DOUBLINGS], later[N_DOUBLINGS], runs;
    double most, log_latency, log_energy; /* most: percent */
} figures;

typedef struct {
    stream_arena *arena; /* of the module */
    stream_schedule_problem problem;
    stream_ct_ir ir;
    stream_cost_tables costs;
    stream_schedule_ir schedule;
} network;

static bool load(const char *path, MlirContext context, network *n) {
    stream_diag diag = stream_diag_mlir(context);
    stream_pass pass = {.arena = n->arena, .diag = &diag, .context = context};
    stream_text text = {0};
    MlirOperation func;
    if (stream_file_read(path, (size_t)1 << 30, &diag, &text) != STREAM_OK)
        return false;
    MlirOperation module = mlirModuleGetOperation(
        mlirModuleCreateParse(context, mlirStringRefCreate(text.data, text.length)));
    stream_text_free(&text);
    if (mlirOperationIsNull(module) || stream_find_network(module, &diag, &func) != STREAM_OK ||
        stream_load_accelerator(&pass, module, &n->problem.acc) != STREAM_OK ||
        stream_load_ct_graph(module, func, n->problem.acc, n->arena, &diag, &n->ir) != STREAM_OK ||
        stream_load_costs(&n->ir, n->problem.acc, n->arena, &diag, &n->costs) != STREAM_OK ||
        stream_load_schedule_ir(func, n->problem.acc, &n->ir, n->arena, &diag, &n->schedule) !=
            STREAM_OK)
        return false;
    int32_t *cores = STREAM_NEW(n->arena, int32_t, (size_t)n->ir.graph.n_cts);
    for (int32_t i = 0; i < n->ir.graph.n_cts; ++i)
        cores[i] = n->schedule.schedule.slots[i].core;
    n->problem.graph = &n->ir.graph;
    n->problem.cycles = n->costs.cycles;
    n->problem.energy_fj = n->costs.energy_fj;
    n->problem.streams = &n->costs.streams;
    n->problem.cores = cores;
    return true;
}

/* The memories of a core, the top ones so many times smaller. */
static const stream_memory *make_smaller(const stream_accelerator *acc, int32_t core, int64_t times,
                                         stream_arena *arena) {
    int32_t tops[STREAM_N_OPERANDS], n = stream_core_tops(acc, core, tops);
    const stream_core *c = &acc->cores[core];
    stream_memory *memories =
        stream_arena_copy(arena, c->memories, (size_t)c->n_memories, sizeof *memories);
    for (int32_t i = 0; i < n; ++i)
        memories[acc->instances[tops[i]].level].size_bits /= times;
    return memories;
}

static bool make_less(const stream_accelerator *from, int64_t narrower, int64_t smaller,
                      stream_arena *arena, stream_accelerator *out) {
    stream_link *links =
        stream_arena_copy(arena, from->links, (size_t)from->n_links, sizeof *links);
    stream_core *cores =
        stream_arena_copy(arena, from->cores, (size_t)from->n_cores, sizeof *cores);
    for (int32_t l = 0; l < from->n_links; ++l)
        links[l].bandwidth_bits = stream_max_i64(1, links[l].bandwidth_bits / narrower);
    for (int32_t c = 0; c < from->n_cores; ++c)
        if (c != from->offchip_core)
            cores[c].memories = make_smaller(from, c, smaller, arena);
    *out = (stream_accelerator){.name = from->name,
                                .cores = cores,
                                .n_cores = from->n_cores,
                                .offchip_core = from->offchip_core,
                                .links = links,
                                .n_links = from->n_links,
                                .sharings = from->sharings,
                                .n_sharings = from->n_sharings};
    return stream_accelerator_finish(out, arena, NULL) == STREAM_OK;
}

/* One run of the order, or, if that is NULL, of the policy. NULL: there is none. In `arena` or to
 * be destroyed. */
static stream_schedule_workspace *run(const stream_schedule_problem *problem, const int32_t *order,
                                      stream_priority policy, stream_arena *arena,
                                      stream_schedule_score *out) {
    const stream_schedule_model *model;
    stream_schedule_request request = {.cores = problem->cores,
                                       .order = order,
                                       .priority = order ? STREAM_PRIORITY_GIVEN : policy,
                                       .cutoff = INT64_MAX};
    if (stream_schedule_model_build(problem, arena, NULL, &model) != STREAM_OK)
        return NULL;
    stream_schedule_workspace *w = stream_schedule_workspace_create(model);
    if (stream_schedule_evaluate(w, &request, NULL, out) == STREAM_OK)
        return w;
    stream_schedule_workspace_destroy(w);
    return NULL;
}

/* The order in which the k-th of N_ORDERS places or, of the last ones, starts the CTs. */
static const int32_t *order_of(const stream_schedule_problem *problem, int32_t k,
                               stream_arena *arena) {
    static const stream_priority policies[N_ORDERS] = {
        STREAM_PRIORITY_LATENCY, STREAM_PRIORITY_MEMORY,  STREAM_PRIORITY_AHEAD,
        STREAM_PRIORITY_DEMAND,  STREAM_PRIORITY_LATENCY, STREAM_PRIORITY_AHEAD};
    stream_schedule_score score;
    stream_schedule_workspace *w = run(problem, NULL, policies[k], arena, &score);
    int32_t n, *order = STREAM_NEW(arena, int32_t, (size_t)problem->graph->n_cts);
    if (!w)
        return NULL;
    if (k < N_POLICIES) {
        const int32_t *placed = stream_schedule_placed(w, &n);
        memcpy(order, placed, (size_t)n * sizeof *order);
    } else {
        stream_schedule_by_start(w, arena, order);
    }
    stream_schedule_workspace_destroy(w);
    return order;
}

/* Negative: the machine cannot run it. */
static stream_schedule_score replay(const stream_schedule_problem *problem, const int32_t *order) {
    stream_arena *arena = stream_arena_create();
    stream_schedule_score score;
    stream_schedule_workspace *w = run(problem, order, STREAM_PRIORITY_GIVEN, arena, &score);
    if (w)
        stream_schedule_workspace_destroy(w);
    else
        score.latency_cycles = -1;
    stream_arena_destroy(arena);
    return score;
}

static void try_doubling(stream_schedule_problem problem, const int32_t *order, int64_t before,
                         doubled_thing d, figures *f) {
    stream_arena *arena = stream_arena_create();
    stream_accelerator doubled;
    if (make_doubled(problem.acc, d, arena, &doubled)) {
        problem.acc = &doubled;
        int64_t after = replay(&problem, order).latency_cycles;
        f->cases[d.what]++;
        if (after < 0 || after > before) {
            f->later[d.what]++;
            f->most = fmax(f->most, 100.0 * (double)(after - before) / (double)before);
        }
    }
    stream_arena_destroy(arena);
}

static void try_order(const stream_schedule_problem *problem, const int32_t *order, figures *f) {
    stream_schedule_score before = replay(problem, order);
    if (before.latency_cycles < 0)
        return;
    f->runs++;
    f->log_latency += log((double)before.latency_cycles);
    f->log_energy += log((double)before.energy_fj);
    for (int32_t what = 0; what < N_DOUBLINGS; ++what) {
        int32_t n = what == DOUBLE_LINK ? problem->acc->n_links : problem->acc->n_cores;
        for (int32_t of = -1; of < n; ++of)
            try_doubling(*problem, order, before.latency_cycles,
                         (doubled_thing){(doubling)what, of}, f);
    }
}

static void print(const char *name, const figures *f) {
    int32_t cases = 0, later = 0;
    for (int32_t i = 0; i < N_DOUBLINGS; ++i) {
        cases += f->cases[i];
        later += f->later[i];
    }
    printf("%-44s %5d of %6d  %5.2f %%, most %5.2f %%  links %d of %d, ports %d of %d, capacity %d "
           "of %d\n",
           name, later, cases, cases ? 100.0 * later / cases : 0.0, f->most, f->later[0],
           f->cases[0], f->later[1], f->cases[1], f->later[2], f->cases[2]);
    fflush(stdout);
}

static void add(figures *sum, const figures *f) {
    for (int32_t i = 0; i < N_DOUBLINGS; ++i) {
        sum->cases[i] += f->cases[i];
        sum->later[i] += f->later[i];
    }
    sum->runs += f->runs;
    sum->most = fmax(sum->most, f->most);
    sum->log_latency += f->log_latency;
    sum->log_energy += f->log_energy;
}

static bool measure(const char *path, int64_t narrower, int64_t smaller, figures *sum) {
    network n = {.arena = stream_arena_create()};
    figures f = {0};
    stream_accelerator acc;
    MlirContext context = context_create();
    bool ok = load(path, context, &n) && make_less(n.problem.acc, narrower, smaller, n.arena, &acc);
    n.problem.acc = &acc;
    for (int32_t k = 0; ok && k < N_ORDERS; ++k) {
        const int32_t *order = order_of(&n.problem, k, n.arena);
        if (order)
            try_order(&n.problem, order, &f);
    }
    const char *slash = strrchr(path, '/');
    if (ok)
        print(slash ? slash + 1 : path, &f);
    add(sum, &f);
    stream_arena_destroy(n.arena);
    mlirContextDestroy(context);
    return ok;
}

int main(int argc, char **argv) {
    int64_t narrower = 1, smaller = 1;
    figures sum = {0};
    int i = 1;
    for (; i + 1 < argc && argv[i][0] == '-'; i += 2)
        *(argv[i][1] == 'b' ? &narrower : &smaller) = stream_max_i64(1, atoll(argv[i + 1]));
    for (; i < argc; ++i)
        if (!measure(argv[i], narrower, smaller, &sum))
            printf("%s: no such machine, or no scheduled module\n", argv[i]);
    print("together", &sum);
    if (sum.runs > 0)
        printf("before, %d runs: %.0f cycles, %.5g fJ\n", sum.runs, exp(sum.log_latency / sum.runs),
               exp(sum.log_energy / sum.runs));
    return 0;
}
