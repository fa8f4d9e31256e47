/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/kpi_text.h"

#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"
#include "pairlift/report/grid.h"
#include "pairlift/report/kpi_table.h"
#include "pairlift/report/kpi_words.h"
#include "pairlift/report/words.h"

/* Rows of a table that a screen shows, and reasons below it; report.md has all. The scorecard's first column
 * is as wide as its longest status. */
enum { ROWS_SHOWN = 14, REASONS_SHOWN = 3, STATUS_COLUMNS = 11, COURSE_POINTS = 20, INDENT = 2 };

/* A line that says that two more are elsewhere would take half of their room. */
static guint shown_of(guint n) {
    return n <= ROWS_SHOWN + 2 ? n : ROWS_SHOWN;
}

static void scorecard_head(PlPage *page, const PlResult *r) {
    g_autofree char *day = r->as_of != G_MININT32 ? pl_day_format(r->as_of, PL_TIME_DATE) : NULL;
    g_autofree char *title = g_strconcat("Scorecard", day ? ", " : "", day, NULL);
    pl_page_heading(page, title);
    if (r->goal != NULL) {
        g_autofree char *goal = g_strconcat("Goal: ", r->goal, NULL);
        g_string_append_printf(page->out, "%*s", INDENT, "");
        pl_page_wrap(page, goal, INDENT, INDENT);
    }
}

static void indented(PlPage *page, const char *text) {
    const guint at = INDENT + STATUS_COLUMNS;
    g_string_append_printf(page->out, "%*s", (int)at, "");
    pl_page_wrap(page, text, at, at);
}

/* "ON TARGET  Satisfaction     3.2   target 4 or more", and what is worth saying about it. */
static void scorecard_row(PlPage *page, const PlResult *r, const PlSection *s, guint name_columns) {
    const PlFinding *f = pl_section_headline(s);
    PlKpiStatus status = f != NULL && f->mark != NULL ? f->mark->status : PL_STATUS_NONE;
    gboolean known = f != NULL && !isnan(f->value);
    const char *words = !known ? "not known" : pl_kpi_status_words(status);
    g_autofree char *word = known && status != PL_STATUS_NONE ? g_ascii_strup(words, -1) : g_strdup(words);
    g_autofree char *value = known ? pl_kpi_value(f, TRUE) : g_strdup("n/a");
    g_autofree char *target = f != NULL ? pl_kpi_target_words(f) : g_strdup("");
    g_autofree char *course = pl_kpi_course(s, COURSE_POINTS);
    g_autofree char *trend = pl_kpi_trend_words(f != NULL ? f->mark : NULL);
    g_string_append_printf(page->out, "\n%*s", INDENT, "");
    pl_page_paint(page, known && status != PL_STATUS_NONE ? pl_grid_status_color(words) : "2", word);
    g_string_append_printf(page->out, "%*s", (int)(STATUS_COLUMNS - strlen(word)), "");
    pl_page_pad(page, s->title, name_columns);
    g_autofree char *figures =
        g_strconcat(value, *target != '\0' ? " (target " : "", target, *target != '\0' ? ")" : "", NULL);
    guint at = INDENT + STATUS_COLUMNS + name_columns;
    pl_page_wrap(page, figures, at, at);
    gboolean one_line =
        INDENT + STATUS_COLUMNS + g_utf8_strlen(course, -1) + 2 + g_utf8_strlen(trend, -1) <= PL_PAGE_COLUMNS;
    g_autofree char *line = one_line ? g_strconcat(course, *course && *trend ? "  " : "", trend, NULL) : NULL;
    const char *lines[] = {one_line ? line : course, one_line ? "" : trend};
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
        if (*lines[i] != '\0')
            indented(page, lines[i]);
    const char *sentence = f != NULL && f->mark->sentence != NULL ? f->mark->sentence
                           : s->sentences->len > 0                ? g_ptr_array_index(s->sentences, 0)
                                                                  : NULL;
    if (sentence != NULL)
        indented(page, sentence);
    if (f != NULL && f->mark->goal != NULL && g_strcmp0(f->mark->goal, r->goal) != 0) {
        g_autofree char *goal = g_strconcat("Serves: ", f->mark->goal, NULL);
        indented(page, goal);
    }
}

static void scorecard(PlPage *page, const PlResult *r, const GPtrArray *sections) {
    guint name_columns = 0;
    for (guint i = 0; i < sections->len; i++) {
        const PlSection *s = g_ptr_array_index(sections, i);
        name_columns = MAX(name_columns, (guint)g_utf8_strlen(s->title, -1) + 2);
    }
    scorecard_head(page, r);
    for (guint i = 0; i < sections->len; i++)
        scorecard_row(page, r, g_ptr_array_index(sections, i), MIN(name_columns, 36));
}

/* The adjusted one where there is one: a table has no room for both. */
static char *p_of(const PlFinding *f) {
    double p = isnan(f->p_adjusted) ? f->p_value : f->p_adjusted;
    return isnan(p) ? g_strdup("") : pl_format_p(p);
}

static const char *status_of(const PlFinding *f) {
    if (f->mark != NULL && f->mark->status != PL_STATUS_NONE)
        return pl_kpi_status_words(f->mark->status);
    return f->verdict != NULL ? f->verdict : "";
}

/* What of a finding a row has room for. */
typedef struct {
    gboolean unit, period, interval, p, status;
} Shown;

static char *value_of(const PlFinding *f, const Shown *shown) {
    if (f == NULL)
        return g_strdup("");
    gboolean period = shown->period && f->period != NULL && !isnan(f->value);
    g_autofree char *value = pl_kpi_value(f, shown->unit);
    return g_strconcat(value, period ? " (" : "", period ? f->period : "", period ? ")" : "", NULL);
}

static void cells_of(PlGrid *grid, const PlFinding *f, const Shown *shown) {
    g_autofree char *value = value_of(f, shown),
                    *range = f != NULL && !isnan(f->value) ? pl_words_finding_interval(f) : g_strdup(""),
                    *chance = f != NULL ? p_of(f) : g_strdup("");
    pl_grid_cell(grid, value);
    if (shown->interval)
        pl_grid_cell(grid, range);
    if (shown->p)
        pl_grid_cell(grid, chance);
    if (shown->status)
        pl_grid_cell(grid, f != NULL ? status_of(f) : "");
}

static void note(PlPage *page, const char *text) {
    g_string_append_printf(page->out, "%*s", 2 * INDENT, "");
    pl_page_wrap(page, text, 2 * INDENT, 2 * INDENT);
}

/* Those of all, one below the other. */
static void list(PlPage *page, const PlSection *s) {
    g_autoptr(GPtrArray) findings = pl_kpi_list(s);
    g_autoptr(PlGrid) grid = pl_grid_new();
    guint shown = shown_of(findings->len);
    const char *when = pl_kpi_one_period(findings);
    pl_grid_column(grid, PL_GRID_LABEL, when != NULL ? when : "", FALSE);
    pl_grid_column(grid, PL_GRID_NUMBER, "value", FALSE);
    pl_grid_column(grid, PL_GRID_TEXT, "interval", FALSE);
    pl_grid_column(grid, PL_GRID_TEXT, "p", FALSE);
    pl_grid_column(grid, PL_GRID_STATUS, "", FALSE);
    for (guint i = 0; i < shown; i++) {
        const PlFinding *f = g_ptr_array_index(findings, i);
        gboolean period = f->period != NULL && when == NULL;
        g_autofree char *label = g_strconcat(f->label, period ? ", " : "", period ? f->period : "", NULL);
        pl_grid_cell(grid, label);
        cells_of(grid, f, &(const Shown){TRUE, FALSE, TRUE, TRUE, TRUE});
    }
    if (shown == 0)
        return;
    g_string_append_c(page->out, '\n');
    pl_grid_print(grid, page);
    for (guint i = 0; i < shown; i++) {
        const PlFinding *f = g_ptr_array_index(findings, i);
        if (f->reason == NULL || (f->mark != NULL && f->mark->headline && isnan(f->value)))
            continue; /* the headline's is in its sentence */
        g_autofree char *text = g_strconcat(f->label, ": ", f->reason, NULL);
        note(page, text);
    }
    if (shown < findings->len)
        g_string_append_printf(page->out, "    ... and %u more rows in report.md\n", findings->len - shown);
}

/* The one measure of a table whose intervals are shown: that with the target, else the first that has any. */
static guint column_with_interval(const PlKpiTable *t) {
    guint found = G_MAXUINT;
    for (guint k = t->columns->len; k-- > 0;)
        if (((const PlKpiColumn *)g_ptr_array_index(t->columns, k))->interval)
            found = k;
    for (guint k = 0; k < t->columns->len; k++) {
        const PlKpiColumn *c = g_ptr_array_index(t->columns, k);
        if (c->judged && c->interval)
            return k;
    }
    return found;
}

/* A column without any number is a reason below the table, where there are others. */
static gboolean is_shown(const PlKpiTable *t, const PlKpiColumn *column) {
    gboolean any = FALSE;
    for (guint k = 0; k < t->columns->len; k++)
        any = any || ((const PlKpiColumn *)g_ptr_array_index(t->columns, k))->known;
    return column->known || !any;
}

static PlGrid *grid_of(const PlKpiTable *t, guint shown) {
    PlGrid *grid = pl_grid_new();
    guint with_interval = column_with_interval(t);
    for (char **by = t->by; *by != NULL; by++)
        pl_grid_column(grid, PL_GRID_NAME, *by, FALSE);
    for (guint k = 0; k < t->columns->len; k++) {
        const PlKpiColumn *c = g_ptr_array_index(t->columns, k);
        if (!is_shown(t, c))
            continue;
        pl_grid_column(grid, PL_GRID_NUMBER, c->head, FALSE);
        if (k == with_interval)
            pl_grid_column(grid, PL_GRID_TEXT, "interval", TRUE);
        if (c->tested)
            pl_grid_column(grid, PL_GRID_NUMBER, c->adjusted ? "adjusted p" : "p", TRUE);
        if (c->judged || c->said)
            pl_grid_column(grid, PL_GRID_STATUS, "", TRUE);
    }
    for (guint i = 0; i < shown; i++) {
        const PlKpiRow *row = g_ptr_array_index(t->rows, i);
        for (char **name = row->names; *name != NULL; name++)
            pl_grid_cell(grid, *name);
        for (guint k = 0; k < t->columns->len; k++) {
            const PlKpiColumn *c = g_ptr_array_index(t->columns, k);
            if (!is_shown(t, c))
                continue;
            const Shown parts = {!c->has_unit, c->has_period, k == with_interval, c->tested,
                                 c->judged || c->said};
            cells_of(grid, row->cells[k], &parts);
        }
    }
    return grid;
}

static void table(PlPage *page, const PlKpiTable *t) {
    guint shown = shown_of(t->rows->len);
    g_autoptr(PlGrid) grid = grid_of(t, shown);
    g_autofree char *left_out = pl_grid_left_out(grid);
    g_autoptr(GPtrArray) reasons = pl_kpi_reasons(t->rows, t->columns->len);
    g_string_append_printf(page->out, "\n%*s", INDENT, "");
    pl_page_paint(page, "1", t->title);
    g_string_append_c(page->out, '\n');
    pl_grid_print(grid, page);
    if (shown < t->rows->len)
        g_string_append_printf(page->out, "    ... and %u more rows in report.md\n", t->rows->len - shown);
    for (guint i = 0; i < MIN(reasons->len, REASONS_SHOWN); i++)
        note(page, g_ptr_array_index(reasons, i));
    if (reasons->len > REASONS_SHOWN)
        g_string_append_printf(page->out, "    ... and %u more notes in report.md\n",
                               reasons->len - REASONS_SHOWN);
    if (left_out != NULL) {
        g_autofree char *text = g_strdup_printf("More columns in report.md: %s", left_out);
        note(page, text);
    }
}

static void section(PlPage *page, const PlSection *s) {
    const PlFinding *headline = pl_section_headline(s);
    const char *said = headline != NULL ? headline->mark->sentence : NULL;
    g_autoptr(GPtrArray) tables = pl_kpi_tables(s);
    guint details = pl_kpi_details(s);
    pl_page_heading(page, s->title);
    for (guint i = 0; i < s->sentences->len; i++) {
        const char *sentence = g_ptr_array_index(s->sentences, i);
        if (g_strcmp0(sentence, said) == 0 || (headline == NULL && i == 0))
            continue; /* the scorecard has it */
        g_string_append_printf(page->out, "%*s", INDENT, "");
        pl_page_wrap(page, sentence, INDENT, INDENT);
    }
    list(page, s);
    for (guint i = 0; i < tables->len; i++)
        table(page, g_ptr_array_index(tables, i));
    if (details > 0) {
        g_autofree char *rows = pl_format_count(details, "more row", "more rows");
        g_string_append_printf(page->out, "\n  ... and %s in kpis.csv\n", rows);
    }
}

void pl_kpi_text(PlPage *page, const PlResult *r) {
    g_autoptr(GPtrArray) sections = pl_kpi_sections(r);
    if (sections->len == 0)
        return;
    scorecard(page, r, sections);
    for (guint i = 0; i < sections->len; i++)
        section(page, g_ptr_array_index(sections, i));
}
