/* What may be unrolled over one array dim; see spatial_generator.h. */

#include "set_order.h"
#include "spatial_generator.h"

double stream_unrolled_product(const stream_unrolled_level *level) {
    double p = 1;
    for (int32_t i = 0; i < level->n; ++i)
        p *= level->at[i].factor;
    return p;
}

static void choose_one(stream_spatial_generator *g, int32_t x, int32_t dim) {
    for (int64_t f = g->most[x][dim]; f >= 1; --f)
        if (g->most[x][dim] % f == 0)
            *(stream_unrolled_level *)stream_vec_push(&g->choices[x]) =
                (stream_unrolled_level){.n = 1, .at = {{dim, (double)f}}};
}

/* All tuples of divisors > 1 of the dims of a combination, ascending, last dim fastest. */
static void choose_factors(stream_spatial_generator *g, int32_t x, const int32_t *dims, int32_t n,
                           stream_unrolled_level *partial) {
    if (partial->n == n) {
        *(stream_unrolled_level *)stream_vec_push(&g->choices[x]) = *partial;
        return;
    }
    int32_t dim = dims[partial->n];
    for (int64_t f = 2; f <= g->most[x][dim]; ++f) {
        if (g->most[x][dim] % f ||
            stream_unrolled_product(partial) * (double)f > (double)g->core->array_sizes[x])
            continue;
        partial->at[partial->n++] = (stream_unrolled_dim){dim, (double)f};
        choose_factors(g, x, dims, n, partial);
        partial->n--;
    }
}

/* Combinations of `size` of the dims, lexicographic. */
static void choose_mixed(stream_spatial_generator *g, int32_t x, const int32_t *dims, int32_t n,
                         int32_t size, int32_t first, int32_t *picked, int32_t n_picked) {
    if (n_picked == size) {
        stream_unrolled_level partial = {.n = 0};
        choose_factors(g, x, picked, size, &partial);
        return;
    }
    for (int32_t i = first; i < n; ++i) {
        picked[n_picked] = dims[i];
        choose_mixed(g, x, dims, n, size, i + 1, picked, n_picked + 1);
    }
}

void stream_spatial_find_choices(stream_spatial_generator *g, int32_t x) {
    int32_t dims[STREAM_NEST_MAX_DIMS], n = 0, picked[STREAM_NEST_MAX_DIMS];
    for (int32_t i = 0; i < g->request->n_hints[x]; ++i)
        dims[n++] = g->request->hints[x][i];
    for (int32_t d = 0; g->request->n_hints[x] == 0 && d < g->nest->n_dims; ++d)
        dims[n++] = d;
    n = stream_set_order(g->nest, dims, n);
    g->choices[x] = STREAM_VEC(stream_unrolled_level);
    for (int32_t i = 0; i < n; ++i)
        choose_one(g, x, dims[i]);
    for (int32_t size = 2; g->request->mixed && size <= n; ++size)
        choose_mixed(g, x, dims, n, size, 0, picked, 0);
}
