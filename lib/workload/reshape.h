#ifndef STREAM_LIB_WORKLOAD_RESHAPE_H
#define STREAM_LIB_WORKLOAD_RESHAPE_H

#include "stream/workload/workload.h"

/* Boxes through row-major reshapes. A range of a collapsed dimension is a box of the dimensions it
 * was made of only in the form
 *
 *     fixed, ..., fixed, range, whole, ..., whole
 *
 * so the smallest box of that form that covers what is asked is taken, and `*made` says what the
 * reshape then makes: `asked` or more. */

/* The box of `source` from which COLLAPSE `view` makes `*made`, which covers `asked`. */
stream_box stream_collapse_source(const stream_view *source, const stream_view *view,
                                  const stream_box *asked, stream_box *made);

/* The box of `source` from which EXPAND `view` makes `*made`, which covers `asked`. */
stream_box stream_expand_source(const stream_view *source, const stream_view *view,
                                const stream_box *asked, stream_box *made);

#endif
