/* Reading reference rows; see row.h. */

#include "row.h"
#include "row_mapping.h"

#include "stream/import/core.h"
#include "stream/support/text_file.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void report(void *user, stream_severity severity, stream_loc loc, const char *message) {
    (void)user;
    if (severity == STREAM_ERROR)
        printf("# %s:%u: %s\n", loc.file ? loc.file : "?", loc.line, message);
}

static const stream_diag sink = {report, NULL};

static char *upper(stream_arena *arena, const char *s, size_t n) {
    char *out = stream_arena_alloc(arena, n + 1, 1);
    for (size_t i = 0; i < n; ++i)
        out[i] = (char)toupper((unsigned char)s[i]);
    return out;
}

int32_t golden_dim(const stream_loop_nest *nest, const char *name, size_t n) {
    for (int32_t d = 0; d < nest->n_dims; ++d)
        if (strlen(nest->dims[d].name) == n && strncasecmp(nest->dims[d].name, name, n) == 0)
            return d;
    return -1;
}

int32_t golden_operand(const stream_loop_nest *nest, const char *name) {
    for (int32_t o = 0; o < nest->n_operands; ++o)
        if (strcmp(nest->operands[o].name, name) == 0)
            return o;
    return -1;
}

static int32_t index_of(const stream_loop_nest *nest, const char *name, size_t n) {
    for (int32_t r = 0; r < nest->n_relations; ++r)
        if (strlen(nest->relations[r].name) == n &&
            strncasecmp(nest->relations[r].name, name, n) == 0)
            return ~r;
    return golden_dim(nest, name, n);
}

static void read_dims(golden_row *r, yaml_node_t *layer, stream_arena *arena) {
    yaml_node_t *dims = member(&r->doc, layer, "loop_dims");
    yaml_node_t *sizes = member(&r->doc, layer, "loop_sizes");
    for (int32_t d = 0; d < length(dims); ++d) {
        const char *name = text(item(&r->doc, dims, d));
        r->nest.dims[r->nest.n_dims++] =
            (stream_nest_dim){upper(arena, name, strlen(name)), integer(item(&r->doc, sizes, d))};
    }
}

static void add_relation(golden_row *r, stream_arena *arena, const char *name, int64_t fa,
                         const char *a, int64_t fb, const char *b) {
    r->nest.relations[r->nest.n_relations++] =
        (stream_nest_relation){upper(arena, name, strlen(name)),
                               golden_dim(&r->nest, a, strlen(a)),
                               golden_dim(&r->nest, b, strlen(b)),
                               fa,
                               fb,
                               0};
}

/* "ix=2*ox+1*fx", or ["D7", 2, "D2", 1, "D4"]. */
static void read_relations(golden_row *r, yaml_node_t *layer, stream_arena *arena) {
    yaml_node_t *listed = member(&r->doc, layer, "rel");
    for (int32_t i = 0; i < length(listed); ++i) {
        yaml_node_t *rel = item(&r->doc, listed, i);
        add_relation(r, arena, text(item(&r->doc, rel, 0)), integer(item(&r->doc, rel, 1)),
                     text(item(&r->doc, rel, 2)), integer(item(&r->doc, rel, 3)),
                     text(item(&r->doc, rel, 4)));
    }
    yaml_node_t *written = listed ? NULL : member(&r->doc, layer, "dimension_relations");
    for (int32_t i = 0; i < length(written); ++i) {
        char name[16], a[16], b[16];
        int fa, fb;
        if (sscanf(text(item(&r->doc, written, i)),
                   "%15[a-zA-Z0-9]=%d*%15[a-zA-Z0-9]+%d*%15[a-zA-Z0-9]", name, &fa, a, &fb, b) == 5)
            add_relation(r, arena, name, fa, a, fb, b);
    }
}

static int64_t uncut(const golden_row *r, const stream_nest_relation *rel) {
    return stream_nest_extent(rel->a_factor, r->nest.dims[rel->a].size, rel->b_factor,
                              r->nest.dims[rel->b].size, false);
}

/* Logical sizes: given per name, or by name list, or what the loops touch less the padding. */
static void read_clips(golden_row *r, yaml_node_t *layer) {
    bool stream = !is_null(member(&r->doc, layer, "stream"));
    yaml_node_t *names = member(&r->doc, layer, "pr_loop_dims");
    yaml_node_t *sizes = member(&r->doc, layer, "pr_loop_sizes");
    yaml_node_t *padding = member(&r->doc, layer, "padding");
    for (int32_t i = 0; i < r->nest.n_relations; ++i) {
        stream_nest_relation *rel = &r->nest.relations[i];
        rel->clip = uncut(r, rel);
        if (stream && length(member(&r->doc, layer, "pr")) > 0) {
            rel->clip = integer(member(&r->doc, member(&r->doc, layer, "pr"), rel->name));
            continue;
        }
        if (stream)
            rel->clip -= 2 * integer(member(&r->doc, member(&r->doc, layer, "pad"), rel->name));
        for (int32_t k = 0; !stream && k < length(names); ++k) {
            if (strcasecmp(text(item(&r->doc, names, k)), rel->name) != 0)
                continue;
            yaml_node_t *pad = item(&r->doc, padding, k);
            if (length(sizes) > 0)
                rel->clip = integer(item(&r->doc, sizes, k));
            else
                rel->clip -= integer(item(&r->doc, pad, 0)) + integer(item(&r->doc, pad, 1));
        }
    }
}

static void read_precision(golden_row *r, yaml_node_t *layer, stream_nest_operand *o,
                           int32_t input) {
    bool output = strcmp(o->name, "O") == 0;
    yaml_node_t *bits = member(&r->doc, layer, "bits");
    yaml_node_t *precision = member(&r->doc, layer, "operand_precision");
    if (bits) {
        yaml_node_t *psum = member(&r->doc, layer, "psum_bits");
        yaml_node_t *last = item(&r->doc, bits, length(bits) - 1);
        o->bits = output ? integer(psum ? psum : last) : integer(item(&r->doc, bits, input));
        o->final_bits = output ? integer(last) : o->bits;
        o->memory = output ? STREAM_O : strcmp(o->name, "A") == 0 ? STREAM_I1 : STREAM_I2;
    } else {
        o->bits = integer(member(&r->doc, precision, o->name));
        o->final_bits = output ? integer(member(&r->doc, precision, "O_final")) : o->bits;
        o->memory = output ? STREAM_O : strcmp(o->name, "I") == 0 ? STREAM_I1 : STREAM_I2;
    }
}

/* "O[b][k] += W[k][c] * I[b][c]": a name and its indices, again and again. */
static void read_equation(golden_row *r, yaml_node_t *layer, stream_arena *arena) {
    const char *s = text(member(&r->doc, layer, "equation"));
    int32_t inputs = 0;
    while (*s) {
        if (!isalpha((unsigned char)*s)) {
            ++s;
            continue;
        }
        size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
        stream_nest_operand *o = &r->nest.operands[r->nest.n_operands++];
        *o = (stream_nest_operand){.name = upper(arena, s, n)};
        for (s += n; *s == '['; s += strcspn(s, "]") + 1)
            if (strcspn(s + 1, "]") > 0)
                o->index[o->n_index++] = index_of(&r->nest, s + 1, strcspn(s + 1, "]"));
        read_precision(r, layer, o, inputs);
        inputs += strcmp(o->name, "O") != 0;
    }
}

/* ZigZag's tpu_like.yaml says `ports` twice, first in an older form: YAML lets the last one count
 * where it is read by its authors, and our importer refuses it. Takes the first one out. */
static void drop_old_ports(stream_text *bytes) {
    char *old = strstr(bytes->data, "    ports:\n      - fh:");
    char *last = old ? strstr(old + 1, "    ports:\n      - name:") : NULL;
    if (!last)
        return;
    memmove(old, last, strlen(last) + 1);
    bytes->length -= (size_t)(last - old);
}

static const stream_core *open_core(const char *inputs, const char *name, stream_arena *arena) {
    stream_text path = {0}, bytes = {0};
    stream_core *core = STREAM_NEW(arena, stream_core, 1);
    stream_text_print(&path, "%s/%s", inputs, name);
    const char *kept = stream_arena_strdup(arena, path.data);
    bool ok = stream_file_read(kept, 1 << 20, &sink, &bytes) == STREAM_OK;
    if (ok)
        drop_old_ports(&bytes);
    ok = ok && stream_core_import(kept, bytes.data, bytes.length, arena, &sink, core) == STREAM_OK;
    stream_text_free(&path);
    stream_text_free(&bytes);
    return ok ? core : NULL;
}

static bool read_core(golden_row *r, const char *inputs, stream_arena *arena) {
    yaml_node_t *dram = member(&r->doc, r->row, "dram");
    r->core = open_core(inputs, text(member(&r->doc, r->row, "core")), arena);
    if (!r->core || is_null(dram))
        return r->core != NULL;
    const stream_core *offchip =
        open_core(inputs, "stream/examples/hardware/cores/offchip.yaml", arena);
    if (!offchip)
        return false;
    r->offchip = &offchip->memories[0];
    for (int32_t i = 0; i < length(dram); ++i)
        for (int o = 0; o < STREAM_N_OPERANDS; ++o)
            if (strcmp(text(item(&r->doc, dram, i)),
                       stream_operand_class_name((stream_operand_class)o)) == 0)
                r->offchip_operands |= (uint8_t)(1u << o);
    return true;
}

static void read_settings(golden_row *r) {
    const char *best = text(member(&r->doc, r->row, "opt"));
    r->id = integer(member(&r->doc, r->row, "id"));
    r->cycles_per_op = integer(member(&r->doc, r->row, "cpo"));
    r->spatial.count = (int32_t)integer(member(&r->doc, r->row, "nsm"));
    r->spatial.mixed = strcmp(text(member(&r->doc, r->row, "mix")), "true") == 0;
    r->loma.lpf_limit = (int32_t)integer(member(&r->doc, r->row, "lpf"));
    r->loma.even = strcmp(text(member(&r->doc, r->row, "tmt")), "even") == 0;
    r->loma.objective = strcasecmp(best, "latency") == 0  ? STREAM_BEST_LATENCY
                        : strcasecmp(best, "energy") == 0 ? STREAM_BEST_ENERGY
                                                          : STREAM_BEST_EDP;
    r->ok = strcmp(text(member(&r->doc, r->result, "status")), "ok") == 0;
    r->model = strcmp(text(member(&r->doc, r->result, "zigzag")), "3.9.1") == 0
                   ? STREAM_MODEL_ZIGZAG_3_9_1
                   : STREAM_MODEL_ZIGZAG_3_8_5;
}

bool golden_row_open(golden_row *r, const char *path, const char *inputs, stream_arena *arena) {
    memset(r, 0, sizeof *r);
    if (!document_open(&r->doc, path)) {
        printf("# cannot read row %s\n", path);
        return false;
    }
    yaml_node_t *root = document_root(&r->doc);
    r->row = member(&r->doc, root, "row");
    r->result = member(&r->doc, root, "res");
    yaml_node_t *layer = member(&r->doc, r->row, "layer");
    r->nest.cycles_per_op = 1;
    read_settings(r);
    read_dims(r, layer, arena);
    read_relations(r, layer, arena);
    read_clips(r, layer);
    read_equation(r, layer, arena);
    if (read_core(r, inputs, arena) && golden_read_mapping(r, layer, inputs))
        return true;
    document_close(&r->doc);
    return false;
}

void golden_row_close(golden_row *row) {
    document_close(&row->doc);
}
