// RUN: unit-schedule-nonsense

/* Each field of a graph or a problem that names something, out of its range: INVALID, with a
 * message that says which. */

#include "random_instance.h"

typedef struct {
    random_instance r;
    stream_tensor *tensors; /* copies that may be changed: */
    stream_ct *cts;
    stream_ct_read *reads;
    int64_t *energy_fj;
} problem;

static void open(problem *p) {
    random_instance *r = &p->r;
    CHECK(random_instance_open(r, 3));
    size_t prices = (size_t)r->graph.n_kernels * (size_t)r->acc.n_cores;
    p->tensors = r->tensors.data;
    p->cts = r->cts.data;
    p->reads = r->reads.data;
    p->energy_fj = stream_arena_copy(r->arena, r->problem.energy_fj, prices, sizeof *p->energy_fj);
    r->problem.energy_fj = p->energy_fj;
    r->text[0] = 0;
}

/* The graph is refused with such a message; the problem is gone. */
static void refused(problem *p, const char *message) {
    CHECK_EQ(stream_ct_graph_finish(&p->r.graph, p->r.arena, &p->r.diag), STREAM_INVALID);
    CHECK(strstr(p->r.text, message));
    if (!strstr(p->r.text, message))
        printf("# '%s' is not in '%s'\n", message, p->r.text);
    random_instance_close(&p->r);
}

#define REFUSED(change, message)                                                                   \
    do {                                                                                           \
        problem p;                                                                                 \
        open(&p);                                                                                  \
        change;                                                                                    \
        refused(&p, message);                                                                      \
    } while (0)

static void ids(void) {
    REFUSED(p.cts[1].kernel = -1, "CT 1 has kernel -1, of ");
    REFUSED(p.cts[1].kernel = p.r.graph.n_kernels, "CT 1 has kernel ");
    REFUSED(p.cts[1].layer = -2, "CT 1 has layer -2, of ");
    REFUSED(p.cts[1].layer = p.r.graph.n_layers, "CT 1 has layer ");
    REFUSED(p.cts[1].tensor = -1, "CT 1 has tensor -1, of ");
    REFUSED(p.cts[1].tensor = INT32_MAX, "CT 1 has tensor 2147483647, of ");
    REFUSED(p.cts[1].tensor = 0, "CT 1 writes 't0', which is an input or a constant");
    REFUSED(p.reads[0].tensor = -1, "CT 0 has tensor -1, of ");
    REFUSED(p.reads[0].operand = 3, "CT 0 has operand class 3, of 3");
    REFUSED(p.cts[1].first_read = -1, "reads from -1 on, of ");
    REFUSED(p.cts[1].first_read = INT32_MAX, "reads from 2147483647 on, of ");
    REFUSED(p.cts[1].n_reads = -1, "CT 1 has -1 reads from ");
    REFUSED(p.cts[1].n_reads = INT32_MAX, "CT 1 has 2147483647 reads from ");
}

static void tensors(void) {
    REFUSED(p.tensors[0].element_bits = 0, "tensor 't0' has elements of 0 bits");
    REFUSED(p.tensors[0].element_bits = -8, "tensor 't0' has elements of -8 bits");
    REFUSED(p.tensors[0].rank = STREAM_MAX_RANK + 1, "tensor 't0' has ");
    REFUSED(p.tensors[0].rank = -1, "tensor 't0' has -1 dimensions");
    REFUSED(stream_tensor_mark_output(&p.tensors[0], 1, INT32_MAX), "of tensor 't0' the elements");
    REFUSED(stream_tensor_mark_output(&p.tensors[0], -1, 1), "of tensor 't0' the elements");
}

/* Nobody reads the last row of an output, and nobody writes it (R10). */
static void outputs(void) {
    problem p;
    open(&p);
    const stream_ct *last = &p.cts[p.r.graph.n_cts - 1];
    stream_tensor *t = &p.tensors[last->tensor];
    char message[64];
    CHECK(t->is_output);
    stream_tensor_mark_output(t, 0, 0);
    t->shape[1] += 1;
    snprintf(message, sizeof message, "output '%s' has ", t->name);
    refused(&p, message);
}

static void prices(void) {
    problem p;
    const stream_schedule_model *m;
    open(&p);
    int32_t kernel = p.cts[0].kernel, core = p.r.cores[0];
    p.energy_fj[kernel * p.r.acc.n_cores + core] = -1;
    CHECK_EQ(stream_schedule_model_build(&p.r.problem, p.r.arena, &p.r.diag, &m), STREAM_INVALID);
    CHECK(strstr(p.r.text, " takes -1 fJ on core "));
    random_instance_close(&p.r);
}

/* Links take ever more energy, until the sum is refused: none that is given has wrapped around. */
static void energies(void) {
    problem p;
    stream_schedule schedule;
    open(&p);
    size_t n = (size_t)p.r.acc.n_links;
    stream_link *links = stream_arena_copy(p.r.arena, p.r.acc.links, n, sizeof *links);
    double fits = 0, leaves = 1e18;
    p.r.acc.links = links;
    for (int step = 0; step < 60; ++step) {
        double middle = fits + (leaves - fits) / 2;
        for (size_t l = 0; l < n; ++l)
            links[l].pj_per_bit = middle;
        stream_status status = stream_schedule_build(&p.r.problem, STREAM_PRIORITY_LATENCY,
                                                     p.r.arena, &p.r.diag, &schedule);
        CHECK(status == STREAM_INVALID ||
              (status == STREAM_OK &&
               schedule.summary.energy_fj > schedule.summary.link_energy_fj &&
               schedule.summary.link_energy_fj > 0));
        *(status == STREAM_OK ? &fits : &leaves) = middle;
    }
    CHECK(fits > 0 && leaves < 1e18);
    random_instance_close(&p.r);
}

/* Bounds cannot be refused: those of any cores hold. */
static void bounds(void) {
    static const int32_t none[] = {-1, INT32_MAX, INT32_MIN};
    problem p;
    stream_bound_kind kind;
    open(&p);
    p.r.problem.cores = NULL;
    int64_t latency = stream_schedule_lower_bound(&p.r.problem, &kind);
    int64_t energy = stream_schedule_energy_bound(&p.r.problem);
    p.r.problem.cores = p.r.cores;
    for (int i = 0; i < 3; ++i) {
        p.r.cores[0] = none[i];
        CHECK_EQ(stream_schedule_lower_bound(&p.r.problem, &kind), latency);
        CHECK_EQ(stream_schedule_energy_bound(&p.r.problem), energy);
    }
    random_instance_close(&p.r);
}

/* Nor can they where cycles are too many to be scheduled: there is none. */
static void endless(void) {
    problem p;
    stream_bound_kind kind;
    const stream_schedule_model *m;
    open(&p);
    size_t n = (size_t)p.r.graph.n_kernels * (size_t)p.r.acc.n_cores;
    int64_t *cycles = stream_arena_copy(p.r.arena, p.r.problem.cycles, n, sizeof *cycles);
    int64_t most = INT64_MAX / 8 / p.r.graph.n_cts;
    p.r.problem.cycles = cycles;
    for (int more = 0; more < 2; ++more) {
        for (size_t i = 0; i < n; ++i)
            cycles[i] = cycles[i] < 0 ? -1 : most * (more ? 7 : 1);
        bool is_taken =
            stream_schedule_model_build(&p.r.problem, p.r.arena, &p.r.diag, &m) == STREAM_OK;
        int64_t bound = stream_schedule_lower_bound(&p.r.problem, &kind);
        CHECK(more ? !is_taken && bound == 0 : is_taken && bound >= most);
    }
    random_instance_close(&p.r);
}

int main(void) {
    ids();
    tensors();
    outputs();
    prices();
    energies();
    bounds();
    endless();
    return test_done();
}
