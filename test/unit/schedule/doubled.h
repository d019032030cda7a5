/* An accelerator with one thing doubled: the bandwidth of a link or of the ports of a core's
 * memories, or the capacity of a core's memories; or of all of them. */
#ifndef DOUBLED_H
#define DOUBLED_H

#include "stream/hardware/route.h"

#include <string.h>

typedef enum {
    DOUBLE_LINK,
    DOUBLE_PORTS,
    DOUBLE_SIZE,
    N_DOUBLINGS
} doubling;

/* `of`  link or core; -1: all */
typedef struct {
    doubling what;
    int32_t of;
} doubled_thing;

static void double_memory(stream_memory *m, doubling what, stream_arena *arena) {
    if (what == DOUBLE_SIZE)
        m->size_bits *= 2;
    if (what != DOUBLE_PORTS)
        return;
    stream_port *ports = STREAM_NEW(arena, stream_port, (size_t)m->n_ports);
    memcpy(ports, m->ports, (size_t)m->n_ports * sizeof *ports);
    for (int32_t p = 0; p < m->n_ports; ++p)
        ports[p].bandwidth_max_bits *= 2;
    m->ports = ports;
}

static void double_cores(stream_accelerator *acc, doubled_thing d, stream_arena *arena) {
    stream_core *cores = STREAM_NEW(arena, stream_core, (size_t)acc->n_cores);
    memcpy(cores, acc->cores, (size_t)acc->n_cores * sizeof *cores);
    for (int32_t c = 0; c < acc->n_cores; ++c) {
        if (d.of >= 0 && d.of != c)
            continue;
        size_t n = (size_t)cores[c].n_memories;
        stream_memory *memories = STREAM_NEW(arena, stream_memory, n);
        memcpy(memories, cores[c].memories, n * sizeof *memories);
        for (size_t m = 0; m < n; ++m)
            double_memory(&memories[m], d.what, arena);
        cores[c].memories = memories;
    }
    acc->cores = cores;
}

static void double_links(stream_accelerator *acc, int32_t of, stream_arena *arena) {
    stream_link *links = STREAM_NEW(arena, stream_link, (size_t)acc->n_links);
    memcpy(links, acc->links, (size_t)acc->n_links * sizeof *links);
    for (int32_t l = 0; l < acc->n_links; ++l)
        links[l].bandwidth_bits *= of < 0 || of == l ? 2 : 1;
    acc->links = links;
}

/* False: the accelerator does not allow it (a shared memory that is doubled for one core). */
static bool make_doubled(const stream_accelerator *from, doubled_thing d, stream_arena *arena,
                         stream_accelerator *out) {
    *out = (stream_accelerator){.name = from->name,
                                .cores = from->cores,
                                .n_cores = from->n_cores,
                                .offchip_core = from->offchip_core,
                                .links = from->links,
                                .n_links = from->n_links,
                                .sharings = from->sharings,
                                .n_sharings = from->n_sharings};
    if (d.what == DOUBLE_LINK)
        double_links(out, d.of, arena);
    else
        double_cores(out, d, arena);
    return stream_accelerator_finish(out, arena, NULL) == STREAM_OK;
}

#endif
