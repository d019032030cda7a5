#ifndef STREAM_LIB_IMPORT_OPERATOR_NAMES_H
#define STREAM_LIB_IMPORT_OPERATOR_NAMES_H

#include <stdbool.h>

/* The names of operators that cores list: ONNX', whether networks with them are read or not, those
 * of common operators of ONNX Runtime, and those that linalg ops get. Upper and lower case are one,
 * as for stream_core_runs. */

bool stream_operator_is_known(const char *name);

/* The known name with the fewest changes from it (letters added, left out, replaced, or swapped
 * with the next); NULL: none is within 2, and within a third of its letters. */
const char *stream_operator_nearest(const char *name);

#endif
