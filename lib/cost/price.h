#ifndef STREAM_LIB_COST_PRICE_H
#define STREAM_LIB_COST_PRICE_H

#include "stream/cost/cost.h"
#include "stream/support/text.h"

/* What stream_cost_search is asked for one job. */
stream_cost_options stream_price_search_options(const stream_price_options *options);

/* True if the core is a peak rate without a memory hierarchy. */
bool stream_price_is_roofline(const stream_core *core);

/* A search's result as a kernel's price, in integers; `mapping` in `arena`. `streamed`: the
 * operands with a level above the core's own memories. */
void stream_price_of_result(const stream_cost_result *result, const stream_price_job *job,
                            uint8_t streamed, stream_arena *arena, stream_kernel_cost *out);

/* Operands of a job that are streamed in any case, and those that may be. */
uint8_t stream_price_must_stream(const stream_price_job *job);
uint8_t stream_price_may_stream(const stream_price_job *job);

/* The off-chip memory of a job as the top level of a search: one instance for the whole array. */
stream_memory stream_price_offchip_level(const stream_price_job *job);

/* Adds the traffic of `streamed` operands to a price: that of the mapping, or each operand once,
 * and as many stall cycles as the off-chip port then needs. */
void stream_price_streams_of_result(const stream_cost_result *result, const stream_core *core,
                                    uint8_t streamed, stream_kernel_cost *out);
void stream_price_streams_once(const stream_price_job *job, stream_kernel_cost *out);

/* Adds what ops fused behind the kernel's reduction read besides its results (a residual, a bias):
 * each element of an operand once, from the core's top memory of its class to the unit behind the
 * array, past the memories in between. It is no operand of the nest, and holds no place in its
 * mapping. The kernel takes at least the cycles that the port needs for it. A class that is
 * streamed is read from off-chip instead. */
void stream_price_fused(const stream_price_job *job, stream_kernel_cost *cost);
/* `bits` of fused operands of a streamed class, once over the off-chip port. No-op if the price
 * counts every operand once already. */
void stream_price_streams_fused(const stream_price_job *job, int32_t class, int64_t bits,
                                stream_kernel_cost *cost);

/* Adds what the unit for post-processing takes for the ops fused behind the kernel's reduction: it
 * works on results as they leave the array, so a kernel takes at least
 *
 *     cycles = ceil(elements of the output * post_ops / ops_per_cycle)
 *
 * and what that is more than the array needs is stall; op_pj each is energy of operations.
 *
 * errs  LIMIT: more than 2^53 operations or fJ */
STREAM_NODISCARD
stream_status stream_price_post(const stream_price_job *job, const stream_diag *diag,
                                stream_kernel_cost *cost);

/* Prices kept in files: `dir`/<hash of key>.cost holds the key, the spatial and temporal mapping,
 * what was proven, and a checksum. A mapping that is read back is checked and priced again, so that
 * a damaged or stale file is a miss. Writers rename finished files: safe under concurrent use. */
bool stream_cost_cache_get(const char *dir, const char *key, const stream_loop_nest *nest,
                           const stream_core *core, const stream_cost_options *options,
                           stream_cost_result *out);
/* A file that cannot be written is no error: the next run computes again. */
void stream_cost_cache_put(const char *dir, const char *key, const stream_cost_result *result);

#endif
