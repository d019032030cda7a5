/* Multiset permutations by prefix shifts; see permute.h. */

#include "permute.h"

void stream_permutation_start(stream_permutation *p, const int32_t *descending_keys, int32_t n) {
    *p = (stream_permutation){.n = n, .i = n > 1 ? n - 2 : 0, .j = n - 1};
    for (int32_t k = 0; k < n; ++k) {
        p->key[k] = descending_keys[k];
        p->next[k] = k + 1 < n ? k + 1 : -1;
    }
}

void stream_permutation_read(const stream_permutation *p, int32_t *items) {
    int32_t n = 0;
    for (int32_t k = p->head; k >= 0; k = p->next[k])
        items[n++] = k;
}

bool stream_permutation_next(stream_permutation *p) {
    if (p->n == 0 || (p->next[p->j] < 0 && p->key[p->j] >= p->key[p->head]))
        return false;
    bool last = p->next[p->j] < 0 || p->key[p->i] < p->key[p->next[p->j]];
    int32_t s = last ? p->i : p->j, t = p->next[s];
    p->next[s] = p->next[t];
    p->next[t] = p->head;
    if (p->key[t] < p->key[p->head])
        p->i = t;
    p->j = p->next[p->i];
    p->head = t;
    return true;
}
