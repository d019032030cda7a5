/* Fusion of element-wise ops, decided before layers are read; see tile_fuse.h. */

#include "tile_fuse.h"

#include "convert/accelerator.h"
#include "convert/classify.h"
#include "convert/ct_graph.h"
#include "convert/ir.h"
#include "convert/loc.h"

#include "stream-c/Dialect.h"
#include "stream/plan/core_sets.h"
#include "stream/support/vec.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const void *op; /* the key */
    stream_fusion_layer layer;
    bool planned; /* it has a plan of its own, which says nothing of fusion */
} entry;

struct stream_tile_fusion {
    const stream_accelerator *acc;
    stream_arena *arena;
    bool by_default;
    entry *entries; /* [n] by op */
    int32_t n;
    stream_vec divided; /* const char *: layers whose reduction is divided into tiles */
};

static int by_op(const void *a, const void *b) {
    const entry *x = a, *y = b;
    return (x->op > y->op) - (x->op < y->op);
}

static const entry *find(const stream_tile_fusion *f, MlirOperation op) {
    entry key = {.op = op.ptr};
    return f->n ? bsearch(&key, f->entries, (size_t)f->n, sizeof key, by_op) : NULL;
}

/* ---- what the user says */

static void read_plan_cores(const stream_tile_fusion *f, MlirAttribute plan, intptr_t n,
                            stream_fusion_layer *to) {
    int32_t *cores = STREAM_NEW(f->arena, int32_t, (size_t)n);
    to->n_cores = 0;
    for (intptr_t i = 0; i < n; ++i) {
        int32_t core = stream_core_by_name(f->acc, stream_plan_attr_core(plan, i));
        if (core >= 0)
            cores[to->n_cores++] = core;
    }
    to->cores = cores;
}

static void read_plan(const stream_tile_fusion *f, MlirOperation op, entry *e) {
    MlirAttribute attr = stream_ir_attr(op, "stream.plan");
    if (mlirAttributeIsNull(attr) || !stream_attr_is_plan(attr))
        return;
    stream_plan_attr plan = stream_plan_attr_value(attr);
    e->planned = plan.fuse.length == 0;
    if (plan.fuse.length)
        e->layer.fuse =
            stream_ir_str_is(plan.fuse, "never") ? STREAM_FUSE_NEVER : STREAM_FUSE_ALWAYS;
    if (plan.n_cores)
        read_plan_cores(f, attr, plan.n_cores, &e->layer);
}

static void take_chosen_cores(const stream_tile_fusion *f, const stream_tiling_choice *choice,
                              stream_fusion_layer *to) {
    if (to->n_cores > 0)
        return;
    to->n_cores = stream_plan_cores_for(f->acc, choice->cores, choice->n_cores, to->op_type,
                                        f->arena, &to->cores);
    to->cores_chosen = true;
}

static void read_entries(stream_tile_fusion *f, const stream_workload *w,
                         const stream_mapping *mapping, const stream_tiling_choice *choice) {
    stream_mapping_wish *wishes = STREAM_NEW(f->arena, stream_mapping_wish, (size_t)w->n_layers);
    f->entries = STREAM_NEW(f->arena, entry, (size_t)w->n_layers);
    f->n = w->n_layers;
    if (mapping)
        stream_mapping_wishes(mapping, w, f->arena, wishes);
    for (int32_t l = 0; l < w->n_layers; ++l) {
        const stream_layer_ops *ops = w->layers[l].ops;
        f->entries[l] = (entry){.op = ops->ops[0].ptr,
                                .layer = {.name = w->layers[l].name,
                                          .op_type = w->layers[l].op_type,
                                          .cores = wishes[l].cores,
                                          .n_cores = wishes[l].n_cores,
                                          .fuse = wishes[l].fuse}};
        read_plan(f, ops->ops[0], &f->entries[l]);
        take_chosen_cores(f, choice, &f->entries[l].layer);
    }
    if (f->n)
        qsort(f->entries, (size_t)f->n, sizeof *f->entries, by_op);
}

/* ---- the policy */

static bool forced(void *user, MlirOperation op) {
    const entry *e = find(user, op);
    return e && e->layer.fuse == STREAM_FUSE_ALWAYS;
}

static bool divides(void *user, const char *layer) {
    const stream_tile_fusion *f = user;
    for (size_t i = 0; i < f->divided.n; ++i)
        if (!strcmp(STREAM_AT(const char *, f->divided, i), layer))
            return true;
    return false;
}

static bool allows(void *user, const stream_fusion_question *question, stream_text *why) {
    const stream_tile_fusion *f = user;
    const entry *layer = find(f, question->anchor), *e = find(f, question->op);
    if (!layer || !e || e->planned) {
        stream_text_str(why, "its #stream.plan makes it a layer of its own");
        return false;
    }
    stream_fusion_needs needs = stream_classify_needs(question->op, f->arena);
    return stream_fusion_allowed(f->acc, &layer->layer, &e->layer, &needs, f->by_default, why);
}

stream_status stream_tile_fusion_find(MlirOperation func, const stream_accelerator *acc,
                                      const stream_mapping *mapping,
                                      const stream_tiling_choice *choice, bool by_default,
                                      stream_arena *arena, const stream_diag *diag,
                                      stream_tile_fusion **out, stream_fusion_policy *out_policy) {
    stream_load_options options = {.fold_constants = true};
    stream_network *apart = STREAM_NEW(arena, stream_network, 1);
    stream_tile_fusion *f = STREAM_NEW(arena, stream_tile_fusion, 1);
    *f = (stream_tile_fusion){
        .acc = acc, .arena = arena, .by_default = by_default, .divided = STREAM_VEC(const char *)};
    STREAM_TRY(stream_load_network(func, &options, arena, diag, apart));
    read_entries(f, &apart->workload, mapping, choice);
    *out = f;
    *out_policy =
        (stream_fusion_policy){.allows = allows, .forced = forced, .divides = divides, .user = f};
    return STREAM_OK;
}

void stream_tile_fusion_divide(stream_tile_fusion *f, const char *layer) {
    *(const char **)stream_vec_push(&f->divided) = layer;
}

void stream_tile_fusion_end(stream_tile_fusion *f) {
    if (f)
        stream_vec_free(&f->divided);
}

void stream_tile_fusion_report(const stream_tile_fusion *f, const stream_network *network,
                               const stream_diag *diag) {
    for (int32_t i = 0; i < network->n_fusions; ++i) {
        const stream_fusion_note *note = &network->fusions[i];
        const entry *e = find(f, note->op);
        if (e)
            stream_remark(diag, stream_loc_of(note->op), "'%s' is %sfused into layer '%s': %s",
                          e->layer.name, note->fused ? "" : "not ", note->layer, note->why);
    }
}
