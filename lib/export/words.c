/* What binds a schedule, in sentences; see report.h. */

#include "words.h"
#include "names.h"
#include "report.h"
#include "write.h"

#include <string.h>

/* A resource that is busy for less of the time does not bind. */
static const double BINDS = 0.75;
/* No advice to spread tiles if the core that ends last computes for a smaller part of the time, to
 * move them if the bound leaves a smaller part of the latency to save. */
static const double SPREADS = 0.5, MOVES = 0.01;

static int64_t latency_of(const stream_report *r) {
    return r->e->schedule->summary.latency_cycles;
}

void stream_words_percent(double fraction, stream_text *out) {
    stream_text_print(out, "%.1f %%", 100 * fraction);
}

/* Share of the latency in which some of a resource is held. */
static double used_part(const stream_report *r, int32_t resource) {
    const stream_curves *c = &r->rates;
    int64_t used = 0;
    for (int32_t i = c->first[resource]; i + 1 < c->first[resource + 1]; ++i)
        if (c->steps[i].value > 0)
            used += c->steps[i + 1].time - c->steps[i].time;
    return stream_part(used, latency_of(r));
}

static int32_t busiest_core(const stream_report *r) {
    int32_t best = -1;
    for (int32_t c = 0; c < r->e->problem->acc->n_cores; ++c)
        if (r->cores[c].cts > 0 && (best < 0 || r->cores[c].busy > r->cores[best].busy))
            best = c;
    return best;
}

/* A bound of any kind counts what cannot overlap with the rest: loads before, results after. */
static const char *reason(stream_bound_kind kind) {
    switch (kind) {
    case STREAM_BOUND_COMPUTE:
        return "what the cores together have to compute, with what must be loaded before the first "
               "tile and stored after the last, takes at least that long";
    case STREAM_BOUND_OFFCHIP:
        return "what must be read from and written to off-chip memory, with what cannot go on "
               "beside it (before the first result is written, after the last data are read), "
               "takes at least that long";
    case STREAM_BOUND_CRITICAL_PATH:
        return "the longest chain of tiles that need each other, with what must be loaded before "
               "it and stored after it, takes at least that long";
    case STREAM_BOUND_LINK:
        return "what must cross the links of off-chip memory, with what cannot go on beside it "
               "(before the first result is written, after the last data are read), takes at least "
               "that long";
    case STREAM_BOUND_ASSIGNMENT:
        return "however tiles are given to cores, the tiles of some core, with what must come "
               "before and after them, take at least that long";
    case STREAM_BOUND_NETWORK:
        return "what must go over links between the memories, or through the ports of those of "
               "cores, whichever cores run the tiles, with what cannot go on beside it, takes at "
               "least that long";
    }
    return "";
}

static void say_bound(const stream_report *r, stream_text *out) {
    const stream_schedule_summary *s = &r->e->schedule->summary;
    stream_text_str(out, "No schedule of these tiles on this accelerator is shorter than ");
    stream_write_grouped(out, s->lower_bound_cycles);
    stream_text_print(out, " cycles (%s bound): %s. ", stream_export_bound_text(s->bound_kind),
                      reason(s->bound_kind));
    if (s->latency_cycles <= s->lower_bound_cycles) {
        stream_text_str(out, "This schedule takes no longer: it is optimal.");
        stream_words_end(out);
        return;
    }
    stream_text_str(out, "This schedule takes ");
    stream_write_grouped(out, s->latency_cycles);
    stream_text_str(out, ", so another order or assignment can save at most ");
    stream_words_percent(stream_part(s->latency_cycles - s->lower_bound_cycles, s->latency_cycles),
                         out);
    stream_text_str(out, " of it.");
    stream_words_end(out);
}

/* The layer with the most cycles on a core. */
static void say_heaviest_layer(const stream_report *r, int32_t core, stream_text *out) {
    const stream_ct_graph *g = r->e->problem->graph;
    stream_arena *arena = stream_arena_create();
    int64_t *cycles = STREAM_NEW(arena, int64_t, (size_t)g->n_layers + 1);
    int32_t most = 0;
    for (int32_t i = 0; i < g->n_cts; ++i)
        if (r->e->schedule->slots[i].core == core)
            cycles[g->cts[i].layer] +=
                r->e->schedule->slots[i].end - r->e->schedule->slots[i].start;
    for (int32_t l = 1; l < g->n_layers; ++l)
        most = cycles[l] > cycles[most] ? l : most;
    stream_text_print(out, " Its largest layer is %s (", g->layers[most].name);
    stream_words_percent(stream_part(cycles[most], r->cores[core].busy), out);
    stream_text_str(out, " of its cycles).");
    stream_arena_destroy(arena);
}

static void say_core(const stream_report *r, int32_t core, stream_text *out) {
    stream_text_print(out, "Core %s binds: it computes ", r->e->problem->acc->cores[core].name);
    stream_words_percent(stream_part(r->cores[core].busy, latency_of(r)), out);
    stream_text_str(out, " of the time.");
    say_heaviest_layer(r, core, out);
    const stream_schedule_summary *s = &r->e->schedule->summary;
    bool moves = stream_part(s->latency_cycles - s->lower_bound_cycles, s->latency_cycles) >= MOVES;
    stream_text_print(out,
                      " %s dataflow that suits its layers better, or a faster core would help; "
                      "more bandwidth would help little.",
                      moves ? "Tiles moved to other cores, a" : "A");
    stream_words_end(out);
}

static void say_link(const stream_report *r, int32_t link, stream_text *out) {
    stream_text_print(out, "The %s ",
                      r->e->problem->acc->resources[link].kind == STREAM_RESOURCE_PORT ? "port"
                                                                                       : "link");
    stream_export_resource_name(r->e->problem->acc, link, out);
    double held = stream_report_use(r, link), used = used_part(r, link);
    stream_text_str(out, " binds: ");
    stream_words_percent(held, out);
    stream_text_str(out, " of its bandwidth is held by transfers and streams, in use for ");
    stream_words_percent(used, out);
    stream_text_str(out, " of the time and then at ");
    stream_words_percent(used > 0 ? held / used : 0, out);
    stream_text_str(
        out,
        " of its bandwidth on average. More bandwidth there, fewer bits per element, or data that "
        "stays in the memories of the cores (deeper fusion, larger memories) would "
        "help; faster cores would help little.");
    stream_words_end(out);
}

/* Does the core that ends last compute for most of the time, and could the others that run tiles
 * take a part of that which counts? Where it waits for data instead, or has about as much to do as
 * they, they are done early because nothing is gained by giving them more. */
static bool would_spread(const stream_report *r) {
    int32_t last = -1;
    int64_t busy = 0, n = 0;
    for (int32_t c = 0; c < r->e->problem->acc->n_cores; ++c) {
        const stream_report_core *core = &r->cores[c];
        if (core->cts == 0)
            continue;
        ++n;
        busy += core->busy;
        last = last < 0 || core->after < r->cores[last].after ? c : last;
    }
    return last >= 0 && stream_part(r->cores[last].busy, latency_of(r)) >= SPREADS &&
           n * r->cores[last].busy - busy > busy / 4;
}

#define N_CAUSES 5

static const struct {
    const char *what, *help; /* help NULL: see would_spread */
} causes[N_CAUSES] = {
    {"before their first tile",
     "Tiles that start sooner (smaller first tiles, other layers on these cores) would help."},
    {"with data on its way to them",
     "More bandwidth, or data that is fetched earlier or stays on chip, would help."},
    {"with a link or port of their next data taken by others",
     "More bandwidth, or other routes, would help."},
    {"waiting for other cores or for space",
     "Smaller tiles, another assignment, or larger memories would help."},
    {"after their last tile", NULL}};

/* Cycles of each cause, over the cores that run something. Returns how many cores that are. */
static int32_t sum_idle(const stream_report *r, int64_t cycles[N_CAUSES]) {
    int32_t n = 0;
    for (int32_t c = 0; c < r->e->problem->acc->n_cores; ++c) {
        const stream_report_core *core = &r->cores[c];
        const int64_t of_core[N_CAUSES] = {core->before, core->loading, core->queued, core->waiting,
                                           core->after};
        for (int32_t i = 0; i < N_CAUSES && core->cts > 0; ++i)
            cycles[i] += of_core[i];
        n += core->cts > 0;
    }
    return n;
}

/* Why cores that run something are idle, the largest cause in words. */
static void say_idle(const stream_report *r, bool advise, stream_text *out) {
    int64_t cycles[N_CAUSES] = {0}, idle = 0;
    int32_t n = sum_idle(r, cycles), most = 0;
    int64_t all = n * latency_of(r);
    for (int32_t i = 0; i < N_CAUSES; ++i) {
        idle += cycles[i];
        most = cycles[i] > cycles[most] ? i : most;
    }
    if (idle == 0)
        return;
    stream_text_print(out, "The %d core%s that run%s tiles %s idle for ", n, n == 1 ? "" : "s",
                      n == 1 ? "s" : "", n == 1 ? "is" : "are");
    stream_words_percent(stream_part(idle, all), out);
    stream_text_str(out, " of the time: ");
    for (int32_t i = 0; i < N_CAUSES; ++i) {
        stream_words_percent(stream_part(cycles[i], all), out);
        stream_text_print(out, " %s%s", causes[i].what,
                          i < N_CAUSES - 2    ? ", "
                          : i == N_CAUSES - 2 ? ", and "
                                              : ".");
    }
    if (advise && causes[most].help)
        stream_text_print(out, " %s", causes[most].help);
    else if (advise && would_spread(r))
        stream_text_str(out, " Work that is spread more evenly over the cores would help.");
    stream_words_end(out);
}

static void say_memory(const stream_report *r, stream_text *out) {
    const stream_accelerator *acc = r->e->problem->acc;
    int32_t fullest = -1;
    double most = 0;
    const int64_t *peak = r->e->schedule->summary.peak_bits;
    for (int32_t i = 0; i < acc->n_instances; ++i) {
        double fill = stream_part(peak[i], acc->instances[i].size_bits);
        if (i != acc->offchip_instance && fill > most) {
            most = fill;
            fullest = i;
        }
    }
    if (fullest < 0)
        return;
    stream_text_str(out, "The fullest memory is ");
    stream_export_instance_name(acc, fullest, out);
    stream_text_str(out, ": at most ");
    stream_words_percent(most, out);
    stream_text_str(out, " of its capacity is in use at once.");
    stream_words_end(out);
}

void stream_report_words(const stream_report *r, stream_text *out) {
    int32_t core = busiest_core(r), link = stream_report_busiest(r, false);
    double computes = core < 0 ? 0 : stream_part(r->cores[core].busy, latency_of(r));
    double held = link < 0 ? 0 : stream_report_use(r, link);
    bool binds = computes >= BINDS || held >= BINDS;
    say_bound(r, out);
    if (binds && held > computes)
        say_link(r, link, out);
    else if (binds)
        say_core(r, core, out);
    else if (core >= 0) {
        stream_text_print(out, "No single resource binds: the busiest core, %s, computes ",
                          r->e->problem->acc->cores[core].name);
        stream_words_percent(computes, out);
        stream_text_str(out, " of the time, and of the busiest link or port ");
        stream_words_percent(held, out);
        stream_text_str(out, " of the bandwidth is held.");
        stream_words_end(out);
    }
    say_idle(r, !binds, out);
    stream_words_traffic(r, out);
    stream_words_streams(r, out);
    say_memory(r, out);
}
