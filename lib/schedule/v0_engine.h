#ifndef STREAM_LIB_SCHEDULE_V0_ENGINE_H
#define STREAM_LIB_SCHEDULE_V0_ENGINE_H

#include "stream/schedule/coala_v0.h"
#include "stream/support/vec.h"

#include "v0_curve.h"

#include <stdio.h>

/* The state of one run of the compatible mode. Section numbers in the files are those of the
 * published description: P preparation, 1 to 10 main loop, a to g fetch.
 *
 *   tensor   one operand of one CT: the output of CT i is i, constant k is n_cts + k
 *   data     what a tensor holds: constants of several CTs may be the same data. Memories find what
 *            they hold by data, but rank it by the tensor under which it was stored first
 *   copy     one data in one memory */

typedef struct {
    int64_t bits;
    int32_t data;
    int32_t first_use; /* uses[first_use .. next tensor's first_use) */
    int64_t uses_left;
    uint8_t operand; /* stream_operand_class */
} v0_tensor;

/* How many CTs on a core still need a tensor. */
typedef struct {
    int32_t core;
    int64_t left;
} v0_use;

/* A tensor that a CT reads. */
typedef struct {
    int32_t tensor;
    uint8_t operand; /* of the reading CT; picks the memory */
} v0_need;

typedef struct {
    int32_t tensor, memory;
    double since;           /* complete from then on */
    int32_t previous, next; /* in the memory, in the order in which they came */
    int32_t other;          /* next copy of the same data, in order of memories */
} v0_copy;

typedef struct {
    int32_t first, last; /* copies */
    int64_t bits;        /* of all copies */
    int32_t core;        /* the first that sees it */
    v0_curve curve;
} v0_storage;

typedef struct {
    double pe; /* end of the last producer */
    int32_t ct;
} v0_candidate;

typedef struct {
    int64_t weight; /* uses left x bits */
    int64_t bits;
    int32_t order, copy;
} v0_victim;

typedef struct {
    const stream_coala_v0_problem *p;
    const stream_coala_v0_hardware *hw;
    const stream_diag *diag;
    /* from v0_tables.c, not changed but for what is left of uses */
    v0_tensor *tensors; /* [n_tensors + 1] */
    int32_t n_tensors;
    v0_use *uses;
    v0_need *needs;                        /* per CT, as they are fetched */
    int32_t *need_first;                   /* [n_cts + 1] */
    int32_t *successors, *successor_first; /* [n_cts + 1] */
    int32_t *missing;                      /* [n_cts] producers not placed */
    bool *sink;                            /* [n_cts] in a layer of which nothing is read */
    /* what changes */
    double *link_free; /* [n_links] */
    double *core_free; /* [n_cores] */
    double *ready;     /* [n_cts] end of the last producer placed */
    double *start, *end;
    v0_curve_pool curves;
    v0_storage *storages; /* [n_memories] */
    int32_t *copy_of;     /* [n_data] first copy, -1 */
    stream_vec copies;    /* v0_copy */
    int32_t free_copy;    /* list through `other`, -1 */
    int32_t *needed_by;   /* [n_tensors] the CT for which it is protected from eviction */
    int32_t *blocked;     /* [n_links] scratch: links that one CT blocks */
    int32_t ct;           /* being placed; -1: preparation, nothing is protected */
    v0_candidate *candidates;
    int32_t n_candidates;
    stream_vec victims;    /* v0_victim, a heap */
    stream_vec activities; /* stream_coala_v0_activity */
    stream_coala_v0_energy energy;
} v0_run;

typedef struct {
    double link, memory; /* pJ */
} v0_energy;

static inline bool v0_streams(const stream_coala_v0_ct *ct, uint8_t operand) {
    for (uint8_t i = 0; i < ct->n_too_large; ++i)
        if (ct->too_large[i] == operand)
            return true;
    return false;
}

/* What is being placed, for messages. */
typedef struct {
    char text[24];
} v0_name;

static inline v0_name v0_now(const v0_run *r) {
    v0_name name = {"the preparation"};
    if (r->ct >= 0)
        snprintf(name.text, sizeof name.text, "CT %d", r->ct);
    return name;
}

static inline double v0_later(double a, double b) {
    return a > b ? a : b;
}

#define V0_COPY(run, id) (STREAM_AT(v0_copy, (run)->copies, id))

static inline int32_t v0_memory(const v0_run *r, int32_t core, uint8_t operand) {
    return r->hw->memory_of[core * STREAM_N_OPERANDS + operand];
}

/* v0_check.c: what the header promises about a problem. */
stream_status stream_v0_check(const stream_coala_v0_problem *p, const stream_diag *diag);

/* v0_tables.c: fills the tables of `run` for a checked problem; all in `arena`. */
stream_status stream_v0_tables(v0_run *run, stream_arena *arena);

/* v0_memory.c. The copy of `data` in a memory, and in any; -1: there is none. */
int32_t stream_v0_copy_in(const v0_run *run, int32_t data, int32_t memory);

/* Stores a tensor in the memory of `operand` of a core: reserved from *time, complete at
 * `complete`. What is in the way leaves first and moves both times. protect: not what the current
 * CT reads. */
stream_status stream_v0_add(v0_run *run, int32_t tensor, int32_t core, uint8_t operand,
                            double complete, bool protect, double *time, v0_energy *evictions);

/* Removes the data of a tensor from a memory at *time, or at the end of the write-back off-chip
 * that comes first if the data is not there. `tensor` is billed and named as what moves. */
stream_status stream_v0_remove(v0_run *run, int32_t tensor, int32_t core, int32_t memory,
                               bool write_back, double *time, v0_energy *energy);

/* v0_transfer.c. Moves a tensor at `time` or later; ends when the last link does. */
stream_status stream_v0_transfer(v0_run *run, int32_t tensor, int32_t from, int32_t to,
                                 uint8_t operand, double time, double *out_start, double *out_end,
                                 v0_energy *energy);

/* Brings a tensor to the memory of `operand` of a core, if it is not there, at the end of *time or
 * as soon as it can: *time becomes the end if that is later. */
stream_status stream_v0_fetch(v0_run *run, int32_t tensor, int32_t core, uint8_t operand,
                              bool protect, double *time);

#endif
