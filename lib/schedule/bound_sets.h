#ifndef STREAM_LIB_SCHEDULE_BOUND_SETS_H
#define STREAM_LIB_SCHEDULE_BOUND_SETS_H

#include "bound_ways.h"

#include "stream/schedule/schedule.h"

/* Sets of cores that CTs may run on, and what data needs at least to reach one of a set. Sets are
 * small ids; -1 is one of which nothing is known but how fast off-chip memory is. */
typedef struct bound_sets bound_sets;

/* Keeps the problem and the arena. read_rate, write_rate: bits per cycle at which data leaves
 * (enters) off-chip memory at most. */
bound_sets *stream_bound_sets_create(const stream_schedule_problem *p, int64_t read_rate,
                                     int64_t write_rate, stream_arena *arena);

/* The set of these cores, cores [n_cores] borrowed. -1: empty, or too many sets. O(n_cores), and
 * when it is new that many times the kinds of ways to them. */
int32_t stream_bound_set(bound_sets *sets, const bool *cores);

int32_t stream_bound_n_sets(const bound_sets *sets);
/* [n_cores] those of the set. */
const bool *stream_bound_set_cores(const bound_sets *sets, int32_t set);
bound_ways *stream_bound_sets_ways(const bound_sets *sets);
/* Bits per cycle of the ports through which an instance is written, and read, from outside. */
int64_t stream_bound_ports(const stream_accelerator *acc, int32_t instance, bool written,
                           bool read);

/* Cycles from 0 until `bits` of inputs and constants can be on some core of the set. */
int64_t stream_bound_load(const bound_sets *sets, int32_t set, int64_t bits);
/* Cycles until `bits` that a core of the set wrote can be off-chip. */
int64_t stream_bound_store(const bound_sets *sets, int32_t set, int64_t bits);
/* Of the above, links alone: from the end of the first part of a transfer to its arrival. */
int64_t stream_bound_links(const bound_sets *sets, int32_t set);

/* No memory that a core of one set sees is seen by a core of the other: what goes from one to the
 * other must be moved. */
bool stream_bound_apart(bound_sets *sets, int32_t from, int32_t to);
/* Cycles until `bits` > 0 are moved between two sets that are apart. */
int64_t stream_bound_move(bound_sets *sets, int32_t from, int32_t to, int64_t bits);

#endif
