/* What kernels stream from and to off-chip memory while they run (rule R9); see model.h. */

#include "model.h"

#include "stream/support/integer.h"
#include "stream/support/vec.h"

#include <inttypes.h>

typedef struct {
    model *m;
    const stream_schedule_problem *problem;
    int32_t core;
    kernel_streams *out;
    stream_vec demands; /* stream_demand */
} stream_adder;

static const stream_route nowhere = {.bandwidth_bits = INT64_MAX};

/* Of what compute cores stream, in both directions. */
static const stream_route **find_routes(const model *m, stream_arena *arena) {
    const stream_accelerator *acc = m->acc;
    stream_routes *routes = stream_routes_create(acc, arena);
    const stream_route **out =
        STREAM_NEW(arena, const stream_route *, (size_t)acc->n_cores *STREAM_N_OPERANDS * 2);
    for (int32_t i = 0; i < acc->n_cores * STREAM_N_OPERANDS; ++i) {
        int32_t top = acc->top[i], offchip = acc->offchip_instance;
        bool here = top < 0 || top == offchip;
        out[2 * i] = here ? &nowhere : stream_routes_between(routes, offchip, top);
        out[2 * i + 1] = here ? &nowhere : stream_routes_between(routes, top, offchip);
    }
    return out;
}

/* Rates of one CT on one resource are one demand. */
static void demand(stream_adder *a, int32_t resource, int64_t rate) {
    size_t first = (size_t)a->out->first_demand;
    for (size_t i = first; i < a->demands.n; ++i) {
        stream_demand *d = &STREAM_AT(stream_demand, a->demands, i);
        if (d->resource != resource)
            continue;
        d->rate_bits = stream_sum_i64(d->rate_bits, rate);
        return;
    }
    *(stream_demand *)stream_vec_push(&a->demands) = (stream_demand){resource, rate};
}

/* One operand in one direction. */
static void add_flow(stream_adder *a, uint8_t operand, bool write, int64_t bits, int64_t rate) {
    const model *m = a->m;
    const stream_route *route = stream_route_of(m, a->core, operand, write);
    if (bits == 0 && rate == 0)
        return;
    for (int32_t i = 0; route && i < route->n_hops; ++i) {
        const stream_resource *r = &m->acc->resources[route->resources[i]];
        demand(a, route->resources[i], rate);
        a->out->link_fj = stream_sum_i64(
            a->out->link_fj, stream_fj((double)bits * m->acc->links[r->link].pj_per_bit));
    }
    demand(a, port_of(m, m->acc->offchip_instance, operand, write), rate);
    a->out->no_route |= !route;
    int64_t *sum = write ? &a->out->write_bits : &a->out->read_bits;
    *sum = stream_sum_i64(*sum, bits);
}

static void add_operand(stream_adder *a, uint8_t operand, const stream_price_stream *s) {
    int32_t top = instance_of(a->m, a->core, operand);
    add_flow(a, operand, false, s->read_bits, s->read_rate);
    add_flow(a, operand, true, s->write_bits, s->write_rate);
    a->out->offchip_fj = stream_sum_i64(a->out->offchip_fj, s->offchip_fj);
    if (top >= 0 && top != a->m->acc->offchip_instance)
        a->out->buffer_bits[operand] =
            stream_round_up(s->buffer_bits, a->m->acc->instances[top].word_bits);
}

static void add_kernel(stream_adder *a, int64_t row) {
    const stream_price_streams *prices = a->problem->streams;
    a->out->operands = prices->operands[row];
    a->out->first_demand = (int32_t)a->demands.n;
    for (uint8_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (a->out->operands >> o & 1)
            add_operand(a, o, &prices->of[row * STREAM_N_OPERANDS + o]);
    a->out->n_demands = (int32_t)a->demands.n - a->out->first_demand;
}

static bool streams_anything(const stream_schedule_problem *p) {
    int64_t n = (int64_t)p->graph->n_kernels * p->acc->n_cores;
    for (int64_t i = 0; p->streams && i < n; ++i)
        if (p->streams->operands[i])
            return true;
    return false;
}

static bool moves(int64_t bits, int64_t rate, int64_t cycles) {
    int64_t most;
    return bits >= 0 && rate >= 0 && (!stream_mul_i64(rate, cycles, &most) || most >= bits);
}

static stream_status check_buffer(const stream_schedule_problem *p, int64_t row, int32_t operand,
                                  const stream_diag *diag) {
    const stream_kernel *kernel = &p->graph->kernels[row / p->acc->n_cores];
    int64_t bits = p->streams->of[row * STREAM_N_OPERANDS + operand].buffer_bits;
    if (bits >= 0 && bits <= STREAM_MOST_BUFFER_BITS)
        return STREAM_OK;
    return stream_error(diag, STREAM_INVALID, kernel->loc,
                        "kernel '%s' on core '%s' streams %s through %" PRId64
                        " bits of its memory; it must be 0 to %" PRId64,
                        kernel->name, p->acc->cores[row % p->acc->n_cores].name,
                        stream_operand_class_name((stream_operand_class)operand), bits,
                        STREAM_MOST_BUFFER_BITS);
}

static stream_status check_price(const stream_schedule_problem *p, int64_t row,
                                 const stream_diag *diag) {
    const stream_kernel *kernel = &p->graph->kernels[row / p->acc->n_cores];
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        const stream_price_stream *s = &p->streams->of[row * STREAM_N_OPERANDS + o];
        if (!(p->streams->operands[row] >> o & 1))
            continue;
        STREAM_TRY(check_buffer(p, row, o, diag));
        if (moves(s->read_bits, s->read_rate, p->cycles[row]) &&
            moves(s->write_bits, s->write_rate, p->cycles[row]) && s->offchip_fj >= 0)
            continue;
        return stream_error(diag, STREAM_INVALID, kernel->loc,
                            "kernel '%s' on core '%s' streams %s: %" PRId64 " bits in at %" PRId64
                            " per cycle and %" PRId64 " bits out at %" PRId64 ", in %" PRId64
                            " cycles, which that does not move",
                            kernel->name, p->acc->cores[row % p->acc->n_cores].name,
                            stream_operand_class_name((stream_operand_class)o), s->read_bits,
                            s->read_rate, s->write_bits, s->write_rate, p->cycles[row]);
    }
    return STREAM_OK;
}

stream_status stream_schedule_model_streams(model *m, const stream_schedule_problem *p,
                                            stream_arena *arena, const stream_diag *diag) {
    int64_t n = (int64_t)p->graph->n_kernels * p->acc->n_cores;
    if (!streams_anything(p))
        return STREAM_OK;
    for (int64_t row = 0; row < n; ++row)
        if (p->cycles[row] > 0)
            STREAM_TRY(check_price(p, row, diag));
    m->stream_routes = find_routes(m, arena);
    kernel_streams *all = STREAM_NEW(arena, kernel_streams, (size_t)n);
    stream_adder a = {.m = m, .problem = p, .demands = STREAM_VEC(stream_demand)};
    for (int64_t row = 0; row < n; ++row) {
        a.core = (int32_t)(row % p->acc->n_cores);
        a.out = &all[row];
        if (p->cycles[row] > 0 && p->acc->cores[a.core].kind == STREAM_CORE_COMPUTE)
            add_kernel(&a, row);
    }
    m->streams = all;
    m->stream_prices = p->streams->of;
    m->demands = stream_vec_freeze(&a.demands, arena);
    return STREAM_OK;
}
