/* What ops fused behind a reduction read besides the results; see price.h. */

#include "price.h"

#include "stream/support/integer.h"

/* What one operand class reads. */
typedef struct {
    int64_t bits;
    const stream_memory *memory;
    const stream_port *port;
} fused_reads;

static int64_t bits_of(const stream_price_job *job, int32_t class) {
    static const int64_t origin[STREAM_MAX_LOOPS];
    int64_t bits = 0;
    for (int32_t i = 0; i < job->kernel->n_operands; ++i) {
        const stream_operand *o = &job->kernel->operands[i];
        if (!stream_operand_is_fused(job->kernel, o) || o->operand_class != class)
            continue;
        stream_box box =
            stream_operand_box(job->w, o, job->kernel->n_loops, origin, job->kernel->bounds);
        bits += stream_box_volume(&box) * stream_view_element_bits(job->w, o->view);
    }
    return bits;
}

/* The memory that the scheduler fills, and its port towards the array. */
static void find_port(const stream_core *core, int32_t class, fused_reads *out) {
    for (int32_t m = core->n_memories - 1; m >= 0 && !out->memory; --m)
        if (core->memories[m].operands >> class & 1)
            out->memory = &core->memories[m];
    for (int32_t i = 0; out->memory && i < out->memory->n_ports; ++i)
        if (out->memory->ports[i].serves[class] >> STREAM_TO_LOW & 1)
            out->port = &out->memory->ports[i];
}

static void add_energy(const fused_reads *reads, int32_t class, stream_kernel_cost *cost) {
    int64_t word = reads->port->energy_word_bits ? reads->port->energy_word_bits
                                                 : reads->port->bandwidth_max_bits;
    int64_t fj = stream_fj((double)stream_ceil_div(reads->bits, word) * reads->memory->read_pj);
    cost->energy_fj += fj;
    cost->top_read_bits[class] += reads->bits;
    if (cost->n_levels > 0 && cost->n_levels < STREAM_PRICE_MAX_LEVELS)
        cost->levels[cost->n_levels++] =
            (stream_level_energy){reads->memory->name, class == STREAM_I1 ? "FI" : "FW", fj};
}

static int64_t cycles_of(const fused_reads *reads) {
    return reads->port ? stream_ceil_div(reads->bits, reads->port->bandwidth_max_bits) : 0;
}

void stream_price_fused(const stream_price_job *job, stream_kernel_cost *cost) {
    fused_reads reads[2] = {{0}, {0}};
    for (int32_t class = STREAM_I1; class <= STREAM_I2; ++class) {
        reads[class].bits = bits_of(job, class);
        if (reads[class].bits == 0)
            continue;
        if (cost->streamed >> class & 1) {
            stream_price_streams_fused(job, class, reads[class].bits, cost);
            continue;
        }
        find_port(job->core, class, &reads[class]);
        if (reads[class].port)
            add_energy(&reads[class], class, cost);
    }
    int64_t first = cycles_of(&reads[STREAM_I1]), second = cycles_of(&reads[STREAM_I2]);
    bool shared = reads[STREAM_I1].port && reads[STREAM_I1].port == reads[STREAM_I2].port;
    int64_t cycles = shared ? first + second : stream_max_i64(first, second);
    if (cycles > cost->cycles) {
        cost->stall_cycles += cycles - cost->cycles;
        cost->cycles = cycles;
    }
}
