/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"
#include "pairlift/report/chart_range.h"
#include "pairlift/report/chart_text.h"
#include "pairlift/report/kpi_charts.h"
#include "pairlift/report/kpi_words.h"
#include "pairlift/report/words.h"

/* Rows that a picture has room for; of more groups the best and the worst. */
enum { ROWS_MOST = 20, NAME_COLUMNS = 28, REASON_COLUMNS = 60, LABEL_COLUMNS = 60 };

/* An interval that reaches this many times the middle half width from its value is cut: it alone would be
 * seen. */
#define WIDEST 3.0

/* The groups of a chart, best first, those without a value last. */
typedef struct {
    GPtrArray *rows; /* const PlFinding* */
    guint n_known;
    const PlFinding *subject; /* its measure, with the target: the headline, or a row of another measure */
    char *by;                 /* "rep", "region and product" */
    double target;            /* of the groups; NaN: none */
    gboolean sorted; /* best first, or the highest where nobody said what is good; else as they come */
} Groups;

/* Which rows: of the subject's measure, and of this role alone (NULL: of any), details too. */
typedef struct {
    const PlFinding *subject;
    const char *role;
    gboolean details;
} Which;

static double target_of(const Groups *g) {
    return g->subject->mark != NULL ? g->subject->mark->target : NAN;
}

static gboolean same_roles(const PlFinding *a, const PlFinding *b) {
    return g_strv_equal((const char *const *)a->roles, (const char *const *)b->roles);
}

static gboolean is_judged(const PlFinding *f) {
    return f->mark != NULL && f->mark->status != PL_STATUS_NONE;
}

static gboolean may_be_row(const PlFinding *f, const Which *which) {
    if (which->role != NULL && (f->roles == NULL || f->roles[0] == NULL || f->roles[1] != NULL ||
                                strcmp(f->roles[0], which->role) != 0))
        return FALSE;
    return (which->details || !f->detail) && f->roles != NULL && f->roles[0] != NULL &&
           g_strcmp0(f->measure, which->subject->measure) == 0;
}

/* The first of the grouping that is shown: the first whose groups are judged, else the first of all. */
static const PlFinding *first_of(const PlSection *s, const Which *which) {
    const PlFinding *first = NULL;
    for (guint i = 0; i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        if (!may_be_row(f, which))
            continue;
        if (is_judged(f))
            return f;
        first = first != NULL ? first : f;
    }
    return first;
}

/* A row of each group of the grouping of `first`: that of the subject's period where the measure comes for
 * several, else the last. */
static GPtrArray *collect(const PlSection *s, const Which *which, const PlFinding *first) {
    GPtrArray *rows = g_ptr_array_new();
    g_autoptr(GHashTable) place = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; first != NULL && i < s->findings->len; i++) {
        PlFinding *f = g_ptr_array_index(s->findings, i);
        gpointer at;
        if (!may_be_row(f, which) || !same_roles(first, f))
            continue;
        if (!g_hash_table_lookup_extended(place, f->group, NULL, &at)) {
            g_hash_table_insert(place, f->group, GUINT_TO_POINTER(rows->len));
            g_ptr_array_add(rows, f);
            continue;
        }
        const PlFinding *before = rows->pdata[GPOINTER_TO_UINT(at)];
        if (g_strcmp0(before->period, which->subject->period) != 0)
            rows->pdata[GPOINTER_TO_UINT(at)] = f;
    }
    return rows;
}

static int by_value(gconstpointer a, gconstpointer b, gpointer down) {
    const PlFinding *f = *(PlFinding *const *)a, *g = *(PlFinding *const *)b;
    if (isnan(f->value) || isnan(g->value))
        return isnan(f->value) - isnan(g->value);
    int order = (f->value < g->value) - (f->value > g->value);
    return GPOINTER_TO_INT(down) ? -order : order;
}

static int by_size(gconstpointer a, gconstpointer b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Half the width of the middle interval; infinite without one. */
static double middle_half(const Groups *g) {
    g_autoptr(GArray) halves = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < g->n_known; i++) {
        const PlFinding *f = g_ptr_array_index(g->rows, i);
        double half = (f->conf_high - f->conf_low) / 2;
        if (isfinite(half))
            g_array_append_val(halves, half);
    }
    g_array_sort(halves, by_size);
    return halves->len > 0 ? g_array_index(halves, double, halves->len / 2) : INFINITY;
}

/* All values, the target, and of the intervals what is not far wider than the others; from zero for bars. */
static PlChartRange range_of(const Groups *g, gboolean bars) {
    PlChartRange range = {bars ? 0 : INFINITY, bars ? 0 : -INFINITY};
    double reach = WIDEST * middle_half(g);
    for (guint i = 0; i <= g->n_known; i++) {
        gboolean target = i == g->n_known;
        const PlFinding *f = target ? NULL : g_ptr_array_index(g->rows, i);
        double value = target ? g->target : f->value;
        if (!isfinite(value))
            continue;
        double low = target || !isfinite(f->conf_low) ? value : MAX(f->conf_low, value - reach);
        double high = target || !isfinite(f->conf_high) ? value : MIN(f->conf_high, value + reach);
        range.least = MIN(range.least, low);
        range.most = MAX(range.most, high);
    }
    return range;
}

/* Whether a row stands for sums without an interval, which a bar shows best. */
static gboolean are_bars(const Groups *g) {
    for (guint i = 0; i < g->n_known; i++) {
        const PlFinding *f = g_ptr_array_index(g->rows, i);
        if (isfinite(f->conf_low) || isfinite(f->conf_high))
            return FALSE;
    }
    return g->subject->amount == PL_AMOUNT_TOTAL;
}

static void add_row(PlChartDraft *draft, const PlFinding *f, guint place, const PlChartRange *range) {
    gboolean known = isfinite(f->value),
             interval = known && (isfinite(f->conf_low) || isfinite(f->conf_high));
    gboolean open_low = interval && !(f->conf_low >= range->least),
             open_high = interval && !(f->conf_high <= range->most);
    g_autofree char *value = pl_kpi_value(f, FALSE), *limits = pl_words_finding_interval(f);
    g_autofree char *number = !known    ? g_strdup("")
                              : *limits ? g_strdup_printf("%s (%s)", value, limits)
                                        : g_strdup(value);
    g_autofree char *name = pl_chart_label(f->group, NAME_COLUMNS),
                    *remark = pl_chart_label(known       ? ""
                                             : f->reason ? f->reason
                                                         : "no value",
                                             REASON_COLUMNS);
    PlKpiStatus status = known && f->mark != NULL ? f->mark->status : PL_STATUS_NONE;
    const double numbers[] = {place,
                              pl_kpi_shown(f->amount, f->value),
                              interval ? pl_kpi_shown(f->amount, open_low ? range->least : f->conf_low) : NAN,
                              interval ? pl_kpi_shown(f->amount, open_high ? range->most : f->conf_high)
                                       : NAN,
                              open_low,
                              open_high,
                              status};
    const char *texts[] = {name, number, remark};
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
        pl_chart_add_number(draft->data, numbers[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        pl_chart_add_text(draft->data, texts[i]);
    g_string_append_c(draft->data, '\n');
}

/* The row between the best and the worst. */
static void add_gap(PlChartDraft *draft, guint place, guint n) {
    g_autofree char *text = g_strdup_printf("%u between them", n);
    pl_chart_add_number(draft->data, place);
    for (guint i = 0; i < 5; i++)
        pl_chart_add_number(draft->data, i < 3 ? NAN : 0);
    pl_chart_add_number(draft->data, 0);
    pl_chart_add_text(draft->data, "\u2026");
    pl_chart_add_text(draft->data, "");
    pl_chart_add_text(draft->data, text);
    g_string_append_c(draft->data, '\n');
}

static guint add_rows(PlChartDraft *draft, const Groups *g, const PlChartRange *range) {
    guint n = g->rows->len, rows = MIN(n, ROWS_MOST), best = rows, place = rows;
    g_string_append(draft->data,
                    "row\tvalue\tlow\thigh\topen_low\topen_high\tstatus\tname\tnumber\tremark\n");
    if (n > ROWS_MOST)
        best = ROWS_MOST / 2;
    for (guint i = 0; i < best; i++)
        add_row(draft, g_ptr_array_index(g->rows, i), place--, range);
    if (n > ROWS_MOST) {
        guint worst = ROWS_MOST - best - 1;
        add_gap(draft, place--, n - best - worst);
        for (guint i = n - worst; i < n; i++)
            add_row(draft, g_ptr_array_index(g->rows, i), place--, range);
    }
    return rows;
}

/* "5 of 16 (rep) on target" counts all groups, also those that are not drawn; without a target the ends. */
static char *title_of(const Groups *g) {
    const PlFinding *h = g->subject, *best = g_ptr_array_index(g->rows, 0),
                    *worst = g_ptr_array_index(g->rows, g->n_known - 1);
    for (guint i = 0; i < g->n_known && !g->sorted; i++) {
        const PlFinding *f = g_ptr_array_index(g->rows, i);
        best = f->value > best->value ? f : best;
        worst = f->value < worst->value ? f : worst;
    }
    g_autofree char *target = pl_kpi_target_words(h), *first = pl_kpi_value(best, TRUE),
                    *last = pl_kpi_value(worst, TRUE), *best_name = pl_chart_label(best->group, NAME_COLUMNS),
                    *worst_name = pl_chart_label(worst->group, NAME_COLUMNS);
    guint count[PL_STATUS_OFF + 1] = {0};
    for (guint i = 0; i < g->n_known; i++) {
        const PlFinding *f = g_ptr_array_index(g->rows, i);
        count[f->mark != NULL ? f->mark->status : PL_STATUS_NONE]++;
    }
    guint judged = g->n_known - count[PL_STATUS_NONE];
    if (judged > 0) {
        GString *s = g_string_new(NULL);
        g_string_append_printf(s, "%s by %s: %u of %u on target (%s)", h->label, g->by,
                               count[PL_STATUS_ON_TARGET], judged, target);
        if (count[PL_STATUS_AT_RISK] > 0)
            g_string_append_printf(s, ", %u at risk", count[PL_STATUS_AT_RISK]);
        if (count[PL_STATUS_OFF] > 0)
            g_string_append_printf(s, ", %u off", count[PL_STATUS_OFF]);
        return g_string_free(s, FALSE);
    }
    if (g->n_known == 1)
        return g_strdup_printf("%s: %s for %s", h->label, first, best_name);
    return g_strdup_printf(g->sorted ? "%s by %s: from %s (%s) to %s (%s)"
                                     : "%s by %s: highest %s (%s), lowest %s (%s)",
                           h->label, g->by, first, best_name, last, worst_name);
}

static char *subtitle_of(const PlSection *s, const Groups *g, guint n_all, gboolean bars) {
    const PlFinding *first = g_ptr_array_index(g->rows, 0);
    GString *text = g_string_new(s->title);
    if (first->period != NULL)
        g_string_append_printf(text, ", %s", first->period);
    if (g->rows->len < n_all)
        g_string_append_printf(text, "; %u of %u shown", g->rows->len, n_all);
    const PlKpiMark *mark = g->subject->mark;
    g_string_append(text, !g->sorted ? "" : mark != NULL ? "; best first" : "; highest first");
    if (!bars && isfinite(middle_half(g)) && isfinite(first->conf_level)) {
        g_autofree char *level = pl_format_amount_size(first->conf_level, NAN, PL_AMOUNT_SHARE, NULL);
        g_string_append_printf(text, "; lines: %s intervals", level);
    }
    return g_string_free(text, FALSE);
}

static char *alt_of(const Groups *g, const char *title) {
    GString *s = g_string_new(!g->sorted                 ? "Dot chart. "
                              : g->subject->mark != NULL ? "Dot chart, best first. "
                                                         : "Dot chart, highest first. ");
    g_string_append_printf(s, "%s.", title);
    for (guint i = 0; i < g->rows->len; i++) {
        const PlFinding *f = g_ptr_array_index(g->rows, i);
        g_autofree char *value = pl_kpi_value(f, TRUE);
        g_string_append_printf(s, " %s: %s.", f->group, value);
    }
    return g_string_free(s, FALSE);
}

static char *by_of(const PlFinding *f) {
    g_autofree char *by = g_strjoinv(" and ", f->roles);
    return g_strdelimit(pl_chart_label(by, NAME_COLUMNS), "_", ' ');
}

/* Without a sort, those without a value go to the end all the same. */
static void put_in_order(Groups *g) {
    const PlKpiMark *mark = g->subject->mark;
    if (g->sorted) {
        g_ptr_array_sort_with_data(g->rows, by_value, GINT_TO_POINTER(mark != NULL && mark->down));
    } else {
        g_autoptr(GPtrArray) rows = g_ptr_array_new();
        for (guint pass = 0; pass < 2; pass++)
            for (guint i = 0; i < g->rows->len; i++)
                if (isnan(((PlFinding *)g->rows->pdata[i])->value) == (pass == 1))
                    g_ptr_array_add(rows, g->rows->pdata[i]);
        memcpy(g->rows->pdata, rows->pdata, rows->len * sizeof *rows->pdata);
    }
    while (g->n_known < g->rows->len &&
           isfinite(((const PlFinding *)g_ptr_array_index(g->rows, g->n_known))->value))
        g->n_known++;
}

/* A target of all is none of a group, unless groups are judged by it. */
static double target_of_rows(const Groups *g) {
    for (guint i = 0; i < g->n_known; i++)
        if (is_judged(g_ptr_array_index(g->rows, i)))
            return target_of(g);
    return NAN;
}

static gboolean fill(const PlSection *section, const Which *which, gboolean sorted, PlChartDraft *draft) {
    const PlFinding *subject = which->subject, *first = first_of(section, which);
    const Which any = {subject, which->role, TRUE};
    Groups g = {collect(section, which, first), 0, subject, NULL, NAN, sorted},
           all = {collect(section, &any, first), 0, subject, NULL, NAN, sorted};
    g_autoptr(GPtrArray) rows = g.rows, all_rows = all.rows;
    put_in_order(&g);
    put_in_order(&all);
    if (g.n_known == 0)
        return FALSE;
    g.target = target_of_rows(&g);
    g_autofree char *by = all.by = g.by = by_of(g_ptr_array_index(rows, 0));
    gboolean bars = are_bars(&g);
    PlChartRange range = range_of(&g, bars);
    g_autofree char *title = title_of(&all), *subtitle = subtitle_of(section, &g, all_rows->len, bars),
                    *axis = pl_kpi_axis(subject->label, subject->unit),
                    *label = pl_chart_label(axis, LABEL_COLUMNS), *target = pl_kpi_target_words(subject),
                    *words = g_strconcat("Target: ", target, NULL);
    pl_chart_draft_titles(draft, title, subtitle);
    pl_chart_set_count(draft->variables, "rows", add_rows(draft, &g, &range));
    pl_chart_set_number(draft->variables, "x_least", pl_kpi_shown(subject->amount, range.least));
    pl_chart_set_number(draft->variables, "x_most", pl_kpi_shown(subject->amount, range.most));
    pl_chart_set_number(draft->variables, "target", pl_kpi_shown(subject->amount, g.target));
    pl_chart_set_text(draft->variables, "target_text", words);
    pl_chart_set_text(draft->variables, "x_label", label);
    pl_chart_set_count(draft->variables, "per_cent", pl_kpi_per_cent(subject->amount));
    pl_chart_set_count(draft->variables, "bars", bars);
    draft->alt = alt_of(&g, draft->title);
    return TRUE;
}

gboolean pl_chart_groups(const PlSection *section, PlChartDraft *draft) {
    const PlFinding *headline = pl_section_headline(section);
    return headline != NULL && fill(section, &(const Which){headline, NULL, FALSE}, TRUE, draft);
}

gboolean pl_chart_groups_of(const PlSection *section, const char *measure, const char *role, gboolean sorted,
                            PlChartDraft *draft) {
    for (guint i = 0; i < section->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(section->findings, i);
        gboolean begins = g_str_has_suffix(measure, "_") && g_str_has_prefix(f->measure, measure);
        const Which which = {f, role, role != NULL};
        if ((begins || strcmp(f->measure, measure) == 0) && may_be_row(f, &which))
            return fill(section, &which, sorted, draft);
    }
    return FALSE;
}
