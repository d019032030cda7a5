/* Layers of a network; see layers.h. */

#include "layers.h"

#include "messages.h"
#include "model.h"

#include "convert/loc.h"
#include "convert/network.h"
#include "convert/workload.h"

#include "stream/cost/kernel.h"

static const char *copy(stream_arena *arena, const char *text) {
    return text ? stream_arena_strdup(arena, text) : NULL;
}

static void keep_error(void *user, stream_severity severity, stream_loc loc, const char *text) {
    stream_text *error = user;
    (void)loc;
    if (severity == STREAM_ERROR && error->length == 0)
        stream_text_str(error, text);
}

/* Names and locations must outlive the context. */
static void read_layer(const stream_workload *w, const stream_layer *layer, stream_arena *arena,
                       cost_layer *out) {
    stream_text error = {0};
    stream_diag diag = {keep_error, &error};
    *out = (cost_layer){
        .name = copy(arena, layer->name), .op_type = copy(arena, layer->op_type), .linked = true};
    if (stream_loop_nest_of_layer(w, layer, &diag, &out->nest) != STREAM_OK)
        out->error = copy(arena, error.data);
    out->nest.loc = messages_loc(layer->loc, arena);
    stream_text_free(&error);
}

static stream_status read_layers(MlirModule module, const char *function, stream_arena *arena,
                                 const stream_diag *diag, cost_layers *out) {
    static const stream_load_options options = {.fuse_elementwise = true,
                                                .policy = &stream_fusion_residuals_apart};
    MlirOperation func;
    stream_network network;
    STREAM_TRY(stream_open_nested_modules(mlirModuleGetOperation(module), diag));
    STREAM_TRY(stream_choose_network(mlirModuleGetOperation(module), function ? function : "", diag,
                                     &func));
    STREAM_TRY(stream_load_network(func, &options, arena, diag, &network));
    const stream_workload *w = &network.workload;
    cost_layer *layers = STREAM_NEW(arena, cost_layer, (size_t)w->n_layers);
    for (int32_t i = 0; i < w->n_layers; ++i)
        read_layer(w, &w->layers[i], arena, &layers[i]);
    *out = (cost_layers){layers, w->n_layers};
    return STREAM_OK;
}

stream_status cost_network_read(const char *path, const char *function, const stream_text *text,
                                stream_arena *arena, const stream_diag *diag, cost_layers *out) {
    MlirContext context = model_context();
    MlirModule module;
    stream_status status = text ? model_parse_mlir(context, path, text, &module)
                                : model_read(context, path, arena, diag, &module);
    if (status == STREAM_OK) {
        stream_diag located = stream_diag_mlir(context);
        status = read_layers(module, function, arena, &located, out);
        mlirModuleDestroy(module);
    }
    mlirContextDestroy(context);
    return status;
}
