// RUN: unit-support-arena

/* Arrays of all sizes lie apart from each other, begin as zeros, and large ones at a line of the
 * cache: in blocks, in runs of pages where an arena holds much, and as pages of their own. */

#include "stream/support/arena.h"
#include "stream/support/alloc.h"
#include "stream/support/pages.h"

#include "test.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    N_ARRAYS = 400,
    LARGE_BYTES = 16 << 10
};

static size_t size_of(size_t i) {
    static const size_t sizes[] = {24, 200, LARGE_BYTES, 40000, 70001, 300000, STREAM_PAGES_LEAST};
    return i % 101 == 100 ? sizes[6] : sizes[i * 7 % 6];
}

static bool is_all(const unsigned char *bytes, size_t n, unsigned char value) {
    return bytes[0] == value && !memcmp(bytes, bytes + 1, n - 1);
}

int main(void) {
    static unsigned char *arrays[N_ARRAYS];
    stream_arena *arena = stream_arena_create();
    size_t bytes = 0;
    bool zero = true, aligned = true, kept = true;
    for (size_t i = 0; i < N_ARRAYS; ++i) {
        size_t n = size_of(i);
        arrays[i] = stream_arena_alloc(arena, n, 1);
        zero &= is_all(arrays[i], n, 0);
        aligned &= n < LARGE_BYTES || (uintptr_t)arrays[i] % STREAM_LINE_BYTES == 0;
        memset(arrays[i], (int)(i % 255) + 1, n);
        bytes += n;
    }
    for (size_t i = 0; i < N_ARRAYS; ++i)
        kept &= is_all(arrays[i], size_of(i), (unsigned char)(i % 255 + 1));
    CHECK(zero);
    CHECK(aligned);
    CHECK(kept);
    CHECK(stream_arena_used(arena) >= bytes);
    CHECK(stream_arena_used(arena) < bytes + bytes / 16);
    stream_arena_destroy(arena);
    return test_done();
}
