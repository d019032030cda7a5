// RUN: unit-schedule-detour

/* Cores on a bus with off-chip memory: links between neighbours keep what moves on chip away from
 * the bus. The checker accepts them. */

#include "random_instance.h"

#include "stream/check/check.h"

typedef struct {
    int32_t on_chip, bus; /* transfers between memories on chip, by their way */
    int64_t cycles;
} sums;

/* A bus of all cores, and, if wanted, links as wide between neighbours. */
static bool set_links(random_instance *r, bool neighbours) {
    stream_vec links = STREAM_VEC(stream_link);
    int32_t all[RANDOM_MAX_CORES];
    for (int32_t c = 0; c <= r->n_compute; ++c)
        all[c] = c;
    random_link(r, &links, true, r->n_compute + 1, all);
    for (int32_t c = 0; c + 1 < r->n_compute && neighbours; ++c)
        random_link(r, &links, false, 2, (int32_t[]){c, c + 1});
    r->acc.n_links = (int32_t)links.n;
    stream_link *made = stream_vec_freeze(&links, r->arena);
    for (int32_t l = 0; l < r->acc.n_links; ++l) {
        made[l].bandwidth_bits = 32;
        made[l].latency_cycles = 0;
    }
    r->acc.links = made;
    return stream_accelerator_finish(&r->acc, r->arena, &r->diag) == STREAM_OK;
}

static void count(const random_instance *r, const stream_schedule *s, sums *out) {
    int32_t offchip = r->acc.offchip_instance;
    out->cycles += s->summary.latency_cycles;
    for (int32_t i = 0; i < s->n_transfers; ++i) {
        const stream_transfer *t = &s->transfers[i];
        if (t->source == offchip || t->targets[0].instance == offchip || t->n_resources == 0)
            continue;
        bool bus = false;
        for (int32_t k = 0; k < t->n_resources; ++k)
            bus |= r->acc.links[r->acc.resources[t->resources[k]].link].bus;
        *(bus ? &out->bus : &out->on_chip) += 1;
    }
}

static bool schedule(random_instance *r, bool neighbours, sums *out) {
    for (int32_t p = 0; p < STREAM_PRIORITY_GIVEN; ++p) {
        stream_schedule s;
        int32_t violations;
        if (!set_links(r, neighbours) ||
            stream_schedule_build(&r->problem, (stream_priority)p, r->arena, &r->diag, &s) !=
                STREAM_OK ||
            stream_check_schedule(&r->problem, &s, NULL, &r->diag, &violations) != STREAM_OK)
            return false;
        count(r, &s, out);
    }
    return true;
}

int main(void) {
    sums with = {0}, without = {0};
    int32_t bad = 0;
    for (unsigned seed = 1; seed <= 100; ++seed) {
        random_instance r;
        bool ok = random_instance_open(&r, seed);
        r.problem.streams = NULL;
        ok = ok && schedule(&r, false, &without) && schedule(&r, true, &with);
        if (!ok)
            printf("# seed %u: %s\n", seed, r.text);
        bad += !ok;
        random_instance_close(&r);
    }
    printf("# %d transfers on chip of %d; %lld cycles, %lld without links\n", with.on_chip,
           with.on_chip + with.bus, (long long)with.cycles, (long long)without.cycles);
    CHECK_EQ(bad, 0);
    CHECK_EQ(without.on_chip, 0);
    CHECK(with.on_chip > 4 * with.bus);
    return test_done();
}
