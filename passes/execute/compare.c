/* Two programs, the same inputs, bit for bit. */

#include "internal.h"

#include <math.h>
#include <string.h>

static void note(stream_execute_difference *d, int32_t result, int64_t element, double expected,
                 double found) {
    if (d->identical) {
        d->identical = false;
        d->result = result;
        d->element = element;
        d->expected = expected;
        d->found = found;
    }
    double gap = fabs(expected - found), scale = fmax(fabs(expected), fabs(found));
    d->n_different++;
    if (!(gap <= d->max_abs))
        d->max_abs = gap;
    if (!(gap <= d->max_rel * scale))
        d->max_rel = gap / scale;
}

static void diff_result(const stream_execute_result *expected, const stream_execute_result *found,
                        int32_t index, stream_execute_difference *d) {
    MlirType element = mlirShapedTypeGetElementType(expected->type);
    size_t size = (size_t)expected->element_bytes;
    bool is_float = mlirTypeIsAFloat(element);
    bool same = !memcmp(expected->bytes, found->bytes, size * (size_t)expected->n_elements);
    d->n_elements += expected->n_elements;
    for (int64_t i = 0; i < expected->n_elements && (is_float || !same); ++i) {
        const unsigned char *a = expected->bytes + (size_t)i * size;
        const unsigned char *b = found->bytes + (size_t)i * size;
        double value = stream_execute_value(element, a);
        d->n_not_finite += is_float && !isfinite(value);
        if (!same && memcmp(a, b, size))
            note(d, index, i, value, stream_execute_value(element, b));
    }
}

stream_status stream_execute_diff(const stream_execute_results *expected,
                                  const stream_execute_results *found, const stream_diag *diag,
                                  stream_execute_difference *out) {
    *out = (stream_execute_difference){.identical = true};
    if (expected->n_results != found->n_results)
        return stream_error(diag, STREAM_INVALID, (stream_loc){0},
                            "the programs have %d and %d results", expected->n_results,
                            found->n_results);
    for (int32_t i = 0; i < expected->n_results; ++i) {
        if (!mlirTypeEqual(expected->results[i].type, found->results[i].type))
            return stream_error(diag, STREAM_INVALID, (stream_loc){0},
                                "result %d of the programs has different types", i);
        diff_result(&expected->results[i], &found->results[i], i, out);
    }
    return STREAM_OK;
}

stream_status stream_execute_compare(MlirOperation reference, MlirOperation scheduled,
                                     const stream_execute_options *options, const stream_diag *diag,
                                     stream_execute_difference *out) {
    stream_execute_results expected = {0}, found = {0};
    stream_execute_options same = *options;
    stream_arena *arena = stream_arena_create();
    if (!same.ranges)
        same.ranges = stream_execute_ranges(reference, arena, &same.n_ranges);
    stream_status status = stream_execute(reference, &same, diag, &expected);
    if (status == STREAM_OK)
        status = stream_execute(scheduled, &same, diag, &found);
    if (status == STREAM_OK)
        status = stream_execute_diff(&expected, &found, diag, out);
    stream_execute_free(&expected);
    stream_execute_free(&found);
    stream_arena_destroy(arena);
    return status;
}
