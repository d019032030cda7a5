/* R9: a CT streams exactly the operands that its price on its core says, at the price's rates, over
 * links that lead from off-chip memory to the core's memory for the operand, and back. */

#include "context.h"

#include "stream/support/integer.h"

#include <inttypes.h>

uint8_t check_streamed(const check *c, int32_t ct, int32_t core) {
    const stream_price_streams *prices = c->problem->streams;
    int64_t kernel = c->graph->cts[ct].kernel;
    return prices ? prices->operands[(int64_t)kernel * c->acc->n_cores + core] : 0;
}

const stream_price_stream *check_stream_price(const check *c, const stream_ct_stream *s) {
    int64_t row =
        (int64_t)c->graph->cts[s->ct].kernel * c->acc->n_cores + c->schedule->slots[s->ct].core;
    return &c->problem->streams->of[row * STREAM_N_OPERANDS + s->operand];
}

bool check_is_priced(const check *c, const stream_ct_stream *s) {
    return check_streamed(c, s->ct, c->schedule->slots[s->ct].core) >> s->operand & 1;
}

int32_t check_place(const check *c, int32_t ct, int32_t core, int32_t operand) {
    return check_streamed(c, ct, core) >> operand & 1 ? c->acc->offchip_instance
                                                      : check_top(c, core, operand);
}

int32_t check_stream_port(const check *c, const stream_ct_stream *s, bool write) {
    return stream_accelerator_port(c->acc, c->acc->offchip_instance,
                                   (stream_operand_class)s->operand, write);
}

/* ---- fields */

static void flow_fields(check *c, const stream_ct_stream *s, const stream_flow *flow) {
    const char *operand = stream_operand_class_name((stream_operand_class)s->operand);
    stream_loc loc = check_ct_loc(c, s->ct);
    if (flow->rate_bits < 0 || flow->n_resources < 0)
        check_report(c, loc, "R9",
                     "%s streams %s at %" PRId64 " bits per cycle over %" PRId32 " links",
                     check_ct_name(c, s->ct).s, operand, flow->rate_bits, flow->n_resources);
    for (int32_t k = 0; k < flow->n_resources; ++k)
        if (flow->resources[k] < 0 || flow->resources[k] >= c->acc->n_resources ||
            c->acc->resources[flow->resources[k]].kind != STREAM_RESOURCE_LINK)
            check_report(c, loc, "R9", "%s streams %s over resource %" PRId32 ", which is no link",
                         check_ct_name(c, s->ct).s, operand, flow->resources[k]);
}

static bool comes_after(const stream_ct_stream *a, const stream_ct_stream *b) {
    return a->ct != b->ct ? a->ct > b->ct : a->operand > b->operand;
}

void check_stream_fields(check *c) {
    for (int32_t i = 0; i < c->schedule->n_streams; ++i) {
        const stream_ct_stream *s = &c->schedule->streams[i];
        int64_t end;
        if (s->ct < 0 || s->ct >= c->graph->n_cts || s->operand >= STREAM_N_OPERANDS) {
            check_report(c, check_summary_loc(c), "R9",
                         "stream %" PRId32 " is of CT %" PRId32
                         " and operand %d: no such CT or operand",
                         i, s->ct, s->operand);
            continue;
        }
        if (i > 0 && !comes_after(s, s - 1))
            check_report(c, check_ct_loc(c, s->ct), "R9",
                         "streams of %s are not in the order of CTs and operands, each once",
                         check_ct_name(c, s->ct).s);
        if (s->address < 0 || !stream_add_i64(s->address, INT64_MAX / 4, &end))
            check_report(c, check_ct_loc(c, s->ct), "R7",
                         "%s streams through address %" PRId64 ", which no memory has",
                         check_ct_name(c, s->ct).s, s->address);
        flow_fields(c, s, &s->read);
        flow_fields(c, s, &s->write);
    }
}

/* ---- rules */

static void about(check *c, int32_t ct, uint8_t operand, const char *before, const char *after) {
    check_report(c, check_ct_loc(c, ct), "R9", "%s on core '%s' %s%s%s", check_ct_name(c, ct).s,
                 check_core_name(c, c->schedule->slots[ct].core), before,
                 stream_operand_class_name((stream_operand_class)operand), after);
}

static void flow(check *c, const stream_ct_stream *s, bool write, int64_t rate) {
    const stream_flow *f = write ? &s->write : &s->read;
    const char *operand = stream_operand_class_name((stream_operand_class)s->operand);
    if (f->rate_bits != rate)
        check_report(c, check_ct_loc(c, s->ct), "R9",
                     "%s %s %s at %" PRId64
                     " bits per cycle; its price on core '%s' needs %" PRId64,
                     check_ct_name(c, s->ct).s, write ? "writes" : "reads", operand, f->rate_bits,
                     check_core_name(c, c->schedule->slots[s->ct].core), rate);
    else if (rate > 0 && check_top(c, c->schedule->slots[s->ct].core, s->operand) >= 0)
        check_stream_route(c, s, write);
    else if (rate > 0)
        about(c, s->ct, s->operand, "has no memory through which it could stream ", "");
    else if (f->n_resources > 0)
        check_report(c, check_ct_loc(c, s->ct), "R9", "%s %s nothing of %s, but over links",
                     check_ct_name(c, s->ct).s, write ? "writes" : "reads", operand);
}

void check_streams(check *c) {
    int32_t at = 0;
    for (int32_t i = 0; i < c->graph->n_cts; ++i) {
        uint8_t wanted = check_streamed(c, i, c->schedule->slots[i].core);
        for (; at < c->schedule->n_streams && c->schedule->streams[at].ct == i; ++at) {
            const stream_ct_stream *s = &c->schedule->streams[at];
            if (!(wanted >> s->operand & 1)) {
                about(c, i, s->operand, "streams ", ", which its price does not");
                continue;
            }
            wanted &= (uint8_t) ~(1u << s->operand);
            if (check_stream_price(c, s)->buffer_bits > STREAM_MOST_BUFFER_BITS)
                about(c, i, s->operand, "streams ", " through more bits than any memory has");
            flow(c, s, false, check_stream_price(c, s)->read_rate);
            flow(c, s, true, check_stream_price(c, s)->write_rate);
        }
        for (uint8_t o = 0; o < STREAM_N_OPERANDS; ++o)
            if (wanted >> o & 1)
                about(c, i, o, "must stream ", " as its price does, but has no 'streaming' of it");
    }
}
