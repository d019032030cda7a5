/* Indices of maps and bodies as quasi-affine forms; see quasi.h. */

#include "quasi.h"

#include "ir.h"

#include "stream/support/integer.h"
#include "stream/support/vec.h"

#include <string.h>

static bool push(stream_vec *nodes, stream_quasi_kind kind, int64_t value) {
    *(stream_quasi_node *)stream_vec_push(nodes) = (stream_quasi_node){kind, value};
    return nodes->n <= STREAM_QUASI_MAX_NODES;
}

static bool freeze(stream_vec *nodes, bool ok, stream_arena *arena, stream_quasi *out) {
    int32_t n = (int32_t)nodes->n;
    if (ok)
        *out = (stream_quasi){stream_vec_freeze(nodes, arena), n};
    else
        stream_vec_free(nodes);
    return ok;
}

/* ---- maps */

static bool push_expr(stream_vec *nodes, MlirAffineExpr e);

/* The constant side of a binary expression and the other one. */
static bool split_constant(MlirAffineExpr e, MlirAffineExpr *other, int64_t *constant) {
    MlirAffineExpr lhs = mlirAffineBinaryOpExprGetLHS(e), rhs = mlirAffineBinaryOpExprGetRHS(e);
    if (!mlirAffineExprIsAConstant(rhs) && mlirAffineExprIsAMul(e)) {
        MlirAffineExpr swap = lhs;
        lhs = rhs;
        rhs = swap;
    }
    if (!mlirAffineExprIsAConstant(rhs))
        return false;
    *other = lhs;
    *constant = mlirAffineConstantExprGetValue(rhs);
    return true;
}

static bool push_by_constant(stream_vec *nodes, MlirAffineExpr e) {
    MlirAffineExpr other;
    int64_t by;
    if (!split_constant(e, &other, &by) || !push_expr(nodes, other))
        return false;
    if (mlirAffineExprIsAMul(e))
        return push(nodes, STREAM_QUASI_SCALE, by);
    if (by <= 0)
        return false;
    if (mlirAffineExprIsAMod(e))
        return push(nodes, STREAM_QUASI_MOD, by);
    if (mlirAffineExprIsACeilDiv(e))
        return push(nodes, STREAM_QUASI_CONSTANT, by - 1) && push(nodes, STREAM_QUASI_ADD, 0) &&
               push(nodes, STREAM_QUASI_FLOOR, by);
    return push(nodes, STREAM_QUASI_FLOOR, by);
}

static bool push_expr(stream_vec *nodes, MlirAffineExpr e) {
    if (nodes->n > STREAM_QUASI_MAX_NODES)
        return false;
    if (mlirAffineExprIsAConstant(e))
        return push(nodes, STREAM_QUASI_CONSTANT, mlirAffineConstantExprGetValue(e));
    if (mlirAffineExprIsADim(e))
        return push(nodes, STREAM_QUASI_LOOP, mlirAffineDimExprGetPosition(e));
    if (mlirAffineExprIsAAdd(e))
        return push_expr(nodes, mlirAffineBinaryOpExprGetLHS(e)) &&
               push_expr(nodes, mlirAffineBinaryOpExprGetRHS(e)) &&
               push(nodes, STREAM_QUASI_ADD, 0);
    return mlirAffineExprIsABinary(e) && push_by_constant(nodes, e);
}

bool stream_quasi_of_expr(MlirAffineExpr e, stream_arena *arena, stream_quasi *out) {
    stream_vec nodes = STREAM_VEC(stream_quasi_node);
    return freeze(&nodes, push_expr(&nodes, e), arena, out);
}

static int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

static MlirAffineExpr plus(MlirAffineExpr e, int64_t constant) {
    return mlirAffineAddExprGet(e,
                                mlirAffineConstantExprGet(mlirAffineExprGetContext(e), constant));
}

/* (e + k) / by = (e + k mod by) / by + k / by, and the same remainder. */
static MlirAffineExpr local_division(MlirAffineExpr e, MlirAffineExpr inner, int64_t by,
                                     int64_t *offset) {
    MlirAffineExpr divisor = mlirAffineConstantExprGet(mlirAffineExprGetContext(e), by);
    int64_t quotient = floor_div(*offset, by);
    inner = plus(inner, *offset - quotient * by);
    *offset = mlirAffineExprIsAMod(e) ? 0 : quotient;
    return mlirAffineExprIsAMod(e)       ? mlirAffineModExprGet(inner, divisor)
           : mlirAffineExprIsACeilDiv(e) ? mlirAffineCeilDivExprGet(inner, divisor)
                                         : mlirAffineFloorDivExprGet(inner, divisor);
}

MlirAffineExpr stream_expr_local(MlirAffineExpr e, const int64_t *lo, int64_t *out_offset) {
    MlirAffineExpr other;
    int64_t by = 0, second = 0;
    *out_offset = 0;
    if (mlirAffineExprIsADim(e))
        *out_offset = lo[mlirAffineDimExprGetPosition(e)];
    if (!mlirAffineExprIsABinary(e))
        return e;
    if (mlirAffineExprIsAAdd(e)) {
        MlirAffineExpr lhs = stream_expr_local(mlirAffineBinaryOpExprGetLHS(e), lo, out_offset);
        MlirAffineExpr rhs = stream_expr_local(mlirAffineBinaryOpExprGetRHS(e), lo, &second);
        *out_offset += second;
        return mlirAffineAddExprGet(lhs, rhs);
    }
    if (!split_constant(e, &other, &by))
        return e;
    MlirAffineExpr inner = stream_expr_local(other, lo, out_offset);
    if (!mlirAffineExprIsAMul(e))
        return local_division(e, inner, by, out_offset);
    *out_offset *= by;
    return mlirAffineMulExprGet(inner, mlirAffineConstantExprGet(mlirAffineExprGetContext(e), by));
}

bool stream_quasi_to_expr(const stream_quasi *q, MlirContext context, MlirAffineExpr *out) {
    MlirAffineExpr stack[STREAM_QUASI_MAX_NODES];
    int32_t n = 0;
    for (int32_t i = 0; i < q->n_nodes; ++i) {
        const stream_quasi_node *node = &q->nodes[i];
        switch (node->kind) {
        case STREAM_QUASI_CONSTANT:
            stack[n++] = mlirAffineConstantExprGet(context, node->value);
            break;
        case STREAM_QUASI_LOOP:
            stack[n++] = mlirAffineDimExprGet(context, (intptr_t)node->value);
            break;
        case STREAM_QUASI_ADD:
            stack[n - 2] = mlirAffineAddExprGet(stack[n - 2], stack[n - 1]);
            --n;
            break;
        case STREAM_QUASI_SCALE:
            stack[n - 1] =
                mlirAffineMulExprGet(stack[n - 1], mlirAffineConstantExprGet(context, node->value));
            break;
        case STREAM_QUASI_FLOOR:
            stack[n - 1] = mlirAffineFloorDivExprGet(
                stack[n - 1], mlirAffineConstantExprGet(context, node->value));
            break;
        case STREAM_QUASI_MOD:
            stack[n - 1] =
                mlirAffineModExprGet(stack[n - 1], mlirAffineConstantExprGet(context, node->value));
            break;
        case STREAM_QUASI_MIN:
        case STREAM_QUASI_MAX:
        case STREAM_QUASI_EITHER:
            return false;
        }
    }
    *out = stack[0];
    return true;
}

/* ---- bodies */

typedef struct {
    MlirOperation op;
    int32_t n_loops;
    const int64_t *bounds;
    stream_vec nodes;
} body_reader;

typedef struct {
    const char *name;
    stream_quasi_kind kind;
} op_row;

/* Of two operands. */
static const op_row binary_ops[] = {
    {"arith.addi", STREAM_QUASI_ADD},  {"arith.subi", STREAM_QUASI_ADD},
    {"arith.minsi", STREAM_QUASI_MIN}, {"arith.maxsi", STREAM_QUASI_MAX},
    {"index.add", STREAM_QUASI_ADD},   {"index.sub", STREAM_QUASI_ADD},
};

/* Of an operand and a constant. The second half rounds towards zero: for values from 0 on. */
static const op_row constant_ops[] = {
    {"arith.muli", STREAM_QUASI_SCALE},       {"index.mul", STREAM_QUASI_SCALE},
    {"arith.floordivsi", STREAM_QUASI_FLOOR}, {"index.floordivs", STREAM_QUASI_FLOOR},
    {"arith.divsi", STREAM_QUASI_FLOOR},      {"arith.divui", STREAM_QUASI_FLOOR},
    {"arith.remsi", STREAM_QUASI_MOD},        {"arith.remui", STREAM_QUASI_MOD},
};
#define N_ANY_SIGN 4

static const char *const casts[] = {"arith.index_cast", "arith.extsi", "arith.trunci"};
static const char *const unsigned_casts[] = {"arith.index_castui", "arith.extui"};

static bool is_one_of(MlirOperation op, const char *const *names, size_t n) {
    for (size_t i = 0; i < n; ++i)
        if (stream_ir_is(op, names[i]))
            return true;
    return false;
}
#define IS_ONE_OF(op, names) is_one_of(op, names, sizeof(names) / sizeof *(names))

static const op_row *find(const op_row *rows, size_t n, MlirOperation op) {
    for (size_t i = 0; i < n; ++i)
        if (stream_ir_is(op, rows[i].name))
            return &rows[i];
    return NULL;
}
#define FIND(rows, op) find(rows, sizeof(rows) / sizeof *(rows), op)

/* Range of the nodes from `first` on, which are one value. */
static bool range_from(const body_reader *r, size_t first, int64_t *min, int64_t *max) {
    static const int64_t origin[32];
    stream_quasi q = {(const stream_quasi_node *)r->nodes.data + first,
                      (int32_t)(r->nodes.n - first)};
    if (!stream_quasi_ok(&q, r->n_loops, r->bounds))
        return false;
    stream_quasi_range(&q, origin, r->bounds, min, max);
    return true;
}

/* The value of the nodes from `first` on fits its type. */
static bool fits(const body_reader *r, size_t first, MlirType type) {
    int64_t min, max;
    if (!range_from(r, first, &min, &max))
        return false;
    if (mlirTypeIsAIndex(type))
        return true;
    uint32_t width = mlirIntegerTypeGetWidth(type);
    return width >= 64 ||
           (width > 1 && min >= -(INT64_C(1) << (width - 1)) && max < INT64_C(1) << (width - 1));
}

static bool push_value(body_reader *r, MlirValue value);

static bool not_negative(const body_reader *r, size_t first) {
    int64_t min, max;
    return range_from(r, first, &min, &max) && min >= 0;
}

static bool push_with_constant(body_reader *r, MlirOperation op, const op_row *row) {
    MlirValue a = mlirOperationGetOperand(op, 0), b = mlirOperationGetOperand(op, 1);
    size_t first = r->nodes.n;
    int64_t by = 0;
    if (!stream_ir_constant_i64(b, &by) && row->kind == STREAM_QUASI_SCALE &&
        stream_ir_constant_i64(a, &by))
        a = b;
    else if (!stream_ir_constant_i64(b, &by))
        return false;
    if (!push_value(r, a))
        return false;
    bool any_sign = row < constant_ops + N_ANY_SIGN;
    if (row->kind != STREAM_QUASI_SCALE && (by <= 0 || (!any_sign && !not_negative(r, first))))
        return false;
    return push(&r->nodes, row->kind, by);
}

static bool push_binary(body_reader *r, MlirOperation op, stream_quasi_kind kind, intptr_t first) {
    bool minus = stream_ir_is(op, "arith.subi") || stream_ir_is(op, "index.sub");
    return push_value(r, mlirOperationGetOperand(op, first)) &&
           push_value(r, mlirOperationGetOperand(op, first + 1)) &&
           (!minus || push(&r->nodes, STREAM_QUASI_SCALE, -1)) && push(&r->nodes, kind, 0);
}

static bool push_cast(body_reader *r, MlirOperation op, bool is_unsigned) {
    size_t first = r->nodes.n;
    return push_value(r, mlirOperationGetOperand(op, 0)) &&
           (!is_unsigned || not_negative(r, first));
}

static bool push_op(body_reader *r, MlirOperation op) {
    int64_t value = 0;
    if (stream_ir_is(op, "linalg.index") &&
        mlirOperationEqual(mlirOperationGetParentOperation(op), r->op))
        return stream_ir_get_i64(op, "dim", &value) && push(&r->nodes, STREAM_QUASI_LOOP, value);
    if (IS_ONE_OF(op, casts))
        return push_cast(r, op, false);
    if (IS_ONE_OF(op, unsigned_casts))
        return push_cast(r, op, true);
    if (stream_ir_is(op, "arith.select"))
        return push_binary(r, op, STREAM_QUASI_EITHER, 1);
    const op_row *row = FIND(constant_ops, op);
    if (row)
        return push_with_constant(r, op, row);
    row = FIND(binary_ops, op);
    return row && push_binary(r, op, row->kind, 0);
}

static bool push_value(body_reader *r, MlirValue value) {
    MlirType type = mlirValueGetType(value);
    size_t first = r->nodes.n;
    int64_t constant;
    if (first > STREAM_QUASI_MAX_NODES || !mlirValueIsAOpResult(value) ||
        !(mlirTypeIsAIndex(type) || mlirTypeIsAInteger(type)))
        return false;
    if (stream_ir_constant_i64(value, &constant))
        return push(&r->nodes, STREAM_QUASI_CONSTANT, constant);
    return push_op(r, mlirOpResultGetOwner(value)) && r->nodes.n <= STREAM_QUASI_MAX_NODES &&
           fits(r, first, type);
}

bool stream_quasi_of_value(MlirValue value, MlirOperation op, int32_t n_loops,
                           const int64_t *bounds, stream_arena *arena, stream_quasi *out) {
    body_reader r = {op, n_loops, bounds, STREAM_VEC(stream_quasi_node)};
    bool ok = push_value(&r, value);
    return freeze(&r.nodes, ok, arena, out);
}
