/* What a mapping file of ZigZag says about one layer; see stream/import/zigzag_mapping.h. */

#include "stream/import/zigzag_mapping.h"

#include "zigzag.h"

#include <string.h>

typedef struct {
    const stream_zigzag_rule *rule;
    const stream_core *core;
    const char *layer;
    const stream_diag *diag;
} application;

/* ---- memory operands */

static bool given_link(const stream_zigzag_rule *rule, const char *operand,
                       stream_operand_class *out) {
    for (int32_t i = 0; i < rule->n_links; ++i)
        if (!strcmp(rule->links[i].operand, operand)) {
            *out = rule->links[i].memory;
            return true;
        }
    return false;
}

static stream_status link_operand(const application *a, stream_loc loc,
                                  stream_nest_operand *operand) {
    bool given = a->rule && a->rule->n_links > 0;
    if (given ? given_link(a->rule, operand->name, &operand->memory)
              : stream_zigzag_default_link(operand->name, &operand->memory))
        return STREAM_OK;
    return stream_error(a->diag, STREAM_INVALID, loc,
                        "layer '%s': operand '%s' has no memory operand; name it in "
                        "memory_operand_links",
                        a->layer, operand->name);
}

stream_status stream_zigzag_rule_link(const stream_zigzag_rule *rule, const char *layer,
                                      const stream_diag *diag, stream_loop_nest *nest) {
    const application link = {.rule = rule, .layer = layer, .diag = diag}, *a = &link;
    stream_loc loc = rule ? rule->loc : nest->loc;
    for (int32_t o = 0; o < nest->n_operands; ++o) {
        STREAM_TRY(link_operand(a, loc, &nest->operands[o]));
        stream_operand_class memory = nest->operands[o].memory;
        if ((memory == STREAM_O) != (o == 0))
            return stream_error(
                a->diag, STREAM_INVALID, loc,
                "layer '%s': operand '%s' is linked to %s; the output belongs in O, "
                "inputs in I1 and I2",
                a->layer, nest->operands[o].name, stream_operand_class_name(memory));
    }
    return STREAM_OK;
}

/* ZigZag finds a layer operand by its memory operand: two inputs in one are an error there. */
static stream_status check_links(const application *a, stream_cost_model model,
                                 const stream_loop_nest *nest) {
    for (int32_t o = 1;
         model != STREAM_MODEL_EXACT && nest->n_operands <= 3 && o < nest->n_operands; ++o)
        for (int32_t k = 1; k < o; ++k)
            if (nest->operands[k].memory == nest->operands[o].memory)
                return stream_error(a->diag, STREAM_INVALID, a->rule ? a->rule->loc : nest->loc,
                                    "layer '%s': operands '%s' and '%s' are both linked to %s, "
                                    "which ZigZag refuses; the exact mode takes it",
                                    a->layer, nest->operands[k].name, nest->operands[o].name,
                                    stream_operand_class_name(nest->operands[o].memory));
    return STREAM_OK;
}

/* ---- array dims */

static stream_status check_array_dim(const application *a, const stream_zigzag_array_dim *dim) {
    if (dim->array_dim < a->core->n_array_dims)
        return STREAM_OK;
    return stream_error(a->diag, STREAM_INVALID, dim->loc,
                        "core '%s' has no array dimension D%d; it has D1 to D%d", a->core->name,
                        dim->array_dim + 1, a->core->n_array_dims);
}

/* Factors beyond a loop's iterations are cut to them. What is still more than the array dim has is
 * an error; ZigZag takes less, and so do the zigzag modes. */
static stream_status check_units(const application *a, stream_cost_model model,
                                 const stream_loop_nest *nest, const stream_zigzag_array_dim *dim,
                                 const stream_unrolled_level *unroll) {
    int64_t units = a->core->array_sizes[dim->array_dim];
    double wanted = 1;
    for (int32_t i = 0; i < unroll->n; ++i) {
        double most = (double)nest->dims[unroll->at[i].dim].size;
        wanted *= unroll->at[i].factor < most ? unroll->at[i].factor : most;
    }
    if (wanted <= (double)units)
        return STREAM_OK;
    if (model == STREAM_MODEL_EXACT)
        return stream_error(a->diag, STREAM_INVALID, dim->loc,
                            "layer '%s': %.0f iterations are unrolled over D%d, which has %lld "
                            "units on core '%s'",
                            a->layer, wanted, dim->array_dim + 1, (long long)units, a->core->name);
    stream_warn(a->diag, dim->loc,
                "layer '%s': %.0f iterations are unrolled over D%d, which has %lld units on core "
                "'%s'; less is unrolled, as in ZigZag",
                a->layer, wanted, dim->array_dim + 1, (long long)units, a->core->name);
    return STREAM_OK;
}

static stream_status apply_spatial(const application *a, stream_cost_model model,
                                   const stream_loop_nest *nest, stream_zigzag_choice *out) {
    stream_spatial_request *request = &out->spatial;
    for (int32_t i = 0; i < a->rule->n_spatial; ++i) {
        const stream_zigzag_array_dim *dim = &a->rule->spatial[i];
        STREAM_TRY(check_array_dim(a, dim));
        request->given[dim->array_dim] = true;
        stream_unrolled_level *unroll = &request->unroll[dim->array_dim];
        for (int32_t k = 0; k < dim->n_loops; ++k) {
            int32_t d = stream_zigzag_dim(nest, dim->loops[k].name);
            if (d >= 0)
                unroll->at[unroll->n++] = (stream_unrolled_dim){d, (double)dim->loops[k].factor};
        }
        STREAM_TRY(check_units(a, model, nest, dim, unroll));
    }
    for (int32_t i = 0; i < a->rule->n_hints; ++i) {
        const stream_zigzag_array_dim *dim = &a->rule->hints[i];
        STREAM_TRY(check_array_dim(a, dim));
        for (int32_t k = 0; k < dim->n_loops; ++k) {
            int32_t d = stream_zigzag_dim(nest, dim->loops[k].name);
            if (d >= 0)
                request->hints[dim->array_dim][request->n_hints[dim->array_dim]++] = d;
        }
    }
    out->has_spatial = a->rule->n_spatial > 0 || a->rule->n_hints > 0;
    return STREAM_OK;
}

/* ---- temporal ordering */

static void apply_ordering(const application *a, bool separate, const stream_loop_nest *nest,
                           stream_zigzag_choice *out) {
    bool outside = false;
    for (int32_t i = 0; i < a->rule->n_ordering; ++i) {
        const stream_zigzag_loop *loop = &a->rule->ordering[i];
        if (!loop->name) {
            outside = separate;
            continue;
        }
        int32_t dim = stream_zigzag_dim(nest, loop->name);
        stream_loop_pin pin = {dim, loop->factor};
        if (dim < 0)
            stream_warn(a->diag, loop->loc, "layer '%s' has no loop '%s'; its place is left out",
                        a->layer, loop->name);
        else if (outside)
            out->outer[out->n_outer++] = pin;
        else
            out->inner[out->n_inner++] = pin;
    }
}

stream_status stream_zigzag_rule_apply(const stream_zigzag_rule *rule, const stream_core *core,
                                       stream_cost_model model, const char *layer,
                                       const stream_loop_nest *nest, const stream_diag *diag,
                                       stream_zigzag_choice *out) {
    application a = {rule, core, layer, diag};
    *out = (stream_zigzag_choice){.spatial = {.count = 1}};
    STREAM_TRY(check_links(&a, model, nest));
    if (!rule)
        return STREAM_OK;
    out->evenness = rule->evenness;
    STREAM_TRY(apply_spatial(&a, model, nest, out));
    apply_ordering(&a, model == STREAM_MODEL_EXACT, nest, out);
    return STREAM_OK;
}
