// RUN: unit-schedule-spill

/* What has to leave a memory goes to that of another core where that costs less energy than
 * off-chip. The schedules are legal, and such transfers happen: to a memory from which no CT reads
 * the tensor, and in which none writes it. */

#include "random_instance.h"

#include "stream/check/check.h"
#include "stream/schedule/energy.h"

static int32_t memory_of(const random_instance *r, int32_t ct, uint8_t operand) {
    return r->acc.top[r->cores[ct] * STREAM_N_OPERANDS + operand];
}

static bool is_used_in(const random_instance *r, int32_t tensor, int32_t instance) {
    for (int32_t ct = 0; ct < r->graph.n_cts; ++ct) {
        if (r->graph.cts[ct].tensor == tensor && memory_of(r, ct, STREAM_O) == instance)
            return true;
        for (int32_t i = 0; i < r->graph.cts[ct].n_reads; ++i) {
            const stream_ct_read *read = &r->graph.reads[r->graph.cts[ct].first_read + i];
            if (read->tensor == tensor && memory_of(r, ct, read->operand) == instance)
                return true;
        }
    }
    return false;
}

static int32_t count_spills(const random_instance *r, const stream_schedule *s) {
    int32_t n = 0;
    for (int32_t t = 0; t < s->n_transfers; ++t)
        for (int32_t k = 0; k < s->transfers[t].n_targets; ++k) {
            int32_t instance = s->transfers[t].targets[k].instance;
            n += instance != r->acc.offchip_instance &&
                 !is_used_in(r, s->transfers[t].tensor, instance);
        }
    return n;
}

/* Such transfers are moves aside, and as such evictions; what comes back comes from there. */
static void check_moves(const random_instance *r, const stream_schedule *s, int32_t *aside,
                        int32_t *back) {
    for (int32_t i = 0; i < s->n_transfers; ++i) {
        const stream_transfer *t = &s->transfers[i];
        stream_move move = stream_transfer_move(&r->problem, s, t);
        bool unused = t->source != r->acc.offchip_instance;
        for (int32_t k = 0; k < t->n_targets; ++k)
            unused &= t->targets[k].instance != r->acc.offchip_instance &&
                      !is_used_in(r, t->tensor, t->targets[k].instance);
        CHECK(!unused || move == STREAM_MOVE_ASIDE);
        CHECK(stream_move_evicts(move) ==
              (move != STREAM_MOVE_FETCH && move != STREAM_MOVE_ONCHIP &&
               move != STREAM_MOVE_OUTPUT));
        *aside += move == STREAM_MOVE_ASIDE;
        *back += move == STREAM_MOVE_BACK;
    }
}

int main(void) {
    int32_t spills = 0, aside = 0, back = 0;
    for (unsigned seed = 1; seed <= 400; ++seed) {
        random_instance r;
        stream_schedule s;
        int32_t violations;
        bool ok = random_instance_open(&r, seed);
        ok = ok &&
             stream_schedule_build(&r.problem, STREAM_PRIORITY_LATENCY, r.arena, &r.diag, &s) ==
                 STREAM_OK &&
             stream_check_schedule(&r.problem, &s, NULL, &r.diag, &violations) == STREAM_OK;
        CHECK(ok);
        if (!ok)
            printf("# seed %u: %s\n", seed, r.text);
        else {
            spills += count_spills(&r, &s);
            check_moves(&r, &s, &aside, &back);
        }
        random_instance_close(&r);
    }
    printf("# %d spills to memories of other cores, %d moves aside, %d back\n", spills, aside,
           back);
    CHECK(spills > 0);
    CHECK(aside >= spills && back > 0);
    return test_done();
}
