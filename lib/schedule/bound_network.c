/* What must pass links and ports of memories, between off-chip memory and cores, and between cores.
 *
 * The network: off-chip memory and its place are the source; links join places (bound_ways.h); a
 * place leads to the memories that its cores see, over their write ports; a memory leads to every
 * set of cores of which one sees it, for the operand. A cut is any set C of these nodes without the
 * source, and with all memories (places, of what is streamed) of a set that is in it. What the CTs
 * of a set in C read as that operand is off-chip at 0, and in a memory of C when they start. Take
 * the first transfer of each bit to a memory that is, or whose place is, in C: its source is
 * neither, so either its target's place is in C, and it goes over a link from a place outside to
 * one inside; or its target alone is, and it goes over the write port. It holds its rate there over
 * all its time, so with d the bits and F what those links and ports have per cycle
 *
 *   d <= F (T - end)    end: the least that any CT of the sets that read them needs from its start
 *                       on (w_i + tail_i), as it starts after them
 *
 * Results the same backwards in time, over read ports, with the least head_i + w_i. Both together
 * are different transfers, as they move different data: d_in + d_out <= F_both T, where a bus or a
 * port for both counts once, a link for each direction. Streamed operands use links while their CT
 * runs (R9), so they count where nothing is said of before and after.
 *
 * all sets together   the least T for which T times all that the network has carries all bits from
 *                     the source; by most flow and least cut it satisfies every cut. Each element
 *                     is charged to one of the sets that need it, so it comes once for a C with
 *                     several. Found by Newton's method: the least cut of a flow that does not fit
 *                     gives the next T, which is a bound by itself. As it is the largest over cuts
 *                     that each fall with bandwidth, it does, too
 *
 * groups of sets      each set alone with all that it reads, whoever else does, and the sets of
 * each layer; with what CTs of other sets wrote for them, or read from them, if these see no memory
 * in a place of the group. The places of those are sources, too: then the first transfer comes from
 * one outside again */

#include "bound_network.h"

#include "stream/support/integer.h"

#define MOST_ROUNDS 64
#define MOST_ARCS   ((int64_t)1 << 20)
#define MOST_STEPS  ((int64_t)1 << 25) /* arcs, and pairs of sets, looked at */

static int64_t most_arcs(const bounds *b) {
    int64_t n = stream_bound_link_pairs(b->acc) + b->acc->n_instances;
    n += stream_bound_sets_ways(b->sets)->n_places + 1;
    for (int32_t s = 0; s < b->needs.n_sets; ++s) {
        const bool *cores = stream_bound_set_cores(b->sets, s);
        for (int32_t c = 0; c < b->acc->n_cores; ++c)
            n += cores[c] ? STREAM_BOUND_NODES : 0;
        n += STREAM_BOUND_NODES;
    }
    return n;
}

static void add_memories(bound_network *n, int32_t first) {
    const stream_accelerator *acc = n->b->acc;
    const bound_ways *w = stream_bound_sets_ways(n->b->sets);
    for (int32_t m = 0; m < acc->n_instances; ++m)
        if (m != acc->offchip_instance)
            stream_flow_add(n->flow, w->place[acc->instances[m].core], first + m,
                            stream_bound_ports(acc, m, n->direction != STREAM_BOUND_OUT,
                                               n->direction != STREAM_BOUND_IN),
                            0, true);
}

static void add_set(bound_network *n, int32_t set, int32_t first_memory, int32_t *to_sink) {
    const stream_accelerator *acc = n->b->acc;
    const int32_t *place = stream_bound_sets_ways(n->b->sets)->place;
    const bool *cores = stream_bound_set_cores(n->b->sets, set);
    int32_t node = n->first_set + set * STREAM_BOUND_NODES;
    for (int32_t c = 0; c < acc->n_cores; ++c) {
        for (int32_t o = 0; o < STREAM_N_OPERANDS && cores[c]; ++o) {
            int32_t m = acc->top[c * STREAM_N_OPERANDS + o];
            if (m >= 0)
                stream_flow_add(n->flow, m == acc->offchip_instance ? n->source : first_memory + m,
                                node + o, STREAM_FLOW_NO_LIMIT, 0, false);
        }
        if (cores[c])
            stream_flow_add(n->flow, place[c], node + STREAM_BOUND_STREAMED, STREAM_FLOW_NO_LIMIT,
                            0, false);
    }
    for (int32_t k = 0; k < STREAM_BOUND_NODES; ++k)
        to_sink[set * STREAM_BOUND_NODES + k] =
            stream_flow_add(n->flow, node + k, n->sink, 0, 0, false);
}

/* Nodes: places, buses, memories, sets, another source and one in front of it, the sink. */
static void open_network(bound_network *n, bounds *b, bound_direction d, int64_t steps,
                         stream_arena *arena) {
    const bound_ways *w = stream_bound_sets_ways(b->sets);
    int32_t memories = w->n_places + stream_bound_bus_nodes(b->acc), n_sets = b->needs.n_sets;
    int32_t *to_sink = STREAM_NEW(arena, int32_t, (size_t)n_sets * STREAM_BOUND_NODES);
    int32_t *start = STREAM_NEW(arena, int32_t, (size_t)w->n_places + 1);
    n->b = b;
    n->direction = d;
    n->n_sets = n_sets;
    n->first_set = memories + b->acc->n_instances;
    n->source = w->place[b->acc->offchip_core];
    n->sink = n->first_set + n_sets * STREAM_BOUND_NODES + 2;
    n->flow = stream_flow_create(n->sink + 1, most_arcs(b), steps, arena);
    stream_bound_add_links(w, d == STREAM_BOUND_BOTH ? 2 : 1, 0, w->n_places, n->flow);
    add_memories(n, memories);
    for (int32_t s = 0; s < n_sets; ++s)
        add_set(n, s, memories, to_sink);
    for (int32_t k = 0; k < w->n_places; ++k)
        start[k] = stream_flow_add(n->flow, n->sink - 2, k, 0, 0, false);
    start[w->n_places] = stream_flow_add(n->flow, n->sink - 1, n->sink - 2, 0, 0, false);
    n->to_sink = to_sink;
    n->start = start;
}

int64_t stream_bound_need(const bound_network *n, int32_t set, int32_t node, bool streamed) {
    const set_needs *of = &n->b->needs.of[set];
    bool in = n->direction != STREAM_BOUND_OUT, out = n->direction != STREAM_BOUND_IN;
    if (node == STREAM_BOUND_STREAMED)
        return streamed ? (in ? of->streamed_in : 0) + (out ? of->streamed_out : 0) : 0;
    return (in ? of->in[node] : 0) + (out && node == STREAM_O ? of->out : 0);
}

/* The sets need so much in all; *out_rest: the least time of a CT of them before or after it. */
static int64_t demand(bound_network *n, bool streamed, int64_t *out_rest) {
    const int64_t *rest = n->direction == STREAM_BOUND_IN ? n->after : n->before;
    int64_t sum = 0, least = INT64_MAX;
    for (int32_t s = 0; s < n->n_sets; ++s)
        for (int32_t k = 0; k < STREAM_BOUND_NODES; ++k) {
            int64_t bits = stream_bound_need(n, s, k, streamed);
            n->flow->capacity[n->to_sink[s * STREAM_BOUND_NODES + k]] = bits;
            sum = stream_sum_i64(sum, bits);
            least = bits > 0 ? stream_min_i64(least, rest[s]) : least;
        }
    *out_rest = streamed || n->direction == STREAM_BOUND_BOTH ? 0 : least;
    return sum;
}

/* Cycles that the least cut of the last run says are needed; 0: nothing. */
static int64_t cycles_of_cut(const bound_network *n) {
    const bound_flow *f = n->flow;
    int64_t bits = 0, rate = 0;
    for (int32_t i = 0; i < n->n_sets * STREAM_BOUND_NODES; ++i)
        bits += f->level[n->first_set + i] < 0 ? f->capacity[n->to_sink[i]] : 0;
    for (int32_t a = 0; a < f->n_arcs; ++a)
        if (f->per_cycle[a] && f->level[f->to[a ^ 1]] >= 0 && f->level[f->to[a]] < 0)
            rate = stream_sum_i64(rate, f->capacity[a]);
    return rate > 0 ? stream_ceil_div(bits, rate) : 0;
}

static void bound_all(bound_network *n, bool streamed) {
    int64_t rest, bits = demand(n, streamed, &rest), best = n->b->best;
    if (bits == 0 || bits >= STREAM_FLOW_NO_LIMIT)
        return;
    int64_t cycles = stream_max_i64(1, best - rest);
    for (int32_t round = 0; round < MOST_ROUNDS; ++round) {
        int64_t flow = stream_flow_run(n->flow, n->source, n->sink, cycles);
        int64_t needed = flow < 0 || flow == bits ? 0 : cycles_of_cut(n);
        if (needed <= cycles)
            return;
        stream_bound_offer(n->b, rest + needed, STREAM_BOUND_NETWORK);
        cycles = needed;
    }
}

static void find_rests(const bounds *b, int64_t *before, int64_t *after) {
    for (int32_t s = 0; s < b->needs.n_sets; ++s)
        before[s] = after[s] = INT64_MAX;
    for (int32_t i = 0; i < b->graph->n_cts; ++i) {
        int32_t s = b->set_of[i];
        if (s < 0)
            continue;
        before[s] = stream_min_i64(before[s], b->head[i] + b->work[i]);
        after[s] = stream_min_i64(after[s], b->work[i] + b->tail[i]);
    }
}

void stream_bound_network(bounds *b, stream_arena *arena) {
    size_t n_sets = (size_t)b->needs.n_sets;
    int64_t *before = STREAM_NEW(arena, int64_t, n_sets);
    int64_t *after = STREAM_NEW(arena, int64_t, n_sets);
    int32_t n_groups;
    if (n_sets == 0 || most_arcs(b) > MOST_ARCS)
        return;
    find_rests(b, before, after);
    const bound_set_group *groups = stream_bound_groups(b, arena, &n_groups);
    for (int d = STREAM_BOUND_IN; d <= STREAM_BOUND_BOTH; ++d) {
        bound_network n = {.before = before, .after = after};
        open_network(&n, b, (bound_direction)d, MOST_STEPS, arena);
        bound_all(&n, false);
        if (b->p->streams)
            bound_all(&n, true);
        for (int32_t i = 0; i < n_groups && n.flow->steps > 0; ++i)
            stream_bound_group(&n, &groups[i]);
    }
}
