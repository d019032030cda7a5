/* CTs that their cores cannot run, whatever the schedule; see engine.h. */

#include "engine.h"

#include <inttypes.h>

static const char *resource_name(const model *m, int32_t resource) {
    const stream_resource *r = &m->acc->resources[resource];
    if (r->kind == STREAM_RESOURCE_LINK)
        return m->acc->links[r->link].name;
    const stream_instance *i = &m->acc->instances[r->instance];
    return m->acc->cores[i->core].memories[i->level].ports[r->port].name;
}

/* Links and ports have the rates of all that the CT streams (R9). */
static stream_status check_streams(const model *m, int32_t ct, int32_t core,
                                   const stream_diag *diag) {
    const kernel_streams *s = streams_of(m, ct, core);
    if (!s || !s->operands)
        return STREAM_OK;
    const stream_ct *it = &m->graph->cts[ct];
    const char *kernel = m->graph->kernels[it->kernel].name;
    if (s->no_route)
        return stream_error(diag, STREAM_INFEASIBLE, it->loc,
                            "CT %d cannot stream on core '%s': no links lead from it to off-chip "
                            "memory and back",
                            ct, m->acc->cores[core].name);
    for (int32_t i = s->first_demand; i < s->first_demand + s->n_demands; ++i) {
        const stream_demand *d = &m->demands[i];
        int64_t cycles = m->cycles[(int64_t)it->kernel * m->acc->n_cores + core];
        const stream_resource *r = &m->acc->resources[d->resource];
        if (d->rate_bits > r->bandwidth_bits)
            return stream_error(
                diag, STREAM_INFEASIBLE, it->loc,
                "CT %d streams %" PRId64 " bits per cycle over %s '%s', which has %" PRId64
                ": a run of kernel '%s' on core '%s' takes at least %.0f cycles, not %" PRId64,
                ct, d->rate_bits, r->kind == STREAM_RESOURCE_LINK ? "link" : "off-chip port",
                resource_name(m, d->resource), r->bandwidth_bits, kernel, m->acc->cores[core].name,
                (double)cycles * (double)d->rate_bits / (double)r->bandwidth_bits, cycles);
    }
    return STREAM_OK;
}

static stream_status refuse(const model *m, int32_t i, int32_t core, const stream_diag *diag) {
    const stream_ct *ct = &m->graph->cts[i];
    const char *layer = m->graph->layers[ct->layer].name;
    if (core < 0 || core >= m->acc->n_cores)
        return stream_error(diag, STREAM_INVALID, ct->loc, "CT %d of layer '%s' has no core", i,
                            layer);
    const char *name = m->acc->cores[core].name, *kernel = m->graph->kernels[ct->kernel].name;
    int32_t priced =
        stream_core_of_type_with(m->acc, core, &m->cycles[(int64_t)ct->kernel * m->acc->n_cores]);
    if (priced < 0)
        return stream_error(diag, STREAM_INVALID, ct->loc,
                            "CT %d of layer '%s' cannot run on core '%s': kernel '%s' has "
                            "no price there",
                            i, layer, name, kernel);
    const char *other = m->acc->cores[priced].name;
    return stream_error(diag, STREAM_INVALID, ct->loc,
                        "CT %d of layer '%s' cannot run on core '%s': kernel '%s' has no price "
                        "there; that on core '%s' is for cores equal to it, but '%s' is not (any "
                        "more): take out the prices on cores that were changed and run "
                        "stream-annotate-cost again",
                        i, layer, name, kernel, other, name);
}

stream_status stream_engine_check_cores(const model *m, const int32_t *cores,
                                        const stream_diag *diag) {
    int32_t n = m->acc->n_cores;
    for (int32_t i = 0; i < m->graph->n_cts; ++i) {
        int32_t core = cores[i];
        if (core < 0 || core >= n || m->acc->cores[core].kind != STREAM_CORE_COMPUTE ||
            m->cycles[(int64_t)m->facts[i].kernel * n + core] < 0)
            return refuse(m, i, core, diag);
        if (m->streams)
            STREAM_TRY(check_streams(m, i, core, diag));
    }
    return STREAM_OK;
}
