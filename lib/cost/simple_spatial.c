/* Spatial mapping of the simple model; see simple_spatial.h. */

#include "simple_spatial.h"

#include "stream/support/integer.h"

static void clear(const stream_core *core, stream_simple_spatial *s) {
    for (int32_t x = 0; x < core->n_array_dims; ++x)
        for (int32_t l = 0; l < STREAM_MAX_LOOPS; ++l)
            s->unroll[x][l] = 1;
}

static int64_t unrolled(const stream_core *core, const stream_simple_spatial *s, int32_t l) {
    int64_t product = 1;
    for (int32_t x = 0; x < core->n_array_dims; ++x)
        product *= s->unroll[x][l];
    return product;
}

static int64_t count_cycles(const stream_layer *layer, const stream_core *core,
                            const stream_simple_spatial *s) {
    int64_t cycles = 1;
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (!stream_mul_i64(cycles, stream_ceil_div(layer->bounds[l], unrolled(core, s, l)),
                            &cycles))
            return INT64_MAX;
    return cycles;
}

static void keep_better(const stream_layer *layer, const stream_core *core,
                        stream_simple_spatial *candidate, stream_simple_spatial *best) {
    candidate->cycles = count_cycles(layer, core, candidate);
    if (candidate->cycles < best->cycles)
        *best = *candidate;
}

/* What is left of loop l for array dim x. */
static int64_t room(const stream_layer *layer, const stream_core *core,
                    const stream_simple_spatial *s, int32_t x, int32_t l) {
    int64_t left = stream_ceil_div(layer->bounds[l], unrolled(core, s, l));
    return stream_min_i64(left, core->array_sizes[x]);
}

static void from_dataflow(const stream_layer *layer, const stream_core *core,
                          const stream_dataflow *dataflow, stream_simple_spatial *best) {
    stream_simple_spatial s;
    clear(core, &s);
    for (int32_t i = 0; i < dataflow->n_unrolls; ++i) {
        const stream_unroll *u = &dataflow->unrolls[i];
        int32_t l = stream_layer_loop(layer, u->loop);
        if (l >= 0 && u->array_dim >= 0 && u->array_dim < core->n_array_dims)
            s.unroll[u->array_dim][l] = stream_max_i64(
                1, stream_min_i64(u->unroll, room(layer, core, &s, u->array_dim, l)));
    }
    keep_better(layer, core, &s, best);
}

static void assign(const stream_layer *layer, const stream_core *core, int32_t x,
                   stream_simple_spatial *s, stream_simple_spatial *best) {
    if (x == core->n_array_dims) {
        keep_better(layer, core, s, best);
        return;
    }
    for (int32_t l = 0; l < layer->n_loops; ++l) {
        int64_t factor = room(layer, core, s, x, l);
        if (factor < 2)
            continue;
        s->unroll[x][l] = factor;
        assign(layer, core, x + 1, s, best);
        s->unroll[x][l] = 1;
    }
    assign(layer, core, x + 1, s, best);
}

static void assign_greedily(const stream_layer *layer, const stream_core *core,
                            stream_simple_spatial *s, stream_simple_spatial *best) {
    for (int32_t x = 0; x < core->n_array_dims; ++x) {
        int32_t widest = 0;
        for (int32_t l = 1; l < layer->n_loops; ++l)
            if (room(layer, core, s, x, l) > room(layer, core, s, x, widest))
                widest = l;
        s->unroll[x][widest] = stream_max_i64(1, room(layer, core, s, x, widest));
    }
    keep_better(layer, core, s, best);
}

stream_simple_spatial stream_simple_spatial_best(const stream_layer *layer,
                                                 const stream_core *core) {
    stream_simple_spatial best, s;
    clear(core, &best);
    clear(core, &s);
    best.cycles = count_cycles(layer, core, &best);
    for (int32_t i = 0; i < core->n_dataflows; ++i)
        from_dataflow(layer, core, &core->dataflows[i], &best);
    if (core->n_dataflows == 0 && core->n_array_dims <= 4)
        assign(layer, core, 0, &s, &best);
    else if (core->n_dataflows == 0)
        assign_greedily(layer, core, &s, &best);
    return best;
}
