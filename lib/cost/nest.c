/* Loop nests; see stream/cost/loop_nest.h. */

#include "stream/cost/loop_nest.h"

#include "stream/support/integer.h"

#include <strings.h>

static int64_t gcd(int64_t a, int64_t b) {
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

int32_t stream_nest_dim_named(const stream_loop_nest *nest, const char *name) {
    for (int32_t d = 0; d < nest->n_dims; ++d)
        if (strcasecmp(nest->dims[d].name, name) == 0)
            return d;
    return strcasecmp(name, "M") == 0 ? stream_nest_dim_named(nest, "D") : -1;
}

int64_t stream_nest_extent(int64_t a_factor, int64_t a, int64_t b_factor, int64_t b,
                           bool repaired) {
    int64_t g = gcd(a_factor, b_factor);
    int64_t missing = b - a_factor / g, kept = a - b_factor / g;
    if (missing < 0)
        missing = 0;
    if (repaired && kept < 0)
        kept = 0;
    return a * b - missing * kept;
}

static stream_status check_ids(const stream_loop_nest *nest, const stream_diag *diag) {
    for (int32_t r = 0; r < nest->n_relations; ++r) {
        const stream_nest_relation *rel = &nest->relations[r];
        if (rel->a < 0 || rel->a >= nest->n_dims || rel->b < 0 || rel->b >= nest->n_dims)
            return stream_error(diag, STREAM_INVALID, nest->loc,
                                "relation '%s' names a dimension that the layer does not have",
                                rel->name);
        if (rel->a_factor <= 0 || rel->b_factor <= 0 || rel->clip <= 0)
            return stream_error(diag, STREAM_INVALID, nest->loc,
                                "relation '%s' needs positive factors and a positive extent",
                                rel->name);
    }
    for (int32_t o = 0; o < nest->n_operands; ++o)
        for (int32_t i = 0; i < nest->operands[o].n_index; ++i) {
            int32_t id = nest->operands[o].index[i];
            if (id >= nest->n_dims || ~id >= nest->n_relations)
                return stream_error(diag, STREAM_INVALID, nest->loc,
                                    "operand '%s' is indexed by a dimension that the layer does "
                                    "not have",
                                    nest->operands[o].name);
        }
    return STREAM_OK;
}

stream_status stream_loop_nest_check(const stream_loop_nest *nest, const stream_diag *diag) {
    if (nest->n_dims < 1 || nest->n_dims > STREAM_NEST_MAX_DIMS || nest->n_operands < 2 ||
        nest->n_operands > STREAM_NEST_MAX_OPERANDS ||
        nest->n_relations > STREAM_NEST_MAX_RELATIONS || nest->cycles_per_op < 1)
        return stream_error(diag, STREAM_INVALID, nest->loc,
                            "a loop nest has 1 to %d dimensions, an output and 1 to %d inputs, got "
                            "%d and %d operands",
                            STREAM_NEST_MAX_DIMS, STREAM_NEST_MAX_OPERANDS - 1, nest->n_dims,
                            nest->n_operands);
    STREAM_TRY(check_ids(nest, diag));
    int64_t macs = 1;
    for (int32_t d = 0; d < nest->n_dims; ++d)
        if (nest->dims[d].size <= 0 || !stream_mul_i64(macs, nest->dims[d].size, &macs) ||
            macs > INT64_MAX >> 12)
            return stream_error(diag, STREAM_INVALID, nest->loc,
                                "dimension '%s' of %lld iterations makes the loop nest empty or "
                                "larger than 2^51 operations",
                                nest->dims[d].name, (long long)nest->dims[d].size);
    for (int32_t o = 0; o < nest->n_operands; ++o)
        if (nest->operands[o].bits < 0 || nest->operands[o].bits > 4096 ||
            nest->operands[o].final_bits < 0 || nest->operands[o].final_bits > 4096)
            return stream_error(diag, STREAM_INVALID, nest->loc,
                                "operand '%s' has elements of %lld bits", nest->operands[o].name,
                                (long long)nest->operands[o].bits);
    return STREAM_OK;
}
