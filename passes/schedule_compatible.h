#ifndef STREAM_PASSES_SCHEDULE_COMPATIBLE_H
#define STREAM_PASSES_SCHEDULE_COMPATIBLE_H

#include "pass.h"

/* stream-schedule{model=coala-v0}: linalg ops get #stream.plan and stream.costs, the function the
 * summary of convert/compatible.h.
 *
 * errs  INVALID: CTs instead of linalg ops, a layer without its one core, another policy; as
 *       stream_load_network, stream_cost_search and stream_load_compatible */
stream_status stream_schedule_compatible(stream_pass *pass, MlirOperation module);

#endif
