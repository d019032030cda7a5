/* Packets of a Perfetto trace; see perfetto_writer.h. */

#include "perfetto_writer.h"

#include "perfetto.pb-c.h"

typedef Stream__Perfetto__TracePacket packet;
typedef Stream__Perfetto__TrackEvent track_event;
typedef Stream__Perfetto__DebugAnnotation annotation;

/* protobuf-c's fields are not const; nothing writes to them. */
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

void stream_perfetto_close(stream_perfetto *p) {
    stream_vec_free(&p->scratch);
}

/* A packet stands behind a tag and its length. */
static void write_packet(stream_perfetto *p, packet *message) {
    uint8_t header[16] = {0x0a};
    size_t n = 1, size = stream__perfetto__trace_packet__get_packed_size(message);
    for (size_t rest = size;; rest >>= 7) {
        header[n] = (uint8_t)(rest & 0x7f);
        if (rest < 0x80) {
            ++n;
            break;
        }
        header[n++] |= 0x80;
    }
    p->scratch.n = 0;
    p->scratch.element_bytes = 1;
    stream__perfetto__trace_packet__pack(message, stream_vec_push_n(&p->scratch, size ? size : 1));
    stream_text_append(p->out, (const char *)header, n);
    stream_text_append(p->out, p->scratch.data, size);
}

static packet new_packet(void) {
    packet p = STREAM__PERFETTO__TRACE_PACKET__INIT;
    p.has_trusted_packet_sequence_id = 1;
    p.trusted_packet_sequence_id = 1;
    return p;
}

static uint64_t describe(stream_perfetto *p, Stream__Perfetto__TrackDescriptor *track) {
    packet message = new_packet();
    track->has_uuid = track->has_child_ordering = 1;
    track->uuid = ++p->tracks;
    track->child_ordering = STREAM__PERFETTO__TRACK_DESCRIPTOR__CHILD_TRACKS_ORDERING__EXPLICIT;
    message.track_descriptor = track;
    write_packet(p, &message);
    return track->uuid;
}

uint64_t stream_perfetto_process(stream_perfetto *p, const char *name) {
    Stream__Perfetto__TrackDescriptor track = STREAM__PERFETTO__TRACK_DESCRIPTOR__INIT;
    Stream__Perfetto__ProcessDescriptor process = STREAM__PERFETTO__PROCESS_DESCRIPTOR__INIT;
    process.has_pid = 1;
    process.pid = 1;
    process.process_name = mutable(name);
    track.process = &process;
    return describe(p, &track);
}

uint64_t stream_perfetto_track(stream_perfetto *p, uint64_t parent, const char *name,
                               const char *unit) {
    Stream__Perfetto__TrackDescriptor track = STREAM__PERFETTO__TRACK_DESCRIPTOR__INIT;
    Stream__Perfetto__CounterDescriptor counter = STREAM__PERFETTO__COUNTER_DESCRIPTOR__INIT;
    counter.unit_name = mutable(unit);
    track.has_parent_uuid = track.has_sibling_order_rank = 1;
    track.parent_uuid = parent;
    track.sibling_order_rank = p->rank++;
    track.name = mutable(name);
    track.counter = unit ? &counter : NULL;
    return describe(p, &track);
}

void stream_perfetto_note_text(stream_perfetto_slice *s, const char *name, const char *value) {
    s->notes[s->n_notes++] = (stream_perfetto_note){name, value, 0};
}

void stream_perfetto_note_integer(stream_perfetto_slice *s, const char *name, int64_t value) {
    s->notes[s->n_notes++] = (stream_perfetto_note){name, NULL, value};
}

static void annotate(const stream_perfetto_note *note, annotation *out) {
    stream__perfetto__debug_annotation__init(out);
    out->name = mutable(note->name);
    out->string_value = mutable(note->text);
    out->has_int_value = !note->text;
    out->int_value = note->integer;
}

static void write_event(stream_perfetto *p, int64_t time, track_event *event) {
    packet message = new_packet();
    event->has_type = event->has_track_uuid = 1;
    message.has_timestamp = 1;
    message.timestamp = (uint64_t)time;
    message.track_event = event;
    write_packet(p, &message);
}

void stream_perfetto_begin(stream_perfetto *p, const stream_perfetto_slice *s) {
    track_event event = STREAM__PERFETTO__TRACK_EVENT__INIT;
    annotation annotations[STREAM_PERFETTO_NOTES], *notes[STREAM_PERFETTO_NOTES];
    char *category = mutable(s->category);
    for (size_t i = 0; i < s->n_notes; ++i) {
        annotate(&s->notes[i], &annotations[i]);
        notes[i] = &annotations[i];
    }
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
    write_event(p, s->start, &event);
}

void stream_perfetto_end(stream_perfetto *p, uint64_t track, int64_t time) {
    track_event event = STREAM__PERFETTO__TRACK_EVENT__INIT;
    event.type = STREAM__PERFETTO__TRACK_EVENT__TYPE__SLICE_END;
    event.track_uuid = track;
    write_event(p, time, &event);
}

void stream_perfetto_count(stream_perfetto *p, uint64_t track, int64_t time, int64_t value) {
    track_event event = STREAM__PERFETTO__TRACK_EVENT__INIT;
    event.type = STREAM__PERFETTO__TRACK_EVENT__TYPE__COUNTER;
    event.track_uuid = track;
    event.has_counter_value = 1;
    event.counter_value = value;
    write_event(p, time, &event);
}
