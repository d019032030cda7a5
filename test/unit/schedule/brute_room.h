/* What has to move between two CTs because memories end, for brute_force.h.
 *
 * Let CT j end before CT i starts, M be memories of one cluster of `size` bits in all, and held(j)
 * the bits that M holds over all of j's run: what j reads in M, its output if that is in M, buffers
 * of what it streams. Sizes are not rounded to words, and a piece counts once for each memory.
 *
 *   loads   U: pieces that i reads in M, that are not among held(j), and that no CT writes in M
 *           after the end of j. Of them M has size - held(j) bits at most at the end of j. A buffer
 *           is there from the start of its transfer, so transfers that start at end_j or later
 *           bring the rest before i starts
 *   stores  V: pieces that j wrote in M, not among held(i), that are an output, or that a CT reads
 *           elsewhere, or that a CT reads which starts after i. Of them M has size - held(i) bits
 *           at most when i runs: the rest is moved out after end_j and before i starts
 *
 * For M one memory both use its ports, for M all of a cluster its links, with the least latency of
 * one. If held(i) and held(j) do not fit one memory together, CTs do not overlap: the one that
 * starts first ends first. */
#ifndef BRUTE_ROOM_H
#define BRUTE_ROOM_H

#include "brute_data.h"
#include "brute_state.h"

static bool brute_is_there(const brute_state *b, int32_t ct, int32_t operand, unsigned memories) {
    return memories >> b->place[ct][operand] & 1;
}

/* Memories in which CT `ct` reads the piece; partial sums that it takes over do not count. */
static unsigned brute_read_in(const brute_state *b, const brute_piece *p, int32_t ct) {
    unsigned memories = 0;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (p->readers[o] >> ct & 1)
            memories |= 1u << b->place[ct][o];
    return memories;
}

static bool brute_writes_in(const brute_state *b, const brute_piece *p, int32_t ct,
                            unsigned memories) {
    return p->writer == ct && brute_is_there(b, ct, STREAM_O, memories);
}

/* Finds what each memory holds over all of the CT's run. */
static void brute_find_held(brute_state *b, int32_t ct) {
    const stream_schedule_problem *p = &b->r->problem;
    const stream_ct *c = &b->r->graph.cts[ct];
    int64_t *held = b->held[ct], row = (int64_t)c->kernel * b->h.acc->n_cores + b->core[ct];
    uint8_t streamed = stream_schedule_streamed(p, c->kernel, b->core[ct]);
    memset(held, 0, sizeof b->held[ct]);
    held[b->place[ct][STREAM_O]] += stream_ct_graph_bits(&b->r->graph, c->tensor, &c->box);
    for (int32_t k = 0; k < b->n_pieces; ++k)
        for (unsigned in = brute_read_in(b, &b->pieces[k], ct); in; in &= in - 1)
            held[stream_lowest_bit(in)] += b->pieces[k].bits;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (streamed >> o & 1)
            held[b->h.acc->top[b->core[ct] * STREAM_N_OPERANDS + o]] +=
                p->streams->of[row * STREAM_N_OPERANDS + o].buffer_bits;
}

static int64_t brute_free(const brute_state *b, int32_t ct, unsigned memories) {
    int64_t bits = 0;
    for (; memories; memories &= memories - 1) {
        int32_t m = stream_lowest_bit(memories);
        bits += b->h.acc->instances[m].size_bits - b->held[ct][m];
    }
    return bits;
}

/* Bits of U. CTs of i's own core that are placed have ended before j. */
static int64_t brute_missing(const brute_state *b, int32_t j, int32_t i, unsigned memories) {
    int64_t bits = 0;
    for (int32_t k = 0; k < b->n_pieces; ++k) {
        const brute_piece *p = &b->pieces[k];
        bool wanted = brute_read_in(b, p, i) & memories ||
                      (p->heirs >> i & 1 && brute_is_there(b, i, STREAM_O, memories));
        bool made_here = p->writer >= 0 && brute_writes_in(b, p, p->writer, memories) &&
                         !(b->before[j] >> p->writer & 1);
        if (wanted && !made_here && !(brute_read_in(b, p, j) & memories))
            bits += p->bits;
    }
    return bits;
}

/* Bits of V. */
static int64_t brute_left(const brute_state *b, int32_t j, int32_t i, unsigned memories) {
    int64_t bits = 0;
    for (int32_t k = 0; k < b->n_pieces; ++k) {
        const brute_piece *p = &b->pieces[k];
        bool wanted = p->output;
        if (!brute_writes_in(b, p, j, memories) || (brute_read_in(b, p, i) & memories))
            continue;
        for (int32_t c = 0; c < b->n; ++c) {
            bool later = !(b->done >> c & 1) && c != i;
            for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
                if (p->readers[o] >> c & 1)
                    wanted |= later || !brute_is_there(b, c, o, memories);
            if (p->heirs >> c & 1)
                wanted |= later || !brute_is_there(b, c, STREAM_O, memories);
        }
        bits += wanted ? p->bits : 0;
    }
    return bits;
}

static int64_t brute_moved(int64_t start, int64_t bits, int64_t rate, int64_t latency) {
    return bits > 0 ? start + stream_ceil_div(bits, rate) + latency : 0;
}

/* CT i, which starts after CT j ends, does not start before. */
static int64_t brute_after(const brute_state *b, int32_t j, int32_t i) {
    int64_t end = b->end[j], start = end;
    const brute_hardware *h = &b->h;
    int32_t tops[STREAM_N_OPERANDS], n = stream_core_tops(h->acc, b->core[i], tops);
    int32_t y = brute_core_cluster(h, b->core[i]);
    for (int32_t k = 0; k <= n; ++k) {
        unsigned memories = k < n ? 1u << tops[k] : h->instances[y];
        int64_t in = brute_missing(b, j, i, memories) - brute_free(b, j, memories);
        int64_t out = brute_left(b, j, i, memories) - brute_free(b, i, memories);
        int64_t both = stream_max_i64(in, 0) + stream_max_i64(out, 0);
        int64_t in_rate = k < n ? h->write[tops[k]] : h->enter[y];
        int64_t out_rate = k < n ? h->read[tops[k]] : h->leave[y];
        int64_t both_rate = k < n ? h->ports[tops[k]] : h->across[1u << y];
        int64_t latency = k < n ? 0 : h->hop[1u << y];
        start = stream_max_i64(start, brute_moved(end, in, in_rate, latency));
        start = stream_max_i64(start, brute_moved(end, out, out_rate, latency));
        start = stream_max_i64(start, brute_moved(end, both, both_rate, latency));
    }
    return start;
}

/* A memory is too small for both. Cores of one cluster; off-chip memory has no end. */
static bool brute_collide(const brute_state *b, int32_t j, int32_t i) {
    int64_t bits[BRUTE_MAX_INSTANCES];
    for (int32_t m = 0; m < b->h.acc->n_instances; ++m)
        bits[m] = b->held[i][m] + b->held[j][m];
    for (int32_t k = 0; k < b->n_pieces; ++k) {
        const brute_piece *p = &b->pieces[k];
        for (unsigned in = brute_read_in(b, p, i) & brute_read_in(b, p, j); in; in &= in - 1)
            bits[stream_lowest_bit(in)] -= p->bits;
    }
    for (int32_t m = 0; m < b->h.acc->n_instances; ++m)
        if (m != b->h.acc->offchip_instance && bits[m] > b->h.acc->instances[m].size_bits)
            return true;
    return false;
}

/* CTs that cannot run when CT i runs, as bits. */
static unsigned brute_collisions(const brute_state *b, int32_t i) {
    unsigned cts = 0;
    int32_t y = brute_core_cluster(&b->h, b->core[i]);
    for (int32_t j = 0; j < b->n; ++j)
        if (b->done >> j & 1 && b->core[j] != b->core[i] &&
            brute_core_cluster(&b->h, b->core[j]) == y && brute_collide(b, j, i))
            cts |= 1u << j;
    return cts;
}

/* CT i does not start before, by the memories of its core: CT j ends before it, on the same core or
 * on one of the same cluster. */
static int64_t brute_room(const brute_state *b, int32_t i) {
    const brute_hardware *h = &b->h;
    int32_t y = brute_core_cluster(h, b->core[i]);
    int64_t start = 0;
    for (int32_t j = 0; j < b->n && y != h->offchip; ++j)
        if (b->before[i] >> j & 1 && brute_core_cluster(h, b->core[j]) == y)
            start = stream_max_i64(start, brute_after(b, j, i));
    return start;
}

#endif
