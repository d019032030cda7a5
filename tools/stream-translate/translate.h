#ifndef STREAM_TRANSLATE_H
#define STREAM_TRANSLATE_H

#include "mlir-c/IR.h"

#include "stream/export/export.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The translations behind stream-translate, in C. Each reports what is wrong as an MLIR diagnostic.
 */

typedef enum {
    TRANSLATE_ONNX,
    TRANSLATE_ACCELERATOR,
    TRANSLATE_MAPPING
} translate_import_kind;
typedef enum {
    TRANSLATE_PERFETTO,
    TRANSLATE_JSON,
    TRANSLATE_HTML,
    TRANSLATE_SVG,
    TRANSLATE_DOT,
    TRANSLATE_DOT_CTS
} translate_export_kind;

/* A module from the bytes of a file; null after an error. path: its name, for messages and for the
 * files it refers to. */
MlirOperation translate_import(translate_import_kind kind, MlirContext context, const char *path,
                               const char *bytes, size_t n);

/* Appends the export of a scheduled module to `out`. svg: borrowed; read for TRANSLATE_SVG. */
bool translate_export(translate_export_kind kind, MlirOperation module,
                      const stream_svg_options *svg, stream_text *out);

#ifdef __cplusplus
}
#endif

#endif
