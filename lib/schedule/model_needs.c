/* Needs; see model.h.
 *
 * Needs are put where those of their datum belong at once. For that they are counted first: a read
 * needs at most all CTs before it that write its tensor. Their boxes are found when those of a
 * datum are grouped: there are far more needs than groups, and memory costs more time than that. */

#include "model_needs.h"

typedef struct {
    const stream_ct_graph *g;
    const int32_t *next_version;
    int32_t *first; /* [n_data + 1] slots of the datum, of which it needs */
    int32_t *uses;  /* [n_data] so many */
    int32_t *slots; /* needs */
    need *needs;
    int32_t *read_of; /* each is a part of; -1: it accumulates */
    int32_t *cts;     /* whose they are */
    int32_t n;        /* of them */
} collector;

/* Slots are counted for all CTs that write the tensor of a read: more than overlap it. */
#define MOST_SLOTS (4 * (int64_t)STREAM_CT_GRAPH_MOST_PIECES)

/* first[d + 1]: slots for datum d */
static void count_slots(collector *c, int64_t *out_all) {
    const stream_ct_graph *g = c->g;
    int64_t all = 0;
    for (int32_t i = 0; i < g->n_cts && all <= MOST_SLOTS; ++i) {
        const stream_ct *ct = &g->cts[i];
        for (int32_t r = ct->first_read; r < ct->first_read + ct->n_reads; ++r) {
            int32_t tensor = g->reads[r].tensor;
            bool outside = g->tensors[tensor].kind != STREAM_TENSOR_INTERMEDIATE;
            c->first[g->n_cts + tensor + 1] += outside;
            all += outside;
            for (int32_t p = g->pred_first[i]; p < g->pred_first[i + 1]; ++p) {
                bool writes = g->cts[g->preds[p]].tensor == tensor;
                c->first[g->preds[p] + 1] += writes;
                all += writes;
            }
        }
        for (int32_t p = g->pred_first[i]; ct->accumulates && p < g->pred_first[i + 1]; ++p) {
            bool writes = c->next_version[g->preds[p]] == i;
            c->first[g->preds[p] + 1] += writes;
            all += writes;
        }
    }
    *out_all = all;
}

static void add_need(collector *c, int32_t ct, int32_t datum, uint8_t operand, int32_t read) {
    int32_t id = c->n++;
    c->slots[c->first[datum] + c->uses[datum]++] = id;
    c->cts[id] = ct;
    c->read_of[id] = read;
    c->needs[id] = (need){.datum = (uint32_t)datum & STREAM_ID_MASK,
                          .operand = operand & 3u,
                          .accumulates = read < 0};
}

/* The parts of one read, by the CTs that wrote them. */
static void add_read(collector *c, int32_t ct, int32_t id) {
    const stream_ct_graph *g = c->g;
    const stream_ct_read *read = &g->reads[id];
    if (stream_box_is_empty(&read->box))
        return;
    if (g->tensors[read->tensor].kind != STREAM_TENSOR_INTERMEDIATE) {
        add_need(c, ct, g->n_cts + read->tensor, read->operand, id);
        return;
    }
    for (int32_t p = g->pred_first[ct]; p < g->pred_first[ct + 1]; ++p) {
        int32_t pred = g->preds[p], next = c->next_version[pred];
        if (g->cts[pred].tensor == read->tensor && (next < 0 || next > ct) &&
            stream_box_overlaps(&g->cts[pred].box, &read->box))
            add_need(c, ct, pred, read->operand, id);
    }
}

static void add_accumulation(collector *c, int32_t ct) {
    const stream_ct_graph *g = c->g;
    for (int32_t p = g->pred_first[ct]; p < g->pred_first[ct + 1]; ++p)
        if (c->next_version[g->preds[p]] == ct)
            add_need(c, ct, g->preds[p], STREAM_O, -1);
}

/* first [n_cts + 1] needs of each CT */
static void collect(collector *c, int32_t *first) {
    const stream_ct_graph *g = c->g;
    for (int32_t i = 0; i < g->n_cts; ++i) {
        const stream_ct *ct = &g->cts[i];
        first[i] = c->n;
        for (int32_t r = 0; r < ct->n_reads; ++r)
            add_read(c, i, ct->first_read + r);
        if (ct->accumulates)
            add_accumulation(c, i);
    }
    first[g->n_cts] = c->n;
}

static stream_status too_many(const model *m, int64_t n, const stream_diag *diag) {
    return stream_error(diag, STREAM_LIMIT, (stream_loc){0},
                        "the %d CTs read %lld pieces of what other CTs write, inputs and "
                        "constants; at most %d can be scheduled",
                        m->graph->n_cts, (long long)n, STREAM_CT_GRAPH_MOST_PIECES);
}

static void place_needs(model *m, collector *c, stream_arena *arena, stream_arena *scratch) {
    int32_t *first = STREAM_NEW(arena, int32_t, (size_t)m->graph->n_cts + 1);
    for (int32_t d = 0; d < m->n_data; ++d)
        c->first[d + 1] += c->first[d];
    c->slots = STREAM_NEW(scratch, int32_t, (size_t)c->first[m->n_data]);
    c->needs = STREAM_NEW(arena, need, (size_t)c->first[m->n_data]);
    c->read_of = STREAM_NEW(arena, int32_t, (size_t)c->first[m->n_data]);
    c->cts = STREAM_NEW(scratch, int32_t, (size_t)c->first[m->n_data]);
    collect(c, first);
    m->need_first = first;
    m->n_needs = c->n;
    m->uses = c->uses;
    m->needs = c->needs;
    m->group_of = c->read_of;
}

stream_status stream_schedule_model_needs(model *m, stream_arena *arena, const stream_diag *diag) {
    stream_arena *scratch = stream_arena_create();
    collector c = {.g = m->graph,
                   .next_version = m->next_version,
                   .first = STREAM_NEW(scratch, int32_t, (size_t)m->n_data + 1),
                   .uses = STREAM_NEW(arena, int32_t, (size_t)m->n_data)};
    int64_t n;
    count_slots(&c, &n);
    if (n <= MOST_SLOTS) {
        place_needs(m, &c, arena, scratch);
        n = c.n;
    }
    stream_status status = STREAM_OK;
    if (n > STREAM_CT_GRAPH_MOST_PIECES) {
        status = too_many(m, n, diag);
    } else {
        need_lists lists = {c.first, c.uses, c.slots, c.cts, c.needs, c.read_of};
        stream_schedule_model_groups(m, &lists, arena);
    }
    stream_arena_destroy(scratch);
    return status;
}
