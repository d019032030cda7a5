/* What the memories of the compatible mode hold; see v0_engine.h. */

#include "v0_engine.h"

#include <inttypes.h>

static const stream_loc nowhere = {0};

int32_t stream_v0_copy_in(const v0_run *r, int32_t data, int32_t memory) {
    int32_t copy = r->copy_of[data];
    while (copy >= 0 && V0_COPY(r, copy).memory != memory)
        copy = V0_COPY(r, copy).other;
    return copy;
}

static int32_t new_copy(v0_run *r) {
    int32_t id = r->free_copy;
    if (id >= 0) {
        r->free_copy = V0_COPY(r, id).other;
        return id;
    }
    stream_vec_push(&r->copies);
    return (int32_t)r->copies.n - 1;
}

static void store(v0_run *r, int32_t tensor, int32_t memory, double time, double since) {
    v0_storage *s = &r->storages[memory];
    const v0_tensor *t = &r->tensors[tensor];
    int32_t id = new_copy(r);
    int32_t *at = &r->copy_of[t->data];
    while (*at >= 0 && V0_COPY(r, *at).memory < memory)
        at = &V0_COPY(r, *at).other;
    V0_COPY(r, id) = (v0_copy){tensor, memory, since, s->last, -1, *at};
    *at = id;
    if (s->last >= 0)
        V0_COPY(r, s->last).next = id;
    else
        s->first = id;
    s->last = id;
    s->bits += t->bits;
    stream_v0_curve_add(&s->curve, time, t->bits);
}

static void drop(v0_run *r, int32_t id) {
    v0_copy *copy = &V0_COPY(r, id);
    v0_storage *s = &r->storages[copy->memory];
    int32_t *at = &r->copy_of[r->tensors[copy->tensor].data];
    while (*at != id)
        at = &V0_COPY(r, *at).other;
    *at = copy->other;
    *(copy->previous >= 0 ? &V0_COPY(r, copy->previous).next : &s->first) = copy->next;
    *(copy->next >= 0 ? &V0_COPY(r, copy->next).previous : &s->last) = copy->previous;
    s->bits -= r->tensors[copy->tensor].bits;
    copy->other = r->free_copy;
    r->free_copy = id;
}

/* How often a tensor is still needed, seen from a core: by its own CTs if it has any, else by those
 * of all cores that do not hold it. */
static int64_t uses_from(const v0_run *r, int32_t tensor, int32_t core) {
    const v0_tensor *t = &r->tensors[tensor];
    int64_t others = 0;
    for (int32_t u = t->first_use; u < t[1].first_use; ++u)
        if (r->uses[u].core == core)
            return r->uses[u].left;
    for (int32_t u = t->first_use; u < t[1].first_use; ++u) {
        bool holds = false;
        for (int32_t c = r->copy_of[t->data]; c >= 0 && !holds; c = V0_COPY(r, c).other)
            holds = r->storages[V0_COPY(r, c).memory].core == r->uses[u].core;
        others += holds ? 0 : r->uses[u].left;
    }
    return others;
}

static bool sooner(const v0_victim *a, const v0_victim *b) {
    if (a->weight != b->weight)
        return a->weight < b->weight;
    return a->bits != b->bits ? a->bits < b->bits : a->order < b->order;
}

/* Restores the heap order of victims[0 .. n) below i. */
static void sift(v0_victim *v, int32_t n, int32_t i) {
    for (;;) {
        int32_t child = 2 * i + 1;
        if (child + 1 < n && sooner(&v[child + 1], &v[child]))
            ++child;
        if (child >= n || !sooner(&v[child], &v[i]))
            return;
        v0_victim swap = v[i];
        v[i] = v[child];
        v[child] = swap;
        i = child;
    }
}

/* Lists what a memory holds complete at `time`, without what is protected. Returns its bits, with
 * what is protected. */
static int64_t list_victims(v0_run *r, int32_t core, int32_t memory, bool protect, double time) {
    int64_t held = 0;
    int32_t order = 0;
    r->victims.n = 0;
    for (int32_t id = r->storages[memory].first; id >= 0; id = V0_COPY(r, id).next) {
        int32_t tensor = V0_COPY(r, id).tensor;
        int64_t bits = r->tensors[tensor].bits;
        if (V0_COPY(r, id).since > time)
            continue;
        held += bits;
        if (protect && r->needed_by[tensor] == r->ct)
            continue;
        *(v0_victim *)stream_vec_push(&r->victims) =
            (v0_victim){uses_from(r, tensor, core) * bits, bits, order++, id};
    }
    return held;
}

/* Removes the least needed of what a memory holds until `bits` more fit. */
static stream_status make_room(v0_run *r, int32_t tensor, int32_t core, int32_t memory,
                               bool protect, double *time, v0_energy *evictions) {
    int64_t bits = r->tensors[tensor].bits, size = r->hw->memories[memory].size_bits;
    if (r->storages[memory].bits + bits <= size)
        return STREAM_OK;
    int64_t missing = bits + list_victims(r, core, memory, protect, *time) - size;
    v0_victim *v = r->victims.data;
    int32_t n = (int32_t)r->victims.n, taken = 0;
    if (missing <= 0)
        return STREAM_OK;
    for (int32_t i = n / 2 - 1; i >= 0; --i)
        sift(v, n, i);
    while (missing > 0 && n > 0) { /* the ones taken gather at the end, last first */
        v0_victim first = v[0];
        missing -= first.bits;
        v[0] = v[--n];
        sift(v, n, 0);
        v[n] = first;
        ++taken;
    }
    if (missing > 0)
        return stream_error(
            r->diag, STREAM_INFEASIBLE, nowhere,
            "%" PRId64 " bits for %s do not fit into memory %s of core %d: "
            "%" PRId64 " bits short of %" PRId64 " when all but the operands of the CT has left",
            bits, v0_now(r).text, r->hw->memories[memory].name, core, missing, size);
    stream_vec mine = r->victims; /* write-backs off-chip may list victims, too */
    r->victims = STREAM_VEC(v0_victim);
    stream_status status = STREAM_OK;
    for (int32_t i = 0; i < taken && status == STREAM_OK; ++i) {
        int32_t left = V0_COPY(r, STREAM_AT(v0_victim, mine, n + taken - 1 - i).copy).tensor;
        status = stream_v0_remove(r, left, core, memory, true, time, evictions);
    }
    stream_vec_free(&r->victims);
    r->victims = mine;
    return status;
}

stream_status stream_v0_add(v0_run *r, int32_t tensor, int32_t core, uint8_t operand,
                            double complete, bool protect, double *time, v0_energy *evictions) {
    const v0_tensor *t = &r->tensors[tensor];
    double duration = complete - *time;
    if (stream_v0_copy_in(r, t->data, v0_memory(r, core, t->operand)) >= 0)
        return stream_error(r->diag, STREAM_UNSUPPORTED, nowhere,
                            "the reference breaks off at %s: its tensor is in memory %s already",
                            v0_now(r).text, r->hw->memories[v0_memory(r, core, t->operand)].name);
    int32_t memory = v0_memory(r, core, operand);
    STREAM_TRY(make_room(r, tensor, core, memory, protect, time, evictions));
    store(r, tensor, memory, *time, *time + duration);
    return STREAM_OK;
}

static stream_status write_back(v0_run *r, int32_t tensor, int32_t core, double *time,
                                v0_energy *energy) {
    double start, end;
    v0_energy ignored = {0};
    int32_t offchip = r->hw->offchip_core;
    uint8_t operand = r->tensors[tensor].operand;
    STREAM_TRY(stream_v0_transfer(r, tensor, core, offchip, operand, *time, &start, &end, energy));
    *time = end;
    return stream_v0_add(r, tensor, offchip, operand, end, false, &start, &ignored);
}

stream_status stream_v0_remove(v0_run *r, int32_t tensor, int32_t core, int32_t memory, bool back,
                               double *time, v0_energy *energy) {
    const v0_tensor *t = &r->tensors[tensor];
    int32_t offchip = v0_memory(r, r->hw->offchip_core, t->operand);
    if (back && stream_v0_copy_in(r, t->data, offchip) < 0)
        STREAM_TRY(write_back(r, tensor, core, time, energy));
    int32_t id = stream_v0_copy_in(r, t->data, memory);
    if (id < 0)
        return stream_error(r->diag, STREAM_UNSUPPORTED, nowhere,
                            "the reference breaks off at %s: a tensor is not in memory %s of "
                            "core %d, where it looks for it",
                            v0_now(r).text, r->hw->memories[memory].name, core);
    drop(r, id);
    stream_v0_curve_add(&r->storages[memory].curve, *time, -t->bits);
    return STREAM_OK;
}
