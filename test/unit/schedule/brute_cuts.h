/* What must have crossed links and ports by some time S, for brute_force.h.
 *
 * A cut is some ports or links that carry R bits per cycle together. A load of it is data of which
 * every bit is at some time in a transfer over the cut, which holds its rate over the cut for its
 * bits / rate cycles, and for those of the links' latency, too.
 *
 *   release  no such transfer starts before;  tail  nor ends after S - tail:
 *   S >= least release + ceil(sum of bits / R) + least tail     of any set of loads
 *
 * since all of them hold R (S - tail - release) bits at most. The sets that are tried are all loads
 * of at least some release and at least some tail.
 *
 * Data that moves from cluster x at r to cluster y by S, over links of latency D at least in all,
 * in one transfer or several (s: the start of one of them, L: its latency, n = bits / rate):
 *   out of x      the first: release r; after s + n only links are left: tail D
 *   into y        the last: s + L >= r + D, s + n + L <= S. In place of [s, s + n) look at [s + x,
 *                 s + x + n) with x = max(0, r' - s), where r' <= r + D is the least release of the
 *                 set: x <= L, so the rate is still held then; and it ends by S: release r + D,
 *                 tail 0. This holds for ports of memories in y, too
 *   between sets  release r, tail: the least latency of a link of the cut
 * One transfer may serve several memories: links out of a set, and read ports, carry each bit once
 * for all that need it on the other side. Where only off-chip memory joins x and y, data moves to
 * it, is complete there at r + 1 + (the latency to it) at the earliest, and moves on.
 *
 * What a CT streams (R9) holds its rate over all of the CT's run. */
#ifndef BRUTE_CUTS_H
#define BRUTE_CUTS_H

#include "brute_hardware.h"

enum {
    BRUTE_MAX_LOADS = 24, /* of a cut; what is more is left out: the bound is lower then */
    BRUTE_MAX_CUTS = 3 * BRUTE_MAX_INSTANCES + 2 * BRUTE_MAX_SETS + 1
};

typedef struct {
    int64_t release, tail, bits;
} brute_load;

typedef struct {
    int64_t rate;
    int32_t n;
    brute_load loads[BRUTE_MAX_LOADS];
} brute_cut;

typedef struct {
    const brute_hardware *h;
    brute_cut cuts[BRUTE_MAX_CUTS];
    int32_t used[BRUTE_MAX_CUTS], n_used;
} brute_cuts;

/* Ids of cuts: the write ports, read ports and all ports of an instance, links into a set of
 * clusters, across its border, all links. */
static int32_t brute_cut_write(int32_t instance) {
    return 3 * instance;
}
static int32_t brute_cut_read(int32_t instance) {
    return 3 * instance + 1;
}
static int32_t brute_cut_ports(int32_t instance) {
    return 3 * instance + 2;
}
static int32_t brute_cut_into(unsigned set) {
    return 3 * BRUTE_MAX_INSTANCES + (int32_t)set;
}
static int32_t brute_cut_across(unsigned set) {
    return 3 * BRUTE_MAX_INSTANCES + BRUTE_MAX_SETS + (int32_t)set;
}

static void brute_open_cuts(brute_cuts *q, const brute_hardware *h) {
    q->h = h;
    for (int32_t i = 0; i < h->acc->n_instances; ++i) {
        q->cuts[brute_cut_write(i)].rate = h->write[i];
        q->cuts[brute_cut_read(i)].rate = h->read[i];
        q->cuts[brute_cut_ports(i)].rate = h->ports[i];
    }
    for (unsigned set = 0; set < BRUTE_MAX_SETS; ++set) {
        q->cuts[brute_cut_into(set)].rate = h->into[set];
        q->cuts[brute_cut_across(set)].rate = h->across[set];
    }
    q->cuts[BRUTE_MAX_CUTS - 1].rate = h->all_links;
}

static void brute_clear_cuts(brute_cuts *q) {
    while (q->n_used > 0)
        q->cuts[q->used[--q->n_used]].n = 0;
}

static void brute_add_load(brute_cuts *q, int32_t cut, brute_load load) {
    brute_cut *c = &q->cuts[cut];
    int32_t k = 0;
    while (k < c->n && (c->loads[k].release != load.release || c->loads[k].tail != load.tail))
        ++k;
    if (k == BRUTE_MAX_LOADS)
        return;
    if (c->n == 0)
        q->used[q->n_used++] = cut;
    if (k == c->n)
        c->loads[c->n++] = (brute_load){load.release, load.tail, 0};
    c->loads[k].bits += load.bits;
}

/* Clusters in which the instances are. */
static unsigned brute_clusters(const brute_hardware *h, unsigned instances) {
    unsigned set = 0;
    for (; instances; instances &= instances - 1)
        set |= 1u << h->cluster[stream_lowest_bit(instances)];
    return set;
}

/* Least latency from cluster x to one of the set. */
static int64_t brute_nearest(const brute_hardware *h, int32_t x, unsigned set) {
    int64_t least = BRUTE_FAR;
    for (; set; set &= set - 1)
        least = stream_min_i64(least, h->way[x][stream_lowest_bit(set)]);
    return least;
}

/* `load` leaves cluster x for each cluster of `to`, which does not hold x. */
static void brute_add_links(brute_cuts *q, int32_t x, unsigned to, brute_load load) {
    const brute_hardware *h = q->h;
    unsigned all = (1u << h->n_clusters) - 1;
    for (unsigned set = 1; set < all; ++set) {
        if (set >> x & 1 || !(set & to))
            continue;
        brute_load into = load, across = load;
        if (!(set & (set - 1)))
            into.release += h->way[x][stream_lowest_bit(set)];
        else
            into.tail += set == (all ^ 1u << x) ? brute_nearest(h, x, to) : h->hop[set];
        brute_add_load(q, brute_cut_into(set), into);
        across.tail += h->hop[set];
        brute_add_load(q, brute_cut_across(set & 1 ? set : all ^ set), across);
    }
    load.tail += h->least_hop;
    if (to)
        brute_add_load(q, BRUTE_MAX_CUTS - 1, load);
}

/* `load` moves from an instance to each of `to`, which does not hold it. */
static void brute_add_way(brute_cuts *q, int32_t from, unsigned to, brute_load load) {
    const brute_hardware *h = q->h;
    int32_t x = h->cluster[from];
    unsigned clusters = brute_clusters(h, to);
    brute_load out = load;
    out.tail += brute_nearest(h, x, clusters);
    brute_add_load(q, brute_cut_read(from), out);
    brute_add_load(q, brute_cut_ports(from), out);
    for (; to; to &= to - 1) {
        int32_t p = stream_lowest_bit(to), y = h->cluster[p];
        brute_load in = load, any = load;
        in.release += h->way[x][y];
        any.tail += x == y ? 0 : h->hop[1u << y];
        brute_add_load(q, brute_cut_write(p), in);
        brute_add_load(q, brute_cut_ports(p), any);
    }
    brute_add_links(q, x, clusters & ~(1u << x), load);
}

/* The same with a stop off-chip where there is no other way. */
static void brute_add_move(brute_cuts *q, int32_t from, unsigned to, brute_load load) {
    const brute_hardware *h = q->h;
    int32_t x = h->cluster[from];
    unsigned late = 0;
    for (unsigned rest = to; rest; rest &= rest - 1)
        if (h->apart[x][h->cluster[stream_lowest_bit(rest)]])
            late |= 1u << stream_lowest_bit(rest);
    if (late) {
        brute_load second = load;
        second.release += h->way[x][h->offchip] + 1;
        brute_add_way(q, h->acc->offchip_instance, late, second);
        to &= ~late;
        load.tail += to ? 0 : 1 + brute_nearest(h, h->offchip, brute_clusters(h, late));
        to |= 1u << h->acc->offchip_instance;
    }
    if (to)
        brute_add_way(q, from, to, load);
}

/* A CT on a core of cluster y streams so much to off-chip memory (write) or from there. */
static void brute_add_stream(brute_cuts *q, int32_t y, bool write, int64_t start, int64_t bits) {
    const brute_hardware *h = q->h;
    int32_t offchip = h->acc->offchip_instance;
    unsigned all = (1u << h->n_clusters) - 1;
    brute_load load = {start, 0, bits};
    if (y == h->offchip || bits == 0)
        return;
    brute_add_load(q, write ? brute_cut_write(offchip) : brute_cut_read(offchip), load);
    brute_add_load(q, brute_cut_ports(offchip), load);
    for (unsigned set = 1; set < all; ++set)
        if ((set >> y & 1) != (set >> h->offchip & 1)) {
            if ((set >> y & 1) != (unsigned)write)
                brute_add_load(q, brute_cut_into(set), load);
            if (set & 1)
                brute_add_load(q, brute_cut_across(set), load);
        }
    brute_add_load(q, BRUTE_MAX_CUTS - 1, load);
}

static int64_t brute_cut_time(const brute_cut *c) {
    int64_t latest = 0;
    for (int32_t a = 0; a < c->n; ++a)
        for (int32_t b = 0; b < c->n; ++b) {
            int64_t release = c->loads[a].release, tail = c->loads[b].tail, bits = 0;
            for (int32_t k = 0; k < c->n; ++k)
                if (c->loads[k].release >= release && c->loads[k].tail >= tail)
                    bits += c->loads[k].bits;
            if (bits > 0)
                latest = stream_max_i64(latest, release + stream_ceil_div(bits, c->rate) + tail);
        }
    return latest;
}

/* No load of any cut is over before. */
static int64_t brute_cuts_time(const brute_cuts *q) {
    int64_t latest = 0;
    for (int32_t i = 0; i < q->n_used; ++i)
        latest = stream_max_i64(latest, brute_cut_time(&q->cuts[q->used[i]]));
    return latest;
}

#endif
