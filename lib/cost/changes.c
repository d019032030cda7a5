/* Everything doubled, one at a time, and searched again; see stream/cost/explain.h. */

#include "stream/cost/explain.h"
#include "stream/support/integer.h"
#include "stream/support/parallel.h"

#include <inttypes.h>
#include <string.h>

typedef struct {
    const stream_loop_nest *nest;
    const stream_core *core;
    const stream_cost_options *options;
    const stream_cost_result *base;
    stream_change *changes;
    int32_t n_changes;
    int32_t position[STREAM_COST_MAX_CHANGES]; /* of ARRAY_DIM: which loop unrolled there */
} measurement;

/* A core with one thing doubled, and the options that go with it. In an arena but for itself. */
typedef struct {
    stream_core core;
    stream_memory offchip;
    stream_cost_options options;
} variant;

/* Unroll number `position` of a dataflow on array dim x, of those whose loop the nest has; or NULL.
 */
static const stream_unroll *unroll_at(const stream_loop_nest *nest, const stream_dataflow *dataflow,
                                      int32_t x, int32_t position) {
    for (int32_t i = 0; i < dataflow->n_unrolls; ++i) {
        const stream_unroll *u = &dataflow->unrolls[i];
        if (u->array_dim == x && stream_nest_dim_named(nest, u->loop) >= 0 && position-- == 0)
            return u;
    }
    return NULL;
}

/* Name of loop `position` on array dim x of what is asked for; NULL: there is none. */
static const char *asked_loop(const measurement *m, int32_t x, int32_t position) {
    const stream_spatial_request *request = &m->options->spatial;
    if (m->options->spatial_source == STREAM_SPATIAL_AS_ASKED)
        return request->given[x] && position < request->unroll[x].n
                   ? m->nest->dims[request->unroll[x].at[position].dim].name
                   : NULL;
    for (int32_t f = 0; f < m->core->n_dataflows; ++f) {
        const stream_unroll *u = unroll_at(m->nest, &m->core->dataflows[f], x, position);
        if (u)
            return u->loop;
    }
    return NULL;
}

static const stream_memory *memory_of(const measurement *m, int32_t memory) {
    return memory < m->core->n_memories ? &m->core->memories[memory] : m->options->offchip;
}

static void add_ports(measurement *m) {
    const stream_mapping_problem *p = &m->base->problem;
    for (int32_t i = 0; i < p->n_memories; ++i)
        for (int32_t k = 0; k < p->memories[i].n_ports; ++k) {
            const stream_map_port *port = &p->memories[i].ports[k];
            if (port->n_functions > 0)
                m->changes[m->n_changes++] = (stream_change){.kind = STREAM_CHANGE_PORT,
                                                             .memory = i,
                                                             .port = port->index,
                                                             .memory_name = p->memories[i].name,
                                                             .port_name = port->name,
                                                             .port_kind = port->kind,
                                                             .from = port->bw_max};
        }
}

static void add_memories(measurement *m) {
    const stream_mapping_problem *p = &m->base->problem;
    for (int32_t i = 0; i < p->n_memories; ++i)
        if (p->memories[i].n_operands > 0)
            m->changes[m->n_changes++] = (stream_change){.kind = STREAM_CHANGE_MEMORY,
                                                         .memory = i,
                                                         .memory_name = p->memories[i].name,
                                                         .from = p->memories[i].size_bits};
}

static void add_array_dims(measurement *m) {
    for (int32_t x = 0; x < m->core->n_array_dims; ++x) {
        int32_t position = 0;
        do {
            m->position[m->n_changes] = position;
            m->changes[m->n_changes++] = (stream_change){.kind = STREAM_CHANGE_ARRAY_DIM,
                                                         .array_dim = x,
                                                         .loop = asked_loop(m, x, position),
                                                         .from = m->core->array_sizes[x]};
        } while (++position < STREAM_NEST_MAX_DIMS && asked_loop(m, x, position));
    }
}

static stream_status double_all(measurement *m, const stream_diag *diag) {
    for (int32_t i = 0; i < m->n_changes; ++i) {
        stream_change *c = &m->changes[i];
        if (c->from > INT64_MAX / 2)
            return stream_error(diag, STREAM_INVALID, m->nest->loc,
                                "%s: twice %" PRId64 " does not fit 63 bits",
                                c->memory_name ? c->memory_name : "array dimension", c->from);
        c->to = 2 * c->from;
    }
    return STREAM_OK;
}

static void change_port(stream_memory *memory, const stream_change *c, stream_arena *arena) {
    stream_port *ports = STREAM_NEW(arena, stream_port, (size_t)memory->n_ports);
    memcpy(ports, memory->ports, sizeof *ports * (size_t)memory->n_ports);
    stream_port *port = &ports[c->port];
    if (port->energy_word_bits == 0)
        port->energy_word_bits = port->bandwidth_max_bits;
    port->bandwidth_max_bits = c->to;
    memory->ports = ports;
}

static void change_memory(const measurement *m, const stream_change *c, stream_arena *arena,
                          variant *out) {
    stream_memory *memory = &out->offchip;
    if (c->memory < m->core->n_memories) {
        size_t n = (size_t)m->core->n_memories;
        stream_memory *memories = STREAM_NEW(arena, stream_memory, n);
        memcpy(memories, m->core->memories, sizeof *memories * n);
        out->core.memories = memories;
        memory = &memories[c->memory];
    } else {
        *memory = *memory_of(m, c->memory);
        out->options.offchip = memory;
    }
    if (c->kind == STREAM_CHANGE_PORT)
        change_port(memory, c, arena);
    else
        memory->size_bits = c->to;
}

static void change_dataflows(const measurement *m, const stream_change *c, int32_t position,
                             stream_arena *arena, variant *out) {
    size_t n = (size_t)m->core->n_dataflows;
    stream_dataflow *dataflows = STREAM_NEW(arena, stream_dataflow, n);
    for (size_t f = 0; f < n; ++f) {
        const stream_dataflow *from = &m->core->dataflows[f];
        const stream_unroll *doubled = unroll_at(m->nest, from, c->array_dim, position);
        stream_unroll *unrolls = STREAM_NEW(arena, stream_unroll, (size_t)from->n_unrolls);
        for (int32_t i = 0; i < from->n_unrolls; ++i) {
            unrolls[i] = from->unrolls[i];
            if (&from->unrolls[i] == doubled && doubled->unroll <= INT64_MAX / 2)
                unrolls[i].unroll *= 2;
        }
        dataflows[f] = (stream_dataflow){unrolls, from->n_unrolls};
    }
    out->core.dataflows = dataflows;
}

static void change_array(const measurement *m, const stream_change *c, int32_t position,
                         stream_arena *arena, variant *out) {
    out->core.array_sizes[c->array_dim] = c->to;
    if (!c->loop)
        return;
    if (m->options->spatial_source == STREAM_SPATIAL_AS_ASKED)
        out->options.spatial.unroll[c->array_dim].at[position].factor *= 2;
    else
        change_dataflows(m, c, position, arena, out);
}

static double change_percent(double from, double to) {
    return from > 0 ? 100 * (to - from) / from : 0;
}

/* Labels of all changed searches together, so that one layer takes a second or two; no search gets
 * more than the layer's own, nor so few that it finds nothing. */
static int64_t labels_of(const measurement *m) {
    enum {
        ALL = 120000,
        LEAST = 1000
    };
    int64_t own = m->options->max_labels > 0 ? m->options->max_labels : ALL;
    int64_t share = stream_max_i64(LEAST, ALL / stream_max_i64(1, m->n_changes));
    return stream_min_i64(own, share);
}

/* More bandwidth, room or units never make a mapping worse: the one that is known is what a change
 * gives at least, however little of a search there was. On a larger array its unrolling still fits,
 * though what is asked for is another one. It is proven to be best where the search of all else
 * was. (In the zigzag modes the search is what counts.) */
static void keep_known(const measurement *m, const variant *v, stream_cost_result *result,
                       stream_change *c) {
    stream_cost_result known;
    if (m->options->model != STREAM_MODEL_EXACT ||
        stream_cost_evaluate(m->nest, &v->core, &v->options, &m->base->spatial, &m->base->mapping,
                             NULL, &known) != STREAM_OK)
        return;
    if (c->status == STREAM_OK &&
        !stream_mapping_better(m->options->objective, &known.cost, &result->cost))
        return;
    known.proven = c->kind == STREAM_CHANGE_ARRAY_DIM && c->status == STREAM_OK && result->proven;
    *result = known;
    c->status = STREAM_OK;
}

static void measure(void *user, int32_t worker, int32_t index) {
    const measurement *m = user;
    (void)worker;
    stream_change *c = &m->changes[index];
    stream_arena *arena = stream_arena_create();
    variant v = {.core = *m->core, .options = *m->options};
    stream_cost_result result;
    if (c->kind == STREAM_CHANGE_ARRAY_DIM)
        change_array(m, c, m->position[index], arena, &v);
    else
        change_memory(m, c, arena, &v);
    if (v.options.model == STREAM_MODEL_EXACT)
        v.options.max_labels = labels_of(m);
    c->status = stream_cost_search(m->nest, &v.core, &v.options, NULL, &result);
    keep_known(m, &v, &result, c);
    if (c->status == STREAM_OK) {
        const stream_mapping_cost *was = &m->base->cost;
        c->cost = result.cost;
        c->proven = result.proven && m->base->proven;
        c->latency_percent = change_percent(was->total2_cycles, c->cost.total2_cycles);
        c->energy_percent = change_percent(was->energy_pj, c->cost.energy_pj);
        c->edp_percent = change_percent(was->total2_cycles * was->energy_pj,
                                        c->cost.total2_cycles * c->cost.energy_pj);
    }
    stream_arena_destroy(arena);
}

double stream_change_percent(const stream_change *change, stream_mapping_objective objective) {
    switch (objective) {
    case STREAM_BEST_LATENCY:
        return change->latency_percent;
    case STREAM_BEST_ENERGY:
        return change->energy_percent;
    case STREAM_BEST_EDP:
        return change->edp_percent;
    }
    return 0;
}

static bool before(const stream_change *a, const stream_change *b,
                   stream_mapping_objective objective) {
    if ((a->status == STREAM_OK) != (b->status == STREAM_OK))
        return a->status == STREAM_OK;
    double x = stream_change_percent(a, objective), y = stream_change_percent(b, objective);
    return x != y ? x < y : a->edp_percent < b->edp_percent;
}

static void sort(stream_change *changes, int32_t n, stream_mapping_objective objective) {
    for (int32_t i = 1; i < n; ++i) {
        stream_change moving = changes[i];
        int32_t k = i;
        for (; k > 0 && before(&moving, &changes[k - 1], objective); --k)
            changes[k] = changes[k - 1];
        changes[k] = moving;
    }
}

stream_status stream_cost_changes(const stream_loop_nest *nest, const stream_core *core,
                                  const stream_cost_options *options,
                                  const stream_cost_result *base, int32_t n_threads,
                                  const stream_diag *diag, stream_change *out, int32_t *out_n) {
    measurement m = {.nest = nest, .core = core, .options = options, .base = base, .changes = out};
    add_ports(&m);
    add_memories(&m);
    add_array_dims(&m);
    STREAM_TRY(double_all(&m, diag));
    stream_parallel(n_threads, m.n_changes, measure, &m);
    sort(out, m.n_changes, options->objective);
    *out_n = m.n_changes;
    return STREAM_OK;
}
