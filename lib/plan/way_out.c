/* Ways to off-chip memory; see way_out.h. */

#include "way_out.h"

#include "stream/hardware/route.h"

int64_t stream_way_out(const stream_accelerator *acc, int32_t core) {
    stream_arena *scratch = stream_arena_create();
    stream_routes *routes = stream_routes_create(acc, scratch);
    int64_t width = stream_routes_get(routes, core, acc->offchip_core)->bandwidth_bits;
    stream_arena_destroy(scratch);
    return width;
}
