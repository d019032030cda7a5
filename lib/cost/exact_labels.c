/* Partial mappings of the exact search; reference sections 3.2, 3.3. */

#include "exact_search.h"

#include <math.h>
#include <string.h>

double stream_exact_held(const stream_exact *x, const stream_open_label *label, int32_t m) {
    const stream_map_memory *memory = &x->problem->memories[m];
    double bits = x->acc_used[m] >= 0 ? label->acc[x->acc_used[m]] : 0;
    for (int32_t k = 0; k < memory->n_operands; ++k) {
        int32_t o = memory->operand[k], level = memory->level[k];
        const stream_boundary *at = x->lattice.boundary[o][level + 1];
        if (level + 1 == x->problem->operands[o].n_levels) /* the whole tensor in the end */
            at += stream_lattice_full(&x->lattice);
        else
            at += label->at.state;
        if (label->at.closed[o] == level)
            bits += memory->double_buffered ? at->bits_min : at->bits[o == 0 && label->at.reduces];
        else if (label->at.closed[o] < level)
            bits += at->bits_min;
    }
    return bits;
}

bool stream_exact_room(const stream_exact *x, const stream_open_label *label) {
    for (int32_t m = 0; m < x->problem->n_memories; ++m)
        if (stream_exact_held(x, label, m) > (double)x->problem->memories[m].size_bits)
            return false;
    return true;
}

bool stream_exact_allocate_cut(const stream_exact *x, int32_t o, stream_label *at) {
    int32_t c = at->even.allocated[o];
    if (!x->options->even)
        return true;
    if (c >= x->problem->operands[o].n_levels)
        return false;
    uint16_t memory = (uint16_t)(1u << x->problem->operands[o].memory[c]);
    if ((at->even.moved >> o & 1) && (at->even.sealed & memory))
        return false;
    at->even.allocated[o]++;
    at->even.moved &= (uint8_t) ~(1u << o);
    at->even.touched |= memory;
    return true;
}

/* May the kind follow while these cuts are allocated, but not placed? */
static bool moves_cuts(const stream_exact *x, const stream_label *at, int32_t kind) {
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        if (at->even.allocated[o] > at->closed[o] && !stream_kind_stationary(&x->lattice, o, kind))
            return false;
    return true;
}

static bool any_moves_cuts(const stream_exact *x, const stream_label *at) {
    for (int32_t j = 0; j < x->lattice.n_kinds; ++j)
        if (stream_lattice_can_add(&x->lattice, at->state, j) && moves_cuts(x, at, j))
            return true;
    return false;
}

bool stream_exact_allocate(const stream_exact *x, const stream_open_label *from, int32_t o,
                           stream_open_label *out) {
    out->at = from->at;
    if (from->at.even.allocated[o] != from->at.closed[o] ||
        from->at.closed[o] + 1 >= x->problem->operands[o].n_levels ||
        !stream_exact_allocate_cut(x, o, &out->at) || !any_moves_cuts(x, &out->at))
        return false;
    memcpy(out->acc, from->acc, sizeof(double) * (size_t)x->n_acc);
    out->at.depth++;
    out->at.action = STREAM_ACTION_ALLOCATE + o;
    return true;
}

bool stream_exact_close(const stream_exact *x, const stream_open_label *from, int32_t o,
                        stream_open_label *out) {
    const stream_mapping_problem *p = x->problem;
    int32_t c = from->at.closed[o], k = c + 1, state = from->at.state;
    int32_t memory = p->operands[o].memory[c], used = x->acc_used[memory];
    double bits = x->lattice.boundary[o][k][state].bits[o == 0 && from->at.reduces];
    if (k >= p->operands[o].n_levels || x->lattice.boundary[o][k][state].no_port ||
        stream_exact_is_dead(x, o, k, state) ||
        bits + (used >= 0 ? from->acc[used] : 0) > (double)p->memories[memory].size_bits)
        return false;
    out->at = from->at;
    if (from->at.even.allocated[o] <= c && !stream_exact_allocate_cut(x, o, &out->at))
        return false;
    memcpy(out->acc, from->acc, sizeof(double) * (size_t)x->n_acc);
    if (used >= 0)
        out->acc[used] += bits;
    if (o > 0 && c == 0 && x->lattice.stationary[o][state])
        stream_exact_add_boundary(x, out->acc, o, 0, state, false);
    stream_exact_add_boundary(x, out->acc, o, k, state, false);
    if (k == 1)
        out->acc[x->acc_low[o]] = x->lattice.boundary[o][1][state].low_bits;
    out->at.closed[o]++;
    out->at.depth++;
    if (x->windows)
        stream_exact_window_close(x, out, o);
    if (o == 0)
        out->at.reduces = false;
    out->at.action = STREAM_ACTION_CLOSE + o;
    return true;
}

bool stream_exact_add(const stream_exact *x, const stream_open_label *from, int32_t kind,
                      stream_open_label *out) {
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        if (stream_exact_is_dead(x, o, from->at.closed[o],
                                 from->at.state + x->lattice.stride[kind]))
            return false;
    out->at = from->at;
    if (x->options->even) {
        if (!moves_cuts(x, &from->at, kind))
            return false;
        out->at.even.moved = UINT8_MAX;
        out->at.even.sealed = out->at.even.touched;
    }
    memcpy(out->acc, from->acc, sizeof(double) * (size_t)x->n_acc);
    for (int32_t o = 1; o < x->problem->n_operands; ++o)
        if (out->at.closed[o] == 0 && x->lattice.stationary[o][from->at.state] &&
            !stream_kind_stationary(&x->lattice, o, kind))
            stream_exact_add_boundary(x, out->acc, o, 0, from->at.state, false);
    out->at.reduces |= stream_kind_accumulates(&x->lattice, kind);
    if (x->windows)
        stream_exact_window_add(x, &out->at, kind);
    out->at.state += x->lattice.stride[kind];
    out->at.depth++;
    out->at.action = kind;
    return true;
}

static double at_least(const stream_exact *x, const stream_open_label *label, int32_t acc) {
    size_t at = stream_exact_row(x, label->at.state, x->n_bound) + (size_t)acc;
    double sum = label->acc[acc];
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        sum += x->least[o][label->at.closed[o]][at];
    return sum;
}

static double at_most(const stream_exact *x, const stream_open_label *label, int32_t acc) {
    size_t at = stream_exact_row(x, label->at.state, x->n_most) + (size_t)(acc - x->most_from);
    double sum = label->acc[acc];
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        sum += x->most[o][label->at.closed[o]][at];
    return sum;
}

/* The largest stall that is certain, and the port that causes it. */
static double certain_stall(const stream_exact *x, const stream_open_label *label,
                            int32_t *out_port) {
    double largest = 0;
    *out_port = -1;
    for (int32_t i = 0; i < x->n_shared; ++i) {
        int32_t port = x->shared_port[i];
        double late = at_least(x, label, x->shared_acc[port] + PORT_LATE);
        double busy = at_least(x, label, x->shared_acc[port] + PORT_BUSY);
        double stall = larger(late, busy - x->lattice.time);
        if (stall > largest) {
            largest = stall;
            *out_port = port;
        }
    }
    return largest;
}

/* Busy cycles that cannot exceed the time (or the stall that another port causes anyway), and
 * traffic that leaves room to hide all that happens once. */
static void forget_ports(const stream_exact *x, stream_open_label *label) {
    int32_t owner;
    double stall = certain_stall(x, label, &owner), time = x->lattice.time;
    if (label->acc[ACC_STALL] <= stall)
        label->acc[ACC_STALL] = 0;
    for (int32_t k = 0; k < x->n_shared; ++k) {
        int32_t i = x->shared_port[k], shared = x->shared_acc[i];
        double busy = at_most(x, label, shared + PORT_BUSY);
        double rate = at_most(x, label, shared + PORT_RATE);
        double width = (double)x->port[i]->bw_max;
        if (busy <= time + (i == owner ? 0 : stall))
            label->acc[shared + PORT_BUSY] = 0;
        if ((width - rate) / width * time >= x->once[i]) {
            label->acc[shared + PORT_RATE] = 0;
            if (x->rate_of[i] < 64)
                label->at.hides |= 1ull << x->rate_of[i];
        }
    }
}

void stream_exact_forget(const stream_exact *x, stream_open_label *label) {
    const stream_mapping_problem *p = x->problem;
    for (int32_t m = 0; m < p->n_memories; ++m) {
        bool open = false;
        for (int32_t k = 0; k < p->memories[m].n_operands; ++k)
            open |= label->at.closed[p->memories[m].operand[k]] <= p->memories[m].level[k];
        if (x->acc_used[m] >= 0 && !open)
            label->acc[x->acc_used[m]] = 0;
    }
    if (x->n_bound == 1)
        return;
    for (int32_t o = 0; o < p->n_operands; ++o)
        if (label->at.closed[o] == p->operands[o].n_levels - 1)
            label->acc[x->acc_low[o]] = 0;
    forget_ports(x, label);
}
