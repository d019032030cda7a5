/* What a CT asks of a memory, for messages; see messages.h. */

#include "messages.h"
#include "rests.h"

#include "stream/support/integer.h"

#include <inttypes.h>

enum {
    MOST_NAMES = 4
};

static const char *name_of(const engine *e, int32_t datum) {
    const char *name = e->m->graph->tensors[datum_tensor(e->m, datum)].name;
    return name && *name ? name : "?";
}

ct_needs stream_messages_needs(const engine *e, stream_arena *arena) {
    int32_t first = e->m->need_first[e->ct], n = e->m->need_first[e->ct + 1] - first;
    stream_keyed *items = STREAM_NEW(arena, stream_keyed, (size_t)n);
    for (int32_t i = 0; i < n; ++i)
        items[i] = (stream_keyed){e->m->needs[first + i].datum, i};
    stream_sort_keyed(items, (size_t)n, STREAM_NEW(arena, stream_keyed, (size_t)n));
    return (ct_needs){e, n, items, STREAM_NEW(arena, int64_t, (size_t)n)};
}

/* The first need of the datum or of a higher one; needs->n: there is none. */
static int32_t first_of(const ct_needs *needs, int32_t datum) {
    int32_t lo = 0, hi = needs->n;
    while (lo < hi) {
        int32_t middle = lo + (hi - lo) / 2;
        if (needs->by_datum[middle].key < (uint64_t)datum)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo;
}

bool stream_messages_reads(const ct_needs *needs, int32_t datum) {
    int32_t first = first_of(needs, datum);
    return first < needs->n && needs->by_datum[first].key == (uint64_t)datum;
}

/* Is the need one of the query, in its memory? */
static bool counts(const engine *e, const demand_query *q, const need *n) {
    return !n->accumulates && !(q->without >> n->operand & 1) &&
           place_of(e->m, e->ct, q->core, n->operand) == q->instance;
}

/* What of the box is not in parts that are there: as the engine fetches it, one need after the
 * other, and cuts it by the newest buffer first. False: too scattered. */
static bool find_rests(const stream_box *box, const stream_vec *parts, box_rests *rests) {
    stream_rests_begin(rests, box);
    for (size_t k = parts->n; k-- > 0 && rests->n > 0;)
        if (!stream_rests_cut(rests, &STREAM_AT(stream_box, *parts, k)))
            return false;
    return true;
}

/* Bits that the need adds to the parts of its datum that are there, each in whole words. */
static int64_t fetch(const engine *e, int32_t instance, const need_group *group,
                     stream_vec *parts) {
    int32_t tensor = datum_tensor(e->m, group->datum);
    int64_t whole =
        stream_engine_rounded(e, instance, stream_ct_graph_bits(e->m->graph, tensor, &group->box));
    box_rests rests;
    bool cut = find_rests(&group->box, parts, &rests);
    int64_t bits = cut ? stream_rests_bits(e, tensor, instance, &rests) : INT64_MAX;
    if (bits > whole) {
        *(stream_box *)stream_vec_push(parts) = group->box;
        return whole;
    }
    for (int32_t i = 0; i < rests.n; ++i)
        *(stream_box *)stream_vec_push(parts) = rests.boxes[i];
    return bits;
}

/* Bits that parts of streamed operands pass through in the memory. */
static int64_t passing(const engine *e, const demand_query *q) {
    const kernel_streams *s = streams_of(e->m, e->ct, q->core);
    int64_t bits = 0;
    for (uint8_t o = 0; s && o < STREAM_N_OPERANDS; ++o)
        if (instance_of(e->m, q->core, o) == q->instance)
            bits = stream_sum_i64(bits, s->buffer_bits[o]);
    return bits;
}

/* What is listed: the first boxes by name, the others in one sum. */
typedef struct {
    stream_text *text;
    int32_t n;
    int64_t others;
} listing;

static void list(listing *l, const char *name, int64_t bits) {
    if (l->n++ >= MOST_NAMES)
        l->others = stream_sum_i64(l->others, bits);
    else
        stream_text_print(l->text, "%s'%s' %" PRId64, l->n > 1 ? ", " : "", name, bits);
}

/* Does the i-th of them come with another one of its datum? */
static bool is_within(const ct_needs *needs, const demand_query *q, int32_t i) {
    const model *m = needs->e->m;
    const need *of_ct = &m->needs[m->need_first[needs->e->ct]];
    const stream_keyed *at = needs->by_datum;
    int32_t first = first_of(needs, (int32_t)at[i].key);
    for (int32_t k = first;
         k < needs->n && at[k].key == at[i].key && k < first + STREAM_MOST_COMPARED_NEEDS; ++k)
        if (counts(needs->e, q, &of_ct[at[k].value]) &&
            need_is_within(m, &of_ct[at[i].value], &of_ct[at[k].value]))
            return true;
    return false;
}

/* needs->bits, and their sum */
static int64_t add_inputs(const ct_needs *needs, const demand_query *q) {
    const model *m = needs->e->m;
    const need *of_ct = &m->needs[m->need_first[needs->e->ct]];
    stream_vec parts = STREAM_VEC(stream_box); /* of one datum */
    int64_t all = 0;
    for (int32_t i = 0; i < needs->n; ++i) {
        const need *n = &of_ct[needs->by_datum[i].value];
        int64_t *bits = &needs->bits[needs->by_datum[i].value];
        if (i > 0 && needs->by_datum[i].key != needs->by_datum[i - 1].key)
            parts.n = 0;
        *bits = counts(needs->e, q, n) && !is_within(needs, q, i)
                    ? fetch(needs->e, q->instance, &m->groups[group_of(m, n)], &parts)
                    : 0;
        all = stream_sum_i64(all, *bits);
    }
    stream_vec_free(&parts);
    return all;
}

static void list_inputs(const ct_needs *needs, stream_text *text) {
    const model *m = needs->e->m;
    listing l = {.text = text};
    for (int32_t i = 0; i < needs->n; ++i)
        if (needs->bits[i] > 0)
            list(&l, name_of(needs->e, m->needs[m->need_first[needs->e->ct] + i].datum),
                 needs->bits[i]);
    if (l.n > MOST_NAMES)
        stream_text_print(text, ", %d more boxes %" PRId64, l.n - MOST_NAMES, l.others);
}

demand_bits stream_messages_demand(const ct_needs *needs, const demand_query *q,
                                   stream_text *text) {
    const engine *e = needs->e;
    const stream_ct *ct = &e->m->graph->cts[e->ct];
    demand_bits bits = {.inputs = add_inputs(needs, q)};
    if (text)
        list_inputs(needs, text);
    int64_t through = passing(e, q);
    if (text && through > 0)
        stream_text_print(text, "%sparts of streamed operands %" PRId64, bits.inputs ? ", " : "",
                          through);
    bits.inputs = stream_sum_i64(bits.inputs, through);
    if (!(q->without >> STREAM_O & 1) && place_of(e->m, e->ct, q->core, STREAM_O) == q->instance) {
        bits.output = stream_engine_rounded(e, q->instance, e->m->facts[e->ct].bits);
        if (text)
            stream_text_print(text, "%s'%s' %" PRId64 " (written)", bits.inputs ? ", " : "",
                              e->m->graph->tensors[ct->tensor].name, bits.output);
    }
    bits.all = stream_sum_i64(bits.inputs, bits.output);
    return bits;
}
