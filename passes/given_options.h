#ifndef STREAM_PASSES_GIVEN_OPTIONS_H
#define STREAM_PASSES_GIVEN_OPTIONS_H

#include "stream/support/text.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What an option says, whatever it is called by stream-compile, the pipeline or a pass. */
typedef enum {
    STREAM_GIVEN_FUSION,
    STREAM_GIVEN_SHAPE,
    STREAM_GIVEN_CUTS,
    STREAM_GIVEN_ROWS,
    STREAM_GIVEN_FILL,
    STREAM_GIVEN_FUSE_ELEMENTWISE,
    STREAM_GIVEN_STREAMING,
    STREAM_GIVEN_MAX_CTS,
    STREAM_GIVEN_OBJECTIVE,         /* of the allocation */
    STREAM_GIVEN_MAPPING_OBJECTIVE, /* of prices alone */
    STREAM_GIVEN_EVALUATIONS,
    STREAM_GIVEN_ORDER_TRIES,
    STREAM_GIVEN_ANY_DATAFLOW,
    STREAM_GIVEN_MAX_LABELS,
    STREAM_GIVEN_COST_CACHE,
    STREAM_GIVEN_SEED,
    STREAM_GIVEN_THREADS,
    STREAM_GIVEN_COST_MODEL,
    STREAM_GIVEN_SCHEDULE_MODEL,
    STREAM_GIVEN_POLICY,
    STREAM_GIVEN_PREFETCH,
    STREAM_GIVEN_V0_COST_MODEL, /* of coala-v0 alone */
    STREAM_GIVEN_V0_TILES,      /* of coala-v0 alone */
    STREAM_N_GIVEN
} stream_given_id;

/* name   as it is written, with its dashes
 * value  its text, or any text where only that it is given matters; NULL: it is not given */
typedef struct {
    const char *name, *value;
} stream_given_option;

typedef struct {
    stream_given_option at[STREAM_N_GIVEN];
    const char *equals; /* what is written between a name and its value */
} stream_given_options;

/* False, with the reason appended: an option is given that would have no effect beside the others.
 */
bool stream_given_have_effect(const stream_given_options *o, stream_text *message);

#ifdef __cplusplus
}
#endif

#endif
