/* A search's result in the integers of a schedule; see price.h. */

#include "price.h"

#include "mapping_line.h"
#include "stream/cost/explain.h"
#include "stream/support/integer.h"

#include <math.h>
#include <string.h>

/* Stream asks ZigZag for one generated spatial mapping. */
stream_cost_options stream_price_search_options(const stream_price_options *options) {
    static const stream_cost_model models[] = {STREAM_MODEL_EXACT, STREAM_MODEL_ZIGZAG_3_8_5,
                                               STREAM_MODEL_ZIGZAG_3_9_1, STREAM_MODEL_EXACT};
    stream_cost_options o = STREAM_COST_OPTIONS_DEFAULTS;
    o.model = models[options->model];
    o.objective = options->objective;
    o.max_labels = options->max_labels;
    o.spatial.count = o.model == STREAM_MODEL_EXACT ? STREAM_SPATIAL_TRIED : 1;
    o.spatial_source = options->any_dataflow ? STREAM_SPATIAL_AS_ASKED : STREAM_SPATIAL_OF_CORE;
    return o;
}

const char *stream_price_model_name(stream_price_model model) {
    stream_price_options options = {.model = model};
    return model == STREAM_PRICE_SIMPLE
               ? "simple"
               : stream_cost_model_name(stream_price_search_options(&options).model);
}

bool stream_price_is_roofline(const stream_core *core) {
    return core->space && strcmp(core->space, "aie2") == 0;
}

/* Whole cycles that add up. [Q] The loads of 3.8.5 may be negative: they shorten what is before. */
static void split_cycles(const stream_cost_result *r, stream_kernel_cost *out) {
    out->cycles = stream_max_i64(1, (int64_t)ceil(r->cost.total2_cycles));
    int64_t left = out->cycles;
    out->compute_cycles = stream_min_i64(left, r->cost.temporal_cycles);
    left -= out->compute_cycles;
    out->stall_cycles = stream_min_i64(left, r->cost.stall_cycles);
    left -= out->stall_cycles;
    out->onload_cycles =
        stream_min_i64(left, stream_max_i64(0, (int64_t)ceil(r->cost.onload_cycles)));
    out->offload_cycles = left - out->onload_cycles;
}

static void add_level(const stream_cost_result *r, int32_t o, int32_t l, stream_kernel_cost *out) {
    const stream_mapping_problem *p = &r->problem;
    stream_level_energy *level = &out->levels[out->n_levels++];
    level->memory = p->memories[p->operands[o].memory[l]].name;
    level->operand = p->nest.operands[o].name;
    level->fj = stream_fj(r->accesses.energy_pj[o][l]);
    out->energy_fj += level->fj;
}

/* Levels of operand `o` inside the core: one less if it is streamed. */
static int32_t core_levels(const stream_cost_result *r, int32_t o, uint8_t streamed) {
    return r->problem.operands[o].n_levels - (streamed >> r->problem.nest.operands[o].memory & 1);
}

/* Words and parts of words that cross the boundary between the core's array side and its top
 * memory. */
static void add_top(const stream_cost_result *r, int32_t o, int32_t top, stream_kernel_cost *out) {
    const stream_map_operand *operand = &r->problem.operands[o];
    int32_t class = (int32_t)r->problem.nest.operands[o].memory;
    const double *accesses = r->accesses.accesses[o][top];
    out->top_read_bits[class] +=
        (int64_t)rint(accesses[STREAM_TO_LOW] * (double)operand->bw_max[top][STREAM_TO_LOW]);
    out->top_write_bits[class] +=
        (int64_t)rint(accesses[STREAM_FROM_LOW] * (double)operand->bw_max[top][STREAM_FROM_LOW]);
}

static void add_loads(const stream_cost_result *r, stream_kernel_cost *out) {
    stream_cost_use use;
    stream_cost_use_of(r, &use);
    for (int32_t i = 0; i < use.n_links; ++i)
        out->load_cycles[r->problem.nest.operands[use.links[i].operand].memory] +=
            (int64_t)ceil(use.links[i].cycles);
}

void stream_price_of_result(const stream_cost_result *result, const stream_price_job *job,
                            uint8_t streamed, stream_arena *arena, stream_kernel_cost *out) {
    const stream_mapping_problem *p = &result->problem;
    double operations = p->model == STREAM_MODEL_EXACT ? (double)job->kernel->macs_per_point : 1;
    *out =
        (stream_kernel_cost){.model = stream_cost_model_name(p->model), .proven = result->proven};
    split_cycles(result, out);
    out->utilization =
        fmin(1, (double)result->cost.ideal_cycles / (double)result->cost.temporal_cycles);
    out->mac_energy_fj = stream_fj(result->cost.mac_energy_pj * operations);
    out->energy_fj = out->mac_energy_fj;
    for (int32_t o = 0; o < p->n_operands; ++o) {
        int32_t n = core_levels(result, o, streamed);
        for (int32_t l = 0; l < n; ++l)
            add_level(result, o, l, out);
        if (n > 0)
            add_top(result, o, n - 1, out);
    }
    stream_price_streams_of_result(result, job->core, streamed, out);
    add_loads(result, out);
    stream_text line = {0};
    stream_mapping_line(result, &line);
    out->mapping = stream_arena_strdup(arena, line.data ? line.data : "");
    stream_text_free(&line);
}
