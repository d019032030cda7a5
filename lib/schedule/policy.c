/* Policies by name, and the best of them; see stream/schedule/policy.h. */

#include "stream/schedule/policy.h"

#include <string.h>

const char *stream_priority_name(stream_priority priority) {
    switch (priority) {
#define NAME(value, text)                                                                          \
    case value:                                                                                    \
        return text;
        STREAM_PRIORITIES(NAME)
#undef NAME
    }
    return "?";
}

bool stream_priority_parse(const char *name, stream_priority *out) {
    static const struct {
        stream_priority value;
        const char *text;
    } all[] = {
#define ROW(value, text) {value, text},
        STREAM_PRIORITIES(ROW)
#undef ROW
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; ++i)
        if (strcmp(name, all[i].text) == 0) {
            *out = all[i].value;
            return true;
        }
    return false;
}

static bool is_better(const stream_schedule_score *a, const stream_schedule_score *b) {
    if (a->latency_cycles != b->latency_cycles)
        return a->latency_cycles < b->latency_cycles;
    return a->energy_fj < b->energy_fj;
}

/* The policy of the best score; STREAM_PRIORITY_GIVEN: none of them can be scheduled. */
static stream_priority find_best(const stream_schedule_problem *problem,
                                 const stream_schedule_model *model) {
    stream_priority best = STREAM_PRIORITY_GIVEN;
    stream_schedule_score best_score = {0};
    stream_schedule_workspace *w = stream_schedule_workspace_create(model);
    for (int32_t i = 0; i < STREAM_N_FREE_PRIORITIES; ++i) {
        stream_schedule_score score;
        stream_schedule_request request = {
            .cores = problem->cores,
            .priority = (stream_priority)i,
            .cutoff = best == STREAM_PRIORITY_GIVEN ? INT64_MAX : best_score.latency_cycles};
        if (stream_schedule_evaluate(w, &request, NULL, &score) != STREAM_OK || !score.complete ||
            (best != STREAM_PRIORITY_GIVEN && !is_better(&score, &best_score)))
            continue;
        best = (stream_priority)i;
        best_score = score;
    }
    stream_schedule_workspace_destroy(w);
    return best;
}

stream_status stream_schedule_build_best(const stream_schedule_problem *problem,
                                         stream_arena *arena, const stream_diag *diag,
                                         stream_schedule *out, stream_priority *out_priority) {
    const stream_schedule_model *model;
    STREAM_TRY(stream_schedule_model_build(problem, arena, diag, &model));
    *out_priority = find_best(problem, model);
    /* the first one says why */
    if (*out_priority == STREAM_PRIORITY_GIVEN)
        *out_priority = STREAM_PRIORITY_LATENCY;
    return stream_schedule_build(problem, *out_priority, arena, diag, out);
}
