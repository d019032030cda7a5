/* stream-choose-tiles: how coarse tiles are and whether layers are fused is what schedules best.
 *
 * Every candidate is tiled, priced, allocated and scheduled on a copy of the module, as the passes
 * behind would, but for the search of the allocation. */

#include "pass.h"

#include "convert/accelerator.h"
#include "convert/ir.h"
#include "convert/loc.h"
#include "convert/network.h"
#include "convert/tiling.h"

#include "stream/plan/core_sets.h"

#include <inttypes.h>
#include <string.h>

/* From the finest, which is what the others are measured against. */
static const stream_tiling_choice ways[] = {
    {STREAM_TILE_CAPACITY, STREAM_TILE_FEWEST, 1, NULL, 0},
    {STREAM_TILE_CAPACITY, STREAM_TILE_FEWEST, 4, NULL, 0},
    {STREAM_TILE_CAPACITY, STREAM_TILE_FEWEST, 16, NULL, 0},
    {STREAM_TILE_LAYER_BY_LAYER, STREAM_TILE_FEWEST, 1, NULL, 0},
    {STREAM_TILE_LAYER_BY_LAYER, STREAM_TILE_CHEAPEST, 1, NULL, 0},
};

enum {
    N_WAYS = sizeof ways / sizeof *ways,
    MOST_CANDIDATES = N_WAYS * (1 + STREAM_N_CORE_SETS)
};

/* What counts as a difference: one part of so many. */
#define PARTS 100

typedef struct {
    bool known;
    int64_t latency_cycles, energy_fj;
} outcome;

typedef struct {
    stream_pass *pass;
    MlirOperation module;
    const stream_accelerator *acc;
    stream_core_set sets[STREAM_N_CORE_SETS];
    int32_t n_sets;
    /* each way for all cores, then each for the first set ... */
    stream_tiling_choice candidates[MOST_CANDIDATES];
    outcome outcomes[MOST_CANDIDATES];
    stream_text plans[MOST_CANDIDATES]; /* what came of each; ways can come to the same */
    int32_t n;
    int64_t fastest_cycles; /* so far; 0: none is known */
} chooser;

/* A pass on a copy of the module, whose messages nobody sees. */
static stream_pass quiet_pass(const chooser *c, stream_arena *arena, const stream_diag *silent) {
    return (stream_pass){.arena = arena, .diag = silent, .context = c->pass->context};
}

static stream_status tile(chooser *c, int32_t i, stream_pass *p, MlirOperation copy) {
    MlirOperation func;
    p->tile = c->pass->choose_tiles.tile;
    p->tile.out_plans = &c->plans[i];
    STREAM_TRY(stream_choose_network(copy, p->tile.function, p->diag, &func));
    stream_tiling_save(func, c->acc, &c->candidates[i]);
    return stream_pass_tile_run(p, copy);
}

static stream_status price(const chooser *c, stream_pass *p, MlirOperation copy) {
    p->annotate_cost = c->pass->choose_tiles.cost;
    return stream_pass_annotate_cost_run(p, copy);
}

/* LIMIT: too slow. */
static stream_status allocate_and_schedule(const chooser *c, stream_pass *p, MlirOperation copy) {
    p->allocate = c->pass->choose_tiles.allocate;
    if (p->allocate.objective == STREAM_OBJECTIVE_LATENCY)
        p->allocate.cutoff_cycles = c->fastest_cycles + c->fastest_cycles / PARTS;
    STREAM_TRY(stream_pass_allocate_run(p, copy));
    p->schedule = c->pass->choose_tiles.schedule;
    return stream_pass_schedule_run(p, copy);
}

static bool read_outcome(MlirOperation copy, const stream_diag *silent, outcome *out) {
    MlirOperation func;
    if (stream_find_network(copy, silent, &func) != STREAM_OK)
        return false;
    MlirAttribute summary = stream_ir_attr(func, "stream.schedule");
    return stream_ir_as_i64(stream_ir_entry(summary, "latency_cycles"), &out->latency_cycles) &&
           stream_ir_as_i64(stream_ir_entry(summary, "energy_fj"), &out->energy_fj);
}

/* An earlier candidate with the same tiles; -1: none. */
static int32_t find_equal(const chooser *c, int32_t i) {
    for (int32_t k = 0; k < i; ++k)
        if (c->plans[k].length == c->plans[i].length &&
            !memcmp(c->plans[k].data, c->plans[i].data, c->plans[i].length))
            return k;
    return -1;
}

static outcome schedule_copy(chooser *c, int32_t i) {
    stream_arena *arena = stream_arena_create();
    stream_diag silent = {0};
    stream_pass p = quiet_pass(c, arena, &silent);
    MlirOperation copy = mlirOperationClone(c->module);
    outcome out = {.known = false};
    if (tile(c, i, &p, copy) == STREAM_OK) {
        int32_t equal = find_equal(c, i);
        if (equal >= 0)
            out = c->outcomes[equal];
        else
            out.known = price(c, &p, copy) == STREAM_OK &&
                        allocate_and_schedule(c, &p, copy) == STREAM_OK &&
                        read_outcome(copy, &silent, &out);
    }
    mlirOperationDestroy(copy);
    stream_arena_destroy(arena);
    return out;
}

static double edp(const outcome *o) {
    return stream_objective_value(STREAM_OBJECTIVE_EDP, o->latency_cycles, o->energy_fj);
}

static double value_of(const chooser *c, const outcome *o) {
    return stream_objective_value(c->pass->choose_tiles.allocate.objective, o->latency_cycles,
                                  o->energy_fj);
}

/* What may not be worse for a gain in what is asked for: latency times energy, and where latency is
 * asked for, times latency once more, so that a part of it is worth twice that part of energy. */
static double price_of(const chooser *c, const outcome *o) {
    bool fast = c->pass->choose_tiles.allocate.objective == STREAM_OBJECTIVE_LATENCY;
    return edp(o) * (fast ? (double)o->latency_cycles : 1.0);
}

static bool clearly_less(double a, double b) {
    return a < b - b / PARTS;
}

/* Could it take the place of the finest: no worse in what is asked for and in its price, and
 * clearly better in one of them? Of energy clearly less is enough. */
static bool may_replace(const chooser *c, const outcome *o) {
    const outcome *finest = &c->outcomes[0];
    double value = value_of(c, o), price = price_of(c, o);
    if (!o->known || !finest->known || o == finest)
        return o->known;
    if (c->pass->choose_tiles.allocate.objective == STREAM_OBJECTIVE_ENERGY &&
        clearly_less(value, value_of(c, finest)))
        return true;
    return value <= value_of(c, finest) && price <= price_of(c, finest) &&
           (clearly_less(value, value_of(c, finest)) || clearly_less(price, price_of(c, finest)));
}

/* Of those that may replace the finest, the best in what is asked for; of those about as good as
 * it, the least latency times energy; of equal ones the finest. -1: none can be scheduled. */
static int32_t choose(const chooser *c) {
    int32_t best = -1, chosen = -1;
    for (int32_t i = 0; i < c->n; ++i)
        if (may_replace(c, &c->outcomes[i]) &&
            (best < 0 || value_of(c, &c->outcomes[i]) < value_of(c, &c->outcomes[best])))
            best = i;
    for (int32_t i = 0; i < c->n; ++i)
        if (may_replace(c, &c->outcomes[i]) &&
            !clearly_less(value_of(c, &c->outcomes[best]), value_of(c, &c->outcomes[i])) &&
            (chosen < 0 || edp(&c->outcomes[i]) < edp(&c->outcomes[chosen])))
            chosen = i;
    return chosen;
}

static void print_cores(const chooser *c, int32_t candidate, stream_text *out) {
    static const char *const names[] = {
        [STREAM_CORES_NEAREST] = "the cores nearest to off-chip memory",
        [STREAM_CORES_BUT_FARTHEST] = "all but the farthest cores",
        [STREAM_CORES_WITHOUT_SMALL] = "all but the smallest cores"};
    if (candidate >= N_WAYS)
        stream_text_print(out, " for %s", names[c->sets[candidate / N_WAYS - 1].kind]);
}

static void print_choice(const chooser *c, int32_t candidate, stream_text *out) {
    const stream_tiling_choice *choice = &c->candidates[candidate];
    if (choice->fusion == STREAM_TILE_LAYER_BY_LAYER)
        stream_text_str(out, "layer by layer");
    else
        stream_text_print(out, "%" PRId64 " row%s per CT", choice->rows,
                          choice->rows > 1 ? "s" : "");
    if (choice->shape == STREAM_TILE_CHEAPEST)
        stream_text_str(out, " in the cheapest shapes");
    print_cores(c, candidate, out);
}

static void try_candidate(chooser *c, int32_t i) {
    outcome *o = &c->outcomes[i];
    *o = schedule_copy(c, i);
    if (o->known && (c->fastest_cycles == 0 || o->latency_cycles < c->fastest_cycles))
        c->fastest_cycles = o->latency_cycles;
}

static bool has_plan(MlirOperation op, void *user) {
    (void)user;
    return stream_ir_has(op, "stream.plan") || stream_ir_is(op, "stream.mapping");
}

/* Those with an outcome, or those without. */
static void print_candidates(const chooser *c, bool known, stream_text *out) {
    for (int32_t i = 0, n = 0; i < c->n; ++i) {
        const outcome *o = &c->outcomes[i];
        if (o->known != known)
            continue;
        stream_text_str(out, n++     ? ", "
                             : known ? " "
                                     : "; slower without a search, or impossible: ");
        print_choice(c, i, out);
        if (!known)
            continue;
        stream_text_print(out, " (%" PRId64 " cycles, ", o->latency_cycles);
        stream_text_scaled(out, (double)o->energy_fj / 1000, "J", -12);
        stream_text_str(out, ")");
    }
}

static void remark(const chooser *c, int32_t chosen, MlirOperation func) {
    stream_text text = {0};
    print_choice(c, chosen, &text);
    stream_text_str(&text, ", the best of");
    print_candidates(c, true, &text);
    print_candidates(c, false, &text);
    stream_remark(c->pass->diag, stream_loc_of(func),
                  "tiles: %s; fusion=, rows=, cuts= or tiles= say otherwise", text.data);
    stream_text_free(&text);
}

static void find_candidates(chooser *c) {
    c->n_sets = stream_plan_core_sets(c->acc, c->pass->arena, c->sets);
    for (int32_t set = -1; set < c->n_sets; ++set)
        for (int32_t i = 0; i < N_WAYS; ++i) {
            stream_tiling_choice *choice = &c->candidates[c->n++];
            *choice = ways[i];
            if (set < 0)
                continue;
            choice->cores = c->sets[set].cores;
            choice->n_cores = c->sets[set].n_cores;
        }
}

stream_status stream_pass_choose_tiles_run(stream_pass *pass, MlirOperation module) {
    MlirOperation func;
    chooser c = {.pass = pass, .module = module};
    STREAM_TRY(stream_choose_network(module, pass->choose_tiles.tile.function, pass->diag, &func));
    if (stream_ir_collect(module, has_plan, NULL, false, pass->arena).n > 0)
        return STREAM_OK;
    STREAM_TRY(stream_load_accelerator(pass, module, &c.acc));
    find_candidates(&c);
    for (int32_t i = 0; i < c.n; ++i)
        try_candidate(&c, i);
    for (int32_t i = 0; i < c.n; ++i)
        stream_text_free(&c.plans[i]);
    int32_t chosen = choose(&c);
    if (chosen >= 0)
        stream_tiling_save(func, c.acc, &c.candidates[chosen]);
    if (chosen > 0)
        remark(&c, chosen, func);
    return STREAM_OK;
}
