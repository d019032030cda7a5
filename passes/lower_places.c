/* Places of a schedule on explicit memories; see lower_places.h. */

#include "lower_places.h"

#include "stream/support/integer.h"

MlirValue stream_explicit_allocate(stream_lowering *l, MlirType type, bool in_chunk) {
    MlirLocation loc = mlirOperationGetLocation(l->func);
    if (in_chunk)
        return stream_lower_alloc(loc, stream_lowering_chunk(l), (MlirOperation){NULL}, type);
    return stream_lower_alloc(loc, mlirOperationGetBlock(l->before), l->before, type);
}

MlirType stream_explicit_bytes(const stream_lowering *l, int64_t n) {
    return mlirMemRefTypeContiguousGet(mlirIntegerTypeGet(l->context, 8), 1, &n,
                                       mlirAttributeGetNull());
}

int32_t stream_explicit_value_base(const stream_explicit *x, int32_t value) {
    return x->problem->acc->n_instances + value;
}

MlirType stream_explicit_dense(const stream_explicit *x, int32_t value, const stream_box *box) {
    int64_t shape[STREAM_MAX_RANK];
    for (int32_t d = 0; d < box->rank; ++d)
        shape[d] = box->size[d];
    MlirType type = mlirValueGetType(x->ir->values[value].value);
    return mlirMemRefTypeContiguousGet(mlirShapedTypeGetElementType(type), box->rank, shape,
                                       mlirAttributeGetNull());
}

stream_box stream_explicit_relative(const stream_box *box, const stream_box *around) {
    stream_box result = *box;
    for (int32_t d = 0; d < box->rank; ++d)
        result.lo[d] -= around->lo[d];
    return result;
}

static int32_t element_bits(const stream_ct_value *value) {
    return stream_ir_element_bits(mlirShapedTypeGetElementType(mlirValueGetType(value->value)));
}

/* Elements that compiled code stores in as many bytes as the schedule counts. */
static bool fills_bytes(int32_t bits) {
    return bits == 8 || bits == 16 || bits == 32 || bits == 64;
}

void stream_explicit_push(stream_explicit *x, int32_t tensor, const stream_residency_piece *piece,
                          stream_vec *places) {
    const stream_tensor *t = &x->graph->tensors[tensor];
    stream_box buffer, part;
    int32_t n, first = stream_ct_values_of(x->ir, tensor, &piece->buffer, &buffer, &n);
    int32_t lane = x->ir->values[first].lane;
    first = stream_ct_values_of(x->ir, tensor, &piece->piece, &part, &n);
    for (int32_t v = first; v < first + n; ++v) {
        const stream_ct_value *value = &x->ir->values[v];
        int64_t before = stream_box_volume(&buffer) * t->element_bits * (value->lane - lane);
        int64_t bit =
            stream_residency_address(&x->residency, piece->instance, piece->address) + before;
        *(stream_place *)stream_vec_push(places) =
            (stream_place){.memref = stream_lowering_base(x->l, piece->instance),
                           .buffer = stream_explicit_dense(x, v, &buffer),
                           .bit = bit,
                           .packed = bit % 8 != 0 || !fills_bytes(element_bits(value)),
                           .box = stream_explicit_relative(&part, &buffer)};
    }
}

void stream_explicit_push_buffer(stream_explicit *x, int32_t tensor, int32_t instance,
                                 int64_t address, const stream_box *box, stream_vec *places) {
    stream_residency_piece piece = {instance, address, *box, *box};
    stream_explicit_push(x, tensor, &piece, places);
}

void stream_explicit_push_own(stream_explicit *x, int32_t tensor, const stream_box *box,
                              stream_vec *places) {
    stream_box part;
    int32_t n, first = stream_ct_values_of(x->ir, tensor, box, &part, &n);
    for (int32_t v = first; v < first + n; ++v)
        *(stream_place *)stream_vec_push(places) = (stream_place){
            .memref = stream_lowering_base(x->l, stream_explicit_value_base(x, v)), .box = part};
}

void stream_explicit_copy(stream_explicit *x) {
    size_t n = x->places.n / 2;
    for (size_t i = 0; i < n; ++i)
        stream_lowering_copy(x->l, &STREAM_AT(stream_place, x->places, i),
                             &STREAM_AT(stream_place, x->places, n + i));
    stream_lowering_boundary(x->l);
}

void stream_explicit_poison_bits(stream_explicit *x, int32_t instance, int64_t address,
                                 int64_t bits) {
    int64_t bytes = stream_ceil_div(bits, 8);
    stream_place place = {.memref = stream_lowering_base(x->l, instance),
                          .buffer = stream_explicit_bytes(x->l, bytes),
                          .bit = stream_residency_address(&x->residency, instance, address),
                          .box = stream_box_whole(1, &bytes)};
    stream_lowering_poison(x->l, &place);
    stream_lowering_boundary(x->l);
}

void stream_explicit_poison(stream_explicit *x, int32_t tensor, int32_t instance, int64_t address,
                            const stream_box *box) {
    int64_t bits = stream_ct_graph_bits(x->graph, tensor, box);
    stream_explicit_poison_bits(x, instance, address, bits);
}
