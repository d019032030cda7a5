#ifndef STREAM_COST_COST_H
#define STREAM_COST_COST_H

#include "stream/cost/search.h"
#include "stream/hardware/route.h"
#include "stream/workload/workload.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The price of one kernel on one core: what the scheduler needs, and what a person reads.
 *
 *   cycles = compute + stall + onload + offload      (onload/offload: top memory <-> array,
 * exposed)
 *
 * The kernel is a layer whose loop bounds are the sizes of one CT. */

/* Backends. Cores without a memory hierarchy (namespace "aie2") have a roofline and nothing else,
 * whatever is asked. */
typedef enum {
    STREAM_PRICE_EXACT,
    STREAM_PRICE_ZIGZAG_3_8_5,
    STREAM_PRICE_ZIGZAG_3_9_1,
    STREAM_PRICE_SIMPLE
} stream_price_model;

/* "exact"; static text. */
const char *stream_price_model_name(stream_price_model model);

/* Energy of one operand at one memory level, integer. */
typedef struct {
    const char *memory, *operand;
    int64_t fj;
} stream_level_energy;

enum {
    STREAM_PRICE_MAX_LEVELS = STREAM_NEST_MAX_OPERANDS * STREAM_MAP_MAX_LEVELS
};

/* Traffic of a streamed operand with off-chip while the kernel runs (rule R9 of
 * docs/schedule-model.md): it is larger than its memory, and the off-chip memory is the outermost
 * level of its mapping. Partial sums that come back are reads of the output. */
typedef struct {
    int64_t read_bits, write_bits;                     /* of the whole run */
    int64_t read_bits_per_cycle, write_bits_per_cycle; /* ceil(bits / cycles): what it needs */
    int64_t offchip_fj;  /* accesses of the off-chip memory; no part of the kernel's energy_fj */
    int64_t buffer_bits; /* of the core's top memory, for the parts that pass; 0: none is known */
} stream_operand_stream;

typedef struct {
    int64_t cycles; /* >= 1 */
    int64_t compute_cycles, stall_cycles, onload_cycles, offload_cycles;
    int64_t energy_fj;     /* MACs and all accesses inside the core: exactly the sum of its parts */
    int64_t mac_energy_fj; /* part of energy_fj */
    double utilization;    /* MACs / (compute_cycles * MAC units) */
    const char *model;     /* name of the model, static text */

    const char *refused; /* why the asked model cannot take the kernel, whose price is that of the
                            simple model; in the caller's arena; NULL: it can, or was not asked */

    /* exact and zigzag models only; names and `mapping` in the caller's arena */
    const char *mapping; /* the loop nest, one line; NULL: the model has none */
    bool proven;
    int32_t n_levels;
    stream_level_energy levels[STREAM_PRICE_MAX_LEVELS];
    /* [stream_operand_class] exchanged with the core's top memory of the operand; cycles of its
     * exposed on-loading (off-loading for O) */
    int64_t top_read_bits[STREAM_N_OPERANDS], top_write_bits[STREAM_N_OPERANDS];
    int64_t load_cycles[STREAM_N_OPERANDS];

    uint8_t streamed; /* bit per stream_operand_class: streamed from or to off-chip */
    stream_operand_stream streams[STREAM_N_OPERANDS]; /* 0 for those that are not */
} stream_kernel_cost;

typedef struct {
    stream_price_model model;
    stream_mapping_objective objective;
    bool any_dataflow; /* generate spatial mappings over all loops, ignoring the core's dataflows */
    int64_t max_labels;    /* exact: per search; 0: as stream_exact_options */
    int32_t threads;       /* 0: as many as the machine has */
    const char *cache_dir; /* mappings are kept in files there, if it is there; NULL: none */
} stream_price_options;

/* Makes `dir` and the directories above it, or warns that nothing will be kept there, and why. */
void stream_cost_cache_open(const char *dir, const stream_diag *diag);

/* What is priced. With an off-chip memory, operands may be streamed: it is then the outermost level
 * of these operands alone, and serves the whole array.
 *
 *   streamed    bit per stream_operand_class: streamed in any case
 *   may_stream  streamed only if the kernel fits in no other way: as few of them as possible, and
 *               of equally many those with the best objective. The price says which.
 *
 *     (stream_price_job){.w = w, .kernel = k, .core = c, .offchip = dram, .may_stream = 7} */
typedef struct {
    const stream_workload *w;
    const stream_layer *kernel;
    const stream_core *core;
    const stream_memory *offchip; /* NULL: nothing is streamed, whatever the masks say */
    uint8_t streamed, may_stream;
} stream_price_job;

/* The memory behind streamed operands of an accelerator: the top one of its off-chip core, or
 * NULL. */
const stream_memory *stream_price_offchip(const stream_accelerator *acc);

/* The same as cores of one class reach it: none of its ports is faster than the slowest route
 * between it and the core's top memory of an operand that the port carries; the energy per bit
 * stays. False: there is none.
 *
 * core_class  acc->class_of of the cores
 * arena  keeps the ports of `out` */
bool stream_price_offchip_of(const stream_accelerator *acc, stream_routes *routes,
                             int32_t core_class, stream_arena *arena, stream_memory *out);

/* A price of streams that together are too fast for a link (a bus has reads and writes of all
 * operands) or for a port of the off-chip memory gets the stall cycles in which it moves them. */
void stream_price_fit_links(const stream_accelerator *acc, stream_routes *routes,
                            int32_t core_class, stream_kernel_cost *cost);

/* Prices [n] jobs in parallel, each distinct (kernel signature, core signature, options) once. The
 * result does not depend on the number of threads. A kernel that the exact or a zigzag model cannot
 * take (an operand that does not fit the registers, too many operands) is priced by the simple
 * model, and `refused` says why. By that model and by the roofline, `streamed` operands cross the
 * off-chip port once.
 *
 * out   [n]
 * errs  as stream_cost_simple; the first job's that has one */
STREAM_NODISCARD
stream_status stream_cost_price(const stream_price_job *jobs, int32_t n,
                                const stream_price_options *options, stream_arena *arena,
                                const stream_diag *diag, stream_kernel_cost *out);

/* The simple model: an ideal array, ports as rates, ideal temporal reuse (every operand crosses
 * every memory boundary once). Formulas and their worked example: docs/cost-model.md.
 *
 * kernel  the layer, its bounds the sizes of one CT
 * errs  UNSUPPORTED: the core is no compute core;  INVALID: overflow */
STREAM_NODISCARD
stream_status stream_cost_simple(const stream_workload *w, const stream_layer *kernel,
                                 const stream_core *core, const stream_diag *diag,
                                 stream_kernel_cost *out);

/* The roofline: operations over the peak operations per cycle times the core's utilization; half
 * the peak for elements of more than 16 bits. Source: reference/stream-2026.md 1.6. errs  as
 * stream_cost_simple */
STREAM_NODISCARD
stream_status stream_cost_roofline(const stream_workload *w, const stream_layer *kernel,
                                   const stream_core *core, const stream_diag *diag,
                                   stream_kernel_cost *out);

#ifdef __cplusplus
}
#endif

#endif
