#ifndef STREAM_LIB_COST_EXACT_SEARCH_H
#define STREAM_LIB_COST_EXACT_SEARCH_H

#include "exact_lattice.h"

/* State of one exact search, shared by its parts:
 *   exact_layout.c    accumulators
 *   exact_bounds.c    what a boundary adds to them; bounds
 *   exact_to_go.c     costs to go
 *   exact_dominance.c which labels cannot lead to anything better than others
 *   exact_labels.c    labels: room, what can be forgotten; successors
 *   exact_final.c     complete labels
 *   exact_windows.c   windows that no order of a chain can widen
 *   exact_realise.c   from a complete label to a mapping
 *   exact_store.c     labels that are kept, and which comes next
 *   exact_start.c     mappings to begin with
 *   exact_climb.c     better ones near them
 *   exact_chains.c    the last phase
 *   exact.c           the phases, best-first search */

enum {
    STREAM_EXACT_MAX_ACC = 160,
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

typedef struct {
    const stream_mapping_problem *problem;
    const stream_exact_options *options;
    stream_lattice lattice;
    stream_mapping_objective objective;
    double latency_cap, energy_cap; /* for the tie-break; INFINITY otherwise */
    double near;                    /* 1 - gap */

    int32_t n_acc, n_bound; /* all; those with a cost to go */
    /* what dominance compares: room, stalls by cause, mean bits and what one of them costs to hide
     */
    int32_t n_used, used[STREAM_MAP_MAX_MEMORIES];
    int32_t n_stall, stall[STREAM_EXACT_MAX_ACC];
    int32_t n_necessary; /* see stream_exact_necessary */
    int32_t n_rate, rate[STREAM_EXACT_MAX_PORTS], rate_of[STREAM_EXACT_MAX_PORTS];
    double rate_cycles[STREAM_EXACT_MAX_PORTS];
    bool compares_energy, compares_latency;
    int32_t acc_low[STREAM_NEST_MAX_OPERANDS], acc_used[STREAM_MAP_MAX_MEMORIES];
    int32_t n_ports;
    const stream_map_port *port[STREAM_EXACT_MAX_PORTS];
    int32_t port_of[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS][STREAM_N_DIRECTIONS];
    int32_t shared_acc[STREAM_EXACT_MAX_PORTS]; /* first of N_PORT, -1: one user */
    int32_t tau_acc[STREAM_EXACT_MAX_PORTS];    /* first, one per input, -1: none */
    bool saturated[STREAM_EXACT_MAX_PORTS];     /* no mapping leaves time to hide anything there */
    double least_low[STREAM_NEST_MAX_OPERANDS]; /* least bits that bound the hiding of an operand */
    int32_t n_once[STREAM_NEST_MAX_OPERANDS];
    stream_once once_of[STREAM_NEST_MAX_OPERANDS][2 * STREAM_MAP_MAX_LEVELS];
    double once[STREAM_EXACT_MAX_PORTS]; /* cycles of transfers that may ever be hidden there */
    int32_t link[STREAM_NEST_MAX_OPERANDS]
                [STREAM_MAP_MAX_LEVELS]; /* LINK_* of link l of an input */
    double
        *least[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS]; /* cost to go [state * n_bound] */
    int32_t most_from, n_most; /* accumulators of `most`: those of ports; [state * n_most] */
    double *most[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS];

    double incumbent;   /* best value found, or the cutoff */
    double tried_value; /* best of all mappings priced, INFINITY: none; where local search begins */
    stream_temporal_mapping tried;
    stream_mapping_cost tried_cost;
    double unrealised; /* least relaxed value that no order attained */
    stream_exact_result *result;
    int64_t labels; /* that it may keep */
    int64_t labels_left, steps_left;
    bool stop, leaf_cut, tried_loma;
    bool windows; /* labels know what no order can widen */
    uint8_t *narrows[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS]; /* [state], for `windows` */

    struct stream_label_store *store;
} stream_exact;

/* Work is counted in steps of some 10 ns, so that the same input ends at the same place on every
 * machine: one for the necessary values of two labels; the rest of their comparison, the room and
 * bound of a successor, one evaluation. */
enum {
    STREAM_STEPS_COMPARE = 8,
    STREAM_STEPS_LABEL = 100,
    STREAM_STEPS_EVALUATION = 100,
    STREAM_STEPS_PER_LABEL = 700 /* what a search may use for each label that it may keep */
};

static inline void stream_exact_spend(stream_exact *x, int64_t steps) {
    x->steps_left -= steps;
    x->stop |= x->steps_left < 0;
}

/* exact_layout.c */
STREAM_NODISCARD
stream_status stream_exact_layout(stream_exact *x, const stream_diag *diag);

/* exact_to_go.c */
void stream_exact_cost_to_go(stream_exact *x, stream_arena *arena);

/* exact_bounds.c */
/* Adds boundary k of o, closed at `state`. At the full state transfers happen once and may hide:
 * with `bound` what cannot be hidden is added, without it only the energy. */
void stream_exact_add_boundary(const stream_exact *x, double *acc, int32_t o, int32_t k,
                               int32_t state, bool bound);
/* What windows of the period / run add to the stalls of that boundary, beyond whole periods. */
void stream_exact_narrow(const stream_exact *x, double *acc, int32_t o, int32_t k, int32_t state,
                         uint32_t run);
double stream_exact_latency(const stream_exact *x, const double *acc);
double stream_exact_value(const stream_exact *x, double latency, double energy);
double stream_exact_bound(const stream_exact *x, const stream_open_label *label);

/* exact_dominance.c */
/* Of a label [n_necessary]: none of its values is larger than the other's in a label that dominates
 * another. */
void stream_exact_necessary(const stream_exact *x, const double *acc, double *out);
/* Of two labels with one key: is no completion of a worse than the same completion of b, and the
 * other way round? */
void stream_exact_compare(const stream_exact *x, const stream_label *la, const double *a,
                          const stream_label *lb, const double *b, bool *ab, bool *ba);

/* exact_windows.c */
void stream_exact_find_windows(stream_exact *x, stream_arena *arena);
void stream_exact_window_add(const stream_exact *x, stream_label *label, int32_t kind);
void stream_exact_window_close(const stream_exact *x, stream_open_label *label, int32_t o);
/* Is no window of a narrower than the same of b, whatever follows? */
bool stream_exact_wider(const stream_exact *x, const stream_label *a, const stream_label *b);

/* exact_labels.c */
/* The least that memory m holds at the label's state or later. */
double stream_exact_held(const stream_exact *x, const stream_open_label *label, int32_t m);
bool stream_exact_room(const stream_exact *x, const stream_open_label *label);
bool stream_exact_close(const stream_exact *x, const stream_open_label *from, int32_t o,
                        stream_open_label *out);
/* Even mappings: takes the next cut of o here, if it may be: an operand that takes a loop into a
 * memory ends no later than the others there. True where mappings may be uneven. */
bool stream_exact_allocate_cut(const stream_exact *x, int32_t o, stream_label *at);
/* Allocates the next cut of o here; it is closed later. Only for even mappings. */
bool stream_exact_allocate(const stream_exact *x, const stream_open_label *from, int32_t o,
                           stream_open_label *out);
bool stream_exact_add(const stream_exact *x, const stream_open_label *from, int32_t kind,
                      stream_open_label *out);
void stream_exact_forget(const stream_exact *x, stream_open_label *label);

/* exact_final.c */
/* The value of a label at the full state, windows as wide as they can be; INFINITY: it does not
 * fit. */
double stream_exact_final(const stream_exact *x, const stream_open_label *label);

/* exact_realise.c */
/* Loops and cuts of a chain of actions, first action first; end[]: ends of the segments. */
void stream_exact_mapping(const stream_exact *x, const int32_t *actions, int32_t n,
                          stream_temporal_mapping *mapping, int32_t *end, int32_t *n_segments);
/* Looks for an order of the chain that attains `relaxed`; updates the incumbent. */
void stream_exact_realise(stream_exact *x, const int32_t *actions, int32_t n, double relaxed);
/* Prices a mapping with the evaluator and keeps it if it is better. Returns its value. */
double stream_exact_try(stream_exact *x, const stream_temporal_mapping *mapping);

/* exact_start.c: for the incumbent alone, nothing is proven. */
/* From an open label always on to the successor of least bound. */
void stream_exact_dive(stream_exact *x, int32_t id);
/* The mapping that holds the least, if `root` leads to one: what fits if anything does. */
void stream_exact_descend(stream_exact *x, const stream_open_label *root);
/* The best of up to a thousand orders of ZigZag's search; once per search. */
void stream_exact_try_loma(stream_exact *x);

/* exact_climb.c: a better mapping near the best one; `again` and again, as long as work is left. */
void stream_exact_climb(stream_exact *x, bool again);

/* exact_chains.c */
void stream_exact_chains(stream_exact *x, const stream_open_label *root);

#endif
