#ifndef STREAM_SCHEDULE_COALA_V0_H
#define STREAM_SCHEDULE_COALA_V0_H

#include "stream/hardware/accelerator.h"
#include "stream/plan/plan.h"
#include "stream/schedule/schedule.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The compatible mode `coala-v0`: the tile scheduler with which COALA was validated against silicon
 * (June 2023), figure for figure, so that our own model can be compared with it. It does not follow
 * the rules of docs/schedule-model.md, and no checker accepts its schedules; docs/validation.md
 * says what it does and where it differs.
 *
 * Times are cycles, as doubles: the reference computes in floating point, and whole cycles are
 * exact up to 2^53. Energies are pJ, added in the order of the reference. */

typedef struct {
    const char *name; /* for messages; not NULL */
    int64_t size_bits;
    double read_pj, write_pj;      /* per access of the full width */
    int64_t read_bits, write_bits; /* [bit/cycle] the full widths, > 0 */
} stream_coala_v0_memory;

typedef struct {
    double bits_per_cycle; /* > 0; INFINITY: takes no time */
    double pj_per_cycle;
} stream_coala_v0_link;

/* The top memories of the cores, and how data moves between cores. Memories are numbered by the
 * first core that sees them, then as that core lists them: of all memories that hold a tensor, the
 * first is the sender. */
typedef struct {
    int32_t n_cores, offchip_core;
    const stream_coala_v0_memory *memories;
    int32_t n_memories;
    const int32_t *memory_of; /* [n_cores * STREAM_N_OPERANDS]; cores may share a memory */
    const stream_coala_v0_link *links;
    int32_t n_links;
    /* From core a to core b: route_links[route_first[a * n_cores + b] .. next). Empty: no route. */
    const int32_t *route_first; /* [n_cores * n_cores + 1] */
    const int32_t *route_links;
} stream_coala_v0_hardware;

/* CTs are numbered by layer, then by tile within the layer. */
typedef struct {
    int32_t layer, core;
    double cycles;                /* on that core, >= 0 */
    double energy_pj, offchip_pj; /* of the core; of too-large operands in off-chip memory */
    int64_t output_bits;
    int32_t output_data; /* identity, see stream_coala_v0_constant */
    /* stream_operand_class: streamed from or to off-chip while the CT runs, in the order in which
     * their memories are emptied for it */
    uint8_t too_large[STREAM_N_OPERANDS], n_too_large;
    bool final; /* no partial sums */
} stream_coala_v0_ct;

/* A constant operand of one CT: weights, or the input of the network. */
typedef struct {
    int32_t data; /* identity in [0, n_data): equal numbers, equal contents */
    int64_t bits;
    int64_t uses;    /* of the same data by this CT and later ones of the layer, as the reference
                        counts them */
    uint8_t operand; /* stream_operand_class: which memory it goes to */
    uint8_t rank;    /* the operands of a CT are taken by size, equal ones by this */
    bool prefetch;   /* brought to the core before the first CT */
} stream_coala_v0_constant;

/* `to` runs after `from`; between layers, it reads the whole output of `from` as `operand`. */
typedef struct {
    int32_t from, to;
    uint8_t operand; /* stream_operand_class */
} stream_coala_v0_edge;

typedef struct {
    const stream_coala_v0_hardware *hardware;
    const stream_coala_v0_ct *cts;
    int32_t n_cts;
    /* Of CT i: constants[constant_first[i] .. constant_first[i + 1]), in the order in which they
     * are placed off-chip and prefetched. */
    const stream_coala_v0_constant *constants;
    const int32_t *constant_first; /* [n_cts + 1] */
    const stream_coala_v0_edge *edges;
    int32_t n_edges;
    int32_t n_data;
    stream_priority priority; /* LATENCY: least (end of producers, id); MEMORY: the last id */
    bool just_in_time; /* fetch as late as possible; false: as early (the version of April 2023) */
} stream_coala_v0_problem;

/* A link in use. */
typedef struct {
    int32_t link;
    double start, end;
    int32_t tensor; /* the output of that CT, or n_cts + a constant; blocked: the CT */
    bool blocked;   /* by a CT with too-large operands */
} stream_coala_v0_activity;

typedef struct {
    double time;
    int64_t bits; /* in use until the next step */
} stream_coala_v0_step;

/* [pJ], each a sum in the order of the events. */
typedef struct {
    double cts, offchip_link, offchip_memory, eviction_link, eviction_memory, sink_link,
        sink_memory, core_link, core_memory;
    double total;
} stream_coala_v0_energy;

typedef struct {
    const double *start, *end; /* [n_cts] */
    double latency_cycles;     /* last end of a CT or of the use of a link */
    stream_coala_v0_energy energy;
    const stream_coala_v0_activity *activities; /* those of one link are in order of time */
    int32_t n_activities;
    /* Of memory m: steps[step_first[m] .. step_first[m + 1]), by time, from 0. */
    const stream_coala_v0_step *steps;
    const int32_t *step_first; /* [n_memories + 1] */
} stream_coala_v0_schedule;

/* O((CTs + edges + transfers) log n), but for evictions, which look at all that a memory holds.
 *
 * arena  keeps the result; nothing of the problem is kept
 * errs   INVALID: ids out of range, numbers that are negative or not finite, a cycle in the graph,
 * cores without a route;  INFEASIBLE: a tensor does not fit, naming memory and bits;  UNSUPPORTED:
 * the reference breaks off (it loses track of a tensor); LIMIT: sums of bits beyond 62 bits */
STREAM_NODISCARD
stream_status stream_coala_v0_schedule_build(const stream_coala_v0_problem *problem,
                                             stream_arena *arena, const stream_diag *diag,
                                             stream_coala_v0_schedule *out);

/* An accelerator as the compatible mode sees it: top memories with their widest ports, and the
 * links of each route. Links into off-chip memory are one link, and links out of it another, as the
 * reference builds them for a memory with a port for each; a bus that reaches it stays one link for
 * both.
 *
 * arena  keeps `out`, which refers to names of `acc`
 * errs   UNSUPPORTED: a compute core without a memory for its outputs */
STREAM_NODISCARD
stream_status stream_coala_v0_hardware_build(const stream_accelerator *acc,
                                             stream_arena *arena, const stream_diag *diag,
                                             stream_coala_v0_hardware *out);

/* What the compatible CT generator cuts. */
typedef struct {
    const stream_workload *w;
    const stream_layer_plan *plans;   /* [n_layers] sizes of tiles (0: not cut) and one core each */
    const double *cycles, *energy_pj; /* [n_layers] of one CT on its core */
    stream_priority priority;
    bool prefetch; /* weights (operand class I2) */
} stream_coala_v0_source;

/* Cuts layers into CTs, with the dependencies and sizes of the reference: CTs of a layer are
 * numbered by output channel first, then from the innermost loop outwards, and run in that order; a
 * CT needs the whole output of every CT whose box its own input box touches; padding of a tensor counts
 * as data; a window of a pooling layer is a constant of no bits; biases are left out. An input behind
 * other views than padding is what these are made of (stream/workload/trace.h).
 *
 * hardware  borrowed; kept by `out`
 * arena     keeps `out`
 * errs      UNSUPPORTED, at the layer: a tile that does not divide its loop, a reduction that is
 * cut;  INVALID: not exactly one core;  INFEASIBLE: the operands
 * of a CT do not fit a memory: the generator streams none;  LIMIT: more than 10^6 CTs */
STREAM_NODISCARD
stream_status stream_coala_v0_problem_build(const stream_coala_v0_source *source,
                                            const stream_coala_v0_hardware *hardware,
                                            stream_arena *arena, const stream_diag *diag,
                                            stream_coala_v0_problem *out);

#ifdef __cplusplus
}
#endif

#endif
