/* Values that one description of a row writes to a file and reads back. */
#ifndef GOLDEN_TRANSFER_H
#define GOLDEN_TRANSFER_H

#include "stream/support/arena.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    FILE *file;
    stream_arena *arena; /* NULL: writes */
    bool good;
} transfer;

static inline bool reads(const transfer *t) {
    return t->arena != NULL;
}

static inline void whole(transfer *t, int64_t *value) {
    long long read = 0;
    if (!reads(t)) {
        fprintf(t->file, " %" PRId64, *value);
        return;
    }
    t->good = t->good && fscanf(t->file, "%lld", &read) == 1;
    *value = read;
}

/* A count or an id. */
static inline void small(transfer *t, int32_t *value, int32_t least, int32_t most) {
    int64_t wide = *value;
    whole(t, &wide);
    t->good = t->good && wide >= least && wide <= most;
    *value = t->good ? (int32_t)wide : least;
}

static inline void flag(transfer *t, bool *value) {
    int32_t wide = *value;
    small(t, &wide, 0, 1);
    *value = wide != 0;
}

static inline void byte(transfer *t, uint8_t *value) {
    int32_t wide = *value;
    small(t, &wide, 0, UINT8_MAX);
    *value = (uint8_t)wide;
}

/* Every bit of it. */
static inline void real(transfer *t, double *value) {
    if (!reads(t))
        fprintf(t->file, " %a", *value);
    else
        t->good = t->good && fscanf(t->file, "%lf", value) == 1;
}

static inline void word(transfer *t, const char **value) {
    char read[64] = "";
    if (!reads(t)) {
        fprintf(t->file, " %s", *value);
        return;
    }
    t->good = t->good && fscanf(t->file, "%63s", read) == 1;
    *value = stream_arena_strdup(t->arena, read);
}

/* [n] elements behind a const pointer: the writer's own, or new ones. */
static inline void *many(transfer *t, const void *existing, int32_t n, size_t bytes) {
    void *copy = NULL;
    if (reads(t))
        return stream_arena_alloc(t->arena, (size_t)n, bytes);
    memcpy(&copy, &existing, sizeof copy);
    return copy;
}

#endif
