/* The cores that CTs may run on; see annotate_cores.h. */

#include "annotate_cores.h"

#include "convert/ct_graph.h"
#include "convert/ir.h"

#include <string.h>

typedef struct {
    const stream_accelerator *acc;
    MlirAttribute list, pinned; /* of the CT before */
    int32_t *cores, n;          /* those of it */
} core_reader;

static void read_cores(core_reader *r, MlirAttribute list, MlirAttribute pinned) {
    bool is_pinned = !mlirAttributeIsNull(pinned), all = !is_pinned && mlirAttributeIsNull(list);
    intptr_t n = is_pinned ? 1 : all ? r->acc->n_cores : stream_ir_length(list);
    r->n = 0;
    for (intptr_t i = 0; i < n; ++i) {
        MlirStringRef name = {0};
        if (!all)
            stream_ir_as_symbol(is_pinned ? pinned : mlirArrayAttrGetElement(list, i), &name);
        int32_t core = all ? (int32_t)i : stream_core_by_name(r->acc, name);
        if (core >= 0 && r->n < r->acc->n_cores) /* what is wrong is said where CTs are read */
            r->cores[r->n++] = core;
    }
}

void stream_visit_ct_cores(MlirOperation module, const stream_accelerator *acc, stream_arena *arena,
                           stream_ct_cores_visit *visit, void *user) {
    stream_ir_ops cts = stream_ir_collect_named(module, "stream.ct", arena);
    core_reader r = {.acc = acc, .cores = STREAM_NEW(arena, int32_t, (size_t)acc->n_cores)};
    MlirAttribute last = {0};
    for (int32_t i = 0; i < cts.n; ++i) {
        MlirAttribute kernel = stream_ir_attr(cts.ops[i], "kernel");
        MlirAttribute list = stream_ir_attr(cts.ops[i], "cores");
        MlirAttribute pinned = stream_ir_attr(cts.ops[i], "core");
        bool same = i > 0 && list.ptr == r.list.ptr && pinned.ptr == r.pinned.ptr;
        if (same && kernel.ptr == last.ptr) /* attributes are unique */
            continue;
        if (!same)
            read_cores(&r, list, pinned);
        r.list = list;
        r.pinned = pinned;
        last = kernel;
        visit(user, kernel, r.cores, r.n);
    }
}
