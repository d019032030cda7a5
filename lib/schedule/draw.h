#ifndef STREAM_LIB_SCHEDULE_DRAW_H
#define STREAM_LIB_SCHEDULE_DRAW_H

#include <stdint.h>

#define DRAW_SEED UINT64_C(88172645463325252)

/* The next of a fixed sequence of random numbers below n (xorshift); *state is not 0. */
static inline uint32_t stream_draw(uint64_t *state, uint32_t n) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (uint32_t)((*state >> 32) % n);
}

#endif
