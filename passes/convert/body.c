/* What the body of a linalg op reads beside its operands; see builder.h. */

#include "builder.h"
#include "quasi.h"

#include <string.h>

/* How one dimension of a captured tensor is indexed, over all tensor.extract ops that read it. */
typedef struct {
    bool all;         /* by what no quasi-affine form gives */
    stream_vec nodes; /* stream_quasi_node */
} reading;

typedef struct {
    const loop_nest *nest;
    stream_arena *arena;
    MlirValue tensor;
    int32_t rank, n_reads;
    reading dims[STREAM_MAX_RANK];
    bool other_use;
} capture;

static bool ends_with(const stream_vec *nodes, const stream_quasi *q) {
    size_t n = (size_t)q->n_nodes;
    return nodes->n >= n && memcmp(&STREAM_AT(stream_quasi_node, *nodes, nodes->n - n), q->nodes,
                                   n * sizeof *q->nodes) == 0;
}

/* One more index of the dimension: the same, or one of several. */
static void add_index(reading *dim, const stream_quasi *q) {
    bool first = dim->nodes.n == 0;
    if (!first && dim->nodes.n == (size_t)q->n_nodes && ends_with(&dim->nodes, q))
        return;
    memcpy(stream_vec_push_n(&dim->nodes, (size_t)q->n_nodes), q->nodes,
           (size_t)q->n_nodes * sizeof *q->nodes);
    if (!first)
        ((stream_quasi_node *)stream_vec_push(&dim->nodes))->kind = STREAM_QUASI_EITHER;
    dim->all |= dim->nodes.n > STREAM_QUASI_MAX_NODES;
}

static void read_extract(capture *c, MlirOperation op) {
    const loop_nest *n = c->nest;
    c->n_reads++;
    for (int32_t d = 0; d < c->rank; ++d) {
        stream_quasi q;
        if (c->dims[d].all)
            continue;
        if (stream_quasi_of_value(mlirOperationGetOperand(op, d + 1), n->op, n->n_loops, n->bounds,
                                  c->arena, &q))
            add_index(&c->dims[d], &q);
        else
            c->dims[d].all = true;
    }
}

static MlirWalkResult look_for_reads(MlirOperation op, void *user) {
    capture *c = user;
    bool extracts = stream_ir_is(op, "tensor.extract");
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i)
        if (!mlirOperationEqual(op, c->nest->op) &&
            mlirValueEqual(mlirOperationGetOperand(op, i), c->tensor)) {
            c->other_use |= !extracts;
            if (extracts)
                read_extract(c, op);
        }
    return MlirWalkResultAdvance;
}

/* The index of dimension `d`; all of it, if some value could lie outside. */
static void set_index(const capture *c, reading *dim, int64_t extent, int32_t d,
                      stream_operand *o) {
    static const int64_t origin[STREAM_MAX_LOOPS];
    int64_t min = 0, max = 0;
    stream_quasi q = {.nodes = dim->nodes.data, .n_nodes = (int32_t)dim->nodes.n};
    bool known = !dim->all && stream_quasi_ok(&q, c->nest->n_loops, c->nest->bounds);
    if (known)
        stream_quasi_range(&q, origin, c->nest->bounds, &min, &max);
    if (!known || min < 0 || max >= extent) {
        o->extent[d] = extent;
        stream_vec_free(&dim->nodes);
        return;
    }
    stream_quasi *kept = STREAM_NEW(c->arena, stream_quasi, 1);
    kept->n_nodes = q.n_nodes;
    kept->nodes = stream_vec_freeze(&dim->nodes, c->arena);
    o->quasi[d] = kept;
    uint32_t loops = stream_quasi_loops(kept);
    for (int32_t i = 0; i < c->nest->n_loops; ++i)
        o->index[d].coefficient[i] = loops >> i & 1;
}

static stream_status read_capture(loader *l, loop_nest *n, MlirValue tensor, int32_t position) {
    capture c = {.nest = n, .arena = l->arena, .tensor = tensor};
    int64_t shape[STREAM_MAX_RANK];
    STREAM_TRY(tensor_shape(l, mlirValueGetType(tensor), n->op, "a tensor that its body reads",
                            &c.rank, shape));
    for (int32_t d = 0; d < c.rank; ++d)
        c.dims[d].nodes = STREAM_VEC(stream_quasi_node);
    mlirOperationWalk(n->op, look_for_reads, &c, MlirWalkPreOrder);
    stream_operand o = {.view = view_of(l, tensor), .position = (int16_t)position};
    for (int32_t d = 0; d < c.rank; ++d)
        set_index(&c, &c.dims[d], shape[d], d, &o);
    if (c.other_use)
        n->not_boxes = "its body uses a tensor by other means than tensor.extract";
    o.operand_class = is_weight_like(l, n, &o);
    *(stream_operand *)stream_vec_push(&n->operands) = o;
    return STREAM_OK;
}

static MlirWalkResult look_for_index(MlirOperation op, void *user) {
    *(bool *)user |= stream_ir_is(op, "linalg.index");
    return MlirWalkResultAdvance;
}

stream_status read_nest_body(loader *l, loop_nest *n) {
    stream_captures captured = stream_body_captures(n->op, l->arena);
    for (int32_t i = 0; i < captured.n_values; ++i) {
        MlirValue value = captured.values[i];
        if (stream_ir_is_tensor(mlirValueGetType(value))) {
            STREAM_TRY(read_capture(l, n, value, (int32_t)mlirOperationGetNumOperands(n->op) + i));
            continue;
        }
        if (mlirTypeIsAShaped(mlirValueGetType(value)))
            return unsupported(l, n->op, "uses a memref or an unranked tensor in its body");
        if (!stream_scalar_is_constant(value))
            return unsupported(l, n->op,
                               "uses a scalar in its body that is not a constant: "
                               "pass it as a tensor of one element");
    }
    mlirOperationWalk(n->op, look_for_index, &n->uses_index, MlirWalkPreOrder);
    return STREAM_OK;
}
