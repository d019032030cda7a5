/* What to say when a CT cannot be placed; see engine.h. */

#include "messages.h"

#include "stream/support/arena.h"
#include "stream/support/integer.h"

#include <inttypes.h>

static const char *memory_name(const engine *e, int32_t instance) {
    const stream_instance *i = &e->m->acc->instances[instance];
    return e->m->acc->cores[i->core].memories[i->level].name;
}

static const char *core_name(const engine *e, int32_t instance) {
    return e->m->acc->cores[e->m->acc->instances[instance].core].name;
}

/* ---- a CT that is too large for a memory */

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

/* Does the CT fit all memories of a core on which it may run? */
static bool fits_core(const ct_needs *needs, int32_t core) {
    const engine *e = needs->e;
    if (!may_run(e, core))
        return false;
    for (uint8_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        demand_query q = {.core = core, .instance = instance_of(e->m, core, o)};
        if (q.instance >= 0 && stream_messages_demand(needs, &q, NULL).all >
                                   e->m->acc->instances[q.instance].size_bits)
            return false;
    }
    return true;
}

/* Operand classes whose streaming (R9) would leave boxes that fit the memory. */
static void print_streaming(const ct_needs *needs, int64_t capacity, stream_text *text) {
    const engine *e = needs->e;
    demand_query q = {.core = e->cores[e->ct], .instance = e->failure.instance};
    int32_t named = 0;
    for (uint8_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        q.without = (uint8_t)(1u << o);
        if (place_of(e->m, e->ct, q.core, o) == q.instance &&
            stream_messages_demand(needs, &q, NULL).all <= capacity)
            stream_text_print(text, "%s%s", named++ ? " or " : "; a price that streams ",
                              stream_operand_class_name((stream_operand_class)o));
    }
}

/* A larger memory, a smaller tile, another core, streaming. */
static void print_remedies(const ct_needs *needs, int64_t bits, int64_t capacity,
                           stream_text *text) {
    const engine *e = needs->e;
    stream_text_print(text, ". It would fit: a memory of %" PRId64 " bits (%" PRId64 " more)", bits,
                      bits - capacity);
    if (bits > 0)
        stream_text_print(text, "; tiles of %d %% of these bits",
                          (int)(100 * (double)capacity / (double)bits));
    for (int32_t c = 0; c < e->m->acc->n_cores; ++c)
        if (c != e->cores[e->ct] && fits_core(needs, c)) {
            stream_text_print(text, "; core '%s'", e->m->acc->cores[c].name);
            break;
        }
    print_streaming(needs, capacity, text);
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
        e->ct, e->m->graph->layers[ct->layer].name, memory_name(e, q.instance),
        core_name(e, q.instance), shared, demand.inputs, demand.output, demand.all, capacity);
    int64_t bits = print_shortage(&demand, held, capacity, text);
    stream_text_print(text,
                      ": %s bits, which the CT itself reads and writes; all that could leave has "
                      "left",
                      list.data ? list.data : "0");
    print_remedies(&needs, bits, capacity, text);
    stream_arena_destroy(scratch);
    stream_text_free(&list);
    return stream_error(diag, STREAM_INFEASIBLE, ct->loc, "%s", text->data);
}

/* ---- off-chip memory */

enum {
    MOST_NAMES = 4
};

/* Live bits of off-chip memory, per tensor and in all. bits [n_tensors] zero */
static int64_t count_offchip(const engine *e, int64_t *bits) {
    int64_t all = 0;
    for (size_t i = 0; i < e->buffers.n; ++i) {
        const buffer *b = &STREAM_AT(buffer, e->buffers, i);
        if (b->segment < 0 || b->instance != e->m->acc->offchip_instance)
            continue;
        bits[datum_tensor(e->m, b->datum)] += b->bits;
        all += b->bits;
    }
    return all;
}

/* Bits of inputs and constants off-chip, per tensor (unless NULL) and in all. */
static int64_t count_inputs(const engine *e, int64_t *bits) {
    int64_t all = 0;
    for (int32_t t = 0; t < e->m->graph->n_tensors; ++t) {
        const stream_tensor *tensor = &e->m->graph->tensors[t];
        if (tensor->kind == STREAM_TENSOR_INTERMEDIATE)
            continue;
        stream_box box = stream_box_whole(tensor->rank, tensor->shape);
        int64_t n = stream_engine_rounded(e, e->m->acc->offchip_instance,
                                          stream_ct_graph_bits(e->m->graph, t, &box));
        if (bits)
            bits[t] = n;
        all = stream_sum_i64(all, n);
    }
    return all;
}

/* Bits off-chip if all that is ever stored has a place of its own: inputs, constants, and what CTs
 * write (of a partial output also the part that leaves). */
static int64_t count_everything(const engine *e) {
    const stream_ct_graph *g = e->m->graph;
    int32_t offchip = e->m->acc->offchip_instance;
    int64_t all = count_inputs(e, NULL);
    for (int32_t i = 0; i < g->n_cts; ++i) {
        stream_box part = g->cts[i].box;
        int32_t tensor = g->cts[i].tensor;
        all = stream_sum_i64(all, stream_engine_rounded(e, offchip, e->m->facts[i].bits));
        if (stream_tensor_output_box(&g->tensors[tensor], &part, &part) &&
            !stream_box_equal(&part, &g->cts[i].box))
            all = stream_sum_i64(
                all, stream_engine_rounded(e, offchip, stream_ct_graph_bits(g, tensor, &part)));
    }
    return all;
}

/* Names the tensors with the most bits; returns the bits of all. Before the first CT: inputs and
 * constants. */
static int64_t list_offchip(const engine *e, stream_text *text) {
    stream_arena *arena = stream_arena_create();
    int64_t *bits = STREAM_NEW(arena, int64_t, (size_t)e->m->graph->n_tensors);
    int64_t all = e->ct < 0 ? count_inputs(e, bits) : count_offchip(e, bits);
    for (int32_t named = 0; named < MOST_NAMES; ++named) {
        int32_t most = 0;
        for (int32_t t = 1; t < e->m->graph->n_tensors; ++t)
            most = bits[t] > bits[most] ? t : most;
        if (bits[most] == 0)
            break;
        stream_text_print(text, "%s'%s' %" PRId64, named ? ", " : "",
                          e->m->graph->tensors[most].name, bits[most]);
        bits[most] = 0;
    }
    stream_arena_destroy(arena);
    return all;
}

static stream_status explain_full(const engine *e, const stream_diag *diag, stream_text *text) {
    bool begun = e->ct >= 0;
    stream_loc loc = begun ? e->m->graph->cts[e->ct].loc : e->m->acc->loc;
    int64_t capacity = e->m->acc->instances[e->failure.instance].size_bits;
    int64_t inputs = count_inputs(e, NULL);
    stream_text list = {0};
    int64_t listed = list_offchip(e, &list),
            needed = begun ? stream_sum_i64(listed, e->failed_bits) : inputs;
    stream_text_print(text,
                      "off-chip memory '%s' of core '%s' is full: its capacity is %" PRId64
                      " bits, inputs and constants are %" PRId64
                      " bits, and the rest is outputs and what does not fit on chip",
                      memory_name(e, e->failure.instance), core_name(e, e->failure.instance),
                      capacity, inputs);
    if (begun)
        stream_text_print(text, "; at CT %d of layer '%s', for %" PRId64 " bits of '%s',", e->ct,
                          e->m->graph->layers[e->m->graph->cts[e->ct].layer].name, e->failed_bits,
                          e->m->graph->tensors[e->failed_tensor].name);
    else
        stream_text_str(text, "; before the first CT");
    if (needed > capacity)
        stream_text_print(text, " %" PRId64 " bits short", needed - capacity);
    else
        stream_text_str(text, " no room is free in one piece");
    if (list.data)
        stream_text_print(text,
                          begun ? "; it holds %s bits, which inputs, outputs and results that are "
                                  "needed again keep there"
                                : "; these are %s bits",
                          list.data);
    int64_t everything = count_everything(e);
    int64_t enough = stream_engine_enough_offchip(
        e, stream_max_i64(needed, stream_sum_i64(capacity, 1)), everything);
    stream_text_print(text,
                      ". It would fit: an off-chip memory of %" PRId64
                      " bits, which hold all that is ever stored",
                      everything);
    if (enough >= 0)
        stream_text_print(text,
                          "; %" PRId64 " bits do for these tiles on the same "
                          "cores",
                          enough);
    if (begun)
        stream_text_str(text, ", or on-chip memories that keep more results");
    stream_text_free(&list);
    return stream_error(diag, STREAM_INFEASIBLE, loc, "%s", text->data);
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
                          memory_name(e, e->failure.instance), core_name(e, e->failure.instance));
        status = stream_error(diag, STREAM_INFEASIBLE, e->m->acc->loc, "%s", text.data);
    } else if (e->failure.instance == e->m->acc->offchip_instance) {
        status = explain_full(e, diag, &text);
    } else {
        status = explain_ct(e, diag, &text);
    }
    stream_text_free(&text);
    return status;
}
