/* stream.mapping; see mapping.h. */

#include "mapping.h"

#include "ir.h"
#include "loc.h"

#include "stream/import/mapping.h"

MlirOperation stream_build_mapping(MlirContext context, const stream_mapping *mapping) {
    MlirAttribute contents =
        mlirAttributeParseGet(context, stream_ir_str(mapping->contents ? mapping->contents : "{}"));
    if (mlirAttributeIsNull(contents))
        return (MlirOperation){NULL};
    MlirNamedAttribute attrs[] = {
        stream_ir_named(context, "sym_name", stream_ir_string(context, "mapping")),
        stream_ir_named(context, "contents", contents)};
    stream_ir_op op = {.loc = stream_loc_mlir(mapping->loc, context),
                       .name = "stream.mapping",
                       .attrs = attrs,
                       .n_attrs = 2};
    return stream_ir_build(&op);
}

/* ---- an attribute as the flow form of YAML, which the reader of mapping files takes */

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

/* False: an attribute that no mapping file can say. Depth is bounded by what MLIR parses. */
static bool write_attribute(MlirAttribute attr, stream_text *out) {
    MlirStringRef s;
    int64_t integer;
    double real;
    if (mlirAttributeIsADictionary(attr)) {
        stream_text_str(out, "{");
        for (intptr_t i = 0; i < mlirDictionaryAttrGetNumElements(attr); ++i) {
            MlirNamedAttribute entry = mlirDictionaryAttrGetElement(attr, i);
            stream_text_str(out, i ? ", " : "");
            write_string(mlirIdentifierStr(entry.name), out);
            stream_text_str(out, ": ");
            if (!write_attribute(entry.attribute, out))
                return false;
        }
        stream_text_str(out, "}");
        return true;
    }
    if (mlirAttributeIsAArray(attr)) {
        stream_text_str(out, "[");
        for (intptr_t i = 0; i < mlirArrayAttrGetNumElements(attr); ++i) {
            stream_text_str(out, i ? ", " : "");
            if (!write_attribute(mlirArrayAttrGetElement(attr, i), out))
                return false;
        }
        stream_text_str(out, "]");
        return true;
    }
    if (mlirAttributeIsABool(attr))
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

/* Messages of the reader are about the op: its text has no lines of its own. */
typedef struct {
    const stream_diag *diag;
    stream_loc loc;
} relay;

static void emit_at_op(void *user, stream_severity severity, stream_loc loc, const char *text) {
    const relay *r = user;
    (void)loc;
    if (severity == STREAM_ERROR)
        (void)stream_error(r->diag, STREAM_INVALID, r->loc, "%s", text);
    else
        stream_warn(r->diag, r->loc, "%s", text);
}

static stream_status read_op(MlirOperation op, stream_arena *arena, const stream_diag *diag,
                             stream_mapping *out) {
    stream_text text = {0};
    relay r = {diag, stream_loc_of(op)};
    stream_diag sink = {emit_at_op, &r};
    stream_status status = STREAM_INVALID;
    MlirAttribute contents = stream_ir_attr(op, "contents");
    if (mlirAttributeIsNull(contents) || !write_attribute(contents, &text))
        (void)stream_error(
            diag, STREAM_INVALID, r.loc,
            "the contents hold something that is no dictionary, list, string, number "
            "or truth value");
    else
        status = stream_mapping_import("stream.mapping", text.data, text.length, arena, &sink, out);
    stream_text_free(&text);
    return status;
}

/* Rules are at the op, too. */
static void locate(stream_mapping *mapping, stream_loc loc, stream_arena *arena) {
    stream_mapping_rule *rules = STREAM_NEW(arena, stream_mapping_rule, (size_t)mapping->n_rules);
    stream_mapping_group *groups =
        STREAM_NEW(arena, stream_mapping_group, (size_t)mapping->n_groups);
    for (int32_t i = 0; i < mapping->n_rules; ++i) {
        rules[i] = mapping->rules[i];
        rules[i].loc = loc;
    }
    for (int32_t i = 0; i < mapping->n_groups; ++i) {
        groups[i] = mapping->groups[i];
        groups[i].loc = loc;
    }
    mapping->rules = rules;
    mapping->groups = groups;
    mapping->loc = loc;
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
    STREAM_TRY(read_op(found, arena, diag, out));
    locate(out, stream_loc_of(found), arena);
    return STREAM_OK;
}
