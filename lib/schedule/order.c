/* An order of the caller's; see engine.h. */

#include "engine.h"

#include <string.h>

static const char *layer_of(const stream_ct_graph *g, int32_t ct) {
    return g->layers[g->cts[ct].layer].name;
}

/* Every predecessor of `ct`, which stands at `place`, stands before it. */
static stream_status check_place(engine *e, int32_t ct, int32_t place, const stream_diag *diag) {
    const stream_ct_graph *g = e->m->graph;
    for (int32_t p = g->pred_first[ct]; p < g->pred_first[ct + 1]; ++p)
        if (!e->placed[g->preds[p]])
            return stream_error(diag, STREAM_INVALID, g->cts[ct].loc,
                                "CT %d of layer '%s' stands at place %d of the given order, before "
                                "CT %d of layer '%s', on which it depends",
                                ct, layer_of(g, ct), place, g->preds[p], layer_of(g, g->preds[p]));
    return STREAM_OK;
}

/* e->placed is scratch here: `reset` clears it. */
stream_status stream_engine_check_order(engine *e, const int32_t *order, const stream_diag *diag) {
    const stream_ct_graph *g = e->m->graph;
    if (!order)
        return stream_error(diag, STREAM_INVALID, (stream_loc){0},
                            "the policy is 'given', and no order of the CTs is given");
    memset(e->placed, 0, (size_t)g->n_cts * sizeof *e->placed);
    for (int32_t i = 0; i < g->n_cts; ++i) {
        int32_t ct = order[i];
        if (ct < 0 || ct >= g->n_cts)
            return stream_error(diag, STREAM_INVALID, (stream_loc){0},
                                "place %d of the given order holds CT %d; there are %d CTs", i, ct,
                                g->n_cts);
        if (e->placed[ct])
            return stream_error(diag, STREAM_INVALID, g->cts[ct].loc,
                                "CT %d of layer '%s' stands twice in the given order, at place %d "
                                "again",
                                ct, layer_of(g, ct), i);
        STREAM_TRY(check_place(e, ct, i, diag));
        e->placed[ct] = true;
    }
    return STREAM_OK;
}
