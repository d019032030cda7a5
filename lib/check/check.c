/* The rules of a schedule, one family after the other; see stream/check/check.h. */

#include "context.h"

#include <inttypes.h>

static void scratch(check *c) {
    c->resource_flags = STREAM_NEW(c->arena, bool, (size_t)c->acc->n_resources);
    c->core_flags = STREAM_NEW(c->arena, bool, (size_t)c->acc->n_cores);
    c->core_delays = STREAM_NEW(c->arena, int64_t, (size_t)c->acc->n_cores);
    stream_vec_push(&c->found); /* so that `data` is never NULL */
    stream_vec_push(&c->rest);
    stream_vec_push(&c->next);
}

static void all_rules(check *c) {
    if (!check_fields(c))
        return;
    check_versions_build(c);
    check_buffers_build(c);
    check_cores(c);
    check_aside_build(c);
    check_reads(c);
    check_aside_finish(c);
    check_outputs(c);
    check_transfers(c);
    check_bandwidth(c);
    check_capacity(c);
    check_streams(c);
    check_ends(c);
    check_order(c);
    check_energy(c);
    check_summary(c);
}

stream_status stream_check_schedule(const stream_schedule_problem *problem,
                                    const stream_schedule *schedule,
                                    const stream_check_options *options, const stream_diag *diag,
                                    int32_t *out_violations) {
    static const stream_check_options defaults = {0};
    check c = {.problem = problem,
               .acc = problem->acc,
               .graph = problem->graph,
               .schedule = schedule,
               .options = options ? options : &defaults,
               .diag = diag,
               .arena = stream_arena_create(),
               .link_flags = STREAM_VEC(bool),
               .found = STREAM_VEC(int32_t),
               .rest = STREAM_VEC(stream_box),
               .next = STREAM_VEC(stream_box)};
    c.max_reports = c.options->max_reports > 0 ? c.options->max_reports : 20;
    scratch(&c);
    all_rules(&c);
    if (c.violations > c.max_reports)
        (void)stream_error(diag, STREAM_INVALID, check_summary_loc(&c),
                           "the schedule breaks the rules %" PRId32 " times; %" PRId32
                           " are reported",
                           c.violations, c.max_reports);
    if (out_violations)
        *out_violations = c.violations;
    stream_vec_free(&c.link_flags);
    stream_vec_free(&c.uses);
    stream_vec_free(&c.found);
    stream_vec_free(&c.rest);
    stream_vec_free(&c.next);
    stream_arena_destroy(c.arena);
    return c.violations ? STREAM_INVALID : STREAM_OK;
}
