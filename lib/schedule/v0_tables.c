/* Tables of the compatible mode that follow from the problem; see v0_engine.h. */

#include "v0_engine.h"

#include "stream/support/integer.h"

#include <inttypes.h>

static bool between_layers(const stream_coala_v0_problem *p, const stream_coala_v0_edge *e) {
    return p->cts[e->from].layer != p->cts[e->to].layer;
}

/* Edge ids sorted by one end, equal ones in the order given. first [n_cts + 1] */
static void sort_edges(const stream_coala_v0_problem *p, bool by_target, const int32_t *given,
                       int32_t *first, int32_t *sorted) {
    for (int32_t e = 0; e < p->n_edges; ++e)
        ++first[1 + (by_target ? p->edges[e].to : p->edges[e].from)];
    for (int32_t i = 0; i < p->n_cts; ++i)
        first[i + 1] += first[i];
    for (int32_t k = 0; k < p->n_edges; ++k) {
        int32_t e = given ? given[k] : k;
        sorted[first[by_target ? p->edges[e].to : p->edges[e].from]++] = e;
    }
    for (int32_t i = p->n_cts; i > 0; --i)
        first[i] = first[i - 1];
    first[0] = 0;
}

static void name_tensors(v0_run *r) {
    const stream_coala_v0_problem *p = r->p;
    for (int32_t i = 0; i < p->n_cts; ++i)
        r->tensors[i] = (v0_tensor){
            .bits = p->cts[i].output_bits, .data = p->cts[i].output_data, .operand = STREAM_O};
    for (int32_t k = 0; k < p->constant_first[p->n_cts]; ++k)
        r->tensors[p->n_cts + k] = (v0_tensor){.bits = p->constants[k].bits,
                                               .data = p->constants[k].data,
                                               .uses_left = p->constants[k].uses,
                                               .operand = p->constants[k].operand};
}

/* Of the output of CT i: one use per core that reads it (P1). Returns the uses after it. */
static int32_t count_uses(v0_run *r, const int32_t *by_source, int32_t i, int32_t n) {
    v0_tensor *t = &r->tensors[i];
    t->first_use = n;
    for (int32_t k = r->successor_first[i]; k < r->successor_first[i + 1]; ++k) {
        const stream_coala_v0_edge *e = &r->p->edges[by_source[k]];
        int32_t u = t->first_use, core = r->p->cts[e->to].core;
        if (!between_layers(r->p, e))
            continue;
        while (u < n && r->uses[u].core != core)
            ++u;
        if (u == n)
            r->uses[n++] = (v0_use){core, 0};
        ++r->uses[u].left;
        ++t->uses_left;
    }
    return n;
}

static stream_status fill_uses(v0_run *r, const int32_t *by_source) {
    const stream_coala_v0_problem *p = r->p;
    int32_t n = 0;
    for (int32_t i = 0; i < p->n_cts; ++i)
        n = count_uses(r, by_source, i, n);
    for (int32_t i = 0; i < p->n_cts; ++i)
        for (int32_t k = p->constant_first[i]; k < p->constant_first[i + 1]; ++k) {
            r->tensors[p->n_cts + k].first_use = n;
            r->uses[n++] = (v0_use){p->cts[i].core, p->constants[k].uses};
        }
    r->tensors[r->n_tensors].first_use = n;
    for (int32_t t = 0; t < r->n_tensors; ++t) {
        int64_t weight;
        if (!stream_mul_i64(r->tensors[t].bits, r->tensors[t].uses_left, &weight))
            return stream_error(r->diag, STREAM_LIMIT, (stream_loc){0},
                                "%" PRId64 " uses of %" PRId64 " bits are beyond 63 bits",
                                r->tensors[t].uses_left, r->tensors[t].bits);
    }
    return STREAM_OK;
}

/* By size, and otherwise as they are (2). */
static void sort_needs(const v0_run *r, v0_need *needs, int32_t n) {
    for (int32_t i = 1; i < n; ++i) {
        v0_need need = needs[i];
        int32_t k = i;
        for (; k > 0 && r->tensors[needs[k - 1].tensor].bits > r->tensors[need.tensor].bits; --k)
            needs[k] = needs[k - 1];
        needs[k] = need;
    }
}

/* Constants by rank, then the outputs of producers by id. */
static int32_t list_needs(v0_run *r, const int32_t *by_target, const int32_t *target_first,
                          int32_t i, int32_t n) {
    const stream_coala_v0_problem *p = r->p;
    int32_t begin = n;
    for (int32_t k = p->constant_first[i]; k < p->constant_first[i + 1]; ++k) {
        int32_t at = n++;
        for (; at > begin &&
               p->constants[r->needs[at - 1].tensor - p->n_cts].rank > p->constants[k].rank;
             --at)
            r->needs[at] = r->needs[at - 1];
        r->needs[at] = (v0_need){p->n_cts + k, p->constants[k].operand};
    }
    for (int32_t k = target_first[i]; k < target_first[i + 1]; ++k) {
        const stream_coala_v0_edge *e = &p->edges[by_target[k]];
        if (between_layers(p, e))
            r->needs[n++] = (v0_need){e->from, e->operand};
    }
    sort_needs(r, &r->needs[begin], n - begin);
    return n;
}

/* A layer is a sink if one of its CTs has no successor. */
static void mark_sinks(v0_run *r) {
    for (int32_t first = 0, end; first < r->p->n_cts; first = end) {
        bool sink = false;
        for (end = first; end < r->p->n_cts && r->p->cts[end].layer == r->p->cts[first].layer;
             ++end)
            sink |= r->successor_first[end] == r->successor_first[end + 1];
        for (int32_t i = first; i < end; ++i)
            r->sink[i] = sink;
    }
}

stream_status stream_v0_tables(v0_run *r, stream_arena *arena) {
    const stream_coala_v0_problem *p = r->p;
    size_t cts = (size_t)p->n_cts, edges = (size_t)p->n_edges;
    size_t constants = (size_t)p->constant_first[p->n_cts];
    r->n_tensors = (int32_t)(cts + constants);
    r->tensors = STREAM_NEW(arena, v0_tensor, cts + constants + 1);
    r->uses = STREAM_NEW(arena, v0_use, edges + constants);
    r->needs = STREAM_NEW(arena, v0_need, edges + constants);
    r->need_first = STREAM_NEW(arena, int32_t, cts + 1);
    r->successors = STREAM_NEW(arena, int32_t, edges);
    r->successor_first = STREAM_NEW(arena, int32_t, cts + 1);
    r->missing = STREAM_NEW(arena, int32_t, cts);
    r->sink = STREAM_NEW(arena, bool, cts);
    int32_t *by_source = STREAM_NEW(arena, int32_t, edges);
    int32_t *by_target = STREAM_NEW(arena, int32_t, edges);
    int32_t *target_first = STREAM_NEW(arena, int32_t, cts + 1);
    sort_edges(p, false, NULL, r->successor_first, by_source);
    sort_edges(p, true, by_source, target_first, by_target);

    name_tensors(r);
    STREAM_TRY(fill_uses(r, by_source));
    mark_sinks(r);
    for (int32_t k = 0; k < p->n_edges; ++k)
        r->successors[k] = p->edges[by_source[k]].to;
    for (int32_t i = 0; i < p->n_cts; ++i) {
        r->missing[i] = target_first[i + 1] - target_first[i];
        r->need_first[i + 1] = list_needs(r, by_target, target_first, i, r->need_first[i]);
    }
    return STREAM_OK;
}
