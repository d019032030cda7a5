/* The memory of a run, and how it is cleared for the next one; see engine.h. */

#include "engine.h"

#include <string.h>

/* Lists of the data of all CTs: 64 MiB. */
#define MOST_CT_LISTS (1 << 24)

static int32_t *find_only_cores(const model *m, stream_arena *arena) {
    int32_t *only = STREAM_NEW(arena, int32_t, (size_t)m->acc->n_instances);
    for (int32_t i = 0; i < m->acc->n_instances; ++i)
        only[i] = m->acc->n_cores;
    for (int32_t c = 0; c < m->acc->n_cores; ++c)
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
            int32_t i = instance_of(m, c, (uint8_t)o);
            if (i >= 0)
                only[i] = only[i] == m->acc->n_cores || only[i] == c ? c : -1;
        }
    return only;
}

static void fill(int32_t *a, int32_t n, int32_t value) {
    for (int32_t i = 0; i < n; ++i)
        a[i] = value;
}

/* Arrays of one element per CT, datum or group, and those per memory. */
static void make_arrays(engine *e, stream_arena *arena) {
    const model *m = e->m;
    size_t n_cts = (size_t)m->graph->n_cts, n_data = (size_t)m->n_data;
    size_t n_instances = (size_t)m->acc->n_instances, n_cores = (size_t)m->acc->n_cores;
    e->heads = STREAM_NEW(arena, int32_t, (size_t)e->n_heads);
    fill(e->heads, e->n_heads, -1);
    e->cell_first = STREAM_NEW(arena, int32_t, (size_t)m->graph->n_tensors + 1);
    e->row_first = STREAM_NEW(arena, int32_t, (size_t)m->graph->n_tensors + 1);
    stream_engine_count_cells(m, e->cell_first, e->row_first);
    e->cells = STREAM_NEW(arena, int32_t, (size_t)e->cell_first[m->graph->n_tensors]);
    e->row_counts = STREAM_NEW(arena, int32_t, (size_t)e->row_first[m->graph->n_tensors]);
    e->reaches = STREAM_NEW(arena, cell_reach, (size_t)m->graph->n_tensors * n_instances);
    e->data = STREAM_NEW(arena, datum_state, n_data);
    e->copies = STREAM_NEW(arena, int32_t, n_data);
    e->pinned = STREAM_NEW(arena, int32_t, n_data);
    fill(e->pinned, m->n_data, -1); /* of an earlier run they are still those of the same CTs */
    e->same_datum = STREAM_NEW(arena, int32_t, (size_t)stream_schedule_model_most_needs(m));
    e->found_at = STREAM_NEW(arena, need_place, (size_t)stream_schedule_model_most_needs(m));
    e->counters = STREAM_NEW(arena, int32_t, (size_t)m->n_counters * n_instances);
    e->cursor = STREAM_NEW(arena, int32_t, (size_t)m->n_groups);
    e->places = STREAM_NEW(arena, int32_t, n_cts);
    e->given_users = STREAM_NEW(arena, need_user, (size_t)m->n_needs);
    e->order = STREAM_NEW(arena, int32_t, n_cts);
    e->starts = STREAM_NEW(arena, int64_t, n_cts);
    e->profiles = STREAM_NEW(arena, profile, (size_t)m->acc->n_resources);
    e->maps = STREAM_NEW(arena, memory_map, n_instances);
    e->near = STREAM_NEW(arena, near_list, n_instances * STREAM_N_OPERANDS);
    e->compacted = STREAM_NEW(arena, int32_t, n_instances);
    e->comes_again = STREAM_NEW(arena, bool, (size_t)m->graph->n_tensors);
    e->refusals = STREAM_NEW(arena, refusal, n_cores * STREAM_REFUSALS);
    e->owed = STREAM_NEW(arena, int32_t, n_cores);
    e->core_free = STREAM_NEW(arena, int64_t, n_cores);
    e->core_start = STREAM_NEW(arena, int64_t, n_cores);
    e->found = STREAM_NEW(arena, stream_vec, 1);
    e->fits = STREAM_NEW(arena, fit_cache, 1);
}

static void open_vectors(engine *e) {
    *e->found = STREAM_VEC(stream_keyed);
    e->buffers = STREAM_VEC(buffer);
    e->details = STREAM_VEC(buffer_detail);
    e->seen = STREAM_VEC(int32_t);
    e->pieces = STREAM_VEC(piece);
    e->turns = STREAM_VEC(stream_keyed);
    e->victims = STREAM_VEC(int32_t);
    e->transfers = STREAM_VEC(stream_transfer);
    e->first_target = STREAM_VEC(int32_t);
    e->targets = STREAM_VEC(stream_transfer_target);
    e->trees = STREAM_VEC(int32_t);
    e->residents = STREAM_VEC(stream_resident);
    e->streams = STREAM_VEC(stream_ct_stream);
}

/* Routes of on-chip memories pass over links at the off-chip core only if these are buses. */
static bool has_detours(const stream_accelerator *acc) {
    bool bus = false, other = false;
    for (int32_t l = 0; l < acc->n_links; ++l) {
        bool offchip = stream_link_is_offchip(acc, l);
        bus |= offchip && acc->links[l].bus && acc->links[l].n_cores > 2;
        other |= !offchip;
    }
    return bus && other;
}

engine *stream_engine_create(const model *m, stream_arena *kept) {
    stream_arena *arena = stream_arena_create();
    int64_t n_cts = m->graph->n_cts, n_instances = m->acc->n_instances;
    engine *e = STREAM_NEW(arena, engine, 1);
    e->arena = arena;
    e->m = m;
    e->lists_per_ct = n_cts * n_instances <= MOST_CT_LISTS ? (int32_t)n_instances : 1;
    e->n_heads = (int32_t)n_cts * e->lists_per_ct + m->graph->n_tensors * (int32_t)n_instances;
    e->only_core = find_only_cores(m, arena);
    e->routes = stream_routes_create(m->acc, kept ? kept : arena);
    if (has_detours(m->acc))
        e->detours = stream_routes_create_on_chip(m->acc, kept ? kept : arena);
    e->slots = STREAM_NEW(kept ? kept : arena, stream_ct_slot, (size_t)n_cts);
    make_arrays(e, arena);
    open_vectors(e);
    stream_fit_cache_open(e->fits);
    stream_ready_open(&e->ready, m, arena);
    return e;
}

stream_schedule_workspace *stream_schedule_workspace_create(const stream_schedule_model *m) {
    return stream_engine_create(m, NULL);
}

static void free_vectors(engine *e) {
    stream_vec_free(&e->buffers);
    stream_vec_free(&e->details);
    stream_vec_free(&e->pieces);
    stream_vec_free(&e->turns);
    stream_vec_free(&e->victims);
    stream_vec_free(&e->transfers);
    stream_vec_free(&e->first_target);
    stream_vec_free(&e->targets);
    stream_vec_free(&e->trees);
    stream_vec_free(&e->residents);
    stream_vec_free(&e->streams);
    stream_vec_free(&e->seen);
    stream_vec_free(e->found);
}

void stream_schedule_workspace_destroy(stream_schedule_workspace *e) {
    if (!e)
        return;
    for (int32_t r = 0; r < e->m->acc->n_resources; ++r)
        stream_profile_free(&e->profiles[r]);
    for (int32_t i = 0; i < e->m->acc->n_instances; ++i)
        stream_memory_map_free(&e->maps[i]);
    free_vectors(e);
    stream_checkpoints_close(&e->kept);
    stream_ready_close(&e->ready);
    stream_fit_cache_close(e->fits);
    stream_arena_destroy(e->arena);
}

static void clear_vectors(engine *e) {
    e->buffers.n = e->details.n = e->pieces.n = e->transfers.n = e->first_target.n = 0;
    e->targets.n = e->trees.n = e->residents.n = e->streams.n = 0;
    e->n_passing = 0;
    e->spare_buffer = -1;
}

void stream_engine_count_needs(engine *e) {
    const model *m = e->m;
    size_t n_instances = (size_t)m->acc->n_instances;
    memset(e->counters, 0, (size_t)m->n_counters * n_instances * sizeof *e->counters);
    for (int32_t c = 0; c < m->n_counters; ++c) {
        const group_users *g = &m->of_group[m->counter_group[c]];
        int32_t *counters = &e->counters[(size_t)c * n_instances];
        for (int32_t u = g->first; u < g[1].first; ++u) {
            const need_user n = m->users[u];
            if (!e->ready.cts[n.ct].placed)
                counters[place_of(m, (int32_t)n.ct, e->cores[n.ct], n.operand)]++;
        }
    }
}

static void clear_lists(engine *e, int32_t datum) {
    int32_t n_lists, list = stream_engine_lists(e, datum, &n_lists);
    fill(&e->heads[list], n_lists, -1);
}

static void reset_map(engine *e, int32_t instance) {
    const stream_instance *at = &e->m->acc->instances[instance];
    int64_t bits = e->limits ? e->limits[instance].bits : at->size_bits;
    bits -= bits % at->word_bits;
    if (e->pooled && !(e->limits && e->limits[instance].has_addresses))
        stream_memory_map_reset_pooled(&e->maps[instance], bits);
    else
        stream_memory_map_reset(&e->maps[instance], bits);
}

void stream_engine_reset(engine *e) {
    const stream_accelerator *acc = e->m->acc;
    size_t n_cores = (size_t)acc->n_cores;
    for (int32_t r = 0; r < acc->n_resources; ++r)
        stream_profile_reset(&e->profiles[r], acc->resources[r].bandwidth_bits);
    for (int32_t i = 0; i < acc->n_instances; ++i)
        reset_map(e, i);
    stream_fit_cache_reset(e->fits);
    clear_vectors(e);
    fill(e->cells, e->cell_first[e->m->graph->n_tensors], -1);
    fill(e->row_counts, e->row_first[e->m->graph->n_tensors], 0);
    memset(e->reaches, 0,
           (size_t)e->m->graph->n_tensors * (size_t)acc->n_instances * sizeof *e->reaches);
    e->n_made = 0;
    for (int32_t d = 0; d < e->m->n_data; ++d) {
        if (e->data[d].buffers > 0)
            clear_lists(e, d);
        e->data[d] = (datum_state){
            .primary = -1, .only_at = -1, .unread = e->m->uses[d], .is_output = e->m->is_output[d]};
    }
    fill(e->copies, e->m->n_data, 0);
    e->pins_of = -1;
    for (int32_t i = 0; i < acc->n_cores * STREAM_REFUSALS; ++i)
        e->refusals[i].ct = -1;
    fill(e->owed, acc->n_cores, -1);
    fill(e->compacted, acc->n_instances, -1);
    memset(e->comes_again, 0, (size_t)e->m->graph->n_tensors * sizeof *e->comes_again);
    memset(e->cursor, 0, (size_t)e->m->n_groups * sizeof *e->cursor);
    memset(e->core_free, 0, n_cores * sizeof *e->core_free);
    memset(e->core_start, 0, n_cores * sizeof *e->core_start);
    stream_ready_reset(&e->ready, e->cores, e->priority);
    stream_engine_count_needs(e);
    e->score = (stream_schedule_score){0};
    e->compute_energy_fj = e->link_energy_fj = e->memory_energy_fj = e->static_energy_fj = 0;
    e->overflow = false;
    e->failure = (placement_failure){.instance = -1};
    e->ct = -1;
    e->n_placed = e->n_resumed = 0;
    e->least = 0;
}
