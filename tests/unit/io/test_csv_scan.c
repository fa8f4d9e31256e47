/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory_file.h"
#include "pairlift/io/csv_scan.h"
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <csv.h>
#include <string.h>

/* What was read, as text: a line "LINE n: [field][field]" a record, then the faults. */
static GString *scanned(const char *text, gsize length, PlCsvScanOptions options) {
    GString *seen = g_string_new(NULL);
    g_autofree char *path = memory_file(text, length);
    g_autoptr(PlDiagnostics) diagnostics = pl_diagnostics_new(0);
    g_autoptr(PlCsvScan) scan = pl_csv_scan_open(path, "t.csv", &options, diagnostics);
    PlCsvRow row;
    while (scan != NULL && pl_csv_scan_next(scan, &row)) {
        g_string_append_printf(seen, "%d: ", row.line);
        for (guint i = 0; i < row.n_fields; i++) {
            gsize n;
            const char *field = pl_csv_field(&row, i, &n);
            g_string_append_c(seen, '[');
            g_string_append_len(seen, field, (gssize)n);
            g_string_append_c(seen, ']');
        }
        g_string_append_c(seen, '\n');
    }
    g_autoptr(GError) error = NULL;
    if (!pl_diagnostics_ok(diagnostics, PL_ERROR_DATA, &error))
        g_string_append(seen, error->message);
    memory_file_close(path);
    return seen;
}

static char *scan_text(const char *text, PlCsvScanOptions options) {
    return g_string_free(scanned(text, strlen(text), options), FALSE);
}

typedef struct {
    GString *seen, *record;
    guint n, expected, faults;
    int line, row_line;
} Reference;

static void reference_field(void *bytes, size_t length, void *data) {
    Reference *ref = data;
    ref->n++;
    g_string_append_c(ref->record, '[');
    g_string_append_len(ref->record, length > 0 ? bytes : "", (gssize)length);
    g_string_append_c(ref->record, ']');
}

static void reference_row(int end, void *data) {
    (void)end;
    Reference *ref = data;
    ref->expected = ref->expected == 0 ? ref->n : ref->expected;
    if (ref->n == ref->expected) {
        g_string_append_printf(ref->seen, "%d: ", ref->row_line);
        g_string_append_len(ref->seen, ref->record->str, (gssize)ref->record->len);
        g_string_append_c(ref->seen, '\n');
    } else {
        ref->faults++;
    }
    g_string_truncate(ref->record, 0);
    ref->n = 0;
    ref->row_line = 0;
}

/* libcsv fed byte by byte, with a count of lines that any reader can follow. */
static Reference reference_scan(const char *text, gsize length, char delimiter) {
    Reference ref = {.seen = g_string_new(NULL), .record = g_string_new(NULL), .line = 1};
    struct csv_parser parser;
    gsize i = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_delim(&parser, (unsigned char)delimiter);
    for (; i < length; i++) {
        char c = text[i];
        if (ref.row_line == 0 && (c == delimiter || (c != ' ' && c != '\t' && c != '\r' && c != '\n')))
            ref.row_line = ref.line;
        if (csv_parse(&parser, text + i, 1, reference_field, reference_row, &ref) != 1)
            break;
        if (c == '\r' || (c == '\n' && (i == 0 || text[i - 1] != '\r')))
            ref.line++;
    }
    if (i < length || csv_fini(&parser, reference_field, reference_row, &ref) != 0)
        ref.faults++;
    csv_free(&parser);
    g_string_free(ref.record, TRUE);
    return ref;
}

static GString *random_text(GRand *rand, char delimiter) {
    static const char plain[] = "a1. \t\r\n\n,,;x\0\xc3\xa9", hostile[] = "a1. \t\r\n\n,,;\"\"\"\0x\xff";
    gboolean quotes = g_rand_boolean(rand);
    GString *text = g_string_new(g_rand_int_range(rand, 0, 10) == 0 ? "\xef\xbb\xbf" : NULL);
    for (int n = g_rand_int_range(rand, 0, 120); n > 0; n--) {
        int kind = g_rand_int_range(rand, 0, 12);
        if (kind == 0)
            g_string_append(text, "\r\n");
        else if (kind == 1 && quotes)
            g_string_append_printf(text, "%c\"x\"\"\ny\r\n\" %c", delimiter, delimiter);
        else if (kind == 2)
            g_string_append_c(text, delimiter);
        else if (quotes)
            g_string_append_c(text, hostile[g_rand_int_range(rand, 0, sizeof hostile - 1)]);
        else
            g_string_append_c(text, plain[g_rand_int_range(rand, 0, sizeof plain - 1)]);
    }
    return text;
}

static guint fault_count(const GString *seen) {
    guint n = 0;
    for (const char *p = seen->str, *end = p + seen->len; p < end; p++)
        n += (gsize)(end - p) > 8 && memcmp(p, ": error:", 8) == 0;
    return n;
}

/* Hand-split blocks of any size, libcsv by lines, and libcsv by bytes read the same. */
Test(csv_scan, three_readings_agree) {
    g_autoptr(GRand) rand = g_rand_new_with_seed(20240229);
    guint records = 0, faults = 0;
    for (int round = 0; round < 20000; round++) {
        char delimiter = ",;\t|"[g_rand_int_range(rand, 0, 4)];
        GString *text = random_text(rand, delimiter);
        PlCsvScanOptions by_hand = {.delimiter = delimiter, .block = (gsize)g_rand_int_range(rand, 4, 70)};
        PlCsvScanOptions by_libcsv = {.delimiter = delimiter, .always_libcsv = TRUE};
        GString *a = scanned(text->str, text->len, by_hand), *b = scanned(text->str, text->len, by_libcsv);
        Reference ref = reference_scan(text->str, text->len, delimiter);
        g_autofree char *shown = g_strescape(text->str, NULL);
        cr_assert(g_string_equal(a, b), "round %d: %s\n--- by hand\n%s\n--- libcsv\n%s", round, shown, a->str,
                  b->str);
        cr_assert(memcmp(a->str, ref.seen->str, ref.seen->len) == 0,
                  "round %d: %s\n--- by hand\n%s\n--- bytes\n%s", round, shown, a->str, ref.seen->str);
        cr_assert(eq(u32, fault_count(a), ref.faults), "round %d: %s\n%s", round, shown, a->str);
        records += ref.seen->len > 0;
        faults += ref.faults > 0;
        g_string_free(text, TRUE);
        g_string_free(a, TRUE);
        g_string_free(b, TRUE);
        g_string_free(ref.seen, TRUE);
    }
    /* the generator is worth its name: both outcomes are common */
    cr_assert(gt(u32, records, 10000));
    cr_assert(gt(u32, faults, 4000));
}

Test(csv_scan, readings) {
    static const struct {
        const char *text, *seen;
    } cases[] = {
        {"", ""},
        {"\n \r\n\t\n", ""},
        {"a,b\n1,2", "1: [a][b]\n2: [1][2]\n"},
        {"a\r1\r2\r", "1: [a]\n2: [1]\n3: [2]\n"},
        {"a;b\r\n\r\n 1 ;\t2\t\r\n", "1: [a][b]\n3: [1][2]\n"},
        {"\xef\xbb\xbf\"a\",b\n\" 1\", 2\n", "1: [a][b]\n2: [ 1][2]\n"},
        {"a,b\n\"x\r\ny\nz\",1\n3,4\n", "1: [a][b]\n2: [x\r\ny\nz][1]\n5: [3][4]\n"},
        {"a|b,c|d\n", "1: [a][b,c][d]\n"},
        {"\"a,b,c\";d\n", "1: [a,b,c][d]\n"},
        {"a,b\n1\n2,3\n4,5,6\n", "1: [a][b]\n3: [2][3]\nt.csv:2: error: 1 field, but the header has 2\n"
                                 "t.csv:4: error: 3 fields, but the header has 2\n  hint: a field that holds "
                                 "the delimiter has to be quoted"},
        {"a,b\n1,x\"y\n",
         "1: [a][b]\nt.csv:2:4: error: a quote inside a field that does not begin with one\n"
         "  hint: quote the whole field and double each quote inside it: \"a 12\"\" pizza\""},
        {"a,b\n\"1\"x,y\n",
         "1: [a][b]\nt.csv:2:4: error: text after the closing quote of a field\n"
         "  hint: quote the whole field and double each quote inside it: \"a 12\"\" pizza\""},
        {"a,b\n1,\"y\n2,3\n",
         "1: [a][b]\nt.csv:2: error: the record that begins here has a quote that is never closed"},
        {"\xff\xfe"
         "a",
         "t.csv: error: the file is UTF-16\n  hint: convert it to UTF-8: iconv -f UTF-16 -t UTF-8"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *seen = scan_text(cases[i].text, (PlCsvScanOptions){0});
        cr_assert(eq(str, seen, (char *)cases[i].seen), "case %zu", i);
    }
}

/* A record may be as wide and as long as it likes up to the limit, across any number of blocks. */
Test(csv_scan, large_records) {
    GString *text = g_string_new("a");
    for (int i = 1; i < 100000; i++)
        g_string_append(text, ",b");
    g_string_append_c(text, '\n');
    GString *plain = scanned(text->str, text->len, (PlCsvScanOptions){0});
    cr_assert(eq(u64, plain->len, strlen("1: \n") + 3 * 100000));
    g_string_free(plain, TRUE);
    g_string_free(text, TRUE);

    text = g_string_new("\"");
    g_string_set_size(text, 3 << 20);
    memset(text->str + 1, 'x', text->len - 1);
    g_string_append(text, "\"\n");
    GString *quoted = scanned(text->str, text->len, (PlCsvScanOptions){0});
    cr_assert(eq(u64, quoted->len, strlen("1: []\n") + (3 << 20) - 1));
    g_string_free(quoted, TRUE);
    g_string_free(text, TRUE);
}

Test(csv_scan, record_over_the_limit) {
    for (gsize i = 0; i < 4; i++) {
        gboolean quoted = i % 2, at_once = i / 2;
        GString *text = g_string_new(quoted ? "a,b\n1,\"" : "a,b\n1,");
        gsize head = text->len, length = 3 * PL_CSV_MAX_RECORD;
        g_string_set_size(text, head + length);
        memset(text->str + head, 'x', length);
        /* noticed while reading on, and in a block that holds all of it */
        g_string_append(text, quoted ? "\"\n" : "\n");
        GString *seen =
            scanned(text->str, text->len, (PlCsvScanOptions){.block = at_once ? 4 * PL_CSV_MAX_RECORD : 0});
        g_autofree char *expected = g_strconcat(
            "1: [a][b]\nt.csv:2: error: the record that begins here is longer than 16 MiB\n  hint: ",
            quoted ? "is a quote opened here that is never closed?"
                   : "no line ends in it: is this a CSV file?",
            NULL);
        cr_assert(eq(str, seen->str, expected), "case %zu", i);
        g_string_free(seen, TRUE);
        g_string_free(text, TRUE);
    }
}

Test(csv_scan, unreadable) {
    g_autoptr(PlDiagnostics) diagnostics = pl_diagnostics_new(0);
    g_autoptr(GError) error = NULL;
    cr_assert(
        zero(ptr, pl_csv_scan_open("/nonexistent/x.csv", "x.csv", &(PlCsvScanOptions){0}, diagnostics)));
    cr_assert(zero(ptr, pl_csv_scan_open("/", "folder", &(PlCsvScanOptions){0}, diagnostics)));
    cr_assert(zero(pl_diagnostics_ok(diagnostics, PL_ERROR_DATA, &error)));
    cr_assert(eq(str, error->message,
                 (char *)"x.csv: error: cannot be read: No such file or directory\n"
                         "folder: error: cannot be read: Is a directory"));
}

/* The hash is of the bytes read, whatever the parser makes of them. */
Test(csv_scan, hashes_while_reading) {
    static const char text[] = "\xef\xbb\xbf"
                               "a,b\r\n1,\"2\"\r\n\r\n3,4";
    g_autofree char *expected =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, sizeof text - 1);
    g_autofree char *path = memory_file(text, sizeof text - 1);
    g_autoptr(PlDiagnostics) diagnostics = pl_diagnostics_new(0);
    for (gsize block = 4; block < 64; block += 7) {
        PlCsvScanOptions options = {.block = block, .hash = TRUE};
        g_autoptr(PlCsvScan) scan = pl_csv_scan_open(path, "t.csv", &options, diagnostics);
        PlCsvRow row;
        guint n = 0;
        while (pl_csv_scan_next(scan, &row))
            n++;
        g_autofree char *digest = pl_csv_scan_digest(scan);
        cr_assert(eq(u32, n, 3));
        cr_assert(eq(str, digest, expected));
    }
    memory_file_close(path);
}

Test(csv_scan, words_for_delimiters) {
    static const struct {
        const char *word;
        char delimiter;
    } cases[] = {{NULL, 0}, {"auto", 0}, {"tab", '\t'}, {",", ','}, {";", ';'}, {"|", '|'}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        cr_assert(eq(chr, pl_csv_delimiter(cases[i].word), cases[i].delimiter), "case %zu", i);
}
