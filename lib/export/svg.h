#ifndef STREAM_LIB_EXPORT_SVG_H
#define STREAM_LIB_EXPORT_SVG_H

#include "curves.h"

/* The parts of an SVG timeline: rows from the top down, each at `y`, which moves on. In points. */
enum {
    STREAM_SVG_FONT = 9,
    STREAM_SVG_ROW = 16,
    STREAM_SVG_GAP = 4,
    STREAM_SVG_MARGIN = 4
};
#define STREAM_SVG_CHARACTER 5.0 /* width of a narrow one of the font */

typedef struct {
    const stream_export *e;
    const stream_accelerator *acc;
    int64_t from, until; /* cycles */
    const bool *shown;   /* [n_cores] */
    double left, width;  /* of the part that shows time */
    double y;
    bool curves; /* links and memories, too */
    stream_curves rates, occupancy;
    stream_text *out;
} stream_svg;

double stream_svg_x(const stream_svg *d, int64_t time);
/* The name of the row at `y`. */
void stream_svg_label(stream_svg *d, const char *name);

/* What a row is filled with where nothing happens. */
#define STREAM_SVG_LANE "#eee"

/* Rows of cores: names of tiles to d->out, their rectangles to `paths` [n_layers + 1], one path for
 * each layer; the last is of the rows themselves. */
void stream_svg_cores(stream_svg *d, stream_text *paths);
void stream_svg_tiles(stream_svg *d, const stream_text *paths);
void stream_svg_legend(stream_svg *d, const stream_text *paths);

/* Has the resource (the memory) a row? Links that carry something, memories on chip that hold
 * something. */
bool stream_svg_has_link(const stream_svg *d, int32_t resource);
bool stream_svg_has_memory(const stream_svg *d, int32_t instance);
/* Rows of links: mean share of the bandwidth; rows of memories: largest share of the capacity. */
void stream_svg_links(stream_svg *d);
void stream_svg_memories(stream_svg *d);

#endif
