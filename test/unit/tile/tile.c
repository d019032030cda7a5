// RUN: unit-tile-tile
/* Tilings of random networks under random plans, against definitions that look at every pair of
 * CTs. */

#include "stream/tile/tile.h"
#include "test.h"
#include "workload/builder.h"
#include "workload/evaluate.h"

#include <stdlib.h>
#include <time.h>

static int64_t below(unsigned *seed, int64_t n) {
    return (int64_t)(test_random(seed) % (unsigned)n);
}

/* conv, then a residual block with a strided view, a pool, a concat, and a dense layer. */
static stream_workload random_network(builder *b, unsigned *seed) {
    int64_t in = 1 + below(seed, 3), rows = 4 + below(seed, 5), channels = 2 + below(seed, 3);
    int32_t x = build_input(b, "x", 4, (int64_t[]){1 + below(seed, 2), in, rows, rows}, 8);
    int32_t c1 = build_conv(
        b, "c1", x,
        (conv_shape){.channels = channels, .kernel = 3, .pad = 1, .stride = 1 + below(seed, 2)});
    int32_t c2 = build_conv(b, "c2", c1, (conv_shape){.channels = channels, .kernel = 3, .pad = 1});
    int32_t sum = build_add(b, "sum", c1, c2);
    int32_t dw = build_depthwise(b, "dw", sum, (conv_shape){.kernel = 3, .pad = 1});
    int32_t both[2] = {dw, sum};
    int64_t shape[4];
    memcpy(shape, build_view_at(b, sum)->shape, sizeof shape);
    shape[1] *= 2;
    int32_t joined = build_view(b, STREAM_VIEW_CONCAT, 4, shape, 2, both);
    build_view_at(b, joined)->axis = 1;
    int32_t pool = build_pool(b, "pool", joined, (conv_shape){.kernel = 2, .pad = below(seed, 2)});
    memcpy(shape, build_view_at(b, pool)->shape, sizeof shape);
    int32_t flat = build_view(b, STREAM_VIEW_COLLAPSE, 2,
                              (int64_t[]){shape[0], shape[1] * shape[2] * shape[3]}, 1, &pool);
    memcpy(build_view_at(b, flat)->map, (int32_t[]){0, 1, 1, 1}, 4 * sizeof(int32_t));
    int32_t w = build_constant(b, "fc.w", 2, (int64_t[]){build_view_at(b, flat)->shape[1], 5}, 8);
    build_output(b, build_matmul(b, "fc", flat, w));
    return build_finish(b);
}

static stream_layer_plan *random_plans(const stream_workload *w, stream_arena *arena,
                                       unsigned *seed) {
    stream_layer_plan *plans = STREAM_NEW(arena, stream_layer_plan, (size_t)w->n_layers);
    for (int32_t i = 0; i < w->n_layers; ++i)
        for (int32_t l = 0; l < w->layers[i].n_loops; ++l) {
            int64_t bound = w->layers[i].bounds[l];
            plans[i].tile[l] = below(seed, 2) ? bound : 1 + below(seed, bound);
            plans[i].split[l] =
                w->layers[i].reduction[l] || below(seed, 3) ? 1 : 1 + below(seed, bound);
        }
    return plans;
}

/* Every output element is written once, and once more for every further tile of the reduction. */
static int coverage_errors(const stream_workload *w, const stream_layer_plan *plans,
                           const stream_ct_graph *g) {
    int wrong = 0;
    for (int32_t i = 0; i < w->n_layers; ++i) {
        const stream_layer *layer = &w->layers[i];
        int64_t passes = 1, first = 0, all = 0, volume = 1;
        for (int32_t l = 0; l < layer->n_loops; ++l)
            if (layer->reduction[l])
                passes *= (layer->bounds[l] + plans[i].tile[l] - 1) / plans[i].tile[l];
            else
                volume *= layer->bounds[l];
        for (int32_t c = 0; c < g->n_cts; ++c)
            if (g->cts[c].tensor == layer->output) {
                all += stream_box_volume(&g->cts[c].box);
                first += g->cts[c].accumulates ? 0 : stream_box_volume(&g->cts[c].box);
            }
        wrong += all != passes * volume || first != volume;
        for (int32_t a = 0; a < g->n_cts; ++a)
            for (int32_t b = 0; b < a; ++b)
                wrong += g->cts[a].tensor == g->cts[b].tensor &&
                         stream_box_overlaps(&g->cts[a].box, &g->cts[b].box) &&
                         !stream_box_equal(&g->cts[a].box, &g->cts[b].box);
    }
    return wrong;
}

static bool is_last_writer(const stream_ct_graph *g, int32_t ct) {
    for (int32_t i = ct + 1; i < g->n_cts; ++i)
        if (g->cts[i].tensor == g->cts[ct].tensor &&
            stream_box_equal(&g->cts[i].box, &g->cts[ct].box))
            return false;
    return true;
}

static bool is_pred(const stream_ct_graph *g, int32_t p, int32_t c) {
    const stream_ct *from = &g->cts[p], *to = &g->cts[c];
    for (int32_t r = to->first_read; r < to->first_read + to->n_reads; ++r)
        if (g->reads[r].tensor == from->tensor &&
            stream_box_overlaps(&g->reads[r].box, &from->box) && is_last_writer(g, p))
            return true;
    if (!to->accumulates || from->tensor != to->tensor || !stream_box_equal(&from->box, &to->box))
        return false;
    for (int32_t i = p + 1; i < c; ++i)
        if (g->cts[i].tensor == to->tensor && stream_box_equal(&g->cts[i].box, &to->box))
            return false;
    return true;
}

/* The lists of c hold exactly the pairs that the definition gives, ascending. */
static int edge_errors(const stream_ct_graph *g) {
    int wrong = 0;
    int32_t *succ_at = calloc((size_t)(uint32_t)g->n_cts, sizeof *succ_at);
    for (int32_t c = 0; c < g->n_cts; ++c) {
        int32_t at = g->pred_first[c];
        for (int32_t p = 0; p < c; ++p)
            if (is_pred(g, p, c)) {
                wrong += at >= g->pred_first[c + 1] || g->preds[at++] != p;
                wrong += g->succs[g->succ_first[p] + succ_at[p]++] != c;
            }
        wrong += at != g->pred_first[c + 1];
    }
    for (int32_t c = 0; c < g->n_cts; ++c)
        wrong += succ_at[c] != g->succ_first[c + 1] - g->succ_first[c];
    free(succ_at);
    return wrong;
}

static int list_errors(const stream_ct_graph *g) {
    int wrong = g->reader_first[g->n_tensors] != g->n_reads;
    wrong += g->writer_first[g->n_tensors] != g->n_cts;
    for (int32_t t = 0; t < g->n_tensors; ++t) {
        for (int32_t i = g->reader_first[t]; i < g->reader_first[t + 1]; ++i)
            wrong += g->reads[g->readers[i]].tensor != t ||
                     (i > g->reader_first[t] && g->readers[i] <= g->readers[i - 1]);
        for (int32_t i = g->writer_first[t]; i < g->writer_first[t + 1]; ++i)
            wrong += g->cts[g->writers[i]].tensor != t ||
                     (i > g->writer_first[t] && g->writers[i] <= g->writers[i - 1]);
    }
    for (int32_t c = 0; c < g->n_cts; ++c)
        for (int32_t r = g->cts[c].first_read; r < g->cts[c].first_read + g->cts[c].n_reads; ++r)
            wrong += g->read_ct[r] != c;
    return wrong;
}

static bool same_program(const stream_trace *a, const stream_trace *b) {
    if (a->n_steps != b->n_steps || a->n_sources != b->n_sources)
        return false;
    if (a->n_sources &&
        memcmp(a->sources, b->sources, (size_t)a->n_sources * sizeof *a->sources) != 0)
        return false;
    for (int32_t i = 0; i < a->n_steps; ++i) {
        stream_trace_step x = a->steps[i], y = b->steps[i];
        memcpy(x.box.lo, y.box.lo, sizeof x.box.lo);
        if (x.kind != y.kind || x.view != y.view || x.first_source != y.first_source ||
            x.n_sources != y.n_sources || !stream_box_equal(&x.box, &y.box) ||
            memcmp(x.before, y.before, sizeof x.before) ||
            memcmp(x.after, y.after, sizeof x.after) || memcmp(x.stride, y.stride, sizeof x.stride))
            return false;
    }
    return true;
}

/* Loop origin of CT c: parallel loops from its box; the n-th CT on a box has the n-th tile of the
 * reduction loops, the last of them fastest. */
static void origin_of(const stream_workload *w, const stream_layer_plan *plans,
                      const stream_tiling *t, int32_t c, int64_t *lo) {
    const stream_ct *ct = &t->graph.cts[c];
    const stream_layer *layer = &w->layers[ct->layer];
    int64_t before = 0;
    memset(lo, 0, STREAM_MAX_LOOPS * sizeof *lo);
    for (int32_t d = 0; d < ct->box.rank; ++d)
        if (layer->output_loop[d] >= 0)
            lo[layer->output_loop[d]] = ct->box.lo[d];
    for (int32_t i = 0; i < c; ++i)
        before += t->graph.cts[i].tensor == ct->tensor &&
                  stream_box_equal(&t->graph.cts[i].box, &ct->box);
    for (int32_t l = layer->n_loops - 1; l >= 0; --l) {
        if (!layer->reduction[l])
            continue;
        int64_t tile = plans[ct->layer].tile[l], n = (layer->bounds[l] + tile - 1) / tile;
        lo[l] = before % n * tile;
        before /= n;
    }
}

/* Does CT c, with its loop box, run the program of `kernel`? */
static bool kernel_fits(const stream_workload *w, const stream_tiling *t, int32_t c,
                        const int64_t *lo, int32_t kernel, bool uses_index, stream_arena *arena) {
    const stream_ct *ct = &t->graph.cts[c];
    const stream_kernel_shape *own = &t->shapes[ct->kernel], *other = &t->shapes[kernel];
    const stream_layer *layer = &w->layers[ct->layer];
    size_t bytes = (size_t)layer->n_loops * sizeof *lo;
    if (other->layer != ct->layer || other->first_reduction != own->first_reduction ||
        other->last_reduction != own->last_reduction ||
        memcmp(other->size, own->size, bytes) != 0 ||
        (uses_index && memcmp(other->lo, lo, bytes) != 0))
        return false;
    for (int32_t o = 0; o < layer->n_operands; ++o) {
        stream_trace trace;
        if (layer->operands[o].is_window)
            continue;
        stream_box box = stream_operand_box(w, &layer->operands[o], layer->n_loops, lo, own->size);
        stream_trace_box(w, layer->operands[o].view, &box, arena, &trace);
        if (!same_program(&trace, &other->traces[o]))
            return false;
    }
    return true;
}

/* A CT runs the program of its kernel and of no other. */
static int kernel_errors(const stream_workload *w, const stream_layer_plan *plans,
                         const stream_tiling *t, stream_arena *arena) {
    int wrong = 0;
    for (int32_t c = 0; c < t->graph.n_cts; ++c) {
        int64_t lo[STREAM_MAX_LOOPS];
        origin_of(w, plans, t, c, lo);
        for (int32_t k = 0; k < t->graph.n_kernels; ++k)
            wrong += kernel_fits(w, t, c, lo, k, false, arena) != (t->graph.cts[c].kernel == k);
    }
    return wrong;
}

/* ---- element by element */

/* needed[tensor][element]: the CT reads it. */
typedef struct {
    const stream_workload *w;
    array *views;
    bool **needed;
} elements;

static int64_t index_at(const stream_operand *o, int32_t d, const int64_t *loops) {
    int64_t index = o->index[d].constant;
    if (o->quasi[d])
        return stream_quasi_value(o->quasi[d], loops);
    for (int32_t l = 0; l < STREAM_MAX_LOOPS; ++l)
        index += o->index[d].coefficient[l] * loops[l];
    return index;
}

static void need_point(elements *e, const stream_operand *o, const int64_t *loops) {
    const array *view = &e->views[o->view];
    int64_t p[STREAM_MAX_RANK];
    for (int32_t d = 0; d < view->rank; ++d)
        p[d] = index_at(o, d, loops);
    int32_t value = view->at[linear(view, p)];
    if (value > 0)
        e->needed[(value - 1) / MAX_ELEMENTS][(value - 1) % MAX_ELEMENTS] = true;
}

static void need_elements(elements *e, const stream_layer_plan *plans, const stream_tiling *t,
                          int32_t c) {
    const stream_ct *ct = &t->graph.cts[c];
    const stream_layer *layer = &e->w->layers[ct->layer];
    int64_t origin[STREAM_MAX_LOOPS];
    origin_of(e->w, plans, t, c, origin);
    const int64_t *size = t->shapes[ct->kernel].size;
    for (int32_t i = 0; i < e->w->n_tensors; ++i)
        memset(e->needed[i], 0, MAX_ELEMENTS);
    for (int32_t o = 0; o < layer->n_operands; ++o) {
        int64_t loops[STREAM_MAX_LOOPS] = {0}, lo[STREAM_MAX_LOOPS];
        bool more = !layer->operands[o].is_window;
        for (int32_t l = 0; l < layer->n_loops; ++l)
            loops[l] = lo[l] = origin[l];
        while (more) {
            need_point(e, &layer->operands[o], loops);
            more = false;
            for (int32_t l = layer->n_loops - 1; l >= 0 && !more; --l) {
                more = ++loops[l] < lo[l] + size[l];
                if (!more)
                    loops[l] = lo[l];
            }
        }
    }
}

static bool holds(const stream_box *box, const int64_t *p) {
    for (int32_t d = 0; d < box->rank; ++d)
        if (p[d] < box->lo[d] || p[d] >= box->lo[d] + box->size[d])
            return false;
    return true;
}

/* What CT c reads of what `writer` wrote (-1: of inputs and constants), in bits: from boxes, each
 * element once, and element by element. */
static bool edge_agrees(elements *e, const stream_ct_graph *g, int32_t c, int32_t writer) {
    const stream_ct *ct = &g->cts[c];
    int64_t boxes = 0, counted = 0;
    for (int32_t i = 0; i < g->n_tensors; ++i) {
        const stream_tensor *tensor = &g->tensors[i];
        array all = {.rank = tensor->rank};
        memcpy(all.shape, tensor->shape, sizeof all.shape);
        bool stored = tensor->kind != STREAM_TENSOR_INTERMEDIATE;
        if (writer < 0 ? !stored : g->cts[writer].tensor != i)
            continue;
        for (int64_t k = 0; k < volume(all.rank, all.shape); ++k) {
            int64_t p[STREAM_MAX_RANK];
            bool read = false;
            point(&all, k, p);
            for (int32_t r = ct->first_read; r < ct->first_read + ct->n_reads; ++r)
                read |= g->reads[r].tensor == i && holds(&g->reads[r].box, p);
            bool from_here = writer < 0 || holds(&g->cts[writer].box, p);
            boxes += read && from_here ? tensor->element_bits : 0;
            counted += e->needed[i][k] && from_here ? tensor->element_bits : 0;
        }
    }
    return boxes == counted;
}

/* A residual block and a layer that reads half as many rows, twice. */
static stream_workload exact_network(builder *b, unsigned *seed) {
    int64_t rows = 4 + below(seed, 5);
    int32_t x = build_input(b, "x", 4, (int64_t[]){1, 2, rows, rows}, 8);
    int32_t c1 = build_conv(b, "c1", x, (conv_shape){.channels = 3, .kernel = 3, .pad = 1});
    int32_t c2 = build_conv(
        b, "c2", c1, (conv_shape){.channels = 3, .kernel = 1 + 2 * below(seed, 2), .pad = 1});
    int32_t pool = build_pool(b, "pool", c2, (conv_shape){.kernel = 2, .pad = below(seed, 2)});
    int32_t both[2] = {pool, pool};
    int64_t shape[4];
    memcpy(shape, build_view_at(b, pool)->shape, sizeof shape);
    shape[1] *= 2;
    int32_t joined = build_view(b, STREAM_VIEW_CONCAT, 4, shape, 2, both);
    build_view_at(b, joined)->axis = 1;
    static const stream_quasi_node nodes[] = {{STREAM_QUASI_LOOP, 2}, {STREAM_QUASI_FLOOR, 2}};
    static const stream_quasi half = {nodes, 2};
    int32_t up = build_add(b, "up", joined, joined);
    stream_layer *layer = &STREAM_AT(stream_layer, b->layers, b->layers.n - 1);
    stream_operand *operands = STREAM_NEW(b->arena, stream_operand, 2);
    memcpy(operands, layer->operands, 2 * sizeof *operands);
    operands[1].quasi[2] = &half;
    layer->operands = operands;
    build_output(b, up);
    return build_finish(b);
}

/* The bits on every edge, and what is read of inputs, are those of the elements that are needed. */
static void against_elements(void) {
    int wrong = 0, edges = 0;
    for (unsigned round = 1; round <= 20; ++round) {
        unsigned seed = round * 2654435761u;
        stream_arena *arena = stream_arena_create();
        heard h = {0};
        stream_diag diag = {hear, &h};
        builder b = builder_create(arena);
        stream_workload w = exact_network(&b, &seed);
        stream_tiling t;
        stream_layer_plan *plans = random_plans(&w, arena, &seed);
        wrong += stream_workload_check(&w, &diag) != STREAM_OK;
        elements e = {&w, evaluate_views(&w, arena),
                      STREAM_NEW(arena, bool *, (size_t)w.n_tensors)};
        for (int32_t i = 0; i < w.n_tensors; ++i)
            e.needed[i] = STREAM_NEW(arena, bool, MAX_ELEMENTS);
        if (stream_tile_build(&w, plans, 3000, arena, &diag, &t) != STREAM_OK)
            continue;
        for (int32_t c = 0; c < t.graph.n_cts && t.graph.n_cts < 400; ++c) {
            need_elements(&e, plans, &t, c);
            wrong += !edge_agrees(&e, &t.graph, c, -1);
            for (int32_t i = t.graph.pred_first[c]; i < t.graph.pred_first[c + 1]; ++i) {
                if (t.graph.cts[t.graph.preds[i]].tensor == t.graph.cts[c].tensor)
                    continue;
                wrong += !edge_agrees(&e, &t.graph, c, t.graph.preds[i]);
                ++edges;
            }
        }
        stream_arena_destroy(arena);
    }
    CHECK_EQ(wrong, 0);
    CHECK(edges > 1000);
}

static void against_definitions(void) {
    int coverage = 0, edges = 0, lists = 0, kernels = 0, refused = 0, accumulating = 0;
    heard h = {0};
    stream_diag diag = {hear, &h};
    for (unsigned round = 1; round <= 60; ++round) {
        unsigned seed = round * 2654435761u;
        stream_arena *arena = stream_arena_create();
        builder b = builder_create(arena);
        stream_workload w = random_network(&b, &seed);
        stream_tiling t;
        stream_layer_plan *plans = random_plans(&w, arena, &seed);
        refused += stream_workload_check(&w, &diag) != STREAM_OK;
        stream_status status = stream_tile_build(&w, plans, 3000, arena, &diag, &t);
        if (status == STREAM_OK && t.graph.n_cts < 500) {
            coverage += coverage_errors(&w, plans, &t.graph);
            edges += edge_errors(&t.graph);
            lists += list_errors(&t.graph);
            kernels += kernel_errors(&w, plans, &t, arena);
            for (int32_t c = 0; c < t.graph.n_cts; ++c)
                accumulating += t.graph.cts[c].accumulates;
        }
        refused += status != STREAM_OK && status != STREAM_LIMIT;
        stream_arena_destroy(arena);
    }
    CHECK_EQ(refused, 0);
    CHECK_EQ(coverage, 0);
    CHECK_EQ(edges, 0);
    CHECK_EQ(lists, 0);
    CHECK_EQ(kernels, 0);
    CHECK(accumulating > 100);
}

/* What the graph refuses: each changes one thing of a legal tiling. */
static void refusals(void) {
    stream_arena *arena = stream_arena_create();
    heard h = {0};
    stream_diag diag = {hear, &h};
    unsigned seed = 5;
    builder b = builder_create(arena);
    stream_workload w = random_network(&b, &seed);
    stream_layer_plan *plans = STREAM_NEW(arena, stream_layer_plan, (size_t)w.n_layers);
    stream_tiling t;
    for (int32_t i = 0; i < w.n_layers; ++i)
        memcpy(plans[i].tile, w.layers[i].bounds, sizeof plans[i].tile);
    plans[0].tile[2] = 1;
    CHECK_EQ(stream_tile_build(&w, plans, 1, arena, &diag, &t), STREAM_LIMIT);
    CHECK_EQ(h.errors, 1);
    CHECK_EQ(stream_tile_build(&w, plans, 1000, arena, &diag, &t), STREAM_OK);
    size_t n = (size_t)t.graph.n_cts * sizeof(stream_ct);
    stream_ct *cts = STREAM_NEW(arena, stream_ct, (size_t)t.graph.n_cts);
    stream_ct_graph g = t.graph;
    g.cts = cts;

    memcpy(cts, t.graph.cts, n); /* overlapping, unequal boxes */
    cts[1].box.lo[2] -= 1;
    cts[1].box.size[2] += 1;
    CHECK_EQ(stream_ct_graph_finish(&g, arena, &diag), STREAM_INVALID);
    memcpy(cts, t.graph.cts, n); /* the same box twice */
    cts[1].box = cts[0].box;
    CHECK_EQ(stream_ct_graph_finish(&g, arena, &diag), STREAM_INVALID);
    memcpy(cts, t.graph.cts, n); /* accumulates onto nothing */
    cts[0].accumulates = true;
    CHECK_EQ(stream_ct_graph_finish(&g, arena, &diag), STREAM_INVALID);
    memcpy(cts, t.graph.cts, n); /* the first writer moved behind its reader */
    stream_ct swapped = cts[0];
    cts[0] = cts[g.n_cts - 1];
    cts[g.n_cts - 1] = swapped;
    CHECK_EQ(stream_ct_graph_finish(&g, arena, &diag), STREAM_INVALID);
    memcpy(cts, t.graph.cts, n); /* out of its tensor */
    cts[0].box.lo[1] += 1;
    CHECK_EQ(stream_ct_graph_finish(&g, arena, &diag), STREAM_INVALID);
    memcpy(cts, t.graph.cts, n); /* nobody writes row 0 */
    g.cts = cts + 1;
    g.n_cts -= 1;
    CHECK_EQ(stream_ct_graph_finish(&g, arena, &diag), STREAM_INVALID);
    CHECK_EQ(h.errors, 7);
    stream_arena_destroy(arena);
}

/* Layers of `n` 3x3 convolutions of 12 channels on rows x columns, tile rows x tile columns. */
static double tile_chain(int n, int64_t rows, int64_t columns, int64_t tile_columns,
                         int32_t *out_cts, int32_t *out_kernels) {
    stream_arena *arena = stream_arena_create();
    builder b = builder_create(arena);
    heard h = {0};
    stream_diag diag = {hear, &h};
    int32_t x = build_input(&b, "x", 4, (int64_t[]){1, 1, rows, columns}, 8);
    for (int i = 0; i < n; ++i) {
        char name[16];
        snprintf(name, sizeof name, "conv%d", i);
        x = build_conv(&b, name, x, (conv_shape){.channels = 12, .kernel = 3, .pad = 1});
    }
    stream_workload w = build_finish(&b);
    stream_layer_plan *plans = STREAM_NEW(arena, stream_layer_plan, (size_t)n);
    for (int i = 0; i < n; ++i) {
        memcpy(plans[i].tile, w.layers[i].bounds, sizeof plans[i].tile);
        plans[i].tile[2] = 1;
        plans[i].tile[3] = tile_columns;
    }
    stream_tiling t;
    clock_t start = clock();
    stream_status status = stream_tile_build(&w, plans, 1 << 30, arena, &diag, &t);
    double ms = (double)(clock() - start) * 1000 / CLOCKS_PER_SEC;
    *out_cts = status == STREAM_OK ? t.graph.n_cts : -1;
    *out_kernels = t.graph.n_kernels;
    stream_arena_destroy(arena);
    return ms;
}

/* Times are printed, not tested. TILE_BENCH=1 in the environment adds a million CTs. */
static void large(void) {
    int32_t n, kernels;
    double ms = tile_chain(8, 540, 960, 960, &n, &kernels);
    printf("# 8 layers of 540x960, a row per CT: %d CTs, %d kernels, %.1f ms\n", n, kernels, ms);
    CHECK_EQ(n, 4320);
    CHECK_EQ(kernels, 24); /* top, inside and bottom of each layer */
    ms = tile_chain(3, 100, 100, 1, &n, &kernels);
    printf("# 3 layers of 100x100, an element per CT: %d CTs, %d kernels, %.1f ms\n", n, kernels,
           ms);
    CHECK_EQ(n, 30000);
    CHECK_EQ(kernels, 27);
    if (getenv("TILE_BENCH")) {
        ms = tile_chain(4, 500, 500, 1, &n, &kernels);
        printf("# 4 layers of 500x500, an element per CT: %d CTs, %.1f ms\n", n, ms);
    }
}

int main(void) {
    refusals();
    against_definitions();
    against_elements();
    large();
    return test_done();
}
