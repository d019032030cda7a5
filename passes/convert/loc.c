#include "loc.h"


stream_loc stream_loc_from(MlirLocation loc) {
    return (stream_loc){.handle = loc.ptr};
}

stream_loc stream_loc_of(MlirOperation op) {
    return stream_loc_from(mlirOperationGetLocation(op));
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
    MlirContext context = {user};
    stream_emit(stream_loc_mlir(loc, context), severity, mlirStringRefCreateFromCString(text));
}

stream_diag stream_diag_mlir(MlirContext context) {
    return (stream_diag){.emit = emit, .user = context.ptr};
}
