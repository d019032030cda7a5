/* Numbers of shapes and routes; see html_index.h. */

#include "html_index.h"

#include <stdlib.h>

/* A thing with its place in the order of first use. */
typedef struct {
    const void *thing;
    int32_t place;
} item;

static int compare_i32(int32_t a, int32_t b) {
    return (a > b) - (a < b);
}

static int by_place(const item *x, const item *y) {
    return compare_i32(x->place, y->place);
}

static int shape_order(const stream_box *x, const stream_box *y) {
    int order = compare_i32(x->rank, y->rank);
    for (int32_t d = 0; d < x->rank && order == 0; ++d)
        order = (x->size[d] > y->size[d]) - (x->size[d] < y->size[d]);
    return order;
}

static int route_order(const stream_transfer *x, const stream_transfer *y) {
    int order = compare_i32(x->source, y->source);
    if (order == 0)
        order = compare_i32(x->n_targets, y->n_targets);
    if (order == 0)
        order = compare_i32(x->n_resources, y->n_resources);
    for (int32_t k = 0; order == 0 && k < x->n_targets; ++k)
        order = compare_i32(x->targets[k].instance, y->targets[k].instance);
    for (int32_t i = 0; order == 0 && i < x->n_resources; ++i)
        order = compare_i32(x->resources[i], y->resources[i]);
    return order;
}

static int by_shape(const void *a, const void *b) {
    const item *x = a, *y = b;
    int order = shape_order(x->thing, y->thing);
    return order ? order : by_place(x, y);
}

static int by_route(const void *a, const void *b) {
    const item *x = a, *y = b;
    int order = route_order(x->thing, y->thing);
    return order ? order : by_place(x, y);
}

/* Sorts the items; gives each place the first place of an equal thing in `same`. */
static void find_equal(item *items, int32_t n, int (*compare)(const void *, const void *),
                       int32_t *same) {
    if (n)
        qsort(items, (size_t)n, sizeof *items, compare);
    for (int32_t i = 0, first = 0; i < n; ++i) {
        item as_first = {items[i].thing, items[first].place}; /* equal but for its place */
        if (compare(&as_first, &items[first]) != 0)
            first = i;
        same[items[i].place] = items[first].place;
    }
}

/* Numbers the things in the order of first use: number [n]; gives their count and, in `out_things`
 * [count], one of each. */
static int32_t number_all(item *items, int32_t n, int (*compare)(const void *, const void *),
                          stream_arena *arena, const int32_t **out_number,
                          const void **out_things) {
    int32_t *number = STREAM_NEW(arena, int32_t, (size_t)n), count = 0;
    const void **things = STREAM_NEW(arena, const void *, (size_t)n);
    for (int32_t i = 0; i < n; ++i)
        things[i] = items[i].thing;
    find_equal(items, n, compare, number);
    for (int32_t i = 0; i < n; ++i) {
        bool is_new = number[i] == i;
        if (is_new)
            out_things[count] = things[i];
        number[i] = is_new ? count++ : number[number[i]];
    }
    *out_number = number;
    return count;
}

static void number_shapes(const stream_export *e, stream_arena *arena, stream_html_index *out) {
    int32_t n_cts = e->problem->graph->n_cts, n = n_cts + e->schedule->n_transfers;
    item *items = STREAM_NEW(arena, item, (size_t)n);
    const void **things = STREAM_NEW(arena, const void *, (size_t)n);
    for (int32_t i = 0; i < n_cts; ++i)
        items[i] = (item){&e->problem->graph->cts[i].box, i};
    for (int32_t i = n_cts; i < n; ++i)
        items[i] = (item){&e->schedule->transfers[i - n_cts].box, i};
    out->n_shapes = number_all(items, n, by_shape, arena, &out->ct_shape, things);
    out->transfer_shape = out->ct_shape + n_cts;
    const stream_box **shapes = STREAM_NEW(arena, const stream_box *, (size_t)out->n_shapes);
    for (int32_t i = 0; i < out->n_shapes; ++i)
        shapes[i] = things[i];
    out->shapes = shapes;
}

static void number_routes(const stream_export *e, stream_arena *arena, stream_html_index *out) {
    int32_t n = e->schedule->n_transfers;
    item *items = STREAM_NEW(arena, item, (size_t)n);
    const void **things = STREAM_NEW(arena, const void *, (size_t)n);
    for (int32_t i = 0; i < n; ++i)
        items[i] = (item){&e->schedule->transfers[i], i};
    out->n_routes = number_all(items, n, by_route, arena, &out->transfer_route, things);
    const stream_transfer **routes =
        STREAM_NEW(arena, const stream_transfer *, (size_t)out->n_routes);
    for (int32_t i = 0; i < out->n_routes; ++i)
        routes[i] = things[i];
    out->routes = routes;
}

void stream_html_index_build(const stream_export *e, stream_arena *arena, stream_html_index *out) {
    number_shapes(e, arena, out);
    number_routes(e, arena, out);
}
