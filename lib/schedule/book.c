/* Booked transfers: bandwidth, energy, records; see engine.h. */

#include "engine.h"

#include "stream/support/integer.h"

static void add_energy(int64_t *sum, int64_t part, bool *overflow) {
    *overflow |= !stream_add_i64(*sum, part, sum);
}

static void account(engine *e, const quote *q, int64_t bits, int32_t from, int32_t to) {
    const stream_accelerator *acc = e->m->acc;
    for (int32_t i = 0; i < q->route->n_hops; ++i) {
        const stream_link *link = &acc->links[acc->resources[q->route->resources[i]].link];
        add_energy(&e->link_energy_fj, stream_fj((double)bits * link->pj_per_bit), &e->overflow);
    }
    add_energy(&e->memory_energy_fj, stream_port_energy_fj(acc, q->read_port, bits, false),
               &e->overflow);
    add_energy(&e->memory_energy_fj, stream_port_energy_fj(acc, q->write_port, bits, true),
               &e->overflow);
    if (from == acc->offchip_instance)
        add_energy(&e->score.offchip_read_bits, bits, &e->overflow);
    if (to == acc->offchip_instance)
        add_energy(&e->score.offchip_write_bits, bits, &e->overflow);
}

static void use_bandwidth(engine *e, const quote *q) {
    for (int32_t i = 0; i < q->route->n_hops; ++i)
        stream_profile_use(&e->profiles[q->route->resources[i]], q->start, q->end, q->rate);
    for (int32_t i = 0; i < q->n_ports; ++i)
        stream_profile_use(&e->profiles[q->ports[i]], q->start, q->end, q->rate);
}

static int32_t record(engine *e, const quote *q, int32_t target_id) {
    const buffer *target = buffer_at(e, target_id), *source = buffer_at(e, q->source);
    const memory_map *from = &e->maps[source->instance], *to = &e->maps[target->instance];
    int32_t id = (int32_t)e->targets.n;
    *(int32_t *)stream_vec_push(&e->first_target) = id;
    *(stream_transfer_target *)stream_vec_push(&e->targets) = (stream_transfer_target){
        .instance = target->instance, .address = stream_memory_map_address(to, target->segment)};
    *(stream_transfer *)stream_vec_push(&e->transfers) =
        (stream_transfer){.tensor = datum_tensor(e->m, target->datum),
                          .box = *box_of(e, target_id),
                          .writer = target->datum < e->m->graph->n_cts ? target->datum : -1,
                          .source = source->instance,
                          .source_address = stream_memory_map_address(from, source->segment),
                          .source_operand = q->source_operand,
                          .target_operand = target->operand,
                          .n_targets = 1,
                          .resources = q->route->resources,
                          .n_resources = q->route->n_hops,
                          .rate_bits = q->rate,
                          .latency_cycles = q->route->latency_cycles,
                          .start = q->start,
                          .end = q->end};
    return id;
}

void stream_engine_book(engine *e, const quote *q, int32_t target, int64_t bits) {
    buffer *b = buffer_at(e, target), *source = buffer_at(e, q->source);
    use_bandwidth(e, q);
    account(e, q, bits, source->instance, b->instance);
    stream_engine_complete(e, target, q->start, q->end);
    b->origin = BUFFER_OF_TRANSFER;
    buffer_times *times = times_of(e, q->source);
    times->last_use = stream_max_i64(times->last_use, q->end);
    e->score.latency_cycles = stream_max_i64(e->score.latency_cycles, q->end);
    e->least = stream_max_i64(e->least, q->end);
    e->score.transfers++;
    if (e->record)
        detail_at(e, target)->event = record(e, q, target);
}

static void record_branch(engine *e, const buffer *b, const int32_t *links, int32_t n_links) {
    size_t transfer = e->transfers.n - 1;
    STREAM_AT(stream_transfer, e->transfers, transfer).n_targets++;
    *(stream_transfer_target *)stream_vec_push(&e->targets) = (stream_transfer_target){
        .instance = b->instance,
        .address = stream_memory_map_address(&e->maps[b->instance], b->segment)};
    if (n_links == 0)
        return;
    *(int32_t *)stream_vec_push(&e->trees) = (int32_t)transfer;
    *(int32_t *)stream_vec_push(&e->trees) = n_links;
    for (int32_t i = 0; i < n_links; ++i)
        *(int32_t *)stream_vec_push(&e->trees) = links[i];
}

void stream_engine_book_branch(engine *e, const quote *q, int32_t target, const int32_t *links,
                               int32_t n_links) {
    const stream_accelerator *acc = e->m->acc;
    buffer *b = buffer_at(e, target);
    int64_t bits = q->bits;
    int32_t port = port_of(e->m, b->instance, b->operand, true);
    for (int32_t i = 0; i < n_links; ++i) {
        const stream_link *link = &acc->links[acc->resources[links[i]].link];
        add_energy(&e->link_energy_fj, stream_fj((double)bits * link->pj_per_bit), &e->overflow);
        stream_profile_use(&e->profiles[links[i]], q->start, q->end, q->rate);
    }
    add_energy(&e->memory_energy_fj, stream_port_energy_fj(acc, port, bits, true), &e->overflow);
    if (!e->m->is_ample[port])
        stream_profile_use(&e->profiles[port], q->start, q->end, q->rate);
    stream_engine_complete(e, target, q->start, q->end);
    b->origin = BUFFER_OF_TRANSFER;
    if (!e->record)
        return;
    detail_at(e, target)->event = (int32_t)e->targets.n;
    record_branch(e, b, links, n_links);
}
