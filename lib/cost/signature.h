#ifndef STREAM_LIB_COST_SIGNATURE_H
#define STREAM_LIB_COST_SIGNATURE_H

#include "stream/cost/search.h"
#include "stream/support/text.h"

/* Texts that are equal exactly if the model prices alike: everything that a search reads, and the
 * names that its result shows. Doubles are written as their bits. */
void stream_nest_signature(const stream_loop_nest *nest, stream_text *out);
void stream_core_signature(const stream_core *core, stream_text *out);
void stream_options_signature(const stream_cost_options *options, stream_text *out);

#endif
