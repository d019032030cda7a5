#ifndef STREAM_DIALECT_VERIFY_H
#define STREAM_DIALECT_VERIFY_H

#include "stream-c/Dialect.h"

/* The decisions of the dialect, in C; StreamDialect.cpp calls them. A verifier of an op reports at
 * the op, as "'stream.ct' op ..."; one of an attribute leaves its message in `out`. */

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    char text[512];
} stream_message;

bool stream_verify_cost(const stream_cost_attr *cost, stream_message *out);
bool stream_verify_plan(const stream_plan_attr *plan, stream_message *out);
bool stream_verify_port(const stream_port_attr *port, stream_message *out);

bool stream_verify_accelerator(MlirOperation op);
bool stream_verify_core(MlirOperation op);
bool stream_verify_memory(MlirOperation op);
bool stream_verify_link(MlirOperation op);
bool stream_verify_bus(MlirOperation op);
bool stream_verify_share(MlirOperation op);
bool stream_verify_ct(MlirOperation op);
bool stream_verify_transfer(MlirOperation op);
bool stream_verify_resident(MlirOperation op);

/* A CT's kernel, as the verifier's symbol cache found it (null: there is none). */
bool stream_verify_ct_kernel(MlirOperation op, MlirOperation kernel);
/* Every reference to a core, memory or link of this accelerator in its module. One walk. */
bool stream_verify_references(MlirOperation accelerator);

/* Discardable attributes of the dialect on ops, function arguments and results. */
bool stream_verify_op_attribute(MlirOperation op, MlirStringRef name, MlirAttribute value);
bool stream_verify_argument_attribute(MlirOperation op, MlirStringRef name, MlirAttribute value);
bool stream_verify_result_attribute(MlirOperation op, MlirStringRef name, MlirAttribute value);

/* Words of port attributes: position in a fixed list, or -1. */
int stream_operand_word(MlirStringRef word);   /* I1 I2 O */
int stream_direction_word(MlirStringRef word); /* fh fl th tl */
extern const char *const stream_operand_words[3];
extern const char *const stream_direction_words[4];

/* The shortest decimal text that reads back as `value` and that MLIR takes for a float. */
typedef struct {
    char text[40];
} stream_number;
stream_number stream_number_text(double value);

#ifdef __cplusplus
}
#endif

#endif
