/* Lists of transfers; see transfers.h. */

#include "transfers.h"

int32_t stream_transfers_count_targets(const stream_schedule *s) {
    int32_t n = 0;
    for (int32_t i = 0; i < s->n_transfers; ++i)
        n += s->transfers[i].n_targets;
    return n;
}

stream_transfer *stream_transfers_copy(const stream_schedule *s, stream_arena *arena,
                                       stream_transfer_target **out_targets) {
    stream_transfer *transfers =
        stream_arena_copy(arena, s->transfers, (size_t)s->n_transfers, sizeof *s->transfers);
    stream_transfer_target *next =
        STREAM_NEW(arena, stream_transfer_target, (size_t)stream_transfers_count_targets(s));
    *out_targets = next;
    for (int32_t i = 0; i < s->n_transfers; ++i) {
        stream_transfer *t = &transfers[i];
        for (int32_t k = 0; k < t->n_targets; ++k)
            next[k] = t->targets[k];
        t->targets = next;
        next += t->n_targets;
    }
    return transfers;
}
