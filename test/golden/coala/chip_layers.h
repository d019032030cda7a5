#ifndef GOLDEN_COALA_CHIP_LAYERS_H
#define GOLDEN_COALA_CHIP_LAYERS_H

#include <stdint.h>

/* One layer. A CT is one of tiles[0] x tiles[1] x tiles[2] equal parts of its output; those of k
 * come fastest, then x, then y. */
typedef struct chip_layer {
    int32_t from[2]; /* producers; -1: the input of the network, or none */
    int32_t k, c;    /* output and input channels; c == 0: each output channel reads its own */
    int32_t y, x;    /* output */
    int32_t window, stride, pad;
    int32_t tiles[3]; /* k, y, x */
    int32_t core;
    double cycles, energy_pj; /* of a CT */
} chip_layer;

#endif
