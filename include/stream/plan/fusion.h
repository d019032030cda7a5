#ifndef STREAM_PLAN_FUSION_H
#define STREAM_PLAN_FUSION_H

#include "stream/hardware/accelerator.h"
#include "stream/support/text.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whether an element-wise op runs in the kernel of the layer that makes its input: on the results
 * of the core's array, before they are stored. Whether it could (maps, users, tiles) is decided
 * before; here it is the user's wish and what cores can. */

typedef enum {
    STREAM_FUSE_UNSAID, /* where every core that may run the layer can post-process the op */
    STREAM_FUSE_NEVER,
    STREAM_FUSE_ALWAYS
} stream_fuse_wish;

typedef struct {
    const char *name, *op_type;
    const int32_t *cores; /* that are named or chosen for it; n_cores == 0: not said */
    int32_t n_cores;
    bool cores_chosen;     /* the user names none: `cores` were chosen for it alone, not for a layer
                              that it is fused into */
    stream_fuse_wish fuse; /* of the op */
} stream_fusion_layer;

/* What a core needs to run an op: one operator of `whole`, or all of `parts`. */
typedef struct {
    const char *const *whole, *const *parts;
    int32_t n_whole, n_parts;
    int32_t n_ops; /* operations for one element: occurrences of parts, at least 1 */
} stream_fusion_needs;

/* True if `op` is fused into `layer`. `by_default`: what becomes of ops of which nothing is said.
 * STREAM_FUSE_ALWAYS does not make a core run what it cannot: false, then.
 *
 * why  appended: the reason, for "... is (not) fused into ...: <why>" */
bool stream_fusion_allowed(const stream_accelerator *acc, const stream_fusion_layer *layer,
                           const stream_fusion_layer *op, const stream_fusion_needs *needs,
                           bool by_default, stream_text *why);

#ifdef __cplusplus
}
#endif

#endif
