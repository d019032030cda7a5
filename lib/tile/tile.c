/* CTs of a plan; see stream/tile/tile.h. */

#include "stream/tile/tile.h"

#include "kernel_finder.h"
#include "stream/support/integer.h"

#include <string.h>

typedef struct {
    const stream_workload *w;
    const stream_layer_plan *plans;
    stream_arena *arena;
    stream_kernel_finder finder;
    stream_vec cts;
    int32_t layer;
} tiler;

static bool starts(const stream_layer *layer, const stream_loop_box *box) {
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (layer->reduction[l] && box->lo[l] > 0)
            return false;
    return true;
}

static bool ends(const stream_layer *layer, const stream_loop_box *box) {
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (layer->reduction[l] && box->lo[l] + box->size[l] < layer->bounds[l])
            return false;
    return true;
}

static void add_ct(tiler *t, const stream_loop_box *box, int32_t part, const int32_t *cores,
                   int32_t n_cores) {
    const stream_layer *layer = &t->w->layers[t->layer];
    bool first = starts(layer, box), last = ends(layer, box);
    int32_t first_read = (int32_t)t->finder.reads.n, n_reads;
    int32_t kernel = stream_kernel_finder_find(&t->finder, t->layer, box, first, last, &n_reads);
    *(stream_ct *)stream_vec_push(&t->cts) =
        (stream_ct){.kernel = kernel,
                    .layer = t->layer,
                    .stack = t->plans[t->layer].stack,
                    .split = part,
                    .first_read = first_read,
                    .n_reads = n_reads,
                    .tensor = layer->output,
                    .box = stream_output_box(t->w, layer, box->lo, box->size),
                    .accumulates = !first,
                    .allowed_cores = cores,
                    .n_allowed_cores = n_cores,
                    .loc = layer->loc};
}

/* Loops in the order of a nest: parallel ones outside, as they come, then the reductions. */
static int32_t nest_order(const stream_layer *layer, int32_t *order) {
    int32_t n = 0;
    for (int pass = 0; pass < 2; ++pass)
        for (int32_t l = 0; l < layer->n_loops; ++l)
            if (layer->reduction[l] == (pass == 1))
                order[n++] = l;
    return n;
}

/* Steps to the next tile of the part, last loop of the order fastest; false after the last. */
static bool next_tile(const stream_layer *layer, const stream_layer_plan *plan,
                      const int32_t *order, const stream_loop_box *part, stream_loop_box *tile) {
    for (int32_t i = layer->n_loops - 1; i >= 0; --i) {
        int32_t l = order[i];
        int64_t end = part->lo[l] + part->size[l];
        tile->lo[l] += plan->tile[l];
        bool more = tile->lo[l] < end;
        if (!more)
            tile->lo[l] = part->lo[l];
        tile->size[l] = stream_min_i64(plan->tile[l], end - tile->lo[l]);
        if (more)
            return true;
    }
    return false;
}

/* Before the next CT of `layer` is added. */
static stream_status check_limits(const tiler *t, const stream_layer *layer, int32_t max_cts,
                                  const stream_diag *diag) {
    if (t->cts.n >= (size_t)max_cts)
        return stream_error(diag, STREAM_LIMIT, layer->loc,
                            "layer '%s' brings the network to more than %d CTs; larger tiles "
                            "(rows=, #stream.plan) or a higher max-cts would fit",
                            layer->name, max_cts);
    if (t->finder.reads.n > STREAM_CT_GRAPH_MOST_PIECES)
        return stream_error(
            diag, STREAM_LIMIT, layer->loc,
            "layer '%s' brings the %zu CTs of the network to more than %d boxes that "
            "they read; larger tiles (rows=, tiles=, #stream.plan) have fewer",
            layer->name, t->cts.n, STREAM_CT_GRAPH_MOST_PIECES);
    return STREAM_OK;
}

static stream_status tile_part(tiler *t, const stream_loop_box *part, int32_t index,
                               const int32_t *cores, int32_t n_cores, int32_t max_cts,
                               const stream_diag *diag) {
    const stream_layer *layer = &t->w->layers[t->layer];
    const stream_layer_plan *plan = &t->plans[t->layer];
    int32_t order[STREAM_MAX_LOOPS];
    stream_loop_box tile = *part;
    nest_order(layer, order);
    for (int32_t l = 0; l < layer->n_loops; ++l)
        tile.size[l] = stream_min_i64(plan->tile[l], part->size[l]);
    do {
        STREAM_TRY(check_limits(t, layer, max_cts, diag));
        add_ct(t, &tile, index, cores, n_cores);
    } while (next_tile(layer, plan, order, part, &tile));
    return STREAM_OK;
}

/* The range of split part `index` (row-major over the loops); false: it is empty. */
static bool part_box(const stream_layer *layer, const stream_layer_plan *plan, int64_t index,
                     stream_loop_box *part) {
    bool some = true;
    memset(part, 0, sizeof *part);
    for (int32_t l = layer->n_loops - 1; l >= 0; --l) {
        int64_t n = stream_max_i64(1, plan->split[l]), size = stream_plan_part(layer, plan, l);
        part->lo[l] = index % n * size;
        part->size[l] = stream_min_i64(size, layer->bounds[l] - part->lo[l]);
        some &= part->size[l] > 0;
        index /= n;
    }
    return some;
}

static stream_status tile_layer(tiler *t, int32_t max_cts, const stream_diag *diag) {
    const stream_layer *layer = &t->w->layers[t->layer];
    const stream_layer_plan *plan = &t->plans[t->layer];
    int64_t parts = 1;
    for (int32_t l = 0; l < layer->n_loops; ++l) {
        if (plan->tile[l] < 1)
            return stream_error(diag, STREAM_INVALID, layer->loc,
                                "the plan of layer '%s' has no tile for loop %s", layer->name,
                                layer->loop_names[l]);
        if (!stream_mul_i64(parts, stream_max_i64(1, plan->split[l]), &parts))
            parts = INT64_MAX;
    }
    if (parts > max_cts)
        return stream_error(diag, STREAM_LIMIT, layer->loc,
                            "layer '%s' is split into %lld parts, more than %d CTs", layer->name,
                            (long long)parts, max_cts);
    bool one_each = parts > 1 && parts == plan->n_cores;
    for (int64_t i = 0; i < parts; ++i) {
        stream_loop_box part;
        if (part_box(layer, plan, i, &part))
            STREAM_TRY(tile_part(t, &part, (int32_t)i, one_each ? &plan->cores[i] : plan->cores,
                                 one_each ? 1 : plan->n_cores, max_cts, diag));
    }
    return STREAM_OK;
}

static void freeze(tiler *t, stream_tiling *out) {
    stream_ct_layer *layers = STREAM_NEW(t->arena, stream_ct_layer, (size_t)t->w->n_layers);
    for (int32_t l = 0; l < t->w->n_layers; ++l)
        layers[l] = (stream_ct_layer){t->w->layers[l].name, t->w->layers[l].op_type};
    *out = (stream_tiling){.graph = {.tensors = t->w->tensors,
                                     .n_tensors = t->w->n_tensors,
                                     .layers = layers,
                                     .n_layers = t->w->n_layers,
                                     .n_kernels = (int32_t)t->finder.kernels.n,
                                     .n_cts = (int32_t)t->cts.n,
                                     .n_reads = (int32_t)t->finder.reads.n}};
    out->graph.kernels = stream_vec_freeze(&t->finder.kernels, t->arena);
    out->graph.cts = stream_vec_freeze(&t->cts, t->arena);
    out->graph.reads = stream_vec_freeze(&t->finder.reads, t->arena);
    out->shapes = stream_vec_freeze(&t->finder.shapes, t->arena);
}

static size_t count_cts(const tiler *t, int32_t max_cts) {
    int64_t all = 0;
    for (int32_t k = 0; k < t->w->n_layers; ++k)
        all = stream_min_i64(
            max_cts,
            all + stream_min_i64(max_cts, stream_plan_ct_count(&t->w->layers[k], &t->plans[k])));
    return (size_t)all;
}

static stream_status tile_layers(tiler *t, int32_t max_cts, const stream_diag *diag) {
    stream_vec_reserve(&t->cts, count_cts(t, max_cts));
    for (t->layer = 0; t->layer < t->w->n_layers; ++t->layer)
        STREAM_TRY(tile_layer(t, max_cts, diag));
    return STREAM_OK;
}

stream_status stream_tile_build(const stream_workload *w, const stream_layer_plan *plans,
                                int32_t max_cts, stream_arena *arena, const stream_diag *diag,
                                stream_tiling *out) {
    tiler t = {.w = w, .plans = plans, .arena = arena, .cts = STREAM_VEC(stream_ct)};
    stream_kernel_finder_open(&t.finder, w, arena);
    stream_status status = tile_layers(&t, max_cts, diag);
    freeze(&t, out);
    stream_kernel_finder_close(&t.finder);
    if (status == STREAM_OK)
        status = stream_ct_graph_finish(&out->graph, arena, diag);
    return status;
}
