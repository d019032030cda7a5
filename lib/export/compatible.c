/* Schedules of the compatible mode as JSON; see stream/export/compatible.h. */

#include "stream/export/compatible.h"

#include "write.h"

#include "stream/schedule/policy.h"
#include "stream/support/vec.h"

#include <inttypes.h>
#include <stdio.h>

typedef struct {
    const stream_export_compatible *e;
    stream_text *out;
    const int32_t *first_ct; /* [n_layers + 1] */
} writer;

static const stream_coala_v0_problem *problem_of(const writer *w) {
    return w->e->problem;
}

static void key(writer *w, const char *name) {
    stream_write_string(w->out, name);
    stream_text_str(w->out, ":");
}

static void text(writer *w, const char *name, const char *value) {
    key(w, name);
    stream_write_string(w->out, value);
    stream_text_str(w->out, ",");
}

static void real(writer *w, const char *name, double value, const char *end) {
    key(w, name);
    stream_write_real(w->out, value);
    stream_text_str(w->out, end);
}

static void whole(writer *w, const char *name, int64_t value, const char *end) {
    stream_text_print(w->out, "\"%s\":%" PRId64 "%s", name, value, end);
}

/* [layer, tile] */
static void id(writer *w, int32_t ct) {
    int32_t layer = problem_of(w)->cts[ct].layer;
    stream_text_print(w->out, "[%d,%d]", layer, ct - w->first_ct[layer]);
}

/* Lists: a comma before all but the first item, a line for each. */
static void item(writer *w, bool first) {
    stream_text_str(w->out, first ? "\n" : ",\n");
}

/* ---- what was given */

static void write_cfg(writer *w) {
    stream_text_str(w->out, "\"cfg\":{");
    text(w, "accelerator", w->e->accelerator);
    text(w, "sel", stream_priority_name(problem_of(w)->priority));
    stream_text_print(w->out, "\"prefetch\":[%s]},\n", w->e->prefetch ? "\"W\",\"W1\",\"W2\"" : "");
}

static void write_memories(writer *w, const stream_coala_v0_hardware *hw) {
    stream_text_str(w->out, "\"memories\":[");
    for (int32_t m = 0; m < hw->n_memories; ++m) {
        const stream_coala_v0_memory *mem = &hw->memories[m];
        stream_text_str(w->out, m ? ",\n{" : "\n{");
        text(w, "name", mem->name);
        whole(w, "bits", mem->size_bits, ",");
        real(w, "read_pj", mem->read_pj, ",");
        real(w, "write_pj", mem->write_pj, ",");
        whole(w, "read_bits", mem->read_bits, ",");
        whole(w, "write_bits", mem->write_bits, "}");
    }
    stream_text_str(w->out, "],\n");
}

static void write_routes(writer *w, const stream_coala_v0_hardware *hw) {
    bool first = true;
    stream_text_str(w->out, "\"routes\":[");
    for (int32_t i = 0; i < hw->n_cores * hw->n_cores; ++i) {
        if (hw->route_first[i] == hw->route_first[i + 1])
            continue;
        stream_text_print(w->out, "%s[%d,%d", first ? "" : ",", i / hw->n_cores, i % hw->n_cores);
        for (int32_t k = hw->route_first[i]; k < hw->route_first[i + 1]; ++k)
            stream_text_print(w->out, ",%d", hw->route_links[k]);
        stream_text_str(w->out, "]");
        first = false;
    }
    stream_text_str(w->out, "]},\n");
}

static void write_hardware(writer *w) {
    const stream_coala_v0_hardware *hw = problem_of(w)->hardware;
    stream_text_print(w->out, "\"hardware\":{\"offchip\":%d,\n", hw->offchip_core);
    write_memories(w, hw);
    stream_text_str(w->out, "\"cores\":[");
    for (int32_t c = 0; c < hw->n_cores; ++c) {
        const int32_t *of = &hw->memory_of[c * STREAM_N_OPERANDS];
        stream_text_print(w->out, "%s[%d,%d,%d]", c ? "," : "", of[0], of[1], of[2]);
    }
    stream_text_str(w->out, "],\"links\":[");
    for (int32_t l = 0; l < hw->n_links; ++l) {
        stream_text_str(w->out, l ? ",[" : "[");
        stream_write_real(w->out, hw->links[l].bits_per_cycle);
        stream_text_str(w->out, ",");
        stream_write_real(w->out, hw->links[l].pj_per_cycle);
        stream_text_str(w->out, "]");
    }
    stream_text_str(w->out, "],");
    write_routes(w, hw);
}

/* ---- CTs */

/* Constants of a CT: "W", "W1" ... are prefetched or weights, "I", "I1" ... are not. */
static void constant_name(const writer *w, int32_t ct, int32_t k, char name[16]) {
    const stream_coala_v0_constant *all = problem_of(w)->constants;
    int32_t before = 0;
    bool weights = all[k].operand == STREAM_I2;
    for (int32_t j = problem_of(w)->constant_first[ct]; j < k; ++j)
        before += (all[j].operand == STREAM_I2) == weights;
    if (before)
        snprintf(name, 16, "%s%d", weights ? "W" : "I", before);
    else
        snprintf(name, 16, "%s", weights ? "W" : "I");
}

static void tensor(writer *w, const char *name, int64_t bits, int64_t uses, int32_t data,
                   uint8_t operand) {
    key(w, name);
    stream_text_print(w->out,
                      "{\"bits\":%" PRId64 ",\"base_priority\":%" PRId64
                      ",\"ranges\":[[%d,%d]],\"memop\":\"%s\"},",
                      bits, uses, data, data + 1,
                      stream_operand_class_name((stream_operand_class)operand));
}

static void write_tensors(writer *w, int32_t ct) {
    const stream_coala_v0_problem *p = problem_of(w);
    char name[16];
    stream_text_str(w->out, "\"tensors\":{");
    for (int32_t k = p->constant_first[ct]; k < p->constant_first[ct + 1]; ++k) {
        constant_name(w, ct, k, name);
        tensor(w, name, p->constants[k].bits, p->constants[k].uses, p->constants[k].data,
               p->constants[k].operand);
    }
    for (uint8_t o = 0; o < STREAM_N_OPERANDS; ++o)
        stream_text_print(w->out, "\"from %s\":{\"memop\":\"%s\"},",
                          stream_operand_class_name((stream_operand_class)o),
                          stream_operand_class_name((stream_operand_class)o));
    tensor(w, "O", p->cts[ct].output_bits, 0, p->cts[ct].output_data, STREAM_O);
    --w->out->length;
    stream_text_str(w->out, "},\"constant\":[");
    bool first = true;
    for (int32_t rank = 0; rank <= UINT8_MAX; ++rank)
        for (int32_t k = p->constant_first[ct]; k < p->constant_first[ct + 1]; ++k)
            if (p->constants[k].rank == rank) {
                constant_name(w, ct, k, name);
                stream_text_print(w->out, "%s\"%s\"", first ? "" : ",", name);
                first = false;
            }
    stream_text_str(w->out, "],");
}

static void write_ct(writer *w, int32_t i) {
    const stream_coala_v0_ct *ct = &problem_of(w)->cts[i];
    stream_text_str(w->out, "{\"id\":");
    id(w, i);
    stream_text_print(w->out, ",\"core\":%d,", ct->core);
    real(w, "runtime", ct->cycles, ",");
    real(w, "e_on", ct->energy_pj, ",");
    real(w, "e_off", ct->offchip_pj, ",");
    stream_text_str(w->out, "\"too_large\":[");
    for (uint8_t o = 0; o < ct->n_too_large; ++o)
        stream_text_print(w->out, "%s\"%s\"", o ? "," : "",
                          stream_operand_class_name((stream_operand_class)ct->too_large[o]));
    stream_text_str(w->out, "],");
    write_tensors(w, i);
    stream_text_print(w->out, "\"final\":%s,", ct->final ? "true" : "false");
    real(w, "start", w->e->schedule->start[i], ",");
    real(w, "end", w->e->schedule->end[i], "}");
}

static void write_graph(writer *w) {
    const stream_coala_v0_problem *p = problem_of(w);
    stream_text_str(w->out, "\"nodes\":[");
    for (int32_t i = 0; i < p->n_cts; ++i) {
        item(w, i == 0);
        write_ct(w, i);
    }
    stream_text_str(w->out, "],\n\"edges\":[");
    for (int32_t k = 0; k < p->n_edges; ++k) {
        const stream_coala_v0_edge *e = &p->edges[k];
        bool inside = p->cts[e->from].layer == p->cts[e->to].layer;
        item(w, k == 0);
        stream_text_str(w->out, "[");
        id(w, e->from);
        stream_text_str(w->out, ",");
        id(w, e->to);
        if (inside)
            stream_text_str(w->out, ",0,null]");
        else
            stream_text_print(w->out, ",%" PRId64 ",\"from %s\"]", p->cts[e->from].output_bits,
                              stream_operand_class_name((stream_operand_class)e->operand));
    }
    stream_text_str(w->out, "],\n");
}

/* ---- what was found */

static int32_t ct_of_constant(const writer *w, int32_t k) {
    const stream_coala_v0_problem *p = problem_of(w);
    int32_t lo = 0, hi = p->n_cts;
    while (lo + 1 < hi) {
        int32_t mid = lo + (hi - lo) / 2;
        *(p->constant_first[mid] <= k ? &lo : &hi) = mid;
    }
    return lo;
}

static void write_use(writer *w, const stream_coala_v0_activity *a, bool first) {
    int32_t n_cts = problem_of(w)->n_cts, ct = a->tensor;
    char name[16] = "O";
    if (a->tensor >= n_cts) {
        ct = ct_of_constant(w, a->tensor - n_cts);
        constant_name(w, ct, a->tensor - n_cts, name);
    }
    stream_text_str(w->out, first ? "[" : ",[");
    stream_write_real(w->out, a->start);
    stream_text_str(w->out, ",");
    stream_write_real(w->out, a->end);
    stream_text_print(w->out, a->blocked ? "," : ",\"%s\",", name);
    id(w, ct);
    stream_text_str(w->out, "]");
}

/* Activities by link, of each those that carry and then those that are blocked: group 2 * link +
 * blocked is ids[first[group] .. first[group + 1]). */
typedef struct {
    const int32_t *first, *ids;
} activity_groups;

static int32_t group_of(const stream_coala_v0_activity *a) {
    return 2 * a->link + a->blocked;
}

static activity_groups group_activities(const writer *w, stream_arena *arena) {
    const stream_coala_v0_schedule *s = w->e->schedule;
    size_t n_groups = 2 * (size_t)problem_of(w)->hardware->n_links;
    int32_t *first = STREAM_NEW(arena, int32_t, n_groups + 2);
    int32_t *ids = STREAM_NEW(arena, int32_t, (size_t)s->n_activities);
    for (int32_t i = 0; i < s->n_activities; ++i)
        first[group_of(&s->activities[i]) + 2]++;
    for (size_t g = 0; g < n_groups; ++g)
        first[g + 2] += first[g + 1];
    for (int32_t i = 0; i < s->n_activities; ++i)
        ids[first[group_of(&s->activities[i]) + 1]++] = i;
    return (activity_groups){first, ids};
}

static void write_uses(writer *w, const activity_groups *groups, int32_t group) {
    for (int32_t i = groups->first[group]; i < groups->first[group + 1]; ++i)
        write_use(w, &w->e->schedule->activities[groups->ids[i]], i == groups->first[group]);
}

static void write_links(writer *w) {
    stream_arena *arena = stream_arena_create();
    activity_groups groups = group_activities(w, arena);
    stream_text_str(w->out, "\"links\":[");
    for (int32_t l = 0; l < problem_of(w)->hardware->n_links; ++l) {
        item(w, l == 0);
        stream_text_print(w->out, "{\"link\":%d,\"active\":[", l);
        write_uses(w, &groups, 2 * l);
        stream_text_str(w->out, "],\"blocked\":[");
        write_uses(w, &groups, 2 * l + 1);
        stream_text_str(w->out, "]}");
    }
    stream_text_str(w->out, "],\n");
    stream_arena_destroy(arena);
}

/* "name@[cores that see it]" */
static void memory_key(writer *w, int32_t m) {
    const stream_coala_v0_hardware *hw = problem_of(w)->hardware;
    stream_text name = {0};
    const char *separator = "";
    stream_text_print(&name, "%s@[", hw->memories[m].name);
    for (int32_t c = 0; c < hw->n_cores; ++c) {
        const int32_t *of = &hw->memory_of[c * STREAM_N_OPERANDS];
        if (of[0] != m && of[1] != m && of[2] != m)
            continue;
        stream_text_print(&name, "%s%d", separator, c);
        separator = ", ";
    }
    stream_text_str(&name, "]");
    key(w, name.data);
    stream_text_free(&name);
}

static void write_curves(writer *w) {
    const stream_coala_v0_schedule *s = w->e->schedule;
    stream_text_str(w->out, "\"memory\":{");
    for (int32_t m = 0; m < problem_of(w)->hardware->n_memories; ++m) {
        item(w, m == 0);
        memory_key(w, m);
        stream_text_str(w->out, "{");
        whole(w, "capacity", problem_of(w)->hardware->memories[m].size_bits, ",\"cumsum\":[");
        for (int32_t k = s->step_first[m]; k < s->step_first[m + 1]; ++k) {
            stream_text_str(w->out, k > s->step_first[m] ? ",[" : "[");
            stream_write_real(w->out, s->steps[k].time);
            stream_text_print(w->out, ",%" PRId64 "]", s->steps[k].bits);
        }
        stream_text_str(w->out, "]}");
    }
    stream_text_str(w->out, "}}\n");
}

static void write_energy(writer *w) {
    const stream_coala_v0_energy *e = &w->e->schedule->energy;
    real(w, "latency", w->e->schedule->latency_cycles, ",");
    real(w, "energy", e->total, ",\n");
    stream_text_str(w->out, "\"breakdown\":{");
    real(w, "total_cn_onchip_energy", e->cts, ",");
    real(w, "total_cn_offchip_link_energy", e->offchip_link, ",");
    real(w, "total_cn_offchip_memory_energy", e->offchip_memory, ",");
    real(w, "total_eviction_to_offchip_link_energy", e->eviction_link, ",");
    real(w, "total_eviction_to_offchip_memory_energy", e->eviction_memory, ",");
    real(w, "total_sink_layer_output_offchip_link_energy", e->sink_link, ",");
    real(w, "total_sink_layer_output_offchip_memory_energy", e->sink_memory, ",");
    real(w, "total_core_to_core_link_energy", e->core_link, ",");
    real(w, "total_core_to_core_memory_energy", e->core_memory, "},\n");
}

void stream_export_compatible_json(const stream_export_compatible *e, stream_text *out) {
    stream_vec first = STREAM_VEC(int32_t);
    for (int32_t i = 0; i < e->problem->n_cts; ++i)
        while ((int32_t)first.n <= e->problem->cts[i].layer)
            *(int32_t *)stream_vec_push(&first) = i;
    writer w = {e, out, first.data};
    stream_text_str(out, "{");
    text(&w, "name", e->network);
    text(&w, "model", "coala-v0");
    text(&w, "cost_model", e->cost_model);
    write_cfg(&w);
    stream_text_str(out, "\"layers\":[");
    for (int32_t l = 0; l < e->n_layers; ++l) {
        stream_text_str(out, l ? "," : "");
        stream_write_string(out, e->layers[l]);
    }
    stream_text_str(out, "],\n");
    write_hardware(&w);
    write_energy(&w);
    write_graph(&w);
    write_links(&w);
    write_curves(&w);
    stream_vec_free(&first);
}
