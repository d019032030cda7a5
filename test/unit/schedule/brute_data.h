/* What the CTs of a small problem exchange, for brute_force.h: elements of one tensor, written by
 * one CT, that the same CTs read as the same operands, are one piece. */
#ifndef BRUTE_DATA_H
#define BRUTE_DATA_H

#include "random_instance.h"

typedef struct {
    int32_t writer;                      /* the CT whose version it is; -1: an input or constant */
    unsigned readers[STREAM_N_OPERANDS]; /* CTs as bits */
    unsigned heirs; /* the CT that accumulates onto it, as a bit: it takes it over in place */
    bool output;    /* must be off-chip at the end */
    int64_t bits;
} brute_piece;

typedef struct {
    stream_box box;
    brute_piece piece;
} brute_part;

/* CT i sees what `writer` left in its box. */
static bool brute_sees(const stream_ct_graph *g, int32_t i, int32_t writer) {
    for (int32_t w = writer + 1; writer >= 0 && w < i; ++w)
        if (g->cts[w].tensor == g->cts[writer].tensor &&
            stream_box_equal(&g->cts[w].box, &g->cts[writer].box))
            return false;
    return writer < i;
}

/* Cuts the parts along the box; those inside are also what `use` says. */
static void brute_use(stream_vec *parts, const stream_box *box, brute_piece use) {
    for (size_t k = 0, n = parts->n; k < n; ++k) {
        stream_box rest[2 * STREAM_MAX_RANK], whole = STREAM_AT(brute_part, *parts, k).box, inside;
        if (!stream_box_intersect(&whole, box, &inside))
            continue;
        int32_t n_rest = stream_box_subtract(&whole, box, rest);
        for (int32_t i = 0; i < n_rest; ++i) {
            brute_part *outside = stream_vec_push(parts);
            *outside = STREAM_AT(brute_part, *parts, k);
            outside->box = rest[i];
        }
        brute_part *part = &STREAM_AT(brute_part, *parts, k);
        part->box = inside;
        for (int32_t o = 0; o < STREAM_N_OPERANDS; ++o)
            part->piece.readers[o] |= use.readers[o];
        part->piece.heirs |= use.heirs;
        part->piece.output |= use.output;
    }
}

static void brute_uses(const stream_ct_graph *g, int32_t tensor, int32_t writer,
                       stream_vec *parts) {
    bool last = writer >= 0;
    for (int32_t i = writer + 1; i < g->n_cts; ++i) {
        const stream_ct *ct = &g->cts[i];
        if (!brute_sees(g, i, writer))
            continue;
        for (int32_t k = 0; k < ct->n_reads; ++k) {
            const stream_ct_read *read = &g->reads[ct->first_read + k];
            brute_piece use = {0};
            use.readers[read->operand] = 1u << i;
            if (read->tensor == tensor)
                brute_use(parts, &read->box, use);
        }
        if (writer >= 0 && ct->tensor == tensor &&
            stream_box_equal(&ct->box, &g->cts[writer].box)) {
            brute_use(parts, &ct->box, (brute_piece){.heirs = 1u << i});
            last = false;
        }
    }
    stream_box left;
    if (last && stream_tensor_output_box(&g->tensors[tensor], &g->cts[writer].box, &left))
        brute_use(parts, &left, (brute_piece){.output = true});
}

static bool brute_same_use(const brute_piece *a, const brute_piece *b) {
    return a->writer == b->writer && memcmp(a->readers, b->readers, sizeof a->readers) == 0 &&
           a->heirs == b->heirs && a->output == b->output;
}

static bool brute_is_used(const brute_piece *p) {
    return p->readers[STREAM_I1] || p->readers[STREAM_I2] || p->readers[STREAM_O] || p->heirs ||
           p->output;
}

static void brute_add_pieces(const stream_ct_graph *g, int32_t tensor, int32_t writer,
                             stream_vec *pieces) {
    const stream_tensor *t = &g->tensors[tensor];
    stream_vec parts = STREAM_VEC(brute_part);
    size_t first = pieces->n;
    *(brute_part *)stream_vec_push(&parts) = (brute_part){
        writer < 0 ? stream_box_whole(t->rank, t->shape) : g->cts[writer].box, {.writer = writer}};
    brute_uses(g, tensor, writer, &parts);
    for (size_t k = 0; k < parts.n; ++k) {
        brute_part *part = &STREAM_AT(brute_part, parts, k);
        size_t at = first;
        while (at < pieces->n &&
               !brute_same_use(&STREAM_AT(brute_piece, *pieces, at), &part->piece))
            ++at;
        if (!brute_is_used(&part->piece))
            continue;
        if (at == pieces->n)
            *(brute_piece *)stream_vec_push(pieces) = part->piece;
        STREAM_AT(brute_piece, *pieces, at).bits += stream_ct_graph_bits(g, tensor, &part->box);
    }
    stream_vec_free(&parts);
}

/* In `arena`. */
static const brute_piece *brute_pieces(const stream_ct_graph *g, stream_arena *arena,
                                       int32_t *out_n) {
    stream_vec pieces = STREAM_VEC(brute_piece);
    for (int32_t t = 0; t < g->n_tensors; ++t)
        if (g->tensors[t].kind != STREAM_TENSOR_INTERMEDIATE)
            brute_add_pieces(g, t, -1, &pieces);
    for (int32_t w = 0; w < g->n_cts; ++w)
        brute_add_pieces(g, g->cts[w].tensor, w, &pieces);
    *out_n = (int32_t)pieces.n;
    return stream_vec_freeze(&pieces, arena);
}

#endif
