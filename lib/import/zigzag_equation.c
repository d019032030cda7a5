/* Equations and relations of ZigZag's layers; see zigzag.h.
 *
 *     equation = operand ("=" | "+=") operand (("*" | "+") operand)*
 *     operand  = name ("[" [name] "]")*
 *     relation = name "=" [integer "*"] name "+" [integer "*"] name
 */

#include "zigzag.h"

#include <ctype.h>
#include <string.h>

/* Strides and dilations beyond this would overflow the extents of the cost model. */
#define MAX_FACTOR 65536

static bool is_word(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

const char *stream_zigzag_upper(const char *text, size_t n, stream_arena *arena) {
    char *out = STREAM_NEW(arena, char, n + 1);
    for (size_t i = 0; i < n; ++i) {
        if (!is_word(text[i]))
            return NULL;
        out[i] = (char)toupper((unsigned char)text[i]);
    }
    return n && !isdigit((unsigned char)*text) ? out : NULL;
}

int32_t stream_zigzag_dim(const stream_loop_nest *nest, const char *name) {
    for (int32_t d = 0; d < nest->n_dims; ++d)
        if (!strcmp(nest->dims[d].name, name))
            return d;
    return -1;
}

int32_t stream_zigzag_relation(const stream_loop_nest *nest, const char *name) {
    for (int32_t r = 0; r < nest->n_relations; ++r)
        if (!strcmp(nest->relations[r].name, name))
            return r;
    return -1;
}

int32_t stream_zigzag_operand(const stream_loop_nest *nest, const char *name) {
    for (int32_t o = 0; o < nest->n_operands; ++o)
        if (!strcmp(nest->operands[o].name, name))
            return o;
    return -1;
}

bool stream_zigzag_default_link(const char *operand, stream_operand_class *out) {
    static const struct {
        const char *name;
        stream_operand_class memory;
    } links[] = {
        {"O", STREAM_O}, {"I", STREAM_I1}, {"A", STREAM_I1}, {"W", STREAM_I2}, {"B", STREAM_I2}};
    for (size_t i = 0; i < sizeof links / sizeof *links; ++i)
        if (!strcmp(links[i].name, operand)) {
            *out = links[i].memory;
            return true;
        }
    return false;
}

/* ---- a text, read from the left */

typedef struct {
    const stream_yaml *node;
    const char *what, *at;
    stream_arena *arena;
    const stream_diag *diag;
} cursor;

static stream_status expected(const cursor *c, const char *wanted) {
    int behind = (int)strcspn(c->at, "");
    return stream_error(c->diag, STREAM_INVALID, c->node->loc, "%s '%s': expected %s %s%.*s%s",
                        c->what, c->node->text, wanted, behind ? "at '" : "at the end", behind,
                        c->at, behind ? "'" : "");
}

static void skip_blanks(cursor *c) {
    while (*c->at == ' ' || *c->at == '\t')
        c->at++;
}

static bool accept(cursor *c, const char *token) {
    skip_blanks(c);
    size_t n = strlen(token);
    if (strncmp(c->at, token, n) != 0)
        return false;
    c->at += n;
    return true;
}

static size_t word(cursor *c, const char **out) {
    skip_blanks(c);
    const char *begin = c->at;
    while (is_word(*c->at))
        c->at++;
    *out = begin;
    return (size_t)(c->at - begin);
}

/* A name in upper case. */
static stream_status read_name(cursor *c, const char *wanted, const char **out) {
    skip_blanks(c);
    const char *begin = c->at, *text;
    size_t n = word(c, &text);
    *out = stream_zigzag_upper(text, n, c->arena);
    if (*out)
        return STREAM_OK;
    c->at = begin;
    return expected(c, wanted);
}

/* ---- relations */

/* "2*ox" or "ox" */
static stream_status read_term(cursor *c, const stream_loop_nest *nest, int64_t *factor,
                               int32_t *dim) {
    const char *begin, *name;
    skip_blanks(c);
    *factor = 1;
    if (isdigit((unsigned char)*c->at)) {
        begin = c->at;
        for (*factor = 0; isdigit((unsigned char)*c->at) && *factor <= MAX_FACTOR; c->at++)
            *factor = *factor * 10 + (*c->at - '0');
        if (*factor < 1 || *factor > MAX_FACTOR) {
            c->at = begin;
            return expected(c, "a factor from 1 to 65536");
        }
        if (!accept(c, "*"))
            return expected(c, "'*'");
    }
    STREAM_TRY(read_name(c, "a loop dimension", &name));
    *dim = stream_zigzag_dim(nest, name);
    if (*dim >= 0)
        return STREAM_OK;
    return stream_error(c->diag, STREAM_INVALID, c->node->loc,
                        "relation '%s' names '%s', which is not in loop_dims", c->node->text, name);
}

static stream_status read_relation(const stream_yaml *node, stream_arena *arena,
                                   const stream_diag *diag, stream_loop_nest *nest) {
    cursor c = {node, "relation", node->text, arena, diag};
    stream_nest_relation *rel = &nest->relations[nest->n_relations];
    STREAM_TRY(read_name(&c, "the name of a related dimension", &rel->name));
    if (!accept(&c, "="))
        return expected(&c, "'='");
    STREAM_TRY(read_term(&c, nest, &rel->a_factor, &rel->a));
    if (!accept(&c, "+"))
        return expected(&c, "'+'");
    STREAM_TRY(read_term(&c, nest, &rel->b_factor, &rel->b));
    skip_blanks(&c);
    if (*c.at)
        return expected(&c, "the end");
    if (rel->a == rel->b)
        return stream_error(diag, STREAM_INVALID, node->loc,
                            "relation '%s' is between '%s' and itself", node->text,
                            nest->dims[rel->a].name);
    if (stream_zigzag_dim(nest, rel->name) >= 0 || stream_zigzag_relation(nest, rel->name) >= 0)
        return stream_error(diag, STREAM_INVALID, node->loc,
                            "relation '%s' defines '%s', which is a dimension already", node->text,
                            rel->name);
    nest->n_relations++;
    return STREAM_OK;
}

stream_status stream_zigzag_read_relations(const stream_yaml *list, stream_arena *arena,
                                           const stream_diag *diag, stream_loop_nest *nest) {
    STREAM_TRY(stream_yaml_expect(list, STREAM_YAML_LIST, "dimension_relations", diag));
    if (list->n > STREAM_NEST_MAX_RELATIONS)
        return stream_error(diag, STREAM_INVALID, list->loc,
                            "a layer has %d dimension_relations; at most %d are possible", list->n,
                            STREAM_NEST_MAX_RELATIONS);
    for (int32_t i = 0; i < list->n; ++i) {
        STREAM_TRY(stream_yaml_expect(list->items[i], STREAM_YAML_SCALAR, "a relation", diag));
        STREAM_TRY(read_relation(list->items[i], arena, diag, nest));
    }
    return STREAM_OK;
}

/* ---- equations */

static stream_status add_index(const cursor *c, const stream_loop_nest *nest, const char *name,
                               stream_nest_operand *o) {
    int32_t dim = stream_zigzag_dim(nest, name), relation = stream_zigzag_relation(nest, name);
    int32_t id = dim >= 0 ? dim : ~relation;
    if (dim < 0 && relation < 0)
        return stream_error(c->diag, STREAM_INVALID, c->node->loc,
                            "equation '%s': '%s' is neither in loop_dims nor a related dimension",
                            c->node->text, name);
    for (int32_t i = 0; i < o->n_index; ++i)
        if (o->index[i] == id)
            return stream_error(c->diag, STREAM_INVALID, c->node->loc,
                                "equation '%s' indexes '%s' twice by '%s'", c->node->text, o->name,
                                name);
    if (o->n_index == STREAM_NEST_MAX_DIMS)
        return stream_error(c->diag, STREAM_INVALID, c->node->loc,
                            "equation '%s': '%s' has more than %d indices", c->node->text, o->name,
                            STREAM_NEST_MAX_DIMS);
    o->index[o->n_index++] = id;
    return STREAM_OK;
}

/* "[k][c]"; "[]" is no index: ZigZag writes it for a scalar. */
static stream_status read_indices(cursor *c, const stream_loop_nest *nest, stream_nest_operand *o) {
    if (!accept(c, "["))
        return expected(c, "'['");
    do {
        const char *name;
        if (accept(c, "]"))
            continue;
        STREAM_TRY(read_name(c, "a dimension", &name));
        STREAM_TRY(add_index(c, nest, name, o));
        if (!accept(c, "]"))
            return expected(c, "']'");
    } while (accept(c, "["));
    return STREAM_OK;
}

static stream_status read_operand(cursor *c, stream_loop_nest *nest) {
    const char *text, *begin = c->at;
    size_t n = word(c, &text);
    if (!stream_zigzag_upper(text, n, c->arena)) {
        c->at = begin;
        skip_blanks(c);
        return expected(c, "an operand");
    }
    char *name = STREAM_NEW(c->arena, char, n + 1);
    memcpy(name, text, n);
    if (nest->n_operands == STREAM_NEST_MAX_OPERANDS)
        return stream_error(c->diag, STREAM_INVALID, c->node->loc,
                            "equation '%s' has more than %d inputs", c->node->text,
                            STREAM_NEST_MAX_OPERANDS - 1);
    if (stream_zigzag_operand(nest, name) >= 0)
        return stream_error(c->diag, STREAM_INVALID, c->node->loc,
                            "equation '%s' names operand '%s' twice", c->node->text, name);
    if ((nest->n_operands == 0) != !strcmp(name, "O"))
        return stream_error(c->diag, STREAM_INVALID, c->node->loc,
                            "equation '%s': the output, and it alone, is called O", c->node->text);
    stream_nest_operand *o = &nest->operands[nest->n_operands];
    *o = (stream_nest_operand){.name = name};
    STREAM_TRY(read_indices(c, nest, o));
    nest->n_operands++;
    return STREAM_OK;
}

stream_status stream_zigzag_read_equation(const stream_yaml *node, stream_arena *arena,
                                          const stream_diag *diag, stream_loop_nest *nest) {
    STREAM_TRY(stream_yaml_expect(node, STREAM_YAML_SCALAR, "equation", diag));
    cursor c = {node, "equation", node->text, arena, diag};
    STREAM_TRY(read_operand(&c, nest));
    if (!accept(&c, "+=") && !accept(&c, "="))
        return expected(&c, "'=' or '+='");
    do {
        STREAM_TRY(read_operand(&c, nest));
    } while (accept(&c, "*") || accept(&c, "+"));
    skip_blanks(&c);
    return *c.at ? expected(&c, "'*', '+' or the end") : STREAM_OK;
}
