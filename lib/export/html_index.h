#ifndef STREAM_LIB_EXPORT_HTML_INDEX_H
#define STREAM_LIB_EXPORT_HTML_INDEX_H

#include "stream/export/export.h"

/* Shapes of boxes and routes of transfers are few: each is written once and has a number, in the
 * order of first use. */
typedef struct {
    const stream_box *const *shapes; /* [n_shapes] a box of that shape */
    int32_t n_shapes;
    const int32_t *ct_shape, *transfer_shape; /* [n_cts] of what it writes, [n_transfers] */
    const stream_transfer *const *routes;     /* [n_routes] a transfer from, to and over the same */
    int32_t n_routes;
    const int32_t *transfer_route; /* [n_transfers] */
} stream_html_index;

/* O(n log n). In `arena`; refers to boxes and transfers of `e`. */
void stream_html_index_build(const stream_export *e, stream_arena *arena, stream_html_index *out);

#endif
