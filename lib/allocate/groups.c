/* Groups of CTs that move together; see internal.h. */

#include "internal.h"

#include "stream/support/integer.h"
#include "stream/support/vec.h"

#include <string.h>

/* Groups per core of a layer. */
#define GROUPS_PER_CORE 2

typedef struct {
    allocation_space *s;
    const stream_ct_graph *graph;
    const int32_t *by_layer; /* CTs, by layer, in program order */
    stream_vec groups;       /* ct_group */
    stream_vec cts, cores;   /* int32_t */
    int32_t *group_of;       /* [n_cts] */
    double *rate;            /* [n_cores] scratch: CTs per cycle */
} builder;

static int64_t price(const allocation_space *s, int32_t ct, int32_t core) {
    return s->p->cycles[(int64_t)s->p->graph->cts[ct].kernel * s->p->acc->n_cores + core];
}

static bool is_allowed(const allocation_space *s, int32_t ct, int32_t core) {
    return s->allowed[(size_t)ct * (size_t)s->p->acc->n_cores + (size_t)core];
}

static bool runs_any(const builder *b, const int32_t *cts, int32_t n, int32_t core) {
    for (int32_t i = 0; i < n; ++i)
        if (is_allowed(b->s, cts[i], core))
            return true;
    return false;
}

/* Cores that the space keeps and that can run some CT of the layer; if there are none, of the next
 * wider one. */
static void add_cores(builder *b, const int32_t *cts, int32_t n, layer_groups *layer) {
    layer->first_core = (int32_t)b->cores.n;
    for (const allocation_space *s = b->s; s && layer->n_cores == 0; s = s->wider) {
        for (int32_t c = 0; c < b->s->p->acc->n_cores; ++c)
            if (s->kept[c] && runs_any(b, cts, n, c))
                *(int32_t *)stream_vec_push(&b->cores) = c;
        layer->n_cores = (int32_t)b->cores.n - layer->first_core;
    }
}

static void begin_group(builder *b, int32_t layer, layer_groups *of, int32_t share) {
    *(ct_group *)stream_vec_push(&b->groups) = (ct_group){
        .layer = layer, .part = of->n_groups++, .share = share, .first_ct = (int32_t)b->cts.n};
}

static void add_ct(builder *b, int32_t ct) {
    *(int32_t *)stream_vec_push(&b->cts) = ct;
    b->group_of[ct] = (int32_t)b->groups.n - 1;
    STREAM_AT(ct_group, b->groups, b->groups.n - 1).n_cts++;
}

/* rate[k]: how fast the layer's k-th core works off its CTs; 0 where it cannot. Returns the sum. */
static double find_rates(builder *b, const int32_t *cts, int32_t n, const layer_groups *of) {
    double sum = 0;
    for (int32_t k = 0; k < of->n_cores; ++k) {
        int32_t core = STREAM_AT(int32_t, b->cores, of->first_core + k), able = 0;
        double cycles = 0;
        for (int32_t i = 0; i < n; ++i)
            if (is_allowed(b->s, cts[i], core)) {
                cycles += (double)price(b->s, cts[i], core);
                ++able;
            }
        b->rate[k] = cycles > 0 ? able / cycles : 0;
        sum += b->rate[k];
    }
    return sum;
}

/* The fastest core of the layer, as an index into its cores. */
static int32_t fastest(const builder *b, const layer_groups *of) {
    int32_t best = 0;
    for (int32_t k = 1; k < of->n_cores; ++k)
        best = b->rate[k] > b->rate[best] ? k : best;
    return best;
}

/* Contiguous runs of boxes, sized by the speeds of the cores. A box and what accumulates onto it
 * count as one. */
static void group_runs(builder *b, int32_t layer, const int32_t *cts, int32_t n, layer_groups *of) {
    double sum = find_rates(b, cts, n, of), end = 0;
    int32_t boxes = 0, box = -1, slot = -1, next = 0;
    for (int32_t i = 0; i < n; ++i)
        boxes += !b->graph->cts[cts[i]].accumulates;
    for (int32_t i = 0; i < n; ++i) {
        box += !b->graph->cts[cts[i]].accumulates;
        while (slot < 0 || (box + 0.5 > end * boxes && slot + 1 < of->n_cores * GROUPS_PER_CORE)) {
            ++slot;
            end += b->rate[slot / GROUPS_PER_CORE] / sum / GROUPS_PER_CORE;
        }
        if (slot >= next || of->n_groups == 0) {
            begin_group(b, layer, of, boxes > 1 ? slot / GROUPS_PER_CORE : fastest(b, of));
            next = slot + 1;
        }
        add_ct(b, cts[i]);
    }
}

static int64_t group_work(const allocation_space *s, const ct_group *g, int32_t core) {
    int64_t cycles = 0;
    for (int32_t i = 0; i < g->n_cts; ++i) {
        int32_t ct = s->group_cts[g->first_ct + i];
        cycles += price(s, ct, is_allowed(s, ct, core) ? core : s->fastest[ct]);
    }
    return cycles;
}

static void find_work(allocation_space *s, stream_arena *arena) {
    int32_t n_cores = s->p->acc->n_cores;
    int64_t *work = STREAM_NEW(arena, int64_t, (size_t)s->n_groups * (size_t)n_cores);
    for (int32_t g = 0; g < s->n_groups; ++g)
        for (int32_t c = 0; c < n_cores; ++c)
            work[g * n_cores + c] = group_work(s, &s->groups[g], c);
    s->work = work;
}

static const int32_t *sort_by_layer(const stream_ct_graph *g, int32_t *first, stream_arena *arena) {
    int32_t *sorted = STREAM_NEW(arena, int32_t, (size_t)g->n_cts);
    for (int32_t i = 0; i < g->n_cts; ++i)
        first[g->cts[i].layer + 1]++;
    for (int32_t l = 0; l < g->n_layers; ++l)
        first[l + 1] += first[l];
    for (int32_t i = 0; i < g->n_cts; ++i)
        sorted[first[g->cts[i].layer]++] = i;
    memmove(first + 1, first, (size_t)g->n_layers * sizeof *first);
    first[0] = 0;
    return sorted;
}

size_t stream_allocation_most_groups(const stream_schedule_problem *p) {
    size_t of_cores = (size_t)p->graph->n_layers * (size_t)p->acc->n_cores * GROUPS_PER_CORE;
    return of_cores < (size_t)p->graph->n_cts ? of_cores : (size_t)p->graph->n_cts;
}

void stream_allocation_find_groups(allocation_space *s, stream_arena *arena) {
    const stream_ct_graph *g = s->p->graph;
    int32_t *first = STREAM_NEW(arena, int32_t, (size_t)g->n_layers + 1);
    layer_groups *layers = STREAM_NEW(arena, layer_groups, (size_t)g->n_layers);
    builder b = {.s = s,
                 .graph = g,
                 .by_layer = sort_by_layer(g, first, arena),
                 .groups = STREAM_VEC(ct_group),
                 .cts = STREAM_VEC(int32_t),
                 .cores = STREAM_VEC(int32_t),
                 .group_of = STREAM_NEW(arena, int32_t, (size_t)g->n_cts),
                 .rate = STREAM_NEW(arena, double, (size_t)s->p->acc->n_cores)};
    for (int32_t l = 0; l < g->n_layers; ++l) {
        const int32_t *cts = &b.by_layer[first[l]];
        int32_t n = first[l + 1] - first[l];
        layers[l].first_group = (int32_t)b.groups.n;
        if (n == 0)
            continue;
        add_cores(&b, cts, n, &layers[l]);
        group_runs(&b, l, cts, n, &layers[l]);
    }
    s->n_groups = (int32_t)b.groups.n;
    s->groups = stream_vec_freeze(&b.groups, arena);
    s->group_cts = stream_vec_freeze(&b.cts, arena);
    s->layer_cores = stream_vec_freeze(&b.cores, arena);
    s->group_of = b.group_of;
    s->layers = layers;
    find_work(s, arena);
}
