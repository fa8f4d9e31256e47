/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/diagnostics.h"

/* Reads a CSV file record by record, streaming: memory is two blocks, whatever the file's size.
 *
 * Records end at LF, CR or CRLF; blank lines vanish; blanks and tabs around a field that is not quoted
 * are trimmed; a quoted field keeps everything and may hold delimiters and line ends; a UTF-8 byte
 * order mark is skipped. That is libcsv's reading in strict mode. Blocks without a quote are split by
 * hand, which is several times faster and gives the same fields (tests/unit/io/test_csv_scan.c). */
typedef struct PlCsvScan PlCsvScan;

typedef struct {
    const char *bytes; /* the record as it stands in the file, without its line end */
    gsize n_bytes;
    int line; /* physical line on which it begins, from 1 */
    guint n_fields;
    /* for pl_csv_field: */
    const char *text;
    const guint32 *ends;
    gboolean trimmed;
} PlCsvRow;

/* Field `i` of the row, not terminated by NUL; valid until the next record is read. */
static inline const char *pl_csv_field(const PlCsvRow *row, guint i, gsize *length) {
    const char *from = row->text + (i > 0 ? row->ends[i - 1] + 1 : 0);
    const char *to = row->text + row->ends[i];
    if (!row->trimmed) {
        while (from < to && (*from == ' ' || *from == '\t'))
            from++;
        while (from < to && (to[-1] == ' ' || to[-1] == '\t'))
            to--;
    }
    *length = (gsize)(to - from);
    return from;
}

/* A record of more bytes is a fault: mostly a quote that is never closed. */
#define PL_CSV_MAX_RECORD ((gsize)16 << 20)

typedef struct {
    char delimiter;                                /* 0: the most frequent of , ; tab | in the first record */
    gboolean always_libcsv;                        /* for the test that compares both ways */
    gsize block;                                   /* bytes a read; 0: 256 KiB */
    gboolean hash;                                 /* SHA-256 of all bytes, on a thread beside */
    void (*progress)(guint64 done, gpointer data); /* bytes read so far, once a block; NULL: none */
    gpointer progress_data;
} PlCsvScanOptions;

/* NULL with a fault added to `diagnostics` (kept until the scan is freed, as is `shown`, the file's
 * name in messages) when the file cannot be opened or is UTF-16. */
PlCsvScan *pl_csv_scan_open(const char *path, const char *shown, const PlCsvScanOptions *options,
                            PlDiagnostics *diagnostics);
void pl_csv_scan_free(PlCsvScan *scan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlCsvScan, pl_csv_scan_free)

char pl_csv_scan_delimiter(const PlCsvScan *scan);

/* What the word of a definition's key `delimiter` stands for: 0 of NULL and "auto", a tab of "tab", else
 * its one character. */
char pl_csv_delimiter(const char *word);

/* After the end, where `hash` was asked for: SHA-256 of the file, 64 hexadecimal digits to be freed
 * with g_free. Once. */
char *pl_csv_scan_digest(PlCsvScan *scan);

/* The next record; FALSE at the end and after a fault (added to the diagnostics: a quote astray or
 * never closed, a record too long, a failed read). The first record fixes the number of fields; one
 * with another number is a fault that is added and passed over. */
gboolean pl_csv_scan_next(PlCsvScan *scan, PlCsvRow *row);
