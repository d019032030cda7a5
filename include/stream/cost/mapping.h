#ifndef STREAM_COST_MAPPING_H
#define STREAM_COST_MAPPING_H

#include "stream/cost/loop_nest.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A loop nest on a core under a spatial mapping, and its temporal mappings.
 *
 * Spatial mapping: which factor of which loop dim is unrolled over which array dim.
 * Temporal mapping: one order of the remaining loops, innermost first, and for every operand its
 * cut points: memory level m of operand o holds order[cut[o][m-1] .. cut[o][m]).
 *
 *        order    FX3 FY3 | OX8 C2 OY8 | K2          innermost --> outermost
 *        O        rf......| sram ...........|
 *        W        rf .....................  |        each operand has its own cuts (uneven mapping)
 *
 * Source: reference/intra-core-cost.md sections 3 to 5; section numbers in comments are its. */

enum {
    STREAM_MAP_MAX_LEVELS = 6,
    STREAM_MAP_MAX_LOOPS = 48,
    STREAM_MAP_MAX_MEMORIES = 12,
    STREAM_MAP_MAX_PORTS = 6,
    STREAM_MAP_MAX_FUNCTIONS = 20
};

typedef struct {
    int32_t dim;
    double factor;
} stream_unrolled_dim;

typedef struct {
    int32_t n;
    stream_unrolled_dim at[STREAM_NEST_MAX_DIMS];
} stream_unrolled_level;

/* factors[array dim] in the order in which they were given. */
typedef struct {
    int32_t n_array_dims;
    bool used[STREAM_MAX_ARRAY_DIMS];
    stream_unrolled_level array_dims[STREAM_MAX_ARRAY_DIMS];
} stream_spatial_mapping;

typedef struct {
    int32_t dim;
    int64_t size;
} stream_temporal_loop;

typedef struct {
    int32_t n;
    stream_temporal_loop order[STREAM_MAP_MAX_LOOPS];
    int32_t cut[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS];
} stream_temporal_mapping;

/* Which model: the reference bit for bit, or repaired (docs/cost-model.md lists the repairs). */
typedef enum {
    STREAM_MODEL_ZIGZAG_3_8_5,
    STREAM_MODEL_ZIGZAG_3_9_1,
    STREAM_MODEL_EXACT
} stream_cost_model;

const char *stream_cost_model_name(stream_cost_model model);

/* What is wrong or undefined in the reference, one name per repair of the exact model, with what
 * the reference does. */
#define STREAM_QUIRKS(X)                                                                           \
    X(HIDE_PAST_BOUNDS, "hiding shortens loads below their bounds (3.8.5)")                        \
    X(HIDE_BEHIND_STALLS, "loads also hide behind stalls")                                         \
    X(LAST_LINK, "of links half on shared ports the last counts; one input: unshared links")       \
    X(OPEN_EXTENT, "the overlap of dilated windows clamps one factor")                             \
    X(TRUNCATE, "products of fractional loops are truncated")                                      \
    X(TWO_SPATIAL, "fractional spatial mapping for energy, truncated one for latency")             \
    X(FREE_BUFFERS, "double buffers without room for them")                                        \
    X(READ_ZEROS, "partial sums that are still zero are read")                                     \
    X(PARTIAL_SUMS, "three criteria for what is a partial sum")                                    \
    X(WRITE_ONCE, "an output indexed by a sum of loops is written once")                           \
    X(ALL_RELATIONS, "an operand with a relation among its indices sees all of them")              \
    X(WHOLE_WORDS, "of the words of all accesses together only whole ones cost energy")

typedef enum {
#define X(name, text) STREAM_QUIRK_BIT_##name,
    STREAM_QUIRKS(X)
#undef X
    STREAM_N_QUIRKS
} stream_quirk_bit;

enum {
#define X(name, text) STREAM_QUIRK_##name = 1 << STREAM_QUIRK_BIT_##name,
    STREAM_QUIRKS(X)
#undef X
    STREAM_ALL_QUIRKS = (1 << STREAM_N_QUIRKS) - 1
};

/* Text of a quirk, static; those of a model as bits. */
const char *stream_quirk_text(stream_quirk_bit quirk);
uint32_t stream_cost_model_quirks(stream_cost_model model);

typedef enum {
    STREAM_RELEVANT,
    STREAM_IRRELEVANT,
    STREAM_PARTIALLY_RELEVANT
} stream_relevance;

typedef struct {
    int32_t operand, level;
    stream_direction direction;
} stream_port_function;

typedef struct {
    const char *name;
    stream_port_kind kind;
    int32_t index; /* of the memory's ports: those without a function are left out here */
    int64_t bw_min, bw_max;
    bool both_inputs; /* serves I1 and I2; exact model: more than one input of the nest */
    int32_t n_functions;
    stream_port_function functions[STREAM_MAP_MAX_FUNCTIONS];
} stream_map_port;

/* A memory of the core, seen by the operands of the nest. */
typedef struct {
    const char *name;
    int64_t size_bits;
    double read_pj, write_pj;
    bool shared;          /* holds more than one memory operand, linked or not */
    bool double_buffered; /* forced (3.9.1) */
    int32_t n_operands;
    int32_t operand[STREAM_NEST_MAX_OPERANDS], level[STREAM_NEST_MAX_OPERANDS];
    int32_t n_ports;
    stream_map_port ports[STREAM_MAP_MAX_PORTS];
} stream_map_memory;

typedef struct {
    int64_t bits, final_bits;
    double size; /* elements of the whole tensor */
    stream_relevance relevance[STREAM_NEST_MAX_DIMS];
    int32_t n_relevant, relevant[STREAM_NEST_MAX_DIMS]; /* as they index the operand, then others */
    /* output: a loop over the dim comes back to the same element. In the exact model partially
     * relevant dims do so, too, if their relation makes elements overlap. */
    bool accumulates[STREAM_NEST_MAX_DIMS];
    int32_t n_relations;
    int32_t relations[STREAM_NEST_MAX_RELATIONS];
    int32_t n_levels;
    int32_t memory[STREAM_MAP_MAX_LEVELS];
    int64_t bw_min[STREAM_MAP_MAX_LEVELS][STREAM_N_DIRECTIONS]; /* 0: not served */
    int64_t bw_max[STREAM_MAP_MAX_LEVELS][STREAM_N_DIRECTIONS];
    int64_t word_bits[STREAM_MAP_MAX_LEVELS][STREAM_N_DIRECTIONS]; /* energy is per word */
    /* unrolling between memory level l - 1 and l: [0] fractional, [1] integer */
    stream_unrolled_level unrolled[2][STREAM_MAP_MAX_LEVELS + 1];
    double units[2][STREAM_MAP_MAX_LEVELS + 1]; /* instances at level l */
    double boost[2][STREAM_MAP_MAX_LEVELS + 1]; /* distinct data at level l per instance above */
} stream_map_operand;

/* Everything that an evaluation reads; made once per nest, core and spatial mapping. A plain value:
 * no pointers but names, free to copy. */
typedef struct {
    stream_cost_model model;
    uint32_t quirks;
    stream_loop_nest nest;
    int32_t n_operands;
    stream_map_operand operands[STREAM_NEST_MAX_OPERANDS];
    int32_t n_memories;
    stream_map_memory memories[STREAM_MAP_MAX_MEMORIES];
    double mac_pj, macs;
    int64_t mac_units;
    stream_spatial_mapping unrolled[2]; /* per array dim: [0] fractional, [1] integer */
    int64_t drain_cycles;               /* systolic (3.9.1), 0 otherwise */
    bool integer;                       /* fractional and integer unrolling are equal */
    int32_t n_loops;                    /* what is left for time: at most one loop per dim */
    stream_temporal_loop loops[STREAM_NEST_MAX_DIMS];
} stream_mapping_problem;

/* The price of one mapping. Arrays are [operand][level]; directions as in stream_direction. */
typedef struct {
    double total0_cycles; /* temporal + stalls */
    double total1_cycles; /* + on-loading */
    double total2_cycles; /* + off-loading (+ systolic drain) */
    double onload_cycles, offload_cycles;
    int64_t stall_cycles;
    int64_t temporal_cycles; /* product of the temporal loops times cycles_per_op */
    int64_t ideal_cycles;    /* MACs over units times cycles_per_op */
    double energy_pj, mac_energy_pj, memory_energy_pj;
    bool below_bound; /* 3.9.1: a load is shorter than its own bound, where that version stops with
                         an assertion (11.1); the figures are clamped */
} stream_mapping_cost;

typedef struct {
    double accesses[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS][STREAM_N_DIRECTIONS];
    double energy_pj[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS];
} stream_mapping_accesses;

/* Builds the problem: relevance, memories as the nest's operands see them, the unrolling per level
 * and the loops that are left for time (3.5, 3.6, 4.1).
 *
 * offchip          memory appended on top for the operands in `offchip_operands` (bits of
 *                  stream_operand_class), or NULL
 * errs  INVALID: an operand has no memory; a port direction that the model needs is not served;
 *       UNSUPPORTED: more levels, ports or memories than the limits above */
STREAM_NODISCARD
stream_status stream_mapping_problem_build(const stream_loop_nest *nest, const stream_core *core,
                                           const stream_memory *offchip, uint8_t offchip_operands,
                                           const stream_spatial_mapping *spatial,
                                           stream_cost_model model, const stream_diag *diag,
                                           stream_mapping_problem *out);

/* The same with other quirks than the model's: evaluation alone follows them, for what one of them
 * is worth. The searches take the problems of stream_mapping_problem_build. */
STREAM_NODISCARD
stream_status stream_mapping_problem_build_with(
    const stream_loop_nest *nest, const stream_core *core, const stream_memory *offchip,
    uint8_t offchip_operands, const stream_spatial_mapping *spatial, stream_cost_model model,
    uint32_t quirks, const stream_diag *diag, stream_mapping_problem *out);

/* The price of a mapping (5). `accesses` may be NULL. O(levels * loops); no allocation. */
void stream_mapping_evaluate(const stream_mapping_problem *problem,
                             const stream_temporal_mapping *mapping, stream_mapping_cost *out,
                             stream_mapping_accesses *accesses);

/* Moves every cut up past loops that are irrelevant to its operand (4.4): what evaluate prices. */
void stream_mapping_merge(const stream_mapping_problem *problem, stream_temporal_mapping *mapping);

/* Cuts a given order by filling memories from the inside (4.3). False: it does not fit.
 * even: all operands of a memory are cut at the same loop. */
bool stream_mapping_allocate(const stream_mapping_problem *problem, bool even,
                             stream_temporal_mapping *mapping);

/* Does every memory hold what the mapping keeps in it (exact model: the merged mapping)? If not,
 * the first memory that does not, and the bits that it would need: infinite if it has no port for
 * the partial sums that come back. */
bool stream_mapping_fits(const stream_mapping_problem *problem,
                         const stream_temporal_mapping *mapping, int32_t *out_memory,
                         double *out_bits);

/* Elements of operand `o` that `sizes` [n_dims] iterations of every dim touch, for the room that
 * they take: in the exact model the padding of uneven unrollings is moved, but not kept. */
double stream_mapping_content(const stream_mapping_problem *problem, int32_t operand,
                              const double *sizes);

/* Elements of operand `o` for `sizes` [n_dims] iterations of every dim. */
double stream_mapping_elements(const stream_mapping_problem *problem, int32_t operand,
                               const double *sizes);

#ifdef __cplusplus
}
#endif

#endif
