#ifndef STREAM_SUPPORT_INTEGER_H
#define STREAM_SUPPORT_INTEGER_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Checked 64-bit arithmetic: true and the result in `*out`, or false on overflow. */
static inline bool stream_add_i64(int64_t a, int64_t b, int64_t *out) {
    return !__builtin_add_overflow(a, b, out);
}
static inline bool stream_mul_i64(int64_t a, int64_t b, int64_t *out) {
    return !__builtin_mul_overflow(a, b, out);
}

/* a + b for a, b >= 0; INT64_MAX where that is less. */
static inline int64_t stream_sum_i64(int64_t a, int64_t b) {
    int64_t sum;
    return stream_add_i64(a, b, &sum) ? sum : INT64_MAX;
}

/* ceil(a / b) for a >= 0, b > 0. */
static inline int64_t stream_ceil_div(int64_t a, int64_t b) {
    return a / b + (a % b != 0);
}

/* Smallest multiple of `b` that is >= a, for a >= 0, b > 0; the caller knows that it fits. Powers
 * of two are not divided by. */
static inline int64_t stream_round_up(int64_t a, int64_t b) {
    if ((b & (b - 1)) == 0)
        return (int64_t)(((uint64_t)a + (uint64_t)b - 1) & ~((uint64_t)b - 1));
    return stream_ceil_div(a, b) * b;
}

/* Greatest common divisor of a, b >= 0; the other where one is 0. */
static inline int64_t stream_gcd_i64(int64_t a, int64_t b) {
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}
static inline int32_t stream_gcd_i32(int32_t a, int32_t b) {
    return (int32_t)stream_gcd_i64(a, b);
}

static inline int32_t stream_count_bits(uint8_t mask) {
    int32_t n = 0;
    for (; mask; mask &= (uint8_t)(mask - 1))
        ++n;
    return n;
}

/* Index of the lowest bit that is set; mask must not be 0. */
static inline int32_t stream_lowest_bit(uint32_t mask) {
    return __builtin_ctz(mask);
}

static inline int64_t stream_min_i64(int64_t a, int64_t b) {
    return a < b ? a : b;
}
static inline int64_t stream_max_i64(int64_t a, int64_t b) {
    return a > b ? a : b;
}

#ifdef __cplusplus
}
#endif

#endif
