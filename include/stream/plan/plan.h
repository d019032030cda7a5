#ifndef STREAM_PLAN_PLAN_H
#define STREAM_PLAN_PLAN_H

#include "stream/hardware/accelerator.h"
#include "stream/support/text.h"
#include "stream/workload/workload.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is decided for one layer. A plan may be partial: -1, 0 and NULL mean "not said", and
 * stream_plan_complete fills them in without touching what was said.
 *
 *   stack   layers of one stack are fused: their CTs interleave; stacks follow each other
 *   tile    tile[l]: iterations of loop l in one CT (0: not said). The last tile may be smaller
 *   split   split[l]: loop l is divided over this many cores before it is tiled (0: not said, 1: no)
 *   cores   ids of the cores that may run it; with a split of product n and n cores, part i goes to
 *           cores[i]
 *   streamed  operands that CTs read from off-chip, or write there, while they run; 0: none that fits */
typedef struct {
    int32_t stack;
    int64_t tile[STREAM_MAX_LOOPS];
    int64_t split[STREAM_MAX_LOOPS];
    const int32_t *cores;
    int32_t n_cores;
    uint8_t streamed; /* bit per stream_operand_class: streamed (rule R9) in any case */
    stream_loc loc;
} stream_layer_plan;

typedef enum {
    STREAM_FUSE_BY_CAPACITY,   /* fused while weights and rows of the stack fit its cores */
    STREAM_FUSE_LAYER_BY_LAYER /* every layer its own stack, one CT as large as fits */
} stream_fusion;

/* Which tiles are taken where all of a layer, or its rows, does not fit. */
typedef enum {
    STREAM_SHAPE_FEWEST,  /* the fewest CTs; the reduction is divided last */
    STREAM_SHAPE_CHEAPEST /* the least cycles, by an estimate of what the arrays use and memories fetch */
} stream_shape;

typedef struct {
    stream_fusion fusion;
    stream_shape shape;
    const int32_t *cuts; /* layer ids that begin a new stack, ascending; overrides `fusion`; inside
                            of a stack that the plans number it is an error */
    int32_t n_cuts;
    int64_t rows;        /* rows of the outermost spatial (or token) loop per CT in a fused stack */
    double fill;         /* part of a memory that one CT may take, leaving room to prefetch: (0, 1] */
    bool report;         /* remarks: where a stack begins and why, what CTs and stacks hold */
    bool streaming;      /* operands that fit no core in any tile may be streamed (rule R9) */
    int64_t max_cts;     /* more than this for want of memory are an error; 0: any number */
    int64_t max_pieces;  /* more that all CTs read (boxes of one CT, input or constant) are an error; 0: any number */
} stream_plan_options;

#define STREAM_PLAN_OPTIONS_DEFAULTS                                                               \
    ((stream_plan_options){.fusion = STREAM_FUSE_BY_CAPACITY, .rows = 1, .fill = 0.5})

/* Completes `plans` [n_layers] in place, keeping what is said:
 *
 *   stacks   by `fusion` or `cuts`. By capacity: while the footprint of the stack (footprint.h) fits the
 *            top memories of the cores that may run its layers: its weights those for I2, its rows `fill`
 *            of those for I1 and O, and both together all of them
 *   cores    all compute cores that run the operator
 *   tiles    in stacks of several layers: `rows` of the row loop (OY, or the outermost parallel loop that
 *            is not the output channel) and one batch. In a stack of one layer: the whole layer, split over
 *            its cores by output channel (or rows, or what is parallel); over cores that are not alike in
 *            tiles, four for each core, unless the whole layer, shrunk, has enough and fewer
 *   then tiles shrink until a CT fits `fill` of every memory of every allowed core (all of it, if the
 *            smallest CT needs more): rows, then rows and output channels with the fewest CTs, then these
 *            with the inner other parallel loops, then the reduction, outermost loop first. Tiles that the user gave are
 *            not shrunk. Inputs count in the pieces in which the CTs of other layers write them, each in whole
 *            words, as the scheduler reserves them. The outermost reduction loop is split as well where that
 *            makes the CTs 4 times fewer; of shapes of an element-wise layer with about as many CTs, the one
 *            that reads the fewest pieces is taken. With STREAM_SHAPE_CHEAPEST tiles that had to shrink are those
 *            of the least cycles by an estimate instead. Tile sizes are balanced where that fits: ceil(bound / ceil(bound / size)).
 *
 * Cores that not even the smallest CT fits are dropped; a warning names them, and what would let the layer run there. If none stays and `streaming`
 * allows it, the fewest operands that the off-chip memory holds (of equally many those with the fewest bits)
 * need no longer fit, a remark says which, and the tiles shrink for the others alone.
 *
 * out_unfuse  [n_layers] or NULL. A layer with an epilogue cannot split its reduction; where that would be
 *             needed, or make the CTs 4 times fewer, it is set, and the status is LIMIT without a message:
 *             take its epilogue apart, call again
 * errs  INFEASIBLE naming layer, core, memory, bits per operand and capacity: no core runs the operator,
 *       the smallest CT fits no allowed core, there are more than `max_cts`, or they
 *       would read more than `max_pieces`;  INVALID: a given plan contradicts the layer */
STREAM_NODISCARD
stream_status stream_plan_complete(const stream_workload *w, const stream_accelerator *acc,
                                   const stream_plan_options *options, stream_arena *arena,
                                   const stream_diag *diag, stream_layer_plan *plans,
                                   bool *out_unfuse);

/* Appends what complete plans say, a line per layer: plans of one workload that are printed alike
 * make the same CTs for the same cores. */
void stream_plan_print(const stream_workload *w, const stream_layer_plan *plans, stream_text *out);

/* Iterations of loop l that one split part covers at most: ceil(bound / split). */
int64_t stream_plan_part(const stream_layer *layer, const stream_layer_plan *plan, int32_t l);

/* CTs of the layer; INT64_MAX / 2 where they are more. A tile of 0 is all of a part. */
int64_t stream_plan_ct_count(const stream_layer *layer, const stream_layer_plan *plan);

#ifdef __cplusplus
}
#endif

#endif
