#ifndef STREAM_CONVERT_COST_DETAIL_H
#define STREAM_CONVERT_COST_DETAIL_H

#include "mlir-c/IR.h"

#include "stream/cost/cost.h"

/* What a model found out about a kernel, as `detail` of #stream.cost; null if it has no mapping. */
MlirAttribute stream_save_cost_detail(MlirContext context, const stream_kernel_cost *cost);

#endif
