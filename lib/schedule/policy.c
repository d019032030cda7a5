/* Policies by name, and which score is better; see stream/schedule/policy.h. */

#include "stream/schedule/policy.h"

#include <string.h>

const char *stream_priority_name(stream_priority priority) {
    switch (priority) {
#define NAME(value, text)                                                                          \
    case value:                                                                                    \
        return text;
        STREAM_PRIORITIES(NAME)
#undef NAME
    }
    return "?";
}

bool stream_priority_parse(const char *name, stream_priority *out) {
    static const struct {
        stream_priority value;
        const char *text;
    } all[] = {
#define ROW(value, text) {value, text},
        STREAM_PRIORITIES(ROW)
#undef ROW
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; ++i)
        if (strcmp(name, all[i].text) == 0) {
            *out = all[i].value;
            return true;
        }
    return false;
}

bool stream_score_is_better(const stream_schedule_score *a, const stream_schedule_score *b) {
    if (a->latency_cycles != b->latency_cycles)
        return a->latency_cycles < b->latency_cycles;
    return a->energy_fj < b->energy_fj;
}
