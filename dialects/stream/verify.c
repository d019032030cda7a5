/* Verifiers of the accelerator: cores, memories, links, buses, shared memories. */
#include "report.h"

#include "mlir-c/BuiltinAttributes.h"
#include "mlir-c/BuiltinTypes.h"
#include "stream/support/vec.h"

#include <math.h>

#define MAX_ARRAY_DIMS 9

/* 0-based dimension of "D1".."D9", or -1. */
static int array_dim(MlirStringRef word) {
    bool is_dim = word.length == 2 && word.data[0] == 'D' && word.data[1] >= '1' &&
                  word.data[1] <= '0' + MAX_ARRAY_DIMS;
    return is_dim ? word.data[1] - '1' : -1;
}

/* `word` is a dimension of an array with `n_dims` dimensions. */
static bool verify_dim(MlirOperation op, MlirStringRef word, intptr_t n_dims) {
    int dim = array_dim(word);
    return (dim >= 0 && dim < n_dims) ||
           stream_refuse(op, "'%.*s' is no dimension of the array, which has %td: D1 to D%td",
                         STREAM_SV(word), (ptrdiff_t)n_dims, (ptrdiff_t)n_dims);
}

static bool verify_dims(MlirOperation op, const char *name, intptr_t n_dims) {
    MlirAttribute dims = stream_get(op, name);
    for (intptr_t i = 0; i < stream_n_elements(dims); i++)
        if (!verify_dim(op, mlirStringAttrGetValue(mlirArrayAttrGetElement(dims, i)), n_dims))
            return false;
    return stream_verify_unique(op, dims, "dimension");
}

/* ---- stream.core */

static bool verify_kind(MlirOperation op) {
    static const char *const kinds[] = {"compute", "memory", "shim", "offchip"};
    MlirStringRef kind = stream_string(op, "kind");
    for (int i = 0; i < 4; i++)
        if (stream_same(kind, kinds[i]))
            return true;
    return stream_refuse(op, "is 'compute', 'memory', 'shim' or 'offchip', not '%.*s'",
                         STREAM_SV(kind));
}

static bool verify_array(MlirOperation op) {
    MlirAttribute array = stream_get(op, "array");
    intptr_t n = stream_n_ints(array);
    if (n > MAX_ARRAY_DIMS)
        return stream_refuse(op, "array has %td dimensions, at most %d are supported", (ptrdiff_t)n,
                             MAX_ARRAY_DIMS);
    int64_t least = stream_same(stream_string(op, "kind"), "compute");
    for (intptr_t i = 0; i < n; i++)
        if (mlirDenseI64ArrayGetElement(array, i) < least)
            return stream_refuse(op,
                                 "array dimension D%td is %" PRId64 ", must be at least %" PRId64,
                                 (ptrdiff_t)i + 1, mlirDenseI64ArrayGetElement(array, i), least);
    if (n == 0 && stream_same(stream_string(op, "kind"), "compute"))
        return stream_refuse(op, "is a compute core and needs an array, such as 'array [32, 32]'");
    return true;
}

static MlirAttribute entry(MlirAttribute dictionary, const char *key) {
    return mlirDictionaryAttrGetElementByName(dictionary, mlirStringRefCreateFromCString(key));
}

static bool is_unroll(MlirAttribute a) {
    if (!mlirAttributeIsADictionary(a) || mlirDictionaryAttrGetNumElements(a) != 3)
        return false;
    MlirAttribute dim = entry(a, "dim"), loop = entry(a, "loop"), unroll = entry(a, "unroll");
    return !mlirAttributeIsNull(dim) && mlirAttributeIsAString(dim) && !mlirAttributeIsNull(loop) &&
           mlirAttributeIsAString(loop) && !mlirAttributeIsNull(unroll) &&
           mlirAttributeIsAInteger(unroll) && mlirTypeIsAInteger(mlirAttributeGetType(unroll)) &&
           mlirIntegerTypeGetWidth(mlirAttributeGetType(unroll)) == 64;
}

static bool verify_dataflow(MlirOperation op, MlirAttribute dataflow, intptr_t n_dims) {
    if (!mlirAttributeIsAArray(dataflow))
        return stream_refuse(op, "a dataflow is an array of {dim, loop, unroll}");
    for (intptr_t i = 0; i < mlirArrayAttrGetNumElements(dataflow); i++) {
        MlirAttribute a = mlirArrayAttrGetElement(dataflow, i);
        if (!is_unroll(a))
            return stream_refuse(op,
                                 "a dataflow is an array of {dim = \"D1\", loop = \"K\", unroll "
                                 "= 32 : i64}");
        int64_t unroll = mlirIntegerAttrGetValueInt(entry(a, "unroll"));
        if (!verify_dim(op, mlirStringAttrGetValue(entry(a, "dim")), n_dims))
            return false;
        if (unroll < 1)
            return stream_refuse(op, "unrolls loop '%.*s' by %" PRId64 ", must be at least 1",
                                 STREAM_SV(mlirStringAttrGetValue(entry(a, "loop"))), unroll);
    }
    return true;
}

static bool verify_dataflows(MlirOperation op) {
    MlirAttribute dataflows = stream_get(op, "dataflows");
    intptr_t n_dims = stream_n_ints(stream_get(op, "array"));
    for (intptr_t i = 0; i < stream_n_elements(dataflows); i++)
        if (!verify_dataflow(op, mlirArrayAttrGetElement(dataflows, i), n_dims))
            return false;
    return true;
}

static bool verify_utilization(MlirOperation op) {
    MlirAttribute attr = stream_get(op, "utilization");
    double value = mlirAttributeIsNull(attr) ? 1 : mlirFloatAttrGetValueDouble(attr);
    return (value > 0 && value <= 1) ||
           stream_refuse(op, "utilization is %g, must be in (0, 1]", value);
}

static bool verify_coordinates(MlirOperation op) {
    MlirAttribute at = stream_get(op, "coordinates");
    if (mlirAttributeIsNull(at))
        return true;
    bool right = stream_n_ints(at) == 2;
    for (intptr_t i = 0; right && i < 2; i++)
        right = mlirDenseI64ArrayGetElement(at, i) >= INT32_MIN &&
                mlirDenseI64ArrayGetElement(at, i) <= INT32_MAX;
    return right || stream_refuse(op, "coordinates are a column and a row, such as 'at [0, 1]'");
}

static bool verify_post(MlirOperation op) {
    MlirAttribute rate = stream_get(op, "post_ops_per_cycle"),
                  list = stream_get(op, "post_processing");
    bool described = !mlirAttributeIsNull(rate) || !mlirAttributeIsNull(stream_get(op, "post_pj"));
    if (mlirAttributeIsNull(list) && described)
        return stream_refuse(op, "describes a unit for post-processing, but lists no "
                                 "'post_processing' operators");
    if (!mlirAttributeIsNull(rate) && mlirIntegerAttrGetValueInt(rate) < 1)
        return stream_refuse(op, "post_ops_per_cycle is %lld, must be at least 1",
                             (long long)mlirIntegerAttrGetValueInt(rate));
    return stream_verify_unique(op, list, "post-processing operator") &&
           stream_verify_amount(op, "post_pj");
}

bool stream_verify_core(MlirOperation op) {
    return verify_kind(op) && verify_array(op) &&
           verify_dims(op, "systolic", stream_n_ints(stream_get(op, "array"))) &&
           stream_verify_amount(op, "mac_pj") && stream_verify_amount(op, "mac_area") &&
           stream_verify_amount(op, "static_pj") &&
           stream_verify_unique(op, stream_get(op, "operators"), "operator") && verify_post(op) &&
           verify_dataflows(op) && verify_utilization(op) && verify_coordinates(op);
}

/* ---- stream.memory */

static bool verify_holds(MlirOperation op) {
    MlirAttribute holds = stream_get(op, "holds");
    if (stream_n_elements(holds) == 0)
        return stream_refuse(op, "holds no operand class: 'holds [I1, I2, O]' or some of them");
    for (intptr_t i = 0; i < stream_n_elements(holds); i++) {
        MlirStringRef word = mlirStringAttrGetValue(mlirArrayAttrGetElement(holds, i));
        if (stream_operand_word(word) < 0)
            return stream_refuse(op, "holds 'I1', 'I2' and 'O', not '%.*s'", STREAM_SV(word));
    }
    return stream_verify_unique(op, holds, "operand class");
}

static bool verify_ports(MlirOperation op) {
    MlirAttribute ports = stream_get(op, "ports");
    stream_vec names = STREAM_VEC(const void *);
    for (intptr_t i = 0; i < stream_n_elements(ports); i++)
        *(const void **)stream_vec_push(&names) =
            stream_port_attr_value(mlirArrayAttrGetElement(ports, i)).name.data;
    intptr_t repeat = stream_first_repeat(names.data, (intptr_t)names.n);
    stream_vec_free(&names);
    if (repeat < 0)
        return true;
    MlirStringRef name = stream_port_attr_value(mlirArrayAttrGetElement(ports, repeat)).name;
    return stream_refuse(op, "has two ports named '%.*s'", STREAM_SV(name));
}

bool stream_verify_memory(MlirOperation op) {
    MlirOperation core = mlirOperationGetParentOperation(op);
    return stream_verify_least(op, "size_bits", 1) && verify_holds(op) &&
           stream_verify_amount(op, "read_pj") && stream_verify_amount(op, "write_pj") &&
           stream_verify_amount(op, "area") && stream_verify_least(op, "latency_cycles", 0) &&
           verify_dims(op, "shared_by", stream_n_ints(stream_get(core, "array"))) &&
           verify_ports(op);
}

/* ---- links, buses, shared memories */

static bool verify_wire(MlirOperation op) {
    return stream_verify_least(op, "bandwidth_bits", 1) && stream_verify_amount(op, "pj_per_bit") &&
           stream_verify_least(op, "latency_cycles", 0);
}

bool stream_verify_link(MlirOperation op) {
    if (mlirAttributeEqual(stream_get(op, "first"), stream_get(op, "second")))
        return stream_refuse(op, "joins core @%.*s to itself",
                             STREAM_SV(stream_string(op, "first")));
    return verify_wire(op);
}

static bool verify_members(MlirOperation op) {
    MlirAttribute cores = stream_get(op, "cores");
    if (stream_n_elements(cores) < 2)
        return stream_refuse(op, "needs at least 2 cores, got %td",
                             (ptrdiff_t)stream_n_elements(cores));
    return stream_verify_unique(op, cores, "core");
}

bool stream_verify_bus(MlirOperation op) {
    return verify_members(op) && verify_wire(op);
}

/* "I1 O": words between single spaces. */
static bool is_operand_list(MlirStringRef text) {
    for (size_t at = 0, end; at <= text.length; at = end + 1) {
        for (end = at; end < text.length && text.data[end] != ' '; ++end)
            ;
        if (stream_operand_word(mlirStringRefCreate(text.data + at, end - at)) < 0)
            return false;
    }
    return true;
}

bool stream_verify_share(MlirOperation op) {
    MlirAttribute list = stream_get(op, "operands");
    if (!verify_members(op))
        return false;
    if (mlirAttributeIsNull(list))
        return true;
    if (stream_n_elements(list) != stream_n_elements(stream_get(op, "cores")))
        return stream_refuse(op, "has operands of %td cores, but %td cores",
                             (ptrdiff_t)stream_n_elements(list),
                             (ptrdiff_t)stream_n_elements(stream_get(op, "cores")));
    for (intptr_t i = 0; i < stream_n_elements(list); i++) {
        MlirStringRef words = mlirStringAttrGetValue(mlirArrayAttrGetElement(list, i));
        if (!is_operand_list(words))
            return stream_refuse(op, "operands \"%.*s\" must be words of I1, I2 and O",
                                 STREAM_SV(words));
    }
    return true;
}

/* ---- stream.accelerator: its ops are verified already */

static bool verify_core_reference(MlirOperation op, MlirSymbolTable cores, MlirStringRef name) {
    MlirOperation core = mlirSymbolTableLookup(cores, name);
    return (!mlirOperationIsNull(core) && stream_is(core, "stream.core")) ||
           stream_refuse(op, "refers to @%.*s, which is no core of the accelerator",
                         STREAM_SV(name));
}

static bool verify_core_references(MlirOperation op, MlirSymbolTable cores) {
    if (stream_is(op, "stream.link"))
        return verify_core_reference(op, cores, stream_string(op, "first")) &&
               verify_core_reference(op, cores, stream_string(op, "second"));
    MlirAttribute list = stream_get(op, "cores");
    for (intptr_t i = 0; i < stream_n_elements(list); i++)
        if (!verify_core_reference(op, cores,
                                   mlirFlatSymbolRefAttrGetValue(mlirArrayAttrGetElement(list, i))))
            return false;
    return true;
}

static bool verify_member(MlirOperation accelerator, MlirOperation op, MlirSymbolTable cores,
                          int *n_offchip) {
    if (stream_is(op, "stream.core")) {
        *n_offchip += stream_same(stream_string(op, "kind"), "offchip");
        return *n_offchip <= 1 ||
               stream_refuse(op, "is a second off-chip core; an accelerator has one");
    }
    if (stream_is(op, "stream.link") || stream_is(op, "stream.bus") ||
        stream_is(op, "stream.share"))
        return verify_core_references(op, cores);
    return stream_refuse(accelerator, "holds cores, links, buses and shares, not '%.*s'",
                         STREAM_SV(mlirIdentifierStr(mlirOperationGetName(op))));
}

bool stream_verify_accelerator(MlirOperation accelerator) {
    MlirSymbolTable cores = mlirSymbolTableCreate(accelerator);
    MlirBlock body = mlirRegionGetFirstBlock(mlirOperationGetRegion(accelerator, 0));
    MlirOperation op = mlirBlockGetFirstOperation(body);
    int n_offchip = 0;
    bool right = true;
    for (; right && !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op))
        right = verify_member(accelerator, op, cores, &n_offchip);
    mlirSymbolTableDestroy(cores);
    return right && (n_offchip == 1 ||
                     stream_refuse(accelerator, "has no off-chip core: one 'stream.core @dram "
                                                "offchip' must hold inputs and outputs"));
}
