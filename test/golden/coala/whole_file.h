#ifndef GOLDEN_COALA_WHOLE_FILE_H
#define GOLDEN_COALA_WHOLE_FILE_H

#include "stream/support/arena.h"

/* All bytes of a file, gzipped or not, and a NUL, in `arena`. NULL: it cannot be read, has 1 GiB or
 * more, or is compressed and damaged, cut off or followed by something else. */
char *read_whole_file(const char *path, stream_arena *arena);

#endif
