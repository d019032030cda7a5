#ifndef STREAM_LIB_PLAN_WAY_OUT_H
#define STREAM_LIB_PLAN_WAY_OUT_H

#include "stream/hardware/accelerator.h"

/* Bits per cycle of the core's way to off-chip memory. */
int64_t stream_way_out(const stream_accelerator *acc, int32_t core);

#endif
