/* Bits, ports and latencies that several rules need; see context.h. */

#include "context.h"

#include "stream/support/integer.h"

bool check_box_bits(const check *c, int32_t tensor, const stream_box *box, int64_t *out) {
    int64_t bits = c->graph->tensors[tensor].element_bits;
    for (int32_t d = 0; d < box->rank; ++d)
        if (!stream_mul_i64(bits, box->size[d], &bits))
            return false;
    *out = bits;
    return true;
}

int64_t check_bits(const check *c, int32_t tensor, const stream_box *box) {
    int64_t bits = 0;
    return check_box_bits(c, tensor, box, &bits) ? bits : INT64_MAX;
}

bool check_buffer_bits(const check *c, int32_t tensor, const stream_box *box, int32_t instance,
                       int64_t *out) {
    int64_t bits, word = c->acc->instances[instance].word_bits;
    return check_box_bits(c, tensor, box, &bits) &&
           stream_mul_i64(stream_ceil_div(bits, word), word, out);
}

int32_t check_read_port(const check *c, const stream_transfer *t) {
    return stream_accelerator_port(c->acc, t->source, (stream_operand_class)t->source_operand,
                                   false);
}

int32_t check_write_port(const check *c, const stream_transfer *t, int32_t target) {
    return stream_accelerator_port(c->acc, t->targets[target].instance,
                                   (stream_operand_class)t->target_operand, true);
}

int32_t check_top(const check *c, int32_t core, int32_t operand) {
    return c->acc->top[core * STREAM_N_OPERANDS + operand];
}
