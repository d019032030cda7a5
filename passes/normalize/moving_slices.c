/* Slices at places that data decides; see normalize.h.
 *
 *     %y = tensor.extract_slice %x[%i, 0] [4, 8] [1, 1]    element (a, b) is x[i + a, b]
 *     %y = tensor.insert_slice %s into %x[%i, 0] [4, 8] [1, 1]
 *                                 element (a, b) is s[a - i, b] where 0 <= a - i < 4, else x[a, b]
 *
 * Both become a linalg.generic that reads the moving tensor by tensor.extract. */

#include "normalize.h"

#include "../convert/ir.h"
#include "../convert/slice_range.h"

typedef struct {
    bool inserts;
    MlirType moving, result;        /* what is read by tensor.extract; the result */
    int32_t rank;                   /* of the side that offsets count in */
    int64_t shape[STREAM_MAX_RANK]; /* of that side */
    int64_t offset[STREAM_MAX_RANK], size[STREAM_MAX_RANK], stride[STREAM_MAX_RANK];
    int32_t small_dim[STREAM_MAX_RANK]; /* dim of the other side; -1: dropped, of size 1 */
    int32_t n_scalars;
} moving_slice;

static bool is_dynamic(int64_t offset) {
    return offset == mlirShapedTypeGetDynamicStrideOrOffset();
}

/* Which dims a tensor of lower rank has. */
static bool map_dims(moving_slice *s, MlirType small) {
    int32_t rank, at = 0;
    int64_t shape[STREAM_MAX_RANK];
    if (!stream_ir_shape(small, &rank, shape))
        return false;
    for (int32_t d = 0; d < s->rank; ++d) {
        bool kept = at < rank && shape[at] == s->size[d];
        if (!kept && s->size[d] != 1)
            return false;
        s->small_dim[d] = kept ? at++ : -1;
    }
    return at == rank;
}

static bool read_list(MlirOperation op, const char *name, int32_t rank, int64_t *out) {
    return stream_ir_as_i64s(stream_ir_attr(op, name), out, STREAM_MAX_RANK) == rank;
}

/* True: static sizes and strides, and an offset that is none. One that is in range at no offset is
 * left alone (convert/view_slice.c refuses it). */
static bool read_slice(MlirOperation op, moving_slice *s) {
    bool moves = false, fixed = true;
    stream_slice_fault fault;
    s->inserts = stream_ir_is(op, "tensor.insert_slice");
    MlirType first = mlirValueGetType(mlirOperationGetOperand(op, 0));
    s->result = mlirValueGetType(mlirOperationGetResult(op, 0));
    s->moving = first;
    if (!stream_ir_shape(s->inserts ? s->result : first, &s->rank, s->shape) ||
        !read_list(op, "static_offsets", s->rank, s->offset) ||
        !read_list(op, "static_sizes", s->rank, s->size) ||
        !read_list(op, "static_strides", s->rank, s->stride))
        return false;
    for (int32_t d = 0; d < s->rank; ++d) {
        moves |= is_dynamic(s->offset[d]);
        s->n_scalars += is_dynamic(s->offset[d]);
        if (s->size[d] == 1)
            s->stride[d] = 1;
        fixed &= !is_dynamic(s->size[d]) && !is_dynamic(s->stride[d]) &&
                 (!s->inserts || s->stride[d] == 1);
    }
    return moves && fixed && map_dims(s, s->inserts ? first : s->result) &&
           stream_slice_in_range(op, &fault);
}

/* ---- text */

static void write_types(stream_text *out, const moving_slice *s) {
    stream_text_str(out, "!e = ");
    stream_ir_print_type(mlirShapedTypeGetElementType(s->result), out);
    stream_text_str(out, "\n!m = ");
    stream_ir_print_type(s->moving, out);
    stream_text_str(out, "\n!r = ");
    stream_ir_print_type(s->result, out);
    stream_text_str(out, "\n#id = ");
    stream_normalize_write_identity(out, (int32_t)mlirShapedTypeGetRank(s->result));
    stream_text_str(out, "\n");
}

static void write_head(stream_text *out, const moving_slice *s) {
    stream_text_str(out, "func.func private @slice(%m: !m");
    if (s->inserts)
        stream_text_str(out, ", %x: !r");
    for (int32_t d = 0; d < s->rank; ++d)
        if (is_dynamic(s->offset[d]))
            stream_text_print(out, ", %%o%d: index", d);
    stream_text_str(out, ") -> !r {\n");
    for (int32_t d = 0; d < s->rank; ++d)
        if (!is_dynamic(s->offset[d]))
            stream_text_print(out, "  %%o%d = arith.constant %lld : index\n", d,
                              (long long)s->offset[d]);
    stream_text_print(out,
                      "  %%e = tensor.empty() : !r\n"
                      "  %%y = linalg.generic {indexing_maps = [#id%s], iterator_types = ",
                      s->inserts ? ", #id" : "");
    stream_normalize_write_parallel(out, (int32_t)mlirShapedTypeGetRank(s->result));
    stream_text_str(out, s->inserts ? "} ins(%x : !r) outs(%e : !r) {\n  ^bb0(%a: !e, %b: !e):\n"
                                    : "} outs(%e : !r) {\n  ^bb0(%b: !e):\n");
}

/* %p<d> = offset + stride * index of the result */
static void write_extracted_place(stream_text *out, const moving_slice *s, int32_t d) {
    if (s->small_dim[d] < 0) {
        stream_text_print(out, "    %%z%d = arith.constant 0 : index\n", d);
        stream_text_print(out, "    %%p%d = arith.addi %%o%d, %%z%d : index\n", d, d, d);
        return;
    }
    stream_text_print(out,
                      "    %%i%d = linalg.index %d : index\n"
                      "    %%k%d = arith.constant %lld : index\n"
                      "    %%s%d = arith.muli %%i%d, %%k%d : index\n"
                      "    %%p%d = arith.addi %%o%d, %%s%d : index\n",
                      d, s->small_dim[d], d, (long long)s->stride[d], d, d, d, d, d, d);
}

static bool is_whole(const moving_slice *s, int32_t d) {
    return s->offset[d] == 0 && s->size[d] == s->shape[d];
}

/* %p<d> = index - offset, inside the source; %h<d>: it was, unless the source has all of it */
static void write_inserted_place(stream_text *out, const moving_slice *s, int32_t d) {
    if (is_whole(s, d)) {
        stream_text_print(out, "    %%p%d = linalg.index %d : index\n", d, d);
        return;
    }
    stream_text_print(out,
                      "    %%i%d = linalg.index %d : index\n"
                      "    %%q%d = arith.subi %%i%d, %%o%d : index\n"
                      "    %%z%d = arith.constant 0 : index\n"
                      "    %%n%d = arith.constant %lld : index\n"
                      "    %%g%d = arith.cmpi sge, %%q%d, %%z%d : index\n",
                      d, d, d, d, d, d, d, (long long)s->size[d] - 1, d, d, d);
    stream_text_print(out,
                      "    %%l%d = arith.cmpi sle, %%q%d, %%n%d : index\n"
                      "    %%h%d = arith.andi %%g%d, %%l%d : i1\n"
                      "    %%c%d = arith.maxsi %%q%d, %%z%d : index\n"
                      "    %%p%d = arith.minsi %%c%d, %%n%d : index\n",
                      d, d, d, d, d, d, d, d, d, d, d, d);
}

/* %t: the source's element if all of %h<d>, else the destination's. */
static void write_choice(stream_text *out, const moving_slice *s) {
    int32_t n = 0;
    stream_text_str(out, "    %in0 = arith.constant true\n");
    for (int32_t d = 0; d < s->rank; ++d)
        if (!is_whole(s, d)) {
            stream_text_print(out, "    %%in%d = arith.andi %%in%d, %%h%d : i1\n", n + 1, n, d);
            ++n;
        }
    stream_text_print(out, "    %%t = arith.select %%in%d, %%v, %%a : !e\n", n);
}

static void write_body(stream_text *out, const moving_slice *s) {
    for (int32_t d = 0; d < s->rank; ++d)
        if (s->inserts)
            write_inserted_place(out, s, d);
        else
            write_extracted_place(out, s, d);
    stream_text_str(out, "    %v = tensor.extract %m[");
    for (int32_t d = 0, n = 0; d < s->rank; ++d)
        if (!s->inserts || s->small_dim[d] >= 0)
            stream_text_print(out, "%s%%p%d", n++ ? ", " : "", d);
    stream_text_str(out, "] : !m\n");
    if (s->inserts)
        write_choice(out, s);
    stream_text_print(out, "    linalg.yield %s : !e\n  } -> !r\n  return %%y : !r\n}\n",
                      s->inserts ? "%t" : "%v");
}

static void replace(MlirOperation op, const moving_slice *s) {
    MlirValue args[STREAM_MAX_RANK + 2];
    stream_text text = {0};
    int32_t n = s->n_scalars + (s->inserts ? 2 : 1);
    for (int32_t i = 0; i < n; ++i) /* tensors, then the dynamic offsets, which come first */
        args[i] = mlirOperationGetOperand(op, i);
    write_types(&text, s);
    write_head(&text, s);
    write_body(&text, s);
    MlirModule module = stream_normalize_parse(op, &text);
    if (mlirModuleIsNull(module))
        return;
    stream_normalize_keep_names(module, op);
    stream_normalize_splice(op, module, args, n);
}

void stream_normalize_moving_slices(MlirOperation func, stream_arena *arena) {
    stream_ir_ops ops = stream_ir_block_ops(stream_ir_body(func), arena);
    for (int32_t i = 0; i < ops.n; ++i) {
        moving_slice s = {0};
        if ((stream_ir_is(ops.ops[i], "tensor.extract_slice") ||
             stream_ir_is(ops.ops[i], "tensor.insert_slice")) &&
            read_slice(ops.ops[i], &s))
            replace(ops.ops[i], &s);
    }
}
