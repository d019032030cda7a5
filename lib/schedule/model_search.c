/* Finding the groups of a datum by their boxes; see model.h.
 *
 * Groups are sorted by where their boxes begin along the first axis, then along the second, then by
 * all of the box. Those of one place along the first axis are a run; of each run that may overlap a
 * box, the part that may along the second axis is found by bisection. */

#include "model.h"

#include "stream/support/integer.h"

/* Keys of one run differ by less. */
#define RUN (INT64_C(1) << 32)

int stream_schedule_compare_boxes(const stream_box *a, const stream_box *b) {
    for (int32_t d = 0; d < a->rank; ++d) {
        if (a->lo[d] != b->lo[d])
            return a->lo[d] < b->lo[d] ? -1 : 1;
        if (a->size[d] != b->size[d])
            return a->size[d] < b->size[d] ? -1 : 1;
    }
    return 0;
}

/* Where a group stands among those of its datum: where its box begins along the axes. */
int64_t stream_schedule_group_key(const datum_axes *axes, const stream_box *box) {
    return box->lo[axes->axis[0]] * RUN + box->lo[axes->axis[1]];
}

group_ends stream_schedule_group_ends(const datum_axes *axes, const stream_box *box) {
    group_ends ends;
    for (int32_t k = 0; k < 2; ++k)
        ends.end[k] = box->lo[axes->axis[k]] + box->size[axes->axis[k]];
    return ends;
}

/* The first of [first, last) whose key is at least `from`. */
static int32_t first_from(const int64_t *keys, int32_t first, int32_t last, int64_t from) {
    for (int32_t n = last - first; n > 0;) {
        int32_t half = n / 2;
        bool before = keys[first + half] < from;
        first = before ? first + half + 1 : first;
        n = before ? n - half - 1 : half;
    }
    return first;
}

/* The same, where it is likely to be near `guess`. */
static int32_t first_near(const int64_t *keys, int32_t first, int32_t last, int64_t from,
                          int32_t guess) {
    int32_t step = 1, at = guess < last ? guess : last;
    if (at < last && keys[at] < from) {
        for (; at + step < last && keys[at + step] < from; step *= 2)
            at += step;
        return first_from(keys, at + 1, at + step < last ? at + step : last, from);
    }
    for (; at - step >= first && keys[at - step] >= from; step *= 2)
        at -= step;
    return first_from(keys, at - step >= first ? at - step + 1 : first, at, from);
}

/* The first of the n groups that begins at the place along the first axis, and there from the other
 * one on, or behind. Where groups are as far apart as they are on the whole, they are counted from
 * the end: the first row is clipped by the edge of a tensor with padding. */
static int32_t first_at(const datum_axes *axes, const int64_t *keys, int32_t n, int64_t lo0,
                        int64_t lo1) {
    int64_t rows = (axes->last - lo0) / axes->cell[0] + 1;
    int64_t guess = n - rows * axes->row + (lo1 + axes->cell[1] / 2) / axes->cell[1];
    return first_near(keys, 0, n, lo0 * RUN + lo1,
                      (int32_t)stream_max_i64(stream_min_i64(guess, n), 0));
}

/* Do the box and those of the groups, which are one plane, meet along the other axes? */
static bool meets_plane(const datum_axes *axes, const stream_box *plane, const stream_box *box) {
    for (int32_t d = 0; d < box->rank; ++d)
        if (d != axes->axis[0] && d != axes->axis[1] &&
            (box->lo[d] >= plane->lo[d] + plane->size[d] ||
             plane->lo[d] >= box->lo[d] + box->size[d]))
            return false;
    return true;
}

group_search stream_schedule_model_find(const model *m, int32_t datum, const stream_box *box) {
    int32_t first = m->group_first[datum], n = m->group_first[datum + 1] - first;
    const datum_axes *axes = &m->axes[datum];
    group_search s = {.first = first, .end = n, .run = n, .last = n};
    if (axes->first_key < 0 || box->rank == 0)
        return s;
    int64_t from[2];
    for (int32_t k = 0; k < 2; ++k) {
        s.lo[k] = box->lo[axes->axis[k]];
        from[k] = stream_max_i64((int64_t)s.lo[k] - axes->size[k] + 1, 0);
        s.to[k] = (int64_t)s.lo[k] + box->size[axes->axis[k]];
    }
    s.from = from[1];
    s.is_exact = axes->is_plane && meets_plane(axes, &m->groups[first].box, box);
    s.keys = &m->group_keys[axes->first_key];
    s.ends = &m->ends[axes->first_key];
    s.run = first_at(axes, s.keys, n, from[0], 0);
    s.at = s.end = s.run;
    return s;
}

/* The next run, which is often like the one before it; false: there are no more. */
static bool next_run(group_search *s) {
    int64_t begin = s->run < s->last ? s->keys[s->run] / RUN : INT64_MAX;
    if (begin >= s->to[0])
        return false;
    int64_t first = begin * RUN;
    int32_t run = s->run, end = first_near(s->keys, run, s->last, first + RUN, run + s->length);
    s->at = first_near(s->keys, run, end, first + s->from, run + s->before);
    s->end = first_near(s->keys, s->at, end, first + s->to[1], s->at + s->found);
    s->length = end - run;
    s->before = s->at - run;
    s->found = s->end - s->at;
    s->run = end;
    return true;
}

/* Does the group end before the box begins? */
static bool is_before(const group_search *s, int32_t i) {
    return s->ends && (s->ends[i].end[0] <= s->lo[0] || s->ends[i].end[1] <= s->lo[1]);
}

int32_t stream_schedule_model_next(group_search *s) {
    do {
        while (s->at >= s->end)
            if (!next_run(s))
                return -1;
        ++s->at;
    } while (is_before(s, s->at - 1));
    return s->first + s->at - 1;
}

static bool same_ends(const group_ends *a, const group_ends *b) {
    return a->end[0] == b->end[0] && a->end[1] == b->end[1];
}

int32_t stream_schedule_model_group(const model *m, int32_t datum, const stream_box *box) {
    const datum_axes *axes = &m->axes[datum];
    int32_t first = m->group_first[datum], n = m->group_first[datum + 1] - first, i = 0;
    int64_t key = stream_schedule_group_key(axes, box);
    group_ends ends = stream_schedule_group_ends(axes, box);
    const int64_t *keys = axes->first_key < 0 ? NULL : &m->group_keys[axes->first_key];
    if (keys)
        i = first_at(axes, keys, n, key / RUN, key % RUN);
    for (; i < n && (!keys || keys[i] == key); ++i)
        if ((!keys || same_ends(&m->ends[axes->first_key + i], &ends)) &&
            stream_box_equal(&m->groups[first + i].box, box))
            return first + i;
    return -1;
}
