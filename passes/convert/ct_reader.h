#ifndef STREAM_PASSES_CONVERT_CT_READER_H
#define STREAM_PASSES_CONVERT_CT_READER_H

/* What the files that read stream.ct ops share; ct_graph.h is what others use. */

#include "ct_graph.h"

#include "builder.h"

/* What a CT takes from its kernel's signature. */
typedef struct {
    int32_t n_inputs;        /* all arguments */
    int32_t n_results;       /* of one shape */
    const stream_box *boxes; /* [n_inputs + 1] sizes of arguments and of a result */
    const uint8_t *operands; /* [n_inputs] stream_operand_class */
    const char *op_type;
} ct_signature;

typedef struct {
    MlirOperation module, func;
    const stream_accelerator *acc;
    stream_arena *arena;
    const stream_diag *diag;
    stream_vec tensors, values;                 /* stream_tensor, stream_ct_value */
    stream_vec kernels, kernel_ops, signatures; /* stream_kernel, MlirOperation, ct_signature */
    stream_vec layers;                          /* stream_ct_layer */
    stream_vec cts, ct_ops, cores, reads;
    value_map value_of;    /* MlirValue -> values */
    value_map fixed;       /* values that depend on no input */
    value_map kernel_of;   /* symbol attribute -> kernel */
    value_map layer_of;    /* string attribute -> layer */
    value_map cores_of;    /* array attribute -> index into core_lists */
    stream_vec core_lists; /* stream_ct: only allowed_cores */
} ct_reader;

static inline MlirValue stream_attr_key(MlirAttribute attr) {
    return (MlirValue){attr.ptr};
}

/* ct_kernels.c: functions with stream.kernel, and what their CTs take from them. */
stream_status stream_ct_read_kernels(ct_reader *r);

/* ct_tensors.c */
stream_status stream_ct_read_arguments(ct_reader *r);
/* Results of an op that is no CT: constants. */
stream_status stream_ct_read_tensors(ct_reader *r, MlirOperation op);
/* If all `n` operands of CT `ct` from `first` on are tensor.empty, a tensor begins there, with a
 * value for each. Other CTs may write into the same tensor.empty: it holds nothing that would make
 * them the same tensor. */
stream_status stream_ct_begin(ct_reader *r, MlirOperation ct, int32_t first, int32_t n,
                              bool *out_begins);
/* What `value`, which CT `ct` reads or writes, is of the tensors. */
stream_status stream_ct_value_of(ct_reader *r, MlirOperation ct, MlirValue value,
                                 const stream_ct_value **out);
/* Tensors that returned values are made of. */
void stream_ct_mark_outputs(ct_reader *r);
/* behind.c: what is behind the CTs uses only what they finished. */
stream_status stream_ct_check_behind(const ct_reader *r);
/* [n_tensors + 1] where the values of each tensor begin. */
const int32_t *stream_ct_first_values(ct_reader *r);

/* ct_ops.c: a stream.ct, after everything that it depends on */
stream_status stream_ct_read_op(ct_reader *r, MlirOperation op);

#endif
