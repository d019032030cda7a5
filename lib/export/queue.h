#ifndef STREAM_LIB_EXPORT_QUEUE_H
#define STREAM_LIB_EXPORT_QUEUE_H

#include "curves.h"

#include "stream/schedule/demands.h"

/* Cycles of [from, until) in which the curves leave too little of one of the resources. O((demands
 * + steps of them in the interval) log steps). */
int64_t stream_queued_cycles(const stream_export *e, const stream_curves *rates,
                             const stream_vec *demands, int64_t from, int64_t until);

#endif
