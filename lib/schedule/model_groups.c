/* Needs of equal boxes as groups; see model.h and model_search.c for their order. */

#include "model_needs.h"

#include "stream/support/integer.h"

#include <stdlib.h>

/* A need of one datum while these are grouped. */
typedef struct {
    int32_t id;
    stream_box box;
} placed_need;

/* The same while they are sorted. */
typedef struct {
    int64_t key; /* stream_schedule_group_key */
    const placed_need *need;
} sort_entry;

static int in_order(const void *a, const void *b) {
    const sort_entry *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    int order = stream_schedule_compare_boxes(&x->need->box, &y->need->box);
    return order ? order : (x->need->id > y->need->id) - (x->need->id < y->need->id);
}

#define FEW_ENTRIES 16 /* are sorted by insertion */

/* Those of a datum that is read in the order of its addresses are in order already. */
static void sort(sort_entry *entries, int32_t n) {
    int32_t sorted = 1;
    while (sorted < n && in_order(&entries[sorted - 1], &entries[sorted]) < 0)
        ++sorted;
    if (sorted < n && n > FEW_ENTRIES) {
        qsort(entries, (size_t)n, sizeof *entries, in_order);
        return;
    }
    for (int32_t i = sorted; i < n; ++i) {
        sort_entry entry = entries[i];
        int32_t k = i;
        for (; k > 0 && in_order(&entry, &entries[k - 1]) < 0; --k)
            entries[k] = entries[k - 1];
        entries[k] = entry;
    }
}

/* How far boxes are spread along an axis, in units of the longest. */
static int64_t spread_of(const placed_need *placed, int32_t n, int32_t axis, int32_t *longest) {
    int32_t least = INT32_MAX, most = 0;
    *longest = 1;
    for (int32_t i = 0; i < n; ++i) {
        int32_t lo = placed[i].box.lo[axis], size = placed[i].box.size[axis];
        least = lo < least ? lo : least;
        most = lo > most ? lo : most;
        *longest = size > *longest ? size : *longest;
    }
    return (most - least) / *longest;
}

/* The two axes along which boxes are most spread. Where they are few it does not matter. */
static datum_axes choose_axes(const placed_need *placed, int32_t n) {
    datum_axes axes = {.axis = {0, 0}, .size = {INT32_MAX, INT32_MAX}, .first_key = -1};
    int64_t best[2] = {-1, 0};
    for (int32_t d = 0; n > STREAM_FEW_GROUPS && d < placed[0].box.rank; ++d) {
        int32_t longest;
        int64_t spread = spread_of(placed, n, d, &longest);
        int32_t k = spread > best[0] ? 0 : spread > best[1] ? 1 : 2;
        if (k == 0) {
            best[1] = stream_max_i64(best[0], 0);
            axes.axis[1] = axes.axis[0];
            axes.size[1] = best[1] > 0 ? axes.size[0] : INT32_MAX;
        }
        if (k < 2) {
            best[k] = spread;
            axes.axis[k] = (int8_t)d;
            axes.size[k] = longest;
        }
    }
    return axes;
}

typedef struct {
    model *m;
    need *needs;
    const int32_t *cts; /* of the needs */
    int32_t *group_of;  /* as in need_lists, and then the groups */
    need_user *users;
    need_group *groups;    /* [n_needs]; memory behind the last one is never touched */
    group_users *of_group; /* [n_needs + 1]; likewise */
    int32_t n_groups, n_users;
    placed_need *placed; /* [most needs of a datum] */
    sort_entry *entries; /* the same */
} grouper;

/* What the need is of its datum: what both the writer's box and the read have. */
static stream_box box_of(const grouper *x, int32_t id) {
    const stream_ct_graph *g = x->m->graph;
    const need *n = &x->needs[id];
    if (n->accumulates) /* the two boxes are equal */
        return g->cts[n->datum].box;
    stream_box box = g->reads[x->group_of[id]].box;
    if ((int32_t)n->datum < g->n_cts)
        (void)stream_box_intersect(&g->cts[n->datum].box, &g->reads[x->group_of[id]].box, &box);
    return box;
}

/* One more need of the last group, or of a new one. */
static void add_to_group(grouper *x, const placed_need *placed, int32_t datum, bool first) {
    need_group *last = x->n_groups > 0 ? &x->groups[x->n_groups - 1] : NULL;
    if (first || !stream_box_equal(&last->box, &placed->box)) {
        last = &x->groups[x->n_groups++];
        *last = (need_group){.datum = datum, .box = placed->box};
        x->of_group[x->n_groups - 1].first = x->n_users;
    }
    x->group_of[placed->id] = x->n_groups - 1;
    x->users[x->n_users++] = stream_schedule_user(&x->needs[placed->id], x->cts[placed->id]);
}

/* They are all of one box, as reads of weights are: one group, in their order. */
static bool group_as_one(grouper *x, int32_t datum, const int32_t *needs, int32_t n) {
    if (n == 0)
        return true;
    placed_need placed = {needs[0], box_of(x, needs[0])};
    for (int32_t i = 1; i < n; ++i) {
        stream_box box = box_of(x, needs[i]);
        if (!stream_box_equal(&box, &placed.box))
            return false;
    }
    for (int32_t i = 0; i < n; ++i) {
        placed.id = needs[i];
        add_to_group(x, &placed, datum, i == 0);
    }
    return true;
}

static void group_datum(grouper *x, int32_t datum, const int32_t *needs, int32_t n,
                        datum_axes *axes) {
    if (group_as_one(x, datum, needs, n)) {
        *axes = choose_axes(NULL, 0);
        return;
    }
    for (int32_t i = 0; i < n; ++i)
        x->placed[i] = (placed_need){needs[i], box_of(x, needs[i])};
    *axes = choose_axes(x->placed, n);
    for (int32_t i = 0; i < n; ++i)
        x->entries[i] =
            (sort_entry){stream_schedule_group_key(axes, &x->placed[i].box), &x->placed[i]};
    sort(x->entries, n);
    for (int32_t i = 0; i < n; ++i)
        add_to_group(x, x->entries[i].need, datum, i == 0);
}

/* Groups of more users than this have counters per instance. */
#define MANY_USERS 16

static bool is_counted(const grouper *x, int32_t group) {
    return x->of_group[group + 1].first - x->of_group[group].first > MANY_USERS;
}

/* needs: all of the last datum */
static void mark_counted(grouper *x, const int32_t *needs, int32_t n) {
    x->of_group[x->n_groups].first = x->n_users;
    for (int32_t i = 0; n > MANY_USERS && i < n; ++i) {
        need *it = &x->needs[needs[i]];
        it->counted = is_counted(x, x->group_of[needs[i]]);
    }
}

static void number_counters(grouper *x, stream_arena *arena) {
    for (int32_t g = 0; g < x->n_groups; ++g)
        x->of_group[g].counter = is_counted(x, g) ? x->m->n_counters++ : -1;
    int32_t *groups = STREAM_NEW(arena, int32_t, (size_t)x->m->n_counters);
    for (int32_t g = 0; g < x->n_groups; ++g)
        if (x->of_group[g].counter >= 0)
            groups[x->of_group[g].counter] = g;
    x->m->counter_group = groups;
}

/* Are the boxes the same along all axes but these? */
static bool is_plane(const datum_axes *axes, const need_group *groups, int32_t n) {
    const stream_box *one = &groups[0].box;
    for (int32_t i = 1; i < n; ++i)
        for (int32_t d = 0; d < one->rank; ++d)
            if (d != axes->axis[0] && d != axes->axis[1] &&
                (groups[i].box.lo[d] != one->lo[d] || groups[i].box.size[d] != one->size[d]))
                return false;
    return true;
}

/* The longest group goes over no more cells along one axis. */
#define MOST_PASSED 8

/* The mean way from one of n places to the next, if the longest does not pass too many. */
static int32_t cell_side(int64_t first, int64_t last, int32_t n, int32_t longest) {
    int64_t gaps = stream_max_i64(n - 1, 1), least = (longest - 1) / MOST_PASSED + 1;
    return (int32_t)stream_max_i64((last - first + gaps / 2) / gaps, least);
}

/* Along the first axis from run to run (see model_search.c), along the second in the longest run.
 */
static void choose_cells(datum_axes *axes, const need_group *groups, int32_t n) {
    const int8_t *axis = axes->axis;
    int32_t n_runs = 0, n_most = 0, n_places = 0;
    for (int32_t i = 0, first = 0; i < n; ++i) {
        const int32_t *lo = groups[i].box.lo, *before = groups[i > 0 ? i - 1 : 0].box.lo;
        bool begins = i == 0 || lo[axis[0]] != before[axis[0]];
        first = begins ? i : first;
        n_runs += begins;
        n_places = begins ? 1 : n_places + (lo[axis[1]] != before[axis[1]]);
        if (n_places > n_most) {
            n_most = n_places;
            axes->cell[1] =
                cell_side(groups[first].box.lo[axis[1]], lo[axis[1]], n_places, axes->size[1]);
        }
    }
    axes->last = groups[n - 1].box.lo[axis[0]];
    axes->row = n / n_runs;
    axes->cell[0] = cell_side(groups[0].box.lo[axis[0]], axes->last, n_runs, axes->size[0]);
}

/* Of data with so many groups that they are searched. */
static void add_keys(model *m, const int32_t *first, datum_axes *axes, stream_arena *arena) {
    int32_t n = 0;
    for (int32_t d = 0; d < m->n_data; ++d)
        if (first[d + 1] - first[d] > STREAM_FEW_GROUPS) {
            axes[d].first_key = n;
            n += first[d + 1] - first[d];
        }
    int64_t *keys = STREAM_NEW(arena, int64_t, (size_t)n);
    group_ends *ends = STREAM_NEW(arena, group_ends, (size_t)n);
    for (int32_t d = 0; d < m->n_data; ++d) {
        if (axes[d].first_key < 0)
            continue;
        axes[d].is_plane = is_plane(&axes[d], &m->groups[first[d]], first[d + 1] - first[d]);
        choose_cells(&axes[d], &m->groups[first[d]], first[d + 1] - first[d]);
        for (int32_t g = first[d], k = axes[d].first_key; g < first[d + 1]; ++g, ++k) {
            keys[k] = stream_schedule_group_key(&axes[d], &m->groups[g].box);
            ends[k] = stream_schedule_group_ends(&axes[d], &m->groups[g].box);
        }
    }
    m->group_keys = keys;
    m->ends = ends;
}

static int32_t most_of(const int32_t *counts, int32_t n) {
    int32_t most = 0;
    for (int32_t i = 0; i < n; ++i)
        most = counts[i] > most ? counts[i] : most;
    return most;
}

void stream_schedule_model_groups(model *m, const need_lists *lists, stream_arena *arena) {
    stream_arena *scratch = stream_arena_create();
    size_t most = (size_t)most_of(lists->uses, m->n_data);
    grouper x = {.m = m,
                 .needs = lists->needs,
                 .group_of = lists->read_of,
                 .cts = lists->cts,
                 .users = STREAM_NEW(arena, need_user, (size_t)m->n_needs),
                 .groups = STREAM_NEW(arena, need_group, (size_t)m->n_needs),
                 .of_group = STREAM_NEW(arena, group_users, (size_t)m->n_needs + 1),
                 .placed = STREAM_NEW(scratch, placed_need, most),
                 .entries = STREAM_NEW(scratch, sort_entry, most)};
    int32_t *first = STREAM_NEW(arena, int32_t, (size_t)m->n_data + 1);
    datum_axes *axes = STREAM_NEW(arena, datum_axes, (size_t)m->n_data);
    for (int32_t d = 0; d < m->n_data; ++d) {
        first[d] = x.n_groups;
        group_datum(&x, d, &lists->slots[lists->first[d]], lists->uses[d], &axes[d]);
        mark_counted(&x, &lists->slots[lists->first[d]], lists->uses[d]);
    }
    first[m->n_data] = x.n_groups;
    number_counters(&x, arena);
    m->group_first = first;
    m->axes = axes;
    m->users = x.users;
    m->groups = x.groups;
    m->of_group = x.of_group;
    m->n_groups = x.n_groups;
    add_keys(m, first, axes, arena);
    stream_arena_destroy(scratch);
}
