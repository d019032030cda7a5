/* Dependencies of CTs; see stream/tile/graph.h. */

#include "stream/tile/graph.h"

#include "graph_check.h"
#include "stream/support/sort.h"
#include "stream/support/vec.h"
#include "writers.h"

#include <stdlib.h>
#include <string.h>

int64_t stream_ct_graph_bits(const stream_ct_graph *graph, int32_t tensor, const stream_box *box) {
    return stream_box_volume(box) * graph->tensors[tensor].element_bits;
}

/* Counting sort of items 0..n-1 by key into CSR lists, stable. */
static void group(int32_t n, int32_t n_keys, const int32_t *key, stream_arena *arena,
                  const int32_t **out_first, const int32_t **out_items) {
    int32_t *first = STREAM_NEW(arena, int32_t, (size_t)n_keys + 1);
    int32_t *items = STREAM_NEW(arena, int32_t, (size_t)n);
    for (int32_t i = 0; i < n; ++i)
        first[key[i] + 1]++;
    for (int32_t k = 0; k < n_keys; ++k)
        first[k + 1] += first[k];
    int32_t *at = malloc(sizeof(int32_t) * ((size_t)n_keys + 1));
    if (!at)
        abort();
    memcpy(at, first, sizeof(int32_t) * ((size_t)n_keys + 1));
    for (int32_t i = 0; i < n; ++i)
        items[at[key[i]]++] = i;
    free(at);
    *out_first = first;
    *out_items = items;
}

/* Of each CT and each read: the tensor; and the CT of each read. */
typedef struct {
    int32_t *ct_tensor, *read_tensor, *read_ct;
} tensor_index;

/* One pass over everything: it is as long as memory is slow. */
static bool index_ct(const stream_ct_graph *graph, int32_t i, tensor_index *out) {
    const stream_ct *ct = &graph->cts[i];
    if (!stream_ct_graph_is_ct(graph, i))
        return false;
    out->ct_tensor[i] = ct->tensor;
    for (int32_t r = ct->first_read; r < ct->first_read + ct->n_reads; ++r) {
        out->read_ct[r] = i;
        out->read_tensor[r] = graph->reads[r].tensor;
    }
    return true;
}

static stream_status index_tensors(stream_ct_graph *graph, stream_arena *arena,
                                   stream_arena *scratch, const stream_diag *diag) {
    tensor_index index = {.ct_tensor = STREAM_NEW(scratch, int32_t, (size_t)graph->n_cts),
                          .read_tensor = STREAM_NEW(scratch, int32_t, (size_t)graph->n_reads),
                          .read_ct = STREAM_NEW(arena, int32_t, (size_t)graph->n_reads)};
    for (int32_t i = 0; i < graph->n_cts; ++i)
        if (!index_ct(graph, i, &index))
            return stream_ct_graph_refuse_ct(graph, i, diag);
    graph->read_ct = index.read_ct;
    group(graph->n_reads, graph->n_tensors, index.read_tensor, arena, &graph->reader_first,
          &graph->readers);
    group(graph->n_cts, graph->n_tensors, index.ct_tensor, arena, &graph->writer_first,
          &graph->writers);
    return STREAM_OK;
}

/* Predecessors of one CT while its reads are looked up. */
typedef struct {
    const stream_ct_graph *graph;
    stream_vec *preds; /* of int32_t */
    int32_t *seen;     /* [n_cts] last CT that has this one as predecessor */
    int32_t ct;
    const stream_box *box;
    int64_t covered;
    int32_t late; /* a writer that comes after the reader, or -1 */
} lookup;

static void add_pred(lookup *l, int32_t pred) {
    if (l->seen[pred] == l->ct)
        return;
    l->seen[pred] = l->ct;
    *(int32_t *)stream_vec_push(l->preds) = pred;
}

static void visit(void *user, int32_t writer) {
    lookup *l = user;
    stream_box part;
    if (!stream_box_intersect(l->box, &l->graph->cts[writer].box, &part))
        return;
    l->covered += stream_box_volume(&part);
    if (writer >= l->ct)
        l->late = writer;
    add_pred(l, writer);
}

/* Keeps those from `from` on that are not predecessors yet; false: one comes too late. */
static bool keep_new(lookup *l, size_t from) {
    int32_t *preds = l->preds->data;
    size_t n = from;
    for (size_t i = from; i < l->preds->n; ++i) {
        if (preds[i] >= l->ct) {
            while (n > from)
                l->seen[preds[--n]] = -1;
            return false;
        }
        if (l->seen[preds[i]] != l->ct)
            l->seen[preds[n++] = preds[i]] = l->ct;
    }
    l->preds->n = n;
    return true;
}

static stream_status look_up_read(lookup *l, const stream_writers *writers, int32_t *stamp,
                                  int32_t read, const stream_diag *diag) {
    const stream_ct_read *r = &l->graph->reads[read];
    const stream_tensor *tensor = &l->graph->tensors[r->tensor];
    if (tensor->kind != STREAM_TENSOR_INTERMEDIATE)
        return STREAM_OK;
    l->box = &r->box;
    l->covered = 0;
    l->late = -1;
    size_t before = l->preds->n;
    if (stream_writers_take(&writers[r->tensor], &r->box, l->preds)) {
        if (keep_new(l, before))
            return STREAM_OK;
        l->preds->n = before;
    }
    stream_writers_visit(l->graph, &writers[r->tensor], &r->box, stamp, read + 1, visit, l);
    if (l->late >= 0)
        return stream_error(
            diag, STREAM_INVALID, l->graph->cts[l->ct].loc,
            "CT %d reads a part of '%s' that CT %d writes, which does not come before "
            "it",
            l->ct, tensor->name, l->late);
    if (l->covered != stream_box_volume(&r->box))
        return stream_error(
            diag, STREAM_INVALID, l->graph->cts[l->ct].loc,
            "CT %d reads %lld elements of '%s', of which only %lld are written by any "
            "CT",
            l->ct, (long long)stream_box_volume(&r->box), tensor->name, (long long)l->covered);
    return STREAM_OK;
}

static stream_status too_many_edges(const stream_ct_graph *graph, int32_t ct, size_t of_ct,
                                    const stream_diag *diag) {
    const stream_ct_layer *layer = &graph->layers[graph->cts[ct].layer];
    return stream_error(diag, STREAM_LIMIT, graph->cts[ct].loc,
                        "CT %d of %d, of layer '%s', reads what %zu other CTs write, and with it "
                        "there are more than %d such dependencies: larger tiles (rows=, tiles=, "
                        "#stream.plan), of the layers that it reads, too, would have fewer",
                        ct, graph->n_cts, layer->name, of_ct, STREAM_CT_GRAPH_MOST_PIECES);
}

static stream_status find_preds(stream_ct_graph *graph, const stream_writers *writers,
                                const int32_t *previous, stream_arena *arena, stream_arena *scratch,
                                const stream_diag *diag) {
    size_t n = (size_t)graph->n_cts;
    int32_t *first = STREAM_NEW(arena, int32_t, n + 1), *stamp = STREAM_NEW(scratch, int32_t, n);
    int32_t *seen = STREAM_NEW(scratch, int32_t, n);
    stream_vec preds = STREAM_VEC(int32_t);
    lookup l = {.graph = graph, .preds = &preds, .seen = seen};
    stream_status status = STREAM_OK;
    memset(seen, 0xff, n * sizeof *seen);
    for (int32_t i = 0; i < graph->n_cts && status == STREAM_OK; ++i) {
        const stream_ct *ct = &graph->cts[i];
        l.ct = i;
        if (previous[i] >= 0)
            add_pred(&l, previous[i]);
        for (int32_t r = ct->first_read; r < ct->first_read + ct->n_reads && status == STREAM_OK;
             ++r)
            status = look_up_read(&l, writers, stamp, r, diag);
        if (preds.n > (size_t)first[i])
            stream_sort_i32((int32_t *)preds.data + first[i], preds.n - (size_t)first[i]);
        if (preds.n > STREAM_CT_GRAPH_MOST_PIECES && status == STREAM_OK)
            status = too_many_edges(graph, i, preds.n - (size_t)first[i], diag);
        first[i + 1] = (int32_t)preds.n;
    }
    graph->pred_first = first;
    graph->preds = stream_vec_freeze(&preds, arena);
    return status;
}

static void find_succs(stream_ct_graph *graph, stream_arena *arena) {
    size_t n = (size_t)graph->n_cts;
    int32_t n_edges = graph->pred_first[graph->n_cts];
    int32_t *first = STREAM_NEW(arena, int32_t, n + 2);
    int32_t *succs = STREAM_NEW(arena, int32_t, (size_t)n_edges);
    for (int32_t e = 0; e < n_edges; ++e) /* counts, two places up */
        first[graph->preds[e] + 2]++;
    for (size_t k = 2; k <= n; ++k)
        first[k] += first[k - 1];
    for (int32_t i = 0; i < graph->n_cts; ++i) /* first[k + 1] moves from its begin to its end */
        for (int32_t e = graph->pred_first[i]; e < graph->pred_first[i + 1]; ++e)
            succs[first[graph->preds[e] + 1]++] = i;
    graph->succ_first = first;
    graph->succs = succs;
}

static stream_status find_edges(stream_ct_graph *graph, stream_arena *arena, stream_arena *scratch,
                                const stream_diag *diag) {
    int32_t *previous = STREAM_NEW(scratch, int32_t, (size_t)graph->n_cts);
    stream_writers *writers = STREAM_NEW(scratch, stream_writers, (size_t)graph->n_tensors);
    memset(previous, 0xff, sizeof *previous * (size_t)graph->n_cts);
    for (int32_t t = 0; t < graph->n_tensors; ++t)
        STREAM_TRY(stream_writers_build(graph, t, scratch, diag, previous, &writers[t]));
    STREAM_TRY(find_preds(graph, writers, previous, arena, scratch, diag));
    find_succs(graph, arena);
    return STREAM_OK;
}

stream_status stream_ct_graph_finish(stream_ct_graph *graph, stream_arena *arena,
                                     const stream_diag *diag) {
    STREAM_TRY(stream_ct_graph_check_tensors(graph, diag));
    stream_arena *scratch = stream_arena_create();
    stream_status status = index_tensors(graph, arena, scratch, diag);
    stream_arena_destroy(scratch);
    if (status != STREAM_OK)
        return status;
    scratch = stream_arena_create();
    status = find_edges(graph, arena, scratch, diag);
    stream_arena_destroy(scratch);
    return status == STREAM_OK ? stream_ct_graph_check_outputs(graph, diag) : status;
}
