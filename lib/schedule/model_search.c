/* Finding the groups of a datum by their boxes; see model.h.
 *
 * Groups are sorted by where their boxes begin along the first axis, then along the second, then by
 * all of the box. Those of one place along the first axis are a run; of each run that may overlap a
 * box, the part that may along the second axis is found by bisection. */

#include "model.h"

int stream_schedule_compare_boxes(const stream_box *a, const stream_box *b) {
    for (int32_t d = 0; d < a->rank; ++d) {
        if (a->lo[d] != b->lo[d])
            return a->lo[d] < b->lo[d] ? -1 : 1;
        if (a->size[d] != b->size[d])
            return a->size[d] < b->size[d] ? -1 : 1;
    }
    return 0;
}

/* The first of groups [first, last), which ascend along the axis, that begins at or behind `from`.
 */
static int32_t first_from(const model *m, int32_t first, int32_t last, int8_t axis, int64_t from) {
    while (first < last) {
        int32_t mid = first + (last - first) / 2;
        if (m->groups[mid].box.lo[axis] < from)
            first = mid + 1;
        else
            last = mid;
    }
    return first;
}

/* The end of the run that begins at `first`: looks near it first. */
static int32_t end_of_run(const model *m, int32_t first, int32_t last, int8_t axis) {
    int32_t step = 1, known = first;
    int64_t next = (int64_t)m->groups[first].box.lo[axis] + 1;
    while (known + step < last && m->groups[known + step].box.lo[axis] < next) {
        known += step;
        step *= 2;
    }
    int32_t end = known + step < last ? known + step : last;
    return first_from(m, known, end, axis, next);
}

group_search stream_schedule_model_find(const model *m, int32_t datum, const stream_box *box) {
    int32_t first = m->group_first[datum], last = m->group_first[datum + 1];
    const datum_axes *axes = &m->axes[datum];
    group_search s = {.m = m, .axes = axes, .at = first, .end = last, .run = last, .last = last};
    if (last - first <= STREAM_FEW_GROUPS || box->rank == 0)
        return s;
    for (int32_t k = 0; k < 2; ++k) {
        s.from[k] = (int64_t)box->lo[axes->axis[k]] - axes->size[k] + 1;
        s.to[k] = (int64_t)box->lo[axes->axis[k]] + box->size[axes->axis[k]];
    }
    s.run = first_from(m, first, last, axes->axis[0], s.from[0]);
    s.last = first_from(m, s.run, last, axes->axis[0], s.to[0]);
    s.at = s.end = s.run;
    return s;
}

int32_t stream_schedule_model_next(group_search *s) {
    const datum_axes *axes = s->axes;
    while (s->at >= s->end) {
        if (s->run >= s->last)
            return -1;
        int32_t end = end_of_run(s->m, s->run, s->last, axes->axis[0]);
        s->at = first_from(s->m, s->run, end, axes->axis[1], s->from[1]);
        s->end = first_from(s->m, s->at, end, axes->axis[1], s->to[1]);
        s->run = end;
    }
    return s->at++;
}

/* Does the box come after that of the group? */
static bool is_after(const model *m, const datum_axes *axes, int32_t group, const stream_box *box) {
    const stream_box *other = &m->groups[group].box;
    for (int32_t k = 0; k < 2; ++k) {
        int32_t a = other->lo[axes->axis[k]], b = box->lo[axes->axis[k]];
        if (a != b)
            return a < b;
    }
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
