#ifndef STREAM_LIB_COST_MOVEMENT_H
#define STREAM_LIB_COST_MOVEMENT_H

#include "stream/cost/mapping.h"

#include <math.h>

/* Data movement of one operand at one memory level, per direction (5.2): `amount` elements of
 * `precision` bits every `period` cycles, `count` times; `rate` is the mean [bit/cycle], truncated;
 * `window` the part of the period in which it must happen without double buffering.
 *
 * The first read-back of a partial sum would read zeros: the reference counts it, the exact model
 * does not. */
typedef struct {
    int64_t amount[STREAM_N_DIRECTIONS], precision[STREAM_N_DIRECTIONS];
    int64_t period[STREAM_N_DIRECTIONS], count[STREAM_N_DIRECTIONS];
    int64_t rate[STREAM_N_DIRECTIONS], window[STREAM_N_DIRECTIONS];
    int64_t times[STREAM_N_DIRECTIONS]; /* count, less what the exact model knows not to happen */
    int64_t
        again[STREAM_N_DIRECTIONS]; /* times, less the one that happens before the first cycle */
} stream_movement;

typedef struct {
    stream_movement at[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS];
    /* content of one instance below architecture level l as it leaves upward, its smallest
     * exchangeable part, and the content as it is held (partial sums until they are complete) */
    int64_t bits[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS + 1];
    int64_t slice_bits[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS + 1];
    int64_t held_bits[STREAM_NEST_MAX_OPERANDS][STREAM_MAP_MAX_LEVELS + 1];
    int64_t cycles; /* product of all temporal loops */
} stream_movements;

/* Accesses [words, all instances] of `times` movements of `amount` elements (5.3). Each is rounded
 * up to the least width of the port and costs the part of a word that it is. */
static inline double stream_word_accesses(const stream_mapping_problem *problem, int32_t operand,
                                          int32_t level, int32_t direction, int64_t amount,
                                          int64_t precision, int64_t times) {
    const stream_map_operand *o = &problem->operands[operand];
    if (amount == 0 || precision == 0 || o->bw_max[level][direction] == 0)
        return 0;
    double least = (double)o->bw_min[level][direction];
    double word = (double)o->word_bits[level][direction];
    double words = ceil((double)(amount * precision) / least) * (least / word) * (double)times *
                   o->units[0][level + 1];
    return problem->quirks & STREAM_QUIRK_WHOLE_WORDS ? trunc(words) : words;
}

/* Movements of a merged mapping under version 0 (fractional) or 1 (integer) of the unrolling. */
void stream_movements_of(const stream_mapping_problem *problem,
                         const stream_temporal_mapping *mapping, int32_t version,
                         stream_movements *out);

#endif
