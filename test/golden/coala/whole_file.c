/* Files, gzipped or not; see whole_file.h. */

#include "whole_file.h"

#include "stream/support/text_file.h"
#include "stream/support/vec.h"

#include <stdbool.h>
#include <string.h>
#include <zlib.h>

enum {
    CHUNK = 1 << 18,
    MOST_BYTES = 1 << 30,
    GZIP_WINDOW = 15 + 16 /* as zlib wants it said: gzip, any window */
};

/* One gzip member after another, and nothing behind the last. */
static bool expand(const stream_text *from, stream_vec *out) {
    z_stream z = {.next_in = (Bytef *)from->data, .avail_in = (uInt)from->length};
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

static char *terminated(const char *bytes, size_t n, stream_arena *arena) {
    char *kept = STREAM_NEW(arena, char, n + 1);
    if (n)
        memcpy(kept, bytes, n);
    return kept;
}

static bool is_gzip(const stream_text *bytes) {
    return bytes->length >= 2 && memcmp(bytes->data, "\x1f\x8b", 2) == 0;
}

char *read_whole_file(const char *path, stream_arena *arena) {
    stream_text raw = {0};
    stream_vec expanded = STREAM_VEC(char);
    char *kept = NULL;
    if (stream_file_read(path, MOST_BYTES - 1, NULL, &raw) == STREAM_OK) {
        if (!is_gzip(&raw))
            kept = terminated(raw.data, raw.length, arena);
        else if (expand(&raw, &expanded))
            kept = terminated(expanded.data, expanded.n, arena);
    }
    stream_text_free(&raw);
    stream_vec_free(&expanded);
    return kept;
}
