/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/report/formats.h"
#include "pairlift/report/kpi_text.h"
#include "pairlift/report/page.h"
#include "pairlift/report/words.h"

/* Columns of a label in a table: the least looks the same in all reports, the most leaves room for numbers.
 */
enum { LABEL_LEAST = 17, LABEL_MOST = 42 };

static void verdicts(PlPage *page, const PlResult *r) {
    static const char *const colors[] = {
        [PL_WIN] = "1;32", [PL_LOSS] = "1;31", [PL_EQUIVALENT] = "1;36", [PL_INCONCLUSIVE] = "1;33"};
    for (guint i = 0; i < r->verdicts->len; i++) {
        const PlVerdict *v = g_ptr_array_index(r->verdicts, i);
        g_autofree char *word = g_ascii_strup(pl_verdict_name(v->kind), -1);
        g_string_append_c(page->out, '\n');
        pl_page_paint(page, colors[v->kind], word);
        g_string_append(page->out, "  ");
        pl_page_wrap(page, v->sentence, (guint)strlen(word) + 2, 2);
    }
}

/* A table of estimates: rows first, so that every column is as wide as its widest entry. */
typedef struct {
    char *label, *effect, *interval, *p;
    const PlEstimate *estimate;
} Row;

static void row_clear(gpointer data) {
    Row *row = data;
    g_free(row->label);
    g_free(row->effect);
    g_free(row->interval);
    g_free(row->p);
}

static GArray *new_table(void) {
    GArray *rows = g_array_new(FALSE, TRUE, sizeof(Row));
    g_array_set_clear_func(rows, row_clear);
    return rows;
}

static void add_row(GArray *rows, const PlEstimate *e, char *label) {
    Row row = {label, pl_words_effect(e), pl_words_interval(e), pl_words_p(e), e};
    g_array_append_val(rows, row);
}

static guint wider(guint width, const char *text) {
    return MAX(width, (guint)g_utf8_strlen(text, -1) + 2);
}

static void print_table(PlPage *page, const char *first, const GArray *rows) {
    guint label = wider(LABEL_LEAST, first), effect = wider(0, "effect"), interval = wider(0, "interval");
    for (guint i = 0; i < rows->len; i++) {
        const Row *row = &g_array_index(rows, Row, i);
        label = MIN(wider(label, row->label), LABEL_MOST);
        effect = wider(effect, row->effect);
        interval = wider(interval, row->interval);
    }
    g_string_append(page->out, "  ");
    pl_page_pad(page, first, label);
    pl_page_pad(page, "effect", effect);
    pl_page_pad(page, "interval", interval);
    g_string_append(page->out, "p\n");
    for (guint i = 0; i < rows->len; i++) {
        const Row *row = &g_array_index(rows, Row, i);
        const PlEstimate *e = row->estimate;
        g_string_append(page->out, e->deciding ? "* " : "  ");
        pl_page_pad(page, row->label, label);
        pl_page_pad(page, row->effect, effect);
        pl_page_pad(page, row->interval, interval);
        g_string_append_printf(page->out, "%s\n", row->p);
        if (e->reason && isnan(e->p_value)) {
            g_string_append(page->out, "    ");
            pl_page_wrap(page, e->reason, 4, 4);
        }
    }
}

static void methods(PlPage *page, const PlResult *r, const char *treatment) {
    g_autofree char *title = pl_words_methods_title(r, treatment);
    g_autoptr(GArray) rows = new_table();
    pl_page_heading(page, title);
    for (guint i = 0; i < r->estimates->len; i++) {
        const PlEstimate *e = g_ptr_array_index(r->estimates, i);
        if (pl_words_is_main(r, e) && g_str_equal(e->treatment, treatment))
            add_row(rows, e, g_strdup(e->method));
    }
    print_table(page, "method", rows);
}

/* The other metrics and periods, by the method that decides. */
static void others(PlPage *page, const PlResult *r) {
    const PlEstimate *deciding = pl_result_deciding(r, NULL);
    g_autoptr(GArray) rows = new_table();
    for (guint i = 0; deciding && i < r->estimates->len; i++) {
        const PlEstimate *e = g_ptr_array_index(r->estimates, i);
        if (!pl_words_is_main(r, e) && g_str_equal(e->method, deciding->method))
            add_row(rows, e, pl_words_other_label(r, e));
    }
    if (rows->len == 0)
        return;
    g_autofree char *title = g_strdup_printf("What else was measured (%s)", deciding->method);
    pl_page_heading(page, title);
    print_table(page, "metric", rows);
}

/* Rows of a section that a screen shows; report.md has all. */
enum { ROWS_SHOWN = 14 };

/* A label that does not fit stands on a line of its own. */
static void finding_row(PlPage *page, const PlFinding *f, char *const *cells, const guint *widths) {
    gboolean fits = wider(0, cells[0]) <= widths[0];
    if (!fits) {
        g_string_append(page->out, "  ");
        pl_page_wrap(page, cells[0], 2, 4);
    }
    g_string_append(page->out, "  ");
    for (guint k = 0; k < 3; k++)
        pl_page_pad(page, k == 0 && !fits ? "" : cells[k], MAX(widths[k], 2));
    g_string_append_printf(page->out, "%s%s%s%s", *cells[3] ? "p " : "", cells[3],
                           f->verdict && *cells[3] ? ", " : "", f->verdict ? f->verdict : "");
    pl_page_end_line(page);
    if (f->reason && isnan(f->value)) {
        g_string_append(page->out, "    ");
        pl_page_wrap(page, f->reason, 4, 4);
    }
}

static void finding_rows(PlPage *page, const PlResult *r, const GPtrArray *findings) {
    guint shown = MIN(findings->len, ROWS_SHOWN), widths[3] = {LABEL_LEAST, 0, 0};
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < shown; i++) {
        const PlFinding *f = g_ptr_array_index(findings, i);
        g_ptr_array_add(cells, pl_words_finding_label(r, f));
        g_ptr_array_add(cells, pl_words_finding_value(f));
        g_ptr_array_add(cells, pl_words_finding_interval(f));
        g_ptr_array_add(cells, pl_words_finding_p(f));
        for (guint k = 0; k < G_N_ELEMENTS(widths); k++) {
            guint width = wider(0, g_ptr_array_index(cells, 4 * i + k));
            if (k > 0 || width <= LABEL_MOST)
                widths[k] = MAX(widths[k], width);
        }
    }
    for (guint i = 0; i < shown; i++)
        finding_row(page, g_ptr_array_index(findings, i), (char **)cells->pdata + 4 * i, widths);
    if (shown < findings->len)
        g_string_append_printf(page->out, "  ... and %u more in report.md\n", findings->len - shown);
}

/* The answer: what the sections say, in words. */
static void sections(PlPage *page, const PlResult *r) {
    for (guint i = 0; i < r->sections->len; i++) {
        const PlSection *s = g_ptr_array_index(r->sections, i);
        if (s->sentences->len == 0 || s->kpi)
            continue;
        g_autofree char *title = g_strconcat(s->title, s->exploratory ? " (exploratory)" : "", NULL);
        pl_page_heading(page, title);
        for (guint k = 0; k < s->sentences->len; k++) {
            g_string_append(page->out, "  ");
            pl_page_wrap(page, g_ptr_array_index(s->sentences, k), 2, 2);
        }
    }
}

/* The numbers behind it. */
static void section_tables(PlPage *page, const PlResult *r) {
    for (guint i = 0; i < r->sections->len; i++) {
        const PlSection *s = g_ptr_array_index(r->sections, i);
        if (s->findings->len == 0 || s->kpi)
            continue;
        g_autofree char *title =
            g_strdup_printf("%s, in numbers%s", s->title, s->exploratory ? " (exploratory)" : "");
        pl_page_heading(page, title);
        finding_rows(page, r, s->findings);
    }
}

static void checks(PlPage *page, const PlResult *r) {
    static const char *const colors[] = {[PL_PASS] = "32", [PL_WARN] = "33", [PL_FAIL] = "31"};
    pl_page_heading(page, "Checks");
    for (guint i = 0; i < r->checks->len; i++) {
        const PlCheck *c = g_ptr_array_index(r->checks, i);
        const char *status = pl_check_status_name(c->status);
        g_string_append(page->out, "  ");
        pl_page_paint(page, colors[c->status], status);
        g_string_append_c(page->out, ' ');
        pl_page_pad(page, c->name, 17);
        pl_page_wrap(page, c->message, 24, 24);
    }
}

char *pl_report_text(const PlResult *r, gboolean color) {
    PlPage page = {g_string_new(NULL), color};
    pl_page_paint(&page, "1", r->title);
    g_string_append_c(page.out, '\n');
    if (r->question)
        pl_page_wrap(&page, r->question, 0, 0);
    g_autofree char *design = r->kpi_report ? NULL : pl_words_design(r);
    if (design)
        pl_page_wrap(&page, design, 0, 0);
    verdicts(&page, r);
    sections(&page, r);
    for (char **t = r->treatments; t && *t && r->estimates->len; t++)
        methods(&page, r, *t);
    others(&page, r);
    if (r->estimates->len) {
        g_string_append(page.out, "\n* ");
        pl_page_wrap(&page, r->method_choice, 2, 2);
    }
    section_tables(&page, r);
    pl_kpi_text(&page, r);
    checks(&page, r);
    return g_string_free(page.out, FALSE);
}
