/* Index arithmetic; see onnx_index.h. */

#include "onnx_index.h"

#include <stdio.h>
#include <string.h>

onnx_scalar stream_onnx_s_loop(onnx_ctx *c, int32_t loop) {
    onnx_scalar s = {c->generic.n_scalars++, ONNX_INT64};
    stream_text_print(&c->generic.body, "      %%s%d = linalg.index %d : index\n", s.id, loop);
    return s;
}

onnx_scalar stream_onnx_s_to_index(onnx_ctx *c, onnx_scalar v) {
    onnx_scalar s = {c->generic.n_scalars++, ONNX_INT64};
    stream_text_print(&c->generic.body, "      %%s%d = arith.index_cast %%s%d : %s to index\n",
                      s.id, v.id, stream_onnx_mlir(v.type));
    return s;
}

onnx_scalar stream_onnx_s_from_end(onnx_ctx *c, onnx_scalar i, int64_t dim) {
    onnx_scalar negative = stream_onnx_s_compare(c, "lt", i, stream_onnx_s_number(c, i.type, 0));
    onnx_scalar wrapped =
        stream_onnx_s_arith(c, '+', i, stream_onnx_s_number(c, i.type, (double)dim));
    return stream_onnx_s_select(c, negative, wrapped, i);
}

const char *stream_onnx_replaced_map(onnx_ctx *c, int32_t n, int32_t at, const char *by) {
    size_t room = (size_t)n * 6 + strlen(by) + 3, used = 0;
    char *map = stream_arena_alloc(c->arena, room, 1);
    for (int32_t d = 0; d < n; ++d) {
        used += (size_t)snprintf(map + used, room - used, "%s", d ? ", " : "");
        used += (size_t)(d == at ? snprintf(map + used, room - used, "%s", by)
                                 : snprintf(map + used, room - used, "d%d", d));
    }
    return map;
}

stream_status stream_onnx_want_indices(onnx_ctx *c, int32_t i) {
    onnx_type type = c->in[i]->type;
    if (type != ONNX_INT32 && type != ONNX_INT64)
        return stream_onnx_error(c, STREAM_INVALID, "the indices ('%s') are %s", c->in[i]->name,
                                 stream_onnx_type_name(type));
    return STREAM_OK;
}
