/* The steps of a trace, as ops on a kernel's arguments. */

#include "kernel.h"

static const stream_view *view_of_step(const stream_kernel_builder *b,
                                       const stream_trace_step *step) {
    return &b->network->workload.views[step->view];
}

static const stream_view_origin *origin(const stream_kernel_builder *b,
                                        const stream_trace_step *step) {
    return view_of_step(b, step)->op;
}

static void shape_of(const stream_trace_step *step, int64_t *shape) {
    for (int32_t d = 0; d < step->box.rank; ++d)
        shape[d] = step->box.size[d];
}

static MlirType type_of(const stream_kernel_builder *b, const stream_trace_step *step) {
    int64_t shape[STREAM_MAX_RANK];
    shape_of(step, shape);
    return stream_ir_tensor(step->box.rank, shape, origin(b, step)->element);
}

static MlirValue empty(stream_kernel_builder *b, const stream_trace_step *step) {
    int64_t shape[STREAM_MAX_RANK];
    shape_of(step, shape);
    return stream_kernel_empty(b, step->box.rank, shape, origin(b, step)->element);
}

static MlirValue fill(stream_kernel_builder *b, const stream_trace_step *step) {
    const stream_view_origin *from = origin(b, step);
    if (!mlirAttributeIsNull(from->splat))
        return stream_kernel_constant(b, type_of(b, step),
                                      mlirDenseElementsAttrSplatGet(type_of(b, step), from->splat));
    MlirValue out = empty(b, step);
    if (mlirValueIsNull(from->scalar))
        return out;
    int32_t segments[2] = {1, 1};
    MlirNamedAttribute attr = stream_ir_named(b->context, "operandSegmentSizes",
                                              mlirDenseI32ArrayGet(b->context, 2, segments));
    return stream_kernel_unary(b, "linalg.fill", stream_kernel_scalar_copy(b, from->scalar), out,
                               attr);
}

/* array<i64: ...> */
static MlirAttribute i32s(const stream_kernel_builder *b, int32_t n, const int32_t *values) {
    int64_t wide[STREAM_MAX_RANK] = {0};
    for (int32_t i = 0; i < n; ++i)
        wide[i] = values[i];
    return stream_ir_i64s(b->context, n, wide);
}

/* A region that yields `scalar` for each of `rank` indices. */
static MlirRegion pad_region(stream_kernel_builder *b, int32_t rank, MlirValue scalar) {
    MlirType types[STREAM_MAX_RANK];
    MlirLocation locs[STREAM_MAX_RANK];
    for (int32_t d = 0; d < rank; ++d) {
        types[d] = mlirIndexTypeGet(b->context);
        locs[d] = b->loc;
    }
    MlirBlock block = mlirBlockCreate(rank, types, locs);
    stream_ir_op yield = {
        .loc = b->loc, .name = "tensor.yield", .operands = &scalar, .n_operands = 1};
    stream_ir_insert(block, (MlirOperation){NULL}, &yield);
    MlirRegion region = mlirRegionCreate();
    mlirRegionAppendOwnedBlock(region, block);
    return region;
}

static MlirValue pad(stream_kernel_builder *b, const stream_trace_step *step, MlirValue source) {
    const stream_view_origin *from = origin(b, step);
    if (mlirValueIsNull(source))
        return fill(b, step);
    MlirValue scalar = mlirValueIsNull(from->scalar) ? stream_kernel_zero(b, from->element)
                                                     : stream_kernel_scalar_copy(b, from->scalar);
    MlirRegion region = pad_region(b, step->box.rank, scalar);
    int32_t segments[3] = {1, 0, 0};
    MlirNamedAttribute attrs[3] = {
        stream_ir_named(b->context, "static_low", i32s(b, step->box.rank, step->before)),
        stream_ir_named(b->context, "static_high", i32s(b, step->box.rank, step->after)),
        stream_ir_named(b->context, "operandSegmentSizes",
                        mlirDenseI32ArrayGet(b->context, 3, segments))};
    MlirType type = type_of(b, step);
    stream_ir_op op = {.loc = b->loc,
                       .name = "tensor.pad",
                       .operands = &source,
                       .n_operands = 1,
                       .results = &type,
                       .n_results = 1,
                       .attrs = attrs,
                       .n_attrs = 3,
                       .regions = &region,
                       .n_regions = 1};
    return stream_kernel_append(b, &op);
}

static MlirValue transpose(stream_kernel_builder *b, const stream_trace_step *step,
                           MlirValue source) {
    const stream_view *v = view_of_step(b, step);
    int64_t permutation[STREAM_MAX_RANK];
    for (int32_t d = 0; d < v->rank; ++d)
        permutation[d] = v->map[d];
    MlirNamedAttribute attr = stream_ir_named(b->context, "permutation",
                                              stream_ir_i64s(b->context, v->rank, permutation));
    return stream_kernel_unary(b, "linalg.transpose", source, empty(b, step), attr);
}

static MlirValue broadcast(stream_kernel_builder *b, const stream_trace_step *step,
                           MlirValue source) {
    const stream_view *v = view_of_step(b, step);
    int64_t added[STREAM_MAX_RANK];
    int32_t n = 0;
    for (int32_t d = 0; d < v->rank; ++d)
        if (v->map[d] < 0)
            added[n++] = d;
    MlirNamedAttribute attr =
        stream_ir_named(b->context, "dimensions", stream_ir_i64s(b->context, n, added));
    return stream_kernel_unary(b, "linalg.broadcast", source, empty(b, step), attr);
}

/* Groups [[0, 1], [2]] of the dims d with map[d] = 0, 1 ...; none if the smaller side has rank 0.
 */
static MlirAttribute reassociation(stream_kernel_builder *b, const int32_t *map, int32_t rank,
                                   int32_t n_groups) {
    MlirAttribute groups[STREAM_MAX_RANK], dims[STREAM_MAX_RANK];
    for (int32_t g = 0; g < n_groups; ++g) {
        int32_t n = 0;
        for (int32_t d = 0; d < rank; ++d)
            if (map[d] == g)
                dims[n++] = stream_ir_i64(b->context, d);
        groups[g] = stream_ir_array(b->context, n, dims);
    }
    return stream_ir_array(b->context, n_groups, groups);
}

static MlirValue reshape(stream_kernel_builder *b, const stream_trace_step *step,
                         MlirValue source) {
    const stream_view *v = view_of_step(b, step);
    bool expands = step->kind == STREAM_VIEW_EXPAND;
    int32_t source_rank = b->network->workload.views[v->sources[0]].rank;
    int64_t shape[STREAM_MAX_RANK];
    shape_of(step, shape);
    MlirNamedAttribute attrs[2] = {
        stream_ir_named(b->context, "reassociation",
                        reassociation(b, v->map, expands ? v->rank : source_rank,
                                      expands ? source_rank : v->rank)),
        stream_ir_named(b->context, "static_output_shape",
                        stream_ir_i64s(b->context, step->box.rank, shape))};
    MlirType type = type_of(b, step);
    stream_ir_op op = {.loc = b->loc,
                       .name = expands ? "tensor.expand_shape" : "tensor.collapse_shape",
                       .operands = &source,
                       .n_operands = 1,
                       .results = &type,
                       .n_results = 1,
                       .attrs = attrs,
                       .n_attrs = expands ? 2 : 1};
    return stream_kernel_append(b, &op);
}

/* static_offsets, static_sizes, static_strides, operandSegmentSizes. */
static void slice_attrs(stream_kernel_builder *b, int32_t rank, const int32_t *before,
                        const int64_t *size, const int32_t *stride, int32_t n_tensors,
                        MlirNamedAttribute *attrs) {
    int32_t segments[5] = {1, n_tensors == 2, 0, 0, 0};
    attrs[0] = stream_ir_named(b->context, "static_offsets", i32s(b, rank, before));
    attrs[1] = stream_ir_named(b->context, "static_sizes", stream_ir_i64s(b->context, rank, size));
    attrs[2] = stream_ir_named(b->context, "static_strides", i32s(b, rank, stride));
    attrs[3] = stream_ir_named(b->context, "operandSegmentSizes",
                               mlirDenseI32ArrayGet(b->context, n_tensors + 3, segments));
}

static MlirValue slice(stream_kernel_builder *b, const stream_trace_step *step, MlirValue source) {
    int64_t shape[STREAM_MAX_RANK];
    MlirNamedAttribute attrs[4];
    shape_of(step, shape);
    slice_attrs(b, step->box.rank, step->before, shape, step->stride, 1, attrs);
    MlirType type = type_of(b, step);
    stream_ir_op op = {.loc = b->loc,
                       .name = "tensor.extract_slice",
                       .operands = &source,
                       .n_operands = 1,
                       .results = &type,
                       .n_results = 1,
                       .attrs = attrs,
                       .n_attrs = 4};
    return stream_kernel_append(b, &op);
}

static MlirValue insert(stream_kernel_builder *b, const stream_trace_step *step,
                        const MlirValue *sources) {
    int64_t shape[STREAM_MAX_RANK];
    int32_t ones[STREAM_MAX_RANK];
    MlirNamedAttribute attrs[4];
    for (int32_t d = 0; d < step->box.rank; ++d) {
        shape[d] = mlirShapedTypeGetDimSize(mlirValueGetType(sources[0]), d);
        ones[d] = 1;
    }
    slice_attrs(b, step->box.rank, step->before, shape, ones, 2, attrs);
    MlirType type = type_of(b, step);
    stream_ir_op op = {.loc = b->loc,
                       .name = "tensor.insert_slice",
                       .operands = sources,
                       .n_operands = 2,
                       .results = &type,
                       .n_results = 1,
                       .attrs = attrs,
                       .n_attrs = 4};
    return stream_kernel_append(b, &op);
}

static MlirValue concat(stream_kernel_builder *b, const stream_trace_step *step,
                        const MlirValue *sources) {
    MlirNamedAttribute attr =
        stream_ir_named(b->context, "dim", stream_ir_i64(b->context, view_of_step(b, step)->axis));
    MlirType type = type_of(b, step);
    stream_ir_op op = {.loc = b->loc,
                       .name = "tensor.concat",
                       .operands = sources,
                       .n_operands = step->n_sources,
                       .results = &type,
                       .n_results = 1,
                       .attrs = &attr,
                       .n_attrs = 1};
    return stream_kernel_append(b, &op);
}

static MlirValue replay_step(stream_kernel_builder *b, const stream_trace_step *step,
                             const MlirValue *sources) {
    switch (step->kind) {
    case STREAM_VIEW_TENSOR:
        return mlirBlockGetArgument(b->block, b->next_arg++);
    case STREAM_VIEW_FILL:
        return fill(b, step);
    case STREAM_VIEW_PAD:
        return pad(b, step, step->n_sources ? sources[0] : (MlirValue){NULL});
    case STREAM_VIEW_TRANSPOSE:
        return transpose(b, step, sources[0]);
    case STREAM_VIEW_BROADCAST:
        return broadcast(b, step, sources[0]);
    case STREAM_VIEW_COLLAPSE:
    case STREAM_VIEW_EXPAND:
        return reshape(b, step, sources[0]);
    case STREAM_VIEW_SLICE:
        return slice(b, step, sources[0]);
    case STREAM_VIEW_INSERT:
        return insert(b, step, sources);
    case STREAM_VIEW_CONCAT:
        return concat(b, step, sources);
    case STREAM_VIEW_RESULT:
        return sources[0];
    }
    return (MlirValue){NULL};
}

MlirValue stream_kernel_replay(stream_kernel_builder *b, const stream_trace *trace) {
    MlirValue *values = STREAM_NEW(b->arena, MlirValue, (size_t)trace->n_steps);
    MlirValue *sources = STREAM_NEW(b->arena, MlirValue, (size_t)trace->n_sources);
    for (int32_t i = 0; i < trace->n_steps; ++i) {
        const stream_trace_step *step = &trace->steps[i];
        for (int32_t s = 0; s < step->n_sources; ++s)
            sources[s] = values[trace->sources[step->first_source + s]];
        values[i] = replay_step(b, step, sources);
    }
    return values[trace->n_steps - 1];
}
