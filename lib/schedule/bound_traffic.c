/* Off-chip traffic that no schedule avoids; see bound.h. */

#include "bound.h"

#include "stream/support/integer.h"

int64_t stream_bound_output_bits(const stream_ct_graph *g, int32_t ct) {
    int32_t tensor = g->cts[ct].tensor;
    stream_box part;
    bool leaves = stream_tensor_output_box(&g->tensors[tensor], &g->cts[ct].box, &part);
    return leaves ? stream_ct_graph_bits(g, tensor, &part) : 0;
}

/* Without any, nothing can cross, and nothing is said about it. */
static int64_t sum_rates(const stream_accelerator *acc, const bool *a, const bool *b) {
    int64_t sum = 0;
    for (int32_t r = 0; r < acc->n_resources; ++r)
        if ((a[r] || b[r]) && !stream_add_i64(sum, acc->resources[r].bandwidth_bits, &sum))
            return STREAM_BOUND_NO_LIMIT;
    return sum > 0 ? sum : STREAM_BOUND_NO_LIMIT;
}

static void port_rates(const stream_accelerator *acc, bool *in, bool *out, offchip_traffic *t) {
    for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o) {
        out[stream_accelerator_port(acc, acc->offchip_instance, (stream_operand_class)o, false)] =
            true;
        in[stream_accelerator_port(acc, acc->offchip_instance, (stream_operand_class)o, true)] =
            true;
    }
    t->port_read = sum_rates(acc, out, out);
    t->port_write = sum_rates(acc, in, in);
    t->port_both = sum_rates(acc, in, out);
}

/* Links that leave (enter) the off-chip core: all its traffic is on one of them. */
static void link_rates(const stream_accelerator *acc, bool *in, bool *out, offchip_traffic *t) {
    for (int32_t r = 0; r < acc->n_resources; ++r) {
        const stream_resource *resource = &acc->resources[r];
        if (resource->kind != STREAM_RESOURCE_LINK)
            continue;
        const stream_link *link = &acc->links[resource->link];
        for (int32_t c = 0; c < link->n_cores; ++c)
            if (link->cores[c] == acc->offchip_core) {
                out[r] = link->bus || (c == 0) == !resource->reversed;
                in[r] = link->bus || !out[r];
            }
    }
    t->link_read = sum_rates(acc, out, out);
    t->link_write = sum_rates(acc, in, in);
    t->link_both = sum_rates(acc, in, out);
}

/* Does another core see the off-chip memory as its own? Then its data needs no transfer, or a
 * transfer may begin at that core. */
static bool is_shared(const stream_accelerator *acc) {
    for (int32_t c = 0; c < acc->n_cores; ++c)
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
            if (c != acc->offchip_core &&
                acc->top[c * STREAM_N_OPERANDS + o] == acc->offchip_instance)
                return true;
    return false;
}

void stream_bound_rates(const stream_accelerator *acc, stream_arena *arena, offchip_traffic *out) {
    size_t n = (size_t)acc->n_resources;
    bool *flags = STREAM_NEW(arena, bool, 4 * n);
    *out = (offchip_traffic){.shared = is_shared(acc)};
    if (out->shared) {
        int64_t *const rates[] = {&out->port_read, &out->port_write, &out->port_both,
                                  &out->link_read, &out->link_write, &out->link_both};
        for (size_t i = 0; i < sizeof rates / sizeof *rates; ++i)
            *rates[i] = STREAM_BOUND_NO_LIMIT;
        return;
    }
    port_rates(acc, flags, flags + n, out);
    link_rates(acc, flags + 2 * n, flags + 3 * n, out);
}

void stream_bound_sum(const bound_needs *needs, offchip_traffic *out) {
    for (int32_t s = 0; s <= needs->n_sets && !out->shared; ++s) {
        const set_needs *of = &needs->of[s];
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
            out->read_bits += of->in[o];
        out->write_bits += of->out;
        out->streamed_read += of->streamed_in;
        out->streamed_write += of->streamed_out;
    }
}
