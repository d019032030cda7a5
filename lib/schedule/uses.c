/* How often a buffer will be read, and by whom first; see engine.h. */

#include "engine.h"

/* Needs of unplaced CTs of one group that are read in `instance`. */
static int32_t group_uses(const engine *e, int32_t group, int32_t instance) {
    const model *m = e->m;
    const group_users *g = &m->of_group[group];
    if (g->counter >= 0)
        return e->counters[(int64_t)g->counter * m->acc->n_instances + instance];
    int32_t uses = 0;
    for (int32_t u = g->first; u < g[1].first; ++u) {
        const need_user n = m->users[u];
        uses += !e->ready.cts[n.ct].placed &&
                place_of(m, (int32_t)n.ct, e->cores[n.ct], n.operand) == instance;
    }
    return uses;
}

int32_t stream_engine_count_uses(engine *e, int32_t id) {
    buffer *b = buffer_at(e, id);
    datum_state *d = &e->data[b->datum];
    b->uses = 0;
    if (d->primary == id)
        d->counts_uses = 1;
    if (d->unread == 0)
        return 0;
    group_search groups = stream_schedule_model_find(e->m, b->datum, box_of(e, id));
    for (int32_t g; (g = stream_schedule_model_next(&groups)) >= 0;)
        if (groups.is_exact || buffer_overlaps(e, id, &e->m->groups[g].box))
            b->uses += group_uses(e, g, b->instance);
    return b->uses;
}

static int32_t group_next(engine *e, int32_t group) {
    const group_users *g = &e->m->of_group[group];
    const need_user *users = &e->users[g->first];
    int32_t at = e->cursor[group], n_users = g[1].first - g->first;
    while (at < n_users && e->ready.cts[users[at].ct].placed)
        ++at;
    e->cursor[group] = at;
    return at < n_users ? (int32_t)users[at].ct : INT32_MAX;
}

int32_t stream_engine_find_next_use(engine *e, int32_t id) {
    buffer *b = buffer_at(e, id);
    group_search groups = stream_schedule_model_find(e->m, b->datum, box_of(e, id));
    int32_t next = INT32_MAX;
    for (int32_t g; (g = stream_schedule_model_next(&groups)) >= 0;)
        if (groups.is_exact || buffer_overlaps(e, id, &e->m->groups[g].box)) {
            int32_t ct = group_next(e, g);
            next = turn_of(e, ct) < turn_of(e, next) ? ct : next;
        }
    b->next_use = next;
    return next;
}
