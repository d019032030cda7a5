/* Iteration order of the reference's sets; see set_order.h. */

#include "set_order.h"

#include <string.h>

static const struct {
    const char *name;
    uint64_t hash;
} known[] = {
    {"B", 2274680621932004355u},   {"K", 808955158820251385u},    {"G", 1958728070581703856u},
    {"OX", 1754239838488883382u},  {"OY", 1775822064850599801u},  {"C", 1154411953581605750u},
    {"FX", 529600628638832194u},   {"FY", 1607686027741749687u},  {"D", 636768403010484021u},
    {"H", 388853881137512038u},    {"D0", 1727055815474479529u},  {"D1", 952080281078508718u},
    {"D2", 288157581728298642u},   {"D3", 763928329010528715u},   {"D4", 1587550174665574016u},
    {"D5", 1591247102258054261u},  {"D6", 1913118965590560477u},  {"D7", 562290893700798253u},
    {"D8", 2098785070031940016u},  {"D9", 990858512037038490u},   {"D10", 1176839928265643823u},
    {"D11", 1727549111427797698u}, {"D12", 394955847823096289u},  {"D13", 1700214053589613192u},
    {"D14", 305627202268077591u},  {"D15", 1644923353080023116u}, {"D16", 972828371139074159u},
    {"D17", 1145186315523093856u}, {"D18", 1082443487194821666u}, {"D19", 1876181374294097690u},
    {"A", 1705486087157893687u},   {"E", 564946226948278209u},    {"F", 440259756602591478u},
    {"I", 2283074602402698526u},   {"J", 701748008576361746u},    {"L", 2302980178765517281u},
    {"M", 182999630034593796u},    {"N", 1158374948569209934u},   {"O", 2071932428758610657u},
    {"P", 2003612241353027285u},   {"Q", 1714102567358539742u},   {"R", 2194918576647775642u},
    {"S", 1026912823544997900u},   {"T", 504897303957496041u},    {"U", 38432933408457161u},
    {"V", 23861180216999563u},     {"W", 141486455288468090u},    {"X", 1804928216200141864u},
    {"Y", 1950996291605099553u},   {"Z", 382711120185673019u},    {"OZ", 426318468843309241u},
    {"FZ", 1704040369556682217u}};

static const uint64_t array_dim_hash[] = {
    2048910558639910025u, 386846459442819546u,  286093410687053097u,
    1190809941726157689u, 544822956181701485u,  1930959356683938573u,
    1379282334648076987u, 1590146085942940512u, 2260062065197120378u};

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

/* A set of items, each with its hash: slots hold positions in `item`. */
typedef struct {
    const int32_t *item;
    const uint64_t *hash;
    int32_t slots[MAX_SLOTS];
    uint64_t mask;
    int32_t used;
} hash_set;

/* Linear probing of nine slots, then a jump by the perturbed hash. False: it is there already. */
static bool put(hash_set *s, int32_t at) {
    uint64_t perturb = s->hash[at], i = s->hash[at] & s->mask;
    for (;;) {
        uint64_t probes = i + 9 <= s->mask ? 9 : 0;
        for (uint64_t k = 0; k <= probes; ++k) {
            int32_t *slot = &s->slots[i + k];
            if (*slot >= 0 && s->item[*slot] == s->item[at])
                return false;
            if (*slot < 0) {
                *slot = at;
                return true;
            }
        }
        perturb >>= 5;
        i = (i * 5 + 1 + perturb) & s->mask;
    }
}

static void clear(hash_set *s, uint64_t size) {
    s->mask = size - 1;
    for (int32_t i = 0; i < MAX_SLOTS; ++i)
        s->slots[i] = -1;
}

/* The table grows to the next power of two above four times its load, in the old table's order. */
static void grow(hash_set *s) {
    hash_set old = *s;
    uint64_t size = 8;
    while (size <= (uint64_t)s->used * 4)
        size *= 2;
    clear(s, size);
    for (uint64_t i = 0; i <= old.mask; ++i)
        if (old.slots[i] >= 0)
            put(s, old.slots[i]);
}

/* Positions in the order of iteration; returns how many are distinct. */
static int32_t iterate(const int32_t *item, const uint64_t *hash, int32_t n, int32_t *out) {
    hash_set s = {.item = item, .hash = hash};
    int32_t m = 0;
    clear(&s, 8);
    for (int32_t i = 0; i < n; ++i) {
        if (!put(&s, i))
            continue;
        s.used++;
        if ((uint64_t)s.used * 5 >= s.mask * 3)
            grow(&s);
    }
    for (uint64_t i = 0; i <= s.mask; ++i)
        if (s.slots[i] >= 0)
            out[m++] = s.slots[i];
    return m;
}

int32_t stream_set_order(const stream_loop_nest *nest, int32_t *dims, int32_t n) {
    int32_t item[STREAM_NEST_MAX_DIMS] = {0}, place[STREAM_NEST_MAX_DIMS],
            unknown[STREAM_NEST_MAX_DIMS];
    uint64_t hash[STREAM_NEST_MAX_DIMS] = {0};
    int32_t n_known = 0, n_unknown = 0, m = 0;
    for (int32_t i = 0; i < n; ++i) {
        if (!hash_of(nest, dims[i], &hash[n_known]))
            unknown[n_unknown++] = dims[i];
        else
            item[n_known++] = dims[i];
    }
    n_known = iterate(item, hash, n_known, place);
    for (int32_t i = 0; i < n_known; ++i)
        dims[m++] = item[place[i]];
    for (int32_t i = 0; i < n_unknown; ++i)
        dims[m++] = unknown[i];
    return m;
}

int32_t stream_set_first_array_dim(const bool *in_set, int32_t n) {
    enum {
        KNOWN = sizeof array_dim_hash / sizeof *array_dim_hash
    };
    int32_t all[KNOWN], sorted[KNOWN], place[KNOWN], m = 0;
    uint64_t hash[KNOWN] = {0};
    for (int32_t x = 0; x < KNOWN; ++x)
        all[x] = x;
    n = iterate(all, array_dim_hash, n < KNOWN ? n : KNOWN, place);
    for (int32_t i = 0; i < n; ++i)
        if (in_set[place[i]]) {
            hash[m] = array_dim_hash[place[i]];
            sorted[m++] = place[i];
        }
    return m > 0 && iterate(sorted, hash, m, place) > 0 ? sorted[place[0]] : -1;
}
