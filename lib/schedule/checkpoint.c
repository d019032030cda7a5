/* Saving and restoring the state of a run; see checkpoint.h. */

#include "engine.h"

#include "stream/support/alloc.h"
#include "stream/support/integer.h"

#include <stdlib.h>
#include <string.h>

/* What is written in one direction is read in the other. */
typedef struct {
    checkpoint *of;
    size_t at;
    bool loading;
} tape;

static void bytes(tape *t, void *p, size_t n) {
    if (n == 0)
        return;
    if (t->loading) {
        memcpy(p, t->of->data + t->at, n);
    } else {
        if (t->at + n > t->of->capacity) {
            t->of->capacity = 2 * (t->at + n);
            t->of->data = stream_alloc_grown(t->of->data, t->of->capacity, 1);
        }
        memcpy(t->of->data + t->at, p, n);
    }
    t->at += n;
}

#define CELL(t, field) bytes(t, &(field), sizeof(field))

static void vec(tape *t, stream_vec *v) {
    size_t n = v->n;
    CELL(t, n);
    if (t->loading)
        stream_vec_reserve(v, n);
    v->n = n;
    bytes(t, v->data, n * v->element_bytes);
}

/* An array of *n elements that has room for *capacity. */
static void *array(tape *t, void *items, int32_t *n, int32_t *capacity, size_t size) {
    CELL(t, *n);
    if (*n > *capacity) {
        *capacity = *n;
        items = stream_alloc_grown(items, (size_t)*capacity, size);
    }
    bytes(t, items, (size_t)*n * size);
    return items;
}

static void profiles(tape *t, engine *e) {
    for (int32_t r = 0; r < e->m->acc->n_resources; ++r) {
        profile *p = &e->profiles[r];
        p->blocks = array(t, p->blocks, &p->n_blocks, &p->blocks_capacity, sizeof *p->blocks);
        p->index = array(t, p->index, &p->n_index, &p->index_capacity, sizeof *p->index);
        CELL(t, p->spare);
        CELL(t, p->n);
        CELL(t, p->end);
    }
}

static void ring(tape *t, memory_ring *r) {
    r->nodes = array(t, r->nodes, &r->n, &r->capacity, sizeof *r->nodes);
    CELL(t, r->spare);
    CELL(t, r->n_live);
    CELL(t, r->head);
    CELL(t, r->tail);
    CELL(t, r->hand);
    CELL(t, r->n_added);
}

static void maps(tape *t, engine *e) {
    for (int32_t i = 0; i < e->m->acc->n_instances; ++i) {
        memory_map *m = &e->maps[i], now = *m;
        now.segments = array(t, m->segments, &now.n, &now.capacity, sizeof *m->segments);
        now.starts = array(t, m->starts, &now.n_starts, &now.starts_capacity, sizeof *m->starts);
        now.stretches =
            array(t, m->stretches, &now.n_stretches, &now.stretches_capacity, sizeof *m->stretches);
        CELL(t, now.spare_stretch);
        CELL(t, now.n_in_runs);
        CELL(t, now.spare);
        CELL(t, now.n_spare);
        CELL(t, now.hand);
        CELL(t, now.head);
        CELL(t, now.tail);
        CELL(t, now.holes);
        CELL(t, now.sorted);
        CELL(t, now.live);
        CELL(t, now.released);
        CELL(t, now.floor);
        CELL(t, now.pool);
        ring(t, &now.ring);
        *m = now;
    }
}

static void heap(tape *t, ready_heap *h) {
    h->items = array(t, h->items, &h->n, &h->capacity, sizeof *h->items);
    CELL(t, h->n_sorted);
    h->list = array(t, h->list, &h->n_list, &h->list_capacity, sizeof *h->list);
    CELL(t, h->at);
}

static void queues(tape *t, engine *e) {
    ready_queue *q = &e->ready;
    size_t n_cts = (size_t)e->m->graph->n_cts;
    for (int32_t c = 0; c < q->n_cores; ++c) {
        heap(t, &q->now[c]);
        heap(t, &q->later[c]);
        heap(t, &q->deep[c]);
        CELL(t, q->next[c].blocked);
        q->next[c].known &= !t->loading;
    }
    bytes(t, q->cts, n_cts * sizeof *q->cts);
    CELL(t, q->n_blocked);
    CELL(t, q->deep_known);
}

static void tables(tape *t, engine *e) {
    const model *m = e->m;
    size_t n_data = (size_t)m->n_data;
    size_t n_cores = (size_t)m->acc->n_cores, n_instances = (size_t)m->acc->n_instances;
    bytes(t, e->heads, (size_t)e->n_heads * sizeof *e->heads);
    bytes(t, e->cells, (size_t)e->cell_first[m->graph->n_tensors] * sizeof *e->cells);
    bytes(t, e->reaches, (size_t)m->graph->n_tensors * n_instances * sizeof *e->reaches);
    bytes(t, e->row_counts, (size_t)e->row_first[m->graph->n_tensors] * sizeof *e->row_counts);
    bytes(t, e->data, n_data * sizeof *e->data);
    bytes(t, e->copies, n_data * sizeof *e->copies);
    bytes(t, e->cursor, (size_t)m->n_groups * sizeof *e->cursor);
    bytes(t, e->comes_again, (size_t)m->graph->n_tensors * sizeof *e->comes_again);
    bytes(t, e->compacted, n_instances * sizeof *e->compacted);
    bytes(t, e->core_free, n_cores * sizeof *e->core_free);
    bytes(t, e->core_start, n_cores * sizeof *e->core_start);
    bytes(t, e->owed, n_cores * sizeof *e->owed);
    bytes(t, e->refusals, n_cores * STREAM_REFUSALS * sizeof *e->refusals);
}

static void scalars(tape *t, engine *e) {
    CELL(t, e->n_placed);
    CELL(t, e->n_made);
    CELL(t, e->spare_buffer);
    CELL(t, e->ct);
    CELL(t, e->earliest);
    CELL(t, e->failure);
    CELL(t, e->score);
    CELL(t, e->least);
    CELL(t, e->compute_energy_fj);
    CELL(t, e->link_energy_fj);
    CELL(t, e->memory_energy_fj);
    CELL(t, e->static_energy_fj);
    CELL(t, e->overflow);
}

/* e->counters is counted again, since it depends on cores of CTs that are not placed yet;
 * e->order up to n_placed is still there. */
static void state(tape *t, engine *e) {
    scalars(t, e);
    tables(t, e);
    vec(t, &e->buffers);
    vec(t, &e->details);
    vec(t, &e->residents);
    profiles(t, e);
    maps(t, e);
    queues(t, e);
    t->of->n = t->at;
}

void stream_checkpoints_close(checkpoints *c) {
    for (int32_t i = 0; i < CHECKPOINTS; ++i)
        free(c->states[i].data);
    free(c->cores);
    free(c->first);
    free(c->ready_at);
}

static void open(engine *e) {
    checkpoints *c = &e->kept;
    size_t n_cts = (size_t)e->m->graph->n_cts;
    if (c->cores)
        return;
    c->cores = stream_alloc_grown(NULL, n_cts, sizeof *c->cores);
    c->ready_at = stream_alloc_zeroed(n_cts, sizeof *c->ready_at);
    c->first = stream_alloc_zeroed((size_t)e->m->n_data, sizeof *c->first);
}

/* Of this run; what is beyond `n_placed` has not happened yet. */
static void begin(engine *e, int32_t n_placed) {
    checkpoints *c = &e->kept;
    for (int32_t i = 0; i < e->m->graph->n_cts; ++i)
        if (c->ready_at[i] >= n_placed)
            c->ready_at[i] = INT32_MAX;
    for (int32_t d = 0; d < e->m->n_data; ++d)
        if (c->first[d] >= n_placed)
            c->first[d] = INT32_MAX;
    memcpy(c->cores, e->cores, (size_t)e->m->graph->n_cts * sizeof *c->cores);
    c->priority = (int32_t)e->priority;
    c->pooled = e->pooled;
    c->much_slack = e->much_slack;
    c->has_run = true;
}

void stream_checkpoints_restart(engine *e) {
    checkpoints *c = &e->kept;
    if (!c->on)
        return;
    begin(e, 0);
    for (int32_t i = 0; i < e->m->graph->n_cts; ++i)
        if (e->ready.cts[i].missing == 0)
            c->ready_at[i] = 0;
}

/* CTs placed before the core of `ct` mattered for the first time. */
static int32_t matters_from(const engine *e, int32_t ct) {
    const model *m = e->m;
    const checkpoints *c = &e->kept;
    int32_t from = c->ready_at[ct];
    for (int32_t n = m->need_first[ct]; n < m->need_first[ct + 1]; ++n) {
        int32_t datum = m->needs[n].datum;
        if (c->first[datum] < from)
            from = c->first[datum];
    }
    return from;
}

/* CTs that the new run places as the last one did. */
static int32_t same_placed(const engine *e) {
    const checkpoints *c = &e->kept;
    int32_t n =
        e->reordered ? 0 : c->n_placed; /* when data is used next counts from the first on */
    for (int32_t ct = 0; ct < e->m->graph->n_cts; ++ct)
        if (c->cores[ct] != e->cores[ct]) {
            int32_t from = matters_from(e, ct);
            n = from < n ? from : n;
        }
    return n;
}

bool stream_checkpoints_resume(engine *e, const stream_schedule_request *request) {
    checkpoints *c = &e->kept;
    bool was_on = c->on && c->has_run && c->priority == (int32_t)request->priority &&
                  c->pooled == request->without_addresses && c->much_slack == request->much_slack;
    c->on = request->resume && !e->record;
    c->has_run = false;
    if (c->on)
        open(e);
    if (!c->on || !was_on) {
        c->n = 0;
        return false;
    }
    c->n_placed = e->n_placed;
    int32_t same = same_placed(e);
    while (c->n > 0 && c->states[c->n - 1].n_placed > same)
        c->n--;
    for (; c->n > 0; c->n--) {
        tape t = {.of = &c->states[c->n - 1], .loading = true};
        state(&t, e);
        if (e->least <= request->cutoff)
            break;
    }
    if (c->n == 0)
        return false;
    stream_fit_cache_reset(e->fits);
    stream_engine_count_needs(e);
    e->n_resumed = e->n_placed;
    begin(e, e->n_placed);
    return true;
}

void stream_checkpoints_keep(engine *e) {
    checkpoints *c = &e->kept;
    int64_t n_cts = e->m->graph->n_cts;
    if (!c->on || c->n == CHECKPOINTS || e->n_placed < (c->n + 1) * n_cts / (CHECKPOINTS + 1) ||
        e->n_placed == n_cts)
        return;
    tape t = {.of = &c->states[c->n]};
    state(&t, e);
    c->states[c->n++].n_placed = e->n_placed;
}
