/* Element-wise ops in the kernel of the layer before them; see stream/plan/fusion.h. */

#include "stream/plan/fusion.h"

/* NULL: the core can run the op; else an operator that it would need. */
static const char *missing(const stream_core *core, const stream_fusion_needs *needs) {
    for (int32_t i = 0; i < needs->n_whole; ++i)
        if (stream_core_post_processes(core, needs->whole[i]))
            return NULL;
    for (int32_t i = 0; i < needs->n_parts; ++i)
        if (!stream_core_post_processes(core, needs->parts[i]))
            return needs->parts[i];
    return needs->n_parts > 0 ? NULL : needs->n_whole > 0 ? needs->whole[0] : "Generic";
}

static bool names(const stream_fusion_layer *layer, int32_t core) {
    for (int32_t i = 0; i < layer->n_cores; ++i)
        if (layer->cores[i] == core)
            return true;
    return false;
}

static bool may_run(const stream_accelerator *acc, const stream_fusion_layer *layer, int32_t core) {
    return (layer->n_cores == 0 || names(layer, core)) &&
           stream_core_runs(&acc->cores[core], layer->op_type);
}

static bool refuses(const stream_accelerator *acc, int32_t core, const stream_fusion_layer *layer,
                    const stream_fusion_layer *op, const stream_fusion_needs *needs,
                    stream_text *why) {
    const stream_core *c = &acc->cores[core];
    const char *lacks = missing(c, needs);
    if (lacks && c->post)
        stream_text_print(why,
                          "core '%s', which may run '%s', lists no post-processing operator "
                          "'%s'",
                          c->name, layer->name, lacks);
    else if (lacks)
        stream_text_print(why, "core '%s', which may run '%s', does not run '%s'", c->name,
                          layer->name, lacks);
    else if (op->fuse != STREAM_FUSE_ALWAYS && !op->cores_chosen && op->n_cores > 0 &&
             !names(op, core))
        stream_text_print(why, "core '%s', which may run '%s', is not among those named for it",
                          c->name, layer->name);
    else
        return false;
    return true;
}

bool stream_fusion_allowed(const stream_accelerator *acc, const stream_fusion_layer *layer,
                           const stream_fusion_layer *op, const stream_fusion_needs *needs,
                           bool by_default, stream_text *why) {
    int32_t n = 0;
    if (op->fuse == STREAM_FUSE_NEVER || (op->fuse == STREAM_FUSE_UNSAID && !by_default)) {
        stream_text_str(why, op->fuse == STREAM_FUSE_NEVER ? "fuse = never says so"
                                                           : "fusion of element-wise ops is off");
        return false;
    }
    for (int32_t c = 0; c < acc->n_cores; ++c) {
        if (!may_run(acc, layer, c))
            continue;
        if (refuses(acc, c, layer, op, needs, why))
            return false;
        n++;
    }
    stream_text_print(why, "%s%d core%s that may run '%s' can post-process %s",
                      op->fuse == STREAM_FUSE_ALWAYS ? "fuse = always says so, and " : "", n,
                      n == 1 ? "" : "s", layer->name, op->op_type);
    return true;
}
