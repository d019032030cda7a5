// RUN: unit-import-zigzag_workload

#include "stream/import/zigzag_workload.h"

#include "text.h"

static const char good[] = "- id: 3\n"
                           "  name: stem\n"
                           "  operator_type: Conv\n"
                           "  equation: O[b][k][oy][ox] += W[k][c][fy][fx] * I[b][c][iy][ix]\n"
                           "  dimension_relations: [ix=2*ox+1*fx, iy = oy + 3*fy]\n"
                           "  loop_dims: [B, K, C, OY, OX, FY, fx]\n"
                           "  loop_sizes: [1, 64, 3, 56, 112, 5, 7]\n"
                           "  operand_precision: {W: 4, I: 8, O: 24, O_final: 16}\n"
                           "  operand_source: {I: 2, W: 3}\n"
                           "  pr_loop_dims: [IX, IY]\n"
                           "  padding: [[3, 3], [1, 0]]\n"
                           "- id: 7\n"
                           "  operator_type: Add\n"
                           "  name: null\n"
                           "  equation: O[b][k]=X[b][k]+Y[b][]\n"
                           "  dimension_relations: []\n"
                           "  loop_dims: [B, K]\n"
                           "  loop_sizes: [2, 100]\n"
                           "  operand_precision: {X: 8, Y: 0, O: 8}\n";

static stream_status import(const char *text, size_t n, messages *m, stream_arena *arena,
                            stream_zigzag_workload *out) {
    stream_diag diag = {messages_emit, m};
    *m = (messages){.errors = 0};
    return stream_zigzag_workload_import("net.yaml", text, n, arena, &diag, out);
}

static void reads_conv(const stream_zigzag_layer *layer) {
    const stream_loop_nest *nest = &layer->nest;
    CHECK_EQ(layer->id, 3);
    CHECK(!strcmp(layer->name, "stem") && !strcmp(layer->operator_type, "Conv"));
    CHECK_EQ(nest->n_dims, 7);
    CHECK(!strcmp(nest->dims[6].name, "FX") && nest->dims[6].size == 7);
    CHECK_EQ(nest->n_relations, 2);
    CHECK(!strcmp(nest->relations[0].name, "IX"));
    CHECK_EQ(nest->relations[0].a, 4);
    CHECK_EQ(nest->relations[0].a_factor, 2);
    CHECK_EQ(nest->relations[0].b, 6);
    CHECK_EQ(nest->relations[1].a_factor, 1);
    CHECK_EQ(nest->relations[1].b_factor, 3);
    CHECK_EQ(nest->relations[0].clip, 2 * 111 + 7 - 6); /* touched less padding */
    CHECK_EQ(nest->relations[1].clip, 55 + 3 * 4 + 1 - 1);
    CHECK_EQ(nest->n_operands, 3);
    CHECK(!strcmp(nest->operands[1].name, "W") && !strcmp(nest->operands[2].name, "I"));
    CHECK_EQ(nest->operands[2].n_index, 4);
    CHECK_EQ(nest->operands[2].index[3], ~0);
    CHECK_EQ(nest->operands[2].index[1], 2);
    CHECK_EQ(nest->operands[0].bits, 24);
    CHECK_EQ(nest->operands[0].final_bits, 16);
    CHECK_EQ(nest->operands[1].final_bits, 4);
    CHECK_EQ(nest->cycles_per_op, 1);
    CHECK_EQ(nest->loc.line, 1);
}

static void reads(void) {
    stream_arena *arena = stream_arena_create();
    stream_zigzag_workload w;
    messages log;
    CHECK_EQ(import(good, strlen(good), &log, arena, &w), STREAM_OK);
    CHECK_EQ(w.n_layers, 2);
    reads_conv(&w.layers[0]);
    CHECK(!strcmp(w.layers[1].name, "Layer7"));
    CHECK_EQ(w.layers[1].nest.n_operands, 3);
    CHECK_EQ(w.layers[1].nest.operands[2].n_index, 1);
    CHECK_EQ(w.layers[1].nest.operands[2].bits, 0);
    CHECK_EQ(w.layers[1].nest.operands[0].final_bits, 8); /* O_final is O */
    stream_arena_destroy(arena);
}

/* A size counts, and padding beside it does not. */
static void given_size(void) {
    static const change c = {"padding:", "pr_loop_sizes: [224, 60]\n  padding:", NULL, 0};
    stream_text text = changed(good, &c);
    stream_arena *arena = stream_arena_create();
    stream_zigzag_workload w;
    messages log;
    CHECK_EQ(import(text.data, text.length, &log, arena, &w), STREAM_OK);
    CHECK_EQ(w.layers[0].nest.relations[0].clip, 224);
    CHECK_EQ(w.layers[0].nest.relations[1].clip, 60);
    stream_arena_destroy(arena);
    stream_text_free(&text);
}

/* Of two relations one may be given, and the padding of the other is 0. */
static void half_given(void) {
    static const change c = {"pr_loop_dims: [IX, IY]\n  padding: [[3, 3], [1, 0]]",
                             "pr_loop_dims: [iy]\n  pr_loop_sizes: [50]", NULL, 0};
    stream_text text = changed(good, &c);
    stream_arena *arena = stream_arena_create();
    stream_zigzag_workload w;
    messages log;
    CHECK_EQ(import(text.data, text.length, &log, arena, &w), STREAM_OK);
    CHECK_EQ(w.layers[0].nest.relations[0].clip, 2 * 111 + 7);
    CHECK_EQ(w.layers[0].nest.relations[1].clip, 50);
    stream_arena_destroy(arena);
    stream_text_free(&text);
}

static const change bad[] = {
    {"  name: stem", "  title: stem", "unknown key 'title' in a layer; known: id", 2},
    {"- id: 3\n  name", "- name", "a layer has no 'id'", 1},
    {"- id: 3", "- id: -3", "id is -3; it must be 0 to", 1},
    {"- id: 7", "- id: 3", "id 3 is that of the layer in line 1 already", 12},
    {"operator_type: Conv\n", "name_: Conv\n", "unknown key 'name_'", 3},
    {"  operator_type: Conv\n", "", "a layer has no 'operator_type'", 1},
    {"name: stem", "name: [stem]", "name must be a value, not a list", 2},
    /* loops */
    {"[B, K, C, OY, OX, FY, fx]", "[B, K, C, OY, OX, FY]", "6 loop_dims but 7 loop_sizes", 7},
    {"[B, K, C, OY, OX, FY, fx]", "[B, K, C, OY, OX, FY, c]", "loop_dims names 'C' twice", 6},
    {"[B, K, C, OY, OX, FY, fx]", "[B, K, C, OY, OX, FY, f-x]", "'f-x' in loop_dims is no name", 6},
    {"[B, K, C, OY, OX, FY, fx]", "[B, K, C, OY, OX, FY, 7x]", "'7x' in loop_dims is no name", 6},
    {"[B, K, C, OY, OX, FY, fx]", "[]", "0 loop_dims; it must have 1 to 14", 6},
    {"[1, 64, 3, 56, 112, 5, 7]", "[0, 64, 3, 56, 112, 5, 7]", "a loop size is 0; it must be 1", 7},
    {"[1, 64, 3, 56, 112, 5, 7]", "[1, 64.5, 3, 56, 112, 5, 7]", "must be a whole number", 7},
    {"[1, 64, 3, 56, 112, 5, 7]", "[1, 6400000, 300000, 56, 112, 5, 7]", "2^51 iterations", 7},
    /* relations */
    {"ix=2*ox+1*fx", "ix=2*ox", "relation 'ix=2*ox': expected '+' at the end", 5},
    {"ix=2*ox+1*fx", "ix=2*ox+1*gx", "names 'GX', which is not in loop_dims", 5},
    {"ix=2*ox+1*fx", "ix=0*ox+1*fx", "expected a factor from 1 to 65536 at '0*ox+1*fx'", 5},
    {"ix=2*ox+1*fx", "ix=2*ox+99999999999*fx", "a factor from 1 to 65536 at '99999999999*fx'", 5},
    {"ix=2*ox+1*fx", "ix=2ox+1*fx", "expected '*' at 'ox+1*fx'", 5},
    {"ix=2*ox+1*fx", "ix=2*ox+1*fx-1", "expected the end at '-1'", 5},
    {"ix=2*ox+1*fx", "=2*ox+1*fx", "expected the name of a related dimension", 5},
    {"ix=2*ox+1*fx", "ix 2*ox+1*fx", "expected '=' at '2*ox+1*fx'", 5},
    {"ix=2*ox+1*fx", "ix=2*ox+1*ox", "is between 'OX' and itself", 5},
    {"ix=2*ox+1*fx", "ox=2*ox+1*fx", "defines 'OX', which is a dimension already", 5},
    {"[ix=2*ox+1*fx, iy = oy + 3*fy]", "[iy=2*ox+1*fx, iy = oy + 3*fy]", "defines 'IY'", 5},
    {"[ix=2*ox+1*fx, iy = oy + 3*fy]", "[a=b+c, d=b+c, e=b+c, f=b+c, g=b+c]", "at most 4", 5},
    {"[ix=2*ox+1*fx, iy = oy + 3*fy]", "[[ix]]", "a relation must be a value", 5},
    {"iy = oy + 3*fy]\n  loop_dims: [B, K, C, OY, OX, FY, fx]\n  loop_sizes: [1, 64, 3, 56, 112, 5, 7]",
     "iy=oy+60000*fy]\n  loop_dims: [OY, OX, FY, FX]\n  loop_sizes: [1, 1, 100000000000000, 1]",
     "extent of 'IY' is not representable: factor 60000 of a loop with 100000000000000", 1},
    /* equation */
    {"O[b][k][oy][ox] +=", "P[b][k][oy][ox] +=", "the output, and it alone, is called O", 4},
    {"O[b][k][oy][ox] +=", "O +=", "expected '[' at '+= W[k]", 4},
    {"O[b][k][oy][ox] +=", "O[b][k][oy][ox] -=", "expected '=' or '+=' at '-= W", 4},
    {"O[b][k][oy][ox] +=", "O[b][k][oy][oz] +=", "'OZ' is neither in loop_dims nor a related", 4},
    {"O[b][k][oy][ox] +=", "O[b][k][oy][oy] +=", "indexes 'O' twice by 'OY'", 4},
    {"O[b][k][oy][ox] +=", "O[b][k][oy[ox] +=", "expected ']' at '[ox] +=", 4},
    {"O[b][k][oy][ox] +=", "O[b][k][oy][ox", "expected ']' at 'W[k]", 4},
    {"O[b][k][oy][ox] += W", "O[b][k][oy][ox] += ", "expected an operand at '[k][c]", 4},
    {"* I[b][c][iy][ix]", "* W[b][c][iy][ix]", "names operand 'W' twice", 4},
    {"* I[b][c][iy][ix]", "* O[b][c][iy][ix]", "names operand 'O' twice", 4},
    {"* I[b][c][iy][ix]", "/ I[b][c][iy][ix]", "expected '*', '+' or the end at '/ I", 4},
    {"* I[b][c][iy][ix]", "* I[b] * X[b] * Y[b] * Z[b]", "has more than 4 inputs", 4},
    {"O[b][k][oy][ox] += W[k][c][fy][fx] * I[b][c][iy][ix]", "[]", "equation must be a value", 4},
    /* precision */
    {"{W: 4, I: 8, O: 24, O_final: 16}", "{W: 4, O: 24, O_final: 16}", "has no 'I'", 8},
    {"{W: 4, I: 8, O: 24, O_final: 16}", "{W: 4, I: 8, O_final: 16}", "has no 'O'", 8},
    {"{W: 4, I: 8, O: 24, O_final: 16}", "{W: 4, I: 8, O: 0}", "a precision is 0; it must be 1", 8},
    {"{W: 4, I: 8, O: 24, O_final: 16}", "{W: 5000, I: 8, O: 8}", "a precision is 5000", 8},
    {"{W: 4, I: 8, O: 24, O_final: 16}", "{W: 4, I: 8, S: 8, O: 8}", "names 'S', which is not in",
     8},
    {"{W: 4, I: 8, O: 24, O_final: 16}", "8", "operand_precision must be a dictionary", 8},
    {"{I: 2, W: 3}", "{X: 2, W: 3}", "names 'X', which is no input of the equation", 9},
    {"{I: 2, W: 3}", "{O: 2, W: 3}", "names 'O', which is no input of the equation", 9},
    {"{I: 2, W: 3}", "{I: two, W: 3}", "must be a whole number, not 'two'", 9},
    /* extents */
    {"pr_loop_dims: [IX, IY]", "pr_loop_dims: [IX]", "1 pr_loop_dims but 2 padding", 11},
    {"pr_loop_dims: [IX, IY]", "pr_loop_dims: [IX, OY]", "'OY' in pr_loop_dims is in no relation",
     10},
    {"pr_loop_dims: [IX, IY]", "pr_loop_dims: [IX, ix]", "pr_loop_dims names 'IX' twice", 10},
    {"  pr_loop_dims: [IX, IY]\n", "", "padding is given without pr_loop_dims", 10},
    {"padding: [[3, 3], [1, 0]]", "padding: [[3, 3], [1]]", "is [before, after], not 1 numbers",
     11},
    {"padding: [[3, 3], [1, 0]]", "padding: [[3, 3], [1, -1]]", "padding is -1; it must be 0", 11},
    {"padding: [[3, 3], [1, 0]]", "padding: [[3, 3], [60, 60]]",
     "'IY' has 68 elements, of which 120 are padding", 11},
    {"padding: [[3, 3], [1, 0]]", "pr_loop_sizes: [0, 1]", "a size in pr_loop_sizes is 0", 11},
    {"padding: [[3, 3], [1, 0]]", "pr_loop_sizes: [9]", "2 pr_loop_dims but 1 pr_loop_sizes", 11},
};

static void errors(void) {
    static const char *const roots[][2] = {{"{id: 1}", "a workload must be a list"},
                                           {"[]", "0 layers; a workload has 1 to 4096"},
                                           {"[1]", "a layer must be a dictionary"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
        stream_text text = changed(good, &bad[i]);
        stream_arena *arena = stream_arena_create();
        stream_zigzag_workload w;
        messages log;
        check_message(&log, &bad[i], import(text.data, text.length, &log, arena, &w));
        CHECK(log.loc.column > 0);
        stream_arena_destroy(arena);
        stream_text_free(&text);
    }
    for (size_t i = 0; i < sizeof roots / sizeof *roots; ++i) {
        stream_arena *arena = stream_arena_create();
        stream_zigzag_workload w;
        messages log;
        CHECK_EQ(import(roots[i][0], strlen(roots[i][0]), &log, arena, &w), STREAM_INVALID);
        CHECK(strstr(log.text, roots[i][1]));
        stream_arena_destroy(arena);
    }
}

int main(void) {
    reads();
    given_size();
    half_given();
    errors();
    return test_done();
}
