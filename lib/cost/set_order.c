/* Iteration order of the reference's sets; see set_order.h. */

#include "set_order.h"

#include <string.h>

static const struct {
    const char *name;
    uint64_t hash;
} known[] = {
    {"B", 2274680621932004355u},  {"K", 808955158820251385u},   {"G", 1958728070581703856u},
    {"OX", 1754239838488883382u}, {"OY", 1775822064850599801u}, {"C", 1154411953581605750u},
    {"FX", 529600628638832194u},  {"FY", 1607686027741749687u}, {"D", 636768403010484021u},
    {"H", 388853881137512038u},   {"D0", 1727055815474479529u}, {"D1", 952080281078508718u},
    {"D2", 288157581728298642u},  {"D3", 763928329010528715u},  {"D4", 1587550174665574016u},
    {"D5", 1591247102258054261u}, {"D6", 1913118965590560477u}, {"D7", 562290893700798253u},
    {"D8", 2098785070031940016u}};

enum {
    MAX_SLOTS = 64
};

static bool hash_of(const stream_loop_nest *nest, int32_t dim, uint64_t *out) {
    for (size_t i = 0; i < sizeof known / sizeof *known; ++i)
        if (strcmp(known[i].name, nest->dims[dim].name) == 0) {
            *out = known[i].hash;
            return true;
        }
    return false;
}

/* Linear probing of nine slots, then a jump by the perturbed hash. False: it is there already. */
static bool put(int32_t *slots, uint64_t mask, uint64_t hash, int32_t dim) {
    uint64_t perturb = hash, i = hash & mask;
    for (;;) {
        uint64_t probes = i + 9 <= mask ? 9 : 0;
        for (uint64_t k = 0; k <= probes; ++k) {
            if (slots[i + k] == dim)
                return false;
            if (slots[i + k] < 0) {
                slots[i + k] = dim;
                return true;
            }
        }
        perturb >>= 5;
        i = (i * 5 + 1 + perturb) & mask;
    }
}

static void clear(int32_t *slots) {
    for (int32_t i = 0; i < MAX_SLOTS; ++i)
        slots[i] = -1;
}

/* The table grows to the next power of two above four times its load, in the old table's order. */
static uint64_t grow(const stream_loop_nest *nest, int32_t *slots, uint64_t mask, int32_t used) {
    int32_t old[MAX_SLOTS];
    uint64_t size = 8, hash = 0;
    memcpy(old, slots, sizeof old);
    while (size <= (uint64_t)used * 4)
        size *= 2;
    clear(slots);
    for (uint64_t i = 0; i <= mask; ++i)
        if (old[i] >= 0 && hash_of(nest, old[i], &hash))
            put(slots, size - 1, hash, old[i]);
    return size - 1;
}

int32_t stream_set_order(const stream_loop_nest *nest, int32_t *dims, int32_t n) {
    int32_t slots[MAX_SLOTS], unknown[STREAM_NEST_MAX_DIMS], n_unknown = 0, used = 0, m = 0;
    uint64_t mask = 7, hash;
    clear(slots);
    for (int32_t i = 0; i < n; ++i) {
        if (!hash_of(nest, dims[i], &hash)) {
            unknown[n_unknown++] = dims[i];
            continue;
        }
        if (!put(slots, mask, hash, dims[i]))
            continue;
        used++;
        if ((uint64_t)used * 5 >= mask * 3)
            mask = grow(nest, slots, mask, used);
    }
    for (uint64_t i = 0; i <= mask; ++i)
        if (slots[i] >= 0)
            dims[m++] = slots[i];
    for (int32_t i = 0; i < n_unknown; ++i)
        dims[m++] = unknown[i];
    return m;
}
