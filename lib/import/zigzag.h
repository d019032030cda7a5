/* What the readers of ZigZag's files share. */
#ifndef STREAM_IMPORT_ZIGZAG_H
#define STREAM_IMPORT_ZIGZAG_H

#include "stream/cost/loop_nest.h"

#include "yaml.h"

/* The text in upper case, in `arena`; NULL if it is no identifier. */
const char *stream_zigzag_upper(const char *text, size_t n, stream_arena *arena);

/* Id of the dim called `name` (upper case), or -1. */
int32_t stream_zigzag_dim(const stream_loop_nest *nest, const char *name);
/* Id of the relation called `name` (upper case), or -1. */
int32_t stream_zigzag_relation(const stream_loop_nest *nest, const char *name);
/* Id of the operand called `name`, or -1. */
int32_t stream_zigzag_operand(const stream_loop_nest *nest, const char *name);

/* The memory operand that ZigZag and Stream give an operand of that name without being asked: O, I1
 * for I and A, I2 for W and B. False: there is none. */
bool stream_zigzag_default_link(const char *operand, stream_operand_class *out);

/* dimension_relations: "ix = 2*ox + 1*fx"; factors may be left out. Clips are left 0. */
STREAM_NODISCARD
stream_status stream_zigzag_read_relations(const stream_yaml *list, stream_arena *arena,
                                           const stream_diag *diag, stream_loop_nest *nest);

/* "O[b][k] += W[k][c] * I[b][c]": names and indices of the operands; `nest` has dims and relations.
 */
STREAM_NODISCARD
stream_status stream_zigzag_read_equation(const stream_yaml *node, stream_arena *arena,
                                          const stream_diag *diag, stream_loop_nest *nest);

#endif
