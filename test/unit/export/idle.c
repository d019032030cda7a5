// RUN: unit-export-idle

/* Why cores are idle, cycle by cycle, against what the page says. */

#include "json_read.h"
#include "scheduled.h"

typedef struct {
    int64_t loading, queued, waiting;
} idle;

static bool serves(const scheduled *s, const stream_transfer *t, int32_t core) {
    for (int32_t k = 0; k < t->n_targets; ++k)
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
            if (s->instance.acc.top[core * STREAM_N_OPERANDS + o] == t->targets[k].instance)
                return true;
    return false;
}

/* Bits per cycle that a transfer takes of a resource. */
static int64_t takes(const scheduled *s, const stream_transfer *t, int32_t resource) {
    const stream_accelerator *acc = &s->instance.acc;
    int64_t n = stream_accelerator_port(acc, t->source, t->source_operand, false) == resource;
    for (int32_t r = 0; r < t->n_resources; ++r)
        n += t->resources[r] == resource;
    for (int32_t k = 0; k < t->n_targets; ++k)
        n += stream_accelerator_port(acc, t->targets[k].instance, t->target_operand, true) ==
             resource;
    return n * t->rate_bits;
}

static bool is_taken(const scheduled *s, const stream_transfer *next, int64_t time) {
    for (int32_t r = 0; r < s->instance.acc.n_resources; ++r) {
        int64_t want = takes(s, next, r), used = 0;
        for (int32_t i = 0; want && i < s->schedule.n_transfers; ++i) {
            const stream_transfer *t = &s->schedule.transfers[i];
            used += t->start <= time && time < t->end ? takes(s, t, r) : 0;
        }
        if (want && used + want > s->instance.acc.resources[r].bandwidth_bits)
            return true;
    }
    return false;
}

/* The core is idle at `time`, until `until`. */
static void explain(const scheduled *s, int32_t core, int64_t time, int64_t until, idle *out) {
    const stream_transfer *next = NULL;
    for (int32_t i = 0; i < s->schedule.n_transfers; ++i) {
        const stream_transfer *t = &s->schedule.transfers[i];
        if (!serves(s, t, core) || t->end <= time || t->start >= until)
            continue;
        if (t->start <= time) {
            ++out->loading;
            return;
        }
        next = !next || t->start < next->start ? t : next;
    }
    ++*(next && is_taken(s, next, time) ? &out->queued : &out->waiting);
}

static idle idle_of(const scheduled *s, int32_t core) {
    idle sum = {0};
    for (int64_t time = 0; time < s->schedule.summary.latency_cycles; ++time) {
        int64_t until = INT64_MAX;
        bool begun = false, runs = false;
        for (int32_t i = 0; i < s->instance.graph.n_cts; ++i) {
            const stream_ct_slot *slot = &s->schedule.slots[i];
            if (slot->core != core)
                continue;
            begun |= slot->end <= time;
            runs |= slot->start <= time && time < slot->end;
            until = slot->start > time && slot->start < until ? slot->start : until;
        }
        if (begun && !runs && until < INT64_MAX)
            explain(s, core, time, until, &sum);
    }
    return sum;
}

static double said(const stream_text *data, int32_t core, const char *what) {
    char path[64];
    snprintf(path, sizeof path, "cores.%d.%s", core, what);
    json j = get(data, path);
    return j.bad || !j.found ? -1 : j.number;
}

int main(void) {
    idle all = {0};
    int wrong = 0;
    for (unsigned seed = 1; seed <= 40; ++seed) {
        scheduled s;
        stream_text data = {0};
        if (scheduled_open(&s, seed) && s.schedule.n_streams == 0 &&
            s.schedule.summary.latency_cycles < 4000) {
            stream_export_html(&s.e, &s.out);
            static const char open[] = "<script type=\"application/json\" id=\"data\">";
            const char *from = strstr(s.out.data, open) + strlen(open);
            stream_text_append(&data, from, (size_t)(strstr(from, "</script>") - from));
            for (int32_t c = 0; c < s.instance.acc.n_cores; ++c) {
                idle is = idle_of(&s, c);
                wrong += said(&data, c, "loading") != (double)is.loading;
                wrong += said(&data, c, "queued") != (double)is.queued;
                wrong += said(&data, c, "waiting") != (double)is.waiting;
                all.loading += is.loading;
                all.queued += is.queued;
                all.waiting += is.waiting;
            }
        }
        stream_text_free(&data);
        scheduled_close(&s);
    }
    CHECK_EQ(wrong, 0);
    CHECK(all.loading > 0 && all.queued > 0 && all.waiting > 0);
    return test_done();
}
