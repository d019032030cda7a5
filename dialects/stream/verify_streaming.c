/* Verifier of `streaming` of stream.ct: what it streams while it runs. */
#include "report.h"

#include "mlir-c/BuiltinAttributes.h"

static const char *const keys[] = {"address", "read_over", "read_rate", "write_over", "write_rate"};

static MlirAttribute entry(MlirAttribute dictionary, const char *name) {
    return mlirDictionaryAttrGetElementByName(dictionary, mlirStringRefCreateFromCString(name));
}

/* An integer of 64 bits, at least `least`, if it is there. */
static bool is_amount(MlirAttribute value, int64_t least) {
    return mlirAttributeIsNull(value) ||
           (mlirAttributeIsAInteger(value) && mlirIntegerAttrGetValueInt(value) >= least);
}

static bool is_links(MlirAttribute value) {
    if (mlirAttributeIsNull(value))
        return true;
    if (!mlirAttributeIsAArray(value))
        return false;
    for (intptr_t i = 0; i < mlirArrayAttrGetNumElements(value); i++)
        if (!mlirAttributeIsAFlatSymbolRef(mlirArrayAttrGetElement(value, i)))
            return false;
    return true;
}

static bool is_flow(MlirAttribute stream, const char *over, const char *rate) {
    MlirAttribute links = entry(stream, over), bits = entry(stream, rate);
    return mlirAttributeIsNull(links) == mlirAttributeIsNull(bits) && is_links(links) &&
           is_amount(bits, 1);
}

static bool knows_keys(MlirAttribute stream) {
    for (intptr_t i = 0; i < mlirDictionaryAttrGetNumElements(stream); i++) {
        MlirStringRef name = mlirIdentifierStr(mlirDictionaryAttrGetElement(stream, i).name);
        bool known = false;
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            known |= stream_same(name, keys[k]);
        if (!known)
            return false;
    }
    return true;
}

static bool is_stream(MlirAttribute stream) {
    return mlirAttributeIsADictionary(stream) && knows_keys(stream) &&
           is_amount(entry(stream, "address"), 0) && is_flow(stream, "read_over", "read_rate") &&
           is_flow(stream, "write_over", "write_rate");
}

bool stream_verify_streaming(MlirOperation op, bool scheduled) {
    MlirAttribute streaming = stream_get(op, "streaming");
    if (mlirAttributeIsNull(streaming))
        return true;
    if (!scheduled)
        return stream_refuse(op, "streams, but has no time");
    if (mlirDictionaryAttrGetNumElements(streaming) == 0)
        return stream_refuse(op, "streams nothing: leave 'streaming' out");
    for (intptr_t i = 0; i < mlirDictionaryAttrGetNumElements(streaming); i++) {
        MlirNamedAttribute operand = mlirDictionaryAttrGetElement(streaming, i);
        MlirStringRef name = mlirIdentifierStr(operand.name);
        if (stream_operand_word(name) < 0)
            return stream_refuse(op, "streams '%.*s', which is none of 'I1', 'I2' and 'O'",
                                 STREAM_SV(name));
        if (!is_stream(operand.attribute))
            return stream_refuse(op,
                                 "streaming of %.*s must be {address, read_over, read_rate, "
                                 "write_over, write_rate}: an address that is not negative, links "
                                 "and, with them, a rate of at least 1",
                                 STREAM_SV(name));
    }
    return true;
}

bool stream_each_streamed_link(MlirOperation op,
                               bool (*look)(MlirOperation op, MlirAttribute over, const void *user),
                               const void *user) {
    MlirAttribute streaming = stream_get(op, "streaming");
    intptr_t n = mlirAttributeIsNull(streaming) ? 0 : mlirDictionaryAttrGetNumElements(streaming);
    for (intptr_t i = 0; i < n; i++) {
        MlirAttribute stream = mlirDictionaryAttrGetElement(streaming, i).attribute;
        if (!look(op, entry(stream, "read_over"), user) ||
            !look(op, entry(stream, "write_over"), user))
            return false;
    }
    return true;
}
