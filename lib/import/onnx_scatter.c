/* Writing at computed positions: ScatterElements, ScatterND, TensorScatter.
 *
 * A scatter is a reduction over the updates: each output element takes those whose position is its
 * own, in their order. Nothing is written at computed positions, so every output tile stands alone.
 */

#include "onnx_elementwise.h"
#include "onnx_index.h"
#include "onnx_move.h"

#include <stdio.h>
#include <string.h>

/* How an update meets what is there; '=' replaces it. */
static stream_status read_reduction(onnx_ctx *c, char *op) {
    static const struct {
        const char *name;
        char op;
    } table[] = {{"none", '='}, {"add", '+'}, {"mul", '*'}, {"max", '>'}, {"min", '<'}};
    const char *name = NULL;
    STREAM_TRY(stream_onnx_string(c, "reduction", "none", &name));
    for (size_t i = 0; i < sizeof table / sizeof table[0]; ++i)
        if (!strcmp(table[i].name, name)) {
            *op = table[i].op;
            return STREAM_OK;
        }
    return stream_onnx_error(c, STREAM_UNSUPPORTED, "reduction '%.40s' is not supported", name);
}

static stream_status check_operands(onnx_ctx *c, char op) {
    STREAM_TRY(stream_onnx_want_indices(c, 1));
    if (c->in[2]->type != c->in[0]->type)
        return stream_onnx_error(c, STREAM_INVALID, "the updates are %s, the data %s",
                                 stream_onnx_type_name(c->in[2]->type),
                                 stream_onnx_type_name(c->in[0]->type));
    if (op != '=' && c->in[0]->type == ONNX_BOOL)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "a reduction of BOOL is not supported");
    if (c->in[0]->rank >= STREAM_MAX_RANK || stream_onnx_elements(c->in[0]) <= 0)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "data of rank %d, or without elements",
                                 c->in[0]->rank);
    return STREAM_OK;
}

/* "pp..pr": the dims of the data, then the updates. */
static char *update_loops(onnx_ctx *c, int32_t rank) {
    char *kinds = stream_arena_alloc(c->arena, (size_t)rank + 2, 1);
    memset(kinds, 'p', (size_t)rank);
    kinds[rank] = 'r';
    return kinds;
}

static onnx_value *finish(onnx_ctx *c, char op, onnx_scalar hit, onnx_scalar update,
                          onnx_scalar out) {
    onnx_scalar met = op == '=' ? update : stream_onnx_s_arith(c, op, out, update);
    return stream_onnx_g_end(c, stream_onnx_s_select(c, hit, met, out), "");
}

/* x with updates along `axis`; indices and updates have the dims of x except there. */
static onnx_value *scatter_along(onnx_ctx *c, onnx_value *x, int32_t axis, char op) {
    char update[16];
    snprintf(update, sizeof update, "d%d", x->rank);
    const char *map = stream_onnx_replaced_map(c, x->rank, axis, update);
    stream_onnx_g_begin(c, update_loops(c, x->rank));
    onnx_scalar i = stream_onnx_g_in(c, c->in[1], map), u = stream_onnx_g_in(c, c->in[2], map);
    onnx_scalar out = stream_onnx_g_out(c, x, stream_onnx_dims_map(c, x->rank, NULL));
    i = stream_onnx_s_from_end(c, i, x->dims[axis]);
    onnx_scalar hit = stream_onnx_s_compare(c, "eq", i, stream_onnx_s_index(c, axis, i.type));
    return finish(c, op, hit, u, out);
}

/* Where the indices are smaller than the data, only that corner changes. */
static stream_status scatter_elements(onnx_ctx *c) {
    onnx_value *x = c->in[0];
    const onnx_value *index = c->in[1], *update = c->in[2];
    int64_t given = 0, zero[STREAM_MAX_RANK] = {0}, one[STREAM_MAX_RANK], size[STREAM_MAX_RANK];
    int32_t axis = 0;
    char op = '=';
    bool whole = true;
    STREAM_TRY(stream_onnx_int(c, "axis", 0, &given));
    STREAM_TRY(stream_onnx_axis(c, given, x->rank, &axis));
    STREAM_TRY(read_reduction(c, &op));
    STREAM_TRY(check_operands(c, op));
    STREAM_TRY(stream_onnx_want_rank(c, 1, x->rank));
    STREAM_TRY(stream_onnx_want_rank(c, 2, x->rank));
    for (int32_t d = 0; d < x->rank; ++d) {
        if (index->dims[d] != update->dims[d] || index->dims[d] < 1 ||
            (d != axis && index->dims[d] > x->dims[d]))
            return stream_onnx_error(c, STREAM_INVALID,
                                     "dimension %d is %lld in the data, %lld in the indices, %lld "
                                     "in the updates",
                                     d, (long long)x->dims[d], (long long)index->dims[d],
                                     (long long)update->dims[d]);
        one[d] = 1;
        size[d] = d == axis ? x->dims[d] : index->dims[d];
        whole &= size[d] == x->dims[d];
    }
    onnx_value *corner = whole ? x : stream_onnx_slice(c, x, zero, size, one);
    corner = scatter_along(c, corner, axis, op);
    c->out[0] = whole ? corner : stream_onnx_insert(c, corner, x, zero, one);
    return STREAM_OK;
}

/* Column j of the indices [n, k] equals the counter of loop j, for all j. */
static onnx_scalar all_equal(onnx_ctx *c, const onnx_value *x, const onnx_scalar *i, int32_t k) {
    onnx_scalar hit = {0};
    for (int32_t j = 0; j < k; ++j) {
        onnx_scalar at = stream_onnx_s_from_end(c, i[j], x->dims[j]);
        at = stream_onnx_s_compare(c, "eq", at, stream_onnx_s_index(c, j, at.type));
        hit = j ? stream_onnx_s_op2(c, "arith.andi", hit, at) : at;
    }
    return hit;
}

/* The updates are [indices without their last dim, data dims from k on]. */
static stream_status check_nd(onnx_ctx *c, int32_t k) {
    const onnx_value *x = c->in[0], *index = c->in[1], *update = c->in[2];
    int32_t lead = index->rank - 1, rank = lead + x->rank - k;
    bool good = update->rank == rank && stream_onnx_elements(index) > 0;
    for (int32_t d = 0; good && d < rank; ++d)
        good = update->dims[d] == (d < lead ? index->dims[d] : x->dims[k + d - lead]);
    if (!good)
        return stream_onnx_error(c, STREAM_INVALID,
                                 "the updates do not fit %d-element indices into data of rank %d",
                                 k, x->rank);
    return STREAM_OK;
}

static stream_status scatter_nd(onnx_ctx *c) {
    onnx_value *x = c->in[0], *index = c->in[1], *update = c->in[2];
    onnx_scalar i[STREAM_MAX_RANK];
    int64_t flat[STREAM_MAX_RANK + 1] = {0};
    char map[STREAM_MAX_RANK * 8] = "";
    char op = '=';
    STREAM_TRY(read_reduction(c, &op));
    STREAM_TRY(check_operands(c, op));
    int64_t k = index->rank ? index->dims[index->rank - 1] : 0;
    if (k < 1 || k > x->rank)
        return stream_onnx_error(c, STREAM_INVALID, "indices of %lld elements into rank %d",
                                 (long long)k, x->rank);
    STREAM_TRY(check_nd(c, (int32_t)k));
    flat[0] = stream_onnx_elements(index) / k;
    flat[1] = k;
    index = stream_onnx_reshape_to(c, index, 2, flat);
    size_t used = (size_t)snprintf(map, sizeof map, "d%d", x->rank);
    for (int32_t d = (int32_t)k; d < x->rank; ++d) {
        flat[1 + d - k] = x->dims[d];
        used += (size_t)snprintf(map + used, sizeof map - used, ", d%d", d);
    }
    update = stream_onnx_reshape_to(c, update, 1 + x->rank - (int32_t)k, flat);
    stream_onnx_g_begin(c, update_loops(c, x->rank));
    for (int32_t j = 0; j < k; ++j) {
        char column[32];
        snprintf(column, sizeof column, "d%d, %d", x->rank, j);
        i[j] = stream_onnx_g_in(c, index, column);
    }
    onnx_scalar u = stream_onnx_g_in(c, update, map);
    onnx_scalar out = stream_onnx_g_out(c, x, stream_onnx_dims_map(c, x->rank, NULL));
    c->out[0] = finish(c, op, all_equal(c, x, i, (int32_t)k), u, out);
    return STREAM_OK;
}

/* A cache [batch, ..., length, ...] with an update written from a position per batch on. */
static stream_status check_cache(onnx_ctx *c, int32_t axis) {
    const onnx_value *x = c->in[0], *update = c->in[1], *at = stream_onnx_input(c, 2);
    STREAM_TRY(stream_onnx_same_types(c, 0, 1));
    STREAM_TRY(stream_onnx_want_rank(c, 1, x->rank));
    for (int32_t d = 0; d < x->rank; ++d)
        if (d == axis ? update->dims[d] > x->dims[d] : update->dims[d] != x->dims[d])
            return stream_onnx_error(c, STREAM_INVALID,
                                     "dimension %d is %lld in the cache and %lld in the update", d,
                                     (long long)x->dims[d], (long long)update->dims[d]);
    if (axis == 0 || x->rank >= STREAM_MAX_RANK)
        return stream_onnx_error(c, STREAM_UNSUPPORTED, "axis %d of rank %d", axis, x->rank);
    STREAM_TRY(stream_onnx_want_elements(c));
    STREAM_TRY(stream_onnx_want_vector(c, 2, x->dims[0]));
    return at ? stream_onnx_want_indices(c, 2) : STREAM_OK;
}

static stream_status tensor_scatter(onnx_ctx *c) {
    onnx_value *x = c->in[0], *at = stream_onnx_input(c, 2);
    int64_t given = 0;
    int32_t axis = 0, k = x->rank;
    const char *mode = NULL;
    char step[16];
    STREAM_TRY(stream_onnx_int(c, "axis", -2, &given));
    STREAM_TRY(stream_onnx_axis(c, given, x->rank, &axis));
    STREAM_TRY(stream_onnx_string(c, "mode", "linear", &mode));
    bool circular = !strcmp(mode, "circular");
    if (!circular && strcmp(mode, "linear") != 0)
        return stream_onnx_error(c, STREAM_INVALID, "mode is '%.40s'", mode);
    STREAM_TRY(check_cache(c, axis));
    snprintf(step, sizeof step, "d%d", k);
    onnx_scalar first = {0};
    stream_onnx_g_begin(c, update_loops(c, x->rank));
    if (at)
        first = stream_onnx_g_in(c, at, "d0");
    onnx_scalar u = stream_onnx_g_in(c, c->in[1], stream_onnx_replaced_map(c, k, axis, step));
    onnx_scalar out = stream_onnx_g_out(c, x, stream_onnx_dims_map(c, k, NULL));
    onnx_scalar to = stream_onnx_s_index(c, k, ONNX_INT64);
    if (at)
        to = stream_onnx_s_arith(c, '+', stream_onnx_s_cast(c, first, ONNX_INT64), to);
    if (circular)
        to = stream_onnx_s_arith(c, '%', to,
                                 stream_onnx_s_number(c, ONNX_INT64, (double)x->dims[axis]));
    onnx_scalar hit = stream_onnx_s_compare(c, "eq", to, stream_onnx_s_index(c, axis, to.type));
    c->out[0] = finish(c, '=', hit, u, out);
    return STREAM_OK;
}

static const onnx_row rows[] = {
    {"Scatter", NULL, 9, 3, 3, ONNX_ANY, scatter_elements},
    {"ScatterElements", NULL, 11, 3, 3, ONNX_ANY, scatter_elements},
    {"ScatterND", NULL, 11, 3, 3, ONNX_ANY, scatter_nd},
    {"TensorScatter", NULL, 24, 2, 3, ONNX_ANY, tensor_scatter},
};

ONNX_FAMILY(stream_onnx_scatter, rows);
