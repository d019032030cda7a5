#ifndef GOLDEN_CT_GRAPH_SUMMARY_H
#define GOLDEN_CT_GRAPH_SUMMARY_H

#include "stream/schedule/coala_v0.h"

#include <stdio.h>

/* A CT graph of the reference in a few rows: one for every layer, one for every pair of layers with
 * edges. A hash covers all that the sums do not say, so equal rows mean equal graphs.
 *
 *   layer L CTS OUTPUT_BITS CONSTANT_BITS HASH
 *     the hash covers core, output bits and constants of every CT: operand, bits, uses that are
 * left, and which of them are the same data edges FROM TO EDGES BITS HASH between CTs of one layer,
 * the order in which they run, 0 bits; else the whole output of the producer for each edge. The
 * hash covers both CTs, operand and bits of every edge */

typedef struct {
    const stream_coala_v0_problem *problem;
    const int64_t *edge_bits; /* [n_edges]; NULL: the producer's output, 0 within a layer */
} ct_graph;

int64_t ct_graph_edge_bits(const ct_graph *graph, int32_t edge);

/* Edge ids by consumer, producer and operand. In `arena`. */
const int32_t *ct_graph_sorted_edges(const ct_graph *graph, stream_arena *arena);

/* [n constants] a number for equal data, in order of first use (a CT's constants by operand): equal
 * in graphs that number their data differently. In `arena`. */
const int32_t *ct_graph_data(const ct_graph *graph, stream_arena *arena);

/* The constant of a CT that operand class `operand` reads; -1: none. */
int32_t ct_graph_constant(const ct_graph *graph, int32_t ct, int32_t operand);

void ct_graph_print(const ct_graph *graph, stream_arena *arena, FILE *to);

#endif
