/* A random scheduled problem to export: the same seed gives the same one. */
#ifndef SCHEDULED_H
#define SCHEDULED_H

#include "schedule/random_instance.h"
#include "stream/export/export.h"

typedef struct {
    random_instance instance;
    stream_schedule schedule;
    stream_export e;
    stream_text out;
} scheduled;

/* False: the problem of this seed cannot be scheduled. */
static inline bool scheduled_open(scheduled *s, unsigned seed) {
    memset(s, 0, sizeof *s);
    random_instance_open(&s->instance, seed);
    s->e = (stream_export){.network = "net",
                           .model = "simple",
                           .problem = &s->instance.problem,
                           .schedule = &s->schedule};
    return stream_schedule_build(&s->instance.problem, STREAM_PRIORITY_LATENCY, s->instance.arena,
                                 &s->instance.diag, &s->schedule) == STREAM_OK;
}

static inline void scheduled_close(scheduled *s) {
    stream_text_free(&s->out);
    random_instance_close(&s->instance);
}

#endif
