/* R5, the route: the links of a transfer lead from a core that sees the source to cores that see
 * every target, each link once and in its direction, and none of them can be left out: so they are
 * a path or a tree. The off-chip core starts or ends a route and never lies inside it. */

#include "context.h"

#include <string.h>

typedef struct {
    const check *c;
    const stream_transfer *t;
    int32_t root;
    bool *reached; /* [n_cores] */
    bool *used;    /* [n_resources of the transfer] */
} walk;

static bool sees(const check *c, int32_t core, int32_t instance) {
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (check_top(c, core, o) == instance)
            return true;
    return c->acc->instances[instance].core == core;
}

/* Something that has come to `core` may leave over a link. */
static bool may_leave(const walk *w, int32_t core) {
    return w->reached[core] && (core != w->c->acc->offchip_core || core == w->root);
}

/* Follows link i of the route if it leaves from a core that is reached. */
static bool follow(walk *w, int32_t i) {
    const stream_resource *r = &w->c->acc->resources[w->t->resources[i]];
    const stream_link *link = &w->c->acc->links[r->link];
    if (!link->bus) {
        if (!may_leave(w, link->cores[r->reversed ? 1 : 0]))
            return false;
        w->reached[link->cores[r->reversed ? 0 : 1]] = true;
        return true;
    }
    bool leaves = false;
    for (int32_t k = 0; k < link->n_cores; ++k)
        leaves |= may_leave(w, link->cores[k]);
    for (int32_t k = 0; leaves && k < link->n_cores; ++k)
        w->reached[link->cores[k]] = true;
    return leaves;
}

static bool reaches_targets(const walk *w) {
    for (int32_t k = 0; k < w->t->n_targets; ++k) {
        bool reached = false;
        for (int32_t core = 0; core < w->c->acc->n_cores && !reached; ++core)
            reached = w->reached[core] && sees(w->c, core, w->t->targets[k].instance);
        if (!reached)
            return false;
    }
    return true;
}

/* True if the links but number `without` (-1: all) lead to every target. */
static bool leads(walk *w, int32_t without) {
    memset(w->reached, 0, (size_t)w->c->acc->n_cores);
    memset(w->used, 0, (size_t)w->t->n_resources);
    w->reached[w->root] = true;
    for (bool progress = true; progress;) {
        progress = false;
        for (int32_t i = 0; i < w->t->n_resources; ++i)
            if (i != without && !w->used[i] && follow(w, i))
                w->used[i] = progress = true;
    }
    return reaches_targets(w);
}

typedef enum {
    FITS,
    USELESS,
    BROKEN
} verdict;

static verdict from_root(walk *w) {
    if (!leads(w, -1))
        return BROKEN;
    for (int32_t i = 0; i < w->t->n_resources; ++i)
        if (leads(w, i))
            return USELESS;
    return FITS;
}

/* Over all cores that see the source: the best verdict. */
static verdict best(walk *w) {
    verdict least = BROKEN;
    for (int32_t core = 0; core < w->c->acc->n_cores && least != FITS; ++core)
        if (sees(w->c, core, w->t->source)) {
            w->root = core;
            verdict v = from_root(w);
            least = v < least ? v : least;
        }
    return least;
}

static bool links_once(check *c, int32_t i, bool *seen) {
    const stream_transfer *t = &c->schedule->transfers[i];
    int32_t twice = -1;
    for (int32_t k = 0; k < t->n_resources; ++k) {
        if (seen[t->resources[k]])
            twice = t->resources[k];
        seen[t->resources[k]] = true;
    }
    for (int32_t k = 0; k < t->n_resources; ++k)
        seen[t->resources[k]] = false;
    if (twice >= 0)
        check_report(c, check_transfer_loc(c, i), "R5", "%s goes over %s twice",
                     check_transfer_name(c, i).s, check_resource_name(c, twice).s);
    return twice < 0;
}

void check_route(check *c, int32_t i) {
    const stream_transfer *t = &c->schedule->transfers[i];
    if (!links_once(c, i, c->resource_flags))
        return;
    c->link_flags.n = 0;
    walk w = {.c = c,
              .t = t,
              .reached = c->core_flags,
              .used = stream_vec_push_n(&c->link_flags, (size_t)t->n_resources + 1)};
    static const char *const text[] = {
        [USELESS] = "goes over a link that its route does not need",
        [BROKEN] = "goes over links that do not lead from its source to every target (in their "
                   "direction, and not through the off-chip core)",
    };
    verdict v = best(&w);
    if (v != FITS)
        check_report(c, check_transfer_loc(c, i), "R5", "%s %s", check_transfer_name(c, i).s,
                     text[v]);
}
