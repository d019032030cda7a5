/* Which buffers of a datum have some of a box; see engine.h.
 *
 * Buffers of an input or constant that is read in many boxes are also in cells along the two axes
 * on which those boxes are most spread, so that a read looks at its neighbourhood and not at every
 * piece of the tensor that is in the memory:
 *
 *   cell 0                    larger than a cell: in everybody's neighbourhood
 *   cell 1 + i * columns + k  begins in [i * w0, (i + 1) * w0) and [k * w1, (k + 1) * w1), w0 and
 * w1: the longest box that is read along the axes */

#include "engine.h"

#include "stream/support/sort.h"

/* Tensors that are read in fewer boxes have no cells; nor do others once there are so many. */
#define LEAST_GROUPS 64
#define MOST_CELLS   (INT64_C(1) << 22)

/* Cells of the tensor along the k-th axis. */
static int32_t cells_along(const model *m, int32_t tensor, int32_t k) {
    const datum_axes *axes = &m->axes[m->graph->n_cts + tensor];
    return ((int32_t)m->graph->tensors[tensor].shape[axes->axis[k]] - 1) / axes->size[k] + 1;
}

static int64_t cells_of(const model *m, int32_t tensor) {
    int32_t datum = m->graph->n_cts + tensor;
    const stream_tensor *t = &m->graph->tensors[tensor];
    if (m->group_first[datum + 1] - m->group_first[datum] < LEAST_GROUPS || t->rank == 0)
        return 0;
    return 1 + (int64_t)cells_along(m, tensor, 0) * cells_along(m, tensor, 1);
}

int32_t stream_engine_count_cells(const model *m, int32_t *first) {
    int64_t n = 0;
    for (int32_t t = 0; t < m->graph->n_tensors; ++t) {
        int64_t more = cells_of(m, t) * m->acc->n_instances;
        first[t] = (int32_t)n;
        n += n + more <= MOST_CELLS ? more : 0;
    }
    first[m->graph->n_tensors] = (int32_t)n;
    return (int32_t)n;
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

static int32_t cell_of(const engine *e, int32_t id) {
    int32_t datum = buffer_at(e, id)->datum, at[2];
    const datum_axes *axes = &e->m->axes[datum];
    const stream_box *box = box_of(e, id);
    int32_t columns = cells_along(e->m, datum - e->m->graph->n_cts, 1);
    for (int32_t k = 0; k < 2; ++k) {
        if (box->size[axes->axis[k]] > axes->size[k])
            return 0;
        at[k] = box->lo[axes->axis[k]] / axes->size[k];
    }
    return 1 + at[0] * columns + at[1];
}

void stream_engine_enter_cell(engine *e, int32_t id) {
    const buffer *b = buffer_at(e, id);
    buffer_detail *d = detail_at(e, id);
    int32_t n, *cells = cells_at(e, b->datum, b->instance, &n);
    d->made = e->n_made++;
    if (n == 0)
        return;
    int32_t *head = &cells[cell_of(e, id)];
    d->cell_prev = -1;
    d->cell_next = *head;
    if (*head >= 0)
        detail_at(e, *head)->cell_prev = id;
    *head = id;
}

void stream_engine_leave_cell(engine *e, int32_t id) {
    const buffer *b = buffer_at(e, id);
    int32_t n, *cells = cells_at(e, b->datum, b->instance, &n);
    if (n == 0)
        return;
    const buffer_detail *d = detail_at(e, id);
    if (d->cell_prev >= 0)
        detail_at(e, d->cell_prev)->cell_next = d->cell_next;
    else
        cells[cell_of(e, id)] = d->cell_next;
    if (d->cell_next >= 0)
        detail_at(e, d->cell_next)->cell_prev = d->cell_prev;
}

#define FEW_FOUND 32

/* Newest first. */
static void sort_found(stream_vec *found) {
    if (found->n < 2)
        return;
    stream_vec_reserve(found, 2 * found->n); /* the second half is scratch */
    stream_sort_keyed(found->data, found->n, &STREAM_AT(stream_keyed, *found, found->n));
}

static void add(const engine *e, int32_t id, const stream_box *box) {
    if (!buffer_overlaps(e, id, box))
        return;
    if (e->found->n == e->found->capacity)
        stream_vec_reserve(e->found, 2 * e->found->n + FEW_FOUND);
    STREAM_AT(stream_keyed, *e->found, e->found->n++) =
        (stream_keyed){UINT64_MAX - (uint64_t)detail_at(e, id)->made, id};
}

static void search_cell(const engine *e, int32_t first, const stream_box *box) {
    for (int32_t id = first; id >= 0; id = detail_at(e, id)->cell_next)
        add(e, id, box);
}

static void search_cells(const engine *e, int32_t datum, const int32_t *cells,
                         const stream_box *box) {
    const datum_axes *axes = &e->m->axes[datum];
    int32_t tensor = datum - e->m->graph->n_cts, from[2], to[2];
    int32_t columns = cells_along(e->m, tensor, 1);
    for (int32_t k = 0; k < 2; ++k) {
        int32_t size = axes->size[k], lo = box->lo[axes->axis[k]];
        from[k] = lo >= size ? (lo - size + 1) / size : 0;
        to[k] = (lo + box->size[axes->axis[k]] - 1) / size;
    }
    search_cell(e, cells[0], box);
    for (int32_t i = from[0]; i <= to[0]; ++i)
        for (int32_t k = from[1]; k <= to[1]; ++k)
            search_cell(e, cells[1 + i * columns + k], box);
    sort_found(e->found);
}

int32_t stream_engine_find_nearby(const engine *e, int32_t datum, int32_t instance,
                                  const stream_box *box) {
    int32_t n;
    int32_t id = e->heads[stream_engine_list(e, datum, instance)];
    e->found->n = 0;
    if (id < 0)
        return 0;
    const int32_t *cells = cells_at(e, datum, instance, &n);
    if (n > 0) {
        search_cells(e, datum, cells, box);
        return (int32_t)e->found->n;
    }
    for (; id >= 0; id = buffer_at(e, id)->next)
        if (buffer_at(e, id)->instance == instance)
            add(e, id, box);
    return (int32_t)e->found->n;
}

int32_t stream_engine_nearby(const engine *e, int32_t i) {
    return (int32_t)STREAM_AT(stream_keyed, *e->found, i).value;
}
