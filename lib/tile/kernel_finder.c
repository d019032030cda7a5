/* Kernels of CTs; see kernel_finder.h. */

#include "kernel_finder.h"

#include "stream/support/text.h"

#include <string.h>

void stream_kernel_finder_open(stream_kernel_finder *f, const stream_workload *w,
                               stream_arena *arena) {
    *f = (stream_kernel_finder){.w = w,
                                .arena = arena,
                                .reads = STREAM_VEC(stream_ct_read),
                                .kernels = STREAM_VEC(stream_kernel),
                                .shapes = STREAM_VEC(stream_kernel_shape),
                                .key = STREAM_VEC(int64_t),
                                .layer = -1};
    stream_tracer_init(&f->tracer);
    stream_kernel_table_init(&f->table);
}

void stream_kernel_finder_close(stream_kernel_finder *f) {
    stream_vec_free(&f->key);
    stream_tracer_free(&f->tracer);
    stream_kernel_table_free(&f->table);
}

static int64_t *key_room(stream_kernel_finder *f, size_t n) {
    return stream_vec_push_n(&f->key, n);
}

static void key_step(stream_kernel_finder *f, const stream_trace *trace,
                     const stream_trace_step *step) {
    size_t rank = (size_t)step->box.rank;
    int64_t *key = key_room(f, 3 + 4 * rank + (size_t)step->n_sources);
    *key++ = step->kind;
    *key++ = step->view;
    *key++ = step->n_sources;
    for (size_t d = 0; d < rank; ++d, key += 4) {
        key[0] = step->box.size[d];
        key[1] = step->before[d];
        key[2] = step->after[d];
        key[3] = step->stride[d];
    }
    for (int32_t i = 0; i < step->n_sources; ++i)
        key[i] = trace->sources[step->first_source + i];
}

/* What a quasi-affine index looks like from the CT's origin. */
static void key_quasi(stream_kernel_finder *f, const stream_operand *operand,
                      const stream_loop_box *box, const stream_box *view) {
    int64_t phases[STREAM_QUASI_MAX_NODES], offset;
    for (int32_t d = 0; d < view->rank; ++d) {
        if (!operand->quasi[d])
            continue;
        int32_t n = stream_quasi_phases(operand->quasi[d], box->lo, phases, &offset);
        int64_t *key = key_room(f, (size_t)n + 1);
        memcpy(key, phases, (size_t)n * sizeof *key);
        key[n] = offset - view->lo[d];
    }
}

static bool reads_data(const stream_operand *operand, bool first) {
    return !operand->is_window && (!operand->is_init || first);
}

/* Traces the operands of a CT: its reads, and the rest of its kernel's key. */
static int32_t trace_operands(stream_kernel_finder *f, const stream_layer *layer,
                              const stream_loop_box *box, bool first) {
    int32_t n = 0;
    for (int32_t i = 0; i < layer->n_operands; ++i) {
        const stream_operand *operand = &layer->operands[i];
        if (!reads_data(operand, first))
            continue;
        stream_trace trace;
        stream_box view = stream_operand_box(f->w, operand, layer->n_loops, box->lo, box->size);
        stream_tracer_box(&f->tracer, f->w, operand->view, &view, &trace);
        key_quasi(f, operand, box, &view);
        *key_room(f, 1) = trace.n_steps;
        for (int32_t s = 0; s < trace.n_steps; ++s) {
            const stream_trace_step *step = &trace.steps[s];
            key_step(f, &trace, step);
            if (step->kind != STREAM_VIEW_TENSOR)
                continue;
            *(stream_ct_read *)stream_vec_push(&f->reads) =
                (stream_ct_read){step->tensor, step->box, operand->operand_class};
            ++n;
        }
    }
    return n;
}

static const stream_trace *copy_traces(stream_kernel_finder *f, const stream_layer *layer,
                                       const stream_loop_box *box, bool first) {
    stream_trace *traces = STREAM_NEW(f->arena, stream_trace, (size_t)layer->n_operands);
    for (int32_t i = 0; i < layer->n_operands; ++i) {
        stream_trace trace;
        if (!reads_data(&layer->operands[i], first))
            continue;
        stream_box view =
            stream_operand_box(f->w, &layer->operands[i], layer->n_loops, box->lo, box->size);
        stream_tracer_box(&f->tracer, f->w, layer->operands[i].view, &view, &trace);
        stream_trace_copy(&trace, f->arena, &traces[i]);
    }
    return traces;
}

static const int64_t *copy_loops(stream_kernel_finder *f, const stream_layer *layer,
                                 const int64_t *of) {
    int64_t *copy = STREAM_NEW(f->arena, int64_t, (size_t)layer->n_loops);
    if (layer->n_loops > 0)
        memcpy(copy, of, (size_t)layer->n_loops * sizeof *copy);
    return copy;
}

static void add_kernel(stream_kernel_finder *f, int32_t l, const stream_loop_box *box, bool first,
                       bool last) {
    const stream_layer *layer = &f->w->layers[l];
    stream_text name = {0};
    if (l != f->layer)
        f->n_of_layer = 0;
    f->layer = l;
    stream_text_print(&name, "%s_k%d", layer->name, f->n_of_layer++);
    *(stream_kernel *)stream_vec_push(&f->kernels) =
        (stream_kernel){stream_arena_strdup(f->arena, name.data), l, layer->loc};
    stream_text_free(&name);
    stream_kernel_shape *shape = stream_vec_push(&f->shapes);
    *shape = (stream_kernel_shape){.layer = l, .first_reduction = first, .last_reduction = last};
    shape->size = copy_loops(f, layer, box->size);
    shape->lo = copy_loops(f, layer, box->lo);
    shape->traces = copy_traces(f, layer, box, first);
}

int32_t stream_kernel_finder_find(stream_kernel_finder *f, int32_t l, const stream_loop_box *box,
                                  bool first, bool last, int32_t *out_n_reads) {
    const stream_layer *layer = &f->w->layers[l];
    int is_new;
    f->key.n = 0;
    int64_t *key = key_room(f, 3 + 2 * (size_t)layer->n_loops);
    *key++ = l;
    *key++ = first;
    *key++ = last;
    for (int32_t i = 0; i < layer->n_loops; ++i) {
        *key++ = box->size[i];
        *key++ = layer->uses_index ? box->lo[i] : 0;
    }
    *out_n_reads = trace_operands(f, layer, box, first);
    int32_t kernel = stream_kernel_table_find(&f->table, f->key.data, f->key.n, &is_new);
    if (is_new)
        add_kernel(f, l, box, first, last);
    return kernel;
}
