/* Layers of a model; see layers.h. */

#include "layers.h"

#include "model.h"

#include "stream/import/zigzag_workload.h"
#include "stream/support/text_file.h"

#include <string.h>

#define MAX_TEXT_BYTES ((size_t)1 << 30)

static stream_status read_workload(const char *path, const stream_text *text, stream_arena *arena,
                                   const stream_diag *diag, cost_layers *out) {
    stream_zigzag_workload workload;
    STREAM_TRY(
        stream_zigzag_workload_import(path, text->data, text->length, arena, diag, &workload));
    cost_layer *layers = STREAM_NEW(arena, cost_layer, (size_t)workload.n_layers);
    for (int32_t i = 0; i < workload.n_layers; ++i)
        layers[i] = (cost_layer){.name = workload.layers[i].name,
                                 .op_type = workload.layers[i].operator_type,
                                 .nest = workload.layers[i].nest};
    *out = (cost_layers){layers, workload.n_layers};
    return STREAM_OK;
}

/* A YAML list begins with - or [ behind comments; no MLIR does: # begins an alias there. */
static bool is_yaml_list(const stream_text *text) {
    const char *at = text->data + strspn(text->data, " \t\r\n");
    while (*at == '#') {
        at += strcspn(at, "\n");
        at += strspn(at, " \t\r\n");
    }
    return *at == '-' || *at == '[';
}

static stream_status read_standard_input(const char *function, stream_arena *arena,
                                         const stream_diag *diag, cost_layers *out) {
    stream_text text = {0};
    stream_status status = stream_file_read("-", MAX_TEXT_BYTES, diag, &text);
    if (status == STREAM_OK)
        status = is_yaml_list(&text)
                     ? read_workload("<stdin>", &text, arena, diag, out)
                     : cost_network_read("<stdin>", function, &text, arena, diag, out);
    stream_text_free(&text);
    return status;
}

static stream_status read_yaml(const char *path, stream_arena *arena, const stream_diag *diag,
                               cost_layers *out) {
    stream_text text = {0};
    stream_status status = stream_file_read(path, MAX_TEXT_BYTES, diag, &text);
    if (status == STREAM_OK)
        status = read_workload(path, &text, arena, diag, out);
    stream_text_free(&text);
    return status;
}

stream_status cost_layers_read(const char *path, const char *function, stream_arena *arena,
                               const stream_diag *diag, cost_layers *out) {
    if (!strcmp(path, "-"))
        return read_standard_input(function, arena, diag, out);
    if (model_has_suffix(path, ".yaml") || model_has_suffix(path, ".yml"))
        return read_yaml(path, arena, diag, out);
    if (model_has_suffix(path, ".onnx") || model_has_suffix(path, ".mlir") ||
        model_has_suffix(path, ".mlirbc"))
        return cost_network_read(path, function, NULL, arena, diag, out);
    return stream_error(diag, STREAM_INVALID, (stream_loc){.file = path},
                        "a model is an .onnx, .mlir or .yaml file, or - for standard input");
}
