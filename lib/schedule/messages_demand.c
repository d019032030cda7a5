/* What a CT asks of a memory, for messages; see messages.h. */

#include "messages.h"

#include "stream/support/integer.h"

#include <inttypes.h>

enum {
    MOST_NAMES = 4
};

static const char *name_of(const engine *e, int32_t datum) {
    const char *name = e->m->graph->tensors[datum_tensor(e->m, datum)].name;
    return name && *name ? name : "?";
}

/* rest minus `box`. */
static void subtract(stream_vec *rest, const stream_box *box) {
    stream_vec left = STREAM_VEC(stream_box);
    stream_box parts[2 * STREAM_MAX_RANK];
    for (size_t i = 0; i < rest->n; ++i) {
        int32_t n = stream_box_subtract(&STREAM_AT(stream_box, *rest, i), box, parts);
        for (int32_t k = 0; k < n; ++k)
            *(stream_box *)stream_vec_push(&left) = parts[k];
    }
    stream_vec_free(rest);
    *rest = left;
}

/* Is the need one of the query, in its memory? */
static bool counts(const engine *e, const demand_query *q, const need *n) {
    return !n->accumulates && !(q->without >> n->operand & 1) &&
           place_of(e->m, e->ct, q->core, n->operand) == q->instance;
}

/* A part of a datum that is fetched. */
typedef struct {
    int32_t datum;
    stream_box box;
} fetched_part;

/* What of the need is not in parts that are there: as the engine fetches it, one need after the
 * other, and cuts it by the newest buffer first. */
static void find_rest(const need_group *group, const stream_vec *parts, stream_vec *rest) {
    *(stream_box *)stream_vec_push(rest) = group->box;
    for (size_t k = parts->n; k-- > 0 && rest->n > 0;) {
        const fetched_part *part = &STREAM_AT(fetched_part, *parts, k);
        if (part->datum == group->datum)
            subtract(rest, &part->box);
    }
}

/* Bits that the need adds to the parts that are there, each in whole words. */
static int64_t fetch(const engine *e, int32_t instance, const need_group *group,
                     stream_vec *parts) {
    stream_vec rest = STREAM_VEC(stream_box);
    int64_t bits = 0;
    find_rest(group, parts, &rest);
    for (size_t i = 0; i < rest.n; ++i) {
        const stream_box *box = &STREAM_AT(stream_box, rest, i);
        int64_t part = stream_ct_graph_bits(e->m->graph, datum_tensor(e->m, group->datum), box);
        bits = stream_sum_i64(bits, stream_engine_rounded(e, instance, part));
        *(fetched_part *)stream_vec_push(parts) = (fetched_part){group->datum, *box};
    }
    stream_vec_free(&rest);
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
    else if (l->text)
        stream_text_print(l->text, "%s'%s' %" PRId64, l->n > 1 ? ", " : "", name, bits);
}

static int64_t inputs(const engine *e, const demand_query *q, stream_text *text) {
    const model *m = e->m;
    stream_vec parts = STREAM_VEC(fetched_part);
    int64_t all = 0;
    listing l = {.text = text};
    for (int32_t n = m->need_first[e->ct]; n < m->need_first[e->ct + 1]; ++n) {
        if (!counts(e, q, &m->needs[n]))
            continue;
        const need_group *group = &m->groups[m->needs[n].group];
        int64_t bits = fetch(e, q->instance, group, &parts);
        if (bits > 0)
            list(&l, name_of(e, group->datum), bits);
        all = stream_sum_i64(all, bits);
    }
    stream_vec_free(&parts);
    if (text && l.n > MOST_NAMES)
        stream_text_print(text, ", %d more boxes %" PRId64, l.n - MOST_NAMES, l.others);
    return all;
}

demand_bits stream_messages_demand(const engine *e, const demand_query *q, stream_text *text) {
    const stream_ct *ct = &e->m->graph->cts[e->ct];
    demand_bits bits = {.inputs = inputs(e, q, text)};
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
