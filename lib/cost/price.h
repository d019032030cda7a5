#ifndef STREAM_LIB_COST_PRICE_H
#define STREAM_LIB_COST_PRICE_H

#include "stream/cost/cost.h"
#include "stream/support/text.h"

/* What stream_cost_search is asked for one job. */
stream_cost_options stream_price_search_options(const stream_price_options *options);

/* True if the core is a peak rate without a memory hierarchy. */
bool stream_price_is_roofline(const stream_core *core);

/* A search's result as a kernel's price, in integers; `mapping` in `arena`. */
void stream_price_of_result(const stream_cost_result *result, int64_t macs_per_point,
                            stream_arena *arena, stream_kernel_cost *out);

/* Prices kept in files: `dir`/<hash of key>.cost holds the key, the spatial and temporal mapping,
 * what was proven, and a checksum. A mapping that is read back is checked and priced again, so that
 * a damaged or stale file is a miss. Writers rename finished files: safe under concurrent use. */
bool stream_cost_cache_get(const char *dir, const char *key, const stream_loop_nest *nest,
                           const stream_core *core, const stream_cost_options *options,
                           stream_cost_result *out);
/* A file that cannot be written is no error: the next run computes again. */
void stream_cost_cache_put(const char *dir, const char *key, const stream_cost_result *result);

#endif
