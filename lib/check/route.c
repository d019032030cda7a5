/* R5 and R9, the route: the links of a transfer (or of a stream: as a transfer between off-chip
 * memory and the core's) lead from a core that sees the source to cores that see
 * every target, each link once and in its direction, and none of them can be left out: so they are
 * a path or a tree. The off-chip core starts or ends a route and never lies inside it. */

#include "context.h"

#include "stream/support/integer.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    const check *c;
    const stream_transfer *t;
    int32_t root;
    bool *reached;   /* [n_cores] */
    int64_t *delays; /* [n_cores] latency of the links on the way there */
    int64_t longest; /* of all */
    int64_t latency; /* the longest with all links */
    bool *used;      /* [n_resources of the transfer] */
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

static void reach(walk *w, int32_t core, int64_t delay, int64_t hop) {
    if (w->reached[core])
        return;
    if (!stream_add_i64(delay, hop, &delay))
        delay = INT64_MAX;
    w->reached[core] = true;
    w->delays[core] = delay;
    w->longest = stream_max_i64(w->longest, delay);
}

/* Follows link i of the route if it leaves from a core that is reached. */
static bool follow(walk *w, int32_t i) {
    const stream_resource *r = &w->c->acc->resources[w->t->resources[i]];
    const stream_link *link = &w->c->acc->links[r->link];
    if (!link->bus) {
        int32_t from = link->cores[r->reversed ? 1 : 0];
        if (!may_leave(w, from))
            return false;
        reach(w, link->cores[r->reversed ? 0 : 1], w->delays[from], link->latency_cycles);
        return true;
    }
    bool leaves = false;
    int64_t soonest = INT64_MAX;
    for (int32_t k = 0; k < link->n_cores; ++k)
        if (may_leave(w, link->cores[k])) {
            leaves = true;
            soonest = stream_min_i64(soonest, w->delays[link->cores[k]]);
        }
    for (int32_t k = 0; leaves && k < link->n_cores; ++k)
        reach(w, link->cores[k], soonest, link->latency_cycles);
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
    w->longest = 0;
    w->reached[w->root] = true;
    w->delays[w->root] = 0;
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
    w->latency = w->longest;
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

/* The resource that the route has twice, or -1. */
static int32_t twice(const stream_transfer *t, bool *seen) {
    int32_t found = -1;
    for (int32_t k = 0; k < t->n_resources; ++k) {
        if (seen[t->resources[k]])
            found = t->resources[k];
        seen[t->resources[k]] = true;
    }
    for (int32_t k = 0; k < t->n_resources; ++k)
        seen[t->resources[k]] = false;
    return found;
}

static int64_t route(check *c, const stream_transfer *t, stream_loc loc, const char *rule,
                     const char *name) {
    int32_t again = twice(t, c->resource_flags);
    if (again >= 0) {
        check_report(c, loc, rule, "%s goes over %s twice", name, check_resource_name(c, again).s);
        return -1;
    }
    c->link_flags.n = 0;
    walk w = {.c = c,
              .t = t,
              .reached = c->core_flags,
              .delays = c->core_delays,
              .used = stream_vec_push_n(&c->link_flags, (size_t)t->n_resources + 1)};
    static const char *const text[] = {
        [USELESS] = "goes over a link that its route does not need",
        [BROKEN] = "goes over links that do not lead from its source to every target (in their "
                   "direction, and not through the off-chip core)",
    };
    verdict v = best(&w);
    if (v != FITS)
        check_report(c, loc, rule, "%s %s", name, text[v]);
    return v == FITS ? w.latency : -1;
}

int64_t check_route(check *c, int32_t i) {
    return route(c, &c->schedule->transfers[i], check_transfer_loc(c, i), "R5",
                 check_transfer_name(c, i).s);
}

void check_stream_route(check *c, const stream_ct_stream *s, bool write) {
    const stream_flow *flow = write ? &s->write : &s->read;
    int32_t offchip = c->acc->offchip_instance;
    int32_t top = check_top(c, c->schedule->slots[s->ct].core, s->operand);
    stream_transfer_target target = {.instance = write ? offchip : top};
    stream_transfer t = {.source = write ? top : offchip,
                         .targets = &target,
                         .n_targets = 1,
                         .resources = flow->resources,
                         .n_resources = flow->n_resources};
    check_name name;
    snprintf(name.s, sizeof name.s, "stream of %s %s off-chip memory by %.120s",
             stream_operand_class_name((stream_operand_class)s->operand), write ? "to" : "from",
             check_ct_name(c, s->ct).s);
    (void)route(c, &t, check_ct_loc(c, s->ct), "R9", name.s);
}
