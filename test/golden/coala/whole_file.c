/* Files, gzipped or not; see whole_file.h. */

#include "whole_file.h"

#include "stream/support/vec.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

enum {
    CHUNK = 1 << 18,
    MOST_BYTES = 1 << 30,
    GZIP_WINDOW = 15 + 16 /* as zlib wants it said: gzip, any window */
};

static bool read_bytes(const char *path, stream_vec *out) {
    FILE *file = fopen(path, "rb");
    size_t got = CHUNK;
    if (!file)
        return false;
    while (got == CHUNK && out->n < MOST_BYTES) {
        got = fread(stream_vec_push_n(out, CHUNK), 1, CHUNK, file);
        out->n -= CHUNK - got;
    }
    bool whole = !ferror(file) && out->n < MOST_BYTES;
    fclose(file);
    return whole;
}

/* One gzip member after another, and nothing behind the last. */
static bool expand(const stream_vec *from, stream_vec *out) {
    z_stream z = {.next_in = from->data, .avail_in = (uInt)from->n};
    if (inflateInit2(&z, GZIP_WINDOW) != Z_OK)
        return false;
    int status = Z_OK;
    while (status == Z_OK && out->n < MOST_BYTES) {
        z.next_out = stream_vec_push_n(out, CHUNK);
        z.avail_out = CHUNK;
        status = inflate(&z, Z_NO_FLUSH);
        out->n -= z.avail_out;
        if (status == Z_STREAM_END && z.avail_in > 0)
            status = inflateReset(&z);
    }
    inflateEnd(&z);
    return status == Z_STREAM_END;
}

static bool is_gzip(const stream_vec *bytes) {
    return bytes->n >= 2 && memcmp(bytes->data, "\x1f\x8b", 2) == 0;
}

char *read_whole_file(const char *path, stream_arena *arena) {
    stream_vec raw = STREAM_VEC(char), expanded = STREAM_VEC(char);
    char *kept = NULL;
    bool ok = read_bytes(path, &raw);
    bool packed = ok && is_gzip(&raw);
    if (ok && (!packed || expand(&raw, &expanded))) {
        const stream_vec *text = packed ? &expanded : &raw;
        kept = STREAM_NEW(arena, char, text->n + 1);
        if (text->n)
            memcpy(kept, text->data, text->n);
    }
    stream_vec_free(&raw);
    stream_vec_free(&expanded);
    return kept;
}
