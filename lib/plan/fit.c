/* Does a CT fit a core? See fit.h. */

#include "fit.h"

#include "pieces.h"
#include "stream/support/integer.h"

typedef struct {
    int32_t tensor;
    uint8_t operand;
    stream_box box;
} fit_read;

typedef struct {
    int64_t lo[STREAM_MAX_LOOPS], size[STREAM_MAX_LOOPS];
} place;

void stream_fit_init(stream_fit *fit, const stream_workload *w, const stream_accelerator *acc,
                     const stream_layer_plan *plans) {
    *fit = (stream_fit){.w = w, .acc = acc, .plans = plans, .reads = STREAM_VEC(fit_read)};
    stream_tracer_init(&fit->tracer);
}

void stream_fit_free(stream_fit *fit) {
    stream_tracer_free(&fit->tracer);
    stream_vec_free(&fit->reads);
}

static bool splits_reduction(const stream_cutting *c) {
    for (int32_t l = 0; l < c->layer->n_loops; ++l)
        if (c->layer->reduction[l] && c->tile[l] < c->layer->bounds[l])
            return true;
    return false;
}

static void add_read(stream_fit *fit, const stream_operand *operand, int32_t tensor,
                     const stream_box *box) {
    *(fit_read *)stream_vec_push(&fit->reads) = (fit_read){tensor, operand->operand_class, *box};
}

static void gather(stream_fit *fit, const stream_layer *layer, const place *at) {
    fit->reads.n = 0;
    for (int32_t i = 0; i < layer->n_operands; ++i) {
        const stream_operand *operand = &layer->operands[i];
        if (operand->is_window)
            continue;
        const stream_view *view = &fit->w->views[operand->view];
        stream_box box = stream_operand_box(fit->w, operand, layer->n_loops, at->lo, at->size);
        if (view->kind == STREAM_VIEW_TENSOR) {
            add_read(fit, operand, view->tensor, &box);
            continue;
        }
        stream_trace trace;
        stream_tracer_box(&fit->tracer, fit->w, operand->view, &box, &trace);
        for (int32_t s = 0; s < trace.n_steps; ++s)
            if (trace.steps[s].kind == STREAM_VIEW_TENSOR)
                add_read(fit, operand, trace.steps[s].tensor, &trace.steps[s].box);
    }
}

/* Bits of the gathered CT per operand class, in words of `word_bits`. */
static void measure(const stream_fit *fit, const stream_cutting *c, const place *at,
                    int64_t word_bits, stream_shortage *out) {
    const stream_layer *layer = c->layer;
    *out = (stream_shortage){.reads = (int64_t)fit->reads.n};
    for (size_t i = 0; i < fit->reads.n; ++i) {
        const fit_read *r = &STREAM_AT(fit_read, fit->reads, i);
        stream_pieces p = stream_pieces_of(fit->w, fit->plans, r->tensor, &r->box, word_bits);
        out->bits[r->operand] += p.bits;
        out->pieces += p.pieces;
    }
    stream_box box = stream_output_box(fit->w, layer, at->lo, at->size);
    int64_t element_bits = fit->w->tensors[layer->output].element_bits;
    if (splits_reduction(c))
        element_bits = stream_max_i64(element_bits, layer->psum_bits);
    out->bits[STREAM_O] += stream_round_up(stream_box_volume(&box) * element_bits, word_bits);
}

/* Bits of the operands whose top memory on `core` is `instance`, but for those that are streamed.
 */
static int64_t share_of(const stream_fit *fit, int32_t core, int32_t instance,
                        const stream_shortage *s) {
    int64_t bits = 0;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (fit->acc->top[core * STREAM_N_OPERANDS + o] == instance && !(fit->streamed >> o & 1))
            bits += s->bits[o];
    return bits;
}

static bool core_fits(const stream_fit *fit, const stream_cutting *c, const place *at, int32_t core,
                      double fill, stream_shortage *out) {
    int32_t previous = -1;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        int32_t instance = fit->acc->top[core * STREAM_N_OPERANDS + o];
        if (instance < 0 || instance == previous)
            continue;
        previous = instance;
        const stream_instance *memory = &fit->acc->instances[instance];
        measure(fit, c, at, memory->word_bits, out);
        out->core = core;
        out->instance = instance;
        out->needed_bits = share_of(fit, core, instance, out);
        if ((double)out->needed_bits > fill * (double)memory->size_bits)
            return false;
    }
    return true;
}

/* ---- places: origins of tiles, part by part of each loop */

static int64_t part_of(const stream_cutting *c, int32_t l) {
    int64_t split = stream_max_i64(1, c->split[l]);
    return stream_ceil_div(c->layer->bounds[l], split);
}

static int64_t part_end(const stream_cutting *c, int32_t l, int64_t lo) {
    int64_t part = part_of(c, l);
    return stream_min_i64(lo / part * part + part, c->layer->bounds[l]);
}

static void put(const stream_cutting *c, int32_t l, int64_t lo, place *at) {
    at->lo[l] = lo;
    at->size[l] = stream_min_i64(c->tile[l], part_end(c, l, lo) - lo);
}

/* fraction 0, 1/2 or 1 of the way through the layer, in halves. */
static place place_at(const stream_cutting *c, int64_t halves) {
    place at;
    for (int32_t l = 0; l < c->layer->n_loops; ++l) {
        int64_t part = part_of(c, l), parts = stream_ceil_div(c->layer->bounds[l], part);
        int64_t begin = halves == 2 ? (parts - 1) * part : parts * halves / 2 * part;
        int64_t tiles = stream_ceil_div(part_end(c, l, begin) - begin, c->tile[l]);
        put(c, l, begin + (halves == 2 ? tiles - 1 : tiles * halves / 2) * c->tile[l], &at);
    }
    return at;
}

static int64_t places_of(const stream_cutting *c, int32_t l) {
    int64_t part = part_of(c, l), bound = c->layer->bounds[l];
    return bound / part * stream_ceil_div(part, c->tile[l]) +
           stream_ceil_div(bound % part, c->tile[l]);
}

/* Loops along which what a CT takes may change. Returns the number of their places. */
static int64_t find_walk(const stream_fit *fit, const stream_cutting *c, bool *walk) {
    const stream_layer *layer = c->layer;
    int64_t places = 1;
    for (int32_t i = 0; i < layer->n_operands; ++i) {
        const stream_operand *operand = &layer->operands[i];
        const stream_view *view = &fit->w->views[operand->view];
        if (operand->is_window || (view->kind == STREAM_VIEW_TENSOR &&
                                   stream_pieces_whole(fit->w, fit->plans, view->tensor)))
            continue;
        for (int32_t d = 0; d < view->rank; ++d)
            for (int32_t l = 0; l < layer->n_loops; ++l)
                walk[l] |= operand->index[d].coefficient[l] != 0;
    }
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (walk[l] && !stream_mul_i64(places, places_of(c, l), &places))
            return INT64_MAX;
    return places;
}

/* The next place along the loops of `walk`; false after the last. */
static bool next_place(const stream_cutting *c, const bool *walk, place *at) {
    for (int32_t l = c->layer->n_loops - 1; l >= 0; --l) {
        if (!walk[l])
            continue;
        int64_t next = at->lo[l] + at->size[l];
        put(c, l, next < c->layer->bounds[l] ? next : 0, at);
        if (at->lo[l] > 0)
            return true;
    }
    return false;
}

static bool fits_at(stream_fit *fit, const stream_cutting *c, const place *at, const int32_t *cores,
                    int32_t n_cores, double fill, stream_shortage *out) {
    gather(fit, c->layer, at);
    for (int32_t i = 0; i < n_cores; ++i)
        if (!core_fits(fit, c, at, cores[i], fill, out))
            return false;
    return true;
}

bool stream_fit_sampled(stream_fit *fit, const stream_cutting *cutting, const int32_t *cores,
                        int32_t n_cores, double fill, stream_shortage *out) {
    for (int64_t halves = 0; halves <= 2; ++halves) {
        place at = place_at(cutting, halves);
        if (!fits_at(fit, cutting, &at, cores, n_cores, fill, out))
            return false;
    }
    return true;
}

bool stream_fit_cores(stream_fit *fit, const stream_cutting *cutting, const int32_t *cores,
                      int32_t n_cores, double fill, stream_shortage *out) {
    bool walk[STREAM_MAX_LOOPS] = {false};
    if (!stream_fit_sampled(fit, cutting, cores, n_cores, fill, out))
        return false;
    if (find_walk(fit, cutting, walk) > STREAM_FIT_MOST_PLACES)
        return true;
    place at = place_at(cutting, 0);
    while (next_place(cutting, walk, &at))
        if (!fits_at(fit, cutting, &at, cores, n_cores, fill, out))
            return false;
    return true;
}

void stream_fit_bits(stream_fit *fit, const stream_cutting *cutting, int32_t core,
                     int64_t *out_bits) {
    place at = place_at(cutting, 1);
    stream_shortage sum;
    gather(fit, cutting->layer, &at);
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        int32_t instance = fit->acc->top[core * STREAM_N_OPERANDS + o];
        measure(fit, cutting, &at, instance >= 0 ? fit->acc->instances[instance].word_bits : 1,
                &sum);
        out_bits[o] = sum.bits[o];
    }
}

int64_t stream_fit_pieces(stream_fit *fit, const stream_cutting *cutting, int64_t *out_reads) {
    place at = place_at(cutting, 0);
    stream_shortage sum;
    gather(fit, cutting->layer, &at);
    measure(fit, cutting, &at, 1, &sum);
    *out_reads = sum.reads;
    return sum.pieces;
}

static void print_box(const char *operand, const char *tensor, const stream_box *box,
                      stream_text *out) {
    stream_text_print(out, "%s%s %s ", out->length ? ", " : "", operand, tensor);
    for (int32_t d = 0; d < box->rank; ++d)
        stream_text_print(out, "%s%d", d ? "x" : "", box->size[d]);
}

stream_shortage stream_fit_describe(stream_fit *fit, const stream_cutting *cutting, int32_t core,
                                    int32_t instance, stream_text *out) {
    place at = place_at(cutting, 1);
    stream_shortage sum;
    const stream_layer *layer = cutting->layer;
    gather(fit, layer, &at);
    measure(fit, cutting, &at, fit->acc->instances[instance].word_bits, &sum);
    sum.core = core;
    sum.instance = instance;
    for (size_t i = 0; i < fit->reads.n; ++i) {
        const fit_read *r = &STREAM_AT(fit_read, fit->reads, i);
        print_box(stream_operand_class_name((stream_operand_class)r->operand),
                  fit->w->tensors[r->tensor].name, &r->box, out);
    }
    stream_box box = stream_output_box(fit->w, layer, at.lo, at.size);
    print_box("O", fit->w->tensors[layer->output].name, &box, out);
    return sum;
}
