/* Command lines; see command_line.h. */

#include "command_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const command_option *table;
    size_t n, argument;
    const char *what;
    char *out; /* the caller's struct */
    stream_text *message;
} parser;

static const char **text_field(const parser *p, size_t field) {
    return (const char **)(void *)(p->out + field);
}

static bool is_word(const char *words, const char *value) {
    size_t n = strlen(value);
    for (const char *w = words; w; w = strchr(w, '|') ? strchr(w, '|') + 1 : NULL)
        if (n && !strncmp(w, value, n) && (w[n] == '|' || w[n] == '\0'))
            return true;
    return false;
}

static int32_t most_of(const command_option *entry) {
    return entry->most ? entry->most : OPTION_MOST;
}

static bool is_count(const command_option *entry, const char *value) {
    if (strspn(value, "0123456789") != strlen(value) || strlen(value) > 9)
        return false;
    long count = strtol(value, NULL, 10);
    return count >= entry->least && count <= most_of(entry);
}

static bool is_part(const char *value) {
    char *end;
    double part = strtod(value, &end);
    return *end == '\0' && part > 0 && part <= 1;
}

static bool is_valid(const command_option *entry, const char *value) {
    if (*value == '\0')
        return false;
    if (entry->kind == OPTION_COUNT)
        return is_count(entry, value);
    if (entry->kind == OPTION_PART)
        return is_part(value);
    if (entry->kind == OPTION_WORD)
        return is_word(entry->words, value);
    return !strpbrk(entry->no_blanks ? value : "", " {}");
}

static void put_expected(const command_option *entry, stream_text *out) {
    if (entry->kind == OPTION_COUNT)
        stream_text_print(out, "a number from %d to %d", entry->least, most_of(entry));
    else if (entry->kind == OPTION_PART)
        stream_text_str(out, "a number above 0 and at most 1");
    else if (entry->kind == OPTION_WORD)
        stream_text_str(out, entry->words);
    else
        stream_text_str(out, entry->no_blanks ? "text without blanks" : "text");
}

static bool set(const parser *p, const command_option *entry, const char *value) {
    if (!is_valid(entry, value)) {
        stream_text_print(p->message, "%s: '%s' is not ", entry->name, value);
        put_expected(entry, p->message);
        return false;
    }
    *text_field(p, entry->field) = value;
    return true;
}

static const command_option *find_option(const parser *p, const char *argument,
                                         const char **value) {
    const char *equals = strchr(argument, '=');
    size_t n = equals ? (size_t)(equals - argument) : strlen(argument);
    *value = equals ? equals + 1 : NULL;
    for (size_t i = 0; i < p->n; ++i)
        if (strlen(p->table[i].name) == n && !strncmp(p->table[i].name, argument, n))
            return &p->table[i];
    return NULL;
}

static bool set_flag(const parser *p, const command_option *entry, const char *value) {
    if (value)
        stream_text_print(p->message, "%s takes no value", entry->name);
    *(bool *)(void *)(p->out + entry->field) = true;
    return !value;
}

static bool set_argument(const parser *p, const char *argument) {
    const char **field = text_field(p, p->argument);
    if (*field) {
        stream_text_print(p->message, "one %s at a time: '%s' and '%s'", p->what, *field, argument);
        return false;
    }
    *field = argument;
    return true;
}

static bool parse_one(const parser *p, int argc, char **argv, int *i) {
    const char *argument = argv[*i], *value;
    if (argument[0] != '-' || !argument[1])
        return set_argument(p, argument);
    const command_option *entry = find_option(p, argument, &value);
    if (!entry) {
        stream_text_print(p->message, "unknown option '%s' (see --help)", argument);
        return false;
    }
    if (entry->kind == OPTION_FLAG)
        return set_flag(p, entry, value);
    if (!value && *i + 1 < argc)
        value = argv[++*i];
    if (!value) {
        stream_text_print(p->message, "%s needs a value (%s)", entry->name, entry->value);
        return false;
    }
    return set(p, entry, value);
}

bool command_line_parse(const command_option *table, size_t n, size_t argument, const char *what,
                        int argc, char **argv, void *out, stream_text *message) {
    parser p = {table, n, argument, what, out, message};
    for (int i = 1; i < argc; ++i)
        if (!parse_one(&p, argc, argv, &i))
            return false;
    return true;
}

void command_line_help(const command_option *table, size_t n) {
    for (size_t i = 0; i < n; ++i) {
        char left[40];
        snprintf(left, sizeof left, "%s %s", table[i].name, table[i].value ? table[i].value : "");
        printf("  %-22s %s\n", left, table[i].text);
    }
}
