/* Compute cores by their way to off-chip memory and by class; see stream/hardware/kinds.h. */

#include "stream/hardware/kinds.h"

#include "stream/hardware/route.h"
#include "stream/support/integer.h"
#include "stream/support/sort.h"

/* What is fetched to measure a way, and a difference that does not count. */
#define BLOCK_BITS  65536
#define LEAST_OTHER 64

/* The first top memory that the core has. */
static int32_t top_of(const stream_accelerator *acc, int32_t core) {
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (acc->top[core * STREAM_N_OPERANDS + o] >= 0)
            return acc->top[core * STREAM_N_OPERANDS + o];
    return acc->offchip_instance;
}

static int64_t way_of(const stream_accelerator *acc, stream_routes *routes, int32_t core) {
    int32_t to = top_of(acc, core);
    if (to == acc->offchip_instance)
        return 0;
    const stream_route *route = stream_routes_between(routes, acc->offchip_instance, to);
    int32_t port = stream_accelerator_port(acc, acc->offchip_instance, STREAM_I1, false);
    if (!route || route->n_hops == 0)
        return 0;
    int64_t bits = stream_min_i64(route->bandwidth_bits, acc->resources[port].bandwidth_bits);
    return stream_sum_i64(route->latency_cycles, stream_ceil_div(BLOCK_BITS, bits));
}

static int32_t find_rings(const stream_accelerator *acc, const stream_keyed *sorted, size_t n,
                          int32_t *ring_of) {
    int32_t ring = -1;
    uint64_t most = 0;
    for (int32_t c = 0; c < acc->n_cores; ++c)
        ring_of[c] = -1;
    for (size_t i = 0; i < n; ++i) {
        if (ring < 0 || sorted[i].key > most) {
            ++ring;
            most = sorted[i].key + (uint64_t)stream_max_i64((int64_t)sorted[i].key, LEAST_OTHER);
        }
        ring_of[sorted[i].value] = ring;
    }
    return ring + 1;
}

static int32_t find_kinds(const stream_accelerator *acc, const int32_t *ring_of, int32_t n_rings,
                          stream_arena *arena, int32_t *kind_of) {
    int32_t *kind_of_class = STREAM_NEW(arena, int32_t, (size_t)acc->n_cores);
    int32_t n = 0;
    for (int32_t c = 0; c < acc->n_cores; ++c)
        kind_of[c] = kind_of_class[c] = -1;
    for (int32_t ring = 0, first = 0; ring < n_rings; ++ring, first = n)
        for (int32_t c = 0; c < acc->n_cores; ++c) {
            if (ring_of[c] != ring)
                continue;
            if (kind_of_class[acc->class_of[c]] < first)
                kind_of_class[acc->class_of[c]] = n++;
            kind_of[c] = kind_of_class[acc->class_of[c]];
        }
    return n;
}

void stream_core_kinds_find(const stream_accelerator *acc, stream_arena *arena,
                            stream_core_kinds *out) {
    size_t n = 0, n_cores = (size_t)acc->n_cores;
    stream_keyed *sorted = STREAM_NEW(arena, stream_keyed, n_cores);
    stream_routes *routes = stream_routes_create(acc, arena);
    int32_t *ring_of = STREAM_NEW(arena, int32_t, n_cores);
    int32_t *kind_of = STREAM_NEW(arena, int32_t, n_cores);
    for (int32_t c = 0; c < acc->n_cores; ++c)
        if (acc->cores[c].kind == STREAM_CORE_COMPUTE)
            sorted[n++] = (stream_keyed){(uint64_t)way_of(acc, routes, c), c};
    stream_sort_keyed(sorted, n, STREAM_NEW(arena, stream_keyed, n_cores));
    out->n_rings = find_rings(acc, sorted, n, ring_of);
    out->n_kinds = find_kinds(acc, ring_of, out->n_rings, arena, kind_of);
    out->ring_of = ring_of;
    out->kind_of = kind_of;
}
