/* Schedules of the compatible mode for a person; see stream/export/compatible.h. */

#include "stream/export/compatible.h"

#include "write.h"

#include "stream/schedule/policy.h"

#include <inttypes.h>
#include <stdio.h>

enum {
    PICO = -12
};

static void write_times(const stream_export_compatible *e, stream_text *out) {
    const stream_coala_v0_problem *p = e->problem;
    stream_text_print(out, "%s on %s: compatible mode coala-v0, %s first, weights %s\n", e->network,
                      e->accelerator, stream_priority_name(p->priority),
                      e->prefetch ? "fetched before the first CT" : "fetched when needed");
    stream_text_print(out, "  (CTs priced by %s; not a schedule by the rules R1 to R12)\n\n",
                      e->cost_model);
    stream_text_str(out, "latency          ");
    stream_write_real(out, e->schedule->latency_cycles);
    stream_text_print(out, " cycles\nCTs              %d in %d layer%s, %d dependenc%s\n", p->n_cts,
                      e->n_layers, e->n_layers == 1 ? "" : "s", p->n_edges,
                      p->n_edges == 1 ? "y" : "ies");
}

static void write_energy(const stream_export_compatible *e, stream_text *out) {
    const stream_coala_v0_energy *x = &e->schedule->energy;
    const struct {
        const char *name;
        double pj;
    } parts[] = {{"energy", x->total},
                 {"  CTs", x->cts},
                 {"  loads", x->offchip_link + x->offchip_memory},
                 {"  evictions", x->eviction_link + x->eviction_memory},
                 {"  outputs", x->sink_link + x->sink_memory},
                 {"  core to core", x->core_link + x->core_memory}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; ++i) {
        stream_text_print(out, "%-16s ", parts[i].name);
        stream_text_scaled(out, parts[i].pj, "J", PICO);
        stream_text_str(out, "\n");
    }
}

static void write_layers(const stream_export_compatible *e, stream_text *out) {
    const stream_coala_v0_problem *p = e->problem;
    stream_text_print(out, "\n%-28s %6s %12s %16s %12s %12s\n", "layer", "CTs", "cycles/CT",
                      "pJ/CT", "first start", "last end");
    for (int32_t i = 0, first; i < p->n_cts;) {
        double end = 0, start = e->schedule->start[i];
        for (first = i; i < p->n_cts && p->cts[i].layer == p->cts[first].layer; ++i) {
            end = e->schedule->end[i] > end ? e->schedule->end[i] : end;
            start = e->schedule->start[i] < start ? e->schedule->start[i] : start;
        }
        const stream_coala_v0_ct *ct = &p->cts[first];
        stream_text_print(out, "%-28s %6d %12.10g %16.12g %12.10g %12.10g\n", e->layers[ct->layer],
                          i - first, ct->cycles, ct->energy_pj, start, end);
    }
}

static void write_memories(const stream_export_compatible *e, stream_text *out) {
    const stream_coala_v0_hardware *hw = e->problem->hardware;
    const stream_coala_v0_schedule *s = e->schedule;
    stream_text_print(out, "\n%-28s %16s %16s\n", "memory", "peak [bit]", "capacity [bit]");
    for (int32_t m = 0; m < hw->n_memories; ++m) {
        int32_t core = 0;
        int64_t peak = 0;
        char name[64];
        for (int32_t i = hw->n_cores * STREAM_N_OPERANDS; i-- > 0;)
            core = hw->memory_of[i] == m ? i / STREAM_N_OPERANDS : core;
        for (int32_t k = s->step_first[m]; k < s->step_first[m + 1]; ++k)
            peak = s->steps[k].bits > peak ? s->steps[k].bits : peak;
        snprintf(name, sizeof name, "%s/%s", e->cores[core], hw->memories[m].name);
        stream_text_print(out, "%-28s %16" PRId64 " %16" PRId64 "\n", name, peak,
                          hw->memories[m].size_bits);
    }
}

void stream_export_compatible_summary(const stream_export_compatible *e, stream_text *out) {
    write_times(e, out);
    write_energy(e, out);
    write_layers(e, out);
    write_memories(e, out);
}
