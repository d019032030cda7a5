/* Memories without what is never used. See residency_memories.h. */

#include "residency_memories.h"

#include "stream/schedule/energy.h"
#include "stream/support/integer.h"

#include <stdlib.h>

/* What is left out is a multiple of this: what lies at whole bytes and words of hosts still does.
 */
#define ALIGNMENT_BITS 512

/* Addresses that a buffer uses, of the first memory of that size. */
typedef struct {
    int32_t memory;
    int64_t lo, hi;
} used_range;

typedef struct {
    const residency_buffers *f;
    int32_t *first_of_size; /* [n_instances] the first memory that is as large */
    stream_vec ranges;      /* used_range */
} lister;

static void find_sizes(lister *l) {
    const stream_accelerator *acc = l->f->problem->acc;
    l->first_of_size = STREAM_NEW(l->f->arena, int32_t, (size_t)acc->n_instances);
    for (int32_t i = 0; i < acc->n_instances; ++i)
        while (acc->instances[l->first_of_size[i]].size_bits != acc->instances[i].size_bits)
            ++l->first_of_size[i];
}

static void add(lister *l, int32_t instance, int64_t address, int64_t bits) {
    *(used_range *)stream_vec_push(&l->ranges) =
        (used_range){l->first_of_size[instance], address, stream_sum_i64(address, bits)};
}

static void add_buffers(lister *l) {
    for (size_t i = 0; i < l->f->buffers.n; ++i) {
        const residency_buffer *b = &STREAM_AT(residency_buffer, l->f->buffers, i);
        add(l, b->at.instance, b->at.address,
            stream_ct_graph_bits(l->f->graph, b->tensor, &b->at.buffer));
    }
}

/* Where parts of streamed operands pass. */
static void add_streams(lister *l, const stream_schedule *schedule) {
    const stream_schedule_problem *problem = l->f->problem;
    for (int32_t i = 0; i < schedule->n_streams; ++i) {
        const stream_ct_stream *s = &schedule->streams[i];
        int32_t core = schedule->slots[s->ct].core;
        int32_t instance = problem->acc->top[core * STREAM_N_OPERANDS + s->operand];
        int64_t bits = stream_ct_stream_price(problem, schedule, s)->buffer_bits;
        if (instance >= 0 && bits > 0)
            add(l, instance, s->address, bits);
    }
}

static int compare(const void *a, const void *b) {
    const used_range *x = a, *y = b;
    if (x->memory != y->memory)
        return x->memory < y->memory ? -1 : 1;
    return (x->lo > y->lo) - (x->lo < y->lo);
}

/* Appends the shifts of one memory; returns the bits that are left. */
static int64_t shift(const used_range *ranges, size_t n, stream_vec *shifts) {
    int64_t end = 0, less = 0;
    for (size_t i = 0; i < n; ++i) {
        int64_t unused = ranges[i].lo - end;
        if (unused > STREAM_RESIDENCY_GAP_BITS) {
            less += unused / ALIGNMENT_BITS * ALIGNMENT_BITS;
            *(stream_residency_shift *)stream_vec_push(shifts) =
                (stream_residency_shift){ranges[i].lo, less};
        }
        end = stream_max_i64(end, ranges[i].hi);
    }
    return end - less;
}

/* Of ranges in order, those of one memory after the other. */
static void shift_each(const stream_vec *ranges, stream_residency_memory *memories,
                       stream_vec *shifts) {
    for (size_t first = 0, end; first < ranges->n; first = end) {
        const used_range *at = &STREAM_AT(used_range, *ranges, first);
        stream_residency_memory *memory = &memories[at->memory];
        for (end = first; end < ranges->n && at[end - first].memory == at->memory;)
            ++end;
        memory->first = (int32_t)shifts->n;
        memory->bits = shift(at, end - first, shifts);
        memory->n = (int32_t)shifts->n - memory->first;
    }
}

void stream_residency_shift_all(const residency_buffers *f, const stream_schedule *schedule,
                                stream_residency *out) {
    size_t n = (size_t)f->problem->acc->n_instances;
    stream_residency_memory *memories = STREAM_NEW(f->arena, stream_residency_memory, n);
    lister l = {.f = f, .ranges = STREAM_VEC(used_range)};
    stream_vec shifts = STREAM_VEC(stream_residency_shift);
    find_sizes(&l);
    add_buffers(&l);
    add_streams(&l, schedule);
    if (l.ranges.n)
        qsort(l.ranges.data, l.ranges.n, sizeof(used_range), compare);
    shift_each(&l.ranges, memories, &shifts);
    for (size_t i = 0; i < n; ++i)
        memories[i] = memories[l.first_of_size[i]];
    out->memories = memories;
    out->shifts = stream_vec_freeze(&shifts, f->arena);
    stream_vec_free(&l.ranges);
}

int64_t stream_residency_address(const stream_residency *residency, int32_t instance,
                                 int64_t address) {
    const stream_residency_memory *memory = &residency->memories[instance];
    int32_t lo = memory->first, hi = memory->first + memory->n;
    while (lo < hi) { /* shifts before lo begin at or before the address, those from hi on behind */
        int32_t middle = lo + (hi - lo) / 2;
        if (residency->shifts[middle].from <= address)
            lo = middle + 1;
        else
            hi = middle;
    }
    return address - (lo > memory->first ? residency->shifts[lo - 1].less : 0);
}
