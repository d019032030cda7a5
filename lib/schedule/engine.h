#ifndef STREAM_LIB_SCHEDULE_ENGINE_H
#define STREAM_LIB_SCHEDULE_ENGINE_H

#include "checkpoint.h"
#include "fit_cache.h"
#include "memory_map.h"
#include "model.h"
#include "profile.h"
#include "ready.h"

#include "stream/support/integer.h"
#include "stream/support/sort.h"
#include "stream/support/vec.h"

#include <stdalign.h>

/* The state of one scheduling run. CTs are placed one at a time and nothing placed is changed
 * again; transfers may lie before the CTs placed so far, where links and memory are free.
 *
 * Every datum that is still needed has one primary buffer that holds all of it: off-chip (inputs,
 * constants, what was written back), or where the CT that wrote it left it. Other buffers are
 * copies of parts of it, and may be dropped at any time. */

/* Which record holds the `until` of a buffer. */
typedef enum {
    BUFFER_OF_CT,
    BUFFER_OF_TRANSFER,
    BUFFER_OF_RESIDENT
} buffer_origin;

/* Of the primary buffer of a datum they are in its datum_state, for most needs ask for nothing
 * else.
 */
typedef struct {
    int64_t complete; /* STREAM_NEVER: its transfer is not booked yet */
    int64_t last_use; /* latest end of a CT or transfer that reads it */
} buffer_times;

typedef struct {
    int32_t datum, instance;
    int32_t segment;    /* in the instance's memory map; -1: not live */
    int32_t next, prev; /* of the same list, see stream_engine_list */
    int32_t uses;       /* see stream_engine_uses */
    int32_t next_use;   /* see stream_engine_next_use; -1: not known yet */
    uint8_t operand;
    uint8_t origin; /* buffer_origin */
    bool spilled;   /* came here to make room elsewhere; leaves for off-chip memory */
    bool whole;     /* holds all of the datum */
    int64_t start;
    buffer_times times; /* see times_of */
    int64_t bits;       /* in memory: whole words */
} buffer;

/* What is seldom asked of a buffer: apart, so that the rest of one is 64 bytes. */
typedef struct {
    alignas(64) int64_t made; /* of one in a cell: rises from one to the next */
    int32_t cell_next, cell_prev;
    int32_t lo[2], hi[2]; /* of one in a cell: the box along the axes of its datum */
    int32_t event;        /* target or resident id of its record */
    stream_box box;       /* see box_of */
} buffer_detail;

/* The longest boxes of a tensor that came to the cells of a memory, along the axes. */
typedef struct {
    int32_t size[2];
} cell_reach;

typedef struct {
    int32_t primary;          /* buffer or -1 */
    int32_t only_at;          /* its instance, if there is no other buffer; else -1 */
    buffer_times times;       /* of the primary */
    int32_t unread;           /* needs of unplaced CTs */
    uint32_t buffers : 30;    /* live ones */
    uint32_t counts_uses : 1; /* the uses of the primary are known */
    uint32_t is_output : 1;   /* as in the model */
} datum_state;

/* Such a buffer is in no list. */
static inline bool has_only_primary(const datum_state *d) {
    return d->only_at >= 0;
}

static_assert(sizeof(buffer) == 64 && sizeof(datum_state) == 32, "there are many of them");

/* Where the CT being placed finds what it needs in the instance where it reads that. */
typedef struct {
    int32_t buffer;   /* the only one of the datum there, if it holds all of the box; else -1 */
    int32_t first, n; /* then, in engine->seen, those that have some of it; n -1: not looked for */
} need_place;

/* A part of a need that must be fetched. */
typedef struct {
    int32_t buffer;
    int64_t bits;      /* of the data */
    int64_t free_from; /* its memory */
} piece;

/* Of the CT being placed: where parts of a streamed operand pass. */
typedef struct {
    int32_t buffer;
    uint8_t operand;
    int64_t address, free_from;
} passing_buffer;

/* Why a CT cannot be placed. */
typedef struct {
    int32_t instance; /* that is too small, */
    bool no_route;    /* or from which nothing leads to off-chip */
    int64_t missing;  /* bits that were not free; <= 0: free, but not side by side, or off-chip */
} placement_failure;

/* A CT was refused; see refusals.c. Of each core two are kept: what it should run next, and the
 * deepest. */
#define STREAM_REFUSALS 2
typedef struct {
    int32_t ct; /* -1: none */
    int32_t instance;
    int64_t enough; /* bits that the instance must have released in all before it is tried again */
} refusal;

/* Memories to which it costs less energy to move data of an operand class and back than to off-chip
 * memory. */
#define STREAM_MOST_NEAR 8

typedef struct {
    int32_t instance;
    uint8_t operand; /* a class that it holds */
    int64_t cycles;  /* of a sample that goes there and back with nothing in its way */
} near_memory;

typedef struct {
    near_memory items[STREAM_MOST_NEAR]; /* fewest cycles first */
    int32_t n;
    bool known; /* it was looked for */
} near_list;

/* What a pooled run may use of a memory, and whether that memory has addresses all the same. */
typedef struct {
    int64_t bits;
    bool has_addresses;
} memory_limit;

struct stream_schedule_workspace {
    stream_arena *arena; /* of this and of all arrays */
    const model *m;
    const int32_t *cores;
    const int32_t *given;   /* the order to keep, or NULL */
    int32_t *places;        /* [n_cts] of it */
    bool reordered;         /* it is not that of the last run */
    const need_user *users; /* [n_needs] of each group in the order of CTs, as far as it is known */
    need_user *given_users; /* [n_needs] with a given order */
    int32_t *order;         /* [n_cts] CTs as they were placed, */
    int64_t *starts;        /* [n_cts] and when each starts */
    int32_t n_placed;
    int32_t n_resumed; /* of them, from a checkpoint */
    checkpoints kept;
    stream_priority priority;
    bool record;                /* keep events for a full schedule */
    bool much_slack;            /* as in stream_schedule_request */
    bool pooled;                /* no addresses: memories hold what fits them in all */
    const memory_limit *limits; /* [n_instances] of a pooled run; NULL: as the memories are */

    stream_routes *routes, *detours; /* detours NULL: there are none */
    profile *profiles;               /* [n_resources] */
    fit_cache *fits;                 /* starts that they make impossible */
    memory_map *maps;                /* [n_instances] */
    stream_vec buffers;              /* buffer */
    stream_vec details;              /* buffer_detail */
    int32_t spare_buffer;
    int32_t *heads; /* lists of live buffers, see stream_engine_list */
    int32_t n_heads;
    int32_t lists_per_ct; /* n_instances or 1 */
    int32_t *cells;       /* the same by place, of some tensors: nearby.c */
    int32_t *cell_first;  /* [n_tensors + 1] */
    int32_t *row_counts;  /* buffers in each row of cells */
    int32_t *row_first;   /* [n_tensors + 1] */
    cell_reach *reaches;  /* [n_tensors * n_instances] */
    stream_vec *found;    /* of stream_engine_find_nearby */
    int64_t n_made;       /* buffers */
    int32_t *only_core;   /* [n_instances] that sees it; -1: several do */
    datum_state *data;    /* [n_data] */
    int32_t *copies;      /* [n_data] complete buffers of all of it beside the primary */
    int32_t *counters;    /* [n_counters * n_instances] the same, of large groups, per instance */
    int32_t *cursor;      /* [n_groups] users before it are placed */
    near_list *near;      /* [n_instances * STREAM_N_OPERANDS] */
    int32_t *compacted;   /* [n_instances] == ct: emptied for it */
    int32_t *pinned;      /* [n_data] the first need of the datum of the CT that is pinned */
    int32_t *same_datum; /* [most needs of a CT] of its needs, the next one of the same datum; -1 */
    int32_t pins_of;     /* the CT */
    int64_t *core_free;  /* [n_cores] */
    int64_t *core_start; /* [n_cores] start of its last CT */
    bool *comes_again;   /* [n_tensors] inputs and constants of which a part was evicted that is
                            still needed there */
    refusal *refusals;   /* [n_cores * STREAM_REFUSALS] */
    int32_t *owed;       /* [n_cores] output of its last CT that is not off-chip yet, or -1 */
    ready_queue ready;

    int32_t ct;                    /* being placed */
    int32_t at[STREAM_N_OPERANDS]; /* where it finds its operands: place_of */
    const kernel_streams *flows;   /* what it streams; NULL: nothing */
    int64_t earliest;              /* its core and its predecessors allow no earlier start */
    int64_t there_from; /* all that it needs has come where it needs it; STREAM_NEVER: not known */
    need_place *found_at; /* [most needs of a CT] of its needs, in their order */
    stream_vec seen;      /* int32_t: buffers */
    stream_vec pieces;    /* piece */
    int32_t n_reserved;   /* needs before this one are where it reads them, or have room there */
    stream_vec turns;     /* stream_keyed: in which they are fetched */
    stream_vec victims;   /* int32_t: buffers to be evicted */
    passing_buffer passing[STREAM_N_OPERANDS];
    int32_t n_passing;
    placement_failure failure;
    bool half_placed;    /* off-chip memory was full when transfers of the CT were booked already */
    int64_t failed_bits; /* that off-chip memory had no room for, */
    int32_t failed_tensor;

    stream_schedule_score score;
    int64_t least; /* the latency will be at least this */
    int64_t compute_energy_fj, link_energy_fj, memory_energy_fj, static_energy_fj;
    bool overflow;

    /* recorded */
    stream_ct_slot *slots;   /* [n_cts] */
    stream_vec transfers;    /* stream_transfer */
    stream_vec first_target; /* int32_t, per transfer */
    stream_vec targets;      /* stream_transfer_target */
    stream_vec trees;        /* int32_t: transfer id, number, then the links of its branches */
    stream_vec residents;    /* stream_resident */
    stream_vec streams;      /* stream_ct_stream */
};

typedef struct stream_schedule_workspace engine;

/* NULL: there is none, or they are one memory. */
static inline const stream_route *stream_engine_route(const engine *e, int32_t from, int32_t to) {
    return from == to ? NULL : stream_routes_between(e->routes, from, to);
}

/* A way beside the route that leaves links at the off-chip core free; NULL: there is none, or the
 * route does so itself. */
static inline const stream_route *stream_engine_detour(const engine *e, int32_t from, int32_t to) {
    int32_t offchip = e->m->acc->offchip_instance;
    if (!e->detours || from == to || from == offchip || to == offchip)
        return NULL;
    const stream_route *route = stream_routes_between(e->routes, from, to);
    return route && route->at_offchip ? stream_routes_between(e->detours, from, to) : NULL;
}

static inline buffer *buffer_at(const engine *e, int32_t id) {
    return &STREAM_AT(buffer, e->buffers, id);
}

static inline buffer_detail *detail_at(const engine *e, int32_t id) {
    return &STREAM_AT(buffer_detail, e->details, id);
}

static inline buffer_times *times_in(const engine *e, datum_state *d, int32_t id) {
    return d->primary == id ? &d->times : &buffer_at(e, id)->times;
}

static inline buffer_times *times_of(const engine *e, int32_t id) {
    return times_in(e, &e->data[buffer_at(e, id)->datum], id);
}

/* Its transfer is. */
static inline bool is_booked(const engine *e, const piece *p) {
    return times_of(e, p->buffer)->complete != STREAM_NEVER;
}

/* -1: there is no primary buffer. */
static inline int32_t primary_instance(const engine *e, int32_t datum) {
    int32_t id = e->data[datum].primary;
    return id < 0 ? -1 : buffer_at(e, id)->instance;
}

/* What of its datum the buffer holds. Dies when a buffer is added. */
static inline const stream_box *box_of(const engine *e, int32_t id) {
    const buffer *b = buffer_at(e, id);
    return b->whole && b->datum < e->m->graph->n_cts ? &e->m->graph->cts[b->datum].box
                                                     : &detail_at(e, id)->box;
}

#define USES_UNKNOWN (-1)

/* Is some of the box in the buffer? The box is one of the buffer's datum, and not empty. */
static inline bool buffer_overlaps(const engine *e, int32_t id, const stream_box *box) {
    return buffer_at(e, id)->whole || stream_box_overlaps(&detail_at(e, id)->box, box);
}

/* Is all of it? */
static inline bool buffer_contains(const engine *e, int32_t id, const stream_box *box) {
    return buffer_at(e, id)->whole || stream_box_contains(&detail_at(e, id)->box, box);
}

/* Where a CT stands in the order, as far as it is known: in a given one, else by its number, which
 * is the order of the program. INT32_MAX stays. */
static inline int32_t turn_of(const engine *e, int32_t ct) {
    return e->given && ct != INT32_MAX ? e->places[ct] : ct;
}

/* buffers.c: lists, dropping */

/* Live buffers of a datum that has more than its primary one are in lists, one per instance (for
 * what CTs wrote: one in all where there would be too many lists). Lists [*first, *first + count)
 * are those of a datum; they are empty where it has only its primary buffer. */
int32_t stream_engine_lists(const engine *e, int32_t datum, int32_t *count);
static inline int32_t stream_engine_list(const engine *e, int32_t datum, int32_t instance) {
    int32_t n_cts = e->m->graph->n_cts;
    if (datum < n_cts)
        return datum * e->lists_per_ct + (e->lists_per_ct == 1 ? 0 : instance);
    return n_cts * e->lists_per_ct + (datum - n_cts) * e->m->acc->n_instances + instance;
}
/* The newest buffer of the datum in the instance, or (one list in all) anywhere; -1: none. The
 * others follow it through `next`. */
static inline int32_t stream_engine_newest(const engine *e, int32_t datum, int32_t instance) {
    const datum_state *d = &e->data[datum];
    if (has_only_primary(d))
        return d->only_at == instance ? d->primary : -1;
    return e->heads[stream_engine_list(e, datum, instance)];
}

/* A live buffer over a window of the map (NULL: none yet). Links it, counts its uses. */
int32_t stream_engine_add_buffer(engine *e, int32_t datum, int32_t instance, uint8_t operand,
                                 const stream_box *box, const memory_window *window);
/* The same for one that will be the primary of its datum: its uses are not counted. */
int32_t stream_engine_add_primary(engine *e, int32_t datum, int32_t instance, uint8_t operand,
                                  const stream_box *box, const memory_window *window);
/* What the CT being placed writes: it is the primary from now on. Without a window it gets a
 * segment from the caller. */
int32_t stream_engine_add_output(engine *e, int32_t instance, const memory_window *window);
/* What it holds has come, or will have at `time`. */
void stream_engine_complete(engine *e, int32_t id, int64_t start, int64_t time);
/* It holds all of its datum, and is the primary one from now on. */
void stream_engine_set_primary(engine *e, int32_t id);
/* Its end is known: records it, frees its addresses (unless they were taken over) and its id. */
void stream_engine_drop(engine *e, int32_t id, int64_t until);
/* A reservation of which nothing came. */
void stream_engine_cancel(engine *e, int32_t id, int64_t free_from);
/* A live buffer of `bits` that hold no datum and are in no list: for the CT being placed. */
int32_t stream_engine_add_nameless(engine *e, int32_t instance, int64_t bits,
                                   const memory_window *window);
void stream_engine_drop_nameless(engine *e, int32_t id, int64_t until);
/* Drops a copy that nothing reads here any more. */
void stream_engine_drop_useless(engine *e, int32_t id);
/* Whole words of the instance. */
static inline int64_t stream_engine_rounded(const engine *e, int32_t instance, int64_t bits) {
    return stream_round_up(bits, e->m->acc->instances[instance].word_bits);
}
int64_t stream_engine_bits(const engine *e, int32_t id);
static inline int64_t stream_engine_until(const engine *e, int32_t id) {
    const buffer_times *times = times_of(e, id);
    return stream_max_i64(times->complete, times->last_use);
}

/* uses.c */

int32_t stream_engine_count_uses(engine *e, int32_t id);
int32_t stream_engine_find_next_use(engine *e, int32_t id);
/* Needs of unplaced CTs that overlap the buffer and are read in its instance. Of a primary buffer
 * they are counted only when somebody asks: it is not dropped for having none. */
static inline int32_t stream_engine_uses(engine *e, int32_t id) {
    int32_t uses = buffer_at(e, id)->uses;
    return uses == USES_UNKNOWN ? stream_engine_count_uses(e, id) : uses;
}
/* The next CT that needs it, in program order; INT32_MAX: none. Users only become fewer: the first
 * one stays the first until it is placed. */
static inline int32_t stream_engine_next_use(engine *e, int32_t id) {
    int32_t next = buffer_at(e, id)->next_use;
    bool known = next >= 0 && (next == INT32_MAX || !e->ready.cts[next].placed);
    return known ? next : stream_engine_find_next_use(e, id);
}

/* needs.c: what the CT being placed needs, by its number among the CT's needs */

/* Where all of it is. To be called before the rest, and when buffers of it were dropped. True: each
 * need is in one buffer where the CT reads it, and nothing is to be accumulated or fetched. */
bool stream_engine_find_needs(engine *e);
/* There is one more buffer. */
void stream_engine_note_buffer(engine *e, int32_t id);
const int32_t *stream_engine_look_for_need(engine *e, int32_t i, int32_t *n);
/* The buffers that have some of it, newest first; there are *n. They die with the next call. */
static inline const int32_t *stream_engine_need_buffers(engine *e, int32_t i, int32_t *n) {
    if (e->found_at[i].buffer < 0)
        return stream_engine_look_for_need(e, i, n);
    *n = 1;
    return &e->found_at[i].buffer;
}
/* Does it need more than all of its i-th need where it reads that? */
bool stream_engine_is_within(engine *e, int32_t i);
/* Lists its needs by datum. */
void stream_engine_pin(engine *e);
/* The first need of the datum; -1: there is none. The others follow in e->same_datum. */
static inline int32_t stream_engine_first_need(engine *e, int32_t datum) {
    if (e->pins_of != e->ct)
        stream_engine_pin(e);
    int32_t id = e->pinned[datum], first = e->m->need_first[e->ct];
    return id >= first && id < e->m->need_first[e->ct + 1] ? id - first : -1;
}
/* Does a need from the first one of the datum on want some of the buffer to stay? */
bool stream_engine_must_keep(const engine *e, int32_t id, int32_t first);
/* Does it need what the buffer holds, and not only in other memories where that is or has room?
 * Mostly nothing of the datum at all. */
static inline bool stream_engine_needs_now(engine *e, int32_t id) {
    int32_t first = stream_engine_first_need(e, buffer_at(e, id)->datum);
    return first >= 0 && stream_engine_must_keep(e, id, first);
}

/* nearby.c */

/* Lists of buffers by place: those of tensor t are cells[first[t] .. first[t + 1]), and their rows
 * likewise. The last elements are their numbers. */
void stream_engine_count_cells(const model *m, int32_t *first, int32_t *row_first);
void stream_engine_enter_cell(engine *e, int32_t id);
void stream_engine_leave_cell(engine *e, int32_t id);
/* Looks for live buffers of the datum in the instance that have some of the box, which is not
 * empty. Returns how many there are; `nearby` gives the i-th, newest first, until the next search.
 */
int32_t stream_engine_find_nearby(const engine *e, int32_t datum, int32_t instance,
                                  const stream_box *box);
int32_t stream_engine_nearby(const engine *e, int32_t i);
/* Do buffers of the datum have cells, along two axes that are the only ones along which its needs
 * differ? */
bool stream_engine_has_plane_cells(const engine *e, int32_t datum);

/* transfer.c */

typedef struct {
    int32_t source; /* buffer */
    const stream_route *route;
    bool on_chip;           /* the route is a detour */
    uint8_t source_operand; /* whose port of the source carries it: off-chip, where all that
                               is stored may be read as anything, that of the target */
    int32_t read_port, write_port;
    int32_t ports[2], n_ports; /* those of them that may be short of bandwidth */
    int64_t bits, most;        /* most: the highest rate */
    int64_t rate, duration, start, end;
} quote;

/* The earliest transfer of `bits` from `source` that starts at or after `from`; false: no route. */
bool stream_engine_quote(const engine *e, int32_t source, int32_t instance, uint8_t operand,
                         int64_t bits, int64_t from, quote *out);
/* Of `bits` from off-chip memory to the instance, if nothing is in their way; INT64_MAX: nothing
 * leads there. */
int64_t stream_engine_reload_cycles(const engine *e, int32_t instance, uint8_t operand,
                                    int64_t bits);
/* The best source of a piece and its earliest time: sources that bring it by `deadline` are better.
 * False: nothing that holds it has a route. */
bool stream_engine_best_quote(const engine *e, const piece *p, int64_t deadline, quote *out);

/* book.c */

/* Bandwidth, energy, and the target buffer's times. */
void stream_engine_book(engine *e, const quote *q, int32_t target, int64_t bits);
/* The last booked transfer goes to one more buffer, over `links` beside its own. */
void stream_engine_book_branch(engine *e, const quote *q, int32_t target, const int32_t *links,
                               int32_t n_links);

/* multicast.c */

#define STREAM_MOST_SHARERS    16
#define STREAM_MOST_TREE_LINKS 64

/* A memory in which another core will read the same box. */
typedef struct {
    int32_t instance;
    int64_t needed; /* not before */
} sharer;

typedef struct {
    sharer items[STREAM_MOST_SHARERS];
    int32_t n;
} sharer_list;

/* Links of a transfer to several targets; the first `trunk` lead to the first target. */
typedef struct {
    int32_t links[STREAM_MOST_TREE_LINKS];
    int32_t n, trunk;
    int32_t targets[STREAM_MOST_SHARERS + 1]; /* instances */
    int32_t n_targets;
} link_tree;

/* Other memories that will need the piece and have none of it. */
void stream_engine_find_sharers(engine *e, const piece *p, sharer_list *out);
/* After `q` was booked for the piece: gives it to those sharers that it can reach over free links
 * and ports, in memory that is free, and no later than by a transfer of their own. */
void stream_engine_share(engine *e, const quote *q, const piece *p, const sharer_list *sharers);

/* spill.c */

/* Does it cost less energy to write data to `near` and fetch it from there than to fetch it from
 * off-chip memory? */
bool stream_engine_pays(const engine *e, int32_t near, int32_t instance, uint8_t operand);

/* Moves all of the datum, which is to leave its memory, to that of another core: of those to which
 * it costs less energy than to off-chip memory, and no more time, and which stay half empty and
 * were not cleared for e->ct, the one from which it is back soonest, if nothing is in its way.
 * Data moves so once. False: there is none, and nothing has changed. */
bool stream_engine_spill(engine *e, int32_t datum);

/* evict.c */

/* All of the datum is off-chip afterwards (and primary there), at once or by a transfer.
 * False: off-chip memory is full (e->failure says so). */
bool stream_engine_secure(engine *e, int32_t datum);
/* Copies a box of the datum off-chip from its primary buffer, as early as possible. Returns the new
 * buffer; -1: off-chip memory is full, or there is no route (e->failure says so). */
int32_t stream_engine_copy_offchip(engine *e, int32_t datum, const stream_box *box);
/* Ends a buffer; the last copy of what is still needed is saved first. */
bool stream_engine_evict(engine *e, int32_t id);
/* Makes contiguous room by evicting what the current CT does not need, cheapest first.
 * False: there is no such window. */
bool stream_engine_make_room(engine *e, int32_t instance, int64_t bits);
/* Evicts everything in the instance. */
bool stream_engine_compact(engine *e, int32_t instance);

/* streams.c: what e->ct streams (rule R9) */

/* Takes the window for what passes of the operand, until the CT is booked or this is cancelled. */
void stream_engine_hold(engine *e, uint8_t operand, int64_t bits, const memory_window *window);
void stream_engine_cancel_held(engine *e);
/* All held windows are free from then on. */
static inline int64_t stream_engine_held_from(const engine *e) {
    int64_t time = 0;
    for (int32_t i = 0; i < e->n_passing; ++i)
        time = stream_max_i64(time, e->passing[i].free_from);
    return time;
}
/* Does it stream, and read the operand off-chip: because it streams it, or works there anyway? */
static inline bool stream_engine_brings_offchip(const engine *e, uint8_t operand) {
    return e->flows && e->at[operand] == e->m->acc->offchip_instance;
}

/* The following are for what streams something: e->flows. */

/* All of that (or of what it accumulates onto) is off-chip afterwards, or on its way. False:
 * off-chip memory is full (e->failure says so). */
bool stream_engine_bring_offchip(engine *e);
/* The earliest start >= from at which links and ports have its rates over its whole run. */
int64_t stream_engine_stream_start(const engine *e, int64_t from);
/* Rates, energy, traffic, and the end of what is held. */
void stream_engine_book_streams(engine *e, int64_t start, int64_t end);
void stream_engine_order_streams(engine *e); /* the recorded ones */

/* fetch.c */

/* Books a transfer for each of e->pieces, those whose data exists first before others, as early as
 * its memory and the links allow; sources that bring it by `deadline` are better. *out_complete:
 * all have come. False: e->failure. */
bool stream_engine_fetch(engine *e, int64_t deadline, int64_t *out_complete);
/* The buffer has to leave its memory: what of e->pieces comes best from there is booked at once,
 * behind those whose data exists first. */
void stream_engine_fetch_from(engine *e, int32_t id);

/* place.c */

/* Everything that could leave the memory has left it for e->ct. */
static inline bool is_cleared(const engine *e, int32_t instance) {
    return e->compacted[instance] == e->ct;
}

/* Places e->ct. Without `force` it is refused (false, nothing changed) if that would need an
 * eviction; with it, only if the CT does not fit its memories: e->failure. */
bool stream_engine_place(engine *e, int32_t ct, bool force);

/* refusals.c */

/* Would it be refused without `force`, as it was before? */
static inline bool stream_engine_was_refused(const engine *e, int32_t ct) {
    const refusal *last = &e->refusals[e->cores[ct] * STREAM_REFUSALS];
    if (last->ct != ct && (++last)->ct != ct)
        return false;
    return e->maps[last->instance].released < last->enough;
}
void stream_engine_note_refusal(engine *e, int32_t ct);

/* commit.c: after the transfers of a CT are booked */
void stream_engine_commit(engine *e, int64_t start, int32_t output, int32_t taken_over);

/* outputs.c */

/* After a CT was placed: what is owed to the network goes off-chip, at once or later; data that
 * nobody will read is dropped. False: e->failure. */
bool stream_engine_finish_ct(engine *e, int32_t ct);
/* All outputs that are still owed go off-chip. */
bool stream_engine_pay_all(engine *e);
/* Drops what no unplaced CT reads, but for the output off-chip. */
void stream_engine_drop_all(engine *e, int32_t datum);

/* workspace.c */

/* A workspace whose routes and slots are in `kept`; NULL: in its own arena. */
engine *stream_engine_create(const model *m, stream_arena *kept);
/* Nothing is placed, no memory or link is in use. */
void stream_engine_reset(engine *e);
/* Counts the needs of unplaced CTs, by instance, of groups that have counters. */
void stream_engine_count_needs(engine *e);

/* engine.c */

/* Schedules everything, or stops as soon as the latency is above the cutoff (e->score.complete
 * false). diag  NULL: no message */
stream_status stream_engine_run(engine *e, const stream_schedule_request *request,
                                const stream_diag *diag);

/* order.c */

/* The values of [n] items, which become sorted by their keys; equal ones as they are. */
void stream_engine_order_by_key(stream_keyed *keyed, size_t n, stream_keyed *scratch,
                                int32_t *order);
/* The order that the next run keeps; NULL: none. */
void stream_engine_set_order(engine *e, const int32_t *order);
/* Each CT once, after all that it depends on. */
stream_status stream_engine_check_order(engine *e, const int32_t *order, const stream_diag *diag);
/* The CTs of a schedule in the order of the latest starts with which it would end no later if data
 * moved in no time: what has no slack comes first, and each core keeps its sequence. order [n_cts];
 * arena: scratch. O(n log n) */
void stream_engine_order_by_latest(const stream_schedule_problem *problem,
                                   const stream_schedule *schedule, stream_arena *arena,
                                   int32_t *order);

/* messages.c */

/* The message of e->failure. */
stream_status stream_engine_explain(const engine *e, const stream_diag *diag);

/* enough.c */

typedef struct {
    int32_t ct;           /* that does not fit */
    int32_t instance;     /* this memory; -1: the run failed for another reason */
    int64_t offchip_bits; /* of a run that succeeded: those below the highest address that it used,
                             which do, too; else those held and those without room: fewer do not */
} refused_ct;

/* Does the run that `failed` for want of off-chip memory succeed with so many bits of it, in the
 * same order on the same cores? If not, *out says what fails. */
bool stream_engine_fits_offchip(const engine *failed, int64_t bits, refused_ct *out);

/* A size in [low, high) with which it does; -1: none was found. By bisection in a few runs, of
 * which each says what it used or was short of: in 1 of 50 messages a smaller one does, too. */
int64_t stream_engine_enough_offchip(const engine *failed, int64_t low, int64_t high);

/* check_cores.c: every CT has a core with a price, links and ports for what it streams there */
stream_status stream_engine_check_cores(const model *m, const int32_t *cores,
                                        const stream_diag *diag);

/* summary.c */
/* The run's score gets its energy; false: the sum does not fit. */
bool stream_engine_add_energies(engine *e);
void stream_engine_export(engine *e, const stream_schedule_problem *problem, stream_arena *arena,
                          stream_schedule *out);

#endif
