/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/kpi_markdown.h"

#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"
#include "pairlift/report/kpi_table.h"
#include "pairlift/report/kpi_words.h"
#include "pairlift/report/markdown_text.h"
#include "pairlift/report/words.h"

/* Rows that a reader goes through; kpis.csv has all. */
enum { ROWS_SHOWN = 100, COURSE_POINTS = 24 };

static const PlKpiMark *mark_of(const PlFinding *f) {
    return f != NULL ? f->mark : NULL;
}

static const char *sentence_of(const PlSection *s, const PlFinding *headline) {
    if (mark_of(headline) != NULL && headline->mark->sentence != NULL)
        return headline->mark->sentence;
    return s->sentences->len > 0 ? g_ptr_array_index(s->sentences, 0) : NULL;
}

static gboolean has_own_goal(const PlResult *r, const PlFinding *f) {
    return mark_of(f) != NULL && f->mark->goal != NULL && g_strcmp0(f->mark->goal, r->goal) != 0;
}

static void scorecard_row(GString *out, const PlResult *r, const PlSection *s, gboolean goals) {
    const PlFinding *f = pl_section_headline(s);
    gboolean known = f != NULL && !isnan(f->value);
    const char *status =
        known ? pl_kpi_status_words(f->mark != NULL ? f->mark->status : PL_STATUS_NONE) : "not known";
    g_autofree char *value = known ? pl_kpi_value(f, TRUE) : g_strdup("n/a");
    g_autofree char *target = f != NULL ? pl_kpi_target_words(f) : g_strdup("");
    g_autofree char *trend = pl_kpi_trend_words(mark_of(f)), *course = pl_kpi_course(s, COURSE_POINTS);
    const char *cells[] = {value, target, trend, course, sentence_of(s, f)};
    gboolean bold = known && f->mark != NULL && f->mark->status != PL_STATUS_NONE;
    pl_markdown_line(out, bold ? "| **" : "| ", status, bold ? "** |" : " |");
    pl_markdown_cell(out, s->title);
    for (gsize i = 0; i < G_N_ELEMENTS(cells); i++)
        pl_markdown_cell(out, cells[i]);
    if (goals)
        pl_markdown_cell(out, has_own_goal(r, f) ? f->mark->goal : r->goal);
    g_string_append_c(out, '\n');
}

static void pictures(GString *out, const PlResult *r, const char *section) {
    for (guint i = 0; i < r->charts->len; i++) {
        const PlChart *c = g_ptr_array_index(r->charts, i);
        if (g_strcmp0(c->section, section) != 0 ||
            !(g_str_has_suffix(c->files[0], ".svg") || g_str_has_suffix(c->files[0], ".png")))
            continue;
        pl_markdown_line(out, "![", c->alt ? c->alt : c->title, "](");
        g_string_append_printf(out, "%s)\n\n", c->files[0]);
    }
}

static void scorecard(GString *out, const PlResult *r, const GPtrArray *sections) {
    gboolean goals = FALSE;
    g_string_append(out, "## Scorecard\n\n");
    for (guint i = 0; i < sections->len; i++)
        goals = goals || has_own_goal(r, pl_section_headline(g_ptr_array_index(sections, i)));
    g_autofree char *day = r->as_of != G_MININT32 ? pl_day_format(r->as_of, PL_TIME_DATE) : NULL;
    if (day != NULL)
        pl_markdown_line(out, "As of ", day, ".\n\n");
    g_string_append_printf(out, "| status | KPI | value | target | trend | course | what to look at |%s\n",
                           goals ? " goal |" : "");
    g_string_append_printf(out, "|---|---|---:|---:|---|---|---|%s\n", goals ? "---|" : "");
    for (guint i = 0; i < sections->len; i++)
        scorecard_row(out, r, g_ptr_array_index(sections, i), goals);
    g_string_append_c(out, '\n');
    pictures(out, r, "scorecard");
}

/* "45.2 (40.1 to 50.3)". */
static void value_cell(GString *out, const PlFinding *f, const PlKpiColumn *c) {
    g_autofree char *value = f != NULL ? pl_kpi_value(f, !c->has_unit) : NULL;
    gboolean when = c->has_period && f != NULL && f->period != NULL && !isnan(f->value);
    g_autofree char *interval = f != NULL ? pl_words_finding_interval(f) : NULL;
    gboolean both = interval != NULL && *interval != '\0';
    g_autofree char *cell = g_strconcat(value ? value : "", both ? " (" : "", both ? interval : "",
                                        both ? ")" : "", when ? ", " : "", when ? f->period : "", NULL);
    pl_markdown_cell(out, cell);
}

static void p_cell(GString *out, const PlFinding *f) {
    g_autofree char *p = f != NULL ? pl_words_finding_p(f) : NULL;
    pl_markdown_cell(out, p);
}

static void status_cell(GString *out, const PlFinding *f) {
    PlKpiStatus status = mark_of(f) != NULL ? f->mark->status : PL_STATUS_NONE;
    pl_markdown_cell(out, status != PL_STATUS_NONE ? pl_kpi_status_words(status) : NULL);
}

/* "lost: too few deals", of one finding. */
static char *remark_of(const PlFinding *f) {
    return g_strconcat(f->verdict ? f->verdict : "", f->verdict && f->reason ? ": " : "",
                       f->reason ? f->reason : "", NULL);
}

static void count_cell(GString *out, guint n) {
    g_autofree char *count = n > 0 ? pl_format_number(n, 0) : NULL;
    pl_markdown_cell(out, count);
}

/* What a list has beside its values: a column that would be empty is none. */
typedef struct {
    gboolean interval, p, n, status, remark;
} Beside;

static Beside beside_of(const GPtrArray *findings) {
    Beside b = {0};
    for (guint i = 0; i < findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(findings, i);
        b.interval |= !isnan(f->conf_low) || !isnan(f->conf_high);
        b.p |= !isnan(f->p_value);
        b.n |= f->n > 0;
        b.status |= mark_of(f) != NULL && f->mark->status != PL_STATUS_NONE;
        b.remark |= f->verdict != NULL || f->reason != NULL;
    }
    return b;
}

static void list_row(GString *out, const PlFinding *f, const Beside *b) {
    g_autofree char *label = g_strconcat(f->label, f->period ? ", " : "", f->period, NULL),
                    *value = pl_kpi_value(f, TRUE), *interval = pl_words_finding_interval(f),
                    *remark = remark_of(f);
    g_string_append_c(out, '|');
    pl_markdown_cell(out, label);
    pl_markdown_cell(out, value);
    if (b->interval)
        pl_markdown_cell(out, interval);
    if (b->p)
        p_cell(out, f);
    if (b->n)
        count_cell(out, f->n);
    if (b->status)
        status_cell(out, f);
    if (b->remark)
        pl_markdown_cell(out, remark);
    g_string_append_c(out, '\n');
}

static void list(GString *out, const PlSection *s) {
    g_autoptr(GPtrArray) findings = pl_kpi_list(s);
    guint shown = MIN(findings->len, ROWS_SHOWN);
    Beside b = beside_of(findings);
    if (shown == 0)
        return;
    g_string_append_printf(out, "| | value |%s%s%s%s%s\n", b.interval ? " interval |" : "", b.p ? " p |" : "",
                           b.n ? " n |" : "", b.status ? " status |" : "", b.remark ? " |" : "");
    g_string_append_printf(out, "|---|---:|%s%s%s%s%s\n", b.interval ? "---|" : "", b.p ? "---|" : "",
                           b.n ? "---:|" : "", b.status ? "---|" : "", b.remark ? "---|" : "");
    for (guint i = 0; i < shown; i++)
        list_row(out, g_ptr_array_index(findings, i), &b);
    if (shown < findings->len)
        g_string_append_printf(out, "\n... and %u more rows in `kpis.csv`\n", findings->len - shown);
    g_string_append_c(out, '\n');
}

/* What a row rests on, when all its numbers rest on the same; 0: they do not, or none says. */
static guint n_of(const PlKpiTable *t, const PlKpiRow *row) {
    guint n = 0;
    for (guint k = 0; k < t->columns->len; k++) {
        guint own = row->cells[k] != NULL ? row->cells[k]->n : 0;
        if (own > 0 && n > 0 && own != n)
            return 0;
        n = own > 0 ? own : n;
    }
    return n;
}

static gboolean has_n(const PlKpiTable *t) {
    for (guint i = 0; i < t->rows->len; i++)
        if (n_of(t, g_ptr_array_index(t->rows, i)) == 0)
            return FALSE;
    return TRUE;
}

/* Verdicts and reasons of a row's cells, each once. */
static char *remarks_of(const PlKpiTable *t, const PlKpiRow *row) {
    g_autoptr(GString) s = g_string_new(NULL);
    for (guint k = 0; k < t->columns->len; k++) {
        g_autofree char *remark = row->cells[k] != NULL ? remark_of(row->cells[k]) : g_strdup("");
        if (*remark != '\0' && strstr(s->str, remark) == NULL)
            g_string_append_printf(s, "%s%s", s->len ? "; " : "", remark);
    }
    return g_strdup(s->str);
}

static gboolean has_remarks(const PlKpiTable *t) {
    for (guint i = 0; i < t->rows->len; i++) {
        g_autofree char *remarks = remarks_of(t, g_ptr_array_index(t->rows, i));
        if (*remarks != '\0')
            return TRUE;
    }
    return FALSE;
}

static void table_head(GString *out, const PlKpiTable *t, gboolean n, gboolean remarks) {
    g_autoptr(GString) rule = g_string_new("|");
    g_string_append_c(out, '|');
    for (char **by = t->by; *by != NULL; by++) {
        pl_markdown_cell(out, *by);
        g_string_append(rule, "---|");
    }
    for (guint k = 0; k < t->columns->len; k++) {
        const PlKpiColumn *c = g_ptr_array_index(t->columns, k);
        pl_markdown_cell(out, c->head);
        g_string_append(out, c->tested ? " p |" : "");
        g_string_append(out, c->judged ? " status |" : "");
        g_string_append_printf(rule, "---:|%s%s", c->tested ? "---|" : "", c->judged ? "---|" : "");
    }
    g_string_append_printf(out, "%s%s\n%s%s%s\n", n ? " n |" : "", remarks ? " |" : "", rule->str,
                           n ? "---:|" : "", remarks ? "---|" : "");
}

static void table(GString *out, const PlKpiTable *t) {
    gboolean n = has_n(t), remarks = has_remarks(t);
    guint shown = MIN(t->rows->len, ROWS_SHOWN);
    pl_markdown_line(out, "### ", t->title, "\n\n");
    table_head(out, t, n, remarks);
    for (guint i = 0; i < shown; i++) {
        const PlKpiRow *row = g_ptr_array_index(t->rows, i);
        g_string_append_c(out, '|');
        for (char **name = row->names; *name != NULL; name++)
            pl_markdown_cell(out, *name);
        for (guint k = 0; k < t->columns->len; k++) {
            const PlKpiColumn *c = g_ptr_array_index(t->columns, k);
            value_cell(out, row->cells[k], c);
            if (c->tested)
                p_cell(out, row->cells[k]);
            if (c->judged)
                status_cell(out, row->cells[k]);
        }
        if (n)
            count_cell(out, n_of(t, row));
        g_autofree char *remark = remarks ? remarks_of(t, row) : NULL;
        if (remarks)
            pl_markdown_cell(out, remark);
        g_string_append_c(out, '\n');
    }
    if (shown < t->rows->len)
        g_string_append_printf(out, "\n... and %u more rows in `kpis.csv`\n", t->rows->len - shown);
    g_string_append_c(out, '\n');
}

static void section(GString *out, const PlResult *r, const PlSection *s) {
    const char *said = sentence_of(s, pl_section_headline(s));
    g_autoptr(GPtrArray) tables = pl_kpi_tables(s);
    guint details = pl_kpi_details(s);
    pl_markdown_line(out, "## ", s->title, "\n\n");
    for (guint i = 0; i < s->sentences->len; i++)
        if (g_strcmp0(g_ptr_array_index(s->sentences, i), said) != 0) /* the scorecard has it */
            pl_markdown_line(out, "", g_ptr_array_index(s->sentences, i), "\n\n");
    pictures(out, r, s->id);
    list(out, s);
    for (guint i = 0; i < tables->len; i++)
        table(out, g_ptr_array_index(tables, i));
    if (details > 0) {
        g_autofree char *rows = pl_format_count(details, "more row", "more rows");
        g_string_append_printf(out, "... and %s in `kpis.csv`\n\n", rows);
    }
}

void pl_kpi_markdown(GString *out, const PlResult *r) {
    g_autoptr(GPtrArray) sections = pl_kpi_sections(r);
    if (sections->len == 0)
        return;
    scorecard(out, r, sections);
    for (guint i = 0; i < sections->len; i++)
        section(out, r, g_ptr_array_index(sections, i));
}
