/* Which cores price every kernel the same; see stream/hardware/accelerator.h. */

#include "internal.h"

#include <string.h>

static bool same_text(const char *a, const char *b) {
    return a == b || (a && b && !strcmp(a, b));
}

static bool same_port(const stream_port *a, const stream_port *b) {
    return a->kind == b->kind && a->bandwidth_min_bits == b->bandwidth_min_bits &&
           a->bandwidth_max_bits == b->bandwidth_max_bits &&
           !memcmp(a->serves, b->serves, sizeof a->serves) && a->n_listed == b->n_listed &&
           !memcmp(a->listed, b->listed, (size_t)a->n_listed);
}

static bool same_memory(const stream_memory *a, const stream_memory *b) {
    if (a->size_bits != b->size_bits || a->read_pj != b->read_pj || a->write_pj != b->write_pj ||
        a->latency_cycles != b->latency_cycles || a->operands != b->operands ||
        a->served_dims != b->served_dims || a->n_ports != b->n_ports ||
        a->force_double_buffering != b->force_double_buffering ||
        a->n_operand_order != b->n_operand_order ||
        memcmp(a->operand_order, b->operand_order, (size_t)a->n_operand_order) != 0 ||
        !same_text(a->unmodelled, b->unmodelled))
        return false;
    for (int32_t p = 0; p < a->n_ports; ++p)
        if (!same_port(&a->ports[p], &b->ports[p]))
            return false;
    return true;
}

static bool same_memories(const stream_core *a, const stream_core *b) {
    if (a->n_memories != b->n_memories)
        return false;
    for (int32_t m = 0; m < a->n_memories; ++m)
        if (!same_memory(&a->memories[m], &b->memories[m]))
            return false;
    return true;
}

static bool same_dataflow(const stream_dataflow *a, const stream_dataflow *b) {
    if (a->n_unrolls != b->n_unrolls)
        return false;
    for (int32_t u = 0; u < a->n_unrolls; ++u)
        if (a->unrolls[u].array_dim != b->unrolls[u].array_dim ||
            a->unrolls[u].unroll != b->unrolls[u].unroll ||
            strcmp(a->unrolls[u].loop, b->unrolls[u].loop) != 0)
            return false;
    return true;
}

static bool same_array(const stream_core *a, const stream_core *b) {
    if (a->n_array_dims != b->n_array_dims || a->systolic_dims != b->systolic_dims ||
        a->mac_pj != b->mac_pj || a->utilization != b->utilization ||
        a->n_dataflows != b->n_dataflows)
        return false;
    for (int32_t d = 0; d < a->n_array_dims; ++d)
        if (a->array_sizes[d] != b->array_sizes[d])
            return false;
    for (int32_t i = 0; i < a->n_dataflows; ++i)
        if (!same_dataflow(&a->dataflows[i], &b->dataflows[i]))
            return false;
    return true;
}

static bool same_names(const char *const *a, int32_t n_a, const char *const *b, int32_t n_b) {
    if (n_a != n_b)
        return false;
    for (int32_t i = 0; i < n_a; ++i)
        if (strcmp(a[i], b[i]) != 0)
            return false;
    return true;
}

static bool same_operators(const stream_core *a, const stream_core *b) {
    return same_names(a->operators, a->n_operators, b->operators, b->n_operators);
}

static bool same_post(const stream_post_processing *a, const stream_post_processing *b) {
    if (!a || !b)
        return a == b;
    return a->ops_per_cycle == b->ops_per_cycle && a->op_pj == b->op_pj &&
           same_names(a->operators, a->n_operators, b->operators, b->n_operators);
}

static bool same_core(const stream_core *a, const stream_core *b) {
    return a->kind == STREAM_CORE_COMPUTE && b->kind == STREAM_CORE_COMPUTE &&
           same_text(a->space, b->space) && same_array(a, b) && same_operators(a, b) &&
           same_post(a->post, b->post) && same_memories(a, b) &&
           same_text(a->unmodelled, b->unmodelled);
}

void stream_hardware_classes(stream_accelerator *acc, stream_arena *arena) {
    int32_t *class_of = STREAM_NEW(arena, int32_t, (size_t)acc->n_cores);
    for (int32_t c = 0; c < acc->n_cores; ++c) {
        class_of[c] = c;
        for (int32_t k = 0; k < c && class_of[c] == c; ++k)
            if (class_of[k] == k && same_core(&acc->cores[k], &acc->cores[c]))
                class_of[c] = k;
    }
    acc->class_of = class_of;
}

int32_t stream_core_of_type_with(const stream_accelerator *acc, int32_t core,
                                 const int64_t *values) {
    const char *type = acc->cores[core].type_name;
    for (int32_t c = 0; type && c < acc->n_cores; ++c)
        if (values[c] >= 0 && same_text(type, acc->cores[c].type_name))
            return c;
    return -1;
}
