/* stream.tiling; see tiling.h. */

#include "tiling.h"

#include "ir.h"

static const char *const fusions[] = {
    [STREAM_TILE_CAPACITY] = "capacity", [STREAM_TILE_LAYER_BY_LAYER] = "layer-by-layer"};

static const char *const shapes[] = {
    [STREAM_TILE_FEWEST] = "fewest", [STREAM_TILE_CHEAPEST] = "cheapest"};

void stream_tiling_save(MlirOperation func, const stream_tiling_choice *choice) {
    MlirContext context = mlirOperationGetContext(func);
    MlirNamedAttribute entries[] = {
        stream_ir_named(context, "fusion", stream_ir_string(context, fusions[choice->fusion])),
        stream_ir_named(context, "rows", stream_ir_i64(context, choice->rows)),
        stream_ir_named(context, "shape", stream_ir_string(context, shapes[choice->shape]))};
    stream_ir_set(func, "stream.tiling",
                  stream_ir_dictionary(context, sizeof entries / sizeof *entries, entries));
}

bool stream_tiling_load(MlirOperation func, stream_tiling_choice *out) {
    MlirAttribute tiling = stream_ir_attr(func, "stream.tiling");
    MlirStringRef fusion, shape;
    int64_t rows;
    if (mlirAttributeIsNull(tiling) ||
        !stream_ir_as_string(stream_ir_entry(tiling, "fusion"), &fusion) ||
        !stream_ir_as_i64(stream_ir_entry(tiling, "rows"), &rows) ||
        !stream_ir_as_string(stream_ir_entry(tiling, "shape"), &shape))
        return false;
    out->fusion = stream_ir_str_is(fusion, fusions[STREAM_TILE_LAYER_BY_LAYER])
                      ? STREAM_TILE_LAYER_BY_LAYER
                      : STREAM_TILE_CAPACITY;
    out->shape = stream_ir_str_is(shape, shapes[STREAM_TILE_CHEAPEST]) ? STREAM_TILE_CHEAPEST
                                                                       : STREAM_TILE_FEWEST;
    out->rows = rows;
    return true;
}
