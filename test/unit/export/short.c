// RUN: unit-export-short

/* Exports of a schedule with fewer cycles than parts or columns, and with long names. */

#include "json_read.h"
#include "scheduled.h"

enum {
    LATENCY = 5
};

/* CTs of a schedule of 5 cycles: CT i runs in cycle i % 5, and every transfer in cycle 3. */
typedef struct {
    scheduled s;
    stream_ct_slot *slots;
    stream_transfer *transfers;
} shortened;

static void open_short(shortened *x) {
    unsigned seed = 1;
    while (!scheduled_open(&x->s, seed))
        scheduled_close(&x->s), ++seed;
    stream_schedule *schedule = &x->s.schedule;
    size_t n = (size_t)x->s.instance.graph.n_cts, m = (size_t)schedule->n_transfers;
    x->slots = memcpy(calloc(n, sizeof *x->slots), schedule->slots, n * sizeof *x->slots);
    x->transfers =
        memcpy(calloc(m, sizeof *x->transfers), schedule->transfers, m * sizeof *x->transfers);
    for (size_t i = 0; i < n; ++i) {
        x->slots[i].start = (int64_t)i % LATENCY;
        x->slots[i].end = x->slots[i].start + 1;
        x->slots[i].core = x->slots[0].core;
    }
    for (size_t i = 0; i < m; ++i) {
        x->transfers[i].start = 3;
        x->transfers[i].end = 4;
    }
    schedule->slots = x->slots;
    schedule->transfers = x->transfers;
    schedule->n_residents = schedule->n_streams = 0;
    schedule->summary.latency_cycles = LATENCY;
}

static void close_short(shortened *x) {
    free(x->slots);
    free(x->transfers);
    scheduled_close(&x->s);
}

/* CTs in the first two of five cycles: 19.2 of 48 parts. */
static void parts_of_cycles(void) {
    shortened x;
    open_short(&x);
    x.s.instance.graph.n_cts = 2;
    stream_export_json(&x.s.e, &x.s.out);
    int wrong = 0;
    for (int k = 0; k < 48; ++k) {
        char path[64];
        double want = k < 19 ? 100 : k == 19 ? 20 : 0;
        snprintf(path, sizeof path, "cores.%d.over_time.%d", x.slots[0].core, k);
        wrong += !has_number(&x.s.out, path, want);
    }
    CHECK_EQ(wrong, 0);
    close_short(&x);
}

/* Transfers in [3, 4) of a drawing of [0, 5): the first curve rises and falls there. */
static void curves_step_where_they_are(void) {
    shortened x;
    double left, base, rise, top, fall, end;
    open_short(&x);
    CHECK_EQ(stream_export_svg(&x.s.e, &STREAM_SVG_DEFAULTS, &x.s.instance.diag, &x.s.out),
             STREAM_OK);
    const char *path = strstr(x.s.out.data, "<path fill=\"#555\"");
    CHECK(path && sscanf(path, "<path fill=\"#555\" d=\"M%lf %lfH%lfV%lfH%lfV%*fH%lf", &left, &base,
                         &rise, &top, &fall, &end) == 6);
    CHECK(path && top < base);
    CHECK(path && rise > left + 0.59 * (end - left) && rise < left + 0.61 * (end - left));
    CHECK(path && fall > left + 0.79 * (end - left) && fall < left + 0.81 * (end - left));
    close_short(&x);
}

static size_t line_length(const char *at) {
    return strcspn(at, "\n");
}

/* The rows of the busiest core and link begin and end in one column. */
static void rows_line_up(void) {
    shortened x;
    union {
        const void *in;
        void *out;
    } links;
    open_short(&x);
    links.in = x.s.instance.acc.links;
    for (int32_t i = 0; i < x.s.instance.acc.n_links; ++i)
        ((stream_link *)links.out)[i].name = "a_link_with_a_name_longer_than_all_others";
    stream_export_summary(&x.s.e, &x.s.out);
    const char *head = strstr(x.s.out.data, "  busiest");
    const char *core = head ? strchr(head, '\n') + 1 : "";
    const char *link = head ? strchr(core, '\n') + 1 : "";
    CHECK(strstr(link, "a_link_with"));
    CHECK_EQ(line_length(core), line_length(link));
    close_short(&x);
}

/* A summary that is not the schedule's is refused before anything believes it. */
static void foreign_summaries(void) {
    shortened x;
    open_short(&x);
    CHECK_EQ(stream_export_check(&x.s.e, x.s.instance.acc.loc, &x.s.instance.diag), STREAM_OK);
    x.s.schedule.summary.latency_cycles = INT64_MAX;
    CHECK_EQ(stream_export_check(&x.s.e, x.s.instance.acc.loc, &x.s.instance.diag), STREAM_INVALID);
    CHECK(strstr(x.s.instance.text,
                 "the summary says 9223372036854775807 cycles, but the last event ends at 5"));
    close_short(&x);
}

int main(void) {
    parts_of_cycles();
    curves_step_where_they_are();
    rows_line_up();
    foreign_summaries();
    return test_done();
}
