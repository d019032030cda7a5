/* What to say when off-chip memory has no room; see messages.h. */

#include "messages.h"

#include "stream/support/arena.h"
#include "stream/support/integer.h"

#include <inttypes.h>

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

/* Room for all that is ever stored, and less, from `least` bits on. Other memories may be too small
 * for a later CT, which the failed run did not come to. */
static void print_remedies(const engine *e, int64_t least, stream_text *text) {
    const stream_ct_graph *g = e->m->graph;
    int64_t everything = count_everything(e);
    refused_ct refused;
    if (!stream_engine_fits_offchip(e, everything, &refused)) {
        stream_text_print(text,
                          ". An off-chip memory of %" PRId64
                          " bits, which hold all that is ever stored, is not enough",
                          everything);
        if (refused.instance >= 0)
            stream_text_print(text,
                              ": then CT %d of layer '%s' does not fit memory '%s' of core '%s'",
                              refused.ct, g->layers[g->cts[refused.ct].layer].name,
                              stream_messages_memory(e, refused.instance),
                              stream_messages_core(e, refused.instance));
        return;
    }
    int64_t enough = stream_engine_enough_offchip(e, least, everything);
    stream_text_print(text,
                      ". It would fit: an off-chip memory of %" PRId64
                      " bits, which hold all that is ever stored",
                      everything);
    if (enough >= 0)
        stream_text_print(text, "; %" PRId64 " bits do for these tiles on the same cores", enough);
    if (e->ct >= 0)
        stream_text_str(text, ", or on-chip memories that keep more results");
}

stream_status stream_messages_full(const engine *e, const stream_diag *diag, stream_text *text) {
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
                      stream_messages_memory(e, e->failure.instance),
                      stream_messages_core(e, e->failure.instance), capacity, inputs);
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
    print_remedies(e, stream_max_i64(needed, stream_sum_i64(capacity, 1)), text);
    stream_text_free(&list);
    return stream_error(diag, STREAM_INFEASIBLE, loc, "%s", text->data);
}
