// RUN: unit-export-html

#include "json_read.h"
#include "scheduled.h"
#include "stream/schedule/energy.h"

#include <math.h>

#define HOSTILE                                                                                    \
    "</script><script>alert(1)</script><img src=x onerror=\"alert('&')\">\n\xe2\x80\xae\xf0\x9f\x98\x80\x01\xff"

/* What stands between two marks, the first of each. */
static stream_text between(const stream_text *page, const char *open, const char *close) {
    stream_text text = {0};
    const char *from = strstr(page->data, open);
    const char *to = from ? strstr(from + strlen(open), close) : NULL;
    if (to)
        stream_text_append(&text, from + strlen(open), (size_t)(to - from) - strlen(open));
    else
        stream_text_str(&text, "");
    return text;
}

static stream_text data_of(const stream_text *page) {
    return between(page, "<script type=\"application/json\" id=\"data\">", "</script>");
}

static double number(const stream_text *data, const char *path) {
    json j = get(data, path);
    return j.bad || !j.found ? -1 : j.number;
}

static double member(const stream_text *data, const char *list, int32_t i, const char *name) {
    char path[96];
    snprintf(path, sizeof path, "%s.%d.%s", list, i, name);
    return number(data, path);
}

static double column(const stream_text *data, const char *field, int32_t i) {
    char path[96];
    snprintf(path, sizeof path, "%s.%d", field, i);
    return number(data, path);
}

/* What a core does adds up to the latency. */
static int wrong_cores(const scheduled *s, const stream_text *data) {
    int wrong = 0;
    for (int32_t c = 0; c < s->instance.acc.n_cores; ++c) {
        static const char *const parts[] = {"busy",   "before",  "loading",
                                            "queued", "waiting", "after"};
        double sum = 0;
        for (int i = 0; i < 6; ++i) {
            double part = member(data, "cores", c, parts[i]);
            wrong += part < 0;
            sum += part;
        }
        wrong += sum != (double)s->schedule.summary.latency_cycles;
        wrong += member(data, "cores", c, "busy") != (double)s->schedule.summary.busy_cycles[c];
    }
    return wrong;
}

/* Energy by place adds up to all of it. */
static int wrong_energy(const scheduled *s, const stream_text *data) {
    double sum = 0;
    for (int32_t i = 0; i < 7; ++i) {
        double part = member(data, "energy", i, "1");
        sum += part < 0 ? NAN : part;
    }
    return sum != (double)s->schedule.summary.energy_fj;
}

/* Energies of layers and transfers add up to those of the summary, traffic by kind to its total. */
static int wrong_sums(const scheduled *s, const stream_text *data) {
    const stream_schedule_summary *sum = &s->schedule.summary;
    double compute = 0, transfers = 0, for_layers = 0, read = 0, written = 0;
    for (int32_t l = 0; l < s->instance.graph.n_layers; ++l) {
        compute += member(data, "layers", l, "computeFj");
        for_layers += member(data, "layers", l, "transferFj");
    }
    for (int32_t i = 0; i < s->schedule.n_transfers; ++i)
        transfers += column(data, "transfers.fj", i);
    transfers += member(data, "moves", STREAM_MOVE_STREAM, "1");
    for (int32_t k = 0; k < 4; ++k) {
        read += member(data, "traffic", k, "1");
        written += member(data, "traffic", k, "2");
    }
    return (compute != (double)sum->compute_energy_fj) +
           (transfers != (double)(sum->link_energy_fj + sum->memory_energy_fj)) +
           (for_layers != transfers) + (read != (double)sum->offchip_read_bits) +
           (written != (double)sum->offchip_write_bits);
}

/* Curves are differences: of a memory, up to its peak and back. */
static int wrong_curves(const scheduled *s, const stream_text *data) {
    int wrong = 0;
    for (int32_t m = 0; m < s->instance.acc.n_instances; ++m) {
        int64_t value = 0, peak = 0;
        const char *at = strstr(data->data, "\"memories\":");
        for (int32_t i = 0; i <= m && at; ++i)
            at = strstr(at + 1, "\"curve\":[");
        wrong += !at;
        for (at = at ? at + 9 : "]"; *at != ']';) {
            char *end;
            strtoll(at, &end, 10);
            value += strtoll(end + 1, &end, 10);
            peak = value > peak ? value : peak;
            at = *end == ',' ? end + 1 : end;
        }
        wrong += peak != s->schedule.summary.peak_bits[m];
    }
    return wrong;
}

static int wrong_tiles(const scheduled *s, const stream_text *data) {
    int wrong = 0;
    for (int32_t i = 0; i < s->instance.graph.n_cts; ++i) {
        const stream_ct_slot *slot = &s->schedule.slots[i];
        wrong += column(data, "cts.start", i) != (double)slot->start;
        wrong += column(data, "cts.cycles", i) != (double)(slot->end - slot->start);
        wrong += column(data, "cts.core", i) != slot->core;
    }
    return wrong;
}

static void adds_up(void) {
    int wrong = 0, n = 0;
    for (unsigned seed = 1; seed <= 60 && n < 15; ++seed) {
        scheduled s;
        if (scheduled_open(&s, seed)) {
            stream_export_html(&s.e, &s.out);
            stream_text data = data_of(&s.out);
            int w = wrong_energy(&s, &data) + wrong_cores(&s, &data) + wrong_sums(&s, &data) +
                    wrong_curves(&s, &data) + wrong_tiles(&s, &data);
            if (w)
                printf("# seed %u: %d %d %d %d wrong\n", seed, wrong_cores(&s, &data),
                       wrong_sums(&s, &data), wrong_curves(&s, &data), wrong_tiles(&s, &data));
            wrong += w;
            ++n;
            stream_text_free(&data);
        }
        scheduled_close(&s);
    }
    CHECK_EQ(wrong, 0);
    CHECK_EQ(n, 15);
}

static int count(const stream_text *text, const char *what) {
    int n = 0;
    for (const char *at = text->data; (at = strstr(at, what)); ++at)
        ++n;
    return n;
}

static void open_some(scheduled *s) {
    unsigned seed = 1;
    while (!scheduled_open(s, seed))
        scheduled_close(s), ++seed;
}

/* Puts a hostile name everywhere that a name can be. */
static void spoil(scheduled *s) {
    union {
        const void *in;
        void *out;
    } u;
    s->e.network = s->e.model = s->instance.acc.name = HOSTILE;
    u.in = s->instance.graph.layers;
    for (int32_t l = 0; l < s->instance.graph.n_layers; ++l)
        ((stream_ct_layer *)u.out)[l] = (stream_ct_layer){HOSTILE, HOSTILE};
    u.in = s->instance.graph.tensors;
    for (int32_t t = 0; t < s->instance.graph.n_tensors; ++t)
        ((stream_tensor *)u.out)[t].name = HOSTILE;
    u.in = s->instance.acc.cores;
    for (int32_t c = 0; c < s->instance.acc.n_cores; ++c)
        ((stream_core *)u.out)[c].name = HOSTILE;
}

static int32_t sentences(const stream_text *data) {
    char path[32];
    for (int32_t n = 0;; ++n) {
        snprintf(path, sizeof path, "words.%d", n);
        if (!get(data, path).found)
            return n;
    }
}

static void names_are_text(void) {
    scheduled s;
    stream_text plain = {0}, plain_data, data;
    open_some(&s);
    stream_export_html(&s.e, &plain);
    spoil(&s);
    stream_export_html(&s.e, &s.out);
    data = data_of(&s.out);
    plain_data = data_of(&plain);
    CHECK(sentences(&data) >= 3);
    CHECK_EQ(sentences(&data), sentences(&plain_data));
    CHECK_EQ(count(&s.out, "<script"), count(&plain, "<script"));
    CHECK_EQ(count(&s.out, "</script"), count(&plain, "</script"));
    CHECK_EQ(count(&s.out, "<img"), 0);
    CHECK_EQ(count(&s.out, "\xff"), 0);
    CHECK_EQ(count(&s.out, "\x01"), 0);
    CHECK(!strncmp(get(&data, "layers.0.name").text, HOSTILE, strlen(HOSTILE) - 1));
    stream_text_clear(&s.out);
    CHECK_EQ(stream_export_svg(&s.e, &STREAM_SVG_DEFAULTS, &s.instance.diag, &s.out), STREAM_OK);
    CHECK_EQ(count(&s.out, "<script") + count(&s.out, "<img"), 0);
    CHECK_EQ(count(&s.out, "\xff") + count(&s.out, "\x01"), 0);
    CHECK(count(&s.out, "&#60;img") > 0);
    stream_text_free(&plain);
    stream_text_free(&plain_data);
    stream_text_free(&data);
    scheduled_close(&s);
}

/* The same schedule gives the same bytes, after what is there already; nothing is loaded. */
static void appends_the_same(void) {
    scheduled s;
    open_some(&s);
    stream_export_html(&s.e, &s.out);
    size_t n = s.out.length;
    stream_export_html(&s.e, &s.out);
    CHECK_EQ(s.out.length, 2 * n);
    CHECK(!memcmp(s.out.data, s.out.data + n, n));
    CHECK_EQ(count(&s.out, "{{"), 0);
    CHECK_EQ(count(&s.out, " src="), 0);
    CHECK_EQ(count(&s.out, "<link"), 0);
    CHECK_EQ(count(&s.out, "url("), 0);
    scheduled_close(&s);
}

static void svg_refuses(void) {
    scheduled s;
    open_some(&s);
    static const struct {
        stream_svg_options options;
        const char *says;
    } bad[] = {{{.width = 0}, "a width of 0 points"},
               {{.width = 1e300}, "a width of 1e+300 points"},
               {{.width = 700, .from = 5, .until = 5}, "no cycles from 5 to 5"},
               {{.width = 700, .from = -1}, "no cycles from -1"},
               {{.width = 700, .until = -1}, "no cycles from 0"},
               {{.width = 700, .cores = "nowhere"}, "'nowhere' is no compute core"},
               {{.width = 700, .cores = ""}, "'' is no compute core"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
        CHECK_EQ(stream_export_svg(&s.e, &bad[i].options, &s.instance.diag, &s.out),
                 STREAM_INVALID);
        CHECK(strstr(s.instance.text, bad[i].says));
        CHECK_EQ(s.out.length, 0);
    }
    scheduled_close(&s);
}

static void svg_draws_tiles(void) {
    scheduled s;
    open_some(&s);
    stream_svg_options options = {.width = 20000};
    CHECK_EQ(stream_export_svg(&s.e, &options, &s.instance.diag, &s.out), STREAM_OK);
    CHECK(count(&s.out, "<title>") >= 2);
    CHECK(count(&s.out, "z") >= s.instance.graph.n_cts / 2);
    CHECK_EQ(count(&s.out, "<svg"), 1);
    CHECK_EQ(count(&s.out, "nan") + count(&s.out, "inf"), 0);
    scheduled_close(&s);
}

/* A name longer than the drawing is wide stands whole in the title of its tiles alone. */
static void svg_shortens_names(void) {
    scheduled s;
    open_some(&s);
    char name[3001] = {0};
    memset(name, 'x', sizeof name - 1);
    union {
        const stream_ct_layer *in;
        stream_ct_layer *out;
    } u = {.in = s.instance.graph.layers};
    u.out[0].name = name;
    CHECK_EQ(stream_export_svg(&s.e, &STREAM_SVG_DEFAULTS, &s.instance.diag, &s.out), STREAM_OK);
    stream_text legend = between(&s.out, "\">xx", "</text>");
    CHECK(strstr(legend.data, "x\xe2\x80\xa6"));
    CHECK_EQ(count(&s.out, name), 1);
    stream_text_free(&legend);
    scheduled_close(&s);
}

int main(void) {
    adds_up();
    names_are_text();
    appends_the_same();
    svg_refuses();
    svg_draws_tiles();
    svg_shortens_names();
    return test_done();
}
