/* Ports that cannot keep up; reference section 5.5. */

#include "stall.h"

#include <math.h>

void stream_real_cycles_of(const stream_mapping_problem *problem, const stream_movements *moves,
                           stream_real_cycles *out) {
    for (int32_t o = 0; o < problem->n_operands; ++o)
        for (int32_t l = 0; l < problem->operands[o].n_levels; ++l)
            for (int32_t d = 0; d < STREAM_N_DIRECTIONS; ++d) {
                const stream_movement *m = &moves->at[o][l];
                int64_t width = problem->operands[o].bw_max[l][d];
                out->real[o][l][d] =
                    width && m->amount[d]
                        ? (int64_t)ceil((double)(m->amount[d] * m->precision[d]) / (double)width)
                        : 0;
            }
}

/* Cycles of [0, x) that none of the activities 0..i may use; periods are nested, ascending. */
static int64_t uncovered(const stream_port_activity *s, int32_t i, int64_t x) {
    if (i < 0)
        return x;
    int64_t rest = x % s[i].period, head = uncovered(s, i - 1, s[i].allowed);
    int64_t whole = s[i].period <= s[i].allowed ? 0 : uncovered(s, i - 1, s[i].period) - head;
    int64_t part = rest <= s[i].allowed ? 0 : uncovered(s, i - 1, rest) - head;
    return x / s[i].period * whole + part;
}

/* Cycles in which at least one activity may use the port. */
static int64_t window_union(const stream_port_activity *a, int32_t n) {
    stream_port_activity sorted[STREAM_MAP_MAX_FUNCTIONS];
    for (int32_t i = 0; i < n; ++i)
        if (a[i].period == a[i].allowed)
            return a[i].period * a[i].count;
    sorted[0] = a[0];
    for (int32_t i = 1; i < n; ++i) {
        int32_t k = i;
        for (; k > 0 && sorted[k - 1].period > a[i].period; --k)
            sorted[k] = sorted[k - 1];
        sorted[k] = a[i];
    }
    int64_t longest = sorted[n - 1].period, count = 0;
    for (int32_t i = n - 1; i >= 0; --i)
        if (a[i].period == longest)
            count = a[i].count;
    return (longest - uncovered(sorted, n - 1, longest)) * count;
}

int64_t stream_port_stall(const stream_port_activity *a, int32_t n) {
    if (n < 2)
        return n ? a->slack : 0;
    int64_t late = 0, rest = 0;
    for (int32_t i = 0; i < n; ++i) {
        if (a[i].slack > 0)
            late += a[i].slack;
        else
            rest += a[i].slack;
        rest += a[i].window;
    }
    rest -= window_union(a, n);
    return late + (rest > 0 ? rest : 0);
}

int32_t stream_port_activities(const stream_mapping_problem *problem, const stream_movements *moves,
                               const stream_real_cycles *real, const stream_double_buffers *buffers,
                               const stream_map_port *port, stream_port_activity *out) {
    int64_t cpo = problem->nest.cycles_per_op;
    int32_t n = 0;
    for (int32_t f = 0; f < port->n_functions; ++f) {
        const stream_port_function *g = &port->functions[f];
        const stream_movement *m = &moves->at[g->operand][g->level];
        bool high = g->direction == STREAM_TO_HIGH || g->direction == STREAM_FROM_HIGH;
        if (m->times[g->direction] == 0)
            continue;
        bool buffered = buffers->flag[g->operand][high ? g->level + 1 : g->level];
        int64_t allowed = cpo * (buffered ? m->period[g->direction] : m->window[g->direction]);
        int64_t again = m->again[g->direction];
        int64_t cycles = real->real[g->operand][g->level][g->direction];
        out[n++] = (stream_port_activity){.function = f,
                                          .buffered = buffered,
                                          .period = m->period[g->direction] * cpo,
                                          .allowed = allowed,
                                          .count = m->count[g->direction],
                                          .slack = (cycles - allowed) * again,
                                          .window = allowed * again};
    }
    return n;
}

int64_t stream_stall_cycles(const stream_mapping_problem *problem, const stream_movements *moves,
                            const stream_real_cycles *real, const stream_double_buffers *buffers) {
    int64_t worst = 0;
    for (int32_t i = 0; i < problem->n_memories; ++i)
        for (int32_t p = 0; p < problem->memories[i].n_ports; ++p) {
            stream_port_activity a[STREAM_MAP_MAX_FUNCTIONS];
            int32_t n = stream_port_activities(problem, moves, real, buffers,
                                               &problem->memories[i].ports[p], a);
            int64_t stall = stream_port_stall(a, n);
            worst = stall > worst ? stall : worst;
        }
    return worst;
}
