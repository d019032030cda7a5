#ifndef STREAM_SCHEDULE_ENERGY_H
#define STREAM_SCHEDULE_ENERGY_H

#include "stream/schedule/schedule.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Why a transfer moves data. What does not fit where it is needed makes spills and reloads, and
 * moves aside and back: those are the evictions. */
typedef enum {
    STREAM_MOVE_FETCH,  /* an input or constant, from off-chip */
    STREAM_MOVE_ONCHIP, /* between memories on chip, to where it is read */
    STREAM_MOVE_ASIDE,  /* what a CT wrote, to memories on chip where no CT reads it */
    STREAM_MOVE_BACK,   /* from there to where it is read */
    STREAM_MOVE_SPILL,  /* what a CT wrote, to off-chip, and no output of the network */
    STREAM_MOVE_RELOAD, /* what a CT wrote, from off-chip */
    STREAM_MOVE_OUTPUT, /* an output of the network, to off-chip */
    STREAM_MOVE_STREAM, /* by a CT itself while it runs (rule R9), from and to off-chip */
    STREAM_N_MOVES
} stream_move;

/* "fetch", "onchip", "aside", "back", "spill", "reload", "output", "stream". */
const char *stream_move_name(stream_move move);
bool stream_move_evicts(stream_move move);
/* O(CTs that depend on the one that wrote it). */
stream_move stream_transfer_move(const stream_schedule_problem *problem,
                                 const stream_schedule *schedule, const stream_transfer *transfer);
bool stream_transfer_leaves_chip(const stream_accelerator *acc, const stream_transfer *transfer);
/* The layer whose CT wrote what it moves, or the first that reads it; -1: nobody does. */
int32_t stream_transfer_layer(const stream_ct_graph *graph, const stream_transfer *transfer);

/* The tensor to which the bits of a stream are counted: the first that the CT reads as that operand
 * class; of O, what it writes. */
int32_t stream_ct_stream_tensor(const stream_ct_graph *graph, const stream_ct_stream *stream);
const stream_price_stream *stream_ct_stream_price(const stream_schedule_problem *problem,
                                                  const stream_schedule *schedule,
                                                  const stream_ct_stream *stream);

/* Where the energy of a finished schedule goes, in integer femtojoules (rule R12). The same total
 * is cut in four ways, and each way adds up to it exactly:
 *
 *   place    sum of cores[].{mac, levels, opaque, leak} + links + instances
 *   kind     compute + sum of moves + leak
 *   layer    sum of layers[].{compute, move} + leak
 *   tensor   sum of tensors[].{compute, move} + leak
 *
 * A CT's energy belongs to its layer and to the tensor that it writes; that of a transfer to its
 * tensor, and to the layer that made it (of an input or constant: the first that reads it); that of
 * a stream to the CT's layer and the tensor that it streams. A
 * price without parts (problem->parts NULL, or a price by hand) is opaque. */
typedef struct {
    int64_t mac_fj, opaque_fj, leak_fj;
} stream_core_energy;

typedef struct {
    int64_t compute_fj, move_fj;
    int64_t moved_bits; /* by transfers, once each however many targets they have, and by streams */
} stream_share_energy;

typedef struct {
    int64_t total_fj, compute_fj, leak_fj;
    int64_t moves_fj[STREAM_N_MOVES];
    int64_t moves_bits[STREAM_N_MOVES];
    const stream_core_energy *cores; /* [n_cores] */
    const int32_t *level_first;      /* [n_cores + 1] */
    const int64_t *levels_fj;        /* accesses of CTs: level_first[core] + memory of the core */
    const int64_t *links_fj;         /* [n_links] */
    const int64_t *instances_fj; /* [n_instances] accesses of transfers, and of streams off-chip */
    const int64_t *transfers_fj; /* [n_transfers] links and the ports at both ends */
    const int64_t *streams_fj;   /* [n_streams] links and the off-chip memory */
    const stream_share_energy *layers;  /* [n_layers] */
    const stream_share_energy *tensors; /* [n_tensors] */
} stream_energy;

/* Sums stay at INT64_MAX once they do not fit. O(CTs * memories of a core + transfers * route). In
 * `arena`. */
void stream_energy_build(const stream_schedule_problem *problem, const stream_schedule *schedule,
                         stream_arena *arena, stream_energy *out);

#ifdef __cplusplus
}
#endif

#endif
