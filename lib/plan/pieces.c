/* Boxes of tensors in the pieces that CTs write; see pieces.h. */

#include "pieces.h"

#include "stream/support/integer.h"

/* Cut ends, whole tiles, the last tile of a part and of the last part. */
#define MOST_LENGTHS 5

/* How one dimension of a box is cut: count[i] pieces of length[i]. */
typedef struct {
    int64_t length[MOST_LENGTHS], count[MOST_LENGTHS];
    int32_t n;
} cuts;

static void add_cut(cuts *c, int64_t length, int64_t count) {
    if (length <= 0 || count <= 0)
        return;
    int32_t i = 0;
    while (i < c->n && c->length[i] != length)
        ++i;
    if (i == c->n)
        c->length[c->n++] = length;
    c->count[i] += count;
}

/* [lo, hi) of a part that begins at 0 and is cut every `tile`. */
static void cut_part(cuts *c, int64_t lo, int64_t hi, int64_t tile) {
    int64_t first = stream_round_up(lo, tile), last = hi / tile * tile;
    if (first > last) {
        add_cut(c, hi - lo, 1);
        return;
    }
    add_cut(c, first - lo, 1);
    add_cut(c, tile, (last - first) / tile);
    add_cut(c, hi - last, 1);
}

static cuts cut_dim(const stream_layer *layer, const stream_layer_plan *plan, int32_t l, int64_t lo,
                    int64_t size) {
    cuts c = {.n = 0};
    if (l < 0) {
        add_cut(&c, size, 1);
        return c;
    }
    int64_t part = stream_plan_part(layer, plan, l), hi = lo + size;
    for (int64_t begin = lo / part * part; begin < hi; begin += part)
        cut_part(&c, stream_max_i64(lo - begin, 0), stream_min_i64(hi - begin, part),
                 stream_min_i64(plan->tile[l], part));
    return c;
}

static int64_t round_all(const cuts *dims, int32_t rank, int64_t element_bits, int64_t word_bits) {
    int32_t at[STREAM_MAX_RANK] = {0}, d;
    int64_t bits = 0;
    do {
        int64_t volume = element_bits, count = 1;
        for (d = 0; d < rank; ++d) {
            volume *= dims[d].length[at[d]];
            count *= dims[d].count[at[d]];
        }
        bits += count * stream_round_up(volume, word_bits);
        for (d = rank - 1; d >= 0 && ++at[d] == dims[d].n; --d)
            at[d] = 0;
    } while (d >= 0);
    return bits;
}

stream_pieces stream_pieces_of(const stream_workload *w, const stream_layer_plan *plans,
                               int32_t tensor, const stream_box *box, int64_t word_bits) {
    const stream_tensor *t = &w->tensors[tensor];
    stream_pieces sum = {1, 0};
    if (t->kind != STREAM_TENSOR_INTERMEDIATE || stream_box_is_empty(box)) {
        sum.bits = stream_round_up(stream_box_volume(box) * t->element_bits, word_bits);
        return sum;
    }
    const stream_layer *layer = &w->layers[t->layer];
    cuts dims[STREAM_MAX_RANK];
    for (int32_t d = 0; d < box->rank; ++d) {
        int64_t count = 0;
        dims[d] = cut_dim(layer, &plans[t->layer], layer->output_loop[d], box->lo[d], box->size[d]);
        for (int32_t i = 0; i < dims[d].n; ++i)
            count += dims[d].count[i];
        sum.pieces *= count;
    }
    sum.bits = round_all(dims, box->rank, t->element_bits, word_bits);
    return sum;
}

bool stream_pieces_whole(const stream_workload *w, const stream_layer_plan *plans, int32_t tensor) {
    const stream_tensor *t = &w->tensors[tensor];
    if (t->kind != STREAM_TENSOR_INTERMEDIATE)
        return true;
    const stream_layer *layer = &w->layers[t->layer];
    const stream_layer_plan *plan = &plans[t->layer];
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (!layer->reduction[l] && (plan->split[l] > 1 || plan->tile[l] < layer->bounds[l]))
            return false;
    return true;
}
