/* From a finished run to a schedule: ends that are still open, order, peaks; see engine.h. */

#include "engine.h"
#include "transfers.h"

#include "stream/schedule/energy.h"
#include "stream/schedule/places.h"
#include "stream/support/integer.h"

/* What is live at the end stays to the end. */
static void close_buffers(engine *e) {
    for (int32_t d = 0; d < e->m->n_data; ++d)
        if (has_only_primary(&e->data[d]))
            stream_engine_drop(e, e->data[d].primary, e->score.latency_cycles);
    for (int32_t i = 0; i < e->n_heads; ++i)
        while (e->heads[i] >= 0)
            stream_engine_drop(e, e->heads[i], e->score.latency_cycles);
}

static const int64_t *find_busy(const engine *e, stream_arena *arena) {
    int64_t *busy = STREAM_NEW(arena, int64_t, (size_t)e->m->acc->n_cores);
    for (int32_t i = 0; i < e->m->graph->n_cts; ++i)
        busy[e->slots[i].core] += e->slots[i].end - e->slots[i].start;
    return busy;
}

/* By their starts, then as they were booked. */
static const stream_transfer *order_transfers(engine *e, stream_arena *arena) {
    size_t n = e->transfers.n;
    const stream_transfer_target *targets = stream_vec_freeze(&e->targets, arena);
    stream_transfer *transfers = stream_vec_freeze(&e->transfers, arena);
    for (size_t i = 0; i < n; ++i)
        transfers[i].targets = &targets[STREAM_AT(int32_t, e->first_target, i)];
    stream_transfers_sort(transfers, n);
    return transfers;
}

/* Transfers with branches get the links of their trees. */
static void add_branches(const engine *e, stream_arena *arena) {
    for (size_t at = 0; at < e->trees.n;) {
        int32_t id = STREAM_AT(int32_t, e->trees, at), n = STREAM_AT(int32_t, e->trees, at + 1);
        stream_transfer *t = &STREAM_AT(stream_transfer, e->transfers, id);
        int32_t *links = STREAM_NEW(arena, int32_t, (size_t)(t->n_resources + n));
        for (int32_t i = 0; i < t->n_resources; ++i)
            links[i] = t->resources[i];
        for (int32_t i = 0; i < n; ++i)
            links[t->n_resources + i] = STREAM_AT(int32_t, e->trees, at + 2 + (size_t)i);
        t->resources = links;
        t->n_resources += n;
        at += 2 + (size_t)n;
    }
}

bool stream_engine_add_energies(engine *e) {
    const stream_accelerator *acc = e->m->acc;
    bool fits = true;
    for (int32_t c = 0; c < acc->n_cores; ++c)
        fits &= stream_add_i64(e->static_energy_fj,
                               stream_fj(acc->cores[c].static_pj * (double)e->score.latency_cycles),
                               &e->static_energy_fj);
    int64_t parts[] = {e->compute_energy_fj, e->link_energy_fj, e->memory_energy_fj,
                       e->static_energy_fj};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; ++i)
        fits &= stream_add_i64(e->score.energy_fj, parts[i], &e->score.energy_fj);
    return fits;
}

/* What the summary says of its energies beyond their kinds. */
static void add_energy_parts(const stream_schedule_problem *problem, stream_arena *arena,
                             stream_schedule *s) {
    stream_energy energy;
    stream_energy_build(problem, s, arena, &energy);
    for (int32_t c = 0; c < problem->acc->n_cores; ++c)
        s->summary.mac_energy_fj += energy.cores[c].mac_fj;
    s->summary.offchip_energy_fj = energy.instances_fj[problem->acc->offchip_instance];
    for (int32_t m = 0; m < STREAM_N_MOVES; ++m)
        if (stream_move_evicts((stream_move)m))
            s->summary.eviction_energy_fj += energy.moves_fj[m];
}

void stream_engine_export(engine *e, const stream_schedule_problem *problem, stream_arena *arena,
                          stream_schedule *out) {
    close_buffers(e);
    add_branches(e, arena);
    stream_engine_order_streams(e);
    int64_t latency = e->score.latency_cycles, energy = e->score.energy_fj;
    int32_t n_transfers = (int32_t)e->transfers.n;
    *out = (stream_schedule){.slots = e->slots,
                             .transfers = order_transfers(e, arena),
                             .n_transfers = n_transfers,
                             .streams = stream_arena_copy(arena, e->streams.data, e->streams.n,
                                                          sizeof(stream_ct_stream)),
                             .n_streams = (int32_t)e->streams.n,
                             .residents = stream_arena_copy(
                                 arena, e->residents.data, e->residents.n, sizeof(stream_resident)),
                             .n_residents = (int32_t)e->residents.n,
                             .summary = {.latency_cycles = latency,
                                         .energy_fj = energy,
                                         .compute_energy_fj = e->compute_energy_fj,
                                         .link_energy_fj = e->link_energy_fj,
                                         .memory_energy_fj = e->memory_energy_fj,
                                         .static_energy_fj = e->static_energy_fj,
                                         .edp = (double)energy / 1000 * (double)latency,
                                         .offchip_read_bits = e->score.offchip_read_bits,
                                         .offchip_write_bits = e->score.offchip_write_bits,
                                         .busy_cycles = find_busy(e, arena)}};
    out->summary.peak_bits = stream_schedule_peaks(problem, out, arena);
    add_energy_parts(problem, arena, out);
}
