/* Names of things in exports; see names.h. */

#include "names.h"

void stream_export_instance_name(const stream_accelerator *acc, int32_t instance,
                                 stream_text *out) {
    const stream_core *core = &acc->cores[acc->instances[instance].core];
    stream_text_print(out, "%s.%s", core->name,
                      core->memories[acc->instances[instance].level].name);
}

void stream_export_resource_name(const stream_accelerator *acc, int32_t resource,
                                 stream_text *out) {
    const stream_resource *r = &acc->resources[resource];
    if (r->kind == STREAM_RESOURCE_PORT) {
        const stream_instance *m = &acc->instances[r->instance];
        stream_export_instance_name(acc, r->instance, out);
        stream_text_print(out, " %s", acc->cores[m->core].memories[m->level].ports[r->port].name);
        return;
    }
    const stream_link *link = &acc->links[r->link];
    if (link->bus) {
        stream_text_str(out, link->name);
        return;
    }
    stream_text_print(out, "%s %s>%s", link->name,
                      acc->cores[link->cores[r->reversed ? 1 : 0]].name,
                      acc->cores[link->cores[r->reversed ? 0 : 1]].name);
}

const char *stream_export_layer(const stream_export *e, int32_t ct) {
    const stream_ct_graph *graph = e->problem->graph;
    return graph->layers[graph->cts[ct].layer].name;
}

void stream_export_box(const stream_box *box, stream_text *out) {
    stream_text_str(out, "[");
    for (int32_t d = 0; d < box->rank; ++d)
        stream_text_print(out, "%s%d:%d", d ? ", " : "", box->lo[d], box->lo[d] + box->size[d]);
    stream_text_str(out, "]");
}

const char *stream_export_bound_text(stream_bound_kind kind) {
    switch (kind) {
    case STREAM_BOUND_COMPUTE:
        return "compute";
    case STREAM_BOUND_OFFCHIP:
        return "off-chip traffic";
    case STREAM_BOUND_CRITICAL_PATH:
        return "critical path";
    case STREAM_BOUND_LINK:
        return "link traffic";
    case STREAM_BOUND_ASSIGNMENT:
        return "assignment to cores";
    case STREAM_BOUND_NETWORK:
        return "traffic between memories";
    }
    return "unknown";
}
