#ifndef STREAM_CHECK_CONTEXT_H
#define STREAM_CHECK_CONTEXT_H

#include "stream/check/check.h"
#include "stream/support/range_tree.h"
#include "stream/support/sort.h"
#include "stream/support/vec.h"

/* What every family of rules reads: the problem, the schedule, and the list of buffers rebuilt from
 * it. A family is one function check_<family>(c); it reports and counts, and never stops another.
 */

typedef enum {
    CHECK_RESIDENT,
    CHECK_TRANSFER,
    CHECK_CT,
    CHECK_STREAM /* of a CT: parts of a streamed operand pass through it; nothing reads it */
} check_origin;

/* A box of one version of a tensor in a memory. It may be read over [complete, until). */
typedef struct {
    int32_t tensor, writer, instance;
    stream_box box;
    int64_t address;
    int64_t bits; /* rounded up to words of the instance */
    int64_t start, complete, until;
    check_origin origin; /* the event that made it */
    int32_t event;
} check_buffer;

/* Boxes of a tensor that are written as one. Distinct cells are disjoint. */
typedef struct {
    stream_box box;
    int32_t first_writer, n_writers; /* into check_cells.writers: CT ids, ascending */
} check_cell;

typedef struct {
    const check_cell *cells;
    int32_t n_cells;
    stream_range_tree tree; /* over the cells' boxes */
} check_cells;

typedef struct {
    const stream_schedule_problem *problem;
    const stream_accelerator *acc;
    const stream_ct_graph *graph;
    const stream_schedule *schedule;
    const stream_check_options *options;
    const stream_diag *diag;
    stream_arena *arena;
    int32_t violations, max_reports;

    /* residents, targets of transfers in order, CTs in order; then, without a tensor, those of
     * streams */
    const check_buffer *buffers;
    int32_t n_buffers;  /* that hold data */
    int32_t n_occupied; /* all */
    /* buffer ids by version of data: [n_cts + n_tensors + 1], what each CT wrote, then inputs and
     * constants; ascending */
    const int32_t *held_first, *held;
    const int32_t *held_tree;       /* of long lists, their place in `trees`; else -1 */
    const stream_range_tree *trees; /* over box, instance, time held */

    const check_cells *cells;    /* [n_tensors] */
    const int32_t *cell_writers; /* CT ids */
    const int32_t *previous;     /* [n_cts] the CT that wrote the same cell before, or -1 */
    const bool *replaced;        /* [n_cts] another CT writes the same cell later */

    bool *sent_on_chip; /* [n_cts] a transfer starts on chip with what it wrote */
    stream_vec uses;    /* aside.c: as they are noted, then by writer: [first, next) of each CT */
    const size_t *use_first; /* [n_cts + 1] */
    const void *used;
    const int32_t *use_tree_of; /* [n_cts] of long lists, their place in `use_trees`; else -1 */
    const stream_range_tree *use_trees; /* over instance, box */

    bool *resource_flags;         /* scratch [n_resources], false between uses */
    bool *core_flags;             /* scratch [n_cores] */
    int64_t *core_delays;         /* scratch [n_cores] */
    stream_vec link_flags;        /* scratch: bool */
    stream_vec found, rest, next; /* scratch: int32_t, stream_box, stream_box */
} check;

/* ---- report.c */
/* "<rule>: <text>", counted; silent after max_reports. */
STREAM_PRINTF(4, 5)
void check_report(check *c, stream_loc loc, const char *rule, const char *format, ...);
/* False if the next report would only be counted: its text need not be made. */
bool check_is_heard(const check *c);

typedef struct {
    char s[200];
} check_name;
check_name check_ct_name(const check *c, int32_t ct);             /* CT 3 of layer 'conv1' */
check_name check_transfer_name(const check *c, int32_t transfer); /* transfer 7 of 't'[..][..] */
check_name check_box_name(const check *c, int32_t tensor, const stream_box *box); /* 't'[..][..] */
check_name check_instance_name(const check *c, int32_t instance); /* memory 'sram' of core 'c0' */
check_name check_resource_name(const check *c, int32_t resource); /* link 'l01' from 'c0' to 'c1' */
check_name check_buffer_name(const check *c, const check_buffer *b);
const char *check_core_name(const check *c, int32_t core);
stream_loc check_ct_loc(const check *c, int32_t ct);
stream_loc check_transfer_loc(const check *c, int32_t transfer);
stream_loc check_resident_loc(const check *c, int32_t resident);
stream_loc check_buffer_loc(const check *c, const check_buffer *b);
stream_loc check_summary_loc(const check *c);

/* ---- sizes.c */
/* Bits of a non-empty box of a tensor; false if they do not fit 63 bits. */
bool check_box_bits(const check *c, int32_t tensor, const stream_box *box, int64_t *out);
/* The same for a box that is known to fit. */
int64_t check_bits(const check *c, int32_t tensor, const stream_box *box);
/* Rounded up to words of the instance. */
bool check_buffer_bits(const check *c, int32_t tensor, const stream_box *box, int32_t instance,
                       int64_t *out);
int32_t check_read_port(const check *c, const stream_transfer *t);
int32_t check_write_port(const check *c, const stream_transfer *t, int32_t target);
/* Instance in which a CT reads operand class `o` on its core; -1: none. */
int32_t check_top(const check *c, int32_t core, int32_t operand);

/* ---- streams.c */
/* Operand classes that the CT streams if it is on `core`, as bits; where it then finds or leaves an
 * operand: off-chip, or in the core's top memory for it (-1: none). */
uint8_t check_streamed(const check *c, int32_t ct, int32_t core);
int32_t check_place(const check *c, int32_t ct, int32_t core, int32_t operand);
/* Of a stream that the price knows, see check_streamed. */
const stream_price_stream *check_stream_price(const check *c, const stream_ct_stream *s);
int32_t check_stream_port(const check *c, const stream_ct_stream *s, bool write);
void check_stream_fields(check *c);
bool check_is_priced(const check *c, const stream_ct_stream *s);

/* ---- timeline.c */
/* Something of a core, a memory or a resource. */
typedef struct {
    int32_t owner;
    stream_keyed at; /* key: when, and what comes first then */
} check_event;
/* The events of each owner, items[first[owner] .. first[owner + 1]), by key; equal ones stay in
 * their order. first [n_owners + 1]. O(n log n) */
const stream_keyed *check_timelines(const check_event *events, size_t n, int32_t n_owners,
                                    size_t *first, stream_arena *arena);
/* Of what begins or ends at a time >= 0: what ends comes first. */
static inline uint64_t check_key(int64_t time, bool begins) {
    return (uint64_t)time << 1 | begins;
}

/* ---- versions.c */
void check_versions_build(check *c);
/* The CT that wrote `cell` last among those before `ct`; -1: none. */
int32_t check_version_before(const check *c, const check_cell *cell, int32_t ct);
/* Ids of the cells of `tensor` that overlap `box`, ascending, in c->found. */
void check_cells_find(check *c, int32_t tensor, const stream_box *box);

/* ---- buffers.c */
void check_buffers_build(check *c);
/* Buffer ids of `tensor` that overlap `box`, in c->found, ascending: of version `writer` in
 * `instance`, with their space held at cycle `at`. */
void check_buffers_find(check *c, int32_t tensor, const stream_box *box, int32_t writer,
                        int32_t instance, int64_t at);

/* ---- aside.c */
void check_aside_build(check *c);
/* A CT reads part of what `writer` (-1: none) wrote in the instance. */
void check_aside_note(check *c, int32_t writer, int32_t instance, const stream_box *box);
void check_aside_finish(check *c); /* all CTs have been asked for what they read */
/* No CT writes or reads what the transfer moves in the instance. */
bool check_is_aside(const check *c, const stream_transfer *t, int32_t instance);

/* A box of one version of a tensor that must be in a memory. */
typedef struct {
    int32_t tensor, writer, instance;
    stream_box box;
    int64_t at;       /* a cycle at which it is held */
    int64_t from, to; /* complete at `from`, held until `to` */
} check_need;

/* True if buffers that meet the need cover the box; else *missing is a part that they do not. */
bool check_covered(check *c, const check_need *need, stream_box *missing);

typedef struct {
    bool dropped; /* it was there in time, and was dropped too early: R8 */
    char s[200];
} check_reason;
/* Why `missing` is not there: what comes closest, in words. */
check_reason check_why(const check *c, const check_need *need, const stream_box *missing);

/* ---- the families */
bool check_fields(check *c);  /* fields.c: ids and numbers in range; false: nothing else is asked */
void check_cores(check *c);   /* cores.c: R1, R2 */
void check_reads(check *c);   /* reads.c: R3, R8 */
void check_outputs(check *c); /* outputs.c: R4 */
void check_transfers(check *c); /* transfers.c: R5, R8 */
/* Returns the latency of its links on the longest way to a target; -1: it is no route, as reported.
 */
int64_t check_route(check *c, int32_t transfer);                          /* route.c: R5 */
void check_streams(check *c);                                             /* streams.c: R9 */
void check_stream_route(check *c, const stream_ct_stream *s, bool write); /* route.c: R9 */
void check_bandwidth(check *c);                                           /* bandwidth.c: R6 */
void check_capacity(check *c);                                            /* capacity.c: R7 */
void check_ends(check *c);                                                /* ends.c: R10 */
void check_order(check *c);                                               /* order.c: R11 */
void check_energy(check *c);                                              /* energy.c: R12 */
void check_summary(check *c); /* summary.c: R12, peaks, traffic, busy cycles, bound */

#endif
