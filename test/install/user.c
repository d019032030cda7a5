/* A program of a user of the library: reads an accelerator and says what it has. */
#include <stream/import/accelerator.h>
#include <stream/support/text_file.h>

#include <stdio.h>

static void print(void *user, stream_severity severity, stream_loc loc, const char *text) {
    (void)user, (void)severity;
    fprintf(stderr, "%s:%u: %s\n", loc.file, loc.line, text);
}

int main(int argc, char **argv) {
    stream_diag diag = {print, NULL};
    stream_arena *arena = stream_arena_create();
    stream_text yaml = {0};
    stream_accelerator acc;
    if (argc != 2 || stream_file_read(argv[1], 1 << 20, &diag, &yaml) != STREAM_OK ||
        stream_accelerator_import(argv[1], yaml.data, yaml.length, arena, &diag, &acc) != STREAM_OK)
        return 1;
    printf("%s: %d cores, %d memories\n", acc.name, acc.n_cores, acc.n_instances);
    stream_text_free(&yaml);
    stream_arena_destroy(arena);
    return 0;
}
