/* Names of loops, by which operands they index. */

#include "classify.h"

#include "stream/support/text.h"

#include <string.h>

typedef struct {
    const stream_workload *w;
    stream_layer *layer;
    const stream_operand *in0, *in1; /* inputs with data; NULL if there is none */
} naming;

static bool indexes(const naming *n, const stream_operand *o, int32_t loop) {
    for (int32_t d = 0; o && d < n->w->views[o->view].rank; ++d)
        if (o->index[d].coefficient[loop])
            return true;
    return false;
}

static int32_t loops_in(const stream_layer *layer, const stream_affine *index) {
    int32_t n = 0;
    for (int32_t l = 0; l < layer->n_loops; ++l)
        n += index->coefficient[l] != 0;
    return n;
}

bool stream_classify_windowed(const stream_layer *layer, const stream_operand *o, int32_t rank) {
    for (int32_t d = 0; d < rank; ++d)
        if (loops_in(layer, &o->index[d]) > 1)
            return true;
    return false;
}

static bool used(const stream_layer *layer, const char *name) {
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (layer->loop_names[l] && !strcmp(layer->loop_names[l], name))
            return true;
    return false;
}

/* Names loop `l` unless it has a name or the name is taken. */
static void name(stream_layer *layer, int32_t l, const char *text) {
    if (l >= 0 && !layer->loop_names[l] && !used(layer, text))
        layer->loop_names[l] = text;
}

static void pick_inputs(naming *n) {
    for (int32_t i = 0; i < n->layer->n_operands; ++i) {
        const stream_operand *o = &n->layer->operands[i];
        if (o->op != 0 || o->is_window || o->is_init)
            continue;
        if (!n->in0)
            n->in0 = o;
        else if (!n->in1)
            n->in1 = o;
    }
}

/* ---- sliding windows */

static const char *const spatial[3][3] = {{"OX"}, {"OY", "OX"}, {"OZ", "OY", "OX"}};
static const char *const filter[3][3] = {{"FX"}, {"FY", "FX"}, {"FZ", "FY", "FX"}};

/* The loops of index `d` if it is one output loop and one reduction loop. */
static bool window_pair(const naming *n, int32_t d, int32_t *out, int32_t *window) {
    const stream_affine *index = &n->in0->index[d];
    *out = *window = -1;
    if (loops_in(n->layer, index) != 2)
        return false;
    for (int32_t l = 0; l < n->layer->n_loops; ++l)
        if (index->coefficient[l])
            *(n->layer->reduction[l] ? window : out) = l;
    return *out >= 0 && *window >= 0;
}

static void name_windows(naming *n) {
    int32_t outs[STREAM_MAX_RANK], windows[STREAM_MAX_RANK], count = 0;
    for (int32_t d = 0; d < n->w->views[n->in0->view].rank; ++d)
        count += window_pair(n, d, &outs[count], &windows[count]);
    for (int32_t i = 0; i < count && count <= 3; ++i) {
        name(n->layer, outs[i], spatial[count - 1][i]);
        name(n->layer, windows[i], filter[count - 1][i]);
    }
}

static void name_channels(naming *n) {
    for (int32_t l = 0; l < n->layer->n_loops; ++l) {
        bool a = indexes(n, n->in0, l), b = indexes(n, n->in1, l);
        if (n->layer->reduction[l])
            name(n->layer, l, a && (b || !n->in1) ? "C" : "FX");
        else if (a && b)
            name(n->layer, l, "G");
        else if (b)
            name(n->layer, l, "K");
        else
            name(n->layer, l, used(n->layer, "B") && !n->in1 ? "K" : "B");
    }
}

/* ---- matrix products: the innermost loop of a role has its name */

static void name_product(naming *n) {
    for (int32_t l = n->layer->n_loops - 1; l >= 0; --l) {
        bool a = indexes(n, n->in0, l), b = indexes(n, n->in1, l);
        if (n->layer->reduction[l])
            name(n->layer, l, "C");
        else if (a && b)
            name(n->layer, l, used(n->layer, "B") ? "H" : "B");
        else if (b)
            name(n->layer, l, "K");
        else
            name(n->layer, l, used(n->layer, "M") ? "B" : "M");
    }
}

/* ---- element-wise, rank 4 */

static const char *element_name(const char *name_before) {
    static const char *const names[] = {"B", "K", "OY", "OX"};
    for (int32_t i = 0; name_before && i < 4; ++i)
        if (!strcmp(name_before, names[i]) || (i == 1 && !strcmp(name_before, "G")))
            return names[i];
    return NULL;
}

/* Names of the dims of input 0 in the layer that writes it; false: not all four are there. */
static bool inherit(naming *n) {
    const stream_view *view = &n->w->views[n->in0->view];
    if (view->kind != STREAM_VIEW_TENSOR || view->rank != 4 ||
        n->w->tensors[view->tensor].layer < 0)
        return false;
    const stream_layer *before = &n->w->layers[n->w->tensors[view->tensor].layer];
    const char *found[STREAM_MAX_LOOPS] = {NULL};
    for (int32_t d = 0; d < 4; ++d) {
        const char *from =
            before->output_loop[d] < 0 ? NULL : before->loop_names[before->output_loop[d]];
        for (int32_t l = 0; l < 4; ++l)
            if (n->in0->index[d].coefficient[l])
                found[l] = element_name(from);
    }
    for (int32_t l = 0; l < 4; ++l)
        for (int32_t m = 0; m <= l; ++m)
            if (!found[l] || (m < l && !strcmp(found[l], found[m])))
                return false;
    memcpy(n->layer->loop_names, found, 4 * sizeof *found);
    return true;
}

static void name_elementwise(naming *n) {
    static const char *const nchw[] = {"B", "K", "OY", "OX"};
    if (n->in0 && inherit(n))
        return;
    for (int32_t l = 0; l < 4; ++l)
        name(n->layer, l, nchw[l]);
}

static void name_rest(stream_layer *layer, stream_arena *arena) {
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (!layer->loop_names[l]) {
            stream_text text = {0};
            stream_text_print(&text, "d%d", l);
            layer->loop_names[l] = stream_arena_strdup(arena, text.data);
            stream_text_free(&text);
        }
}

void stream_classify_loops(const stream_workload *w, stream_layer *layer, stream_arena *arena) {
    naming n = {.w = w, .layer = layer};
    bool reduces = stream_layer_reduces(layer);
    pick_inputs(&n);
    if (n.in0 && reduces && stream_classify_windowed(layer, n.in0, w->views[n.in0->view].rank)) {
        name_windows(&n);
        name_channels(&n);
    } else if (reduces && n.in1)
        name_product(&n);
    else if (!reduces && layer->n_loops == 4)
        name_elementwise(&n);
    name_rest(layer, arena);
}
