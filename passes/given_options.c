/* Options without effect; see given_options.h. */

#include "given_options.h"

#include <stdlib.h>
#include <string.h>

#define N_OF(array) (sizeof(array) / sizeof *(array))

static const stream_given_id of_coala[] = {STREAM_GIVEN_FUSION,       STREAM_GIVEN_SHAPE,
                                           STREAM_GIVEN_CUTS,         STREAM_GIVEN_ROWS,
                                           STREAM_GIVEN_FILL,         STREAM_GIVEN_STREAMING,
                                           STREAM_GIVEN_MAX_CTS,      STREAM_GIVEN_FUSE_ELEMENTWISE,
                                           STREAM_GIVEN_OBJECTIVE,    STREAM_GIVEN_EVALUATIONS,
                                           STREAM_GIVEN_ORDER_TRIES,  STREAM_GIVEN_MAX_LABELS,
                                           STREAM_GIVEN_COST_CACHE,   STREAM_GIVEN_SEED,
                                           STREAM_GIVEN_ANY_DATAFLOW, STREAM_GIVEN_THREADS};

static const stream_given_id of_coala_v0[] = {STREAM_GIVEN_PREFETCH, STREAM_GIVEN_V0_COST_MODEL,
                                              STREAM_GIVEN_V0_TILES};

/* Of the search for a mapping, which the model `simple` does without. */
static const stream_given_id of_searches[] = {STREAM_GIVEN_COST_CACHE, STREAM_GIVEN_ANY_DATAFLOW,
                                              STREAM_GIVEN_MAPPING_OBJECTIVE};

static const char *name_of(const stream_given_options *o, stream_given_id id) {
    return o->at[id].name;
}

static bool is_given(const stream_given_options *o, stream_given_id id) {
    return o->at[id].value != NULL;
}

static bool is(const stream_given_options *o, stream_given_id id, const char *value) {
    return is_given(o, id) && !strcmp(o->at[id].value, value);
}

static const char *separator(const stream_text *message, const char *between) {
    return message->length ? between : "";
}

static void check_compatible(const stream_given_options *o, stream_text *message) {
    const char *model = name_of(o, STREAM_GIVEN_SCHEDULE_MODEL);
    for (size_t i = 0; i < N_OF(of_coala); ++i) {
        if (!is_given(o, of_coala[i]))
            continue;
        if (message->length == 0)
            stream_text_print(message, "%s%scoala-v0 has no use for %s", model, o->equals,
                              name_of(o, of_coala[i]));
        else
            stream_text_print(message, ", %s", name_of(o, of_coala[i]));
    }
    if (is(o, STREAM_GIVEN_COST_MODEL, "simple"))
        stream_text_print(message,
                          "%s%s is zigzag-3.8.5, zigzag-3.9.1 or exact with %s%scoala-v0, not "
                          "simple",
                          separator(message, "; "), name_of(o, STREAM_GIVEN_COST_MODEL), model,
                          o->equals);
}

static void check_schedule(const stream_given_options *o, stream_text *message) {
    const char *policy = o->at[STREAM_GIVEN_POLICY].value;
    for (size_t i = 0; i < N_OF(of_coala_v0); ++i)
        if (is_given(o, of_coala_v0[i]))
            stream_text_print(message, "%s%s is for %s%scoala-v0", separator(message, "; "),
                              name_of(o, of_coala_v0[i]), name_of(o, STREAM_GIVEN_SCHEDULE_MODEL),
                              o->equals);
    if (is_given(o, STREAM_GIVEN_ORDER_TRIES) && policy && strcmp(policy, "auto") != 0 &&
        strcmp(policy, "best") != 0)
        stream_text_print(message, "%s%s is for %s%sauto and best, not %s",
                          separator(message, "; "), name_of(o, STREAM_GIVEN_ORDER_TRIES),
                          name_of(o, STREAM_GIVEN_POLICY), o->equals, policy);
}

static void check_prices(const stream_given_options *o, stream_text *message) {
    const char *model = o->at[STREAM_GIVEN_COST_MODEL].value;
    const char *name = name_of(o, STREAM_GIVEN_COST_MODEL);
    if (is_given(o, STREAM_GIVEN_MAX_LABELS) && model && strcmp(model, "exact") != 0 &&
        strcmp(model, "auto") != 0)
        stream_text_print(message, "%s%s is for %s%sexact, not %s", separator(message, "; "),
                          name_of(o, STREAM_GIVEN_MAX_LABELS), name, o->equals, model);
    for (size_t i = 0; i < N_OF(of_searches); ++i)
        if (is_given(o, of_searches[i]) && model && !strcmp(model, "simple"))
            stream_text_print(
                message, "%s%s is for %s%sexact, zigzag-3.8.5 and zigzag-3.9.1, not %s",
                separator(message, "; "), name_of(o, of_searches[i]), name, o->equals, model);
}

static void check_allocation(const stream_given_options *o, stream_text *message) {
    const char *evaluations = o->at[STREAM_GIVEN_EVALUATIONS].value;
    if (is_given(o, STREAM_GIVEN_SEED) && evaluations && strtol(evaluations, NULL, 10) == 0)
        stream_text_print(message, "%s%s is for %s above 0", separator(message, "; "),
                          name_of(o, STREAM_GIVEN_SEED), name_of(o, STREAM_GIVEN_EVALUATIONS));
}

bool stream_given_have_effect(const stream_given_options *o, stream_text *message) {
    if (is(o, STREAM_GIVEN_SCHEDULE_MODEL, "coala-v0")) {
        check_compatible(o, message);
    } else {
        check_schedule(o, message);
        check_prices(o, message);
        check_allocation(o, message);
    }
    return message->length == 0;
}
