/* Rows that a fused stack keeps; see stream/plan/footprint.h. */

#include "stream/plan/footprint.h"

#include "roles.h"
#include "row_tables.h"
#include "stream/support/integer.h"

#include <string.h>

/* The state of a stack in which tiles have been run. */
typedef struct {
    const stream_row_tables *tables;
    int32_t first, end;
    int32_t *done;    /* [layers of the stack] tiles run */
    int32_t *kept;    /* [layers of the stack] the first tile that is still there */
    int64_t *outside; /* [layers of the stack] bits of outside data that it holds */
    int64_t live;     /* all of it */
    stream_footprint out;
} run;

static bool inside(const run *r, int32_t layer) {
    return layer >= r->first && layer < r->end;
}

static bool can_run(const run *r, int32_t l) {
    const row_layer *layer = &r->tables->layers[l];
    int32_t tile = r->done[l - r->first];
    if (tile == layer->n_tiles)
        return false;
    for (const row_read *read = layer->reads; read < layer->reads + layer->n_reads; ++read)
        if (inside(r, read->producer) && r->done[read->producer - r->first] < read->end[tile])
            return false;
    return true;
}

static int64_t tiles_bits(const row_layer *layer, int32_t from, int32_t to) {
    int64_t rows = stream_min_i64((int64_t)to * layer->rows, layer->n_rows) -
                   stream_min_i64((int64_t)from * layer->rows, layer->n_rows);
    return rows * layer->row_bits;
}

/* The first tile of layer l that a layer of the stack has yet to read; all are done with: n_tiles.
 */
static int32_t first_needed(const run *r, int32_t l) {
    const row_layer *layer = &r->tables->layers[l];
    int32_t least = layer->n_tiles;
    for (int32_t i = 0; i < layer->n_readers; ++i) {
        const row_read *read = layer->readers[i];
        if (!inside(r, read->reader))
            continue;
        int32_t at = r->done[read->reader - r->first];
        if (at < r->tables->layers[read->reader].n_tiles && read->begin[at] < least)
            least = read->begin[at];
    }
    return least;
}

static void drop_rows(run *r, int32_t l) {
    const row_layer *layer = &r->tables->layers[l];
    int32_t *kept = &r->kept[l - r->first], done = r->done[l - r->first];
    int32_t needed = first_needed(r, l);
    needed = needed < done ? needed : done;
    if (needed > *kept) {
        r->live -= tiles_bits(layer, *kept, needed);
        *kept = needed;
    }
}

static void note_largest(run *r, int32_t running) {
    r->out.tensor = -1;
    r->out.tensor_bits = r->out.tensor_rows = 0;
    for (int32_t l = r->first; l < r->end; ++l) {
        const row_layer *layer = &r->tables->layers[l];
        int32_t from = r->kept[l - r->first], to = r->done[l - r->first] + (l == running);
        int64_t bits = tiles_bits(layer, from, to);
        if (bits > r->out.tensor_bits) {
            r->out.tensor = layer->output;
            r->out.tensor_bits = bits;
            r->out.tensor_rows = bits / layer->row_bits;
        }
    }
}

static void run_tile(run *r, int32_t l) {
    const row_layer *layer = &r->tables->layers[l];
    int32_t i = l - r->first, tile = r->done[i];
    int64_t outside = 0, between = 0;
    for (const row_read *read = layer->reads; read < layer->reads + layer->n_reads; ++read)
        if (!inside(r, read->producer)) {
            outside += read->bits[tile];
            between += tile + 1 < layer->n_tiles ? read->shared[tile] : 0;
        }
    r->live += outside - r->outside[i] + tiles_bits(layer, tile, tile + 1);
    if (r->live > r->out.row_bits) {
        r->out.row_bits = r->live;
        note_largest(r, l);
    }
    r->live += between - outside;
    r->outside[i] = between;
    r->done[i]++;
    drop_rows(r, l);
    for (const row_read *read = layer->reads; read < layer->reads + layer->n_reads; ++read)
        if (inside(r, read->producer))
            drop_rows(r, read->producer);
}

/* The deepest layer at or before `from` that can run a tile; -1: none. */
static int32_t deepest(const run *r, int32_t from) {
    for (int32_t l = from; l >= r->first; --l)
        if (can_run(r, l))
            return l;
    return -1;
}

stream_footprint stream_footprint_of(const stream_row_tables *tables, int32_t first, int32_t end) {
    size_t n = (size_t)(end - first);
    stream_arena *scratch = stream_arena_create();
    run r = {.tables = tables,
             .first = first,
             .end = end,
             .done = STREAM_NEW(scratch, int32_t, n),
             .kept = STREAM_NEW(scratch, int32_t, n),
             .outside = STREAM_NEW(scratch, int64_t, n),
             .out = {.tensor = -1}};
    for (int32_t l = first; l < end; ++l)
        r.out.weight_bits = stream_sum_i64(r.out.weight_bits, tables->layers[l].weight_bits);
    for (int32_t l = deepest(&r, end - 1); l >= 0;) {
        run_tile(&r, l);
        int32_t reader = tables->layers[l].last_reader; /* nothing deeper became ready */
        l = deepest(&r, reader < l ? l : reader < end ? reader : end - 1);
    }
    stream_arena_destroy(scratch);
    return r.out;
}
