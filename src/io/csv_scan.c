/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/csv_scan.h"
#include "pairlift/io/hasher.h"
#include "pairlift/io/load_word.h"
#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

typedef enum { STEP_RECORD, STEP_ON, STEP_FILL, STEP_FAULT } Step;

enum { DEFAULT_BLOCK = 256 << 10, LIBCSV_GROWTH = 256 << 10, SLACK = sizeof(guint64) };

/* Two buffers take turns, because the hasher may still read the one that was filled before. */
typedef struct {
    char *bytes;
    gsize size; /* without the slack, which lets whole words be read at the end */
} Buffer;

struct PlCsvScan {
    const char *shown;
    PlDiagnostics *diagnostics;
    PlCsvScanOptions options;
    int fd;
    gboolean at_eof, done;
    guint64 total_read;
    PlHasher *hasher; /* NULL: not asked for */
    Buffer buffer[PL_HASHER_BUFFERS];
    guint current;
    char *bytes;      /* of the current buffer */
    gsize start, end; /* of what is not yet handed out: the record begins at start */
    gsize fed;        /* bytes of this record that libcsv has seen */
    int line, row_line;
    gboolean after_cr; /* a LF that follows belongs to the line end already counted */
    gboolean quotes;   /* the buffer holds a quote */
    guint expected;    /* number of fields; 0: no record yet */
    guint32 *ends;
    gsize n_ends, max_ends;
    struct csv_parser parser;
    GString *text; /* libcsv's fields of this record, NUL after each */
    gboolean row_ended;
};

static gboolean fault(PlCsvScan *scan, PlPos pos, const char *hint, const char *what) {
    pl_diagnostics_add(scan->diagnostics, scan->shown, pos, hint, "%s", what);
    scan->done = TRUE;
    return FALSE;
}

static gboolean unreadable(PlCsvScan *scan) {
    g_autofree char *what = g_strdup_printf("cannot be read: %s", g_strerror(errno));
    return fault(scan, (PlPos){0}, NULL, what);
}

static gboolean too_long(PlCsvScan *scan, const char *record, gsize length) {
    gboolean quote = memchr(record, '"', length) != NULL;
    return fault(scan, (PlPos){scan->row_line, 0},
                 quote ? "is a quote opened here that is never closed?"
                       : "no line ends in it: is this a CSV file?",
                 "the record that begins here is longer than 16 MiB");
}

static gssize read_fully(int fd, char *into, gsize length) {
    gsize have = 0;
    while (have < length) {
        gssize n = read(fd, into + have, length - have);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        have += (gsize)n;
    }
    return (gssize)have;
}

/* Moves the unfinished record to the front of the other buffer and reads on behind it. The buffer
 * doubles with the record, so that a long one is scanned again only a few times. */
static gboolean fill(PlCsvScan *scan) {
    gsize kept = scan->end - scan->start;
    if (kept > PL_CSV_MAX_RECORD)
        return too_long(scan, scan->bytes + scan->start, kept);
    if (scan->hasher != NULL)
        pl_hasher_wait(scan->hasher);
    scan->current = (scan->current + 1) % PL_HASHER_BUFFERS;
    Buffer *buffer = &scan->buffer[scan->current];
    gsize wanted = MAX(scan->options.block, kept) + kept;
    if (buffer->size < wanted) {
        g_free(buffer->bytes);
        buffer->bytes = g_malloc(wanted + SLACK);
        memset(buffer->bytes + wanted, 0, SLACK);
        buffer->size = wanted;
    }
    if (kept > 0)
        memcpy(buffer->bytes, scan->bytes + scan->start, kept);
    gssize n = read_fully(scan->fd, buffer->bytes + kept, buffer->size - kept);
    if (scan->hasher != NULL)
        pl_hasher_feed(scan->hasher, buffer->bytes + kept, n < 0 ? 0 : (gsize)n);
    if (n < 0)
        return unreadable(scan);
    scan->bytes = buffer->bytes;
    scan->start = 0;
    scan->end = kept + (gsize)n;
    scan->at_eof = scan->end < buffer->size;
    scan->quotes = scan->options.always_libcsv || memchr(scan->bytes, '"', scan->end) != NULL;
    scan->total_read += (guint64)n;
    if (scan->options.progress != NULL)
        scan->options.progress(scan->total_read, scan->options.progress_data);
    return TRUE;
}

/* The delimiter that is most frequent outside quotes in the first line that is not blank. */
static char guess_delimiter(const char *p, const char *end) {
    static const char candidates[] = ",;\t|";
    guint count[4] = {0};
    gboolean inside = FALSE;
    while (p < end && strchr(" \t\r\n", *p) != NULL && *p != '\0')
        p++;
    for (; p < end && (inside || (*p != '\n' && *p != '\r')); p++) {
        const char *c = *p != '\0' ? strchr(candidates, *p) : NULL;
        if (*p == '"')
            inside = !inside;
        else if (c != NULL && !inside)
            count[c - candidates]++;
    }
    guint best = 0;
    for (guint i = 1; i < G_N_ELEMENTS(count); i++)
        if (count[i] > count[best])
            best = i;
    return candidates[best];
}

static gboolean begin(PlCsvScan *scan) {
    if (!fill(scan))
        return FALSE;
    if (scan->end >= 2 &&
        (memcmp(scan->bytes, "\xff\xfe", 2) == 0 || memcmp(scan->bytes, "\xfe\xff", 2) == 0))
        return fault(scan, (PlPos){0}, "convert it to UTF-8: iconv -f UTF-16 -t UTF-8", "the file is UTF-16");
    if (scan->end >= 3 && memcmp(scan->bytes, "\xef\xbb\xbf", 3) == 0)
        scan->start = 3;
    if (scan->options.delimiter == 0)
        scan->options.delimiter = guess_delimiter(scan->bytes + scan->start, scan->bytes + scan->end);
    csv_set_delim(&scan->parser, (unsigned char)scan->options.delimiter);
    return TRUE;
}

PlCsvScan *pl_csv_scan_open(const char *path, const char *shown, const PlCsvScanOptions *options,
                            PlDiagnostics *diagnostics) {
    g_autoptr(PlCsvScan) scan = g_new0(PlCsvScan, 1);
    scan->shown = shown;
    scan->diagnostics = diagnostics;
    scan->options = *options;
    scan->options.block = options->block > 0 ? options->block : DEFAULT_BLOCK;
    scan->line = 1;
    scan->text = g_string_new(NULL);
    csv_init(&scan->parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_realloc_func(&scan->parser, g_realloc);
    csv_set_free_func(&scan->parser, g_free);
    csv_set_blk_size(&scan->parser, LIBCSV_GROWTH);
    scan->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (scan->fd < 0) {
        unreadable(scan);
        return NULL;
    }
    scan->hasher = options->hash ? pl_hasher_new() : NULL;
    return begin(scan) ? g_steal_pointer(&scan) : NULL;
}

void pl_csv_scan_free(PlCsvScan *scan) {
    if (scan == NULL)
        return;
    if (scan->fd >= 0)
        close(scan->fd);
    pl_hasher_free(scan->hasher); /* before the buffers that it reads */
    csv_free(&scan->parser);
    g_string_free(scan->text, TRUE);
    for (guint i = 0; i < PL_HASHER_BUFFERS; i++)
        g_free(scan->buffer[i].bytes);
    g_free(scan->ends);
    g_free(scan);
}

char pl_csv_delimiter(const char *word) {
    if (word == NULL || strcmp(word, "auto") == 0)
        return 0;
    return strcmp(word, "tab") == 0 ? '\t' : word[0];
}

char pl_csv_scan_delimiter(const PlCsvScan *scan) {
    return scan->options.delimiter;
}

char *pl_csv_scan_digest(PlCsvScan *scan) {
    return pl_hasher_finish(scan->hasher);
}

static void reserve_ends(PlCsvScan *scan) {
    if (scan->n_ends + SLACK <= scan->max_ends)
        return;
    scan->max_ends = 2 * scan->max_ends + 64;
    scan->ends = g_renew(guint32, scan->ends, scan->max_ends);
}

/* Words of eight bytes at a time: 0x80 in each byte of the result that equals the byte repeated in
 * `all`, 0 elsewhere; exact, without false hits from a neighbour's carry. */
static inline guint64 bytes_equal(guint64 word, guint64 all) {
    const guint64 low7 = 0x7f7f7f7f7f7f7f7f;
    guint64 x = word ^ all;
    return ~(((x & low7) + low7) | x | low7);
}

#define REPEAT(byte) (0x0101010101010101 * (guint64)(guchar)(byte))

/* Splits the record at `start`, which holds no quote. TRUE when its line end was found before the
 * buffer's end, or the file ends with it; `*length` is then the record's. */
static gboolean split_plain(PlCsvScan *scan, gsize *length) {
    const guint64 delimiter = REPEAT(scan->options.delimiter), lf = REPEAT('\n'), cr = REPEAT('\r');
    const char *begin_row = scan->bytes + scan->start;
    scan->bytes[scan->end] = '\n'; /* stops the loop; the slack makes room */
    scan->n_ends = 0;
    for (const char *p = begin_row;; p += sizeof(guint64)) {
        guint64 word = pl_load_word(p);
        guint64 line_ends = bytes_equal(word, lf) | bytes_equal(word, cr);
        guint64 hits = bytes_equal(word, delimiter) | line_ends;
        reserve_ends(scan);
        for (; hits != 0; hits &= hits - 1) {
            guint32 at = (guint32)(p - begin_row) + (guint32)(__builtin_ctzll(hits) / 8);
            scan->ends[scan->n_ends++] = at;
            if ((hits & -hits & line_ends) == 0)
                continue;
            *length = at;
            return scan->start + at < scan->end || scan->at_eof;
        }
    }
}

static void take_field(void *bytes, size_t length, void *data) {
    PlCsvScan *scan = data;
    reserve_ends(scan);
    g_string_append_len(scan->text, bytes, (gssize)length);
    scan->ends[scan->n_ends++] = (guint32)scan->text->len;
    g_string_append_c(scan->text, '\0');
}

static void take_row(int end, void *data) {
    (void)end;
    ((PlCsvScan *)data)->row_ended = TRUE;
}

/* Length of the physical line at `p` with its line end (one byte, also of CRLF); 0: none ends. */
static gsize line_length(const char *p, const char *end) {
    for (const char *q = p; q < end; q += sizeof(guint64)) {
        guint64 word = pl_load_word(q);
        guint64 hits = bytes_equal(word, REPEAT('\n')) | bytes_equal(word, REPEAT('\r'));
        if (hits == 0)
            continue;
        q += __builtin_ctzll(hits) / 8;
        return q < end ? (gsize)(q - p) + 1 : 0;
    }
    return 0;
}

static void count_line_end(PlCsvScan *scan, char c, gboolean alone) {
    if (!(c == '\n' && alone && scan->after_cr))
        scan->line++;
    scan->after_cr = c == '\r';
}

static Step stray_quote(PlCsvScan *scan, gsize column) {
    const char *what = scan->parser.quoted ? "text after the closing quote of a field"
                                           : "a quote inside a field that does not begin with one";
    fault(scan, (PlPos){scan->line, (int)column + 1},
          "quote the whole field and double each quote inside it: \"a 12\"\" pizza\"", what);
    return STEP_FAULT;
}

/* Hands out the record of `length` bytes at `start` and passes over it and its line end. */
static void pass_record(PlCsvScan *scan, gsize length, gsize length_with_end, PlCsvRow *row) {
    row->bytes = scan->bytes + scan->start;
    row->n_bytes = length;
    row->line = scan->row_line;
    row->n_fields = (guint)scan->n_ends;
    row->ends = scan->ends;
    scan->start += length_with_end;
    scan->fed = 0;
}

static Step step_plain(PlCsvScan *scan, PlCsvRow *row) {
    gsize length, n;
    scan->row_line = scan->line;
    if (!split_plain(scan, &length))
        return STEP_FILL;
    gboolean last = scan->start + length == scan->end;
    if (!last)
        count_line_end(scan, scan->bytes[scan->start + length], length == 0);
    pass_record(scan, length, length + !last, row);
    row->text = row->bytes;
    row->trimmed = FALSE;
    scan->done = last;
    if (row->n_fields > 1)
        return STEP_RECORD;
    pl_csv_field(row, 0, &n);
    return n > 0 ? STEP_RECORD : STEP_ON;
}

static gboolean is_blank(const PlCsvScan *scan, const char *p, gsize length) {
    for (gsize i = 0; i < length; i++)
        if (strchr(" \t\r\n", p[i]) == NULL || p[i] == '\0' || p[i] == scan->options.delimiter)
            return FALSE;
    return TRUE;
}

/* Feeds libcsv one physical line, so that it is known on which line each record begins and ends. */
static Step step_libcsv(PlCsvScan *scan, PlCsvRow *row) {
    const char *unit = scan->bytes + scan->start + scan->fed, *end = scan->bytes + scan->end;
    gsize length = line_length(unit, end);
    gboolean last = length == 0;
    if (scan->fed == 0) {
        scan->row_line = scan->line;
        scan->n_ends = 0;
        scan->row_ended = FALSE;
        g_string_truncate(scan->text, 0);
    }
    if (last && !scan->at_eof)
        return STEP_FILL;
    length = last ? (gsize)(end - unit) : length;
    gboolean blank = scan->fed == 0 && is_blank(scan, unit, length);
    gsize used = blank ? length : csv_parse(&scan->parser, unit, length, take_field, take_row, scan);
    if (used != length)
        return stray_quote(scan, used);
    if (!last)
        count_line_end(scan, unit[length - 1], length == 1);
    scan->done = last;
    if (blank) {
        scan->start += length;
        return STEP_ON;
    }
    scan->fed += length;
    if (last && csv_fini(&scan->parser, take_field, take_row, scan) != 0) {
        fault(scan, (PlPos){scan->row_line, 0}, NULL,
              "the record that begins here has a quote that is never closed");
        return STEP_FAULT;
    }
    if (!scan->row_ended)
        return STEP_ON;
    pass_record(scan, scan->fed - !last, scan->fed, row);
    row->text = scan->text->str;
    row->trimmed = TRUE;
    return STEP_RECORD;
}

/* FALSE with a fault added: the record is not handed out. */
static gboolean check_record(PlCsvScan *scan, const PlCsvRow *row) {
    if (row->n_bytes > PL_CSV_MAX_RECORD)
        return too_long(scan, row->bytes, row->n_bytes);
    if (scan->expected == 0)
        scan->expected = row->n_fields;
    if (row->n_fields == scan->expected)
        return TRUE;
    pl_diagnostics_add(
        scan->diagnostics, scan->shown, (PlPos){row->line, 0},
        row->n_fields > scan->expected ? "a field that holds the delimiter has to be quoted" : NULL,
        "%u field%s, but the header has %u", row->n_fields, row->n_fields == 1 ? "" : "s", scan->expected);
    return FALSE;
}

gboolean pl_csv_scan_next(PlCsvScan *scan, PlCsvRow *row) {
    while (!scan->done) {
        Step step = scan->quotes || scan->fed > 0 ? step_libcsv(scan, row) : step_plain(scan, row);
        if (step == STEP_RECORD && check_record(scan, row))
            return TRUE;
        if (step == STEP_FILL)
            fill(scan);
    }
    return FALSE;
}
