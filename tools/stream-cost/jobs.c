/* Layers to be priced; see jobs.h. */

#include "jobs.h"

#include <string.h>

/* ---- equal layers */

static bool same_dims(const stream_loop_nest *a, const stream_loop_nest *b) {
    bool same = a->n_dims == b->n_dims && a->n_relations == b->n_relations &&
                a->n_operands == b->n_operands && a->cycles_per_op == b->cycles_per_op;
    for (int32_t d = 0; same && d < a->n_dims; ++d)
        same = a->dims[d].size == b->dims[d].size && !strcmp(a->dims[d].name, b->dims[d].name);
    for (int32_t r = 0; same && r < a->n_relations; ++r) {
        const stream_nest_relation *x = &a->relations[r], *y = &b->relations[r];
        same = x->a == y->a && x->b == y->b && x->a_factor == y->a_factor &&
               x->b_factor == y->b_factor && x->clip == y->clip;
    }
    return same;
}

static bool same_operand(const stream_nest_operand *a, const stream_nest_operand *b) {
    bool same = a->memory == b->memory && a->bits == b->bits && a->final_bits == b->final_bits &&
                a->n_index == b->n_index && !strcmp(a->name, b->name);
    for (int32_t i = 0; same && i < a->n_index; ++i)
        same = a->index[i] == b->index[i];
    return same;
}

static bool same_nest(const stream_loop_nest *a, const stream_loop_nest *b) {
    bool same = same_dims(a, b);
    for (int32_t o = 0; same && o < a->n_operands; ++o)
        same = same_operand(&a->operands[o], &b->operands[o]);
    return same;
}

static int32_t find_same(const cost_jobs *jobs, const cost_job *job) {
    if (job->layer->error)
        return -1;
    for (int32_t i = 0; i < jobs->n_jobs; ++i)
        if (jobs->jobs[i].same_as < 0 && !jobs->jobs[i].layer->error &&
            jobs->jobs[i].rule == job->rule && same_nest(&jobs->jobs[i].nest, &job->nest))
            return i;
    return -1;
}

/* ---- what the mapping says */

static stream_status find_rule(const stream_zigzag_mapping *mapping, const cost_layer *layer,
                               const stream_diag *diag, const stream_zigzag_rule **out) {
    *out = mapping ? stream_zigzag_mapping_find(mapping, layer->name, layer->op_type) : NULL;
    if (*out || !mapping)
        return STREAM_OK;
    return stream_error(diag, STREAM_INVALID, mapping->loc,
                        "the mapping has no entry for layer '%s' (%s), nor 'default'", layer->name,
                        layer->op_type);
}

static void set_options(const cost_options *options, const stream_memory *offchip, cost_job *job) {
    stream_cost_options *s = &job->options;
    *s = options->search;
    s->offchip = offchip;
    s->offchip_operands = offchip ? options->operands : 0;
    if (job->choice.has_spatial) {
        s->spatial_source = STREAM_SPATIAL_AS_ASKED;
        s->spatial = job->choice.spatial;
        s->spatial.count = options->search.spatial.count;
        s->spatial.mixed = options->search.spatial.mixed;
    }
    s->inner = job->choice.inner;
    s->outer = job->choice.outer;
    s->n_inner = job->choice.n_inner;
    s->n_outer = job->choice.n_outer;
    if (job->choice.evenness != STREAM_ZIGZAG_UNSAID)
        s->even = job->choice.evenness == STREAM_ZIGZAG_EVEN;
}

/* The precision that the command line gives to a whole network. */
static void set_bits(const cost_options *options, stream_loop_nest *nest) {
    for (int32_t i = 0; options->bits && i < nest->n_operands; ++i) {
        stream_nest_operand *o = &nest->operands[i];
        bool sums = o->bits != o->final_bits || o->n_index < nest->n_dims;
        if (i == 0) {
            o->final_bits = options->output_bits;
            o->bits = sums ? options->sum_bits : options->output_bits;
        } else {
            o->bits = o->final_bits =
                o->memory == STREAM_I2 ? options->weight_bits : options->input_bits;
        }
    }
}

static stream_status make_job(const cost_options *options, const cost_layer *layer,
                              const stream_core *core, const stream_memory *offchip,
                              const stream_zigzag_mapping *mapping, const stream_diag *diag,
                              cost_job *job) {
    job->layer = layer;
    job->nest = layer->nest;
    if (layer->error) {
        stream_text_str(&job->error, layer->error);
        job->error_loc = layer->nest.loc;
        return STREAM_OK;
    }
    if (options->cycles_per_op)
        job->nest.cycles_per_op = options->op_cycles;
    STREAM_TRY(find_rule(mapping, layer, diag, &job->rule));
    if (!layer->linked)
        STREAM_TRY(stream_zigzag_rule_link(job->rule, layer->name, diag, &job->nest));
    STREAM_TRY(stream_zigzag_rule_apply(job->rule, core, options->search.model, layer->name,
                                        &job->nest, diag, &job->choice));
    set_bits(options, &job->nest);
    set_options(options, offchip, job);
    return STREAM_OK;
}

static bool is_first_of_kind(const cost_jobs *jobs, int32_t job) {
    for (int32_t i = 0; i < job; ++i)
        if (!strcmp(jobs->jobs[i].layer->op_type, jobs->jobs[job].layer->op_type))
            return false;
    return true;
}

/* Operators of a network that the core does not list, each once. A workload of ZigZag has words of
 * its own. */
static void tell_not_run(const cost_jobs *jobs, const stream_core *core, const char *path,
                         const stream_diag *diag) {
    for (int32_t i = 0; i < jobs->n_jobs; ++i) {
        const cost_layer *layer = jobs->jobs[i].layer;
        if (layer->linked && !stream_core_runs(core, layer->op_type) && is_first_of_kind(jobs, i))
            stream_warn(diag, (stream_loc){.file = path},
                        "the operator_types of core '%s' do not list %s (layer '%s'): priced as if "
                        "it ran there; stream-compile puts none there",
                        core->name, layer->op_type, layer->name);
    }
}

stream_status cost_jobs_make(const cost_options *options, const cost_layers *layers,
                             const stream_core *core, const stream_memory *offchip,
                             const stream_zigzag_mapping *mapping, stream_arena *arena,
                             const stream_diag *diag, cost_jobs *out) {
    *out = (cost_jobs){STREAM_NEW(arena, cost_job, (size_t)layers->n_layers), 0};
    for (int32_t i = 0; i < layers->n_layers; ++i) {
        cost_job *job = &out->jobs[out->n_jobs];
        if (options->layer && strcmp(options->layer, layers->layers[i].name) != 0)
            continue;
        STREAM_TRY(make_job(options, &layers->layers[i], core, offchip, mapping, diag, job));
        job->same_as = find_same(out, job);
        out->n_jobs++;
    }
    tell_not_run(out, core, options->core, diag);
    if (out->n_jobs > 0)
        return STREAM_OK;
    return stream_error(diag, STREAM_INVALID, (stream_loc){.file = options->input},
                        options->layer ? "no layer is called '%s'" : "the network has no layers%s",
                        options->layer ? options->layer : "");
}

void cost_jobs_free(cost_jobs *jobs) {
    for (int32_t i = 0; i < jobs->n_jobs; ++i)
        stream_text_free(&jobs->jobs[i].error);
}
