/* The HTML page; see stream/export/export.h. Its source is in lib/export/page. */

#include "html_data.h"
#include "page.h"
#include "stream/export/export.h"
#include "write.h"

#include <string.h>

static void title(const stream_export *e, stream_text *out) {
    stream_write_markup(out, e->network);
    stream_text_str(out, " on ");
    stream_write_markup(out, e->problem->acc->name);
}

/* JSON inside a script element: no "<" can end it or begin a comment. It stands in strings only. */
static void data(const stream_export *e, stream_text *out) {
    stream_arena *arena = stream_arena_create();
    stream_text json = {0};
    stream_report report;
    stream_report_build(e, arena, &report);
    stream_html_data(&report, &json);
    for (const char *at = json.data, *next; *at; at = next) {
        next = at + strcspn(at, "<");
        stream_text_append(out, at, (size_t)(next - at));
        if (*next) {
            stream_text_str(out, "\\u003c");
            ++next;
        }
    }
    stream_text_free(&json);
    stream_arena_destroy(arena);
}

static void summary(const stream_export *e, stream_text *out) {
    stream_text text = {0};
    stream_export_summary(e, &text);
    stream_write_markup(out, text.data);
    stream_text_free(&text);
}

static void fill(const char *name, size_t n, const stream_export *e, stream_text *out) {
    if (!strncmp(name, "title", n))
        title(e, out);
    else if (!strncmp(name, "model", n))
        stream_write_markup(out, e->model);
    else if (!strncmp(name, "summary", n))
        summary(e, out);
    else if (!strncmp(name, "css", n))
        stream_text_str(out, stream_page_css);
    else if (!strncmp(name, "js", n))
        stream_text_str(out, stream_page_js);
    else
        data(e, out);
}

/* The page with what it names in {{...}} put in. */
void stream_export_html(const stream_export *e, stream_text *out) {
    const char *at = stream_page_html;
    for (const char *open; (open = strstr(at, "{{")); at = strstr(open, "}}") + 2) {
        const char *name = open + 2;
        stream_text_append(out, at, (size_t)(open - at));
        fill(name, (size_t)(strstr(name, "}}") - name), e, out);
    }
    stream_text_str(out, at);
}
