/* Less of each memory, when all times are known; see stream/schedule/pack.h. */

#include "stream/schedule/pack.h"

#include "lay_out.h"

/* What is no more than this part of the capacity above the most that is held is good. */
#define GOOD_PART 64

typedef struct {
    const stream_accelerator *acc;
    const int64_t *held; /* [n_instances] */
} improver;

static bool improve(void *user, int32_t instance, layout_item *items, int32_t n) {
    const improver *i = user;
    int64_t size = i->acc->instances[instance].size_bits;
    return stream_layout_improve(items, n, size, i->held[instance] + size / GOOD_PART);
}

void stream_schedule_pack(const stream_schedule_problem *problem, stream_arena *arena,
                          stream_schedule *s) {
    improver i = {problem->acc, s->summary.peak_bits};
    stream_schedule_lay_out(problem, &(layout_finder){improve, &i}, arena, s);
}
