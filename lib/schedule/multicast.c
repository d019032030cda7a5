/* One transfer for several cores: a box that is fetched for one CT and that CTs of other cores will
 * read goes to their memories, too, at the same time and rate (rules R5, R6); see engine.h. */

#include "engine.h"

#include "stream/support/integer.h"

/* Users of a group that are looked at for one transfer. */
#define MOST_USERS 64

/* Some of the box is in the instance, or on its way. */
static bool is_held(const engine *e, int32_t datum, int32_t instance, const stream_box *box) {
    return stream_engine_find_nearby(e, datum, instance, box) > 0;
}

static bool is_listed(const sharer_list *list, int32_t instance) {
    for (int32_t i = 0; i < list->n; ++i)
        if (list->items[i].instance == instance)
            return true;
    return false;
}

void stream_engine_find_sharers(engine *e, const piece *p, sharer_list *out) {
    const model *m = e->m;
    const buffer *b = buffer_at(e, p->buffer);
    const stream_box *box = box_of(e, p->buffer);
    int32_t group = stream_schedule_model_group(m, b->datum, box);
    out->n = 0;
    if (group < 0)
        return;
    const group_users *g = &m->of_group[group];
    int32_t at = e->cursor[group], n_users = g[1].first - g->first, asked = b->instance;
    int32_t last = at + MOST_USERS < n_users ? at + MOST_USERS : n_users;
    for (; at < last && out->n < STREAM_MOST_SHARERS; ++at) {
        const need_user n = e->users[g->first + at];
        const int32_t ct = (int32_t)n.ct;
        if (e->ready.cts[ct].placed || n.accumulates || n.operand != b->operand || ct == e->ct)
            continue;
        int32_t core = e->cores[ct], instance = place_of(m, ct, core, n.operand);
        if (instance == asked) /* users of one memory are often side by side */
            continue;
        asked = instance;
        if (instance == b->instance || instance == m->acc->offchip_instance ||
            is_listed(out, instance) || is_held(e, b->datum, instance, box))
            continue;
        out->items[out->n++] =
            (sharer){.instance = instance,
                     .needed = stream_max_i64(e->core_free[core], e->ready.cts[ct].time)};
    }
}

/* ---- the tree of links */

static const stream_link *link_of(const engine *e, int32_t resource) {
    return &e->m->acc->links[e->m->acc->resources[resource].link];
}

static bool touches(const engine *e, int32_t resource, int32_t core) {
    const stream_link *link = link_of(e, resource);
    for (int32_t k = 0; k < link->n_cores; ++k)
        if (link->cores[k] == core)
            return true;
    return false;
}

static int32_t end_of(const engine *e, int32_t resource, bool far) {
    bool reversed = e->m->acc->resources[resource].reversed != 0;
    return link_of(e, resource)->cores[reversed != far];
}

static bool sees(const engine *e, int32_t core, int32_t instance) {
    for (uint8_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (instance_of(e->m, core, o) == instance)
            return true;
    return e->m->acc->instances[instance].core == core;
}

/* Over the links that the tree has, something comes to a core that sees the instance. */
static bool reaches(const engine *e, const link_tree *tree, int32_t instance) {
    for (int32_t i = 0; i < tree->n; ++i) {
        const stream_link *link = link_of(e, tree->links[i]);
        for (int32_t k = 0; k < link->n_cores; ++k)
            if (sees(e, link->cores[k], instance))
                return true;
    }
    return false;
}

/* The tree has nothing to do with the core: none of its links touch it, and it sees none of its
 * targets, so that no link to these becomes superfluous. */
static bool is_apart(const engine *e, const link_tree *tree, int32_t core) {
    for (int32_t i = 0; i < tree->n; ++i)
        if (touches(e, tree->links[i], core))
            return false;
    for (int32_t i = 0; i < tree->n_targets; ++i)
        if (sees(e, core, tree->targets[i]))
            return false;
    return true;
}

/* Does the route to the instance branch off the tree over point-to-point links that lead to cores
 * apart from it? Then every link is needed, and the sum is a tree again. */
static bool branches_off(const engine *e, const link_tree *tree, const stream_route *route,
                         int32_t common, int32_t instance) {
    if (common < route->n_hops && reaches(e, tree, instance))
        return false;
    for (int32_t i = common; i < route->n_hops; ++i)
        if (link_of(e, route->resources[i])->bus ||
            !is_apart(e, tree, end_of(e, route->resources[i], true)))
            return false;
    return true;
}

/* Links of the route that the tree begins with. */
static int32_t common_links(const link_tree *tree, const stream_route *route) {
    int32_t n = 0;
    while (n < route->n_hops && n < tree->trunk && route->resources[n] == tree->links[n])
        ++n;
    return n;
}

/* Both leave from the same core, so that a branch without a common link begins where the trunk
 * does. */
static bool same_root(const engine *e, const link_tree *tree, const stream_route *route) {
    if (tree->trunk == 0 || route->n_hops == 0)
        return false;
    int32_t a = tree->links[0], b = route->resources[0];
    return a == b || (!link_of(e, a)->bus && !link_of(e, b)->bus &&
                      end_of(e, a, false) == end_of(e, b, false));
}

static bool is_free(const engine *e, int32_t resource, const quote *q) {
    return q->rate <= e->m->acc->resources[resource].bandwidth_bits &&
           (e->m->is_ample[resource] ||
            stream_profile_fits(&e->profiles[resource], q->start, q->duration, q->rate));
}

/* The links that the target adds to the tree, if they and its port are free; false: they are not,
 * or the sum is no tree. */
static bool extend(const engine *e, const quote *q, const link_tree *tree, int32_t instance,
                   uint8_t operand, link_tree *out) {
    int32_t from = buffer_at(e, q->source)->instance;
    const stream_route *route = q->on_chip ? stream_engine_detour(e, from, instance)
                                           : stream_engine_route(e, from, instance);
    if (!route || route->latency_cycles > q->route->latency_cycles || !same_root(e, tree, route))
        return false;
    int32_t common = common_links(tree, route);
    if (!branches_off(e, tree, route, common, instance) ||
        tree->n + route->n_hops - common > STREAM_MOST_TREE_LINKS ||
        !is_free(e, port_of(e->m, instance, operand, true), q))
        return false;
    *out = *tree;
    for (int32_t i = common; i < route->n_hops; ++i) {
        if (!is_free(e, route->resources[i], q))
            return false;
        out->links[out->n++] = route->resources[i];
    }
    out->targets[out->n_targets++] = instance;
    return true;
}

/* ---- memory */

/* A copy that comes early may take what is free now, but leaves half of a memory to others, and all
 * of one that was cleared. */
static bool find_space(engine *e, int32_t instance, int64_t bits, int64_t start,
                       memory_window *out) {
    memory_map *map = &e->maps[instance];
    return !is_cleared(e, instance) && map->live + bits <= map->size / 2 &&
           stream_memory_map_find(map, bits, start, MEMORY_FIT_HIGH, out) &&
           out->free_from <= start;
}

/* The sharer has it no later than by a transfer of its own. */
static bool in_time(const engine *e, const quote *q, const sharer *s, uint8_t operand) {
    quote own;
    return q->end <= s->needed ||
           !stream_engine_quote(e, q->source, s->instance, operand, q->bits, 0, &own) ||
           q->end <= own.end;
}

static void add_sharer(engine *e, const quote *q, const piece *p, const sharer *s,
                       link_tree *tree) {
    const buffer b = *buffer_at(e, p->buffer);
    const stream_box box = *box_of(e, p->buffer);
    link_tree more;
    memory_window window;
    int64_t bits = stream_engine_rounded(e, s->instance, p->bits);
    if (!in_time(e, q, s, b.operand) || !extend(e, q, tree, s->instance, b.operand, &more) ||
        !find_space(e, s->instance, bits, q->start, &window))
        return;
    int32_t id = stream_engine_add_buffer(e, b.datum, s->instance, b.operand, &box, &window);
    stream_engine_book_branch(e, q, id, &more.links[tree->n], more.n - tree->n);
    *tree = more;
}

/* ---- memories without a core */

static void keep_in(engine *e, const quote *q, const piece *p, int32_t instance, link_tree *tree) {
    const buffer b = *buffer_at(e, p->buffer);
    const stream_box box = *box_of(e, p->buffer);
    int64_t bits = stream_engine_rounded(e, instance, p->bits);
    link_tree more;
    memory_window window;
    if (!find_space(e, instance, bits, q->start, &window) || is_held(e, b.datum, instance, &box) ||
        !stream_engine_pays(e, instance, b.instance, b.operand) ||
        !extend(e, q, tree, instance, b.operand, &more))
        return;
    int32_t id = stream_engine_add_buffer(e, b.datum, instance, b.operand, &box, &window);
    stream_engine_book_branch(e, q, id, &more.links[tree->n], more.n - tree->n);
    *tree = more;
}

/* What was evicted while it was needed is fetched from off-chip memory once more, and will be
 * again: memories of no compute core keep it on its way. */
static bool is_kept_near(const engine *e, const quote *q, const piece *p) {
    int32_t tensor = buffer_at(e, p->buffer)->datum - e->m->graph->n_cts;
    return tensor >= 0 && e->comes_again[tensor] &&
           buffer_at(e, q->source)->instance == e->m->acc->offchip_instance;
}

static void keep_near(engine *e, const quote *q, const piece *p, link_tree *tree) {
    const stream_accelerator *acc = e->m->acc;
    uint8_t operand = buffer_at(e, p->buffer)->operand;
    for (int32_t c = 0; c < acc->n_cores && tree->n_targets <= STREAM_MOST_SHARERS; ++c) {
        int32_t instance = instance_of(e->m, c, operand);
        if (acc->cores[c].kind == STREAM_CORE_MEMORY && instance >= 0)
            keep_in(e, q, p, instance, tree);
    }
}

void stream_engine_share(engine *e, const quote *q, const piece *p, const sharer_list *sharers) {
    bool kept = is_kept_near(e, q, p);
    if ((sharers->n == 0 && !kept) || q->route->n_hops > STREAM_MOST_TREE_LINKS)
        return;
    link_tree tree = {.n = q->route->n_hops,
                      .trunk = q->route->n_hops,
                      .targets = {buffer_at(e, p->buffer)->instance},
                      .n_targets = 1};
    for (int32_t i = 0; i < tree.n; ++i)
        tree.links[i] = q->route->resources[i];
    for (int32_t i = 0; i < sharers->n; ++i)
        add_sharer(e, q, p, &sharers->items[i], &tree);
    if (kept)
        keep_near(e, q, p, &tree);
}
