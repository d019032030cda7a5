/* Spatial mappings; see stream/cost/spatial.h. */

#include "stream/cost/spatial.h"

#include "set_order.h"
#include "spatial_generator.h"

#include <string.h>

static void erase(stream_unrolled_level *level, int32_t at) {
    memmove(&level->at[at], &level->at[at + 1], sizeof level->at[0] * (size_t)(level->n - at - 1));
    level->n--;
}

/* [Q] Drops the first dim in set order until the factors fit the array dim. */
static void shrink_to(const stream_spatial_generator *g, int32_t x, stream_unrolled_level *level) {
    while (stream_unrolled_product(level) > (double)g->core->array_sizes[x]) {
        int32_t dims[STREAM_NEST_MAX_DIMS];
        for (int32_t i = 0; i < level->n; ++i)
            dims[i] = level->at[i].dim;
        stream_set_order(g->nest, dims, level->n);
        for (int32_t i = 0; i < level->n; ++i)
            if (level->at[i].dim == dims[0]) {
                erase(level, i);
                break;
            }
    }
}

/* An element that is wider than the port next to the array cannot be unrolled (3.1). */
static stream_status check_port(const stream_spatial_generator *g, const stream_diag *diag,
                                int32_t x, int32_t dim) {
    if (g->most[x][dim] >= 1)
        return STREAM_OK;
    stream_text why = {0};
    stream_inner_explain_port(&g->inner, x, dim, &why);
    stream_status status =
        stream_error(diag, STREAM_INFEASIBLE, g->nest->loc, "%s cannot be unrolled over D%d: %s",
                     g->nest->dims[dim].name, x + 1, why.data);
    stream_text_free(&why);
    return status;
}

static stream_status take_given(const stream_spatial_generator *g, int32_t x,
                                const stream_diag *diag, stream_unrolled_level *out) {
    *out = g->request->unroll[x];
    for (int32_t i = 0; i < out->n; ++i) {
        double most = (double)g->most[x][out->at[i].dim];
        STREAM_TRY(check_port(g, diag, x, out->at[i].dim));
        if (out->at[i].factor > most)
            out->at[i].factor = most;
    }
    shrink_to(g, x, out);
    return STREAM_OK;
}

static int32_t position_of(const stream_unrolled_level *level, int32_t dim) {
    for (int32_t i = 0; i < level->n; ++i)
        if (level->at[i].dim == dim)
            return i;
    return -1;
}

/* Total unrolling of a dim over all given array dims, and where it is. */
static double total_of(const stream_spatial_generator *g, const stream_spatial_mapping *mapping,
                       int32_t dim, bool *holds) {
    double total = 1;
    for (int32_t x = 0; x < g->core->n_array_dims; ++x) {
        int32_t at = position_of(&mapping->array_dims[x], dim);
        holds[x] = at >= 0;
        if (at >= 0)
            total *= mapping->array_dims[x].at[at].factor;
    }
    return total;
}

/* [Q] A dim that is unrolled more often than it has iterations is taken from array dims in set
 * order (3.2). The exact model pads it instead. */
static void drop_excess(const stream_spatial_generator *g, stream_spatial_mapping *mapping) {
    bool holds[STREAM_MAX_ARRAY_DIMS];
    for (int32_t d = 0; g->model != STREAM_MODEL_EXACT && d < g->nest->n_dims; ++d)
        while (total_of(g, mapping, d, holds) > (double)g->nest->dims[d].size) {
            int32_t x = stream_set_first_array_dim(holds, g->core->n_array_dims);
            if (x < 0)
                break;
            erase(&mapping->array_dims[x], position_of(&mapping->array_dims[x], d));
        }
}

/* The best mappings so far, best first. */
typedef struct {
    int32_t n;
    double score[STREAM_SPATIAL_MAX_COUNT];
    int64_t index[STREAM_SPATIAL_MAX_COUNT];
    stream_spatial_mapping mapping[STREAM_SPATIAL_MAX_COUNT];
} ranking;

static void rank(ranking *r, int32_t count, double score, int64_t index,
                 const stream_spatial_mapping *mapping) {
    int32_t at = r->n;
    while (at > 0 &&
           (score > r->score[at - 1] || (score == r->score[at - 1] && index < r->index[at - 1])))
        --at;
    if (at >= count)
        return;
    if (r->n < count)
        r->n++;
    for (int32_t i = r->n - 1; i > at; --i) {
        r->score[i] = r->score[i - 1];
        r->index[i] = r->index[i - 1];
        r->mapping[i] = r->mapping[i - 1];
    }
    r->score[at] = score;
    r->index[at] = index;
    r->mapping[at] = *mapping;
}

typedef struct {
    const stream_spatial_generator *g;
    ranking *best;
    double
        largest[STREAM_MAX_ARRAY_DIMS + 1]; /* product of the largest choices from open dim k on */
    stream_spatial_mapping mapping;
    double total[STREAM_NEST_MAX_DIMS]; /* unrolling per loop dim */
} descent;

/* False: more than the loops have iterations, unless what is given was so before. */
static bool add(descent *d, const stream_unrolled_level *level) {
    bool fits = true;
    for (int32_t i = 0; i < level->n; ++i) {
        int32_t dim = level->at[i].dim;
        d->total[dim] *= level->at[i].factor;
        fits &= level->at[i].factor <= 1 || d->total[dim] <= (double)d->g->nest->dims[dim].size;
    }
    return fits;
}

static void sub(descent *d, const stream_unrolled_level *level) {
    for (int32_t i = 0; i < level->n; ++i)
        d->total[level->at[i].dim] /= level->at[i].factor;
}

static void finish(descent *d, double hw, int64_t index) {
    double most = 1;
    for (int32_t i = 0; i < d->g->nest->n_dims; ++i)
        most = d->total[i] > most ? d->total[i] : most;
    rank(d->best, d->g->request->count, hw + hw / most - 1, index, &d->mapping);
}

/* score <= 2 hw - 1, so a branch whose largest hw cannot reach the last of the ranking is dropped.
 */
static void descend(descent *d, int32_t k, double hw, int64_t index) {
    const stream_spatial_generator *g = d->g;
    if (d->best->n == g->request->count &&
        2 * hw * d->largest[k] - 1 < d->best->score[d->best->n - 1])
        return;
    if (k == g->n_open) {
        finish(d, hw, index);
        return;
    }
    int32_t x = g->open[k];
    for (size_t i = 0; i < g->choices[x].n; ++i) {
        const stream_unrolled_level *choice = &STREAM_AT(stream_unrolled_level, g->choices[x], i);
        if (add(d, choice)) {
            d->mapping.array_dims[x] = *choice;
            descend(d, k + 1, hw * stream_unrolled_product(choice),
                    index * (int64_t)g->choices[x].n + (int64_t)i);
        }
        sub(d, choice);
    }
}

static stream_status search(const stream_spatial_generator *g, const stream_diag *diag,
                            ranking *best) {
    descent d = {.g = g, .best = best, .mapping = {.n_array_dims = g->core->n_array_dims}};
    double hw = 1;
    for (int32_t i = 0; i < g->nest->n_dims; ++i)
        d.total[i] = 1;
    for (int32_t x = 0; x < g->core->n_array_dims; ++x) {
        d.mapping.used[x] = true;
        if (g->request->given[x])
            STREAM_TRY(take_given(g, x, diag, &d.mapping.array_dims[x]));
    }
    drop_excess(g, &d.mapping);
    for (int32_t x = 0; x < g->core->n_array_dims; ++x) {
        if (!g->request->given[x])
            continue;
        (void)add(&d, &d.mapping.array_dims[x]);
        hw *= stream_unrolled_product(&d.mapping.array_dims[x]);
    }
    d.largest[g->n_open] = 1;
    for (int32_t k = g->n_open - 1; k >= 0; --k) {
        double most = 0;
        for (size_t i = 0; i < g->choices[g->open[k]].n; ++i) {
            double p = stream_unrolled_product(
                &STREAM_AT(stream_unrolled_level, g->choices[g->open[k]], i));
            most = p > most ? p : most;
        }
        d.largest[k] = d.largest[k + 1] * most;
    }
    descend(&d, 0, hw, 0);
    return STREAM_OK;
}

static bool request_is_valid(const stream_spatial_generator *g) {
    for (int32_t x = 0; x < g->core->n_array_dims; ++x) {
        for (int32_t i = 0; i < g->request->unroll[x].n; ++i)
            if (g->request->unroll[x].at[i].dim < 0 ||
                g->request->unroll[x].at[i].dim >= g->nest->n_dims ||
                !(g->request->unroll[x].at[i].factor >= 1))
                return false;
        for (int32_t i = 0; i < g->request->n_hints[x]; ++i)
            if (g->request->hints[x][i] < 0 || g->request->hints[x][i] >= g->nest->n_dims)
                return false;
    }
    return g->request->count >= 1 && g->request->count <= STREAM_SPATIAL_MAX_COUNT;
}

/* There is an array dim over which no loop can be unrolled. */
static stream_status nothing_fits(const stream_spatial_generator *g, const stream_diag *diag) {
    stream_text why = {0};
    for (int32_t k = 0; k < g->n_open && why.length == 0; ++k) {
        int32_t x = g->open[k], dim = g->request->n_hints[x] ? g->request->hints[x][0] : 0;
        if (g->choices[x].n > 0)
            continue;
        stream_text_print(&why, "no loop can be unrolled over D%d, not even once: ", x + 1);
        stream_inner_explain_port(&g->inner, x, dim, &why);
    }
    stream_status status =
        stream_error(diag, STREAM_INFEASIBLE, g->nest->loc, "no spatial mapping fits core '%s': %s",
                     g->core->name, why.data);
    stream_text_free(&why);
    return status;
}

static stream_status generate(stream_spatial_generator *g, const stream_diag *diag,
                              stream_spatial_mapping *out, int32_t *out_n) {
    ranking best = {.n = 0};
    if (!request_is_valid(g))
        return stream_error(diag, STREAM_INVALID, g->nest->loc,
                            "the spatial mapping names a dimension that the layer does not have, a "
                            "factor below 1, or asks for more than %d mappings",
                            STREAM_SPATIAL_MAX_COUNT);
    STREAM_TRY(stream_inner_max_unroll(&g->inner, diag, g->most));
    for (int32_t x = 0; x < g->core->n_array_dims; ++x)
        if (!g->request->given[x]) {
            g->open[g->n_open++] = x;
            stream_spatial_find_choices(g, x);
        }
    STREAM_TRY(search(g, diag, &best));
    if (best.n == 0)
        return nothing_fits(g, diag);
    *out_n = best.n;
    for (int32_t i = 0; i < best.n; ++i) {
        out[i] = best.mapping[i];
        STREAM_TRY(stream_inner_limit_capacity(&g->inner, diag, &out[i]));
    }
    return STREAM_OK;
}

stream_status stream_spatial_generate(const stream_loop_nest *nest, const stream_core *core,
                                      const stream_memory *offchip, uint8_t offchip_operands,
                                      const stream_spatial_request *request,
                                      stream_cost_model model, const stream_diag *diag,
                                      stream_spatial_mapping *out, int32_t *out_n) {
    stream_spatial_generator g = {.nest = nest, .core = core, .request = request, .model = model};
    *out_n = 0;
    STREAM_TRY(stream_loop_nest_check(nest, diag));
    stream_inner_memories_find(nest, core, offchip, offchip_operands, model, &g.inner);
    stream_status status = generate(&g, diag, out, out_n);
    for (int32_t x = 0; x < STREAM_MAX_ARRAY_DIMS; ++x)
        stream_vec_free(&g.choices[x]);
    return status;
}
