/* Bits in use over time; see v0_curve.h. */

#include "v0_curve.h"

#include <string.h>

enum {
    MAX_LEVELS = 16
};

#define LEAF(curve, id)  (&STREAM_AT(v0_curve_leaf, (curve)->pool->leaves, id))
#define INNER(curve, id) (&STREAM_AT(v0_curve_inner, (curve)->pool->inners, id))

/* The way from the root to a leaf: inner nodes and the entries taken there. */
typedef struct {
    int32_t node[MAX_LEVELS], entry[MAX_LEVELS];
    int32_t leaf;
} curve_path;

void stream_v0_curve_pool_open(v0_curve_pool *pool) {
    pool->leaves = STREAM_VEC(v0_curve_leaf);
    pool->inners = STREAM_VEC(v0_curve_inner);
}

void stream_v0_curve_pool_close(v0_curve_pool *pool) {
    stream_vec_free(&pool->leaves);
    stream_vec_free(&pool->inners);
}

static int32_t new_node(stream_vec *nodes) {
    stream_vec_push(nodes);
    return (int32_t)nodes->n - 1;
}

void stream_v0_curve_open(v0_curve *c, v0_curve_pool *pool) {
    *c = (v0_curve){.pool = pool, .root = new_node(&pool->leaves), .n_steps = 1};
    LEAF(c, c->root)->n = 1; /* time 0, delta 0 */
}

static int64_t summarise_leaf(const v0_curve_leaf *leaf, int64_t *out_peak) {
    int64_t sum = leaf->sum[0], peak = sum;
    for (int32_t i = 1; i < leaf->n; ++i) {
        sum += leaf->sum[i];
        peak = sum > peak ? sum : peak;
    }
    *out_peak = peak;
    return sum;
}

static int64_t summarise_inner(const v0_curve_inner *inner, int64_t *out_peak) {
    int64_t sum = inner->entries.sum[0], peak = inner->peak[0];
    for (int32_t i = 1; i < inner->entries.n; ++i) {
        int64_t top = sum + inner->peak[i];
        peak = top > peak ? top : peak;
        sum += inner->entries.sum[i];
    }
    *out_peak = peak;
    return sum;
}

/* The last entry that begins at or before `time`; the first entry of the curve is at 0. */
static int32_t entry_at(const v0_curve_leaf *entries, double time) {
    int32_t i = entries->n - 1;
    while (i > 0 && entries->time[i] > time)
        --i;
    return i;
}

/* Makes room for entry i and counts it. */
static void open_entry(v0_curve_leaf *entries, int32_t i) {
    size_t after = (size_t)(entries->n - i);
    memmove(&entries->time[i + 1], &entries->time[i], after * sizeof *entries->time);
    memmove(&entries->sum[i + 1], &entries->sum[i], after * sizeof *entries->sum);
    ++entries->n;
}

static void open_child(v0_curve_inner *inner, int32_t i) {
    size_t after = (size_t)(inner->entries.n - i);
    memmove(&inner->peak[i + 1], &inner->peak[i], after * sizeof *inner->peak);
    memmove(&inner->child[i + 1], &inner->child[i], after * sizeof *inner->child);
    open_entry(&inner->entries, i);
}

/* Moves the entries from `keep` on. */
static void split_entries(v0_curve_leaf *from, int32_t keep, v0_curve_leaf *to) {
    size_t n = (size_t)(from->n - keep);
    memcpy(to->time, &from->time[keep], n * sizeof *to->time);
    memcpy(to->sum, &from->sum[keep], n * sizeof *to->sum);
    to->n = (int32_t)n;
    from->n = keep;
}

/* How many entries a full node keeps: an append leaves full nodes behind. */
static int32_t kept(const v0_curve_leaf *entries, double time) {
    return time > entries->time[V0_CURVE_FANOUT - 1] ? V0_CURVE_FANOUT - 1 : V0_CURVE_FANOUT / 2;
}

static int32_t split_leaf(v0_curve *c, int32_t id, double time) {
    int32_t right = new_node(&c->pool->leaves);
    v0_curve_leaf *from = LEAF(c, id);
    split_entries(from, kept(from, time), LEAF(c, right));
    return right;
}

static int32_t split_inner(v0_curve *c, int32_t id, double time) {
    int32_t right = new_node(&c->pool->inners);
    v0_curve_inner *from = INNER(c, id), *to = INNER(c, right);
    int32_t keep = kept(&from->entries, time);
    size_t n = (size_t)(from->entries.n - keep);
    memcpy(to->peak, &from->peak[keep], n * sizeof *to->peak);
    memcpy(to->child, &from->child[keep], n * sizeof *to->child);
    split_entries(&from->entries, keep, &to->entries);
    return right;
}

/* Sum and peak of an entry, from what its child holds now. */
static void refresh(v0_curve *c, int32_t node, int32_t entry, bool leaves) {
    v0_curve_inner *inner = INNER(c, node);
    int32_t child = inner->child[entry];
    inner->entries.sum[entry] = leaves ? summarise_leaf(LEAF(c, child), &inner->peak[entry])
                                       : summarise_inner(INNER(c, child), &inner->peak[entry]);
}

static void set_child(v0_curve *c, int32_t node, int32_t entry, int32_t child, bool leaves) {
    v0_curve_inner *inner = INNER(c, node);
    inner->child[entry] = child;
    inner->entries.time[entry] =
        leaves ? LEAF(c, child)->time[0] : INNER(c, child)->entries.time[0];
    refresh(c, node, entry, leaves);
}

static bool full(const v0_curve *c, int32_t id, bool leaf) {
    return (leaf ? LEAF(c, id)->n : INNER(c, id)->entries.n) == V0_CURVE_FANOUT;
}

/* Splits the full child of an entry; the parent has room. */
static void split_child(v0_curve *c, int32_t node, int32_t entry, bool leaves, double time) {
    int32_t child = INNER(c, node)->child[entry];
    int32_t right = leaves ? split_leaf(c, child, time) : split_inner(c, child, time);
    open_child(INNER(c, node), entry + 1);
    set_child(c, node, entry, child, leaves);
    set_child(c, node, entry + 1, right, leaves);
}

static void grow_root(v0_curve *c) {
    int32_t old = c->root;
    c->root = new_node(&c->pool->inners);
    INNER(c, c->root)->entries.n = 1;
    set_child(c, c->root, 0, old, c->inner_levels == 0);
    ++c->inner_levels;
}

/* The way to the leaf of `time`; no node on it is full. */
static void descend(v0_curve *c, double time, curve_path *path) {
    if (full(c, c->root, c->inner_levels == 0))
        grow_root(c);
    int32_t id = c->root;
    for (int32_t level = 0; level < c->inner_levels; ++level) {
        bool leaves = level + 1 == c->inner_levels;
        int32_t entry = entry_at(&INNER(c, id)->entries, time);
        if (full(c, INNER(c, id)->child[entry], leaves)) {
            split_child(c, id, entry, leaves, time);
            entry = entry_at(&INNER(c, id)->entries, time);
        }
        path->node[level] = id;
        path->entry[level] = entry;
        id = INNER(c, id)->child[entry];
    }
    path->leaf = id;
}

/* Sums and peaks above a leaf of which the last step of the curve has changed, where no sum that
 * was the peak can have become smaller. */
static void refresh_end(v0_curve *c, const curve_path *path, int64_t delta) {
    for (int32_t level = c->inner_levels - 1; level >= 0; --level) {
        v0_curve_inner *inner = INNER(c, path->node[level]);
        int32_t entry = path->entry[level];
        int64_t sum = inner->entries.sum[entry] += delta;
        inner->peak[entry] = sum > inner->peak[entry] ? sum : inner->peak[entry];
    }
}

void stream_v0_curve_add(v0_curve *c, double time, int64_t delta) {
    curve_path path;
    descend(c, time, &path);
    v0_curve_leaf *leaf = LEAF(c, path.leaf);
    int32_t i = entry_at(leaf, time);
    bool grows = leaf->time[i] != time || delta >= 0, at_end = time >= c->last;
    if (leaf->time[i] != time) {
        open_entry(leaf, ++i);
        leaf->time[i] = time;
        leaf->sum[i] = 0;
        ++c->n_steps;
    }
    leaf->sum[i] += delta;
    c->total += delta;
    c->last = time > c->last ? time : c->last;
    if (grows && at_end) {
        refresh_end(c, &path, delta);
        return;
    }
    for (int32_t level = c->inner_levels - 1; level >= 0; --level)
        refresh(c, path.node[level], path.entry[level], level + 1 == c->inner_levels);
}

/* What lies behind the entries that were looked at, from the end of the curve backwards. */
typedef struct {
    int64_t bits; /* in use before it */
    double time;  /* of its first step */
    bool none;    /* it is the end */
} curve_rest;

/* The last of the entries that exceeds the limit somewhere; peak: highest sums within the entries.
 * -1: none does. */
static int32_t exceeding(const v0_curve_leaf *entries, const int64_t *peak, int64_t limit,
                         curve_rest *rest) {
    int32_t i = entries->n - 1;
    for (; i >= 0; --i) {
        int64_t before = rest->bits - entries->sum[i];
        if (before + peak[i] > limit)
            break;
        *rest = (curve_rest){before, entries->time[i], false};
    }
    return i;
}

bool stream_v0_curve_room(const v0_curve *c, int64_t limit, double *out_time) {
    curve_rest rest = {c->total, 0, true};
    int32_t id = c->root;
    *out_time = 0;
    for (int32_t level = 0; level < c->inner_levels; ++level) {
        const v0_curve_inner *inner = INNER(c, id);
        int32_t entry = exceeding(&inner->entries, inner->peak, limit, &rest);
        if (entry < 0) /* only at the root: no step uses more */
            return true;
        id = inner->child[entry];
    }
    const v0_curve_leaf *leaf = LEAF(c, id);
    if (exceeding(leaf, leaf->sum, limit, &rest) < 0)
        return true;
    *out_time = rest.time;
    return !rest.none;
}

static stream_coala_v0_step *write_steps(const v0_curve *c, int32_t id, int32_t level,
                                         int64_t *bits, stream_coala_v0_step *out) {
    if (level < c->inner_levels) {
        const v0_curve_inner *inner = INNER(c, id);
        for (int32_t i = 0; i < inner->entries.n; ++i)
            out = write_steps(c, inner->child[i], level + 1, bits, out);
        return out;
    }
    const v0_curve_leaf *leaf = LEAF(c, id);
    for (int32_t i = 0; i < leaf->n; ++i) {
        *bits += leaf->sum[i];
        *out++ = (stream_coala_v0_step){leaf->time[i], *bits};
    }
    return out;
}

void stream_v0_curve_steps(const v0_curve *c, stream_coala_v0_step *out) {
    int64_t bits = 0;
    write_steps(c, c->root, 0, &bits, out);
}
