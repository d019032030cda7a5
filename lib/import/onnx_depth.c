/* DepthToSpace and SpaceToDepth: reshape, transpose, reshape. */

#include "onnx_import.h"

#include <string.h>

static stream_status read_block(onnx_ctx *c, int64_t *block) {
    STREAM_TRY(stream_onnx_want_rank(c, 0, 4));
    STREAM_TRY(stream_onnx_int(c, "blocksize", 0, block));
    if (*block < 1 || *block > 1 << 15)
        return stream_onnx_error(c, STREAM_INVALID, "blocksize %lld", (long long)*block);
    return STREAM_OK;
}

/* x seen as rank 6, permuted, and seen as rank 4 again. */
static void shuffle(onnx_ctx *c, const int64_t *split, const int32_t *perm, const int64_t *dims) {
    onnx_value *v = stream_onnx_reshape_to(c, c->in[0], 6, split);
    c->out[0] = stream_onnx_reshape_to(c, stream_onnx_transpose(c, v, perm, ""), 4, dims);
}

static stream_status depth_to_space(onnx_ctx *c) {
    static const int32_t depth_first[] = {0, 3, 4, 1, 5, 2}, column_first[] = {0, 1, 4, 2, 5, 3};
    const char *mode = NULL;
    int64_t b = 0;
    STREAM_TRY(read_block(c, &b));
    STREAM_TRY(stream_onnx_string(c, "mode", "DCR", &mode));
    bool crd = !strcmp(mode, "CRD");
    const int64_t *d = c->in[0]->dims;
    if (d[1] % (b * b) || (!crd && strcmp(mode, "DCR") != 0) || d[2] > INT32_MAX / b ||
        d[3] > INT32_MAX / b)
        return stream_onnx_error(c, STREAM_INVALID, "mode '%.40s', %lld channels, blocksize %lld",
                                 mode, (long long)d[1], (long long)b);
    int64_t n = d[1] / (b * b);
    int64_t dcr[] = {d[0], b, b, n, d[2], d[3]}, crd_split[] = {d[0], n, b, b, d[2], d[3]};
    int64_t out[] = {d[0], n, d[2] * b, d[3] * b};
    shuffle(c, crd ? crd_split : dcr, crd ? column_first : depth_first, out);
    return STREAM_OK;
}

static stream_status space_to_depth(onnx_ctx *c) {
    static const int32_t perm[] = {0, 3, 5, 1, 2, 4};
    int64_t b = 0;
    STREAM_TRY(read_block(c, &b));
    const int64_t *d = c->in[0]->dims;
    if (d[2] % b || d[3] % b || d[1] > INT32_MAX / (b * b))
        return stream_onnx_error(c, STREAM_INVALID, "%lld x %lld, blocksize %lld", (long long)d[2],
                                 (long long)d[3], (long long)b);
    int64_t split[] = {d[0], d[1], d[2] / b, b, d[3] / b, b};
    int64_t out[] = {d[0], d[1] * b * b, d[2] / b, d[3] / b};
    shuffle(c, split, perm, out);
    return STREAM_OK;
}

static const onnx_row rows[] = {
    {"DepthToSpace", NULL, 1, 1, 1, ONNX_ANY, depth_to_space},
    {"SpaceToDepth", NULL, 1, 1, 1, ONNX_ANY, space_to_depth},
};

ONNX_FAMILY(stream_onnx_depth, rows);
