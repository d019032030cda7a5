/* Grids of the compatible CT generator; see v0_grid.h. */

#include "v0_grid.h"

#include <inttypes.h>
#include <string.h>

/* The loop of the output's dimension 1: channels of an image. -1: there is none. */
static int32_t channel_loop(const stream_workload *w, const stream_layer *layer) {
    return w->tensors[layer->output].rank > 1 ? layer->output_loop[1] : -1;
}

static void order_loops(const stream_workload *w, const stream_layer *layer, v0_grid *out) {
    int32_t channel = channel_loop(w, layer);
    if (channel >= 0)
        out->loops[out->n_loops++] = channel;
    for (int32_t l = layer->n_loops - 1; l >= 0; --l)
        if (l != channel && !layer->reduction[l])
            out->loops[out->n_loops++] = l;
}

stream_status stream_v0_grid_make(const stream_workload *w, const stream_layer *layer,
                                  const stream_layer_plan *plan, const stream_diag *diag,
                                  v0_grid *out) {
    int64_t n = 1;
    *out = (v0_grid){0};
    for (int32_t l = 0; l < layer->n_loops; ++l) {
        out->size[l] = plan->tile[l] > 0 ? plan->tile[l] : layer->bounds[l];
        out->tiles[l] = layer->bounds[l] / out->size[l];
        if (out->tiles[l] * out->size[l] != layer->bounds[l] ||
            (layer->reduction[l] && out->tiles[l] > 1))
            return stream_error(
                diag, STREAM_UNSUPPORTED, layer->loc,
                "layer '%s': tiles of %" PRId64 " of the %" PRId64
                " iterations of loop %s: the compatible mode cuts loops that are no "
                "reduction into equal parts",
                layer->name, out->size[l], layer->bounds[l], layer->loop_names[l]);
    }
    order_loops(w, layer, out);
    for (int32_t i = 0; i < out->n_loops; ++i) {
        out->stride[out->loops[i]] = n;
        n *= out->tiles[out->loops[i]];
        if (n > V0_MAX_CTS)
            return stream_error(diag, STREAM_LIMIT, layer->loc, "layer '%s' has more than %d CTs",
                                layer->name, V0_MAX_CTS);
    }
    out->n_cts = (int32_t)n;
    return STREAM_OK;
}

void stream_v0_grid_origin(const v0_grid *at, int32_t tile, int64_t *lo) {
    memset(lo, 0, STREAM_MAX_LOOPS * sizeof *lo);
    for (int32_t i = 0; i < at->n_loops; ++i) {
        int32_t l = at->loops[i];
        lo[l] = tile / at->stride[l] % at->tiles[l] * at->size[l];
    }
}

static bool moves_operand(const stream_operand *o, int32_t l) {
    for (int32_t d = 0; d < STREAM_MAX_RANK; ++d)
        if (o->index[d].coefficient[l] != 0)
            return true;
    return false;
}

int32_t stream_v0_grid_share(const v0_grid *at, const stream_operand *o, int32_t tile,
                             int32_t *out_n) {
    int64_t id = 0, n = 1;
    for (int32_t i = 0; i < at->n_loops; ++i) {
        int32_t l = at->loops[i];
        if (!moves_operand(o, l))
            continue;
        id += tile / at->stride[l] % at->tiles[l] * n;
        n *= at->tiles[l];
    }
    *out_n = (int32_t)n;
    return (int32_t)id;
}

int64_t stream_v0_grid_uses(const v0_grid *at, const stream_operand *o, int32_t tile) {
    int64_t all = 1, gone = 0;
    bool linear = true; /* no loop so far moves the operand */
    for (int32_t i = 0; i < at->n_loops; ++i) {
        int32_t l = at->loops[i];
        if (at->tiles[l] == 1)
            continue;
        if (moves_operand(o, l)) {
            linear = false;
            continue;
        }
        gone += tile / at->stride[l] % at->tiles[l] * (linear ? all : 1);
        all *= at->tiles[l];
    }
    return all - gone;
}

bool stream_v0_reach_begin(const v0_grid *grid, const stream_layer *layer, const stream_box *box,
                           v0_reach *out) {
    *out = (v0_reach){0};
    for (int32_t i = 0; i < grid->n_loops; ++i)
        out->high[grid->loops[i]] = grid->tiles[grid->loops[i]] - 1;
    for (int32_t d = 0; d < box->rank; ++d) {
        int32_t l = layer->output_loop[d];
        int64_t end = (int64_t)box->lo[d] + box->size[d];
        if (end <= 0)
            return false;
        if (l < 0)
            continue;
        int64_t last = (end - 1) / grid->size[l];
        out->low[l] = box->lo[d] > 0 ? box->lo[d] / grid->size[l] : 0;
        out->high[l] = last < out->high[l] ? last : out->high[l];
        if (out->low[l] > out->high[l])
            return false;
    }
    memcpy(out->at, out->low, sizeof out->at);
    return true;
}

int32_t stream_v0_reach_ct(const v0_grid *grid, const v0_reach *reach) {
    int64_t id = 0;
    for (int32_t i = 0; i < grid->n_loops; ++i)
        id += reach->at[grid->loops[i]] * grid->stride[grid->loops[i]];
    return (int32_t)id;
}

bool stream_v0_reach_next(const v0_grid *grid, v0_reach *reach) {
    for (int32_t i = 0; i < grid->n_loops; ++i) {
        int32_t l = grid->loops[i];
        if (++reach->at[l] <= reach->high[l])
            return true;
        reach->at[l] = reach->low[l];
    }
    return false;
}
