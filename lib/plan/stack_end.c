/* How many layers fit a stack; see stack_end.h. */

#include "stack_end.h"

#include "row_tables.h"
#include "stream/support/integer.h"

#include <stdlib.h>

enum {
    HOLDS_WEIGHTS = 1,
    HOLDS_ROWS = 2
};

static bool may_run(const stream_accelerator *acc, const stream_layer *layer,
                    const stream_layer_plan *plan, int32_t core) {
    for (int32_t i = 0; i < plan->n_cores; ++i)
        if (plan->cores[i] == core)
            return true;
    return plan->n_cores == 0 && stream_core_runs(&acc->cores[core], layer->op_type);
}

static void mark_core(const stream_accelerator *acc, int32_t core, bool weights, uint8_t *holds) {
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        int32_t instance = acc->top[core * STREAM_N_OPERANDS + o];
        if (instance < 0 || (o == STREAM_I2 && !weights))
            continue;
        holds[instance] |= o == STREAM_I2 ? HOLDS_WEIGHTS : HOLDS_ROWS;
    }
}

stream_capacities stream_stack_capacities(const stream_workload *w, const stream_accelerator *acc,
                                          const stream_layer_plan *plans,
                                          const stream_row_tables *tables, int32_t first,
                                          int32_t end) {
    stream_capacities sum = {0};
    uint8_t *holds = calloc((size_t)acc->n_instances + 1, 1);
    if (!holds)
        abort();
    for (int32_t c = 0; c < acc->n_cores; ++c)
        for (int32_t l = first; l < end && acc->cores[c].kind == STREAM_CORE_COMPUTE; ++l)
            if (may_run(acc, &w->layers[l], &plans[l], c))
                mark_core(acc, c, tables->layers[l].weight_bits > 0, holds);
    for (int32_t i = 0; i < acc->n_instances; ++i) {
        int64_t bits = acc->instances[i].size_bits;
        sum.weights = stream_sum_i64(sum.weights, holds[i] & HOLDS_WEIGHTS ? bits : 0);
        sum.rows = stream_sum_i64(sum.rows, holds[i] & HOLDS_ROWS ? bits : 0);
        sum.all = stream_sum_i64(sum.all, holds[i] ? bits : 0);
    }
    free(holds);
    return sum;
}

/* `part` of the bits, at most 1. */
static int64_t part_of(int64_t bits, double part) {
    double product = part * (double)bits; /* which may be rounded up to 2^63 */
    return product < 0x1p63 ? (int64_t)product : INT64_MAX;
}

/* False, with the reason: layers [first, end) do not fit. */
static bool check(const stream_capacities *room, const stream_footprint *f, double fill,
                  stream_stack_overflow *out) {
    int64_t rows = part_of(room->rows, fill), both = stream_sum_i64(f->weight_bits, f->row_bits);
    *out = (stream_stack_overflow){.footprint = *f};
    if (f->weight_bits > room->weights) {
        out->what = "weights";
        out->memories = "the memories for weights of its cores";
        out->needed_bits = f->weight_bits;
        out->capacity_bits = room->weights;
    } else if (f->row_bits > rows) {
        out->what = "rows";
        out->memories = "the part (fill) for rows of the memories of its cores";
        out->needed_bits = f->row_bits;
        out->capacity_bits = rows;
    } else if (both > room->all) {
        out->what = "weights and rows";
        out->memories = "the memories of its cores";
        out->needed_bits = both;
        out->capacity_bits = room->all;
    }
    return out->what == NULL;
}

int32_t stream_stack_end(const stream_workload *w, const stream_accelerator *acc,
                         const stream_layer_plan *plans, const stream_row_tables *tables,
                         double fill, int32_t first, int32_t end, stream_stack_overflow *out) {
    int32_t fits = first + 1, beyond = end + 1, step = 1; /* `beyond` does not fit */
    stream_stack_overflow overflow = {0};
    *out = overflow;
    while (fits + 1 < beyond) {
        int32_t middle = beyond > end ? fits + step : fits + (beyond - fits) / 2;
        middle = middle < end ? middle : end;
        if (beyond > end && fits == end)
            break;
        stream_capacities room = stream_stack_capacities(w, acc, plans, tables, first, middle);
        stream_footprint f = stream_footprint_of(tables, first, middle);
        if (check(&room, &f, fill, &overflow)) {
            fits = middle;
            step *= 2;
        } else {
            beyond = middle;
            *out = overflow;
        }
    }
    return fits;
}
