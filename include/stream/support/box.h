#ifndef STREAM_SUPPORT_BOX_H
#define STREAM_SUPPORT_BOX_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define STREAM_MAX_RANK 8

/* A half-open integer box: dimension d covers [lo[d], lo[d] + size[d]). Rank 0 is one point.
 * Entries past `rank` are 0, so boxes of equal value are equal bytes. */
typedef struct {
    int32_t rank;
    int32_t lo[STREAM_MAX_RANK];
    int32_t size[STREAM_MAX_RANK];
} stream_box;

bool stream_box_equal(const stream_box *a, const stream_box *b);
bool stream_box_is_empty(const stream_box *box);
int64_t stream_box_volume(const stream_box *box); /* elements; 1 for rank 0 */

static inline bool stream_box_overlaps(const stream_box *a, const stream_box *b) {
    for (int32_t d = 0; d < a->rank; ++d)
        if (a->lo[d] >= b->lo[d] + b->size[d] || b->lo[d] >= a->lo[d] + a->size[d])
            return false;
    return true;
}

static inline bool stream_box_contains(const stream_box *outer, const stream_box *inner) {
    for (int32_t d = 0; d < outer->rank; ++d)
        if (inner->lo[d] < outer->lo[d] ||
            inner->lo[d] + inner->size[d] > outer->lo[d] + outer->size[d])
            return false;
    return true;
}

/* The common part; false (and `*out` untouched) when there is none. */
bool stream_box_intersect(const stream_box *a, const stream_box *b, stream_box *out);
/* `a` minus `b` as disjoint boxes, at most 2 * rank of them, in a fixed order: `out` has room for
 * 2 * STREAM_MAX_RANK. Returns how many. Without overlap: `a` itself. */
int32_t stream_box_subtract(const stream_box *a, const stream_box *b, stream_box *out);
/* The same in place, where one box is left, or none: returns how many. -1: there would be more, and
 * `a` is as it was. */
int32_t stream_box_trim(stream_box *a, const stream_box *b);
/* The box [0, shape). */
stream_box stream_box_whole(int32_t rank, const int64_t *shape);

#ifdef __cplusplus
}
#endif

#endif
