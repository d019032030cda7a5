// RUN: unit-schedule-residency

/* Residency: random schedules executed on memories whose cells say which element of which version
 * of which tensor they hold. */

#include "stream/schedule/residency.h"

#include "random_instance.h"

#include <string.h>

/* One cell per bit address: the tag of the element that begins there; 0: nothing. */
typedef struct {
    const stream_ct_graph *graph;
    const stream_schedule_problem *problem;
    const stream_schedule *schedule;
    stream_residency residency;
    uint64_t **cells; /* [n_instances][bits + 1] */
    int32_t *version; /* [n_cts] how many CTs wrote the box before, and this one */
    bool wrong;
} machine;

static uint64_t tag_of(int32_t tensor, int32_t version, int64_t element) {
    return (uint64_t)(tensor + 1) << 48 | (uint64_t)version << 32 | (uint64_t)element;
}

/* Row-major index of `at` inside `box`. */
static int64_t index_in(const stream_box *box, const int32_t *at) {
    int64_t index = 0;
    for (int32_t d = 0; d < box->rank; ++d)
        index = index * box->size[d] + at[d] - box->lo[d];
    return index;
}

static bool next_element(const stream_box *box, int32_t *at) {
    for (int32_t d = box->rank; d-- > 0;) {
        if (++at[d] < box->lo[d] + box->size[d])
            return true;
        at[d] = box->lo[d];
    }
    return false;
}

static uint64_t *cell(machine *m, int32_t instance, int64_t address, int32_t tensor,
                      const stream_box *buffer, const int32_t *at) {
    int64_t bit = stream_residency_address(&m->residency, instance, address) +
                  index_in(buffer, at) * m->graph->tensors[tensor].element_bits;
    static uint64_t outside;
    outside = 0;
    return bit < m->residency.memories[instance].bits ? &m->cells[instance][bit] : &outside;
}

static int64_t whole_index(const machine *m, int32_t tensor, const int32_t *at) {
    const stream_tensor *t = &m->graph->tensors[tensor];
    stream_box whole = stream_box_whole(t->rank, t->shape);
    return index_in(&whole, at);
}

static void clear(machine *m, int32_t instance, int64_t address, int32_t tensor,
                  const stream_box *box) {
    int64_t bits = stream_ct_graph_bits(m->graph, tensor, box);
    int64_t first = stream_residency_address(&m->residency, instance, address);
    for (int64_t b = first; b < first + bits && b < m->residency.memories[instance].bits; ++b)
        m->cells[instance][b] = 0;
}

static void write_box(machine *m, int32_t instance, int64_t address, int32_t tensor,
                      const stream_box *box, int32_t version) {
    int32_t at[STREAM_MAX_RANK];
    memcpy(at, box->lo, sizeof at);
    do
        *cell(m, instance, address, tensor, box, at) =
            tag_of(tensor, version, whole_index(m, tensor, at));
    while (next_element(box, at));
}

static void expect_piece(machine *m, int32_t tensor, const stream_residency_piece *piece,
                         int32_t version) {
    int32_t at[STREAM_MAX_RANK];
    memcpy(at, piece->piece.lo, sizeof at);
    do {
        uint64_t found = *cell(m, piece->instance, piece->address, tensor, &piece->buffer, at);
        if (found != tag_of(tensor, version, whole_index(m, tensor, at)))
            m->wrong = true;
    } while (next_element(&piece->piece, at));
}

/* Copies tags, whatever they are: a copy of the wrong data shows where it is read. */
static void copy_box(machine *m, const stream_residency_piece *from, int32_t tensor,
                     int32_t instance, int64_t address) {
    int32_t at[STREAM_MAX_RANK];
    memcpy(at, from->piece.lo, sizeof at);
    do
        *cell(m, instance, address, tensor, &from->piece, at) =
            *cell(m, from->instance, from->address, tensor, &from->buffer, at);
    while (next_element(&from->piece, at));
}

static int32_t output_instance(const machine *m, int32_t c) {
    return stream_schedule_instance(m->problem, m->graph->cts[c].kernel, m->schedule->slots[c].core,
                                    STREAM_O);
}

/* The number of the version that `reader` (n_cts: the end) sees of the part of the tensor at `lo`.
 */
static int32_t version_seen(const machine *m, int32_t tensor, const stream_box *piece,
                            int32_t reader) {
    int32_t version = 0;
    for (int32_t c = 0; c < reader; ++c)
        if (m->graph->cts[c].tensor == tensor && stream_box_overlaps(&m->graph->cts[c].box, piece))
            version = m->version[c] > version ? m->version[c] : version;
    return version;
}

/* Pieces cover `box` exactly once, and hold what they should. A piece may span several writers:
 * then all boxes have been written equally often in these instances, or the tags are compared one
 * by one. */
static void expect_read(machine *m, int32_t tensor, const stream_box *box, int32_t first,
                        int32_t end, int32_t reader) {
    int64_t volume = 0;
    for (int32_t p = first; p < end; ++p) {
        const stream_residency_piece *piece = &m->residency.pieces[p];
        volume += stream_box_volume(&piece->piece);
        m->wrong |= !stream_box_contains(box, &piece->piece) ||
                    !stream_box_contains(&piece->buffer, &piece->piece);
        for (int32_t q = first; q < p; ++q)
            m->wrong |= stream_box_overlaps(&m->residency.pieces[q].piece, &piece->piece);
        expect_piece(m, tensor, piece, version_seen(m, tensor, &piece->piece, reader));
    }
    m->wrong |= volume != stream_box_volume(box);
}

static void run_ct(machine *m, int32_t c) {
    const stream_ct *ct = &m->graph->cts[c];
    for (int32_t r = ct->first_read; r < ct->first_read + ct->n_reads; ++r)
        expect_read(m, m->graph->reads[r].tensor, &m->graph->reads[r].box,
                    m->residency.read_first[r], m->residency.read_first[r + 1], c);
    stream_residency_piece own = {output_instance(m, c), m->schedule->slots[c].address, ct->box,
                                  ct->box};
    if (ct->accumulates)
        expect_piece(m, ct->tensor, &own, m->version[c] - 1);
    write_box(m, own.instance, own.address, ct->tensor, &ct->box, m->version[c]);
}

static void run_event(machine *m, const stream_residency_event *e) {
    if (e->is_ct && !e->begins)
        run_ct(m, e->id);
    else if (e->is_ct && !m->graph->cts[e->id].accumulates)
        clear(m, output_instance(m, e->id), m->schedule->slots[e->id].address,
              m->graph->cts[e->id].tensor, &m->graph->cts[e->id].box);
    const stream_transfer *t = e->is_ct ? NULL : &m->schedule->transfers[e->id];
    for (int32_t i = 0; t && i < t->n_targets; ++i) {
        const stream_transfer_target *to = &t->targets[i];
        if (e->begins)
            clear(m, to->instance, to->address, t->tensor, &t->box);
        else
            copy_box(m, &m->residency.sources[e->id], t->tensor, to->instance, to->address);
    }
}

static void prepare(machine *m, stream_arena *arena) {
    const stream_accelerator *acc = m->problem->acc;
    m->cells = STREAM_NEW(arena, uint64_t *, (size_t)acc->n_instances);
    for (int32_t i = 0; i < acc->n_instances; ++i)
        m->cells[i] = STREAM_NEW(arena, uint64_t, (size_t)m->residency.memories[i].bits + 1);
    m->version = STREAM_NEW(arena, int32_t, (size_t)m->graph->n_cts);
    for (int32_t c = 0; c < m->graph->n_cts; ++c) {
        m->version[c] = 1;
        for (int32_t b = 0; b < c; ++b)
            m->version[c] += m->graph->cts[b].tensor == m->graph->cts[c].tensor &&
                             stream_box_equal(&m->graph->cts[b].box, &m->graph->cts[c].box);
    }
    for (int32_t r = 0; r < m->schedule->n_residents; ++r) {
        const stream_resident *resident = &m->schedule->residents[r];
        const stream_tensor *t = &m->graph->tensors[resident->tensor];
        stream_box whole = stream_box_whole(t->rank, t->shape);
        write_box(m, acc->offchip_instance, resident->address, resident->tensor, &whole, 0);
    }
}

static bool execute(machine *m, stream_arena *arena) {
    prepare(m, arena);
    for (int32_t i = 0; i < m->residency.n_events; ++i)
        run_event(m, &m->residency.events[i]);
    for (int32_t t = 0; t < m->graph->n_tensors; ++t) {
        const stream_tensor *tensor = &m->graph->tensors[t];
        stream_box whole = stream_box_whole(tensor->rank, tensor->shape);
        if (tensor->kind == STREAM_TENSOR_INTERMEDIATE &&
            stream_tensor_output_box(tensor, &whole, &whole))
            expect_read(m, t, &whole, m->residency.final_first[t], m->residency.final_first[t + 1],
                        m->graph->n_cts);
    }
    return !m->wrong;
}

static bool runs_right(random_instance *r, const stream_schedule *schedule) {
    machine m = {.graph = r->problem.graph, .problem = &r->problem, .schedule = schedule};
    stream_status status =
        stream_residency_build(&r->problem, schedule, r->arena, &r->diag, &m.residency);
    return status == STREAM_OK && execute(&m, r->arena);
}

/* Without transfer `t`, something is missing, or is read wrong. */
static bool runs_without(random_instance *r, const stream_schedule *schedule, int32_t t) {
    stream_schedule less = *schedule;
    int32_t n = schedule->n_transfers;
    stream_transfer *kept = STREAM_NEW(r->arena, stream_transfer, (size_t)n);
    memcpy(kept, schedule->transfers, (size_t)t * sizeof *kept);
    memcpy(kept + t, schedule->transfers + t + 1, (size_t)(n - t - 1) * sizeof *kept);
    less.transfers = kept;
    less.n_transfers = n - 1;
    return runs_right(r, &less);
}

/* ---- buffers far apart: what lies between them is left out */

enum {
    SPREAD_BITS = 4096
};

static int64_t spread(int64_t address) {
    return address + address / SPREAD_BITS * ((int64_t)1 << 40);
}

static void *copy_of(random_instance *r, const void *records, size_t n, size_t bytes) {
    char *copy = stream_arena_alloc(r->arena, n + 1, bytes);
    if (n)
        memcpy(copy, records, n * bytes);
    return copy;
}

static stream_schedule spread_schedule(random_instance *r, const stream_schedule *s) {
    stream_schedule far = *s;
    stream_ct_slot *slots = copy_of(r, s->slots, (size_t)r->graph.n_cts, sizeof *slots);
    stream_ct_stream *streams = copy_of(r, s->streams, (size_t)s->n_streams, sizeof *streams);
    stream_resident *residents =
        copy_of(r, s->residents, (size_t)s->n_residents, sizeof *residents);
    stream_transfer *transfers =
        copy_of(r, s->transfers, (size_t)s->n_transfers, sizeof *transfers);
    for (int32_t i = 0; i < r->graph.n_cts; ++i)
        slots[i].address = spread(slots[i].address);
    for (int32_t i = 0; i < s->n_streams; ++i)
        streams[i].address = spread(streams[i].address);
    for (int32_t i = 0; i < s->n_residents; ++i)
        residents[i].address = spread(residents[i].address);
    for (int32_t i = 0; i < s->n_transfers; ++i) {
        stream_transfer *t = &transfers[i];
        stream_transfer_target *targets =
            copy_of(r, t->targets, (size_t)t->n_targets, sizeof *targets);
        t->source_address = spread(t->source_address);
        for (int32_t k = 0; k < t->n_targets; ++k)
            targets[k].address = spread(targets[k].address);
        t->targets = targets;
    }
    far.slots = slots;
    far.streams = streams;
    far.residents = residents;
    far.transfers = transfers;
    return far;
}

static void check_spread(random_instance *r, const stream_schedule *schedule, int *n_left_out) {
    stream_schedule far_apart = spread_schedule(r, schedule);
    stream_residency near, far;
    CHECK(runs_right(r, &far_apart));
    CHECK_EQ(stream_residency_build(&r->problem, schedule, r->arena, &r->diag, &near), STREAM_OK);
    CHECK_EQ(stream_residency_build(&r->problem, &far_apart, r->arena, &r->diag, &far), STREAM_OK);
    for (int32_t i = 0; i < r->acc.n_instances; ++i) {
        const stream_residency_memory *memory = &far.memories[i];
        CHECK(memory->bits <= (memory->n + 1) * (near.memories[i].bits + 512));
        *n_left_out += memory->n;
    }
}

static void check_seed(unsigned seed, int *dropped, int *unnoticed, int *n_left_out) {
    random_instance r;
    stream_schedule schedule;
    bool ok = random_instance_open(&r, seed);
    ok = ok && stream_schedule_build(&r.problem, STREAM_PRIORITY_LATENCY, r.arena, &r.diag,
                                     &schedule) == STREAM_OK;
    ok = ok && runs_right(&r, &schedule);
    if (!ok)
        printf("# seed %u: %s\n", seed, r.text);
    CHECK(ok);
    if (ok && schedule.n_transfers) {
        ++*dropped;
        *unnoticed += runs_without(&r, &schedule, (int32_t)(seed % (unsigned)schedule.n_transfers));
    }
    if (ok)
        check_spread(&r, &schedule, n_left_out);
    random_instance_close(&r);
}

int main(void) {
    int dropped = 0, unnoticed = 0, n_left_out = 0;
    for (unsigned seed = 1; seed <= 150; ++seed)
        check_seed(seed, &dropped, &unnoticed, &n_left_out);
    printf("# %d of %d dropped transfers go unnoticed\n", unnoticed, dropped);
    CHECK(dropped > 100 && unnoticed * 20 <= dropped);
    CHECK(n_left_out > 100);
    return test_done();
}
