/* What streamed operands (rule R9) change in the lower bounds: their data need not cross into a
 * core's memory before the CT runs, nor leave after it; but the bits of the stream cross. See
 * bound.h. */

#include "bound.h"

#include "stream/support/integer.h"

static bool may_run(const stream_schedule_problem *p, int32_t i, int32_t core) {
    const stream_ct *ct = &p->graph->cts[i];
    return p->cores
               ? p->cores[i] == core
               : stream_bound_may_run(p, ct->kernel, ct->allowed_cores, ct->n_allowed_cores, core);
}

uint8_t stream_bound_may_stream(const stream_schedule_problem *p, int32_t i) {
    uint8_t operands = 0;
    for (int32_t c = 0; p->streams && c < p->acc->n_cores; ++c)
        if (may_run(p, i, c))
            operands |= stream_schedule_streamed(p, p->graph->cts[i].kernel, c);
    return operands;
}

static streamed_bits on_core(const stream_schedule_problem *p, int32_t kernel, int32_t core) {
    streamed_bits bits = {0};
    int64_t row = (int64_t)kernel * p->acc->n_cores + core;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (p->streams->operands[row] >> o & 1) {
            const stream_price_stream *s = &p->streams->of[row * STREAM_N_OPERANDS + o];
            bits.read += s->read_bits;
            bits.write += s->write_bits;
            bits.offchip_fj += s->offchip_fj;
        }
    return bits;
}

streamed_bits stream_bound_streamed(const stream_schedule_problem *p, int32_t i) {
    streamed_bits least = {INT64_MAX, INT64_MAX, INT64_MAX};
    bool any = false;
    for (int32_t c = 0; p->streams && c < p->acc->n_cores; ++c)
        if (may_run(p, i, c)) {
            streamed_bits bits = on_core(p, p->graph->cts[i].kernel, c);
            least.read = stream_min_i64(least.read, bits.read);
            least.write = stream_min_i64(least.write, bits.write);
            least.offchip_fj = stream_min_i64(least.offchip_fj, bits.offchip_fj);
            any = true;
        }
    return any ? least : (streamed_bits){0};
}
