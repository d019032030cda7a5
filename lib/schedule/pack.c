/* Less of each memory, when all times are known; see stream/schedule/pack.h. */

#include "stream/schedule/pack.h"

#include "lay_out.h"
#include "postpone.h"

#include "stream/schedule/places.h"
#include "stream/support/integer.h"

/* What is no more than this part of the capacity above the most that is held is good. */
#define GOOD_PART 64

/* Transfers are made later for memories of up to so many buffers: the bounded work for a layout is
 * little for each of more. */
#define MOST_ITEMS 16384

/* For the layout of a memory; and with later transfers, which are the last resort, for one of few
 * buffers: many would need more still. */
#define WORK      ((int64_t)1 << 23)
#define MORE_WORK ((int64_t)1 << 25)
#define FEW_ITEMS 2048

typedef struct {
    int64_t extent;
    int32_t n_items;
} packed_memory;

typedef struct {
    const stream_schedule_problem *problem;
    const int64_t *held;     /* [n_instances] */
    bool is_later;           /* their transfers have been made later */
    packed_memory *memories; /* [n_instances] in the last layouts */
} packer;

static int64_t size_of(const packer *p, int32_t instance) {
    return p->problem->acc->instances[instance].size_bits;
}

static bool improve(void *user, int32_t instance, layout_item *items, int32_t n) {
    const packer *p = user;
    int64_t size = size_of(p, instance);
    int64_t work = p->is_later && n <= FEW_ITEMS ? MORE_WORK : WORK;
    bool found = stream_layout_improve(items, n, size, p->held[instance] + size / GOOD_PART, work);
    p->memories[instance] = (packed_memory){stream_layout_extent(items, n, size), n};
    return found;
}

static void lay_out(packer *p, bool offchip, stream_arena *arena, stream_schedule *s) {
    layout_finder finder = {offchip, improve, p};
    p->held = s->summary.peak_bits;
    stream_schedule_lay_out(p->problem, &finder, arena, s);
}

/* Memories of which too much is used beyond what is held. Returns the most, of the capacity; 0: of
 * none. */
static double find_loose(const packer *p, bool *loose) {
    double most = 0;
    for (int32_t i = 0; i < p->problem->acc->n_instances; ++i) {
        const packed_memory *m = &p->memories[i];
        int64_t size = size_of(p, i), more = m->extent - p->held[i];
        loose[i] = m->n_items <= MOST_ITEMS && more > size / GOOD_PART;
        if (loose[i] && (double)more / (double)size > most)
            most = (double)more / (double)size;
    }
    return most;
}

/* Once more with later transfers, if less of the memory with most of that is used then. */
static void pack_later(packer *p, bool *loose, double most, stream_arena *arena,
                       stream_schedule *s) {
    stream_schedule later = *s;
    stream_schedule_postpone(p->problem, loose, arena, &later);
    p->is_later = true;
    lay_out(p, false, arena, &later);
    if (find_loose(p, loose) < most)
        *s = later;
}

/* Most off-chip memories are so large that nothing is gained there. */
static bool may_gain_offchip(const packer *p, const stream_schedule *s, stream_arena *scratch) {
    int32_t offchip = p->problem->acc->offchip_instance;
    int64_t end = 0;
    size_t n;
    const stream_place *places = stream_schedule_places(p->problem, s, scratch, &n);
    for (size_t i = 0; i < n; ++i)
        if (places[i].instance == offchip)
            end = stream_max_i64(end, places[i].address + places[i].bits);
    return end - s->summary.peak_bits[offchip] > size_of(p, offchip) / GOOD_PART;
}

void stream_schedule_pack(const stream_schedule_problem *problem, stream_arena *arena,
                          stream_schedule *s) {
    stream_arena *scratch = stream_arena_create();
    size_t n = (size_t)problem->acc->n_instances;
    packer p = {.problem = problem, .memories = STREAM_NEW(scratch, packed_memory, n)};
    bool *loose = STREAM_NEW(scratch, bool, n);
    lay_out(&p, false, arena, s);
    double most = find_loose(&p, loose);
    if (most > 0)
        pack_later(&p, loose, most, arena, s);
    p.is_later = false;
    if (may_gain_offchip(&p, s, scratch)) /* last: later transfers need room there */
        lay_out(&p, true, arena, s);
    stream_arena_destroy(scratch);
}
