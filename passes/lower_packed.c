/* Copies of packed elements; see lower_common.h.
 *
 * The function is written as text:
 *
 *   func.func private @copy_bits(%from: memref<96xi8>, %from_at: index, %from0: index,
 *                                %to: memref<4xi1>) {
 *     scf.for %i0 = %c0 to %c4 step %c1 {
 *       %v = .. the element at %i0, as an i64: bit by bit if it is packed ..
 *       .. bit by bit, or as an element, to %to ..
 */

#include "lower_common.h"

typedef struct {
    stream_text *text;
    MlirType element;
    int32_t bits, rank;
    const int64_t *shape; /* of the box */
} packed_copy;

static MlirType buffer_of(const stream_place_type *place) {
    return mlirTypeIsNull(place->buffer) ? place->memref : place->buffer;
}

static bool is_box(const packed_copy *c, const stream_place_type *place) {
    for (int32_t d = 0; d < c->rank; ++d)
        if (mlirShapedTypeGetDimSize(buffer_of(place), d) != c->shape[d])
            return false;
    return true;
}

/* ---- the arguments: memref, where in it, offsets of the box */

static void argument(const packed_copy *c, const stream_place_type *place, const char *name) {
    stream_text_print(c->text, "%%%s: ", name);
    stream_ir_print_type(place->memref, c->text);
    if (!mlirTypeIsNull(place->buffer))
        stream_text_print(c->text, ", %%%s_at: index", name);
    for (int32_t d = 0; !is_box(c, place) && d < c->rank; ++d)
        stream_text_print(c->text, ", %%%s%d: index", name, d);
}

/* ---- one element */

/* %<name>_i<d>: the indices in the buffer. */
static void indices(const packed_copy *c, const stream_place_type *place, const char *name) {
    for (int32_t d = 0; d < c->rank; ++d)
        stream_text_print(c->text, "%%%s_i%d = arith.addi %%i%d, %%%s%d : index\n", name, d, d,
                          is_box(c, place) ? "z" : name, is_box(c, place) ? 0 : d);
}

/* %<name>_bit: the first bit of the element. */
static void first_bit(const packed_copy *c, const stream_place_type *place, const char *name) {
    stream_text_print(c->text, "%%%s_n0 = arith.constant 0 : index\n", name);
    for (int32_t d = 0; d < c->rank; ++d)
        stream_text_print(c->text,
                          "%%%s_s%d = arith.constant %lld : index\n"
                          "%%%s_m%d = arith.muli %%%s_n%d, %%%s_s%d : index\n"
                          "%%%s_n%d = arith.addi %%%s_m%d, %%%s_i%d : index\n",
                          name, d, (long long)mlirShapedTypeGetDimSize(place->buffer, d), name, d,
                          name, d, name, d, name, d + 1, name, d, name, d);
    stream_text_print(c->text,
                      "%%%s_b = arith.muli %%%s_n%d, %%width : index\n"
                      "%%%s_bit = arith.addi %%%s_b, %%%s_at : index\n",
                      name, name, c->rank, name, name, name);
}

/* The head of a loop over the bits of the element: %k, %byte its place, %s its place in there. */
static void bit_place(const packed_copy *c, const char *name) {
    stream_text_print(c->text,
                      "%%p = arith.addi %%%s_bit, %%k : index\n"
                      "%%byte = arith.divui %%p, %%c8 : index\n"
                      "%%r = arith.remui %%p, %%c8 : index\n"
                      "%%s = arith.index_cast %%r : index to i8\n"
                      "%%old = memref.load %%%s[%%byte] : memref<",
                      name, name);
}

static void memory_type(const packed_copy *c, const stream_place_type *place) {
    stream_text_print(c->text, "%lldxi8>\n", (long long)mlirShapedTypeGetDimSize(place->memref, 0));
}

static void load_bits(const packed_copy *c, const stream_place_type *place) {
    first_bit(c, place, "from");
    stream_text_print(c->text, "%%v = scf.for %%k = %%z0 to %%width step %%c1 "
                               "iter_args(%%sum = %%none) -> (i64) {\n");
    bit_place(c, "from");
    memory_type(c, place);
    stream_text_print(c->text, "%%low = arith.shrui %%old, %%s : i8\n"
                               "%%bit = arith.andi %%low, %%one : i8\n"
                               "%%wide = arith.extui %%bit : i8 to i64\n"
                               "%%k64 = arith.index_cast %%k : index to i64\n"
                               "%%high = arith.shli %%wide, %%k64 : i64\n"
                               "%%next = arith.ori %%sum, %%high : i64\n"
                               "scf.yield %%next : i64\n}\n");
}

static void store_bits(const packed_copy *c, const stream_place_type *place) {
    first_bit(c, place, "to");
    stream_text_print(c->text, "scf.for %%k = %%z0 to %%width step %%c1 {\n");
    bit_place(c, "to");
    memory_type(c, place);
    stream_text_print(c->text, "%%k64 = arith.index_cast %%k : index to i64\n"
                               "%%low = arith.shrui %%v, %%k64 : i64\n"
                               "%%byte_of = arith.trunci %%low : i64 to i8\n"
                               "%%bit = arith.andi %%byte_of, %%one : i8\n"
                               "%%set = arith.shli %%bit, %%s : i8\n"
                               "%%mask = arith.shli %%one, %%s : i8\n"
                               "%%keep = arith.xori %%mask, %%ones : i8\n"
                               "%%kept = arith.andi %%old, %%keep : i8\n"
                               "%%new = arith.ori %%kept, %%set : i8\n"
                               "memref.store %%new, %%to[%%byte] : memref<");
    memory_type(c, place);
    stream_text_print(c->text, "}\n");
}

/* "[%from_i0, ..] : memref<..>" of what is not packed; %<name>_view is made before the loops. */
static void element_place(const packed_copy *c, const stream_place_type *place, const char *name) {
    stream_text_print(c->text, "%%%s%s[", name, mlirTypeIsNull(place->buffer) ? "" : "_view");
    for (int32_t d = 0; d < c->rank; ++d)
        stream_text_print(c->text, "%s%%%s_i%d", d ? ", " : "", name, d);
    stream_text_print(c->text, "] : ");
    stream_ir_print_type(buffer_of(place), c->text);
    stream_text_print(c->text, "\n");
}

static void view(const packed_copy *c, const stream_place_type *place, const char *name) {
    if (place->packed || mlirTypeIsNull(place->buffer))
        return;
    stream_text_print(c->text, "%%%s_view = memref.view %%%s[%%%s_at][] : ", name, name, name);
    stream_ir_print_type(place->memref, c->text);
    stream_text_print(c->text, " to ");
    stream_ir_print_type(place->buffer, c->text);
    stream_text_print(c->text, "\n");
}

/* One conversion of %a to %b, or nothing if the types are the same: `%a` is then used on. */
static const char *convert(const packed_copy *c, const char *op, const char *a, const char *b,
                           MlirType from, MlirType to) {
    if (mlirTypeEqual(from, to))
        return a;
    stream_text_print(c->text, "%%%s = arith.%s %%%s : ", b, op, a);
    stream_ir_print_type(from, c->text);
    stream_text_print(c->text, " to ");
    stream_ir_print_type(to, c->text);
    stream_text_print(c->text, "\n");
    return b;
}

static MlirType integer_of(const packed_copy *c) {
    MlirContext context = mlirTypeGetContext(c->element);
    if (mlirTypeIsAIndex(c->element))
        return mlirIntegerTypeGet(context, 64);
    return mlirTypeIsAInteger(c->element) ? c->element
                                          : mlirIntegerTypeGet(context, (unsigned)c->bits);
}

static const char *to_integer(const packed_copy *c) {
    return mlirTypeIsAIndex(c->element) ? "index_cast" : "bitcast";
}

static void load_element(const packed_copy *c, const stream_place_type *place) {
    MlirType i64 = mlirIntegerTypeGet(mlirTypeGetContext(c->element), 64);
    stream_text_print(c->text, "%%element = memref.load ");
    element_place(c, place, "from");
    const char *a = convert(c, to_integer(c), "element", "word", c->element, integer_of(c));
    a = convert(c, "extui", a, "long", integer_of(c), i64);
    stream_text_print(c->text, "%%v = arith.ori %%%s, %%none : i64\n", a);
}

static void store_element(const packed_copy *c, const stream_place_type *place) {
    MlirType i64 = mlirIntegerTypeGet(mlirTypeGetContext(c->element), 64);
    const char *a = convert(c, "trunci", "v", "word", i64, integer_of(c));
    a = convert(c, to_integer(c), a, "element", integer_of(c), c->element);
    stream_text_print(c->text, "memref.store %%%s, ", a);
    element_place(c, place, "to");
}

/* ---- the function */

static void constants(const packed_copy *c) {
    stream_text_print(c->text,
                      "%%z0 = arith.constant 0 : index\n%%c1 = arith.constant 1 : index\n"
                      "%%c8 = arith.constant 8 : index\n%%width = arith.constant %d : index\n"
                      "%%one = arith.constant 1 : i8\n%%ones = arith.constant -1 : i8\n"
                      "%%none = arith.constant 0 : i64\n",
                      c->bits);
    for (int32_t d = 0; d < c->rank; ++d)
        stream_text_print(c->text, "%%size%d = arith.constant %lld : index\n", d,
                          (long long)c->shape[d]);
}

static void write_body(const packed_copy *c, const stream_place_type *from,
                       const stream_place_type *to) {
    constants(c);
    view(c, from, "from");
    view(c, to, "to");
    for (int32_t d = 0; d < c->rank; ++d)
        stream_text_print(c->text, "scf.for %%i%d = %%z0 to %%size%d step %%c1 {\n", d, d);
    indices(c, from, "from");
    indices(c, to, "to");
    if (from->packed)
        load_bits(c, from);
    else
        load_element(c, from);
    if (to->packed)
        store_bits(c, to);
    else
        store_element(c, to);
    for (int32_t d = 0; d < c->rank; ++d)
        stream_text_print(c->text, "}\n");
}

MlirOperation stream_lower_packed_copy(MlirLocation loc, const stream_place_type *from,
                                       const stream_place_type *to, MlirType box) {
    int64_t shape[STREAM_MAX_RANK];
    stream_text text = {0};
    packed_copy c = {.text = &text, .element = mlirShapedTypeGetElementType(box), .shape = shape};
    stream_ir_shape(box, &c.rank, shape);
    c.bits = stream_ir_element_bits(c.element);
    stream_text_print(&text, "func.func private @copy_bits(");
    argument(&c, from, "from");
    stream_text_print(&text, ", ");
    argument(&c, to, "to");
    stream_text_print(&text, ") {\n");
    write_body(&c, from, to);
    stream_text_print(&text, "return\n}\n");
    MlirOperation func = mlirOperationCreateParse(mlirLocationGetContext(loc),
                                                  stream_ir_str(text.data), stream_ir_str("copy"));
    stream_text_free(&text);
    return func;
}
