/* CTs on explicit memories; see lower_places.h. */

#include "lower_places.h"

#include "stream/schedule/energy.h"

/* A temporary of the CT at hand. */
static MlirValue temporary(stream_explicit *x, MlirType type) {
    MlirValue memref = stream_explicit_allocate(x->l, type, true);
    *(MlirValue *)stream_vec_push(&x->temporaries) = memref;
    return memref;
}

static void free_temporaries(stream_explicit *x) {
    for (size_t i = 0; i < x->temporaries.n; ++i) {
        stream_ir_op op = {.loc = x->l->loc,
                           .name = "memref.dealloc",
                           .operands = &STREAM_AT(MlirValue, x->temporaries, i),
                           .n_operands = 1};
        stream_lowering_append(x->l, &op);
    }
    x->temporaries.n = 0;
}

/* ---- reads */

/* A temporary that holds all of `read`, which is of one value, put together from its pieces. */
static void push_gathered(stream_explicit *x, const stream_ct_read *read, int32_t first,
                          int32_t end) {
    stream_box part, piece_part;
    int32_t n, value = stream_ct_values_of(x->ir, read->tensor, &read->box, &part, &n);
    stream_vec from = STREAM_VEC(stream_place);
    MlirValue memref = temporary(x, stream_explicit_dense(x, value, &part));
    for (int32_t p = first; p < end; ++p) {
        const stream_residency_piece *piece = &x->residency.pieces[p];
        from.n = 0;
        stream_explicit_push(x, read->tensor, piece, &from);
        (void)stream_ct_values_of(x->ir, read->tensor, &piece->piece, &piece_part, &n);
        stream_place to = {.memref = memref, .box = stream_explicit_relative(&piece_part, &part)};
        stream_lowering_copy(x->l, &STREAM_AT(stream_place, from, 0), &to);
    }
    stream_vec_free(&from);
    *(stream_place *)stream_vec_push(&x->places) =
        (stream_place){.memref = memref, .box = stream_explicit_relative(&part, &part)};
}

static void push_read(stream_explicit *x, int32_t read) {
    int32_t first = x->residency.read_first[read], end = x->residency.read_first[read + 1];
    const stream_ct_read *r = &x->graph->reads[read];
    if (end - first == 1)
        stream_explicit_push(x, r->tensor, &x->residency.pieces[first], &x->places);
    else
        push_gathered(x, r, first, end);
}

/* ---- packed elements: a kernel works on temporaries */

/* A temporary in place of a packed place. */
static stream_place unpacked(stream_explicit *x, const stream_place *packed) {
    int64_t shape[STREAM_MAX_RANK];
    for (int32_t d = 0; d < packed->box.rank; ++d)
        shape[d] = packed->box.size[d];
    MlirType type = mlirMemRefTypeContiguousGet(mlirShapedTypeGetElementType(packed->buffer),
                                                packed->box.rank, shape, mlirAttributeGetNull());
    return (stream_place){.memref = temporary(x, type),
                          .box = stream_box_whole(packed->box.rank, shape)};
}

/* x->places in which none is packed. The first `n_filled` are read by the kernel. */
static stream_place *unpack_places(stream_explicit *x, size_t n_filled) {
    stream_place *places = STREAM_NEW(x->l->arena, stream_place, x->places.n);
    for (size_t i = 0; i < x->places.n; ++i) {
        const stream_place *place = &STREAM_AT(stream_place, x->places, i);
        places[i] = place->packed ? unpacked(x, place) : *place;
        if (place->packed && i < n_filled)
            stream_lowering_copy(x->l, place, &places[i]);
    }
    return places;
}

/* What the kernel wrote, from `first` on. */
static void pack_places(stream_explicit *x, size_t first, const stream_place *places) {
    for (size_t i = first; i < x->places.n; ++i) {
        const stream_place *place = &STREAM_AT(stream_place, x->places, i);
        if (place->packed)
            stream_lowering_copy(x->l, &places[i], place);
    }
}

static void call_kernel(stream_explicit *x, const stream_ct *ct) {
    size_t n_reads = (size_t)ct->n_reads;
    bool packed = false;
    for (size_t i = 0; i < x->places.n; ++i)
        packed = packed || STREAM_AT(stream_place, x->places, i).packed;
    stream_place *places =
        packed ? unpack_places(x, ct->accumulates ? x->places.n : n_reads) : x->places.data;
    stream_lowering_kernel(x->l, ct->kernel, ct->n_reads, places);
    if (packed)
        pack_places(x, n_reads, places);
}

/* ---- CTs */

static int32_t output_instance(const stream_explicit *x, int32_t c) {
    return stream_schedule_instance(x->problem, x->graph->cts[c].kernel, x->schedule->slots[c].core,
                                    STREAM_O);
}

void stream_explicit_end_ct(stream_explicit *x, int32_t c) {
    const stream_ct *ct = &x->graph->cts[c];
    x->l->loc = mlirOperationGetLocation(x->ir->ct_ops[c]);
    x->places.n = 0;
    for (int32_t i = 0; i < ct->n_reads; ++i)
        push_read(x, ct->first_read + i);
    stream_explicit_push_buffer(x, ct->tensor, output_instance(x, c), x->schedule->slots[c].address,
                                &ct->box, &x->places);
    call_kernel(x, ct);
    free_temporaries(x);
    stream_lowering_boundary(x->l);
}

/* The core's memory through which parts of a streamed operand pass; -1: none. */
static int32_t passing_instance(const stream_explicit *x, const stream_ct_stream *s) {
    int32_t core = x->schedule->slots[s->ct].core;
    return x->problem->acc->top[core * STREAM_N_OPERANDS + s->operand];
}

/* The first stream of the CT, or of a later one. */
static int32_t first_stream(const stream_explicit *x, int32_t c) {
    int32_t lo = 0, hi = x->schedule->n_streams;
    while (lo < hi) {
        int32_t mid = lo + (hi - lo) / 2;
        if (x->schedule->streams[mid].ct < c)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* Parts of streamed operands pass through memory that holds nothing else then. */
static void poison_passing(stream_explicit *x, int32_t c) {
    for (int32_t i = first_stream(x, c); i < x->schedule->n_streams; ++i) {
        const stream_ct_stream *s = &x->schedule->streams[i];
        if (s->ct != c)
            return;
        int32_t instance = passing_instance(x, s);
        int64_t bits = stream_ct_stream_price(x->problem, x->schedule, s)->buffer_bits;
        if (instance >= 0 && bits > 0)
            stream_explicit_poison_bits(x, instance, s->address, bits);
    }
}

void stream_explicit_begin_ct(stream_explicit *x, int32_t c) {
    const stream_ct *ct = &x->graph->cts[c];
    poison_passing(x, c);
    if (!ct->accumulates)
        stream_explicit_poison(x, ct->tensor, output_instance(x, c), x->schedule->slots[c].address,
                               &ct->box);
}
