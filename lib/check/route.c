/* R5, the route: the links of a transfer make a path, or a tree, from a core that sees the source
 * to cores that see the targets, each link once and in its direction, none of them useless. The
 * off-chip core starts or ends a route and never lies inside it. */

#include "context.h"

#include <string.h>

typedef struct {
    const check *c;
    const stream_transfer *t;
    int32_t root;
    bool *reached; /* [n_cores] */
    bool *used;    /* [n_resources of the transfer] */
    bool *needed;  /* [n_cores] sees a target, or a needed link leaves from it */
} walk;

static bool sees(const check *c, int32_t core, int32_t instance) {
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (check_top(c, core, o) == instance)
            return true;
    return c->acc->instances[instance].core == core;
}

static const stream_link *link_of(const walk *w, int32_t i, const stream_resource **out) {
    *out = &w->c->acc->resources[w->t->resources[i]];
    return &w->c->acc->links[(*out)->link];
}

/* Calls for the cores that link i can leave from and arrive at. */
static bool leaves_from(const walk *w, int32_t i, int32_t core) {
    const stream_resource *r;
    const stream_link *link = link_of(w, i, &r);
    if (core == w->c->acc->offchip_core && core != w->root)
        return false;
    if (!link->bus)
        return link->cores[r->reversed ? 1 : 0] == core;
    for (int32_t k = 0; k < link->n_cores; ++k)
        if (link->cores[k] == core)
            return true;
    return false;
}

/* Follows link i if it leaves from a reached core. */
static bool follow(walk *w, int32_t i) {
    const stream_resource *r;
    const stream_link *link = link_of(w, i, &r);
    bool starts = false;
    for (int32_t k = 0; k < link->n_cores; ++k)
        starts |= w->reached[link->cores[k]] && leaves_from(w, i, link->cores[k]);
    if (!starts)
        return false;
    if (!link->bus)
        w->reached[link->cores[r->reversed ? 0 : 1]] = true;
    for (int32_t k = 0; link->bus && k < link->n_cores; ++k)
        w->reached[link->cores[k]] = true;
    return true;
}

static bool follow_all(walk *w) {
    int32_t left = w->t->n_resources;
    for (bool progress = true; progress && left > 0;) {
        progress = false;
        for (int32_t i = 0; i < w->t->n_resources; ++i)
            if (!w->used[i] && follow(w, i)) {
                w->used[i] = progress = true;
                --left;
            }
    }
    return left == 0;
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

static bool arrives_needed(const walk *w, int32_t i) {
    const stream_resource *r;
    const stream_link *link = link_of(w, i, &r);
    if (!link->bus)
        return w->needed[link->cores[r->reversed ? 0 : 1]];
    for (int32_t k = 0; k < link->n_cores; ++k)
        if (link->cores[k] != w->root && w->needed[link->cores[k]])
            return true;
    return false;
}

/* Marks from the targets back: a link is of use if it arrives at a needed core. */
static bool all_of_use(walk *w) {
    for (int32_t core = 0; core < w->c->acc->n_cores; ++core)
        for (int32_t k = 0; k < w->t->n_targets; ++k)
            w->needed[core] |= w->reached[core] && sees(w->c, core, w->t->targets[k].instance);
    int32_t left = w->t->n_resources;
    for (bool progress = true; progress && left > 0;) {
        progress = false;
        for (int32_t i = w->t->n_resources; i-- > 0;)
            if (w->used[i] && arrives_needed(w, i)) {
                const stream_resource *r;
                const stream_link *link = link_of(w, i, &r);
                for (int32_t k = 0; k < link->n_cores; ++k)
                    w->needed[link->cores[k]] |= leaves_from(w, i, link->cores[k]);
                w->used[i] = false;
                progress = true;
                --left;
            }
    }
    return left == 0;
}

typedef enum {
    FITS,
    USELESS,
    SHORT,
    BROKEN
} verdict;

static verdict from_root(walk *w) {
    size_t n_cores = (size_t)w->c->acc->n_cores;
    memset(w->reached, 0, n_cores);
    memset(w->needed, 0, n_cores);
    memset(w->used, 0, (size_t)w->t->n_resources);
    w->reached[w->root] = true;
    if (!follow_all(w))
        return BROKEN;
    if (!reaches_targets(w))
        return SHORT;
    return all_of_use(w) ? FITS : USELESS;
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
              .needed = c->core_flags + c->acc->n_cores,
              .used = stream_vec_push_n(&c->link_flags, (size_t)t->n_resources + 1)};
    static const char *const text[] = {
        [USELESS] = "goes over a link that does not lead to a target",
        [SHORT] = "goes over links that do not reach every target",
        [BROKEN] = "goes over links that do not start at its source and follow each other (through "
                   "on-chip cores only)",
    };
    verdict v = best(&w);
    if (v != FITS)
        check_report(c, check_transfer_loc(c, i), "R5", "%s %s", check_transfer_name(c, i).s,
                     text[v]);
}
