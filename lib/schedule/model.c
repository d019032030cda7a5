/* Needs, groups and paths; see model.h. */

#include "model.h"

#include "stream/support/integer.h"
#include "stream/support/vec.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A need before it has a group. */
typedef struct {
    int32_t ct, datum;
    uint8_t operand;
    bool accumulates;
    stream_box box;
} raw_need;

/* For qsort: needs of one datum in the order of their groups. */
typedef struct {
    int32_t key; /* box.lo[axis] */
    int32_t id;
    const stream_box *box;
} sort_entry;

static int compare_boxes(const stream_box *a, const stream_box *b) {
    for (int32_t d = 0; d < a->rank; ++d) {
        if (a->lo[d] != b->lo[d])
            return a->lo[d] < b->lo[d] ? -1 : 1;
        if (a->size[d] != b->size[d])
            return a->size[d] < b->size[d] ? -1 : 1;
    }
    return 0;
}

static int compare_entries(const void *pa, const void *pb) {
    const sort_entry *a = pa, *b = pb;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    int order = compare_boxes(a->box, b->box);
    return order ? order : (a->id > b->id) - (a->id < b->id);
}

/* Every accumulating CT must have found what it accumulates onto. */
static stream_status check_accumulations(const model *m, const stream_diag *diag) {
    for (int32_t i = 0; i < m->graph->n_cts; ++i) {
        int32_t n = m->need_first[i], last = m->need_first[i + 1];
        while (n < last && !m->needs[n].accumulates)
            ++n;
        if (m->graph->cts[i].accumulates && n == last)
            return stream_error(diag, STREAM_INVALID, m->graph->cts[i].loc,
                                "CT %d accumulates onto a box that no CT before it wrote", i);
    }
    return STREAM_OK;
}

static int32_t *next_versions(const stream_ct_graph *g, stream_arena *arena) {
    int32_t *next = STREAM_NEW(arena, int32_t, (size_t)g->n_cts);
    for (int32_t i = 0; i < g->n_cts; ++i)
        next[i] = -1;
    for (int32_t i = 0; i < g->n_cts; ++i)
        for (int32_t p = g->pred_first[i]; g->cts[i].accumulates && p < g->pred_first[i + 1]; ++p) {
            int32_t pred = g->preds[p];
            if (g->cts[pred].tensor == g->cts[i].tensor && next[pred] < 0 &&
                stream_box_equal(&g->cts[pred].box, &g->cts[i].box))
                next[pred] = i;
        }
    return next;
}

static void push_need(stream_vec *raw, int32_t ct, int32_t datum, uint8_t operand, bool accumulates,
                      const stream_box *box) {
    *(raw_need *)stream_vec_push(raw) = (raw_need){ct, datum, operand, accumulates, *box};
}

/* The parts of one read, by the CTs that wrote them. */
static void add_read(const stream_ct_graph *g, const int32_t *next, int32_t ct,
                     const stream_ct_read *read, stream_vec *raw) {
    if (stream_box_is_empty(&read->box))
        return;
    if (g->tensors[read->tensor].kind != STREAM_TENSOR_INTERMEDIATE) {
        push_need(raw, ct, g->n_cts + read->tensor, read->operand, false, &read->box);
        return;
    }
    for (int32_t p = g->pred_first[ct]; p < g->pred_first[ct + 1]; ++p) {
        int32_t pred = g->preds[p];
        stream_box part;
        if (g->cts[pred].tensor == read->tensor && (next[pred] < 0 || next[pred] > ct) &&
            stream_box_intersect(&g->cts[pred].box, &read->box, &part))
            push_need(raw, ct, pred, read->operand, false, &part);
    }
}

static void add_accumulation(const stream_ct_graph *g, const int32_t *next, int32_t ct,
                             stream_vec *raw) {
    for (int32_t p = g->pred_first[ct]; p < g->pred_first[ct + 1]; ++p)
        if (next[g->preds[p]] == ct)
            push_need(raw, ct, g->preds[p], STREAM_O, true, &g->cts[ct].box);
}

static void collect_needs(model *m, stream_vec *raw, stream_arena *arena) {
    const stream_ct_graph *g = m->graph;
    int32_t *first = STREAM_NEW(arena, int32_t, (size_t)g->n_cts + 1);
    for (int32_t i = 0; i < g->n_cts; ++i) {
        first[i] = (int32_t)raw->n;
        const stream_ct *ct = &g->cts[i];
        for (int32_t r = 0; r < ct->n_reads; ++r)
            add_read(g, m->next_version, i, &g->reads[ct->first_read + r], raw);
        if (ct->accumulates)
            add_accumulation(g, m->next_version, i, raw);
    }
    first[g->n_cts] = (int32_t)raw->n;
    m->need_first = first;
    m->n_needs = (int32_t)raw->n;
}

/* The axis along which the boxes of the entries are most spread, in units of the longest. */
static int8_t choose_axis(const sort_entry *entries, int32_t n, int32_t *out_size) {
    int8_t best = 0;
    int64_t best_spread = -1;
    *out_size = 1;
    for (int32_t d = 0; n && d < entries[0].box->rank; ++d) {
        int32_t least = INT32_MAX, most = 0, longest = 1;
        for (int32_t i = 0; i < n; ++i) {
            const stream_box *box = entries[i].box;
            least = box->lo[d] < least ? box->lo[d] : least;
            most = box->lo[d] > most ? box->lo[d] : most;
            longest = box->size[d] > longest ? box->size[d] : longest;
        }
        int64_t spread = (most - least) / longest;
        if (spread > best_spread) {
            best_spread = spread;
            best = (int8_t)d;
            *out_size = longest;
        }
    }
    return best;
}

/* Sorts the needs of one datum and makes their groups. */
static void group_datum(model *m, const raw_need *raw, sort_entry *entries, int32_t n,
                        int32_t datum, int8_t *axis, int32_t *axis_size, need *needs,
                        int32_t *users, stream_vec *groups) {
    axis[datum] = choose_axis(entries, n, &axis_size[datum]);
    for (int32_t i = 0; i < n; ++i)
        entries[i].key = entries[i].box->rank ? entries[i].box->lo[axis[datum]] : 0;
    qsort(entries, (size_t)n, sizeof *entries, compare_entries);
    const stream_box *last = NULL;
    for (int32_t i = 0; i < n; ++i) {
        const raw_need *r = &raw[entries[i].id];
        if (!last || compare_boxes(last, &r->box) != 0) {
            *(need_group *)stream_vec_push(groups) = (need_group){
                .datum = datum,
                .first_user = i,
                .bits = stream_ct_graph_bits(m->graph, datum_tensor(m, datum), &r->box),
                .box = r->box};
            last = &r->box;
        }
        need_group *group = &STREAM_AT(need_group, *groups, groups->n - 1);
        group->n_users++;
        users[i] = entries[i].id;
        needs[entries[i].id] =
            (need){r->ct, (int32_t)groups->n - 1, datum, r->operand, r->accumulates, false};
    }
}

/* Groups of more users than this have counters per instance. */
#define MANY_USERS 16

static void number_counters(model *m, const int32_t *users, need *needs, stream_vec *groups) {
    for (size_t g = 0; g < groups->n; ++g) {
        need_group *group = &STREAM_AT(need_group, *groups, g);
        group->counter = group->n_users > MANY_USERS ? m->n_counters++ : -1;
        for (int32_t u = 0; group->counter >= 0 && u < group->n_users; ++u)
            needs[users[group->first_user + u]].counted = true;
    }
}

static void build_groups(model *m, const raw_need *raw, stream_arena *arena) {
    size_t n_data = (size_t)m->n_data, n = (size_t)m->n_needs;
    int32_t *first = STREAM_NEW(arena, int32_t, n_data + 1);
    int32_t *uses = STREAM_NEW(arena, int32_t, n_data);
    for (size_t i = 0; i < n; ++i)
        uses[raw[i].datum]++;
    sort_entry *entries = STREAM_NEW(arena, sort_entry, n);
    for (int32_t d = 0; d < m->n_data; ++d)
        first[d + 1] = first[d] + uses[d];
    for (size_t i = 0; i < n; ++i)
        entries[first[raw[i].datum]++] = (sort_entry){.id = (int32_t)i, .box = &raw[i].box};
    int8_t *axis = STREAM_NEW(arena, int8_t, n_data);
    int32_t *axis_size = STREAM_NEW(arena, int32_t, n_data);
    need *needs = STREAM_NEW(arena, need, n);
    int32_t *users = STREAM_NEW(arena, int32_t, n);
    stream_vec groups = STREAM_VEC(need_group);
    for (int32_t d = 0, at = 0; d < m->n_data; at += uses[d++]) {
        size_t group = groups.n;
        first[d] = (int32_t)group;
        group_datum(m, raw, entries + at, uses[d], d, axis, axis_size, needs, users + at, &groups);
        for (; group < groups.n; ++group)
            STREAM_AT(need_group, groups, group).first_user += at;
    }
    first[m->n_data] = (int32_t)groups.n;
    number_counters(m, users, needs, &groups);
    m->group_first = first;
    m->uses = uses;
    m->axis = axis;
    m->axis_size = axis_size;
    m->needs = needs;
    m->users = users;
    m->n_groups = (int32_t)groups.n;
    m->groups = stream_vec_freeze(&groups, arena);
}

void stream_schedule_model_range(const model *m, int32_t datum, const stream_box *box,
                                 int32_t *out_first, int32_t *out_last) {
    int32_t first = m->group_first[datum], last = m->group_first[datum + 1];
    *out_last = last;
    if (last - first > 4 && box->rank > 0) {
        int32_t axis = m->axis[datum];
        int64_t from = (int64_t)box->lo[axis] - m->axis_size[datum];
        int64_t to = (int64_t)box->lo[axis] + box->size[axis];
        for (int32_t lo = first, hi = last; lo < hi;) {
            int32_t mid = lo + (hi - lo) / 2;
            if (m->groups[mid].box.lo[axis] <= from)
                first = lo = mid + 1;
            else
                hi = mid;
        }
        for (int32_t lo = first, hi = last; lo < hi;) {
            int32_t mid = lo + (hi - lo) / 2;
            if (m->groups[mid].box.lo[axis] < to)
                lo = mid + 1;
            else
                *out_last = hi = mid;
        }
    }
    *out_first = first;
}

int32_t stream_schedule_model_most_needs(const model *m) {
    int32_t most = 0;
    for (int32_t i = 0; i < m->graph->n_cts; ++i) {
        int32_t n = m->need_first[i + 1] - m->need_first[i];
        most = n > most ? n : most;
    }
    return most;
}

static const bool *find_outputs(const model *m, stream_arena *arena) {
    bool *is_output = STREAM_NEW(arena, bool, (size_t)m->n_data);
    for (int32_t d = 0; d < m->n_data; ++d)
        is_output[d] = m->graph->tensors[datum_tensor(m, d)].is_output &&
                       (d >= m->graph->n_cts || m->next_version[d] < 0);
    return is_output;
}

static int64_t least_cycles(const model *m, int32_t ct) {
    int64_t least = INT64_MAX, n = m->acc->n_cores;
    for (int32_t c = 0; c < n; ++c) {
        int64_t cycles = m->cycles[m->graph->cts[ct].kernel * n + c];
        least = cycles > 0 ? stream_min_i64(least, cycles) : least;
    }
    return least == INT64_MAX ? 0 : least;
}

static const int64_t *find_tails(const model *m, stream_arena *arena) {
    const stream_ct_graph *g = m->graph;
    int64_t *tail = STREAM_NEW(arena, int64_t, (size_t)g->n_cts);
    for (int32_t i = g->n_cts; i-- > 0;) {
        int64_t through = tail[i] + least_cycles(m, i);
        for (int32_t p = g->pred_first[i]; p < g->pred_first[i + 1]; ++p)
            tail[g->preds[p]] = stream_max_i64(tail[g->preds[p]], through);
    }
    return tail;
}

static void build_paths(model *m, const stream_routes *routes, stream_arena *arena) {
    int32_t n = m->acc->n_instances;
    sched_path *paths = STREAM_NEW(arena, sched_path, (size_t)n * (size_t)n);
    int32_t *ports = STREAM_NEW(arena, int32_t, (size_t)n * STREAM_N_OPERANDS * 2);
    for (int32_t from = 0; from < n; ++from) {
        for (int32_t to = 0; to < n; ++to) {
            const stream_route *r = stream_routes_between(m->acc, routes, from, to);
            if (r && from != to)
                paths[from * n + to] = (sched_path){r->resources, r->n_hops, r->bandwidth_bits,
                                                    r->latency_cycles, true};
        }
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
            for (int32_t write = 0; write < 2; ++write)
                ports[(from * STREAM_N_OPERANDS + o) * 2 + write] =
                    stream_accelerator_port(m->acc, from, (stream_operand_class)o, write);
    }
    m->paths = paths;
    m->ports = ports;
}

/* Every core's price of a CT, so that no sum of them can overflow. */
static stream_status check_prices(const stream_schedule_problem *p, const stream_diag *diag) {
    int64_t cycles = 0, energy = 0;
    for (int32_t i = 0; i < p->graph->n_cts; ++i) {
        int64_t most = 0, dearest = 0, kernel = p->graph->cts[i].kernel;
        for (int32_t c = 0; c < p->acc->n_cores; ++c) {
            int64_t price = p->cycles[(int64_t)kernel * p->acc->n_cores + c];
            if (price == 0 || price < -1)
                return stream_error(diag, STREAM_INVALID, p->graph->kernels[kernel].loc,
                                    "kernel '%s' takes %" PRId64
                                    " cycles on core '%s'; it must be at least 1",
                                    p->graph->kernels[kernel].name, price, p->acc->cores[c].name);
            most = stream_max_i64(most, price);
            if (price > 0)
                dearest =
                    stream_max_i64(dearest, p->energy_fj[(int64_t)kernel * p->acc->n_cores + c]);
        }
        if (!stream_add_i64(cycles, most, &cycles) || cycles > INT64_MAX / 8 ||
            !stream_add_i64(energy, dearest, &energy) || energy > INT64_MAX / 4)
            return stream_error(diag, STREAM_INVALID, p->graph->cts[i].loc,
                                "the cycles or the energy of the first %d CTs do not fit 60 bits",
                                i + 1);
    }
    return STREAM_OK;
}

stream_status stream_schedule_model_build(const stream_schedule_problem *p, stream_arena *arena,
                                          const stream_diag *diag,
                                          const stream_schedule_model **out) {
    STREAM_TRY(check_prices(p, diag));
    model *m = STREAM_NEW(arena, model, 1);
    m->acc = p->acc;
    m->graph = p->graph;
    m->cycles = p->cycles;
    m->energy_fj = p->energy_fj;
    m->n_data = p->graph->n_cts + p->graph->n_tensors;
    m->next_version = next_versions(p->graph, arena);
    stream_vec raw = STREAM_VEC(raw_need);
    collect_needs(m, &raw, arena);
    build_groups(m, raw.data, arena);
    stream_vec_free(&raw);
    STREAM_TRY(check_accumulations(m, diag));
    m->is_output = find_outputs(m, arena);
    build_paths(m, p->routes, arena);
    STREAM_TRY(stream_schedule_model_streams(m, p, arena, diag));
    m->tail = find_tails(m, arena);
    m->demand = stream_schedule_demand(m->graph, arena);
    *out = m;
    return STREAM_OK;
}
