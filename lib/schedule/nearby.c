/* Which buffers of a datum have some of a box; see engine.h.
 *
 * Buffers of an input or constant that is read in many boxes are also in cells along the two axes
 * on which those boxes are most spread, so that a read looks at its neighbourhood and not at every
 * piece of the tensor that is in the memory:
 *
 *   cell 0                    larger than any that is read: in everybody's neighbourhood
 *   cell 1 + i * columns + k  begins in [i * w0, (i + 1) * w0) and [k * w1, (k + 1) * w1), w0 and
 *                             w1: datum_axes.cell
 *
 * A neighbourhood goes back as far as the longest box that came to the cells of the memory. */

#include "engine.h"

#include "stream/support/sort.h"

/* Tensors that are read in fewer boxes have no cells; nor do others once there are so many. */
#define LEAST_GROUPS 64
#define MOST_CELLS   (INT64_C(1) << 22)

static int32_t larger(int32_t a, int32_t b) {
    return a > b ? a : b;
}

/* Cells of the tensor along the k-th axis. */
static int32_t cells_along(const model *m, int32_t tensor, int32_t k) {
    const datum_axes *axes = &m->axes[m->graph->n_cts + tensor];
    return ((int32_t)m->graph->tensors[tensor].shape[axes->axis[k]] - 1) / axes->cell[k] + 1;
}

static int64_t cells_of(const model *m, int32_t tensor) {
    int32_t datum = m->graph->n_cts + tensor;
    const stream_tensor *t = &m->graph->tensors[tensor];
    if (m->group_first[datum + 1] - m->group_first[datum] < LEAST_GROUPS || t->rank == 0)
        return 0;
    return 1 + (int64_t)cells_along(m, tensor, 0) * cells_along(m, tensor, 1);
}

void stream_engine_count_cells(const model *m, int32_t *first, int32_t *row_first) {
    int64_t n = 0, rows = 0;
    for (int32_t t = 0; t < m->graph->n_tensors; ++t) {
        int64_t more = cells_of(m, t) * m->acc->n_instances;
        first[t] = (int32_t)n;
        row_first[t] = (int32_t)rows;
        if (more == 0 || n + more > MOST_CELLS)
            continue;
        n += more;
        rows += (int64_t)cells_along(m, t, 0) * m->acc->n_instances;
    }
    first[m->graph->n_tensors] = (int32_t)n;
    row_first[m->graph->n_tensors] = (int32_t)rows;
}

/* The cells of the datum in the instance, and how many they are; 0: it has none. */
static int32_t *cells_at(const engine *e, int32_t datum, int32_t instance, int32_t *n) {
    int32_t tensor = datum - e->m->graph->n_cts;
    *n = 0;
    if (tensor < 0)
        return NULL;
    int32_t first = e->cell_first[tensor];
    *n = (e->cell_first[tensor + 1] - first) / e->m->acc->n_instances;
    return &e->cells[first + instance * *n];
}

/* How many buffers of a datum that has cells are in each of their rows. */
static int32_t *row_counts_at(const engine *e, int32_t datum, int32_t instance) {
    int32_t tensor = datum - e->m->graph->n_cts, first = e->row_first[tensor];
    int32_t n = (e->row_first[tensor + 1] - first) / e->m->acc->n_instances;
    return &e->row_counts[first + instance * n];
}

static cell_reach *reach_of(const engine *e, int32_t datum, int32_t instance) {
    int32_t tensor = datum - e->m->graph->n_cts;
    return &e->reaches[(int64_t)tensor * e->m->acc->n_instances + instance];
}

/* The cell of a box that begins there, and its row; -1: it is larger than any that is read. */
static int32_t cell_of(const engine *e, int32_t datum, const buffer_detail *d, int32_t *row) {
    const datum_axes *axes = &e->m->axes[datum];
    int32_t columns = cells_along(e->m, datum - e->m->graph->n_cts, 1);
    *row = -1;
    for (int32_t k = 0; k < 2; ++k)
        if (d->hi[k] - d->lo[k] > axes->size[k])
            return 0;
    *row = d->lo[0] / axes->cell[0];
    return 1 + *row * columns + d->lo[1] / axes->cell[1];
}

/* One more in the row. */
static void count(const engine *e, const buffer *b, const buffer_detail *d, int32_t row) {
    cell_reach *reach = reach_of(e, b->datum, b->instance);
    row_counts_at(e, b->datum, b->instance)[row]++;
    for (int32_t k = 0; k < 2; ++k)
        reach->size[k] = larger(reach->size[k], d->hi[k] - d->lo[k]);
}

static void set_place(const engine *e, int32_t id, buffer_detail *d) {
    const datum_axes *axes = &e->m->axes[buffer_at(e, id)->datum];
    const stream_box *box = box_of(e, id);
    for (int32_t k = 0; k < 2; ++k) {
        d->lo[k] = box->lo[axes->axis[k]];
        d->hi[k] = d->lo[k] + box->size[axes->axis[k]];
    }
}

void stream_engine_enter_cell(engine *e, int32_t id) {
    const buffer *b = buffer_at(e, id);
    buffer_detail *d = detail_at(e, id);
    int32_t n, row, *cells = cells_at(e, b->datum, b->instance, &n);
    if (n == 0)
        return;
    set_place(e, id, d);
    int32_t *head = &cells[cell_of(e, b->datum, d, &row)];
    d->made = e->n_made++;
    d->cell_prev = -1;
    d->cell_next = *head;
    if (*head >= 0)
        detail_at(e, *head)->cell_prev = id;
    *head = id;
    if (row >= 0)
        count(e, b, d, row);
}

void stream_engine_leave_cell(engine *e, int32_t id) {
    const buffer *b = buffer_at(e, id);
    int32_t n, row, *cells = cells_at(e, b->datum, b->instance, &n);
    if (n == 0)
        return;
    const buffer_detail *d = detail_at(e, id);
    int32_t cell = cell_of(e, b->datum, d, &row);
    if (d->cell_prev >= 0)
        detail_at(e, d->cell_prev)->cell_next = d->cell_next;
    else
        cells[cell] = d->cell_next;
    if (d->cell_next >= 0)
        detail_at(e, d->cell_next)->cell_prev = d->cell_prev;
    if (row >= 0)
        row_counts_at(e, b->datum, b->instance)[row]--;
}

#define FEW_FOUND 32

/* Newest first. */
static void sort_found(stream_vec *found) {
    if (found->n < 2)
        return;
    stream_vec_reserve(found, 2 * found->n); /* the second half is scratch */
    stream_sort_keyed(found->data, found->n, &STREAM_AT(stream_keyed, *found, found->n));
}

static void add(const engine *e, int32_t id) {
    if (e->found->n == e->found->capacity)
        stream_vec_reserve(e->found, 2 * e->found->n + FEW_FOUND);
    STREAM_AT(stream_keyed, *e->found, e->found->n++) =
        (stream_keyed){UINT64_MAX - (uint64_t)detail_at(e, id)->made, id};
    __builtin_prefetch(buffer_at(e, id));
}

/* What is looked for. */
typedef struct {
    const stream_box *box; /* NULL: the axes tell all */
    int32_t lo[2], hi[2];  /* along them */
} neighbourhood;

static void search_cell(const engine *e, int32_t first, const neighbourhood *at) {
    const buffer_detail *d;
    for (int32_t id = first; id >= 0; id = d->cell_next) {
        d = detail_at(e, id);
        if (d->lo[0] < at->hi[0] && at->lo[0] < d->hi[0] && d->lo[1] < at->hi[1] &&
            at->lo[1] < d->hi[1] && (!at->box || stream_box_overlaps(&d->box, at->box)))
            add(e, id);
    }
}

static void search_row(const engine *e, const int32_t *row, const int32_t *from, const int32_t *to,
                       const neighbourhood *at) {
    for (int32_t k = from[1]; k <= to[1]; ++k)
        search_cell(e, row[k], at);
}

/* Asks for what is in the rows before the first of them is searched. */
static void ahead_of_rows(const engine *e, const int32_t *cells, const int32_t *counts,
                          int32_t columns, const int32_t *from, const int32_t *to) {
    for (int32_t i = from[0]; i <= to[0]; ++i) {
        const int32_t *row = &cells[1 + i * columns];
        for (int32_t k = from[1]; k <= to[1] && counts[i] > 0; ++k)
            if (row[k] >= 0)
                __builtin_prefetch(detail_at(e, row[k]));
    }
}

static void search_cells(const engine *e, int32_t datum, int32_t instance, const int32_t *cells,
                         const stream_box *box) {
    const datum_axes *axes = &e->m->axes[datum];
    const int32_t *counts = row_counts_at(e, datum, instance);
    const cell_reach *reach = reach_of(e, datum, instance);
    neighbourhood at = {.box = axes->is_plane ? NULL : box};
    int32_t columns = cells_along(e->m, datum - e->m->graph->n_cts, 1), from[2], to[2];
    for (int32_t k = 0; k < 2; ++k) {
        at.lo[k] = box->lo[axes->axis[k]];
        at.hi[k] = at.lo[k] + box->size[axes->axis[k]];
        from[k] = larger(at.lo[k] - reach->size[k] + 1, 0) / axes->cell[k];
        to[k] = (at.hi[k] - 1) / axes->cell[k];
    }
    ahead_of_rows(e, cells, counts, columns, from, to);
    search_cell(e, cells[0], &at);
    for (int32_t i = from[0]; i <= to[0]; ++i)
        if (counts[i] > 0)
            search_row(e, &cells[1 + i * columns], from, to, &at);
    sort_found(e->found);
}

int32_t stream_engine_find_nearby(const engine *e, int32_t datum, int32_t instance,
                                  const stream_box *box) {
    int32_t n;
    int32_t id = stream_engine_newest(e, datum, instance);
    e->found->n = 0;
    if (id < 0)
        return 0;
    const int32_t *cells = cells_at(e, datum, instance, &n);
    if (n > 0) {
        search_cells(e, datum, instance, cells, box);
        return (int32_t)e->found->n;
    }
    for (; id >= 0; id = buffer_at(e, id)->next)
        if (buffer_at(e, id)->instance == instance && buffer_overlaps(e, id, box))
            add(e, id);
    return (int32_t)e->found->n;
}

bool stream_engine_has_plane_cells(const engine *e, int32_t datum) {
    int32_t tensor = datum - e->m->graph->n_cts;
    const datum_axes *axes = &e->m->axes[datum];
    return tensor >= 0 && axes->is_plane && axes->axis[0] != axes->axis[1] &&
           e->cell_first[tensor] < e->cell_first[tensor + 1];
}

int32_t stream_engine_nearby(const engine *e, int32_t i) {
    return (int32_t)STREAM_AT(stream_keyed, *e->found, i).value;
}
