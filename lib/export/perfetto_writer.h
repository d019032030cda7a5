#ifndef STREAM_LIB_EXPORT_PERFETTO_WRITER_H
#define STREAM_LIB_EXPORT_PERFETTO_WRITER_H

#include "stream/support/text.h"
#include "stream/support/vec.h"

#include <stdbool.h>
#include <stdint.h>

/* Packets of a Perfetto trace: tracks, slices, counters. A Trace is its packets one behind the
 * other, so each is appended as soon as it is known. A track is described before its first event.
 * {.out = ...} is ready to use; owner calls stream_perfetto_close. */
typedef struct {
    stream_text *out;
    stream_vec scratch; /* bytes of one packet */
    uint64_t tracks;    /* described so far: their uuids are 1, 2, ... */
    int32_t rank;       /* of the next track among its siblings */
} stream_perfetto;

void stream_perfetto_close(stream_perfetto *p);

/* The process that all tracks belong to; its uuid. */
uint64_t stream_perfetto_process(stream_perfetto *p, const char *name);
/* A track below `parent`, shown in the order of description; unit != NULL: a counter. Its uuid. */
uint64_t stream_perfetto_track(stream_perfetto *p, uint64_t parent, const char *name,
                               const char *unit);

enum {
    STREAM_PERFETTO_NOTES = 12
};

/* `text`, or `integer` if it is NULL. */
typedef struct {
    const char *name, *text;
    int64_t integer;
} stream_perfetto_note;

/* The begin of a slice and what it says. Strings and ids are borrowed. */
typedef struct {
    uint64_t track;
    int64_t start;
    const char *name, *category;
    stream_perfetto_note notes[STREAM_PERFETTO_NOTES];
    size_t n_notes;
    const uint64_t *begins, *ends; /* ids of arrows that begin and end here */
    size_t n_begins, n_ends;
} stream_perfetto_slice;

void stream_perfetto_note_text(stream_perfetto_slice *s, const char *name, const char *value);
void stream_perfetto_note_integer(stream_perfetto_slice *s, const char *name, int64_t value);
void stream_perfetto_begin(stream_perfetto *p, const stream_perfetto_slice *s);
void stream_perfetto_end(stream_perfetto *p, uint64_t track, int64_t time);
void stream_perfetto_count(stream_perfetto *p, uint64_t track, int64_t time, int64_t value);

#endif
