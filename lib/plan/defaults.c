/* Rules for the tiles of all layers; see stream/plan/defaults.h. */

#include "stream/plan/defaults.h"

#include "roles.h"
#include "stream/support/integer.h"
#include "stream/support/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *name; /* not terminated */
    size_t length;
    int64_t size, parts; /* one of them is 0 */
} rule;

static bool is_positive(const char *text, int64_t *out) {
    char *end;
    if (!isdigit((unsigned char)*text))
        return false;
    long long value = strtoll(text, &end, 10);
    *out = value;
    return *end == '\0' && value > 0 && value <= INT32_MAX;
}

static bool parse(const char *text, rule *out) {
    const char *equals = strchr(text, '=');
    *out = (rule){.name = text, .length = equals ? (size_t)(equals - text) : 0};
    if (out->length == 0)
        return false;
    return equals[1] == '/' ? is_positive(equals + 2, &out->parts)
                            : is_positive(equals + 1, &out->size);
}

static bool is_called(const rule *r, const char *name) {
    return strlen(name) == r->length && memcmp(name, r->name, r->length) == 0;
}

/* Prices call the rows of a product D, as ZigZag does. */
static bool is_priced_as(const rule *r, const stream_layer *layer, int32_t l) {
    return is_called(r, "D") && strcmp(layer->loop_names[l], "M") == 0 &&
           stream_layer_loop(layer, "D") < 0 && stream_layer_loop(layer, "OX") < 0;
}

/* The outermost reduction loop that has something to divide, or -1. */
static int32_t outer_reduction(const stream_layer *layer) {
    for (int32_t l = 0; l < layer->n_loops; ++l)
        if (layer->reduction[l] && layer->bounds[l] > 1)
            return l;
    return -1;
}

static bool fits(const rule *r, const stream_layer *layer, const stream_loop_roles *roles,
                 int32_t l) {
    return is_called(r, layer->loop_names[l]) || is_priced_as(r, layer, l) ||
           (is_called(r, "row") && roles->row == l) ||
           (is_called(r, "channel") && roles->channel == l) ||
           (is_called(r, "parallel") && !layer->reduction[l]) ||
           (is_called(r, "reduction") && layer->reduction[l]) ||
           (is_called(r, "outer-reduction") && outer_reduction(layer) == l);
}

/* What a rule came to. */
typedef struct {
    bool any;        /* a loop is called so */
    int64_t longest; /* iterations of the longest that it divides; 0: none */
} effect;

static void apply(const rule *r, const stream_layer *layer, stream_layer_plan *plan, effect *out) {
    stream_loop_roles roles = stream_loop_roles_of(layer);
    for (int32_t l = 0; l < layer->n_loops; ++l) {
        if (!fits(r, layer, &roles, l))
            continue;
        out->any = true;
        if (plan->tile[l] > 0 || layer->whole[l] || (layer->reduction[l] && layer->has_epilogue))
            continue;
        int64_t part = stream_plan_part(layer, plan, l);
        out->longest = stream_max_i64(out->longest, part);
        plan->tile[l] = r->parts ? stream_ceil_div(part, r->parts) : stream_min_i64(r->size, part);
    }
}

/* The loops that layers have, each name once. */
static void list_loops(const stream_workload *w, stream_text *out) {
    const char *names[STREAM_MAX_LOOPS * 4];
    size_t n = 0;
    for (int32_t i = 0; i < w->n_layers; ++i)
        for (int32_t l = 0; l < w->layers[i].n_loops && n < sizeof names / sizeof *names; ++l) {
            const char *name = w->layers[i].loop_names[l];
            size_t known = 0;
            while (known < n && strcmp(names[known], name) != 0)
                known++;
            if (known < n)
                continue;
            names[n++] = name;
            stream_text_print(out, "%s%s", out->length ? ", " : "", name);
        }
}

static stream_status fits_none(const char *text, const rule *r, const stream_workload *w,
                               const stream_diag *diag) {
    stream_text loops = {0};
    list_loops(w, &loops);
    stream_status status =
        stream_error(diag, STREAM_INVALID, (stream_loc){0},
                     "the rule '%s' for tiles fits no loop: no layer has a loop '%.*s'; loops are "
                     "%s, or by role row, channel, parallel, reduction and outer-reduction",
                     text, (int)r->length, r->name, loops.length ? loops.data : "none");
    stream_text_free(&loops);
    return status;
}

/* A rule before it has the same name: this one would never count. */
static stream_status check_new(const char *const *rules, int32_t i, const stream_diag *diag) {
    size_t length = strcspn(rules[i], "=");
    for (int32_t k = 0; k < i; ++k)
        if (strcspn(rules[k], "=") == length && memcmp(rules[k], rules[i], length) == 0)
            return stream_error(
                diag, STREAM_INVALID, (stream_loc){0},
                "the rules '%s' and '%s' for tiles are for the same loops; give one", rules[k],
                rules[i]);
    return STREAM_OK;
}

static stream_status check_effect(const char *text, const rule *r, const effect *e,
                                  const stream_workload *w, const stream_diag *diag) {
    if (!e->any && w->n_layers > 0)
        return fits_none(text, r, w, diag);
    if (e->longest == 0 || r->parts <= e->longest)
        return STREAM_OK;
    return stream_error(diag, STREAM_INVALID, (stream_loc){0},
                        "the rule '%s' for tiles asks for %lld parts, but the longest loop that it "
                        "divides has %lld iteration%s",
                        text, (long long)r->parts, (long long)e->longest,
                        e->longest == 1 ? "" : "s");
}

stream_status stream_plan_default_tiles(const stream_workload *w, const char *const *rules,
                                        int32_t n_rules, const stream_diag *diag,
                                        stream_layer_plan *plans) {
    for (int32_t i = 0; i < n_rules; ++i) {
        rule r;
        effect e = {0};
        if (!parse(rules[i], &r))
            return stream_error(diag, STREAM_INVALID, (stream_loc){0},
                                "'%s' is no rule for tiles: NAME=SIZE or NAME=/PARTS, from 1 on",
                                rules[i]);
        STREAM_TRY(check_new(rules, i, diag));
        for (int32_t l = 0; l < w->n_layers; ++l)
            apply(&r, &w->layers[l], &plans[l], &e);
        STREAM_TRY(check_effect(rules[i], &r, &e, w, diag));
    }
    return STREAM_OK;
}

bool stream_plan_divides_reduction(const stream_layer *layer, const char *const *rules,
                                   int32_t n_rules) {
    stream_loop_roles roles = stream_loop_roles_of(layer);
    for (int32_t i = 0; i < n_rules; ++i) {
        rule r;
        for (int32_t l = 0; l < layer->n_loops && parse(rules[i], &r); ++l)
            if (layer->reduction[l] && fits(&r, layer, &roles, l))
                return true;
    }
    return false;
}

bool stream_plan_keeps_order(const stream_layer *layer, const stream_layer_plan *plan) {
    bool inside = false; /* of a loop whose tiles have several iterations */
    for (int32_t l = 0; l < layer->n_loops; ++l) {
        if (!layer->reduction[l])
            continue;
        if (inside && plan->tile[l] < layer->bounds[l])
            return false;
        inside |= plan->tile[l] > 1;
    }
    return true;
}
