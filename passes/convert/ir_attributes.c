/* Attributes: reading and building them; see ir.h. */

#include "ir.h"

#include "stream/support/vec.h"

#include <string.h>

/* ---- reading attributes */

MlirAttribute stream_ir_attr(MlirOperation op, const char *name) {
    return mlirOperationGetAttributeByName(op, stream_ir_str(name));
}

bool stream_ir_has(MlirOperation op, const char *name) {
    return !mlirAttributeIsNull(stream_ir_attr(op, name));
}

void stream_ir_set(MlirOperation op, const char *name, MlirAttribute value) {
    mlirOperationSetAttributeByName(op, stream_ir_str(name), value);
}

bool stream_ir_remove(MlirOperation op, const char *name) {
    return mlirOperationRemoveAttributeByName(op, stream_ir_str(name));
}

bool stream_ir_get_i64(MlirOperation op, const char *name, int64_t *out) {
    return stream_ir_as_i64(stream_ir_attr(op, name), out);
}

bool stream_ir_constant_i64(MlirValue value, int64_t *out) {
    if (!mlirValueIsAOpResult(value))
        return false;
    MlirOperation op = mlirOpResultGetOwner(value);
    return (stream_ir_is(op, "arith.constant") || stream_ir_is(op, "index.constant")) &&
           stream_ir_get_i64(op, "value", out);
}

bool stream_ir_get_f64(MlirOperation op, const char *name, double *out) {
    return stream_ir_as_f64(stream_ir_attr(op, name), out);
}

bool stream_ir_get_string(MlirOperation op, const char *name, MlirStringRef *out) {
    return stream_ir_as_string(stream_ir_attr(op, name), out);
}

bool stream_ir_as_i64(MlirAttribute attr, int64_t *out) {
    if (mlirAttributeIsNull(attr) || !mlirAttributeIsAInteger(attr))
        return false;
    MlirType type = mlirAttributeGetType(attr);
    if (mlirTypeIsAInteger(type) && mlirIntegerTypeGetWidth(type) > 64)
        return false;
    if (mlirTypeIsAInteger(type) && mlirIntegerTypeIsUnsigned(type))
        *out = (int64_t)mlirIntegerAttrGetValueUInt(attr);
    else if (mlirTypeIsAInteger(type) && mlirIntegerTypeIsSigned(type))
        *out = mlirIntegerAttrGetValueSInt(attr);
    else
        *out = mlirIntegerAttrGetValueInt(attr);
    return true;
}

bool stream_ir_as_f64(MlirAttribute attr, double *out) {
    if (mlirAttributeIsNull(attr) || !mlirAttributeIsAFloat(attr))
        return false;
    *out = mlirFloatAttrGetValueDouble(attr);
    return true;
}

bool stream_ir_as_string(MlirAttribute attr, MlirStringRef *out) {
    if (mlirAttributeIsNull(attr) || !mlirAttributeIsAString(attr))
        return false;
    *out = mlirStringAttrGetValue(attr);
    return true;
}

bool stream_ir_as_symbol(MlirAttribute attr, MlirStringRef *out) {
    if (mlirAttributeIsNull(attr) || !mlirAttributeIsAFlatSymbolRef(attr))
        return false;
    *out = mlirFlatSymbolRefAttrGetValue(attr);
    return true;
}

bool stream_ir_as_nested_symbol(MlirAttribute attr, MlirStringRef *root, MlirStringRef *leaf) {
    if (mlirAttributeIsNull(attr) || !mlirAttributeIsASymbolRef(attr))
        return false;
    intptr_t n = mlirSymbolRefAttrGetNumNestedReferences(attr);
    if (n > 1)
        return false;
    *root = mlirSymbolRefAttrGetRootReference(attr);
    *leaf = n ? mlirSymbolRefAttrGetLeafReference(attr) : mlirStringRefCreate("", 0);
    return true;
}

static intptr_t array_i64s(MlirAttribute attr, int64_t *out, intptr_t max) {
    intptr_t n = mlirArrayAttrGetNumElements(attr);
    for (intptr_t i = 0; i < n; i++) {
        int64_t value;
        if (!stream_ir_as_i64(mlirArrayAttrGetElement(attr, i), &value))
            return -1;
        if (i < max)
            out[i] = value;
    }
    return n;
}

intptr_t stream_ir_as_i64s(MlirAttribute attr, int64_t *out, intptr_t max) {
    if (mlirAttributeIsNull(attr))
        return -1;
    if (mlirAttributeIsAArray(attr))
        return array_i64s(attr, out, max);
    if (!mlirAttributeIsADenseI64Array(attr))
        return -1;
    intptr_t n = mlirDenseArrayGetNumElements(attr);
    for (intptr_t i = 0; i < n && i < max; i++)
        out[i] = mlirDenseI64ArrayGetElement(attr, i);
    return n;
}

MlirAttribute stream_ir_entry(MlirAttribute dictionary, const char *name) {
    if (mlirAttributeIsNull(dictionary) || !mlirAttributeIsADictionary(dictionary))
        return mlirAttributeGetNull();
    return mlirDictionaryAttrGetElementByName(dictionary, stream_ir_str(name));
}

intptr_t stream_ir_length(MlirAttribute array) {
    bool is_array = !mlirAttributeIsNull(array) && mlirAttributeIsAArray(array);
    return is_array ? mlirArrayAttrGetNumElements(array) : 0;
}

/* ---- building attributes */

MlirAttribute stream_ir_i64(MlirContext context, int64_t value) {
    return mlirIntegerAttrGet(mlirIntegerTypeGet(context, 64), value);
}

MlirAttribute stream_ir_f64(MlirContext context, double value) {
    return mlirFloatAttrDoubleGet(context, mlirF64TypeGet(context), value);
}

MlirAttribute stream_ir_string(MlirContext context, const char *text) {
    return mlirStringAttrGet(context, stream_ir_str(text));
}

MlirAttribute stream_ir_unit(MlirContext context) {
    return mlirUnitAttrGet(context);
}

MlirAttribute stream_ir_symbol(MlirContext context, const char *name) {
    return mlirFlatSymbolRefAttrGet(context, stream_ir_str(name));
}

MlirAttribute stream_ir_nested_symbol(MlirContext context, const char *root, const char *leaf) {
    MlirAttribute nested = stream_ir_symbol(context, leaf);
    return mlirSymbolRefAttrGet(context, stream_ir_str(root), 1, &nested);
}

MlirAttribute stream_ir_i64s(MlirContext context, intptr_t n, const int64_t *values) {
    return mlirDenseI64ArrayGet(context, n, values);
}

MlirAttribute stream_ir_array(MlirContext context, intptr_t n, const MlirAttribute *elements) {
    return mlirArrayAttrGet(context, n, elements);
}

MlirAttribute stream_ir_strings(MlirContext context, intptr_t n, const char *const *texts) {
    stream_vec elements = STREAM_VEC(MlirAttribute);
    for (intptr_t i = 0; i < n; i++)
        *(MlirAttribute *)stream_vec_push(&elements) = stream_ir_string(context, texts[i]);
    MlirAttribute array = mlirArrayAttrGet(context, n, elements.data);
    stream_vec_free(&elements);
    return array;
}

MlirNamedAttribute stream_ir_named(MlirContext context, const char *name, MlirAttribute value) {
    return mlirNamedAttributeGet(mlirIdentifierGet(context, stream_ir_str(name)), value);
}

MlirAttribute stream_ir_dictionary(MlirContext context, intptr_t n,
                                   const MlirNamedAttribute *entries) {
    return mlirDictionaryAttrGet(context, n, entries);
}
