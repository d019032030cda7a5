/* Compile, link, run. */

#include "internal.h"

#include "mlir-c/ExecutionEngine.h"
#include "mlir-c/RegisterEverything.h"

#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef STREAM_LLVM_LIBRARY_DIR
#define STREAM_LLVM_LIBRARY_DIR "/usr/lib/llvm-22/lib"
#endif
#define FLOAT16_LIBRARY STREAM_LLVM_LIBRARY_DIR "/libmlir_float16_utils.so"

void stream_execute_register(MlirContext context) {
    mlirRegisterAllLLVMTranslations(context);
}

void stream_execute_register_passes(void) {
    mlirRegisterAllPasses();
}

/* ---- what compiled code calls */

typedef struct {
    int64_t rank;
    void *descriptor; /* {char *allocated, *aligned; int64_t offset, sizes[rank], strides[rank]} */
} unranked;

typedef struct {
    char *allocated, *aligned;
    int64_t offset;
    int64_t sizes_strides[];
} descriptor;

static void copy_dims(int64_t rank, const int64_t *sizes, const int64_t *from_strides,
                      const int64_t *to_strides, size_t size, const char *from, char *to) {
    if (rank == 0) {
        memcpy(to, from, size);
        return;
    }
    if (rank == 1 && from_strides[0] == 1 && to_strides[0] == 1) {
        memcpy(to, from, (size_t)sizes[0] * size);
        return;
    }
    for (int64_t i = 0; i < sizes[0]; ++i)
        copy_dims(rank - 1, sizes + 1, from_strides + 1, to_strides + 1, size,
                  from + i * from_strides[0] * (int64_t)size,
                  to + i * to_strides[0] * (int64_t)size);
}

/* memref.copy between layouts: the runtime function that MLIR's lowering names "memrefCopy". */
static void copy_memref(int64_t size, unranked *from, unranked *to) {
    const descriptor *f = from->descriptor, *t = to->descriptor;
    int64_t rank = from->rank;
    copy_dims(rank, f->sizes_strides, f->sizes_strides + rank, t->sizes_strides + rank,
              (size_t)size, f->aligned + f->offset * size, t->aligned + t->offset * size);
}

/* ---- buffers */

static size_t byte_count(MlirType type) {
    return (size_t)stream_execute_elements(type) *
           (size_t)stream_execute_element_bytes(mlirShapedTypeGetElementType(type));
}

static stream_status allocate(const stream_entry *e, const stream_diag *diag,
                              const stream_execute_options *options, void **buffers) {
    for (size_t i = 0; i < e->arguments.n; ++i) {
        const stream_entry_argument *a = &STREAM_AT(stream_entry_argument, e->arguments, i);
        if (a->role == STREAM_ENTRY_CONSTANT)
            continue;
        size_t bytes = byte_count(a->type);
        buffers[i] = aligned_alloc(64, (bytes + 63) / 64 * 64 + 64);
        if (!buffers[i])
            return stream_error(diag, STREAM_LIMIT, e->loc,
                                "argument %d needs %zu bytes, which the host does not have", (int)i,
                                bytes);
        memset(buffers[i], 0, bytes);
        if (a->role == STREAM_ENTRY_INPUT)
            stream_execute_fill(a->type, options, (int32_t)i, buffers[i]);
    }
    return STREAM_OK;
}

static void take_results(const stream_entry *e, void **buffers, stream_execute_results *out) {
    out->results = calloc(e->arguments.n + 1, sizeof *out->results);
    for (size_t i = 0; out->results && i < e->arguments.n; ++i) {
        const stream_entry_argument *a = &STREAM_AT(stream_entry_argument, e->arguments, i);
        if (a->role != STREAM_ENTRY_RESULT)
            continue;
        MlirType element = mlirShapedTypeGetElementType(a->type);
        stream_execute_trim(a->type, buffers[i]);
        out->results[out->n_results++] =
            (stream_execute_result){a->type, stream_execute_elements(a->type),
                                    stream_execute_element_bytes(element), buffers[i]};
        buffers[i] = NULL;
    }
}

/* ---- run */

/* Compiled cf.assert aborts when it does not hold; a division of integers without a result traps.
 */
static sigjmp_buf where_it_was_called;
static volatile sig_atomic_t ended_by;

static void leave(int signal) {
    ended_by = signal;
    siglongjmp(where_it_was_called, 1);
}

/* The signal that ended it; 0: it returned. */
static int call(void (*packed)(void **), void **slots) {
    struct sigaction ours = {.sa_handler = leave}, abort_before, trap_before;
    sigemptyset(&ours.sa_mask);
    ended_by = 0;
    sigaction(SIGABRT, &ours, &abort_before);
    sigaction(SIGFPE, &ours, &trap_before);
    if (sigsetjmp(where_it_was_called, 1) == 0)
        packed(slots);
    sigaction(SIGABRT, &abort_before, NULL);
    sigaction(SIGFPE, &trap_before, NULL);
    return ended_by;
}

static stream_status judge(const stream_entry *e, int signal, const stream_diag *diag) {
    if (signal == 0)
        return STREAM_OK;
    return stream_error(diag, STREAM_INVALID, e->loc,
                        "%s for the pseudo-random inputs: it cannot be executed with them",
                        signal == SIGFPE
                            ? "a division of integers by zero, or of the least of them by -1, has "
                              "no result"
                            : "an assertion of the network (cf.assert) does not hold");
}

static stream_status invoke(const stream_entry *e, MlirExecutionEngine engine,
                            const stream_diag *diag, MlirStringRef name, void **buffers) {
    void (*packed)(void **) = NULL;
    void *symbol = mlirExecutionEngineLookupPacked(engine, name);
    if (!symbol)
        return stream_error(diag, STREAM_INVALID, e->loc,
                            "the compiled module has no function '%.*s'", (int)name.length,
                            name.data);
    memcpy(&packed, &symbol, sizeof packed);
    stream_vec pointers = STREAM_VEC(void *), slots = STREAM_VEC(void *);
    for (size_t i = 0; i < e->arguments.n; ++i) {
        const stream_entry_argument *a = &STREAM_AT(stream_entry_argument, e->arguments, i);
        const void *data = a->role == STREAM_ENTRY_CONSTANT ? a->data : buffers[i];
        memcpy(stream_vec_push(&pointers), &data, sizeof data);
    }
    for (size_t i = 0; i < e->arguments.n; ++i)
        *(void **)stream_vec_push(&slots) = &STREAM_AT(void *, pointers, i);
    int signal = call(packed, slots.data);
    stream_vec_free(&pointers);
    stream_vec_free(&slots);
    return judge(e, signal, diag);
}

static MlirExecutionEngine link_module(MlirOperation module, int opt_level) {
    MlirStringRef library = stream_ir_str(FLOAT16_LIBRARY);
    int n = access(FLOAT16_LIBRARY, R_OK) == 0;
    MlirExecutionEngine engine = mlirExecutionEngineCreate(mlirModuleFromOperation(module),
                                                           opt_level, n, &library, false, true);
    void (*copy)(int64_t, unranked *, unranked *) = copy_memref;
    void *symbol;
    memcpy(&symbol, &copy, sizeof symbol);
    if (!mlirExecutionEngineIsNull(engine))
        mlirExecutionEngineRegisterSymbol(engine, stream_ir_str("memrefCopy"), symbol);
    return engine;
}

static stream_status run(stream_entry *e, const stream_execute_options *options,
                         stream_arena *arena, const stream_diag *diag,
                         stream_execute_results *out) {
    char *name = stream_ir_strdup(arena, stream_ir_symbol_name(e->func));
    e->loc = stream_loc_of(e->func);
    void **buffers = STREAM_NEW(arena, void *, e->arguments.n);
    STREAM_TRY(stream_execute_compile(e->module, e->func, arena, diag));
    MlirExecutionEngine engine = link_module(e->module, options->opt_level);
    if (mlirExecutionEngineIsNull(engine))
        return stream_error(diag, STREAM_INVALID, stream_loc_of(e->module),
                            "the program cannot be compiled for this host");
    stream_status status = allocate(e, diag, options, buffers);
    if (status == STREAM_OK)
        status = invoke(e, engine, diag, stream_ir_str(name), buffers);
    mlirExecutionEngineDestroy(engine);
    if (status == STREAM_OK)
        take_results(e, buffers, out);
    for (size_t i = 0; i < e->arguments.n; ++i)
        free(buffers[i]);
    return status;
}

stream_status stream_execute(MlirOperation module, const stream_execute_options *options,
                             const stream_diag *diag, stream_execute_results *out) {
    stream_arena *arena = stream_arena_create();
    stream_entry entry;
    *out = (stream_execute_results){0};
    stream_status status = stream_execute_prepare(module, arena, diag, &entry);
    if (status == STREAM_OK)
        status = run(&entry, options, arena, diag, out);
    mlirOperationDestroy(entry.module);
    stream_vec_free(&entry.arguments);
    stream_arena_destroy(arena);
    return status;
}

void stream_execute_free(stream_execute_results *results) {
    for (int32_t i = 0; i < results->n_results; ++i)
        free(results->results[i].bytes);
    free(results->results);
    *results = (stream_execute_results){0};
}
