/* Scalar ops in the body of the open linalg.generic; see onnx_import.h. */

#include "onnx_import.h"

#include <stdio.h>
#include <string.h>

static onnx_scalar fresh(onnx_ctx *c, onnx_type type) {
    return (onnx_scalar){c->generic.n_scalars++, type};
}

static onnx_scalar literal(onnx_ctx *c, onnx_type type, const uint8_t *at) {
    onnx_scalar s = fresh(c, type);
    stream_text_print(&c->generic.body, "      %%s%d = arith.constant ", s.id);
    stream_onnx_print_literal(&c->generic.body, type, at);
    if (type != ONNX_BOOL)
        stream_text_print(&c->generic.body, " : %s", stream_onnx_mlir(type));
    stream_text_str(&c->generic.body, "\n");
    return s;
}

onnx_scalar stream_onnx_s_number(onnx_ctx *c, onnx_type type, double value) {
    uint8_t bytes[8];
    stream_onnx_store(type, bytes, value);
    return literal(c, type, bytes);
}

onnx_scalar stream_onnx_s_constant(onnx_ctx *c, const onnx_value *v) {
    return literal(c, v->type, v->blob->data);
}

onnx_scalar stream_onnx_s_op1(onnx_ctx *c, const char *op, onnx_scalar a) {
    onnx_scalar s = fresh(c, a.type);
    stream_text_print(&c->generic.body, "      %%s%d = %s %%s%d : %s\n", s.id, op, a.id,
                      stream_onnx_mlir(a.type));
    return s;
}

onnx_scalar stream_onnx_s_op2(onnx_ctx *c, const char *op, onnx_scalar a, onnx_scalar b) {
    onnx_scalar s = fresh(c, a.type);
    stream_text_print(&c->generic.body, "      %%s%d = %s %%s%d, %%s%d : %s\n", s.id, op, a.id,
                      b.id, stream_onnx_mlir(a.type));
    return s;
}

/* {operator, float, signed, unsigned} */
static const struct {
    char op;
    const char *floating, *integer, *natural;
} arithmetic[] = {
    {'+', "arith.addf", "arith.addi", "arith.addi"},
    {'-', "arith.subf", "arith.subi", "arith.subi"},
    {'*', "arith.mulf", "arith.muli", "arith.muli"},
    {'/', "arith.divf", "arith.divsi", "arith.divui"},
    {'%', "arith.remf", "arith.remsi", "arith.remui"},
    {'<', "arith.minimumf", "arith.minsi", "arith.minui"},
    {'>', "arith.maximumf", "arith.maxsi", "arith.maxui"},
};

onnx_scalar stream_onnx_s_arith(onnx_ctx *c, char op, onnx_scalar a, onnx_scalar b) {
    size_t i = 0;
    while (arithmetic[i].op != op)
        ++i;
    const char *name = stream_onnx_is_float(a.type) ? arithmetic[i].floating
                       : stream_onnx_is_unsigned(a.type) || a.type == ONNX_BOOL
                           ? arithmetic[i].natural
                           : arithmetic[i].integer;
    return stream_onnx_s_op2(c, name, a, b);
}

onnx_scalar stream_onnx_s_compare(onnx_ctx *c, const char *predicate, onnx_scalar a,
                                  onnx_scalar b) {
    bool floating = stream_onnx_is_float(a.type), equality = strchr("en", predicate[0]) != NULL;
    equality = !strcmp(predicate, "eq") || !strcmp(predicate, "ne");
    bool natural = stream_onnx_is_unsigned(a.type) || a.type == ONNX_BOOL;
    const char *kind = floating   ? (!strcmp(predicate, "ne") ? "u" : "o")
                       : equality ? ""
                       : natural  ? "u"
                                  : "s";
    onnx_scalar s = fresh(c, ONNX_BOOL);
    stream_text_print(&c->generic.body, "      %%s%d = arith.cmp%c %s%s, %%s%d, %%s%d : %s\n", s.id,
                      floating ? 'f' : 'i', kind, predicate, a.id, b.id, stream_onnx_mlir(a.type));
    return s;
}

onnx_scalar stream_onnx_s_select(onnx_ctx *c, onnx_scalar condition, onnx_scalar a, onnx_scalar b) {
    onnx_scalar s = fresh(c, a.type);
    stream_text_print(&c->generic.body, "      %%s%d = arith.select %%s%d, %%s%d, %%s%d : %s\n",
                      s.id, condition.id, a.id, b.id, stream_onnx_mlir(a.type));
    return s;
}

static onnx_scalar convert(onnx_ctx *c, const char *op, onnx_scalar a, onnx_type type) {
    onnx_scalar s = fresh(c, type);
    stream_text_print(&c->generic.body, "      %%s%d = %s %%s%d : %s to %s\n", s.id, op, a.id,
                      stream_onnx_mlir(a.type), stream_onnx_mlir(type));
    return s;
}

static onnx_scalar float_to_float(onnx_ctx *c, onnx_scalar a, onnx_type type) {
    size_t from = stream_onnx_bytes(a.type), to = stream_onnx_bytes(type);
    if (from == 2 && to == 2)
        return convert(c, "arith.truncf", convert(c, "arith.extf", a, ONNX_FLOAT), type);
    return convert(c, from < to ? "arith.extf" : "arith.truncf", a, type);
}

static onnx_scalar int_to_int(onnx_ctx *c, onnx_scalar a, onnx_type type) {
    size_t from = a.type == ONNX_BOOL ? 0 : stream_onnx_bytes(a.type), to = stream_onnx_bytes(type);
    if (from == to)
        return (onnx_scalar){a.id, type};
    if (from > to)
        return convert(c, "arith.trunci", a, type);
    bool natural = stream_onnx_is_unsigned(a.type) || a.type == ONNX_BOOL;
    return convert(c, natural ? "arith.extui" : "arith.extsi", a, type);
}

onnx_scalar stream_onnx_s_cast(onnx_ctx *c, onnx_scalar a, onnx_type type) {
    bool from = stream_onnx_is_float(a.type), to = stream_onnx_is_float(type);
    bool natural = stream_onnx_is_unsigned(a.type) || a.type == ONNX_BOOL;
    if (a.type == type)
        return a;
    if (type == ONNX_BOOL)
        return stream_onnx_s_compare(c, "ne", a, stream_onnx_s_number(c, a.type, 0));
    if (from && to)
        return float_to_float(c, a, type);
    if (from)
        return convert(c, stream_onnx_is_unsigned(type) ? "arith.fptoui" : "arith.fptosi", a, type);
    if (to)
        return convert(c, natural ? "arith.uitofp" : "arith.sitofp", a, type);
    return int_to_int(c, a, type);
}

/* An index scalar has the type INT64 in our books and `index` in the text. */
onnx_scalar stream_onnx_s_index(onnx_ctx *c, int32_t loop, onnx_type type) {
    onnx_scalar s = fresh(c, ONNX_INT64), out = fresh(c, type);
    stream_text_print(&c->generic.body, "      %%s%d = linalg.index %d : index\n", s.id, loop);
    stream_text_print(&c->generic.body, "      %%s%d = arith.index_cast %%s%d : index to %s\n",
                      out.id, s.id, stream_onnx_mlir(type));
    return out;
}

onnx_scalar stream_onnx_s_extract(onnx_ctx *c, onnx_value *from, const char *indices) {
    const char *ssa = stream_onnx_ssa(c, from);
    onnx_scalar s = fresh(c, from->type);
    stream_text_print(&c->generic.body, "      %%s%d = tensor.extract %s[%s] : ", s.id, ssa,
                      indices);
    stream_onnx_print_type(&c->generic.body, from);
    stream_text_str(&c->generic.body, "\n");
    return s;
}
