#ifndef STREAM_LIB_COST_EXACT_LABEL_H
#define STREAM_LIB_COST_EXACT_LABEL_H

#include "exact_lattice.h"

/* Labels of the exact search: partial mappings with what they have cost so far. */

enum {
    STREAM_EXACT_MAX_ACC = 192,
    STREAM_EXACT_MAX_NECESSARY = 1 + STREAM_MAP_MAX_MEMORIES + STREAM_NEST_MAX_OPERANDS,
    STREAM_EXACT_MAX_PORTS = STREAM_MAP_MAX_MEMORIES * STREAM_MAP_MAX_PORTS,
    STREAM_EXACT_MAX_STEPS =
        STREAM_MAP_MAX_LOOPS + 2 * STREAM_NEST_MAX_OPERANDS * STREAM_MAP_MAX_LEVELS
};

/* Accumulators of a partial mapping. Of each input: link cycles whose two ports both carry several
 * inputs, the others, and all. Of each shared port: late stalls, busy cycles, mean bits per cycle.
 */
enum {
    ACC_ENERGY,
    ACC_OFFLOAD,
    ACC_STALL,
    ACC_INPUTS
};
enum {
    LINK_BOTH,
    LINK_REST,
    LINK_TOTAL,
    N_LINK
};
enum {
    PORT_LATE,
    PORT_BUSY,
    PORT_RATE,
    N_PORT
};

/* Where the last cut of an operand lies, the one below its top memory. */
typedef enum {
    STREAM_LAST_FULL,  /* at the full state: its transfer happens once and may hide */
    STREAM_LAST_BELOW, /* below it: its transfer repeats */
    STREAM_N_LAST,
    STREAM_LAST_ANYWHERE = STREAM_N_LAST
} stream_last_cut;

static inline int32_t stream_acc_link(int32_t input, int32_t which) {
    return ACC_INPUTS + N_LINK * (input - 1) + which;
}

/* Even mappings: a cut is first allocated, then moves up past loops that leave the operand where it
 * is. allocated[o]: cuts of o that are allocated, all but the last of them placed; moved: bit per
 * operand, loops lie above its last one; touched: bit per memory, an operand is cut there; sealed:
 * and loops lie above. */
typedef struct {
    uint8_t allocated[STREAM_NEST_MAX_OPERANDS];
    uint8_t moved;
    uint16_t touched, sealed;
} stream_even_state;

/* A partial mapping, built from the inside out. closed[o]: cuts of operand o that are placed. */
typedef struct {
    double bound;
    int32_t parent, state, depth;
    int32_t
        action; /* kind added, STREAM_ACTION_CLOSE + operand, or STREAM_ACTION_ALLOCATE + operand */
    uint8_t closed[STREAM_NEST_MAX_OPERANDS];
    stream_even_state even; /* 0 if not asked for */
    bool reduces;           /* a reduction loop lies in the output's open level */
    /* per operand, if asked for: iterations of the loops right below that leave it where it is, in
     * any order of each segment; bit per operand: a loop of this segment moves it */
    uint32_t run[STREAM_NEST_MAX_OPERANDS];
    uint8_t mixed;
    bool dead;
    uint64_t hides; /* bit per entry of rate[]: its port can hide all that it carries once, whatever
                       follows */
} stream_label;

/* A transfer that happens once if boundary `boundary` is closed at the full state. */
typedef struct {
    int32_t boundary, port, rate; /* rate: index into rate[], -1: the only user of its port */
    double cycles;
} stream_once;

enum {
    STREAM_ACTION_CLOSE = 1000,
    STREAM_ACTION_ALLOCATE = 2000
};

typedef struct {
    stream_label at;
    double acc[STREAM_EXACT_MAX_ACC];
} stream_open_label;

#endif
