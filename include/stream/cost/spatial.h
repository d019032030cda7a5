#ifndef STREAM_COST_SPATIAL_H
#define STREAM_COST_SPATIAL_H

#include "stream/cost/mapping.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Spatial mappings of a loop nest on a core: taken from the user, or generated, best utilisation
 * first. Source: reference/intra-core-cost.md 3.1 to 3.4, 11.4, 11.5. */
typedef struct {
    bool given[STREAM_MAX_ARRAY_DIMS]; /* the user says what this array dim unrolls */
    stream_unrolled_level unroll[STREAM_MAX_ARRAY_DIMS];
    int32_t n_hints[STREAM_MAX_ARRAY_DIMS]; /* dims that may be unrolled there; 0: any */
    int32_t hints[STREAM_MAX_ARRAY_DIMS][STREAM_NEST_MAX_DIMS];
    bool mixed;    /* also several loop dims on one array dim */
    int32_t count; /* how many mappings are wanted, >= 1 */
} stream_spatial_request;

enum {
    STREAM_SPATIAL_MAX_COUNT = 16,
    STREAM_SPATIAL_TRIED = 3 /* unless another number is asked for */
};

/* out [count], *out_n of them filled, in order of
 *     score = hw + hw / max_d(total unrolling of d) - 1,   hw = product of all factors
 * descending, then in the reference's order of enumeration. Branch and bound over array dims.
 *
 * errs  INFEASIBLE: no mapping is left (an operand wider than the port or memory next to the array,
 *       named, or a request that contradicts the layer);  INVALID: an inner memory has no port for
 * an operand; with 3.8.5, an inner memory holds an operand that the layer does not have [Q] */
STREAM_NODISCARD
stream_status stream_spatial_generate(const stream_loop_nest *nest, const stream_core *core,
                                      const stream_memory *offchip, uint8_t offchip_operands,
                                      const stream_spatial_request *request,
                                      stream_cost_model model, const stream_diag *diag,
                                      stream_spatial_mapping *out, int32_t *out_n);

#ifdef __cplusplus
}
#endif

#endif
