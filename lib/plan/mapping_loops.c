/* Loops as Stream counts them; see mapping_loops.h. */

#include "mapping_loops.h"

#include "stream/plan/mapping.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int32_t by_names(const stream_layer *layer, const char *const *names, int32_t n,
                        int32_t *order) {
    for (int32_t i = 0; i < n; ++i)
        order[i] = stream_layer_loop(layer, names[i]);
    return n;
}

static int32_t reductions(const stream_layer *layer, int32_t n, int32_t *order) {
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (layer->reduction[l])
            order[n++] = l;
    return n;
}

static int32_t outputs(const stream_workload *w, const stream_layer *layer, int32_t limit,
                       int32_t *order) {
    const stream_tensor *tensor = &w->tensors[layer->output];
    int32_t rank = tensor->rank - (tensor->lanes > 0), n = 0;
    for (; n < rank && n < limit; ++n)
        order[n] = layer->output_loop[n];
    return n;
}

/* m, k, n of an output (m, n) */
static int32_t gemm(const stream_workload *w, const stream_layer *layer, int32_t *order) {
    int32_t all[2 * STREAM_MAX_LOOPS];
    int32_t n = reductions(layer, outputs(w, layer, STREAM_MAX_RANK, all), all);
    for (int32_t i = 0; i < n; ++i)
        order[i == 1 ? 2 : i == 2 ? 1 : i] = all[i];
    return n;
}

/* b, c, oh, ow of one iteration, ih, iw */
static int32_t global_pool(const stream_workload *w, const stream_layer *layer, int32_t *order) {
    int32_t n = outputs(w, layer, 2, order);
    while (n < 4)
        order[n++] = -1;
    return reductions(layer, n, order);
}

static bool is(const stream_layer *layer, const char *op) {
    return !strcasecmp(layer->op_type, op);
}

int32_t stream_mapping_order(const stream_workload *w, const stream_layer *layer, int32_t *order) {
    static const char *const conv[] = {"B", "OX", "OY", "FX", "FY", "C", "K", "G"};
    if (is(layer, "Conv") || is(layer, "QLinearConv") || is(layer, "ConvInteger"))
        return by_names(layer, conv, 8, order);
    if (is(layer, "Gemm") && w->tensors[layer->output].rank == 2)
        return gemm(w, layer, order);
    if (!strncasecmp(layer->op_type, "Global", 6))
        return global_pool(w, layer, order);
    return reductions(layer, outputs(w, layer, STREAM_MAX_RANK, order), order);
}

int32_t stream_mapping_loop(const stream_workload *w, const stream_layer *layer, const char *text) {
    int32_t order[2 * STREAM_MAX_LOOPS];
    char *end;
    if (text[0] == 'D' && isdigit((unsigned char)text[1])) {
        int32_t n = stream_mapping_order(w, layer, order);
        long i = strtol(text + 1, &end, 10);
        return *end || i < 0 || i >= n ? -2 : order[i];
    }
    int32_t loop = stream_layer_loop(layer, text);
    return loop >= 0 ? loop : -2;
}
