/* Most flow and least cut; see bound_flow.h. */

#include "bound_flow.h"

#include "stream/support/integer.h"

#include <string.h>

bound_flow *stream_flow_create(int32_t n_nodes, int64_t most_pairs, int64_t steps,
                               stream_arena *arena) {
    size_t nodes = (size_t)n_nodes, arcs = 2 * (size_t)most_pairs;
    bound_flow *f = STREAM_NEW(arena, bound_flow, 1);
    *f = (bound_flow){.n_nodes = n_nodes,
                      .last = STREAM_NEW(arena, int32_t, nodes),
                      .next = STREAM_NEW(arena, int32_t, arcs),
                      .to = STREAM_NEW(arena, int32_t, arcs),
                      .capacity = STREAM_NEW(arena, int64_t, arcs),
                      .per_cycle = STREAM_NEW(arena, bool, arcs),
                      .left = STREAM_NEW(arena, int64_t, arcs),
                      .level = STREAM_NEW(arena, int32_t, nodes),
                      .at = STREAM_NEW(arena, int32_t, nodes),
                      .way = STREAM_NEW(arena, int32_t, nodes),
                      .steps = steps};
    memset(f->last, -1, nodes * sizeof *f->last);
    return f;
}

static void add_arc(bound_flow *f, int32_t from, int32_t to, int64_t capacity, bool per_cycle) {
    int32_t a = f->n_arcs++;
    f->to[a] = to;
    f->capacity[a] = capacity;
    f->per_cycle[a] = per_cycle;
    f->next[a] = f->last[from];
    f->last[from] = a;
}

int32_t stream_flow_add(bound_flow *f, int32_t from, int32_t to, int64_t capacity, int64_t back,
                        bool per_cycle) {
    add_arc(f, from, to, capacity, per_cycle);
    add_arc(f, to, from, back, per_cycle);
    return f->n_arcs - 2;
}

static void refill(bound_flow *f, int64_t cycles) {
    for (int32_t a = 0; a < f->n_arcs; ++a)
        if (!stream_mul_i64(f->capacity[a], f->per_cycle[a] ? cycles : 1, &f->left[a]) ||
            f->left[a] > STREAM_FLOW_NO_LIMIT)
            f->left[a] = STREAM_FLOW_NO_LIMIT;
    f->steps -= f->n_arcs;
}

/* Levels of all nodes that can be reached; is `to` among them? */
static bool find_levels(bound_flow *f, int32_t from, int32_t to) {
    int32_t *queue = f->way, head = 0, n = 0;
    memset(f->level, -1, (size_t)f->n_nodes * sizeof *f->level);
    f->level[from] = 0;
    queue[n++] = from;
    while (head < n) {
        int32_t node = queue[head++];
        for (int32_t a = f->last[node]; a >= 0; a = f->next[a]) {
            --f->steps;
            if (f->left[a] > 0 && f->level[f->to[a]] < 0) {
                f->level[f->to[a]] = f->level[node] + 1;
                queue[n++] = f->to[a];
            }
        }
    }
    return f->level[to] >= 0;
}

/* Sends what fits along the way [n]; returns how much of the way is left in front of the first arc
 * that is full. */
static int32_t send(bound_flow *f, int32_t n, int64_t *sum) {
    int64_t most = INT64_MAX;
    int32_t kept = n;
    for (int32_t i = 0; i < n; ++i)
        most = stream_min_i64(most, f->left[f->way[i]]);
    for (int32_t i = n; i-- > 0;) {
        int32_t a = f->way[i];
        f->left[a] -= most;
        f->left[a ^ 1] += most;
        kept = f->left[a] == 0 ? i : kept;
    }
    *sum += most;
    return kept;
}

/* To the next arc of the node that leads one level on. */
static bool advance(bound_flow *f, int32_t node) {
    for (int32_t *a = &f->at[node]; *a >= 0; *a = f->next[*a]) {
        --f->steps;
        if (f->left[*a] > 0 && f->level[f->to[*a]] == f->level[node] + 1)
            return true;
    }
    return false;
}

/* All ways of the least number of arcs that are free. */
static int64_t fill(bound_flow *f, int32_t from, int32_t to) {
    int64_t sum = 0;
    int32_t n = 0;
    memcpy(f->at, f->last, (size_t)f->n_nodes * sizeof *f->at);
    while (f->steps > 0) {
        int32_t node = n > 0 ? f->to[f->way[n - 1]] : from;
        if (node == to) {
            n = send(f, n, &sum);
        } else if (advance(f, node)) {
            f->way[n++] = f->at[node];
        } else if (n > 0) {
            int32_t back = f->way[--n];
            f->at[f->to[back ^ 1]] = f->next[back];
        } else {
            break;
        }
    }
    return sum;
}

int64_t stream_flow_run(bound_flow *f, int32_t from, int32_t to, int64_t cycles) {
    int64_t sum = 0;
    refill(f, cycles);
    while (find_levels(f, from, to) && f->steps > 0)
        sum += fill(f, from, to);
    return f->steps > 0 ? sum : -1;
}
