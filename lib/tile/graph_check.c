/* What a graph of CTs promises; see graph_check.h. */

#include "graph_check.h"

#include "stream/support/integer.h"

#include <inttypes.h>

static stream_status check_elements(const stream_tensor *tensor, const stream_diag *diag) {
    if (tensor->rank < 0 || tensor->rank > STREAM_MAX_RANK)
        return stream_error(diag, STREAM_INVALID, tensor->loc,
                            "tensor '%s' has %d dimensions; it must be 0 to %d", tensor->name,
                            tensor->rank, STREAM_MAX_RANK);
    if (tensor->element_bits <= 0)
        return stream_error(diag, STREAM_INVALID, tensor->loc,
                            "tensor '%s' has elements of %d bits; it must be at least 1",
                            tensor->name, tensor->element_bits);
    int64_t bits = tensor->element_bits;
    for (int32_t d = 0; d < tensor->rank; ++d)
        if (tensor->shape[d] <= 0 || tensor->shape[d] > INT32_MAX ||
            !stream_mul_i64(bits, tensor->shape[d], &bits) || bits > INT64_MAX >> 8)
            return stream_error(diag, STREAM_INVALID, tensor->loc,
                                "tensor '%s' has dimension %d of %lld elements: sizes are 1 to "
                                "2^31 - 1 and a tensor has less than 2^55 bits",
                                tensor->name, d, (long long)tensor->shape[d]);
    return STREAM_OK;
}

static stream_status check_output_part(const stream_tensor *tensor, const stream_diag *diag) {
    int64_t last = tensor->rank > 0 ? tensor->shape[tensor->rank - 1] : 0;
    int64_t lo = tensor->output_lo, size = tensor->output_size;
    if (!tensor->is_output || size == 0 || (lo >= 0 && size > 0 && lo + size <= last))
        return STREAM_OK;
    return stream_error(diag, STREAM_INVALID, tensor->loc,
                        "of tensor '%s' the elements [%" PRId64 ", %" PRId64
                        ") of the last dimension are an output, which has %" PRId64,
                        tensor->name, lo, lo + size, last);
}

stream_status stream_ct_graph_check_tensors(const stream_ct_graph *graph, const stream_diag *diag) {
    for (int32_t t = 0; t < graph->n_tensors; ++t) {
        STREAM_TRY(check_elements(&graph->tensors[t], diag));
        STREAM_TRY(check_output_part(&graph->tensors[t], diag));
    }
    return STREAM_OK;
}

static bool is_id(int32_t id, int32_t n) {
    return id >= 0 && id < n;
}

static bool is_inside(const stream_ct_graph *graph, int32_t tensor, const stream_box *box) {
    if (!is_id(tensor, graph->n_tensors) || box->rank != graph->tensors[tensor].rank)
        return false;
    for (int32_t d = 0; d < box->rank; ++d)
        if (box->lo[d] < 0 || box->size[d] <= 0 ||
            (int64_t)box->lo[d] + box->size[d] > graph->tensors[tensor].shape[d])
            return false;
    return true;
}

static bool has_reads(const stream_ct_graph *graph, const stream_ct *ct) {
    return ct->first_read >= 0 && ct->n_reads >= 0 &&
           ct->first_read <= graph->n_reads - ct->n_reads;
}

bool stream_ct_graph_is_ct(const stream_ct_graph *graph, int32_t i) {
    const stream_ct *ct = &graph->cts[i];
    if (!is_id(ct->kernel, graph->n_kernels) || !is_id(ct->layer, graph->n_layers) ||
        !is_inside(graph, ct->tensor, &ct->box) ||
        graph->tensors[ct->tensor].kind != STREAM_TENSOR_INTERMEDIATE || !has_reads(graph, ct))
        return false;
    for (int32_t r = ct->first_read; r < ct->first_read + ct->n_reads; ++r)
        if (!is_inside(graph, graph->reads[r].tensor, &graph->reads[r].box) ||
            graph->reads[r].operand >= STREAM_N_OPERANDS)
            return false;
    return true;
}

/* An id of the CT that does not exist; what: NULL: there is none. */
typedef struct {
    const char *what;
    int32_t id, n;
} bad_id;

static bad_id find_bad_id(const stream_ct_graph *graph, const stream_ct *ct) {
    if (!is_id(ct->kernel, graph->n_kernels))
        return (bad_id){"kernel", ct->kernel, graph->n_kernels};
    if (!is_id(ct->layer, graph->n_layers))
        return (bad_id){"layer", ct->layer, graph->n_layers};
    if (!is_id(ct->tensor, graph->n_tensors))
        return (bad_id){"tensor", ct->tensor, graph->n_tensors};
    for (int32_t r = 0; has_reads(graph, ct) && r < ct->n_reads; ++r) {
        const stream_ct_read *read = &graph->reads[ct->first_read + r];
        if (!is_id(read->tensor, graph->n_tensors))
            return (bad_id){"tensor", read->tensor, graph->n_tensors};
        if (read->operand >= STREAM_N_OPERANDS)
            return (bad_id){"operand class", read->operand, STREAM_N_OPERANDS};
    }
    return (bad_id){NULL, 0, 0};
}

stream_status stream_ct_graph_refuse_ct(const stream_ct_graph *graph, int32_t i,
                                        const stream_diag *diag) {
    const stream_ct *ct = &graph->cts[i];
    bad_id bad = find_bad_id(graph, ct);
    if (bad.what)
        return stream_error(diag, STREAM_INVALID, ct->loc, "CT %d has %s %d, of %d", i, bad.what,
                            bad.id, bad.n);
    if (!has_reads(graph, ct))
        return stream_error(diag, STREAM_INVALID, ct->loc, "CT %d has %d reads from %d on, of %d",
                            i, ct->n_reads, ct->first_read, graph->n_reads);
    if (graph->tensors[ct->tensor].kind != STREAM_TENSOR_INTERMEDIATE)
        return stream_error(diag, STREAM_INVALID, ct->loc,
                            "CT %d writes '%s', which is an input or a constant", i,
                            graph->tensors[ct->tensor].name);
    return stream_error(diag, STREAM_INVALID, ct->loc,
                        "CT %d reads or writes a box that is empty or leaves its tensor", i);
}

/* Elements of the output that CTs write; boxes that are written again count once. */
static int64_t written(const stream_ct_graph *graph, int32_t t) {
    int64_t n = 0;
    for (int32_t w = graph->writer_first[t]; w < graph->writer_first[t + 1]; ++w) {
        const stream_ct *ct = &graph->cts[graph->writers[w]];
        stream_box part;
        if (!ct->accumulates && stream_tensor_output_box(&graph->tensors[t], &ct->box, &part))
            n += stream_box_volume(&part);
    }
    return n;
}

stream_status stream_ct_graph_check_outputs(const stream_ct_graph *graph, const stream_diag *diag) {
    for (int32_t t = 0; t < graph->n_tensors; ++t) {
        const stream_tensor *tensor = &graph->tensors[t];
        stream_box box = stream_box_whole(tensor->rank, tensor->shape);
        if (tensor->kind != STREAM_TENSOR_INTERMEDIATE ||
            !stream_tensor_output_box(tensor, &box, &box))
            continue;
        int64_t all = stream_box_volume(&box), n = written(graph, t);
        if (n != all)
            return stream_error(diag, STREAM_INVALID, tensor->loc,
                                "output '%s' has %" PRId64 " elements, of which only %" PRId64
                                " are written by any CT",
                                tensor->name, all, n);
    }
    return STREAM_OK;
}
