// RUN: unit-schedule-energy

/* Every view of a schedule's energy adds up to the total, to the femtojoule, and the total is that
 * of the summary and of the evaluation. */

#include "stream/schedule/energy.h"
#include "stream/check/check.h"

#include "random_instance.h"

/* Parts of each price: a third for MACs, an eighth for each memory; the rest is opaque. */
static const stream_price_parts *make_parts(const random_instance *r) {
    const stream_accelerator *acc = r->problem.acc;
    int32_t n_kernels = r->problem.graph->n_kernels;
    int32_t *first = STREAM_NEW(r->arena, int32_t, (size_t)acc->n_cores + 1);
    for (int32_t c = 0; c < acc->n_cores; ++c)
        first[c + 1] = first[c] + acc->cores[c].n_memories;
    int32_t row = first[acc->n_cores];
    int64_t *macs = STREAM_NEW(r->arena, int64_t, (size_t)n_kernels * (size_t)acc->n_cores);
    int64_t *levels = STREAM_NEW(r->arena, int64_t, (size_t)n_kernels * (size_t)row);
    for (int32_t k = 0; k < n_kernels; ++k)
        for (int32_t c = 0; c < acc->n_cores; ++c) {
            int64_t fj = r->problem.energy_fj[k * acc->n_cores + c];
            macs[k * acc->n_cores + c] = fj > 0 ? fj / 3 : 0;
            for (int32_t l = first[c]; l < first[c + 1]; ++l)
                levels[k * row + l] = fj > 0 ? fj / 8 : 0;
        }
    stream_price_parts *parts = STREAM_NEW(r->arena, stream_price_parts, 1);
    *parts = (stream_price_parts){macs, first, levels};
    return parts;
}

static int64_t by_place(const stream_accelerator *acc, const stream_energy *e) {
    int64_t sum = 0;
    for (int32_t c = 0; c < acc->n_cores; ++c)
        sum += e->cores[c].mac_fj + e->cores[c].opaque_fj + e->cores[c].leak_fj;
    for (int32_t l = 0; l < e->level_first[acc->n_cores]; ++l)
        sum += e->levels_fj[l];
    for (int32_t l = 0; l < acc->n_links; ++l)
        sum += e->links_fj[l];
    for (int32_t i = 0; i < acc->n_instances; ++i)
        sum += e->instances_fj[i];
    return sum;
}

static int64_t by_share(const stream_share_energy *shares, int32_t n) {
    int64_t sum = 0;
    for (int32_t i = 0; i < n; ++i)
        sum += shares[i].compute_fj + shares[i].move_fj;
    return sum;
}

static void check_views(const random_instance *r, const stream_schedule *s) {
    stream_energy e;
    stream_energy_build(&r->problem, s, r->arena, &e);
    int64_t kinds = e.compute_fj + e.leak_fj;
    for (int m = 0; m < STREAM_N_MOVES; ++m)
        kinds += e.moves_fj[m];
    CHECK_EQ(e.total_fj, s->summary.energy_fj);
    CHECK_EQ(kinds, e.total_fj);
    CHECK_EQ(by_place(r->problem.acc, &e), e.total_fj);
    CHECK_EQ(by_share(e.layers, r->problem.graph->n_layers) + e.leak_fj, e.total_fj);
    CHECK_EQ(by_share(e.tensors, r->problem.graph->n_tensors) + e.leak_fj, e.total_fj);
    CHECK_EQ(e.leak_fj, s->summary.static_energy_fj);
    CHECK_EQ(e.moves_fj[STREAM_MOVE_ASIDE] + e.moves_fj[STREAM_MOVE_BACK] +
                 e.moves_fj[STREAM_MOVE_SPILL] + e.moves_fj[STREAM_MOVE_RELOAD],
             s->summary.eviction_energy_fj);
}

static void leave_on(random_instance *r, double static_pj) {
    stream_core *cores = STREAM_NEW(r->arena, stream_core, (size_t)r->acc.n_cores);
    memcpy(cores, r->acc.cores, (size_t)r->acc.n_cores * sizeof *cores);
    cores[0].static_pj = static_pj;
    r->acc.cores = cores;
}

int main(void) {
    int evicting = 0;
    for (unsigned seed = 1; seed <= 60; ++seed) {
        random_instance r;
        stream_schedule s;
        CHECK(random_instance_open(&r, seed));
        leave_on(&r, seed % 2 ? 0.125 : 0);
        r.problem.parts = seed % 3 ? make_parts(&r) : NULL;
        CHECK_EQ(stream_schedule_build(&r.problem, STREAM_PRIORITY_LATENCY, r.arena, &r.diag, &s),
                 STREAM_OK);
        check_views(&r, &s);
        CHECK_EQ(stream_check_schedule(&r.problem, &s, NULL, &r.diag, NULL), STREAM_OK);
        CHECK((s.summary.static_energy_fj > 0) == (seed % 2 == 1));
        CHECK((s.summary.mac_energy_fj > 0) == (seed % 3 != 0));
        evicting += s.summary.eviction_energy_fj > 0;
        random_instance_close(&r);
    }
    printf("# %d schedules evict\n", evicting);
    CHECK(evicting > 5);
    return test_done();
}
