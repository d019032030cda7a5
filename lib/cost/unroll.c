/* Spatial unrolling, seen from the memory levels; reference sections 3.5, 3.6, 4.1 and 5.1. */

#include "unroll.h"

#include "relevance.h"
#include "stream/support/integer.h"

#include <math.h>

static double factor_of(const stream_unrolled_level *level, int32_t dim) {
    for (int32_t i = 0; i < level->n; ++i)
        if (level->at[i].dim == dim)
            return level->at[i].factor;
    return 0;
}

/* Of all array dims that unroll `dim`, the first with the largest factor: the one that is adjusted.
 */
static int32_t adjusted_array_dim(const stream_spatial_mapping *given, int32_t dim) {
    int32_t best = -1;
    double largest = 0;
    for (int32_t x = 0; x < given->n_array_dims; ++x) {
        double factor = given->used[x] ? factor_of(&given->array_dims[x], dim) : 0;
        if (factor > largest) {
            largest = factor;
            best = x;
        }
    }
    return best;
}

static void put(stream_spatial_mapping *mapping, int32_t x, int32_t dim, double factor) {
    stream_unrolled_level *level = &mapping->array_dims[x];
    level->at[level->n++] = (stream_unrolled_dim){dim, factor};
}

/* Already emitted factors of `dim` on array dims before x. */
static double done_before(const stream_spatial_mapping *mapping, int32_t x, int32_t dim) {
    double done = 1;
    for (int32_t k = 0; k < x; ++k) {
        double factor = factor_of(&mapping->array_dims[k], dim);
        done *= factor > 0 ? factor : 1;
    }
    return done;
}

/* One integer mapping: steps = ceil(size / u), u = ceil(size / steps), dim by dim over the array
 * dims; the last step of an uneven split is padded. */
static void convert_repaired(const stream_loop_nest *nest, const stream_core *core,
                             const stream_spatial_mapping *given, stream_spatial_mapping *out) {
    int64_t left[STREAM_NEST_MAX_DIMS];
    *out = (stream_spatial_mapping){.n_array_dims = given->n_array_dims};
    for (int32_t d = 0; d < nest->n_dims; ++d)
        left[d] = nest->dims[d].size;
    for (int32_t x = 0; x < given->n_array_dims; ++x) {
        for (int32_t i = 0; given->used[x] && i < given->array_dims[x].n; ++i) {
            int32_t dim = given->array_dims[x].at[i].dim;
            double factor = fmin(given->array_dims[x].at[i].factor, (double)core->array_sizes[x]);
            int64_t unroll = factor < 1 ? 1 : (int64_t)factor;
            int64_t steps = stream_ceil_div(left[dim], unroll);
            put(out, x, dim, (double)stream_ceil_div(left[dim], steps));
            left[dim] = steps;
        }
        out->used[x] = out->array_dims[x].n > 0;
    }
}

static void convert(const stream_loop_nest *nest, const stream_core *core,
                    const stream_spatial_mapping *given, bool fractional,
                    stream_spatial_mapping *out) {
    *out = (stream_spatial_mapping){.n_array_dims = given->n_array_dims};
    for (int32_t x = 0; x < given->n_array_dims; ++x) {
        if (!given->used[x])
            continue;
        for (int32_t i = 0; i < given->array_dims[x].n; ++i) {
            int32_t dim = given->array_dims[x].at[i].dim;
            double unroll = given->array_dims[x].at[i].factor;
            if (unroll > (double)core->array_sizes[x])
                unroll = (double)core->array_sizes[x];
            if (adjusted_array_dim(given, dim) == x) {
                double done = done_before(out, x, dim), size = (double)nest->dims[dim].size;
                double steps = ceil(size / (unroll * done));
                unroll = size / steps / done;
                if (!fractional)
                    unroll = trunc(unroll);
            }
            put(out, x, dim, unroll);
        }
        out->used[x] = out->array_dims[x].n > 0;
    }
}

void stream_unroll_versions(const stream_loop_nest *nest, const stream_core *core,
                            const stream_spatial_mapping *given, bool two,
                            stream_spatial_mapping *fractional, stream_spatial_mapping *integer) {
    if (!two) {
        convert_repaired(nest, core, given, integer);
        *fractional = *integer;
        return;
    }
    convert(nest, core, given, true, fractional);
    convert(nest, core, given, false, integer);
}

static void multiply(stream_unrolled_level *level, int32_t dim, double factor) {
    for (int32_t i = 0; i < level->n; ++i)
        if (level->at[i].dim == dim) {
            level->at[i].factor *= factor;
            return;
        }
    level->at[level->n++] = (stream_unrolled_dim){dim, factor};
}

static void take(const stream_spatial_mapping *mapping, int32_t x, stream_unrolled_level *level) {
    for (int32_t i = 0; i < mapping->array_dims[x].n; ++i)
        multiply(level, mapping->array_dims[x].at[i].dim, mapping->array_dims[x].at[i].factor);
}

void stream_unroll_levels(const stream_spatial_mapping *mapping, const uint16_t *served,
                          int32_t n_levels, stream_unrolled_level *out) {
    bool taken[STREAM_MAX_ARRAY_DIMS] = {false};
    for (int32_t l = 0; l <= n_levels; ++l) {
        out[l].n = 0;
        for (int32_t x = 0; x < mapping->n_array_dims; ++x)
            if (mapping->used[x] && !taken[x] && (l == n_levels || (served[l] >> x & 1))) {
                take(mapping, x, &out[l]);
                taken[x] = true;
            }
    }
}

static void prepare(stream_mapping_problem *problem, int32_t version, int32_t o) {
    stream_map_operand *operand = &problem->operands[o];
    int32_t n = operand->n_levels;
    double r[STREAM_MAP_MAX_LEVELS + 1], ir[STREAM_MAP_MAX_LEVELS + 1];
    double unique[STREAM_MAP_MAX_LEVELS + 1];
    stream_walk walk;
    stream_walk_start(&walk, problem, o);
    for (int32_t l = 0; l <= n; ++l) {
        stream_walk_level(&walk);
        stream_walk_unrolled(&walk, &operand->unrolled[version][l]);
        r[l] = walk.r;
        ir[l] = walk.ir;
    }
    for (int32_t l = 0; l <= n; ++l) {
        double distinct = 1, all = 1;
        for (int32_t k = l; k <= n; ++k) {
            distinct *= r[k];
            all *= r[k] * ir[k];
        }
        unique[l] = distinct;
        operand->units[version][l] = rint(rint(all * 1000) / 1000);
    }
    for (int32_t l = 0; l < n; ++l)
        operand->boost[version][l] = rint(unique[l] / unique[l + 1]);
    operand->boost[version][n] = 1;
}

static bool equal(const stream_unrolled_level *a, const stream_unrolled_level *b) {
    bool same = a->n == b->n;
    for (int32_t i = 0; same && i < a->n; ++i)
        same = a->at[i].dim == b->at[i].dim && a->at[i].factor == b->at[i].factor;
    return same;
}

void stream_unroll_prepare(stream_mapping_problem *problem) {
    problem->integer = true;
    for (int32_t o = 0; o < problem->n_operands; ++o) {
        prepare(problem, 0, o);
        prepare(problem, 1, o);
        for (int32_t l = 0; l <= problem->operands[o].n_levels; ++l)
            problem->integer &=
                equal(&problem->operands[o].unrolled[0][l], &problem->operands[o].unrolled[1][l]);
    }
}

void stream_unroll_rest(stream_mapping_problem *problem) {
    int64_t left[STREAM_NEST_MAX_DIMS];
    bool gone[STREAM_NEST_MAX_DIMS] = {false};
    for (int32_t d = 0; d < problem->nest.n_dims; ++d)
        left[d] = problem->nest.dims[d].size;
    const stream_map_operand *first = &problem->operands[1];
    for (int32_t l = 0; l <= first->n_levels; ++l)
        for (int32_t i = 0; i < first->unrolled[0][l].n; ++i) {
            int32_t d = first->unrolled[0][l].at[i].dim;
            if (gone[d])
                continue;
            /* [Q] a factor may be truncated to 0: no size that the model counts */
            double steps = ceil((double)left[d] / first->unrolled[0][l].at[i].factor);
            left[d] = steps < ldexp(1, 62) ? (int64_t)steps : INT64_MAX;
            gone[d] = left[d] == 1;
        }
    problem->n_loops = 0;
    for (int32_t d = 0; d < problem->nest.n_dims; ++d)
        if (!gone[d] && left[d] > 1)
            problem->loops[problem->n_loops++] = (stream_temporal_loop){d, left[d]};
    if (problem->n_loops == 0)
        problem->loops[problem->n_loops++] = (stream_temporal_loop){0, 1};
}
