/* golden-ct-graph FILE...: CT graphs of the compatible generator (stream/schedule/coala_v0.h), cut
 * from networks as layers over tensors, against those of the reference. FILE is
 *
 *   *.json.gz, *.json  a dump of the reference: every CT, constant and edge is compared with the
 * run of the same accelerator and as many CTs else               rows (summary.h), made by
 * golden-ct-graph --rows DUMP...: "run NAME", then the rows of that run
 *
 * Prints a line per run, the first mismatches, and last "N of M equal"; exits 0 only if all are. */

#include "chain.h"
#include "dump.h"
#include "summary.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *path, *run;
    int64_t equal, all, shown;
    bool ok;
} tally;

enum {
    MOST_SHOWN = 20
};

static void print_message(void *user, stream_severity severity, stream_loc loc, const char *text) {
    (void)user;
    (void)severity;
    (void)loc;
    fprintf(stderr, "%s\n", text);
}

static void same(tally *t, const char *what, int32_t id, int64_t got, int64_t want) {
    ++t->all;
    t->equal += got == want;
    if (got != want && t->shown++ < MOST_SHOWN)
        printf("%s: %s %d is %" PRId64 ", reference %" PRId64 "\n", t->path, what, id, got, want);
}

/* ---- all of two graphs */

static void compare_constant(tally *t, const stream_coala_v0_constant *a,
                             const stream_coala_v0_constant *b, int32_t ct) {
    same(t, "bits of a constant of CT", ct, a->bits, b->bits);
    same(t, "uses of a constant of CT", ct, a->uses, b->uses);
    same(t, "prefetch of a constant of CT", ct, a->prefetch, b->prefetch);
}

static void compare_cts(tally *t, const ct_graph *got, const ct_graph *want, stream_arena *arena) {
    const stream_coala_v0_problem *a = got->problem, *b = want->problem;
    const int32_t *data_a = ct_graph_data(got, arena), *data_b = ct_graph_data(want, arena);
    for (int32_t i = 0; i < a->n_cts && i < b->n_cts; ++i) {
        same(t, "layer of CT", i, a->cts[i].layer, b->cts[i].layer);
        same(t, "core of CT", i, a->cts[i].core, b->cts[i].core);
        same(t, "output bits of CT", i, a->cts[i].output_bits, b->cts[i].output_bits);
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
            int32_t c = ct_graph_constant(got, i, o), d = ct_graph_constant(want, i, o);
            same(t, "has a constant: CT", i, c >= 0, d >= 0);
            if (c < 0 || d < 0)
                continue;
            compare_constant(t, &a->constants[c], &b->constants[d], i);
            same(t, "data of a constant of CT", i, data_a[c], data_b[d]);
        }
    }
}

static void compare_edges(tally *t, const ct_graph *got, const ct_graph *want,
                          stream_arena *arena) {
    const int32_t *a = ct_graph_sorted_edges(got, arena), *b = ct_graph_sorted_edges(want, arena);
    for (int32_t i = 0; i < got->problem->n_edges && i < want->problem->n_edges; ++i) {
        const stream_coala_v0_edge *x = &got->problem->edges[a[i]];
        const stream_coala_v0_edge *y = &want->problem->edges[b[i]];
        same(t, "producer of edge", i, x->from, y->from);
        same(t, "consumer of edge", i, x->to, y->to);
        same(t, "operand of edge", i, x->operand, y->operand);
        same(t, "bits of edge", i, ct_graph_edge_bits(got, a[i]), ct_graph_edge_bits(want, b[i]));
    }
}

static void compare(tally *t, const ct_graph *got, const ct_graph *want, stream_arena *arena) {
    same(t, "CTs", 0, got->problem->n_cts, want->problem->n_cts);
    same(t, "edges", 0, got->problem->n_edges, want->problem->n_edges);
    compare_cts(t, got, want, arena);
    compare_edges(t, got, want, arena);
}

/* ---- dumps */

static int32_t count_cts(const chip_run *run, stream_arena *arena) {
    stream_coala_v0_hardware hardware;
    stream_coala_v0_problem p;
    return chip_problem(run, arena, &hardware, &p) ? p.n_cts : -1;
}

/* The run of a dump: its accelerator is in the path that the dump names. */
static const chip_run *find_run(const dump *d, stream_arena *arena) {
    const char *accelerator =
        json_text(json_member(json_member(d->root, "cfg"), "accelerator"), "");
    char part[64];
    for (int32_t i = 0; i < n_chip_runs; ++i) {
        snprintf(part, sizeof part, ".%s.", chip_runs[i].hardware);
        if (strstr(accelerator, part) && count_cts(&chip_runs[i], arena) == d->problem.n_cts)
            return &chip_runs[i];
    }
    fprintf(stderr, "%s: no run has its accelerator and its %d CTs\n", d->path, d->problem.n_cts);
    return NULL;
}

static const int64_t *read_edge_bits(const dump *d) {
    int64_t *bits = STREAM_NEW(d->arena, int64_t, (size_t)d->problem.n_edges);
    int32_t i = 0;
    for (const json *e = json_member(d->root, "edges")->first; e; e = e->next)
        bits[i++] = (int64_t)json_number(json_item(e, 2), -1);
    return bits;
}

static const chip_run *load(const char *path, stream_arena *arena, dump *d, ct_graph *out) {
    json *root = json_read(path, arena);
    if (!root || !dump_load(path, root, arena, d))
        return NULL;
    *out = (ct_graph){.problem = &d->problem, .edge_bits = read_edge_bits(d)};
    return find_run(d, arena);
}

static void check_dump(tally *t, stream_arena *arena) {
    dump d;
    ct_graph want, got = {0};
    chain c;
    stream_diag diag = {print_message, NULL};
    const chip_run *run = load(t->path, arena, &d, &want);
    if (!run || chain_of_table(run, arena, &diag, &c) != STREAM_OK) {
        t->ok = false;
        return;
    }
    int64_t equal = t->equal, all = t->all;
    got.problem = &c.problem;
    compare(t, &got, &want, arena);
    printf("%s, %s: %d CTs, %d edges; %" PRId64 " of %" PRId64 " figures equal\n", t->path,
           run->name, c.problem.n_cts, c.problem.n_edges, t->equal - equal, t->all - all);
}

static bool print_rows(const char *path, stream_arena *arena) {
    dump d;
    ct_graph graph;
    const chip_run *run = load(path, arena, &d, &graph);
    if (!run)
        return false;
    printf("run %s\n", run->name);
    ct_graph_print(&graph, arena, stdout);
    return true;
}

/* ---- rows */

static const chip_run *run_named(const char *name) {
    for (int32_t i = 0; i < n_chip_runs; ++i)
        if (strcmp(chip_runs[i].name, name) == 0)
            return &chip_runs[i];
    return NULL;
}

/* What the generator makes of a run, as rows in a file that is read back; NULL: nothing. */
static FILE *generate_rows(const char *name, stream_arena *arena) {
    chain c;
    stream_diag diag = {print_message, NULL};
    const chip_run *run = run_named(name);
    if (!run || chain_of_table(run, arena, &diag, &c) != STREAM_OK) {
        fprintf(stderr, "no graph of run '%s'\n", name);
        return NULL;
    }
    FILE *rows = tmpfile();
    if (!rows)
        abort();
    ct_graph graph = {.problem = &c.problem};
    ct_graph_print(&graph, arena, rows);
    rewind(rows);
    return rows;
}

static void compare_row(tally *t, FILE *rows, const char *want) {
    char got[256] = "nothing\n";
    if (!fgets(got, sizeof got, rows))
        got[0] = '\0';
    bool equal = strcmp(got, want) == 0;
    ++t->all;
    t->equal += equal;
    if (!equal)
        printf("%s: got %s%s, reference %s", t->run, got, *got ? "" : "nothing", want);
}

static void end_run(tally *t, FILE **rows) {
    if (!*rows)
        return;
    char more[256];
    same(t, "rows beyond the reference's: run", 0, fgets(more, sizeof more, *rows) != NULL, 0);
    fclose(*rows);
    *rows = NULL;
}

static void check_rows(tally *t, stream_arena *arena) {
    FILE *file = fopen(t->path, "r"), *rows = NULL;
    char line[256];
    if (!file) {
        fprintf(stderr, "%s: cannot be read\n", t->path);
        t->ok = false;
        return;
    }
    while (fgets(line, sizeof line, file)) {
        if (*line == '#')
            continue;
        if (strncmp(line, "run ", 4) == 0) {
            end_run(t, &rows);
            line[strcspn(line, "\n")] = '\0';
            t->run = stream_arena_strdup(arena, line + 4);
            rows = generate_rows(t->run, arena);
            t->ok &= rows != NULL;
            printf("%s\n", t->run);
        } else if (rows) {
            compare_row(t, rows, line);
        }
    }
    end_run(t, &rows);
    fclose(file);
}

static bool is_dump(const char *path) {
    return strstr(path, ".json") != NULL;
}

int main(int argc, char **argv) {
    tally t = {.ok = true};
    bool rows = argc > 1 && strcmp(argv[1], "--rows") == 0;
    if (argc < 2 + rows || (argv[1 + rows][0] == '-')) {
        fputs("usage: golden-ct-graph [--rows] FILE...\n", stderr);
        return 2;
    }
    for (int i = 1 + rows; i < argc; ++i) {
        stream_arena *arena = stream_arena_create();
        t.path = argv[i];
        if (rows)
            t.ok &= print_rows(argv[i], arena);
        else if (is_dump(argv[i]))
            check_dump(&t, arena);
        else
            check_rows(&t, arena);
        stream_arena_destroy(arena);
    }
    if (!rows)
        printf("%" PRId64 " of %" PRId64 " equal\n", t.equal, t.all);
    return t.ok && (rows || t.all > 0) && t.equal == t.all ? 0 : 1;
}
