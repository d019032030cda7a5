// RUN: unit-schedule-footprint

/* The footprint of a stack (stream/plan/footprint.h) beside what a schedule holds at most: one core
 * with all the memory that it wants, the deepest layer first. Rows are exact but for data from
 * outside the stack. Together with the weights the footprint is an upper estimate: a schedule drops
 * weights of layers that are done; what it holds beyond is inputs of the network that it fetches
 * ahead. */

#include "stream/plan/footprint.h"
#include "stream/schedule/schedule.h"
#include "stream/tile/reuse.h"
#include "stream/tile/tile.h"

#include "test.h"

#include "../../../bench/networks.h"

#include <stdlib.h>

enum {
    CORE = 0,
    OFFCHIP = 1
};

/* Three inverted bottlenecks of MobileNet behind a strided convolution. */
static stream_workload mobile(stream_arena *arena) {
    builder b = builder_create(arena);
    int32_t x = build_input(&b, "x", 4, (int64_t[]){1, 3, 96, 96}, 8);
    x = build_conv(&b, "stem", x, (conv_shape){.channels = 16, .kernel = 3, .pad = 1, .stride = 2});
    for (int32_t i = 0; i < 3; ++i) {
        char name[4][32];
        static const char *const parts[] = {"expand", "depth", "project", "add"};
        for (int32_t p = 0; p < 4; ++p)
            snprintf(name[p], sizeof name[p], "b%d_%s", i, parts[p]);
        int64_t stride = i == 1 ? 2 : 1, channels = i == 0 ? 16 : 24;
        int32_t y = build_conv(&b, name[0], x, (conv_shape){.channels = 96, .kernel = 1});
        y = build_depthwise(&b, name[1], y, (conv_shape){.kernel = 3, .pad = 1, .stride = stride});
        y = build_conv(&b, name[2], y, (conv_shape){.channels = channels, .kernel = 1});
        x = i == 1 ? y : build_add(&b, name[3], y, x);
    }
    build_output(&b, x);
    return build_finish(&b);
}

/* Keys and values are read whole. */
static stream_workload transformer(stream_arena *arena) {
    return bench_transformer(arena, 2, 1);
}

/* ---- one core */

/* The memories of a core, the outermost with `bits`. */
static stream_memory *enlarged(stream_arena *arena, const stream_core *core, int64_t bits) {
    size_t n = (size_t)core->n_memories;
    stream_memory *memories = STREAM_NEW(arena, stream_memory, n);
    memcpy(memories, core->memories, n * sizeof *memories);
    memories[n - 1].size_bits = bits;
    return memories;
}

static stream_accelerator one_core(stream_arena *arena) {
    static const int32_t both[] = {CORE, OFFCHIP};
    stream_accelerator acc = bench_quad_core(arena);
    stream_core *cores = STREAM_NEW(arena, stream_core, 2);
    stream_link *links = STREAM_NEW(arena, stream_link, 1);
    cores[CORE] = acc.cores[0];
    cores[OFFCHIP] = acc.cores[4];
    cores[CORE].memories = enlarged(arena, &cores[CORE], (int64_t)1 << 40);
    cores[OFFCHIP].memories = enlarged(arena, &cores[OFFCHIP], (int64_t)1 << 42);
    links[0] = (stream_link){
        .name = "bus", .bus = true, .cores = both, .n_cores = 2, .bandwidth_bits = 128};
    acc.cores = cores;
    acc.n_cores = 2;
    acc.offchip_core = OFFCHIP;
    acc.links = links;
    acc.n_links = 1;
    return acc;
}

static stream_status schedule_all(const stream_accelerator *acc, const stream_ct_graph *g,
                                  stream_arena *arena, stream_schedule *out) {
    size_t prices = (size_t)(g->n_kernels * acc->n_cores);
    int64_t *cycles = STREAM_NEW(arena, int64_t, prices);
    int64_t *energy = STREAM_NEW(arena, int64_t, prices);
    for (size_t i = 0; i < prices; ++i)
        cycles[i] = i % 2 == CORE ? 1000000 : -1;
    stream_schedule_problem p = {.acc = acc,
                                 .graph = g,
                                 .cycles = cycles,
                                 .energy_fj = energy,
                                 .cores = STREAM_NEW(arena, int32_t, (size_t)g->n_cts)};
    return stream_schedule_build(&p, STREAM_PRIORITY_MEMORY, arena, NULL, out);
}

/* ---- what the schedule holds */

typedef struct {
    int64_t time, bits;
} change;

/* By time; what ends comes before what begins. */
static int by_time(const void *a, const void *b) {
    const change *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->bits > y->bits) - (x->bits < y->bits);
}

/* The most that outputs of CTs take at one time. */
static int64_t peak_of_outputs(const stream_ct_graph *g, const stream_schedule *s,
                               stream_arena *arena) {
    change *changes = STREAM_NEW(arena, change, 2 * (size_t)g->n_cts);
    int64_t now = 0, most = 0;
    for (int32_t i = 0; i < g->n_cts; ++i) {
        int64_t bits = stream_ct_graph_bits(g, g->cts[i].tensor, &g->cts[i].box);
        changes[2 * i] = (change){s->slots[i].start, bits};
        changes[2 * i + 1] = (change){s->slots[i].until, -bits};
    }
    qsort(changes, 2 * (size_t)g->n_cts, sizeof *changes, by_time);
    for (int32_t i = 0; i < 2 * g->n_cts; ++i) {
        now += changes[i].bits;
        most = now > most ? now : most;
    }
    return most;
}

static int64_t input_bits(const stream_workload *w) {
    int64_t bits = 0;
    for (int32_t t = 0; t < w->n_tensors; ++t)
        if (w->tensors[t].kind == STREAM_TENSOR_INPUT) {
            stream_box all = stream_box_whole(w->tensors[t].rank, w->tensors[t].shape);
            bits += stream_box_volume(&all) * w->tensors[t].element_bits;
        }
    return bits;
}

/* Bits of data from off-chip that no earlier CT of the core has read. */
static int64_t new_outside_bits(const stream_ct_graph *g, stream_arena *arena) {
    const int32_t *place = STREAM_NEW(arena, int32_t, (size_t)g->n_cts);
    stream_reuse reuse;
    int64_t bits = 0;
    if (stream_reuse_find(g, place, arena, NULL, &reuse) != STREAM_OK)
        return -1;
    for (int32_t r = 0; r < g->n_reads; ++r)
        if (g->tensors[g->reads[r].tensor].kind != STREAM_TENSOR_INTERMEDIATE)
            bits += reuse.new_bits[r];
    return bits;
}

/* tight: every layer runs until the end, so all weights are there at one time. */
static void compare(const char *name, stream_workload (*network)(stream_arena *), int64_t rows,
                    bool tight) {
    stream_arena *arena = stream_arena_create();
    stream_workload w = network(arena);
    stream_accelerator acc = one_core(arena);
    stream_layer_plan *plans = STREAM_NEW(arena, stream_layer_plan, (size_t)w.n_layers);
    stream_plan_options options = STREAM_PLAN_OPTIONS_DEFAULTS;
    stream_tiling tiling;
    stream_schedule schedule;
    options.rows = rows;
    stream_status status = stream_accelerator_finish(&acc, arena, NULL);
    if (status == STREAM_OK)
        status = stream_plan_complete(&w, &acc, &options, arena, NULL, plans, NULL);
    if (status == STREAM_OK)
        status = stream_tile_build(&w, plans, 100000, arena, NULL, &tiling);
    if (status == STREAM_OK)
        status = schedule_all(&acc, &tiling.graph, arena, &schedule);
    CHECK_EQ(status, STREAM_OK);
    if (status == STREAM_OK) {
        stream_footprint f =
            stream_footprint_of(stream_row_tables_build(&w, plans, rows, arena), 0, w.n_layers);
        int64_t all = f.weight_bits + f.row_bits, peak = schedule.summary.peak_bits[0];
        int64_t outputs = peak_of_outputs(&tiling.graph, &schedule, arena);
        printf("# %s, rows %lld: weights %lld, rows %lld (schedule %lld), together %lld (%lld)\n",
               name, (long long)rows, (long long)f.weight_bits, (long long)f.row_bits,
               (long long)outputs, (long long)all, (long long)peak);
        CHECK(outputs <= f.row_bits && (double)outputs > 0.97 * (double)f.row_bits);
        CHECK(peak <= all + input_bits(&w) && (!tight || peak >= all));
        /* a halo is fetched once */
        CHECK_EQ(schedule.summary.offchip_read_bits, new_outside_bits(&tiling.graph, arena));
    }
    stream_arena_destroy(arena);
}

int main(void) {
    compare("ResNet-18", bench_resnet18, 1, false);
    compare("ResNet-18", bench_resnet18, 4, false);
    compare("FSRCNN", bench_fsrcnn, 1, true);
    compare("FSRCNN", bench_fsrcnn, 3, true);
    compare("MobileNet blocks", mobile, 1, true);
    compare("MobileNet blocks", mobile, 2, true);
    compare("decoder blocks", transformer, 1, false);
    return test_done();
}
