#ifndef GOLDEN_COALA_HARDWARE_H
#define GOLDEN_COALA_HARDWARE_H

#include "json.h"

#include "stream/schedule/coala_v0.h"

/* The accelerators of the reference's dumps, whose files a dump only names:
 *
 *   depfin      DepFiN: one core, its off-chip memory on one link for both directions
 *   diana       DIANA: digital, pooling, analog and SIMD core around one shared 256 KiB memory
 *   verma       4x4 AiMC: five cores; what one writes, the next one reads, in a shared memory
 *   verma_ocn   4x4 AiMC: five cores in a chain of links, each with its own way off-chip
 *   lab4        four cores in a 2 x 2 mesh, pooling, SIMD
 *
 * Sizes, widths and energies: the accelerator files of Stream's validation branch (June 2023). */

/* False: there is no such accelerator. */
bool hardware_named(const char *name, stream_arena *arena, stream_coala_v0_hardware *out);

/* From the member "hardware" of our own dumps; the reason of a failure goes to stderr.
 *
 *   { "offchip": 1,
 *     "memories": [{"name", "bits", "read_pj", "write_pj", "read_bits", "write_bits"} ...],
 *     "cores": [[I1, I2, O] ...]                memories by position
 *     "links": [[bits per cycle, pJ per cycle] ...],
 *     "routes": [[from, to, link ...] ...] } */
bool hardware_read(const json *from, stream_arena *arena, stream_coala_v0_hardware *out);

/* The link that alone leads from a core to another; -1 as a core: to, or from, any other. -1: none.
 */
int32_t hardware_link(const stream_coala_v0_hardware *hw, int32_t from, int32_t to);

#endif
