/* Events of many owners in the order of time; see context.h. */

#include "context.h"

const stream_keyed *check_timelines(const check_event *events, size_t n, int32_t n_owners,
                                    size_t *first, stream_arena *arena) {
    stream_keyed *items = STREAM_NEW(arena, stream_keyed, n);
    stream_keyed *spare = STREAM_NEW(arena, stream_keyed, n);
    for (int32_t i = 0; i <= n_owners; ++i)
        first[i] = 0;
    for (size_t i = 0; i < n; ++i)
        first[events[i].owner + 1]++;
    for (int32_t i = 0; i < n_owners; ++i)
        first[i + 1] += first[i];
    for (size_t i = 0; i < n; ++i)
        items[first[events[i].owner]++] = events[i].at;
    for (int32_t i = n_owners; i > 0; --i)
        first[i] = first[i - 1];
    first[0] = 0;
    for (int32_t i = 0; i < n_owners; ++i)
        stream_sort_keyed(&items[first[i]], first[i + 1] - first[i], spare);
    return items;
}
