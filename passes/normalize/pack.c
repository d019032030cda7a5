/* linalg.pack and linalg.unpack, static, as what they are made of: pad, split each tiled dimension,
 * transpose; and back. See normalize.h. */

#include "normalize.h"

#include "../convert/ir.h"

#include "stream/support/integer.h"

typedef struct {
    int32_t rank, n_split; /* of the unpacked tensor; of the split one */
    MlirType element;
    int64_t shape[STREAM_MAX_RANK];  /* of the unpacked tensor */
    int64_t padded[STREAM_MAX_RANK]; /* the same, tiled dimensions rounded up */
    int64_t tile[STREAM_MAX_RANK];   /* of dimension d; 0: not tiled */
    int64_t split[STREAM_MAX_RANK];  /* shape with every tiled dimension as [tiles, tile] */
    int32_t first[STREAM_MAX_RANK];  /* position of dimension d in it */
    int64_t packed[STREAM_MAX_RANK]; /* position in it of dimension p of the packed tensor */
} packing;

static void split_dims(packing *p) {
    for (int32_t d = 0; d < p->rank; ++d) {
        bool tiled = p->tile[d] > 0;
        p->padded[d] = tiled ? stream_round_up(p->shape[d], p->tile[d]) : p->shape[d];
        p->first[d] = p->n_split;
        p->split[p->n_split++] = tiled ? p->padded[d] / p->tile[d] : p->shape[d];
        if (tiled)
            p->split[p->n_split++] = p->tile[d];
    }
}

/* False: dynamic, or of too high a rank. */
static bool read_packing(MlirOperation op, MlirType unpacked, MlirType packed, packing *p) {
    int64_t tiles[STREAM_MAX_RANK], dims[STREAM_MAX_RANK], outer[STREAM_MAX_RANK];
    int64_t packed_shape[STREAM_MAX_RANK];
    int32_t packed_rank;
    *p = (packing){.element = mlirShapedTypeGetElementType(unpacked)};
    if (!stream_ir_shape(unpacked, &p->rank, p->shape) ||
        !stream_ir_shape(packed, &packed_rank, packed_shape))
        return false;
    int32_t n =
        (int32_t)stream_ir_as_i64s(stream_ir_attr(op, "inner_dims_pos"), dims, STREAM_MAX_RANK);
    stream_ir_as_i64s(stream_ir_attr(op, "static_inner_tiles"), tiles, STREAM_MAX_RANK);
    if (n < 1)
        return false;
    for (int32_t i = 0; i < n; ++i) {
        if (tiles[i] <= 0)
            return false;
        p->tile[dims[i]] = tiles[i];
    }
    bool given =
        stream_ir_as_i64s(stream_ir_attr(op, "outer_dims_perm"), outer, STREAM_MAX_RANK) == p->rank;
    split_dims(p);
    for (int32_t d = 0; d < p->rank; ++d)
        p->packed[d] = p->first[given ? outer[d] : d];
    for (int32_t i = 0; i < n; ++i)
        p->packed[p->rank + i] = p->first[dims[i]] + 1;
    return true;
}

/* ---- text */

static void type(stream_text *out, const char *alias, const packing *p, int32_t rank,
                 const int64_t *shape) {
    stream_text_print(out, "!%s = tensor<", alias);
    for (int32_t d = 0; d < rank; ++d)
        stream_text_print(out, "%lldx", (long long)shape[d]);
    stream_ir_print_type(p->element, out);
    stream_text_str(out, ">\n");
}

static void list(stream_text *out, int32_t n, const int64_t *values) {
    stream_text_str(out, "[");
    for (int32_t i = 0; i < n; ++i)
        stream_text_print(out, "%s%lld", i ? ", " : "", (long long)values[i]);
    stream_text_str(out, "]");
}

/* [[0, 1], [2]] */
static void groups(stream_text *out, const packing *p) {
    stream_text_str(out, "[");
    for (int32_t d = 0; d < p->rank; ++d) {
        stream_text_print(out, "%s[%d", d ? ", " : "", p->first[d]);
        if (p->tile[d])
            stream_text_print(out, ", %d", p->first[d] + 1);
        stream_text_str(out, "]");
    }
    stream_text_str(out, "]");
}

/* !unpacked, !padded, !split, !packed, !e */
static void types(stream_text *out, const packing *p) {
    int64_t shape[STREAM_MAX_RANK];
    for (int32_t d = 0; d < p->n_split; ++d)
        shape[d] = p->split[p->packed[d]];
    type(out, "unpacked", p, p->rank, p->shape);
    type(out, "padded", p, p->rank, p->padded);
    type(out, "split", p, p->n_split, p->split);
    type(out, "packed", p, p->n_split, shape);
    stream_text_str(out, "!e = ");
    stream_ir_print_type(p->element, out);
    stream_text_str(out, "\n");
}

static bool is_padded(const packing *p) {
    for (int32_t d = 0; d < p->rank; ++d)
        if (p->padded[d] != p->shape[d])
            return true;
    return false;
}

static void write_pad(stream_text *out, const packing *p) {
    int64_t low[STREAM_MAX_RANK] = {0}, high[STREAM_MAX_RANK];
    for (int32_t d = 0; d < p->rank; ++d)
        high[d] = p->padded[d] - p->shape[d];
    stream_text_str(out, "  %p = tensor.pad %x low");
    list(out, p->rank, low);
    stream_text_str(out, " high");
    list(out, p->rank, high);
    stream_text_str(out, " {\n  ^bb0(");
    for (int32_t d = 0; d < p->rank; ++d)
        stream_text_print(out, "%s%%i%d: index", d ? ", " : "", d);
    stream_text_str(out, "):\n    tensor.yield %v : !e\n  } : !unpacked to !padded\n");
}

void stream_normalize_pack(MlirOperation op) {
    packing p;
    stream_text text = {0};
    MlirValue args[2] = {mlirOperationGetOperand(op, 0)};
    bool has_value = mlirOperationGetNumOperands(op) > 2;
    if (mlirOperationGetNumResults(op) != 1 ||
        !read_packing(op, mlirValueGetType(args[0]),
                      mlirValueGetType(mlirOperationGetResult(op, 0)), &p) ||
        (is_padded(&p) && !has_value))
        return;
    if (has_value)
        args[1] = mlirOperationGetOperand(op, 2);
    types(&text, &p);
    stream_text_print(&text, "func.func private @pack(%%x: !unpacked%s) -> !packed {\n",
                      has_value ? ", %v: !e" : "");
    if (is_padded(&p))
        write_pad(&text, &p);
    stream_text_print(&text, "  %%s = tensor.expand_shape %%%s ", is_padded(&p) ? "p" : "x");
    groups(&text, &p);
    stream_text_str(&text, " output_shape ");
    list(&text, p.n_split, p.split);
    stream_text_str(&text, " : !padded into !split\n  %e = tensor.empty() : !packed\n"
                           "  %t = linalg.transpose ins(%s : !split) outs(%e : !packed) "
                           "permutation = ");
    list(&text, p.n_split, p.packed);
    stream_text_str(&text, "\n  return %t : !packed\n}\n");
    stream_normalize_splice(op, stream_normalize_parse(op, &text), args, 1 + has_value);
}

void stream_normalize_unpack(MlirOperation op) {
    packing p;
    stream_text text = {0};
    int64_t back[STREAM_MAX_RANK], zeros[STREAM_MAX_RANK] = {0}, ones[STREAM_MAX_RANK];
    MlirValue arg = mlirOperationGetOperand(op, 0);
    if (mlirOperationGetNumResults(op) != 1 ||
        !read_packing(op, mlirValueGetType(mlirOperationGetResult(op, 0)), mlirValueGetType(arg),
                      &p))
        return;
    for (int32_t d = 0; d < p.n_split; ++d)
        back[p.packed[d]] = d;
    for (int32_t d = 0; d < p.rank; ++d)
        ones[d] = 1;
    types(&text, &p);
    stream_text_str(&text, "func.func private @unpack(%x: !packed) -> !unpacked {\n"
                           "  %e = tensor.empty() : !split\n"
                           "  %t = linalg.transpose ins(%x : !packed) outs(%e : !split) "
                           "permutation = ");
    list(&text, p.n_split, back);
    stream_text_str(&text, "\n  %c = tensor.collapse_shape %t ");
    groups(&text, &p);
    stream_text_str(&text, " : !split into !padded\n  %s = tensor.extract_slice %c");
    list(&text, p.rank, zeros);
    list(&text, p.rank, p.shape);
    list(&text, p.rank, ones);
    stream_text_str(&text, " : !padded to !unpacked\n  return %s : !unpacked\n}\n");
    stream_normalize_splice(op, stream_normalize_parse(op, &text), &arg, 1);
}
