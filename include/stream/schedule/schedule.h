#ifndef STREAM_SCHEDULE_SCHEDULE_H
#define STREAM_SCHEDULE_SCHEDULE_H

#include "stream/hardware/accelerator.h"
#include "stream/tile/graph.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A finished schedule: when and where every CT runs, every transfer, every address. The rules R1 to
 * R12 that it obeys are in docs/schedule-model.md. Times are cycles, intervals [start, end);
 * addresses and sizes are bits. */

/* A buffer is a box of a tensor in one memory instance at one address over [start, until). It is
 * complete from the end of the event that wrote it. CTs and transfers create buffers; inputs and
 * constants have one from time 0. */
typedef struct {
    int32_t core;
    int64_t start, end;
    int64_t address; /* of the output box in the core's O memory */
    int64_t until; /* the output buffer is dropped; an accumulating successor that takes it over in
                      place starts its own buffer at the same address then */
} stream_ct_slot;

typedef struct {
    int32_t instance;
    int64_t address;
    int64_t until;
} stream_transfer_target;

typedef struct {
    int32_t tensor;
    stream_box box;
    int32_t writer; /* CT whose version of the box it is (the last writer), -1: input/constant */
    int32_t source; /* instance */
    int64_t source_address; /* of the buffer that contains the box (not of the box in it) */
    uint8_t source_operand, target_operand; /* stream_operand_class: which ports carry it */
    const stream_transfer_target *targets;
    int32_t n_targets;        /* >= 1 */
    const int32_t *resources; /* links of the route or multicast tree, resource ids, each once */
    int32_t n_resources;
    int64_t rate_bits;      /* [bit/cycle] on every resource, and on the ports at both ends */
    int64_t latency_cycles; /* hops: end = start + ceil(bits / rate) + latency */
    int64_t start, end;
} stream_transfer;

/* Data on its way between off-chip memory and a core, at one rate over all of a CT's [start, end):
 * on every resource of the route, and on the off-chip port that carries the operand. */
typedef struct {
    const int32_t *resources; /* links of the route, resource ids in hop order */
    int32_t n_resources;
    int64_t rate_bits; /* [bit/cycle]; 0: nothing goes this way */
} stream_flow;

/* An operand class that a CT streams (rule R9): it reads it straight from off-chip memory, or
 * writes it there, while it runs. */
typedef struct {
    int32_t ct;
    uint8_t operand; /* stream_operand_class */
    int64_t address; /* in the core's top memory of the operand: of the buffer through which parts
                        of it pass, held over [start, end); 0 if the price asks for none */
    stream_flow read, write;
} stream_ct_stream;

/* An input or constant in off-chip memory from time 0. */
typedef struct {
    int32_t tensor;
    int64_t address;
    int64_t until;
} stream_resident;

typedef enum {
    STREAM_BOUND_COMPUTE,
    STREAM_BOUND_OFFCHIP,
    STREAM_BOUND_CRITICAL_PATH,
    STREAM_BOUND_LINK,
    STREAM_BOUND_ASSIGNMENT, /* of CTs to cores, as a linear program */
    STREAM_BOUND_NETWORK     /* links between memories, and ports of those of cores */
} stream_bound_kind;

typedef struct {
    int64_t latency_cycles;
    int64_t energy_fj; /* the sum of: */
    int64_t compute_energy_fj, link_energy_fj, memory_energy_fj, static_energy_fj;
    /* parts of these: of compute, of memory, and of links and memories; see energy.h */
    int64_t mac_energy_fj, offchip_energy_fj, eviction_energy_fj;
    double edp;                 /* pJ * cycles */
    int64_t lower_bound_cycles; /* over all allowed assignments, not only this one */
    stream_bound_kind bound_kind;
    int64_t energy_bound_fj; /* over all of them, too; see stream_schedule_energy_bound */
    int64_t offchip_read_bits, offchip_write_bits;
    const int64_t *busy_cycles; /* [n_cores] */
    const int64_t *peak_bits;   /* [n_instances] */
} stream_schedule_summary;

typedef struct {
    const stream_ct_slot *slots;      /* [n_cts] */
    const stream_transfer *transfers; /* by start, then id */
    int32_t n_transfers;
    const stream_ct_stream *streams; /* by CT, then operand class */
    int32_t n_streams;
    const stream_resident *residents;
    int32_t n_residents;
    stream_schedule_summary summary;
} stream_schedule;

/* What makes up the energy of each price; see stream/schedule/energy.h. */
typedef struct {
    const int64_t *mac_fj;      /* [n_kernels * n_cores] */
    const int32_t *level_first; /* [n_cores + 1] core c has levels [first, next): its memories */
    const int64_t *levels_fj;   /* [kernel * level_first[n_cores] + level] */
} stream_price_parts;

/* What one run of a kernel exchanges with off-chip memory, of one streamed operand class. Partial
 * sums that come back are reads of O. */
typedef struct {
    int64_t read_bits, write_bits;
    int64_t read_rate, write_rate; /* [bit/cycle] at least bits / cycles */
    int64_t offchip_fj;  /* accesses of the off-chip memory: no part of the kernel's energy_fj */
    int64_t buffer_bits; /* of the core's top memory, for the parts that pass, at most
                            STREAM_MOST_BUFFER_BITS; 0: none */
} stream_price_stream;

/* So that those of all operands, in whole words, add up to less than 63 bits. */
#define STREAM_MOST_BUFFER_BITS (INT64_C(1) << 60)

/* The streamed operands of prices (rule R9 of docs/schedule-model.md). */
typedef struct {
    const uint8_t *operands;       /* [n_kernels * n_cores] bit per stream_operand_class */
    const stream_price_stream *of; /* [(kernel * n_cores + core) * STREAM_N_OPERANDS + class] */
} stream_price_streams;

/* What is to be scheduled. */
typedef struct {
    const stream_accelerator *acc;
    const stream_ct_graph *graph;
    const int64_t *cycles;    /* [n_kernels * n_cores], -1: that core cannot run it */
    const int64_t *energy_fj; /* [n_kernels * n_cores] */
    const int32_t *cores;     /* [n_cts] the assignment */
    const int32_t *order;     /* [n_cts] of STREAM_PRIORITY_GIVEN: CTs, first to last; else NULL */
    const stream_price_parts *parts;     /* NULL: not known */
    const stream_price_streams *streams; /* NULL: nothing is streamed */
    bool much_slack;                     /* as in stream_schedule_request */
} stream_schedule_problem;

/* Operand classes that a CT of the kernel streams on the core, as bits. */
static inline uint8_t stream_schedule_streamed(const stream_schedule_problem *p, int32_t kernel,
                                               int32_t core) {
    return p->streams ? p->streams->operands[(int64_t)kernel * p->acc->n_cores + core] : 0;
}

/* The instance in which a CT of the kernel on the core finds or leaves operand class `o`; -1: the
 * core has none. */
static inline int32_t stream_schedule_instance(const stream_schedule_problem *p, int32_t kernel,
                                               int32_t core, int32_t o) {
    return stream_schedule_streamed(p, kernel, core) >> o & 1
               ? p->acc->offchip_instance
               : p->acc->top[core * STREAM_N_OPERANDS + o];
}

/* Which CT is placed next, of those whose producers are placed. Names: schedule/policy.h. */
typedef enum {
    STREAM_PRIORITY_LATENCY, /* the CT that can start first */
    STREAM_PRIORITY_MEMORY,  /* the deepest layer first: consumes data soon, holds little */
    STREAM_PRIORITY_AHEAD,  /* the longest way to the end first while memory lasts; then the deepest
                             */
    STREAM_PRIORITY_DEMAND, /* what the end of the stack demands first: what is made is used soon */
    STREAM_PRIORITY_GIVEN   /* the caller's order, kept as it is; refused if a CT stands before one
                               that it depends on */
} stream_priority;

/* Schedules every CT and transfer. Event-driven list scheduling with exact bandwidth, capacity and
 * addresses; data that does not fit is evicted, written back if it is the last copy, and fetched
 * again. Deterministic. Near O((CTs + transfers) log(live buffers per memory)).
 *
 * errs  INFEASIBLE: a CT's boxes that are not streamed do not fit its memories, naming memory,
 * boxes and capacity; a link that has not the rate of what a CT streams; off-chip memory is full; a
 * memory that no link joins to off-chip INVALID: a CT without a core that has a price for it; times
 * that leave 61 bits; an order that is no order of the CTs, or in which a CT stands before one that
 * it depends on */
STREAM_NODISCARD
stream_status stream_schedule_build(const stream_schedule_problem *problem,
                                    stream_priority priority, stream_arena *arena,
                                    const stream_diag *diag, stream_schedule *out);

/* What does not depend on the assignment, for many evaluations: read-only afterwards, so threads
 * share it. Keeps the problem's graph, accelerator and prices; problem->cores is not read.
 * In `arena`. errs  INVALID; LIMIT: CTs read more than STREAM_CT_GRAPH_MOST_PIECES pieces of data
 */
typedef struct stream_schedule_model stream_schedule_model;
STREAM_NODISCARD
stream_status stream_schedule_model_build(const stream_schedule_problem *problem,
                                          stream_arena *arena, const stream_diag *diag,
                                          const stream_schedule_model **out);

/* stream_schedule_build with the problem's model, which lives as long as the schedule. */
STREAM_NODISCARD
stream_status stream_schedule_build_with(const stream_schedule_problem *problem,
                                         const stream_schedule_model *model,
                                         stream_priority priority, stream_arena *arena,
                                         const stream_diag *diag, stream_schedule *out);

/* The memory of one run after another; one per thread. Keeps the model. Owner destroys it. */
typedef struct stream_schedule_workspace stream_schedule_workspace;
stream_schedule_workspace *stream_schedule_workspace_create(const stream_schedule_model *model);
void stream_schedule_workspace_destroy(stream_schedule_workspace *workspace); /* NULL is fine */

typedef struct {
    int64_t latency_cycles, energy_fj;
    int64_t offchip_read_bits, offchip_write_bits;
    int32_t transfers;
    int32_t rooms;      /* that were made by evictions, */
    int32_t fragmented; /* of them while as many bits were free, but not side by side */
    bool complete; /* false: no schedule within the cutoff; the rest is of the CTs placed so far */
} stream_schedule_score;

typedef struct stream_schedule_request {
    const int32_t *cores; /* [n_cts], borrowed */
    const int32_t *order; /* [n_cts], borrowed, of STREAM_PRIORITY_GIVEN; else NULL */
    stream_priority priority;
    int64_t cutoff; /* gives up (OK, not complete) when the latency cannot but exceed it; INT64_MAX:
                       never */
    bool resume;    /* keeps states of this run, and goes on from one of the last run (of this
                       workspace, with `resume`) up to which nothing has changed. The result is the
                       same, bit for bit */
    bool without_addresses; /* memories hold what fits them in all, wherever it lies: faster, and
                               not the score of a schedule where memory is scarce; see
                               docs/schedule-policies.md */
    bool much_slack; /* a transfer over links of long latency may take half of that latency longer
                        than it could, and so less of the links; else an eighth */
} stream_schedule_request;

/* The same schedule as `build`, but only its score: no event is stored, nothing is allocated once
 * the workspace has grown.
 *
 * errs  as `build`; diag may be NULL */
STREAM_NODISCARD
stream_status stream_schedule_evaluate(stream_schedule_workspace *workspace,
                                       const stream_schedule_request *request,
                                       const stream_diag *diag, stream_schedule_score *out);

/* The CTs in the order in which the last run placed them, and how many it placed: a legal order,
 * but as a given one it need not make the same schedule again where memories are small: what is
 * needed next is told by a given order itself, else by that of the program. Dies with the next run.
 */
const int32_t *stream_schedule_placed(const stream_schedule_workspace *workspace, int32_t *out_n);

/* All CTs in the order of their starts in the last run, which was complete: a legal order, in which
 * what starts first books its transfers first. order [n_cts]; arena: scratch. O(n log n) */
void stream_schedule_by_start(const stream_schedule_workspace *workspace, stream_arena *arena,
                              int32_t *order);
/* The same in the order in which all that they depend on had ended: legal, too. */
void stream_schedule_by_data(const stream_schedule_workspace *workspace, stream_arena *arena,
                             int32_t *order);

/* CTs of the last run that were not placed again, but taken from a state of the run before. */
int32_t stream_schedule_resumed(const stream_schedule_workspace *workspace);

/* A bound that no schedule of the problem's graph on its accelerator can beat, over all assignments
 * of CTs to cores that are allowed. cores != NULL, and all of them exist: over schedules of that
 * assignment alone; it is at least the bound without, which is found as well. The largest of the
 * bounds of lib/schedule/bound.c, where each is proven. 0: the cycles of the CTs do not fit 60
 * bits, and no schedule is made. Near O(CTs + edges + cells of what is read), and bounded work for
 * assignments and flows. */
int64_t stream_schedule_lower_bound(const stream_schedule_problem *problem,
                                    stream_bound_kind *out_kind);

/* A bound on the energy [fJ] in the same sense: every CT on its cheapest core, the off-chip
 * traffic and that between cores without a common memory that no schedule avoids, over the cheapest
 * links and ports, and the static energy of all cores up to the bound on the latency; proven in
 * lib/schedule/bound_energy.c. INT64_MAX: beyond 63 bits. */
int64_t stream_schedule_energy_bound(const stream_schedule_problem *problem);

#ifdef __cplusplus
}
#endif

#endif
