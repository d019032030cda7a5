#include "report.h"

#include "stream/support/vec.h"

#include "mlir-c/BuiltinAttributes.h"
#include "mlir-c/Diagnostics.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

bool stream_refuse(MlirOperation op, const char *format, ...) {
    char text[600];
    MlirStringRef name = mlirIdentifierStr(mlirOperationGetName(op));
    int n = snprintf(text, sizeof text, "'%.*s' op ", STREAM_SV(name));
    if (n < 0 || (size_t)n >= sizeof text)
        n = 0;
    va_list args;
    va_start(args, format);
    vsnprintf(text + n, sizeof text - (size_t)n, format, args);
    va_end(args);
    mlirEmitError(mlirOperationGetLocation(op), text);
    return false;
}

bool stream_refuse_attr(stream_message *out, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(out->text, sizeof out->text, format, args);
    va_end(args);
    return false;
}

MlirAttribute stream_get(MlirOperation op, const char *name) {
    return mlirOperationGetAttributeByName(op, mlirStringRefCreateFromCString(name));
}

bool stream_present(MlirOperation op, const char *name) {
    return !mlirAttributeIsNull(stream_get(op, name));
}

int64_t stream_int(MlirOperation op, const char *name) {
    MlirAttribute attr = stream_get(op, name);
    return mlirAttributeIsNull(attr) ? 0 : mlirIntegerAttrGetValueInt(attr);
}

MlirStringRef stream_string(MlirOperation op, const char *name) {
    MlirAttribute attr = stream_get(op, name);
    if (!mlirAttributeIsNull(attr) && mlirAttributeIsAString(attr))
        return mlirStringAttrGetValue(attr);
    if (!mlirAttributeIsNull(attr) && mlirAttributeIsAFlatSymbolRef(attr))
        return mlirFlatSymbolRefAttrGetValue(attr);
    return mlirStringRefCreate("", 0);
}

bool stream_same(MlirStringRef s, const char *text) {
    return mlirStringRefEqual(s, mlirStringRefCreateFromCString(text));
}

bool stream_is(MlirOperation op, const char *name) {
    return stream_same(mlirIdentifierStr(mlirOperationGetName(op)), name);
}

intptr_t stream_n_ints(MlirAttribute attr) {
    return mlirAttributeIsNull(attr) ? 0 : mlirDenseArrayGetNumElements(attr);
}

intptr_t stream_n_elements(MlirAttribute attr) {
    return mlirAttributeIsNull(attr) ? 0 : mlirArrayAttrGetNumElements(attr);
}

/* Length-limited text of a word or reference, for messages. */
static MlirStringRef word(MlirAttribute attr) {
    if (mlirAttributeIsAString(attr))
        return mlirStringAttrGetValue(attr);
    return mlirSymbolRefAttrGetLeafReference(attr);
}

typedef struct {
    uintptr_t key;
    intptr_t index;
} keyed;

static int by_key(const void *left, const void *right) {
    const keyed *a = left, *b = right;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

intptr_t stream_first_repeat(const void *const *keys, intptr_t n) {
    stream_vec sorted = STREAM_VEC(keyed);
    for (intptr_t i = 0; i < n; i++)
        *(keyed *)stream_vec_push(&sorted) = (keyed){(uintptr_t)keys[i], i};
    intptr_t first = n;
    if (n > 1)
        qsort(sorted.data, (size_t)n, sizeof(keyed), by_key);
    for (intptr_t i = 1; i < n; i++) {
        keyed at = STREAM_AT(keyed, sorted, i);
        if (STREAM_AT(keyed, sorted, i - 1).key == at.key && at.index < first)
            first = at.index;
    }
    stream_vec_free(&sorted);
    return first == n ? -1 : first;
}

bool stream_verify_unique(MlirOperation op, MlirAttribute array, const char *what) {
    stream_vec keys = STREAM_VEC(const void *);
    intptr_t n = stream_n_elements(array);
    for (intptr_t i = 0; i < n; i++)
        *(const void **)stream_vec_push(&keys) = mlirArrayAttrGetElement(array, i).ptr;
    intptr_t repeat = stream_first_repeat(keys.data, n);
    stream_vec_free(&keys);
    if (repeat < 0)
        return true;
    MlirStringRef name = word(mlirArrayAttrGetElement(array, repeat));
    return stream_refuse(op, "lists %s '%.*s' twice", what, STREAM_SV(name));
}

bool stream_verify_amount(MlirOperation op, const char *name) {
    MlirAttribute attr = stream_get(op, name);
    if (mlirAttributeIsNull(attr))
        return true;
    double value = mlirFloatAttrGetValueDouble(attr);
    return (isfinite(value) && value >= 0) ||
           stream_refuse(op, "%s is %g, must be finite and not negative", name, value);
}

bool stream_verify_least(MlirOperation op, const char *name, int64_t least) {
    if (!stream_present(op, name))
        return true;
    int64_t value = stream_int(op, name);
    return value >= least ||
           stream_refuse(op, "%s is %" PRId64 ", must be at least %" PRId64, name, value, least);
}
