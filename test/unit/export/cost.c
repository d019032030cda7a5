// RUN: unit-export-cost

/* Exports of priced layers: sentences as the hand analyses of bottleneck.h say, JSON and CSV that
 * read back equal. */

#include "stream/export/cost.h"
#include "cost/bottleneck.h"
#include "json_read.h"

typedef struct {
    bottleneck layer;
    stream_cost_options options;
    stream_cost_result result;
    stream_cost_explanation why;
    stream_change changes[STREAM_COST_MAX_CHANGES];
    stream_export_cost_layer layers[2];
    stream_export_cost e;
    stream_text out;
} exported;

static void make(void (*bottleneck_make)(bottleneck *), stream_mapping_objective objective,
                 exported *x) {
    int32_t n = 0;
    memset(x, 0, sizeof *x);
    bottleneck_make(&x->layer);
    x->options = STREAM_COST_OPTIONS_DEFAULTS;
    x->options.objective = objective;
    CHECK(stream_cost_search(&x->layer.nest, &x->layer.core, &x->options, NULL, &x->result) ==
          STREAM_OK);
    stream_cost_explain(&x->result, &x->why);
    CHECK(stream_cost_changes(&x->layer.nest, &x->layer.core, &x->options, &x->result, 1, NULL,
                              x->changes, &n) == STREAM_OK);
    x->layers[0] =
        (stream_export_cost_layer){"fc, \"1\"", "Gemm", &x->result, NULL, &x->why, x->changes, n};
    x->layers[1] =
        (stream_export_cost_layer){.name = "big", .error = "does not fit: 'O', by 8 bits"};
    x->e = (stream_export_cost){"net", &x->layer.core, &x->options, x->layers, 2};
}

static bool says(const exported *x, const char *sentence) {
    bool found = strstr(x->out.data, sentence) != NULL;
    if (!found)
        printf("# not said: %s\n# but:\n%s\n", sentence, x->out.data);
    return found;
}

static void explain(void (*bottleneck_make)(bottleneck *), stream_mapping_objective objective,
                    exported *x) {
    make(bottleneck_make, objective, x);
    stream_export_cost_explanation(&x->layers[0], objective, &x->out);
}

static void compute_bound(void) {
    static exported x;
    explain(bottleneck_compute, STREAM_BEST_LATENCY, &x);
    CHECK(says(&x, "It takes 257 cycles: 256 of computation on the whole array (99.6 %), 1 of "
                   "off-loading (0.4 %).\n"));
    CHECK(says(&x, "It is bound by computation: 99.6 % of the cycles, on 100.0 % of the 16 "
                   "units.\n"));
    CHECK(says(&x, "(4 to 8 units, with the unrolling of K)"));
    CHECK(says(&x, "(4 to 8 units, with the unrolling of C)"));
    CHECK(says(&x, "Next, doubling array dimension D"));
    CHECK(says(&x, ": latency -49.8 % ("));
    CHECK(says(&x, "Doubling no other single port, memory or array dimension lowers the latency by "
                   "more than 0.1 %.\n"));
    stream_text_free(&x.out);
}

static void port_bound(void) {
    static exported x;
    explain(bottleneck_narrow_port, STREAM_BEST_LATENCY, &x);
    CHECK(says(&x, "It takes 511 cycles: 256 of computation on the whole array (50.1 %), 254 of "
                   "stalls (49.7 %), 1 of off-loading (0.2 %).\n"));
    CHECK(says(&x, "It is bound by the read port 'r_i' of 'sram' (8 bits per cycle), which causes "
                   "254 stall cycles: it is busy with I to the array for 512 cycles, 2.00 times "
                   "the 256 cycles of computation.\n"));
    CHECK(says(&x, "Doubling the bandwidth of the read port 'r_i' of 'sram' (8 to 16 bits per "
                   "cycle) helps most: latency -49.7 % (energy +0.0 %, EDP -49.7 %; proven).\n"));
    CHECK(says(&x, "Next, doubling array dimension D2 (4 to 8 units, with the unrolling of C): "
                   "latency -0.8 % "));
    CHECK(says(&x, "Next, doubling array dimension D1 (4 to 8 units, with the unrolling of K): "
                   "latency -0.2 % "));
    stream_text_free(&x.out);
}

static void loading_bound(void) {
    static exported x;
    explain(bottleneck_loading, STREAM_BEST_LATENCY, &x);
    CHECK(says(&x, "It takes 34 cycles: 1 of computation on the whole array (2.9 %), 31 of "
                   "on-loading (91.2 %), 2 of off-loading (5.9 %).\n"));
    CHECK(says(&x, "It is bound by loading: 97.1 % of the cycles.\n"));
    CHECK(says(&x, "The longest on-loading is W from 'dram' to 'rf_w', 31 cycles on the read/write "
                   "port 'rw' of 'dram'; of the 32 cycles of this transfer the rest hides behind "
                   "the computation.\n"));
    CHECK(says(&x, "The longest off-loading is O from 'buf' to 'dram', 2 cycles on the read/write "
                   "port 'rw' of 'dram'.\n"));
    CHECK(says(&x, "It takes 4.408 nJ: W in 'dram' 72.6 %, W in 'rf_w' 11.6 %, the MACs 5.8 %, the "
                   "rest less each.\n"));
    CHECK(says(&x, "Doubling the bandwidth of the read/write port 'rw' of 'dram' (64 to 128 bits "
                   "per cycle) helps most: latency -50.0 % (energy +0.0 %, EDP -50.0 %; "
                   "proven).\n"));
    CHECK(says(&x, "Doubling no other single port, memory or array dimension lowers the latency by "
                   "more than 0.1 %.\n"));
    stream_text_free(&x.out);
}

/* Everything of the third layer crosses every boundary once: nothing lowers its energy. */
static void nothing_helps(void) {
    static exported x;
    explain(bottleneck_loading, STREAM_BEST_ENERGY, &x);
    CHECK(says(&x, "Doubling no single port, memory or array dimension lowers the energy by more "
                   "than 0.1 %.\n"));
    CHECK(!strstr(x.out.data, "helps most"));
    stream_text_free(&x.out);
}

static void report(void) {
    static exported x;
    make(bottleneck_narrow_port, STREAM_BEST_LATENCY, &x);
    stream_export_cost_text(&x.e, true, &x.out);
    CHECK(says(&x, "fc, \"1\" (Gemm) on small: 4,096 MACs; model exact, best latency, proven\n"));
    CHECK(says(&x, "utilization      100.0 % of the array, 50.2 % with stalls, 50.1 % in all "
                   "(ideal: 256 cycles)"));
    CHECK(says(&x, "\n  for OX in 0..64    sram  sram  sram\n"
                   "    for C in 0..2    sram  sram  sram\n"
                   "      for K in 0..2  sram  sram  sram\n"
                   "        parallel K in 0..4 on D1\n"
                   "          parallel C in 0..4 on D2\n"
                   "            O[K, OX] from I[C, OX], W[K, C]\n"));
    CHECK(says(&x,
               "EDP\n  read port 'r_i' of 'sram'               8              16    -49.7 %     "
               "+0.0 %    -49.7 %\n"));
    CHECK(says(&x, "\n  D2 and C                                4               8     -0.8 %    "
                   "-29.6 %    -30.1 %\n"));
    CHECK(says(&x, "\n  size of 'rf_o'                         16              32     +0.0 %    "
                   "-20.9 %    -20.9 %\n  8 more: less than 0.05 % each\n"));
    CHECK(says(&x, "big: not priced: does not fit: 'O', by 8 bits\n"));
    CHECK(says(&x, "net on small: 1 of 2 layers, 4,096 MACs, 511 cycles, "));
    stream_text_free(&x.out);
}

static bool number(const exported *x, double want, const char *format, ...) {
    char path[128];
    va_list args;
    va_start(args, format);
    vsnprintf(path, sizeof path, format, args);
    va_end(args);
    return has_number(&x->out, path, want);
}

static int wrong_latency(const exported *x) {
    const stream_mapping_cost *c = &x->result.cost;
    const struct {
        const char *name;
        double want;
    } fields[] = {{"latency_cycles", c->total2_cycles},
                  {"latency0_cycles", c->total0_cycles},
                  {"latency1_cycles", c->total1_cycles},
                  {"ideal_cycles", (double)c->ideal_cycles},
                  {"compute_cycles", (double)c->temporal_cycles},
                  {"stall_cycles", (double)c->stall_cycles},
                  {"onload_cycles", c->onload_cycles},
                  {"offload_cycles", c->offload_cycles},
                  {"drain_cycles", 0},
                  {"utilization.total", (double)c->ideal_cycles / c->total2_cycles},
                  {"energy_pj", c->energy_pj},
                  {"mac_energy_pj", c->mac_energy_pj},
                  {"memory_energy_pj", c->memory_energy_pj},
                  {"edp_pj_cycles", c->energy_pj * c->total2_cycles},
                  {"proven", 1},
                  {"bound", x->result.bound},
                  {"macs", x->result.problem.macs}};
    int wrong = 0;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; ++i)
        wrong += !number(x, fields[i].want, "layers.0.%s", fields[i].name);
    return wrong;
}

static int wrong_levels(const exported *x) {
    static const char *const directions[] = {"fh", "fl", "th", "tl"};
    const stream_mapping_problem *p = &x->result.problem;
    int wrong = 0;
    for (int32_t o = 0; o < p->n_operands; ++o)
        for (int32_t l = 0; l < p->operands[o].n_levels; ++l) {
            wrong += !number(x, x->result.accesses.energy_pj[o][l],
                             "layers.0.operands.%d.levels.%d.energy_pj", o, l);
            wrong += !number(x, (double)x->why.use.content_bits[o][l],
                             "layers.0.operands.%d.levels.%d.content_bits", o, l);
            for (int d = 0; d < STREAM_N_DIRECTIONS; ++d)
                wrong += !number(x, x->result.accesses.accesses[o][l][d],
                                 "layers.0.operands.%d.levels.%d.accesses.%s", o, l, directions[d]);
        }
    return wrong;
}

static void json_reads_back(void) {
    static void (*const layers[])(bottleneck *) = {bottleneck_compute, bottleneck_narrow_port,
                                                   bottleneck_loading};
    static exported x;
    for (int i = 0; i < 3; ++i) {
        make(layers[i], STREAM_BEST_LATENCY, &x);
        stream_export_cost_json(&x.e, &x.out);
        CHECK_EQ(wrong_latency(&x) + wrong_levels(&x), 0);
        CHECK(has_text(&x.out, "layers.0.name", "fc, \"1\""));
        CHECK(has_text(&x.out, "layers.0.bound_by", stream_layer_bound_name(x.why.bound)));
        CHECK(has_text(&x.out, "layers.1.error", "does not fit: 'O', by 8 bits"));
        CHECK(has_text(&x.out, "model", "exact"));
        CHECK(has_text(&x.out, "objective", "latency"));
        CHECK(number(&x, x.changes[0].latency_percent, "layers.0.changes.0.latency_percent"));
        CHECK(number(&x, (double)x.changes[1].to, "layers.0.changes.1.to"));
        CHECK(number(&x, x.result.cost.energy_pj, "total.energy_pj"));
        stream_text said = {0};
        stream_export_cost_explanation(&x.layers[0], STREAM_BEST_LATENCY, &said);
        CHECK(has_text(&x.out, "layers.0.explanation", said.data));
        stream_text_free(&said);
        stream_text_free(&x.out);
    }
}

/* Field `column` of row `row` (0: the header) into `field`; false: there is none. */
static bool csv_field(const char *text, int row, int column, char *field, size_t size) {
    bool quoted = false;
    size_t n = 0;
    for (int r = 0, c = 0; *text; ++text) {
        bool end = !quoted && (*text == ',' || *text == '\n');
        if (*text == '"') {
            bool twice = quoted && text[1] == '"';
            text += twice;
            quoted = twice ? quoted : !quoted;
            end = false;
            if (!twice)
                continue;
        }
        if (end && r == row && c == column) {
            field[n] = '\0';
            return true;
        }
        if (!end && r == row && c == column && n + 1 < size)
            field[n++] = *text;
        c = end ? (*text == '\n' ? 0 : c + 1) : c;
        r += end && *text == '\n';
    }
    return false;
}

static int csv_columns(const char *text, int row) {
    char field[64];
    int n = 0;
    while (csv_field(text, row, n, field, sizeof field))
        ++n;
    return n;
}

/* The value of a named column. */
static double csv_number(const char *text, int row, const char *name) {
    char field[64];
    for (int c = 0; csv_field(text, 0, c, field, sizeof field); ++c)
        if (!strcmp(field, name))
            return csv_field(text, row, c, field, sizeof field) && *field ? strtod(field, NULL)
                                                                          : -1;
    return -2;
}

static void csv_reads_back(void) {
    static exported x;
    char field[64];
    make(bottleneck_loading, STREAM_BEST_LATENCY, &x);
    stream_export_cost_csv(&x.e, &x.out);
    const char *csv = x.out.data;
    const stream_mapping_accesses *a = &x.result.accesses;
    int columns = csv_columns(csv, 0);
    CHECK_EQ(columns, 22 + 6 * 5); /* six pairs of memory and operand */
    for (int row = 1; row <= 3; ++row)
        CHECK_EQ(csv_columns(csv, row), columns);
    CHECK_EQ(csv_columns(csv, 4), 0);
    CHECK(csv_field(csv, 1, 0, field, sizeof field) && !strcmp(field, "fc, \"1\""));
    CHECK(csv_field(csv, 2, 2, field, sizeof field) &&
          !strcmp(field, "does not fit: 'O', by 8 bits"));
    CHECK(csv_field(csv, 3, 0, field, sizeof field) && !strcmp(field, "total"));
    for (int row = 1; row <= 3; row += 2) {
        CHECK(csv_number(csv, row, "latency_cycles") == x.result.cost.total2_cycles);
        CHECK(csv_number(csv, row, "onload_cycles") == 31);
        CHECK(csv_number(csv, row, "offload_cycles") == 2);
        CHECK(csv_number(csv, row, "energy_pj") == x.result.cost.energy_pj);
        CHECK(csv_number(csv, row, "dram_I2_energy_pj") == a->energy_pj[2][1]);
        CHECK(csv_number(csv, row, "rf_w_I2_fh_accesses") == a->accesses[2][0][STREAM_FROM_HIGH]);
        CHECK(csv_number(csv, row, "buf_O_th_accesses") == a->accesses[0][0][STREAM_TO_HIGH]);
    }
    CHECK(csv_number(csv, 2, "latency_cycles") == -1);
    stream_text_free(&x.out);
}

int main(void) {
    compute_bound();
    port_bound();
    loading_bound();
    nothing_helps();
    report();
    json_reads_back();
    csv_reads_back();
    return test_done();
}
