/* Perfetto traces; see stream/export/export.h. */

#include "flows.h"
#include "names.h"
#include "perfetto.pb-c.h"
#include "stream/export/export.h"
#include "timeline.h"

#include <stdlib.h>
#include <string.h>

typedef Stream__Perfetto__TracePacket packet;
typedef Stream__Perfetto__TrackEvent track_event;
typedef Stream__Perfetto__DebugAnnotation annotation;

enum {
    MAX_NOTES = 8
};
enum {
    UUID_PROCESS = 1,
    UUID_FIRST = 2
};

/* Texts of one slice, kept between slices for their memory. */
enum {
    TEXT_BOX,
    TEXT_FROM,
    TEXT_TO,
    N_TEXTS
};

typedef struct {
    const stream_export *e;
    stream_text *out;
    stream_vec scratch; /* bytes of one packet */
    stream_text texts[N_TEXTS];
    stream_arena *arena;
    stream_lanes lanes;
    stream_flows out_of_cts, into_cts;
    const stream_transfer_flows *flows;
    uint64_t *core_uuid;  /* [n_cores] */
    uint64_t *track_uuid; /* [n_resources + n_cores] of the first lane; the others follow */
    uint64_t next_uuid;
} tracer;

/* A Trace is its packets, each behind a tag and a length: written one by one. */
static void write_packet(tracer *t, packet *p) {
    uint8_t header[16] = {0x0a};
    size_t n = 1, size = stream__perfetto__trace_packet__get_packed_size(p);
    for (size_t rest = size;; rest >>= 7) {
        header[n] = (uint8_t)(rest & 0x7f);
        if (rest < 0x80) {
            ++n;
            break;
        }
        header[n++] |= 0x80;
    }
    t->scratch.n = 0;
    stream__perfetto__trace_packet__pack(p, stream_vec_push_n(&t->scratch, size ? size : 1));
    stream_text_append(t->out, (const char *)header, n);
    stream_text_append(t->out, t->scratch.data, size);
}

static packet new_packet(void) {
    packet p = STREAM__PERFETTO__TRACE_PACKET__INIT;
    p.has_trusted_packet_sequence_id = 1;
    p.trusted_packet_sequence_id = 1;
    return p;
}

static void describe_process(tracer *t) {
    packet p = new_packet();
    Stream__Perfetto__TrackDescriptor track = STREAM__PERFETTO__TRACK_DESCRIPTOR__INIT;
    Stream__Perfetto__ProcessDescriptor process = STREAM__PERFETTO__PROCESS_DESCRIPTOR__INIT;
    stream_text name = {0};
    stream_text_print(&name, "%s on %s (1 cycle = 1 ns)", t->e->network, t->e->problem->acc->name);
    process.has_pid = 1;
    process.pid = 1;
    process.process_name = name.data;
    track.has_uuid = 1;
    track.uuid = UUID_PROCESS;
    track.process = &process;
    p.track_descriptor = &track;
    write_packet(t, &p);
    stream_text_free(&name);
}

static uint64_t describe_track(tracer *t, char *name, bool counter) {
    packet p = new_packet();
    Stream__Perfetto__TrackDescriptor track = STREAM__PERFETTO__TRACK_DESCRIPTOR__INIT;
    Stream__Perfetto__CounterDescriptor bits = STREAM__PERFETTO__COUNTER_DESCRIPTOR__INIT;
    char unit[] = "bits";
    bits.unit_name = unit;
    track.has_uuid = track.has_parent_uuid = 1;
    track.uuid = t->next_uuid++;
    track.parent_uuid = UUID_PROCESS;
    track.name = name;
    track.counter = counter ? &bits : NULL;
    p.track_descriptor = &track;
    write_packet(t, &p);
    return track.uuid;
}

/* The begin of a slice with what it says. Names and categories are not written to: protobuf-c's
 * fields are only not const. */
typedef struct {
    uint64_t track;
    int64_t start;
    const char *name, *category;
    annotation notes[MAX_NOTES];
    size_t n_notes;
    const uint64_t *begins, *ends; /* ids of arrows */
    size_t n_begins, n_ends;
} slice;

static char *mutable(const char *text) {
    union {
        const char *in;
        char *out;
    } u = {text};
    return u.out;
}

static uint64_t *mutable_ids(const uint64_t *ids) {
    union {
        const uint64_t *in;
        uint64_t *out;
    } u = {ids};
    return u.out;
}

static void note_text(slice *s, const char *name, const char *value) {
    annotation *a = &s->notes[s->n_notes++];
    stream__perfetto__debug_annotation__init(a);
    a->name = mutable(name);
    a->string_value = mutable(value);
}

static void note_integer(slice *s, const char *name, int64_t value) {
    annotation *a = &s->notes[s->n_notes++];
    stream__perfetto__debug_annotation__init(a);
    a->name = mutable(name);
    a->has_int_value = 1;
    a->int_value = value;
}

static void write_event(tracer *t, int64_t time, track_event *event) {
    packet p = new_packet();
    event->has_type = event->has_track_uuid = 1;
    p.has_timestamp = 1;
    p.timestamp = (uint64_t)time;
    p.track_event = event;
    write_packet(t, &p);
}

static void begin_slice(tracer *t, slice *s) {
    track_event event = STREAM__PERFETTO__TRACK_EVENT__INIT;
    annotation *notes[MAX_NOTES];
    char *category = mutable(s->category);
    for (size_t i = 0; i < s->n_notes; ++i)
        notes[i] = &s->notes[i];
    event.type = STREAM__PERFETTO__TRACK_EVENT__TYPE__SLICE_BEGIN;
    event.track_uuid = s->track;
    event.name = mutable(s->name);
    event.n_categories = 1;
    event.categories = &category;
    event.n_debug_annotations = s->n_notes;
    event.debug_annotations = notes;
    event.n_flow_ids = s->n_begins;
    event.flow_ids = mutable_ids(s->begins);
    event.n_terminating_flow_ids = s->n_ends;
    event.terminating_flow_ids = mutable_ids(s->ends);
    write_event(t, s->start, &event);
}

static void end_slice(tracer *t, uint64_t track, int64_t time) {
    track_event event = STREAM__PERFETTO__TRACK_EVENT__INIT;
    event.type = STREAM__PERFETTO__TRACK_EVENT__TYPE__SLICE_END;
    event.track_uuid = track;
    write_event(t, time, &event);
}

static const char *fresh_box(tracer *t, const stream_box *box) {
    stream_text_clear(&t->texts[TEXT_BOX]);
    stream_export_box(box, &t->texts[TEXT_BOX]);
    return t->texts[TEXT_BOX].data;
}

static void begin_ct(tracer *t, int32_t ct) {
    const stream_ct_graph *g = t->e->problem->graph;
    const stream_ct_slot *slot = &t->e->schedule->slots[ct];
    slice s = {.track = t->core_uuid[slot->core],
               .start = slot->start,
               .name = stream_export_layer(t->e, ct),
               .category = "CT",
               .begins = &t->out_of_cts.ids[t->out_of_cts.first[ct]],
               .ends = &t->into_cts.ids[t->into_cts.first[ct]]};
    s.n_begins = (size_t)(t->out_of_cts.first[ct + 1] - t->out_of_cts.first[ct]);
    s.n_ends = (size_t)(t->into_cts.first[ct + 1] - t->into_cts.first[ct]);
    note_text(&s, "layer", s.name);
    note_integer(&s, "CT", ct);
    note_integer(&s, "stack", g->cts[ct].stack);
    note_text(&s, "kernel", g->kernels[g->cts[ct].kernel].name);
    note_text(&s, "output", g->tensors[g->cts[ct].tensor].name);
    note_text(&s, "output box", fresh_box(t, &g->cts[ct].box));
    begin_slice(t, &s);
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

static void begin_use(tracer *t, const stream_track_use *use) {
    const stream_ct_graph *g = t->e->problem->graph;
    const stream_transfer *x = &t->e->schedule->transfers[use->transfer];
    const stream_transfer_flows *flows = &t->flows[use->transfer];
    slice s = {.track = track_of(t, use),
               .start = use->start,
               .name = g->tensors[x->tensor].name,
               .category = "transfer",
               .begins = &flows->out,
               .n_begins = use->last && flows->out,
               .ends = &flows->in,
               .n_ends = use->first && flows->in};
    name_ends(t, x);
    note_integer(&s, "transfer", use->transfer);
    note_text(&s, "tensor", s.name);
    note_text(&s, "box", fresh_box(t, &x->box));
    note_integer(&s, "bits", stream_ct_graph_bits(g, x->tensor, &x->box));
    note_integer(&s, "bits per cycle", x->rate_bits);
    note_text(&s, "from", t->texts[TEXT_FROM].data);
    note_text(&s, "to", t->texts[TEXT_TO].data);
    begin_slice(t, &s);
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
        end_slice(t, use ? track_of(t, use) : t->core_uuid[t->e->schedule->slots[d->index].core],
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

static void write_counter(tracer *t, int32_t instance) {
    stream_text name = {0};
    stream_export_instance_name(t->e->problem->acc, instance, &name);
    uint64_t track = describe_track(t, name.data, true);
    stream_vec steps = stream_occupancy(t->e, instance);
    for (size_t i = 0; i < steps.n; ++i) {
        const stream_occupancy_step *step = &STREAM_AT(stream_occupancy_step, steps, i);
        track_event event = STREAM__PERFETTO__TRACK_EVENT__INIT;
        event.has_counter_value = 1;
        event.type = STREAM__PERFETTO__TRACK_EVENT__TYPE__COUNTER;
        event.track_uuid = track;
        event.counter_value = step->bits;
        write_event(t, step->time, &event);
    }
    stream_vec_free(&steps);
    stream_text_free(&name);
}

static void describe_cores(tracer *t) {
    const stream_accelerator *acc = t->e->problem->acc;
    t->core_uuid = STREAM_NEW(t->arena, uint64_t, (size_t)acc->n_cores);
    for (int32_t c = 0; c < acc->n_cores; ++c)
        if (acc->cores[c].kind == STREAM_CORE_COMPUTE)
            t->core_uuid[c] = describe_track(t, mutable(acc->cores[c].name), false);
}

/* Links without transfers have no track; the others one per lane, of equal names. */
static void describe_tracks(tracer *t) {
    const stream_accelerator *acc = t->e->problem->acc;
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
        t->track_uuid[r] = t->next_uuid;
        for (int32_t lane = 0; lane < t->lanes.n_lanes[r]; ++lane)
            describe_track(t, name.data, false);
        stream_text_free(&name);
    }
}

void stream_export_perfetto(const stream_export *e, stream_text *out) {
    tracer t = {.e = e,
                .out = out,
                .scratch = STREAM_VEC(uint8_t),
                .arena = stream_arena_create(),
                .next_uuid = UUID_FIRST};
    stream_lanes_assign(e, t.arena, &t.lanes);
    stream_flows_find(e, t.arena, &t.out_of_cts, &t.into_cts);
    t.flows = stream_flows_of_transfers(e, &t.out_of_cts, &t.into_cts, t.arena);
    describe_process(&t);
    describe_cores(&t);
    describe_tracks(&t);
    write_slices(&t);
    for (int32_t i = 0; i < e->problem->acc->n_instances; ++i)
        write_counter(&t, i);
    for (int i = 0; i < N_TEXTS; ++i)
        stream_text_free(&t.texts[i]);
    stream_vec_free(&t.scratch);
    stream_arena_destroy(t.arena);
}
