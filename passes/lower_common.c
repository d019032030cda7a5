/* Kernels in memref form and calls of them; see lower_common.h. */

#include "lower_common.h"

#include "mlir-c/Dialect/Linalg.h"

#include <string.h>

/* ---- instances of kernels */

static bool same_place(const stream_place_type *a, const stream_place_type *b) {
    return a->memref.ptr == b->memref.ptr && a->buffer.ptr == b->buffer.ptr &&
           a->packed == b->packed;
}

static int32_t n_results(const stream_lowering *l, int32_t kernel) {
    MlirOperation end = stream_ir_terminator(l->ir->kernel_ops[kernel]);
    return (int32_t)mlirOperationGetNumOperands(end);
}

static MlirAttribute new_instance(stream_lowering *l, int32_t kernel, int32_t n_reads,
                                  const stream_place_type *types) {
    MlirOperation func = stream_lower_specialize(l->ir->kernel_ops[kernel], n_reads, types);
    size_t n = (size_t)(n_reads + n_results(l, kernel));
    stream_lower_instance *made = stream_vec_push(&l->instances);
    made->types = STREAM_NEW(l->arena, stream_place_type, n);
    memcpy(made->types, types, n * sizeof *types);
    made->next = l->first_instance[kernel];
    l->first_instance[kernel] = (int32_t)l->instances.n - 1;
    return made->symbol = stream_lowering_add(l, func);
}

static MlirAttribute instance_of(stream_lowering *l, int32_t kernel, int32_t n_reads,
                                 const stream_place_type *types) {
    int32_t i = l->first_instance[kernel];
    while (i >= 0) {
        const stream_lower_instance *known = &STREAM_AT(stream_lower_instance, l->instances, i);
        bool same = true;
        for (int32_t p = 0; p < n_reads + n_results(l, kernel); ++p)
            same = same && same_place(&known->types[p], &types[p]);
        if (same)
            return known->symbol;
        i = known->next;
    }
    return new_instance(l, kernel, n_reads, types);
}

/* ---- calls of kernels */

static stream_place_type type_of(const stream_place *place) {
    return (stream_place_type){mlirValueGetType(place->memref), place->buffer, place->packed};
}

static MlirType buffer_type(const stream_place *place) {
    return mlirTypeIsNull(place->buffer) ? mlirValueGetType(place->memref) : place->buffer;
}

static bool is_whole(const stream_place *place) {
    MlirType type = buffer_type(place);
    for (int32_t d = 0; d < place->box.rank; ++d)
        if (mlirShapedTypeGetDimSize(type, d) != place->box.size[d])
            return false;
    return true;
}

/* The arguments that stream_lower_argument and stream_lower_packed_copy declare. */
static void push_place(stream_lowering *l, const stream_place *place, stream_vec *operands) {
    *(MlirValue *)stream_vec_push(operands) = place->memref;
    if (!mlirTypeIsNull(place->buffer))
        *(MlirValue *)stream_vec_push(operands) =
            stream_lowering_index(l, place->packed ? place->bit : place->bit / 8);
    for (int32_t d = 0; !is_whole(place) && d < place->box.rank; ++d)
        *(MlirValue *)stream_vec_push(operands) = stream_lowering_index(l, place->box.lo[d]);
}

void stream_lowering_kernel(stream_lowering *l, int32_t kernel, int32_t n_reads,
                            const stream_place *places) {
    stream_vec operands = STREAM_VEC(MlirValue), types = STREAM_VEC(stream_place_type);
    for (int32_t i = 0; i < n_reads + n_results(l, kernel); ++i) {
        *(stream_place_type *)stream_vec_push(&types) = type_of(&places[i]);
        push_place(l, &places[i], &operands);
    }
    MlirAttribute symbol = instance_of(l, kernel, n_reads, types.data);
    stream_lowering_call(l, symbol, (int32_t)operands.n, operands.data);
    stream_vec_free(&operands);
    stream_vec_free(&types);
}

/* ---- functions that are no kernels */

static MlirType box_type(const stream_place *place) {
    int64_t shape[STREAM_MAX_RANK];
    for (int32_t d = 0; d < place->box.rank; ++d)
        shape[d] = place->box.size[d];
    return stream_ir_tensor(place->box.rank, shape,
                            mlirShapedTypeGetElementType(buffer_type(place)));
}

static MlirAttribute copy_function(stream_lowering *l, const stream_lower_helper *helper) {
    MlirLocation loc = mlirOperationGetLocation(l->func);
    if (helper->from.packed || helper->to.packed)
        return stream_lowering_add(
            l, stream_lower_packed_copy(loc, &helper->from, &helper->to, helper->box));
    MlirBlock body = mlirBlockCreate(0, NULL, NULL);
    MlirOperation end = {NULL};
    MlirValue operands[2];
    operands[0] = stream_lower_argument(loc, body, end, &helper->from, helper->box);
    operands[1] = stream_lower_argument(loc, body, end, &helper->to, helper->box);
    stream_ir_op copy = {.loc = loc, .name = "memref.copy", .operands = operands, .n_operands = 2};
    stream_ir_insert(body, end, &copy);
    return stream_lowering_helper(l, "copy", body);
}

/* Fills with bytes of all ones. */
static MlirAttribute poison_function(stream_lowering *l, const stream_lower_helper *helper) {
    MlirLocation loc = mlirOperationGetLocation(l->func);
    MlirBlock body = mlirBlockCreate(0, NULL, NULL);
    MlirOperation end = {NULL};
    MlirValue memref = stream_lower_argument(loc, body, end, &helper->to, helper->box);
    MlirType byte = mlirShapedTypeGetElementType(helper->box);
    MlirNamedAttribute ones = stream_ir_named(l->context, "value", mlirIntegerAttrGet(byte, -1));
    stream_ir_op constant = {.loc = loc,
                             .name = "arith.constant",
                             .results = &byte,
                             .n_results = 1,
                             .attrs = &ones,
                             .n_attrs = 1};
    MlirValue operands[2] = {mlirOperationGetResult(stream_ir_insert(body, end, &constant), 0),
                             memref};
    int32_t segments[2] = {1, 1};
    MlirNamedAttribute attr = stream_ir_named(l->context, "operandSegmentSizes",
                                              mlirDenseI32ArrayGet(l->context, 2, segments));
    MlirRegion region = mlirRegionCreate();
    stream_ir_op fill = {.loc = loc,
                         .name = "linalg.fill",
                         .operands = operands,
                         .n_operands = 2,
                         .attrs = &attr,
                         .n_attrs = 1,
                         .regions = &region,
                         .n_regions = 1};
    mlirLinalgFillBuiltinNamedOpRegion(stream_ir_insert(body, end, &fill));
    return stream_lowering_helper(l, "poison", body);
}

static MlirAttribute helper_of(stream_lowering *l, stream_lower_helper helper, bool copies) {
    for (size_t i = 0; i < l->helpers.n; ++i) {
        const stream_lower_helper *h = &STREAM_AT(stream_lower_helper, l->helpers, i);
        if (same_place(&h->from, &helper.from) && same_place(&h->to, &helper.to) &&
            h->copies == copies && mlirTypeEqual(h->box, helper.box))
            return h->symbol;
    }
    helper.copies = copies;
    helper.symbol = copies ? copy_function(l, &helper) : poison_function(l, &helper);
    *(stream_lower_helper *)stream_vec_push(&l->helpers) = helper;
    return helper.symbol;
}

void stream_lowering_copy(stream_lowering *l, const stream_place *from, const stream_place *to) {
    stream_lower_helper helper = {.from = type_of(from), .to = type_of(to), .box = box_type(from)};
    stream_vec operands = STREAM_VEC(MlirValue);
    push_place(l, from, &operands);
    push_place(l, to, &operands);
    stream_lowering_call(l, helper_of(l, helper, true), (int32_t)operands.n, operands.data);
    stream_vec_free(&operands);
}

void stream_lowering_poison(stream_lowering *l, const stream_place *place) {
    stream_lower_helper helper = {.to = type_of(place), .box = box_type(place)};
    stream_vec operands = STREAM_VEC(MlirValue);
    push_place(l, place, &operands);
    stream_lowering_call(l, helper_of(l, helper, false), (int32_t)operands.n, operands.data);
    stream_vec_free(&operands);
}

/* ---- begin and end */

void stream_lowering_begin(stream_lowering *l, const stream_ct_ir *ir) {
    l->ir = ir;
    l->first_instance = STREAM_NEW(l->arena, int32_t, (size_t)ir->graph.n_kernels);
    for (int32_t k = 0; k < ir->graph.n_kernels; ++k) {
        mlirOperationRemoveFromParent(ir->kernel_ops[k]);
        l->first_instance[k] = -1;
    }
    l->symbols = mlirSymbolTableCreate(l->module);
    l->arguments = STREAM_NEW(l->arena, MlirValue, (size_t)l->n_bases);
    l->instances = STREAM_VEC(stream_lower_instance);
    l->used = STREAM_VEC(int32_t);
    l->constants = STREAM_VEC(stream_lower_constant);
    l->helpers = STREAM_VEC(stream_lower_helper);
}

void stream_lowering_end(stream_lowering *l) {
    for (int32_t k = 0; k < l->ir->graph.n_kernels; ++k)
        mlirOperationDestroy(l->ir->kernel_ops[k]);
    mlirSymbolTableDestroy(l->symbols);
    stream_vec_free(&l->instances);
    stream_vec_free(&l->used);
    stream_vec_free(&l->constants);
    stream_vec_free(&l->helpers);
}
