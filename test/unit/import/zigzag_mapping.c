// RUN: unit-import-zigzag_mapping

#include "stream/import/zigzag_mapping.h"

#include "text.h"

static const char good[] = "- name: default\n"
                           "  core_allocation: [1]\n"
                           "  spatial_mapping:\n"
                           "    D1:\n"
                           "      - K, 32\n"
                           "    D2: [[c, 16], 'FX, 2']\n"
                           "  memory_operand_links: {O: O, W: I2, I: I1}\n"
                           "  temporal_ordering:\n"
                           "    - [OX, 7]\n"
                           "    - ['*', '*']\n"
                           "    - [K, '*']\n"
                           "- name: Add\n"
                           "  spatial_mapping: {D1: [G, 32]}\n"
                           "  spatial_mapping_hint: {D1: [K], D2: [G, OX]}\n"
                           "  temporal_mapping_type: even\n"
                           "- name: stem\n"
                           "  spatial_mapping: null\n"
                           "  core_allocation: 0\n"
                           "  temporal_ordering: [[OY, 2], [Q, '*']]\n"
                           "  temporal_mapping_type: uneven\n";

static stream_status import(const char *text, size_t n, messages *m, stream_arena *arena,
                            stream_zigzag_mapping *out) {
    stream_diag diag = {messages_emit, m};
    *m = (messages){.errors = 0};
    return stream_zigzag_mapping_import("map.yaml", text, n, arena, &diag, out);
}

static const stream_core core = {.name = "c", .n_array_dims = 2, .array_sizes = {32, 32}};

/* O[B][K] += W[K][C] * I[B][C], with more loops than the equation needs. */
static stream_loop_nest nest_of(const char *first, const char *second) {
    return (stream_loop_nest){
        .dims = {{"B", 1}, {"K", 64}, {"C", 64}, {"OX", 7}, {"OY", 8}, {"FX", 3}},
        .n_dims = 6,
        .operands = {{.name = "O", .bits = 16, .final_bits = 8, .index = {0, 1}, .n_index = 2},
                     {.name = first, .bits = 8, .final_bits = 8, .index = {1, 2}, .n_index = 2},
                     {.name = second, .bits = 8, .final_bits = 8, .index = {0, 2}, .n_index = 2}},
        .n_operands = 3,
        .cycles_per_op = 1};
}

static stream_status apply(const stream_zigzag_rule *rule, stream_cost_model model,
                           const stream_diag *diag, stream_loop_nest *nest,
                           stream_zigzag_choice *out) {
    STREAM_TRY(stream_zigzag_rule_link(rule, "l", diag, nest));
    return stream_zigzag_rule_apply(rule, &core, model, "l", nest, diag, out);
}

static void reads(void) {
    stream_arena *arena = stream_arena_create();
    stream_zigzag_mapping m;
    messages log;
    CHECK_EQ(import(good, strlen(good), &log, arena, &m), STREAM_OK);
    CHECK_EQ(m.n_rules, 3);
    CHECK_EQ(m.rules[0].n_spatial, 2);
    CHECK_EQ(m.rules[0].spatial[1].array_dim, 1);
    CHECK_EQ(m.rules[0].spatial[1].n_loops, 2);
    CHECK(!strcmp(m.rules[0].spatial[1].loops[0].name, "C"));
    CHECK_EQ(m.rules[0].spatial[1].loops[0].factor, 16);
    CHECK(!strcmp(m.rules[0].spatial[1].loops[1].name, "FX"));
    CHECK_EQ(m.rules[0].spatial[1].loops[1].factor, 2);
    CHECK_EQ(m.rules[0].n_links, 3);
    CHECK_EQ(m.rules[0].n_ordering, 3);
    CHECK(!m.rules[0].ordering[1].name);
    CHECK_EQ(m.rules[0].ordering[2].factor, 0);
    CHECK_EQ(m.rules[1].n_hints, 2);
    CHECK_EQ(m.rules[1].evenness, STREAM_ZIGZAG_EVEN);
    CHECK_EQ(m.rules[1].spatial[0].n_loops, 1); /* [G, 32] is one pair */
    CHECK_EQ(m.rules[2].n_spatial, 0);
    CHECK_EQ(m.rules[2].evenness, STREAM_ZIGZAG_UNEVEN);
    stream_arena_destroy(arena);
}

/* By name, else by operator, else the default. */
static void finds(void) {
    stream_arena *arena = stream_arena_create();
    stream_zigzag_mapping m;
    messages log;
    CHECK_EQ(import(good, strlen(good), &log, arena, &m), STREAM_OK);
    CHECK(stream_zigzag_mapping_find(&m, "stem", "Add") == &m.rules[2]);
    CHECK(stream_zigzag_mapping_find(&m, "other", "Add") == &m.rules[1]);
    CHECK(stream_zigzag_mapping_find(&m, NULL, "Add") == &m.rules[1]);
    CHECK(stream_zigzag_mapping_find(&m, "other", "Conv") == &m.rules[0]);
    m.rules++;
    m.n_rules--;
    CHECK(stream_zigzag_mapping_find(&m, "other", "Conv") == NULL);
    stream_arena_destroy(arena);
}

static void applies(void) {
    stream_arena *arena = stream_arena_create();
    stream_zigzag_mapping m;
    messages log;
    stream_diag diag = {messages_emit, &log};
    stream_zigzag_choice c;
    CHECK_EQ(import(good, strlen(good), &log, arena, &m), STREAM_OK);
    stream_loop_nest nest = nest_of("W", "I");
    CHECK_EQ(apply(&m.rules[0], STREAM_MODEL_EXACT, &diag, &nest, &c), STREAM_OK);
    CHECK(c.has_spatial && c.spatial.given[0] && c.spatial.given[1]);
    CHECK_EQ(c.spatial.unroll[0].at[0].dim, 1);
    CHECK_EQ(c.spatial.unroll[0].at[0].factor, 32);
    CHECK_EQ(c.spatial.unroll[1].n, 2);
    CHECK_EQ(nest.operands[0].memory, STREAM_O);
    CHECK_EQ(nest.operands[1].memory, STREAM_I2);
    CHECK_EQ(nest.operands[2].memory, STREAM_I1);
    CHECK_EQ(c.n_inner, 1);
    CHECK_EQ(c.inner[0].dim, 3);
    CHECK_EQ(c.inner[0].size, 7);
    CHECK_EQ(c.n_outer, 1);
    CHECK_EQ(c.outer[0].dim, 1);
    CHECK_EQ(c.outer[0].size, 0);
    /* [Q] ZigZag forgets the separator */
    CHECK_EQ(apply(&m.rules[0], STREAM_MODEL_ZIGZAG_3_8_5, &diag, &nest, &c), STREAM_OK);
    CHECK_EQ(c.n_inner, 2);
    CHECK_EQ(c.n_outer, 0);
    CHECK_EQ(log.warnings, 0);
    stream_arena_destroy(arena);
}

/* Loops that the layer does not have are left out; of pins a warning says so. */
static void leaves_out(void) {
    stream_arena *arena = stream_arena_create();
    stream_zigzag_mapping m;
    messages log;
    stream_diag diag = {messages_emit, &log};
    stream_zigzag_choice c;
    CHECK_EQ(import(good, strlen(good), &log, arena, &m), STREAM_OK);
    stream_loop_nest nest = nest_of("A", "B");
    CHECK_EQ(apply(&m.rules[1], STREAM_MODEL_EXACT, &diag, &nest, &c), STREAM_OK);
    CHECK(c.spatial.given[0] && !c.spatial.given[1]);
    CHECK_EQ(c.spatial.unroll[0].n, 0);
    CHECK_EQ(c.spatial.n_hints[0], 1);
    CHECK_EQ(c.spatial.n_hints[1], 1);
    CHECK_EQ(c.spatial.hints[1][0], 3);
    CHECK_EQ(nest.operands[1].memory, STREAM_I1); /* default links of A and B */
    CHECK_EQ(nest.operands[2].memory, STREAM_I2);
    CHECK_EQ(log.warnings, 0);
    CHECK_EQ(apply(&m.rules[2], STREAM_MODEL_EXACT, &diag, &nest, &c), STREAM_OK);
    CHECK(!c.has_spatial);
    CHECK_EQ(c.n_inner, 1);
    CHECK_EQ(log.warnings, 1);
    CHECK(strstr(log.text, "layer 'l' has no loop 'Q'"));
    CHECK_EQ(log.loc.line, 19);
    CHECK_EQ(apply(NULL, STREAM_MODEL_EXACT, &diag, &nest, &c), STREAM_OK);
    CHECK(!c.has_spatial && c.n_inner == 0 && c.evenness == STREAM_ZIGZAG_UNSAID);
    stream_arena_destroy(arena);
}

/* One change of the good file, or other names of the inputs, and what applying it says. */
static void refuse_apply_in(stream_cost_model model, const char *from, const char *to,
                            const char *first, const char *second, const char *want) {
    const change c = {from, to, NULL, 0};
    stream_text text = changed(good, &c);
    stream_arena *arena = stream_arena_create();
    stream_zigzag_mapping m;
    stream_zigzag_choice choice;
    messages log;
    stream_diag diag = {messages_emit, &log};
    stream_loop_nest nest = nest_of(first, second);
    CHECK_EQ(import(text.data, text.length, &log, arena, &m), STREAM_OK);
    CHECK_EQ(apply(&m.rules[0], model, &diag, &nest, &choice), STREAM_INVALID);
    CHECK(strstr(log.text, want) && log.errors == 1);
    stream_arena_destroy(arena);
    stream_text_free(&text);
}

static void refuse_apply(const char *from, const char *to, const char *first, const char *second,
                         const char *want) {
    refuse_apply_in(STREAM_MODEL_EXACT, from, to, first, second, want);
}

/* More than two inputs share I1 and I2; two may share one. */
static void shares(void) {
    stream_arena *arena = stream_arena_create();
    stream_zigzag_mapping m;
    messages log;
    stream_loop_nest nest = nest_of("W", "I");
    static const char text[] = "- name: default\n"
                               "  memory_operand_links: {O: O, W: I2, I: I1, Z: I1}\n";
    nest.operands[nest.n_operands++] = (stream_nest_operand){.name = "Z", .bits = 8};
    CHECK_EQ(import(text, strlen(text), &log, arena, &m), STREAM_OK);
    CHECK_EQ(stream_zigzag_rule_link(&m.rules[0], "l", NULL, &nest), STREAM_OK);
    CHECK_EQ(nest.operands[3].memory, STREAM_I1);
    stream_zigzag_choice choice;
    nest = nest_of("Z", "I");
    CHECK_EQ(apply(&m.rules[0], STREAM_MODEL_EXACT, NULL, &nest, &choice), STREAM_OK);
    CHECK(nest.operands[1].memory == STREAM_I1 && nest.operands[2].memory == STREAM_I1);
    stream_arena_destroy(arena);
}

static void refuses_apply(void) {
    refuse_apply("D2:", "D3:", "W", "I", "core 'c' has no array dimension D3; it has D1 to D2");
    refuse_apply_in(STREAM_MODEL_ZIGZAG_3_8_5, "W: I2", "W: I1", "W", "I",
                    "operands 'W' and 'I' are both linked to I1, which ZigZag refuses");
    refuse_apply("W: I2", "W: O", "W", "I", "operand 'W' is linked to O; the output belongs in O");
    refuse_apply("O: O, ", "O: I1, ", "W", "I", "operand 'O' is linked to I1");
    refuse_apply("W: I2, ", "", "W", "I", "layer 'l': operand 'W' has no memory operand");
    refuse_apply("  memory_operand_links: {O: O, W: I2, I: I1}\n", "", "W", "X",
                 "operand 'X' has no memory operand");
}

static const change bad[] = {
    {"- name: default", "- nam: default", "unknown key 'nam' in an entry of the mapping", 1},
    {"- name: Add\n  spatial", "- spatial", "an entry of the mapping has no 'name'", 12},
    {"- name: Add", "- name: default", "a second entry for 'default'; the first is in line 1", 12},
    {"[1]", "[one]", "a core of core_allocation must be a whole number", 2},
    {"D1:\n", "E1:\n", "'E1' in spatial_mapping is no array dimension", 4},
    {"D1:\n", "D0:\n", "'D0' in spatial_mapping is no array dimension: they are D1 to D9", 4},
    {"K, 32", "K 32", "'K 32' in spatial_mapping is no loop and factor", 5},
    {"K, 32", "K, 0", "a factor in spatial_mapping is 0", 5},
    {"K, 32", "K, 3.5", "must be a whole number, not '3.5'", 5},
    {"K, 32", "K-, 32", "'K-' in spatial_mapping is no name of a loop", 5},
    {"K, 32", "{K: 32}", "is written 'OX, 25' or [OX, 25]", 5},
    {"[c, 16]", "[c]", "is written 'OX, 25' or [OX, 25]", 6},
    {"[c, 16]", "[c, x]", "must be a whole number, not 'x'", 6},
    {"[c, 16]", "[[c], 16]", "a loop must be a value", 6},
    {"'FX, 2'", "'C, 2'", "D2 names loop 'C' twice", 6},
    {"W: I2", "W: I3", "'I3' is no memory operand; they are I1, I2 and O", 7},
    {"W: I2", "W: [I2]", "a memory operand must be a value", 7},
    {"[OX, 7]", "[OX, 0]", "a factor in temporal_ordering is 0", 9},
    {"[OX, 7]", "[OX]", "is written [OX, 7] or [OX, '*']", 9},
    {"[OX, 7]", "OX", "a loop of temporal_ordering must be a list", 9},
    {"[OX, 7]", "['*', 7]", "'*' in temporal_ordering is no name of a loop", 9},
    {"[OX, 7]", "['*', '*']", "a second separator", 10},
    {"type: even", "type: odd", "temporal_mapping_type is 'odd'; it is 'even' or 'uneven'", 15},
    {"[K], D2", "[K, K], D2", "D1 names loop 'K' twice", 14},
    {"[K], D2", "K, D2", "D1 must be a list", 14},
};

static void refuses(void) {
    for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
        stream_arena *arena = stream_arena_create();
        stream_text text = changed(good, &bad[i]);
        stream_zigzag_mapping out;
        messages m;
        check_message(&m, &bad[i], import(text.data, text.length, &m, arena, &out));
        CHECK(m.loc.column > 0);
        stream_text_free(&text);
        stream_arena_destroy(arena);
    }
}

int main(void) {
    reads();
    finds();
    applies();
    leaves_out();
    shares();
    refuses_apply();
    refuses();
    return test_done();
}
