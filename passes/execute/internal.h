#ifndef STREAM_PASSES_EXECUTE_INTERNAL_H
#define STREAM_PASSES_EXECUTE_INTERNAL_H

#include "execute.h"

#include "../convert/ir.h"
#include "../convert/loc.h"

#include "stream/support/vec.h"

/* One memref argument of the entry: whose data it is. */
typedef struct {
    MlirType type;    /* the tensor */
    const void *data; /* a constant's own; NULL: to be filled */
    enum {
        STREAM_ENTRY_INPUT,
        STREAM_ENTRY_CONSTANT,
        STREAM_ENTRY_RESULT
    } role;
} stream_entry_argument;

/* prepare.c: a copy of the module whose entry `func` takes memrefs only: arguments, large
 * constants, results. */
typedef struct {
    MlirOperation module, func;
    stream_loc loc;       /* of func, which is gone when it is compiled */
    stream_vec arguments; /* stream_entry_argument */
} stream_entry;
STREAM_NODISCARD
stream_status stream_execute_prepare(MlirOperation module, stream_arena *arena,
                                     const stream_diag *diag, stream_entry *out);

/* interchange.c: gives every linalg.generic below `module` the loop order parallel, reduction, and
 * one parallel loop innermost along which all operands are contiguous or constant. The order of
 * reduction loops, and so of additions, stays. */
void stream_execute_interchange(MlirOperation module, stream_arena *arena);

/* partial.c: a linalg.generic below `module` that writes only a part of a result reads the rest of
 * its destination, whatever its body does: bufferization would not keep it else. */
void stream_execute_partial(MlirOperation module, stream_arena *arena);

/* loops.c: every scf.for writes what it yields into the tensors that it carries, so that it
 * bufferizes without allocating in each iteration. */
void stream_execute_loops(MlirOperation module, stream_arena *arena);

/* outline.c: every linalg op of `func` (on memrefs) becomes a call of a function that holds it,
 * equal ones of the same function: the time that LLVM takes grows faster than a function does. */
void stream_execute_outline(MlirOperation module, MlirOperation func, stream_arena *arena);

/* host.c: errs  UNSUPPORTED: an op that cannot be compiled, at its place */
STREAM_NODISCARD
stream_status stream_execute_check_host(MlirOperation module, const stream_diag *diag);

/* ranges.c: for each argument of the public function, in the arena, what keeps every index that is
 * computed from it alone inside its tensor (elements and slices read or written where data says),
 * and every integer that something is divided by from 0. */
const stream_execute_range *stream_execute_ranges(MlirOperation module, stream_arena *arena,
                                                  int32_t *n);

/* compile.c: to the LLVM dialect, in place. */
STREAM_NODISCARD
stream_status stream_execute_compile(MlirOperation module, MlirOperation entry, stream_arena *arena,
                                     const stream_diag *diag);

/* data.c: bytes of one element as compiled code stores it: integers of up to 64 bits in the next 1,
 * 2, 4 or 8, others in theirs; 0 if these are not whole. */
int32_t stream_execute_element_bytes(MlirType element);
int64_t stream_execute_elements(MlirType tensor);
/* Fills argument `index` of type `tensor`; see stream_execute. */
void stream_execute_fill(MlirType tensor, const stream_execute_options *options, int32_t index,
                         unsigned char *bytes);
/* Bits of elements that are not theirs become 0: compiled code leaves them as they were. */
void stream_execute_trim(MlirType tensor, unsigned char *bytes);
/* Element as a double, for messages. */
double stream_execute_value(MlirType element, const unsigned char *bytes);

#endif
