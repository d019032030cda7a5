/* Heads and tails of CTs, and the critical path; see bound.c. */

#include "bound_latency.h"

#include "stream/support/integer.h"

#include <string.h>

static int64_t find_work(const bounds *b, const ct_class *class, bool *out_cores) {
    int64_t least = INT64_MAX;
    for (int32_t c = 0; c < b->acc->n_cores; ++c) {
        out_cores[c] =
            stream_bound_may_run(b->p, class->kernel, class->allowed, class->n_allowed, c);
        if (out_cores[c])
            least = stream_min_i64(least, stream_bound_price(b, class->kernel, c));
    }
    return least == INT64_MAX ? 0 : least;
}

static bool is_of(const ct_class *class, const int32_t *allowed, int32_t n_allowed) {
    return class->n_allowed == n_allowed &&
           (n_allowed == 0 ||
            memcmp(class->allowed, allowed, (size_t)n_allowed * sizeof *allowed) == 0);
}

void stream_bound_find_classes(bounds *b, stream_arena *arena) {
    size_t n = (size_t)b->graph->n_cts;
    int32_t *by_kernel = STREAM_NEW(arena, int32_t, (size_t)b->graph->n_kernels);
    bool *cores = STREAM_NEW(arena, bool, (size_t)b->acc->n_cores);
    bool *streamed_out = STREAM_NEW(arena, bool, (size_t)b->graph->n_tensors);
    b->classes = STREAM_NEW(arena, ct_class, n);
    b->class_of = STREAM_NEW(arena, int32_t, n);
    b->set_of = STREAM_NEW(arena, int32_t, n);
    b->work = STREAM_NEW(arena, int64_t, n);
    b->streamed_out = streamed_out;
    for (int32_t i = 0; i < b->graph->n_cts; ++i) {
        const stream_ct *ct = &b->graph->cts[i];
        int32_t *last = &by_kernel[ct->kernel]; /* the kernel's latest class, plus 1 */
        const int32_t *allowed = b->p->cores ? &b->p->cores[i] : ct->allowed_cores;
        int32_t n_allowed = b->p->cores ? 1 : ct->n_allowed_cores;
        if (!*last || !is_of(&b->classes[*last - 1], allowed, n_allowed)) {
            ct_class *new = &b->classes[b->n_classes];
            *new = (ct_class){.kernel = ct->kernel,
                              .allowed = allowed,
                              .n_allowed = n_allowed,
                              .streamed = stream_bound_may_stream(b->p, i),
                              .streams = stream_bound_streamed(b->p, i),
                              .head = INT64_MAX,
                              .tail = INT64_MAX};
            new->work = find_work(b, new, cores);
            new->set = stream_bound_set(b->sets, cores);
            *last = ++b->n_classes;
        }
        ct_class *class = &b->classes[*last - 1];
        ++class->n;
        b->class_of[i] = *last - 1;
        b->set_of[i] = class->set;
        b->work[i] = class->work;
        streamed_out[ct->tensor] |= class->streamed >> STREAM_O & 1;
    }
}

/* Bits of inputs and constants that the CT reads: of each tensor one box. */
static int64_t input_bits(const bounds *b, int32_t i) {
    const stream_ct *ct = &b->graph->cts[i];
    const stream_ct_read *reads = &b->graph->reads[ct->first_read];
    int64_t bits = 0;
    uint8_t streamed = b->classes[b->class_of[i]].streamed;
    for (int32_t r = 0; r < ct->n_reads; ++r) {
        if (streamed >> reads[r].operand & 1 ||
            b->graph->tensors[reads[r].tensor].kind == STREAM_TENSOR_INTERMEDIATE ||
            stream_box_is_empty(&reads[r].box))
            continue;
        bool seen = false;
        for (int32_t k = 0; k < r; ++k)
            seen |= reads[k].tensor == reads[r].tensor && !(streamed >> reads[k].operand & 1);
        bits += seen ? 0 : stream_ct_graph_bits(b->graph, reads[r].tensor, &reads[r].box);
    }
    return bits;
}

bool stream_bound_takes_over(const stream_ct *later, const stream_ct *earlier) {
    return later->accumulates && later->tensor == earlier->tensor &&
           stream_box_equal(&later->box, &earlier->box);
}

/* Bits of what CT `from` wrote that must be in memory of the core of CT `to`: the largest part that
 * it reads, or all, as partial sums. */
static int64_t bits_between(const bounds *b, int32_t from, int32_t to) {
    const stream_ct *writer = &b->graph->cts[from], *reader = &b->graph->cts[to];
    uint8_t streamed = b->classes[b->class_of[to]].streamed;
    int64_t most = 0;
    if (stream_bound_takes_over(reader, writer) && !(streamed >> STREAM_O & 1))
        return stream_ct_graph_bits(b->graph, writer->tensor, &writer->box);
    for (int32_t r = reader->first_read; r < reader->first_read + reader->n_reads; ++r) {
        const stream_ct_read *read = &b->graph->reads[r];
        stream_box part;
        if (read->tensor == writer->tensor && !(streamed >> read->operand & 1) &&
            stream_box_intersect(&read->box, &writer->box, &part))
            most = stream_max_i64(most, stream_ct_graph_bits(b->graph, read->tensor, &part));
    }
    return most;
}

/* Cycles from the end of CT `from` to the start of `to`, which depends on it, on other cores. */
static int64_t way_between(const bounds *b, int32_t from, int32_t to) {
    if (!stream_bound_apart(b->sets, b->set_of[from], b->set_of[to]) ||
        b->classes[b->class_of[from]].streamed >> STREAM_O & 1)
        return 0;
    int64_t bits = bits_between(b, from, to);
    return bits > 0 ? stream_bound_move(b->sets, b->set_of[from], b->set_of[to], bits) : 0;
}

static void find_heads(bounds *b) {
    const stream_ct_graph *g = b->graph;
    for (int32_t i = 0; i < g->n_cts; ++i) {
        ct_class *class = &b->classes[b->class_of[i]];
        int64_t bits = input_bits(b, i), head = stream_bound_load(b->sets, class->set, bits);
        b->after[i] = bits > 0 ? stream_bound_links(b->sets, class->set) : -1;
        for (int32_t k = g->pred_first[i]; k < g->pred_first[i + 1]; ++k) {
            int32_t p = g->preds[k];
            int64_t way = b->set_of[p] == b->set_of[i] ? 0 : way_between(b, p, i);
            head = stream_max_i64(head, b->head[p] + b->work[p] + way);
        }
        b->head[i] = head;
        class->head = stream_min_i64(class->head, head);
    }
}

static void find_tails(bounds *b) {
    const stream_ct_graph *g = b->graph;
    for (int32_t i = g->n_cts; i-- > 0;) {
        ct_class *class = &b->classes[b->class_of[i]];
        bool partial = false;
        int64_t tail = 0;
        for (int32_t k = g->succ_first[i]; k < g->succ_first[i + 1]; ++k) {
            int32_t s = g->succs[k];
            int64_t way = b->set_of[i] == b->set_of[s] ? 0 : way_between(b, i, s);
            tail = stream_max_i64(tail, way + b->work[s] + b->tail[s]);
            partial |= stream_bound_takes_over(&g->cts[s], &g->cts[i]);
        }
        int64_t bits =
            partial || b->streamed_out[g->cts[i].tensor] ? 0 : stream_bound_output_bits(g, i);
        b->tail[i] = stream_max_i64(tail, stream_bound_store(b->sets, class->set, bits));
        b->before[i] =
            bits > 0 ? b->head[i] + b->work[i] + stream_bound_links(b->sets, class->set) : -1;
        class->tail = stream_min_i64(class->tail, b->tail[i]);
        if (b->after[i] >= 0)
            b->after[i] += b->work[i] + b->tail[i];
        stream_bound_offer(b, b->head[i] + b->work[i] + b->tail[i], STREAM_BOUND_CRITICAL_PATH);
    }
}

void stream_bound_find_paths(bounds *b, stream_arena *arena) {
    size_t n = (size_t)b->graph->n_cts;
    b->head = STREAM_NEW(arena, int64_t, n);
    b->tail = STREAM_NEW(arena, int64_t, n);
    b->after = STREAM_NEW(arena, int64_t, n);
    b->before = STREAM_NEW(arena, int64_t, n);
    find_heads(b);
    find_tails(b);
}
