/* Verifiers of CTs, transfers and residents, and of references to the accelerator. Constant work
 * per op. */
#include "report.h"

#include "mlir-c/BuiltinAttributes.h"
#include "mlir-c/BuiltinTypes.h"
#include "stream/support/integer.h"

/* ---- boxes */

/* `offsets` of tensor `what` has its rank and is not negative. */
static bool verify_offsets(MlirOperation op, const char *what, intptr_t index, MlirType tensor,
                           MlirAttribute offsets) {
    intptr_t n = mlirDenseArrayGetNumElements(offsets);
    if (n != mlirShapedTypeGetRank(tensor))
        return stream_refuse(op, "%s #%td has rank %" PRId64 ", but %td offsets", what,
                             (ptrdiff_t)index, mlirShapedTypeGetRank(tensor), (ptrdiff_t)n);
    for (intptr_t d = 0; d < n; d++)
        if (mlirDenseI64ArrayGetElement(offsets, d) < 0)
            return stream_refuse(op,
                                 "%s #%td begins at %" PRId64 " in dimension %td, must be in the "
                                 "tensor",
                                 what, (ptrdiff_t)index, mlirDenseI64ArrayGetElement(offsets, d),
                                 (ptrdiff_t)d);
    return true;
}

static bool verify_extent(MlirOperation op, const char *what, intptr_t index, intptr_t d,
                          int64_t at, int64_t size, int64_t bound) {
    int64_t end;
    if (!stream_add_i64(at, size, &end))
        end = INT64_MAX;
    return (size >= 1 && end <= bound) ||
           stream_refuse(op,
                         "%s #%td covers [%" PRId64 ", %" PRId64 ") in dimension %td, which has "
                         "size %" PRId64,
                         what, (ptrdiff_t)index, at, end, (ptrdiff_t)d, bound);
}

/* The box of `tensor` at `offsets` (verified) that the kernel's type `part` says is inside it. */
static bool verify_part(MlirOperation op, const char *what, intptr_t index, MlirType tensor,
                        MlirAttribute offsets, MlirType part) {
    if (!mlirTypeIsARankedTensor(part) || !mlirShapedTypeHasStaticShape(part) ||
        mlirShapedTypeGetRank(part) != mlirShapedTypeGetRank(tensor) ||
        !mlirTypeEqual(mlirShapedTypeGetElementType(part), mlirShapedTypeGetElementType(tensor)))
        return stream_refuse(op,
                             "%s #%td of the kernel must be a static tensor with rank %" PRId64
                             " and the element type of the CT's",
                             what, (ptrdiff_t)index, mlirShapedTypeGetRank(tensor));
    for (intptr_t d = 0; d < mlirShapedTypeGetRank(tensor); d++)
        if (!verify_extent(op, what, index, d, mlirDenseI64ArrayGetElement(offsets, d),
                           mlirShapedTypeGetDimSize(part, d), mlirShapedTypeGetDimSize(tensor, d)))
            return false;
    return true;
}

/* ---- schedule groups */

/* All of the optional attributes `names` are there, or none. `*all` says which. */
static bool all_or_none(MlirOperation op, const char *const *names, int n, bool *all) {
    int there = 0;
    const char *missing = NULL, *given = NULL;
    for (int i = 0; i < n; i++) {
        bool present = stream_present(op, names[i]);
        there += present;
        *(present ? &given : &missing) = names[i];
    }
    *all = there == n;
    return there == 0 || there == n ||
           stream_refuse(op, "has '%s' but not '%s': a schedule is given whole or not at all",
                         given, missing);
}

static bool verify_interval(MlirOperation op) {
    int64_t start = stream_int(op, "start"), end = stream_int(op, "end");
    return (start >= 0 && start < end) ||
           stream_refuse(op, "runs at [%" PRId64 ", %" PRId64 "), must obey 0 <= start < end",
                         start, end);
}

static bool verify_address(MlirOperation op, int64_t address) {
    return address >= 0 ||
           stream_refuse(op, "address is %" PRId64 ", must not be negative", address);
}

static bool verify_until(MlirOperation op, int64_t until, int64_t end) {
    return until >= end || stream_refuse(op,
                                         "drops its buffer at %" PRId64 ", before it is complete "
                                         "at %" PRId64,
                                         until, end);
}

/* ---- stream.ct */

static MlirType type_of(MlirOperation op, intptr_t operand) {
    return mlirValueGetType(mlirOperationGetOperand(op, operand));
}

static intptr_t ct_inputs(MlirOperation op) {
    return mlirOperationGetNumOperands(op) - mlirOperationGetNumResults(op);
}

/* Tensors from operand `first` on, of which one box is meant. */
static bool verify_same_shape(MlirOperation op, const char *what, intptr_t first) {
    intptr_t n = mlirOperationGetNumOperands(op);
    if (first == n)
        return stream_refuse(op, "has no %s", what);
    MlirType one = type_of(op, first);
    for (intptr_t i = first + 1; i < n; i++) {
        bool same = mlirShapedTypeGetRank(type_of(op, i)) == mlirShapedTypeGetRank(one);
        for (intptr_t d = 0; same && d < mlirShapedTypeGetRank(one); d++)
            same = mlirShapedTypeGetDimSize(type_of(op, i), d) == mlirShapedTypeGetDimSize(one, d);
        if (!same)
            return stream_refuse(op,
                                 "%s #%td has another shape than %s #0, of which the same box "
                                 "is meant",
                                 what, (ptrdiff_t)(i - first), what);
    }
    return true;
}

static bool verify_ct_boxes(MlirOperation op) {
    MlirAttribute offsets = stream_get(op, "input_offsets");
    intptr_t n = ct_inputs(op);
    if (stream_n_elements(offsets) != n)
        return stream_refuse(op, "has %td inputs, but offsets for %td", (ptrdiff_t)n,
                             (ptrdiff_t)stream_n_elements(offsets));
    for (intptr_t i = 0; i < n; i++)
        if (!verify_offsets(op, "input", i, type_of(op, i), mlirArrayAttrGetElement(offsets, i)))
            return false;
    return verify_same_shape(op, "output", n) &&
           verify_offsets(op, "output", 0, type_of(op, n), stream_get(op, "output_offsets"));
}

static bool verify_ct_cores(MlirOperation op) {
    MlirAttribute cores = stream_get(op, "cores"), core = stream_get(op, "core");
    intptr_t n = stream_n_elements(cores);
    if (mlirAttributeIsNull(cores))
        return true;
    if (n == 0)
        return stream_refuse(op, "may run on no core: leave 'cores' out, or name some");
    bool found = mlirAttributeIsNull(core);
    for (intptr_t i = 0; !found && i < n; i++)
        found = mlirAttributeEqual(core, mlirArrayAttrGetElement(cores, i));
    if (!found)
        return stream_refuse(op, "is on core @%.*s, which is not in its 'cores'",
                             STREAM_SV(stream_string(op, "core")));
    return stream_verify_unique(op, cores, "core");
}

static bool verify_ct_schedule(MlirOperation op) {
    static const char *const group[] = {"start", "end", "address", "until"};
    bool scheduled;
    if (!all_or_none(op, group, 4, &scheduled) || !stream_verify_streaming(op, scheduled))
        return false;
    if (!scheduled)
        return true;
    if (!stream_present(op, "core"))
        return stream_refuse(op, "has a time but no core");
    return verify_interval(op) && verify_address(op, stream_int(op, "address")) &&
           verify_until(op, stream_int(op, "until"), stream_int(op, "end"));
}

bool stream_verify_ct(MlirOperation op) {
    return verify_ct_boxes(op) && stream_verify_least(op, "stack", 0) &&
           stream_verify_least(op, "split", 0) && verify_ct_cores(op) && verify_ct_schedule(op);
}

static MlirType function_type(MlirOperation kernel) {
    return mlirTypeAttrGetValue(stream_get(kernel, "function_type"));
}

static bool verify_ct_signature(MlirOperation op, MlirType type, bool accumulates) {
    MlirStringRef name = stream_string(op, "kernel");
    intptr_t n_out = mlirOperationGetNumResults(op);
    intptr_t n = ct_inputs(op) + (accumulates ? n_out : 0);
    if (mlirFunctionTypeGetNumInputs(type) != n || mlirFunctionTypeGetNumResults(type) != n_out)
        return stream_refuse(op,
                             "kernel @%.*s has %td arguments and %td results, the CT needs %td "
                             "and %td",
                             STREAM_SV(name), (ptrdiff_t)mlirFunctionTypeGetNumInputs(type),
                             (ptrdiff_t)mlirFunctionTypeGetNumResults(type), (ptrdiff_t)n,
                             (ptrdiff_t)n_out);
    for (intptr_t i = 0; accumulates && i < n_out; i++)
        if (!mlirTypeEqual(mlirFunctionTypeGetInput(type, n - n_out + i),
                           mlirFunctionTypeGetResult(type, i)))
            return stream_refuse(op,
                                 "accumulates, so the last argument and the result of kernel "
                                 "@%.*s must have the same type",
                                 STREAM_SV(name));
    return true;
}

bool stream_verify_ct_kernel(MlirOperation op, MlirOperation kernel) {
    if (mlirOperationIsNull(kernel) || !stream_is(kernel, "func.func"))
        return stream_refuse(op, "kernel @%.*s is no function of the module",
                             STREAM_SV(stream_string(op, "kernel")));
    MlirType type = function_type(kernel);
    if (!verify_ct_signature(op, type, stream_present(op, "accumulates")))
        return false;
    MlirAttribute offsets = stream_get(op, "input_offsets"), at = stream_get(op, "output_offsets");
    intptr_t n = ct_inputs(op);
    for (intptr_t i = 0; i < n; i++)
        if (!verify_part(op, "input", i, type_of(op, i), mlirArrayAttrGetElement(offsets, i),
                         mlirFunctionTypeGetInput(type, i)))
            return false;
    for (intptr_t i = 0; i < mlirOperationGetNumResults(op); i++)
        if (!verify_part(op, "output", i, type_of(op, n + i), at,
                         mlirFunctionTypeGetResult(type, i)))
            return false;
    return true;
}

/* ---- stream.transfer, stream.resident */

static bool verify_memory_reference(MlirOperation op, MlirAttribute ref) {
    return mlirSymbolRefAttrGetNumNestedReferences(ref) == 1 ||
           stream_refuse(op, "@%.*s is no memory: write core and memory, such as @c0::@sram",
                         STREAM_SV(mlirSymbolRefAttrGetRootReference(ref)));
}

static bool verify_targets(MlirOperation op) {
    MlirAttribute targets = stream_get(op, "targets"), source = stream_get(op, "source");
    if (stream_n_elements(targets) == 0)
        return stream_refuse(op, "has no target");
    for (intptr_t i = 0; i < stream_n_elements(targets); i++) {
        MlirAttribute target = mlirArrayAttrGetElement(targets, i);
        if (!verify_memory_reference(op, target))
            return false;
        if (mlirAttributeEqual(target, source))
            return stream_refuse(op, "copies from @%.*s::@%.*s to itself",
                                 STREAM_SV(mlirSymbolRefAttrGetRootReference(source)),
                                 STREAM_SV(mlirSymbolRefAttrGetLeafReference(source)));
    }
    return verify_memory_reference(op, source) && stream_verify_unique(op, targets, "target");
}

static bool verify_transfer_box(MlirOperation op) {
    if (!verify_same_shape(op, "tensor", 0))
        return false;
    MlirType tensor = type_of(op, 0);
    MlirAttribute offsets = stream_get(op, "offsets"), sizes = stream_get(op, "sizes");
    if (!verify_offsets(op, "tensor", 0, tensor, offsets))
        return false;
    if (stream_n_ints(sizes) != mlirShapedTypeGetRank(tensor))
        return stream_refuse(op, "tensor #0 has rank %" PRId64 ", but %td sizes",
                             mlirShapedTypeGetRank(tensor), (ptrdiff_t)stream_n_ints(sizes));
    for (intptr_t d = 0; d < stream_n_ints(sizes); d++)
        if (!verify_extent(op, "tensor", 0, d, mlirDenseI64ArrayGetElement(offsets, d),
                           mlirDenseI64ArrayGetElement(sizes, d),
                           mlirShapedTypeGetDimSize(tensor, d)))
            return false;
    return true;
}

/* One address and one end of life for each target. */
static bool verify_target_lists(MlirOperation op) {
    MlirAttribute addresses = stream_get(op, "target_addresses"), untils = stream_get(op, "untils");
    intptr_t n = stream_n_elements(stream_get(op, "targets"));
    if (stream_n_ints(addresses) != n || stream_n_ints(untils) != n)
        return stream_refuse(op, "has %td targets, but %td addresses and %td untils", (ptrdiff_t)n,
                             (ptrdiff_t)stream_n_ints(addresses), (ptrdiff_t)stream_n_ints(untils));
    for (intptr_t i = 0; i < n; i++)
        if (!verify_address(op, mlirDenseI64ArrayGetElement(addresses, i)) ||
            !verify_until(op, mlirDenseI64ArrayGetElement(untils, i), stream_int(op, "end")))
            return false;
    return true;
}

static bool verify_operand_name(MlirOperation op, const char *name) {
    MlirStringRef word = stream_string(op, name);
    return !stream_present(op, name) || stream_operand_word(word) >= 0 ||
           stream_refuse(op, "%s is 'I1', 'I2' or 'O', not '%.*s'", name, STREAM_SV(word));
}

bool stream_verify_transfer(MlirOperation op) {
    static const char *const group[] = {
        "source_address", "target_addresses", "untils", "over", "rate", "start", "end"};
    bool scheduled;
    if (!verify_transfer_box(op) || !verify_targets(op) || !all_or_none(op, group, 7, &scheduled) ||
        !verify_operand_name(op, "source_operand") || !verify_operand_name(op, "target_operand") ||
        !stream_verify_unique(op, stream_get(op, "over"), "link"))
        return false;
    return !scheduled ||
           (stream_verify_least(op, "rate", 1) && verify_interval(op) &&
            verify_address(op, stream_int(op, "source_address")) && verify_target_lists(op));
}

bool stream_verify_resident(MlirOperation op) {
    return verify_memory_reference(op, stream_get(op, "memory")) &&
           verify_address(op, stream_int(op, "address")) &&
           verify_until(op, stream_int(op, "until"), 0);
}

/* ---- references to the accelerator */

typedef struct {
    MlirSymbolTable table;
    MlirIdentifier ct, transfer, resident, function;
    bool right;
} references;

static MlirOperation core_named(MlirOperation op, const references *r, MlirStringRef name) {
    MlirOperation core = mlirSymbolTableLookup(r->table, name);
    if (!mlirOperationIsNull(core) && stream_is(core, "stream.core"))
        return core;
    stream_refuse(op, "refers to @%.*s, which is no core of the accelerator", STREAM_SV(name));
    return (MlirOperation){NULL};
}

static bool core_exists(MlirOperation op, const references *r, MlirStringRef name) {
    return !mlirOperationIsNull(core_named(op, r, name));
}

static bool cores_exist(MlirOperation op, const references *r, MlirAttribute cores) {
    for (intptr_t i = 0; i < stream_n_elements(cores); i++)
        if (!core_exists(op, r, mlirFlatSymbolRefAttrGetValue(mlirArrayAttrGetElement(cores, i))))
            return false;
    return true;
}

static bool memory_exists(MlirOperation op, const references *r, MlirAttribute ref) {
    MlirStringRef name = mlirSymbolRefAttrGetRootReference(ref);
    MlirStringRef leaf = mlirSymbolRefAttrGetLeafReference(ref);
    MlirOperation core = core_named(op, r, name);
    if (mlirOperationIsNull(core))
        return false;
    MlirBlock body = mlirRegionGetFirstBlock(mlirOperationGetRegion(core, 0));
    MlirOperation memory = mlirBlockGetFirstOperation(body);
    for (; !mlirOperationIsNull(memory); memory = mlirOperationGetNextInBlock(memory))
        if (mlirStringRefEqual(stream_string(memory, "sym_name"), leaf))
            return true;
    return stream_refuse(op, "refers to @%.*s::@%.*s, but core @%.*s has no such memory",
                         STREAM_SV(name), STREAM_SV(leaf), STREAM_SV(name));
}

static bool links_exist(MlirOperation op, MlirAttribute over, const void *user) {
    const references *r = user;
    for (intptr_t i = 0; i < stream_n_elements(over); i++) {
        MlirStringRef name = mlirFlatSymbolRefAttrGetValue(mlirArrayAttrGetElement(over, i));
        MlirOperation link = mlirSymbolTableLookup(r->table, name);
        if (mlirOperationIsNull(link) ||
            (!stream_is(link, "stream.link") && !stream_is(link, "stream.bus")))
            return stream_refuse(op, "goes over @%.*s, which is no link or bus of the accelerator",
                                 STREAM_SV(name));
    }
    return true;
}

static bool verify_transfer_references(MlirOperation op, const references *r) {
    MlirAttribute targets = stream_get(op, "targets");
    for (intptr_t i = 0; i < stream_n_elements(targets); i++)
        if (!memory_exists(op, r, mlirArrayAttrGetElement(targets, i)))
            return false;
    return memory_exists(op, r, stream_get(op, "source")) &&
           links_exist(op, stream_get(op, "over"), r);
}

static bool verify_cost_references(MlirOperation op, const references *r) {
    MlirAttribute costs = stream_get(op, "stream.costs");
    for (intptr_t i = 0; i < stream_n_elements(costs); i++)
        if (!core_exists(op, r, stream_cost_attr_value(mlirArrayAttrGetElement(costs, i)).core))
            return false;
    return true;
}

static bool verify_plan_references(MlirOperation op, const references *r) {
    MlirAttribute plan = mlirOperationGetDiscardableAttributeByName(
        op, mlirStringRefCreateFromCString("stream.plan"));
    intptr_t n = mlirAttributeIsNull(plan) ? 0 : stream_plan_attr_value(plan).n_cores;
    for (intptr_t i = 0; i < n; i++)
        if (!core_exists(op, r, stream_plan_attr_core(plan, i)))
            return false;
    return true;
}

static bool verify_op_references(MlirOperation op, const references *r) {
    MlirIdentifier name = mlirOperationGetName(op);
    if (mlirIdentifierEqual(name, r->ct))
        return (!stream_present(op, "core") || core_exists(op, r, stream_string(op, "core"))) &&
               cores_exist(op, r, stream_get(op, "cores")) &&
               stream_each_streamed_link(op, links_exist, r);
    if (mlirIdentifierEqual(name, r->transfer))
        return verify_transfer_references(op, r);
    if (mlirIdentifierEqual(name, r->resident))
        return memory_exists(op, r, stream_get(op, "memory"));
    if (mlirIdentifierEqual(name, r->function))
        return verify_cost_references(op, r);
    return verify_plan_references(op, r);
}

static MlirWalkResult visit(MlirOperation op, void *user) {
    references *r = user;
    r->right = verify_op_references(op, r);
    return r->right ? MlirWalkResultAdvance : MlirWalkResultInterrupt;
}

static MlirIdentifier identifier(MlirContext context, const char *name) {
    return mlirIdentifierGet(context, mlirStringRefCreateFromCString(name));
}

bool stream_verify_references(MlirOperation accelerator) {
    MlirOperation module = mlirOperationGetParentOperation(accelerator);
    if (mlirOperationIsNull(module))
        return true;
    MlirContext context = mlirOperationGetContext(accelerator);
    references r = {mlirSymbolTableCreate(accelerator),     identifier(context, "stream.ct"),
                    identifier(context, "stream.transfer"), identifier(context, "stream.resident"),
                    identifier(context, "func.func"),       true};
    mlirOperationWalk(module, visit, &r, MlirWalkPreOrder);
    mlirSymbolTableDestroy(r.table);
    return r.right;
}
