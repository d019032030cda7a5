/* A latency that no schedule of a small problem is below: the least, over every assignment and
 * every order of the starts, of a lower bound on what links, ports and memories let a schedule with
 * that assignment and order do. Enumerates; shares nothing with lib/schedule.
 *
 * CTs are appended in the order of their starts. A CT starts no earlier than
 *   - the one that was appended before it,
 *   - the ends of all CTs on its core so far, and of those that it depends on,
 *   - what all CTs so far read where they do not find it, once for each memory, however it was
 *     brought, has crossed links and ports (brute_cuts.h): inputs and constants are off-chip at 0,
 *     what a CT wrote is in its O memory at its end. What CTs streamed that ended before crosses
 * the same links and ports,
 *   - what has to be moved since the end of a CT that used the same memories (brute_room.h).
 * The schedule ends when every output of the network is off-chip, in the same sense.
 *
 * Why no schedule is below: append its CTs in the order of their starts, of equal ones in any. By
 * induction no CT has a later start or end here than there, as all of the above are no later if
 * starts and ends are not. */
#ifndef BRUTE_FORCE_H
#define BRUTE_FORCE_H

#include "brute_room.h"

/* A random problem of 2 to 6 CTs on at most 3 cores: the first one of a sequence of its own. */
static bool random_instance_open_small(random_instance *r, unsigned seed) {
    for (unsigned k = 1; k < 1000; ++k) {
        bool ok = random_instance_open(r, seed * 1000003u + k * 7919u);
        if (ok && r->graph.n_cts >= 2 && r->graph.n_cts <= BRUTE_MAX_CTS && r->n_compute <= 3)
            return true;
        random_instance_close(r);
    }
    return random_instance_open(r, seed);
}

/* Instances to which the CTs of the set need the piece brought. */
static unsigned brute_wanted(const brute_state *b, const brute_piece *p, unsigned cts) {
    unsigned to = 0;
    for (int32_t i = 0; i < b->n; ++i) {
        if (!(cts >> i & 1))
            continue;
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
            if (p->readers[o] >> i & 1)
                to |= 1u << b->place[i][o];
        if (p->heirs >> i & 1)
            to |= 1u << b->place[i][STREAM_O];
    }
    return to;
}

/* Everything that the CTs of the set read; all outputs, too. */
static void brute_load_pieces(brute_state *b, unsigned cts, bool outputs) {
    int32_t offchip = b->h.acc->offchip_instance;
    for (int32_t k = 0; k < b->n_pieces; ++k) {
        const brute_piece *p = &b->pieces[k];
        int32_t from = p->writer < 0 ? offchip : 0;
        int64_t release = 0;
        unsigned to = brute_wanted(b, p, cts) | (outputs && p->output ? 1u << offchip : 0);
        if (!to)
            continue;
        if (p->writer >= 0) {
            from = b->place[p->writer][STREAM_O];
            release = b->end[p->writer];
        }
        to &= ~(1u << from);
        if (to)
            brute_add_move(&b->cuts, from, to, (brute_load){release, 0, p->bits});
    }
}

static void brute_load_streams(brute_state *b, unsigned cts) {
    const stream_schedule_problem *p = &b->r->problem;
    for (int32_t i = 0; i < b->n && p->streams; ++i) {
        if (!(cts >> i & 1))
            continue;
        int64_t cycles = b->end[i] - b->start[i];
        int32_t kernel = b->r->graph.cts[i].kernel, y = brute_core_cluster(&b->h, b->core[i]);
        const stream_price_stream *of =
            &p->streams->of[((int64_t)kernel * b->h.acc->n_cores + b->core[i]) * STREAM_N_OPERANDS];
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
            if (!(stream_schedule_streamed(p, kernel, b->core[i]) >> o & 1))
                continue;
            brute_add_stream(&b->cuts, y, false, b->start[i], of[o].read_rate * cycles);
            brute_add_stream(&b->cuts, y, true, b->start[i], of[o].write_rate * cycles);
        }
    }
}

/* CT `ct` does not start earlier on the core; or some time at which it would start too late to be
 * of use. Fills its core, places, and what ends before it. */
static int64_t brute_start(brute_state *b, int32_t ct, int32_t core, int64_t too_late) {
    const stream_ct_graph *g = &b->r->graph;
    int64_t start = b->latest;
    unsigned before = b->last[core] < 0 ? 0 : 1u << b->last[core];
    b->core[ct] = core;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        b->place[ct][o] = stream_schedule_instance(&b->r->problem, g->cts[ct].kernel, core, o);
    brute_find_held(b, ct);
    for (int32_t p = g->pred_first[ct]; p < g->pred_first[ct + 1]; ++p)
        before |= 1u << g->preds[p];
    before |= brute_collisions(b, ct);
    b->before[ct] = before;
    for (; before; before &= before - 1) {
        int32_t j = stream_lowest_bit(before);
        b->before[ct] |= b->before[j];
        start = stream_max_i64(start, b->end[j]);
    }
    if (start < too_late)
        start = stream_max_i64(start, brute_room(b, ct));
    if (start >= too_late)
        return start;
    brute_clear_cuts(&b->cuts);
    brute_load_pieces(b, b->done | 1u << ct, false);
    brute_load_streams(b, b->before[ct]);
    return stream_max_i64(start, brute_cuts_time(&b->cuts));
}

/* No schedule of all these CTs ends earlier. */
static int64_t brute_end(brute_state *b) {
    int64_t end = 0;
    for (int32_t i = 0; i < b->n; ++i)
        end = stream_max_i64(end, b->end[i]);
    brute_clear_cuts(&b->cuts);
    brute_load_pieces(b, b->done, true);
    brute_load_streams(b, b->done);
    return stream_max_i64(end, brute_cuts_time(&b->cuts));
}

/* Appends every CT that can run to every core: all orders and assignments, one after another.
 * fixed  an assignment, or NULL: all of them */
static void brute_search(brute_state *b, const int32_t *fixed) {
    if (b->done == (1u << b->n) - 1) {
        b->best = stream_min_i64(b->best, brute_end(b));
        return;
    }
    for (int32_t ct = 0; ct < b->n; ++ct)
        for (int32_t core = 0; core < b->r->n_compute; ++core) {
            if (!brute_can_run(&b->r->graph, ct, b->done) ||
                (fixed ? fixed[ct] != core : !brute_allowed(b->r, ct, core)))
                continue;
            int64_t cycles = brute_cycles(b->r, ct, core), latest = b->latest;
            int64_t too_late = b->best - cycles - b->tail[ct];
            int64_t start = brute_start(b, ct, core, too_late);
            int32_t last = b->last[core];
            if (start >= too_late)
                continue;
            b->start[ct] = start;
            b->end[ct] = start + cycles;
            b->latest = start;
            b->last[core] = ct;
            b->done |= 1u << ct;
            brute_search(b, fixed);
            b->done &= ~(1u << ct);
            b->last[core] = last;
            b->latest = latest;
        }
}

static void brute_find_tails(brute_state *b, const int32_t *fixed) {
    const stream_ct_graph *g = &b->r->graph;
    for (int32_t i = b->n; i-- > 0;)
        for (int32_t k = g->succ_first[i]; k < g->succ_first[i + 1]; ++k) {
            int32_t s = g->succs[k];
            int64_t least = INT64_MAX;
            for (int32_t c = 0; c < b->r->n_compute; ++c)
                if (fixed ? fixed[s] == c : brute_allowed(b->r, s, c))
                    least = stream_min_i64(least, brute_cycles(b->r, s, c));
            b->tail[i] = stream_max_i64(b->tail[i], least + b->tail[s]);
        }
}

/* `most` where it is not less. n_cts <= BRUTE_MAX_CTS */
static int64_t brute_force_latency(random_instance *r, const int32_t *fixed, int64_t most) {
    brute_state b = {.r = r, .n = r->graph.n_cts, .best = most};
    b.h = brute_hardware_of(&r->acc);
    b.pieces = brute_pieces(&r->graph, r->arena, &b.n_pieces);
    brute_open_cuts(&b.cuts, &b.h);
    for (int32_t c = 0; c < BRUTE_MAX_CORES; ++c)
        b.last[c] = -1;
    brute_find_tails(&b, fixed);
    brute_search(&b, fixed);
    return b.best;
}

#endif
