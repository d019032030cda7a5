/* A lower bound on the energy: every CT on its cheapest core, the traffic that no schedule avoids,
 * and what cores take standing by while the shortest schedule lasts.
 *
 *   E >= sum_i min_c e_ic
 *      + sum_s  in_so  * min_c (r_offchip + way_c + w_co)      inputs and constants that CTs of set
 *                                                               s read as operand o
 *      + sum_s  out_s  * min_c (r_cO + way_c + w_offchip)      results that they finish
 *      + sum_ws between_ws * (min_c r_cO + way_ws + min_co w_co) what CTs of set w write for those
 *                                                               of s and no memory is seen by both
 *      + sum_c  round(static_c * T)
 *
 * - in, out, between: bits, each element once (bound_needs.h); the first two over cores c of s, and
 *   nothing where the memory that the core sees is off-chip memory itself;
 * - e_ic: energy of CT i on core c, over the cores that may run it; with the off-chip accesses of
 *   what it streams wherever it runs, and the way for each of those bits (R9: they are no part of
 *   the rest);
 * - r, w: least energy per bit of any read (write) port of a memory;
 * - way: least energy per bit of the links of any path from off-chip memory, or from set to set;
 * - T: a lower bound on the latency. The energy of a schedule has static_c * latency, rounded in
 *   the same way, which does not fall as the latency rises.
 *
 * What holds for any assignment holds for a given one, too, and an element that several sets read
 * is counted for one of them, which may be a cheaper one if the cores are given: the public bound
 * takes the larger.
 *
 * Each of those elements leaves the memory that it is in at first, crosses links, and is written
 * into the memory that it is needed in, by one transfer or several. They are different data, so
 * nothing is counted twice. Of a tree of links to several memories a path to each is a part.
 *
 * A link takes round(n * e) fJ for n bits of one transfer, where e is its energy per bit. A
 * transfer has at least m bits, those of the smallest element. Let k = round(m * e) and n >= m:
 *
 *   round(n e) = R >= k, and n e < R + 1/2, so  round(n e) >= n e * R / (R + 1/2)
 *                                                          >= n * e k / (k + 1/2)
 *   round(n e) >= n * floor(e)
 *
 * So the larger of the two is per bit what no transfer is below; the same for ports, with accesses
 * of at least 1 in place of bits, and n <= accesses * min(width, M), where no transfer has more
 * than M bits: those of the largest input or constant; of what CTs wrote, of the largest box of
 * one, as a transfer moves a part of one version. They are kept in units of 2^-20 fJ, rounded down;
 * the sum is rounded down once. */

#include "bound_latency.h"

#include "stream/support/integer.h"

#include <math.h>

#define UNITS (1 << 20)

typedef struct {
    const bounds *b;
    bound_ways *ways;
    const int64_t *read, *write;              /* [n_instances] per bit of inputs, constants */
    const int64_t *read_made, *write_made;    /* the same of what CTs wrote */
    const int64_t *links, *way;               /* [n_links], [n_places] from off-chip */
    const int64_t *stream_links, *stream_way; /* the same of streams, of at least one bit */
} adder;

/* Units of e fJ for one, of at least `least` at once. */
static int64_t units_of(double fj, double least) {
    double k = floor(fj * least * (1 - 1e-12) + 0.5), by_most = fj * k / (k + 0.5) * (1 - 1e-12);
    double units = floor((by_most > floor(fj) ? by_most : floor(fj)) * UNITS);
    return units < (double)(INT64_MAX / 8) ? (int64_t)units : INT64_MAX / 8;
}

static int64_t least_element(const stream_ct_graph *g) {
    int64_t least = INT64_MAX;
    for (int32_t t = 0; t < g->n_tensors; ++t)
        least = stream_min_i64(least, g->tensors[t].element_bits);
    return g->n_tensors > 0 ? least : 1;
}

/* Bits of the largest input or constant, and of the largest box that a CT writes. */
static void find_most(const stream_ct_graph *g, int64_t *out_given, int64_t *out_made) {
    *out_given = *out_made = 1;
    for (int32_t t = 0; t < g->n_tensors; ++t) {
        stream_box all = {.rank = g->tensors[t].rank};
        for (int32_t d = 0; d < all.rank; ++d)
            all.size[d] = (int32_t)g->tensors[t].shape[d];
        if (g->tensors[t].kind != STREAM_TENSOR_INTERMEDIATE)
            *out_given = stream_max_i64(*out_given, stream_ct_graph_bits(g, t, &all));
    }
    for (int32_t i = 0; i < g->n_cts; ++i)
        *out_made =
            stream_max_i64(*out_made, stream_ct_graph_bits(g, g->cts[i].tensor, &g->cts[i].box));
}

static const int64_t *links_of(const stream_accelerator *acc, int64_t least_bits,
                               stream_arena *arena) {
    int64_t *units = STREAM_NEW(arena, int64_t, (size_t)acc->n_links);
    for (int32_t l = 0; l < acc->n_links; ++l)
        units[l] = units_of(acc->links[l].pj_per_bit * 1000, (double)least_bits);
    return units;
}

/* Of transfers of up to most_bits. */
static const int64_t *ports_of(const stream_accelerator *acc, bool write, int64_t most_bits,
                               stream_arena *arena) {
    int64_t *units = STREAM_NEW(arena, int64_t, (size_t)acc->n_instances);
    for (int32_t m = 0; m < acc->n_instances; ++m) {
        const stream_instance *of = &acc->instances[m];
        const stream_memory *memory = &acc->cores[of->core].memories[of->level];
        int64_t access = units_of((write ? memory->write_pj : memory->read_pj) * 1000, 1);
        int64_t least = INT64_MAX;
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
            int32_t port = stream_accelerator_port(acc, m, (stream_operand_class)o, write);
            if (port >= 0)
                least = stream_min_i64(
                    least, access / stream_min_i64(acc->resources[port].bandwidth_bits, most_bits));
        }
        units[m] = least == INT64_MAX ? 0 : least;
    }
    return units;
}

static const int64_t *ways_from(const adder *a, const int64_t *links, const bool *cores,
                                stream_arena *arena) {
    int64_t *out = STREAM_NEW(arena, int64_t, (size_t)a->ways->n_places);
    bool *places = STREAM_NEW(arena, bool, (size_t)a->ways->n_places);
    for (int32_t c = 0; c < a->b->acc->n_cores; ++c)
        places[a->ways->place[c]] |= cores ? cores[c] : c == a->b->acc->offchip_core;
    stream_bound_distances(a->ways, links, places, arena, out);
    return out;
}

/* Is the core of the set; of -1: of any? */
static bool is_in(const bounds *b, int32_t set, int32_t core) {
    return set < 0 ? b->acc->cores[core].kind == STREAM_CORE_COMPUTE
                   : stream_bound_set_cores(b->sets, set)[core];
}

/* The least per bit from off-chip memory to where a CT of the set has the operand, or back. */
static int64_t offchip_units(const adder *a, int32_t set, int32_t operand, bool back) {
    const stream_accelerator *acc = a->b->acc;
    int32_t offchip = acc->offchip_instance;
    int64_t least = INT64_MAX;
    for (int32_t c = 0; c < acc->n_cores; ++c) {
        int32_t m = acc->top[c * STREAM_N_OPERANDS + operand];
        if (m < 0 || !is_in(a->b, set, c))
            continue;
        int64_t ports = back ? stream_sum_i64(a->read_made[m], a->write_made[offchip])
                             : stream_sum_i64(a->read[offchip], a->write[m]);
        int64_t units = stream_sum_i64(ports, a->way[a->ways->place[c]]);
        least = stream_min_i64(least, m == offchip ? 0 : units);
    }
    return least == INT64_MAX ? 0 : least;
}

static int64_t stream_units(const adder *a, int32_t set) {
    int64_t least = INT64_MAX;
    for (int32_t c = 0; c < a->b->acc->n_cores; ++c)
        if (is_in(a->b, set, c))
            least = stream_min_i64(least, a->stream_way[a->ways->place[c]]);
    return least == INT64_MAX ? 0 : least;
}

/* Of sets that are apart: the least per bit from where one writes to where the other reads. */
static int64_t between_units(const adder *a, int32_t from, int32_t to, const int64_t *way) {
    const stream_accelerator *acc = a->b->acc;
    int64_t read = INT64_MAX, rest = INT64_MAX;
    for (int32_t c = 0; c < acc->n_cores; ++c)
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
            int32_t m = acc->top[c * STREAM_N_OPERANDS + o];
            if (m >= 0 && o == STREAM_O && is_in(a->b, from, c))
                read = stream_min_i64(read, a->read_made[m]);
            if (m >= 0 && is_in(a->b, to, c))
                rest =
                    stream_min_i64(rest, stream_sum_i64(way[a->ways->place[c]], a->write_made[m]));
        }
    return read == INT64_MAX || rest == INT64_MAX ? 0 : stream_sum_i64(read, rest);
}

static __int128 offchip_energy(const adder *a) {
    const bound_needs *needs = &a->b->needs;
    __int128 sum = 0;
    for (int32_t i = 0; i <= needs->n_sets; ++i) {
        const set_needs *of = &needs->of[i];
        int32_t set = i < needs->n_sets ? i : -1;
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
            if (of->in[o] > 0)
                sum += (__int128)of->in[o] * offchip_units(a, set, o, false);
        if (of->out > 0)
            sum += (__int128)of->out * offchip_units(a, set, STREAM_O, true);
        if (of->streamed_in + of->streamed_out > 0)
            sum += (__int128)(of->streamed_in + of->streamed_out) * stream_units(a, set);
    }
    return sum;
}

static __int128 energy_between(const adder *a, stream_arena *arena) {
    const bound_needs *needs = &a->b->needs;
    __int128 sum = 0;
    for (int32_t from = 0; from < needs->n_sets && needs->read; ++from) {
        const int64_t *bits = &needs->leaving[(int64_t)from * needs->n_sets], *way = NULL;
        for (int32_t to = 0; to < needs->n_sets; ++to) {
            if (bits[to] == 0)
                continue;
            if (!way)
                way = ways_from(a, a->links, stream_bound_set_cores(a->b->sets, from), arena);
            sum += (__int128)bits[to] * between_units(a, from, to, way);
        }
    }
    return sum;
}

/* Of all CTs, with the off-chip accesses of their streams. */
static __int128 compute_energy(const bounds *b) {
    __int128 sum = 0;
    for (int32_t k = 0; k < b->n_classes; ++k) {
        const ct_class *class = &b->classes[k];
        const int64_t *row = &b->p->energy_fj[(int64_t) class->kernel * b->acc->n_cores];
        int64_t least = INT64_MAX;
        for (int32_t c = 0; c < b->acc->n_cores; ++c)
            if (stream_bound_may_run(b->p, class->kernel, class->allowed, class->n_allowed, c))
                least = stream_min_i64(least, row[c]);
        sum += least == INT64_MAX ? 0 : (__int128)class->n * least;
        sum += (__int128)class->n * class->streams.offchip_fj;
    }
    return sum;
}

int64_t stream_bound_energy(const bounds *b, stream_arena *arena, int64_t latency) {
    const stream_accelerator *acc = b->acc;
    int64_t most_given, most_made;
    find_most(b->graph, &most_given, &most_made);
    adder a = {.b = b,
               .ways = stream_bound_sets_ways(b->sets),
               .read = ports_of(acc, false, most_given, arena),
               .write = ports_of(acc, true, most_given, arena),
               .read_made = ports_of(acc, false, most_made, arena),
               .write_made = ports_of(acc, true, most_made, arena),
               .links = links_of(acc, least_element(b->graph), arena),
               .stream_links = links_of(acc, 1, arena)};
    a.way = ways_from(&a, a.links, NULL, arena);
    a.stream_way = ways_from(&a, a.stream_links, NULL, arena);
    __int128 moved = (offchip_energy(&a) + energy_between(&a, arena)) / UNITS;
    /* What products of doubles may be off by, where that is more than a part of 1 fJ. */
    __int128 sum = compute_energy(b) + moved - (moved >> 50);
    for (int32_t c = 0; c < acc->n_cores; ++c)
        sum += stream_fj(acc->cores[c].static_pj * (double)latency);
    return sum > INT64_MAX ? INT64_MAX : (int64_t)sum;
}

static bool stands_by(const stream_accelerator *acc) {
    for (int32_t c = 0; c < acc->n_cores; ++c)
        if (acc->cores[c].static_pj > 0)
            return true;
    return false;
}

static int64_t bound_as_given(const stream_schedule_problem *problem, int64_t latency) {
    stream_arena *arena = stream_arena_create();
    int64_t energy = stream_bound_energy(stream_bound_open(problem, arena), arena, latency);
    stream_arena_destroy(arena);
    return energy;
}

int64_t stream_schedule_energy_bound(const stream_schedule_problem *problem) {
    stream_schedule_problem given_cores = stream_bound_problem(problem), any_cores = given_cores;
    stream_bound_kind kind;
    int64_t latency =
        stands_by(problem->acc) ? stream_schedule_lower_bound(&given_cores, &kind) : 0;
    int64_t given = bound_as_given(&given_cores, latency);
    if (!given_cores.cores)
        return given;
    any_cores.cores = NULL;
    return stream_max_i64(given, bound_as_given(&any_cores, latency));
}
