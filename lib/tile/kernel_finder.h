#ifndef STREAM_LIB_TILE_KERNEL_FINDER_H
#define STREAM_LIB_TILE_KERNEL_FINDER_H

#include "kernel_table.h"

#include "stream/tile/tile.h"

/* A part of the iterations of a layer. */
typedef struct {
    int64_t lo[STREAM_MAX_LOOPS], size[STREAM_MAX_LOOPS];
} stream_loop_box;

/* What CTs read, and the kernels that they share. */
typedef struct {
    const stream_workload *w;
    stream_arena *arena;
    stream_tracer tracer;
    stream_kernel_table table;
    stream_vec reads;   /* stream_ct_read: of all CTs so far */
    stream_vec kernels; /* stream_kernel */
    stream_vec shapes;  /* stream_kernel_shape: of each kernel */
    stream_vec key;     /* scratch: int64_t */
    int32_t layer;      /* of the last kernel, and how many it has */
    int32_t n_of_layer;
} stream_kernel_finder;

void stream_kernel_finder_open(stream_kernel_finder *f, const stream_workload *w,
                               stream_arena *arena);
/* Frees all but reads, kernels and shapes. */
void stream_kernel_finder_close(stream_kernel_finder *f);

/* The kernel of a CT that runs `box` of layer `l`, whose parts of the reduction are the first and
 * the last ones or not; a new one is named after the layer. What the CT reads is appended to
 * f->reads: *out_n_reads. Layers come one after the other. */
int32_t stream_kernel_finder_find(stream_kernel_finder *f, int32_t l, const stream_loop_box *box,
                                  bool first, bool last, int32_t *out_n_reads);

#endif
