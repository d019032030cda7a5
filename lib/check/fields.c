/* Every id and number of a schedule in its range, so that the rules can be asked without risk. The
 * message has the id of the rule that the field belongs to. */

#include "context.h"

#include "stream/support/integer.h"

#include <inttypes.h>

static bool in_range(int32_t id, int32_t n) {
    return id >= 0 && id < n;
}

/* An address, and the end of its buffer, fit 63 bits and are not negative. */
static bool address_fits(const check *c, int32_t tensor, const stream_box *box, int32_t instance,
                         int64_t address) {
    int64_t bits, end;
    return address >= 0 && check_buffer_bits(c, tensor, box, instance, &bits) &&
           stream_add_i64(address, bits, &end);
}

static void slot_fields(check *c, int32_t i) {
    const stream_ct *ct = &c->graph->cts[i];
    const stream_ct_slot *slot = &c->schedule->slots[i];
    stream_loc loc = check_ct_loc(c, i);
    if (!in_range(slot->core, c->acc->n_cores)) {
        check_report(c, loc, "R1", "%s is on core %" PRId32 "; there are %" PRId32,
                     check_ct_name(c, i).s, slot->core, c->acc->n_cores);
        return;
    }
    if (slot->start < 0 || slot->end <= slot->start)
        check_report(c, loc, "R2",
                     "%s runs from %" PRId64 " to %" PRId64
                     "; a CT starts at 0 or later and takes at least one cycle",
                     check_ct_name(c, i).s, slot->start, slot->end);
    if (slot->until < 0)
        check_report(c, loc, "R4", "the output of %s is dropped at %" PRId64, check_ct_name(c, i).s,
                     slot->until);
    int32_t instance = check_place(c, i, slot->core, STREAM_O);
    if (instance < 0)
        check_report(c, loc, "R1", "%s is on core '%s', which has no memory for outputs",
                     check_ct_name(c, i).s, check_core_name(c, slot->core));
    else if (!address_fits(c, ct->tensor, &ct->box, instance, slot->address))
        check_report(c, loc, "R7", "%s writes at address %" PRId64 ", which no memory has",
                     check_ct_name(c, i).s, slot->address);
}

static void read_fields(check *c, int32_t i) {
    const stream_ct *ct = &c->graph->cts[i];
    int32_t core = c->schedule->slots[i].core;
    for (int32_t r = ct->first_read; r < ct->first_read + ct->n_reads; ++r) {
        int32_t operand = c->graph->reads[r].operand;
        if (in_range(core, c->acc->n_cores) &&
            (operand >= STREAM_N_OPERANDS || check_top(c, core, operand) < 0))
            check_report(c, check_ct_loc(c, i), "R1",
                         "%s is on core '%s', which has no memory for operand %s",
                         check_ct_name(c, i).s, check_core_name(c, core),
                         operand < STREAM_N_OPERANDS
                             ? stream_operand_class_name((stream_operand_class)operand)
                             : "?");
    }
}

static bool box_in_tensor(const check *c, int32_t tensor, const stream_box *box) {
    const stream_tensor *t = &c->graph->tensors[tensor];
    if (box->rank != t->rank)
        return false;
    for (int32_t d = 0; d < box->rank; ++d)
        if (box->lo[d] < 0 || box->size[d] <= 0 || (int64_t)box->lo[d] + box->size[d] > t->shape[d])
            return false;
    return true;
}

/* What is moved. */
static bool moved_fields(check *c, int32_t i) {
    const stream_transfer *t = &c->schedule->transfers[i];
    stream_loc loc = check_transfer_loc(c, i);
    if (!in_range(t->tensor, c->graph->n_tensors))
        check_report(c, loc, "R5",
                     "transfer %" PRId32 " moves tensor %" PRId32 "; there are %" PRId32, i,
                     t->tensor, c->graph->n_tensors);
    else if (!box_in_tensor(c, t->tensor, &t->box))
        check_report(c, loc, "R5", "transfer %" PRId32 " moves a box that is not inside '%s'", i,
                     c->graph->tensors[t->tensor].name);
    else if (t->writer < -1 || t->writer >= c->graph->n_cts)
        check_report(c, loc, "R5", "%s moves what CT %" PRId32 " wrote; there are %" PRId32,
                     check_transfer_name(c, i).s, t->writer, c->graph->n_cts);
    else
        return true;
    return false;
}

/* Between which memories. */
static bool end_fields(check *c, int32_t i) {
    const stream_transfer *t = &c->schedule->transfers[i];
    stream_loc loc = check_transfer_loc(c, i);
    const char *name = c->graph->tensors[t->tensor].name;
    int32_t before = c->violations;
    if (!in_range(t->source, c->acc->n_instances) || t->n_targets < 1 ||
        t->n_targets > c->acc->n_instances || t->source_operand >= STREAM_N_OPERANDS ||
        t->target_operand >= STREAM_N_OPERANDS) {
        check_report(c, loc, "R5",
                     "transfer %" PRId32 " of '%s' goes from memory %" PRId32
                     " (operand %d) to %" PRId32
                     " memories (operand %d): no such memory or operand",
                     i, name, t->source, t->source_operand, t->n_targets, t->target_operand);
        return false;
    }
    if (check_read_port(c, t) < 0)
        check_report(c, loc, "R5", "%s leaves a memory that has no port to read",
                     check_transfer_name(c, i).s);
    for (int32_t k = 0; k < t->n_targets; ++k) {
        int32_t instance = t->targets[k].instance;
        if (t->targets[k].until < 0)
            check_report(c, loc, "R5", "the copy by %s is dropped at %" PRId64,
                         check_transfer_name(c, i).s, t->targets[k].until);
        if (!in_range(instance, c->acc->n_instances) || check_write_port(c, t, k) < 0)
            check_report(c, loc, "R5", "%s goes to memory %" PRId32 ", which cannot be written",
                         check_transfer_name(c, i).s, instance);
        else if (!address_fits(c, t->tensor, &t->box, instance, t->targets[k].address))
            check_report(c, loc, "R7", "%s writes at address %" PRId64 ", which no memory has",
                         check_transfer_name(c, i).s, t->targets[k].address);
    }
    return c->violations == before;
}

/* When and how fast. */
static void time_fields(check *c, int32_t i) {
    const stream_transfer *t = &c->schedule->transfers[i];
    stream_loc loc = check_transfer_loc(c, i);
    if (t->start < 0 || t->end <= t->start)
        check_report(c, loc, "R5",
                     "%s runs from %" PRId64 " to %" PRId64
                     "; a transfer starts at 0 or later and takes at least one cycle",
                     check_transfer_name(c, i).s, t->start, t->end);
    if (t->rate_bits < 1)
        check_report(c, loc, "R6", "%s moves %" PRId64 " bits per cycle",
                     check_transfer_name(c, i).s, t->rate_bits);
    if (t->n_resources < 0)
        check_report(c, loc, "R5", "%s goes over %" PRId32 " links", check_transfer_name(c, i).s,
                     t->n_resources);
    for (int32_t k = 0; k < t->n_resources; ++k)
        if (!in_range(t->resources[k], c->acc->n_resources) ||
            c->acc->resources[t->resources[k]].kind != STREAM_RESOURCE_LINK)
            check_report(c, loc, "R5", "%s goes over resource %" PRId32 ", which is no link",
                         check_transfer_name(c, i).s, t->resources[k]);
}

static void resident_fields(check *c, int32_t i) {
    const stream_resident *r = &c->schedule->residents[i];
    stream_loc loc = check_resident_loc(c, i);
    if (!in_range(r->tensor, c->graph->n_tensors)) {
        check_report(c, loc, "R10",
                     "resident %" PRId32 " is tensor %" PRId32 "; there are %" PRId32, i, r->tensor,
                     c->graph->n_tensors);
        return;
    }
    const stream_tensor *tensor = &c->graph->tensors[r->tensor];
    stream_box whole = stream_box_whole(tensor->rank, tensor->shape);
    if (tensor->kind == STREAM_TENSOR_INTERMEDIATE)
        check_report(c, loc, "R10", "'%s' is off-chip from 0 on, but it is computed, not given",
                     tensor->name);
    if (!address_fits(c, r->tensor, &whole, c->acc->offchip_instance, r->address))
        check_report(c, loc, "R7", "'%s' is at address %" PRId64 ", which no memory has",
                     tensor->name, r->address);
    if (r->until < 0)
        check_report(c, loc, "R8", "'%s' is dropped at %" PRId64 ", before the start", tensor->name,
                     r->until);
}

static void summary_fields(check *c) {
    const stream_schedule_summary *s = &c->schedule->summary;
    if (!s->busy_cycles || !s->peak_bits)
        check_report(c, check_summary_loc(c), "R12",
                     "the summary has no busy cycles per core or no peak bits per memory");
    if (s->latency_cycles < 0)
        check_report(c, check_summary_loc(c), "R10", "a latency of %" PRId64 " cycles",
                     s->latency_cycles);
}

bool check_fields(check *c) {
    for (int32_t i = 0; i < c->schedule->n_residents; ++i)
        resident_fields(c, i);
    for (int32_t i = 0; i < c->schedule->n_transfers; ++i)
        if (moved_fields(c, i) && end_fields(c, i))
            time_fields(c, i);
    for (int32_t i = 0; i < c->graph->n_cts; ++i) {
        slot_fields(c, i);
        read_fields(c, i);
    }
    check_stream_fields(c);
    summary_fields(c);
    return c->violations == 0;
}
