/* What is taken of links and ports; see stream/schedule/demands.h. */

#include "stream/schedule/demands.h"

static void add(stream_vec *demands, int32_t resource, int64_t rate_bits) {
    if (resource < 0 || rate_bits == 0)
        return;
    for (size_t i = 0; i < demands->n; ++i)
        if (STREAM_AT(stream_demand, *demands, i).resource == resource) {
            STREAM_AT(stream_demand, *demands, i).rate_bits += rate_bits;
            return;
        }
    *(stream_demand *)stream_vec_push(demands) = (stream_demand){resource, rate_bits};
}

void stream_demand_of_transfer(const stream_accelerator *acc, const stream_transfer *t,
                               stream_vec *demands) {
    for (int32_t r = 0; r < t->n_resources; ++r)
        add(demands, t->resources[r], t->rate_bits);
    add(demands, stream_accelerator_port(acc, t->source, t->source_operand, false), t->rate_bits);
    for (int32_t k = 0; k < t->n_targets; ++k)
        add(demands, stream_accelerator_port(acc, t->targets[k].instance, t->target_operand, true),
            t->rate_bits);
}

static void add_flow(const stream_accelerator *acc, const stream_ct_stream *s, bool write,
                     stream_vec *demands) {
    const stream_flow *flow = write ? &s->write : &s->read;
    for (int32_t r = 0; r < flow->n_resources; ++r)
        add(demands, flow->resources[r], flow->rate_bits);
    add(demands, stream_accelerator_port(acc, acc->offchip_instance, s->operand, write),
        flow->rate_bits);
}

void stream_demand_of_stream(const stream_accelerator *acc, const stream_ct_stream *s,
                             stream_vec *demands) {
    add_flow(acc, s, false, demands);
    add_flow(acc, s, true, demands);
}

void stream_demand_of_ct(const stream_accelerator *acc, const stream_schedule *s, int32_t ct,
                         stream_vec *demands) {
    const stream_ct_stream *streams = s->streams;
    int32_t low = 0, high = s->n_streams;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (streams[middle].ct < ct)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < s->n_streams && streams[low].ct == ct; ++low)
        stream_demand_of_stream(acc, &streams[low], demands);
}
