// RUN: unit-schedule-full_offchip

/* Off-chip memory that has hardly room for inputs and outputs: what had to leave a core's memory
 * may find none when transfers of a CT are booked already. Such a problem is refused, or its
 * schedule is legal. */

#include "random_instance.h"

#include "stream/check/check.h"
#include "stream/schedule/policy.h"
#include "stream/support/integer.h"

#include <stdlib.h>
#include <string.h>

static int64_t tensor_bits(const random_instance *r, int32_t tensor) {
    const stream_tensor *t = &r->graph.tensors[tensor];
    stream_box box = stream_box_whole(t->rank, t->shape);
    return stream_round_up(stream_ct_graph_bits(&r->graph, tensor, &box),
                           r->acc.instances[r->acc.offchip_instance].word_bits);
}

static void resize(random_instance *r, int64_t bits) {
    stream_instance *instances = STREAM_NEW(r->arena, stream_instance, (size_t)r->acc.n_instances);
    for (int32_t i = 0; i < r->acc.n_instances; ++i)
        instances[i] = r->acc.instances[i];
    instances[r->acc.offchip_instance].size_bits = bits;
    r->acc.instances = instances;
}

/* `percent` of what inputs, constants and outputs take. */
static void shrink(random_instance *r, int64_t percent) {
    int64_t bits = 0;
    for (int32_t t = 0; t < r->graph.n_tensors; ++t)
        if (r->graph.tensors[t].kind != STREAM_TENSOR_INTERMEDIATE || r->graph.tensors[t].is_output)
            bits += tensor_bits(r, t);
    resize(r, bits * percent / 100);
}

static bool fits(random_instance *r, stream_priority priority, const char *bits) {
    stream_schedule s;
    resize(r, strtoll(bits, NULL, 10));
    return stream_schedule_build(&r->problem, priority, r->arena, &r->diag, &s) == STREAM_OK;
}

/* With the sizes that the message says, it fits. */
static bool fits_as_told(random_instance *r, stream_priority priority, int32_t *smaller) {
    static const char most[] = "It would fit: an off-chip memory of ", less[] = "ever stored; ";
    char text[sizeof r->text];
    memcpy(text, r->text, sizeof text);
    const char *all = strstr(text, most), *enough = strstr(text, less);
    *smaller += enough != NULL;
    return all && fits(r, priority, all + strlen(most)) &&
           (!enough || fits(r, priority, enough + strlen(less)));
}

static void run(unsigned seed, int32_t *legal, int32_t *refused, int32_t *smaller) {
    random_instance r;
    stream_schedule s;
    int32_t violations = 0;
    if (!random_instance_open(&r, seed)) {
        printf("# seed %u: %s\n", seed, r.text);
        CHECK(false);
    } else {
        shrink(&r, 95 + seed % 20);
        stream_priority priority = (stream_priority)(seed % STREAM_N_FREE_PRIORITIES);
        stream_status status = stream_schedule_build(&r.problem, priority, r.arena, &r.diag, &s);
        CHECK(status == STREAM_OK || status == STREAM_INFEASIBLE);
        if (status == STREAM_OK)
            CHECK(stream_check_schedule(&r.problem, &s, NULL, &r.diag, &violations) == STREAM_OK);
        *legal += status == STREAM_OK;
        *refused += status == STREAM_INFEASIBLE;
        if (status == STREAM_INFEASIBLE)
            CHECK(fits_as_told(&r, priority, smaller));
    }
    random_instance_close(&r);
}

int main(void) {
    int32_t legal = 0, refused = 0, smaller = 0;
    for (unsigned seed = 1; seed <= 600; ++seed)
        run(seed, &legal, &refused, &smaller);
    run(6822, &legal, &refused,
        &smaller); /* what a CT streams has no room off-chip, and another CT waits */
    printf("# %d legal, %d refused, %d with a smaller size\n", legal, refused, smaller);
    CHECK(legal > 50 && refused > 50 && smaller > 50);
    return test_done();
}
