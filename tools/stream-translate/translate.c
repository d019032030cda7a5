/* Imports and exports of stream-translate; see translate.h. */

#include "translate.h"

#include "convert/accelerator.h"
#include "convert/compatible.h"
#include "convert/ir.h"
#include "convert/loc.h"
#include "convert/mapping.h"
#include "convert/network.h"
#include "convert/scheduled.h"

#include "stream-c/Dialect.h"
#include "stream/import/accelerator.h"
#include "stream/import/mapping.h"
#include "stream/import/onnx.h"

/* The function of a model without its module, so that files can be put together: an accelerator, a
 * mapping and a network, one behind the other, are a module. */
static MlirOperation unwrap_single(MlirModule module) {
    MlirOperation op = mlirBlockGetFirstOperation(mlirModuleGetBody(module));
    if (mlirOperationIsNull(op) || !mlirOperationIsNull(mlirOperationGetNextInBlock(op)))
        return mlirModuleGetOperation(module);
    mlirOperationRemoveFromParent(op);
    mlirModuleDestroy(module);
    return op;
}

static MlirOperation import_onnx(MlirContext context, const char *path, const char *bytes, size_t n,
                                 stream_arena *arena, const stream_diag *diag) {
    stream_text text = {0};
    MlirModule module = {NULL};
    if (stream_onnx_import(path, bytes, n, arena, diag, &text) == STREAM_OK)
        module = mlirModuleCreateParse(context, mlirStringRefCreate(text.data, text.length));
    stream_text_free(&text);
    return mlirModuleIsNull(module) ? (MlirOperation){NULL} : unwrap_single(module);
}

MlirOperation translate_import(translate_import_kind kind, MlirContext context, const char *path,
                               const char *bytes, size_t n) {
    stream_arena *arena = stream_arena_create();
    stream_diag diag = stream_diag_mlir(context);
    MlirOperation op = {NULL};
    stream_accelerator acc;
    stream_mapping mapping;
    mlirDialectHandleLoadDialect(mlirGetDialectHandle__stream__(), context);
    switch (kind) {
    case TRANSLATE_ONNX:
        op = import_onnx(context, path, bytes, n, arena, &diag);
        break;
    case TRANSLATE_ACCELERATOR:
        if (stream_accelerator_import(path, bytes, n, arena, &diag, &acc) == STREAM_OK)
            op = stream_build_accelerator(context, &acc);
        break;
    case TRANSLATE_MAPPING:
        if (stream_mapping_import(path, bytes, n, arena, &diag, &mapping) == STREAM_OK)
            op = stream_build_mapping(context, &mapping);
        break;
    }
    stream_arena_destroy(arena);
    return op;
}

/* A schedule of the compatible mode has no other form than JSON. */
static bool export_compatible(translate_export_kind kind, MlirOperation module, MlirOperation func,
                              stream_arena *arena, const stream_diag *diag, stream_text *out) {
    const stream_accelerator *acc;
    stream_compatible c;
    stream_pass pass = {.arena = arena, .diag = diag, .context = mlirOperationGetContext(module)};
    if (kind != TRANSLATE_JSON)
        return stream_error(diag, STREAM_UNSUPPORTED, stream_loc_of(func),
                            "a schedule of model=coala-v0 follows no rules: only --export-json "
                            "shows it") == STREAM_OK;
    if (stream_load_accelerator(&pass, module, &acc) != STREAM_OK ||
        stream_load_compatible(module, func, acc, arena, diag, &c) != STREAM_OK)
        return false;
    stream_export_compatible_json(&c.view, out);
    return true;
}

bool translate_export(translate_export_kind kind, MlirOperation module,
                      const stream_svg_options *svg, stream_text *out) {
    stream_arena *arena = stream_arena_create();
    stream_diag diag = stream_diag_mlir(mlirOperationGetContext(module));
    stream_scheduled loaded;
    MlirOperation func;
    bool dot = kind == TRANSLATE_DOT || kind == TRANSLATE_DOT_CTS;
    bool ok = stream_find_network(module, &diag, &func) == STREAM_OK;
    bool compatible = ok && stream_is_compatible(func);
    if (compatible)
        ok = export_compatible(kind, module, func, arena, &diag, out);
    else if (ok)
        ok = (dot ? stream_load_tiled(module, arena, &diag, &loaded)
                  : stream_load_scheduled(module, arena, &diag, &loaded)) == STREAM_OK;
    if (ok && !compatible && !dot)
        ok = stream_export_check(&loaded.view, stream_loc_of(func), &diag) == STREAM_OK;
    if (ok && !compatible)
        switch (kind) {
        case TRANSLATE_PERFETTO:
            stream_export_perfetto(&loaded.view, out);
            break;
        case TRANSLATE_JSON:
            stream_export_json(&loaded.view, out);
            break;
        case TRANSLATE_HTML:
            stream_export_html(&loaded.view, out);
            break;
        case TRANSLATE_SVG:
            ok = stream_export_svg(&loaded.view, svg, &diag, out) == STREAM_OK;
            break;
        case TRANSLATE_DOT:
        case TRANSLATE_DOT_CTS:
            stream_export_dot(&loaded.view, kind == TRANSLATE_DOT_CTS, out);
            break;
        }
    stream_arena_destroy(arena);
    return ok;
}
