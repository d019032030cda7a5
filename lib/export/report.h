#ifndef STREAM_LIB_EXPORT_REPORT_H
#define STREAM_LIB_EXPORT_REPORT_H

#include "curves.h"
#include "spilled.h"

#include "stream/schedule/energy.h"

/* What the report pages say about a schedule beyond its summary: figures per core, layer and kind
 * of data, and why cores are idle. */

/* How a core spends the latency: the parts add up to it. */
typedef struct {
    int32_t cts;
    int64_t busy;
    int64_t before,
        after;       /* its first CT, its last; before is all of it if the core runs nothing */
    int64_t loading; /* between CTs, while something is on its way into its memories */
    int64_t queued;  /* between CTs, with nothing on its way, while a link or port that the next
                        transfer takes (or a CT that streams) is taken by others */
    int64_t waiting; /* between CTs, otherwise: for other cores, or for space */
} stream_report_core;

typedef struct {
    int32_t cts, stack;
    int64_t cycles;                      /* of its CTs, in sum */
    int64_t first, last;                 /* start of its first CT, end of its last */
    int64_t offchip_read, offchip_write; /* bits, by the transfers made for it; see energy.h */
} stream_report_layer;

enum {
    STREAM_REPORT_INPUT,
    STREAM_REPORT_CONSTANT,
    STREAM_REPORT_INTERMEDIATE,
    STREAM_REPORT_OUTPUT,
    STREAM_REPORT_KINDS
};
/* "inputs", "constants", ... */
const char *stream_report_kind_name(int kind);

typedef struct {
    int64_t read, write; /* bits off-chip */
    int64_t again;       /* bits read beyond the size of each tensor that is read */
} stream_report_traffic;

typedef struct {
    const stream_export *e;
    const stream_report_core *cores;   /* [n_cores] */
    const stream_report_layer *layers; /* [n_layers] */
    const uint8_t *kinds;              /* [n_tensors] STREAM_REPORT_* */
    const int32_t *readers;            /* [n_transfers] fed first, or -1; see flows.h */
    stream_report_traffic traffic[STREAM_REPORT_KINDS];
    int64_t spilled_bits[STREAM_N_SPILLED]; /* they add up to the intermediates' write */
    stream_energy energy;
    int64_t idle; /* cycles in which no core runs a CT */
    stream_curves occupancy, rates;
    const int64_t *extents; /* [n_instances] see occupied.h */
} stream_report;

/* O(n log n). In `arena`; keeps `e`. */
void stream_report_build(const stream_export *e, stream_arena *arena, stream_report *out);

/* The resource (link, bus or port) with the largest share of its bandwidth used over the latency;
 * -1: nothing is moved. links: not ports. */
int32_t stream_report_busiest(const stream_report *r, bool links);
/* That share, in [0, 1]. */
double stream_report_use(const stream_report *r, int32_t resource);

/* What binds the schedule and what would help, as sentences, each ended by '\0'. Appends. */
void stream_report_words(const stream_report *r, stream_text *out);

#endif
