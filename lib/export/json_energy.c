/* The energy of a schedule by place, move, layer and tensor as JSON; see json_energy.h. */

#include "json_energy.h"

#include "names.h"
#include "write.h"

#include "stream/schedule/energy.h"

typedef struct {
    const stream_export *e;
    const stream_energy *energy;
    stream_text *out;
} writer;

static void pj(const writer *w, const char *key, int64_t fj) {
    stream_text_print(w->out, "\"%s\": ", key);
    stream_write_pj(w->out, fj);
}

static void begin_entry(const writer *w, int32_t i, const char *name) {
    stream_text_print(w->out, "%s\n      {\"name\": ", i ? "," : "");
    stream_write_string(w->out, name);
    stream_text_str(w->out, ", ");
}

static void write_cores(const writer *w) {
    const stream_accelerator *acc = w->e->problem->acc;
    stream_text_str(w->out, "\"cores\": [");
    for (int32_t c = 0; c < acc->n_cores; ++c) {
        const stream_core_energy *core = &w->energy->cores[c];
        begin_entry(w, c, acc->cores[c].name);
        pj(w, "mac_pj", core->mac_fj);
        stream_text_str(w->out, ", \"memories\": {");
        for (int32_t m = 0; m < acc->cores[c].n_memories; ++m) {
            stream_text_str(w->out, m ? ", " : "");
            pj(w, acc->cores[c].memories[m].name,
               w->energy->levels_fj[w->energy->level_first[c] + m]);
        }
        stream_text_str(w->out, "}, ");
        pj(w, "other_pj", core->opaque_fj);
        stream_text_str(w->out, ", ");
        pj(w, "static_pj", core->leak_fj);
        stream_text_str(w->out, "}");
    }
    stream_text_str(w->out, "\n    ],\n    ");
}

static void write_links(const writer *w) {
    const stream_accelerator *acc = w->e->problem->acc;
    stream_text_str(w->out, "\"links\": [");
    for (int32_t l = 0; l < acc->n_links; ++l) {
        begin_entry(w, l, acc->links[l].name);
        pj(w, "pj", w->energy->links_fj[l]);
        stream_text_str(w->out, "}");
    }
    stream_text_str(w->out, "\n    ],\n    ");
}

static void write_memories(const writer *w) {
    const stream_accelerator *acc = w->e->problem->acc;
    stream_text_str(w->out, "\"memories\": [");
    for (int32_t i = 0; i < acc->n_instances; ++i) {
        stream_text name = {0};
        stream_export_instance_name(acc, i, &name);
        begin_entry(w, i, name.data);
        pj(w, "transfers_pj", w->energy->instances_fj[i]);
        stream_text_str(w->out, "}");
        stream_text_free(&name);
    }
    stream_text_str(w->out, "\n    ],\n    ");
}

static void write_moves(const writer *w) {
    stream_text_str(w->out, "\"moves\": {");
    for (int m = 0; m < STREAM_N_MOVES; ++m) {
        stream_text_print(w->out, "%s\"%s\": {", m ? ", " : "", stream_move_name((stream_move)m));
        pj(w, "pj", w->energy->moves_fj[m]);
        stream_text_print(w->out, ", \"bits\": %lld}", (long long)w->energy->moves_bits[m]);
    }
    stream_text_str(w->out, "},\n    ");
}

static void write_share(const writer *w, int32_t i, const char *name,
                        const stream_share_energy *share) {
    begin_entry(w, i, name);
    pj(w, "compute_pj", share->compute_fj);
    stream_text_str(w->out, ", ");
    pj(w, "move_pj", share->move_fj);
    stream_text_print(w->out, ", \"moved_bits\": %lld}", (long long)share->moved_bits);
}

static void write_shares(const writer *w) {
    const stream_ct_graph *graph = w->e->problem->graph;
    stream_text_str(w->out, "\"layers\": [");
    for (int32_t l = 0; l < graph->n_layers; ++l)
        write_share(w, l, graph->layers[l].name, &w->energy->layers[l]);
    stream_text_str(w->out, "\n    ],\n    \"tensors\": [");
    for (int32_t t = 0; t < graph->n_tensors; ++t)
        write_share(w, t, graph->tensors[t].name ? graph->tensors[t].name : "",
                    &w->energy->tensors[t]);
    stream_text_str(w->out, "\n    ]");
}

void stream_export_json_energy(const stream_export *e, stream_text *out) {
    stream_arena *arena = stream_arena_create();
    stream_energy energy;
    stream_energy_build(e->problem, e->schedule, arena, &energy);
    writer w = {e, &energy, out};
    stream_text_str(out, "{\n    ");
    write_cores(&w);
    write_links(&w);
    write_memories(&w);
    write_moves(&w);
    write_shares(&w);
    stream_text_str(out, "\n  }");
    stream_arena_destroy(arena);
}
