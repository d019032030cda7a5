/* Fused groups of mapping files; see mapping_groups.h. */

#include "mapping_groups.h"

#include <string.h>
#include <strings.h>

static const char *family(const char *op) {
    return !strcasecmp(op, "Gemm") || !strcasecmp(op, "BatchMatMul") ? "MatMul" : op;
}

bool stream_mapping_is_operator(const stream_layer *layer, const char *name) {
    return !strcasecmp(family(layer->op_type), family(name));
}

static bool names(const stream_mapping_group *group, const char *name) {
    for (int32_t i = 0; i < group->n_layers; ++i)
        if (!strcmp(group->layers[i], name))
            return true;
    return false;
}

static bool names_operator(const stream_mapping_group *group, const stream_layer *layer) {
    for (int32_t i = 0; i < group->n_layers; ++i)
        if (stream_mapping_is_operator(layer, group->layers[i]))
            return true;
    return false;
}

int32_t stream_mapping_group_of(const stream_mapping *mapping, const stream_layer *layer) {
    int32_t found = -1;
    for (int32_t g = 0; g < mapping->n_groups; ++g)
        if (names(&mapping->groups[g], layer->name))
            return g;
    for (int32_t g = 0; g < mapping->n_groups; ++g)
        if (names_operator(&mapping->groups[g], layer)) {
            if (found >= 0)
                return -2;
            found = g;
        }
    return found;
}

void stream_mapping_set_stacks(const stream_mapping *mapping, const stream_workload *w,
                               const int32_t *group_of, const stream_diag *diag,
                               stream_layer_plan *plans) {
    int32_t runs_of = -1, ambiguous = -1;
    for (int32_t l = 0, before = -1; l < w->n_layers; ++l) {
        int32_t group = group_of[l];
        if (group == -2 && ambiguous < 0)
            ambiguous = l;
        if (group >= 0)
            plans[l].stack = group == before ? plans[l - 1].stack : l;
        for (int32_t k = 0; group >= 0 && group != before && runs_of < 0 && k < l; ++k)
            if (plans[k].stack >= 0 && group_of[k] == group)
                runs_of = l;
        before = group;
    }
    if (ambiguous >= 0)
        stream_warn(diag, mapping->groups[0].loc,
                    "several fused groups name the operator %s (layer '%s'): such layers are not "
                    "fused by groups; name layers instead",
                    w->layers[ambiguous].op_type, w->layers[ambiguous].name);
    if (runs_of >= 0) {
        int32_t group = group_of[runs_of];
        stream_warn(diag, mapping->groups[group].loc,
                    "the layers of fused group '%s' do not follow each other: from layer '%s' on "
                    "it is another stack",
                    mapping->groups[group].name, w->layers[runs_of].name);
    }
}
