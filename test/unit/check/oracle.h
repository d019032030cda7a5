/* A third opinion on a schedule: machine memories as arrays of words that say which element of
 * which version of which tensor they hold, and every cycle looked at. Slow, and shares no idea with
 * the checker but the rules. */
#ifndef CHECK_ORACLE_H
#define CHECK_ORACLE_H

#include "stream/schedule/schedule.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CYCLE   3000
#define MAX_BUFFERS 700

/* One element (8 bits): what it is. */
typedef struct {
    int32_t tensor, element, version;
} word;

typedef struct {
    int32_t tensor, version, instance;
    stream_box box;
    int64_t address, start, complete, until, bits;
    const stream_transfer *from; /* NULL: CT or resident */
} held;

typedef struct {
    const stream_schedule_problem *p;
    const stream_schedule *s;
    held buffers[MAX_BUFFERS];
    int n;
    int64_t end;
    const char *wrong; /* the first rule that is broken */
} oracle;

static bool fail(oracle *o, const char *rule) {
    if (!o->wrong)
        o->wrong = rule;
    return false;
}

static int32_t element_at(const stream_tensor *t, int32_t row, int32_t column) {
    return (int32_t)(row * t->shape[1] + column);
}

/* Position of an element in a dense buffer of `box`, or -1. Rank 2. */
static int place_in(const stream_box *box, const stream_tensor *t, int32_t element) {
    int32_t row = (int32_t)(element / t->shape[1]) - box->lo[0];
    int32_t column = (int32_t)(element % t->shape[1]) - box->lo[1];
    if (row < 0 || row >= box->size[0] || column < 0 || column >= box->size[1])
        return -1;
    return row * box->size[1] + column;
}

static bool live(const held *b, int64_t t) {
    return b->start <= t && t < b->until;
}

/* The version of an element that a CT must see. */
static int32_t version_for(const oracle *o, int32_t tensor, int32_t element, int32_t ct) {
    int32_t version = -1;
    for (int32_t i = 0; i < ct; ++i)
        if (o->p->graph->cts[i].tensor == tensor &&
            place_in(&o->p->graph->cts[i].box, &o->p->graph->tensors[tensor], element) >= 0)
            version = i;
    return version;
}

static void hold(oracle *o, held b) {
    const stream_instance *i = &o->p->acc->instances[b.instance];
    int64_t bits = 8 * stream_box_volume(&b.box);
    while (bits % i->word_bits)
        bits += 8;
    b.bits = bits;
    o->buffers[o->n++] = b;
    if (b.address < 0 || b.address % i->word_bits || b.address + bits > i->size_bits)
        fail(o, "R7");
}

/* The price of an operand that the CT streams where it runs; NULL: it does not. */
static const stream_price_stream *streamed(const oracle *o, int32_t ct, int32_t operand) {
    const stream_price_streams *prices = o->p->streams;
    int32_t at = o->p->graph->cts[ct].kernel * o->p->acc->n_cores + o->s->slots[ct].core;
    return prices && prices->operands[at] & 1u << operand ? &prices->of[at * 3 + operand] : NULL;
}

/* Where the CT finds and leaves the operand. */
static int32_t place(const oracle *o, int32_t ct, int32_t operand) {
    return streamed(o, ct, operand)
               ? o->p->acc->offchip_instance
               : o->p->acc->top[o->s->slots[ct].core * STREAM_N_OPERANDS + operand];
}

/* Room for what passes: version -3 is of nothing. */
static void hold_passing(oracle *o) {
    for (int32_t i = 0; i < o->s->n_streams; ++i) {
        const stream_ct_stream *s = &o->s->streams[i];
        const stream_ct_slot *slot = &o->s->slots[s->ct];
        const stream_price_stream *price = streamed(o, s->ct, s->operand);
        stream_box box = {.rank = 2, .size = {1, price ? (int32_t)price->buffer_bits / 8 : 0}};
        if (price && price->buffer_bits > 0)
            hold(o, (held){0, -3, o->p->acc->top[slot->core * STREAM_N_OPERANDS + s->operand], box,
                           s->address, slot->start, INT64_MAX, slot->end, 0, NULL});
    }
}

static void hold_all(oracle *o) {
    const stream_ct_graph *g = o->p->graph;
    for (int32_t i = 0; i < o->s->n_residents; ++i) {
        const stream_resident *r = &o->s->residents[i];
        const stream_tensor *t = &g->tensors[r->tensor];
        hold(o, (held){r->tensor, -1, o->p->acc->offchip_instance,
                       stream_box_whole(t->rank, t->shape), r->address, 0, 0, r->until, 0, NULL});
    }
    for (int32_t i = 0; i < o->s->n_transfers; ++i) {
        const stream_transfer *t = &o->s->transfers[i];
        for (int32_t k = 0; k < t->n_targets; ++k) {
            hold(o, (held){t->tensor, t->writer, t->targets[k].instance, t->box,
                           t->targets[k].address, t->start, t->end, t->targets[k].until, 0, t});
            if (t->targets[k].until < t->end)
                fail(o, "R5");
        }
    }
    for (int32_t i = 0; i < g->n_cts; ++i) {
        const stream_ct_slot *s = &o->s->slots[i];
        hold(o, (held){g->cts[i].tensor, i, place(o, i, STREAM_O), g->cts[i].box, s->address,
                       s->start, s->end, s->until, 0, NULL});
        if (s->until < s->end)
            fail(o, "R4");
    }
    hold_passing(o);
}

/* The words of a memory, from its lowest address; what nobody wrote is version -2. */
static word *memory(const oracle *o, word **memories, int32_t instance) {
    if (!memories[instance]) {
        size_t n = (size_t)o->p->acc->instances[instance].size_bits / 8;
        memories[instance] = malloc(n * sizeof(word));
        for (size_t i = 0; i < n; ++i)
            memories[instance][i] = (word){-1, -1, -2};
    }
    return memories[instance];
}

/* What a complete buffer should hold is what its words say. */
static bool intact(const oracle *o, word **memories, const held *b, int32_t element) {
    const stream_tensor *t = &o->p->graph->tensors[b->tensor];
    int at = place_in(&b->box, t, element);
    if (at < 0)
        return false;
    const word *w = &memory(o, memories, b->instance)[b->address / 8 + at];
    return w->tensor == b->tensor && w->element == element && w->version == b->version;
}

static void write_buffer(const oracle *o, word **memories, const held *b) {
    const stream_tensor *t = &o->p->graph->tensors[b->tensor];
    for (int32_t r = 0; r < b->box.size[0]; ++r)
        for (int32_t c = 0; c < b->box.size[1]; ++c)
            memory(o, memories, b->instance)[b->address / 8 + r * b->box.size[1] + c] =
                (word){b->tensor, element_at(t, b->box.lo[0] + r, b->box.lo[1] + c), b->version};
}

/* Is there one buffer that holds the element, complete, over all of [from, to)? */
static bool there(const oracle *o, word **memories, int32_t tensor, int32_t element,
                  int32_t version, int32_t instance, int64_t from, int64_t to) {
    for (int i = 0; i < o->n; ++i) {
        const held *b = &o->buffers[i];
        if (b->tensor == tensor && b->version == version && b->instance == instance &&
            b->complete <= from && b->until >= to && live(b, from) &&
            intact(o, memories, b, element))
            return true;
    }
    return false;
}

static void ct_begins(oracle *o, word **memories, int32_t ct) {
    const stream_ct_graph *g = o->p->graph;
    const stream_ct *c = &g->cts[ct];
    const stream_ct_slot *s = &o->s->slots[ct];
    for (int32_t r = c->first_read; r < c->first_read + c->n_reads; ++r) {
        const stream_ct_read *read = &g->reads[r];
        const stream_tensor *t = &g->tensors[read->tensor];
        for (int32_t e = 0; e < t->shape[0] * t->shape[1]; ++e)
            if (place_in(&read->box, t, e) >= 0 &&
                !there(o, memories, read->tensor, e, version_for(o, read->tensor, e, ct),
                       place(o, ct, read->operand), s->start, s->end))
                fail(o, "R3");
    }
    if (!c->accumulates)
        return;
    bool found = false;
    int32_t before = version_for(
        o, c->tensor, element_at(&g->tensors[c->tensor], c->box.lo[0], c->box.lo[1]), ct);
    for (int i = 0; i < o->n && !found; ++i) {
        const held *b = &o->buffers[i];
        found = b->tensor == c->tensor && b->version == before &&
                b->instance == place(o, ct, STREAM_O) &&
                memcmp(&b->box, &c->box, sizeof b->box) == 0 && b->address == s->address &&
                b->start < s->start && b->complete <= s->start && b->until == s->start;
    }
    if (!found)
        fail(o, "R4");
}

static void transfer_begins(oracle *o, word **memories, const stream_transfer *t) {
    const stream_tensor *tensor = &o->p->graph->tensors[t->tensor];
    for (int i = 0; i < o->n; ++i) {
        const held *b = &o->buffers[i];
        if (b->tensor != t->tensor || b->version != t->writer || b->instance != t->source ||
            b->address != t->source_address || b->complete > t->start || b->until < t->end ||
            !live(b, t->start))
            continue;
        bool all = true;
        for (int32_t e = 0; e < tensor->shape[0] * tensor->shape[1] && all; ++e)
            all = place_in(&t->box, tensor, e) < 0 || intact(o, memories, b, e);
        if (all)
            return;
    }
    fail(o, "R5");
}

/* Two live buffers on one word, or one that lost what it held. */
static void look_at_memories(oracle *o, word **memories, int64_t t) {
    for (int i = 0; i < o->n; ++i) {
        const held *b = &o->buffers[i];
        if (!live(b, t))
            continue;
        for (int k = 0; k < i; ++k) {
            const held *a = &o->buffers[k];
            if (a->instance == b->instance && live(a, t) && a->address < b->address + b->bits &&
                b->address < a->address + a->bits)
                fail(o, "R7");
        }
        (void)memories;
    }
}

static void look_at_rates(oracle *o, int64_t t) {
    const stream_accelerator *acc = o->p->acc;
    int64_t *used = calloc((size_t)acc->n_resources, sizeof *used);
    for (int32_t i = 0; i < o->s->n_transfers; ++i) {
        const stream_transfer *x = &o->s->transfers[i];
        if (t < x->start || t >= x->end)
            continue;
        for (int32_t k = 0; k < x->n_resources; ++k)
            used[x->resources[k]] += x->rate_bits;
        used[stream_accelerator_port(acc, x->source, (stream_operand_class)x->source_operand,
                                     false)] += x->rate_bits;
        for (int32_t k = 0; k < x->n_targets; ++k)
            used[stream_accelerator_port(acc, x->targets[k].instance,
                                         (stream_operand_class)x->target_operand, true)] +=
                x->rate_bits;
    }
    for (int32_t i = 0; i < o->s->n_streams; ++i) {
        const stream_ct_stream *x = &o->s->streams[i];
        for (int w = 0; w < 2; ++w) {
            const stream_flow *flow = w ? &x->write : &x->read;
            if (t < o->s->slots[x->ct].start || t >= o->s->slots[x->ct].end || !flow->rate_bits)
                continue;
            for (int32_t k = 0; k < flow->n_resources; ++k)
                used[flow->resources[k]] += flow->rate_bits;
            used[stream_accelerator_port(acc, acc->offchip_instance,
                                         (stream_operand_class)x->operand, w)] += flow->rate_bits;
        }
    }
    for (int32_t r = 0; r < acc->n_resources; ++r)
        if (used[r] > acc->resources[r].bandwidth_bits)
            fail(o, "R6");
    free(used);
}

static void look_at_cores(oracle *o, int64_t t, int64_t *busy) {
    int running[8] = {0};
    for (int32_t i = 0; i < o->p->graph->n_cts; ++i)
        if (o->s->slots[i].start <= t && t < o->s->slots[i].end) {
            ++busy[o->s->slots[i].core];
            if (++running[o->s->slots[i].core] > 1)
                fail(o, "R1");
        }
}

static bool sees_memory(const oracle *o, int32_t core, int32_t instance) {
    for (int32_t k = 0; k < STREAM_N_OPERANDS; ++k)
        if (o->p->acc->top[core * STREAM_N_OPERANDS + k] == instance)
            return true;
    return false;
}

/* A path for one target: every order of the links is tried. */
static bool path(const oracle *o, const stream_transfer *t, int32_t at, unsigned used,
                 int32_t root) {
    if (used == (1u << t->n_resources) - 1)
        return sees_memory(o, at, t->targets[0].instance);
    if (at == o->p->acc->offchip_core && at != root)
        return false;
    for (int32_t i = 0; i < t->n_resources; ++i) {
        const stream_resource *r = &o->p->acc->resources[t->resources[i]];
        const stream_link *l = &o->p->acc->links[r->link];
        if (used >> i & 1)
            continue;
        for (int32_t a = 0; a < l->n_cores; ++a)
            for (int32_t b = 0; b < l->n_cores; ++b)
                if (a != b && l->cores[a] == at && (l->bus || a == (r->reversed ? 1 : 0)) &&
                    path(o, t, l->cores[b], used | 1u << i, root))
                    return true;
    }
    return false;
}

/* A path (or none, within one core) that no shorter one could replace. */
static bool leads(const oracle *o, const stream_transfer *t) {
    const stream_accelerator *acc = o->p->acc;
    bool routed = false;
    for (int32_t core = 0; core < acc->n_cores; ++core)
        routed |= sees_memory(o, core, t->source) && path(o, t, core, 0, core);
    /* a path that could leave out a link would be longer than a shorter one over the same cores */
    for (int32_t core = 0; core < acc->n_cores; ++core)
        if (sees_memory(o, core, t->source) && sees_memory(o, core, t->targets[0].instance) &&
            t->n_resources > 0)
            routed = false;
    return routed;
}

static void look_at_flow(oracle *o, const stream_ct_stream *s, const stream_flow *flow, bool out,
                         int64_t rate) {
    int32_t offchip = o->p->acc->offchip_instance;
    int32_t top = o->p->acc->top[o->s->slots[s->ct].core * STREAM_N_OPERANDS + s->operand];
    stream_transfer_target target = {.instance = out ? offchip : top};
    stream_transfer t = {.source = out ? top : offchip,
                         .targets = &target,
                         .resources = flow->resources,
                         .n_resources = flow->n_resources};
    if (flow->rate_bits != rate || (rate == 0 && flow->n_resources > 0) ||
        (rate > 0 && !leads(o, &t)))
        fail(o, "R9");
}

/* Each streamed operand once, and nothing else. */
static void look_at_streams(oracle *o) {
    for (int32_t ct = 0; ct < o->p->graph->n_cts; ++ct)
        for (int32_t operand = 0; operand < STREAM_N_OPERANDS; ++operand) {
            const stream_price_stream *price = streamed(o, ct, operand);
            int n = 0;
            for (int32_t i = 0; i < o->s->n_streams; ++i) {
                const stream_ct_stream *s = &o->s->streams[i];
                if (s->ct != ct || s->operand != operand)
                    continue;
                ++n;
                look_at_flow(o, s, &s->read, false, price ? price->read_rate : 0);
                look_at_flow(o, s, &s->write, true, price ? price->write_rate : 0);
            }
            if (n != (price != NULL))
                fail(o, "R9");
        }
}

static void look_at_transfer(oracle *o, const stream_transfer *t) {
    const stream_accelerator *acc = o->p->acc;
    int64_t bits = 8 * stream_box_volume(&t->box), cycles = 0, latency = 0;
    for (int64_t left = bits; left > 0; left -= t->rate_bits)
        ++cycles;
    for (int32_t i = 0; i < t->n_resources; ++i)
        latency += acc->links[acc->resources[t->resources[i]].link].latency_cycles;
    if (t->end - t->start != cycles + latency || t->latency_cycles != latency)
        fail(o, "R5");
    if (!leads(o, t) || t->source == t->targets[0].instance)
        fail(o, "R5");
}

static void look_at_events(oracle *o) {
    const stream_ct_graph *g = o->p->graph;
    for (int32_t i = 0; i < g->n_cts; ++i) {
        const stream_ct_slot *s = &o->s->slots[i];
        int64_t cycles = o->p->cycles[g->cts[i].kernel * o->p->acc->n_cores + s->core];
        if (cycles < 1 || s->end - s->start != cycles)
            fail(o, "R2");
    }
    for (int32_t i = 0; i < o->s->n_transfers; ++i)
        look_at_transfer(o, &o->s->transfers[i]);
    look_at_streams(o);
    for (int32_t t = 0; t < g->n_tensors; ++t) {
        int n = 0;
        for (int32_t i = 0; i < o->s->n_residents; ++i)
            n += o->s->residents[i].tensor == t;
        if (n != (g->tensors[t].kind != STREAM_TENSOR_INTERMEDIATE))
            fail(o, "R10");
    }
}

static bool is_output(const stream_tensor *t, int32_t element) {
    int32_t at = element % (int32_t)t->shape[1] - t->output_lo;
    return t->is_output && (t->output_size == 0 || (at >= 0 && at < t->output_size));
}

static void look_at_outputs(oracle *o, word **memories) {
    const stream_ct_graph *g = o->p->graph;
    for (int32_t t = 0; t < g->n_tensors; ++t)
        for (int32_t e = 0; e < g->tensors[t].shape[0] * g->tensors[t].shape[1]; ++e) {
            if (!is_output(&g->tensors[t], e))
                continue;
            bool found = false;
            for (int i = 0; i < o->n && !found; ++i) {
                const held *b = &o->buffers[i];
                found = b->tensor == t && b->version == version_for(o, t, e, g->n_cts) &&
                        b->instance == o->p->acc->offchip_instance && b->complete <= o->end &&
                        b->start < o->end && b->until >= o->end && intact(o, memories, b, e);
            }
            if (!found)
                fail(o, "R10");
        }
}

static void look_at_ends(oracle *o) {
    for (int i = 0; i < o->n; ++i)
        if (o->buffers[i].until > o->end)
            fail(o, "R8");
}

/* Does no CT write or read, in the instance, an element that the transfer moves? */
static bool is_aside(const oracle *o, const stream_transfer *t, int32_t instance) {
    const stream_ct_graph *g = o->p->graph;
    const stream_tensor *tensor = &g->tensors[t->tensor];
    bool used = place(o, t->writer, STREAM_O) == instance;
    for (int32_t e = 0; e < tensor->shape[0] * tensor->shape[1]; ++e)
        for (int32_t i = 0; i < g->n_cts && place_in(&t->box, tensor, e) >= 0; ++i) {
            const stream_ct *ct = &g->cts[i];
            bool seen = version_for(o, t->tensor, e, i) == t->writer;
            used |= seen && ct->accumulates && ct->tensor == t->tensor &&
                    place_in(&ct->box, tensor, e) >= 0 && place(o, i, STREAM_O) == instance;
            for (int32_t r = ct->first_read; r < ct->first_read + ct->n_reads; ++r)
                used |= seen && g->reads[r].tensor == t->tensor &&
                        place_in(&g->reads[r].box, tensor, e) >= 0 &&
                        place(o, i, g->reads[r].operand) == instance;
        }
    return !used;
}

/* What a CT wrote, on its way off-chip without being a final result, or back; or put aside. */
static bool is_eviction(const oracle *o, const stream_transfer *t) {
    int32_t offchip = o->p->acc->offchip_instance;
    if (t->writer < 0)
        return false;
    const stream_tensor *tensor = &o->p->graph->tensors[t->tensor];
    bool out = false, final = false;
    for (int32_t e = 0; e < tensor->shape[0] * tensor->shape[1]; ++e)
        final |= is_output(tensor, e) && place_in(&t->box, tensor, e) >= 0;
    for (int32_t k = 0; k < t->n_targets; ++k)
        out |= t->targets[k].instance == offchip;
    for (int32_t i = t->writer + 1; i < o->p->graph->n_cts; ++i)
        final &= o->p->graph->cts[i].tensor != t->tensor ||
                 !stream_box_overlaps(&o->p->graph->cts[i].box, &t->box);
    bool aside = true;
    for (int32_t k = 0; k < t->n_targets && !out; ++k)
        aside &= is_aside(o, t, t->targets[k].instance);
    if (t->source != offchip && !out)
        return aside || is_aside(o, t, t->source);
    return t->source == offchip || !final;
}

/* Everything in the summary, from the events; arrays in `busy` [n_cores] and `peak` [n_instances].
 */
static stream_schedule_summary recount(oracle *o, int64_t *busy, int64_t *peak) {
    const stream_accelerator *acc = o->p->acc;
    stream_schedule_summary sum = {
        .latency_cycles = o->end, .busy_cycles = busy, .peak_bits = peak};
    for (int32_t i = 0; i < o->p->graph->n_cts; ++i)
        sum.compute_energy_fj +=
            o->p->energy_fj[o->p->graph->cts[i].kernel * acc->n_cores + o->s->slots[i].core];
    for (int32_t i = 0; i < o->s->n_transfers; ++i) {
        const stream_transfer *t = &o->s->transfers[i];
        int64_t bits = 8 * stream_box_volume(&t->box);
        int64_t before = sum.link_energy_fj + sum.memory_energy_fj;
        for (int32_t k = 0; k < t->n_resources; ++k)
            sum.link_energy_fj +=
                llround(1000 * ((double)bits *
                                acc->links[acc->resources[t->resources[k]].link].pj_per_bit));
        int32_t read =
            stream_accelerator_port(acc, t->source, (stream_operand_class)t->source_operand, false);
        sum.memory_energy_fj += stream_port_energy_fj(acc, read, bits, false);
        if (t->source == acc->offchip_instance)
            sum.offchip_energy_fj += stream_port_energy_fj(acc, read, bits, false);
        sum.offchip_read_bits += t->source == acc->offchip_instance ? bits : 0;
        for (int32_t k = 0; k < t->n_targets; ++k) {
            int32_t write = stream_accelerator_port(acc, t->targets[k].instance,
                                                    (stream_operand_class)t->target_operand, true);
            sum.memory_energy_fj += stream_port_energy_fj(acc, write, bits, true);
            if (t->targets[k].instance == acc->offchip_instance)
                sum.offchip_energy_fj += stream_port_energy_fj(acc, write, bits, true);
            sum.offchip_write_bits += t->targets[k].instance == acc->offchip_instance ? bits : 0;
        }
        if (is_eviction(o, t))
            sum.eviction_energy_fj += sum.link_energy_fj + sum.memory_energy_fj - before;
    }
    for (int32_t i = 0; i < o->s->n_streams; ++i) {
        const stream_ct_stream *s = &o->s->streams[i];
        const stream_price_stream *price = streamed(o, s->ct, s->operand);
        for (int w = 0; price && w < 2; ++w) {
            const stream_flow *flow = w ? &s->write : &s->read;
            int64_t bits = w ? price->write_bits : price->read_bits;
            *(w ? &sum.offchip_write_bits : &sum.offchip_read_bits) += bits;
            for (int32_t k = 0; k < flow->n_resources; ++k)
                sum.link_energy_fj += llround(
                    1000 * ((double)bits *
                            acc->links[acc->resources[flow->resources[k]].link].pj_per_bit));
        }
        sum.memory_energy_fj += price ? price->offchip_fj : 0;
        sum.offchip_energy_fj += price ? price->offchip_fj : 0;
    }
    sum.energy_fj = sum.compute_energy_fj + sum.link_energy_fj + sum.memory_energy_fj;
    sum.edp = (double)sum.energy_fj / 1000 * (double)sum.latency_cycles;
    return sum;
}

/* Runs every cycle. The recount of the summary comes out (busy and peak are the caller's). NULL:
 * the schedule is legal, but for its summary; else the id of a rule that it breaks. */
static const char *oracle_run(const stream_schedule_problem *p, const stream_schedule *s,
                              int64_t *busy, int64_t *peak, stream_schedule_summary *out) {
    static oracle o;
    memset(&o, 0, sizeof o);
    o.p = p;
    o.s = s;
    hold_all(&o);
    for (int32_t i = 0; i < p->graph->n_cts; ++i)
        o.end = s->slots[i].end > o.end ? s->slots[i].end : o.end;
    for (int32_t i = 0; i < s->n_transfers; ++i)
        o.end = s->transfers[i].end > o.end ? s->transfers[i].end : o.end;
    look_at_events(&o);
    word *memories[16] = {NULL};
    bool places_fit = !o.wrong || strcmp(o.wrong, "R7") != 0;
    for (int64_t t = 0; t <= o.end && places_fit; ++t) {
        for (int i = 0; i < o.n; ++i)
            if (o.buffers[i].complete == t)
                write_buffer(&o, memories, &o.buffers[i]);
        for (int32_t i = 0; i < p->graph->n_cts; ++i)
            if (s->slots[i].start == t)
                ct_begins(&o, memories, i);
        for (int32_t i = 0; i < s->n_transfers; ++i)
            if (s->transfers[i].start == t)
                transfer_begins(&o, memories, &s->transfers[i]);
        look_at_memories(&o, memories, t);
        look_at_rates(&o, t);
        look_at_cores(&o, t, busy);
        for (int32_t m = 0; m < p->acc->n_instances; ++m) {
            int64_t bits = 0;
            for (int i = 0; i < o.n; ++i)
                bits +=
                    o.buffers[i].instance == m && live(&o.buffers[i], t) ? o.buffers[i].bits : 0;
            peak[m] = bits > peak[m] ? bits : peak[m];
        }
    }
    if (places_fit)
        look_at_outputs(&o, memories);
    look_at_ends(&o);
    for (int m = 0; m < 16; ++m)
        free(memories[m]);
    *out = recount(&o, busy, peak);
    return o.wrong;
}

#endif
