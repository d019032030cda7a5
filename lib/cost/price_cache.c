/* Found mappings in files, by the text of everything that led to them; see price.h. */

#define _XOPEN_SOURCE 700 /* mkdir, access */

#include "price.h"

#include "fits.h"
#include "stream/support/text_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The number changes with what a model says of a mapping: an older best may be none. */
static const char magic[] = "stream-cost-cache 2";

/* FNV-1a, 64 bits. It names files and finds damage; equality is decided by the key itself. */
static uint64_t hash(const char *bytes, size_t n, uint64_t h) {
    for (size_t i = 0; i < n; ++i)
        h = (h ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
    return h;
}

static void path_of(const char *dir, const char *key, stream_text *out) {
    size_t n = strlen(key);
    stream_text_print(out, "%s/%016" PRIx64 "%016" PRIx64 ".cost", dir,
                      hash(key, n, UINT64_C(14695981039346656037)),
                      hash(key, n, UINT64_C(0x9e3779b97f4a7c15)));
}

/* ---- the directory */

/* With the directories above it. False: errno says why there is none to write to. */
static bool make_directory(const char *dir) {
    stream_text path = {0};
    struct stat at;
    stream_text_str(&path, dir);
    for (char *slash = strchr(path.data, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path.data, 0777); /* if it fails, so does the last */
        *slash = '/';
    }
    stream_text_free(&path);
    mkdir(dir, 0777);
    if (stat(dir, &at) != 0 || access(dir, R_OK | W_OK | X_OK) != 0)
        return false;
    errno = ENOTDIR;
    return S_ISDIR(at.st_mode);
}

void stream_cost_cache_open(const char *dir, const stream_diag *diag) {
    if (!make_directory(dir))
        stream_warn(diag, (stream_loc){0}, "no mappings are kept in '%s': %s", dir,
                    strerror(errno));
}

/* ---- writing */

static void put_real(stream_text *out, double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    stream_text_print(out, " %" PRIx64, bits);
}

static void put_body(const char *key, const stream_cost_result *r, stream_text *out) {
    stream_text_print(out, "%zu\n%s", strlen(key), key);
    stream_text_print(out, "%d %d %" PRId64, r->proven, r->spatial.n_array_dims, r->evaluations);
    put_real(out, r->bound);
    for (int32_t x = 0; x < r->spatial.n_array_dims; ++x) {
        const stream_unrolled_level *level = &r->spatial.array_dims[x];
        stream_text_print(out, "\n%d %d", r->spatial.used[x], level->n);
        for (int32_t i = 0; i < level->n; ++i) {
            stream_text_print(out, " %d", level->at[i].dim);
            put_real(out, level->at[i].factor);
        }
    }
    stream_text_print(out, "\n%d", r->mapping.n);
    for (int32_t i = 0; i < r->mapping.n; ++i)
        stream_text_print(out, " %d %" PRId64, r->mapping.order[i].dim, r->mapping.order[i].size);
    for (int32_t o = 0; o < r->problem.n_operands; ++o)
        for (int32_t l = 0; l < r->problem.operands[o].n_levels; ++l)
            stream_text_print(out, " %d", r->mapping.cut[o][l]);
    stream_text_str(out, "\n");
}

void stream_cost_cache_put(const char *dir, const char *key, const stream_cost_result *result) {
    stream_text path = {0}, body = {0}, file = {0};
    path_of(dir, key, &path);
    put_body(key, result, &body);
    stream_text_print(&file, "%s %016" PRIx64 "\n%s", magic, hash(body.data, body.length, 0),
                      body.data);
    if (stream_file_write(path.data, file.data, file.length, NULL) != STREAM_OK)
        remove(path.data);
    stream_text_free(&file);
    stream_text_free(&body);
    stream_text_free(&path);
}

/* ---- reading: whatever is not exactly as written is a miss */

typedef struct {
    const char *at;
    bool good;
} reader;

static int64_t get_integer(reader *r) {
    long long value = 0;
    int n = 0;
    r->good = r->good && sscanf(r->at, "%lld%n", &value, &n) == 1;
    r->at += r->good ? n : 0;
    return value;
}

static int32_t get_count(reader *r, int32_t most) {
    int64_t value = get_integer(r);
    r->good = r->good && value >= 0 && value <= most;
    return r->good ? (int32_t)value : 0;
}

static double get_real(reader *r) {
    uint64_t bits = 0;
    int n = 0;
    double value = 0;
    r->good = r->good && sscanf(r->at, "%" SCNx64 "%n", &bits, &n) == 1;
    r->at += r->good ? n : 0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The body behind the checksum and the key, or NULL. */
static const char *body_of(const char *key, const stream_text *file) {
    size_t head = strlen(magic) + 18, n = strlen(key);
    uint64_t want = 0;
    if (file->length < head || strlen(file->data) != file->length ||
        strncmp(file->data, magic, strlen(magic)) != 0 ||
        sscanf(file->data + strlen(magic), " %16" SCNx64, &want) != 1 ||
        hash(file->data + head, file->length - head, 0) != want)
        return NULL;
    const char *line = strchr(file->data + head, '\n');
    return line && strncmp(line + 1, key, n) == 0 ? line + 1 + n : NULL;
}

static void get_spatial(reader *r, int32_t n_dims, stream_spatial_mapping *out) {
    for (int32_t x = 0; x < out->n_array_dims; ++x) {
        stream_unrolled_level *level = &out->array_dims[x];
        out->used[x] = get_count(r, 1);
        level->n = get_count(r, STREAM_NEST_MAX_DIMS);
        for (int32_t i = 0; i < level->n; ++i) {
            level->at[i].dim = get_count(r, n_dims - 1);
            level->at[i].factor = get_real(r);
            r->good = r->good && level->at[i].factor >= 1 && level->at[i].factor < 0x1p53;
        }
    }
}

static void get_temporal(reader *r, int32_t n_dims, const stream_mapping_problem *p,
                         stream_temporal_mapping *out) {
    memset(out, 0, sizeof *out);
    out->n = get_count(r, STREAM_MAP_MAX_LOOPS);
    for (int32_t i = 0; i < out->n; ++i) {
        out->order[i].dim = get_count(r, n_dims - 1);
        out->order[i].size = get_integer(r);
        r->good = r->good && out->order[i].size >= 1;
    }
    for (int32_t o = 0; o < p->n_operands; ++o)
        for (int32_t l = 0; l < p->operands[o].n_levels; ++l)
            out->cut[o][l] = get_count(r, STREAM_MAP_MAX_LOOPS);
}

static bool get_result(const char *body, const stream_loop_nest *nest, const stream_core *core,
                       const stream_cost_options *options, stream_cost_result *out) {
    reader r = {body, true};
    memset(out, 0, sizeof *out);
    out->proven = get_count(&r, 1);
    out->spatial.n_array_dims = get_count(&r, STREAM_MAX_ARRAY_DIMS);
    out->evaluations = get_integer(&r);
    out->bound = get_real(&r);
    get_spatial(&r, nest->n_dims, &out->spatial);
    if (!r.good || out->spatial.n_array_dims != core->n_array_dims ||
        stream_mapping_problem_build(nest, core, options->offchip, options->offchip_operands,
                                     &out->spatial, options->model, NULL, &out->problem))
        return false;
    get_temporal(&r, nest->n_dims, &out->problem, &out->mapping);
    if (!r.good || stream_mapping_check(&out->problem, &out->mapping, NULL) != STREAM_OK)
        return false;
    stream_mapping_evaluate(&out->problem, &out->mapping, &out->cost, &out->accesses);
    return true;
}

bool stream_cost_cache_get(const char *dir, const char *key, const stream_loop_nest *nest,
                           const stream_core *core, const stream_cost_options *options,
                           stream_cost_result *out) {
    stream_text path = {0}, file = {0};
    path_of(dir, key, &path);
    bool found = stream_file_read(path.data, 1 << 20, NULL, &file) == STREAM_OK && file.length > 0;
    const char *body = found ? body_of(key, &file) : NULL;
    found = body && get_result(body, nest, core, options, out);
    stream_text_free(&file);
    stream_text_free(&path);
    return found;
}
