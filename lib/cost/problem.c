/* A loop nest on a core as one flat record; see stream/cost/mapping.h. */

#include "problem_memories.h"
#include "relevance.h"
#include "unroll.h"

#include <math.h>

const char *stream_cost_model_name(stream_cost_model model) {
    switch (model) {
    case STREAM_MODEL_ZIGZAG_3_8_5:
        return "zigzag-3.8.5";
    case STREAM_MODEL_ZIGZAG_3_9_1:
        return "zigzag-3.9.1";
    case STREAM_MODEL_EXACT:
        return "exact";
    }
    return "unknown";
}

uint32_t stream_cost_model_quirks(stream_cost_model model) {
    switch (model) {
    case STREAM_MODEL_ZIGZAG_3_8_5:
        return STREAM_ALL_QUIRKS;
    case STREAM_MODEL_ZIGZAG_3_9_1:
        return STREAM_ALL_QUIRKS & ~(uint32_t)STREAM_QUIRK_HIDE_PAST_BOUNDS;
    case STREAM_MODEL_EXACT:
        return 0;
    }
    return 0;
}

const char *stream_quirk_text(stream_quirk_bit quirk) {
    static const char *const texts[] = {
#define X(name, text) text,
        STREAM_QUIRKS(X)
#undef X
    };
    return texts[quirk];
}

static stream_status check_levels(const stream_problem_builder *b) {
    for (int32_t o = 0; o < b->problem->n_operands; ++o)
        if (b->problem->operands[o].n_levels == 0)
            return stream_error(b->diag, STREAM_INVALID, b->nest->loc,
                                "operand '%s' (%s) has no memory on this core",
                                b->nest->operands[o].name,
                                stream_operand_class_name(b->nest->operands[o].memory));
    return STREAM_OK;
}

/* Directions that an operand may use at a level: the top level exchanges nothing with a higher one.
 */
static stream_status check_ports(const stream_problem_builder *b) {
    static const struct {
        bool output;
        stream_direction direction;
        bool top;
        const char *text;
    } needs[] = {{false, STREAM_TO_LOW, true, "tl (read towards the array)"},
                 {false, STREAM_FROM_HIGH, false, "fh (written from the higher level)"},
                 {true, STREAM_FROM_LOW, true, "fl (written from the array)"},
                 {true, STREAM_TO_HIGH, false, "th (read towards the higher level)"}};
    for (int32_t o = 0; o < b->problem->n_operands; ++o)
        for (int32_t l = 0; l < b->problem->operands[o].n_levels; ++l)
            for (size_t i = 0; i < sizeof needs / sizeof *needs; ++i) {
                const stream_map_operand *operand = &b->problem->operands[o];
                if (needs[i].output != (o == 0) || (!needs[i].top && l == operand->n_levels - 1) ||
                    operand->bw_max[l][needs[i].direction] > 0)
                    continue;
                return stream_error(b->diag, STREAM_INVALID, b->nest->loc,
                                    "memory '%s' has no port for operand '%s', %s",
                                    b->problem->memories[operand->memory[l]].name,
                                    b->nest->operands[o].name, needs[i].text);
            }
    return STREAM_OK;
}

/* Counts of the model are products of padded iterations, element bits and cycles per operation;
 * they must stay exact in 64 bits and finite. */
static stream_status check_size(const stream_problem_builder *b,
                                const stream_spatial_mapping *spatial) {
    enum {
        MOST_BITS = 57
    };
    double most = (double)b->nest->cycles_per_op, points = 1;
    for (int32_t o = 0; o < b->problem->n_operands; ++o) {
        most = fmax(most, (double)b->problem->operands[o].bits);
        most = fmax(most, (double)b->problem->operands[o].final_bits);
    }
    for (int32_t i = 0; i < b->problem->n_loops; ++i)
        points *= (double)b->problem->loops[i].size;
    for (int32_t x = 0; x < spatial->n_array_dims; ++x)
        for (int32_t i = 0; spatial->used[x] && i < spatial->array_dims[x].n; ++i)
            points *= fmax(1, spatial->array_dims[x].at[i].factor);
    if (points * most <= ldexp(1, MOST_BITS))
        return STREAM_OK;
    return stream_error(b->diag, STREAM_INVALID, b->nest->loc,
                        "%.4g iterations of up to %.0f bits or cycles each are more than the cost "
                        "model counts (2^%d)",
                        points, most, MOST_BITS);
}

/* Cycles that a systolic array takes to drain: one per PE of every systolic dim but the first
 * (11.2). */
static int64_t drain(const stream_core *core, const stream_spatial_mapping *spatial,
                     stream_cost_model model) {
    int64_t cycles = 0;
    for (int32_t x = 0; x < spatial->n_array_dims; ++x) {
        if (model == STREAM_MODEL_ZIGZAG_3_8_5 || !(core->systolic_dims >> x & 1) ||
            !spatial->used[x])
            continue;
        double unroll = 1;
        for (int32_t i = 0; i < spatial->array_dims[x].n; ++i)
            unroll *= spatial->array_dims[x].at[i].factor;
        if (ceil(unroll) > 1)
            cycles += (int64_t)ceil(unroll) - 1;
    }
    return cycles;
}

static stream_status add_unrolling(stream_problem_builder *b, const stream_core *core,
                                   const stream_spatial_mapping *spatial) {
    stream_spatial_mapping *version = b->problem->unrolled;
    bool two = b->problem->quirks & STREAM_QUIRK_TWO_SPATIAL;
    stream_unroll_versions(b->nest, core, spatial, two, &version[0], &version[1]);
    for (int32_t o = 0; o < b->problem->n_operands; ++o)
        for (int32_t v = 0; v < 2; ++v)
            stream_unroll_levels(&version[v], b->served[o], b->problem->operands[o].n_levels,
                                 b->problem->operands[o].unrolled[v]);
    stream_unroll_rest(b->problem);
    STREAM_TRY(check_size(b, &version[1]));
    stream_unroll_prepare(b->problem);
    b->problem->drain_cycles = drain(core, two ? spatial : &version[1], b->problem->model);
    return STREAM_OK;
}

stream_status stream_mapping_problem_build_with(
    const stream_loop_nest *nest, const stream_core *core, const stream_memory *offchip,
    uint8_t offchip_operands, const stream_spatial_mapping *spatial, stream_cost_model model,
    uint32_t quirks, const stream_diag *diag, stream_mapping_problem *out) {
    STREAM_TRY(stream_loop_nest_check(nest, diag));
    *out = (stream_mapping_problem){.model = model,
                                    .quirks = quirks,
                                    .nest = *nest,
                                    .n_operands = nest->n_operands,
                                    .mac_pj = core->mac_pj,
                                    .macs = 1,
                                    .mac_units = 1};
    for (int32_t d = 0; d < nest->n_dims; ++d)
        out->macs *= (double)nest->dims[d].size;
    for (int32_t x = 0; x < core->n_array_dims; ++x)
        out->mac_units *= core->array_sizes[x];
    for (int32_t o = 0; o < nest->n_operands; ++o) {
        out->operands[o].bits = nest->operands[o].bits;
        out->operands[o].final_bits = o ? nest->operands[o].bits : nest->operands[o].final_bits;
    }
    stream_problem_builder b = {.nest = nest, .diag = diag, .problem = out};
    STREAM_TRY(stream_problem_check_energy(&b, core->loc, "a MAC", core->name, core->mac_pj));
    for (int32_t m = 0; m < core->n_memories; ++m)
        STREAM_TRY(stream_problem_add_memory(&b, &core->memories[m], UINT8_MAX));
    if (offchip && offchip_operands)
        STREAM_TRY(stream_problem_add_memory(&b, offchip, offchip_operands));
    STREAM_TRY(check_levels(&b));
    STREAM_TRY(check_ports(&b));
    stream_relevance_fill(out);
    return add_unrolling(&b, core, spatial);
}

stream_status stream_mapping_problem_build(const stream_loop_nest *nest, const stream_core *core,
                                           const stream_memory *offchip, uint8_t offchip_operands,
                                           const stream_spatial_mapping *spatial,
                                           stream_cost_model model, const stream_diag *diag,
                                           stream_mapping_problem *out) {
    return stream_mapping_problem_build_with(nest, core, offchip, offchip_operands, spatial, model,
                                             stream_cost_model_quirks(model), diag, out);
}
