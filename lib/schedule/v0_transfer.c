/* Transfers of the compatible mode; see v0_engine.h. */

#include "v0_engine.h"

#include <math.h>

static const stream_loc nowhere = {0};

static double cycles(const v0_run *r, int32_t tensor, int32_t link) {
    return ceil((double)r->tensors[tensor].bits / r->hw->links[link].bits_per_cycle);
}

static double accesses(int64_t bits, int64_t width) {
    return ceil((double)bits / (double)width);
}

static int32_t route(const v0_run *r, int32_t from, int32_t to, const int32_t **out_links) {
    const int32_t *first = &r->hw->route_first[from * r->hw->n_cores + to];
    *out_links = &r->hw->route_links[first[0]];
    return first[1] - first[0];
}

/* The receiver's writes are counted in words of the sender, as in the reference. */
static double memory_energy(const v0_run *r, int32_t tensor, int32_t from, int32_t to,
                            uint8_t operand) {
    const v0_tensor *t = &r->tensors[tensor];
    const stream_coala_v0_memory *s = &r->hw->memories[v0_memory(r, from, t->operand)];
    const stream_coala_v0_memory *d = &r->hw->memories[v0_memory(r, to, operand)];
    double reads = s->read_pj * accesses(t->bits, s->read_bits);
    double writes = d->write_pj * accesses(t->bits, s->write_bits);
    return reads + writes;
}

static stream_status no_route(const v0_run *r, int32_t from, int32_t to) {
    return stream_error(r->diag, STREAM_INVALID, nowhere,
                        "no route from core %d to core %d, for %s", from, to, v0_now(r).text);
}

stream_status stream_v0_transfer(v0_run *r, int32_t tensor, int32_t from, int32_t to,
                                 uint8_t operand, double time, double *out_start, double *out_end,
                                 v0_energy *energy) {
    const int32_t *links;
    int32_t n = route(r, from, to, &links);
    if (n == 0)
        return no_route(r, from, to);
    double start = v0_later(time, r->link_free[links[0]]), end = start, link_pj = 0;
    for (int32_t i = 0; i < n; ++i) {
        double begin = v0_later(r->link_free[links[i]], start),
               duration = cycles(r, tensor, links[i]);
        end = begin + duration;
        r->link_free[links[i]] = end;
        link_pj += r->hw->links[links[i]].pj_per_cycle * duration;
        *(stream_coala_v0_activity *)stream_vec_push(&r->activities) =
            (stream_coala_v0_activity){links[i], begin, end, tensor, false};
    }
    *out_start = start;
    *out_end = end;
    energy->link += link_pj;
    energy->memory += memory_energy(r, tensor, from, to, operand);
    return STREAM_OK;
}

/* Nothing to do (a)? The core holds the data, or shares the output memory of a core that does. */
static bool at_hand(const v0_run *r, int32_t data, int32_t core, uint8_t operand) {
    for (int32_t c = r->copy_of[data]; c >= 0; c = V0_COPY(r, c).other) {
        int32_t holder = r->storages[V0_COPY(r, c).memory].core;
        if (holder == core || v0_memory(r, holder, STREAM_O) == v0_memory(r, core, operand))
            return true;
    }
    return false;
}

/* When the space is taken (d): from the ideal time, or from when it will be free for ever; `worst`
 * if it never is. At time 0 the reference looks at the end of the curve alone. */
static double reservation(const v0_run *r, int32_t tensor, int32_t memory, double ideal,
                          double worst) {
    const v0_curve *curve = &r->storages[memory].curve;
    int64_t limit = r->hw->memories[memory].size_bits - r->tensors[tensor].bits;
    double room;
    if (ideal <= 0)
        return curve->total <= limit ? v0_later(curve->last, ideal) : worst;
    return stream_v0_curve_room(curve, limit, &room) ? v0_later(room, ideal) : worst;
}

/* The last copy on the sender goes if its core has no more use for it (g). */
static stream_status release_sender(v0_run *r, int32_t tensor, int32_t from, double end) {
    const v0_tensor *t = &r->tensors[tensor];
    v0_energy none = {0};
    if (from == r->hw->offchip_core)
        return STREAM_OK;
    for (int32_t u = t->first_use; u < t[1].first_use; ++u)
        if (r->uses[u].core == from && r->uses[u].left != 0)
            return STREAM_OK;
    return stream_v0_remove(r, tensor, from, v0_memory(r, from, t->operand), false, &end, &none);
}

/* In the preparation, everything counts as loaded from off-chip. */
static void bill(v0_run *r, int32_t from, const v0_energy *moved, const v0_energy *evictions) {
    bool load = r->ct < 0 || from == r->hw->offchip_core;
    *(load ? &r->energy.offchip_link : &r->energy.core_link) += moved->link;
    *(load ? &r->energy.offchip_memory : &r->energy.core_memory) += moved->memory;
    r->energy.eviction_link += evictions->link;
    r->energy.eviction_memory += evictions->memory;
}

stream_status stream_v0_fetch(v0_run *r, int32_t tensor, int32_t core, uint8_t operand,
                              bool protect, double *time) {
    const int32_t *links;
    int32_t data = r->tensors[tensor].data, copy = r->copy_of[data];
    if (copy < 0)
        return stream_error(r->diag, STREAM_UNSUPPORTED, nowhere,
                            "the reference breaks off: no memory holds tensor %d, which %s needs",
                            tensor, v0_now(r).text);
    if (at_hand(r, data, core, operand))
        return STREAM_OK;
    int32_t from = r->storages[V0_COPY(r, copy).memory].core;
    int32_t n = route(r, from, core, &links);
    if (n == 0)
        return no_route(r, from, core);
    double free = 0, duration = 0;
    for (int32_t i = 0; i < n; ++i) {
        free = v0_later(free, r->link_free[links[i]]);
        duration = v0_later(duration, cycles(r, tensor, links[i]));
    }
    double earliest = v0_later(V0_COPY(r, copy).since, free);
    double ideal = r->p->just_in_time ? v0_later(earliest, *time - duration) : earliest;
    double taken = reservation(r, tensor, v0_memory(r, core, operand), ideal, *time);
    double start, end;
    v0_energy moved = {0}, evictions = {0};
    STREAM_TRY(
        stream_v0_add(r, tensor, core, operand, taken + duration, protect, &taken, &evictions));
    STREAM_TRY(stream_v0_transfer(r, tensor, from, core, operand, taken, &start, &end, &moved));
    STREAM_TRY(release_sender(r, tensor, from, end));
    bill(r, from, &moved, &evictions);
    *time = v0_later(*time, end);
    return STREAM_OK;
}
