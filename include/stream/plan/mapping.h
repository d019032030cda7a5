#ifndef STREAM_PLAN_MAPPING_H
#define STREAM_PLAN_MAPPING_H

#include "stream/plan/fusion.h"
#include "stream/plan/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a mapping file says about layers: rules, which match by the name of a layer or by its
 * operator, and fused groups.
 *
 *   rule   cores, splits over cores, (files older than Stream 1.13) numbers of tiles, and whether
 * an element-wise layer is fused into the one before it. The first rule that names cores gives
 *          those, with its splits and tiles; the first that speaks of fusion decides that
 *   group  layers that make one stack, and tile sizes of their loops
 *
 * A loop is written `D<i>`, counted as Stream counts loops, or by its name ("K", "OY"):
 *   Conv     b, ox, oy, fx, fy, c, k, g         Gemm    m, k, n
 *   MatMul   batch ..., m, n, k                 Global*Pool  b, c, oh, ow, ih, iw
 *   others   the dimensions of the output, then the reduction loops in order
 *
 * An operator that became several layers (a softmax; a product and its rounding) has parts, named
 * after it ("fc.trunc" beside "fc", of the same operator). They share its cores and its group;
 * splits and tiles count its own loops and are not for the parts. */

#define STREAM_MAPPING_ALL (-1) /* "*", "all": as many as there are */

typedef struct {
    const char *layer; /* of a group's tile: which layer or operator it is for; else NULL */
    const char *loop;
    int64_t size; /* > 0, or STREAM_MAPPING_ALL */
    stream_loc loc, size_loc;
} stream_mapping_factor;

typedef struct {
    /* layer or operator; "default" matches what nothing else does, and of its cores each layer gets
     * those that run it */
    const char *name;
    const int32_t *cores;
    int32_t n_cores;             /* 0: not said */
    const stream_loc *core_locs; /* [n_cores]; NULL: they are at `loc` */
    const stream_mapping_factor *splits;
    int32_t n_splits;
    const stream_mapping_factor
        *pieces; /* number of tiles, not their size; ALL: one iteration each */
    int32_t n_pieces;
    stream_fuse_wish fuse;
    uint8_t streamed; /* bit per stream_operand_class: streamed in any case; 0: not said */
    bool lenient;     /* old file: a loop that the layer does not have is no error */
    stream_loc loc;
} stream_mapping_rule;

typedef struct {
    const char *name;
    const char *const *layers;
    int32_t n_layers;
    const stream_mapping_factor *tiles; /* iterations per CT, of the layer that each names alone:
                                           tiles of the other layers are chosen */
    int32_t n_tiles;
    stream_loc loc;
} stream_mapping_group;

typedef struct {
    const stream_mapping_rule *rules;
    int32_t n_rules;
    const stream_mapping_group *groups;
    int32_t n_groups;
    const char *contents;     /* the whole file as text of an MLIR dictionary attribute, or NULL */
    const stream_loc *places; /* [n_places] where its values stand: the dictionary, then what it
                                 holds in depth, the values of a dictionary by their keys */
    int32_t n_places;
    stream_loc loc;
} stream_mapping;

/* The loop of `layer` that `text` ("D2", "OY") means; -1: the layer does not have it (any more:
 * loops of one iteration may be gone), -2: no layer of this operator has it. */
int32_t stream_mapping_loop(const stream_workload *w, const stream_layer *layer, const char *text);

/* What it says about element-wise layers that may be fused. */
typedef struct {
    const int32_t *cores; /* as written: not checked */
    int32_t n_cores;      /* 0: not said */
    stream_fuse_wish fuse;
} stream_mapping_wish;

/* out  [w->n_layers], of a workload whose layers are not fused; `arena` is scratch */
void stream_mapping_wishes(const stream_mapping *mapping, const stream_workload *w,
                           stream_arena *arena, stream_mapping_wish *out);

/* Writes what the mapping says into plans [w->n_layers]; what it does not say becomes "not said"
 * (stream_plan_complete decides it). The first rule in the order of the file that matches wins.
 * Layers of a group that follow each other make one stack. A group that names an operator which
 * other groups name too does not fuse its layers; that, names that match nothing, a core that a
 * rule names again and more parts than cores are warnings.
 *
 * plans  written; their arrays are in `arena`
 * errs   INVALID: a core that is not there or does not run the operator (of a default rule: none of
 * its cores does); a loop that the operator does not have; a split larger than its loop */
STREAM_NODISCARD
stream_status stream_mapping_apply(const stream_mapping *mapping, const stream_workload *w,
                                   const stream_accelerator *acc, stream_arena *arena,
                                   const stream_diag *diag, stream_layer_plan *plans);

#ifdef __cplusplus
}
#endif

#endif
