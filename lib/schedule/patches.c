/* What of a box is still to be fetched, along two axes; see patches.h. */

#include "patches.h"

/* Half open along both axes, the first of which is the lower dimension. */
typedef struct {
    int32_t lo[2], hi[2];
} patch;

typedef struct {
    patch items[STREAM_MOST_RESTS + 4];
    int32_t n;
} patch_list;

/* Dimensions of the axes, and their places among those of the cells. */
typedef struct {
    int32_t dimension[2], place[2];
} patch_axes;

static patch_axes axes_of(const datum_axes *axes) {
    int32_t k = axes->axis[1] < axes->axis[0];
    return (patch_axes){{axes->axis[k], axes->axis[!k]}, {k, !k}};
}

static patch patch_of_box(const patch_axes *axes, const stream_box *box) {
    patch p;
    for (int32_t k = 0; k < 2; ++k) {
        p.lo[k] = box->lo[axes->dimension[k]];
        p.hi[k] = p.lo[k] + box->size[axes->dimension[k]];
    }
    return p;
}

static patch patch_of_buffer(const patch_axes *axes, const buffer_detail *d) {
    patch p;
    for (int32_t k = 0; k < 2; ++k) {
        p.lo[k] = d->lo[axes->place[k]];
        p.hi[k] = d->hi[axes->place[k]];
    }
    return p;
}

static bool meet(const patch *a, const patch *b) {
    return a->lo[0] < b->hi[0] && b->lo[0] < a->hi[0] && a->lo[1] < b->hi[1] && b->lo[1] < a->hi[1];
}

/* What is left of `rest`, which meets `there`, before and behind it along each axis. */
static void subtract(patch rest, const patch *there, patch_list *out) {
    for (int32_t k = 0; k < 2; ++k) {
        if (rest.lo[k] < there->lo[k]) {
            out->items[out->n] = rest;
            out->items[out->n++].hi[k] = rest.lo[k] = there->lo[k];
        }
        if (there->hi[k] < rest.hi[k]) {
            out->items[out->n] = rest;
            out->items[out->n++].lo[k] = rest.hi[k] = there->hi[k];
        }
    }
}

/* False: too scattered. */
static bool cut(const patch_list *from, const patch *there, patch_list *out) {
    out->n = 0;
    for (int32_t i = 0; i < from->n && out->n <= STREAM_MOST_RESTS; ++i) {
        if (meet(&from->items[i], there))
            subtract(from->items[i], there, out);
        else
            out->items[out->n++] = from->items[i];
    }
    return out->n <= STREAM_MOST_RESTS;
}

static void make_boxes(const patch_list *list, const patch_axes *axes, const stream_box *box,
                       box_rests *out) {
    out->n = list->n;
    for (int32_t i = 0; i < list->n; ++i) {
        out->boxes[i] = *box;
        for (int32_t k = 0; k < 2; ++k) {
            int32_t d = axes->dimension[k];
            out->boxes[i].lo[d] = list->items[i].lo[k];
            out->boxes[i].size[d] = list->items[i].hi[k] - list->items[i].lo[k];
        }
    }
}

bool stream_patches_cut(const engine *e, int32_t datum, const stream_box *box, const int32_t *ids,
                        int32_t n, box_rests *out) {
    patch_axes axes = axes_of(&e->m->axes[datum]);
    patch_list lists[2];
    int32_t now = 0;
    lists[0].items[0] = patch_of_box(&axes, box);
    lists[0].n = 1;
    for (int32_t i = 0; i < n && lists[now].n > 0; ++i) {
        patch there = patch_of_buffer(&axes, detail_at(e, ids[i]));
        if (!cut(&lists[now], &there, &lists[!now]))
            return false;
        now = !now;
    }
    make_boxes(&lists[now], &axes, box, out);
    return true;
}
