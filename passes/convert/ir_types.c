/* Types and affine expressions; see ir.h. */

#include "ir.h"

#include "stream/support/integer.h"

/* ---- types */

bool stream_ir_is_tensor(MlirType type) {
    return !mlirTypeIsNull(type) && mlirTypeIsARankedTensor(type);
}

bool stream_ir_shape(MlirType type, int32_t *rank, int64_t *shape) {
    if (!stream_ir_is_tensor(type) || !mlirShapedTypeHasStaticShape(type) ||
        mlirShapedTypeGetRank(type) > STREAM_MAX_RANK)
        return false;
    *rank = (int32_t)mlirShapedTypeGetRank(type);
    for (int32_t d = 0; d < *rank; d++)
        shape[d] = mlirShapedTypeGetDimSize(type, d);
    return true;
}

int32_t stream_ir_element_bits(MlirType element) {
    if (mlirTypeIsAInteger(element))
        return (int32_t)mlirIntegerTypeGetWidth(element);
    if (mlirTypeIsAFloat(element))
        return (int32_t)mlirFloatTypeGetWidth(element);
    return mlirTypeIsAIndex(element) ? 64 : 0;
}

MlirType stream_ir_tensor(int32_t rank, const int64_t *shape, MlirType element) {
    return mlirRankedTensorTypeGet(rank, shape, element, mlirAttributeGetNull());
}

/* ---- affine expressions */

static bool floor_div(int64_t a, int64_t b, int64_t *quotient, int64_t *remainder) {
    if (b <= 0)
        return false;
    *quotient = a / b - (a % b < 0);
    *remainder = a - *quotient * b;
    return true;
}

static bool binary(MlirAffineExpr e, int64_t a, int64_t b, int64_t *out) {
    int64_t q, r;
    if (mlirAffineExprIsAAdd(e))
        return stream_add_i64(a, b, out);
    if (mlirAffineExprIsAMul(e))
        return stream_mul_i64(a, b, out);
    if (!floor_div(a, b, &q, &r))
        return false;
    if (mlirAffineExprIsAMod(e))
        *out = r;
    else if (mlirAffineExprIsAFloorDiv(e))
        *out = q;
    else
        *out = q + (r != 0);
    return true;
}

bool stream_ir_affine_eval(MlirAffineExpr e, const int64_t *dims, int32_t n, int64_t *out) {
    if (mlirAffineExprIsAConstant(e)) {
        *out = mlirAffineConstantExprGetValue(e);
        return true;
    }
    if (mlirAffineExprIsADim(e)) {
        intptr_t position = mlirAffineDimExprGetPosition(e);
        if (position >= n)
            return false;
        *out = dims[position];
        return true;
    }
    int64_t a, b;
    return mlirAffineExprIsABinary(e) &&
           stream_ir_affine_eval(mlirAffineBinaryOpExprGetLHS(e), dims, n, &a) &&
           stream_ir_affine_eval(mlirAffineBinaryOpExprGetRHS(e), dims, n, &b) &&
           binary(e, a, b, out);
}

/* Adds scale * e to the linear form. */
static bool add_scaled(MlirAffineExpr e, int64_t scale, int32_t n, int64_t *coefficients,
                       int64_t *constant) {
    int64_t value;
    if (mlirAffineExprIsAConstant(e))
        return stream_mul_i64(scale, mlirAffineConstantExprGetValue(e), &value) &&
               stream_add_i64(*constant, value, constant);
    if (mlirAffineExprIsADim(e)) {
        intptr_t d = mlirAffineDimExprGetPosition(e);
        return d < n && stream_add_i64(coefficients[d], scale, &coefficients[d]);
    }
    if (!mlirAffineExprIsAAdd(e) && !mlirAffineExprIsAMul(e))
        return false;
    MlirAffineExpr lhs = mlirAffineBinaryOpExprGetLHS(e), rhs = mlirAffineBinaryOpExprGetRHS(e);
    if (mlirAffineExprIsAAdd(e))
        return add_scaled(lhs, scale, n, coefficients, constant) &&
               add_scaled(rhs, scale, n, coefficients, constant);
    if (!mlirAffineExprIsAConstant(rhs)) {
        MlirAffineExpr swap = lhs;
        lhs = rhs;
        rhs = swap;
    }
    return mlirAffineExprIsAConstant(rhs) &&
           stream_mul_i64(scale, mlirAffineConstantExprGetValue(rhs), &value) &&
           add_scaled(lhs, value, n, coefficients, constant);
}

bool stream_ir_affine_linear(MlirAffineExpr e, int32_t n, int64_t *coefficients,
                             int64_t *constant) {
    for (int32_t d = 0; d < n; d++)
        coefficients[d] = 0;
    *constant = 0;
    return add_scaled(e, 1, n, coefficients, constant);
}
