#ifndef STREAM_TOOLS_COMMAND_LINE_H
#define STREAM_TOOLS_COMMAND_LINE_H

#include "stream/support/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The largest COUNT, and number of threads. */
#define OPTION_MOST         999999999
#define OPTION_MOST_THREADS 1024

/* Command lines: "--name value" and "--name=value", in any order, and one argument without a name.
 */

typedef enum {
    OPTION_TEXT,  /* a file name or a list */
    OPTION_COUNT, /* digits, in [least, most] */
    OPTION_PART,  /* as strtod reads it, above 0 and at most 1 */
    OPTION_WORD,  /* one of `words` */
    OPTION_FLAG
} option_kind;

typedef struct {
    const char *name, *value, *text; /* "--rows", "N", what --help says */
    size_t field; /* offset of the const char *, or bool of a FLAG, that it sets */
    option_kind kind;
    const char *words;   /* separated by '|' */
    bool no_blanks;      /* TEXT: blanks and braces are refused */
    int32_t least, most; /* COUNT; most 0: OPTION_MOST */
} command_option;

/* Sets fields of `out`, which is zeroed by the caller. Strings are borrowed from argv.
 * argument  offset of the const char * for the argument without a name; `what` it is: "model"
 * False: `message` says what is wrong. */
bool command_line_parse(const command_option *table, size_t n, size_t argument, const char *what,
                        int argc, char **argv, void *out, stream_text *message);

/* One line per option. */
void command_line_help(const command_option *table, size_t n);

#endif
