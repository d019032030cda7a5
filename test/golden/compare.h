/* The exact mode against the reference's winners. */
#ifndef GOLDEN_COMPARE_H
#define GOLDEN_COMPARE_H

#include "row.h"

enum {
    GOLDEN_OBJECTIVES = 3,
    GOLDEN_MAX_CORES = 64,
    GOLDEN_MAX_ROWS = 1024
};

/* Of one core file and objective: the reference's winner, priced by the exact model, over the exact
 * optimum under the same spatial mapping. */
typedef struct {
    int rows, better, worse, proven,
        unfit; /* unfit: the winner exceeds a memory in the exact model */
    double log_sum, best;
    int64_t best_row;
    double ms[GOLDEN_MAX_ROWS];
} golden_ratio;

typedef struct {
    int n_cores, worse;
    char core[GOLDEN_MAX_CORES][64];
    golden_ratio ratio[GOLDEN_MAX_CORES][GOLDEN_OBJECTIVES];
} golden_comparison;

void golden_compare(golden_row *row, golden_comparison *out);
void golden_comparison_print(golden_comparison *c);

#endif
