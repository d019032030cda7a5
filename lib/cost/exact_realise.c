/* From a chain of cuts to a mapping: the order inside a segment is still free; reference
 * section 3.5. */

#include "exact_search.h"

#include <math.h>
#include <string.h>

static void end_segment(int32_t at, int32_t *end, int32_t *n) {
    if (at > 0 && (*n == 0 || end[*n - 1] != at))
        end[(*n)++] = at;
}

void stream_exact_mapping(const stream_exact *x, const int32_t *actions, int32_t n,
                          stream_temporal_mapping *mapping, int32_t *end, int32_t *n_segments) {
    const stream_mapping_problem *p = x->problem;
    int32_t closed[STREAM_NEST_MAX_OPERANDS] = {0}, cut[STREAM_NEST_MAX_OPERANDS] = {0};
    int32_t state = 0;
    bool stationary[STREAM_NEST_MAX_OPERANDS], was_fixed = false;
    for (int32_t o = 0; o < p->n_operands; ++o)
        stationary[o] = true;
    mapping->n = *n_segments = 0;
    for (int32_t i = 0; i < n; ++i) {
        if (actions[i] >= STREAM_ACTION_CLOSE) {
            bool place = actions[i] < STREAM_ACTION_ALLOCATE;
            int32_t o = actions[i] - (place ? STREAM_ACTION_CLOSE : STREAM_ACTION_ALLOCATE);
            if (!place || cut[o] == closed[o])
                mapping->cut[o][cut[o]++] = mapping->n;
            closed[o] += place;
            end_segment(mapping->n, end, n_segments);
            continue;
        }
        bool fixed = stream_lattice_fixed(&x->lattice, state, actions[i]);
        if (fixed || was_fixed)
            end_segment(mapping->n, end, n_segments);
        was_fixed = fixed;
        state += x->lattice.stride[actions[i]];
        for (int32_t o = 1; o < p->n_operands; ++o)
            if (stationary[o] && !stream_kind_stationary(&x->lattice, o, actions[i])) {
                stationary[o] = false; /* the stationary prefix of an input is a cut, too */
                if (closed[o] == 0)
                    end_segment(mapping->n, end, n_segments);
            }
        mapping->order[mapping->n++] =
            (stream_temporal_loop){x->lattice.dim[actions[i]], x->lattice.prime[actions[i]]};
    }
    if (mapping->n == 0)
        mapping->order[mapping->n++] = (stream_temporal_loop){p->loops[0].dim, 1};
    for (int32_t o = 0; o < p->n_operands; ++o)
        while (cut[o] < p->operands[o].n_levels)
            mapping->cut[o][cut[o]++] = mapping->n;
    end_segment(mapping->n, end, n_segments);
}

double stream_exact_try(stream_exact *x, const stream_temporal_mapping *mapping) {
    stream_mapping_cost cost;
    stream_mapping_evaluate(x->problem, mapping, &cost, NULL);
    x->result->evaluations++;
    stream_exact_spend(x, STREAM_STEPS_EVALUATION);
    double value = stream_exact_value(x, cost.total2_cycles, cost.energy_pj);
    if (value < x->tried_value) {
        x->tried_value = value;
        x->tried_cost = cost;
        x->tried = *mapping;
    }
    if (value < x->incumbent) {
        x->incumbent = value;
        x->result->found = true;
        x->result->cost = cost;
        x->result->mapping = *mapping;
    }
    return value;
}

static void sort_by_dim(stream_temporal_loop *loops, int32_t n) {
    for (int32_t i = 1; i < n; ++i) {
        stream_temporal_loop moving = loops[i];
        int32_t k = i;
        for (; k > 0 && (loops[k - 1].dim > moving.dim ||
                         (loops[k - 1].dim == moving.dim && loops[k - 1].size > moving.size));
             --k)
            loops[k] = loops[k - 1];
        loops[k] = moving;
    }
}

/* The loops of a segment (sorted by dim) in the q-th order of its dims. */
static void permute_dims(const stream_temporal_loop *loops, int32_t n, const int32_t *dims,
                         int32_t n_dims, int32_t q, stream_temporal_loop *out) {
    int32_t rest[STREAM_NEST_MAX_DIMS], k = n_dims, w = 0;
    memcpy(rest, dims, sizeof(int32_t) * (size_t)n_dims);
    for (int32_t i = 0; i < n_dims; ++i) {
        int32_t pick = q % k;
        q /= k;
        for (int32_t y = 0; y < n; ++y)
            if (loops[y].dim == rest[pick])
                out[w++] = loops[y];
        for (int32_t y = pick; y + 1 < k; ++y)
            rest[y] = rest[y + 1];
        --k;
    }
}

/* Tries the orders of the dims of one segment; keeps the best in `best`. */
static double improve_segment(stream_exact *x, int32_t from, int32_t to, double goal, double value,
                              stream_temporal_mapping *best) {
    int32_t n = to - from, dims[STREAM_NEST_MAX_DIMS], n_dims = 0, orders = 1;
    stream_temporal_loop loops[STREAM_MAP_MAX_LOOPS];
    memcpy(loops, &best->order[from], sizeof loops[0] * (size_t)n);
    sort_by_dim(loops, n);
    for (int32_t i = 0; i < n; ++i)
        if (n_dims == 0 || dims[n_dims - 1] != loops[i].dim)
            dims[n_dims++] = loops[i].dim;
    for (int32_t i = 2; i <= n_dims && orders < 720; ++i)
        orders *= i;
    for (int32_t q = 0; q < orders && value > goal; ++q) {
        stream_temporal_mapping m = *best;
        permute_dims(loops, n, dims, n_dims, q, &m.order[from]);
        double v = stream_exact_try(x, &m);
        if (v < value) {
            value = v;
            *best = m;
        }
    }
    return value;
}

void stream_exact_realise(stream_exact *x, const int32_t *actions, int32_t n, double relaxed) {
    stream_temporal_mapping best;
    int32_t end[STREAM_EXACT_MAX_STEPS], n_segments;
    stream_exact_mapping(x, actions, n, &best, end, &n_segments);
    for (int32_t s = 0; s < n_segments; ++s) {
        int32_t from = s ? end[s - 1] : 0;
        sort_by_dim(&best.order[from], end[s] - from);
    }
    double goal = relaxed * (1 + 1e-12), value = stream_exact_try(x, &best);
    for (int32_t round = 0; round < 2; ++round)
        for (int32_t s = n_segments - 1; s >= 0 && value > goal; --s)
            value = improve_segment(x, s ? end[s - 1] : 0, end[s], goal, value, &best);
    if (value > goal && relaxed < x->unrealised)
        x->unrealised = relaxed;
}
