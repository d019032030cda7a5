/* One axis resampled at computed coordinates; not installed. */
#ifndef STREAM_IMPORT_ONNX_RESAMPLE_H
#define STREAM_IMPORT_ONNX_RESAMPLE_H

#include "onnx_import.h"

typedef enum {
    ONNX_NEAREST,
    ONNX_LINEAR,
    ONNX_CUBIC
} onnx_interpolation;

/* What all axes of a Resize share. Strings as in the standard, checked by
 * stream_onnx_resample_check. */
typedef struct {
    onnx_interpolation kind;
    const char *coordinate, *nearest;
    bool antialias, exclude_outside;
    double cubic, extrapolation; /* cubic: the coefficient a */
} onnx_resampling;

/* One axis: `in` elements become `out`; roi: the part of the input that tf_crop_and_resize takes.
 */
typedef struct {
    int64_t in, out;
    double scale, roi[2];
} onnx_axis_scale;

stream_status stream_onnx_resample_check(onnx_ctx *c, const onnx_resampling *r);
/* v with `axis` resampled. Nearest keeps the element type; otherwise v is f32 or f64.
 * errs  UNSUPPORTED: too many taps */
stream_status stream_onnx_resample(onnx_ctx *c, const onnx_resampling *r, const onnx_axis_scale *a,
                                   onnx_value *v, int32_t axis, onnx_value **out);

#endif
