/* Names of tensors; see stream/workload/tensor_names.h. */

#include "stream/workload/tensor_names.h"

#include "stream/support/text.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *name;
    int32_t precedence, tensor;
} named;

static int32_t precedence(stream_tensor_kind kind) {
    return kind == STREAM_TENSOR_INPUT ? 0 : kind == STREAM_TENSOR_CONSTANT ? 2 : 1;
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const named *)a)->name, ((const named *)b)->name);
}

static int by_name_and_precedence(const void *a, const void *b) {
    const named *x = a, *y = b;
    int order = by_name(x, y);
    if (order != 0)
        return order;
    if (x->precedence != y->precedence)
        return x->precedence < y->precedence ? -1 : 1;
    return (x->tensor > y->tensor) - (x->tensor < y->tensor);
}

/* A number behind a name gives no name that another name with a number gives: what is before the
 * last '_' tells them apart. So the old names are the only ones to avoid. */
static const char *renamed(const named *names, int32_t n, const char *old, int32_t *number,
                           stream_arena *arena) {
    stream_text text = {0};
    named wanted;
    do {
        stream_text_clear(&text);
        stream_text_print(&text, "%s_%d", old, ++*number);
        wanted.name = text.data;
    } while (bsearch(&wanted, names, (size_t)n, sizeof *names, by_name));
    const char *kept = stream_arena_strdup(arena, text.data);
    stream_text_free(&text);
    return kept;
}

void stream_tensor_names_make_unique(stream_tensor *tensors, int32_t n, stream_arena *arena) {
    named *names = STREAM_NEW(arena, named, (size_t)n);
    for (int32_t t = 0; t < n; ++t)
        names[t] = (named){tensors[t].name, precedence(tensors[t].kind), t};
    if (n > 1)
        qsort(names, (size_t)n, sizeof *names, by_name_and_precedence);
    for (int32_t i = 1, number = 0; i < n; ++i) {
        if (by_name(&names[i - 1], &names[i]) != 0)
            number = 0;
        else
            tensors[names[i].tensor].name = renamed(names, n, names[i].name, &number, arena);
    }
}
