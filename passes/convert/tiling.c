/* stream.tiling; see tiling.h. */

#include "tiling.h"

#include "ct_graph.h"
#include "ir.h"
#include "loc.h"

static const char *const fusions[] = {
    [STREAM_TILE_CAPACITY] = "capacity", [STREAM_TILE_LAYER_BY_LAYER] = "layer-by-layer"};

static const char *const shapes[] = {
    [STREAM_TILE_FEWEST] = "fewest", [STREAM_TILE_CHEAPEST] = "cheapest"};

static MlirAttribute core_names(MlirContext context, const stream_accelerator *acc,
                                const stream_tiling_choice *choice) {
    stream_arena *scratch = stream_arena_create();
    MlirAttribute *names = STREAM_NEW(scratch, MlirAttribute, (size_t)choice->n_cores);
    for (int32_t i = 0; i < choice->n_cores; ++i)
        names[i] = stream_ir_symbol(context, acc->cores[choice->cores[i]].name);
    MlirAttribute all = stream_ir_array(context, choice->n_cores, names);
    stream_arena_destroy(scratch);
    return all;
}

void stream_tiling_save(MlirOperation func, const stream_accelerator *acc,
                        const stream_tiling_choice *choice) {
    MlirContext context = mlirOperationGetContext(func);
    MlirNamedAttribute entries[4];
    intptr_t n = 0;
    if (choice->n_cores > 0)
        entries[n++] = stream_ir_named(context, "cores", core_names(context, acc, choice));
    entries[n++] =
        stream_ir_named(context, "fusion", stream_ir_string(context, fusions[choice->fusion]));
    entries[n++] = stream_ir_named(context, "rows", stream_ir_i64(context, choice->rows));
    entries[n++] =
        stream_ir_named(context, "shape", stream_ir_string(context, shapes[choice->shape]));
    stream_ir_set(func, "stream.tiling", stream_ir_dictionary(context, n, entries));
}

static stream_status load_cores(MlirOperation func, MlirAttribute names,
                                const stream_accelerator *acc, stream_arena *arena,
                                const stream_diag *diag, stream_tiling_choice *out) {
    intptr_t n = stream_ir_length(names);
    int32_t *cores = STREAM_NEW(arena, int32_t, (size_t)n);
    for (intptr_t i = 0; i < n; ++i) {
        MlirStringRef name = {0};
        (void)stream_ir_as_symbol(mlirArrayAttrGetElement(names, i), &name);
        cores[i] = stream_core_by_name(acc, name);
        if (cores[i] < 0)
            return stream_error(diag, STREAM_INVALID, stream_loc_of(func),
                                "stream.tiling names core '%.*s', which '%s' does not have",
                                (int)name.length, name.data, acc->name);
    }
    out->cores = cores;
    out->n_cores = (int32_t)n;
    return STREAM_OK;
}

stream_status stream_tiling_load(MlirOperation func, const stream_accelerator *acc,
                                 stream_arena *arena, const stream_diag *diag,
                                 stream_tiling_choice *out) {
    MlirAttribute tiling = stream_ir_attr(func, "stream.tiling");
    MlirStringRef fusion, shape;
    int64_t rows;
    if (mlirAttributeIsNull(tiling) ||
        !stream_ir_as_string(stream_ir_entry(tiling, "fusion"), &fusion) ||
        !stream_ir_as_i64(stream_ir_entry(tiling, "rows"), &rows) ||
        !stream_ir_as_string(stream_ir_entry(tiling, "shape"), &shape))
        return STREAM_OK;
    out->fusion = stream_ir_str_is(fusion, fusions[STREAM_TILE_LAYER_BY_LAYER])
                      ? STREAM_TILE_LAYER_BY_LAYER
                      : STREAM_TILE_CAPACITY;
    out->shape = stream_ir_str_is(shape, shapes[STREAM_TILE_CHEAPEST]) ? STREAM_TILE_CHEAPEST
                                                                       : STREAM_TILE_FEWEST;
    out->rows = rows;
    return load_cores(func, stream_ir_entry(tiling, "cores"), acc, arena, diag, out);
}
