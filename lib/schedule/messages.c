/* What to say when a CT cannot be placed; see engine.h. */

#include "engine.h"

#include "stream/support/arena.h"
#include "stream/support/integer.h"
#include "stream/support/text.h"

#include <inttypes.h>

static const char *memory_name(const engine *e, int32_t instance) {
    const stream_instance *i = &e->m->acc->instances[instance];
    return e->m->acc->cores[i->core].memories[i->level].name;
}

static const char *core_name(const engine *e, int32_t instance) {
    return e->m->acc->cores[e->m->acc->instances[instance].core].name;
}

static const char *tensor_name(const engine *e, int32_t datum) {
    const char *name = e->m->graph->tensors[datum_tensor(e->m, datum)].name;
    return name && *name ? name : "?";
}

/* ---- a CT that is too large for a memory */

enum {
    MOST_NAMES = 4
};

/* Bits that parts of streamed operands pass through in the instance. */
static int64_t passing(const engine *e, int32_t core, int32_t instance, const char *comma,
                       stream_text *text) {
    const kernel_streams *s = streams_of(e->m, e->ct, core);
    int64_t bits = 0;
    for (uint8_t o = 0; s && o < STREAM_N_OPERANDS; ++o)
        bits += instance_of(e->m, core, o) == instance ? s->buffer_bits[o] : 0;
    if (text && bits > 0)
        stream_text_print(text, "%sparts of streamed operands %" PRId64, comma, bits);
    return bits;
}

/* Of what the needs of the group read. */
static int64_t bits_of_group(const engine *e, int32_t instance, const need_group *group) {
    int32_t tensor = datum_tensor(e->m, group->datum);
    return stream_engine_rounded(e, instance,
                                 stream_ct_graph_bits(e->m->graph, tensor, &group->box));
}

/* Bits of the CT's boxes that must be in the instance at once if it runs on `core`, in whole words;
 * `text`, if there is one, gets a list of them. */
static void demand(const engine *e, int32_t core, int32_t instance, stream_text *text,
                   int64_t *inputs, int64_t *output) {
    const model *m = e->m;
    int32_t named = 0;
    *inputs = *output = 0;
    for (int32_t n = m->need_first[e->ct]; n < m->need_first[e->ct + 1]; ++n) {
        const need_group *group = &m->groups[m->needs[n].group];
        if (place_of(m, e->ct, core, m->needs[n].operand) != instance || m->needs[n].accumulates)
            continue;
        int64_t bits = bits_of_group(e, instance, group);
        *inputs += bits;
        if (text && named++ < MOST_NAMES)
            stream_text_print(text, "%s'%s' %" PRId64, named > 1 ? ", " : "",
                              tensor_name(e, group->datum), bits);
    }
    const stream_ct *ct = &m->graph->cts[e->ct];
    if (text && named > MOST_NAMES)
        stream_text_print(text, " and %d more boxes", named - MOST_NAMES);
    *inputs += passing(e, core, instance, text && named ? ", " : "", text);
    named += *inputs > 0;
    if (place_of(m, e->ct, core, STREAM_O) != instance)
        return;
    *output =
        stream_engine_rounded(e, instance, stream_ct_graph_bits(m->graph, ct->tensor, &ct->box));
    if (text)
        stream_text_print(text, "%s'%s' %" PRId64 " (written)", named ? ", " : "",
                          m->graph->tensors[ct->tensor].name, *output);
}

/* Of the CT's boxes those of one operand class that is read, or written, in the instance. */
static int64_t bits_of_operand(const engine *e, int32_t core, int32_t instance, uint8_t operand) {
    const model *m = e->m;
    const stream_ct *ct = &m->graph->cts[e->ct];
    int64_t bits = 0;
    for (int32_t n = m->need_first[e->ct]; n < m->need_first[e->ct + 1]; ++n)
        if (m->needs[n].operand == operand && !m->needs[n].accumulates)
            bits += bits_of_group(e, instance, &m->groups[m->needs[n].group]);
    if (operand == STREAM_O && place_of(m, e->ct, core, STREAM_O) == instance)
        bits += stream_engine_rounded(e, instance,
                                      stream_ct_graph_bits(m->graph, ct->tensor, &ct->box));
    return bits;
}

/* Bits of buffers in the instance that the CT reads: they may be more than its boxes, since a
 * buffer is what another CT wrote, or what was fetched for one. */
static int64_t held_for_ct(const engine *e, int32_t instance) {
    int64_t bits = 0;
    for (size_t i = 0; i < e->buffers.n; ++i) {
        const buffer *b = &STREAM_AT(buffer, e->buffers, i);
        if (b->segment >= 0 && b->instance == instance && stream_engine_reads_now(e, b->datum))
            bits += b->bits;
    }
    return bits;
}

/* Does the CT fit all memories of a core that has a price for it? */
static bool fits_core(const engine *e, int32_t core) {
    const stream_accelerator *acc = e->m->acc;
    int32_t kernel = e->m->graph->cts[e->ct].kernel;
    if (acc->cores[core].kind != STREAM_CORE_COMPUTE ||
        e->m->cycles[(int64_t)kernel * acc->n_cores + core] < 0)
        return false;
    for (uint8_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        int32_t instance = instance_of(e->m, core, o);
        int64_t inputs, output;
        if (instance < 0)
            continue;
        demand(e, core, instance, NULL, &inputs, &output);
        if (inputs + output > acc->instances[instance].size_bits)
            return false;
    }
    return true;
}

/* Operand classes whose streaming (R9) would leave boxes that fit the memory. */
static void print_streaming(const engine *e, int64_t capacity, stream_text *text) {
    int32_t core = e->cores[e->ct], instance = e->failure.instance, named = 0;
    int64_t inputs, output;
    demand(e, core, instance, NULL, &inputs, &output);
    for (uint8_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (place_of(e->m, e->ct, core, o) == instance &&
            inputs + output - bits_of_operand(e, core, instance, o) <= capacity)
            stream_text_print(text, "%s%s", named++ ? " or " : "; a price that streams ",
                              stream_operand_class_name((stream_operand_class)o));
}

/* A larger memory, a smaller tile, another core, streaming. */
static void print_remedies(const engine *e, int64_t bits, int64_t capacity, stream_text *text) {
    stream_text_print(text, ". It would fit: a memory of %" PRId64 " bits (%" PRId64 " more)", bits,
                      bits - capacity);
    if (bits > 0)
        stream_text_print(text, "; tiles of %.0f %% of these bits",
                          (double)(100 * capacity / bits));
    for (int32_t c = 0; c < e->m->acc->n_cores; ++c)
        if (c != e->cores[e->ct] && fits_core(e, c)) {
            stream_text_print(text, "; core '%s'", e->m->acc->cores[c].name);
            break;
        }
    print_streaming(e, capacity, text);
}

static stream_status explain_ct(const engine *e, const stream_diag *diag, stream_text *text) {
    const stream_ct *ct = &e->m->graph->cts[e->ct];
    int32_t instance = e->failure.instance, core = e->cores[e->ct];
    int64_t capacity = e->m->acc->instances[instance].size_bits, inputs, output;
    stream_text list = {0};
    demand(e, core, instance, &list, &inputs, &output);
    int64_t bits = inputs + output, held = held_for_ct(e, instance) + output;
    stream_text_print(text,
                      "CT %d of layer '%s' does not fit memory '%s' of core '%s': its inputs take "
                      "%" PRId64 " bits and its output %" PRId64 ", %" PRId64
                      " together, in a capacity of %" PRId64,
                      e->ct, e->m->graph->layers[ct->layer].name, memory_name(e, instance),
                      e->m->acc->cores[core].name, inputs, output, bits, capacity);
    if (bits > capacity) {
        stream_text_print(text, ", %" PRId64 " bits short", bits - capacity);
    } else if (held > capacity) {
        stream_text_print(text,
                          ", but they are in buffers of %" PRId64
                          " bits, as other CTs wrote them, %" PRId64 " bits short",
                          held, held - capacity);
        bits = held;
    } else {
        stream_text_str(text, ", but no part of it is free in one piece");
        bits = capacity + 1;
    }
    stream_text_print(text,
                      ": %s bits, which the CT itself reads and writes; all that could leave has "
                      "left",
                      list.data ? list.data : "0");
    print_remedies(e, bits, capacity, text);
    stream_text_free(&list);
    return stream_error(diag, STREAM_INFEASIBLE, ct->loc, "%s", text->data);
}

/* ---- off-chip memory */

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
        all += n;
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
    int64_t listed = list_offchip(e, &list), needed = begun ? listed + e->failed_bits : inputs;
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
    stream_text_print(text, ". It would fit: an off-chip memory of %" PRId64 " bits",
                      needed > capacity ? needed : capacity + e->failed_bits);
    if (begun)
        stream_text_str(text, ", or on-chip memories that keep more results");
    stream_text_free(&list);
    return stream_error(diag, STREAM_INFEASIBLE, loc, "%s", text->data);
}

stream_status stream_engine_explain(const engine *e, const stream_diag *diag) {
    stream_text text = {0};
    stream_status status;
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
