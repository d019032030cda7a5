/* Which rows each row tile reads; see stream/plan/footprint.h. */

#include "row_tables.h"

#include "roles.h"
#include "stream/support/integer.h"
#include "stream/support/vec.h"
#include "stream/workload/trace.h"

#include <string.h>

/* Rows of a layer: a loop of it, or none. */
typedef struct {
    int32_t loop;
    int64_t n_rows, rows; /* of the layer; of a tile */
    int32_t n_tiles;
} row_loop;

typedef struct {
    const stream_workload *w;
    stream_arena *arena;
    const row_loop *loops; /* [n_layers] */
    row_layer *layers;
    stream_tracer tracer;
} builder;

static row_loop find_rows(const stream_layer *layer, const stream_layer_plan *plan, int64_t rows) {
    stream_loop_roles roles = stream_loop_roles_of(layer);
    row_loop out = {.loop = roles.row, .n_rows = 1, .rows = 1, .n_tiles = 1};
    if (roles.row < 0 || layer->whole[roles.row])
        return (row_loop){.loop = -1, .n_rows = 1, .rows = 1, .n_tiles = 1};
    out.n_rows = layer->bounds[roles.row];
    out.rows = stream_min_i64(plan->tile[roles.row] > 0 ? plan->tile[roles.row] : rows, out.n_rows);
    out.n_tiles = (int32_t)stream_ceil_div(out.n_rows, out.rows);
    return out;
}

/* All rows of one batch: the loops of a layer. */
static void batch_of(const stream_layer *layer, const row_loop *rows, int64_t *lo, int64_t *size) {
    int32_t batch = stream_layer_loop(layer, "B");
    for (int32_t l = 0; l < layer->n_loops; ++l) {
        bool one = l == batch && l != rows->loop && !layer->reduction[l];
        lo[l] = 0;
        size[l] = one ? 1 : layer->bounds[l];
    }
}

static void tile_of(const stream_layer *layer, const row_loop *rows, int32_t tile, int64_t *lo,
                    int64_t *size) {
    batch_of(layer, rows, lo, size);
    if (rows->loop >= 0) {
        lo[rows->loop] = tile * rows->rows;
        size[rows->loop] = stream_min_i64(rows->rows, rows->n_rows - lo[rows->loop]);
    }
}

/* The dimension of a layer's output that its rows index; -1: none. */
static int32_t row_dim(const builder *b, int32_t layer) {
    const stream_layer *made = &b->w->layers[layer];
    int32_t rank = b->w->tensors[made->output].rank;
    for (int32_t d = 0; d < rank && b->loops[layer].loop >= 0; ++d)
        if (made->output_loop[d] == b->loops[layer].loop)
            return d;
    return -1;
}

static int64_t common_bits(const stream_box *a, const stream_box *b, int64_t element_bits) {
    stream_box both;
    return stream_box_intersect(a, b, &both) ? stream_box_volume(&both) * element_bits : 0;
}

/* The smallest box around both; an empty one does not count. */
static stream_box around(const stream_box *a, const stream_box *b) {
    stream_box out = *a;
    if (stream_box_is_empty(a))
        return *b;
    for (int32_t d = 0; d < a->rank; ++d) {
        int32_t end = a->lo[d] + a->size[d], other = b->lo[d] + b->size[d];
        out.lo[d] = a->lo[d] < b->lo[d] ? a->lo[d] : b->lo[d];
        out.size[d] = (end > other ? end : other) - out.lo[d];
    }
    return out;
}

/* ---- one read */

/* What the tiles of a layer read of one tensor through one operand; empty: nothing. */
typedef struct {
    int32_t tensor;
    stream_box *boxes; /* [tiles] */
} tile_boxes;

static void fill_rows(const builder *b, int32_t producer, const tile_boxes *from, int32_t n,
                      int32_t *begin, int32_t *end) {
    int32_t dim = row_dim(b, producer), tiles = b->loops[producer].n_tiles, later = tiles;
    int64_t rows = b->loops[producer].rows;
    for (int32_t t = n - 1; t >= 0; --t) {
        const stream_box *box = &from->boxes[t];
        bool some = !stream_box_is_empty(box);
        int32_t first = dim < 0 ? 0 : (int32_t)(box->lo[dim] / rows);
        if (some && first < later)
            later = first;
        begin[t] = later;
        end[t] = !some     ? 0
                 : dim < 0 ? tiles
                           : (int32_t)stream_ceil_div(box->lo[dim] + box->size[dim], rows);
    }
}

static row_read make_read(builder *b, int32_t reader, const tile_boxes *from) {
    const stream_tensor *tensor = &b->w->tensors[from->tensor];
    int32_t n = b->loops[reader].n_tiles, producer = tensor->layer;
    int32_t *begin = STREAM_NEW(b->arena, int32_t, (size_t)n);
    int32_t *end = STREAM_NEW(b->arena, int32_t, (size_t)n);
    int64_t *bits = STREAM_NEW(b->arena, int64_t, (size_t)n);
    int64_t *shared = STREAM_NEW(b->arena, int64_t, (size_t)n);
    for (int32_t t = 0; t < n; ++t) {
        const stream_box *box = &from->boxes[t];
        bits[t] = stream_box_volume(box) * tensor->element_bits;
        shared[t] = t + 1 < n ? common_bits(box, box + 1, tensor->element_bits) : 0;
    }
    if (producer >= 0)
        fill_rows(b, producer, from, n, begin, end);
    return (row_read){reader, producer, begin, end, bits, shared};
}

/* ---- one operand */

static void add_box(builder *b, stream_vec *found, int32_t tile, int32_t n_tiles,
                    const stream_trace_step *step) {
    size_t k = 0;
    while (k < found->n && STREAM_AT(tile_boxes, *found, k).tensor != step->tensor)
        ++k;
    if (k == found->n) {
        tile_boxes *made = stream_vec_push(found);
        made->tensor = step->tensor;
        made->boxes = STREAM_NEW(b->arena, stream_box, (size_t)n_tiles);
        for (int32_t t = 0; t < n_tiles; ++t)
            made->boxes[t].rank = step->box.rank;
    }
    stream_box *box = &STREAM_AT(tile_boxes, *found, k).boxes[tile];
    *box = around(box, &step->box);
}

/* Data that no layer makes, read as I2: weights, if all rows read the same. */
static bool may_be_weight(const builder *b, const stream_operand *operand, int32_t tensor) {
    return operand->operand_class == STREAM_I2 &&
           b->w->tensors[tensor].kind != STREAM_TENSOR_INTERMEDIATE;
}

static bool is_same_for_all(const tile_boxes *read, int32_t n_tiles) {
    for (int32_t t = 1; t < n_tiles; ++t)
        if (!stream_box_equal(&read->boxes[t], &read->boxes[0]))
            return false;
    return true;
}

/* What tile `tile` reads. */
static void trace_tile(builder *b, int32_t l, const stream_operand *operand, int32_t tile,
                       stream_vec *found) {
    const stream_layer *layer = &b->w->layers[l];
    int64_t lo[STREAM_MAX_LOOPS], size[STREAM_MAX_LOOPS];
    stream_trace trace;
    tile_of(layer, &b->loops[l], tile, lo, size);
    stream_box box = stream_operand_box(b->w, operand, layer->n_loops, lo, size);
    stream_tracer_box(&b->tracer, b->w, operand->view, &box, &trace);
    for (int32_t s = 0; s < trace.n_steps; ++s)
        if (trace.steps[s].kind == STREAM_VIEW_TENSOR)
            add_box(b, found, tile, b->loops[l].n_tiles, &trace.steps[s]);
}

/* Nothing that rows could change: weights as they are, or no data. */
static bool is_plain(const builder *b, int32_t l, const stream_operand *operand) {
    const stream_view *view = &b->w->views[operand->view];
    int32_t row = b->loops[l].loop;
    for (int32_t d = 0; d < view->rank && row >= 0; ++d)
        if (operand->index[d].coefficient[row] != 0)
            return false;
    return view->kind == STREAM_VIEW_FILL ||
           (view->kind == STREAM_VIEW_TENSOR && may_be_weight(b, operand, view->tensor));
}

static void add_operand(builder *b, int32_t l, const stream_operand *operand, stream_vec *found,
                        stream_vec *reads) {
    row_layer *out = &b->layers[l];
    int32_t tiles = is_plain(b, l, operand) ? 1 : out->n_tiles;
    found->n = 0;
    for (int32_t t = 0; t < tiles; ++t)
        trace_tile(b, l, operand, t, found);
    for (size_t k = 0; k < found->n; ++k) {
        const tile_boxes *read = &STREAM_AT(tile_boxes, *found, k);
        if (may_be_weight(b, operand, read->tensor) && is_same_for_all(read, tiles))
            out->weight_bits +=
                stream_box_volume(&read->boxes[0]) * b->w->tensors[read->tensor].element_bits;
        else
            *(row_read *)stream_vec_push(reads) = make_read(b, l, read);
    }
}

/* ---- layers */

static void add_layer(builder *b, int32_t l) {
    const stream_layer *layer = &b->w->layers[l];
    const stream_tensor *output = &b->w->tensors[layer->output];
    row_layer *out = &b->layers[l];
    stream_vec reads = STREAM_VEC(row_read), found = STREAM_VEC(tile_boxes);
    int64_t lo[STREAM_MAX_LOOPS], size[STREAM_MAX_LOOPS];
    batch_of(layer, &b->loops[l], lo, size);
    stream_box box = stream_output_box(b->w, layer, lo, size);
    *out = (row_layer){.output = layer->output,
                       .n_tiles = b->loops[l].n_tiles,
                       .rows = b->loops[l].rows,
                       .n_rows = b->loops[l].n_rows,
                       .row_bits = stream_box_volume(&box) * output->element_bits,
                       .last_reader = -1};
    out->row_bits /= row_dim(b, l) >= 0 ? out->n_rows : 1;
    for (int32_t i = 0; i < layer->n_operands; ++i) {
        const stream_operand *operand = &layer->operands[i];
        if (!operand->is_window)
            add_operand(b, l, operand, &found, &reads);
    }
    out->n_reads = (int32_t)reads.n;
    out->reads = stream_vec_freeze(&reads, b->arena);
    stream_vec_free(&found);
}

static void add_readers(builder *b) {
    for (int32_t l = 0; l < b->w->n_layers; ++l)
        for (int32_t i = 0; i < b->layers[l].n_reads; ++i)
            if (b->layers[l].reads[i].producer >= 0)
                b->layers[b->layers[l].reads[i].producer].n_readers++;
    for (int32_t l = 0; l < b->w->n_layers; ++l) {
        b->layers[l].readers =
            STREAM_NEW(b->arena, const row_read *, (size_t)b->layers[l].n_readers);
        b->layers[l].n_readers = 0;
    }
    for (int32_t l = 0; l < b->w->n_layers; ++l)
        for (int32_t i = 0; i < b->layers[l].n_reads; ++i) {
            const row_read *read = &b->layers[l].reads[i];
            if (read->producer < 0)
                continue;
            row_layer *made = &b->layers[read->producer];
            made->readers[made->n_readers++] = read;
            made->last_reader = l;
        }
}

const stream_row_tables *stream_row_tables_build(const stream_workload *w,
                                                 const stream_layer_plan *plans, int64_t rows,
                                                 stream_arena *arena) {
    row_loop *loops = STREAM_NEW(arena, row_loop, (size_t)w->n_layers);
    builder b = {.w = w,
                 .arena = arena,
                 .loops = loops,
                 .layers = STREAM_NEW(arena, row_layer, (size_t)w->n_layers)};
    stream_tracer_init(&b.tracer);
    for (int32_t l = 0; l < w->n_layers; ++l)
        loops[l] = find_rows(&w->layers[l], &plans[l], rows);
    for (int32_t l = 0; l < w->n_layers; ++l)
        add_layer(&b, l);
    add_readers(&b);
    stream_tracer_free(&b.tracer);
    stream_row_tables *out = STREAM_NEW(arena, stream_row_tables, 1);
    *out = (stream_row_tables){b.layers, w->n_layers};
    return out;
}
