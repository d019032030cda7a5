// RUN: unit-export-perfetto

#include "scheduled.h"

/* A reader of the wire format, by field numbers alone: it shares nothing with the writer. */
typedef struct {
    const uint8_t *at, *end;
    bool bad;
} bytes;

typedef struct {
    uint32_t number, wire;
    uint64_t value; /* varint or fixed64 */
    bytes body;     /* length-delimited */
} field;

static uint64_t varint(bytes *b) {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        if (b->at == b->end) {
            b->bad = true;
            return 0;
        }
        uint8_t byte = *b->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
    b->bad = true;
    return 0;
}

static bool next(bytes *b, field *f) {
    if (b->bad || b->at == b->end)
        return false;
    uint64_t key = varint(b);
    *f = (field){.number = (uint32_t)(key >> 3), .wire = (uint32_t)(key & 7)};
    size_t left = (size_t)(b->end - b->at);
    if (f->wire == 0) {
        f->value = varint(b);
    } else if (f->wire == 1 && left >= 8) {
        for (int i = 0; i < 8; ++i)
            f->value |= (uint64_t)b->at[i] << 8 * i;
        b->at += 8;
    } else if (f->wire == 2) {
        uint64_t n = varint(b);
        if (n > (uint64_t)(b->end - b->at)) {
            b->bad = true;
            return false;
        }
        f->body = (bytes){b->at, b->at + n, false};
        b->at += n;
    } else {
        b->bad = true;
    }
    return !b->bad;
}

enum {
    MAX_TRACKS = 512,
    MAX_FLOWS = 8192
};

typedef struct {
    char name[64];
    bool counter;
    bool open;                 /* in a slice */
    int64_t busy, began, last; /* cycles in slices, begin of the open one, time of the last event */
    int64_t peak;              /* of a counter */
    int slices;
} track;

typedef struct {
    track tracks[MAX_TRACKS];
    uint8_t begun[MAX_FLOWS], ended[MAX_FLOWS];
    int n_tracks, wrong, n_ct_slices;
    int64_t time;
} trace;

static void copy_text(const bytes *body, char *out, size_t room) {
    size_t n = (size_t)(body->end - body->at);
    n = n < room - 1 ? n : room - 1;
    memcpy(out, body->at, n);
    out[n] = '\0';
}

/* TrackDescriptor: uuid 1, name 2, counter 8. */
static void read_descriptor(trace *t, bytes b) {
    field f;
    uint64_t uuid = 0;
    track seen = {.last = -1};
    while (next(&b, &f)) {
        uuid = f.number == 1 ? f.value : uuid;
        if (f.number == 2)
            copy_text(&f.body, seen.name, sizeof seen.name);
        seen.counter |= f.number == 8;
    }
    t->wrong += b.bad || uuid == 0 || uuid >= MAX_TRACKS || t->tracks[uuid].last != 0;
    if (uuid < MAX_TRACKS)
        t->tracks[uuid] = seen;
    ++t->n_tracks;
}

static void read_flow(trace *t, uint64_t id, uint8_t *seen) {
    if (id < MAX_FLOWS)
        t->wrong += ++seen[id] != 1;
    else
        ++t->wrong;
}

/* TrackEvent: type 9 (1 begin, 2 end, 4 counter), track 11, category 22, name 23, value 30, flows
 * 47, terminating flows 48. */
static void read_event(trace *t, bytes b) {
    field f;
    uint64_t type = 0, uuid = 0;
    int64_t value = 0;
    char name[64] = "", category[64] = "";
    int notes = 0;
    while (next(&b, &f)) {
        notes += f.number == 4;
        type = f.number == 9 ? f.value : type;
        uuid = f.number == 11 ? f.value : uuid;
        value = f.number == 30 ? (int64_t)f.value : value;
        if (f.number == 22)
            copy_text(&f.body, category, sizeof category);
        if (f.number == 23)
            copy_text(&f.body, name, sizeof name);
        if (f.number == 47)
            read_flow(t, f.value, t->begun);
        if (f.number == 48)
            read_flow(t, f.value, t->ended);
    }
    t->wrong += b.bad || uuid >= MAX_TRACKS || t->tracks[uuid].last == 0;
    if (uuid >= MAX_TRACKS)
        return;
    track *k = &t->tracks[uuid];
    t->wrong += k->last > t->time; /* a track's events are in order */
    k->last = t->time > 0 ? t->time : -1;
    if (type == 1) {
        t->wrong += k->open || k->counter || !*name || notes < 7;
        k->open = true;
        k->began = t->time;
        ++k->slices;
        t->n_ct_slices += !strcmp(category, "CT");
    } else if (type == 2) {
        t->wrong += !k->open || t->time <= k->began;
        k->open = false;
        k->busy += t->time - k->began;
    } else if (type == 4) {
        t->wrong += !k->counter || value < 0;
        k->peak = value > k->peak ? value : k->peak;
    } else {
        ++t->wrong;
    }
}

/* Trace: packets 1. TracePacket: timestamp 8, sequence 10, event 11, descriptor 60. */
static void read_trace(trace *t, const stream_text *out) {
    memset(t, 0, sizeof *t);
    bytes b = {(const uint8_t *)out->data, (const uint8_t *)out->data + out->length, false};
    field packet, f;
    while (next(&b, &packet)) {
        uint64_t sequence = 0;
        t->wrong += packet.number != 1 || packet.wire != 2;
        t->time = 0;
        while (next(&packet.body, &f)) {
            t->time = f.number == 8 ? (int64_t)f.value : t->time;
            sequence = f.number == 10 ? f.value : sequence;
            if (f.number == 11)
                read_event(t, f.body);
            if (f.number == 60)
                read_descriptor(t, f.body);
        }
        t->wrong += packet.body.bad || sequence != 1;
    }
    t->wrong += b.bad;
}

static const track *find(const trace *t, const char *name) {
    for (int i = 0; i < MAX_TRACKS; ++i)
        if (t->tracks[i].last != 0 && !strcmp(t->tracks[i].name, name))
            return &t->tracks[i];
    return NULL;
}

static int wrong_cores(const trace *t, const scheduled *s) {
    int wrong = 0;
    for (int32_t c = 0; c < s->instance.acc.n_cores; ++c) {
        const track *k = find(t, s->instance.acc.cores[c].name);
        bool computes = s->instance.acc.cores[c].kind == STREAM_CORE_COMPUTE;
        wrong += !!k != computes;
        wrong += k && k->busy != s->schedule.summary.busy_cycles[c];
    }
    return wrong;
}

static int wrong_memories(const trace *t, const scheduled *s) {
    int wrong = 0;
    for (int32_t i = 0; i < s->instance.acc.n_instances; ++i) {
        char name[128];
        const stream_instance *m = &s->instance.acc.instances[i];
        snprintf(name, sizeof name, "%s.%s", s->instance.acc.cores[m->core].name,
                 s->instance.acc.cores[m->core].memories[m->level].name);
        const track *k = find(t, name);
        wrong += !k || !k->counter || k->peak > m->size_bits;
        wrong += k && k->peak != s->schedule.summary.peak_bits[i];
    }
    return wrong;
}

static bool carries(const stream_accelerator *acc, const stream_transfer *x, int32_t resource) {
    for (int32_t i = 0; i < x->n_resources; ++i)
        if (x->resources[i] == resource)
            return true;
    for (int32_t k = 0; k < x->n_targets; ++k)
        if (stream_accelerator_port(acc, x->targets[k].instance, x->target_operand, true) ==
            resource)
            return true;
    return false;
}

/* What streams of CTs take of a resource at a time. */
static int64_t streamed_rate(const scheduled *s, int32_t resource, int64_t at) {
    const stream_accelerator *acc = &s->instance.acc;
    int64_t rate = 0;
    for (int32_t i = 0; i < s->schedule.n_streams; ++i) {
        const stream_ct_stream *x = &s->schedule.streams[i];
        for (int w = 0; w < 2; ++w) {
            const stream_flow *flow = w ? &x->write : &x->read;
            if (s->schedule.slots[x->ct].start > at || s->schedule.slots[x->ct].end <= at)
                continue;
            for (int32_t k = 0; k < flow->n_resources; ++k)
                rate += flow->resources[k] == resource ? flow->rate_bits : 0;
            if (stream_accelerator_port(acc, acc->offchip_instance, x->operand, w) == resource)
                rate += flow->rate_bits;
        }
    }
    return rate;
}

static int64_t rate_at(const scheduled *s, int32_t resource, int64_t at) {
    const stream_accelerator *acc = &s->instance.acc;
    int64_t rate = streamed_rate(s, resource, at);
    for (int32_t j = 0; j < s->schedule.n_transfers; ++j) {
        const stream_transfer *x = &s->schedule.transfers[j];
        if (x->start > at || x->end <= at)
            continue;
        rate += carries(acc, x, resource) ? x->rate_bits : 0;
        rate += stream_accelerator_port(acc, x->source, x->source_operand, false) == resource
                    ? x->rate_bits
                    : 0;
    }
    return rate;
}

/* The highest sum of rates on a resource: it is reached at the start of some transfer or CT. */
static int64_t peak_rate(const scheduled *s, int32_t resource) {
    int64_t peak = 0;
    for (int32_t i = 0; i < s->schedule.n_transfers; ++i)
        peak = stream_max_i64(peak, rate_at(s, resource, s->schedule.transfers[i].start));
    for (int32_t i = 0; i < s->instance.graph.n_cts; ++i)
        peak = stream_max_i64(peak, rate_at(s, resource, s->schedule.slots[i].start));
    return peak;
}

static void rate_name(const stream_accelerator *acc, int32_t resource, char *out, size_t room) {
    const stream_resource *r = &acc->resources[resource];
    const stream_link *link = &acc->links[r->link];
    long long width = (long long)r->bandwidth_bits;
    if (r->kind == STREAM_RESOURCE_PORT) {
        const stream_core *core = &acc->cores[acc->instances[r->instance].core];
        const stream_memory *m = &core->memories[acc->instances[r->instance].level];
        snprintf(out, room, "%s.%s %s (of %lld)", core->name, m->name, m->ports[r->port].name,
                 width);
    } else if (link->bus) {
        snprintf(out, room, "%s (of %lld)", link->name, width);
    } else {
        snprintf(out, room, "%s %s>%s (of %lld)", link->name,
                 acc->cores[link->cores[r->reversed]].name,
                 acc->cores[link->cores[!r->reversed]].name, width);
    }
}

/* Bits per cycle of every link and port, against the transfers and streams that use it. */
static int wrong_rates(const trace *t, const scheduled *s) {
    const stream_accelerator *acc = &s->instance.acc;
    int wrong = 0;
    for (int32_t r = 0; r < acc->n_resources; ++r) {
        int64_t peak = peak_rate(s, r);
        char name[256];
        rate_name(acc, r, name, sizeof name);
        const track *k = find(t, name);
        wrong += !k != !peak || (k && (!k->counter || k->peak != peak));
        wrong += peak > acc->resources[r].bandwidth_bits;
    }
    return wrong;
}

/* Cycles on links and in copies, once for every link of a transfer or stream. */
static int wrong_transfers(const trace *t, const scheduled *s) {
    int64_t want = 0, got = 0;
    int slices = 0, n = 0;
    for (int32_t i = 0; i < s->schedule.n_transfers; ++i) {
        const stream_transfer *x = &s->schedule.transfers[i];
        int32_t uses = x->n_resources ? x->n_resources : 1;
        want += uses * (x->end - x->start);
        n += uses;
    }
    for (int32_t i = 0; i < s->schedule.n_streams; ++i) {
        const stream_ct_stream *x = &s->schedule.streams[i];
        const stream_ct_slot *slot = &s->schedule.slots[x->ct];
        int32_t uses = x->read.n_resources + x->write.n_resources;
        want += uses * (slot->end - slot->start);
        n += uses;
    }
    for (int i = 0; i < MAX_TRACKS; ++i) {
        got += t->tracks[i].busy;
        slices += t->tracks[i].slices;
    }
    for (int32_t c = 0; c < s->instance.acc.n_cores; ++c)
        got -= s->schedule.summary.busy_cycles[c];
    return (got != want) + (slices - t->n_ct_slices != n);
}

static int wrong_flows(const trace *t, const scheduled *s, int *out_n) {
    int wrong = 0, into = 0, want = 0;
    for (int i = 0; i < MAX_FLOWS; ++i) {
        wrong += t->begun[i] != t->ended[i];
        into += t->begun[i] && i % 2 == 1;
        *out_n += t->begun[i];
    }
    for (int32_t i = 0; i < s->schedule.n_transfers; ++i)
        want += s->schedule.transfers[i].writer >= 0;
    return wrong + (into != want); /* every transfer of a result has an arrow from its CT */
}

static void reads_back(void) {
    int wrong = 0, n = 0, flows = 0;
    trace *t = malloc(sizeof *t);
    for (unsigned seed = 1; t && seed <= 120; ++seed) {
        scheduled s;
        if (scheduled_open(&s, seed)) {
            stream_export_perfetto(&s.e, &s.out);
            read_trace(t, &s.out);
            int w = t->wrong + wrong_cores(t, &s) + wrong_memories(t, &s) + wrong_transfers(t, &s) +
                    wrong_rates(t, &s) + wrong_flows(t, &s, &flows);
            w += t->n_ct_slices != s.instance.graph.n_cts;
            if (w)
                printf("# seed %u: %d wrong (%d %d %d %d %d)\n", seed, w, t->wrong,
                       wrong_cores(t, &s), wrong_memories(t, &s), wrong_transfers(t, &s),
                       wrong_rates(t, &s));
            wrong += w;
            ++n;
        }
        scheduled_close(&s);
    }
    free(t);
    CHECK_EQ(wrong, 0);
    CHECK(n >= 40);
    CHECK(flows >= 100);
}

/* The same schedule gives the same bytes, after what is there already. */
static void appends_the_same(void) {
    scheduled s;
    unsigned seed = 1;
    while (!scheduled_open(&s, seed))
        scheduled_close(&s), ++seed;
    stream_export_perfetto(&s.e, &s.out);
    size_t n = s.out.length;
    stream_export_perfetto(&s.e, &s.out);
    CHECK(n > 0);
    CHECK_EQ(s.out.length, 2 * n);
    CHECK(!memcmp(s.out.data, s.out.data + n, n));
    scheduled_close(&s);
}

int main(void) {
    reads_back();
    appends_the_same();
    return test_done();
}
