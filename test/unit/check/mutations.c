// RUN: unit-check-mutations

/* Valid schedules, one field changed at random: the checker and a cycle-by-cycle simulation
 * (oracle.h) must agree on every one of them. */

#include "instance.h"
#include "oracle.h"

#include "stream/check/check.h"

#define N_ROUNDS 400 /* per machine */

static char last_message[1000];

static void keep_message(void *user, stream_severity severity, stream_loc loc, const char *text) {
    (void)user;
    (void)severity;
    (void)loc;
    snprintf(last_message, sizeof last_message, "%s", text);
}

static const stream_diag diag = {.emit = keep_message};

/* A schedule that can be written to. */
typedef struct {
    stream_schedule s;
    stream_ct_slot *slots;
    stream_transfer *transfers;
    stream_transfer_target *targets; /* one per transfer */
    int32_t *resources;              /* up to 4 per transfer */
    stream_resident *residents;
    stream_ct_stream *streams;
    int32_t *flows; /* 8 per stream: resources of read, of write */
    int64_t busy[16], peak[16];
} mutable;

static void *copy_of(stream_arena *arena, const void *data, size_t n, size_t size) {
    void *out = stream_arena_alloc(arena, n, size);
    if (n)
        memcpy(out, data, n * size);
    return out;
}

static void make_mutable(const sample *in, stream_arena *arena, mutable *m) {
    const stream_schedule *s = &in->schedule;
    m->s = *s;
    m->slots = copy_of(arena, s->slots, (size_t)in->graph.n_cts, sizeof *s->slots);
    m->transfers = copy_of(arena, s->transfers, (size_t)s->n_transfers, sizeof *s->transfers);
    m->residents = copy_of(arena, s->residents, (size_t)s->n_residents, sizeof *s->residents);
    m->targets = STREAM_NEW(arena, stream_transfer_target, (size_t)s->n_transfers);
    m->resources = STREAM_NEW(arena, int32_t, (size_t)s->n_transfers * 4);
    for (int32_t i = 0; i < s->n_transfers; ++i) {
        m->targets[i] = s->transfers[i].targets[0];
        m->transfers[i].targets = &m->targets[i];
        for (int32_t k = 0; k < s->transfers[i].n_resources; ++k)
            m->resources[4 * i + k] = s->transfers[i].resources[k];
        m->transfers[i].resources = &m->resources[4 * i];
    }
    m->streams = copy_of(arena, s->streams, (size_t)s->n_streams, sizeof *s->streams);
    m->flows = STREAM_NEW(arena, int32_t, (size_t)s->n_streams * 8);
    for (int32_t i = 0; i < s->n_streams; ++i) {
        stream_flow *both[] = {&m->streams[i].read, &m->streams[i].write};
        for (int32_t w = 0; w < 2; ++w) {
            for (int32_t k = 0; k < both[w]->n_resources; ++k)
                m->flows[8 * i + 4 * w + k] = both[w]->resources[k];
            both[w]->resources = &m->flows[8 * i + 4 * w];
        }
    }
    m->s.streams = m->streams;
    m->s.slots = m->slots;
    m->s.transfers = m->transfers;
    m->s.residents = m->residents;
}

/* A small step, or another plausible value. */
static int64_t nudged(unsigned *seed, int64_t value) {
    static const int64_t steps[] = {1, -1, 2, -2, 8, -8, 16, -16, 3, 40};
    int64_t to = value + steps[test_random(seed) % 10];
    return to < 0 ? value + 1 : to;
}

static void mutate_ct(const sample *in, mutable *m, unsigned *seed) {
    stream_ct_slot *s = &m->slots[test_random(seed) % (unsigned)in->graph.n_cts];
    stream_ct_slot *other = &m->slots[test_random(seed) % (unsigned)in->graph.n_cts];
    int64_t start = nudged(seed, s->start);
    switch (test_random(seed) % 7) {
    case 0: /* moved whole */
        s->end += start - s->start;
        s->start = start;
        break;
    case 1:
        s->start = start < s->end ? start : s->start;
        break;
    case 2:
        s->end = nudged(seed, s->end) > s->start ? nudged(seed, s->end) : s->end;
        if (s->end <= s->start)
            s->end = s->start + 1;
        break;
    case 3:
        s->address = nudged(seed, s->address);
        break;
    case 4:
        s->until = nudged(seed, s->until);
        break;
    case 5:
        s->core = (int32_t)(test_random(seed) % 3);
        break;
    case 6: {
        int32_t core = s->core;
        s->core = other->core;
        other->core = core;
    }
    }
}

static void drop_transfer(mutable *m, int32_t i) {
    for (int32_t k = i; k + 1 < m->s.n_transfers; ++k)
        m->transfers[k] = m->transfers[k + 1];
    --m->s.n_transfers;
}

static void mutate_box(const sample *in, stream_transfer *t, unsigned *seed) {
    int d = (int)(test_random(seed) % 2), grow = test_random(seed) % 2 ? 1 : -1;
    stream_box box = t->box;
    if (test_random(seed) % 2)
        box.lo[d] += grow;
    else
        box.size[d] += grow;
    if (box.lo[d] >= 0 && box.size[d] > 0 &&
        box.lo[d] + box.size[d] <= in->graph.tensors[t->tensor].shape[d])
        t->box = box;
}

static void mutate_transfer(const sample *in, mutable *m, unsigned *seed) {
    int32_t i = (int32_t)(test_random(seed) % (unsigned)m->s.n_transfers);
    stream_transfer *t = &m->transfers[i];
    int64_t start = nudged(seed, t->start);
    switch (test_random(seed) % 14) {
    case 0:
        drop_transfer(m, i);
        break;
    case 1:
        t->end += start - t->start;
        t->start = start;
        break;
    case 2:
        t->end = t->end - t->start > 1 ? t->end - 1 : t->end + 1;
        break;
    case 3:
        m->targets[i].address = nudged(seed, m->targets[i].address);
        break;
    case 4:
        m->targets[i].until = nudged(seed, m->targets[i].until);
        break;
    case 5:
        t->source_address = nudged(seed, t->source_address);
        break;
    case 6:
        t->rate_bits = nudged(seed, t->rate_bits) > 0 ? nudged(seed, t->rate_bits) : 1;
        if (t->rate_bits < 1)
            t->rate_bits = 1;
        break;
    case 7:
        t->source = (int32_t)(test_random(seed) % (unsigned)in->hw.acc.n_instances);
        break;
    case 8:
        m->targets[i].instance = (int32_t)(test_random(seed) % (unsigned)in->hw.acc.n_instances);
        break;
    case 9:
        mutate_box(in, t, seed);
        break;
    case 10:
        if (t->writer >= 0)
            t->writer = t->writer > 0 && test_random(seed) % 2 ? t->writer - 1 : t->writer + 1;
        if (t->writer >= in->graph.n_cts)
            t->writer = 0;
        break;
    case 11:
        if (t->n_resources > 0)
            m->resources[4 * i] ^= in->hw.acc.links[0].bus ? 0 : 1;
        break;
    case 12:
        t->n_resources -= t->n_resources > 0;
        break;
    case 13: /* slower, and as long as that takes: legal if nobody minds */
        t->rate_bits = t->rate_bits > 1 ? t->rate_bits - 1 : 1;
        t->end = t->start + stream_ceil_div(8 * stream_box_volume(&t->box), t->rate_bits) +
                 t->latency_cycles;
    }
}

static void drop_stream(mutable *m, int32_t i) {
    for (int32_t k = i; k + 1 < m->s.n_streams; ++k)
        m->streams[k] = m->streams[k + 1];
    --m->s.n_streams;
}

static void mutate_stream(const sample *in, mutable *m, unsigned *seed) {
    int32_t i = (int32_t)(test_random(seed) % (unsigned)m->s.n_streams), w = 0;
    stream_ct_stream *s = &m->streams[i];
    w = (int32_t)(test_random(seed) % 2);
    stream_flow *flow = w ? &s->write : &s->read;
    switch (test_random(seed) % 6) {
    case 0:
        drop_stream(m, i);
        break;
    case 1:
        flow->rate_bits = nudged(seed, flow->rate_bits);
        break;
    case 2:
        s->address = nudged(seed, s->address);
        break;
    case 3:
        if (flow->n_resources > 0)
            m->flows[8 * i + 4 * w] ^= in->hw.acc.links[0].bus ? 0 : 1;
        break;
    case 4:
        flow->n_resources -= flow->n_resources > 0;
        break;
    case 5:
        if (i + 1 < m->s.n_streams && m->streams[i + 1].ct > s->ct && s->operand < STREAM_O)
            ++s->operand;
        break;
    }
}

static void mutate(const sample *in, mutable *m, unsigned *seed) {
    unsigned what = test_random(seed) % 20;
    if (m->s.n_streams > 0 && test_random(seed) % 3 == 0)
        mutate_stream(in, m, seed);
    else if (what < 8)
        mutate_ct(in, m, seed);
    else if (what < 18)
        mutate_transfer(in, m, seed);
    else if (what == 18)
        m->residents[test_random(seed) % 2].until = nudged(seed, 3);
    else
        m->residents[test_random(seed) % 2].address = nudged(seed, 8);
}

static const char *simulate(const sample *in, mutable *m) {
    stream_schedule_summary summary;
    memset(m->busy, 0, sizeof m->busy);
    memset(m->peak, 0, sizeof m->peak);
    const char *wrong = oracle_run(&in->problem, &m->s, m->busy, m->peak, &summary);
    m->s.summary = summary;
    return wrong;
}

static bool accepted(const sample *in, const mutable *m) {
    int32_t violations = 0;
    last_message[0] = 0;
    stream_status status = stream_check_schedule(&in->problem, &m->s, NULL, &diag, &violations);
    return status == STREAM_OK && violations == 0;
}

typedef struct {
    int invalid, caught, legal, disagreements;
} tally;

static void one(int kind, unsigned seed, tally *t) {
    sample in;
    mutable m;
    if (!instance_open(&in, seed, kind)) {
        ++t->disagreements;
        return;
    }
    make_mutable(&in, in.arena, &m);
    const char *wrong = simulate(&in, &m);
    if (wrong || !accepted(&in, &m)) {
        printf("# machine %d seed %u: the schedule is wrong: %s / %s\n", kind, seed,
               wrong ? wrong : "legal", last_message);
        ++t->invalid;
    }
    unsigned random = seed * 7919 + 17;
    mutate(&in, &m, &random);
    wrong = simulate(&in, &m);
    bool ok = accepted(&in, &m);
    t->caught += wrong && !ok;
    t->legal += !wrong && ok;
    if (ok == (wrong != NULL)) {
        printf("# machine %d seed %u: simulated %s, checked '%s'\n", kind, seed,
               wrong ? wrong : "legal", last_message);
        ++t->disagreements;
    }
    instance_close(&in);
}

int main(void) {
    for (int kind = 0; kind < N_MACHINES; ++kind) {
        tally t = {0};
        for (unsigned seed = 1; seed <= N_ROUNDS; ++seed)
            one(kind, seed, &t);
        printf("# machine %d: %d mutations, %d caught, %d still legal\n", kind, N_ROUNDS, t.caught,
               t.legal);
        CHECK_EQ(t.invalid, 0);
        CHECK_EQ(t.disagreements, 0);
        CHECK(t.caught >= 200);
        CHECK(t.legal > 0);
    }
    return test_done();
}
