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

typedef struct {
    int32_t legal, refused;
    int32_t smaller, in_vain; /* of those refused: with such a size in the message; with none */
    int32_t loose;            /* of the former: a word less does, too */
} tally;

static int64_t tensor_bits(const random_instance *r, int32_t tensor) {
    const stream_tensor *t = &r->graph.tensors[tensor];
    stream_box box = stream_box_whole(t->rank, t->shape);
    return stream_round_up(stream_ct_graph_bits(&r->graph, tensor, &box),
                           r->acc.instances[r->acc.offchip_instance].word_bits);
}

static void resize(random_instance *r, int32_t instance, int64_t bits) {
    stream_instance *instances = STREAM_NEW(r->arena, stream_instance, (size_t)r->acc.n_instances);
    for (int32_t i = 0; i < r->acc.n_instances; ++i)
        instances[i] = r->acc.instances[i];
    instances[instance].size_bits = bits;
    r->acc.instances = instances;
}

/* `percent` of what inputs, constants and outputs take. */
static void shrink(random_instance *r, int64_t percent) {
    int64_t bits = 0;
    for (int32_t t = 0; t < r->graph.n_tensors; ++t)
        if (r->graph.tensors[t].kind != STREAM_TENSOR_INTERMEDIATE || r->graph.tensors[t].is_output)
            bits += tensor_bits(r, t);
    resize(r, r->acc.offchip_instance, bits * percent / 100);
}

static bool fits_bits(random_instance *r, stream_priority priority, int64_t bits) {
    stream_schedule s;
    resize(r, r->acc.offchip_instance, bits);
    return stream_schedule_build(&r->problem, priority, r->arena, &r->diag, &s) == STREAM_OK;
}

static bool fits(random_instance *r, stream_priority priority, const char *bits) {
    return fits_bits(r, priority, strtoll(bits, NULL, 10));
}

static bool fits_less(random_instance *r, stream_priority priority, const char *bits) {
    int64_t word_bits = r->acc.instances[r->acc.offchip_instance].word_bits;
    return fits_bits(r, priority, strtoll(bits, NULL, 10) - word_bits);
}

/* With the size that the message says, it fails as it says, for want of on-chip memory. */
static bool fails_as_told(random_instance *r, stream_priority priority, const char *bits) {
    static const char why[] = "is not enough: then ";
    const char *then = strstr(bits, why);
    return then && !fits(r, priority, bits) &&
           strncmp(r->text, then + strlen(why), strlen(then + strlen(why))) == 0;
}

/* With the sizes that the message says, it fits. */
static bool fits_as_told(random_instance *r, stream_priority priority, tally *t) {
    static const char most[] = "It would fit: an off-chip memory of ", less[] = "ever stored; ",
                      none[] = ". An off-chip memory of ";
    char text[sizeof r->text];
    memcpy(text, r->text, sizeof text);
    const char *all = strstr(text, most), *enough = strstr(text, less), *too_few;
    if ((too_few = strstr(text, none))) {
        ++t->in_vain;
        return fails_as_told(r, priority, too_few + strlen(none));
    }
    t->smaller += enough != NULL;
    t->loose += enough && fits_less(r, priority, enough + strlen(less));
    return all && fits(r, priority, all + strlen(most)) &&
           (!enough || fits(r, priority, enough + strlen(less)));
}

/* On-chip memories of so many percent of what the largest CT may need, and more. */
static void shrink_on_chip(random_instance *r, int64_t percent) {
    for (int32_t i = 0; i < r->acc.n_instances; ++i)
        if (i != r->acc.offchip_instance)
            resize(r, i, r->demand * percent / 100);
}

static void run(unsigned seed, bool small_on_chip, tally *t) {
    random_instance r;
    stream_schedule s;
    int32_t violations = 0;
    if (!random_instance_open(&r, seed)) {
        printf("# seed %u: %s\n", seed, r.text);
        CHECK(false);
    } else {
        shrink(&r, 95 + seed % 20);
        if (small_on_chip)
            shrink_on_chip(&r, 40 + seed % 40);
        stream_priority priority = (stream_priority)(seed % STREAM_N_FREE_PRIORITIES);
        stream_status status = stream_schedule_build(&r.problem, priority, r.arena, &r.diag, &s);
        CHECK(status == STREAM_OK || status == STREAM_INFEASIBLE);
        if (status == STREAM_OK)
            CHECK(stream_check_schedule(&r.problem, &s, NULL, &r.diag, &violations) == STREAM_OK);
        bool full = status == STREAM_INFEASIBLE && strncmp(r.text, "off-chip", 8) == 0;
        t->legal += status == STREAM_OK;
        t->refused += full;
        CHECK(full || small_on_chip || status == STREAM_OK);
        if (full)
            CHECK(fits_as_told(&r, priority, t));
    }
    random_instance_close(&r);
}

int main(void) {
    tally t = {0};
    for (unsigned seed = 1; seed <= 600; ++seed)
        run(seed, false, &t);
    run(6822, false, &t); /* what a CT streams has no room off-chip, and another CT waits */
    for (unsigned seed = 1; seed <= 300; ++seed)
        run(seed, true, &t);
    printf("# %d legal, %d refused, %d with a smaller size, %d not the smallest, %d with none\n",
           t.legal, t.refused, t.smaller, t.loose, t.in_vain);
    CHECK(20 * t.loose < t.smaller);
    CHECK(t.legal > 50 && t.refused > 50 && t.smaller > 50 && t.in_vain > 5);
    return test_done();
}
