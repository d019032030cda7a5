// RUN: unit-workload-trace
/* Traces against direct evaluation: every element of every tensor is a number of its own, and
 * running a trace must give exactly the part of the view that was asked for. */

#include "stream/workload/trace.h"
#include "test.h"
#include "workload/builder.h"
#include "workload/evaluate.h"

#include <stdlib.h>

static void shape_of(const stream_box *box, int64_t *shape) {
    for (int32_t d = 0; d < box->rank; ++d)
        shape[d] = box->size[d];
}

static const int64_t *widen(const int32_t *values, int64_t *to) {
    for (int32_t d = 0; d < STREAM_MAX_RANK; ++d)
        to[d] = values[d];
    return to;
}

static array cut(stream_arena *arena, const array *from, const stream_box *box) {
    int64_t shape[STREAM_MAX_RANK];
    shape_of(box, shape);
    array out = new_array(arena, box->rank, shape);
    for (int64_t i = 0; i < volume(out.rank, out.shape); ++i) {
        int64_t p[STREAM_MAX_RANK];
        point(&out, i, p);
        for (int32_t d = 0; d < out.rank; ++d)
            p[d] += box->lo[d];
        out.at[i] = from->at[linear(from, p)];
    }
    return out;
}

static array run_trace(const stream_workload *w, const array *views, const stream_trace *trace,
                       stream_arena *arena) {
    array *results = STREAM_NEW(arena, array, (size_t)trace->n_steps);
    for (int32_t i = 0; i < trace->n_steps; ++i) {
        const stream_trace_step *step = &trace->steps[i];
        array sources[16];
        int64_t shape[STREAM_MAX_RANK], before[STREAM_MAX_RANK], stride[STREAM_MAX_RANK];
        for (int32_t s = 0; s < step->n_sources; ++s) {
            int32_t from = trace->sources[step->first_source + s];
            if (from < 0 || from >= i)
                abort();
            sources[s] = results[from];
        }
        shape_of(&step->box, shape);
        results[i] = step->kind == STREAM_VIEW_TENSOR
                         ? cut(arena, &views[step->view], &step->box)
                         : compute(arena, &w->views[step->view], step->view, step->kind, shape,
                                   widen(step->before, before), widen(step->stride, stride),
                                   step->n_sources, sources);
    }
    return results[trace->n_steps - 1];
}

static unsigned below(unsigned *seed, int64_t n) {
    return (unsigned)(test_random(seed) % (unsigned)n);
}

static int32_t random_view(builder *b, unsigned *seed) {
    return (int32_t)below(seed, (int64_t)b->views.n);
}

static int32_t add_pad(builder *b, unsigned *seed) {
    int64_t low[STREAM_MAX_RANK], high[STREAM_MAX_RANK];
    for (int d = 0; d < STREAM_MAX_RANK; ++d) {
        low[d] = below(seed, 3);
        high[d] = below(seed, 3);
    }
    return build_pad(b, random_view(b, seed), low, high);
}

static int32_t add_transpose(builder *b, unsigned *seed) {
    int32_t source = random_view(b, seed), map[STREAM_MAX_RANK];
    stream_view v = *build_view_at(b, source);
    int64_t shape[STREAM_MAX_RANK];
    for (int32_t d = 0; d < v.rank; ++d) {
        int32_t j = (int32_t)below(seed, d + 1);
        map[d] = map[j];
        map[j] = d;
    }
    for (int32_t d = 0; d < v.rank; ++d)
        shape[d] = v.shape[map[d]];
    int32_t view = build_view(b, STREAM_VIEW_TRANSPOSE, v.rank, shape, 1, &source);
    memcpy(build_view_at(b, view)->map, map, sizeof map);
    return view;
}

static int32_t add_broadcast(builder *b, unsigned *seed) {
    int32_t source = random_view(b, seed);
    stream_view v = *build_view_at(b, source);
    if (v.rank == 5)
        return source;
    int32_t at = (int32_t)below(seed, v.rank + 1), map[STREAM_MAX_RANK];
    int64_t shape[STREAM_MAX_RANK];
    for (int32_t d = 0; d <= v.rank; ++d) {
        map[d] = d == at ? -1 : d - (d > at);
        shape[d] = d == at ? 1 + below(seed, 3) : v.shape[map[d]];
    }
    int32_t view = build_view(b, STREAM_VIEW_BROADCAST, v.rank + 1, shape, 1, &source);
    memcpy(build_view_at(b, view)->map, map, sizeof map);
    return view;
}

static int32_t add_collapse(builder *b, unsigned *seed) {
    int32_t source = random_view(b, seed), map[STREAM_MAX_RANK] = {0}, rank = 0;
    stream_view v = *build_view_at(b, source);
    int64_t shape[STREAM_MAX_RANK] = {0};
    for (int32_t d = 0; d < v.rank; ++d) {
        bool joins = rank > 0 && below(seed, 3) > 0;
        map[d] = joins ? rank - 1 : rank++;
        shape[map[d]] = joins ? shape[map[d]] * v.shape[d] : v.shape[d];
    }
    if (v.rank && volume(v.rank, v.shape) == 1 && below(seed, 2))
        for (int32_t d = rank = 0; d < v.rank; ++d)
            map[d] = -1;
    int32_t view = build_view(b, STREAM_VIEW_COLLAPSE, rank, shape, 1, &source);
    memcpy(build_view_at(b, view)->map, map, sizeof map);
    return view;
}

static int32_t add_expand(builder *b, unsigned *seed) {
    int32_t source = random_view(b, seed), map[STREAM_MAX_RANK], rank = 0;
    stream_view v = *build_view_at(b, source);
    int64_t shape[STREAM_MAX_RANK];
    for (int32_t d = 0; d < v.rank; ++d) {
        int64_t rest = v.shape[d];
        while (rank + v.rank - d < 6 && below(seed, 3)) {
            int64_t factor = 1 + below(seed, 4);
            if (rest % factor)
                factor = 1;
            map[rank] = d;
            shape[rank++] = factor;
            rest /= factor;
        }
        map[rank] = d;
        shape[rank++] = rest;
    }
    if (v.rank == 0) {
        map[0] = -1;
        shape[rank++] = 1;
    }
    int32_t view = build_view(b, STREAM_VIEW_EXPAND, rank, shape, 1, &source);
    memcpy(build_view_at(b, view)->map, map, sizeof map);
    return view;
}

static int32_t add_slice(builder *b, unsigned *seed) {
    int32_t source = random_view(b, seed);
    stream_view v = *build_view_at(b, source);
    int64_t shape[STREAM_MAX_RANK], before[STREAM_MAX_RANK], stride[STREAM_MAX_RANK];
    for (int32_t d = 0; d < v.rank; ++d) {
        before[d] = below(seed, 2) ? below(seed, v.shape[d]) : 0;
        stride[d] = 1 + below(seed, 3);
        int64_t most = (v.shape[d] - before[d] - 1) / stride[d] + 1;
        shape[d] = most - (most > 1 ? (int64_t)below(seed, 2) : 0);
    }
    int32_t view = build_view(b, STREAM_VIEW_SLICE, v.rank, shape, 1, &source);
    memcpy(build_view_at(b, view)->before, before, sizeof before);
    memcpy(build_view_at(b, view)->stride, stride, sizeof stride);
    return view;
}

static int32_t add_insert(builder *b, unsigned *seed) {
    int32_t inner = random_view(b, seed);
    stream_view v = *build_view_at(b, inner);
    int64_t shape[STREAM_MAX_RANK], before[STREAM_MAX_RANK];
    for (int32_t d = 0; d < v.rank; ++d) {
        before[d] = below(seed, 3);
        shape[d] = before[d] + v.shape[d] + below(seed, 3);
    }
    int32_t target = -1;
    for (size_t i = 0; i < b->views.n; ++i) { /* a view that is large enough, if there is one */
        const stream_view *c = build_view_at(b, (int32_t)i);
        bool fits = c->rank == v.rank && below(seed, 2);
        for (int32_t d = 0; d < v.rank; ++d)
            fits = fits && c->shape[d] >= v.shape[d];
        if (fits)
            target = (int32_t)i;
    }
    if (target < 0)
        target = build_view(b, STREAM_VIEW_FILL, v.rank, shape, 0, NULL);
    else
        for (int32_t d = 0; d < v.rank; ++d) {
            shape[d] = build_view_at(b, target)->shape[d];
            before[d] = below(seed, shape[d] - v.shape[d] + 1);
        }
    int32_t sources[2] = {inner, target};
    int32_t view = build_view(b, STREAM_VIEW_INSERT, v.rank, shape, 2, sources);
    memcpy(build_view_at(b, view)->before, before, sizeof before);
    return view;
}

static int32_t add_concat(builder *b, unsigned *seed) {
    int32_t source = random_view(b, seed), sources[4], n = 0;
    stream_view v = *build_view_at(b, source);
    if (v.rank == 0)
        return source;
    int32_t axis = (int32_t)below(seed, v.rank);
    int64_t along = 0;
    for (int tries = 0; n < 4 && tries < 12; ++tries) {
        int32_t c = n == 0 ? source : random_view(b, seed);
        const stream_view *other = build_view_at(b, c);
        bool fits = other->rank == v.rank;
        for (int32_t d = 0; fits && d < v.rank; ++d)
            fits = d == axis || other->shape[d] == v.shape[d];
        if (!fits)
            continue;
        along += other->shape[axis];
        sources[n++] = c;
    }
    v.shape[axis] = along;
    int32_t view = build_view(b, STREAM_VIEW_CONCAT, v.rank, v.shape, n, sources);
    build_view_at(b, view)->axis = axis;
    return view;
}

static void random_dag(builder *b, unsigned *seed) {
    static int32_t (*const adders[])(builder *, unsigned *) = {
        add_pad,    add_transpose, add_broadcast, add_collapse,
        add_expand, add_slice,     add_insert,    add_concat};
    for (int t = 0; t < 2; ++t) {
        int64_t shape[3];
        int32_t rank = 1 + (int32_t)below(seed, 3);
        char name[8];
        for (int32_t d = 0; d < rank; ++d)
            shape[d] = 1 + below(seed, 6);
        snprintf(name, sizeof name, "t%d", t);
        build_input(b, name, rank, shape, 8);
    }
    for (int i = 0; i < 8; ++i) {
        adders[below(seed, 8)](b, seed);
        stream_view *last = build_view_at(b, (int32_t)b->views.n - 1);
        if (last->rank > 6 || volume(last->rank, last->shape) > MAX_ELEMENTS)
            --b->views.n;
    }
}

/* Steps are in the tensors, dense, and sources come first. */
static int malformed(const stream_workload *w, const stream_trace *t, const stream_box *box) {
    int wrong = memcmp(t->steps[t->n_steps - 1].box.size, box->size, sizeof box->size) != 0;
    for (int32_t i = 0; i < t->n_steps; ++i) {
        const stream_trace_step *s = &t->steps[i];
        stream_box whole = stream_box_whole(w->views[s->view].rank, w->views[s->view].shape);
        wrong += !stream_box_contains(&whole, &s->box) || stream_box_is_empty(&s->box);
        wrong += (s->n_sources == 0) != (s->first_source == -1);
        wrong += (s->kind == STREAM_VIEW_TENSOR) != (s->tensor >= 0);
    }
    return wrong;
}

static void against_evaluation(void) {
    int wrong = 0, malformed_count = 0, invalid = 0, traced = 0, kinds[10] = {0}, cuts = 0;
    heard h = {0};
    stream_diag diag = {hear, &h};
    for (unsigned round = 1; round <= 4000; ++round) {
        unsigned seed = round * 2654435761u;
        stream_arena *arena = stream_arena_create();
        builder b = builder_create(arena);
        random_dag(&b, &seed);
        stream_workload w = build_finish(&b);
        if (stream_workload_check(&w, &diag) != STREAM_OK) {
            printf("# round %u: %s\n", round, h.text);
            ++invalid;
        }
        array *arrays = evaluate_views(&w, arena);
        for (int k = 0; k < 6; ++k) {
            int32_t view = w.n_views - 1 - (int32_t)below(&seed, k < 3 ? 1 : w.n_views);
            stream_box box = {.rank = w.views[view].rank};
            for (int32_t d = 0; d < box.rank; ++d) {
                box.lo[d] = (int32_t)below(&seed, w.views[view].shape[d]);
                box.size[d] = 1 + (int32_t)below(&seed, w.views[view].shape[d] - box.lo[d]);
            }
            stream_trace trace;
            stream_trace_box(&w, view, &box, arena, &trace);
            malformed_count += malformed(&w, &trace, &box);
            array got = run_trace(&w, arrays, &trace, arena);
            array want = cut(arena, &arrays[view], &box);
            bool same = memcmp(got.at, want.at,
                               (size_t)volume(want.rank, want.shape) * sizeof *got.at) == 0;
            if (!same && wrong++ == 0)
                printf("# first difference in round %u\n", round);
            ++traced;
            for (int32_t i = 0; i < trace.n_steps; ++i) {
                ++kinds[trace.steps[i].kind];
                cuts += trace.steps[i].kind == STREAM_VIEW_SLICE &&
                        w.views[trace.steps[i].view].kind != STREAM_VIEW_SLICE;
            }
        }
        stream_arena_destroy(arena);
    }
    CHECK_EQ(wrong, 0);
    CHECK_EQ(malformed_count, 0);
    CHECK_EQ(invalid, 0);
    CHECK_EQ(traced, 24000);
    CHECK(cuts > 500);
    for (int kind = 0; kind < 10; ++kind)
        CHECK(kinds[kind] > 300);
}

/* x[2, 3, 4] collapsed to [24]: what is read for a range. */
static void collapse_table(void) {
    static const struct {
        int32_t lo, size, box_lo[3], box_size[3], slice_before; /* -1: no cut */
    } rows[] = {
        {0, 24, {0, 0, 0}, {2, 3, 4}, -1},  {5, 1, {0, 1, 1}, {1, 1, 1}, -1},
        {4, 4, {0, 1, 0}, {1, 1, 4}, -1},   {5, 2, {0, 1, 1}, {1, 1, 2}, -1},
        {4, 8, {0, 1, 0}, {1, 2, 4}, -1},   {3, 2, {0, 0, 0}, {1, 2, 4}, 3},
        {12, 12, {1, 0, 0}, {1, 3, 4}, -1}, {11, 2, {0, 0, 0}, {2, 3, 4}, 11},
        {13, 6, {1, 0, 0}, {1, 2, 4}, 1},
    };
    stream_arena *arena = stream_arena_create();
    builder b = builder_create(arena);
    int32_t x = build_input(&b, "x", 3, (int64_t[]){2, 3, 4}, 8);
    int32_t c = build_view(&b, STREAM_VIEW_COLLAPSE, 1, (int64_t[]){24}, 1, &x);
    stream_workload w = build_finish(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; ++i) {
        stream_box box = {1, {rows[i].lo}, {rows[i].size}};
        stream_trace t;
        stream_trace_box(&w, c, &box, arena, &t);
        CHECK(memcmp(t.steps[0].box.lo, rows[i].box_lo, sizeof rows[i].box_lo) == 0);
        CHECK(memcmp(t.steps[0].box.size, rows[i].box_size, sizeof rows[i].box_size) == 0);
        CHECK_EQ(t.n_steps, rows[i].slice_before < 0 ? 2 : 3);
        if (t.n_steps == 3)
            CHECK_EQ(t.steps[2].before[0], rows[i].slice_before);
    }
    stream_arena_destroy(arena);
}

/* A convolution's halo: clipped at the border, padded there only. */
static void halo(void) {
    stream_arena *arena = stream_arena_create();
    builder b = builder_create(arena);
    int32_t x = build_input(&b, "x", 4, (int64_t[]){1, 3, 8, 8}, 8);
    build_conv(&b, "conv", x, (conv_shape){.channels = 4, .kernel = 3, .pad = 1});
    stream_workload w = build_finish(&b);
    const stream_operand *in = &w.layers[0].operands[0];
    static const struct {
        int64_t row, steps, lo, rows, before, after;
    } cases[] = {{0, 2, 0, 2, 1, 0}, {3, 2, 2, 3, 0, 0}, {7, 2, 6, 2, 0, 1}};
    for (size_t i = 0; i < 3; ++i) {
        int64_t lo[] = {0, 0, cases[i].row, 0, 0, 0, 0}, size[] = {1, 4, 1, 8, 3, 3, 3};
        stream_box box = stream_operand_box(&w, in, 7, lo, size);
        stream_trace t;
        stream_trace_box(&w, in->view, &box, arena, &t);
        CHECK_EQ(t.n_steps, cases[i].steps);
        CHECK_EQ(t.steps[0].box.lo[2], cases[i].lo);
        CHECK_EQ(t.steps[0].box.size[2], cases[i].rows);
        CHECK_EQ(t.steps[1].before[2], cases[i].before);
        CHECK_EQ(t.steps[1].after[2], cases[i].after);
        CHECK_EQ(t.steps[1].before[3], 1);
    }
    stream_arena_destroy(arena);
}

/* insert(v, v) doubled 200 times would be 2^200 paths; it is one step. And a deep chain. */
static void shared_and_deep(void) {
    stream_arena *arena = stream_arena_create();
    builder b = builder_create(arena);
    int32_t v = build_input(&b, "x", 1, (int64_t[]){4}, 8);
    for (int i = 0; i < 200; ++i) {
        int32_t both[2] = {v, v};
        v = build_view(&b, STREAM_VIEW_CONCAT, 1, (int64_t[]){8}, 2, both);
        v = build_view(&b, STREAM_VIEW_SLICE, 1, (int64_t[]){4}, 1, &v);
        build_view_at(&b, v)->before[0] = 2;
    }
    int32_t shared = v;
    for (int i = 0; i < 3000; ++i) {
        v = build_view(&b, STREAM_VIEW_TRANSPOSE, 1, (int64_t[]){4}, 1, &v);
        build_view_at(&b, v)->map[0] = 0;
    }
    stream_workload w = build_finish(&b);
    stream_box box = stream_box_whole(1, (int64_t[]){4});
    stream_trace t;
    stream_trace_box(&w, shared, &box, arena, &t);
    CHECK(t.n_steps < 1000);
    stream_trace_box(&w, v, &box, arena, &t);
    CHECK(t.n_steps > 3000);
    stream_arena_destroy(arena);
}

int main(void) {
    collapse_table();
    halo();
    shared_and_deep();
    against_evaluation();
    return test_done();
}
