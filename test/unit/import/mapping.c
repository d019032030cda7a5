// RUN: unit-import-mapping

#include "stream/import/mapping.h"
#include "stream/support/text_file.h"

#include "text.h"

static const char good[] = "layers:\n"
                           "- name: Conv1\n"
                           "  core_allocation: [[0, 1]]\n"
                           "  inter_core_tiling: [[{dim: D6, split: 2}]]\n"
                           "  kernel: {name: conv, kwargs: {}}\n"
                           "- name: Add\n"
                           "  core_allocation: [[2]]\n"
                           "fused_groups:\n"
                           "- name: all\n"
                           "  layers: [Conv1, Add]\n"
                           "  intra_core_tiling:\n"
                           "  - {dim: a.b.D2, tile: 4}\n"
                           "runtime_args: {input: {}}\n";

static const char old[] = "- name: default\n"
                          "  core_allocation: [0]\n"
                          "  core_allocation_is_fixed: True\n"
                          "  inter_core_tiling:\n"
                          "    - K, *\n"
                          "- name: Conv\n"
                          "  core_allocation: [1, 0]\n"
                          "  intra_core_tiling:\n"
                          "    - OY, all\n"
                          "    - K, 8\n";

static stream_status import(const char *text, size_t n, messages *m, stream_arena *arena,
                            stream_mapping *out) {
    stream_diag diag = {messages_emit, m};
    *m = (messages){.errors = 0};
    return stream_mapping_import("map.yaml", text, n, arena, &diag, out);
}

static void reads(void) {
    stream_arena *arena = stream_arena_create();
    stream_mapping m;
    messages log;
    CHECK_EQ(import(good, strlen(good), &log, arena, &m), STREAM_OK);
    CHECK_EQ(m.n_rules, 2);
    CHECK_EQ(m.rules[0].n_cores, 2);
    CHECK_EQ(m.rules[0].cores[1], 1);
    CHECK_EQ(m.rules[0].n_splits, 1);
    CHECK_EQ(m.rules[0].splits[0].size, 2);
    CHECK(!strcmp(m.rules[0].splits[0].loop, "D6") && !m.rules[0].lenient);
    CHECK_EQ(m.n_groups, 1);
    CHECK_EQ(m.groups[0].n_layers, 2);
    CHECK(!strcmp(m.groups[0].tiles[0].layer, "a.b"));
    CHECK(!strcmp(m.groups[0].tiles[0].loop, "D2"));
    CHECK_EQ(m.groups[0].tiles[0].size, 4);
    CHECK(strstr(m.contents, "inter_core_tiling = [[{dim = \"D6\", split = 2 : i64}]]"));
    CHECK(strstr(m.contents, "runtime_args = {input = {}}"));
    stream_arena_destroy(arena);
}

static void reads_old(void) {
    stream_arena *arena = stream_arena_create();
    stream_mapping m;
    messages log;
    CHECK_EQ(import(old, strlen(old), &log, arena, &m), STREAM_OK);
    CHECK_EQ(m.n_rules, 2);
    CHECK_EQ(m.n_groups, 0);
    CHECK(m.rules[0].lenient);
    CHECK_EQ(m.rules[0].splits[0].size, STREAM_MAPPING_ALL);
    CHECK_EQ(m.rules[1].cores[0], 1);
    CHECK_EQ(m.rules[1].n_pieces, 2);
    CHECK_EQ(m.rules[1].pieces[0].size, STREAM_MAPPING_ALL);
    CHECK_EQ(m.rules[1].pieces[1].size, 8);
    CHECK(!strncmp(m.contents, "{layers = [{name = \"default\"", 28));
    stream_arena_destroy(arena);
}

static const change bad[] = {
    {"layers:\n- name: Conv1", "layer:\n- name: Conv1", "unknown key 'layer' in a mapping", 1},
    {"- name: Conv1", "- type: Conv1", "unknown key 'type' in a layer; known: name", 2},
    {"core_allocation: [[0, 1]]", "core_allocation: [[0], [1]]", "2 groups of cores", 3},
    {"core_allocation: [[0, 1]]", "core_allocation: [[0, 1,\n    0]]", "names core 0 twice", 4},
    {"core_allocation: [[0, 1]]", "core_allocation: [[-1]]", "a core id is -1", 3},
    {"core_allocation: [[0, 1]]", "core_allocation: []", "names 0 cores", 3},
    {"core_allocation: [[0, 1]]", "core_allocation: 0", "must be a list, not a value", 3},
    {"  core_allocation: [[0, 1]]\n", "", "has no 'core_allocation'", 2},
    {"core_allocation: [[0, 1]]", "fuse: sometimes", "fuse is 'never' or 'always'", 3},
    {"split: 2", "split: 0", "split is 0", 4},
    {"split: 2", "tile: 2", "unknown key 'tile'", 4},
    {"split: 2", "split: 2.5", "whole number", 4},
    {"kwargs: {}", "kwargs: 3", "kwargs must be a dictionary", 5},
    {"{name: conv,", "{nam: conv,", "unknown key 'nam' in kernel", 5},
    {"layers: [Conv1, Add]", "layers: [Conv1, Sub]", "'Sub', which is not in 'layers'", 10},
    {"dim: a.b.D2", "dim: D2", "'D2' is no loop of a layer", 12},
    {"tile: 4", "tile: -4", "tile is -4", 12},
    {"  intra_core_tiling:\n", "  intra_core_tiling: 3\n  x:\n", "", 0},
    {"runtime_args: {input: {}}", "runtime_args: 3", "runtime_args must be a dictionary", 13},
};

static void refuses(void) {
    for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
        stream_arena *arena = stream_arena_create();
        stream_text text = changed(good, &bad[i]);
        stream_mapping out;
        messages m;
        check_message(&m, &bad[i], import(text.data, text.length, &m, arena, &out));
        stream_text_free(&text);
        stream_arena_destroy(arena);
    }
}

static void reads_example(void) {
    stream_arena *arena = stream_arena_create();
    stream_text text = {0};
    stream_mapping m;
    messages log = {.errors = 0};
    stream_diag diag = {messages_emit, &log};
    CHECK_EQ(stream_file_read(STREAM_SOURCE_DIR "/examples/mappings/two_conv.yaml", 1 << 20, &diag,
                              &text),
             STREAM_OK);
    CHECK_EQ(import(text.data, text.length, &log, arena, &m), STREAM_OK);
    CHECK_EQ(m.n_groups, 1);
    stream_text_free(&text);
    stream_arena_destroy(arena);
}

/* Places are those of the values in the order of the attribute, and a text that says them again by
 * its lines has them. */
static void keeps_places(void) {
    static const char again[] = "{\n\"layers\": [\n{\n\"core_allocation\": [\n0],\n"
                                "\"name\": \"default\"}]}";
    static const unsigned lines[] = {1, 1, 1, 2, 2, 1}; /* list, list, rule, cores, core, name */
    stream_arena *arena = stream_arena_create();
    stream_mapping m, placed;
    messages log;
    const char *text = "- name: default\n  core_allocation: [0]\n";
    CHECK_EQ(import(text, strlen(text), &log, arena, &m), STREAM_OK);
    CHECK_EQ(m.n_places, 6);
    for (int32_t i = 0; i < m.n_places && i < 6; ++i)
        CHECK_EQ(m.places[i].line, lines[i]);
    CHECK_EQ(m.places[4].column, 21);
    CHECK_EQ(stream_mapping_import_placed(again, strlen(again), m.places, m.n_places, arena, NULL,
                                          &placed),
             STREAM_OK);
    CHECK(placed.rules[0].core_locs[0].line == 2 && placed.rules[0].core_locs[0].column == 21);
    CHECK_EQ(placed.rules[0].loc.line, 1);
    stream_arena_destroy(arena);
}

/* Of a key that is there twice the last counts, as in the YAML library of Python. */
static void reads_twice(void) {
    static const char twice[] = "- name: default\n"
                                "  core_allocation: [0]\n"
                                "  core_allocation: [1]\n";
    stream_arena *arena = stream_arena_create();
    stream_mapping mapping;
    messages m;
    CHECK_EQ(import(twice, strlen(twice), &m, arena, &mapping), STREAM_OK);
    CHECK_EQ(m.warnings, 1);
    CHECK(strstr(m.text, "the key 'core_allocation' is here twice; the first, in line 2, is left"));
    stream_arena_destroy(arena);
}

int main(void) {
    reads();
    reads_old();
    reads_twice();
    keeps_places();
    refuses();
    reads_example();
    return test_done();
}
