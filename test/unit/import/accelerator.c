// RUN: unit-import-accelerator

#include "stream/import/accelerator.h"
#include "stream/import/core.h"
#include "stream/support/text_file.h"

#include "text.h"

/* Line numbers of the cases count from here. */
static const char good[] = "name: two cores\n"
                           "cores:\n"
                           "  0:\n"
                           "    name: conv\n"
                           "    memories:\n"
                           "      rf:\n"
                           "        size: 32\n"
                           "        r_cost: 0.5\n"
                           "        w_cost: 0.25\n"
                           "        area: 3\n"
                           "        latency: 2\n"
                           "        operands: [I2]\n"
                           "        ports:\n"
                           "          - {name: rw, type: read_write, bandwidth_min: 8,\n"
                           "             bandwidth_max: 32, allocation: ['I2, tl', 'I2, fh']}\n"
                           "        served_dimensions: []\n"
                           "      top:\n"
                           "        size: 8_192\n"
                           "        r_cost: 1\n"
                           "        w_cost: 2\n"
                           "        operands: [O, I1, I2]\n"
                           "        ports:\n"
                           "          - {name: r, type: read, bandwidth_min: 64,\n"
                           "             bandwidth_max: 128, allocation: ['O, th', 'I1, tl', "
                           "'I2, tl', 'O, tl']}\n"
                           "          - {name: w, type: write, bandwidth_min: 64,\n"
                           "             bandwidth_max: 128, allocation: ['O, fl', 'I1, fh', "
                           "'I2, fh', 'O, fh']}\n"
                           "        served_dimensions: [D1, D2]\n"
                           "        force_double_buffering: yes\n"
                           "    operational_array:\n"
                           "      dimensions: [D1, D2]\n"
                           "      sizes: [4, 16]\n"
                           "      unit_energy: 0.1\n"
                           "      systolic_dimensions: [D2]\n"
                           "      is_imc: false\n"
                           "    dataflows: {D1: ['K, 4'], D2: ['C, 4', 'FX, 3']}\n"
                           "    operator_types: [Conv, Gemm]\n"
                           "    operand_precision: {input: int8, accumulator: int32}\n"
                           "    banks: {count: 8, width: 16}\n"
                           "  1:\n"
                           "    name: port\n"
                           "    type: aie2.shim\n"
                           "    max_object_fifo_depth: 4\n"
                           "    memory: {capacity: 65536, bandwidth_min: 8, bandwidth_max: 64}\n"
                           "offchip_core_id: 1\n"
                           "unit_energy_cost: 0.5\n"
                           "core_connectivity:\n"
                           "  - {cores: [0, 1], bandwidth: 32.0}\n"
                           "  - {type: bus, cores: [1, 0], bandwidth: 64, unit_energy_cost: 2,\n"
                           "     latency: 3}\n"
                           "core_coordinates: {0: [1, 2]}\n"
                           "technology_node: n3\n"
                           "bandwidth: {0: {ceiling: 1.5, burst: 32}}\n";

static stream_status import(const char *text, size_t n, messages *m, stream_arena *arena,
                            stream_accelerator *acc) {
    stream_diag diag = {messages_emit, m};
    *m = (messages){.errors = 0};
    return stream_accelerator_import("dir/that/is/not/acc.yaml", text, n, arena, &diag, acc);
}

static void reads_memories(const stream_core *core) {
    CHECK_EQ(core->n_memories, 2);
    const stream_memory *rf = &core->memories[0], *top = &core->memories[1];
    CHECK(!strcmp(rf->name, "rf") && !strcmp(rf->kind, "sram"));
    CHECK_EQ(rf->size_bits, 32);
    CHECK(rf->read_pj == 0.5 && rf->write_pj == 0.25 && rf->area == 3);
    CHECK_EQ(rf->latency_cycles, 2);
    CHECK_EQ(rf->operands, 1 << STREAM_I2);
    CHECK_EQ(rf->served_dims, 0);
    CHECK_EQ(rf->ports[0].kind, STREAM_PORT_READ_WRITE);
    CHECK_EQ(rf->ports[0].bandwidth_min_bits, 8);
    CHECK_EQ(rf->ports[0].serves[STREAM_I2], 1 << STREAM_TO_LOW | 1 << STREAM_FROM_HIGH);
    CHECK_EQ(top->size_bits, 8192);
    CHECK_EQ(top->served_dims, 3);
    CHECK(top->force_double_buffering && !rf->force_double_buffering);
    CHECK_EQ(top->n_operand_order, 3);
    CHECK_EQ(top->operand_order[0], STREAM_O);
    CHECK_EQ(top->operand_order[1], STREAM_I1);
    CHECK_EQ(top->ports[0].n_listed, 4);
    CHECK_EQ(top->ports[0].listed[0], STREAM_O * STREAM_N_DIRECTIONS + STREAM_TO_HIGH);
    CHECK_EQ(top->ports[0].listed[1], STREAM_I1 * STREAM_N_DIRECTIONS + STREAM_TO_LOW);
    CHECK_EQ(top->loc.line, 17);
}

static void reads(void) {
    stream_arena *arena = stream_arena_create();
    stream_accelerator acc;
    messages m;
    CHECK_EQ(import(good, strlen(good), &m, arena, &acc), STREAM_OK);
    CHECK_EQ(m.errors + m.warnings, 0);
    CHECK(!strcmp(acc.name, "two_cores"));
    const stream_core *core = &acc.cores[0], *shim = &acc.cores[1];
    CHECK(!strcmp(core->name, "conv_0") && !strcmp(core->type_name, "conv"));
    CHECK(!strcmp(core->space, "zigzag") && core->kind == STREAM_CORE_COMPUTE);
    CHECK_EQ(core->array_sizes[1], 16);
    CHECK_EQ(core->systolic_dims, 2);
    CHECK(core->mac_pj == 0.1);
    CHECK_EQ(core->n_dataflows, 1);
    CHECK_EQ(core->dataflows[0].n_unrolls, 3);
    CHECK_EQ(core->dataflows[0].unrolls[2].array_dim, 1);
    CHECK_EQ(core->dataflows[0].unrolls[2].unroll, 3);
    CHECK(!strcmp(core->dataflows[0].unrolls[2].loop, "FX"));
    CHECK(stream_core_runs(core, "MatMul") && !stream_core_runs(core, "Add"));
    CHECK(!strcmp(core->unmodelled,
                  "{operand_precision = {input = \"int8\", accumulator = \"int32\"}, banks = "
                  "{count = 8 : i64, width = 16 : i64}, operational_array = {is_imc = false}}"));
    CHECK(core->has_coordinates && core->column == 1 && core->row == 2);
    reads_memories(core);
    CHECK(shim->kind == STREAM_CORE_OFFCHIP && !strcmp(shim->space, "aie2"));
    CHECK_EQ(shim->memories[0].size_bits, 65536);
    CHECK_EQ(acc.n_links, 2);
    CHECK(!strcmp(acc.links[0].name, "link_0") && !strcmp(acc.links[1].name, "bus_1"));
    CHECK(acc.links[0].bandwidth_bits == 32 && acc.links[0].pj_per_bit == 0.5 / 32);
    CHECK(acc.links[1].bus && acc.links[1].pj_per_bit == 2.0 / 64 &&
          acc.links[1].latency_cycles == 3);
    CHECK(!strcmp(acc.unmodelled, "{technology_node = \"n3\", bandwidth = {\"0\" = {ceiling = 1.5 "
                                  ": f64, burst = 32 : i64}}}"));
    stream_arena_destroy(arena);
}

static const change bad[] = {
    {"name: two", "nam: two", "unknown key 'nam' in an accelerator; known: name, cores", 1},
    {"name: two cores", "technology: n3", "unknown key 'technology'", 1},
    {"  0:\n", "  2:\n", "a core id is 2; it must be 0 to 1", 3},
    {"  0:\n", "  x:\n", "a core id must be a whole number, not 'x'", 3},
    {"  0:\n", "  1:\n", "the key '1' is here twice; the first is in line 3", 39},
    {"    name: conv\n", "    type: zigzag.compute\n", "a core has no 'name'", 0},
    {"    name: conv\n", "    name: conv\n    type: tpu.compute\n", "unknown core type", 5},
    {"      rf:\n", "      r_f:\n        r_bw: 8\n", "unknown key 'r_bw' in a memory; known: size",
     7},
    {"size: 32\n", "size: 0\n", "size is 0; it must be 1 to", 7},
    {"size: 32\n", "size: -5\n", "size is -5", 7},
    {"size: 32\n", "size: 3.5\n", "size must be a whole number, not '3.5'", 7},
    {"size: 32\n", "size: '32'\n", "whole number", 7},
    {"size: 32\n", "size: 99999999999999999999\n",
     "size is 99999999999999999999; it must be 1 to 9223372036854775807", 7},
    {"size: 32\n", "size: [32]\n", "size must be a value, not a list", 7},
    {"size: 32\n", "size: 010\n", "whole number", 7},
    {"r_cost: 0.5", "r_cost: .nan", "r_cost must be a finite number", 8},
    {"r_cost: 0.5", "r_cost: -1", "r_cost is -1; it must be at least 0", 8},
    {"r_cost: 0.5", "r_cost: 1e400", "finite", 8},
    {"r_cost: 0.5", "r_cost: 1e30", "r_cost is 1e30; it must be at most 1e+12", 8},
    {"w_cost: 0.25", "auto_cost_extraction: true",
     "memory 'rf' has no 'w_cost' and costs are not "
     "extracted here",
     0},
    {"operands: [I2]", "operands: [I3]", "operand 'I3' of memory 'rf' is unknown", 12},
    {"operands: [I2]", "operands: [I2, I2]", "listed twice", 12},
    {"operands: [I2]", "operands: [I1]", "a port carries I2, which memory 'rf' does not hold", 15},
    {"operands: [I2]", "operands: []", "memory 'rf' holds no operand", 12},
    {"bandwidth_min: 8", "bandwidth_min: 33",
     "bandwidth_min 33 of port 'rw' is larger than "
     "bandwidth_max 32",
     14},
    {"bandwidth_min: 8", "bandwidth_min: 0", "bandwidth_min is 0; it must be 1 to 4294967296", 14},
    {"type: read_write", "type: write", "'I2, tl' reads memory 'rf', but port 'rw' only writes",
     15},
    {"type: read_write", "type: rw", "unknown port type 'rw'", 14},
    {"'I2, tl'", "'I2, up'", "'I2, up' is no allocation of a port", 15},
    {"'I2, tl', 'I2, fh'", "'I2, tl', 'I2, tl'", "port 'rw' lists 'I2, tl' twice", 15},
    {"['I2, tl', 'I2, fh']", "[I2, tl]", "'I2' is no allocation of a port", 15},
    {"{name: w,", "{name: r,", "two ports named 'r'", 0},
    {"served_dimensions: []", "served_dimensions: [D3]",
     "'D3' in served_dimensions is no array "
     "dimension; the array has D1 to D2",
     16},
    {"served_dimensions: []", "served_dimensions: [D1, D1]", "D1 twice", 16},
    {"force_double_buffering: yes", "force_double_buffering: 2", "true or false, not '2'", 28},
    {"sizes: [4, 16]", "sizes: [4]", "the array has 2 dimensions but 1 sizes", 31},
    {"sizes: [4, 16]", "sizes: [4, 0]", "an array size is 0; it must be 1 to", 31},
    {"      dimensions: [D1, D2]", "      dimensions: [D1, D3]", "'D3' in dimensions", 30},
    {"      dimensions: [D1, D2]", "      multipliers: 3", "unknown key 'multipliers'", 30},
    {"'I2, tl', 'I2, fh']", "'I2, tl']",
     "memory 'rf' of core 'conv_0' holds I2, but none of its ports carries 'I2, fh'", 6},
    {"'O, fl', 'I1, fh', ", "'O, fl', ",
     "memory 'top' of core 'conv_0' holds I1, but none of its ports carries 'I1, fh'", 17},
    {"['K, 4']", "['K 4']", "'K 4' is no loop of a dataflow", 35},
    {"['K, 4']", "['K, 5']", "unrolls K by 5 over D1", 0},
    {"D2: ['C", "D3: ['C", "'D3' in dataflows", 35},
    {"operator_types: [Conv, Gemm]", "operator_types: []", "operator_types is empty", 36},
    {"operator_types: [Conv, Gemm]", "operator_types: [Conv, Conv]", "listed twice", 36},
    {"operator_types: [Conv, Gemm]", "post_processing: {ops_per_cycle: 4}",
     "post_processing has no 'operator_types'", 36},
    {"operator_types: [Conv, Gemm]", "post_processing: {operator_types: [Relu], ops_per_cycle: 0}",
     "ops_per_cycle is 0", 36},
    {"max_object_fifo_depth: 4",
     "max_object_fifo_depth: 4\n    post_processing: {operator_types: []}",
     "post_processing belongs to compute cores", 43},
    {"max_object_fifo_depth: 4", "utilization: 50", "an aie2 core has no 'max_object_fifo_depth'",
     0},
    {"max_object_fifo_depth: 4", "max_object_fifo_depth: 4\n    utilization: 200",
     "utilization is 200", 43},
    {"capacity: 65536", "capacity: 0", "capacity is 0", 43},
    {"bandwidth_min: 8, bandwidth_max: 64", "bandwidth_min: 65, bandwidth_max: 64",
     "bandwidth_min 65 is larger", 43},
    {"offchip_core_id: 1\n", "", "an accelerator has no 'offchip_core_id'", 0},
    {"offchip_core_id: 1", "offchip_core_id: 7", "offchip_core_id is 7; it must be 0 to 1", 44},
    {"offchip_core_id: 1", "offchip_core_id: 0", "not of that kind", 0},
    {"bandwidth: 32.0", "bandwidth: 0", "bandwidth is 0; it must be at least 1", 47},
    {"bandwidth: 32.0", "bandwidth: -5", "bandwidth is -5; it must be at least 1", 47},
    {"bandwidth: 32.0", "bandwidth: 1.5", "bandwidth is 1.5 bits per cycle", 47},
    {"bandwidth: 32.0", "bandwidth: .inf", "finite", 47},
    {"bandwidth: 32.0", "bandwidth: 4294967297", "bandwidth is 4294967297; it must be at most 4294967296", 47},
    {"cores: [0, 1], bandwidth", "cores: [0, 2], bandwidth", "cores of a connection is 2", 47},
    {"cores: [0, 1], bandwidth", "cores: [0], bandwidth", "joins 1 cores", 47},
    {"type: bus", "type: ring", "unknown type of connection 'ring'", 48},
    {"core_coordinates: {0: [1, 2]}", "core_coordinates: {0: [1]}", "a column and a row", 50},
    {"core_coordinates: {0: [1, 2]}", "core_memory_sharing: ['0; 1']", "does not name cores", 50},
    {"core_coordinates: {0: [1, 2]}", "core_memory_sharing: ['0, 4']", "names core 4", 50},
    {"core_coordinates: {0: [1, 2]}", "core_memory_sharing: [{cores: [0, 1], operands: [I3]}]",
     "unknown operand 'I3'", 50},
    {"core_coordinates: {0: [1, 2]}", "core_memory_sharing: [{cores: [0, 1], operands: [[O]]}]",
     "operands of 1 cores", 50},
    {"core_coordinates: {0: [1, 2]}", "core_memory_sharing: [{cores: [0, 1]}]", "operands", 50},
    {"technology_node: n3", "technology_node: *n", "nothing is named '&n'", 51},
    {"technology_node: n3", "technology_node: &n [*n]", "inside what it names", 51},
    {"technology_node: n3", "---\na: b", "second document", 51},
    {"technology_node: n3", "technology_node: [", "not YAML", 0},
    {"technology_node: n3", "technology_node: \xe9t\xe9", "not YAML: ", 51},
    {"technology_node: n3", "technology_node: \"\\0\"", "NUL", 51},
    {"technology_node: n3", "technology_node: {[a]: b}", "a key must be a word", 51},
};

static void refuses(void) {
    for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
        stream_arena *arena = stream_arena_create();
        stream_text text = changed(good, &bad[i]);
        stream_accelerator acc;
        messages m;
        stream_status status = import(text.data, text.length, &m, arena, &acc);
        check_message(&m, &bad[i], status);
        stream_text_free(&text);
        stream_arena_destroy(arena);
    }
}

/* An empty list is a unit that runs nothing; no list is no unit. */
static void reads_post_processing(void) {
    static const change added = {
        "operator_types: [Conv, Gemm]",
        "post_processing: {operator_types: [Relu, Add], ops_per_cycle: 8, unit_energy: 0.5}", "",
        0};
    stream_arena *arena = stream_arena_create();
    stream_text text = changed(good, &added);
    stream_accelerator acc;
    messages m;
    CHECK_EQ(import(text.data, text.length, &m, arena, &acc), STREAM_OK);
    const stream_post_processing *post = acc.cores[0].post;
    CHECK(post && post->n_operators == 2 && !strcmp(post->operators[1], "Add"));
    CHECK(post && post->ops_per_cycle == 8 && post->op_pj == 0.5);
    CHECK(!acc.cores[1].post);
    stream_text_free(&text);
    stream_arena_destroy(arena);
}

/* Names of operators that no network has. */
static void warns_of_operators(void) {
    static const change changes[] = {
        {"[Conv, Gemm]", "[Cnov, Gemm]",
         "'Cnov' is no operator of ONNX: only an op with stream.operator = \"Cnov\" is one; is "
         "'Conv' meant?",
         36},
        {"[Conv, Gemm]", "[Gemm, softmaxx]", "; is 'Softmax' meant?", 36},
        {"[Conv, Gemm]", "[Gemm, Mine]", "stream.operator = \"Mine\" is one", 36},
        {"[Conv, Gemm]", "[conv, GEMM, NonMaxSuppression, QLinearAdd, MinPool, Pooling]", NULL, 0},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; ++i) {
        stream_arena *arena = stream_arena_create();
        stream_text text = changed(good, &changes[i]);
        stream_accelerator acc;
        messages m;
        CHECK_EQ(import(text.data, text.length, &m, arena, &acc), STREAM_OK);
        CHECK_EQ(m.warnings, changes[i].want != NULL);
        CHECK(!changes[i].want || strstr(m.text, changes[i].want));
        CHECK_EQ(m.loc.line, changes[i].line);
        stream_text_free(&text);
        stream_arena_destroy(arena);
    }
}

/* Every prefix is refused without a crash; only whole lines at the end can be left out. */
static void refuses_prefixes(void) {
    size_t n = strlen(good), wrong = 0;
    for (size_t i = 0; i < (size_t)(strstr(good, "core_connectivity") - good); ++i) {
        stream_arena *arena = stream_arena_create();
        stream_accelerator acc;
        messages m;
        wrong += import(good, i, &m, arena, &acc) == STREAM_OK || m.errors != 1;
        stream_arena_destroy(arena);
    }
    CHECK(n > 0);
    CHECK_EQ(wrong, 0);
}

/* Core files: found beside the file, by the end of a foreign path, named when they are missing. */
static void finds_core_files(void) {
    stream_arena *arena = stream_arena_create();
    stream_accelerator acc;
    messages m;
    stream_diag diag = {messages_emit, &m};
    const char *path = STREAM_SOURCE_DIR "/examples/accelerators/in_memory.yaml";
    const char *text = "name: a\ncores:\n  0: other/project/cores/any_32x32.yaml\n  1: dram\n"
                       "offchip_core_id: 1\ncore_connectivity:\n"
                       "  - {cores: [0, 1], bandwidth: 64}\n";
    m = (messages){.errors = 0};
    CHECK_EQ(stream_accelerator_import(path, text, strlen(text), arena, &diag, &acc), STREAM_OK);
    CHECK(!strcmp(acc.cores[0].name, "any_32x32_0") && !strcmp(acc.cores[1].name, "dram_1"));
    CHECK_EQ(import(text, strlen(text), &m, arena, &acc), STREAM_INVALID);
    CHECK(strstr(m.text, "no core file 'other/project/cores/any_32x32.yaml'"));
    CHECK_EQ(m.loc.line, 3);
    CHECK_EQ(m.loc.column, 6);
    stream_arena_destroy(arena);
}

typedef struct {
    const char *file;
    int32_t cores, links, instances;
} example;

static void reads_examples(void) {
    static const example examples[] = {
        {"homogeneous_quad", 7, 8, 11}, {"heterogeneous_quad", 7, 8, 11}, {"single_core", 2, 1, 3}};
    for (size_t i = 0; i < sizeof examples / sizeof *examples; ++i) {
        stream_arena *arena = stream_arena_create();
        stream_text text = {0};
        stream_accelerator acc;
        messages m = {.errors = 0};
        stream_diag diag = {messages_emit, &m};
        char path[512];
        snprintf(path, sizeof path, "%s/examples/accelerators/%s.yaml", STREAM_SOURCE_DIR,
                 examples[i].file);
        CHECK_EQ(stream_file_read(path, 1 << 20, &diag, &text), STREAM_OK);
        CHECK_EQ(stream_accelerator_import(path, text.data, text.length, arena, &diag, &acc),
                 STREAM_OK);
        CHECK_EQ(m.errors + m.warnings, 0);
        CHECK_EQ(acc.n_cores, examples[i].cores);
        CHECK_EQ(acc.n_links, examples[i].links);
        CHECK_EQ(acc.n_instances, examples[i].instances);
        CHECK(!strcmp(acc.name, examples[i].file));
        stream_text_free(&text);
        stream_arena_destroy(arena);
    }
}

/* Aliases stand for what they name, but not without end; nesting has a limit. */
static void bounds(void) {
    stream_arena *arena = stream_arena_create();
    stream_core core;
    messages m = {.errors = 0};
    stream_diag diag = {messages_emit, &m};
    stream_text text = {0};
    stream_text_str(&text, "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n");
    for (int i = 1; i < 9; ++i) {
        stream_text_print(&text, "a%d: &a%d [", i, i);
        for (int k = 0; k < 10; ++k)
            stream_text_print(&text, "%s*a%d", k ? ", " : "", i - 1);
        stream_text_str(&text, "]\n");
    }
    CHECK_EQ(stream_core_import("x", text.data, text.length, arena, &diag, &core), STREAM_LIMIT);
    CHECK(strstr(m.text, "alias"));
    stream_text_clear(&text);
    for (int i = 0; i < 500; ++i)
        stream_text_str(&text, "[");
    CHECK_EQ(stream_core_import("x", text.data, text.length, arena, &diag, &core), STREAM_LIMIT);
    CHECK(strstr(m.text, "64 levels"));
    stream_text_clear(&text);
    stream_text_str(&text, "a0: &a0 1\n"); /* each alias one level deeper, on few lines */
    for (int i = 1; i < 70; ++i)
        stream_text_print(&text, "a%d: &a%d [*a%d]\n", i, i, i - 1);
    m.text[0] = '\0';
    CHECK_EQ(stream_core_import("x", text.data, text.length, arena, &diag, &core), STREAM_LIMIT);
    CHECK(strstr(m.text, "64 levels"));
    CHECK_EQ(m.loc.line, 64); /* a63 is 64 levels, and one more for the file */
    CHECK_EQ(stream_core_import("x", "", 0, arena, &diag, &core), STREAM_INVALID);
    CHECK(strstr(m.text, "empty"));
    stream_text_free(&text);
    stream_arena_destroy(arena);
}

/* A core file may have a key twice, as ZigZag's tpu_like has: the last counts. */
static void repeats(void) {
    static const char twice[] =
        "name: first\n"
        "type: zigzag.offchip\n"
        "name: last\n"
        "memories:\n"
        "  dram:\n"
        "    ports: [{fh: w_port_1}]\n"
        "    size: 64\n"
        "    r_cost: 1\n"
        "    w_cost: 1\n"
        "    area: 0\n"
        "    latency: 1\n"
        "    operands: [O]\n"
        "    ports:\n"
        "    - {name: rw, type: read_write, bandwidth_min: 8, bandwidth_max: "
        "8, allocation: ['O, fl', 'O, tl']}\n"
        "    served_dimensions: []\n";
    stream_arena *arena = stream_arena_create();
    stream_core core;
    messages m = {.errors = 0};
    stream_diag diag = {messages_emit, &m};
    CHECK_EQ(stream_core_import("x", twice, strlen(twice), arena, &diag, &core), STREAM_OK);
    CHECK_EQ(m.warnings, 2);
    CHECK(!strcmp(core.name, "last"));
    CHECK_EQ(core.memories[0].n_ports, 1);
    CHECK(strstr(m.text, "the key 'name' is here twice; the first, in line 1, is left out"));
    CHECK_EQ(m.loc.line, 3);
    stream_arena_destroy(arena);
}

/* Energy per cycle of a core, whatever it does. */
static void standby(void) {
    const char *line = strstr(good, "    operand_precision");
    stream_text text = {0};
    stream_text_print(&text, "%.*s    static_energy: 0.75\n%s", (int)(line - good), good, line);
    messages m = {0};
    stream_arena *arena = stream_arena_create();
    stream_accelerator acc;
    CHECK_EQ(import(text.data, text.length, &m, arena, &acc), STREAM_OK);
    CHECK(acc.cores[0].static_pj == 0.75 && acc.cores[1].static_pj == 0);
    stream_text_free(&text);
    stream_arena_destroy(arena);
}

int main(void) {
    standby();
    reads();
    repeats();
    refuses();
    reads_post_processing();
    warns_of_operators();
    refuses_prefixes();
    finds_core_files();
    reads_examples();
    bounds();
    return test_done();
}
