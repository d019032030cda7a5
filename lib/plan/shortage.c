/* What is said and done about CTs that do not fit; see shortage.h. */

#include "shortage.h"

#include "stream/support/integer.h"
#include "stream/support/text.h"

int64_t stream_shortage_missing(const stream_accelerator *acc, const stream_shortage *s) {
    return s->needed_bits - acc->instances[s->instance].size_bits;
}

const char *stream_shortage_memory(const stream_accelerator *acc, const stream_shortage *s) {
    const stream_instance *memory = &acc->instances[s->instance];
    return acc->cores[memory->core].memories[memory->level].name;
}

void stream_shortage_operands(uint8_t operands, stream_text *out) {
    bool any = false;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        if (!(operands >> o & 1))
            continue;
        stream_text_print(out, "%s%s", any ? ", " : "",
                          stream_operand_class_name((stream_operand_class)o));
        any = true;
    }
}

stream_status stream_shortage_error(const stream_accelerator *acc, const stream_layer *layer,
                                    const stream_shortage *s, bool streaming,
                                    const stream_diag *diag) {
    const stream_instance *memory = &acc->instances[s->instance];
    stream_text pieces = {0};
    if (s->pieces > s->reads)
        stream_text_print(&pieces,
                          "; its inputs are in %lld pieces, as the tiles of other layers write "
                          "them, each in whole words of %lld bits",
                          (long long)s->pieces, (long long)memory->word_bits);
    stream_status status = stream_error(
        diag, STREAM_INFEASIBLE, layer->loc,
        "the smallest CT of layer '%s' needs %lld bits in memory '%s' of core '%s' "
        "(I1 %lld, I2 %lld, O %lld%s), which has %lld, %lld bits short: a memory of %lld bits, or "
        "smaller tiles of the loops that the plan fixes, would fit%s",
        layer->name, (long long)s->needed_bits, stream_shortage_memory(acc, s),
        acc->cores[s->core].name, (long long)s->bits[STREAM_I1], (long long)s->bits[STREAM_I2],
        (long long)s->bits[STREAM_O], pieces.data ? pieces.data : "", (long long)memory->size_bits,
        (long long)stream_shortage_missing(acc, s), (long long)s->needed_bits,
        streaming ? "" : "; or streaming, which is off");
    stream_text_free(&pieces);
    return status;
}

static int64_t bits_of(const stream_shortage *s, uint8_t operands) {
    int64_t bits = 0;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        bits += operands >> o & 1 ? s->bits[o] : 0;
    return bits;
}

/* Is set `a` the better one to try first? */
static bool comes_first(const stream_shortage *s, uint8_t a, uint8_t b) {
    if (stream_count_bits(a) != stream_count_bits(b))
        return stream_count_bits(a) < stream_count_bits(b);
    return bits_of(s, a) != bits_of(s, b) ? bits_of(s, a) < bits_of(s, b) : a < b;
}

int32_t stream_shortage_sets(const stream_accelerator *acc, const stream_shortage *s,
                             uint8_t *sets) {
    const stream_instance *offchip = &acc->instances[acc->offchip_instance];
    uint8_t held = acc->cores[offchip->core].memories[offchip->level].operands;
    int32_t n = 0;
    for (uint8_t set = 1; set < 1u << STREAM_N_OPERANDS; ++set) {
        if (set & ~held)
            continue;
        int32_t at = n++;
        for (; at > 0 && comes_first(s, set, sets[at - 1]); --at)
            sets[at] = sets[at - 1];
        sets[at] = set;
    }
    return n;
}

void stream_shortage_tell(const stream_accelerator *acc, const stream_layer *layer,
                          uint8_t streamed, const stream_shortage *s, const stream_diag *diag) {
    const stream_instance *memory = &acc->instances[s->instance];
    stream_text names = {0};
    stream_shortage_operands(streamed, &names);
    stream_remark(diag, layer->loc,
                  "layer '%s' streams %s from and to off-chip: its smallest CT needs %lld bits in "
                  "memory '%s' of core '%s' (I1 %lld, I2 %lld, O %lld), which has %lld",
                  layer->name, names.data, (long long)s->needed_bits,
                  stream_shortage_memory(acc, s), acc->cores[s->core].name,
                  (long long)s->bits[STREAM_I1], (long long)s->bits[STREAM_I2],
                  (long long)s->bits[STREAM_O], (long long)memory->size_bits);
    stream_text_free(&names);
}
