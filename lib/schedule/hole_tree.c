/* A treap of holes; see hole_tree.h. */

#include "hole_tree.h"

/* Multiplicative hash: the upper bits are well mixed. */
static uint32_t rank_of(int32_t id) {
    return (uint32_t)id * UINT32_C(2654435769) ^ (uint32_t)id >> 7;
}

static bool smaller(const segment *a, const segment *b) {
    return a->size != b->size ? a->size < b->size : a->address < b->address;
}

static bool sooner(const segment *a, const segment *b) {
    return a->free_from != b->free_from ? a->free_from < b->free_from : a->address < b->address;
}

/* Of two segments or -1 the one that is free first. */
static int32_t first_of(const segment *s, int32_t a, int32_t b) {
    if (a < 0 || b < 0)
        return a < 0 ? b : a;
    return sooner(&s[b], &s[a]) ? b : a;
}

static int32_t soonest_in(const segment *s, int32_t tree) {
    return tree < 0 ? -1 : s[tree].soonest;
}

static void update(segment *s, int32_t at) {
    s[at].soonest =
        first_of(s, first_of(s, soonest_in(s, s[at].left), at), soonest_in(s, s[at].right));
}

/* Cuts a tree into the holes before `id` and those behind it. */
static void split(segment *s, int32_t tree, int32_t id, int32_t *before, int32_t *behind) {
    if (tree < 0) {
        *before = *behind = -1;
        return;
    }
    if (smaller(&s[tree], &s[id])) {
        *before = tree;
        split(s, s[tree].right, id, &s[tree].right, behind);
    } else {
        *behind = tree;
        split(s, s[tree].left, id, before, &s[tree].left);
    }
    update(s, tree);
}

/* All of `a` comes before all of `b`. */
static int32_t join(segment *s, int32_t a, int32_t b) {
    if (a < 0 || b < 0)
        return a < 0 ? b : a;
    if (rank_of(a) > rank_of(b)) {
        s[a].right = join(s, s[a].right, b);
        update(s, a);
        return a;
    }
    s[b].left = join(s, a, s[b].left);
    update(s, b);
    return b;
}

static int32_t insert(segment *s, int32_t tree, int32_t id) {
    if (tree >= 0 && rank_of(tree) >= rank_of(id)) {
        if (smaller(&s[id], &s[tree]))
            s[tree].left = insert(s, s[tree].left, id);
        else
            s[tree].right = insert(s, s[tree].right, id);
        s[tree].soonest = first_of(s, s[tree].soonest, id);
        return tree;
    }
    int32_t left, right;
    split(s, tree, id, &left, &right);
    s[id].left = left;
    s[id].right = right;
    update(s, id);
    return id;
}

static int32_t erase(segment *s, int32_t tree, int32_t id) {
    if (tree == id)
        return join(s, s[id].left, s[id].right);
    if (smaller(&s[id], &s[tree]))
        s[tree].left = erase(s, s[tree].left, id);
    else
        s[tree].right = erase(s, s[tree].right, id);
    if (s[tree].soonest == id)
        update(s, tree);
    return tree;
}

void stream_hole_tree_add(memory_map *map, int32_t id) {
    map->holes = insert(map->segments, map->holes, id);
}

void stream_hole_tree_remove(memory_map *map, int32_t id) {
    map->holes = erase(map->segments, map->holes, id);
}

/* In the order of sizes the first that is free from `want` on, of those of at least `bits`. */
static int32_t fit(const segment *s, int32_t tree, int64_t bits, int64_t want) {
    while (tree >= 0 && s[s[tree].soonest].free_from <= want) {
        if (s[tree].size >= bits) {
            int32_t found = fit(s, s[tree].left, bits, want);
            if (found >= 0 || s[tree].free_from <= want)
                return found >= 0 ? found : tree;
        }
        tree = s[tree].right;
    }
    return -1;
}

int32_t stream_hole_tree_fit(const memory_map *map, int64_t bits, int64_t want) {
    return fit(map->segments, map->holes, bits, want);
}

int32_t stream_hole_tree_soonest(const memory_map *map, int64_t bits) {
    const segment *s = map->segments;
    int32_t best = -1;
    for (int32_t tree = map->holes; tree >= 0;) {
        if (s[tree].size < bits) {
            tree = s[tree].right;
            continue;
        }
        best = first_of(s, best, first_of(s, tree, soonest_in(s, s[tree].right)));
        tree = s[tree].left;
    }
    return best;
}
