/* Reads a scheduled module and writes its schedule back: the text must not change, and what is read
 * from it again must be the same bit for bit.
 *
 *     convert-schedule scheduled.mlir */

#include "convert/schedule.h"
#include "convert/accelerator.h"
#include "convert/costs.h"
#include "convert/ir.h"
#include "convert/loc.h"
#include "convert/network.h"

#include "stream-c/Dialect.h"
#include "stream/support/text_file.h"

#include "convert/context.h"
#include "unit/test.h"

#include <string.h>

typedef struct {
    const stream_accelerator *acc;
    MlirOperation func;
    stream_ct_ir ir;
    stream_cost_tables costs;
    stream_schedule_ir schedule;
} loaded;

static stream_status load(stream_pass *p, MlirOperation module, loaded *out) {
    STREAM_TRY(stream_find_network(module, p->diag, &out->func));
    STREAM_TRY(stream_load_accelerator(p, module, &out->acc));
    STREAM_TRY(stream_load_ct_graph(module, out->func, out->acc, p->arena, p->diag, &out->ir));
    STREAM_TRY(stream_load_costs(&out->ir, out->acc, p->arena, p->diag, &out->costs));
    return stream_load_schedule_ir(out->func, out->acc, &out->ir, p->arena, p->diag,
                                   &out->schedule);
}

static bool same_transfer(const stream_transfer *a, const stream_transfer *b) {
    bool same = a->tensor == b->tensor && stream_box_equal(&a->box, &b->box) &&
                a->writer == b->writer && a->source == b->source &&
                a->source_address == b->source_address && a->source_operand == b->source_operand &&
                a->target_operand == b->target_operand && a->n_targets == b->n_targets &&
                a->n_resources == b->n_resources && a->rate_bits == b->rate_bits &&
                a->latency_cycles == b->latency_cycles && a->start == b->start && a->end == b->end;
    for (int32_t i = 0; same && i < a->n_targets; ++i)
        same = a->targets[i].instance == b->targets[i].instance &&
               a->targets[i].address == b->targets[i].address &&
               a->targets[i].until == b->targets[i].until;
    for (int32_t i = 0; same && i < a->n_resources; ++i)
        same = a->resources[i] == b->resources[i];
    return same;
}

static bool same_flow(const stream_flow *x, const stream_flow *y) {
    return x->n_resources == y->n_resources && x->rate_bits == y->rate_bits &&
           (x->n_resources == 0 ||
            memcmp(x->resources, y->resources, (size_t)x->n_resources * sizeof *x->resources) == 0);
}

static bool same_stream(const stream_ct_stream *x, const stream_ct_stream *y) {
    return x->ct == y->ct && x->operand == y->operand && x->address == y->address &&
           same_flow(&x->read, &y->read) && same_flow(&x->write, &y->write);
}

static int differences(const loaded *a, const loaded *b) {
    const stream_schedule *x = &a->schedule.schedule, *y = &b->schedule.schedule;
    int n = x->n_streams != y->n_streams || x->n_transfers != y->n_transfers ||
            x->n_residents != y->n_residents || a->ir.graph.n_cts != b->ir.graph.n_cts;
    for (int32_t i = 0; !n && i < a->ir.graph.n_cts; ++i)
        n += x->slots[i].core != y->slots[i].core || x->slots[i].start != y->slots[i].start ||
             x->slots[i].end != y->slots[i].end || x->slots[i].address != y->slots[i].address ||
             x->slots[i].until != y->slots[i].until;
    for (int32_t i = 0; !n && i < x->n_transfers; ++i)
        n += !same_transfer(&x->transfers[i], &y->transfers[i]);
    for (int32_t i = 0; !n && i < x->n_streams; ++i)
        n += !same_stream(&x->streams[i], &y->streams[i]);
    for (int32_t i = 0; !n && i < x->n_residents; ++i)
        n += x->residents[i].tensor != y->residents[i].tensor ||
             x->residents[i].address != y->residents[i].address ||
             x->residents[i].until != y->residents[i].until;
    const stream_schedule_summary *s = &x->summary, *t = &y->summary;
    n += s->latency_cycles != t->latency_cycles || s->energy_fj != t->energy_fj ||
         memcmp(&s->edp, &t->edp, sizeof s->edp) != 0 || s->bound_kind != t->bound_kind;
    return n;
}

int main(int argc, char **argv) {
    stream_text source = {0}, before = {0}, after = {0};
    MlirContext context = context_create();
    stream_diag diag = stream_diag_mlir(context);
    stream_arena *arena = stream_arena_create();
    stream_pass pass = {.arena = arena, .diag = &diag, .context = context};
    CHECK(argc == 2);
    if (argc != 2 || stream_file_read(argv[1], (size_t)1 << 30, &diag, &source) != STREAM_OK)
        return 1;
    MlirModule module =
        mlirModuleCreateParse(context, mlirStringRefCreate(source.data, source.length));
    CHECK(!mlirModuleIsNull(module));
    if (mlirModuleIsNull(module))
        return test_done();
    MlirOperation op = mlirModuleGetOperation(module);
    loaded first, second;
    stream_ir_print_op(op, &before);
    CHECK_EQ(load(&pass, op, &first), STREAM_OK);
    stream_save_schedule(first.func, first.acc, &first.ir, &first.schedule.schedule,
                         first.costs.model, arena);
    stream_ir_print_op(op, &after);
    CHECK(mlirOperationVerify(op));
    CHECK(before.length == after.length && memcmp(before.data, after.data, before.length) == 0);
    CHECK_EQ(load(&pass, op, &second), STREAM_OK);
    CHECK_EQ(differences(&first, &second), 0);
    mlirModuleDestroy(module);
    stream_arena_destroy(arena);
    mlirContextDestroy(context);
    stream_text_free(&source);
    stream_text_free(&before);
    stream_text_free(&after);
    return test_done();
}
