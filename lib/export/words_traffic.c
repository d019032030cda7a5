/* What goes to and from off-chip memory, in sentences; see words.h. */

#include "names.h"
#include "words.h"
#include "write.h"

/* What is written off-chip as no result, and why. */
static void say_spilled(const stream_report *r, int64_t bits, stream_text *out) {
    static const char *const why[STREAM_N_SPILLED] = {
        [STREAM_SPILLED_NO_ROOM] = "that did not fit on chip",
        [STREAM_SPILLED_NO_WAY] = "for cores to which no links lead on chip",
        [STREAM_SPILLED_THERE] = "that tiles read or write off-chip themselves"};
    stream_text_str(out, " Of what is written, ");
    stream_write_bytes(bits, out);
    stream_text_str(out, " is intermediate results");
    for (int cause = 0, n = 0; cause < STREAM_N_SPILLED; ++cause) {
        int64_t part = r->spilled_bits[cause];
        if (part == 0)
            continue;
        stream_text_str(out, part == bits ? " " : n++ ? ", " : ": ");
        if (part < bits) {
            stream_write_bytes(part, out);
            stream_text_str(out, " ");
        }
        stream_text_str(out, why[cause]);
    }
    stream_text_str(out, ".");
}

void stream_words_traffic(const stream_report *r, stream_text *out) {
    const stream_schedule_summary *s = &r->e->schedule->summary;
    int64_t again = 0, spilled = r->traffic[STREAM_REPORT_INTERMEDIATE].write;
    for (int k = 0; k < STREAM_REPORT_KINDS; ++k)
        again += r->traffic[k].again;
    stream_text_str(out, "Off-chip memory is read ");
    stream_write_bytes(s->offchip_read_bits, out);
    stream_text_str(out, " and written ");
    stream_write_bytes(s->offchip_write_bits, out);
    if (again == 0 && spilled == 0) {
        stream_text_str(out, ": each input and constant at most once, and no intermediate result "
                             "leaves the chip.");
        stream_words_end(out);
        return;
    }
    stream_text_str(out, ".");
    if (again > 0) {
        stream_text_str(out, " Of what is read, ");
        stream_write_bytes(again, out);
        stream_text_str(out, " is read again: it did not stay on chip, or several cores need it.");
    }
    if (spilled > 0)
        say_spilled(r, spilled, out);
    stream_words_end(out);
}

/* What CTs read and write off-chip themselves (rule R9). */
void stream_words_streams(const stream_report *r, stream_text *out) {
    const stream_energy *energy = &r->energy;
    int64_t cts = 0, last = -1;
    for (int32_t i = 0; i < r->e->schedule->n_streams; ++i) {
        cts += r->e->schedule->streams[i].ct != last;
        last = r->e->schedule->streams[i].ct;
    }
    if (cts == 0)
        return;
    stream_write_grouped(out, cts);
    stream_text_str(out, cts > 1 ? " tiles stream operands" : " tile streams operands");
    stream_text_str(out, " from and to off-chip memory while ");
    stream_text_str(out, cts > 1 ? "they run: " : "it runs: ");
    stream_write_bytes(energy->moves_bits[STREAM_MOVE_STREAM], out);
    stream_text_str(out, ", ");
    stream_words_percent(stream_part(energy->moves_fj[STREAM_MOVE_STREAM], energy->total_fj), out);
    stream_text_str(out, " of the energy.");
    stream_words_end(out);
}
