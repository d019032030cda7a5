#ifndef STREAM_LIB_COST_EXACT_LATTICE_H
#define STREAM_LIB_COST_EXACT_LATTICE_H

#include "stream/cost/exact.h"
#include "stream/support/integer.h"

/* The lattice of loop multisets. A kind is a (dim, prime), or (dim, size) of a pinned loop; a state
 * says how many loops of each kind lie below a point of the order. Its index is mixed radix, so
 * adding a loop of kind j adds stride[j], and index order is a topological order. What the model
 * needs to know of a cut of operand o at boundary k (between its memories k - 1 and k; k = 0: the
 * array) is a function of the state, tabulated once. */

enum {
    STREAM_EXACT_MAX_KINDS = 24,
    STREAM_EXACT_MAX_STATES = 1 << 16
};

/* The four movements of a boundary: down and up on the lower side of memory k, then on the upper
 * side of memory k - 1. */
enum {
    MOVE_BELOW,
    MOVE_BELOW_BACK,
    MOVE_ABOVE,
    MOVE_ABOVE_BACK,
    N_MOVES
};

typedef struct {
    double energy_pj;
    double real[N_MOVES];  /* transfer cycles */
    int64_t rate[N_MOVES]; /* mean bits per cycle */
    bool active[N_MOVES];
    bool no_port; /* partial sums come back that no port carries: not a cut */
    int64_t period, allowed, count;
    int64_t reads;   /* output: partial sums coming back, first visits not counted */
    double bits[2];  /* content of memory k - 1: [0] no reduction loop in the level, [1] one */
    double bits_min; /* least content if the level has not begun */
    double low_bits; /* content of the innermost memory, k == 1: the bound of hiding */
} stream_boundary;

typedef struct {
    const stream_mapping_problem *problem;
    int32_t n_kinds;
    int32_t dim[STREAM_EXACT_MAX_KINDS], multiplicity[STREAM_EXACT_MAX_KINDS];
    int32_t stride[STREAM_EXACT_MAX_KINDS];
    int64_t prime[STREAM_EXACT_MAX_KINDS];
    int32_t n_loops;
    const stream_exact_options *options; /* even, pins */
    int32_t inner_sized, outer_sized;    /* pins with a size, up to the first without */
    int32_t n_states;
    bool merged;            /* primes were merged until the states were few enough */
    int64_t cycles;         /* product of all loops */
    double time;            /* cycles * cycles_per_op */
    uint8_t *count;         /* [state * n_kinds + kind] */
    uint32_t *addable;      /* [state] bit per kind: a loop of it may follow */
    uint32_t *fixed;        /* [state] bit per kind: and its place is pinned */
    int64_t *below_cycles;  /* [state] product of its loops */
    double *below;          /* [state * n_dims + dim] iterations */
    int64_t *visits_left;   /* [state] product of the output's irrelevant loops above */
    uint8_t *reduces_above; /* [state] a loop that accumulates is left */
    uint8_t
        *stationary[STREAM_NEST_MAX_OPERANDS]; /* [state] only loops irrelevant to the operand */
    /* [state]; what the top memory holds is known at the full state alone, but for an operand that
     * has no other */
    stream_boundary *boundary[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS + 1];
    double unrolled[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS + 1][STREAM_NEST_MAX_DIMS];
    bool reduces_unrolled[STREAM_MAP_MAX_LEVELS + 2]; /* output: accumulates from level k up */
    int32_t n_sizes[STREAM_NEST_MAX_OPERANDS];        /* dims that make the operand larger */
    int32_t size_of[STREAM_NEST_MAX_OPERANDS][STREAM_NEST_MAX_DIMS];
    /* [state] the least energy still to come with c cuts placed; NULL until it is asked for */
    double *energy_to_go[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS];
} stream_lattice;

/* Tables in `arena`.
 * errs  UNSUPPORTED: pins leave too many kinds or states; INVALID: a pin asks for a loop that is
 * not there */
STREAM_NODISCARD
stream_status stream_lattice_build(const stream_mapping_problem *problem,
                                   const stream_exact_options *options, stream_arena *arena,
                                   const stream_diag *diag, stream_lattice *out);

/* exact_kinds.c: loops, kinds and states.
 * errs  as stream_lattice_build */
STREAM_NODISCARD
stream_status stream_lattice_find_kinds(stream_lattice *lattice, const stream_diag *diag);

/* exact_pins.c: checks the pins against the loops; bits of addable and fixed of a state.
 * errs  UNSUPPORTED: a dim comes twice among pins without a size */
STREAM_NODISCARD
stream_status stream_lattice_check_pins(stream_lattice *lattice, const stream_diag *diag);
void stream_lattice_pins(const stream_lattice *lattice, int32_t state, uint32_t *addable,
                         uint32_t *fixed);
static inline bool stream_lattice_fixed(const stream_lattice *lattice, int32_t state,
                                        int32_t kind) {
    return lattice->fixed[state] >> kind & 1;
}

/* exact_live.c: fills energy_to_go. */
void stream_lattice_energy_to_go(stream_lattice *lattice, stream_arena *arena);

/* Does the memory below boundary k hold the operand there, if nothing else? */
static inline bool stream_lattice_fits_alone(const stream_lattice *lattice, int32_t o, int32_t k,
                                             int32_t state) {
    const stream_mapping_problem *p = lattice->problem;
    const stream_boundary *b = &lattice->boundary[o][k][state];
    return !b->no_port && b->bits[0] <= (double)p->memories[p->operands[o].memory[k - 1]].size_bits;
}

/* Direction and memory level of movement `move` of operand `o` at boundary k. */
static inline stream_direction stream_move_direction(int32_t o, int32_t move) {
    static const stream_direction of_input[N_MOVES] = {STREAM_TO_LOW, STREAM_TO_LOW,
                                                       STREAM_FROM_HIGH, STREAM_FROM_HIGH};
    static const stream_direction of_output[N_MOVES] = {STREAM_FROM_LOW, STREAM_TO_LOW,
                                                        STREAM_TO_HIGH, STREAM_FROM_HIGH};
    return o ? of_input[move] : of_output[move];
}
static inline int32_t stream_move_level(int32_t k, int32_t move) {
    return move == MOVE_BELOW || move == MOVE_BELOW_BACK ? k : k - 1;
}

static inline int32_t stream_lattice_full(const stream_lattice *lattice) {
    return lattice->n_states - 1;
}
static inline bool stream_lattice_can_add(const stream_lattice *lattice, int32_t state,
                                          int32_t kind) {
    return lattice->addable[state] >> kind & 1;
}
/* Is a loop of the kind left? */
static inline bool stream_lattice_has(const stream_lattice *lattice, int32_t state, int32_t kind) {
    return lattice->count[state * lattice->n_kinds + kind] < lattice->multiplicity[kind];
}
/* A loop that leaves the operand's data where it is. */
static inline bool stream_kind_stationary(const stream_lattice *lattice, int32_t o, int32_t kind) {
    return lattice->problem->operands[o].relevance[lattice->dim[kind]] == STREAM_IRRELEVANT;
}
/* A loop that comes back to the same elements of the output. */
static inline bool stream_kind_accumulates(const stream_lattice *lattice, int32_t kind) {
    return lattice->problem->operands[0].accumulates[lattice->dim[kind]];
}
static inline bool stream_move_returns(int32_t move) {
    return move == MOVE_BELOW_BACK || move == MOVE_ABOVE_BACK;
}

#endif
