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

/* The end of the run that begins at `first`: looks near it first. */
static int32_t end_of_run(const int64_t *keys, int32_t first, int32_t last, int64_t next) {
    int32_t step = 1, known = first;
    while (known + step < last && keys[known + step] < next) {
        known += step;
        step *= 2;
    }
    return first_from(keys, known, known + step < last ? known + step : last, next);
}

group_search stream_schedule_model_find(const model *m, int32_t datum, const stream_box *box) {
    int32_t first = m->group_first[datum], n = m->group_first[datum + 1] - first;
    const datum_axes *axes = &m->axes[datum];
    group_search s = {.first = first, .end = n, .run = n, .last = n};
    if (axes->first_key < 0 || box->rank == 0)
        return s;
    int64_t lo[2], from[2];
    for (int32_t k = 0; k < 2; ++k) {
        lo[k] = box->lo[axes->axis[k]];
        from[k] = stream_max_i64(lo[k] - axes->size[k] + 1, 0);
        s.to[k] = lo[k] + box->size[axes->axis[k]];
    }
    s.from = from[1];
    s.keys = &m->group_keys[axes->first_key];
    s.run = first_from(s.keys, 0, n, from[0] * RUN);
    s.at = s.end = s.run;
    return s;
}

int32_t stream_schedule_model_next(group_search *s) {
    while (s->at >= s->end) {
        int64_t begin = s->run < s->last ? s->keys[s->run] / RUN : INT64_MAX;
        if (begin >= s->to[0])
            return -1;
        int32_t end = end_of_run(s->keys, s->run, s->last, (begin + 1) * RUN);
        s->at = first_from(s->keys, s->run, end, begin * RUN + s->from);
        s->end = first_from(s->keys, s->at, end, begin * RUN + s->to[1]);
        s->run = end;
    }
    return s->first + s->at++;
}

/* Does the box come after that of the group? */
static bool is_after(const model *m, const datum_axes *axes, int32_t group, const stream_box *box) {
    const stream_box *other = &m->groups[group].box;
    int64_t a = stream_schedule_group_key(axes, other), b = stream_schedule_group_key(axes, box);
    if (a != b)
        return a < b;
    return stream_schedule_compare_boxes(other, box) < 0;
}

int32_t stream_schedule_model_group(const model *m, int32_t datum, const stream_box *box) {
    int32_t first = m->group_first[datum], end = m->group_first[datum + 1], last = end;
    while (first < last) {
        int32_t mid = first + (last - first) / 2;
        if (is_after(m, &m->axes[datum], mid, box))
            first = mid + 1;
        else
            last = mid;
    }
    return first < end && stream_box_equal(&m->groups[first].box, box) ? first : -1;
}
