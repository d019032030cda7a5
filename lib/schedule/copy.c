/* Copies of schedules; see copy.h. */

#include "copy.h"

#include "transfers.h"

static const stream_transfer *copy_transfers(const stream_schedule *s, stream_arena *arena) {
    stream_transfer_target *targets;
    stream_transfer *transfers = stream_transfers_copy(s, arena, &targets);
    for (int32_t i = 0; i < s->n_transfers; ++i) {
        stream_transfer *t = &transfers[i];
        t->resources =
            stream_arena_copy(arena, t->resources, (size_t)t->n_resources, sizeof *t->resources);
    }
    return transfers;
}

void stream_schedule_replace(const stream_schedule_problem *problem, const stream_schedule *s,
                             stream_arena *arena, stream_schedule *kept) {
    const stream_accelerator *acc = problem->acc;
    stream_schedule_summary bounds = kept->summary;
    size_t n_cts = (size_t)problem->graph->n_cts;
    *kept = *s;
    kept->slots = stream_arena_copy(arena, s->slots, n_cts, sizeof *s->slots);
    kept->transfers = copy_transfers(s, arena);
    kept->streams = stream_arena_copy(arena, s->streams, (size_t)s->n_streams, sizeof *s->streams);
    kept->residents =
        stream_arena_copy(arena, s->residents, (size_t)s->n_residents, sizeof *s->residents);
    kept->summary.busy_cycles =
        stream_arena_copy(arena, s->summary.busy_cycles, (size_t)acc->n_cores, sizeof(int64_t));
    kept->summary.peak_bits =
        stream_arena_copy(arena, s->summary.peak_bits, (size_t)acc->n_instances, sizeof(int64_t));
    kept->summary.lower_bound_cycles = bounds.lower_bound_cycles;
    kept->summary.bound_kind = bounds.bound_kind;
    kept->summary.energy_bound_fj = bounds.energy_bound_fj;
}

stream_schedule_score stream_schedule_score_of(const stream_schedule *s) {
    return (stream_schedule_score){.latency_cycles = s->summary.latency_cycles,
                                   .energy_fj = s->summary.energy_fj};
}
