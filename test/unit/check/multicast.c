// RUN: unit-check-multicast

/* On the chain dram - c0 - c1 - c2, a transfer from dram to c1 may leave a copy in c0, which it
 * passes; but not in c2, which it does not reach, and no link may be too many. */

#include "instance.h"
#include "oracle.h"

#include "stream/check/check.h"

static const char *awaited = ""; /* part of a message */
static bool heard;

static void keep_message(void *user, stream_severity severity, stream_loc loc, const char *text) {
    (void)user;
    (void)severity;
    (void)loc;
    heard |= strstr(text, awaited) != NULL;
}

static const stream_diag diag = {.emit = keep_message};

typedef struct {
    sample in;
    stream_schedule s;
    stream_transfer *transfer; /* the one with two targets */
    stream_transfer_target targets[2];
    int32_t links[4];
    int64_t busy[16], peak[16];
} tree;

/* The first transfer over exactly the two links from dram to c1, or NULL. */
static stream_transfer *find(tree *t) {
    stream_transfer *all = STREAM_NEW(t->in.arena, stream_transfer, (size_t)t->s.n_transfers);
    memcpy(all, t->s.transfers, (size_t)t->s.n_transfers * sizeof *all);
    t->s.transfers = all;
    for (int32_t i = 0; i < t->s.n_transfers; ++i)
        if (all[i].source == t->in.hw.acc.offchip_instance && all[i].n_resources == 2)
            return &all[i];
    return NULL;
}

static bool legal(tree *t) {
    stream_schedule_summary summary;
    memset(t->busy, 0, sizeof t->busy);
    memset(t->peak, 0, sizeof t->peak);
    (void)oracle_run(&t->in.problem, &t->s, t->busy, t->peak, &summary);
    t->s.summary = summary;
    return stream_check_schedule(&t->in.problem, &t->s, NULL, &diag, NULL) == STREAM_OK;
}

/* Refused, and for that reason. */
static bool refused_as(tree *t, const char *reason) {
    awaited = reason;
    heard = false;
    return !legal(t) && heard;
}

/* A second target, at any address that is free. */
static bool with_copy_in(tree *t, int32_t core) {
    int32_t instance = t->in.hw.acc.top[core * STREAM_N_OPERANDS];
    for (int64_t address = 0; address < t->in.hw.acc.instances[instance].size_bits; address += 16) {
        t->targets[1] = (stream_transfer_target){instance, address, t->transfer->end};
        if (legal(t))
            return true;
    }
    return false;
}

static bool begin(tree *t, unsigned seed) {
    memset(t, 0, sizeof *t);
    if (!instance_open(&t->in, seed, 1))
        return false;
    t->s = t->in.schedule;
    t->transfer = find(t);
    if (!t->transfer)
        return false;
    t->targets[0] = t->transfer->targets[0];
    t->links[0] = t->transfer->resources[0];
    t->links[1] = t->transfer->resources[1];
    t->transfer->targets = t->targets;
    t->transfer->resources = t->links;
    t->transfer->n_targets = 2;
    return true;
}

int main(void) {
    int trees = 0, wrong = 0;
    for (unsigned seed = 1; seed <= 40; ++seed) {
        tree t;
        if (begin(&t, seed) && with_copy_in(&t, 0)) {
            ++trees;
            t.links[2] = t.in.hw.acc.link_resource[2]; /* on to c2 */
            t.transfer->n_resources = 3;
            t.transfer->latency_cycles += t.in.hw.acc.links[2].latency_cycles;
            wrong += !refused_as(&t, "goes over a link that its route does not need");
            t.transfer->latency_cycles -= t.in.hw.acc.links[2].latency_cycles;
            t.transfer->n_resources = 2;
            wrong += with_copy_in(&t, 2) || !refused_as(&t, "do not lead from its source");
            t.transfer->n_resources = 1; /* not as far as c1 */
            wrong += with_copy_in(&t, 0) || !refused_as(&t, "do not lead from its source");
            t.transfer->n_resources = 2;
            wrong += !with_copy_in(&t, 0);
            t.targets[1].instance = t.targets[0].instance; /* twice in one memory */
            wrong += !refused_as(&t, "where it is from or goes already");
        }
        instance_close(&t.in);
    }
    printf("# %d trees\n", trees);
    CHECK(trees > 0);
    CHECK_EQ(wrong, 0);
    return test_done();
}
