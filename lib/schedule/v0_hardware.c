/* Accelerators for the compatible mode; see coala_v0.h. */

#include "stream/schedule/coala_v0.h"

#include "stream/hardware/route.h"
#include "stream/support/vec.h"

#include <string.h>

typedef struct {
    const stream_accelerator *acc;
    stream_arena *arena;
    stream_coala_v0_memory *memories;
    int32_t *number;  /* [n_instances] -1: not yet */
    int32_t *link_of; /* [n_resources] -1: not yet */
    stream_coala_v0_link *links;
    int32_t n_memories, n_links, in, out; /* links from and to off-chip memory, -1 */
} hardware_builder;

static int64_t widest(const stream_memory *memory, stream_port_kind kind) {
    int64_t bits = 0;
    for (int32_t i = 0; i < memory->n_ports; ++i) {
        const stream_port *port = &memory->ports[i];
        if ((port->kind == kind || port->kind == STREAM_PORT_READ_WRITE) &&
            port->bandwidth_max_bits > bits)
            bits = port->bandwidth_max_bits;
    }
    return bits;
}

static void number_memory(hardware_builder *b, int32_t instance) {
    const stream_instance *at = &b->acc->instances[instance];
    const stream_memory *m = &b->acc->cores[at->core].memories[at->level];
    if (b->number[instance] >= 0)
        return;
    b->number[instance] = b->n_memories;
    b->memories[b->n_memories++] = (stream_coala_v0_memory){m->name,
                                                            m->size_bits,
                                                            m->read_pj,
                                                            m->write_pj,
                                                            widest(m, STREAM_PORT_READ),
                                                            widest(m, STREAM_PORT_WRITE)};
}

/* The operands whose outermost memory is `level`. */
static bool is_top(const stream_core *core, int32_t level, int32_t operand) {
    for (int32_t m = level + 1; m < core->n_memories; ++m)
        if (core->memories[m].operands >> operand & 1)
            return false;
    return core->memories[level].operands >> operand & 1;
}

/* In the order in which the core lists them. An operand class that the core has not is never used.
 */
static stream_status number_core(hardware_builder *b, int32_t c, int32_t *memory_of,
                                 const stream_diag *diag) {
    const stream_core *core = &b->acc->cores[c];
    const int32_t *top = &b->acc->top[c * STREAM_N_OPERANDS];
    if (top[STREAM_O] < 0)
        return stream_error(diag, STREAM_UNSUPPORTED, core->loc,
                            "core '%s' has no memory for its outputs, which the compatible mode "
                            "needs of every core",
                            core->name);
    for (int32_t m = 0; m < core->n_memories; ++m)
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
            if (is_top(core, m, o) && top[o] >= 0)
                number_memory(b, top[o]);
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        memory_of[c * STREAM_N_OPERANDS + o] = b->number[top[o] >= 0 ? top[o] : top[STREAM_O]];
    return STREAM_OK;
}

static int32_t new_link(hardware_builder *b, int32_t resource) {
    const stream_resource *r = &b->acc->resources[resource];
    double bits = (double)r->bandwidth_bits;
    b->links[b->n_links] = (stream_coala_v0_link){bits, b->acc->links[r->link].pj_per_bit * bits};
    return b->n_links++;
}

/* The link behind a resource. */
static int32_t link_of(hardware_builder *b, int32_t resource) {
    const stream_resource *r = &b->acc->resources[resource];
    const stream_link *l = &b->acc->links[r->link];
    int32_t *shared = &b->link_of[resource];
    if (!l->bus && l->cores[0] == b->acc->offchip_core)
        shared = r->reversed ? &b->out : &b->in;
    else if (!l->bus && l->cores[1] == b->acc->offchip_core)
        shared = r->reversed ? &b->in : &b->out;
    if (*shared < 0)
        *shared = new_link(b, resource);
    return *shared;
}

/* Hops of all routes together. */
#define MOST_HOPS (1 << 25)

static stream_status add_routes(hardware_builder *b, const stream_diag *diag,
                                stream_coala_v0_hardware *out) {
    int32_t pairs = out->n_cores * out->n_cores;
    stream_arena *scratch = stream_arena_create();
    stream_routes *routes = stream_routes_create_fewest_hops(b->acc, scratch);
    int32_t *first = STREAM_NEW(b->arena, int32_t, (size_t)pairs + 1);
    stream_vec links = STREAM_VEC(int32_t);
    for (int32_t i = 0; i < pairs && links.n <= MOST_HOPS; ++i) {
        const stream_route *route = stream_routes_get(routes, i / out->n_cores, i % out->n_cores);
        first[i + 1] = first[i] + route->n_hops;
        for (int32_t h = 0; h < route->n_hops; ++h)
            *(int32_t *)stream_vec_push(&links) = link_of(b, route->resources[h]);
    }
    stream_arena_destroy(scratch);
    if (links.n > MOST_HOPS) {
        stream_vec_free(&links);
        return stream_error(diag, STREAM_LIMIT, b->acc->loc,
                            "the routes between %d cores have more than %d hops together: the "
                            "compatible mode keeps all of them",
                            out->n_cores, MOST_HOPS);
    }
    out->route_first = first;
    out->route_links = stream_vec_freeze(&links, b->arena);
    return STREAM_OK;
}

stream_status stream_coala_v0_hardware_build(const stream_accelerator *acc, stream_arena *arena,
                                             const stream_diag *diag,
                                             stream_coala_v0_hardware *out) {
    size_t instances = (size_t)acc->n_instances, resources = (size_t)acc->n_resources;
    int32_t *memory_of = STREAM_NEW(arena, int32_t, (size_t)(acc->n_cores * STREAM_N_OPERANDS));
    hardware_builder b = {.acc = acc,
                          .arena = arena,
                          .memories = STREAM_NEW(arena, stream_coala_v0_memory, instances),
                          .number = STREAM_NEW(arena, int32_t, instances),
                          .link_of = STREAM_NEW(arena, int32_t, resources),
                          .links = STREAM_NEW(arena, stream_coala_v0_link, resources),
                          .in = -1,
                          .out = -1};
    memset(b.number, -1, instances * sizeof *b.number);
    memset(b.link_of, -1, resources * sizeof *b.link_of);
    for (int32_t c = 0; c < acc->n_cores; ++c)
        STREAM_TRY(number_core(&b, c, memory_of, diag));
    *out = (stream_coala_v0_hardware){.n_cores = acc->n_cores,
                                      .offchip_core = acc->offchip_core,
                                      .memories = b.memories,
                                      .n_memories = b.n_memories,
                                      .memory_of = memory_of};
    STREAM_TRY(add_routes(&b, diag, out));
    out->links = b.links;
    out->n_links = b.n_links;
    return STREAM_OK;
}
