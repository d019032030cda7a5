/* One description of a row's fields for both directions; see compact.h. */

#include "compact.h"
#include "transfer.h"

#include <string.h>

static void nest(transfer *t, stream_loop_nest *nest) {
    small(t, &nest->n_dims, 1, STREAM_NEST_MAX_DIMS);
    for (int32_t d = 0; d < nest->n_dims; ++d) {
        word(t, &nest->dims[d].name);
        whole(t, &nest->dims[d].size);
    }
    small(t, &nest->n_relations, 0, STREAM_NEST_MAX_RELATIONS);
    for (int32_t r = 0; r < nest->n_relations; ++r) {
        stream_nest_relation *x = &nest->relations[r];
        word(t, &x->name);
        small(t, &x->a, 0, nest->n_dims - 1);
        small(t, &x->b, 0, nest->n_dims - 1);
        whole(t, &x->a_factor);
        whole(t, &x->b_factor);
        whole(t, &x->clip);
    }
    small(t, &nest->n_operands, 1, STREAM_NEST_MAX_OPERANDS);
    for (int32_t o = 0; o < nest->n_operands; ++o) {
        stream_nest_operand *x = &nest->operands[o];
        int32_t memory = (int32_t)x->memory;
        word(t, &x->name);
        small(t, &memory, 0, STREAM_N_OPERANDS - 1);
        x->memory = (stream_operand_class)memory;
        whole(t, &x->bits);
        whole(t, &x->final_bits);
        small(t, &x->n_index, 0, STREAM_NEST_MAX_DIMS);
        for (int32_t i = 0; i < x->n_index; ++i)
            small(t, &x->index[i], -STREAM_NEST_MAX_RELATIONS, STREAM_NEST_MAX_DIMS - 1);
    }
}

static void port(transfer *t, stream_port *p) {
    int32_t kind = (int32_t)p->kind;
    small(t, &kind, 0, STREAM_PORT_READ_WRITE);
    p->kind = (stream_port_kind)kind;
    p->name = "port";
    whole(t, &p->bandwidth_min_bits);
    whole(t, &p->bandwidth_max_bits);
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        byte(t, &p->serves[o]);
    small(t, &p->n_listed, 0, STREAM_N_OPERANDS * STREAM_N_DIRECTIONS);
    for (int32_t i = 0; i < p->n_listed; ++i)
        byte(t, &p->listed[i]);
}

static void memory(transfer *t, stream_memory *m) {
    int32_t served = m->served_dims;
    word(t, &m->name);
    whole(t, &m->size_bits);
    real(t, &m->read_pj);
    real(t, &m->write_pj);
    byte(t, &m->operands);
    small(t, &served, 0, UINT16_MAX);
    m->served_dims = (uint16_t)served;
    flag(t, &m->force_double_buffering);
    small(t, &m->n_operand_order, 0, STREAM_N_OPERANDS);
    for (int32_t i = 0; i < m->n_operand_order; ++i)
        byte(t, &m->operand_order[i]);
    small(t, &m->n_ports, 0, STREAM_MAX_PORTS);
    stream_port *ports = many(t, m->ports, m->n_ports, sizeof *ports);
    for (int32_t p = 0; p < m->n_ports; ++p) {
        if (!reads(t)) { /* names are the writer's */
            stream_port copy = ports[p];
            port(t, &copy);
        } else {
            port(t, &ports[p]);
        }
    }
    m->ports = ports;
    m->kind = "sram";
}

/* A copy: writing must not change the row. */
static void core(transfer *t, const stream_core **out) {
    stream_core *c = reads(t) ? STREAM_NEW(t->arena, stream_core, 1) : NULL;
    stream_core written = reads(t) ? *c : **out, *x = reads(t) ? c : &written;
    int32_t systolic = x->systolic_dims;
    small(t, &x->n_array_dims, 1, STREAM_MAX_ARRAY_DIMS);
    for (int32_t d = 0; d < x->n_array_dims; ++d)
        whole(t, &x->array_sizes[d]);
    small(t, &systolic, 0, UINT16_MAX);
    x->systolic_dims = (uint16_t)systolic;
    real(t, &x->mac_pj);
    small(t, &x->n_memories, 1, STREAM_MAX_MEMORIES);
    stream_memory *memories = many(t, x->memories, x->n_memories, sizeof *memories);
    for (int32_t m = 0; m < x->n_memories; ++m) {
        stream_memory copy = memories[m];
        memory(t, reads(t) ? &memories[m] : &copy);
    }
    if (!reads(t))
        return;
    x->memories = memories;
    x->name = x->type_name = "core";
    x->kind = STREAM_CORE_COMPUTE;
    x->space = "zigzag";
    x->utilization = 1;
    *out = x;
}

static void level(transfer *t, stream_unrolled_level *l) {
    small(t, &l->n, 0, STREAM_NEST_MAX_DIMS);
    for (int32_t i = 0; i < l->n; ++i) {
        small(t, &l->at[i].dim, 0, STREAM_NEST_MAX_DIMS - 1);
        real(t, &l->at[i].factor);
    }
}

static void request(transfer *t, int32_t n_array_dims, stream_spatial_request *r) {
    for (int32_t x = 0; x < n_array_dims; ++x) {
        flag(t, &r->given[x]);
        level(t, &r->unroll[x]);
        small(t, &r->n_hints[x], 0, STREAM_NEST_MAX_DIMS);
        for (int32_t i = 0; i < r->n_hints[x]; ++i)
            small(t, &r->hints[x][i], 0, STREAM_NEST_MAX_DIMS - 1);
    }
    flag(t, &r->mixed);
    small(t, &r->count, 1, STREAM_SPATIAL_MAX_COUNT);
}

static const stream_loop_pin *pins(transfer *t, const stream_loop_pin *from, int32_t *n) {
    small(t, n, 0, STREAM_MAP_MAX_LOOPS);
    stream_loop_pin *p = many(t, from, *n, sizeof *p);
    for (int32_t i = 0; i < *n; ++i) {
        stream_loop_pin pin = p[i];
        small(t, &pin.dim, -1, STREAM_NEST_MAX_DIMS - 1);
        whole(t, &pin.size);
        if (reads(t))
            p[i] = pin;
    }
    return p;
}

static void settings(transfer *t, golden_row *r) {
    int32_t model = (int32_t)r->model, objective = (int32_t)r->loma.objective;
    bool has_offchip = r->offchip != NULL;
    small(t, &model, 0, STREAM_MODEL_EXACT);
    small(t, &objective, 0, STREAM_BEST_EDP);
    r->model = (stream_cost_model)model;
    r->loma.objective = (stream_mapping_objective)objective;
    small(t, &r->loma.lpf_limit, 1, 64);
    flag(t, &r->loma.even);
    r->loma.inner = pins(t, r->loma.inner, &r->loma.n_inner);
    r->loma.outer = pins(t, r->loma.outer, &r->loma.n_outer);
    whole(t, &r->cycles_per_op);
    byte(t, &r->offchip_operands);
    flag(t, &has_offchip);
    if (!has_offchip)
        return;
    stream_memory *kept = many(t, r->offchip, 1, sizeof *kept), copy = *kept;
    memory(t, reads(t) ? kept : &copy);
    r->offchip = kept;
}

static void row_fields(transfer *t, golden_row *r) {
    whole(t, &r->id);
    settings(t, r);
    nest(t, &r->nest);
    core(t, &r->core);
    request(t, r->core ? r->core->n_array_dims : 0, &r->spatial);
}

static void expected_fields(transfer *t, const golden_row *r, golden_expected *e) {
    flag(t, &e->ok);
    if (!e->ok)
        return;
    small(t, &e->spatial.n_array_dims, 0, STREAM_MAX_ARRAY_DIMS);
    for (int32_t x = 0; x < e->spatial.n_array_dims; ++x)
        level(t, &e->spatial.array_dims[x]);
    small(t, &e->mapping.n, 0, STREAM_MAP_MAX_LOOPS);
    for (int32_t i = 0; i < e->mapping.n; ++i) {
        small(t, &e->mapping.order[i].dim, 0, STREAM_NEST_MAX_DIMS - 1);
        whole(t, &e->mapping.order[i].size);
    }
    real(t, &e->cost.total0_cycles);
    real(t, &e->cost.total1_cycles);
    real(t, &e->cost.total2_cycles);
    real(t, &e->cost.onload_cycles);
    real(t, &e->cost.offload_cycles);
    whole(t, &e->cost.stall_cycles);
    whole(t, &e->cost.temporal_cycles);
    whole(t, &e->cost.ideal_cycles);
    real(t, &e->cost.energy_pj);
    real(t, &e->cost.mac_energy_pj);
    real(t, &e->cost.memory_energy_pj);
    for (int32_t o = 0; o < r->nest.n_operands; ++o)
        for (int32_t l = 0; l < STREAM_MAP_MAX_LEVELS; ++l) {
            bool used = e->accesses.energy_pj[o][l] != 0;
            small(t, &e->mapping.cut[o][l], 0, STREAM_MAP_MAX_LOOPS);
            flag(t, &used);
            if (!used)
                continue;
            real(t, &e->accesses.energy_pj[o][l]);
            for (int32_t d = 0; d < STREAM_N_DIRECTIONS; ++d)
                real(t, &e->accesses.accesses[o][l][d]);
        }
}

void golden_compact_write(FILE *file, const golden_row *row, const stream_cost_result *found) {
    transfer t = {file, NULL, true};
    golden_row copy = *row;
    golden_expected e = {.ok = row->ok};
    if (row->ok) {
        e.spatial = found->spatial;
        e.mapping = found->mapping;
        e.cost = found->cost;
        e.accesses = found->accesses;
    }
    row_fields(&t, &copy);
    fputs("\n ", file);
    expected_fields(&t, &copy, &e);
    fputs("\n", file);
}

bool golden_compact_read(FILE *file, stream_arena *arena, golden_row *row,
                         golden_expected *expected, bool *out_bad) {
    transfer t = {file, arena, true};
    int c = fgetc(file);
    while (c == ' ' || c == '\n')
        c = fgetc(file);
    *out_bad = false;
    if (c == EOF)
        return false;
    ungetc(c, file);
    memset(row, 0, sizeof *row);
    memset(expected, 0, sizeof *expected);
    row_fields(&t, row);
    if (t.good)
        expected_fields(&t, row, expected);
    row->ok = expected->ok;
    *out_bad = !t.good;
    return t.good;
}
