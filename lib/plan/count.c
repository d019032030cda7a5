/* Too many CTs for want of memory, or too much that they read; see count.h. */

#include "count.h"

#include "report.h"
#include "stream/support/integer.h"

/* Saturated numbers of CTs. */
#define ENDLESS (INT64_MAX / 2)

/* Tiles of `n` iterations, of which a tile covers `tile`. */
static int64_t tiles_of(int64_t n, int64_t tile) {
    return tile > 0 ? stream_ceil_div(n, tile) : n > 0;
}

int64_t stream_plan_ct_count(const stream_layer *layer, const stream_layer_plan *plan) {
    int64_t n = 1;
    for (int32_t l = 0; l < layer->n_loops; ++l) {
        int64_t part = stream_plan_part(layer, plan, l), whole = layer->bounds[l] / part;
        int64_t tiles = whole * tiles_of(part, plan->tile[l]) +
                        tiles_of(layer->bounds[l] - whole * part, plan->tile[l]);
        if (!stream_mul_i64(n, tiles, &n))
            return ENDLESS;
    }
    return stream_min_i64(n, ENDLESS);
}

static void write_tile(const stream_layer *layer, const stream_layer_plan *plan, stream_text *out) {
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (plan->tile[l] < stream_plan_part(layer, plan, l))
            stream_text_print(out, "%s%s %lld of %lld", out->length ? ", " : "",
                              layer->loop_names[l], (long long)plan->tile[l],
                              (long long)layer->bounds[l]);
}

static const char *at_least(int64_t n) {
    return n == ENDLESS ? "at least " : "";
}

static stream_status too_many(const stream_fit *fit, const stream_layer *layer,
                              const stream_layer_plan *plan, const stream_filling *ct, int64_t n,
                              int64_t all, int64_t most, const stream_diag *diag) {
    const stream_instance *memory = &fit->acc->instances[ct->ct.instance];
    double would_fit = (double)ct->capacity * (double)all / (double)most;
    stream_text tile = {0};
    write_tile(layer, plan, &tile);
    stream_status status = stream_error(
        diag, STREAM_INFEASIBLE, layer->loc,
        "the network has %s%lld CTs, more than %lld (max-cts), %s%lld of them of layer '%s': memory "
        "'%s' of core '%s' has %lld bits, and a tile of %s takes %lld of them (%s; I1 %lld, I2 "
        "%lld, O %lld bits). A memory of about %.0f bits (%.3g times as large), larger tiles "
        "(rows=, fill=, #stream.plan) or a higher max-cts would fit",
        at_least(all), (long long)all, (long long)most, at_least(n), (long long)n, layer->name,
        fit->acc->cores[memory->core].memories[memory->level].name,
        fit->acc->cores[ct->ct.core].name, (long long)ct->capacity, tile.data ? tile.data : "all",
        (long long)ct->bits, ct->boxes.data, (long long)ct->ct.bits[STREAM_I1],
        (long long)ct->ct.bits[STREAM_I2], (long long)ct->ct.bits[STREAM_O], would_fit,
        would_fit / (double)ct->capacity);
    stream_text_free(&tile);
    return status;
}

stream_status stream_plan_check_count(stream_fit *fit, const stream_layer_plan *plans, int64_t most,
                                      double fill, const stream_diag *diag) {
    int64_t all = 0, of_worst = 0;
    int32_t worst = -1;
    for (int32_t l = 0; l < fit->w->n_layers; ++l) {
        int64_t n = stream_plan_ct_count(&fit->w->layers[l], &plans[l]);
        all = stream_min_i64(all + n, ENDLESS);
        if (n > of_worst) {
            of_worst = n;
            worst = l;
        }
    }
    if (most == 0 || all <= most)
        return STREAM_OK;
    const stream_layer *layer = &fit->w->layers[worst];
    stream_cutting cutting = {layer, plans[worst].split, plans[worst].tile};
    stream_filling ct;
    stream_plan_fullest(fit, &cutting, &plans[worst], &ct);
    /* far from full: it is not the memory that keeps the tiles small */
    stream_status status = STREAM_OK;
    if (8 * (double)ct.bits > fill * (double)ct.capacity)
        status = too_many(fit, layer, &plans[worst], &ct, of_worst, all, most, diag);
    stream_text_free(&ct.boxes);
    return status;
}

/* ---- pieces */

static stream_status too_many_pieces(const stream_layer *layer, const stream_layer_plan *plan,
                                     int64_t n_cts, int64_t pieces, int64_t all, int64_t most,
                                     const stream_diag *diag) {
    stream_text tile = {0};
    write_tile(layer, plan, &tile);
    stream_status status = stream_error(
        diag, STREAM_INFEASIBLE, layer->loc,
        "the CTs of the network read %s%lld pieces of data, more than %lld: layer '%s' has %lld CTs "
        "with a tile of %s, of which each reads %lld pieces that other CTs write, inputs and weights. "
        "Tiles %.3g times as large (rows=, tiles=, fill=, #stream.plan), also of the layers that it "
        "reads, or memories for such would fit",
        at_least(all), (long long)all, (long long)most, layer->name, (long long)n_cts,
        tile.data ? tile.data : "all", (long long)pieces, (double)all / (double)most);
    stream_text_free(&tile);
    return status;
}

stream_status stream_plan_check_pieces(stream_fit *fit, const stream_layer_plan *plans,
                                       int64_t most, const stream_diag *diag) {
    int64_t all = 0, of_worst = 0, pieces_of_worst = 0, reads;
    int32_t worst = -1;
    for (int32_t l = 0; l < fit->w->n_layers && most > 0; ++l) {
        const stream_layer *layer = &fit->w->layers[l];
        stream_cutting cutting = {layer, plans[l].split, plans[l].tile};
        int64_t pieces = stream_fit_pieces(fit, &cutting, &reads), n;
        if (!stream_mul_i64(pieces, stream_plan_ct_count(layer, &plans[l]), &n))
            n = ENDLESS;
        n = stream_min_i64(n, ENDLESS);
        all = stream_min_i64(all + n, ENDLESS);
        if (n > of_worst) {
            of_worst = n;
            pieces_of_worst = pieces;
            worst = l;
        }
    }
    if (most == 0 || all <= most)
        return STREAM_OK;
    return too_many_pieces(&fit->w->layers[worst], &plans[worst],
                           stream_plan_ct_count(&fit->w->layers[worst], &plans[worst]),
                           pieces_of_worst, all, most, diag);
}
