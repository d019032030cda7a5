// RUN: unit-schedule-multicast

/* Schedules of random problems send data to several memories at once: over buses, over links that
 * a route passes anyway, and over branches; the checker accepts each of them, and a memory whose
 * size is no multiple of its words gets aligned addresses. */

#include "stream/check/check.h"
#include "stream/hardware/route.h"
#include "stream/support/integer.h"

#include "random_instance.h"

typedef struct {
    int trees, branches, delayed;
    int wasteful; /* transfers at a higher rate than they need to take as long */
} counts;

/* Links of the route to the first target alone. */
static int32_t trunk(const random_instance *r, const stream_transfer *t) {
    stream_routes *routes = stream_routes_create(&r->acc, r->arena);
    return stream_routes_between(routes, t->source, t->targets[0].instance)->n_hops;
}

/* Of all links together. */
static int64_t latencies(const random_instance *r, const stream_transfer *t) {
    int64_t sum = 0;
    for (int32_t i = 0; i < t->n_resources; ++i)
        sum += r->acc.links[r->acc.resources[t->resources[i]].link].latency_cycles;
    return sum;
}

static void count(const random_instance *r, const stream_schedule *s, counts *c) {
    for (int32_t i = 0; i < s->n_transfers; ++i) {
        const stream_transfer *t = &s->transfers[i];
        int64_t bits = stream_ct_graph_bits(&r->graph, t->tensor, &t->box);
        int64_t cycles = stream_ceil_div(bits, t->rate_bits);
        c->wasteful += t->rate_bits > stream_ceil_div(bits, cycles);
        if (t->n_targets > 1) {
            c->trees++;
            c->branches += s->transfers[i].n_resources > trunk(r, &s->transfers[i]);
            c->delayed += latencies(r, &s->transfers[i]) > s->transfers[i].latency_cycles;
        }
    }
}

/* Memories that end inside a word. */
static void make_uneven(random_instance *r) {
    stream_instance *instances = STREAM_NEW(r->arena, stream_instance, (size_t)r->acc.n_instances);
    for (int32_t i = 0; i < r->acc.n_instances; ++i) {
        instances[i] = r->acc.instances[i];
        instances[i].size_bits += instances[i].word_bits / 2;
    }
    r->acc.instances = instances;
}

int main(void) {
    counts c = {0};
    for (unsigned seed = 1; seed <= 200; ++seed) {
        random_instance r;
        stream_schedule s;
        CHECK(random_instance_open(&r, seed));
        if (seed % 2)
            make_uneven(&r);
        bool legal = stream_schedule_build(&r.problem, STREAM_PRIORITY_LATENCY, r.arena, &r.diag,
                                           &s) == STREAM_OK &&
                     stream_check_schedule(&r.problem, &s, NULL, &r.diag, NULL) == STREAM_OK;
        if (!legal)
            printf("# seed %u: %s\n", seed, r.text);
        CHECK(legal);
        if (legal)
            count(&r, &s, &c);
        random_instance_close(&r);
    }
    printf(
        "# %d trees, %d with branches, of %d of which the links have more latency than the way\n",
        c.trees, c.branches, c.delayed);
    CHECK(c.trees > 20);
    CHECK(c.branches > 0);
    CHECK(c.delayed > 0);
    CHECK_EQ(c.wasteful, 0);
    return test_done();
}
