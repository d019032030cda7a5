/* Kernels of a tiling: functions, each distinct text once; see tile_emit.h. */

#include "tile_emit.h"

#include "convert/classify.h"

#include <string.h>

/* Kernels made so far, found by their text. Chains of equal hash are short. */
typedef struct {
    const char *text;
    const char *op_type;
    uint64_t hash;
    int32_t next; /* in the bucket; -1 ends */
    MlirAttribute symbol;
    uint8_t streamed;
} made_kernel;

typedef struct {
    const stream_tile_emission *in;
    MlirContext context;
    MlirSymbolTable symbols;
    stream_vec made;  /* made_kernel */
    int32_t *buckets; /* [n_buckets] */
    size_t n_buckets; /* power of two */
    stream_text text;
    int32_t *per_layer; /* [n_layers] kernels named after it */
} kernel_set;

static uint64_t hash_of(const char *text) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *text; ++text)
        hash = (hash ^ (uint8_t)*text) * 0x100000001b3u;
    return hash ^ hash >> 29;
}

static const made_kernel *find_kernel(const kernel_set *set, uint64_t hash, const char *op_type,
                                      uint8_t streamed) {
    for (int32_t i = set->buckets[hash & (set->n_buckets - 1)]; i >= 0;) {
        const made_kernel *k = &STREAM_AT(made_kernel, set->made, i);
        if (k->hash == hash && !strcmp(k->text, set->text.data) && !strcmp(k->op_type, op_type) &&
            k->streamed == streamed)
            return k;
        i = k->next;
    }
    return NULL;
}

/* <layer>_k<i> in characters that a symbol has without quotes. */
static const char *kernel_name(kernel_set *set, const char *layer, int32_t i) {
    stream_text text = {0};
    for (const char *c = layer; *c; ++c) {
        bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || *c == '_' ||
                     (*c >= '0' && *c <= '9' && c != layer);
        stream_text_append(&text, plain ? c : "_", 1);
    }
    stream_text_print(&text, "_k%d", i);
    const char *name = stream_arena_strdup(set->in->arena, text.data);
    stream_text_free(&text);
    return name;
}

/* Operators of the ops behind the anchor, in their order. */
static MlirAttribute fused_operators(kernel_set *set, const stream_layer_ops *ops) {
    static const stream_layer elementwise = {0};
    MlirAttribute *names = STREAM_NEW(set->in->arena, MlirAttribute, (size_t)ops->n_ops);
    for (int32_t i = 1; i < ops->n_ops; ++i)
        names[i - 1] = stream_ir_string(
            set->context, stream_classify_operator(ops->ops[i], 0, &elementwise, set->in->arena));
    return stream_ir_array(set->context, ops->n_ops - 1, names);
}

/* Operand classes that the plan streams in any case. */
static MlirAttribute streamed_classes(kernel_set *set, uint8_t streamed) {
    MlirAttribute names[STREAM_N_OPERANDS];
    intptr_t n = 0;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (streamed >> o & 1)
            names[n++] =
                stream_ir_string(set->context, stream_operand_class_name((stream_operand_class)o));
    return stream_ir_array(set->context, n, names);
}

static MlirAttribute kernel_dictionary(kernel_set *set, const stream_layer *layer,
                                       uint8_t streamed) {
    const stream_layer_ops *ops = layer->ops;
    intptr_t n = 2;
    MlirNamedAttribute entries[4] = {
        stream_ir_named(set->context, "layer", stream_ir_string(set->context, layer->name)),
        stream_ir_named(set->context, "operator", stream_ir_string(set->context, layer->op_type))};
    if (ops->n_ops > 1)
        entries[n++] = stream_ir_named(set->context, "fused", fused_operators(set, ops));
    if (streamed)
        entries[n++] = stream_ir_named(set->context, "streams", streamed_classes(set, streamed));
    return stream_ir_dictionary(set->context, n, entries);
}

/* Names the new kernel and puts it before the network function. */
static void add_kernel(kernel_set *set, MlirOperation func, int32_t l, uint64_t hash) {
    const stream_layer *layer = &set->in->network->workload.layers[l];
    made_kernel k = {
        .hash = hash, .op_type = layer->op_type, .streamed = set->in->plans[l].streamed};
    k.text = stream_arena_strdup(set->in->arena, set->text.data);
    k.next = set->buckets[hash & (set->n_buckets - 1)];
    set->buckets[hash & (set->n_buckets - 1)] = (int32_t)set->made.n;
    const char *name = kernel_name(set, layer->name, set->per_layer[l]++);
    stream_ir_set(func, "sym_name", stream_ir_string(set->context, name));
    stream_ir_set(func, "stream.kernel", kernel_dictionary(set, layer, k.streamed));
    mlirBlockInsertOwnedOperationBefore(stream_ir_body(set->in->module), set->in->func, func);
    MlirAttribute unique = mlirSymbolTableInsert(set->symbols, func);
    k.symbol = mlirFlatSymbolRefAttrGet(set->context, mlirStringAttrGetValue(unique));
    *(made_kernel *)stream_vec_push(&set->made) = k;
}

static MlirAttribute emit_kernel(kernel_set *set, int32_t k) {
    const stream_kernel_shape *shape = &set->in->tiling->shapes[k];
    MlirOperation func = stream_kernel_build(set->in->network, shape, set->context, set->in->arena);
    stream_text_clear(&set->text);
    stream_ir_print_op(func, &set->text);
    uint64_t hash = hash_of(set->text.data);
    const made_kernel *old =
        find_kernel(set, hash, set->in->network->workload.layers[shape->layer].op_type,
                    set->in->plans[shape->layer].streamed);
    if (old)
        mlirOperationDestroy(func);
    else
        add_kernel(set, func, shape->layer, hash);
    return old ? old->symbol : STREAM_AT(made_kernel, set->made, set->made.n - 1).symbol;
}

const MlirAttribute *stream_tile_emit_kernels(const stream_tile_emission *in) {
    int32_t n = in->tiling->graph.n_kernels;
    kernel_set set = {.in = in,
                      .context = mlirOperationGetContext(in->module),
                      .symbols = mlirSymbolTableCreate(in->module),
                      .made = STREAM_VEC(made_kernel),
                      .n_buckets = 64};
    while (set.n_buckets < (size_t)n)
        set.n_buckets *= 2;
    set.buckets = STREAM_NEW(in->arena, int32_t, set.n_buckets);
    for (size_t i = 0; i < set.n_buckets; ++i)
        set.buckets[i] = -1;
    set.per_layer = STREAM_NEW(in->arena, int32_t, (size_t)in->network->workload.n_layers);
    MlirAttribute *refs = STREAM_NEW(in->arena, MlirAttribute, (size_t)n);
    for (int32_t k = 0; k < n; ++k)
        refs[k] = emit_kernel(&set, k);
    stream_vec_free(&set.made);
    stream_text_free(&set.text);
    mlirSymbolTableDestroy(set.symbols);
    return refs;
}
