// RUN: unit-export-json

#include "../../../lib/export/layer_models.h"

#include "json_read.h"
#include "scheduled.h"
#include "stream/schedule/energy.h"

static double ratio(int64_t a, int64_t b) {
    return b > 0 ? (double)a / (double)b : 0;
}

/* In 48 equal parts of the latency, in units of 1 / 48 of a cycle. */
static int wrong_over_time(const scheduled *s, int32_t core) {
    int wrong = 0;
    int64_t latency = s->schedule.summary.latency_cycles;
    for (int64_t k = 0; k < 48; ++k) {
        char path[64];
        int64_t busy = 0, from = latency * k, until = latency * (k + 1);
        for (int32_t i = 0; i < s->instance.graph.n_cts; ++i) {
            const stream_ct_slot *slot = &s->schedule.slots[i];
            int64_t a = slot->start * 48 > from ? slot->start * 48 : from;
            int64_t b = slot->end * 48 < until ? slot->end * 48 : until;
            busy += slot->core == core && b > a ? b - a : 0;
        }
        snprintf(path, sizeof path, "cores.%d.over_time.%d", core, (int)k);
        wrong +=
            !has_number(&s->out, path, (double)(int)(100.0 * (double)busy / (double)latency + 0.5));
    }
    return wrong;
}

static int wrong_cores(const scheduled *s) {
    int wrong = 0;
    for (int32_t c = 0; c < s->instance.acc.n_cores; ++c) {
        const stream_schedule_summary *sum = &s->schedule.summary;
        char path[64];
        int32_t n = 0;
        for (int32_t i = 0; i < s->instance.graph.n_cts; ++i)
            n += s->schedule.slots[i].core == c;
        snprintf(path, sizeof path, "cores.%d.name", c);
        wrong += !has_text(&s->out, path, s->instance.acc.cores[c].name);
        snprintf(path, sizeof path, "cores.%d.busy_cycles", c);
        wrong += !has_number(&s->out, path, (double)sum->busy_cycles[c]);
        snprintf(path, sizeof path, "cores.%d.utilization", c);
        wrong += !has_number(&s->out, path, ratio(sum->busy_cycles[c], sum->latency_cycles));
        snprintf(path, sizeof path, "cores.%d.ct_count", c);
        wrong += !has_number(&s->out, path, n);
    }
    return wrong + wrong_over_time(s, 0);
}

/* Bits of an address range that is used, marked one by one. */
static void mark(bool *used, const scheduled *s, int32_t instance, int64_t address, int64_t bits) {
    int64_t word = s->instance.acc.instances[instance].word_bits;
    for (int64_t i = 0; i < (bits + word - 1) / word * word; ++i)
        used[address + i] = true;
}

/* Of one memory on chip; buffers of random schedules all last a while. */
static void mark_all(const scheduled *s, int32_t instance, bool *used) {
    const stream_schedule_problem *p = &s->instance.problem;
    for (int32_t i = 0; i < p->graph->n_cts; ++i) {
        const stream_ct *ct = &p->graph->cts[i];
        if (stream_schedule_instance(p, ct->kernel, s->schedule.slots[i].core, STREAM_O) ==
            instance)
            mark(used, s, instance, s->schedule.slots[i].address,
                 stream_ct_graph_bits(p->graph, ct->tensor, &ct->box));
    }
    for (int32_t i = 0; i < s->schedule.n_transfers; ++i) {
        const stream_transfer *t = &s->schedule.transfers[i];
        for (int32_t k = 0; k < t->n_targets; ++k)
            if (t->targets[k].instance == instance)
                mark(used, s, instance, t->targets[k].address,
                     stream_ct_graph_bits(p->graph, t->tensor, &t->box));
    }
    for (int32_t i = 0; i < s->schedule.n_streams; ++i) {
        const stream_ct_stream *stream = &s->schedule.streams[i];
        int32_t core = s->schedule.slots[stream->ct].core;
        if (p->acc->top[core * STREAM_N_OPERANDS + stream->operand] == instance)
            mark(used, s, instance, stream->address,
                 stream_ct_stream_price(p, &s->schedule, stream)->buffer_bits);
    }
}

/* Addresses used: all but the largest range that is not. */
static int wrong_extent(const scheduled *s, int32_t instance) {
    int64_t size = s->instance.acc.instances[instance].size_bits, unused = 0, run = 0;
    char path[64];
    if (instance == s->instance.acc.offchip_instance)
        return 0;
    bool *used = calloc((size_t)size, sizeof *used);
    mark_all(s, instance, used);
    for (int64_t i = 0; i < size; ++i) {
        run = used[i] ? 0 : run + 1;
        unused = run > unused ? run : unused;
    }
    free(used);
    snprintf(path, sizeof path, "memories.%d.extent_bits", instance);
    int wrong = !has_number(&s->out, path, (double)(size - unused));
    snprintf(path, sizeof path, "memories.%d.fragmentation", instance);
    return wrong + !has_number(&s->out, path,
                               (double)(size - unused - s->schedule.summary.peak_bits[instance]) /
                                   (double)size);
}

static int wrong_memories(const scheduled *s) {
    int wrong = 0;
    for (int32_t i = 0; i < s->instance.acc.n_instances; ++i) {
        char path[64];
        snprintf(path, sizeof path, "memories.%d.capacity_bits", i);
        wrong += !has_number(&s->out, path, (double)s->instance.acc.instances[i].size_bits);
        snprintf(path, sizeof path, "memories.%d.peak_bits", i);
        wrong += !has_number(&s->out, path, (double)s->schedule.summary.peak_bits[i]);
        wrong += wrong_extent(s, i);
    }
    return wrong;
}

/* Every number reads back equal to the bit. */
static int wrong_summary(const scheduled *s) {
    const stream_schedule_summary *sum = &s->schedule.summary;
    stream_schedule_problem any_cores = s->instance.problem;
    any_cores.cores = NULL;
    int64_t least_fj = stream_schedule_energy_bound(&any_cores);
    const struct {
        const char *path;
        double want;
    } fields[] = {
        {"latency_cycles", (double)sum->latency_cycles},
        {"energy_pj", (double)sum->energy_fj / 1000},
        {"energy.compute_pj", (double)sum->compute_energy_fj / 1000},
        {"energy.link_pj", (double)sum->link_energy_fj / 1000},
        {"energy.memory_pj", (double)sum->memory_energy_fj / 1000},
        {"edp", sum->edp},
        {"lower_bound_cycles", (double)sum->lower_bound_cycles},
        {"gap", ratio(sum->latency_cycles - sum->lower_bound_cycles, sum->lower_bound_cycles)},
        {"energy_bound_pj", (double)least_fj / 1000},
        {"energy_gap", ratio(sum->energy_fj - least_fj, least_fj)},
        {"ct_count", s->instance.graph.n_cts},
        {"transfer_count", s->schedule.n_transfers},
        {"offchip.read_bits", (double)sum->offchip_read_bits},
        {"offchip.write_bits", (double)sum->offchip_write_bits},
    };
    int wrong = 0;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; ++i)
        wrong += !has_number(&s->out, fields[i].path, fields[i].want);
    wrong += !has_text(&s->out, "network", "net");
    wrong += !has_text(&s->out, "model", "simple");
    return wrong + wrong_cores(s) + wrong_memories(s);
}

static void reads_back(void) {
    int wrong = 0, n = 0;
    for (unsigned seed = 1; seed <= 60; ++seed) {
        scheduled s;
        if (scheduled_open(&s, seed)) {
            stream_export_json(&s.e, &s.out);
            int w = wrong_summary(&s);
            if (w)
                printf("# seed %u\n", seed);
            wrong += w;
            ++n;
        }
        scheduled_close(&s);
    }
    CHECK_EQ(wrong, 0);
    CHECK(n >= 20);
}

/* Names may hold anything. */
static void escapes(void) {
    scheduled s;
    unsigned seed = 1;
    while (!scheduled_open(&s, seed))
        scheduled_close(&s), ++seed;
    s.e.network = "a\"b\\c\nd\x01";
    stream_export_json(&s.e, &s.out);
    CHECK(has_text(&s.out, "network", "a\"b\\c\nd\x01"));
    static const char *const odd[] = {"\xc3\xa9",     "\xff",         "\xc3",
                                      "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                      "\xc0\xaf",     "\xe2\x82"};
    static const char *const read[] = {"\xc3\xa9", "?", "?", "???", "???", "????", "??", "??"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; ++i) {
        stream_text_clear(&s.out);
        s.e.network = odd[i];
        stream_export_json(&s.e, &s.out);
        CHECK(has_text(&s.out, "network", read[i]));
    }
    scheduled_close(&s);
}

/* The reader refuses what is not JSON: or the tests above could not fail. */
static void reader_is_strict(void) {
    static const char *const bad[] = {"{\"a\": 1,}",     "{\"a\": 01}",         "{\"a\": nan}",
                                      "{\"a\" 1}",       "{\"a\": 1} x",        "{\"a\": .5}",
                                      "{\"a\": \"\n\"}", "{\"a\": 1, \"a\": 2}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
        stream_text text = {0};
        stream_text_str(&text, bad[i]);
        CHECK(get(&text, "a").bad);
        stream_text_free(&text);
    }
}

/* A person's summary names what it measures. */
static void summary(void) {
    scheduled s;
    unsigned seed = 1;
    while (!scheduled_open(&s, seed))
        scheduled_close(&s), ++seed;
    stream_schedule_summary *sum = &s.schedule.summary;
    sum->latency_cycles = 1234567;
    sum->lower_bound_cycles = 1000000;
    sum->energy_fj = 2500000000;
    sum->offchip_read_bits = 8 << 20;
    stream_export_summary(&s.e, &s.out);
    CHECK(strstr(s.out.data, "1,234,567 cycles"));
    CHECK(strstr(s.out.data, "1,000,000 cycles"));
    CHECK(strstr(s.out.data, "gap 23.5 %"));
    CHECK(strstr(s.out.data, "energy bound"));
    CHECK(strstr(s.out.data, "over time"));
    CHECK(strstr(s.out.data, "2.5 uJ"));
    CHECK(strstr(s.out.data, "read 1 MiB"));
    for (int32_t c = 0; c < s.instance.acc.n_cores; ++c)
        CHECK(s.instance.acc.cores[c].kind != STREAM_CORE_COMPUTE ||
              strstr(s.out.data, s.instance.acc.cores[c].name));
    scheduled_close(&s);
}

/* However many tables of a user priced a layer, each is named once. */
static void all_models(void) {
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g"};
    stream_arena *arena = stream_arena_create();
    stream_layer_models of = {0};
    for (int32_t i = 0; i < 14; ++i)
        stream_layer_models_note(&of, names[i % 7], arena);
    CHECK_EQ(of.n, 7);
    for (int32_t i = 0; i < of.n; ++i)
        CHECK(strcmp(of.names[i], names[i]) == 0);
    stream_arena_destroy(arena);
}

int main(void) {
    all_models();
    reader_is_strict();
    reads_back();
    escapes();
    summary();
    return test_done();
}
