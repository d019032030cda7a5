#ifndef STREAM_LIB_SCHEDULE_PATCHES_H
#define STREAM_LIB_SCHEDULE_PATCHES_H

#include "rests.h"

/* The same as rests.h for data that has cells and is read in boxes that differ along two axes alone
 * (datum_axes.is_plane): its buffers are compared along these, by what their cells know of them. */

/* What of the box, a need of the datum, is in none of the n buffers of the datum, one after the
 * other. The rests are those that stream_rests_cut leaves. False: too scattered. */
bool stream_patches_cut(const engine *e, int32_t datum, const stream_box *box, const int32_t *ids,
                        int32_t n, box_rests *out);

#endif
