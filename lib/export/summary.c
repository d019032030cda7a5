/* The summary that a person reads; see stream/export/export.h. */

#include "names.h"
#include "stream/export/export.h"

#include <stdio.h>
#include <string.h>

enum {
    BAR = 24
};

/* 12345678 -> "12,345,678" */
static void grouped(int64_t value, stream_text *out) {
    char digits[32];
    int n = snprintf(digits, sizeof digits, "%lld", (long long)value);
    for (int i = 0; i < n; ++i) {
        stream_text_append(out, &digits[i], 1);
        int left = n - i - 1;
        if (left > 0 && left % 3 == 0 && digits[i] != '-')
            stream_text_str(out, ",");
    }
}

/* `value` of a unit with a prefix: 1234567 pJ -> "1.235 uJ" from a base exponent of -12. */
static void scaled(double value, const char *unit, int exponent, stream_text *out) {
    static const struct {
        int exponent;
        const char *prefix;
    } prefixes[] = {{-15, "f"}, {-12, "p"}, {-9, "n"}, {-6, "u"},
                    {-3, "m"},  {0, ""},    {3, "k"},  {6, "M"}};
    size_t i = 0;
    while (prefixes[i].exponent < exponent)
        ++i;
    while (value >= 1000 && i + 1 < sizeof prefixes / sizeof *prefixes) {
        value /= 1000;
        ++i;
    }
    stream_text_print(out, "%.4g %s%s", value, prefixes[i].prefix, unit);
}

/* Bits as bytes with a binary prefix. */
static void bytes(int64_t bits, stream_text *out) {
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = (double)bits / 8;
    int i = 0;
    for (; value >= 1024 && i < 4; ++i)
        value /= 1024;
    stream_text_print(out, value == (double)(int64_t)value ? "%.0f %s" : "%.2f %s", value,
                      units[i]);
}

static void bar(double fraction, stream_text *out) {
    int full = (int)(fraction * BAR + 0.5);
    full = full < 0 ? 0 : full > BAR ? BAR : full;
    for (int i = 0; i < BAR; ++i)
        stream_text_str(out, i < full ? "#" : ".");
}

static double part(int64_t a, int64_t b) {
    return b > 0 ? (double)a / (double)b : 0;
}

static const char *bound_text(stream_bound_kind kind) {
    switch (kind) {
    case STREAM_BOUND_COMPUTE:
        return "compute";
    case STREAM_BOUND_OFFCHIP:
        return "off-chip traffic";
    case STREAM_BOUND_CRITICAL_PATH:
        return "critical path";
    case STREAM_BOUND_LINK:
        return "link traffic";
    }
    return "unknown";
}

static void head(const stream_export *e, stream_text *out) {
    const stream_schedule_summary *s = &e->schedule->summary;
    stream_text_print(out, "%s on %s (cost model: %s)\n\n", e->network, e->problem->acc->name,
                      e->model);
    stream_text_str(out, "  latency       ");
    grouped(s->latency_cycles, out);
    stream_text_str(out, " cycles\n  lower bound   ");
    grouped(s->lower_bound_cycles, out);
    stream_text_print(out, " cycles (%s), gap %.1f %%\n  energy        ", bound_text(s->bound_kind),
                      100 * part(s->latency_cycles - s->lower_bound_cycles, s->lower_bound_cycles));
    scaled((double)s->energy_fj / 1000, "J", -12, out);
    stream_text_print(out, " (compute %.1f %%, links %.1f %%, memories %.1f %%)\n",
                      100 * part(s->compute_energy_fj, s->energy_fj),
                      100 * part(s->link_energy_fj, s->energy_fj),
                      100 * part(s->memory_energy_fj, s->energy_fj));
    stream_text_print(out, "  EDP           %.4g pJ x cycles\n  CTs           ", s->edp);
    grouped(e->problem->graph->n_cts, out);
    stream_text_str(out, " in ");
    grouped(e->problem->graph->n_layers, out);
    stream_text_str(out, " layers\n  transfers     ");
    grouped(e->schedule->n_transfers, out);
    stream_text_str(out, "\n  off-chip      read ");
    bytes(s->offchip_read_bits, out);
    stream_text_str(out, ", written ");
    bytes(s->offchip_write_bits, out);
    stream_text_str(out, "\n\n");
}

static int name_width(const stream_accelerator *acc) {
    int width = 4;
    for (int32_t i = 0; i < acc->n_instances; ++i) {
        stream_text name = {0};
        stream_export_instance_name(acc, i, &name);
        width = (int)name.length > width ? (int)name.length : width;
        stream_text_free(&name);
    }
    for (int32_t c = 0; c < acc->n_cores; ++c) {
        int n = (int)strlen(acc->cores[c].name);
        width = n > width ? n : width;
    }
    return width;
}

static void cores(const stream_export *e, int width, stream_text *out) {
    const stream_accelerator *acc = e->problem->acc;
    const stream_schedule_summary *s = &e->schedule->summary;
    stream_text_print(out, "  %-*s  busy of latency\n", width, "core");
    for (int32_t c = 0; c < acc->n_cores; ++c) {
        if (acc->cores[c].kind != STREAM_CORE_COMPUTE)
            continue;
        double fraction = part(s->busy_cycles[c], s->latency_cycles);
        stream_text_print(out, "  %-*s  ", width, acc->cores[c].name);
        bar(fraction, out);
        stream_text_print(out, " %5.1f %%  ", 100 * fraction);
        grouped(s->busy_cycles[c], out);
        stream_text_str(out, " cycles\n");
    }
    stream_text_str(out, "\n");
}

static void memories(const stream_export *e, int width, stream_text *out) {
    const stream_accelerator *acc = e->problem->acc;
    stream_text_print(out, "  %-*s  peak of capacity\n", width, "memory");
    for (int32_t i = 0; i < acc->n_instances; ++i) {
        int64_t peak = e->schedule->summary.peak_bits[i], size = acc->instances[i].size_bits;
        stream_text name = {0};
        stream_export_instance_name(acc, i, &name);
        stream_text_print(out, "  %-*s  ", width, name.data);
        bar(part(peak, size), out);
        stream_text_print(out, " %5.1f %%  ", 100 * part(peak, size));
        bytes(peak, out);
        stream_text_str(out, " of ");
        bytes(size, out);
        stream_text_str(out, "\n");
        stream_text_free(&name);
    }
}

void stream_export_summary(const stream_export *e, stream_text *out) {
    int width = name_width(e->problem->acc);
    head(e, out);
    cores(e, width, out);
    memories(e, width, out);
}
