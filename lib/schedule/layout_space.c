/* Placed items of a layout; see layout_space.h. */

#include "layout_space.h"

#include "stream/support/alloc.h"
#include "stream/support/integer.h"

#include <stdlib.h>
#include <string.h>

#define MOST_PARTS     512
#define ITEMS_PER_PART 64 /* that start in it */

static int by_time(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Parts in which about equally many items start. */
static void cut_time(layout_space *s) {
    int64_t *starts = stream_alloc_zeroed((size_t)s->n, sizeof *starts);
    int32_t n_parts = s->n / ITEMS_PER_PART;
    s->n_parts = n_parts < 1 ? 1 : n_parts > MOST_PARTS ? MOST_PARTS : n_parts;
    s->parts = stream_alloc_zeroed((size_t)s->n_parts, sizeof *s->parts);
    for (int32_t i = 0; i < s->n; ++i)
        starts[i] = s->items[i].start;
    qsort(starts, (size_t)s->n, sizeof *starts, by_time);
    for (int32_t k = 0; k < s->n_parts; ++k)
        s->parts[k].until =
            k + 1 < s->n_parts ? starts[(int64_t)(k + 1) * s->n / s->n_parts] : INT64_MAX;
    free(starts);
}

void stream_layout_open(layout_space *s, const layout_item *items, int32_t n) {
    *s = (layout_space){.items = items, .n = n};
    cut_time(s);
    s->addresses = stream_alloc_zeroed((size_t)n, sizeof *s->addresses);
    for (int by = 0; by < LAYOUT_N_ENDS; ++by)
        s->near[by] = stream_alloc_zeroed((size_t)n, sizeof *s->near[by]);
    s->scratch = stream_alloc_zeroed((size_t)n, sizeof *s->scratch);
    stream_layout_clear(s);
}

void stream_layout_close(layout_space *s) {
    for (int by = 0; by < LAYOUT_N_ENDS; ++by) {
        for (int32_t k = 0; k < s->n_parts; ++k)
            free(s->parts[k].placed[by]);
        free(s->near[by]);
    }
    free(s->parts);
    free(s->addresses);
    free(s->scratch);
}

void stream_layout_clear(layout_space *s) {
    for (int32_t k = 0; k < s->n_parts; ++k)
        s->parts[k].n = 0;
    for (int32_t i = 0; i < s->n; ++i)
        s->addresses[i] = -1;
}

/* The part in which the time is. */
static int32_t part_of(const layout_space *s, int64_t time) {
    int32_t lo = 0, hi = s->n_parts - 1;
    while (lo < hi) {
        int32_t mid = lo + (hi - lo) / 2;
        if (time < s->parts[mid].until)
            hi = mid;
        else
            lo = mid + 1;
    }
    return lo;
}

static bool is_before(const layout_range *a, const layout_range *b) {
    return a->key != b->key ? a->key < b->key : a->item < b->item;
}

/* Placed items of the part before the range. */
static int32_t count_before(const layout_placed *placed, int32_t n, const layout_range *range) {
    int32_t lo = 0, hi = n;
    while (lo < hi) {
        int32_t mid = lo + (hi - lo) / 2;
        if (is_before(&placed[mid].range, range))
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static layout_range range_of(const layout_space *s, int32_t item, int by) {
    int64_t address = s->addresses[item], end = address + s->items[item].bits;
    return by == LAYOUT_LOWER ? (layout_range){address, end, item}
                              : (layout_range){end, address, item};
}

static void grow(layout_part *p) {
    if (p->n < p->capacity)
        return;
    p->capacity = p->capacity ? 2 * p->capacity : 64;
    for (int by = 0; by < LAYOUT_N_ENDS; ++by)
        p->placed[by] =
            stream_alloc_grown(p->placed[by], (size_t)p->capacity, sizeof *p->placed[by]);
}

static void insert(layout_placed *placed, int32_t n, const layout_placed *at) {
    int32_t k = count_before(placed, n, &at->range);
    memmove(&placed[k + 1], &placed[k], (size_t)(n - k) * sizeof *placed);
    placed[k] = *at;
}

static void erase(layout_placed *placed, int32_t n, const layout_range *range) {
    int32_t k = count_before(placed, n, range);
    memmove(&placed[k], &placed[k + 1], (size_t)(n - k - 1) * sizeof *placed);
}

void stream_layout_place(layout_space *s, int32_t item, int64_t address) {
    const layout_item *it = &s->items[item];
    int32_t first = part_of(s, it->start), last = part_of(s, it->until - 1);
    s->addresses[item] = address;
    for (int32_t k = first; k <= last; ++k) {
        layout_part *p = &s->parts[k];
        grow(p);
        for (int by = 0; by < LAYOUT_N_ENDS; ++by) {
            layout_placed at = {range_of(s, item, by), it->start, it->until, first};
            insert(p->placed[by], p->n, &at);
        }
        p->n++;
        s->work += 1 + p->n / 8;
    }
}

void stream_layout_remove(layout_space *s, int32_t item) {
    const layout_item *it = &s->items[item];
    int32_t last = part_of(s, it->until - 1);
    for (int32_t k = part_of(s, it->start); k <= last; ++k) {
        layout_part *p = &s->parts[k];
        for (int by = 0; by < LAYOUT_N_ENDS; ++by) {
            layout_range range = range_of(s, item, by);
            erase(p->placed[by], p->n, &range);
        }
        p->n--;
        s->work += 1 + p->n / 8;
    }
    s->addresses[item] = -1;
}

/* ---- sorting */

/* The end of the sorted run that begins at `from`. */
static int32_t run_end(const layout_range *r, int32_t from, int32_t n) {
    int32_t k = from + 1;
    while (k < n && !is_before(&r[k], &r[k - 1]))
        ++k;
    return k < n ? k : n;
}

static void merge(const layout_range *a, int32_t n_a, const layout_range *b, int32_t n_b,
                  layout_range *out) {
    while (n_a > 0 && n_b > 0)
        if (is_before(b, a)) {
            *out++ = *b++;
            --n_b;
        } else {
            *out++ = *a++;
            --n_a;
        }
    memcpy(out, n_a > 0 ? a : b, (size_t)(n_a + n_b) * sizeof *out);
}

/* Merges the runs in pairs; returns how many there were. */
static int32_t merge_runs(const layout_range *in, int32_t n, layout_range *out) {
    int32_t runs = 0;
    for (int32_t i = 0, end; i < n; i = end) {
        int32_t mid = run_end(in, i, n);
        end = mid < n ? run_end(in, mid, n) : n;
        merge(&in[i], mid - i, &in[mid], end - mid, &out[i]);
        runs += 1 + (end > mid);
    }
    return runs;
}

void stream_layout_sort(layout_space *s, layout_range *ranges, int32_t n) {
    layout_range *in = ranges, *out = s->scratch;
    while (merge_runs(in, n, out) > 2) {
        layout_range *other = in;
        in = out;
        out = other;
        s->work += n;
    }
    if (n > 0 && out != ranges)
        memcpy(ranges, out, (size_t)n * sizeof *ranges);
}

/* ---- looking */

int32_t stream_layout_near(layout_space *s, int32_t item, layout_end by) {
    const layout_item *it = &s->items[item];
    int32_t first = part_of(s, it->start), last = part_of(s, it->until - 1), n = 0;
    for (int32_t k = first; k <= last; ++k) {
        const layout_part *p = &s->parts[k];
        for (int32_t i = 0; i < p->n; ++i) {
            const layout_placed *at = &p->placed[by][i];
            bool seen = k > first && k > at->first_part;
            if (!seen && at->start < it->until && at->until > it->start)
                s->near[by][n++] = at->range;
        }
        s->work += p->n;
    }
    if (last > first)
        stream_layout_sort(s, s->near[by], n);
    return n;
}

int64_t stream_layout_gap(const layout_space *s, int32_t n, int64_t bits, int64_t size) {
    const layout_range *near = s->near[LAYOUT_LOWER];
    int64_t end = 0, best = -1, least = 0;
    for (int32_t i = 0; i <= n; ++i) {
        int64_t gap = (i < n ? near[i].key : size) - end;
        if (gap >= bits && (best < 0 || gap < least)) {
            least = gap;
            best = end;
        }
        if (i < n)
            end = stream_max_i64(end, near[i].other_end);
    }
    return best;
}
