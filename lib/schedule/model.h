#ifndef STREAM_LIB_SCHEDULE_MODEL_H
#define STREAM_LIB_SCHEDULE_MODEL_H

#include "stream/hardware/route.h"
#include "stream/schedule/demands.h"

#include <assert.h>

/* What a schedule needs to know of graph and accelerator, whatever the assignment: built once, read
 * by every evaluation (and by several threads).
 *
 * A datum is one version of stored data: what a CT wrote (datum id = CT id), or an input or
 * constant (datum id = n_cts + tensor id). A need is one CT reading a box of one datum. Equal boxes
 * of a datum are one group, so that 1000 CTs that read the same weights are one entry. */

/* CTs and data have ids of so many bits. */
#define STREAM_ID_BITS 28
#define STREAM_ID_MASK ((UINT32_C(1) << STREAM_ID_BITS) - 1)

typedef struct {
    uint32_t datum : STREAM_ID_BITS;
    uint32_t operand : 2;
    uint32_t
        accumulates : 1;  /* the last version of the box that the CT writes, taken over in place */
    uint32_t counted : 1; /* its group has a counter */
} need;

/* The same, seen from the group. */
typedef struct {
    uint32_t ct : STREAM_ID_BITS;
    uint32_t operand : 2;
    uint32_t accumulates : 1;
} need_user;

static_assert(STREAM_N_OPERANDS <= 4 && sizeof(need) == 4 && sizeof(need_user) == 4,
              "there are many needs");

typedef struct {
    int32_t datum;
    stream_box box;
} need_group;

/* The needs of a group: apart, for those of many groups are counted one after the other. */
typedef struct {
    int32_t
        first; /* model->users: CTs, ascending; the last is before the first of the next group */
    int32_t counter; /* row of the engine's use counters; -1: few users, count them */
} group_users;

/* Groups of more than this are searched by bisection. */
#define STREAM_FEW_GROUPS 8

/* The axes along which the groups of a datum are most spread, and the longest group along each;
 * INT32_MAX: they are not spread there. */
typedef struct {
    int8_t axis[2];
    int32_t size[2];
    int32_t cell[2];   /* the sides of cells, see nearby.c: about from one group to the next */
    int32_t row, last; /* groups of one place along the first axis, about; the last such place */
    int32_t first_key; /* of model->group_keys; -1: the datum has few groups */
    bool is_plane;     /* along all other axes the groups, which are not few, are one */
} datum_axes;

/* Where the box of a group ends along the axes. */
typedef struct {
    int32_t end[2];
} group_ends;

/* What a kernel streams while it runs on a core; see model_streams.c. */
typedef struct {
    uint8_t operands; /* bit per stream_operand_class; 0: nothing, and the rest is 0 */
    bool no_route;    /* to or from off-chip */
    int32_t first_demand, n_demands;
    int64_t read_bits, write_bits;
    int64_t link_fj, offchip_fj;
    int64_t buffer_bits[STREAM_N_OPERANDS]; /* held in the operand's top memory, in whole words */
} kernel_streams;

/* What is asked of a CT when it is placed, side by side: a stream_ct takes three lines of a cache.
 */
typedef struct {
    int32_t kernel, layer, stack;
    uint32_t tensor : STREAM_ID_BITS;
    uint32_t accumulates : 1;
    int64_t bits; /* that it writes */
    int64_t tail; /* longest path of least cycles from its end on */
} ct_facts;

static_assert(sizeof(ct_facts) == 32, "half a line");

struct stream_schedule_model {
    const stream_accelerator *acc;
    const stream_ct_graph *graph;
    const int64_t *cycles, *energy_fj; /* as in the problem */
    int32_t n_data;
    const ct_facts *facts; /* [n_cts] */

    const int32_t *need_first; /* [n_cts + 1] */
    const need *needs;         /* by CT */
    const int32_t *group_of;   /* [n_needs] their groups: apart, for where data is few ask */
    int32_t n_needs;
    const int32_t *group_first;  /* [n_data + 1] */
    const need_group *groups;    /* by datum, then as model_search.c says */
    const group_users *of_group; /* [n_groups + 1] */
    int32_t n_groups;
    const int64_t *group_keys; /* ascending within a datum: stream_schedule_group_key */
    const group_ends *ends;    /* of those that have keys */
    const datum_axes *axes;    /* [n_data] */
    const need_user *users;    /* [n_needs] by group */
    int32_t n_counters;
    const int32_t *counter_group; /* [n_counters] */
    const int32_t *uses;          /* [n_data] needs of the datum */
    const int32_t *next_version;  /* [n_cts] the CT that accumulates onto this one, or -1 */
    const bool *is_output;        /* [n_data] some of it must be off-chip at the end */
    const int32_t *ahead;         /* [n_cts] rank by the longest tail, then the lowest stack */
    const int32_t *demand;        /* [n_cts] place of the CT in its stack's order of demand */

    const kernel_streams *streams;            /* [n_kernels * n_cores]; NULL: nothing is streamed */
    const stream_demand *demands;             /* of all streams of a CT together (rule R9) */
    const stream_price_stream *stream_prices; /* as in the problem */
    const stream_route *
        *stream_routes; /* [(core * STREAM_N_OPERANDS + operand) * 2 + write] between
                           off-chip memory and the core's top memory; NULL: no way */

    const int32_t *ports; /* [(instance * STREAM_N_OPERANDS + operand) * 2 + write] resource ids */
    const bool *is_ample; /* [n_resources] ample.c */
};

typedef struct stream_schedule_model model;

/* demand.c: for each CT its place in the order in which the ends of the stacks demand CTs.
 * O(CTs + edges). */
const int32_t *stream_schedule_demand(const stream_ct_graph *g, stream_arena *arena);

/* model_needs.c: needs and all that comes from them; needs next_version.
 * errs  LIMIT: more than STREAM_CT_GRAPH_MOST_PIECES needs */
STREAM_NODISCARD
stream_status stream_schedule_model_needs(model *m, stream_arena *arena, const stream_diag *diag);

/* model_search.c */

/* The groups of a datum that may overlap a box. */
typedef struct {
    const int64_t *keys;    /* of the groups of the datum, which are counted from `first` */
    const group_ends *ends; /* likewise; NULL: they are few */
    int32_t first;
    int32_t at, end;               /* the rest of the current run */
    int32_t length, before, found; /* of the last run: groups in all, before `from`, and from it */
    int32_t run, last;             /* the runs behind it */
    int64_t from;                  /* where they begin along the second axis, */
    int64_t to[2];                 /* and before what along both */
    int32_t lo[2];                 /* the box begins there */
    bool is_exact;                 /* all that are found overlap it */
} group_search;

int64_t stream_schedule_group_key(const datum_axes *axes, const stream_box *box);
group_ends stream_schedule_group_ends(const datum_axes *axes, const stream_box *box);
group_search stream_schedule_model_find(const model *m, int32_t datum, const stream_box *box);
/* The next one; -1: there are no more. Those that overlap are among them. */
int32_t stream_schedule_model_next(group_search *s);
/* The group of that very box; -1: there is none. O(log groups) */
int32_t stream_schedule_model_group(const model *m, int32_t datum, const stream_box *box);
/* By each dimension's place and size. */
int stream_schedule_compare_boxes(const stream_box *a, const stream_box *b);

/* A need of the CT. */
static inline need_user stream_schedule_user(const need *n, int32_t ct) {
    return (need_user){(uint32_t)ct & STREAM_ID_MASK, n->operand, n->accumulates};
}

/* [n_cts] the CT that accumulates onto each, or -1. O(edges) */
int32_t *stream_schedule_next_versions(const stream_ct_graph *g, stream_arena *arena);

/* The most needs that one CT has. */
int32_t stream_schedule_model_most_needs(const model *m);

static inline int32_t datum_tensor(const model *m, int32_t datum) {
    return datum < m->graph->n_cts ? m->facts[datum].tensor : datum - m->graph->n_cts;
}

static inline int32_t instance_of(const model *m, int32_t core, uint8_t operand) {
    return m->acc->top[core * STREAM_N_OPERANDS + operand];
}

static inline const kernel_streams *streams_of(const model *m, int32_t ct, int32_t core) {
    return m->streams ? &m->streams[(int64_t)m->facts[ct].kernel * m->acc->n_cores + core] : NULL;
}

static inline bool is_streamed(const model *m, int32_t ct, int32_t core, uint8_t operand) {
    const kernel_streams *s = streams_of(m, ct, core);
    return s && s->operands >> operand & 1;
}

/* Where a CT finds (and leaves) an operand: its core's top memory, or off-chip. */
static inline int32_t place_of(const model *m, int32_t ct, int32_t core, uint8_t operand) {
    return is_streamed(m, ct, core, operand) ? m->acc->offchip_instance
                                             : instance_of(m, core, operand);
}

static inline int32_t port_of(const model *m, int32_t instance, uint8_t operand, bool write) {
    return m->ports[(instance * STREAM_N_OPERANDS + operand) * 2 + write];
}

/* The way of a streamed operand. Where the two memories are one, it has no links. */
static inline const stream_route *stream_route_of(const model *m, int32_t core, uint8_t operand,
                                                  bool write) {
    return m->stream_routes[(core * STREAM_N_OPERANDS + operand) * 2 + write];
}

/* The group of a need of the model. */
static inline int32_t group_of(const model *m, const need *n) {
    return m->group_of[n - m->needs];
}

static inline const stream_box *need_box(const model *m, const need *n) {
    return &m->groups[group_of(m, n)].box;
}

/* A need is compared with so many needs of its datum, the first ones of the CT. */
#define STREAM_MOST_COMPARED_NEEDS 64

/* Of two needs of one datum: are all elements of the one, and more, read by the other? */
static inline bool need_is_within(const model *m, const need *one, const need *other) {
    return group_of(m, one) != group_of(m, other) && !other->accumulates &&
           stream_box_contains(need_box(m, other), need_box(m, one));
}

/* ample.c */

/* [n_resources] What needs no profile: ports that can take all that the links to their memory can
 * bring at once. Needs ports. O(resources + ends of links) */
const bool *stream_schedule_ample(const model *m, stream_arena *arena);

/* model_streams.c */

/* Fills streams, demands and stream_routes; needs ports.
 *
 * errs  INVALID: a price whose rates do not move its bits in its cycles */
stream_status stream_schedule_model_streams(model *m, const stream_schedule_problem *p,
                                            stream_arena *arena, const stream_diag *diag);
#endif
