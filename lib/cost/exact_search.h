#ifndef STREAM_LIB_COST_EXACT_SEARCH_H
#define STREAM_LIB_COST_EXACT_SEARCH_H

#include "exact_label.h"

/* State of one exact search, shared by its parts:
 *   exact_layout.c    accumulators
 *   exact_bounds.c    what a boundary adds to them; bounds
 *   exact_to_go.c     costs to go
 *   exact_live.c      what no mapping of little enough energy passes
 *   exact_split.c     bounds by which transfers happen once
 *   exact_dominance.c which labels cannot lead to anything better than others
 *   exact_labels.c    labels: room, what can be forgotten; successors
 *   exact_final.c     complete labels
 *   exact_windows.c   windows that no order of a chain can widen
 *   exact_realise.c   from a complete label to a mapping
 *   exact_store.c     labels that are kept, and which comes next
 *   exact_start.c     mappings to begin with
 *   exact_climb.c     better ones near them
 *   exact_chains.c    the last phase
 *   exact_best_first.c  labels, best bound first
 *   exact.c           the phases */

/* A bound that costs more is used while it is found to be better often enough. */
typedef struct {
    bool built, used;
    int32_t tried, helped;
} stream_exact_use;

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
    int32_t n_shared, shared_port[STREAM_EXACT_MAX_PORTS]; /* those with several users */
    int32_t shared_acc[STREAM_EXACT_MAX_PORTS];            /* first of N_PORT, -1: one user */
    /* first, of n_tau, -1: none: one per input, and one for all together if there are several */
    int32_t n_tau, tau_acc[STREAM_EXACT_MAX_PORTS];
    bool saturated[STREAM_EXACT_MAX_PORTS];     /* no mapping leaves time to hide anything there */
    double least_low[STREAM_NEST_MAX_OPERANDS]; /* least bits that bound the hiding of an operand */
    int32_t n_once[STREAM_NEST_MAX_OPERANDS];
    stream_once once_of[STREAM_NEST_MAX_OPERANDS][2 * STREAM_MAP_MAX_LEVELS];
    double once[STREAM_EXACT_MAX_PORTS]; /* cycles of transfers that may ever be hidden there */
    int32_t link[STREAM_NEST_MAX_OPERANDS]
                [STREAM_MAP_MAX_LEVELS]; /* LINK_* of link l of an input */
    int32_t n_rows, *row; /* [state] of the tables below; -1: nothing good enough passes */
    double *least[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS]; /* cost to go [row * n_bound] */
    /* [state] the tables have no entry: nothing good enough leads there. NULL: all have one */
    uint8_t *dead[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS];
    int32_t most_from, n_most; /* accumulators of `most`: those of ports; [row * n_most] */
    double *most[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS];
    /* as `least`, by where the last cut lies, and by the kind of the outermost loop with the last
     * cut below the full state */
    double *split[STREAM_N_LAST][STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS];
    double *under[STREAM_EXACT_MAX_KINDS][STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS];
    stream_exact_use by_cuts, by_loop, by_energy;
    double energy_limit; /* of stream_exact_limit_energy */
    uint32_t likely;     /* the combination of last cuts that decided the bound before */
    int32_t n_last;      /* ports of once_of[] with boundaries at last cuts */
    int32_t last_port[STREAM_EXACT_MAX_PORTS];
    double
        most_low[STREAM_NEST_MAX_OPERANDS]; /* largest bits that bound the hiding of an operand */

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
 * bound of a successor, its bound once more for a combination of last cuts; one evaluation. */
enum {
    STREAM_STEPS_COMPARE = 8,
    STREAM_STEPS_COMBINATION = 16,
    STREAM_STEPS_LABEL = 100,
    STREAM_STEPS_EVALUATION = 100,
    STREAM_STEPS_PER_LABEL = 700 /* what a search may use for each label that it may keep */
};

/* fmax and fmin are calls. */
static inline double larger(double a, double b) {
    return a > b ? a : b;
}
static inline double smaller(double a, double b) {
    return a < b ? a : b;
}

static inline void stream_exact_spend(stream_exact *x, int64_t steps) {
    x->steps_left -= steps;
    x->stop |= x->steps_left < 0;
}

/* exact_layout.c */
STREAM_NODISCARD
stream_status stream_exact_layout(stream_exact *x, const stream_diag *diag);

/* exact_live.c */
/* EDP: a mapping that is better than the incumbent takes less energy than that over the least
 * latency of all. Finds what is dead then, and the costs to go again; false: not much. */
bool stream_exact_limit_energy(stream_exact *x, stream_arena *arena, const stream_open_label *root);
/* A row of the tables for every state. */
void stream_exact_number_rows(stream_exact *x, stream_arena *arena);
/* Finds the states, loops and cuts of which every mapping takes more energy than `limit`. Needs
 * energies to go. */
void stream_exact_find_dead(stream_exact *x, stream_arena *arena, double limit);
/* Where the values of a live state begin in a table with n of them. */
static inline size_t stream_exact_row(const stream_exact *x, int32_t state, int32_t n) {
    return (size_t)x->row[state] * (size_t)n;
}
static inline bool stream_exact_is_dead(const stream_exact *x, int32_t o, int32_t c, int32_t s) {
    return x->dead[o][c] && x->dead[o][c][s];
}

/* exact_to_go.c */
void stream_exact_cost_to_go(stream_exact *x, stream_arena *arena);
/* Costs to go of operand o, [levels], with its last cut there and, unless -1, the outermost loop of
 * that kind; of the link of a last cut at the full state only the energy and the port time. After
 * stream_exact_cost_to_go. */
void stream_exact_cost_to_last(stream_exact *x, stream_arena *arena, int32_t o,
                               stream_last_cut last, int32_t outermost, double **table);

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

/* exact_split.c */
/* Bounds by where the last cuts lie; then also by the kind of the outermost loop. */
void stream_exact_split_by_cuts(stream_exact *x, stream_arena *arena);
void stream_exact_split_by_loop(stream_exact *x, stream_arena *arena);
/* The best bound that is in use; the same where the simple one is known. */
double stream_exact_best_bound(stream_exact *x, const stream_open_label *label);
double stream_exact_better_bound(stream_exact *x, const stream_open_label *label, double bound);

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

/* exact_best_first.c */
/* Steps that costs to go of that many values take. */
int64_t stream_exact_table_steps(const stream_exact *x, int64_t values);
/* From the root; returns the least bound that is left: of what is still open, or of what no order
 * attained; INFINITY if nothing is. */
double stream_exact_best_first(stream_exact *x, stream_arena *arena, const stream_open_label *root);

/* exact_chains.c */
void stream_exact_chains(stream_exact *x, const stream_open_label *root);

#endif
