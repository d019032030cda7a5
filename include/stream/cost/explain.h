#ifndef STREAM_COST_EXPLAIN_H
#define STREAM_COST_EXPLAIN_H

#include "stream/cost/search.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What bounds a layer, and what one change of the core would help. Everything here is read off the
 * model's own intermediate values or measured by another search; nothing is estimated.
 *
 *   result --use--> ports, links, contents --explanation--> the bound, shares
 *   result --changes--> every port, memory and array dim doubled, each searched again */

enum {
    STREAM_COST_MAX_PORTS = STREAM_MAP_MAX_MEMORIES * STREAM_MAP_MAX_PORTS,
    STREAM_COST_MAX_LOADS = STREAM_NEST_MAX_OPERANDS * STREAM_MAP_MAX_LEVELS * STREAM_N_DIRECTIONS,
    STREAM_COST_MAX_LINKS = STREAM_NEST_MAX_OPERANDS * STREAM_MAP_MAX_LEVELS,
    STREAM_COST_MAX_SHARES = STREAM_COST_MAX_LINKS + 1,
    STREAM_COST_MAX_CHANGES = STREAM_COST_MAX_PORTS + STREAM_MAP_MAX_MEMORIES +
                              STREAM_MAX_ARRAY_DIMS * STREAM_NEST_MAX_DIMS
};

/* One operand in one direction through a port: `count` transfers of `bits`, one every
 * `period_cycles`, each of which takes `cycles` and may use `allowed_cycles` of the period (all of
 * it if the receiving side is double buffered). */
typedef struct {
    int32_t operand, level; /* memory level of the operand: the port's memory */
    stream_direction direction;
    int64_t bits, cycles, allowed_cycles, period_cycles, count;
    bool double_buffered;
} stream_port_load;

/* A port of problem.memories[memory]. A port that serves nothing of the layer has no loads. */
typedef struct {
    int32_t memory, port;
    int64_t stall_cycles; /* that this port alone would cause; negative: time to spare */
    int64_t busy_cycles;  /* of transfers that happen more than once: sum of cycles * count */
    int64_t once_cycles;  /* of transfers that happen once: loading, if it cannot be hidden */
    int32_t first_load, n_loads;
} stream_port_use;

/* On-loading (inputs) or off-loading (output) between memory levels `level` and `level + 1`. */
typedef struct {
    int32_t operand, level;
    int32_t memory, port;   /* the end that takes longer; the lower one if both take as long */
    double cycles;          /* charged: after hiding behind the computation */
    double transfer_cycles; /* of the transfer itself */
} stream_link_use;

/* Ports, links and contents under the mapping that was priced. About 15 kB. */
typedef struct {
    int32_t n_ports; /* by memory, then port */
    stream_port_use ports[STREAM_COST_MAX_PORTS];
    int32_t n_loads;
    stream_port_load loads[STREAM_COST_MAX_LOADS];
    int32_t n_links; /* by operand, then level */
    stream_link_use links[STREAM_COST_MAX_LINKS];
    /* in one instance of the memory at level l of operand o, without a second buffer; sums that are
     * not complete with the bits of partial sums */
    int64_t content_bits[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS];
    /* may be exchanged while it is in use: there is a second buffer, or none is needed */
    bool double_buffered[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS];
    bool second_buffer[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS]; /* there is one */
} stream_cost_use;

void stream_cost_use_of(const stream_cost_result *result, stream_cost_use *out);

/* What the latency hangs on, the first of these that holds:
 *   LOADING  on- and off-loading (and draining) take more than half of all cycles
 *   PORT     stalls are more than a tenth of the temporal cycles; or less than half of the array
 *            works (temporal cycles > 2 * ideal cycles) while some port moves its full width in nine
 *            tenths of the temporal cycles: more units would wait for it
 *   ARRAY    less than half of the array works
 *   COMPUTE  otherwise */
typedef enum {
    STREAM_LAYER_COMPUTE,
    STREAM_LAYER_ARRAY,
    STREAM_LAYER_PORT,
    STREAM_LAYER_LOADING
} stream_layer_bound;

/* "compute", "array", "port", "loading". */
const char *stream_layer_bound_name(stream_layer_bound bound);

/* Energy of one operand at one memory level, or of the MACs (operand = level = -1). */
typedef struct {
    int32_t operand, level;
    double energy_pj, percent;
} stream_energy_share;

/* cycles = ideal + idle + stall + onload + offload + drain; percents are of all cycles. */
typedef struct {
    stream_layer_bound bound;
    double cycles; /* total2 */
    double ideal_percent, idle_percent, stall_percent, onload_percent, offload_percent,
        drain_percent;
    int64_t idle_cycles; /* temporal - ideal: part of the array has nothing to do */
    int64_t drain_cycles;
    int32_t worst_port;   /* of use.ports: the most stall cycles; where no port stalls, the
                             fullest if it is the bound, else -1 */
    double full_cycles;   /* of the fullest, where it is the worst: what all that crosses it takes
                             at its full width; else 0 */
    int32_t onload_link;  /* of use.links: the longest; -1: nothing is on-loaded */
    int32_t offload_link; /* the same of the output */
    int32_t n_shares;     /* largest first, ties by operand and level; those above 0 */
    stream_energy_share shares[STREAM_COST_MAX_SHARES];
    stream_cost_use use;
} stream_cost_explanation;

void stream_cost_explain(const stream_cost_result *result, stream_cost_explanation *out);

typedef enum {
    STREAM_CHANGE_PORT,     /* bandwidth_max doubled */
    STREAM_CHANGE_MEMORY,   /* size doubled */
    STREAM_CHANGE_ARRAY_DIM /* size doubled, and what is said to be unrolled there */
} stream_change_kind;

/* One thing doubled, all else as it was, and the best mapping then.
 *
 * A port moves twice the bits per cycle at the same energy per bit and the same smallest access
 * (bandwidth_min); a memory costs the same per access; where the core's dataflows or the request
 * give the unrolling of an array dim, the given factor is doubled too (one change per loop that is
 * unrolled there). */
typedef struct {
    stream_change_kind kind;
    int32_t memory, port; /* of core->memories and its ports; memory n_memories: the off-chip one */
    int32_t array_dim;
    const char *loop; /* ARRAY_DIM: the loop whose given factor is doubled, or NULL: generated */
    const char *memory_name, *port_name; /* NULL where they do not apply */
    stream_port_kind port_kind;
    int64_t from, to;     /* bits per cycle, bits, units */
    stream_status status; /* not OK: nothing fits any more, and the rest is 0 */
    stream_mapping_cost cost;
    bool proven; /* both the layer as it is and the changed one are proven: so is the percentage */
    /* of the figure before the change; below 0 is better */
    double latency_percent, energy_percent, edp_percent;
} stream_change;

/* Measures all changes of ports and memories that the layer uses, and of all array dims. In the exact
 * mode the searches share 120,000 labels; what is not proven within its share is the best found, and
 * no worse than the mapping of `base` under the change.
 *
 * base       result of stream_cost_search(nest, core, options)
 * n_threads  searches at the same time; < 1: 1. The result does not depend on it
 * out        [STREAM_COST_MAX_CHANGES], out_n of them filled: best objective first, ties by EDP, then
 *            ports, memories (innermost first), array dims; those that do not fit last
 * errs       INVALID: a doubled size overflows 63 bits */
STREAM_NODISCARD
stream_status stream_cost_changes(const stream_loop_nest *nest, const stream_core *core,
                                  const stream_cost_options *options,
                                  const stream_cost_result *base, int32_t n_threads,
                                  const stream_diag *diag, stream_change *out, int32_t *out_n);

/* The change of the objective in percent of the figure before; below 0 is better. */
double stream_change_percent(const stream_change *change, stream_mapping_objective objective);

#ifdef __cplusplus
}
#endif

#endif
