#ifndef STREAM_LIB_WORKLOAD_CHECK_H
#define STREAM_LIB_WORKLOAD_CHECK_H

#include "stream/workload/workload.h"

/* Ranks, dimensions and the product of all in bits are in range. */
bool stream_shape_fits(int32_t rank, const int64_t *shape, int64_t element_bits);

/* Kind, sources, maps and shape of one view; its sources are checked already.
 * errs  INVALID, at the tensor's location where there is one */
STREAM_NODISCARD
stream_status stream_view_check(const stream_workload *w, int32_t view, const stream_diag *diag);

#endif
