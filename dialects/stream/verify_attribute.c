/* Verifiers of the dialect's attributes, and of its attributes on other ops. */
#include "report.h"

#include "mlir-c/BuiltinAttributes.h"
#include "mlir-c/BuiltinTypes.h"
#include "stream/support/integer.h"
#include "stream/support/vec.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const stream_operand_words[3] = {"I1", "I2", "O"};
const char *const stream_direction_words[4] = {"fh", "fl", "th", "tl"};

static int find(MlirStringRef word, const char *const *words, int n) {
    for (int i = 0; i < n; i++)
        if (stream_same(word, words[i]))
            return i;
    return -1;
}

int stream_operand_word(MlirStringRef word) {
    return find(word, stream_operand_words, 3);
}

int stream_direction_word(MlirStringRef word) {
    return find(word, stream_direction_words, 4);
}

/* MLIR's lexer wants digits, a point, digits, and then perhaps an exponent. */
static void add_point(char *text, size_t size) {
    size_t mantissa = strcspn(text, "e");
    if (memchr(text, '.', mantissa) || strlen(text) + 3 > size)
        return;
    memmove(text + mantissa + 2, text + mantissa, strlen(text + mantissa) + 1);
    memcpy(text + mantissa, ".0", 2);
}

/* Digits before the point, where writing them out is shorter than an exponent; else 1. */
static int whole_digits(double value) {
    double size = fabs(value);
    int digits = 1;
    for (; size >= 10 && size < 1e15; size /= 10)
        digits++;
    return size < 10 ? digits : 1;
}

stream_number stream_number_text(double value) {
    stream_number number;
    for (int digits = whole_digits(value); digits <= 17; digits++) {
        snprintf(number.text, sizeof number.text, "%.*g", digits, value);
        if (strtod(number.text, NULL) == value)
            break;
    }
    add_point(number.text, sizeof number.text);
    return number;
}

/* ---- #stream.cost */

static bool cost_parts(const stream_cost_attr *c, stream_message *out) {
    int64_t parts[] = {c->compute_cycles, c->stall_cycles, c->onload_cycles, c->offload_cycles};
    int64_t sum = 0;
    for (int i = 0; i < 4; i++)
        if (parts[i] < 0 || !stream_add_i64(sum, parts[i], &sum))
            return stream_refuse_attr(out,
                                      "compute, stall, onload and offload of @%.*s must not be "
                                      "negative or overflow",
                                      STREAM_SV(c->core));
    return sum == 0 || sum == c->cycles ||
           stream_refuse_attr(out,
                              "compute, stall, onload and offload of @%.*s add up to %" PRId64
                              ", but cycles is %" PRId64 ": correct them or leave them out",
                              STREAM_SV(c->core), sum, c->cycles);
}

/* memory_energy_fj = {memory = {operand = fJ}} and mac_energy_fj are all of energy_fj. */
static bool cost_energies(const stream_cost_attr *c, stream_message *out) {
    MlirAttribute memories = {NULL};
    if (!mlirAttributeIsNull(c->detail))
        memories = mlirDictionaryAttrGetElementByName(
            c->detail, mlirStringRefCreateFromCString("memory_energy_fj"));
    if (mlirAttributeIsNull(memories))
        return true;
    int64_t sum = c->mac_energy_fj;
    bool good = mlirAttributeIsADictionary(memories);
    for (intptr_t m = 0; good && m < mlirDictionaryAttrGetNumElements(memories); m++) {
        MlirAttribute operands = mlirDictionaryAttrGetElement(memories, m).attribute;
        good = mlirAttributeIsADictionary(operands);
        for (intptr_t o = 0; good && o < mlirDictionaryAttrGetNumElements(operands); o++) {
            MlirAttribute fj = mlirDictionaryAttrGetElement(operands, o).attribute;
            good = mlirAttributeIsAInteger(fj) && mlirIntegerAttrGetValueInt(fj) >= 0 &&
                   stream_add_i64(sum, mlirIntegerAttrGetValueInt(fj), &sum);
        }
    }
    if (!good)
        return stream_refuse_attr(out,
                                  "memory_energy_fj of @%.*s must be {memory = {operand = fJ}} "
                                  "with integers that are not negative and do not overflow",
                                  STREAM_SV(c->core));
    return sum == c->energy_fj ||
           stream_refuse_attr(out,
                              "mac_energy_fj and memory_energy_fj of @%.*s add up to %" PRId64
                              ", but energy_fj is %" PRId64,
                              STREAM_SV(c->core), sum, c->energy_fj);
}

static int64_t stream_entry(MlirAttribute operand, const char *name) {
    MlirAttribute value =
        mlirDictionaryAttrGetElementByName(operand, mlirStringRefCreateFromCString(name));
    return mlirAttributeIsNull(value)       ? 0
           : mlirAttributeIsAInteger(value) ? mlirIntegerAttrGetValueInt(value)
                                            : -1;
}

/* `bits` at `rate` bits per cycle take no longer than the kernel. */
static bool in_time(int64_t bits, int64_t rate, int64_t cycles) {
    return bits >= 0 && rate >= 0 && stream_ceil_div(bits, cycles) <= rate;
}

/* streamed = {operand class = {bits, rates, energy}}: the rates suffice for the bits. */
static bool cost_streams(const stream_cost_attr *c, stream_message *out) {
    MlirAttribute all = {NULL};
    if (!mlirAttributeIsNull(c->detail))
        all = mlirDictionaryAttrGetElementByName(c->detail,
                                                 mlirStringRefCreateFromCString("streamed"));
    if (mlirAttributeIsNull(all))
        return true;
    bool good = mlirAttributeIsADictionary(all);
    for (intptr_t i = 0; good && i < mlirDictionaryAttrGetNumElements(all); i++) {
        MlirNamedAttribute operand = mlirDictionaryAttrGetElement(all, i);
        MlirAttribute s = operand.attribute;
        good = stream_operand_word(mlirIdentifierStr(operand.name)) >= 0 &&
               mlirAttributeIsADictionary(s) && stream_entry(s, "offchip_energy_fj") >= 0 &&
               stream_entry(s, "buffer_bits") >= 0 &&
               in_time(stream_entry(s, "read_bits"), stream_entry(s, "read_bits_per_cycle"),
                       c->cycles) &&
               in_time(stream_entry(s, "write_bits"), stream_entry(s, "write_bits_per_cycle"),
                       c->cycles);
    }
    return good ||
           stream_refuse_attr(
               out,
               "streamed of @%.*s must be {I1, I2 or O = {read_bits, write_bits, "
               "read_bits_per_cycle, write_bits_per_cycle, offchip_energy_fj, buffer_bits}} with "
               "integers that are not negative and rates that move the bits in %" PRId64 " cycles",
               STREAM_SV(c->core), c->cycles);
}

bool stream_verify_cost(const stream_cost_attr *c, stream_message *out) {
    if (c->cycles < 1)
        return stream_refuse_attr(out, "cycles of @%.*s is %" PRId64 ", must be at least 1",
                                  STREAM_SV(c->core), c->cycles);
    if (c->energy_fj < 0 || c->mac_energy_fj < 0 || c->mac_energy_fj > c->energy_fj)
        return stream_refuse_attr(
            out,
            "energies of @%.*s must obey 0 <= mac_energy_fj <= energy_fj, got "
            "%" PRId64 " and %" PRId64,
            STREAM_SV(c->core), c->mac_energy_fj, c->energy_fj);
    if (c->has_utilization && !(c->utilization >= 0 && c->utilization <= 1))
        return stream_refuse_attr(out, "utilization of @%.*s is %g, must be in [0, 1]",
                                  STREAM_SV(c->core), c->utilization);
    return cost_parts(c, out) && cost_energies(c, out) && cost_streams(c, out);
}

/* ---- #stream.plan */

static bool plan_loops(const char *what, const int64_t *values, intptr_t n, stream_message *out) {
    for (intptr_t i = 0; i < n; i++)
        if (values[i] < 0)
            return stream_refuse_attr(out, "%s of loop %td is %" PRId64 ", must not be negative",
                                      what, (ptrdiff_t)i, values[i]);
    return true;
}

static bool plan_cores(const stream_plan_attr *plan, stream_message *out) {
    stream_vec names = STREAM_VEC(const void *);
    for (intptr_t i = 0; i < plan->n_cores; i++)
        *(const void **)stream_vec_push(&names) = plan->cores[i].data;
    intptr_t repeat = stream_first_repeat(names.data, plan->n_cores);
    stream_vec_free(&names);
    return repeat < 0 ||
           stream_refuse_attr(out, "core @%.*s is listed twice", STREAM_SV(plan->cores[repeat]));
}

static bool plan_fuse(const stream_plan_attr *plan, stream_message *out) {
    static const char *const words[] = {"never", "always"};
    int word = plan->fuse.length ? (int)find(plan->fuse, words, 2) : 0;
    if (word < 0)
        return stream_refuse_attr(out, "fuse is 'never' or 'always', not '%.*s'",
                                  STREAM_SV(plan->fuse));
    return word == 0 ||
           !(plan->has_stack || plan->n_tile || plan->n_split || plan->n_cores || plan->streams) ||
           stream_refuse_attr(out, "an op with 'fuse = always' has the stack, tiles, splits, "
                                   "cores and streams of the layer that it is fused into");
}

bool stream_verify_plan(const stream_plan_attr *plan, stream_message *out) {
    if (plan->has_stack && plan->stack < 0)
        return stream_refuse_attr(out, "stack is %" PRId64 ", must not be negative", plan->stack);
    if (plan->streams < 0 || plan->streams > 7)
        return stream_refuse_attr(out, "streams is %" PRId64 ", which is no set of I1, I2 and O",
                                  plan->streams);
    if (!plan_cores(plan, out) || !plan_fuse(plan, out))
        return false;
    return plan_loops("tile", plan->tile, plan->n_tile, out) &&
           plan_loops("split", plan->split, plan->n_split, out);
}

/* ---- #stream.port */

bool stream_verify_port(const stream_port_attr *port, stream_message *out) {
    static const char *const kinds[] = {"read", "write", "read_write"};
    if (find(port->kind, kinds, 3) < 0)
        return stream_refuse_attr(out, "port '%.*s' is 'read', 'write' or 'read_write', not '%.*s'",
                                  STREAM_SV(port->name), STREAM_SV(port->kind));
    if (port->min_bits < 1 || port->max_bits < port->min_bits)
        return stream_refuse_attr(
            out, "bandwidth of port '%.*s' must obey 1 <= min <= max, got %" PRId64 " to %" PRId64,
            STREAM_SV(port->name), port->min_bits, port->max_bits);
    unsigned seen = 0;
    for (intptr_t i = 0; i < port->n_serves; i++) {
        int64_t s = port->serves[i];
        if (s < 0 || s >= 12)
            return stream_refuse_attr(out,
                                      "port '%.*s' serves %" PRId64 ", which is no operand and "
                                      "direction",
                                      STREAM_SV(port->name), s);
        if (seen >> s & 1)
            return stream_refuse_attr(out, "port '%.*s' lists '%s %s' twice", STREAM_SV(port->name),
                                      stream_operand_words[s / 4], stream_direction_words[s % 4]);
        seen |= 1u << s;
    }
    return true;
}

/* ---- attributes on other ops */

typedef bool (*rule)(MlirOperation op, MlirStringRef name, MlirAttribute value);

static bool kind(MlirOperation op, MlirStringRef name, bool right, const char *wanted) {
    return right || stream_refuse(op, "attribute '%.*s' must be %s", STREAM_SV(name), wanted);
}

static bool is_string(MlirOperation op, MlirStringRef name, MlirAttribute value) {
    return kind(op, name, mlirAttributeIsAString(value), "a string");
}

static bool begins_with(MlirOperation op, const char *prefix) {
    MlirStringRef name = mlirIdentifierStr(mlirOperationGetName(op));
    size_t n = strlen(prefix);
    return name.length >= n && memcmp(name.data, prefix, n) == 0;
}

/* Arithmetic on whole tensors, which constants are not. */
static bool is_tensor_arithmetic(MlirOperation op) {
    return (begins_with(op, "arith.") || begins_with(op, "math.")) &&
           mlirOperationGetNumOperands(op) > 0 && mlirOperationGetNumResults(op) == 1 &&
           mlirTypeIsARankedTensor(mlirValueGetType(mlirOperationGetResult(op, 0)));
}

/* Slices with scalars among their offsets; others move no data. */
static bool is_moving_slice(MlirOperation op) {
    bool inserts = stream_is(op, "tensor.insert_slice");
    return (inserts || stream_is(op, "tensor.extract_slice")) &&
           mlirOperationGetNumOperands(op) > (inserts ? 2 : 1);
}

/* An op that can be a layer of a network. */
static bool is_layer(MlirOperation op) {
    return begins_with(op, "linalg.") || stream_is(op, "scf.for") || is_tensor_arithmetic(op) ||
           is_moving_slice(op);
}

static bool is_plan(MlirOperation op, MlirStringRef name, MlirAttribute value) {
    if (!is_layer(op))
        return stream_refuse(
            op,
            "attribute '%.*s' belongs on linalg ops, loops, arithmetic on tensors and "
            "slices at offsets that are scalars",
            STREAM_SV(name));
    return kind(op, name, stream_attr_is_plan(value), "a #stream.plan");
}

static bool is_reassociated(MlirOperation op, MlirStringRef name, MlirAttribute value) {
    if (!stream_is(op, "stream.ct") && !stream_is(op, "linalg.generic"))
        return stream_refuse(op, "attribute '%.*s' belongs on stream.ct and linalg.generic",
                             STREAM_SV(name));
    return kind(op, name, mlirAttributeIsAUnit(value), "a unit attribute");
}

static bool on_function(MlirOperation op, MlirStringRef name) {
    return stream_is(op, "func.func") ||
           stream_refuse(op, "attribute '%.*s' belongs on functions", STREAM_SV(name));
}

static bool entry_is_string(MlirAttribute dictionary, const char *key) {
    MlirAttribute entry =
        mlirDictionaryAttrGetElementByName(dictionary, mlirStringRefCreateFromCString(key));
    return !mlirAttributeIsNull(entry) && mlirAttributeIsAString(entry);
}

/* Where there is such an entry: an array of attributes that are right. */
static bool entries_are(MlirAttribute dictionary, const char *key, bool (*right)(MlirAttribute)) {
    MlirAttribute list =
        mlirDictionaryAttrGetElementByName(dictionary, mlirStringRefCreateFromCString(key));
    if (mlirAttributeIsNull(list))
        return true;
    bool all = mlirAttributeIsAArray(list);
    for (intptr_t i = 0; all && i < mlirArrayAttrGetNumElements(list); i++)
        all = right(mlirArrayAttrGetElement(list, i));
    return all;
}

static bool is_operand_class(MlirAttribute entry) {
    return mlirAttributeIsAString(entry) && stream_operand_word(mlirStringAttrGetValue(entry)) >= 0;
}

static bool is_kernel(MlirOperation op, MlirStringRef name, MlirAttribute value) {
    bool right = mlirAttributeIsADictionary(value) && entry_is_string(value, "layer") &&
                 entry_is_string(value, "operator") &&
                 entries_are(value, "streams", is_operand_class);
    return on_function(op, name) &&
           kind(op, name, right,
                "a dictionary with the strings 'layer' and 'operator', and perhaps 'streams', a "
                "list of \"I1\", \"I2\" and \"O\"");
}

static bool is_costs(MlirOperation op, MlirStringRef name, MlirAttribute value) {
    if (!is_layer(op) && !stream_is(op, "func.func"))
        return stream_refuse(op, "attribute '%.*s' belongs on functions and ops that can be layers",
                             STREAM_SV(name));
    if (!kind(op, name, mlirAttributeIsAArray(value), "an array"))
        return false;
    stream_vec cores = STREAM_VEC(const void *);
    bool right = true;
    for (intptr_t i = 0; right && i < mlirArrayAttrGetNumElements(value); i++) {
        MlirAttribute entry = mlirArrayAttrGetElement(value, i);
        right = kind(op, name, stream_attr_is_cost(entry), "an array of #stream.cost");
        if (right)
            *(const void **)stream_vec_push(&cores) = stream_cost_attr_value(entry).core.data;
    }
    intptr_t repeat = right ? stream_first_repeat(cores.data, (intptr_t)cores.n) : -1;
    stream_vec_free(&cores);
    if (repeat < 0)
        return right;
    MlirStringRef core = stream_cost_attr_value(mlirArrayAttrGetElement(value, repeat)).core;
    return stream_refuse(op, "has two costs for core @%.*s", STREAM_SV(core));
}

static bool is_one_of(MlirAttribute value, const char *const *names, size_t n) {
    for (size_t i = 0; mlirAttributeIsAString(value) && i < n; ++i)
        if (stream_same(mlirStringAttrGetValue(value), names[i]))
            return true;
    return false;
}

static bool is_objective(MlirOperation op, MlirStringRef name, MlirAttribute value) {
    static const char *const names[] = {"latency", "energy", "edp"};
    return on_function(op, name) &&
           kind(op, name, is_one_of(value, names, sizeof names / sizeof *names),
                "\"latency\", \"energy\" or \"edp\"");
}

static bool is_policy(MlirOperation op, MlirStringRef name, MlirAttribute value) {
    static const char *const names[] = {"latency", "memory", "ahead", "demand", "given"};
    return on_function(op, name) &&
           kind(op, name, is_one_of(value, names, sizeof names / sizeof *names),
                "\"latency\", \"memory\", \"ahead\", \"demand\" or \"given\"");
}

static bool ends_with(MlirStringRef s, const char *end) {
    size_t n = strlen(end);
    return s.length >= n && memcmp(s.data + s.length - n, end, n) == 0;
}

/* Quantities of the summary, known by their unit, are counts. */
static bool is_schedule(MlirOperation op, MlirStringRef name, MlirAttribute value) {
    if (!on_function(op, name) ||
        !kind(op, name, mlirAttributeIsADictionary(value), "a dictionary"))
        return false;
    for (intptr_t i = 0; i < mlirDictionaryAttrGetNumElements(value); i++) {
        MlirNamedAttribute entry = mlirDictionaryAttrGetElement(value, i);
        MlirStringRef key = mlirIdentifierStr(entry.name);
        bool counts = ends_with(key, "_cycles") || ends_with(key, "_fj") ||
                      ends_with(key, "_bits") || ends_with(key, "_count");
        if (counts && (!mlirAttributeIsAInteger(entry.attribute) ||
                       mlirIntegerAttrGetValueInt(entry.attribute) < 0))
            return stream_refuse(op, "'%.*s' of '%.*s' must be an integer >= 0", STREAM_SV(key),
                                 STREAM_SV(name));
    }
    return true;
}

static bool is_operand(MlirOperation op, MlirStringRef name, MlirAttribute value) {
    bool right =
        mlirAttributeIsAString(value) && stream_operand_word(mlirStringAttrGetValue(value)) >= 0;
    return kind(op, name, right, "\"I1\", \"I2\" or \"O\"");
}

static bool entry_is(MlirAttribute dictionary, const char *name, const char *a, const char *b) {
    MlirAttribute entry =
        mlirDictionaryAttrGetElementByName(dictionary, mlirStringRefCreateFromCString(name));
    return !mlirAttributeIsNull(entry) && mlirAttributeIsAString(entry) &&
           (stream_same(mlirStringAttrGetValue(entry), a) ||
            stream_same(mlirStringAttrGetValue(entry), b));
}

static bool is_tiling(MlirOperation op, MlirStringRef name, MlirAttribute value) {
    bool right = mlirAttributeIsADictionary(value) &&
                 entry_is(value, "fusion", "capacity", "layer-by-layer") &&
                 entry_is(value, "shape", "fewest", "cheapest") &&
                 entries_are(value, "cores", mlirAttributeIsAFlatSymbolRef);
    if (right) {
        MlirAttribute rows =
            mlirDictionaryAttrGetElementByName(value, mlirStringRefCreateFromCString("rows"));
        right = !mlirAttributeIsNull(rows) && mlirAttributeIsAInteger(rows) &&
                mlirIntegerAttrGetValueInt(rows) > 0;
    }
    return on_function(op, name) &&
           kind(op, name, right,
                "a dictionary with fusion (\"capacity\" or \"layer-by-layer\"), rows (at least 1), "
                "shape (\"fewest\" or \"cheapest\") and, if not for all, cores ([@core, ...])");
}

typedef struct {
    const char *name;
    rule check;
} known;

static const known on_ops[] = {
    {"stream.layer", is_string},  {"stream.operator", is_string},
    {"stream.plan", is_plan},     {"stream.reassociated", is_reassociated},
    {"stream.kernel", is_kernel}, {"stream.costs", is_costs},
    {"stream.policy", is_policy}, {"stream.schedule", is_schedule},
    {"stream.tiling", is_tiling}, {"stream.objective", is_objective},
};
static const known on_arguments[] = {{"stream.name", is_string}, {"stream.operand", is_operand}};
static const known on_results[] = {{"stream.name", is_string}};

static bool verify_known(MlirOperation op, MlirStringRef name, MlirAttribute value,
                         const known *table, size_t n, const char *where) {
    for (size_t i = 0; i < n; i++)
        if (stream_same(name, table[i].name))
            return table[i].check(op, name, value);
    return stream_refuse(op, "unknown attribute '%.*s' on %s", STREAM_SV(name), where);
}

#define COUNT(table) (sizeof(table) / sizeof *(table))

bool stream_verify_op_attribute(MlirOperation op, MlirStringRef name, MlirAttribute value) {
    return verify_known(op, name, value, on_ops, COUNT(on_ops), "an op");
}

bool stream_verify_argument_attribute(MlirOperation op, MlirStringRef name, MlirAttribute value) {
    return verify_known(op, name, value, on_arguments, COUNT(on_arguments), "an argument");
}

bool stream_verify_result_attribute(MlirOperation op, MlirStringRef name, MlirAttribute value) {
    return verify_known(op, name, value, on_results, COUNT(on_results), "a result");
}
