/* Perfetto traces; see stream/export/export.h. */

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
    MAX_ANNOTATIONS = 10,
    MAX_FLOWS = 64
};
enum {
    UUID_PROCESS = 1,
    UUID_FIRST = 2
};

typedef struct {
    const stream_export *e;
    stream_text *out;
    stream_vec scratch; /* bytes of one packet */
    stream_arena *arena;
    stream_lanes lanes;
    uint64_t *link_uuid; /* [n_resources] track of the first lane; the others follow */
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

/* One slice as its begin and end; arguments and flows are on the begin. */
typedef struct {
    uint64_t track;
    int64_t start, end;
    char *name, *category;
    annotation notes[MAX_ANNOTATIONS];
    size_t n_notes;
    uint64_t begins[MAX_FLOWS], ends[MAX_FLOWS]; /* flow ids */
    size_t n_begins, n_ends;
} slice;

static void note_text(slice *s, char *name, char *value) {
    annotation *a = &s->notes[s->n_notes++];
    stream__perfetto__debug_annotation__init(a);
    a->name = name;
    a->string_value = value;
}

static void note_integer(slice *s, char *name, int64_t value) {
    annotation *a = &s->notes[s->n_notes++];
    stream__perfetto__debug_annotation__init(a);
    a->name = name;
    a->has_int_value = 1;
    a->int_value = value;
}

static void begin_slice(tracer *t, slice *s) {
    packet p = new_packet();
    track_event event = STREAM__PERFETTO__TRACK_EVENT__INIT;
    annotation *notes[MAX_ANNOTATIONS];
    for (size_t i = 0; i < s->n_notes; ++i)
        notes[i] = &s->notes[i];
    event.has_type = event.has_track_uuid = 1;
    event.type = STREAM__PERFETTO__TRACK_EVENT__TYPE__SLICE_BEGIN;
    event.track_uuid = s->track;
    event.name = s->name;
    event.n_categories = 1;
    event.categories = &s->category;
    event.n_debug_annotations = s->n_notes;
    event.debug_annotations = notes;
    event.n_flow_ids = s->n_begins;
    event.flow_ids = s->begins;
    event.n_terminating_flow_ids = s->n_ends;
    event.terminating_flow_ids = s->ends;
    p.has_timestamp = 1;
    p.timestamp = (uint64_t)s->start;
    p.track_event = &event;
    write_packet(t, &p);
}

static void end_slice(tracer *t, const slice *s) {
    packet p = new_packet();
    track_event event = STREAM__PERFETTO__TRACK_EVENT__INIT;
    event.has_type = event.has_track_uuid = 1;
    event.type = STREAM__PERFETTO__TRACK_EVENT__TYPE__SLICE_END;
    event.track_uuid = s->track;
    p.has_timestamp = 1;
    p.timestamp = (uint64_t)s->end;
    p.track_event = &event;
    write_packet(t, &p);
}

static char *copy(tracer *t, stream_text *text) {
    char *kept = stream_arena_strdup(t->arena, text->data ? text->data : "");
    stream_text_free(text);
    return kept;
}

static char *box_text(tracer *t, const stream_box *box) {
    stream_text text = {0};
    stream_export_box(box, &text);
    return copy(t, &text);
}

/* A flow id per transfer and per (transfer, reader) would fan out without bound: one arrow into a
 * transfer from the CT that made its data, and one out of it to the first CT that starts after it
 * and reads it. */
static uint64_t flow_in(int32_t transfer) {
    return 2 * (uint64_t)transfer + 1;
}
static uint64_t flow_out(int32_t transfer) {
    return 2 * (uint64_t)transfer + 2;
}

/* [n_transfers] the CT that the transfer feeds first, or -1. */
static int32_t first_reader(const stream_export *e, int32_t transfer) {
    const stream_transfer *t = &e->schedule->transfers[transfer];
    const stream_ct_graph *g = e->problem->graph;
    int32_t best = -1;
    for (int32_t i = g->reader_first[t->tensor]; i < g->reader_first[t->tensor + 1]; ++i) {
        const stream_ct_read *read = &g->reads[g->readers[i]];
        int32_t ct = g->read_ct[g->readers[i]];
        const stream_ct_slot *slot = &e->schedule->slots[ct];
        bool here = false;
        for (int32_t k = 0; k < t->n_targets; ++k)
            here |= e->problem->acc->top[slot->core * STREAM_N_OPERANDS + read->operand] ==
                    t->targets[k].instance;
        if (here && slot->start >= t->end && stream_box_overlaps(&read->box, &t->box) &&
            (best < 0 || slot->start < e->schedule->slots[best].start))
            best = ct;
    }
    return best;
}

typedef struct {
    int32_t ct;
    uint64_t flow;
} flow_end;

static int by_ct(const void *a, const void *b) {
    const flow_end *x = a, *y = b;
    if (x->ct != y->ct)
        return x->ct - y->ct;
    return (x->flow > y->flow) - (x->flow < y->flow);
}

/* Flow ends at CTs, sorted by CT: outgoing (into transfers) or incoming (out of transfers). */
static stream_vec flows_of_cts(const stream_export *e, bool outgoing) {
    stream_vec list = STREAM_VEC(flow_end);
    for (int32_t i = 0; i < e->schedule->n_transfers; ++i) {
        const stream_transfer *t = &e->schedule->transfers[i];
        int32_t ct = outgoing ? t->writer : first_reader(e, i);
        if (ct >= 0 && t->n_resources > 0)
            *(flow_end *)stream_vec_push(&list) =
                (flow_end){ct, outgoing ? flow_in(i) : flow_out(i)};
    }
    if (list.n)
        qsort(list.data, list.n, sizeof(flow_end), by_ct);
    return list;
}

static size_t take_flows(const stream_vec *list, size_t *at, int32_t ct, uint64_t *out) {
    size_t n = 0;
    for (; *at < list->n && STREAM_AT(flow_end, *list, *at).ct == ct; ++*at)
        if (n < MAX_FLOWS)
            out[n++] = STREAM_AT(flow_end, *list, *at).flow;
    return n;
}

static void add_cts(tracer *t, const uint64_t *core_uuid, stream_vec *slices) {
    const stream_ct_graph *g = t->e->problem->graph;
    stream_vec out = flows_of_cts(t->e, true), in = flows_of_cts(t->e, false);
    size_t out_at = 0, in_at = 0;
    static char category[] = "CT", layer[] = "layer", ct_name[] = "CT", kernel[] = "kernel",
                box[] = "output box", stack[] = "stack";
    for (int32_t i = 0; i < g->n_cts; ++i) {
        const stream_ct_slot *slot = &t->e->schedule->slots[i];
        slice *s = stream_vec_push(slices);
        s->track = core_uuid[slot->core];
        s->start = slot->start;
        s->end = slot->end;
        s->name = stream_arena_strdup(t->arena, stream_export_layer(t->e, i));
        s->category = category;
        note_text(s, layer, s->name);
        note_integer(s, ct_name, i);
        note_integer(s, stack, g->cts[i].stack);
        note_text(s, kernel, stream_arena_strdup(t->arena, g->kernels[g->cts[i].kernel].name));
        note_text(s, box, box_text(t, &g->cts[i].box));
        s->n_begins = take_flows(&out, &out_at, i, s->begins);
        s->n_ends = take_flows(&in, &in_at, i, s->ends);
    }
    stream_vec_free(&out);
    stream_vec_free(&in);
}

static void add_transfers(tracer *t, stream_vec *slices) {
    const stream_ct_graph *g = t->e->problem->graph;
    static char category[] = "transfer", tensor[] = "tensor", box[] = "box", bits[] = "bits",
                rate[] = "bits per cycle", from[] = "from", to[] = "to";
    int32_t use = 0;
    for (int32_t i = 0; i < t->e->schedule->n_transfers; ++i) {
        const stream_transfer *x = &t->e->schedule->transfers[i];
        stream_text source = {0}, target = {0};
        stream_export_instance_name(t->e->problem->acc, x->source, &source);
        for (int32_t k = 0; k < x->n_targets; ++k) {
            stream_text_str(&target, k ? ", " : "");
            stream_export_instance_name(t->e->problem->acc, x->targets[k].instance, &target);
        }
        char *source_name = copy(t, &source), *target_name = copy(t, &target);
        for (int32_t r = 0; r < x->n_resources; ++r, ++use) {
            slice *s = stream_vec_push(slices);
            s->track = t->link_uuid[x->resources[r]] + (uint64_t)t->lanes.lane[use];
            s->start = x->start;
            s->end = x->end;
            s->name = stream_arena_strdup(t->arena, g->tensors[x->tensor].name);
            s->category = category;
            note_text(s, tensor, s->name);
            note_text(s, box, box_text(t, &x->box));
            note_integer(s, bits, stream_ct_graph_bits(g, x->tensor, &x->box));
            note_integer(s, rate, x->rate_bits);
            note_text(s, from, source_name);
            note_text(s, to, target_name);
            if (r == 0 && x->writer >= 0)
                s->ends[s->n_ends++] = flow_in(i);
            if (r == x->n_resources - 1)
                s->begins[s->n_begins++] = flow_out(i);
        }
    }
}

/* Begin or end of a slice, in the order of the file: by time, ends before begins. */
typedef struct {
    int64_t time;
    int32_t begins, slice;
} edge;

static int by_edge(const void *a, const void *b) {
    const edge *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return x->begins != y->begins ? x->begins - y->begins : x->slice - y->slice;
}

static void write_slices(tracer *t, stream_vec *slices) {
    stream_vec edges = STREAM_VEC(edge);
    for (size_t i = 0; i < slices->n; ++i) {
        const slice *s = &STREAM_AT(slice, *slices, i);
        *(edge *)stream_vec_push(&edges) = (edge){s->start, 1, (int32_t)i};
        *(edge *)stream_vec_push(&edges) = (edge){s->end, 0, (int32_t)i};
    }
    if (edges.n)
        qsort(edges.data, edges.n, sizeof(edge), by_edge);
    for (size_t i = 0; i < edges.n; ++i) {
        const edge *d = &STREAM_AT(edge, edges, i);
        if (d->begins)
            begin_slice(t, &STREAM_AT(slice, *slices, d->slice));
        else
            end_slice(t, &STREAM_AT(slice, *slices, d->slice));
    }
    stream_vec_free(&edges);
}

static void write_counter(tracer *t, int32_t instance) {
    stream_text name = {0};
    stream_export_instance_name(t->e->problem->acc, instance, &name);
    uint64_t track = describe_track(t, name.data, true);
    stream_vec steps = stream_occupancy(t->e, instance);
    for (size_t i = 0; i < steps.n; ++i) {
        const stream_occupancy_step *step = &STREAM_AT(stream_occupancy_step, steps, i);
        packet p = new_packet();
        track_event event = STREAM__PERFETTO__TRACK_EVENT__INIT;
        event.has_type = event.has_track_uuid = event.has_counter_value = 1;
        event.type = STREAM__PERFETTO__TRACK_EVENT__TYPE__COUNTER;
        event.track_uuid = track;
        event.counter_value = step->bits;
        p.has_timestamp = 1;
        p.timestamp = (uint64_t)step->time;
        p.track_event = &event;
        write_packet(t, &p);
    }
    stream_vec_free(&steps);
    stream_text_free(&name);
}

static uint64_t *describe_cores(tracer *t) {
    const stream_accelerator *acc = t->e->problem->acc;
    uint64_t *uuid = STREAM_NEW(t->arena, uint64_t, (size_t)acc->n_cores);
    for (int32_t c = 0; c < acc->n_cores; ++c)
        if (acc->cores[c].kind == STREAM_CORE_COMPUTE)
            uuid[c] = describe_track(t, stream_arena_strdup(t->arena, acc->cores[c].name), false);
    return uuid;
}

static void describe_links(tracer *t) {
    const stream_accelerator *acc = t->e->problem->acc;
    t->link_uuid = STREAM_NEW(t->arena, uint64_t, (size_t)acc->n_resources);
    for (int32_t r = 0; r < acc->n_resources; ++r) {
        if (acc->resources[r].kind != STREAM_RESOURCE_LINK)
            continue;
        stream_text name = {0};
        stream_export_resource_name(acc, r, &name);
        t->link_uuid[r] = t->next_uuid;
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
    stream_vec slices = STREAM_VEC(slice);
    stream_lanes_assign(e, t.arena, &t.lanes);
    describe_process(&t);
    uint64_t *core_uuid = describe_cores(&t);
    describe_links(&t);
    add_cts(&t, core_uuid, &slices);
    add_transfers(&t, &slices);
    write_slices(&t, &slices);
    for (int32_t i = 0; i < e->problem->acc->n_instances; ++i)
        write_counter(&t, i);
    stream_vec_free(&slices);
    stream_vec_free(&t.scratch);
    stream_arena_destroy(t.arena);
}
