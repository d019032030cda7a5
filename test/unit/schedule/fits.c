// RUN: unit-schedule-fits

/* Memories of the least size in which each CT fits, alone: every order is scheduled, whatever has
 * to leave them, and to where. */

#include "random_instance.h"

#include "stream/check/check.h"
#include "stream/schedule/policy.h"

/* Bits of the CT's boxes in the memory, each in whole words. */
static int64_t demand_of(const random_instance *r, int32_t ct, int32_t instance) {
    const stream_ct *c = &r->graph.cts[ct];
    const int32_t *places = &r->acc.top[r->cores[ct] * STREAM_N_OPERANDS];
    int64_t word = r->acc.instances[instance].word_bits, bits = 0;
    for (int32_t i = 0; i < c->n_reads; ++i) {
        const stream_ct_read *read = &r->graph.reads[c->first_read + i];
        for (int32_t p = r->graph.pred_first[ct]; p < r->graph.pred_first[ct + 1]; ++p) {
            const stream_ct *pred = &r->graph.cts[r->graph.preds[p]];
            stream_box part;
            if (pred->tensor == read->tensor && places[read->operand] == instance &&
                stream_box_intersect(&pred->box, &read->box, &part))
                bits += stream_round_up(stream_ct_graph_bits(&r->graph, read->tensor, &part), word);
        }
        if (r->graph.tensors[read->tensor].kind != STREAM_TENSOR_INTERMEDIATE &&
            places[read->operand] == instance)
            bits +=
                stream_round_up(stream_ct_graph_bits(&r->graph, read->tensor, &read->box), word);
    }
    if (places[STREAM_O] == instance)
        bits += stream_round_up(stream_ct_graph_bits(&r->graph, c->tensor, &c->box), word);
    return bits;
}

/* The most that a CT asks of each memory on chip, which becomes its size. */
static void shrink(random_instance *r) {
    size_t n = (size_t)r->acc.n_instances;
    stream_instance *instances =
        stream_arena_copy(r->arena, r->acc.instances, n, sizeof *instances);
    for (int32_t i = 0; i < r->acc.n_instances; ++i) {
        int64_t most = instances[i].word_bits;
        for (int32_t ct = 0; ct < r->graph.n_cts; ++ct)
            most = stream_max_i64(most, demand_of(r, ct, i));
        if (i != r->acc.offchip_instance)
            instances[i].size_bits = most;
    }
    r->acc.instances = instances;
}

static void is_scheduled(random_instance *r, unsigned seed) {
    for (int p = 0; p < STREAM_N_FREE_PRIORITIES; ++p) {
        stream_schedule s;
        int32_t violations = 0;
        stream_status status =
            stream_schedule_build(&r->problem, (stream_priority)p, r->arena, &r->diag, &s);
        if (status == STREAM_OK)
            status = stream_check_schedule(&r->problem, &s, NULL, &r->diag, &violations);
        if (status != STREAM_OK)
            printf("# seed %u, policy %d: %s\n", seed, p, r->text);
        CHECK(status == STREAM_OK && violations == 0);
    }
}

static void run(unsigned seed) {
    random_instance r;
    bool ok = random_instance_open(&r, seed);
    r.problem.streams = NULL;
    if (ok && seed % 3 == 0)
        ok = random_put_offchip(&r);
    CHECK(ok);
    if (ok) {
        shrink(&r);
        is_scheduled(&r, seed);
    }
    random_instance_close(&r);
}

int main(int argc, char **argv) {
    /* what left one memory that was cleared for the CT would go to another one; */
    static const unsigned aside[] = {487, 767, 791, 995};
    /* an output goes off-chip when room for a part of it is reserved there already */
    static const unsigned twice[] = {2079, 2523, 3255, 3906};
    unsigned first = argc > 1 ? (unsigned)atoi(argv[1]) : 1;
    unsigned last = argc > 2 ? (unsigned)atoi(argv[2]) : 100;
    for (unsigned seed = first; seed < last; ++seed)
        run(seed);
    for (int i = 0; i < 4; ++i) {
        run(aside[i]);
        run(twice[i]);
    }
    return test_done();
}
