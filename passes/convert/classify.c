#include "classify.h"

#include "ir.h"

#include <string.h>

/* ---- by name */

typedef struct {
    const char *text, *op_type;
} name_row;

/* Parts of names of linalg ops; the first that occurs decides. */
static const name_row op_names[] = {
    {"conv_", "Conv"},
    {"matmul", "MatMul"},
    {"matvec", "MatMul"},
    {"vecmat", "MatMul"},
    {"linalg.dot", "MatMul"},
    {"mmt4d", "MatMul"},
    {"linalg.contract", "MatMul"},
};

/* Pooling ops end in what they do with the window. */
static const name_row pooling_names[] = {
    {"_max", "MaxPool"}, {"_sum", "AveragePool"}, {"_min", "MinPool"}};

/* The op of a body that makes the yielded value. */
static const name_row element_ops[] = {
    {"arith.addf", "Add"},     {"arith.addi", "Add"},        {"arith.subf", "Sub"},
    {"arith.subi", "Sub"},     {"arith.mulf", "Mul"},        {"arith.muli", "Mul"},
    {"arith.divf", "Div"},     {"arith.divsi", "Div"},       {"arith.divui", "Div"},
    {"arith.maximumf", "Max"}, {"arith.maxnumf", "Max"},     {"arith.maxsi", "Max"},
    {"arith.maxui", "Max"},    {"arith.minimumf", "Min"},    {"arith.minnumf", "Min"},
    {"arith.minsi", "Min"},    {"arith.minui", "Min"},       {"arith.negf", "Neg"},
    {"arith.andi", "And"},     {"arith.ori", "Or"},          {"arith.xori", "Xor"},
    {"arith.select", "Where"}, {"arith.extf", "Cast"},       {"arith.truncf", "Cast"},
    {"arith.extsi", "Cast"},   {"arith.extui", "Cast"},      {"arith.trunci", "Cast"},
    {"arith.sitofp", "Cast"},  {"arith.uitofp", "Cast"},     {"arith.fptosi", "Cast"},
    {"arith.fptoui", "Cast"},  {"arith.index_cast", "Cast"}, {"math.exp", "Exp"},
    {"math.log", "Log"},       {"math.sqrt", "Sqrt"},        {"math.rsqrt", "Rsqrt"},
    {"math.tanh", "Tanh"},     {"math.erf", "Erf"},          {"math.powf", "Pow"},
    {"math.absf", "Abs"},      {"math.absi", "Abs"},         {"math.floor", "Floor"},
    {"math.ceil", "Ceil"},     {"math.roundeven", "Round"},  {"math.round", "Round"},
    {"math.sin", "Sin"},       {"math.cos", "Cos"},
};

static const char *lookup(const name_row *rows, size_t n, MlirStringRef name) {
    for (size_t i = 0; i < n; ++i)
        if (stream_ir_str_is(name, rows[i].text))
            return rows[i].op_type;
    return NULL;
}
#define LOOKUP(rows, name) lookup(rows, sizeof(rows) / sizeof *(rows), name)

static bool contains(MlirStringRef name, const char *text) {
    size_t n = strlen(text);
    for (size_t i = 0; i + n <= name.length; ++i)
        if (memcmp(name.data + i, text, n) == 0)
            return true;
    return false;
}

static const char *by_op_name(MlirOperation op) {
    MlirStringRef name = stream_ir_op_name(op);
    if (contains(name, "linalg.pooling_"))
        for (size_t i = 0; i < sizeof pooling_names / sizeof *pooling_names; ++i)
            if (contains(name, pooling_names[i].text))
                return pooling_names[i].op_type;
    for (size_t i = 0; i < sizeof op_names / sizeof *op_names; ++i)
        if (contains(name, op_names[i].text))
            return op_names[i].op_type;
    return NULL;
}

/* ---- by body */

static MlirOperation definition(MlirValue value) {
    return mlirValueIsAOpResult(value) ? mlirOpResultGetOwner(value) : (MlirOperation){NULL};
}

static MlirOperation yielded_op(MlirOperation op, int32_t result) {
    MlirOperation yield = stream_ir_terminator(op);
    if (mlirOperationIsNull(yield) || result >= mlirOperationGetNumOperands(yield))
        return (MlirOperation){NULL};
    return definition(mlirOperationGetOperand(yield, result));
}

static bool is_zero(MlirValue value) {
    MlirOperation op = definition(value);
    if (mlirOperationIsNull(op) || !stream_ir_is(op, "arith.constant"))
        return false;
    MlirAttribute attr = stream_ir_attr(op, "value");
    double f;
    int64_t i;
    return (stream_ir_as_f64(attr, &f) && f == 0) || (stream_ir_as_i64(attr, &i) && i == 0);
}

static bool is_constant(MlirValue value) {
    MlirOperation op = definition(value);
    return !mlirOperationIsNull(op) && stream_ir_is(op, "arith.constant");
}

static bool is_min_or_max(MlirOperation op) {
    const char *type = LOOKUP(element_ops, stream_ir_op_name(op));
    return type && (!strcmp(type, "Max") || !strcmp(type, "Min"));
}

/* select(x > 0, x, 0) */
static bool is_relu_select(MlirOperation op) {
    MlirOperation compare = definition(mlirOperationGetOperand(op, 0));
    return !mlirOperationIsNull(compare) &&
           (stream_ir_is(compare, "arith.cmpf") || stream_ir_is(compare, "arith.cmpi")) &&
           is_zero(mlirOperationGetOperand(compare, 1)) &&
           is_zero(mlirOperationGetOperand(op, 2)) &&
           mlirValueEqual(mlirOperationGetOperand(compare, 0), mlirOperationGetOperand(op, 1));
}

/* 1 / (1 + exp(-x)) */
static bool is_sigmoid(MlirOperation op) {
    MlirOperation sum = definition(mlirOperationGetOperand(op, 1));
    if (mlirOperationIsNull(sum) || !stream_ir_is(sum, "arith.addf") ||
        !is_constant(mlirOperationGetOperand(op, 0)))
        return false;
    for (intptr_t i = 0; i < 2; ++i) {
        MlirOperation e = definition(mlirOperationGetOperand(sum, i));
        if (!mlirOperationIsNull(e) && stream_ir_is(e, "math.exp"))
            return true;
    }
    return false;
}

static const char *clip_or_relu(MlirOperation op, const char *type) {
    MlirOperation inner = definition(mlirOperationGetOperand(op, 0));
    bool against_constant = is_constant(mlirOperationGetOperand(op, 1));
    if (against_constant && !mlirOperationIsNull(inner) && is_min_or_max(inner) &&
        is_constant(mlirOperationGetOperand(inner, 1)))
        return "Clip";
    if (!strcmp(type, "Max") &&
        (is_zero(mlirOperationGetOperand(op, 1)) || is_zero(mlirOperationGetOperand(op, 0))))
        return "Relu";
    return against_constant ? "Clip" : type;
}

const char *stream_classify_element_op(MlirOperation op) {
    const char *type = LOOKUP(element_ops, stream_ir_op_name(op));
    if (!type)
        return "Generic";
    if (!strcmp(type, "Max") || !strcmp(type, "Min"))
        return clip_or_relu(op, type);
    if (!strcmp(type, "Where") && is_relu_select(op))
        return "Relu";
    if (!strcmp(type, "Div") && stream_ir_is(op, "arith.divf") && is_sigmoid(op))
        return "Sigmoid";
    return type;
}

static bool windowed(const stream_layer *layer) {
    for (int32_t i = 0; i < layer->n_operands; ++i)
        if (stream_classify_windowed(layer, &layer->operands[i], STREAM_MAX_RANK))
            return true;
    return false;
}

static const char *reduction_type(MlirOperation last, const stream_layer *layer) {
    const char *type = LOOKUP(element_ops, stream_ir_op_name(last));
    int32_t data = 0;
    for (int32_t i = 0; i < layer->n_operands; ++i)
        data += !layer->operands[i].is_window && !layer->operands[i].is_init;
    bool sum = type && (!strcmp(type, "Add") || !strcmp(type, "Sub"));
    bool max = type && !strcmp(type, "Max");
    bool window = windowed(layer);
    if (sum && data >= 2)
        return window ? "Conv" : "MatMul";
    if (window)
        return sum ? "AveragePool" : max ? "MaxPool" : "Generic";
    if (sum)
        return "ReduceSum";
    if (max)
        return "ReduceMax";
    return type && !strcmp(type, "Min")   ? "ReduceMin"
           : type && !strcmp(type, "Mul") ? "ReduceProd"
                                          : "Generic";
}

const char *stream_classify_operator(MlirOperation op, int32_t result, const stream_layer *layer,
                                     stream_arena *arena) {
    MlirStringRef given;
    if (stream_ir_get_string(op, "stream.operator", &given))
        return stream_ir_strdup(arena, given);
    const char *named = by_op_name(op);
    if (named)
        return named;
    MlirOperation last = yielded_op(op, result);
    if (mlirOperationIsNull(last))
        return "Generic";
    return stream_layer_reduces(layer) ? reduction_type(last, layer)
                                       : stream_classify_element_op(last);
}

static bool order_matters(MlirOperation op, int32_t result) {
    MlirType type = mlirValueGetType(mlirOperationGetResult(op, result));
    MlirOperation last = yielded_op(op, result);
    if (!mlirTypeIsAFloat(mlirShapedTypeGetElementType(type)))
        return false;
    return mlirOperationIsNull(last) || !is_min_or_max(last);
}

bool stream_classify_order_matters(MlirOperation op, const stream_result_list *results) {
    for (int32_t i = 0; i < results->n; ++i)
        if (order_matters(op, results->ids[i]))
            return true;
    return false;
}

/* ---- MACs */

typedef struct {
    int64_t total, products, sums;
} body_count;

static MlirWalkResult count_op(MlirOperation op, void *user) {
    body_count *count = user;
    const char *type = LOOKUP(element_ops, stream_ir_op_name(op));
    MlirStringRef name = stream_ir_op_name(op);
    bool arithmetic = (contains(name, "arith.") || contains(name, "math.")) &&
                      !stream_ir_str_is(name, "arith.constant");
    if (!arithmetic || (type && !strcmp(type, "Cast")) || mlirOperationGetNumResults(op) != 1 ||
        mlirTypeIsAIndex(mlirValueGetType(mlirOperationGetResult(op, 0))))
        return MlirWalkResultAdvance;
    count->total++;
    count->products += type && !strcmp(type, "Mul");
    count->sums += type && (!strcmp(type, "Add") || !strcmp(type, "Sub"));
    return MlirWalkResultAdvance;
}

int64_t stream_classify_macs(MlirOperation op) {
    body_count count = {0};
    mlirOperationWalk(op, count_op, &count, MlirWalkPreOrder);
    int64_t pairs = count.products < count.sums ? count.products : count.sums;
    int64_t macs = count.total - pairs;
    return macs > 0 ? macs : 1;
}
