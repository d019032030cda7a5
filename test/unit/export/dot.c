// RUN: unit-export-dot

#include "scheduled.h"

/* Lines "  <stem>I [" and "  <stem>I -> <stem>K [label="N b"]" of a graph, counted and summed. */
typedef struct {
    int nodes, edges;
    long long bits;
} tally;

static tally count(const char *text, char stem) {
    tally t = {0};
    for (const char *line = text; line; line = strchr(line, '\n')) {
        char one, two;
        int from, to, n = 0;
        long long bits;
        line += *line == '\n';
        if (sscanf(line, "  %c%d -> %c%d [label=\"%lld b\"];%n", &one, &from, &two, &to, &bits,
                   &n) == 5 &&
            n > 0 && one == stem && two == stem) {
            ++t.edges;
            t.bits += bits;
        } else if (sscanf(line, "  %c%d [label=%n", &one, &from, &n) == 2 && n > 0 && one == stem) {
            ++t.nodes;
        }
    }
    return t;
}

/* Bits that CTs read of what CTs wrote, and take over. */
static long long flowing(const stream_ct_graph *g, bool between_layers) {
    long long bits = 0;
    for (int32_t i = 0; i < g->n_cts; ++i)
        for (int32_t p = g->pred_first[i]; p < g->pred_first[i + 1]; ++p) {
            const stream_ct *from = &g->cts[g->preds[p]], *to = &g->cts[i];
            if (between_layers && from->layer == to->layer)
                continue;
            for (int32_t r = to->first_read; r < to->first_read + to->n_reads; ++r) {
                stream_box part;
                if (g->reads[r].tensor == from->tensor &&
                    stream_box_intersect(&g->reads[r].box, &from->box, &part))
                    bits += stream_ct_graph_bits(g, from->tensor, &part);
            }
            if (to->accumulates && to->tensor == from->tensor)
                bits += stream_ct_graph_bits(g, to->tensor, &to->box);
        }
    return bits;
}

static void counts(void) {
    int wrong = 0, n = 0;
    for (unsigned seed = 1; seed <= 60; ++seed) {
        scheduled s;
        if (scheduled_open(&s, seed)) {
            const stream_ct_graph *g = &s.instance.graph;
            stream_export_dot(&s.e, true, &s.out);
            tally cts = count(s.out.data, 'c');
            wrong += strncmp(s.out.data, "digraph \"net\" {\n", 16) != 0;
            wrong += strcmp(s.out.data + s.out.length - 2, "}\n") != 0;
            wrong += cts.nodes != g->n_cts || cts.edges != g->succ_first[g->n_cts];
            wrong += cts.bits != flowing(g, false);
            stream_text_clear(&s.out);
            stream_export_dot(&s.e, false, &s.out);
            tally layers = count(s.out.data, 'l');
            wrong += layers.nodes != g->n_layers || layers.bits != flowing(g, true);
            wrong += layers.edges > g->n_layers * g->n_layers;
            n += layers.edges > 0;
        }
        scheduled_close(&s);
    }
    CHECK_EQ(wrong, 0);
    CHECK(n >= 10);
}

static void quotes(void) {
    scheduled s;
    unsigned seed = 1;
    while (!scheduled_open(&s, seed))
        scheduled_close(&s), ++seed;
    s.e.network = "a \"b\" \\";
    stream_export_dot(&s.e, false, &s.out);
    CHECK(!strncmp(s.out.data, "digraph \"a \\\"b\\\" \\\\\" {\n", 23));
    scheduled_close(&s);
}

int main(void) {
    counts();
    quotes();
    return test_done();
}
