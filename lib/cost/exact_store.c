/* The labels of one best-first search; see exact_store.h. */

#include "exact_store.h"

#include <math.h>
#include <string.h>

static stream_label *label_at(const stream_exact *x, int32_t id) {
    return &STREAM_AT(stream_label, x->store->labels, id);
}

static double *acc_at(const stream_exact *x, int32_t id) {
    return &STREAM_AT(double, x->store->acc, (size_t)id *(size_t)x->n_acc);
}

void stream_store_read(const stream_exact *x, int32_t id, stream_open_label *out) {
    out->at = *label_at(x, id);
    memcpy(out->acc, acc_at(x, id), sizeof(double) * (size_t)x->n_acc);
}

static int32_t store_label(stream_exact *x, const stream_open_label *label) {
    int32_t id = (int32_t)x->store->labels.n;
    *(stream_label *)stream_vec_push(&x->store->labels) = label->at;
    memcpy(stream_vec_push_n(&x->store->acc, (size_t)x->n_acc), label->acc,
           sizeof(double) * (size_t)x->n_acc);
    return id;
}

static bool before(const stream_exact *x, int32_t a, int32_t b) {
    const stream_label *p = label_at(x, a), *q = label_at(x, b);
    if (p->bound != q->bound)
        return p->bound < q->bound;
    return p->depth != q->depth ? p->depth > q->depth : a < b;
}

static void heap_push(stream_exact *x, int32_t id) {
    stream_vec *heap = &x->store->heap;
    stream_vec_push(heap);
    size_t i = heap->n - 1;
    for (; i > 0 && before(x, id, STREAM_AT(int32_t, *heap, (i - 1) / 2)); i = (i - 1) / 2)
        STREAM_AT(int32_t, *heap, i) = STREAM_AT(int32_t, *heap, (i - 1) / 2);
    STREAM_AT(int32_t, *heap, i) = id;
}

static int32_t heap_pop(stream_exact *x) {
    stream_vec *heap = &x->store->heap;
    int32_t top = STREAM_AT(int32_t, *heap, 0), id = STREAM_AT(int32_t, *heap, --heap->n);
    size_t i = 0;
    for (size_t c; (c = 2 * i + 1) < heap->n; i = c) {
        if (c + 1 < heap->n &&
            before(x, STREAM_AT(int32_t, *heap, c + 1), STREAM_AT(int32_t, *heap, c)))
            ++c;
        if (!before(x, STREAM_AT(int32_t, *heap, c), id))
            break;
        STREAM_AT(int32_t, *heap, i) = STREAM_AT(int32_t, *heap, c);
    }
    if (heap->n > 0)
        STREAM_AT(int32_t, *heap, i) = id;
    return top;
}

int32_t stream_store_next(stream_exact *x) {
    while (x->store->heap.n > 0) {
        int32_t id = heap_pop(x);
        if (!label_at(x, id)->dead)
            return id;
    }
    return -1;
}

void stream_store_bound_again(stream_exact *x) {
    stream_vec open = x->store->heap;
    stream_open_label label;
    x->store->heap = STREAM_VEC(int32_t);
    for (size_t i = 0; i < open.n; ++i) {
        int32_t id = STREAM_AT(int32_t, open, i);
        if (label_at(x, id)->dead)
            continue;
        stream_store_read(x, id, &label);
        label_at(x, id)->bound = larger(label.at.bound, stream_exact_best_bound(x, &label));
        heap_push(x, id);
    }
    stream_vec_free(&open);
}

static stream_label_bucket *bucket_of(stream_exact *x, const stream_label *label) {
    stream_label_store *store = x->store;
    int32_t key = label->reduces;
    for (int32_t o = 0; o < x->problem->n_operands; ++o)
        key += label->closed[o] * store->key_factor[o];
    int32_t *at = &store->bucket_at[stream_exact_row(x, label->state, store->n_keys) + (size_t)key];
    if (*at < 0) {
        *at = (int32_t)store->buckets.n;
        *(stream_label_bucket *)stream_vec_push(&store->buckets) =
            (stream_label_bucket){.ids = STREAM_VEC(int32_t), .values = STREAM_VEC(double)};
    }
    return &STREAM_AT(stream_label_bucket, store->buckets, *at);
}

static void remove_from(stream_label_bucket *bucket, size_t i, size_t n_values) {
    size_t last = --bucket->ids.n;
    STREAM_AT(int32_t, bucket->ids, i) = STREAM_AT(int32_t, bucket->ids, last);
    memmove(&STREAM_AT(double, bucket->values, i *n_values),
            &STREAM_AT(double, bucket->values, last *n_values), n_values * sizeof(double));
    bucket->values.n -= n_values;
}

/* Drops what the label dominates; false if it is dominated itself. */
static bool undominated(stream_exact *x, const stream_open_label *label, const double *values,
                        stream_label_bucket *bucket) {
    size_t n_values = (size_t)x->n_necessary;
    stream_exact_spend(x, (int64_t)bucket->ids.n);
    for (size_t i = 0; i < bucket->ids.n;) {
        const double *other = &STREAM_AT(double, bucket->values, i *n_values);
        bool worse = true, better = true;
        for (size_t k = 0; k < n_values; ++k) {
            worse &= other[k] <= values[k];
            better &= values[k] <= other[k];
        }
        if (worse || better) {
            int32_t id = STREAM_AT(int32_t, bucket->ids, i);
            stream_exact_compare(x, label_at(x, id), acc_at(x, id), &label->at, label->acc, &worse,
                                 &better);
            stream_exact_spend(x, STREAM_STEPS_COMPARE);
            if (worse)
                return false;
            if (better) {
                label_at(x, id)->dead = true;
                remove_from(bucket, i, n_values);
                continue;
            }
        }
        ++i;
    }
    return true;
}

static void keep(stream_exact *x, const stream_open_label *label, const double *values,
                 stream_label_bucket *bucket) {
    int32_t id = store_label(x, label);
    size_t n_values = (size_t)x->n_necessary;
    *(int32_t *)stream_vec_push(&bucket->ids) = id;
    memcpy(stream_vec_push_n(&bucket->values, n_values), values, n_values * sizeof(double));
    heap_push(x, id);
    x->result->labels++;
    x->stop |= --x->labels_left < 0;
}

void stream_store_insert(stream_exact *x, stream_open_label *label) {
    double values[STREAM_EXACT_MAX_NECESSARY];
    stream_exact_spend(x, STREAM_STEPS_LABEL);
    if (!stream_exact_room(x, label))
        return;
    double bound = stream_exact_bound(x, label);
    if (bound >= x->incumbent * x->near)
        return;
    stream_exact_forget(x, label);
    label->at.bound = stream_exact_better_bound(x, label, bound);
    label->at.dead = false;
    if (label->at.bound >= x->incumbent * x->near)
        return;
    stream_exact_necessary(x, label->acc, values);
    stream_label_bucket *bucket = bucket_of(x, &label->at);
    if (undominated(x, label, values, bucket))
        keep(x, label, values, bucket);
}

int32_t stream_store_actions(const stream_exact *x, int32_t id, int32_t *actions) {
    int32_t n = label_at(x, id)->depth, at = n;
    for (; at > 0; id = label_at(x, id)->parent)
        actions[--at] = label_at(x, id)->action;
    return n;
}

void stream_store_open(stream_exact *x, stream_arena *arena, stream_label_store *store) {
    *store = (stream_label_store){.labels = STREAM_VEC(stream_label),
                                  .acc = STREAM_VEC(double),
                                  .heap = STREAM_VEC(int32_t),
                                  .buckets = STREAM_VEC(stream_label_bucket),
                                  .n_keys = 2};
    for (int32_t o = 0; o < x->problem->n_operands; ++o) {
        store->key_factor[o] = store->n_keys;
        store->n_keys *= x->problem->operands[o].n_levels;
    }
    size_t n = (size_t)x->n_rows * (size_t)store->n_keys;
    store->bucket_at = STREAM_NEW(arena, int32_t, n);
    memset(store->bucket_at, 0xff, n * sizeof *store->bucket_at);
    x->store = store;
}

void stream_store_close(stream_label_store *store) {
    for (size_t i = 0; i < store->buckets.n; ++i) {
        stream_vec_free(&STREAM_AT(stream_label_bucket, store->buckets, i).ids);
        stream_vec_free(&STREAM_AT(stream_label_bucket, store->buckets, i).values);
    }
    stream_vec_free(&store->buckets);
    stream_vec_free(&store->labels);
    stream_vec_free(&store->acc);
    stream_vec_free(&store->heap);
}
