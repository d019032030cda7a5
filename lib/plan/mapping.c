/* Applying mapping files; see stream/plan/mapping.h. */

#include "stream/plan/mapping.h"

#include "mapping_groups.h"
#include "mapping_loops.h"
#include "mapping_parts.h"
#include "stream/support/integer.h"

#include <string.h>
#include <strings.h>

typedef struct {
    const stream_mapping *mapping;
    const stream_workload *w;
    const stream_accelerator *acc;
    stream_arena *arena;
    const stream_diag *diag;
    stream_layer_plan *plans;
    const int32_t *whole; /* [n_layers] the layer that it is a part of, or itself */
    const int32_t *group; /* [n_layers] of the whole */
} applier;

static bool matches(const stream_layer *layer, const char *name) {
    return !strcmp(layer->name, name) || stream_mapping_is_operator(layer, name);
}

/* The rule for its cores, splits and tiles, or for its fusion. */
static const stream_mapping_rule *find_rule(const stream_mapping *mapping,
                                            const stream_layer *layer, bool fusion) {
    const stream_mapping_rule *otherwise = NULL;
    for (int32_t i = 0; i < mapping->n_rules; ++i) {
        if (fusion ? mapping->rules[i].fuse == STREAM_FUSE_UNSAID : mapping->rules[i].n_cores == 0)
            continue;
        if (matches(layer, mapping->rules[i].name))
            return &mapping->rules[i];
        if (!otherwise && !strcmp(mapping->rules[i].name, "default"))
            otherwise = &mapping->rules[i];
    }
    return otherwise;
}

/* Of the first rule that says some for the layer. */
static uint8_t find_streams(const stream_mapping *mapping, const stream_layer *layer) {
    uint8_t otherwise = 0;
    for (int32_t i = 0; i < mapping->n_rules; ++i) {
        const stream_mapping_rule *rule = &mapping->rules[i];
        if (rule->streamed && matches(layer, rule->name))
            return rule->streamed;
        if (!otherwise && !strcmp(rule->name, "default"))
            otherwise = rule->streamed;
    }
    return otherwise;
}

static stream_loc core_loc(const stream_mapping_rule *rule, int32_t i) {
    return rule->core_locs ? rule->core_locs[i] : rule->loc;
}

/* Of a default rule, the cores that run the layer. */
static stream_status set_cores(const applier *a, const stream_mapping_rule *rule, int32_t l) {
    const stream_layer *layer = &a->w->layers[l];
    bool otherwise = !matches(&a->w->layers[a->whole[l]], rule->name);
    int32_t *cores = STREAM_NEW(a->arena, int32_t, (size_t)rule->n_cores), n = 0;
    for (int32_t i = 0; i < rule->n_cores; ++i) {
        int32_t core = rule->cores[i];
        bool twice = false;
        if (core < 0 || core >= a->acc->n_cores)
            return stream_error(a->diag, STREAM_INVALID, core_loc(rule, i),
                                "'%s' is allocated to core %d; there are cores 0 to %d", rule->name,
                                core, a->acc->n_cores - 1);
        bool runs = stream_core_runs(&a->acc->cores[core], layer->op_type);
        if (!runs && otherwise)
            continue;
        if (!runs)
            return stream_error(a->diag, STREAM_INVALID, core_loc(rule, i),
                                "'%s' allocates layer '%s' (%s) to core %d ('%s'), which does not "
                                "run it",
                                rule->name, layer->name, layer->op_type, core,
                                a->acc->cores[core].name);
        for (int32_t k = 0; k < n; ++k)
            twice |= cores[k] == core;
        if (!twice)
            cores[n++] = core;
    }
    if (n == 0)
        return stream_error(a->diag, STREAM_INVALID, core_loc(rule, 0),
                            "'%s' allocates layer '%s' (%s) to %d cores, none of which runs it",
                            rule->name, layer->name, layer->op_type, rule->n_cores);
    a->plans[l].cores = cores;
    a->plans[l].n_cores = n;
    return STREAM_OK;
}

/* No layer of this operator before it lacks the loop: one warning is enough. */
static bool is_first_without(const applier *a, const char *loop, const stream_layer *layer) {
    for (const stream_layer *l = a->w->layers; l < layer; ++l)
        if (!strcmp(l->op_type, layer->op_type) && stream_mapping_loop(a->w, l, loop) < 0)
            return false;
    return true;
}

/* The loop, or -1 if there is nothing to do for it. */
static stream_status find_loop(const applier *a, const stream_mapping_factor *factor, bool needed,
                               bool lenient, const stream_layer *layer, int32_t *out) {
    *out = stream_mapping_loop(a->w, layer, factor->loop);
    if (*out >= 0 || (lenient && !needed) || (*out == -1 && factor->size == 1))
        return STREAM_OK;
    if (lenient || (*out == -1 && !needed)) {
        if (!is_first_without(a, factor->loop, layer))
            return STREAM_OK;
        stream_warn(a->diag, factor->loc,
                    "layer '%s' (%s) has no loop %s: ignored for it and others like it",
                    layer->name, layer->op_type, factor->loop);
        return STREAM_OK;
    }
    return stream_error(a->diag, STREAM_INVALID, factor->loc, "layer '%s' (%s) has no loop %s%s",
                        layer->name, layer->op_type, factor->loop,
                        *out == -1 ? ", or it has one iteration" : "");
}

static stream_status set_splits(const applier *a, const stream_mapping_rule *rule, int32_t l) {
    const stream_layer *layer = &a->w->layers[l];
    for (int32_t i = 0; i < rule->n_splits; ++i) {
        const stream_mapping_factor *factor = &rule->splits[i];
        int32_t loop;
        STREAM_TRY(find_loop(a, factor, true, rule->lenient, layer, &loop));
        if (loop < 0)
            continue;
        int64_t size = factor->size;
        if (size == STREAM_MAPPING_ALL)
            size = stream_min_i64(stream_max_i64(a->plans[l].n_cores, 1), layer->bounds[loop]);
        if (size > layer->bounds[loop])
            return stream_error(a->diag, STREAM_INVALID, factor->size_loc,
                                "loop %s of layer '%s' has %lld iteration%s; it cannot be split "
                                "over %lld cores",
                                factor->loop, layer->name, (long long)layer->bounds[loop],
                                layer->bounds[loop] == 1 ? "" : "s", (long long)size);
        if (a->plans[l].split[loop])
            return stream_error(a->diag, STREAM_INVALID, factor->loc,
                                "loop %s of layer '%s' is split twice", factor->loop, layer->name);
        a->plans[l].split[loop] = size;
    }
    return STREAM_OK;
}

static stream_status set_pieces(const applier *a, const stream_mapping_rule *rule, int32_t l) {
    const stream_layer *layer = &a->w->layers[l];
    for (int32_t i = 0; i < rule->n_pieces; ++i) {
        const stream_mapping_factor *factor = &rule->pieces[i];
        int32_t loop;
        STREAM_TRY(find_loop(a, factor, false, rule->lenient, layer, &loop));
        if (loop < 0)
            continue;
        int64_t part = stream_plan_part(layer, &a->plans[l], loop);
        a->plans[l].tile[loop] =
            factor->size == STREAM_MAPPING_ALL ? 1 : stream_ceil_div(part, factor->size);
    }
    return STREAM_OK;
}

/* A part has loops of its own: it gets the cores of its whole, and the rest is chosen. */
static stream_status apply_rule(const applier *a, int32_t l) {
    const stream_mapping_rule *rule = find_rule(a->mapping, &a->w->layers[a->whole[l]], false);
    a->plans[l] =
        (stream_layer_plan){.stack = -1,
                            .streamed = find_streams(a->mapping, &a->w->layers[a->whole[l]]),
                            .loc = a->w->layers[l].loc};
    if (!rule)
        return STREAM_OK;
    a->plans[l].loc = rule->loc;
    STREAM_TRY(set_cores(a, rule, l));
    if (a->whole[l] != l)
        return STREAM_OK;
    STREAM_TRY(set_splits(a, rule, l));
    return set_pieces(a, rule, l);
}

static stream_status set_tile(const applier *a, int32_t g, const stream_mapping_factor *tile) {
    bool found = false, by_name = false;
    for (int32_t l = 0; l < a->w->n_layers; ++l)
        by_name |= !strcmp(a->w->layers[l].name, tile->layer);
    for (int32_t l = 0; l < a->w->n_layers; ++l) {
        const stream_layer *layer = &a->w->layers[l];
        bool is_it = by_name ? !strcmp(layer->name, tile->layer)
                             : stream_mapping_is_operator(layer, tile->layer) && a->group[l] == g;
        int32_t loop;
        if (!is_it || a->whole[l] != l)
            continue;
        found = true;
        STREAM_TRY(find_loop(a, tile, false, false, layer, &loop));
        if (loop >= 0)
            a->plans[l].tile[loop] = tile->size == STREAM_MAPPING_ALL
                                         ? stream_plan_part(layer, &a->plans[l], loop)
                                         : tile->size;
    }
    if (!found)
        stream_warn(
            a->diag, tile->loc,
            "no layer of fused group '%s' is named '%s' or is such an operator: its tile is "
            "ignored",
            a->mapping->groups[g].name, tile->layer);
    return STREAM_OK;
}

/* The first core that the rule has named before, or -1. */
static int32_t find_again(const stream_mapping_rule *rule) {
    for (int32_t i = 1; i < rule->n_cores; ++i)
        for (int32_t k = 0; k < i; ++k)
            if (rule->cores[k] == rule->cores[i])
                return i;
    return -1;
}

/* What is possible, and hardly meant. */
static void warn_of(const stream_mapping_rule *rule, const stream_diag *diag) {
    int32_t again = find_again(rule);
    int64_t parts = 1;
    if (again >= 0)
        stream_warn(diag, core_loc(rule, again),
                    "'%s' names core %d again; it counts once, and which part runs where is chosen",
                    rule->name, rule->cores[again]);
    for (int32_t i = 0; i < rule->n_splits && parts <= rule->n_cores; ++i) {
        if (rule->splits[i].size == STREAM_MAPPING_ALL)
            continue;
        parts *= rule->splits[i].size;
        if (parts > rule->n_cores)
            stream_warn(diag, rule->splits[i].size_loc,
                        "'%s' is split in %lld parts, but names %d cores: some run several parts",
                        rule->name, (long long)parts, rule->n_cores);
    }
}

static bool has_cores(const stream_mapping *mapping) {
    for (int32_t i = 0; i < mapping->n_rules; ++i)
        if (mapping->rules[i].n_cores > 0)
            return true;
    return false;
}

void stream_mapping_wishes(const stream_mapping *mapping, const stream_workload *w,
                           stream_arena *arena, stream_mapping_wish *out) {
    const int32_t *whole = stream_mapping_wholes(w, arena);
    for (int32_t l = 0; l < w->n_layers; ++l) {
        const stream_mapping_rule *cores = find_rule(mapping, &w->layers[whole[l]], false);
        const stream_mapping_rule *fusion = find_rule(mapping, &w->layers[l], true);
        out[l] = (stream_mapping_wish){0};
        if (cores) {
            out[l].cores = cores->cores;
            out[l].n_cores = cores->n_cores;
        }
        if (fusion)
            out[l].fuse = fusion->fuse;
    }
}

stream_status stream_mapping_apply(const stream_mapping *mapping, const stream_workload *w,
                                   const stream_accelerator *acc, stream_arena *arena,
                                   const stream_diag *diag, stream_layer_plan *plans) {
    int32_t *group = STREAM_NEW(arena, int32_t, (size_t)w->n_layers);
    const int32_t *whole = stream_mapping_wholes(w, arena);
    applier a = {mapping, w, acc, arena, diag, plans, whole, group};
    bool used = w->n_layers == 0 || !has_cores(mapping);
    for (int32_t i = 0; i < mapping->n_rules; ++i)
        warn_of(&mapping->rules[i], diag);
    for (int32_t l = 0; l < w->n_layers; ++l) {
        group[l] = stream_mapping_group_of(mapping, &w->layers[whole[l]]);
        used |= find_rule(mapping, &w->layers[l], false) != NULL;
        STREAM_TRY(apply_rule(&a, l));
    }
    if (!used)
        stream_warn(diag, mapping->loc,
                    "none of the %d rules names a layer or an operator of the network, whose first "
                    "layer is '%s' (%s)",
                    mapping->n_rules, w->layers[0].name, w->layers[0].op_type);
    if (mapping->n_groups > 0)
        stream_mapping_set_stacks(mapping, w, group, diag, plans);
    for (int32_t g = 0; g < mapping->n_groups; ++g)
        for (int32_t t = 0; t < mapping->groups[g].n_tiles; ++t)
            STREAM_TRY(set_tile(&a, g, &mapping->groups[g].tiles[t]));
    return STREAM_OK;
}
