#include "annotate_streams.h"

#include "convert/ir.h"

#include "stream/support/integer.h"

#include <inttypes.h>
#include <stdio.h>

static bool add(stream_kernel_boxes *out, MlirType type, uint8_t operand) {
    int64_t shape[STREAM_MAX_RANK], bits;
    int32_t rank;
    if (!stream_ir_shape(type, &rank, shape))
        return true;
    bits = stream_ir_element_bits(mlirShapedTypeGetElementType(type));
    for (int32_t d = 0; d < rank; ++d)
        if (!stream_mul_i64(bits, shape[d], &bits))
            return false;
    out->operand[out->n] = operand;
    out->bits[out->n++] = bits;
    return true;
}

static int32_t operand_of(MlirAttribute arg_attrs, intptr_t i) {
    MlirStringRef text;
    if (i >= stream_ir_length(arg_attrs) ||
        !stream_ir_as_string(
            stream_ir_entry(mlirArrayAttrGetElement(arg_attrs, i), "stream.operand"), &text))
        return -1;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (stream_ir_str_is(text, stream_operand_class_name((stream_operand_class)o)))
            return o;
    return -1;
}

bool stream_kernel_boxes_of(MlirOperation function, stream_arena *arena, stream_kernel_boxes *out) {
    MlirType type = mlirTypeAttrGetValue(stream_ir_attr(function, "function_type"));
    MlirAttribute attrs = stream_ir_attr(function, "arg_attrs");
    intptr_t n_inputs = mlirFunctionTypeGetNumInputs(type);
    size_t most = (size_t)(n_inputs + mlirFunctionTypeGetNumResults(type));
    *out = (stream_kernel_boxes){.bits = STREAM_NEW(arena, int64_t, most),
                                 .operand = STREAM_NEW(arena, uint8_t, most)};
    for (intptr_t i = 0; i < n_inputs; ++i) {
        int32_t operand = operand_of(attrs, i);
        if ((operand == STREAM_I1 || operand == STREAM_I2) &&
            !add(out, mlirFunctionTypeGetInput(type, i), (uint8_t)operand))
            return false;
    }
    for (intptr_t i = 0; i < mlirFunctionTypeGetNumResults(type); ++i)
        if (!add(out, mlirFunctionTypeGetResult(type, i), STREAM_O))
            return false;
    return true;
}

static bool instance_fits(const stream_accelerator *acc, int32_t core, int32_t instance,
                          const stream_kernel_boxes *boxes, uint8_t streamed,
                          const stream_operand_stream *streams) {
    const int32_t *top = &acc->top[core * STREAM_N_OPERANDS];
    int64_t word = acc->instances[instance].word_bits, bits = 0;
    for (int32_t i = 0; i < boxes->n; ++i)
        if (top[boxes->operand[i]] == instance && !(streamed >> boxes->operand[i] & 1) &&
            !stream_add_i64(bits, stream_round_up(boxes->bits[i], word), &bits))
            return false;
    for (int32_t o = 0; streams && o < STREAM_N_OPERANDS; ++o)
        if (top[o] == instance && streamed >> o & 1)
            bits += stream_round_up(streams[o].buffer_bits, word);
    return bits <= acc->instances[instance].size_bits;
}

bool stream_boxes_fit(const stream_accelerator *acc, int32_t core, const stream_kernel_boxes *boxes,
                      uint8_t streamed, const stream_operand_stream *streams) {
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        int32_t instance = acc->top[core * STREAM_N_OPERANDS + o];
        if (instance >= 0 && !instance_fits(acc, core, instance, boxes, streamed, streams))
            return false;
    }
    return true;
}

static int64_t bits_of(const stream_kernel_boxes *boxes, uint8_t operands) {
    int64_t bits = 0;
    for (int32_t i = 0; i < boxes->n; ++i)
        if (operands >> boxes->operand[i] & 1 && !stream_add_i64(bits, boxes->bits[i], &bits))
            return INT64_MAX;
    return bits;
}

uint8_t stream_boxes_must_stream(const stream_accelerator *acc, int32_t core,
                                 const stream_kernel_boxes *boxes) {
    const uint8_t all = (1u << STREAM_N_OPERANDS) - 1;
    uint8_t best = all;
    for (uint8_t set = 0; set < all; ++set) {
        int32_t more = stream_count_bits(set) - stream_count_bits(best);
        if (stream_boxes_fit(acc, core, boxes, set, NULL) &&
            (more < 0 || (more == 0 && bits_of(boxes, set) < bits_of(boxes, best))))
            best = set;
    }
    return best;
}

stream_boxes_text stream_boxes_describe(const stream_kernel_boxes *boxes) {
    stream_boxes_text out;
    snprintf(out.text, sizeof out.text, "I1 %" PRId64 ", I2 %" PRId64 ", O %" PRId64 " bits",
             bits_of(boxes, 1u << STREAM_I1), bits_of(boxes, 1u << STREAM_I2),
             bits_of(boxes, 1u << STREAM_O));
    return out;
}
