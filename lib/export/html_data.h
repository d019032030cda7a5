#ifndef STREAM_LIB_EXPORT_HTML_DATA_H
#define STREAM_LIB_EXPORT_HTML_DATA_H

#include "report.h"

/* The data of the HTML page: one JSON object, compact; lib/export/page/data.js reads it. Times are
 * cycles, sizes bits, energies fJ. Tables of many rows are columns, one array per field:
 *
 *   cts        start, cycles, core, layer, kernel, shape, at, tensor, fj
 *   transfers  start (minus the start of the transfer before), cycles, tensor, shape, at, rate,
 *              route, writer, reader (CTs, or -1), fj
 *
 * streams are rows: [CT, operand class, tensor, bits per cycle from off-chip, to off-chip, fJ].
 *
 * A box is a shape (index into shapes) at the row-major position `at` of its first element in its
 * tensor. A route is [source instance, [target instances], [resources]]. Curves are
 * [time, value, ...], each minus the one before. Appends. */
void stream_html_data(const stream_report *r, stream_text *out);

#endif
