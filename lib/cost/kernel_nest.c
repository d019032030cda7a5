/* A layer as the loop nest of the cost model; see stream/cost/kernel.h. */

#include "stream/cost/kernel.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const stream_workload *w;
    const stream_layer *layer;
    const stream_diag *diag;
    stream_loop_nest *nest;
    int32_t dim_of[STREAM_MAX_LOOPS]; /* loop -> dim */
} translation;

/* ---- dims */

static bool holds_data(const translation *t, const stream_operand *o) {
    return !o->is_window && !o->is_init && !stream_operand_is_fused(t->layer, o) &&
           stream_view_element_bits(t->w, o->view) > 0;
}

static bool windowed(const stream_layer *layer) {
    return stream_layer_loop(layer, "OX") >= 0;
}

static void add_dim(translation *t, int32_t l, const char *name) {
    if (l < 0 || t->dim_of[l] >= 0)
        return;
    t->dim_of[l] = t->nest->n_dims;
    t->nest->dims[t->nest->n_dims++] = (stream_nest_dim){name, t->layer->bounds[l]};
}

static void add_dims(translation *t) {
    static const char *const convolution[] = {"B", "K", "G", "OX", "OY", "C", "FX", "FY"};
    static const char *const product[][2] = {
        {"C", "C"}, {"M", "D"}, {"K", "K"}, {"B", "B"}, {"H", "H"}};
    for (int32_t l = 0; l < t->layer->n_loops; ++l)
        t->dim_of[l] = -1;
    for (size_t i = 0; windowed(t->layer) && i < sizeof convolution / sizeof *convolution; ++i)
        add_dim(t, stream_layer_loop(t->layer, convolution[i]), convolution[i]);
    for (size_t i = 0; !windowed(t->layer) && i < sizeof product / sizeof *product; ++i)
        add_dim(t, stream_layer_loop(t->layer, product[i][0]), product[i][1]);
    for (int32_t l = 0; l < t->layer->n_loops; ++l)
        add_dim(t, l, t->layer->loop_names[l]);
}

/* ---- relations */

/* Elements of dimension d that hold data: those behind a pad. */
static int64_t data_extent(const stream_workload *w, int32_t view, int32_t d) {
    const stream_view *v = &w->views[view];
    while (v->kind == STREAM_VIEW_PAD && v->n_sources > 0)
        v = &w->views[v->sources[0]];
    return v->shape[d];
}

static const char *relation_name(const translation *t, int32_t a) {
    static const char *const names[][2] = {{"OX", "IX"}, {"OY", "IY"}, {"OZ", "IZ"}};
    static const char *const rest[STREAM_NEST_MAX_RELATIONS] = {"P0", "P1", "P2", "P3"};
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i)
        if (strcmp(t->nest->dims[a].name, names[i][0]) == 0)
            return names[i][1];
    return rest[t->nest->n_relations];
}

static bool same_relation(const stream_nest_relation *x, const stream_nest_relation *y) {
    return x->a == y->a && x->b == y->b && x->a_factor == y->a_factor &&
           x->b_factor == y->b_factor && x->clip == y->clip;
}

static stream_status add_relation(translation *t, const stream_nest_relation *wanted,
                                  int32_t *out) {
    stream_loop_nest *nest = t->nest;
    for (int32_t r = 0; r < nest->n_relations; ++r)
        if (same_relation(&nest->relations[r], wanted)) {
            *out = ~r;
            return STREAM_OK;
        }
    if (nest->n_relations == STREAM_NEST_MAX_RELATIONS)
        return stream_error(t->diag, STREAM_UNSUPPORTED, t->layer->loc,
                            "layer '%s' has more than %d sliding windows; the cost model takes %d",
                            t->layer->name, STREAM_NEST_MAX_RELATIONS, STREAM_NEST_MAX_RELATIONS);
    *out = ~nest->n_relations;
    nest->relations[nest->n_relations] = *wanted;
    nest->relations[nest->n_relations++].name = relation_name(t, wanted->a);
    return STREAM_OK;
}

/* Two loops of an index: the parallel one (or the outer) first, as in ix = stride * ox + fx. */
static stream_status relate(translation *t, const stream_operand *o, int32_t d, const int32_t *loop,
                            int32_t *out) {
    int32_t first = t->layer->reduction[loop[0]] && !t->layer->reduction[loop[1]];
    int32_t a = loop[first], b = loop[!first];
    stream_nest_relation r = {.a = t->dim_of[a],
                              .b = t->dim_of[b],
                              .a_factor = llabs((long long)o->index[d].coefficient[a]),
                              .b_factor = llabs((long long)o->index[d].coefficient[b]),
                              .clip = data_extent(t->w, o->view, d)};
    return add_relation(t, &r, out);
}

/* ---- operands */

static void add_index(stream_nest_operand *to, int32_t id) {
    for (int32_t i = 0; i < to->n_index; ++i)
        if (to->index[i] == id)
            return;
    to->index[to->n_index++] = id;
}

static stream_status index_input(translation *t, const stream_operand *o, stream_nest_operand *to) {
    for (int32_t d = 0; d < t->w->views[o->view].rank; ++d) {
        int32_t loops[STREAM_MAX_LOOPS], n = 0, id = 0;
        for (int32_t l = 0; l < t->layer->n_loops; ++l)
            if (o->index[d].coefficient[l])
                loops[n++] = l;
        if (n == 2 && !o->quasi[d]) {
            STREAM_TRY(relate(t, o, d, loops, &id));
            add_index(to, id);
            continue;
        }
        for (int32_t i = 0; i < n; ++i)
            add_index(to, t->dim_of[loops[i]]);
    }
    return STREAM_OK;
}

static stream_status add_input(translation *t, const stream_operand *o) {
    static const char *const names[][2] = {{"I", "W"},   {"I2", "W2"}, {"I3", "W3"},
                                           {"I4", "W4"}, {"I5", "W5"}, {"I6", "W6"},
                                           {"I7", "W7"}, {"I8", "W8"}, {"I9", "W9"}};
    stream_loop_nest *nest = t->nest;
    int32_t same = 0, weight = o->operand_class == STREAM_I2;
    for (int32_t i = 1; i < nest->n_operands; ++i)
        same += nest->operands[i].memory == (stream_operand_class)o->operand_class;
    if (nest->n_operands == STREAM_NEST_MAX_OPERANDS || same == sizeof names / sizeof *names)
        return stream_error(t->diag, STREAM_UNSUPPORTED, t->layer->loc,
                            "layer '%s' reads more than %d inputs; the cost model takes %d",
                            t->layer->name, STREAM_NEST_MAX_OPERANDS - 1,
                            STREAM_NEST_MAX_OPERANDS - 1);
    int64_t bits = stream_view_element_bits(t->w, o->view);
    nest->operands[nest->n_operands] =
        (stream_nest_operand){.name = names[same][weight],
                              .memory = (stream_operand_class)o->operand_class,
                              .bits = bits,
                              .final_bits = bits};
    return index_input(t, o, &nest->operands[nest->n_operands++]);
}

static void add_output(translation *t) {
    const stream_layer *layer = t->layer;
    const stream_tensor *tensor = &t->w->tensors[layer->output];
    int64_t final_bits = stream_tensor_point_bits(tensor);
    bool reduces = false;
    for (int32_t l = 0; l < layer->n_loops; ++l)
        reduces |= layer->reduction[l] && layer->bounds[l] > 1;
    stream_nest_operand *o = &t->nest->operands[t->nest->n_operands++];
    *o = (stream_nest_operand){
        .name = "O", .memory = STREAM_O, .bits = final_bits, .final_bits = final_bits};
    if (reduces)
        o->bits = (int64_t)layer->psum_bits * (tensor->lanes > 0 ? tensor->lanes : 1);
    for (int32_t r = 0; r < tensor->rank; ++r)
        if (layer->output_loop[r] >= 0)
            add_index(o, t->dim_of[layer->output_loop[r]]);
}

static stream_status add_inputs(translation *t, bool weights, bool others) {
    for (int32_t i = 0; i < t->layer->n_operands; ++i) {
        const stream_operand *o = &t->layer->operands[i];
        bool weight = o->operand_class == STREAM_I2;
        if (holds_data(t, o) && (weight ? weights : others))
            STREAM_TRY(add_input(t, o));
    }
    return STREAM_OK;
}

stream_status stream_loop_nest_of_layer(const stream_workload *w, const stream_layer *layer,
                                        const stream_diag *diag, stream_loop_nest *out) {
    translation t = {.w = w, .layer = layer, .diag = diag, .nest = out};
    *out = (stream_loop_nest){.cycles_per_op = layer->macs_per_point, .loc = layer->loc};
    add_dims(&t);
    if (out->n_dims == 0) /* one point */
        out->dims[out->n_dims++] = (stream_nest_dim){"d0", 1};
    add_output(&t);
    if (!windowed(layer))
        return add_inputs(&t, true, true);
    STREAM_TRY(add_inputs(&t, true, false));
    return add_inputs(&t, false, true);
}
