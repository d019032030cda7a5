/* What is said about kernels that stream; see annotate_told.h. */

#include "annotate_told.h"

#include "annotate_cores.h"

#include "convert/ir.h"
#include "convert/loc.h"

#include "stream/support/text.h"

#include <stdlib.h>

/* A price with streams. */
typedef struct {
    const stream_candidate *of;
    MlirAttribute kernel; /* as its CTs name it */
    int32_t core;         /* the first of its class that a CT may run on; -1: none */
    bool seen;            /* the kernel has CTs */
} stream_price;

typedef struct {
    const stream_accelerator *acc;
    stream_price *prices; /* by kernel, then as the candidates */
    int32_t n;
} teller;

static int by_kernel(const void *a, const void *b) {
    const stream_price *x = a, *y = b;
    const char *p = x->kernel.ptr, *q = y->kernel.ptr;
    return p != q ? (p > q) - (p < q) : (x->of > y->of) - (x->of < y->of);
}

static void find_prices(teller *t, const stream_candidate *all, int32_t n) {
    for (int32_t i = 0; i < n; ++i)
        if (all[i].cost->streamed && !all[i].dropped)
            t->prices[t->n++] = (stream_price){
                &all[i], stream_ir_symbol(mlirOperationGetContext(all[i].kernel), all[i].name), -1,
                false};
    if (t->n > 0)
        qsort(t->prices, (size_t)t->n, sizeof *t->prices, by_kernel);
}

static int32_t first_of(const teller *t, MlirAttribute kernel) {
    int32_t low = 0, high = t->n;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if ((const char *)t->prices[middle].kernel.ptr < (const char *)kernel.ptr)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void read_ct(void *user, MlirAttribute kernel, const int32_t *cores, int32_t n) {
    const teller *t = user;
    for (int32_t i = first_of(t, kernel); i < t->n && t->prices[i].kernel.ptr == kernel.ptr; ++i) {
        stream_price *price = &t->prices[i];
        price->seen = true;
        for (int32_t k = 0; k < n; ++k)
            if (t->acc->class_of[cores[k]] == price->of->core &&
                (price->core < 0 || cores[k] < price->core))
                price->core = cores[k];
    }
}

static void tell(const teller *t, const stream_price *first, int32_t n, const stream_diag *diag) {
    const stream_candidate *at = first->of;
    int64_t in = 0, out = 0;
    stream_text operands = {0};
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        in += at->cost->streams[o].read_bits;
        out += at->cost->streams[o].write_bits;
        if (at->cost->streamed >> o & 1)
            stream_text_print(&operands, "%s%s", operands.length ? ", " : "",
                              stream_operand_class_name((stream_operand_class)o));
    }
    stream_remark(
        diag, stream_loc_of(at->kernel),
        "%d kernel%s %s operands on core '%s', which %s; '%s' "
        "(%s) streams %s: %lld bits from off-chip and %lld to it in %lld cycles",
        n, n > 1 ? "s" : "", n > 1 ? "stream" : "streams", t->acc->cores[first->core].name,
        at->planned == at->cost->streamed ? "their plans say" : "its memories do not hold",
        at->name, stream_boxes_describe(at->boxes).text, operands.data, (long long)in,
        (long long)out, (long long)at->cost->cycles);
    stream_text_free(&operands);
}

void stream_tell_streams(MlirOperation module, const stream_accelerator *acc,
                         const stream_candidate *all, int32_t n, stream_arena *arena,
                         const stream_diag *diag) {
    teller t = {.acc = acc, .prices = STREAM_NEW(arena, stream_price, (size_t)n)};
    find_prices(&t, all, n);
    if (t.n == 0)
        return;
    stream_visit_ct_cores(module, acc, arena, read_ct, &t);
    for (int32_t c = 0; c < acc->n_cores; ++c) {
        const stream_price *first = NULL;
        int32_t kernels = 0;
        for (int32_t i = 0; i < t.n; ++i) {
            stream_price *price = &t.prices[i];
            if (price->of->core != c || (price->seen && price->core < 0))
                continue;
            if (price->core < 0)
                price->core = c;
            ++kernels;
            if (!first || price->of < first->of)
                first = price;
        }
        if (first)
            tell(&t, first, kernels, diag);
    }
}
