/* stream.ct ops -> stream_ct_graph. */

#include "ct_reader.h"

#include "compatible.h"

#include "stream/workload/tensor_names.h"

int32_t stream_core_by_name(const stream_accelerator *acc, MlirStringRef name) {
    for (int32_t c = 0; c < acc->n_cores; ++c)
        if (stream_ir_str_is(name, acc->cores[c].name))
            return c;
    return -1;
}

static stream_status read_body(ct_reader *r) {
    MlirBlock body = stream_ir_body(r->func);
    MlirOperation op = mlirBlockGetFirstOperation(body);
    for (; !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op)) {
        if (stream_ir_is(op, "stream.ct"))
            STREAM_TRY(stream_ct_read_op(r, op));
        else
            STREAM_TRY(stream_ct_read_tensors(r, op));
    }
    if (r->cts.n == 0)
        return stream_error(
            r->diag, STREAM_INVALID, stream_loc_of(r->func),
            "the network has no stream.ct: run stream-tile first; if it has run, the network "
            "moves data and computes nothing, so that there is nothing to schedule");
    return STREAM_OK;
}

static stream_status finish(ct_reader *r, stream_ct_ir *out) {
    stream_ct_graph *g = &out->graph;
    stream_ct_mark_outputs(r);
    out->first_value = stream_ct_first_values(r);
    g->n_tensors = (int32_t)r->tensors.n;
    stream_tensor_names_make_unique(r->tensors.data, g->n_tensors, r->arena);
    g->tensors = stream_vec_freeze(&r->tensors, r->arena);
    g->n_layers = (int32_t)r->layers.n;
    g->layers = stream_vec_freeze(&r->layers, r->arena);
    g->n_kernels = (int32_t)r->kernels.n;
    g->kernels = stream_vec_freeze(&r->kernels, r->arena);
    g->n_cts = (int32_t)r->cts.n;
    g->cts = stream_vec_freeze(&r->cts, r->arena);
    g->n_reads = (int32_t)r->reads.n;
    g->reads = stream_vec_freeze(&r->reads, r->arena);
    out->ct_ops = stream_vec_freeze(&r->ct_ops, r->arena);
    out->kernel_ops = stream_vec_freeze(&r->kernel_ops, r->arena);
    out->n_values = (int32_t)r->values.n;
    out->values = stream_vec_freeze(&r->values, r->arena);
    out->cores = stream_vec_freeze(&r->cores, r->arena);
    return stream_ct_graph_finish(g, r->arena, r->diag);
}

static void free_reader(ct_reader *r) {
    stream_vec *vecs[] = {&r->tensors,    &r->values, &r->kernels,   &r->kernel_ops,
                          &r->signatures, &r->layers, &r->cts,       &r->ct_ops,
                          &r->cores,      &r->reads,  &r->core_lists};
    for (size_t i = 0; i < sizeof vecs / sizeof *vecs; ++i)
        stream_vec_free(vecs[i]);
    value_map_free(&r->value_of);
    value_map_free(&r->fixed);
    value_map_free(&r->kernel_of);
    value_map_free(&r->layer_of);
    value_map_free(&r->cores_of);
}

static stream_status read_all(ct_reader *r, stream_ct_ir *out) {
    STREAM_TRY(stream_ct_read_kernels(r));
    STREAM_TRY(stream_ct_read_arguments(r));
    STREAM_TRY(read_body(r));
    STREAM_TRY(stream_ct_check_behind(r));
    return finish(r, out);
}

stream_status stream_load_ct_graph(MlirOperation module, MlirOperation func,
                                   const stream_accelerator *acc, stream_arena *arena,
                                   const stream_diag *diag, stream_ct_ir *out) {
    if (stream_is_compatible(func))
        return stream_error(diag, STREAM_UNSUPPORTED, stream_loc_of(func),
                            "the schedule was made by model=coala-v0, which follows no rules: it "
                            "has no CTs to verify, lower or draw");
    ct_reader r = {.module = module,
                   .func = func,
                   .acc = acc,
                   .arena = arena,
                   .diag = diag,
                   .tensors = STREAM_VEC(stream_tensor),
                   .values = STREAM_VEC(stream_ct_value),
                   .kernels = STREAM_VEC(stream_kernel),
                   .kernel_ops = STREAM_VEC(MlirOperation),
                   .signatures = STREAM_VEC(ct_signature),
                   .layers = STREAM_VEC(stream_ct_layer),
                   .cts = STREAM_VEC(stream_ct),
                   .ct_ops = STREAM_VEC(MlirOperation),
                   .cores = STREAM_VEC(int32_t),
                   .reads = STREAM_VEC(stream_ct_read),
                   .core_lists = STREAM_VEC(stream_ct)};
    *out = (stream_ct_ir){0};
    stream_status status = read_all(&r, out);
    free_reader(&r);
    return status;
}
