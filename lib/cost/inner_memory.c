/* Bounds of the unrolling; see inner_memory.h. */

#include "inner_memory.h"

#include "relevance.h"
#include "set_order.h"

#include <string.h>

void stream_inner_memories_find(const stream_loop_nest *nest, const stream_core *core,
                                const stream_memory *offchip, uint8_t offchip_operands,
                                stream_cost_model model, stream_inner_memories *out) {
    uint8_t seen = 0;
    *out = (stream_inner_memories){.nest = nest, .core = core, .model = model};
    for (int32_t m = 0; m <= core->n_memories; ++m) {
        const stream_memory *memory = m < core->n_memories ? &core->memories[m] : offchip;
        if (!memory || out->n == STREAM_MAP_MAX_MEMORIES)
            break;
        uint8_t held = memory->operands;
        if (m == core->n_memories)
            held &= offchip_operands;
        if (held && !(held & seen)) {
            out->memories[out->n] = memory;
            out->operands[out->n++] = held;
        }
        seen |= held;
    }
}

/* The operand of the nest after `o` in this memory operand, or -1; begins with o = -1. */
static int32_t next_linked(const stream_loop_nest *nest, uint8_t memory, int32_t o) {
    for (++o; o < nest->n_operands; ++o)
        if (nest->operands[o].memory == memory)
            return o;
    return -1;
}

/* The k-th operand that memory m holds, as the user listed them; -1 after the last. */
static int32_t operand_at(const stream_inner_memories *inner, int32_t m, int32_t k) {
    const stream_memory *memory = inner->memories[m];
    int32_t n = memory->n_operand_order ? memory->n_operand_order : STREAM_N_OPERANDS;
    for (int32_t i = 0, found = 0; i < n; ++i) {
        int32_t operand = memory->n_operand_order ? memory->operand_order[i] : i;
        if ((inner->operands[m] >> operand & 1) && found++ == k)
            return operand;
    }
    return -1;
}

/* The port that feeds the array with the operand, or takes it; NULL: none. */
static const stream_port *array_port(const stream_memory *memory, int32_t operand) {
    int32_t direction = operand == STREAM_O ? STREAM_FROM_LOW : STREAM_TO_LOW;
    const stream_port *port = NULL;
    for (int32_t p = 0; p < memory->n_ports; ++p)
        if (memory->ports[p].serves[operand] >> direction & 1)
            port = &memory->ports[p];
    return port;
}

static void bound_operand(const stream_inner_memories *inner, const stream_memory *memory,
                          int32_t o, int64_t port, int64_t (*most)[STREAM_NEST_MAX_DIMS]) {
    int64_t bits = inner->nest->operands[o].bits;
    stream_relevance relevance[STREAM_NEST_MAX_DIMS];
    stream_relevance_of(inner->nest, o, relevance);
    for (int32_t x = 0; x < inner->core->n_array_dims; ++x)
        for (int32_t d = 0; (memory->served_dims >> x & 1) && d < inner->nest->n_dims; ++d)
            if (relevance[d] != STREAM_IRRELEVANT && bits > 0 && port / bits < most[x][d])
                most[x][d] = port / bits;
}

static stream_status bound_by_port(const stream_inner_memories *inner, int32_t m, int32_t operand,
                                   const stream_diag *diag, int64_t (*most)[STREAM_NEST_MAX_DIMS]) {
    const stream_memory *memory = inner->memories[m];
    int32_t o = next_linked(inner->nest, (uint8_t)operand, -1);
    if (o < 0 && inner->model == STREAM_MODEL_ZIGZAG_3_8_5)
        return stream_error(
            diag, STREAM_INVALID, inner->nest->loc,
            "memory '%s' holds %s, which the layer does not have: ZigZag 3.8.5 does "
            "not cost such layers",
            memory->name, stream_operand_class_name((stream_operand_class)operand));
    if (o < 0)
        return STREAM_OK;
    const stream_port *port = array_port(memory, operand);
    if (!port)
        return stream_error(diag, STREAM_INVALID, memory->loc,
                            "memory '%s' has no port between the array and %s", memory->name,
                            stream_operand_class_name((stream_operand_class)operand));
    for (; o >= 0; o = next_linked(inner->nest, (uint8_t)operand, o))
        bound_operand(inner, memory, o, port->bandwidth_max_bits, most);
    return STREAM_OK;
}

stream_status stream_inner_max_unroll(const stream_inner_memories *inner, const stream_diag *diag,
                                      int64_t (*most)[STREAM_NEST_MAX_DIMS]) {
    for (int32_t x = 0; x < inner->core->n_array_dims; ++x)
        for (int32_t d = 0; d < inner->nest->n_dims; ++d) {
            int64_t size = inner->nest->dims[d].size, array = inner->core->array_sizes[x];
            most[x][d] = size < array ? size : array;
        }
    for (int32_t m = 0; m < inner->n; ++m)
        for (int32_t k = 0; operand_at(inner, m, k) >= 0; ++k)
            STREAM_TRY(bound_by_port(inner, m, operand_at(inner, m, k), diag, most));
    return STREAM_OK;
}

/* Does an element of operand o, which `port` moves, keep `dim` from being unrolled over D(x + 1)?
 */
static bool is_too_wide(const stream_inner_memories *inner, const stream_memory *memory, int32_t o,
                        const stream_port *port, int32_t x, int32_t dim) {
    stream_relevance relevance[STREAM_NEST_MAX_DIMS];
    stream_relevance_of(inner->nest, o, relevance);
    return (memory->served_dims >> x & 1) && relevance[dim] != STREAM_IRRELEVANT &&
           inner->nest->operands[o].bits > port->bandwidth_max_bits;
}

/* The first operand of the nest in this memory operand that is too wide. False: none. */
static bool explain_port(const stream_inner_memories *inner, const stream_memory *memory,
                         int32_t operand, int32_t x, int32_t dim, stream_text *out) {
    const stream_port *port = array_port(memory, operand);
    int32_t o = next_linked(inner->nest, (uint8_t)operand, -1);
    while (o >= 0 && port && !is_too_wide(inner, memory, o, port, x, dim))
        o = next_linked(inner->nest, (uint8_t)operand, o);
    if (o < 0 || !port)
        return false;
    long long bits = inner->nest->operands[o].bits, moved = port->bandwidth_max_bits;
    stream_text_print(out,
                      "an element of operand '%s' has %lld bits, and port '%s' of memory '%s' next "
                      "to the array moves %lld per cycle: a port of %lld, or elements of at most "
                      "%lld bits, would fit",
                      inner->nest->operands[o].name, bits, port->name, memory->name, moved, bits,
                      moved);
    return true;
}

void stream_inner_explain_port(const stream_inner_memories *inner, int32_t x, int32_t dim,
                               stream_text *out) {
    bool found = false;
    for (int32_t m = 0; m < inner->n && !found; ++m)
        for (int32_t k = 0; !found && operand_at(inner, m, k) >= 0; ++k)
            found = explain_port(inner, inner->memories[m], operand_at(inner, m, k), x, dim, out);
}

/* The factors of one operand's dims on the array dims that a memory serves. */
typedef struct {
    int32_t n;
    double old[STREAM_NEST_MAX_DIMS * STREAM_MAX_ARRAY_DIMS];
    double new[STREAM_NEST_MAX_DIMS * STREAM_MAX_ARRAY_DIMS];
    bool involved[STREAM_NEST_MAX_DIMS];
} factors;

static double product(const double *factor, int32_t n) {
    double p = 1;
    for (int32_t i = 0; i < n; ++i)
        p *= factor[i];
    return p;
}

static void collect(const stream_inner_memories *inner, const stream_memory *memory, int32_t o,
                    const stream_spatial_mapping *mapping, factors *f) {
    stream_relevance relevance[STREAM_NEST_MAX_DIMS];
    int32_t dims[STREAM_NEST_MAX_DIMS], n = 0;
    stream_relevance_of(inner->nest, o, relevance);
    *f = (factors){.n = 0};
    for (int32_t x = 0; x < mapping->n_array_dims; ++x)
        for (int32_t i = 0; (memory->served_dims >> x & 1) && i < mapping->array_dims[x].n; ++i) {
            int32_t d = mapping->array_dims[x].at[i].dim;
            if (relevance[d] == STREAM_IRRELEVANT || f->involved[d])
                continue;
            f->involved[d] = true;
            dims[n++] = d;
        }
    n = stream_set_order(inner->nest, dims, n);
    for (int32_t k = 0; k < n; ++k)
        for (int32_t x = 0; x < mapping->n_array_dims; ++x)
            for (int32_t i = 0; (memory->served_dims >> x & 1) && i < mapping->array_dims[x].n; ++i)
                if (mapping->array_dims[x].at[i].dim == dims[k])
                    f->old[f->n++] = mapping->array_dims[x].at[i].factor;
}

/* Takes 1 from the first largest factor until the product fits. False: there is none to shrink. */
static bool shrink(factors *f, double most, bool old_reference) {
    memcpy(f->new, f->old, sizeof f->new);
    while (product(f->new, f->n) > most) {
        int32_t largest = 0;
        for (int32_t i = 1; i < f->n; ++i)
            if (f->new[i] > f->new[largest])
                largest = i;
        if (f->n == 0 || (!old_reference && f->new[largest] <= 1))
            return f->n > 0 && !old_reference;
        f->new[largest] -= 1;
    }
    return true;
}

/* [Q] Factors are replaced by value: of equal old factors the last new one wins. */
static double replaced(const factors *f, double old) {
    double factor = old;
    for (int32_t i = 0; i < f->n; ++i)
        if (f->old[i] == old)
            factor = f->new[i];
    return factor;
}

static void apply(const stream_memory *memory, const factors *f, stream_spatial_mapping *mapping) {
    for (int32_t x = 0; x < mapping->n_array_dims; ++x)
        for (int32_t i = 0; (memory->served_dims >> x & 1) && i < mapping->array_dims[x].n; ++i) {
            stream_unrolled_dim *u = &mapping->array_dims[x].at[i];
            if (f->involved[u->dim])
                u->factor = replaced(f, u->factor);
        }
}

static stream_status limit_operand(const stream_inner_memories *inner, const stream_memory *memory,
                                   int32_t o, const stream_diag *diag,
                                   stream_spatial_mapping *mapping) {
    int64_t bits = inner->nest->operands[o].bits;
    if (bits <= 0)
        return STREAM_OK;
    factors f;
    double most = (double)memory->size_bits / (double)bits;
    collect(inner, memory, o, mapping, &f);
    if (product(f.old, f.n) <= most)
        return STREAM_OK;
    bool old_reference = inner->model == STREAM_MODEL_ZIGZAG_3_8_5;
    if (!shrink(&f, most, old_reference) && old_reference)
        return stream_error(diag, STREAM_INFEASIBLE, memory->loc,
                            "memory '%s' of %lld bits does not hold one element of operand '%s' "
                            "(%lld bits)",
                            memory->name, (long long)memory->size_bits,
                            inner->nest->operands[o].name, (long long)bits);
    apply(memory, &f, mapping);
    return STREAM_OK;
}

stream_status stream_inner_limit_capacity(const stream_inner_memories *inner,
                                          const stream_diag *diag,
                                          stream_spatial_mapping *mapping) {
    for (int32_t m = 0; m < inner->n; ++m)
        for (int32_t k = 0, memory; (memory = operand_at(inner, m, k)) >= 0; ++k)
            for (int32_t o = -1; (o = next_linked(inner->nest, (uint8_t)memory, o)) >= 0;)
                STREAM_TRY(limit_operand(inner, inner->memories[m], o, diag, mapping));
    return STREAM_OK;
}
