/* Prices of the simple model that stand in for those of the asked one; see annotate_candidates.h.
 */

#include "annotate_candidates.h"

#include "annotate_cores.h"

#include "convert/ct_graph.h"
#include "convert/ir.h"
#include "convert/loc.h"

#include <stdlib.h>
#include <string.h>

/* A kernel that the asked model cannot take on some core. */
typedef struct {
    MlirAttribute symbol; /* as its CTs name it */
    int32_t first, n;     /* its candidates */
    bool *usable;         /* [n_cores] */
    bool *needed;         /* [n_cores] class: a CT has no better core than those */
    bool seen;            /* it has CTs */
} refused_kernel;

typedef struct {
    const stream_accelerator *acc;
    stream_candidate *all;
    refused_kernel *kernels;
    int32_t n_kernels;
    stream_arena *arena;
} chooser;

static bool takes(const chooser *c, const stream_candidate *at) {
    return !at->cost->refused &&
           stream_boxes_fit(c->acc, at->core, at->boxes, at->cost->streamed, at->cost->streams);
}

/* Cores take the price of their class, or one of their own that the user gave. */
static void find_usable(const chooser *c, refused_kernel *k) {
    const stream_candidate *of = &c->all[k->first];
    for (int32_t core = 0; core < c->acc->n_cores; ++core) {
        k->usable[core] = of->given[core] || of->given[c->acc->class_of[core]];
        for (int32_t i = 0; i < k->n; ++i)
            k->usable[core] |= of[i].core == c->acc->class_of[core] && takes(c, &of[i]);
    }
}

static int by_symbol(const void *a, const void *b) {
    const char *x = ((const refused_kernel *)a)->symbol.ptr;
    const char *y = ((const refused_kernel *)b)->symbol.ptr;
    return (x > y) - (x < y);
}

static void find_kernels(chooser *c, int32_t n) {
    c->kernels = STREAM_NEW(c->arena, refused_kernel, (size_t)n);
    for (int32_t i = 0, end; i < n; i = end) {
        bool refused = false;
        for (end = i; end < n && mlirOperationEqual(c->all[end].kernel, c->all[i].kernel); ++end)
            refused |= c->all[end].cost->refused != NULL;
        if (!refused)
            continue;
        refused_kernel *k = &c->kernels[c->n_kernels++];
        k->symbol = stream_ir_symbol(mlirOperationGetContext(c->all[i].kernel), c->all[i].name);
        k->first = i;
        k->n = end - i;
        k->usable = STREAM_NEW(c->arena, bool, (size_t)c->acc->n_cores);
        k->needed = STREAM_NEW(c->arena, bool, (size_t)c->acc->n_cores);
        find_usable(c, k);
    }
    if (c->n_kernels > 0)
        qsort(c->kernels, (size_t)c->n_kernels, sizeof *c->kernels, by_symbol);
}

/* Cores of `list` that can run the kernel, or their classes if none can. */
static void count_ct(const chooser *c, refused_kernel *k, const int32_t *list, int32_t n) {
    bool usable = false;
    for (int32_t i = 0; i < n; ++i)
        usable |= k->usable[list[i]];
    for (int32_t i = 0; i < n && !usable; ++i)
        k->needed[c->acc->class_of[list[i]]] = true;
}

static void read_ct(void *user, MlirAttribute kernel, const int32_t *cores, int32_t n) {
    chooser *c = user;
    refused_kernel key = {.symbol = kernel};
    refused_kernel *k =
        bsearch(&key, c->kernels, (size_t)c->n_kernels, sizeof *c->kernels, by_symbol);
    if (k) {
        k->seen = true;
        count_ct(c, k, cores, n);
    }
}

/* As a CT that any core may run. */
static void count_unused(const chooser *c, refused_kernel *k) {
    int32_t *all = STREAM_NEW(c->arena, int32_t, (size_t)c->acc->n_cores);
    for (int32_t i = 0; i < c->acc->n_cores; ++i)
        all[i] = i;
    count_ct(c, k, all, c->acc->n_cores);
}

static void drop(chooser *c) {
    for (int32_t i = 0; i < c->n_kernels; ++i) {
        refused_kernel *k = &c->kernels[i];
        if (!k->seen)
            count_unused(c, k);
        for (int32_t j = k->first; j < k->first + k->n; ++j)
            c->all[j].dropped = c->all[j].cost->refused && !k->needed[c->all[j].core];
    }
}

/* One message per core, for the kernels that are dropped there or for those that are not. */
static void tell(const chooser *c, int32_t n, bool dropped, const char *model,
                 const stream_diag *diag) {
    for (int32_t core = 0; core < c->acc->n_cores; ++core) {
        const stream_candidate *first = NULL;
        const char *name = c->acc->cores[core].name;
        int32_t kernels = 0;
        for (int32_t i = 0; i < n; ++i)
            if (c->all[i].core == core && c->all[i].cost->refused && c->all[i].dropped == dropped &&
                kernels++ == 0)
                first = &c->all[i];
        if (first && dropped)
            stream_remark(diag, stream_loc_of(first->kernel),
                          "core '%s' is no candidate for %d kernel%s that others can run, since "
                          "'%s' cannot take %s there; '%s': %s",
                          name, kernels, kernels > 1 ? "s" : "", model, kernels > 1 ? "them" : "it",
                          first->name, first->cost->refused);
        else if (first)
            stream_warn(diag, stream_loc_of(first->kernel),
                        "%d kernel%s on core '%s' %s priced by the model 'simple', since '%s' "
                        "cannot take %s; '%s': %s",
                        kernels, kernels > 1 ? "s" : "", name, kernels > 1 ? "are" : "is", model,
                        kernels > 1 ? "them" : "it", first->name, first->cost->refused);
    }
}

void stream_choose_candidates(MlirOperation module, const stream_accelerator *acc,
                              stream_candidate *all, int32_t n, stream_price_model model,
                              stream_arena *arena, const stream_diag *diag) {
    chooser c = {.acc = acc, .all = all, .arena = arena};
    find_kernels(&c, n);
    if (c.n_kernels == 0)
        return;
    stream_visit_ct_cores(module, acc, arena, read_ct, &c);
    drop(&c);
    tell(&c, n, true, stream_price_model_name(model), diag);
    tell(&c, n, false, stream_price_model_name(model), diag);
}
