// RUN: unit-export-json

#include "scheduled.h"

#include <ctype.h>

/* A strict JSON reader: values are found by path, "cores.1.name". Anything that is not JSON sets
 * `bad`. */
typedef struct {
    const char *at, *path;
    bool bad, found;
    char text[256];
    double number;
    int n_values;
} json;

static void space(json *j) {
    while (*j->at == ' ' || *j->at == '\n' || *j->at == '\t' || *j->at == '\r')
        ++j->at;
}

static bool eat(json *j, char c) {
    space(j);
    if (*j->at != c)
        return false;
    ++j->at;
    return true;
}

static bool is_utf8_tail(const char *s, int n) {
    for (int i = 1; i <= n; ++i)
        if (((unsigned char)s[i] & 0xc0) != 0x80)
            return false;
    return true;
}

/* The characters of a string into `out` [256]; only what the tests need of escapes is decoded. */
static void read_string(json *j, char *out) {
    size_t n = 0;
    if (!eat(j, '"'))
        j->bad = true;
    while (!j->bad && *j->at != '"') {
        unsigned char c = (unsigned char)*j->at;
        int tail = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
        if (c < 0x20 || n > 250 || (c >= 0x80 && (c < 0xc2 || !is_utf8_tail(j->at, tail)))) {
            j->bad = true;
        } else if (c == '\\' && j->at[1] == 'u') {
            char digits[5] = {0};
            for (int i = 0; i < 4; ++i) {
                digits[i] = j->at[2 + i];
                j->bad |= !isxdigit((unsigned char)digits[i]);
            }
            long code = j->bad ? 0 : strtol(digits, NULL, 16);
            out[n++] = code < 0x80 ? (char)code : '?';
            j->at += 6;
        } else if (c == '\\') {
            j->bad |= !strchr("\"\\/bfnrt", j->at[1]) || !j->at[1];
            out[n++] = j->at[1];
            j->at += 2;
        } else {
            for (int i = 0; i <= tail; ++i)
                out[n++] = *j->at++;
        }
    }
    out[n] = '\0';
    j->at += !j->bad;
}

static void read_value(json *j, const char *path);

static void read_members(json *j, const char *path, char close, bool named) {
    char key[256], child[1024];
    if (eat(j, close))
        return;
    for (int i = 0; !j->bad; ++i) {
        snprintf(key, sizeof key, "%d", i);
        if (named) {
            read_string(j, key);
            j->bad |= !eat(j, ':');
        }
        snprintf(child, sizeof child, "%s%s%s", path, *path ? "." : "", key);
        read_value(j, child);
        if (eat(j, close))
            return;
        j->bad |= !eat(j, ',');
    }
}

/* -?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)? */
static double read_number(json *j) {
    const char *start = j->at;
    j->at += *j->at == '-';
    j->bad |=
        !isdigit((unsigned char)*j->at) || (*j->at == '0' && isdigit((unsigned char)j->at[1]));
    while (isdigit((unsigned char)*j->at))
        ++j->at;
    if (*j->at == '.') {
        j->bad |= !isdigit((unsigned char)*++j->at);
        while (isdigit((unsigned char)*j->at))
            ++j->at;
    }
    if (*j->at == 'e' || *j->at == 'E') {
        ++j->at;
        j->at += *j->at == '+' || *j->at == '-';
        j->bad |= !isdigit((unsigned char)*j->at);
        while (isdigit((unsigned char)*j->at))
            ++j->at;
    }
    return strtod(start, NULL);
}

static void read_value(json *j, const char *path) {
    char text[256] = "";
    double number = 0;
    ++j->n_values;
    if (eat(j, '{'))
        read_members(j, path, '}', true);
    else if (eat(j, '['))
        read_members(j, path, ']', false);
    else if (*j->at == '"')
        read_string(j, text);
    else
        number = read_number(j);
    if (!strcmp(path, j->path)) {
        j->bad |= j->found; /* a key twice */
        j->found = true;
        memcpy(j->text, text, sizeof text);
        j->number = number;
    }
}

static json get(const stream_text *out, const char *path) {
    json j = {.at = out->data, .path = path};
    read_value(&j, "");
    space(&j);
    j.bad |= *j.at != '\0';
    if (j.bad || !j.found)
        printf("# '%s' is %s\n", path, j.bad ? "in bad JSON" : "absent");
    return j;
}

static bool has_number(const stream_text *out, const char *path, double want) {
    json j = get(out, path);
    bool right = !j.bad && j.found && j.number == want;
    if (!right)
        printf("# %s is %.17g, want %.17g\n", path, j.number, want);
    return right;
}

static bool has_text(const stream_text *out, const char *path, const char *want) {
    json j = get(out, path);
    return !j.bad && j.found && !strcmp(j.text, want);
}

static double ratio(int64_t a, int64_t b) {
    return b > 0 ? (double)a / (double)b : 0;
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
    return wrong;
}

static int wrong_memories(const scheduled *s) {
    int wrong = 0;
    for (int32_t i = 0; i < s->instance.acc.n_instances; ++i) {
        char path[64];
        snprintf(path, sizeof path, "memories.%d.capacity_bits", i);
        wrong += !has_number(&s->out, path, (double)s->instance.acc.instances[i].size_bits);
        snprintf(path, sizeof path, "memories.%d.peak_bits", i);
        wrong += !has_number(&s->out, path, (double)s->schedule.summary.peak_bits[i]);
    }
    return wrong;
}

/* Every number reads back equal to the bit. */
static int wrong_summary(const scheduled *s) {
    const stream_schedule_summary *sum = &s->schedule.summary;
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
    CHECK(strstr(s.out.data, "2.5 uJ"));
    CHECK(strstr(s.out.data, "read 1 MiB"));
    for (int32_t c = 0; c < s.instance.acc.n_cores; ++c)
        CHECK(s.instance.acc.cores[c].kind != STREAM_CORE_COMPUTE ||
              strstr(s.out.data, s.instance.acc.cores[c].name));
    scheduled_close(&s);
}

int main(void) {
    reader_is_strict();
    reads_back();
    escapes();
    summary();
    return test_done();
}
