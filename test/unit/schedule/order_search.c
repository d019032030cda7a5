// RUN: unit-schedule-order_search

/* What is found near an order is legal, the same each time, makes the score that is said, and is
 * better than what it began from, but for no tries or a bound that is met. */

#include "random_instance.h"

#include "../../../lib/schedule/order_search.h"
#include "stream/schedule/policy.h"

#include <string.h>

typedef struct {
    stream_schedule_score score;
    const int32_t *order; /* NULL: none was found */
    bool found;
} result;

static result look(random_instance *r, stream_schedule_workspace *w,
                   const stream_schedule_request *first, stream_schedule_score from,
                   bool keeps_energy, int32_t tries, int64_t bound) {
    order_search_options options = {.problem = &r->problem,
                                    .w = w,
                                    .keeps_energy = keeps_energy,
                                    .tries = tries,
                                    .bound_cycles = bound};
    result out = {from, NULL, false};
    order_search *search = stream_order_search_open(&options, first, &from, r->arena);
    while (search && !stream_order_search_is_over(search))
        out.found |= stream_order_search_try(search);
    if (out.found)
        out.order = stream_order_search_best(search, &out.score);
    return out;
}

static bool is_same(const result *a, const result *b, int32_t n) {
    return a->found == b->found && a->score.latency_cycles == b->score.latency_cycles &&
           a->score.energy_fj == b->score.energy_fj &&
           (!a->found || memcmp(a->order, b->order, (size_t)n * sizeof *a->order) == 0);
}

static bool makes(stream_schedule_workspace *w, const stream_schedule_request *first,
                  const result *found) {
    stream_schedule_request request = *first;
    stream_schedule_score score;
    request.order = found->order;
    request.priority = STREAM_PRIORITY_GIVEN;
    return stream_schedule_evaluate(w, &request, NULL, &score) == STREAM_OK &&
           score.latency_cycles == found->score.latency_cycles &&
           score.energy_fj == found->score.energy_fj;
}

/* 1: a better order was found; 0: none; -1: something is wrong. */
static int check(random_instance *r, bool without_addresses, bool keeps_energy) {
    const stream_schedule_model *model;
    if (stream_schedule_model_build(&r->problem, r->arena, &r->diag, &model) != STREAM_OK)
        return -1;
    stream_schedule_workspace *w = stream_schedule_workspace_create(model);
    stream_schedule_request first = {.cores = r->problem.cores,
                                     .priority = STREAM_PRIORITY_LATENCY,
                                     .cutoff = INT64_MAX,
                                     .without_addresses = without_addresses};
    stream_schedule_score from;
    bool ok = stream_schedule_evaluate(w, &first, NULL, &from) == STREAM_OK;
    result found = look(r, w, &first, from, keeps_energy, 64, 0);
    result again = look(r, w, &first, from, keeps_energy, 64, 0);
    ok &= is_same(&found, &again, r->graph.n_cts);
    ok &= !look(r, w, &first, from, keeps_energy, 0, 0).found;
    ok &= !look(r, w, &first, from, keeps_energy, 64, from.latency_cycles).found;
    if (found.found)
        ok &= makes(w, &first, &found) && stream_score_is_better(&found.score, &from) &&
              (!keeps_energy || found.score.energy_fj <= from.energy_fj);
    stream_schedule_workspace_destroy(w);
    return ok ? found.found : -1;
}

int main(void) {
    int32_t better = 0;
    for (unsigned seed = 1; seed <= 100; ++seed) {
        random_instance r;
        bool ok = random_instance_open(&r, seed);
        for (int32_t pooled = 0; ok && pooled < 2; ++pooled) {
            int found = check(&r, pooled, seed % 2);
            ok = found >= 0;
            better += found > 0;
        }
        CHECK(ok);
        if (!ok)
            printf("# seed %u: %s\n", seed, r.text);
        random_instance_close(&r);
    }
    printf("# %d of 200 better\n", better);
    CHECK(better > 20);
    return test_done();
}
