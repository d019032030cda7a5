/* Accelerator files; see stream/import/accelerator.h. */

#include "stream/import/accelerator.h"

#include "core.h"
#include "core_file.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    stream_arena *arena;
    const stream_diag *diag;
    stream_accelerator *acc;
    stream_core *cores; /* [acc->n_cores] */
    stream_core_files files;
} reader;

/* A core id, as a key or a value. */
static stream_status read_id(const reader *r, const stream_yaml *node, const char *what,
                             int32_t *out) {
    int64_t id;
    STREAM_TRY(stream_yaml_integer(node, what, 0, r->acc->n_cores - 1, r->diag, &id));
    *out = (int32_t)id;
    return STREAM_OK;
}

static stream_status read_core(reader *r, const stream_yaml *node, int32_t id, stream_core *out) {
    if (node->kind == STREAM_YAML_MAP)
        STREAM_TRY(stream_core_read(node, r->arena, r->diag, out));
    else
        STREAM_TRY(stream_core_file_read(&r->files, node, r->arena, r->diag, out));
    size_t room = strlen(out->name) + 16;
    char *name = STREAM_NEW(r->arena, char, room);
    snprintf(name, room, "%s_%d", out->name, id);
    out->name = name;
    out->place = node->loc;
    return STREAM_OK;
}

/* A dictionary from ids 0 .. n-1, or a list in the order of the ids. */
static stream_status read_cores(reader *r, const stream_yaml *root) {
    const stream_yaml *list;
    STREAM_TRY(stream_yaml_need(root, "cores", "an accelerator", r->diag, &list));
    if (list->kind == STREAM_YAML_SCALAR)
        STREAM_TRY(stream_yaml_expect(list, STREAM_YAML_MAP, "cores", r->diag));
    if (list->n < 1 || list->n > STREAM_MAX_CORES)
        return stream_error(r->diag, STREAM_INVALID, list->loc,
                            "the accelerator has %d cores; it must have 1 to %d", list->n,
                            STREAM_MAX_CORES);
    r->cores = STREAM_NEW(r->arena, stream_core, (size_t)list->n);
    r->acc->n_cores = list->n;
    r->acc->cores = r->cores;
    for (int32_t i = 0; i < list->n; ++i) {
        int32_t id = i;
        if (list->kind == STREAM_YAML_MAP)
            STREAM_TRY(read_id(r, list->keys[i], "a core id", &id));
        if (r->cores[id].name)
            return stream_error(r->diag, STREAM_INVALID, list->keys[i]->loc,
                                "core %d is here twice", id);
        STREAM_TRY(read_core(r, list->items[i], id, &r->cores[id]));
    }
    return STREAM_OK;
}

static stream_status read_offchip(reader *r, const stream_yaml *root) {
    const stream_yaml *node;
    STREAM_TRY(stream_yaml_need(root, "offchip_core_id", "an accelerator", r->diag, &node));
    STREAM_TRY(read_id(r, node, "offchip_core_id", &r->acc->offchip_core));
    if (r->cores[r->acc->offchip_core].kind == STREAM_CORE_SHIM)
        r->cores[r->acc->offchip_core].kind = STREAM_CORE_OFFCHIP;
    return STREAM_OK;
}

static stream_status read_coordinates(reader *r, const stream_yaml *map) {
    STREAM_TRY(stream_yaml_expect(map, STREAM_YAML_MAP, "core_coordinates", r->diag));
    for (int32_t i = 0; i < map->n; ++i) {
        const stream_yaml *at = map->items[i];
        int32_t id;
        int64_t column, row;
        STREAM_TRY(read_id(r, map->keys[i], "a core id in core_coordinates", &id));
        STREAM_TRY(stream_yaml_expect(at, STREAM_YAML_LIST, "coordinates", r->diag));
        if (at->n != 2)
            return stream_error(r->diag, STREAM_INVALID, at->loc,
                                "coordinates are a column and a row, such as [0, 1]; here are %d "
                                "numbers",
                                at->n);
        STREAM_TRY(
            stream_yaml_integer(at->items[0], "a column", INT32_MIN, INT32_MAX, r->diag, &column));
        STREAM_TRY(stream_yaml_integer(at->items[1], "a row", INT32_MIN, INT32_MAX, r->diag, &row));
        r->cores[id].has_coordinates = true;
        r->cores[id].column = (int32_t)column;
        r->cores[id].row = (int32_t)row;
    }
    return STREAM_OK;
}

/* [0, 1] */
static stream_status read_ids(const reader *r, const stream_yaml *list, const char *what,
                              const int32_t **out, int32_t *out_n) {
    STREAM_TRY(stream_yaml_expect(list, STREAM_YAML_LIST, what, r->diag));
    if (list->n > r->acc->n_cores)
        return stream_error(r->diag, STREAM_INVALID, list->loc, "%s names %d cores; there are %d",
                            what, list->n, r->acc->n_cores);
    int32_t *ids = STREAM_NEW(r->arena, int32_t, (size_t)list->n);
    for (int32_t i = 0; i < list->n; ++i)
        STREAM_TRY(read_id(r, list->items[i], what, &ids[i]));
    *out = ids;
    *out_n = list->n;
    return STREAM_OK;
}

/* Whole bits per cycle; a whole number may be written with a point. */
static stream_status read_bandwidth(const reader *r, const stream_yaml *node, int64_t *out) {
    double bits;
    STREAM_TRY(stream_yaml_number(node, "bandwidth", 1, (double)STREAM_MAX_BANDWIDTH_BITS, r->diag,
                                  &bits));
    if (bits != (double)(int64_t)bits)
        return stream_error(r->diag, STREAM_INVALID, node->loc,
                            "bandwidth is %s bits per cycle; it must be a whole number",
                            node->text);
    *out = (int64_t)bits;
    return STREAM_OK;
}

/* `word_pj` is the accelerator's default energy of a word: of `bandwidth` bits, as they cross in
 * one cycle. */
static stream_status read_link(const reader *r, const stream_yaml *node, int32_t index,
                               double word_pj, stream_link *out) {
    static const char *const known[] = {"type",    "cores", "bandwidth", "unit_energy_cost",
                                        "latency", NULL};
    const stream_yaml *value;
    const char *type = "link";
    STREAM_TRY(stream_yaml_keys(node, known, "a connection", r->diag));
    if ((value = stream_yaml_find(node, "type")))
        STREAM_TRY(stream_yaml_string(value, "the type of a connection", r->diag, &type));
    if (strcmp(type, "link") != 0 && strcmp(type, "bus") != 0)
        return stream_error(r->diag, STREAM_INVALID, value->loc,
                            "unknown type of connection '%s'; known: link, bus", type);
    *out = (stream_link){.bus = type[0] == 'b', .loc = node->loc};
    STREAM_TRY(stream_yaml_need(node, "cores", "a connection", r->diag, &value));
    STREAM_TRY(read_ids(r, value, "cores of a connection", &out->cores, &out->n_cores));
    STREAM_TRY(stream_yaml_need(node, "bandwidth", "a connection", r->diag, &value));
    STREAM_TRY(read_bandwidth(r, value, &out->bandwidth_bits));
    if ((value = stream_yaml_find(node, "unit_energy_cost")))
        STREAM_TRY(
            stream_yaml_number(value, "unit_energy_cost", 0, STREAM_MAX_PJ, r->diag, &word_pj));
    out->pj_per_bit = word_pj / (double)out->bandwidth_bits;
    if ((value = stream_yaml_find(node, "latency")))
        STREAM_TRY(
            stream_yaml_integer(value, "latency", 0, INT32_MAX, r->diag, &out->latency_cycles));
    char name[32];
    snprintf(name, sizeof name, "%s_%d", type, index);
    out->name = stream_arena_strdup(r->arena, name);
    return STREAM_OK;
}

static stream_status read_links(reader *r, const stream_yaml *root) {
    const stream_yaml *list, *value;
    double word_pj = 0;
    if ((value = stream_yaml_find(root, "unit_energy_cost")))
        STREAM_TRY(
            stream_yaml_number(value, "unit_energy_cost", 0, STREAM_MAX_PJ, r->diag, &word_pj));
    STREAM_TRY(stream_yaml_need(root, "core_connectivity", "an accelerator", r->diag, &list));
    STREAM_TRY(stream_yaml_expect(list, STREAM_YAML_LIST, "core_connectivity", r->diag));
    if (list->n > STREAM_MAX_LINKS)
        return stream_error(r->diag, STREAM_LIMIT, list->loc, "%d connections; the limit is %d",
                            list->n, STREAM_MAX_LINKS);
    stream_link *links = STREAM_NEW(r->arena, stream_link, (size_t)list->n);
    for (int32_t i = 0; i < list->n; ++i)
        STREAM_TRY(read_link(r, list->items[i], i, word_pj, &links[i]));
    r->acc->links = links;
    r->acc->n_links = list->n;
    return STREAM_OK;
}

/* [I1, O] */
static stream_status read_operands(const reader *r, const stream_yaml *list, uint8_t *out) {
    STREAM_TRY(stream_yaml_expect(list, STREAM_YAML_LIST, "operands of a sharing", r->diag));
    *out = 0;
    for (int32_t i = 0; i < list->n; ++i) {
        const stream_yaml *item = list->items[i];
        int32_t o = 0;
        STREAM_TRY(stream_yaml_expect(item, STREAM_YAML_SCALAR, "operand of a sharing", r->diag));
        while (o < STREAM_N_OPERANDS &&
               strcmp(item->text, stream_operand_class_name((stream_operand_class)o)) != 0)
            ++o;
        if (o == STREAM_N_OPERANDS)
            return stream_error(r->diag, STREAM_INVALID, item->loc,
                                "unknown operand '%s'; known: I1, I2, O", item->text);
        *out |= (uint8_t)(1u << o);
    }
    return STREAM_OK;
}

/* {cores: [0, 1], operands: [I1, O]}, or a list of operands for each core. */
static stream_status read_part(const reader *r, const stream_yaml *node, stream_sharing *out) {
    static const char *const keys[] = {"cores", "operands", NULL};
    const stream_yaml *cores, *operands;
    STREAM_TRY(stream_yaml_keys(node, keys, "a sharing", r->diag));
    STREAM_TRY(stream_yaml_need(node, "cores", "a sharing", r->diag, &cores));
    STREAM_TRY(read_ids(r, cores, "core_memory_sharing", &out->cores, &out->n_cores));
    STREAM_TRY(stream_yaml_need(node, "operands", "a sharing", r->diag, &operands));
    STREAM_TRY(stream_yaml_expect(operands, STREAM_YAML_LIST, "operands of a sharing", r->diag));
    bool each = operands->n > 0 && operands->items[0]->kind == STREAM_YAML_LIST;
    if (each && operands->n != out->n_cores)
        return stream_error(r->diag, STREAM_INVALID, operands->loc,
                            "operands of %d cores; the sharing has %d", operands->n, out->n_cores);
    uint8_t *masks = STREAM_NEW(r->arena, uint8_t, (size_t)out->n_cores + 1);
    for (int32_t i = 0; i < out->n_cores; ++i)
        STREAM_TRY(read_operands(r, each ? operands->items[i] : operands, &masks[i]));
    out->operands = masks;
    return STREAM_OK;
}

/* "3, 0, 1", or a list: all top memories; or a map: some. */
static stream_status read_sharing(const reader *r, const stream_yaml *node, stream_sharing *out) {
    if (node->kind == STREAM_YAML_MAP)
        return read_part(r, node, out);
    if (node->kind == STREAM_YAML_LIST)
        return read_ids(r, node, "core_memory_sharing", &out->cores, &out->n_cores);
    STREAM_TRY(stream_yaml_expect(node, STREAM_YAML_SCALAR, "core_memory_sharing", r->diag));
    int32_t *ids = STREAM_NEW(r->arena, int32_t, (size_t)r->acc->n_cores);
    const char *c = node->text;
    for (bool more = true; more;) {
        int n = 0;
        if (out->n_cores == r->acc->n_cores || sscanf(c, " %9d %n", &ids[out->n_cores], &n) != 1 ||
            (c[n] && c[n] != ','))
            return stream_error(r->diag, STREAM_INVALID, node->loc,
                                "'%s' does not name cores that share a memory; write for example "
                                "'0, 1'",
                                node->text);
        if (ids[out->n_cores] < 0 || ids[out->n_cores] >= r->acc->n_cores)
            return stream_error(r->diag, STREAM_INVALID, node->loc,
                                "core_memory_sharing names core %d; there are cores 0 to %d",
                                ids[out->n_cores], r->acc->n_cores - 1);
        ++out->n_cores;
        more = c[n] == ',';
        c += n + 1;
    }
    out->cores = ids;
    return STREAM_OK;
}

static stream_status read_sharings(reader *r, const stream_yaml *list) {
    STREAM_TRY(stream_yaml_expect(list, STREAM_YAML_LIST, "core_memory_sharing", r->diag));
    if (list->n > r->acc->n_cores)
        return stream_error(r->diag, STREAM_INVALID, list->loc,
                            "%d groups of cores that share a memory, but only %d cores", list->n,
                            r->acc->n_cores);
    stream_sharing *sharings = STREAM_NEW(r->arena, stream_sharing, (size_t)list->n);
    for (int32_t i = 0; i < list->n; ++i)
        STREAM_TRY(read_sharing(r, list->items[i], &sharings[i]));
    r->acc->sharings = sharings;
    r->acc->n_sharings = list->n;
    return STREAM_OK;
}

static stream_status read_root(reader *r, const stream_yaml *root) {
    static const char *const known[] = {"name",
                                        "cores",
                                        "offchip_core_id",
                                        "unit_energy_cost",
                                        "core_connectivity",
                                        "core_memory_sharing",
                                        "core_coordinates",
                                        "technology_node",
                                        "memory_aliases",
                                        "bandwidth",
                                        "reconfiguration",
                                        "kernel_library",
                                        NULL};
    static const char *const extras[] = {"technology_node", "memory_aliases", "bandwidth",
                                         "reconfiguration", "kernel_library", NULL};
    const stream_yaml *value;
    const char *name;
    STREAM_TRY(stream_yaml_keys(root, known, "an accelerator", r->diag));
    STREAM_TRY(stream_yaml_need(root, "name", "an accelerator", r->diag, &value));
    STREAM_TRY(stream_yaml_string(value, "name", r->diag, &name));
    *r->acc =
        (stream_accelerator){.name = stream_import_identifier(name, r->arena), .loc = root->loc};
    STREAM_TRY(read_cores(r, root));
    STREAM_TRY(read_offchip(r, root));
    STREAM_TRY(read_links(r, root));
    if ((value = stream_yaml_find(root, "core_memory_sharing")))
        STREAM_TRY(read_sharings(r, value));
    if ((value = stream_yaml_find(root, "core_coordinates")))
        STREAM_TRY(read_coordinates(r, value));
    stream_text entries = {0};
    stream_yaml_entries(root, extras, &entries);
    r->acc->unmodelled = stream_yaml_dictionary(&entries, r->arena);
    return stream_accelerator_finish(r->acc, r->arena, r->diag);
}

stream_status stream_accelerator_import(const char *path, const void *bytes, size_t n,
                                        stream_arena *arena, const stream_diag *diag,
                                        stream_accelerator *out) {
    const char *kept = path ? stream_arena_strdup(arena, path) : NULL;
    reader r = {.arena = arena, .diag = diag, .acc = out, .files = {.path = kept}};
    const stream_yaml *root;
    STREAM_TRY(stream_yaml_parse(kept, bytes, n, arena, diag, &root));
    stream_status status = read_root(&r, root);
    stream_core_files_close(&r.files);
    return status;
}
