/* stream.mapping; see mapping.h. */

#include "mapping.h"

#include "ir.h"
#include "loc.h"

#include "stream/import/mapping.h"
#include "stream/support/alloc.h"

#include <stdlib.h>

/* ---- an attribute as the flow form of YAML, which the reader of mapping files takes: each value
 * in a line of its own, so that lines say which value it is */

static void write_string(MlirStringRef s, stream_text *out) {
    stream_text_str(out, "\"");
    for (size_t i = 0; i < s.length; ++i) {
        unsigned char c = (unsigned char)s.data[i];
        if (c == '"' || c == '\\')
            stream_text_print(out, "\\%c", c);
        else if (c < 0x20)
            stream_text_print(out, "\\x%02x", c);
        else
            stream_text_append(out, &s.data[i], 1);
    }
    stream_text_str(out, "\"");
}

static bool write_attribute(MlirAttribute attr, stream_text *out);

static bool write_dictionary(MlirAttribute attr, stream_text *out) {
    stream_text_str(out, "{");
    for (intptr_t i = 0; i < mlirDictionaryAttrGetNumElements(attr); ++i) {
        MlirNamedAttribute entry = mlirDictionaryAttrGetElement(attr, i);
        stream_text_str(out, i ? ",\n" : "\n");
        write_string(mlirIdentifierStr(entry.name), out);
        stream_text_str(out, ": ");
        if (!write_attribute(entry.attribute, out))
            return false;
    }
    stream_text_str(out, "}");
    return true;
}

static bool write_array(MlirAttribute attr, stream_text *out) {
    stream_text_str(out, "[");
    for (intptr_t i = 0; i < mlirArrayAttrGetNumElements(attr); ++i) {
        stream_text_str(out, i ? ",\n" : "\n");
        if (!write_attribute(mlirArrayAttrGetElement(attr, i), out))
            return false;
    }
    stream_text_str(out, "]");
    return true;
}

/* False: an attribute that no mapping file can say. Depth is bounded by what MLIR parses. */
static bool write_attribute(MlirAttribute attr, stream_text *out) {
    MlirStringRef s;
    int64_t integer;
    double real;
    if (mlirAttributeIsADictionary(attr))
        return write_dictionary(attr, out);
    if (mlirAttributeIsAArray(attr))
        return write_array(attr, out);
    if (mlirAttributeIsAUnit(attr))
        stream_text_str(out, "null");
    else if (mlirAttributeIsABool(attr))
        stream_text_str(out, mlirBoolAttrGetValue(attr) ? "true" : "false");
    else if (stream_ir_as_string(attr, &s))
        write_string(s, out);
    else if (stream_ir_as_i64(attr, &integer))
        stream_text_print(out, "%lld", (long long)integer);
    else if (stream_ir_as_f64(attr, &real))
        stream_text_print(out, "%.17g", real);
    else
        return false;
    return true;
}

/* ---- where the values of a mapping stand: the location of its op has their lines and columns, in
 * the order of the attribute, as long as the op was not printed */

static MlirLocation save_places(MlirContext context, const stream_mapping *mapping) {
    MlirLocation first = stream_loc_mlir(mapping->loc, context);
    size_t n = (size_t)mapping->n_places;
    int64_t *pairs = stream_alloc_zeroed(2 * n, sizeof *pairs);
    for (size_t i = 0; i < n; ++i) {
        pairs[2 * i] = mapping->places[i].line;
        pairs[2 * i + 1] = mapping->places[i].column;
    }
    MlirAttribute attr = mlirDenseI64ArrayGet(context, 2 * (intptr_t)n, pairs);
    free(pairs);
    return n ? mlirLocationFusedGet(context, 1, &first, attr) : first;
}

MlirOperation stream_build_mapping(MlirContext context, const stream_mapping *mapping) {
    MlirAttribute contents =
        mlirAttributeParseGet(context, stream_ir_str(mapping->contents ? mapping->contents : "{}"));
    if (mlirAttributeIsNull(contents))
        return (MlirOperation){NULL};
    MlirNamedAttribute attrs[] = {
        stream_ir_named(context, "sym_name", stream_ir_string(context, "mapping")),
        stream_ir_named(context, "contents", contents)};
    stream_ir_op op = {.loc = save_places(context, mapping),
                       .name = "stream.mapping",
                       .attrs = attrs,
                       .n_attrs = 2};
    return stream_ir_build(&op);
}

/* [*out_n], in `arena`: of every value, or of all together. */
static const stream_loc *load_places(MlirOperation op, stream_arena *arena, int32_t *out_n) {
    MlirLocation loc = mlirOperationGetLocation(op), file = loc;
    MlirAttribute pairs = {NULL};
    if (mlirLocationIsAFused(loc) && mlirLocationFusedGetNumLocations(loc) == 1) {
        mlirLocationFusedGetLocations(loc, &file);
        pairs = mlirLocationFusedGetMetadata(loc);
    }
    bool each = !mlirAttributeIsNull(pairs) && mlirAttributeIsADenseI64Array(pairs) &&
                mlirLocationIsAFileLineColRange(file);
    int32_t n = each ? (int32_t)(mlirDenseArrayGetNumElements(pairs) / 2) : 0;
    stream_loc *places = STREAM_NEW(arena, stream_loc, (size_t)(n ? n : 1));
    MlirStringRef path = each ? mlirIdentifierStr(mlirLocationFileLineColRangeGetFilename(file))
                              : (MlirStringRef){0};
    places[0] = stream_loc_of(op);
    for (int32_t i = 0; i < n; ++i)
        places[i] = stream_loc_from(mlirLocationFileLineColGet(
            mlirOperationGetContext(op), path, (unsigned)mlirDenseI64ArrayGetElement(pairs, 2 * i),
            (unsigned)mlirDenseI64ArrayGetElement(pairs, 2 * i + 1)));
    *out_n = n ? n : 1;
    return places;
}

static stream_status read_op(MlirOperation op, stream_arena *arena, const stream_diag *diag,
                             stream_mapping *out) {
    stream_text text = {0};
    int32_t n;
    const stream_loc *places = load_places(op, arena, &n);
    stream_status status = STREAM_INVALID;
    MlirAttribute contents = stream_ir_attr(op, "contents");
    if (mlirAttributeIsNull(contents) || !write_attribute(contents, &text))
        (void)stream_error(
            diag, STREAM_INVALID, stream_loc_of(op),
            "the contents hold something that is no dictionary, list, string, number "
            "or truth value");
    else
        status = stream_mapping_import_placed(text.data, text.length, places, n, arena, diag, out);
    stream_text_free(&text);
    return status;
}

stream_status stream_load_mapping(MlirOperation module, stream_arena *arena,
                                  const stream_diag *diag, stream_mapping *out, bool *out_found) {
    MlirOperation op = mlirBlockGetFirstOperation(stream_ir_body(module)), found = {NULL};
    for (; !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op)) {
        if (!stream_ir_is(op, "stream.mapping"))
            continue;
        if (!mlirOperationIsNull(found))
            return stream_error(diag, STREAM_INVALID, stream_loc_of(op),
                                "the module has two mappings; one of them decides");
        found = op;
    }
    *out_found = !mlirOperationIsNull(found);
    if (!*out_found)
        return STREAM_OK;
    return read_op(found, arena, diag, out);
}
