#ifndef STREAM_PASSES_EXECUTE_H
#define STREAM_PASSES_EXECUTE_H

#include "mlir-c/IR.h"

#include "stream/support/diag.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Runs a module on the host: its one public function, tensors in and out, on pseudo-random inputs,
 * and compares two programs bit for bit.
 *
 * The code is compiled without fast-math and without contraction to FMA, and a reduction keeps the
 * order of its loops, so that equal computations give equal bits. Loops are interchanged (parallel
 * loops around and inside the reductions) and vectorised only where that changes no order of
 * additions. */

/* What the integers of an argument are limited to. */
typedef struct {
    int64_t below; /* indices: not negative, and less than this; 0: they are none */
    bool positive; /* more than 0, unless below is 1: something is divided by them */
} stream_execute_range;

typedef struct {
    uint64_t seed;                      /* of the inputs */
    int opt_level;                      /* of LLVM: 0 to 3 */
    const stream_execute_range *ranges; /* of the first n_ranges arguments; others have no limits */
    int32_t n_ranges;
} stream_execute_options;
#define STREAM_EXECUTE_DEFAULTS ((stream_execute_options){.seed = 1, .opt_level = 2})

/* One result, row-major, elements of element_bytes each. */
typedef struct {
    MlirType type; /* the tensor */
    int64_t n_elements;
    int32_t element_bytes;
    unsigned char *bytes;
} stream_execute_result;

typedef struct {
    stream_execute_result *results;
    int32_t n_results;
} stream_execute_results;

/* Dialects and translations that execution needs; once per context, before parsing. */
void stream_execute_register(MlirContext context);
/* The passes that execution needs, by name; once per process. */
void stream_execute_register_passes(void);

/* Runs `module` (left as it is). Ops and attributes of the stream dialect must be gone, or carry no
 * data: an accelerator, names, plans. Owner calls stream_execute_free.
 *
 * Inputs: element i of argument a depends on (seed, a, i) alone. Floats of rank >= 2 are uniform in
 * [-s, s) with s = sqrt(3 / elements per row of dimension 0), so that sums stay finite over many
 * layers; of rank <= 1 (biases, variances) in [0.5, 1.5). Integers of up to 16 bits: all values;
 * wider: [0, 8); within the range of the argument, if it has one. Constants of more than 4096
 * elements become inputs too, with their own data: nothing is copied.
 *
 * errs  UNSUPPORTED: an element type that is not read; INVALID: it cannot be compiled (MLIR
 * has said why), or an assertion of the network does not hold for these inputs, or they divide an
 * integer by zero */
STREAM_NODISCARD
stream_status stream_execute(MlirOperation module, const stream_execute_options *options,
                             const stream_diag *diag, stream_execute_results *out);
void stream_execute_free(stream_execute_results *results);

typedef struct {
    bool identical;
    int32_t result;         /* of the first difference */
    int64_t element;        /* row-major index */
    double expected, found; /* its values */
    int64_t n_different, n_elements;
    int64_t n_not_finite;    /* elements of the reference that are NaN or infinite */
    double max_abs, max_rel; /* over all differences; NaN where a value is no number */
} stream_execute_difference;

/* Compares results bit for bit.
 * errs  INVALID: they differ in number, type or shape */
STREAM_NODISCARD
stream_status stream_execute_diff(const stream_execute_results *expected,
                                  const stream_execute_results *found, const stream_diag *diag,
                                  stream_execute_difference *out);

/* Runs both on the same inputs, with the ranges that the reference asks for, unless the options
 * have some. */
STREAM_NODISCARD
stream_status stream_execute_compare(MlirOperation reference, MlirOperation scheduled,
                                     const stream_execute_options *options, const stream_diag *diag,
                                     stream_execute_difference *out);

#endif
