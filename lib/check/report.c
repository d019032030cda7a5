/* Messages and the names in them; see context.h. */

#include "context.h"

#include "stream/support/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void check_report(check *c, stream_loc loc, const char *rule, const char *format, ...) {
    if (c->violations++ >= c->max_reports)
        return;
    char text[900];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    (void)stream_error(c->diag, STREAM_INVALID, loc, "%s: %s", rule, text);
}

bool check_is_heard(const check *c) {
    return c->violations < c->max_reports;
}

const char *check_core_name(const check *c, int32_t core) {
    return c->acc->cores[core].name;
}

check_name check_ct_name(const check *c, int32_t ct) {
    check_name name;
    int32_t layer = c->graph->cts[ct].layer;
    snprintf(name.s, sizeof name.s, "CT %" PRId32 " of layer '%s'", ct,
             layer >= 0 && layer < c->graph->n_layers ? c->graph->layers[layer].name : "?");
    return name;
}

static size_t append_list(char *s, size_t at, size_t size, const int32_t *values, int32_t n) {
    at += (size_t)snprintf(s + at, size - at, "[");
    for (int32_t d = 0; d < n && at + 16 < size; ++d)
        at += (size_t)snprintf(s + at, size - at, "%s%" PRId32, d ? ", " : "", values[d]);
    return at + 2 < size ? at + (size_t)snprintf(s + at, size - at, "]") : at;
}

check_name check_box_name(const check *c, int32_t tensor, const stream_box *box) {
    check_name name;
    snprintf(name.s, 60, "'%s'", c->graph->tensors[tensor].name);
    size_t at = append_list(name.s, strlen(name.s), sizeof name.s, box->lo, box->rank);
    append_list(name.s, at, sizeof name.s, box->size, box->rank);
    return name;
}

check_name check_transfer_name(const check *c, int32_t transfer) {
    const stream_transfer *t = &c->schedule->transfers[transfer];
    check_name name;
    snprintf(name.s, sizeof name.s, "transfer %" PRId32 " of %.160s", transfer,
             check_box_name(c, t->tensor, &t->box).s);
    return name;
}

check_name check_instance_name(const check *c, int32_t instance) {
    const stream_instance *i = &c->acc->instances[instance];
    const stream_core *core = &c->acc->cores[i->core];
    check_name name;
    snprintf(name.s, sizeof name.s, "memory '%s' of core '%s'", core->memories[i->level].name,
             core->name);
    return name;
}

static check_name link_name(const check *c, const stream_resource *r) {
    const stream_link *link = &c->acc->links[r->link];
    check_name name;
    if (link->bus)
        snprintf(name.s, sizeof name.s, "bus '%s'", link->name);
    else
        snprintf(name.s, sizeof name.s, "link '%s' from core '%s'", link->name,
                 check_core_name(c, link->cores[r->reversed ? 1 : 0]));
    return name;
}

check_name check_resource_name(const check *c, int32_t resource) {
    const stream_resource *r = &c->acc->resources[resource];
    if (r->kind == STREAM_RESOURCE_LINK)
        return link_name(c, r);
    const stream_instance *i = &c->acc->instances[r->instance];
    check_name name;
    snprintf(name.s, sizeof name.s, "port '%s' of %.150s",
             c->acc->cores[i->core].memories[i->level].ports[r->port].name,
             check_instance_name(c, r->instance).s);
    return name;
}

check_name check_buffer_name(const check *c, const check_buffer *b) {
    check_name name;
    char by[60] = "the input or constant";
    if (b->origin == CHECK_CT)
        snprintf(by, sizeof by, "the output of CT %" PRId32 ",", b->event);
    if (b->origin == CHECK_STREAM) {
        snprintf(name.s, sizeof name.s, "what CT %" PRId32 " streams through its core", b->event);
        return name;
    }
    if (b->origin == CHECK_TRANSFER)
        snprintf(by, sizeof by, "the copy by transfer %" PRId32 " of", b->event);
    snprintf(name.s, sizeof name.s, "%s %.130s", by, check_box_name(c, b->tensor, &b->box).s);
    return name;
}

stream_loc check_ct_loc(const check *c, int32_t ct) {
    return c->graph->cts[ct].loc;
}

stream_loc check_transfer_loc(const check *c, int32_t transfer) {
    const stream_loc *locs = c->options->transfer_locs;
    return locs ? locs[transfer] : (stream_loc){0};
}

stream_loc check_resident_loc(const check *c, int32_t resident) {
    const stream_loc *locs = c->options->resident_locs;
    return locs ? locs[resident] : (stream_loc){0};
}

stream_loc check_buffer_loc(const check *c, const check_buffer *b) {
    if (b->origin == CHECK_RESIDENT)
        return check_resident_loc(c, b->event);
    bool of_ct = b->origin == CHECK_CT || b->origin == CHECK_STREAM;
    return of_ct ? check_ct_loc(c, b->event) : check_transfer_loc(c, b->event);
}

stream_loc check_summary_loc(const check *c) {
    return c->options->summary_loc;
}
