#include "schedule_route.h"

#include "stream/support/integer.h"

void stream_route_reader_open(const stream_accelerator *acc, stream_arena *arena,
                              stream_route_reader *out) {
    *out = (stream_route_reader){.acc = acc,
                                 .arena = arena,
                                 .reached = STREAM_NEW(arena, bool, (size_t)acc->n_cores),
                                 .delay = STREAM_NEW(arena, int64_t, (size_t)acc->n_cores)};
}

void stream_route_reader_close(stream_route_reader *r) {
    value_map_free(&r->link_of);
}

static bool sees(const stream_accelerator *acc, int32_t core, int32_t where) {
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (acc->top[core * STREAM_N_OPERANDS + o] == where)
            return true;
    return false;
}

static int32_t link_named(stream_route_reader *r, MlirAttribute symbol) {
    MlirValue key = {symbol.ptr};
    int32_t id = value_map_get(&r->link_of, key);
    MlirStringRef name;
    if (id >= 0 || !stream_ir_as_symbol(symbol, &name))
        return id;
    for (int32_t i = 0; i < r->acc->n_links && id < 0; ++i)
        if (stream_ir_str_is(name, r->acc->links[i].name))
            id = i;
    if (id >= 0)
        value_map_set(&r->link_of, key, id);
    return id;
}

static void reach(stream_route_reader *r, int32_t core, int64_t delay) {
    r->reached[core] = true;
    r->delay[core] = delay;
    r->longest = stream_max_i64(r->longest, delay);
}

/* Follows a link from a core that is reached to one that is not; -1: there is none such. */
static int32_t follow(stream_route_reader *r, int32_t link) {
    const stream_link *it = &r->acc->links[link];
    bool first = r->reached[it->cores[0]], second = r->reached[it->cores[1]];
    if (!it->bus) {
        if (first == second)
            return -1;
        reach(r, it->cores[first], r->delay[it->cores[second]] + it->latency_cycles);
        return r->acc->link_resource[link] + (second ? 1 : 0);
    }
    int64_t soonest = INT64_MAX;
    for (int32_t i = 0; i < it->n_cores; ++i)
        if (r->reached[it->cores[i]])
            soonest = stream_min_i64(soonest, r->delay[it->cores[i]]);
    for (int32_t i = 0; soonest != INT64_MAX && i < it->n_cores; ++i)
        if (!r->reached[it->cores[i]])
            reach(r, it->cores[i], soonest + it->latency_cycles);
    return soonest != INT64_MAX ? r->acc->link_resource[link] : -1;
}

static bool find_links(stream_route_reader *r, MlirAttribute over, int32_t n, int32_t *links) {
    for (int32_t i = 0; i < n; ++i) {
        links[i] = link_named(r, mlirArrayAttrGetElement(over, i));
        if (links[i] < 0)
            return false;
    }
    return true;
}

bool stream_route_read(stream_route_reader *r, int32_t source, MlirAttribute over,
                       stream_read_route *out) {
    int32_t n = (int32_t)stream_ir_length(over), left = n;
    int32_t *links = STREAM_NEW(r->arena, int32_t, (size_t)n);
    int32_t *resources = STREAM_NEW(r->arena, int32_t, (size_t)n);
    *out = (stream_read_route){resources, n, 0};
    if (!find_links(r, over, n, links))
        return false;
    for (int32_t i = 0; i < n; ++i)
        resources[i] = -1;
    r->longest = 0;
    for (int32_t c = 0; c < r->acc->n_cores; ++c) {
        r->reached[c] = sees(r->acc, c, source);
        r->delay[c] = 0;
    }
    for (bool progress = true; progress && left > 0;) {
        progress = false;
        for (int32_t i = 0; i < n; ++i)
            if (resources[i] < 0 && (resources[i] = follow(r, links[i])) >= 0) {
                progress = true;
                --left;
            }
    }
    for (int32_t i = 0; i < n; ++i)
        if (resources[i] < 0)
            resources[i] = r->acc->link_resource[links[i]];
    out->latency_cycles = r->longest;
    return true;
}
