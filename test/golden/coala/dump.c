/* Reading dumps; see dump.h. */

#include "dump.h"

#include "hardware.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A tensor of one node, for finding equal ones. */
typedef struct {
    int32_t layer;
    const json *tensor; /* its key is the operand */
    int32_t id;         /* ours */
} named_tensor;

static int32_t whole(const json *value) {
    int64_t x = json_whole(value, -1);
    return x >= 0 && x < INT32_MAX ? (int32_t)x : -1;
}

static int32_t id_part(const json *node, int32_t i) {
    return whole(json_item(json_member(node, "id"), i));
}

int32_t dump_layer(const dump *d, int32_t ct) {
    return id_part(d->nodes[ct], 0);
}

int32_t dump_tile(const dump *d, int32_t ct) {
    return id_part(d->nodes[ct], 1);
}

static bool refuse(const dump *d, const char *what, int32_t ct) {
    if (ct < 0)
        fprintf(stderr, "%s: %s\n", d->path, what);
    else
        fprintf(stderr, "%s: CT (%d, %d): %s\n", d->path, dump_layer(d, ct), dump_tile(d, ct),
                what);
    return false;
}

static bool refuse_value(const dump *d, int32_t ct, const char *name) {
    char text[96];
    snprintf(text, sizeof text, "'%s' is missing, negative or no number of its kind", name);
    return refuse(d, text, ct);
}

static int by_id(const void *x, const void *y) {
    const json *a = *(json *const *)x, *b = *(json *const *)y;
    for (int32_t i = 0; i < 2; ++i)
        if (id_part(a, i) != id_part(b, i))
            return id_part(a, i) < id_part(b, i) ? -1 : 1;
    return 0;
}

/* Our number of the CT with an id; -1: there is none. */
static int32_t find_ct(const dump *d, const json *id) {
    int32_t layer = whole(json_item(id, 0)), tile = whole(json_item(id, 1));
    int32_t lo = 0, hi = d->problem.n_cts;
    while (lo < hi) {
        int32_t mid = lo + (hi - lo) / 2;
        int32_t l = dump_layer(d, mid), t = dump_tile(d, mid);
        if (l == layer && t == tile)
            return mid;
        if (l < layer || (l == layer && t < tile))
            lo = mid + 1;
        else
            hi = mid;
    }
    return -1;
}

static bool read_class(const json *name, uint8_t *out) {
    for (uint8_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (strcmp(json_text(name, ""), stream_operand_class_name((stream_operand_class)o)) == 0) {
            *out = o;
            return true;
        }
    return false;
}

/* The position of a name in a list of names; -1: it is not in it. */
static int32_t position(const json *names, const char *name) {
    int32_t i = 0;
    for (const json *at = json_item(names, 0); at; at = at->next, ++i)
        if (at->kind == JSON_STRING && strcmp(at->text, name) == 0)
            return i;
    return -1;
}

static bool sort_nodes(dump *d) {
    const json *nodes = json_member(d->root, "nodes");
    if (!nodes || nodes->n == 0)
        return refuse(d, "no nodes", -1);
    d->problem.n_cts = nodes->n;
    d->nodes = STREAM_NEW(d->arena, const json *, (size_t)nodes->n);
    int32_t i = 0;
    for (const json *node = nodes->first; node; node = node->next)
        d->nodes[i++] = node;
    qsort((void *)d->nodes, (size_t)nodes->n, sizeof *d->nodes, by_id);
    for (i = 0; i < nodes->n; ++i) {
        if (dump_layer(d, i) < 0 || dump_tile(d, i) < 0)
            return refuse(d, "its id is not two whole numbers", i);
        if (i > 0 && by_id(&d->nodes[i - 1], &d->nodes[i]) == 0)
            return refuse(d, "comes twice", i);
    }
    return true;
}

/* A finite number that is not negative, and a whole one. */
static bool read_amount(const dump *d, int32_t ct, const json *object, const char *name,
                        double *out) {
    *out = json_number(json_member(object, name), -1);
    return (*out >= 0 && isfinite(*out)) || refuse_value(d, ct, name);
}

static bool read_whole(const dump *d, int32_t ct, const json *object, const char *name,
                       int64_t *out) {
    *out = json_whole(json_member(object, name), -1);
    return *out >= 0 || refuse_value(d, ct, name);
}

static bool read_ct(dump *d, int32_t i, stream_coala_v0_ct *out) {
    const json *node = d->nodes[i];
    const json *output = json_member(json_member(node, "tensors"), "O");
    *out = (stream_coala_v0_ct){
        .layer = dump_layer(d, i),
        .core = whole(json_member(node, "core")),
        .final = json_number(json_member(node, "final"), 1) != 0,
    };
    if (!output)
        return refuse(d, "no output", i);
    if (!read_amount(d, i, node, "runtime", &out->cycles) ||
        !read_amount(d, i, node, "e_on", &out->energy_pj) ||
        (json_member(node, "e_off") && !read_amount(d, i, node, "e_off", &out->offchip_pj)) ||
        !read_whole(d, i, output, "bits", &out->output_bits))
        return false;
    if (out->core < 0)
        return refuse_value(d, i, "core");
    const json *too_large = json_member(node, "too_large");
    if (too_large && too_large->kind != JSON_ARRAY)
        return refuse(d, "too_large is not a list of memory operands", i);
    for (const json *o = json_item(too_large, 0); o; o = o->next) {
        uint8_t operand;
        if (!read_class(o, &operand) || out->n_too_large == STREAM_N_OPERANDS)
            return refuse(d, "too_large is not a list of memory operands", i);
        out->too_large[out->n_too_large++] = operand;
    }
    return true;
}

static bool read_constants(dump *d, int32_t i, stream_coala_v0_constant *constants, int32_t *n) {
    const json *node = d->nodes[i];
    const json *declared = json_member(node, "constant");
    const json *prefetch = json_member(json_member(d->root, "cfg"), "prefetch");
    const json *tensors = json_member(node, "tensors");
    for (const json *t = tensors->first; t; t = t->next) {
        int32_t rank = position(declared, t->key);
        if (rank < 0)
            continue;
        stream_coala_v0_constant *c = &constants[*n];
        if (!read_class(json_member(t, "memop"), &c->operand))
            return refuse(d, "a constant without a memory operand", i);
        if (!read_whole(d, i, t, "bits", &c->bits) ||
            !read_whole(d, i, t, "base_priority", &c->uses))
            return false;
        c->rank = (uint8_t)rank;
        c->prefetch = position(prefetch, t->key) >= 0;
        int32_t id = d->problem.n_cts + (*n)++;
        d->operand_names[id] = t->key;
        d->ct_of[id] = i;
    }
    return true;
}

static int compare_trees(const json *a, const json *b) {
    for (; a && b; a = a->next, b = b->next) {
        if (a->kind == JSON_ARRAY && b->kind == JSON_ARRAY) {
            int order = compare_trees(a->first, b->first);
            if (order)
                return order;
        } else if (a->number != b->number) {
            return a->number < b->number ? -1 : 1;
        }
    }
    return (a != NULL) - (b != NULL);
}

/* The same layer, operand and ranges: the same data. */
static int by_contents(const void *x, const void *y) {
    const named_tensor *a = x, *b = y;
    if (a->layer != b->layer)
        return a->layer < b->layer ? -1 : 1;
    int order = strcmp(a->tensor->key, b->tensor->key);
    return order ? order
                 : compare_trees(json_member(a->tensor, "ranges")->first,
                                 json_member(b->tensor, "ranges")->first);
}

static bool identify(dump *d, stream_coala_v0_ct *cts, stream_coala_v0_constant *constants,
                     int32_t n) {
    named_tensor *all = STREAM_NEW(d->arena, named_tensor, (size_t)n);
    for (int32_t t = 0; t < n; ++t) {
        const json *node = d->nodes[d->ct_of[t]];
        const json *tensor = json_member(json_member(node, "tensors"), d->operand_names[t]);
        const json *ranges = json_member(tensor, "ranges");
        if (!ranges || ranges->kind != JSON_ARRAY)
            return refuse(d, "a tensor without ranges", d->ct_of[t]);
        all[t] = (named_tensor){dump_layer(d, d->ct_of[t]), tensor, t};
    }
    qsort(all, (size_t)n, sizeof *all, by_contents);
    int32_t data = -1;
    for (int32_t k = 0; k < n; ++k) {
        data += k == 0 || by_contents(&all[k - 1], &all[k]) != 0;
        int32_t t = all[k].id;
        *(t < d->problem.n_cts ? &cts[t].output_data : &constants[t - d->problem.n_cts].data) =
            data;
    }
    d->problem.n_data = data + 1;
    return true;
}

static bool read_nodes(dump *d) {
    size_t cts = (size_t)d->problem.n_cts, operands = 0;
    for (size_t i = 0; i < cts; ++i) {
        const json *tensors = json_member(d->nodes[i], "tensors");
        operands += tensors ? (size_t)tensors->n : 0;
    }
    stream_coala_v0_ct *table = STREAM_NEW(d->arena, stream_coala_v0_ct, cts);
    stream_coala_v0_constant *constants = STREAM_NEW(d->arena, stream_coala_v0_constant, operands);
    int32_t *first = STREAM_NEW(d->arena, int32_t, cts + 1), n = 0;
    d->operand_names = STREAM_NEW(d->arena, const char *, cts + operands);
    d->ct_of = STREAM_NEW(d->arena, int32_t, cts + operands);
    for (int32_t i = 0; i < d->problem.n_cts; ++i) {
        d->operand_names[i] = "O";
        d->ct_of[i] = i;
        if (!read_ct(d, i, &table[i]) || !read_constants(d, i, constants, &n))
            return false;
        first[i + 1] = n;
    }
    d->problem.cts = table;
    d->problem.constants = constants;
    d->problem.constant_first = first;
    return identify(d, table, constants, d->problem.n_cts + n);
}

static bool read_edges(dump *d) {
    const json *edges = json_member(d->root, "edges");
    int32_t n = 0;
    if (!edges)
        return refuse(d, "no edges", -1);
    stream_coala_v0_edge *table = STREAM_NEW(d->arena, stream_coala_v0_edge, (size_t)edges->n);
    for (const json *e = edges->first; e; e = e->next, ++n) {
        const json *to = json_item(e, 1), *operand = json_item(e, 3);
        table[n] =
            (stream_coala_v0_edge){.from = find_ct(d, json_item(e, 0)), .to = find_ct(d, to)};
        if (table[n].from < 0 || table[n].to < 0)
            return refuse(d, "an edge of a CT that is not among the nodes", -1);
        const json *tensors = json_member(d->nodes[table[n].to], "tensors");
        if (d->problem.cts[table[n].from].layer != d->problem.cts[table[n].to].layer &&
            !read_class(json_member(json_member(tensors, json_text(operand, "")), "memop"),
                        &table[n].operand))
            return refuse(d, "an edge to it names no operand of it", table[n].to);
    }
    d->problem.edges = table;
    d->problem.n_edges = n;
    return true;
}

/* "stream.inputs.validation.verma_ocn.hardware.verma" is verma_ocn: the folder tells them apart. */
static bool named_by_path(const char *path, stream_arena *arena, stream_coala_v0_hardware *out) {
    for (const char *at = path; *at;) {
        char part[64];
        size_t n = strcspn(at, "./");
        snprintf(part, sizeof part, "%.*s", (int)(n < sizeof part ? n : sizeof part - 1), at);
        if (hardware_named(part, arena, out))
            return true;
        at += n + (at[n] != 0);
    }
    return false;
}

static bool read_hardware(dump *d) {
    const json *own = json_member(d->root, "hardware"), *cfg = json_member(d->root, "cfg");
    const char *name = json_text(json_member(cfg, "accelerator"), cfg ? "" : "lab4");
    d->problem.hardware = &d->hardware;
    if (own)
        return hardware_read(own, d->arena, &d->hardware);
    if (named_by_path(name, d->arena, &d->hardware))
        return true;
    fprintf(stderr, "%s: unknown accelerator \"%s\"\n", d->path, name);
    return false;
}

static bool read_options(dump *d) {
    const json *cfg = json_member(d->root, "cfg");
    const char *priority = json_text(json_member(cfg ? cfg : d->root, "sel"), "");
    d->problem.just_in_time = cfg != NULL;
    if (strcmp(priority, "latency") == 0)
        d->problem.priority = STREAM_PRIORITY_LATENCY;
    else if (strcmp(priority, "memory") == 0)
        d->problem.priority = STREAM_PRIORITY_MEMORY;
    else
        return refuse(d, "sel is neither \"latency\" nor \"memory\"", -1);
    return true;
}

bool dump_load(const char *path, json *root, stream_arena *arena, dump *out) {
    *out = (dump){.path = path, .arena = arena, .root = root};
    return read_hardware(out) && read_options(out) && sort_nodes(out) && read_nodes(out) &&
           read_edges(out);
}
