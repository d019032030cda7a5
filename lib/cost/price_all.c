/* Many kernels on many cores, each distinct pair once, in parallel; see stream/cost/cost.h. */

#include "price.h"
#include "signature.h"
#include "stream/cost/kernel.h"
#include "stream/support/integer.h"
#include "stream/support/parallel.h"
#include "stream/support/vec.h"

#include <stdlib.h>
#include <string.h>

/* One distinct (kernel, core). */
typedef struct {
    const stream_price_job *job; /* the first that asks for it */
    const char *key;
    stream_loop_nest nest;
    bool searched; /* by the exact or a zigzag model; otherwise `why` says why not */
    stream_text why;
    stream_status status;
    stream_kernel_cost cost;
} distinct;

typedef struct {
    const stream_price_options *options;
    const stream_price_job *jobs;
    stream_cost_options search;
    distinct *tasks;
    int32_t n_tasks;
    stream_arena **arenas; /* one per thread */
} pricing;

/* The first message: why a model cannot take the kernel. */
static void keep_first(void *user, stream_severity severity, stream_loc loc, const char *text) {
    stream_text *why = user;
    (void)loc;
    if (severity == STREAM_ERROR && why->length == 0)
        stream_text_str(why, text);
}

/* The text that stands for one search. `extra` may be "". In the arena. */
static const char *search_key(const stream_cost_options *options, const distinct *t,
                              const char *extra, stream_arena *arena) {
    stream_text text = {0};
    stream_options_signature(options, &text);
    stream_text_str(&text, extra);
    stream_nest_signature(&t->nest, &text);
    stream_core_signature(t->job->core, &text);
    const char *key = stream_arena_strdup(arena, text.data);
    stream_text_free(&text);
    return key;
}

/* One search with `streamed` operands, or what the cache has of it. */
static bool search_streaming(pricing *p, distinct *t, uint8_t streamed, stream_arena *arena,
                             stream_cost_result *out) {
    const stream_core *core = t->job->core;
    const char *dir = p->options->cache_dir;
    stream_diag diag = {keep_first, &t->why};
    stream_cost_options options = p->search;
    stream_memory level;
    if (streamed) {
        level = stream_price_offchip_level(t->job);
        options.offchip = &level;
        options.offchip_operands = streamed;
    }
    const char *key = dir ? search_key(&options, t, "", arena) : NULL;
    if (dir && stream_cost_cache_get(dir, key, &t->nest, core, &options, out))
        return true;
    if (stream_cost_search(&t->nest, core, &options, &diag, out) != STREAM_OK)
        return false;
    if (dir)
        stream_cost_cache_put(dir, key, out);
    return true;
}

static uint8_t classes_of(const stream_loop_nest *nest) {
    uint8_t classes = 0;
    for (int32_t o = 0; o < nest->n_operands; ++o)
        classes |= (uint8_t)(1u << nest->operands[o].memory);
    return classes;
}

/* The best search that streams `n` of the operands in `may` besides those in `must`. */
static bool search_sets(pricing *p, distinct *t, uint8_t must, uint8_t may, int32_t n,
                        stream_arena *arena, stream_cost_result *best, uint8_t *out_streamed) {
    stream_cost_result *result = STREAM_NEW(arena, stream_cost_result, 1);
    bool found = false;
    for (uint8_t set = 0; set <= may; ++set) {
        if ((set & ~may) || stream_count_bits(set) != n ||
            !search_streaming(p, t, must | set, arena, result) ||
            (found && !stream_mapping_better(p->options->objective, &result->cost, &best->cost)))
            continue;
        *best = *result;
        *out_streamed = must | set;
        found = true;
    }
    return found;
}

static bool search(pricing *p, distinct *t, stream_arena *arena) {
    stream_cost_result *result = STREAM_NEW(arena, stream_cost_result, 1);
    uint8_t used = classes_of(&t->nest), streamed = 0;
    uint8_t must = stream_price_must_stream(t->job) & used;
    uint8_t may = stream_price_may_stream(t->job) & used;
    bool found = false;
    if (t->why.length > 0)
        return false;
    for (int32_t n = 0; n <= stream_count_bits(may) && !found; ++n)
        found = search_sets(p, t, must, may, n, arena, result, &streamed);
    if (found) {
        stream_text_free(&t->why);
        stream_price_of_result(result, t->job, streamed, arena, &t->cost);
    }
    return found;
}

static void price_one(pricing *p, distinct *t, stream_arena *arena) {
    const stream_price_job *job = t->job;
    if (stream_price_is_roofline(job->core)) {
        t->status = stream_cost_roofline(job->w, job->kernel, job->core, NULL, &t->cost);
        if (t->status == STREAM_OK)
            stream_price_streams_once(job, &t->cost);
        return;
    }
    bool wanted =
        p->options->model != STREAM_PRICE_SIMPLE && job->core->kind == STREAM_CORE_COMPUTE;
    t->searched = wanted && search(p, t, arena);
    if (t->searched)
        return;
    if (wanted && t->why.length == 0)
        stream_text_str(&t->why, "no mapping was found");
    t->status = stream_cost_simple(job->w, job->kernel, job->core, NULL, &t->cost);
    if (t->status == STREAM_OK)
        stream_price_streams_once(job, &t->cost);
}

static void price_item(void *user, int32_t worker, int32_t item) {
    pricing *p = user;
    price_one(p, &p->tasks[item], p->arenas[worker]);
}

/* ---- distinct jobs */

static void make_key(pricing *p, distinct *t, stream_arena *arena) {
    stream_diag diag = {keep_first, &t->why};
    t->key = "";
    if (p->options->model == STREAM_PRICE_SIMPLE ||
        stream_loop_nest_of_layer(t->job->w, t->job->kernel, &diag, &t->nest) != STREAM_OK)
        return;
    if (t->nest.n_operands < 2)
        stream_text_str(&t->why, "it reads no data");
    stream_cost_options options = p->search;
    uint8_t must = stream_price_must_stream(t->job), may = stream_price_may_stream(t->job);
    stream_text masks = {0};
    stream_text_print(&masks, "may stream %x\n", may);
    options.offchip = t->job->offchip;
    options.offchip_operands = must | may;
    t->key = search_key(&options, t, masks.data, arena);
    stream_text_free(&masks);
}

/* Prices under one key are equal only if one search makes them; any other job stays alone. */
static bool shares(const pricing *p, const distinct *t) {
    return p->options->model != STREAM_PRICE_SIMPLE && t->why.length == 0 &&
           !stream_price_is_roofline(t->job->core);
}

typedef struct {
    const distinct *task;
    int32_t job;
} entry;

static int by_key(const void *a, const void *b) {
    const entry *x = a, *y = b;
    int order = strcmp(x->task->key, y->task->key);
    return order ? order : (x->job > y->job) - (x->job < y->job);
}

/* first[job]: the first job that is priced alike. */
static void find_equal(const pricing *p, const distinct *all, int32_t n, int32_t *first) {
    entry *entries = calloc((size_t)n + 1, sizeof *entries);
    int32_t m = 0;
    for (int32_t i = 0; i < n; ++i) {
        first[i] = i;
        if (entries && shares(p, &all[i]))
            entries[m++] = (entry){&all[i], i};
    }
    if (m > 0)
        qsort(entries, (size_t)m, sizeof *entries, by_key);
    for (int32_t i = 1; i < m; ++i)
        if (strcmp(entries[i].task->key, entries[i - 1].task->key) == 0 &&
            entries[i].task->job->kernel->macs_per_point ==
                entries[i - 1].task->job->kernel->macs_per_point)
            first[entries[i].job] = first[entries[i - 1].job];
    free(entries);
}

/* The failed kernel again, for its message. */
static stream_status report(const distinct *t, const stream_diag *diag) {
    stream_kernel_cost unused;
    return stream_price_is_roofline(t->job->core)
               ? stream_cost_roofline(t->job->w, t->job->kernel, t->job->core, diag, &unused)
               : stream_cost_simple(t->job->w, t->job->kernel, t->job->core, diag, &unused);
}

/* place[job]: its task. */
static stream_status hand_out(const pricing *p, const int32_t *place, int32_t n,
                              stream_arena *arena, const stream_diag *diag,
                              stream_kernel_cost *out) {
    for (int32_t i = 0; i < n; ++i) {
        const distinct *t = &p->tasks[place[i]];
        if (t->status != STREAM_OK)
            return report(t, diag);
        out[i] = t->cost;
        stream_price_fused(&p->jobs[i], &out[i]);
        STREAM_TRY(stream_price_post(&p->jobs[i], diag, &out[i]));
        if (t->cost.mapping)
            out[i].mapping = stream_arena_strdup(arena, t->cost.mapping);
        if (t->why.length > 0 && !stream_price_is_roofline(t->job->core))
            out[i].refused = stream_arena_strdup(arena, t->why.data);
    }
    return STREAM_OK;
}

stream_status stream_cost_price(const stream_price_job *jobs, int32_t n,
                                const stream_price_options *options, stream_arena *arena,
                                const stream_diag *diag, stream_kernel_cost *out) {
    pricing p = {.options = options, .jobs = jobs, .search = stream_price_search_options(options)};
    distinct *all = STREAM_NEW(arena, distinct, (size_t)n);
    int32_t *place = STREAM_NEW(arena, int32_t, (size_t)n);
    for (int32_t i = 0; i < n; ++i) {
        all[i].job = &jobs[i];
        make_key(&p, &all[i], arena);
    }
    find_equal(&p, all, n, place);
    p.tasks = STREAM_NEW(arena, distinct, (size_t)n);
    for (int32_t i = 0; i < n; ++i) {
        bool first = place[i] == i;
        place[i] = first ? p.n_tasks : place[place[i]];
        if (first)
            p.tasks[p.n_tasks++] = all[i];
    }

    int32_t n_threads = stream_thread_count(options->threads, p.n_tasks);
    p.arenas = STREAM_NEW(arena, stream_arena *, (size_t)n_threads);
    for (int32_t i = 0; i < n_threads; ++i)
        p.arenas[i] = stream_arena_create();
    stream_parallel(n_threads, p.n_tasks, price_item, &p);
    stream_status status = hand_out(&p, place, n, arena, diag, out);
    for (int32_t i = 0; i < n_threads; ++i)
        stream_arena_destroy(p.arenas[i]);
    for (int32_t i = 0; i < p.n_tasks; ++i)
        stream_text_free(&p.tasks[i].why);
    return status;
}
