// RUN: unit-workload-outputs
/* Which part of a tensor must be off-chip at the end. */

#include "stream/workload/workload.h"
#include "test.h"

static stream_box row(int32_t lo, int32_t size) {
    return (stream_box){.rank = 2, .lo = {0, lo}, .size = {4, size}};
}

static bool leaves(const stream_tensor *tensor, int32_t lo, int32_t size, int32_t first,
                   int32_t n) {
    stream_box box = row(lo, size), part, expected = row(first, n);
    return stream_tensor_output_box(tensor, &box, &part) && stream_box_equal(&part, &expected);
}

static bool stays(const stream_tensor *tensor, int32_t lo, int32_t size) {
    stream_box box = row(lo, size), part = box;
    return !stream_tensor_output_box(tensor, &box, &part) && stream_box_equal(&part, &box);
}

int main(void) {
    stream_tensor t = {.rank = 2, .shape = {4, 10}};
    CHECK(stays(&t, 0, 10));

    stream_tensor_mark_output(&t, 3, 2);
    CHECK(leaves(&t, 0, 10, 3, 2));
    CHECK(leaves(&t, 4, 6, 4, 1));
    CHECK(stays(&t, 0, 3));
    CHECK(stays(&t, 5, 5));

    stream_tensor_mark_output(&t, 7, 1);
    CHECK(leaves(&t, 0, 10, 3, 5));

    stream_tensor_mark_output(&t, 0, 0);
    CHECK(leaves(&t, 0, 10, 0, 10));
    stream_tensor_mark_output(&t, 7, 1);
    CHECK(leaves(&t, 0, 10, 0, 10));

    stream_tensor scalar = {.rank = 0};
    stream_box point = {.rank = 0}, part;
    CHECK(!stream_tensor_output_box(&scalar, &point, &part));
    stream_tensor_mark_output(&scalar, 0, 0);
    CHECK(stream_tensor_output_box(&scalar, &point, &part) && stream_box_equal(&part, &point));
    return test_done();
}
