/* What to say when a CT cannot be placed; see engine.h. */

#include "messages.h"

#include "stream/support/arena.h"
#include "stream/support/integer.h"

#include <inttypes.h>

const char *stream_messages_memory(const engine *e, int32_t instance) {
    const stream_instance *i = &e->m->acc->instances[instance];
    return e->m->acc->cores[i->core].memories[i->level].name;
}

const char *stream_messages_core(const engine *e, int32_t instance) {
    return e->m->acc->cores[e->m->acc->instances[instance].core].name;
}

/* Bits of buffers in the instance that the CT reads: they may be more than its boxes, since a
 * buffer is what another CT wrote, or what was fetched for one. */
static int64_t held_for_ct(const ct_needs *needs, int32_t instance) {
    const engine *e = needs->e;
    int64_t bits = 0;
    for (size_t i = 0; i < e->buffers.n; ++i) {
        const buffer *b = &STREAM_AT(buffer, e->buffers, i);
        if (b->segment >= 0 && b->instance == instance && stream_messages_reads(needs, b->datum))
            bits += b->bits;
    }
    return bits;
}

static bool may_run(const engine *e, int32_t core) {
    const stream_accelerator *acc = e->m->acc;
    const stream_ct *ct = &e->m->graph->cts[e->ct];
    bool listed = ct->n_allowed_cores == 0;
    for (int32_t i = 0; i < ct->n_allowed_cores; ++i)
        listed |= ct->allowed_cores[i] == core;
    return listed && acc->cores[core].kind == STREAM_CORE_COMPUTE &&
           e->m->cycles[(int64_t)ct->kernel * acc->n_cores + core] >= 0;
}

/* How many more bits the CT needs in the memory of an operand than there are; 0: it fits, or
 * another operand before has the same one. */
static int64_t find_shortage(const ct_needs *needs, demand_query *q, uint8_t operand) {
    const stream_accelerator *acc = needs->e->m->acc;
    q->instance = instance_of(needs->e->m, q->core, operand);
    for (uint8_t o = 0; o < operand; ++o)
        if (instance_of(needs->e->m, q->core, o) == q->instance)
            return 0;
    if (q->instance < 0)
        return 0;
    int64_t bits = stream_messages_demand(needs, q, NULL).all;
    return stream_max_i64(0, bits - acc->instances[q->instance].size_bits);
}

/* Does the CT fit all memories of a core? `without` these operand classes. */
static bool fits_core(const ct_needs *needs, int32_t core, uint8_t without) {
    demand_query q = {.core = core, .without = without};
    for (uint8_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (find_shortage(needs, &q, o) > 0)
            return false;
    return true;
}

/* Operand classes whose streaming (R9) would leave boxes that fit. */
static void print_streaming(const ct_needs *needs, stream_text *text) {
    const engine *e = needs->e;
    int32_t named = 0, core = e->cores[e->ct];
    for (uint8_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (place_of(e->m, e->ct, core, o) == e->failure.instance &&
            fits_core(needs, core, (uint8_t)(1u << o)))
            stream_text_print(text, "%s%s", named++ ? " or " : "; a price that streams ",
                              stream_operand_class_name((stream_operand_class)o));
}

/* The other memories of the core that are too small. Returns the least part of what the CT needs
 * that one holds, or `part` if that is less. */
static double print_others(const ct_needs *needs, double part, stream_text *text) {
    const engine *e = needs->e;
    demand_query q = {.core = e->cores[e->ct]};
    for (uint8_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        int64_t more = find_shortage(needs, &q, o);
        if (more == 0 || q.instance == e->failure.instance)
            continue;
        int64_t size = e->m->acc->instances[q.instance].size_bits;
        double held = (double)size / ((double)size + (double)more);
        stream_text_print(text,
                          " and memory '%s' of core '%s' of %" PRId64 " bits (%" PRId64 " more)",
                          stream_messages_memory(e, q.instance),
                          stream_messages_core(e, q.instance), stream_sum_i64(size, more), more);
        part = held < part ? held : part;
    }
    return part;
}

/* Larger memories, a smaller tile, another core, streaming. */
static void print_remedies(const ct_needs *needs, int64_t bits, int64_t capacity,
                           stream_text *text) {
    const engine *e = needs->e;
    stream_text_print(text, ". It would fit: a memory of %" PRId64 " bits (%" PRId64 " more)", bits,
                      bits - capacity);
    double part = print_others(needs, (double)capacity / (double)bits, text);
    stream_text_print(text, "; tiles of %d %% of these bits", (int)(100 * part));
    for (int32_t c = 0; c < e->m->acc->n_cores; ++c)
        if (c != e->cores[e->ct] && may_run(e, c) && fits_core(needs, c, 0)) {
            stream_text_print(text, "; core '%s'", e->m->acc->cores[c].name);
            break;
        }
    print_streaming(needs, text);
}

/* What the CT needs of the memory is more than there is, or in buffers that are, or in pieces.
 * Returns the bits that would do. */
static int64_t print_shortage(const demand_bits *demand, int64_t held, int64_t capacity,
                              stream_text *text) {
    if (demand->all > capacity) {
        stream_text_print(text, ", %" PRId64 " bits short", demand->all - capacity);
        return demand->all;
    }
    if (held > capacity) {
        stream_text_print(text,
                          ", but they are in buffers of %" PRId64
                          " bits, as other CTs wrote them, %" PRId64 " bits short",
                          held, held - capacity);
        return held;
    }
    stream_text_str(text, ", but no part of it is free in one piece");
    return stream_sum_i64(capacity, 1);
}

/* Is a box that is listed for the memory not as long as its words? */
static bool has_padding(const ct_needs *needs, int32_t instance) {
    const model *m = needs->e->m;
    int32_t first = m->need_first[needs->e->ct];
    for (int32_t i = 0; i < needs->n; ++i) {
        const need *read = &m->needs[first + i];
        int64_t bits =
            stream_ct_graph_bits(m->graph, datum_tensor(m, read->datum), need_box(m, read));
        if (needs->bits[i] > 0 && bits % m->acc->instances[instance].word_bits != 0)
            return true;
    }
    return false;
}

static stream_status explain_ct(const engine *e, const stream_diag *diag, stream_text *text) {
    const stream_ct *ct = &e->m->graph->cts[e->ct];
    demand_query q = {.core = e->cores[e->ct], .instance = e->failure.instance};
    int64_t capacity = e->m->acc->instances[q.instance].size_bits;
    stream_text list = {0};
    const char *shared = e->m->acc->instances[q.instance].core == q.core
                             ? ""
                             : ", which it shares with the core of the CT";
    stream_arena *scratch = stream_arena_create();
    ct_needs needs = stream_messages_needs(e, scratch);
    demand_bits demand = stream_messages_demand(&needs, &q, &list);
    int64_t held = stream_sum_i64(held_for_ct(&needs, q.instance), demand.output);
    stream_text_print(
        text,
        "CT %d of layer '%s' does not fit memory '%s' of core '%s'%s: its inputs take "
        "%" PRId64 " bits and its output %" PRId64 ", %" PRId64
        " together, in a capacity of %" PRId64,
        e->ct, e->m->graph->layers[ct->layer].name, stream_messages_memory(e, q.instance),
        stream_messages_core(e, q.instance), shared, demand.inputs, demand.output, demand.all,
        capacity);
    int64_t bits = print_shortage(&demand, held, capacity, text);
    stream_text_print(text, ": %s bits, which the CT itself reads and writes",
                      list.data ? list.data : "0");
    if (has_padding(&needs, q.instance))
        stream_text_print(text, ", each box in whole words of %" PRId64 " bits",
                          e->m->acc->instances[q.instance].word_bits);
    stream_text_str(text, "; all that could leave has left");
    print_remedies(&needs, bits, capacity, text);
    stream_arena_destroy(scratch);
    stream_text_free(&list);
    return stream_error(diag, STREAM_INFEASIBLE, ct->loc, "%s", text->data);
}

stream_status stream_engine_explain(const engine *e, const stream_diag *diag) {
    stream_text text = {0};
    stream_status status;
    if (!diag)
        return STREAM_INFEASIBLE;
    if (e->failure.no_route) {
        stream_text_print(&text,
                          "no links lead from memory '%s' of core '%s' to off-chip memory or to "
                          "where its data is needed",
                          stream_messages_memory(e, e->failure.instance),
                          stream_messages_core(e, e->failure.instance));
        status = stream_error(diag, STREAM_INFEASIBLE, e->m->acc->loc, "%s", text.data);
    } else if (e->failure.instance == e->m->acc->offchip_instance) {
        status = stream_messages_full(e, diag, &text);
    } else {
        status = explain_ct(e, diag, &text);
    }
    stream_text_free(&text);
    return status;
}
