// RUN: unit-check-garbage

/* Fields with arbitrary values are refused with a message that begins with a rule, and never do
 * harm; every field of the summary is compared. */

#include "instance.h"
#include "oracle.h"

#include "stream/check/check.h"

#define N_ROUNDS 3000

static int bad_messages, messages;

static void look_at(void *user, stream_severity severity, stream_loc loc, const char *text) {
    (void)user;
    (void)severity;
    (void)loc;
    ++messages;
    if (text[0] != 'R' && strncmp(text, "the schedule breaks", 19) != 0)
        ++bad_messages;
}

static const stream_diag diag = {.emit = look_at};

static int64_t garbage(unsigned *seed) {
    static const int64_t values[] = {0,
                                     -1,
                                     1,
                                     INT64_MAX,
                                     INT64_MIN,
                                     INT32_MAX,
                                     INT32_MIN,
                                     7,
                                     INT64_MIN + 1,
                                     INT64_MAX - 1,
                                     (int64_t)1 << 62,
                                     -((int64_t)1 << 62),
                                     1000000007,
                                     64,
                                     12,
                                     -8};
    return values[test_random(seed) % 16];
}

static void spoil_ct(stream_ct_slot *s, unsigned *seed) {
    int64_t v = garbage(seed);
    switch (test_random(seed) % 5) {
    case 0:
        s->core = (int32_t)v;
        break;
    case 1:
        s->start = v;
        break;
    case 2:
        s->end = v;
        break;
    case 3:
        s->address = v;
        break;
    case 4:
        s->until = v;
    }
}

static void spoil_transfer(stream_transfer *t, stream_transfer_target *target, int32_t *resources,
                           unsigned *seed) {
    int64_t v = garbage(seed);
    switch (test_random(seed) % 16) {
    case 0:
        t->tensor = (int32_t)v;
        break;
    case 1:
        t->box.lo[test_random(seed) % STREAM_MAX_RANK] = (int32_t)v;
        break;
    case 2:
        t->box.size[test_random(seed) % STREAM_MAX_RANK] = (int32_t)v;
        break;
    case 3:
        t->box.rank = (int32_t)v;
        break;
    case 4:
        t->writer = (int32_t)v;
        break;
    case 5:
        t->source = (int32_t)v;
        break;
    case 6:
        t->source_address = v;
        break;
    case 7:
        t->source_operand = (uint8_t)v;
        break;
    case 8:
        t->target_operand = (uint8_t)v;
        break;
    case 9:
        t->rate_bits = v;
        break;
    case 10:
        t->latency_cycles = v;
        break;
    case 11:
        t->start = v;
        break;
    case 12:
        t->end = v;
        break;
    case 13:
        target->instance = (int32_t)v;
        break;
    case 14:
        test_random(seed) % 2 ? (target->address = v) : (target->until = v);
        break;
    case 15:
        resources[0] = (int32_t)v;
    }
}

static void spoil_stream(sample *in, stream_ct_stream *s, unsigned *seed) {
    int64_t v = garbage(seed);
    stream_flow *flow = test_random(seed) % 2 ? &s->read : &s->write;
    int32_t *resources = STREAM_NEW(in->arena, int32_t, (size_t)flow->n_resources + 1);
    switch (test_random(seed) % 5) {
    case 0:
        s->ct = (int32_t)v;
        break;
    case 1:
        s->operand = (uint8_t)v;
        break;
    case 2:
        s->address = v;
        break;
    case 3:
        flow->rate_bits = v;
        break;
    case 4:
        for (int32_t k = 1; k < flow->n_resources; ++k)
            resources[k] = flow->resources[k];
        resources[0] = (int32_t)v;
        flow->resources = resources;
        flow->n_resources += flow->n_resources == 0;
    }
}

static void spoil(sample *in, stream_schedule *s, unsigned *seed) {
    stream_ct_slot *slots = STREAM_NEW(in->arena, stream_ct_slot, (size_t)in->graph.n_cts);
    memcpy(slots, s->slots, (size_t)in->graph.n_cts * sizeof *slots);
    stream_transfer *transfers = STREAM_NEW(in->arena, stream_transfer, (size_t)s->n_transfers);
    if (s->n_transfers > 0)
        memcpy(transfers, s->transfers, (size_t)s->n_transfers * sizeof *transfers);
    stream_resident *residents = STREAM_NEW(in->arena, stream_resident, (size_t)s->n_residents);
    memcpy(residents, s->residents, (size_t)s->n_residents * sizeof *residents);
    s->slots = slots;
    s->transfers = transfers;
    s->residents = residents;
    stream_ct_stream *streams = STREAM_NEW(in->arena, stream_ct_stream, (size_t)s->n_streams);
    if (s->n_streams > 0)
        memcpy(streams, s->streams, (size_t)s->n_streams * sizeof *streams);
    s->streams = streams;
    for (unsigned n = 1 + test_random(seed) % 3; n > 0; --n) {
        unsigned what = test_random(seed) % 10;
        if (s->n_streams > 0 && pick(in, 4) == 0)
            spoil_stream(in, &streams[pick(in, (unsigned)s->n_streams)], seed);
        else if (what < 3)
            spoil_ct(&slots[pick(in, (unsigned)in->graph.n_cts)], seed);
        else if (what < 9 && s->n_transfers > 0) {
            stream_transfer *t = &transfers[pick(in, (unsigned)s->n_transfers)];
            stream_transfer_target *target = STREAM_NEW(in->arena, stream_transfer_target, 1);
            int32_t *resources = STREAM_NEW(in->arena, int32_t, (size_t)t->n_resources + 1);
            *target = t->targets[0];
            for (int32_t k = 0; k < t->n_resources; ++k)
                resources[k] = t->resources[k];
            t->targets = target;
            t->resources = resources;
            spoil_transfer(t, target, resources, seed);
        } else {
            stream_resident *r = &residents[pick(in, 2)];
            unsigned field = test_random(seed) % 3;
            int64_t v = garbage(seed);
            if (field == 0)
                r->tensor = (int32_t)v;
            else
                *(field == 1 ? &r->address : &r->until) = v;
        }
    }
}

static void recount_summary(sample *in, stream_schedule *s, int64_t *busy, int64_t *peak) {
    stream_schedule_summary summary;
    (void)oracle_run(&in->problem, s, busy, peak, &summary);
    s->summary = summary;
}

/* Whatever happens, what is refused has a message, and what has a message is refused. */
static void any_value(void) {
    int wrong = 0, refused = 0;
    for (unsigned seed = 1; seed <= N_ROUNDS; ++seed) {
        sample in;
        int64_t busy[16] = {0}, peak[16] = {0};
        if (!instance_open(&in, seed % 100, (int)(seed % N_MACHINES)))
            ++wrong;
        stream_schedule s = in.schedule;
        recount_summary(&in, &s, busy, peak);
        unsigned random = seed * 2246822519u + 3;
        spoil(&in, &s, &random);
        int32_t violations = -1;
        messages = 0;
        stream_status status = stream_check_schedule(&in.problem, &s, NULL, &diag, &violations);
        wrong +=
            (status == STREAM_OK) != (violations == 0) || (status == STREAM_OK) != (messages == 0);
        refused += status != STREAM_OK;
        instance_close(&in);
    }
    printf("# %d of %d refused\n", refused, N_ROUNDS);
    CHECK_EQ(wrong, 0);
    CHECK_EQ(bad_messages, 0);
    CHECK(refused > N_ROUNDS * 3 / 4);
}

/* A summary that is off by one, in each of its fields. */
static void any_summary(unsigned sample_seed) {
    sample in;
    int64_t busy[16] = {0}, peak[16] = {0};
    CHECK(instance_open(&in, sample_seed, 1));
    stream_schedule s = in.schedule;
    recount_summary(&in, &s, busy, peak);
    CHECK_EQ(stream_check_schedule(&in.problem, &s, NULL, &diag, NULL), STREAM_OK);
    int64_t *fields[] = {&s.summary.latency_cycles,
                         &s.summary.energy_fj,
                         &s.summary.compute_energy_fj,
                         &s.summary.link_energy_fj,
                         &s.summary.memory_energy_fj,
                         &s.summary.static_energy_fj,
                         &s.summary.mac_energy_fj,
                         &s.summary.offchip_energy_fj,
                         &s.summary.eviction_energy_fj,
                         &s.summary.offchip_read_bits,
                         &s.summary.offchip_write_bits,
                         &busy[0],
                         &busy[3],
                         &peak[0],
                         &peak[1]};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; ++i)
        for (int by = -1; by <= 1; by += 2) {
            *fields[i] += by;
            CHECK_EQ(stream_check_schedule(&in.problem, &s, NULL, &diag, NULL), STREAM_INVALID);
            *fields[i] -= by;
        }
    s.summary.edp *= 1 + 1e-9;
    CHECK_EQ(stream_check_schedule(&in.problem, &s, NULL, &diag, NULL), STREAM_INVALID);
    s.summary.edp /= 1 + 1e-9;
    s.summary.lower_bound_cycles = s.summary.latency_cycles;
    CHECK_EQ(stream_check_schedule(&in.problem, &s, NULL, &diag, NULL), STREAM_OK);
    s.summary.lower_bound_cycles++;
    CHECK_EQ(stream_check_schedule(&in.problem, &s, NULL, &diag, NULL), STREAM_INVALID);
    s.summary.lower_bound_cycles--;
    s.summary.energy_bound_fj = s.summary.energy_fj;
    CHECK_EQ(stream_check_schedule(&in.problem, &s, NULL, &diag, NULL), STREAM_OK);
    s.summary.energy_bound_fj++;
    CHECK_EQ(stream_check_schedule(&in.problem, &s, NULL, &diag, NULL), STREAM_INVALID);
    instance_close(&in);
}

/* Reports end at the limit, with a count behind them. */
static void report_limit(void) {
    sample in;
    CHECK(instance_open(&in, 9, 0));
    stream_schedule s = in.schedule; /* without a summary: many fields are wrong */
    int64_t busy[16] = {0}, peak[16] = {0};
    s.summary.busy_cycles = busy;
    s.summary.peak_bits = peak;
    stream_check_options options = {.max_reports = 2};
    int32_t violations = 0;
    messages = 0;
    CHECK_EQ(stream_check_schedule(&in.problem, &s, &options, &diag, &violations), STREAM_INVALID);
    CHECK(violations > 2);
    CHECK_EQ(messages, 3);
    instance_close(&in);
}

int main(void) {
    any_value();
    any_summary(5);
    any_summary(6); /* with streamed operands */
    report_limit();
    return test_done();
}
