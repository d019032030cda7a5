/* Words for ports, transfers and figures of the cost model. */

#include "cost_names.h"

#include "write.h"

#include <math.h>

const char *stream_export_objective_name(stream_mapping_objective objective) {
    switch (objective) {
    case STREAM_BEST_LATENCY:
        return "latency";
    case STREAM_BEST_ENERGY:
        return "energy";
    case STREAM_BEST_EDP:
        return "edp";
    }
    return "unknown";
}

const char *stream_port_kind_text(stream_port_kind kind) {
    switch (kind) {
    case STREAM_PORT_READ:
        return "read port";
    case STREAM_PORT_WRITE:
        return "write port";
    case STREAM_PORT_READ_WRITE:
        return "read/write port";
    }
    return "port";
}

void stream_write_port(stream_text *out, const stream_mapping_problem *problem, int32_t memory,
                       int32_t port) {
    const stream_map_memory *m = &problem->memories[memory];
    stream_text_print(out, "%s '%s' of '%s'", stream_port_kind_text(m->ports[port].kind),
                      m->ports[port].name, m->name);
}

const char *stream_level_name(const stream_mapping_problem *problem, int32_t operand,
                              int32_t level) {
    return problem->memories[problem->operands[operand].memory[level]].name;
}

void stream_write_load(stream_text *out, const stream_mapping_problem *problem, int32_t operand,
                       int32_t level, stream_direction direction) {
    bool high = direction == STREAM_FROM_HIGH || direction == STREAM_TO_HIGH;
    bool to = direction == STREAM_TO_HIGH || direction == STREAM_TO_LOW;
    bool back = operand == 0 && (direction == STREAM_FROM_HIGH || direction == STREAM_TO_LOW);
    stream_text_print(out, "%s%s %s ", back ? "partial sums of " : "",
                      problem->nest.operands[operand].name, to ? "to" : "from");
    if (!high && level == 0)
        stream_text_str(out, "the array");
    else
        stream_text_print(out, "'%s'",
                          stream_level_name(problem, operand, high ? level + 1 : level - 1));
}

void stream_write_cycles(stream_text *out, double cycles) {
    if (fabs(cycles) < 9e15 && rint(cycles) == cycles)
        stream_write_grouped(out, (int64_t)cycles);
    else
        stream_text_print(out, "%.1f", cycles);
}

void stream_write_change(stream_text *out, double percent) {
    double shown = rint(percent * 10) / 10;
    stream_text_print(out, "%+.1f %%", shown == 0 ? 0.0 : shown);
}
