/* Pooling: what onnx_pool.c and onnx_pool_more.c share; not installed. */
#ifndef STREAM_IMPORT_ONNX_POOL_H
#define STREAM_IMPORT_ONNX_POOL_H

#include "onnx_window.h"

/* Refuses an input 0 of rank 2 or less. */
stream_status stream_onnx_want_spatial(onnx_ctx *c);
/* One window as large as the input. */
onnx_window stream_onnx_whole_window(const onnx_value *x);
/* The least value of the type, minus infinity for floats. */
double stream_onnx_least(onnx_type type);
/* Of each element of `max`, where in input 0 it was found first: its position in row-major order,
 * or with the last dim before the others of a channel (column_major). */
onnx_value *stream_onnx_pool_indices(onnx_ctx *c, const onnx_window *w, onnx_value *max,
                                     bool column_major);

#endif
