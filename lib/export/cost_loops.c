/* The loop nest of a priced layer; see stream/export/cost.h. */

#include "stream/export/cost.h"

#include <string.h>

typedef struct {
    const stream_mapping_problem *problem;
    stream_temporal_mapping merged; /* what was priced */
    int width;                      /* of the column of loops */
    int column[STREAM_NEST_MAX_OPERANDS];
    stream_text *out;
} nest;

static int wider(int width, const char *text) {
    int n = (int)strlen(text);
    return n > width ? n : width;
}

static const char *memory_at(const nest *n, int32_t o, int32_t loop) {
    const stream_map_operand *operand = &n->problem->operands[o];
    int32_t l = 0;
    while (l + 1 < operand->n_levels && loop >= n->merged.cut[o][l])
        ++l;
    return n->problem->memories[operand->memory[l]].name;
}

/* One row for loops that follow each other over the same dim, every operand in the same memory. */
static void join(nest *n) {
    stream_temporal_mapping *m = &n->merged;
    stream_temporal_mapping joined = {.n = 0};
    int32_t at[STREAM_MAP_MAX_LOOPS + 1];
    for (int32_t i = 0; i < m->n; ++i) {
        bool same = i > 0 && m->order[i].dim == m->order[i - 1].dim;
        for (int32_t o = 0; o < n->problem->n_operands; ++o)
            for (int32_t l = 0; l < n->problem->operands[o].n_levels; ++l)
                same &= m->cut[o][l] != i;
        at[i] = joined.n;
        if (same)
            joined.order[joined.n - 1].size *= m->order[i].size;
        else
            joined.order[joined.n++] = m->order[i];
    }
    at[m->n] = joined.n;
    for (int32_t o = 0; o < n->problem->n_operands; ++o)
        for (int32_t l = 0; l < n->problem->operands[o].n_levels; ++l)
            joined.cut[o][l] = at[m->cut[o][l]];
    *m = joined;
}

static void loop_text(const nest *n, int32_t depth, int32_t i, stream_text *out) {
    const stream_temporal_loop *loop = &n->merged.order[i];
    stream_text_clear(out);
    stream_text_print(out, "%*sfor %s in 0..%lld", 2 * depth, "",
                      n->problem->nest.dims[loop->dim].name, (long long)loop->size);
}

static void measure(nest *n) {
    stream_text text = {0};
    for (int32_t i = n->merged.n - 1, depth = 0; i >= 0; --i, ++depth) {
        loop_text(n, depth, i, &text);
        n->width = wider(n->width, text.data);
    }
    for (int32_t o = 0; o < n->problem->n_operands; ++o) {
        n->column[o] = wider(0, n->problem->nest.operands[o].name);
        for (int32_t l = 0; l < n->problem->operands[o].n_levels; ++l)
            n->column[o] =
                wider(n->column[o], n->problem->memories[n->problem->operands[o].memory[l]].name);
    }
    stream_text_free(&text);
}

/* One row; cell(o) of the last column without trailing blanks. loop < 0: the operands' names. */
static void row(const nest *n, const char *text, int32_t loop) {
    stream_text_print(n->out, "  %-*s", n->width, text);
    for (int32_t o = 0; o < n->problem->n_operands; ++o) {
        bool last = o + 1 == n->problem->n_operands;
        stream_text_print(n->out, "  %-*s", last ? 0 : n->column[o],
                          loop < 0 ? n->problem->nest.operands[o].name : memory_at(n, o, loop));
    }
    stream_text_str(n->out, "\n");
}

static int32_t temporal(const nest *n) {
    stream_text text = {0};
    int32_t depth = 0;
    for (int32_t i = n->merged.n - 1; i >= 0; --i) {
        if (n->merged.order[i].size == 1)
            continue;
        loop_text(n, depth++, i, &text);
        row(n, text.data, i);
    }
    stream_text_free(&text);
    return depth;
}

static void unrolled(const nest *n, int32_t x, int32_t i, int32_t depth) {
    const stream_unrolled_dim *real = &n->problem->unrolled[0].array_dims[x].at[i];
    double whole = n->problem->unrolled[1].array_dims[x].at[i].factor;
    stream_text_print(n->out, "  %*sparallel %s in 0..%.6g on D%d", 2 * depth, "",
                      n->problem->nest.dims[real->dim].name, real->factor, x + 1);
    if (whole != real->factor)
        stream_text_print(n->out, " (%.6g in the latency)", whole);
    stream_text_str(n->out, "\n");
}

static int32_t spatial(const nest *n, int32_t depth) {
    const stream_spatial_mapping *real = &n->problem->unrolled[0];
    for (int32_t x = 0; x < real->n_array_dims; ++x)
        for (int32_t i = 0; i < real->array_dims[x].n; ++i)
            if (real->array_dims[x].at[i].factor > 1)
                unrolled(n, x, i, depth++);
    return depth;
}

static void access(const nest *n, int32_t o) {
    const stream_loop_nest *layer = &n->problem->nest;
    stream_text_print(n->out, "%s[", layer->operands[o].name);
    for (int32_t i = 0; i < layer->operands[o].n_index; ++i) {
        int32_t index = layer->operands[o].index[i];
        stream_text_print(n->out, "%s%s", i ? ", " : "",
                          index < 0 ? layer->relations[~index].name : layer->dims[index].name);
    }
    stream_text_str(n->out, "]");
}

static void body(const nest *n, int32_t depth) {
    stream_text_print(n->out, "  %*s", 2 * depth, "");
    access(n, 0);
    stream_text_str(n->out, " from");
    for (int32_t o = 1; o < n->problem->n_operands; ++o) {
        stream_text_str(n->out, o > 1 ? ", " : " ");
        access(n, o);
    }
    stream_text_str(n->out, "\n");
}

void stream_export_cost_loops(const stream_export_cost_layer *layer, stream_text *out) {
    if (!layer->result)
        return;
    nest n = {.problem = &layer->result->problem, .merged = layer->result->mapping, .out = out};
    stream_mapping_merge(n.problem, &n.merged);
    join(&n);
    measure(&n);
    row(&n, "", -1);
    body(&n, spatial(&n, temporal(&n)));
}
