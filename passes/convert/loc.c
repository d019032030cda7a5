#include "loc.h"

#include "ir.h"

#include <stdint.h>

stream_loc stream_loc_from(MlirLocation loc) {
    return (stream_loc){.handle = loc.ptr};
}

stream_loc stream_loc_of(MlirOperation op) {
    return stream_loc_from(mlirOperationGetLocation(op));
}

/* What stands in no line of a file is at 0:0. */
static bool is_in_text(MlirLocation loc) {
    return !mlirLocationIsAFileLineColRange(loc) ||
           mlirLocationFileLineColRangeGetStartLine(loc) > 0;
}

stream_loc stream_loc_of_module(MlirOperation module) {
    MlirOperation first = mlirBlockGetFirstOperation(stream_ir_body(module));
    return mlirOperationIsNull(first) || is_in_text(mlirOperationGetLocation(module))
               ? stream_loc_of(module)
               : stream_loc_of(first);
}

MlirLocation stream_loc_mlir(stream_loc loc, MlirContext context) {
    if (loc.handle)
        return (MlirLocation){loc.handle};
    if (!loc.file)
        return mlirLocationUnknownGet(context);
    return mlirLocationFileLineColGet(context, mlirStringRefCreateFromCString(loc.file), loc.line,
                                      loc.column);
}

static void emit(void *user, stream_severity severity, stream_loc loc, const char *text) {
    MlirLocation otherwise = {user};
    bool is_known = loc.handle || loc.file;
    stream_emit(is_known ? stream_loc_mlir(loc, mlirLocationGetContext(otherwise)) : otherwise,
                severity, mlirStringRefCreateFromCString(text));
}

stream_diag stream_diag_at(MlirLocation otherwise) {
    return (stream_diag){.emit = emit, .user = (void *)(uintptr_t)otherwise.ptr};
}

stream_diag stream_diag_mlir(MlirContext context) {
    return stream_diag_at(mlirLocationUnknownGet(context));
}
