#ifndef STREAM_LIB_PLAN_MAPPING_GROUPS_H
#define STREAM_LIB_PLAN_MAPPING_GROUPS_H

#include "stream/plan/mapping.h"

/* Gemm and BatchMatMul are MatMul; case is ignored. */
bool stream_mapping_is_operator(const stream_layer *layer, const char *name);

/* The group of a layer: the one that names it, else the only one that names its operator. -1: none,
 * -2: several name its operator. */
int32_t stream_mapping_group_of(const stream_mapping *mapping, const stream_layer *layer);

/* Every run of layers of one group is a stack, numbered by its first layer: numbers ascend, and
 * none is taken by layers in between. Warns of a group in several runs, and of operators of several
 * groups.
 *
 * group_of  [n_layers] as stream_mapping_group_of says */
void stream_mapping_set_stacks(const stream_mapping *mapping, const stream_workload *w,
                               const int32_t *group_of, const stream_diag *diag,
                               stream_layer_plan *plans);

#endif
