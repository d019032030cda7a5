// RUN: unit-workload-tensor_names
/* Every tensor has a name of its own; inputs keep theirs. */

#include "stream/workload/tensor_names.h"

#include "test.h"

#include <string.h>

int main(void) {
    enum {
        N = 8
    };
    static const struct {
        const char *name;
        stream_tensor_kind kind;
        const char *unique;
    } cases[N] = {{"constant0", STREAM_TENSOR_CONSTANT, "constant0_1"},
                  {"x", STREAM_TENSOR_INTERMEDIATE, "x_2"}, /* x_1 is there already */
                  {"x", STREAM_TENSOR_INPUT, "x"},
                  {"x_1", STREAM_TENSOR_INPUT, "x_1"},
                  {"constant0", STREAM_TENSOR_INTERMEDIATE, "constant0"},
                  {"x", STREAM_TENSOR_CONSTANT, "x_3"},
                  {"x_1", STREAM_TENSOR_INTERMEDIATE, "x_1_1"},
                  {"y", STREAM_TENSOR_INTERMEDIATE, "y"}};
    stream_arena *arena = stream_arena_create();
    stream_tensor tensors[N] = {0};
    for (int32_t t = 0; t < N; ++t)
        tensors[t] = (stream_tensor){.name = cases[t].name, .kind = cases[t].kind};
    stream_tensor_names_make_unique(tensors, N, arena);
    for (int32_t t = 0; t < N; ++t)
        CHECK(!strcmp(tensors[t].name, cases[t].unique));
    stream_tensor_names_make_unique(tensors, 0, arena);
    stream_arena_destroy(arena);
    return test_done();
}
