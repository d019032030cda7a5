/* In which memories CTs read what a CT wrote: what is sent elsewhere on chip is put aside. */

#include "context.h"

typedef struct {
    int32_t writer, instance;
    stream_box box;
} use;

void check_aside_build(check *c) {
    c->sent_on_chip = STREAM_NEW(c->arena, bool, (size_t)c->graph->n_cts);
    for (int32_t i = 0; i < c->schedule->n_transfers; ++i) {
        const stream_transfer *t = &c->schedule->transfers[i];
        if (t->writer >= 0 && t->source != c->acc->offchip_instance)
            c->sent_on_chip[t->writer] = true;
    }
    c->uses = STREAM_VEC(use);
}

void check_aside_note(check *c, int32_t writer, int32_t instance, const stream_box *box) {
    if (writer >= 0 && c->sent_on_chip[writer])
        *(use *)stream_vec_push(&c->uses) = (use){writer, instance, *box};
}

/* Uses of one writer, at most so many, are looked at one by one. */
#define FEW_USES 16

/* Of what one CT wrote: the instance, then the box. */
static void use_range(const stream_box *box, int32_t instance, int64_t *range) {
    *range++ = instance;
    *range++ = (int64_t)instance + 1;
    (void)stream_range_of_box(box, range);
}

static void build_tree(check *c, const use *uses, int32_t n, stream_range_tree *out) {
    int32_t dims = uses->box.rank + 1;
    size_t size = 2 * (size_t)dims;
    stream_arena *scratch = stream_arena_create();
    int64_t *ranges = STREAM_NEW(scratch, int64_t, size * (size_t)n);
    for (int32_t i = 0; i < n; ++i)
        use_range(&uses[i].box, uses[i].instance, ranges + size * (size_t)i);
    stream_range_tree_build(dims, ranges, n, c->arena, out);
    stream_arena_destroy(scratch);
}

static void index_by_writer(check *c) {
    int32_t n_cts = c->graph->n_cts, n_trees = 0;
    size_t *first = STREAM_NEW(c->arena, size_t, (size_t)n_cts + 1), end = 0;
    int32_t *tree_of = STREAM_NEW(c->arena, int32_t, (size_t)n_cts);
    use *sorted = STREAM_NEW(c->arena, use, c->uses.n);
    for (size_t i = 0; i < c->uses.n; ++i)
        ++first[STREAM_AT(use, c->uses, i).writer];
    for (int32_t w = 0; w < n_cts; ++w) {
        tree_of[w] = first[w] > FEW_USES ? n_trees++ : -1;
        first[w] = end += first[w];
    }
    first[n_cts] = end;
    for (size_t i = c->uses.n; i-- > 0;) /* from behind: `first` ends where lists begin */
        sorted[--first[STREAM_AT(use, c->uses, i).writer]] = STREAM_AT(use, c->uses, i);
    stream_range_tree *trees = STREAM_NEW(c->arena, stream_range_tree, (size_t)n_trees);
    for (int32_t w = 0; w < n_cts; ++w)
        if (tree_of[w] >= 0)
            build_tree(c, &sorted[first[w]], (int32_t)(first[w + 1] - first[w]),
                       &trees[tree_of[w]]);
    c->use_first = first;
    c->used = sorted;
    c->use_tree_of = tree_of;
    c->use_trees = trees;
}

void check_aside_finish(check *c) {
    for (int32_t i = 0; i < c->graph->n_cts; ++i) {
        const stream_ct *ct = &c->graph->cts[i];
        int32_t o = check_place(c, i, c->schedule->slots[i].core, STREAM_O);
        check_aside_note(c, i, o, &ct->box);
        if (ct->accumulates)
            check_aside_note(c, c->previous[i], o, &ct->box);
    }
    index_by_writer(c);
}

static bool stop(void *user, int32_t index) {
    (void)index;
    *(bool *)user = true;
    return false;
}

static bool used_by_tree(const stream_range_tree *tree, const stream_box *box, int32_t instance) {
    int64_t query[2 * STREAM_RANGE_DIMS];
    bool found = false;
    use_range(box, instance, query);
    stream_range_tree_find(tree, query, stop, &found);
    return found;
}

bool check_is_aside(const check *c, const stream_transfer *t, int32_t instance) {
    if (c->graph->cts[t->writer].tensor != t->tensor) /* which is reported */
        return true;
    if (c->use_tree_of[t->writer] >= 0)
        return !used_by_tree(&c->use_trees[c->use_tree_of[t->writer]], &t->box, instance);
    const use *uses = c->used;
    for (size_t i = c->use_first[t->writer]; i < c->use_first[t->writer + 1]; ++i)
        if (uses[i].instance == instance && stream_box_overlaps(&uses[i].box, &t->box))
            return false;
    return true;
}
