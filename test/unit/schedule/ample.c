// RUN: unit-schedule-ample

/* Ports that take all that the links to their memory can bring have no profile: whatever their
 * bandwidth is beside that of the links, the checker, which adds up the rates of every port,
 * accepts the schedules. */

#include "../../../lib/schedule/model.h"
#include "random_instance.h"

#include "stream/check/check.h"
#include "stream/schedule/policy.h"

typedef struct {
    int32_t ample, scarce; /* ports */
} port_counts;

static int64_t links_bandwidth(const random_instance *r) {
    int64_t sum = 0;
    for (int32_t l = 0; l < r->acc.n_links; ++l)
        sum += r->acc.links[l].bandwidth_bits;
    return sum;
}

/* All ports of so many percent of the links together, or one bit per cycle. */
static void set_ports(random_instance *r, int64_t percent) {
    size_t n = (size_t)r->acc.n_resources;
    stream_resource *resources =
        stream_arena_copy(r->arena, r->acc.resources, n, sizeof *resources);
    for (size_t i = 0; i < n; ++i)
        if (resources[i].kind == STREAM_RESOURCE_PORT)
            resources[i].bandwidth_bits = stream_max_i64(links_bandwidth(r) * percent / 100, 1);
    r->acc.resources = resources;
}

static bool count(random_instance *r, port_counts *out) {
    const stream_schedule_model *m;
    if (stream_schedule_model_build(&r->problem, r->arena, &r->diag, &m) != STREAM_OK)
        return false;
    for (int32_t i = 0; i < r->acc.n_resources; ++i) {
        if (r->acc.resources[i].kind == STREAM_RESOURCE_PORT)
            *(m->is_ample[i] ? &out->ample : &out->scarce) += 1;
        else if (m->is_ample[i])
            return false;
    }
    return true;
}

static bool is_legal(random_instance *r) {
    for (int p = 0; p < STREAM_N_FREE_PRIORITIES; ++p) {
        stream_schedule s;
        int32_t violations = 0;
        if (stream_schedule_build(&r->problem, (stream_priority)p, r->arena, &r->diag, &s) !=
                STREAM_OK ||
            stream_check_schedule(&r->problem, &s, NULL, &r->diag, &violations) != STREAM_OK)
            return false;
    }
    return true;
}

static bool run(unsigned seed, int64_t percent, port_counts *out) {
    random_instance r;
    bool ok = random_instance_open(&r, seed);
    r.problem.streams = NULL;
    if (ok)
        set_ports(&r, percent);
    ok = ok && count(&r, out) && is_legal(&r);
    if (!ok)
        printf("# seed %u, %d %%: %s\n", seed, (int)percent, r.text);
    random_instance_close(&r);
    return ok;
}

int main(void) {
    static const int64_t percents[] = {0, 20, 50, 80, 100, 120, 200};
    enum {
        N = sizeof percents / sizeof *percents
    };
    port_counts counts[N] = {{0, 0}};
    int32_t bad = 0;
    for (int i = 0; i < N; ++i)
        for (unsigned seed = 1; seed <= 40; ++seed)
            bad += !run(seed, percents[i], &counts[i]);
    for (int i = 0; i < N; ++i)
        printf("# %d %%: %d of %d ports are ample\n", (int)percents[i], counts[i].ample,
               counts[i].ample + counts[i].scarce);
    CHECK_EQ(bad, 0);
    CHECK_EQ(counts[0].ample, 0);
    CHECK(counts[N - 1].ample > counts[N - 1].scarce / 2);
    for (int i = 1; i < N; ++i)
        CHECK(counts[i].ample >= counts[i - 1].ample);
    return test_done();
}
