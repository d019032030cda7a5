#ifndef STREAM_LIB_PLAN_ROW_TABLES_H
#define STREAM_LIB_PLAN_ROW_TABLES_H

#include "stream/plan/footprint.h"

/* What the row tiles of one layer read through one operand from one tensor. */
typedef struct row_read {
    int32_t reader, producer; /* layers; producer -1: an input of the network */
    const int32_t *begin;  /* [tiles of reader] the first tile of the producer that this tile or a
                              later one reads */
    const int32_t *end;    /* [tiles of reader] behind the last one that this tile reads */
    const int64_t *bits;   /* [tiles of reader] of the box */
    const int64_t *shared; /* [tiles of reader] of the box, also read by the next tile */
} row_read;

typedef struct {
    int32_t output; /* tensor */
    int32_t n_tiles;
    int64_t rows, n_rows; /* of a tile; of the layer (one batch) */
    int64_t row_bits;     /* of the output; all of it, where rows do not index it */
    int64_t weight_bits;
    const row_read *reads;
    int32_t n_reads;
    const row_read **readers;       /* reads of the output */
    int32_t n_readers, last_reader; /* layer, -1: none */
} row_layer;

struct stream_row_tables {
    const row_layer *layers; /* [n_layers] */
    int32_t n_layers;
};

#endif
