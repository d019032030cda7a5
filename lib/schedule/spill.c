/* Where evicted data goes: to the memory of another core if that is cheaper than off-chip; see
 * engine.h. */

#include "engine.h"

#include "stream/support/integer.h"

/* What memories are compared by: bits that move there and back. */
#define SAMPLE_BITS 4096

static int64_t route_energy_fj(const engine *e, int32_t from, uint8_t from_operand, int32_t to,
                               uint8_t to_operand) {
    const stream_accelerator *acc = e->m->acc;
    const stream_route *route = stream_engine_route(e, from, to);
    int64_t fj =
        stream_port_energy_fj(acc, port_of(e->m, from, from_operand, false), SAMPLE_BITS, false) +
        stream_port_energy_fj(acc, port_of(e->m, to, to_operand, true), SAMPLE_BITS, true);
    for (int32_t i = 0; i < route->n_hops; ++i)
        fj += stream_fj(SAMPLE_BITS *
                        acc->links[acc->resources[route->resources[i]].link].pj_per_bit);
    return fj;
}

/* There and back; -1: there is no way. */
static int64_t round_trip_fj(const engine *e, int32_t from, uint8_t from_operand, int32_t to,
                             uint8_t to_operand) {
    if (!stream_engine_route(e, from, to) || !stream_engine_route(e, to, from))
        return -1;
    return route_energy_fj(e, from, from_operand, to, to_operand) +
           route_energy_fj(e, to, to_operand, from, from_operand);
}

bool stream_engine_pays(const engine *e, int32_t near, int32_t instance, uint8_t operand) {
    int32_t offchip = e->m->acc->offchip_instance;
    if (!stream_engine_route(e, near, instance))
        return false;
    return route_energy_fj(e, near, operand, instance, operand) +
               stream_port_energy_fj(e->m->acc, port_of(e->m, near, operand, true), SAMPLE_BITS,
                                     true) <
           route_energy_fj(e, offchip, operand, instance, operand);
}

/* Of a sample that goes there and back with nothing in its way. */
static int64_t round_trip_cycles(const engine *e, int32_t from, int32_t to) {
    const stream_route *there = stream_engine_route(e, from, to);
    const stream_route *back = stream_engine_route(e, to, from);
    return stream_ceil_div(SAMPLE_BITS, there->bandwidth_bits) + there->latency_cycles +
           stream_ceil_div(SAMPLE_BITS, back->bandwidth_bits) + back->latency_cycles;
}

/* An operand class that the memory holds. */
static uint8_t held_operand(const engine *e, int32_t instance) {
    int32_t core = e->m->acc->instances[instance].core;
    for (uint8_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (instance_of(e->m, core, o) == instance)
            return o;
    return STREAM_O;
}

/* Keeps the list sorted by cycles; of equal ones the lower instance comes first. */
static void insert(near_list *list, near_memory item) {
    int32_t at = list->n;
    for (; at > 0 && item.cycles < list->items[at - 1].cycles; --at)
        if (at < STREAM_MOST_NEAR)
            list->items[at] = list->items[at - 1];
    if (at < STREAM_MOST_NEAR)
        list->items[at] = item;
    list->n += list->n < STREAM_MOST_NEAR;
}

static near_list *near_of(engine *e, int32_t instance, uint8_t operand) {
    near_list *list = &e->near[instance * STREAM_N_OPERANDS + operand];
    int32_t offchip = e->m->acc->offchip_instance;
    if (list->known)
        return list;
    list->known = true;
    if (!stream_engine_route(e, instance, offchip) || !stream_engine_route(e, offchip, instance))
        return list;
    int64_t far = route_energy_fj(e, instance, operand, offchip, STREAM_O) +
                  route_energy_fj(e, offchip, operand, instance, operand);
    for (int32_t i = 0; i < e->m->acc->n_instances; ++i) {
        if (i == offchip || i == instance)
            continue;
        uint8_t held = held_operand(e, i);
        int64_t fj = round_trip_fj(e, instance, operand, i, held);
        if (fj >= 0 && fj < far)
            insert(list, (near_memory){i, held, round_trip_cycles(e, instance, i)});
    }
    return list;
}

/* Free room for it that leaves half of the memory to others. */
static bool find_room(engine *e, int32_t instance, int64_t bits, int64_t from, memory_window *out) {
    memory_map *map = &e->maps[instance];
    return map->live + bits <= map->size / 2 &&
           stream_memory_map_find(map, bits, from, MEMORY_FIT_HIGH, out);
}

bool stream_engine_spill(engine *e, int32_t datum) {
    int32_t from = e->data[datum].primary;
    const buffer b = *buffer_at(e, from);
    const stream_box box = *box_of(e, from);
    int64_t bits = stream_engine_bits(e, from);
    quote far, q;
    if (b.spilled ||
        !stream_engine_quote(e, from, e->m->acc->offchip_instance, STREAM_O, bits, 0, &far))
        return false;
    const near_list *list = near_of(e, b.instance, b.operand);
    for (int32_t i = 0; i < list->n; ++i) {
        near_memory at = list->items[i];
        memory_window window;
        if (is_cleared(e, at.instance) ||
            !find_room(e, at.instance, stream_engine_rounded(e, at.instance, bits),
                       e->data[datum].times.complete, &window) ||
            !stream_engine_quote(e, from, at.instance, at.operand, bits, window.free_from, &q) ||
            q.end > far.end)
            continue;
        (void)stream_engine_uses(e, from); /* it will be primary no more */
        int32_t to = stream_engine_add_primary(e, datum, at.instance, at.operand, &box, &window);
        buffer_at(e, to)->spilled = true;
        stream_engine_book(e, &q, to, bits);
        stream_engine_set_primary(e, to);
        return true;
    }
    return false;
}
