/* What assignments are measured by; see stream/allocate/allocate.h. */

#include "stream/allocate/allocate.h"

const char *stream_objective_name(stream_objective objective) {
    switch (objective) {
    case STREAM_OBJECTIVE_LATENCY:
        return "latency";
    case STREAM_OBJECTIVE_ENERGY:
        return "energy";
    case STREAM_OBJECTIVE_EDP:
        return "edp";
    }
    return "unknown";
}

double stream_objective_value(stream_objective objective, int64_t cycles, int64_t energy_fj) {
    switch (objective) {
    case STREAM_OBJECTIVE_LATENCY:
        return (double)cycles;
    case STREAM_OBJECTIVE_ENERGY:
        return (double)energy_fj;
    case STREAM_OBJECTIVE_EDP:
        return (double)cycles * (double)energy_fj;
    }
    return 0;
}
