/* What a search reads, as text; see signature.h. */

#include "signature.h"

#include <inttypes.h>
#include <string.h>

static void real(stream_text *out, double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    stream_text_print(out, " %" PRIx64, bits);
}

void stream_nest_signature(const stream_loop_nest *nest, stream_text *out) {
    stream_text_print(out, "nest %" PRId64, nest->cycles_per_op);
    for (int32_t d = 0; d < nest->n_dims; ++d)
        stream_text_print(out, " %s=%" PRId64, nest->dims[d].name, nest->dims[d].size);
    for (int32_t r = 0; r < nest->n_relations; ++r) {
        const stream_nest_relation *x = &nest->relations[r];
        stream_text_print(out, "\nrelation %d*%" PRId64 "+%d*%" PRId64 "<%" PRId64, x->a,
                          x->a_factor, x->b, x->b_factor, x->clip);
    }
    for (int32_t o = 0; o < nest->n_operands; ++o) {
        const stream_nest_operand *x = &nest->operands[o];
        stream_text_print(out, "\noperand %s %d %" PRId64 " %" PRId64 " of", x->name, x->memory,
                          x->bits, x->final_bits);
        for (int32_t i = 0; i < x->n_index; ++i)
            stream_text_print(out, " %d", x->index[i]);
    }
    stream_text_str(out, "\n");
}

static void port(const stream_port *p, stream_text *out) {
    stream_text_print(out, "\nport %d %" PRId64 " %" PRId64, p->kind, p->bandwidth_min_bits,
                      p->bandwidth_max_bits);
    if (p->energy_word_bits)
        stream_text_print(out, " word %" PRId64, p->energy_word_bits);
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        stream_text_print(out, " %x", p->serves[o]);
    for (int32_t i = 0; i < p->n_listed; ++i)
        stream_text_print(out, " %d", p->listed[i]);
}

static void memory(const stream_memory *m, stream_text *out) {
    stream_text_print(out, "\nmemory %s %" PRId64 " %x %x %d", m->name, m->size_bits, m->operands,
                      m->served_dims, m->force_double_buffering);
    real(out, m->read_pj);
    real(out, m->write_pj);
    for (int32_t i = 0; i < m->n_operand_order; ++i)
        stream_text_print(out, " %d", m->operand_order[i]);
    for (int32_t p = 0; p < m->n_ports; ++p)
        port(&m->ports[p], out);
}

void stream_core_signature(const stream_core *core, stream_text *out) {
    stream_text_print(out, "core %x", core->systolic_dims);
    real(out, core->mac_pj);
    for (int32_t x = 0; x < core->n_array_dims; ++x)
        stream_text_print(out, " %" PRId64, core->array_sizes[x]);
    for (int32_t i = 0; i < core->n_dataflows; ++i) {
        stream_text_str(out, "\ndataflow");
        for (int32_t u = 0; u < core->dataflows[i].n_unrolls; ++u) {
            const stream_unroll *x = &core->dataflows[i].unrolls[u];
            stream_text_print(out, " %d:%s*%" PRId64, x->array_dim, x->loop, x->unroll);
        }
    }
    for (int32_t m = 0; m < core->n_memories; ++m)
        memory(&core->memories[m], out);
    stream_text_str(out, "\n");
}

static void pins(const char *side, const stream_loop_pin *pin, int32_t n, stream_text *out) {
    stream_text_print(out, " %s", side);
    for (int32_t i = 0; i < n; ++i)
        stream_text_print(out, " %d*%" PRId64, pin[i].dim, pin[i].size);
}

static void request(const stream_spatial_request *r, stream_text *out) {
    stream_text_print(out, "\nspatial %d %d", r->mixed, r->count);
    for (int32_t x = 0; x < STREAM_MAX_ARRAY_DIMS; ++x) {
        if (r->given[x])
            stream_text_print(out, " %d:", x);
        for (int32_t i = 0; r->given[x] && i < r->unroll[x].n; ++i) {
            stream_text_print(out, " %d", r->unroll[x].at[i].dim);
            real(out, r->unroll[x].at[i].factor);
        }
        for (int32_t i = 0; i < r->n_hints[x]; ++i)
            stream_text_print(out, " %d?%d", x, r->hints[x][i]);
    }
}

void stream_options_signature(const stream_cost_options *options, stream_text *out) {
    stream_text_print(out, "%s %d %d %d %d %" PRId64 " %d", stream_cost_model_name(options->model),
                      options->objective, options->spatial_source, options->even,
                      options->lpf_limit, options->max_labels, options->tie_break);
    real(out, options->gap);
    pins("inner", options->inner, options->n_inner, out);
    pins("outer", options->outer, options->n_outer, out);
    request(&options->spatial, out);
    if (options->offchip && options->offchip_operands) {
        stream_text_print(out, "\noffchip %x", options->offchip_operands);
        memory(options->offchip, out);
    }
    stream_text_str(out, "\n");
}
