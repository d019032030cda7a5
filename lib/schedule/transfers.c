/* Lists of transfers; see transfers.h. */

#include "transfers.h"

#include "stream/support/sort.h"

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

/* Moves each transfer keys[i].value to place i; the keys are used up. */
static void permute(stream_transfer *transfers, stream_keyed *keys, int64_t n) {
    for (int64_t i = 0; i < n; ++i) {
        stream_transfer first = transfers[i];
        int64_t at = i, from = keys[i].value;
        while (from != i) {
            transfers[at] = transfers[from];
            keys[at].value = at;
            at = from;
            from = keys[at].value;
        }
        transfers[at] = first;
        keys[at].value = at;
    }
}

void stream_transfers_sort(stream_transfer *transfers, size_t n) {
    stream_arena *scratch = stream_arena_create();
    stream_keyed *keys = STREAM_NEW(scratch, stream_keyed, n);
    for (size_t i = 0; i < n; ++i)
        keys[i] = (stream_keyed){(uint64_t)transfers[i].start, (int64_t)i};
    stream_sort_keyed(keys, n, STREAM_NEW(scratch, stream_keyed, n));
    permute(transfers, keys, (int64_t)n);
    stream_arena_destroy(scratch);
}
