/* golden-coala [--most N] FILE...: schedules every dump of the reference tile scheduler again in
 * the compatible mode. Every figure must be equal, doubles bit for bit: start and end of every CT,
 * every use of every link, every step of every memory, every energy. Prints the first N (20)
 * mismatches of each file, a line for each file, and last "N of M equal"; exits 0 only if all are.
 */

#include "chain.h"
#include "compare.h"
#include "cpu_time.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_message(void *user, stream_severity severity, stream_loc loc, const char *text) {
    (void)severity;
    (void)loc;
    fprintf(stderr, "%s: %s\n", user ? (const char *)user : "chain", text);
}

typedef struct {
    const char *path;
    int64_t most, equal, all;
    int32_t dumps;
    bool ok;
} tally;

/* The least CPU time of some runs; a failure is told once. */
static bool schedule(const stream_coala_v0_problem *p, stream_arena *arena, const char *name,
                     stream_coala_v0_schedule *out, double *ms) {
    enum {
        RUNS = 3
    };
    union {
        const char *text;
        void *user;
    } label = {name};
    stream_diag diag = {print_message, label.user};
    for (int i = 0; i < RUNS; ++i) {
        double start = cpu_ms();
        if (stream_coala_v0_schedule_build(p, arena, &diag, out) != STREAM_OK)
            return false;
        double took = cpu_ms() - start;
        *ms = i == 0 || took < *ms ? took : *ms;
    }
    return true;
}

static void check_dump(tally *t, json *root, stream_arena *arena) {
    dump d;
    stream_coala_v0_schedule s;
    double ms;
    if (!dump_load(t->path, root, arena, &d) || !schedule(&d.problem, arena, t->path, &s, &ms)) {
        t->ok = false;
        return;
    }
    comparison c = {.d = &d, .s = &s, .most = t->most};
    compare(&c);
    t->equal += c.equal;
    t->all += c.all;
    if (++t->dumps == 1)
        printf("%s: %d CTs, %.0f cycles, %.17g pJ; %.2f ms\n", t->path, d.problem.n_cts,
               s.latency_cycles, s.energy.total, ms);
}

static void check_file(tally *t) {
    stream_arena *arena = stream_arena_create();
    json *root = json_read(t->path, arena);
    t->dumps = 0;
    t->ok &= root != NULL;
    if (root && root->kind == JSON_ARRAY && root->n == 0)
        fprintf(stderr, "%s: a list without a dump\n", t->path);
    if (root && root->kind == JSON_ARRAY)
        for (json *one = root->first; one; one = one->next)
            check_dump(t, one, arena);
    else if (root)
        check_dump(t, root, arena);
    stream_arena_destroy(arena);
}

static void same(tally *t, const char *what, double got, double want) {
    ++t->all;
    t->equal += got == want;
    if (got != want)
        printf("%s: %s is %.17g, reference %.17g\n", t->path, what, got, want);
}

/* The same run, cut by the compatible CT generator: every CT starts and ends when it did. */
static void check_generated(tally *t, const chip_run *run, stream_arena *arena,
                            const stream_coala_v0_problem *p, const stream_coala_v0_schedule *s) {
    chain c;
    stream_coala_v0_schedule own;
    double ms, starts = 0;
    stream_diag diag = {print_message, NULL};
    if (chain_of_table(run, arena, &diag, &c) != STREAM_OK ||
        !schedule(&c.problem, arena, run->name, &own, &ms)) {
        t->ok = false;
        return;
    }
    same(t, "number of generated CTs", c.problem.n_cts, p->n_cts);
    same(t, "number of generated edges", c.problem.n_edges, p->n_edges);
    for (int32_t i = 0; i < p->n_cts && c.problem.n_cts == p->n_cts; ++i)
        starts += own.start[i] == s->start[i] && own.end[i] == s->end[i];
    same(t, "equal generated CTs", starts, p->n_cts);
    same(t, "energy of generated CTs", own.energy.total, s->energy.total);
}

/* Network, accelerator file and cost model are ours. */
static void check_files(tally *t, const chip_run *run, const char *accelerator, double cycles,
                        double energy_pj) {
    stream_arena *arena = stream_arena_create();
    stream_diag diag = {print_message, NULL};
    chain c;
    stream_coala_v0_schedule s;
    double ms;
    t->path = accelerator;
    bool ok = chain_of_files(run, accelerator, arena, &diag, &c) == STREAM_OK &&
              schedule(&c.problem, arena, accelerator, &s, &ms);
    t->ok &= ok;
    if (ok) {
        printf("%s, our cost model: %.0f cycles (reference %.0f) %.0f pJ\n", accelerator,
               s.latency_cycles, run->cycles, s.energy.total);
        for (int32_t l = 0; l < run->n_layers; ++l)
            printf("  layer %d: %.0f cycles %.2f pJ (reference %.0f, %.2f)\n", l, c.cycles[l],
                   c.energy_pj[l], chip_layer_cycles(run, l), chip_layer_energy_pj(run, l));
        same(t, "latency", s.latency_cycles, cycles);
        same(t, "energy [pJ]", round(s.energy.total), energy_pj);
    }
    stream_arena_destroy(arena);
}

static void check_chip(tally *t, const chip_run *run) {
    stream_arena *arena = stream_arena_create();
    stream_coala_v0_hardware hw;
    stream_coala_v0_problem p;
    stream_coala_v0_schedule s;
    double ms = 0;
    t->path = run->name;
    bool ok = chip_problem(run, arena, &hw, &p) && schedule(&p, arena, run->name, &s, &ms);
    t->ok &= ok;
    if (ok) {
        printf("%-26s %5d CTs %6d edges %8.0f cycles", run->name, p.n_cts, p.n_edges,
               s.latency_cycles);
        if (run->measured_cycles > 0)
            printf(" (chip %.0f, %+.1f %%)", run->measured_cycles,
                   100 * (s.latency_cycles / run->measured_cycles - 1));
        printf(" %.10g pJ %.2f ms\n", s.energy.total, ms);
        same(t, "latency", s.latency_cycles, run->cycles);
        if (run->energy_pj > 0)
            same(t, "energy", s.energy.total, run->energy_pj);
        for (int32_t i = 0; i < 5 && run->peaks[i].memory; ++i)
            same(t, run->peaks[i].memory, (double)chip_peak_bits(&hw, &s, &run->peaks[i]),
                 (double)run->peaks[i].bits);
        check_generated(t, run, arena, &p, &s);
    }
    stream_arena_destroy(arena);
}

int main(int argc, char **argv) {
    tally t = {.most = 20, .ok = true};
    int i = 1;
    if (i + 1 < argc && strcmp(argv[i], "--most") == 0) {
        t.most = strtoll(argv[i + 1], NULL, 10);
        i += 2;
    }
    if (i >= argc || (argv[i][0] == '-' && strcmp(argv[i], "--chips") != 0)) {
        fputs("usage: golden-coala [--most N] FILE.json[.gz]...\n"
              "       golden-coala --chips\n",
              stderr);
        return 2;
    }
    if (strcmp(argv[i], "--chips") == 0)
        for (int32_t k = 0; k < n_chip_runs; ++k)
            check_chip(&t, &chip_runs[k]);
    if (strcmp(argv[i], "--chips") == 0) {
        check_files(&t, &chip_runs[0], "depfin.yaml", 6370024, 58752374645);
        check_files(&t, &chip_runs[5], "aimc.yaml", 62190, 477557267);
    } else
        for (; i < argc; ++i) {
            t.path = argv[i];
            check_file(&t);
        }
    printf("%" PRId64 " of %" PRId64 " equal\n", t.equal, t.all);
    return t.ok && t.all > 0 && t.equal == t.all ? 0 : 1;
}
