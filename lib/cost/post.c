/* What the unit behind the array adds to a price; see price.h. */

#include "price.h"
#include "stream/support/integer.h"

static double operations(const stream_workload *w, const stream_layer *kernel) {
    const stream_tensor *out = &w->tensors[kernel->output];
    double ops = (double)kernel->post_ops;
    for (int32_t d = 0; d < out->rank; ++d)
        if (kernel->output_loop[d] >= 0)
            ops *= (double)kernel->bounds[kernel->output_loop[d]];
    return ops;
}

stream_status stream_price_post(const stream_price_job *job, const stream_diag *diag,
                                stream_kernel_cost *cost) {
    const stream_post_processing *post = job->core->post;
    if (!post || job->kernel->post_ops == 0)
        return STREAM_OK;
    double ops = operations(job->w, job->kernel);
    if (ops > 0x1p53 || ops * post->op_pj > 0x1p53 / 1000)
        return stream_error(diag, STREAM_LIMIT, job->kernel->loc,
                            "%g post-processing operations of kernel '%s' at %g pJ each are more "
                            "than can be added up",
                            ops, job->kernel->name, post->op_pj);
    int64_t fj = stream_fj(ops * post->op_pj);
    cost->mac_energy_fj += fj;
    cost->energy_fj += fj;
    int64_t cycles = post->ops_per_cycle ? stream_ceil_div((int64_t)ops, post->ops_per_cycle) : 0;
    if (cycles > cost->cycles) {
        cost->stall_cycles += cycles - cost->cycles;
        cost->cycles = cycles;
    }
    return STREAM_OK;
}
