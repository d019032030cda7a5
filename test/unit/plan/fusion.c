// RUN: unit-plan-fusion
/* Which element-wise ops cores may run behind a layer, on the accelerator of
 * test/unit/hardware/fixture.h (cores 0 and 1 run anything, core 2 is off-chip). */

#include "stream/plan/fusion.h"
#include "hardware/fixture.h"

static const char *const relu[] = {"Relu"}, *const both[] = {"Mul", "Relu"},
                         *const quantize[] = {"QuantizeLinear"};

typedef struct {
    const char *const *unit; /* post-processing of core 1; NULL: not said */
    stream_fusion_layer layer, op;
    stream_fusion_needs needs;
    bool by_default, allowed;
    const char *why;
} row;

static const int32_t zero[] = {0}, one[] = {1}, all[] = {0, 1};
#define LAYER(...)                                                                                 \
    { .name = "conv", .op_type = "Conv", ##__VA_ARGS__ }
#define OP(...)                                                                                    \
    { .name = "op", .op_type = "Relu", ##__VA_ARGS__ }
#define PARTS(p)                                                                                   \
    { .parts = p, .n_parts = sizeof(p) / sizeof *(p), .n_ops = 1 }

static const row rows[] = {
    {NULL, LAYER(), OP(), PARTS(relu), true, true, "2 cores that may run 'conv' can"},
    {NULL, LAYER(), OP(), PARTS(relu), false, false, "fusion of element-wise ops is off"},
    {NULL, LAYER(), OP(.fuse = STREAM_FUSE_ALWAYS), PARTS(relu), false, true, "fuse = always says"},
    {NULL, LAYER(), OP(.fuse = STREAM_FUSE_NEVER), PARTS(relu), true, false, "fuse = never says"},
    {relu, LAYER(), OP(), PARTS(relu), true, true, "2 cores"},
    {relu, LAYER(), OP(), PARTS(both), true, false,
     "core 'b', which may run 'conv', lists no post-processing operator 'Mul'"},
    {relu, LAYER(), OP(.fuse = STREAM_FUSE_ALWAYS), PARTS(both), true, false, "core 'b'"},
    {relu, LAYER(.cores = zero, .n_cores = 1), OP(), PARTS(both), true, true, "1 core that"},
    {relu,
     LAYER(),
     OP(),
     {.whole = relu, .n_whole = 1, .parts = both, .n_parts = 2},
     true,
     true,
     ""},
    {relu,
     LAYER(),
     OP(),
     {.whole = quantize, .n_whole = 1, .parts = both, .n_parts = 2},
     true,
     false,
     "'Mul'"},
    {NULL, LAYER(), OP(.cores = one, .n_cores = 1), PARTS(relu), true, false,
     "core 'a', which may run 'conv', is not among those named for it"},
    {NULL, LAYER(), OP(.cores = all, .n_cores = 2), PARTS(relu), true, true, "2 cores"},
    {NULL, LAYER(), OP(.cores = one, .n_cores = 1, .fuse = STREAM_FUSE_ALWAYS), PARTS(relu), true,
     true, ""},
};

int main(void) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; ++i) {
        fixture f;
        stream_text why = {0};
        stream_post_processing post = {.operators = rows[i].unit, .n_operators = 1};
        fixture_open(&f);
        f.cores[1].post = rows[i].unit ? &post : NULL;
        CHECK_EQ(fixture_finish(&f), STREAM_OK);
        CHECK_EQ(stream_fusion_allowed(&f.acc, &rows[i].layer, &rows[i].op, &rows[i].needs,
                                       rows[i].by_default, &why),
                 rows[i].allowed);
        CHECK(strstr(why.data ? why.data : "", rows[i].why));
        stream_text_free(&why);
        fixture_close(&f);
    }
    return test_done();
}
