/* A reference row: the layer, core, mapping and settings of one run of ZigZag (reference 9), and
 * its results. */
#ifndef GOLDEN_ROW_H
#define GOLDEN_ROW_H

#include "document.h"
#include "stream/cost/search.h"

typedef struct {
    document doc;
    yaml_node_t *row, *result;
    int64_t id;
    stream_cost_model model;
    bool ok; /* the reference has a result; otherwise it refused */
    stream_loop_nest nest;
    const stream_core *core;
    const stream_memory *offchip; /* added on top for offchip_operands, or NULL */
    uint8_t offchip_operands;
    stream_spatial_request spatial;
    stream_loma_options loma;
    stream_loop_pin pins[STREAM_MAP_MAX_LOOPS];
    int64_t cycles_per_op; /* of the final evaluation; the search uses 1 */
} golden_row;

/* inputs: the folder that `core` and `mapping` are relative to. In `arena`; false with a message.
 */
bool golden_row_open(golden_row *row, const char *path, const char *inputs, stream_arena *arena);
void golden_row_close(golden_row *row);

/* Id of the dim with this name, or -1; case is ignored. */
int32_t golden_dim(const stream_loop_nest *nest, const char *name, size_t n);
/* Id of the operand with this name, or -1. */
int32_t golden_operand(const stream_loop_nest *nest, const char *name);

#endif
