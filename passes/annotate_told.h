#ifndef STREAM_PASSES_ANNOTATE_TOLD_H
#define STREAM_PASSES_ANNOTATE_TOLD_H

#include "annotate_candidates.h"

/* One remark per class of cores: how many kernels stream operands there, and the first of them. Of
 * a kernel, only cores that its CTs in `module` may run on count; all of one without CTs. */
void stream_tell_streams(MlirOperation module, const stream_accelerator *acc,
                         const stream_candidate *all, int32_t n, stream_arena *arena,
                         const stream_diag *diag);

#endif
