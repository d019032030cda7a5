#ifndef STREAM_IMPORT_ZIGZAG_MAPPING_H
#define STREAM_IMPORT_ZIGZAG_MAPPING_H

#include "stream/cost/loma.h"
#include "stream/cost/spatial.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A mapping file of ZigZag: what is decided about layers before the search. */

/* A loop by name, in upper case. */
typedef struct {
    const char *name; /* NULL: the separator ['*', '*'] of a temporal ordering */
    int64_t factor;   /* > 0; 0: '*', any */
    stream_loc loc;
} stream_zigzag_loop;

typedef struct {
    const char *operand; /* "O", "W" ... */
    stream_operand_class memory;
    stream_loc loc;
} stream_zigzag_link;

/* What the file says about one array dim. */
typedef struct {
    int32_t array_dim; /* 0 is D1 */
    const stream_zigzag_loop *loops;
    int32_t n_loops;
    stream_loc loc;
} stream_zigzag_array_dim;

typedef enum {
    STREAM_ZIGZAG_UNSAID,
    STREAM_ZIGZAG_UNEVEN,
    STREAM_ZIGZAG_EVEN
} stream_zigzag_evenness;

/* An entry of the file: for the layer, or the operator type, of that name; or "default". */
typedef struct {
    const char *name;
    const stream_zigzag_array_dim *spatial; /* spatial_mapping */
    int32_t n_spatial;
    const stream_zigzag_array_dim *hints; /* spatial_mapping_hint; factors are 0 */
    int32_t n_hints;
    const stream_zigzag_link *links; /* memory_operand_links; none: the default ones */
    int32_t n_links;
    const stream_zigzag_loop *ordering; /* temporal_ordering, innermost first */
    int32_t n_ordering;
    stream_zigzag_evenness evenness; /* temporal_mapping_type */
    stream_loc loc;
} stream_zigzag_rule;

typedef struct {
    const stream_zigzag_rule *rules;
    int32_t n_rules;
    stream_loc loc;
} stream_zigzag_mapping;

/* Reads a mapping file of ZigZag: a list of entries with `name`, `spatial_mapping`
 * ({D1: ["OX, 25"]}, {D1: [OX, 25]} or {D1: [[OX, 25], [FX, 2]]}), `spatial_mapping_hint` ({D1:
 * [K]}), `memory_operand_links` ({O: O, W: I2, I: I1}), `temporal_ordering` ([[OX, 7], [K, '*']]),
 * `temporal_mapping_type` (even, uneven) and `core_allocation` (checked, not used).
 *
 * path   borrowed: for messages
 * bytes  [n], borrowed
 * out    in `arena`
 * errs   INVALID with file, line and column;  LIMIT: file too large */
STREAM_NODISCARD
stream_status stream_zigzag_mapping_import(const char *path, const void *bytes, size_t n,
                                           stream_arena *arena, const stream_diag *diag,
                                           stream_zigzag_mapping *out);

/* The entry for a layer: by its name, else by its operator type, else "default"; NULL: none.
 * name  may be NULL */
const stream_zigzag_rule *stream_zigzag_mapping_find(const stream_zigzag_mapping *mapping,
                                                     const char *name, const char *operator_type);

/* Sets the memory operand of every operand of `nest` as the entry says. Several inputs may share I1
 * or I2: they share its memories and ports. rule   NULL, or without links: O in O, I and A in I1, W
 * and B in I2 layer  its name, for messages errs   INVALID with the location in the mapping file,
 * or of the layer: an operand without a memory operand, an input in O, the output elsewhere */
STREAM_NODISCARD
stream_status stream_zigzag_rule_link(const stream_zigzag_rule *rule, const char *layer,
                                      const stream_diag *diag, stream_loop_nest *nest);

/* An entry as one layer and one core see it. Loops that the layer does not have are left out. */
typedef struct {
    bool has_spatial;               /* the entry gives or hints an array dim */
    stream_spatial_request spatial; /* count 1, not mixed */
    stream_loop_pin inner[STREAM_MAP_MAX_LOOPS], outer[STREAM_MAP_MAX_LOOPS]; /* see loma.h */
    int32_t n_inner, n_outer;
    stream_zigzag_evenness evenness;
} stream_zigzag_choice;

/* What `rule` says about a layer.
 *
 * rule   NULL: nothing is said
 * model  a zigzag model: the separator ['*', '*'] is dropped as ZigZag does [Q], so that what
 *        follows it is pinned right after what precedes it; exact: what follows is outermost
 * layer  its name, for messages
 * errs   INVALID with the location in the mapping file: an array dim that the core does not have;
 *        exact: more unrolled over one than it has units (zigzag models: a warning); a
 *        zigzag model: two operands in one memory operand, as there
 * A loop of `temporal_ordering` that the layer does not have is a warning. */
STREAM_NODISCARD
stream_status stream_zigzag_rule_apply(const stream_zigzag_rule *rule, const stream_core *core,
                                       stream_cost_model model, const char *layer,
                                       const stream_loop_nest *nest, const stream_diag *diag,
                                       stream_zigzag_choice *out);

#ifdef __cplusplus
}
#endif

#endif
