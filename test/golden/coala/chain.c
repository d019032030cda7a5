/* From a network and an accelerator file to a problem; see chain.h. */

#include "chain.h"

#include "chip_layers.h"
#include "hardware.h"

#include "stream/cost/kernel.h"
#include "stream/cost/search.h"
#include "stream/import/accelerator.h"
#include "stream/support/text_file.h"

#include "workload/builder.h"

enum {
    MAX_LAYERS = 16,
    SUM_BITS = 16,
    K_LOOP = 1,
    Y_LOOP = 2,
    X_LOOP = 3
};

static int32_t add_layer(builder *b, const chip_layer *l, int32_t id, const int32_t *made,
                         int32_t input) {
    char name[16];
    int32_t x = l->from[0] < 0 ? input : made[l->from[0]];
    conv_shape shape = {.channels = l->k, .kernel = l->window, .stride = l->stride, .pad = l->pad};
    snprintf(name, sizeof name, "layer%d", id);
    if (l->from[1] >= 0) /* as in the reference, the first is I2 */
        return build_add(b, name, made[l->from[1]], x);
    return l->c ? build_conv(b, name, x, shape) : build_pool(b, name, x, shape);
}

static stream_workload network(const chip_run *run, stream_arena *arena) {
    builder b = builder_create(arena);
    int32_t made[MAX_LAYERS];
    const chip_layer *first = &run->layers[0];
    int64_t y = (first->y - 1) * first->stride + first->window - 2 * first->pad;
    int64_t x = (first->x - 1) * first->stride + first->window - 2 * first->pad;
    b.psum_bits = SUM_BITS;
    int32_t input = build_input(&b, "input", 4, (int64_t[]){1, first->c, y, x}, 8);
    for (int32_t l = 0; l < run->n_layers; ++l)
        made[l] = add_layer(&b, &run->layers[l], l, made, input);
    build_output(&b, made[run->n_layers - 1]);
    return build_finish(&b);
}

static stream_layer_plan *plans(const chip_run *run, stream_arena *arena) {
    stream_layer_plan *out = STREAM_NEW(arena, stream_layer_plan, (size_t)run->n_layers);
    for (int32_t l = 0; l < run->n_layers; ++l) {
        const chip_layer *layer = &run->layers[l];
        out[l].tile[K_LOOP] = layer->k / layer->tiles[0];
        out[l].tile[Y_LOOP] = layer->y / layer->tiles[1];
        out[l].tile[X_LOOP] = layer->x / layer->tiles[2];
        out[l].cores = &layer->core;
        out[l].n_cores = 1;
    }
    return out;
}

static stream_status generate(const chip_run *run, const stream_workload *w,
                              const stream_layer_plan *cut, stream_arena *arena,
                              const stream_diag *diag, chain *out) {
    stream_coala_v0_source source = {.w = w,
                                     .plans = cut,
                                     .cycles = out->cycles,
                                     .energy_pj = out->energy_pj,
                                     .priority = run->priority,
                                     .prefetch = run->prefetch};
    return stream_coala_v0_problem_build(&source, &out->hardware, arena, diag, &out->problem);
}

stream_status chain_of_table(const chip_run *run, stream_arena *arena, const stream_diag *diag,
                             chain *out) {
    stream_workload w = network(run, arena);
    STREAM_TRY(stream_workload_check(&w, diag));
    if (!hardware_named(run->hardware, arena, &out->hardware))
        return STREAM_INVALID;
    for (int32_t l = 0; l < run->n_layers; ++l) {
        out->cycles[l] = run->layers[l].cycles;
        out->energy_pj[l] = run->layers[l].energy_pj;
    }
    return generate(run, &w, plans(run, arena), arena, diag, out);
}

static stream_status read_accelerator(const char *name, stream_arena *arena,
                                      const stream_diag *diag, stream_accelerator *out) {
    char path[1024];
    stream_text bytes = {0};
    snprintf(path, sizeof path, "%s/examples/accelerators/%s", STREAM_SOURCE_DIR, name);
    stream_status status = stream_file_read(path, 1 << 20, diag, &bytes);
    if (status == STREAM_OK)
        status = stream_accelerator_import(stream_arena_strdup(arena, path), bytes.data,
                                           bytes.length, arena, diag, out);
    stream_text_free(&bytes);
    return status;
}

static stream_status price(const stream_workload *w, const stream_layer_plan *cut,
                           const stream_accelerator *acc, const stream_diag *diag, chain *out) {
    stream_cost_options options = STREAM_COST_OPTIONS_DEFAULTS;
    options.model = STREAM_MODEL_ZIGZAG_3_8_5;
    for (int32_t l = 0; l < w->n_layers; ++l) {
        stream_layer tile = w->layers[l];
        stream_loop_nest nest;
        stream_cost_result result;
        for (int32_t i = 0; i < tile.n_loops; ++i)
            tile.bounds[i] = cut[l].tile[i] > 0 ? cut[l].tile[i] : tile.bounds[i];
        STREAM_TRY(stream_loop_nest_of_layer(w, &tile, diag, &nest));
        STREAM_TRY(
            stream_cost_search(&nest, &acc->cores[cut[l].cores[0]], &options, diag, &result));
        out->cycles[l] = result.cost.total2_cycles;
        out->energy_pj[l] = result.cost.energy_pj;
    }
    return STREAM_OK;
}

stream_status chain_of_files(const chip_run *run, const char *name, stream_arena *arena,
                             const stream_diag *diag, chain *out) {
    stream_workload w = network(run, arena);
    stream_layer_plan *cut = plans(run, arena);
    stream_accelerator acc = {0};
    STREAM_TRY(stream_workload_check(&w, diag));
    STREAM_TRY(read_accelerator(name, arena, diag, &acc));
    STREAM_TRY(stream_coala_v0_hardware_build(&acc, arena, diag, &out->hardware));
    STREAM_TRY(price(&w, cut, &acc, diag, out));
    return generate(run, &w, cut, arena, diag, out);
}
