/* Which cores may run a CT; see internal.h. */

#include "internal.h"

#include "stream/support/integer.h"

#include <inttypes.h>

static bool listed(const stream_ct *ct, int32_t core) {
    for (int32_t i = 0; i < ct->n_allowed_cores; ++i)
        if (ct->allowed_cores[i] == core)
            return true;
    return ct->n_allowed_cores == 0;
}

static int64_t price(const allocation_space *s, int32_t ct, int32_t core) {
    return s->p->cycles[(int64_t)s->p->graph->cts[ct].kernel * s->p->acc->n_cores + core];
}

static bool runs(const allocation_space *s, int32_t ct, int32_t core) {
    return s->p->acc->cores[core].kind == STREAM_CORE_COMPUTE && price(s, ct, core) >= 0 &&
           listed(&s->p->graph->cts[ct], core);
}

/* What passes of streamed operands through the memory (rule R9). */
static int64_t passing_bits(const allocation_space *s, const stream_ct *ct, int32_t core,
                            int32_t instance) {
    int64_t row = (int64_t)ct->kernel * s->p->acc->n_cores + core, bits = 0;
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (stream_schedule_streamed(s->p, ct->kernel, core) >> o & 1 &&
            s->p->acc->top[core * STREAM_N_OPERANDS + o] == instance)
            bits += stream_round_up(s->p->streams->of[row * STREAM_N_OPERANDS + o].buffer_bits,
                                    s->p->acc->instances[instance].word_bits);
    return bits;
}

/* Do the boxes that share a memory with operand `operand`, and are not streamed, fit it together?
 */
static bool operand_fits(const allocation_space *s, const stream_ct *ct, int32_t core,
                         int32_t operand) {
    const stream_accelerator *acc = s->p->acc;
    const int32_t *top = &acc->top[core * STREAM_N_OPERANDS];
    const stream_instance *instance = &acc->instances[top[operand]];
    uint8_t streamed = stream_schedule_streamed(s->p, ct->kernel, core);
    int64_t bits = passing_bits(s, ct, core, top[operand]);
    for (int32_t r = 0; r < ct->n_reads; ++r) {
        const stream_ct_read *read = &s->p->graph->reads[ct->first_read + r];
        if (top[read->operand] == top[operand] && !(streamed >> read->operand & 1) &&
            !stream_box_is_empty(&read->box))
            bits += stream_round_up(stream_ct_graph_bits(s->p->graph, read->tensor, &read->box),
                                    instance->word_bits);
    }
    if (top[STREAM_O] == top[operand] && !(streamed >> STREAM_O & 1))
        bits += stream_round_up(stream_ct_graph_bits(s->p->graph, ct->tensor, &ct->box),
                                instance->word_bits);
    return bits <= instance->size_bits;
}

static bool fits(const allocation_space *s, int32_t ct, int32_t core) {
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
        if (!operand_fits(s, &s->p->graph->cts[ct], core, o))
            return false;
    return true;
}

/* Cores on which the CT fits; if it fits none, those that run it: the scheduler then says what is
 * too large (or finds that boxes overlap and fit after all). */
static int32_t find_cores(const allocation_space *s, int32_t ct, bool *allowed) {
    int32_t n = 0, n_cores = s->p->acc->n_cores;
    for (int32_t c = 0; c < n_cores; ++c)
        n += allowed[c] = runs(s, ct, c) && fits(s, ct, c);
    for (int32_t c = 0; c < n_cores && n == 0; ++c)
        allowed[c] = runs(s, ct, c);
    for (int32_t c = n = 0; c < n_cores; ++c)
        n += allowed[c];
    return n;
}

/* -1: the space keeps none that is allowed. */
static int32_t fastest_kept(const allocation_space *s, int32_t ct) {
    const bool *allowed = &s->allowed[(size_t)ct * (size_t)s->p->acc->n_cores];
    int32_t best = -1;
    for (int32_t c = 0; c < s->p->acc->n_cores; ++c)
        if (s->kept[c] && allowed[c] && (best < 0 || price(s, ct, c) < price(s, ct, best)))
            best = c;
    return best;
}

void stream_allocation_find_fastest(allocation_space *s, stream_arena *arena) {
    int32_t *fastest = STREAM_NEW(arena, int32_t, (size_t)s->p->graph->n_cts);
    for (int32_t i = 0; i < s->p->graph->n_cts; ++i) {
        fastest[i] = -1;
        for (const allocation_space *of = s; of && fastest[i] < 0; of = of->wider)
            fastest[i] = fastest_kept(of, i);
    }
    s->fastest = fastest;
}

static stream_status check_pin(const allocation_space *s, int32_t ct, const stream_diag *diag) {
    int32_t core = s->pinned[ct];
    if (core < s->p->acc->n_cores && runs(s, ct, core))
        return STREAM_OK;
    return stream_error(diag, STREAM_INVALID, s->p->graph->cts[ct].loc,
                        "CT %d of layer '%s' is pinned to core '%s', which cannot run it", ct,
                        s->p->graph->layers[s->p->graph->cts[ct].layer].name,
                        core < s->p->acc->n_cores ? s->p->acc->cores[core].name : "?");
}

stream_status stream_allocation_find_allowed(allocation_space *s, stream_arena *arena,
                                             const stream_diag *diag) {
    size_t n_cts = (size_t)s->p->graph->n_cts, n_cores = (size_t)s->p->acc->n_cores;
    bool *allowed = STREAM_NEW(arena, bool, n_cts *n_cores);
    bool *kept = STREAM_NEW(arena, bool, n_cores);
    for (int32_t i = 0; i < s->p->graph->n_cts; ++i) {
        const stream_ct *ct = &s->p->graph->cts[i];
        bool *own = &allowed[(size_t)i * n_cores];
        if (find_cores(s, i, own) == 0)
            return stream_error(diag, STREAM_INFEASIBLE, ct->loc,
                                "no %score can run CT %d of layer '%s': kernel '%s' has a price "
                                "on none of them",
                                ct->n_allowed_cores ? "allowed " : "", i,
                                s->p->graph->layers[ct->layer].name,
                                s->p->graph->kernels[ct->kernel].name);
        if (s->pinned && s->pinned[i] >= 0)
            STREAM_TRY(check_pin(s, i, diag));
    }
    s->allowed = allowed;
    for (size_t c = 0; c < n_cores; ++c)
        kept[c] = s->p->acc->cores[c].kind == STREAM_CORE_COMPUTE;
    s->kept = kept;
    return STREAM_OK;
}
