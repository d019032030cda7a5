/* Perfetto traces; see stream/export/export.h. */

#include "curves.h"
#include "flows.h"
#include "names.h"
#include "perfetto_writer.h"
#include "stream/export/export.h"
#include "stream/schedule/energy.h"
#include "timeline.h"

#include <stdlib.h>

/* Texts of one slice, kept between slices for their memory. */
enum {
    TEXT_BOX,
    TEXT_FROM,
    TEXT_TO,
    N_TEXTS
};

typedef struct {
    const stream_export *e;
    stream_perfetto file;
    stream_text texts[N_TEXTS];
    stream_arena *arena;
    stream_lanes lanes;
    stream_flows out_of_cts, into_cts;
    const stream_transfer_flows *flows;
    uint64_t process;
    uint64_t *core_uuid;  /* [n_cores] */
    uint64_t *track_uuid; /* [n_resources + n_cores] of the first lane; the others follow */
} tracer;

static void describe_process(tracer *t) {
    stream_text name = {0};
    stream_text_print(&name, "%s on %s (1 cycle = 1 ns)", t->e->network, t->e->problem->acc->name);
    t->process = stream_perfetto_process(&t->file, name.data);
    stream_text_free(&name);
}

static const char *fresh_box(tracer *t, const stream_box *box) {
    stream_text_clear(&t->texts[TEXT_BOX]);
    stream_export_box(box, &t->texts[TEXT_BOX]);
    return t->texts[TEXT_BOX].data;
}

static void begin_ct(tracer *t, int32_t ct) {
    const stream_schedule_problem *p = t->e->problem;
    const stream_ct_graph *g = p->graph;
    const stream_ct_slot *slot = &t->e->schedule->slots[ct];
    stream_perfetto_slice s = {.track = t->core_uuid[slot->core],
                               .start = slot->start,
                               .name = stream_export_layer(t->e, ct),
                               .category = "CT",
                               .begins = &t->out_of_cts.ids[t->out_of_cts.first[ct]],
                               .ends = &t->into_cts.ids[t->into_cts.first[ct]]};
    s.n_begins = (size_t)(t->out_of_cts.first[ct + 1] - t->out_of_cts.first[ct]);
    s.n_ends = (size_t)(t->into_cts.first[ct + 1] - t->into_cts.first[ct]);
    stream_perfetto_note_text(&s, "layer", s.name);
    stream_perfetto_note_integer(&s, "CT", ct);
    stream_perfetto_note_integer(&s, "stack", g->cts[ct].stack);
    stream_perfetto_note_text(&s, "kernel", g->kernels[g->cts[ct].kernel].name);
    stream_perfetto_note_text(&s, "output", g->tensors[g->cts[ct].tensor].name);
    stream_perfetto_note_text(&s, "output box", fresh_box(t, &g->cts[ct].box));
    stream_perfetto_note_integer(
        &s, "energy [fJ]", p->energy_fj[(int64_t)g->cts[ct].kernel * p->acc->n_cores + slot->core]);
    stream_perfetto_begin(&t->file, &s);
}

static void name_ends(tracer *t, const stream_transfer *x) {
    const stream_accelerator *acc = t->e->problem->acc;
    stream_text *from = &t->texts[TEXT_FROM], *to = &t->texts[TEXT_TO];
    stream_text_clear(from);
    stream_text_clear(to);
    stream_export_instance_name(acc, x->source, from);
    for (int32_t k = 0; k < x->n_targets; ++k) {
        stream_text_str(to, k ? ", " : "");
        stream_export_instance_name(acc, x->targets[k].instance, to);
    }
}

static uint64_t track_of(const tracer *t, const stream_track_use *use) {
    return t->track_uuid[use->track] + (uint64_t)use->lane;
}

/* What a CT reads from off-chip, or writes there, while it runs. */
static void begin_stream(tracer *t, const stream_track_use *use) {
    const stream_ct_stream *x = &t->e->schedule->streams[use->stream];
    const stream_price_stream *price = stream_ct_stream_price(t->e->problem, t->e->schedule, x);
    const stream_ct_graph *g = t->e->problem->graph;
    stream_perfetto_slice s = {.track = track_of(t, use),
                               .start = use->start,
                               .name = g->tensors[stream_ct_stream_tensor(g, x)].name,
                               .category = "stream"};
    stream_perfetto_note_integer(&s, "CT", x->ct);
    stream_perfetto_note_text(&s, "layer", stream_export_layer(t->e, x->ct));
    stream_perfetto_note_text(&s, "core",
                              t->e->problem->acc->cores[t->e->schedule->slots[x->ct].core].name);
    stream_perfetto_note_text(&s, "operand",
                              stream_operand_class_name((stream_operand_class)x->operand));
    stream_perfetto_note_text(&s, "direction", use->write ? "to off-chip" : "from off-chip");
    stream_perfetto_note_integer(&s, "size [bits]",
                                 use->write ? price->write_bits : price->read_bits);
    stream_perfetto_note_integer(&s, "rate [bits/cycle]",
                                 use->write ? x->write.rate_bits : x->read.rate_bits);
    stream_perfetto_begin(&t->file, &s);
}

static void begin_use(tracer *t, const stream_track_use *use) {
    if (use->stream >= 0) {
        begin_stream(t, use);
        return;
    }
    const stream_ct_graph *g = t->e->problem->graph;
    const stream_transfer *x = &t->e->schedule->transfers[use->transfer];
    const stream_transfer_flows *flows = &t->flows[use->transfer];
    stream_perfetto_slice s = {.track = track_of(t, use),
                               .start = use->start,
                               .name = g->tensors[x->tensor].name,
                               .category = "transfer",
                               .begins = &flows->out,
                               .n_begins = use->last && flows->out,
                               .ends = &flows->in,
                               .n_ends = use->first && flows->in};
    name_ends(t, x);
    stream_perfetto_note_integer(&s, "transfer", use->transfer);
    stream_perfetto_note_text(&s, "tensor", s.name);
    stream_perfetto_note_text(&s, "box", fresh_box(t, &x->box));
    stream_perfetto_note_integer(&s, "size [bits]", stream_ct_graph_bits(g, x->tensor, &x->box));
    stream_perfetto_note_integer(&s, "rate [bits/cycle]", x->rate_bits);
    stream_perfetto_note_text(&s, "from", t->texts[TEXT_FROM].data);
    stream_perfetto_note_text(&s, "to", t->texts[TEXT_TO].data);
    stream_perfetto_begin(&t->file, &s);
}

/* Begin or end of a slice, in the order of the file: by time, ends before begins, CTs before
 * transfers. */
typedef struct {
    int64_t time;
    bool begins, is_use;
    int32_t index; /* CT, or index of the use */
} edge;

static int by_edge(const void *a, const void *b) {
    const edge *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    if (x->begins != y->begins)
        return x->begins - y->begins;
    if (x->is_use != y->is_use)
        return x->is_use - y->is_use;
    return (x->index > y->index) - (x->index < y->index);
}

static void add_edges(stream_vec *edges, int64_t start, int64_t end, bool is_use, int32_t index) {
    *(edge *)stream_vec_push(edges) = (edge){start, true, is_use, index};
    *(edge *)stream_vec_push(edges) = (edge){end, false, is_use, index};
}

static void write_edge(tracer *t, const edge *d) {
    const stream_track_use *use = d->is_use ? &t->lanes.uses[d->index] : NULL;
    if (!d->begins)
        stream_perfetto_end(
            &t->file, use ? track_of(t, use) : t->core_uuid[t->e->schedule->slots[d->index].core],
            d->time);
    else if (use)
        begin_use(t, use);
    else
        begin_ct(t, d->index);
}

static void write_slices(tracer *t) {
    stream_vec edges = STREAM_VEC(edge);
    for (int32_t i = 0; i < t->e->problem->graph->n_cts; ++i)
        add_edges(&edges, t->e->schedule->slots[i].start, t->e->schedule->slots[i].end, false, i);
    for (int32_t i = 0; i < t->lanes.n_uses; ++i)
        add_edges(&edges, t->lanes.uses[i].start, t->lanes.uses[i].end, true, i);
    if (edges.n)
        qsort(edges.data, edges.n, sizeof(edge), by_edge);
    for (size_t i = 0; i < edges.n; ++i)
        write_edge(t, &STREAM_AT(edge, edges, i));
    stream_vec_free(&edges);
}

static void describe_cores(tracer *t) {
    const stream_accelerator *acc = t->e->problem->acc;
    uint64_t group = stream_perfetto_track(&t->file, t->process, "Cores", NULL);
    t->core_uuid = STREAM_NEW(t->arena, uint64_t, (size_t)acc->n_cores);
    for (int32_t c = 0; c < acc->n_cores; ++c)
        if (acc->cores[c].kind == STREAM_CORE_COMPUTE)
            t->core_uuid[c] = stream_perfetto_track(&t->file, group, acc->cores[c].name, NULL);
}

/* Links without transfers have no track; the others one per lane, of equal names. */
static void describe_links(tracer *t) {
    const stream_accelerator *acc = t->e->problem->acc;
    uint64_t group = stream_perfetto_track(&t->file, t->process, "Links", NULL);
    int32_t n = acc->n_resources + acc->n_cores;
    t->track_uuid = STREAM_NEW(t->arena, uint64_t, (size_t)n);
    for (int32_t r = 0; r < n; ++r) {
        stream_text name = {0};
        if (t->lanes.n_lanes[r] == 0)
            continue;
        if (r < acc->n_resources)
            stream_export_resource_name(acc, r, &name);
        else
            stream_text_print(&name, "%s copies", acc->cores[r - acc->n_resources].name);
        t->track_uuid[r] = stream_perfetto_track(&t->file, group, name.data, NULL);
        for (int32_t lane = 1; lane < t->lanes.n_lanes[r]; ++lane)
            stream_perfetto_track(&t->file, group, name.data, NULL);
        stream_text_free(&name);
    }
}

static void write_curve(tracer *t, uint64_t group, const stream_curves *curves, int32_t owner,
                        const char *name, const char *unit) {
    uint64_t track = stream_perfetto_track(&t->file, group, name, unit);
    for (int32_t i = curves->first[owner]; i < curves->first[owner + 1]; ++i)
        stream_perfetto_count(&t->file, track, curves->steps[i].time, curves->steps[i].value);
}

static void write_occupancy(tracer *t) {
    const stream_accelerator *acc = t->e->problem->acc;
    uint64_t group = stream_perfetto_track(&t->file, t->process, "Memories: bits in use", NULL);
    stream_curves curves;
    stream_curves_occupancy(t->e, t->arena, &curves);
    for (int32_t i = 0; i < acc->n_instances; ++i) {
        stream_text name = {0};
        stream_export_instance_name(acc, i, &name);
        write_curve(t, group, &curves, i, name.data, "bits");
        stream_text_free(&name);
    }
}

/* Only what carries something. */
static void write_rates(tracer *t) {
    const stream_accelerator *acc = t->e->problem->acc;
    uint64_t group = stream_perfetto_track(&t->file, t->process, "Bandwidth in use", NULL);
    stream_curves curves;
    stream_curves_rates(t->e, t->arena, &curves);
    for (int32_t r = 0; r < acc->n_resources; ++r) {
        stream_text name = {0};
        if (curves.first[r] == curves.first[r + 1])
            continue;
        stream_export_resource_name(acc, r, &name);
        stream_text_print(&name, " (of %lld)", (long long)acc->resources[r].bandwidth_bits);
        write_curve(t, group, &curves, r, name.data, "bits/cycle");
        stream_text_free(&name);
    }
}

void stream_export_perfetto(const stream_export *e, stream_text *out) {
    tracer t = {.e = e, .file = {.out = out}, .arena = stream_arena_create()};
    stream_lanes_assign(e, t.arena, &t.lanes);
    stream_flows_find(e, t.arena, &t.out_of_cts, &t.into_cts);
    t.flows = stream_flows_of_transfers(e, &t.out_of_cts, &t.into_cts, t.arena);
    describe_process(&t);
    describe_cores(&t);
    describe_links(&t);
    write_slices(&t);
    write_occupancy(&t);
    write_rates(&t);
    for (int i = 0; i < N_TEXTS; ++i)
        stream_text_free(&t.texts[i]);
    stream_perfetto_close(&t.file);
    stream_arena_destroy(t.arena);
}
