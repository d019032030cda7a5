/* What a program says on standard error. */

#include "messages.h"

#include "stream/support/text.h"

#include "mlir-c/Diagnostics.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const severities[] = {"note", "warning", "error"};
static const char *name = "stream", *text_name = "<stdin>";

void messages_start(const char *program) {
    name = program;
}

void messages_name_text(const char *path) {
    text_name = path;
}

void messages_progress(const char *what) {
    if (!isatty(STDERR_FILENO))
        return;
    if (what)
        fprintf(stderr, "\r\033[K%s: %s ...", name, what);
    else
        fprintf(stderr, "\r\033[K");
    fflush(stderr);
}

static void say(const char *place, const char *severity, const char *text) {
    messages_progress(NULL);
    stream_text line = {0};
    stream_text_readable(&line, place);
    stream_text_print(&line, "%s%s: ", *place ? ": " : "", severity);
    stream_text_readable(&line, text);
    fprintf(stderr, "%s: %s\n", name, line.data);
    stream_text_free(&line);
}

void messages_error(const char *format, ...) {
    stream_text text = {0};
    va_list args;
    va_start(args, format);
    stream_text_vprint(&text, format, args);
    va_end(args);
    say("", "error", text.data);
    stream_text_free(&text);
}

/* ---- from lib/ */

static void emit(void *user, stream_severity severity, stream_loc loc, const char *text) {
    (void)user;
    stream_text place = {0};
    stream_text_str(&place, !loc.file ? "" : strcmp(loc.file, "-") == 0 ? "<stdin>" : loc.file);
    if (loc.file && loc.line)
        stream_text_print(&place, ":%u", loc.line);
    if (loc.file && loc.line && loc.column)
        stream_text_print(&place, ":%u", loc.column);
    say(place.data ? place.data : "", severities[severity], text);
    stream_text_free(&place);
}

stream_diag messages_diag(void) {
    return (stream_diag){.emit = emit};
}

/* ---- from MLIR */

/* The first file location in `loc`; false: there is none. */
static bool find_file(MlirLocation loc, MlirLocation *out) {
    *out = loc;
    if (mlirLocationIsAFileLineColRange(loc))
        return true;
    if (mlirLocationIsAName(loc))
        return find_file(mlirLocationNameGetChildLoc(loc), out);
    if (mlirLocationIsACallSite(loc))
        return find_file(mlirLocationCallSiteGetCallee(loc), out);
    if (!mlirLocationIsAFused(loc))
        return false;
    unsigned n = mlirLocationFusedGetNumLocations(loc);
    MlirLocation parts[16];
    if (n > 16)
        return false;
    mlirLocationFusedGetLocations(loc, parts);
    for (unsigned i = 0; i < n; ++i)
        if (find_file(parts[i], out))
            return true;
    return false;
}

static void append(MlirStringRef part, void *text) {
    stream_text_append(text, part.data, part.length);
}

/* MLIR calls a text without a file "-". */
static void append_path(MlirStringRef path, stream_text *text) {
    if (path.length == 1 && *path.data == '-')
        stream_text_str(text, text_name);
    else
        append(path, text);
}

static bool has_suffix(MlirStringRef text, const char *suffix) {
    size_t n = strlen(suffix);
    return text.length >= n && !memcmp(text.data + text.length - n, suffix, n);
}

/* A model that was not written as text has no lines that a person could look at. */
static void place_of(MlirLocation loc, stream_text *out) {
    MlirLocation file;
    if (!find_file(loc, &file))
        return;
    MlirStringRef path = mlirIdentifierStr(mlirLocationFileLineColRangeGetFilename(file));
    append_path(path, out);
    if (!has_suffix(path, ".onnx") && mlirLocationFileLineColRangeGetStartLine(file) > 0)
        stream_text_print(out, ":%d:%d", mlirLocationFileLineColRangeGetStartLine(file),
                          mlirLocationFileLineColRangeGetStartColumn(file));
}

stream_loc messages_loc(stream_loc loc, stream_arena *arena) {
    MlirLocation file;
    stream_text path = {0};
    if (!loc.handle || !find_file((MlirLocation){loc.handle}, &file))
        return (stream_loc){.file = loc.file, .line = loc.line, .column = loc.column};
    MlirStringRef name_of = mlirIdentifierStr(mlirLocationFileLineColRangeGetFilename(file));
    append_path(name_of, &path);
    stream_loc out = {.file = stream_arena_strdup(arena, path.data ? path.data : "")};
    if (!has_suffix(name_of, ".onnx")) {
        out.line = (unsigned)mlirLocationFileLineColRangeGetStartLine(file);
        out.column = (unsigned)mlirLocationFileLineColRangeGetStartColumn(file);
    }
    stream_text_free(&path);
    return out;
}

/* MLIR advises to allow what it does not know; no option of ours does, nor would it help. */
static void drop_advice(char *text) {
    char *advice = strstr(text, ". If this is intended, please use -allow-unregistered-dialect");
    if (advice)
        *advice = '\0';
}

/* MLIR says no more than that it does not know the dialect. */
static void advise(const char *place, const char *text) {
    if (strstr(text, "not found for custom op") || strstr(text, "with an unregistered dialect"))
        say(place, severities[STREAM_NOTE],
            "networks are read in linalg, tensor, arith, math and scf: other dialects are lowered to "
            "these first (TOSA by stream-opt --tosa-to-linalg-pipeline --tosa-to-tensor "
            "--tosa-to-arith --canonicalize)");
}

static MlirLogicalResult handle(MlirDiagnostic diagnostic, void *user) {
    (void)user;
    stream_text place = {0}, text = {0};
    MlirDiagnosticSeverity severity = mlirDiagnosticGetSeverity(diagnostic);
    place_of(mlirDiagnosticGetLocation(diagnostic), &place);
    mlirDiagnosticPrint(diagnostic, append, &text);
    stream_text_str(&text, "");
    drop_advice(text.data);
    say(place.data ? place.data : "",
        severities[severity == MlirDiagnosticError     ? STREAM_ERROR
                   : severity == MlirDiagnosticWarning ? STREAM_WARNING
                                                       : STREAM_NOTE],
        text.data);
    advise(place.data ? place.data : "", text.data);
    stream_text_free(&place);
    stream_text_free(&text);
    return mlirLogicalResultSuccess();
}

void messages_attach(MlirContext context) {
    mlirContextAttachDiagnosticHandler(context, handle, NULL, NULL);
}
