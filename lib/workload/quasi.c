/* Quasi-affine indices; see stream/workload/quasi.h. */

#include "stream/workload/quasi.h"

#include "stream/support/integer.h"

#define MOST_POINTS 4096

static int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

uint32_t stream_quasi_loops(const stream_quasi *q) {
    uint32_t loops = 0;
    for (int32_t i = 0; i < q->n_nodes; ++i)
        if (q->nodes[i].kind == STREAM_QUASI_LOOP)
            loops |= UINT32_C(1) << q->nodes[i].value;
    return loops;
}

/* ---- values */

static void pop_value(const stream_quasi_node *node, const int64_t *point, int64_t *stack,
                      int32_t *n) {
    int64_t *top = stack + *n;
    switch (node->kind) {
    case STREAM_QUASI_CONSTANT:
        stack[(*n)++] = node->value;
        break;
    case STREAM_QUASI_LOOP:
        stack[(*n)++] = point[node->value];
        break;
    case STREAM_QUASI_ADD:
        top[-2] += top[-1];
        --*n;
        break;
    case STREAM_QUASI_SCALE:
        top[-1] *= node->value;
        break;
    case STREAM_QUASI_FLOOR:
        top[-1] = floor_div(top[-1], node->value);
        break;
    case STREAM_QUASI_MOD:
        top[-1] -= floor_div(top[-1], node->value) * node->value;
        break;
    case STREAM_QUASI_MIN:
        top[-2] = stream_min_i64(top[-2], top[-1]);
        --*n;
        break;
    case STREAM_QUASI_MAX:
        top[-2] = stream_max_i64(top[-2], top[-1]);
        --*n;
        break;
    case STREAM_QUASI_EITHER:
        --*n;
        break;
    }
}

int64_t stream_quasi_value(const stream_quasi *q, const int64_t *point) {
    int64_t stack[STREAM_QUASI_MAX_NODES];
    int32_t n = 0;
    for (int32_t i = 0; i < q->n_nodes; ++i)
        pop_value(&q->nodes[i], point, stack, &n);
    return stack[0];
}

/* ---- intervals */

/* The values of a part of the form. */
typedef struct {
    int64_t min, max;
    uint32_t loops;
    bool consecutive; /* every integer from min to max is taken */
} span;

typedef struct {
    const int64_t *lo, *size;
    span stack[STREAM_QUASI_MAX_NODES];
    int32_t n;
    bool loose; /* the interval may be larger than the values */
    bool open;  /* data decides: points do not say more than intervals */
    bool overflow;
} spans;

static void scale(spans *s, span *a, int64_t by) {
    int64_t x = 0, y = 0;
    s->overflow |= !stream_mul_i64(a->min, by, &x) || !stream_mul_i64(a->max, by, &y);
    a->min = stream_min_i64(x, y);
    a->max = stream_max_i64(x, y);
    a->consecutive &= by == 1 || by == -1 || x == y;
}

static void remainder_of(spans *s, span *a, int64_t by) {
    s->loose |= !a->consecutive;
    if (floor_div(a->min, by) == floor_div(a->max, by)) {
        int64_t base = floor_div(a->min, by) * by;
        a->min -= base;
        a->max -= base;
        return;
    }
    a->consecutive &= a->max - a->min >= by - 1;
    a->min = 0;
    a->max = by - 1;
}

/* `a` op `b` for sums and choices. */
static void combine(spans *s, stream_quasi_kind kind, span *a, const span *b) {
    s->loose |= (a->loops & b->loops) != 0;
    a->loops |= b->loops;
    a->consecutive &= b->consecutive;
    switch (kind) {
    case STREAM_QUASI_ADD:
        s->overflow |=
            !stream_add_i64(a->min, b->min, &a->min) || !stream_add_i64(a->max, b->max, &a->max);
        break;
    case STREAM_QUASI_MIN:
        a->min = stream_min_i64(a->min, b->min);
        a->max = stream_min_i64(a->max, b->max);
        break;
    case STREAM_QUASI_MAX:
        a->min = stream_max_i64(a->min, b->min);
        a->max = stream_max_i64(a->max, b->max);
        break;
    default:
        s->open = true;
        a->consecutive = false;
        a->min = stream_min_i64(a->min, b->min);
        a->max = stream_max_i64(a->max, b->max);
    }
}

static void step(spans *s, const stream_quasi_node *node) {
    span *top = s->stack + s->n;
    switch (node->kind) {
    case STREAM_QUASI_CONSTANT:
        s->stack[s->n++] = (span){node->value, node->value, 0, true};
        return;
    case STREAM_QUASI_LOOP: {
        int64_t lo = s->lo ? s->lo[node->value] : 0;
        s->stack[s->n++] =
            (span){lo, lo + s->size[node->value] - 1, UINT32_C(1) << node->value, true};
        return;
    }
    case STREAM_QUASI_SCALE:
        scale(s, &top[-1], node->value);
        return;
    case STREAM_QUASI_FLOOR:
        top[-1].min = floor_div(top[-1].min, node->value);
        top[-1].max = floor_div(top[-1].max, node->value);
        return;
    case STREAM_QUASI_MOD:
        remainder_of(s, &top[-1], node->value);
        return;
    case STREAM_QUASI_ADD:
    case STREAM_QUASI_MIN:
    case STREAM_QUASI_MAX:
    case STREAM_QUASI_EITHER:
        combine(s, node->kind, &top[-2], &top[-1]);
        --s->n;
    }
}

static span run_spans(const stream_quasi *q, spans *s) {
    for (int32_t i = 0; i < q->n_nodes; ++i)
        step(s, &q->nodes[i]);
    return s->stack[0];
}

/* ---- points */

static bool next_point(uint32_t loops, const int64_t *lo, const int64_t *size, int64_t *point) {
    for (int32_t l = 0; loops >> l; ++l) {
        if (!(loops >> l & 1))
            continue;
        if (++point[l] < lo[l] + size[l])
            return true;
        point[l] = lo[l];
    }
    return false;
}

static bool few_points(uint32_t loops, const int64_t *size) {
    int64_t points = 1;
    for (int32_t l = 0; loops >> l; ++l)
        if ((loops >> l & 1) && (size[l] > MOST_POINTS || (points *= size[l]) > MOST_POINTS))
            return false;
    return true;
}

static void range_of_points(const stream_quasi *q, uint32_t loops, const int64_t *lo,
                            const int64_t *size, int64_t *out_min, int64_t *out_max) {
    int64_t point[32] = {0};
    for (int32_t l = 0; loops >> l; ++l)
        point[l] = lo[l];
    *out_min = *out_max = stream_quasi_value(q, point);
    while (next_point(loops, lo, size, point)) {
        int64_t value = stream_quasi_value(q, point);
        *out_min = stream_min_i64(*out_min, value);
        *out_max = stream_max_i64(*out_max, value);
    }
}

void stream_quasi_range(const stream_quasi *q, const int64_t *lo, const int64_t *size,
                        int64_t *out_min, int64_t *out_max) {
    spans s = {.lo = lo, .size = size};
    span all = run_spans(q, &s);
    *out_min = all.min;
    *out_max = all.max;
    if (s.loose && !s.open && few_points(all.loops, size))
        range_of_points(q, all.loops, lo, size, out_min, out_max);
}

/* ---- phases */

int32_t stream_quasi_phases(const stream_quasi *q, const int64_t *lo, int64_t *phases,
                            int64_t *out_offset) {
    int64_t stack[STREAM_QUASI_MAX_NODES];
    int32_t n = 0, n_phases = 0;
    for (int32_t i = 0; i < q->n_nodes; ++i) {
        const stream_quasi_node *node = &q->nodes[i];
        bool divides = node->kind == STREAM_QUASI_FLOOR || node->kind == STREAM_QUASI_MOD;
        bool chooses = node->kind == STREAM_QUASI_MIN || node->kind == STREAM_QUASI_MAX ||
                       node->kind == STREAM_QUASI_EITHER;
        if (divides)
            phases[n_phases++] = stack[n - 1] - floor_div(stack[n - 1], node->value) * node->value;
        if (chooses)
            phases[n_phases++] = stack[n - 2] - stack[n - 1];
        if (node->kind == STREAM_QUASI_CONSTANT)
            stack[n++] = 0;
        else if (node->kind == STREAM_QUASI_MOD)
            stack[n - 1] = 0;
        else
            pop_value(node, lo, stack, &n);
    }
    *out_offset = stack[0];
    return n_phases;
}

/* ---- promises */

static bool has_operands(const stream_quasi_node *node, int32_t n, int32_t n_loops) {
    switch (node->kind) {
    case STREAM_QUASI_CONSTANT:
        return true;
    case STREAM_QUASI_LOOP:
        return node->value >= 0 && node->value < n_loops;
    case STREAM_QUASI_SCALE:
        return n >= 1;
    case STREAM_QUASI_FLOOR:
    case STREAM_QUASI_MOD:
        return n >= 1 && node->value > 0;
    case STREAM_QUASI_ADD:
    case STREAM_QUASI_MIN:
    case STREAM_QUASI_MAX:
    case STREAM_QUASI_EITHER:
        return n >= 2;
    }
    return false;
}

bool stream_quasi_ok(const stream_quasi *q, int32_t n_loops, const int64_t *bounds) {
    spans s = {.size = bounds};
    if (q->n_nodes < 1 || q->n_nodes > STREAM_QUASI_MAX_NODES)
        return false;
    for (int32_t i = 0; i < q->n_nodes; ++i) {
        if (!has_operands(&q->nodes[i], s.n, n_loops))
            return false;
        step(&s, &q->nodes[i]);
    }
    return s.n == 1 && !s.overflow;
}
