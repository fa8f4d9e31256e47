/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"
#include "pairlift/report/chart_spread.h"
#include "pairlift/report/chart_text.h"
#include "pairlift/report/kpi_charts.h"

/* More lines than these are not told apart; of more than two, only that of all has its band. */
enum {
    LINES_MOST = 9,
    BANDS_MOST = 2,
    NAME_COLUMNS = 26,
    TIC_COLUMNS = 18,
    LABEL_COLUMNS = 60,
    AXIS_COLUMNS = 66
};

/* The room of a line's name, as a share of the height. */
#define NAME_HEIGHT 0.06

/* A band that reaches further beyond the lines than their range is cut. */
#define WIDEST 1.0

typedef struct {
    const PlCurve *curve[LINES_MOST];
    guint n, left_out, not_drawn;
    double x_least, x_most, y_least, y_most;
} Lines;

/* The line of all comes last, to lie above the others. */
static void collect(const PlSection *s, const char *name, Lines *lines) {
    const PlCurve *all = NULL;
    *lines = (Lines){.x_least = INFINITY, .x_most = -INFINITY, .y_least = INFINITY, .y_most = -INFINITY};
    for (guint i = 0; i < s->curves->len; i++) {
        const PlCurve *c = g_ptr_array_index(s->curves, i);
        if (g_strcmp0(c->name, name) != 0)
            continue;
        lines->not_drawn += c->not_drawn;
        gboolean drawn = FALSE;
        for (guint k = 0; k < c->n && !drawn; k++)
            drawn = isfinite(c->x[k]) && isfinite(c->y[k]);
        if (drawn && c->group == NULL && all == NULL)
            all = c;
        else if (drawn && lines->n < LINES_MOST - 1)
            lines->curve[lines->n++] = c;
        else
            lines->left_out += drawn;
    }
    if (all != NULL)
        lines->curve[lines->n++] = all;
}

static gboolean has_band(const Lines *lines, const PlCurve *c) {
    return lines->n <= BANDS_MOST || c->group == NULL;
}

static void widen(double value, double *least, double *most) {
    if (!isfinite(value))
        return;
    *least = MIN(*least, value);
    *most = MAX(*most, value);
}

static gboolean is_calibration(const PlCurve *c) {
    return strstr(c->name, "calibration") != NULL;
}

static void set_range(Lines *lines) {
    double least, most;
    for (guint i = 0; i < lines->n; i++) {
        const PlCurve *c = lines->curve[i];
        for (guint k = 0; k < c->n; k++) {
            if (!isfinite(c->y[k]))
                continue;
            widen(pl_kpi_shown(c->x_amount, c->x[k]), &lines->x_least, &lines->x_most);
            widen(pl_kpi_shown(c->y_amount, c->y[k]), &lines->y_least, &lines->y_most);
        }
        widen(pl_kpi_shown(c->y_amount, c->target), &lines->y_least, &lines->y_most);
    }
    const PlCurve *first = lines->curve[0];
    double room = MAX(lines->y_most - lines->y_least, 1e-9);
    least = lines->y_least;
    most = lines->y_most;
    for (guint i = 0; i < lines->n; i++) {
        const PlCurve *c = lines->curve[i];
        for (guint k = 0; k < c->n && has_band(lines, c); k++) {
            widen(pl_kpi_shown(c->y_amount, c->low[k]), &least, &most);
            widen(pl_kpi_shown(c->y_amount, c->high[k]), &least, &most);
        }
    }
    lines->y_least = MAX(least, lines->y_least - WIDEST * room);
    lines->y_most = MIN(most, lines->y_most + WIDEST * room);
    if (first->steps && pl_kpi_per_cent(first->y_amount)) { /* shares of all, from none to all */
        lines->y_least = 0;
        lines->y_most = 100;
    }
    if (is_calibration(first)) {
        lines->x_least = lines->y_least = MIN(lines->x_least, lines->y_least);
        lines->x_most = lines->y_most = MAX(lines->x_most, lines->y_most);
    }
}

static void add_point(PlChartDraft *draft, guint line, double x, double y, double low, double high) {
    const double numbers[] = {line, x, y, low, high};
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
        pl_chart_add_number(draft->data, numbers[i]);
    g_string_append_c(draft->data, '\n');
}

static double limit(const Lines *lines, const PlCurve *c, double value) {
    return CLAMP(pl_kpi_shown(c->y_amount, value), lines->y_least, lines->y_most);
}

/* A step is a point more: the last value at the next place. */
static void add_line(PlChartDraft *draft, const Lines *lines, guint i) {
    const PlCurve *c = lines->curve[i];
    double y = NAN, low = NAN, high = NAN;
    for (guint k = 0; k < c->n; k++) {
        double x = pl_kpi_shown(c->x_amount, c->x[k]);
        if (c->steps && isfinite(y) && isfinite(c->y[k]))
            add_point(draft, i + 1, x, y, low, high);
        gboolean band = has_band(lines, c) && isfinite(c->low[k]) && isfinite(c->high[k]);
        y = pl_kpi_shown(c->y_amount, c->y[k]);
        low = band ? limit(lines, c, c->low[k]) : NAN;
        high = band ? limit(lines, c, c->high[k]) : NAN;
        add_point(draft, i + 1, x, y, low, high);
    }
}

static double end_of(const PlCurve *c) {
    for (guint k = c->n; k-- > 0;)
        if (isfinite(c->y[k]))
            return pl_kpi_shown(c->y_amount, c->y[k]);
    return NAN;
}

static char *name_of(const PlCurve *c) {
    return pl_chart_label(c->group != NULL ? c->group : "All", NAME_COLUMNS);
}

/* Names at the ends of the lines, with room between them. */
static void set_names(PlChartDraft *draft, const Lines *lines) {
    guint widest = 0;
    double at[LINES_MOST], room = MAX(lines->y_most - lines->y_least, 1e-9);
    for (guint i = 0; i < lines->n; i++)
        at[i] = (end_of(lines->curve[i]) - lines->y_least) / room;
    pl_chart_spread(at, lines->n, NAME_HEIGHT);
    for (guint i = 0; i < lines->n; i++) {
        char variable[24];
        g_autofree char *name =
            lines->n == 1 && lines->curve[i]->group == NULL ? g_strdup("") : name_of(lines->curve[i]);
        g_snprintf(variable, sizeof variable, "name_%u", i + 1);
        pl_chart_set_text(draft->variables, variable, name);
        widest = MAX(widest, pl_chart_columns(name));
        g_snprintf(variable, sizeof variable, "name_at_%u", i + 1);
        pl_chart_set_number(draft->variables, variable, at[i]);
        g_snprintf(variable, sizeof variable, "is_all_%u", i + 1);
        pl_chart_set_count(draft->variables, variable, lines->curve[i]->group == NULL);
    }
    pl_chart_set_count(draft->variables, "name_columns", widest);
}

/* What the points are called, as many of them as there is room for; the axis of numbers needs none. */
static void set_tics(PlChartDraft *draft, const PlCurve *c) {
    guint n = 0, widest = 10; /* of a day */
    for (guint k = 0; c->x_names != NULL && k < c->n; k++)
        widest = MAX(k == 0 ? 1 : widest, MIN(pl_chart_columns(c->x_names[k]), TIC_COLUMNS));
    guint most = MAX(AXIS_COLUMNS / (widest + 2), 2), every = (c->n + most - 1) / most;
    for (guint k = 0; k < c->n && (c->x_names != NULL || c->x_is_time); k += MAX(every, 1)) {
        char variable[24];
        g_autofree char *day = c->x_is_time ? pl_day_format((PlDay)c->x[k], PL_TIME_DATE) : NULL;
        g_autofree char *name = pl_chart_label(day != NULL ? day : c->x_names[k], TIC_COLUMNS);
        g_snprintf(variable, sizeof variable, "tic_%u", ++n);
        pl_chart_set_text(draft->variables, variable, name);
        g_snprintf(variable, sizeof variable, "tic_at_%u", n);
        pl_chart_set_number(draft->variables, variable, pl_kpi_shown(c->x_amount, c->x[k]));
    }
    pl_chart_set_count(draft->variables, "tics", n);
}

/* Where a share first passes one half; NaN: nowhere. */
static double half_of(const PlCurve *c) {
    for (guint k = 1; k < c->n; k++)
        if (isfinite(c->y[k]) && isfinite(c->y[k - 1]) && (c->y[k] > 0.5) != (c->y[k - 1] > 0.5))
            return c->x[k];
    return NAN;
}

static char *x_text(const PlCurve *c, guint k) {
    if (c->x_names != NULL)
        return pl_chart_label(c->x_names[k], NAME_COLUMNS);
    if (c->x_is_time)
        return pl_day_format((PlDay)c->x[k], PL_TIME_DATE);
    return pl_format_amount(c->x[k], NAN, c->x_amount, NULL);
}

/* "Share still open passes 50 % at 51 days since opening", or where the line ends. */
static char *number_at(const PlCurve *c, double shown) {
    return pl_format_size(shown, NAN, PL_EFFECT_ABSOLUTE, pl_kpi_per_cent(c->y_amount) ? "%" : NULL);
}

static guint last_of(const PlCurve *c) {
    guint last = 0;
    for (guint k = 0; k < c->n; k++)
        last = isfinite(c->y[k]) ? k : last;
    return last;
}

/* "Sales volume by month: South ends at 77,600, North at 55,400": the highest and the lowest at the end. */
static char *title_of_many(const Lines *lines) {
    const PlCurve *top = NULL, *low = NULL;
    for (guint i = 0; i < lines->n; i++) {
        const PlCurve *c = lines->curve[i];
        if (c->group == NULL)
            continue;
        top = top == NULL || end_of(c) > end_of(top) ? c : top;
        low = low == NULL || end_of(c) < end_of(low) ? c : low;
    }
    g_autofree char *top_name = name_of(top), *low_name = name_of(low),
                    *top_end = number_at(top, end_of(top)), *low_end = number_at(low, end_of(low));
    return g_strdup_printf("%s by %s: %s ends at %s, %s at %s", top->y_label, top->x_label, top_name, top_end,
                           low_name, low_end);
}

static char *title_of_steps(const Lines *lines) {
    const PlCurve *c = lines->curve[lines->n - 1];
    double half = half_of(c), end = end_of(c);
    const char *of = c->group != NULL ? c->group : NULL;
    if (c->group != NULL && lines->n > 1)
        return title_of_many(lines);
    g_autofree char *at = pl_format_amount(half, NAN, c->x_amount, NULL),
                    *last = pl_format_size(end, NAN, PL_EFFECT_ABSOLUTE,
                                           pl_kpi_per_cent(c->y_amount) ? "%" : NULL),
                    *x = x_text(c, last_of(c)), *name = pl_chart_label(of, NAME_COLUMNS);
    if (isfinite(half) && pl_kpi_per_cent(c->y_amount))
        return g_strdup_printf("%s%s%s passes 50 %% at %s %s", c->y_label, of ? ", " : "", name, at,
                               c->x_label);
    return g_strdup_printf("%s%s%s: %s at %s %s", c->y_label, of ? ", " : "", name, last, x, c->x_label);
}

/* Where a line is highest, when its band sets that apart from where it is lowest. */
static char *title_of_line(const PlCurve *c) {
    guint top = G_MAXUINT, low = G_MAXUINT;
    for (guint k = 0; k < c->n; k++) {
        if (!isfinite(c->y[k]))
            continue;
        top = top == G_MAXUINT || c->y[k] > c->y[top] ? k : top;
        low = low == G_MAXUINT || c->y[k] < c->y[low] ? k : low;
    }
    if (isfinite(c->low[top]) && isfinite(c->high[low]) && c->low[top] <= c->high[low])
        return g_strdup_printf("%s by %s: no clear difference", c->y_label, c->x_label);
    g_autofree char *x = x_text(c, top),
                    *y = pl_format_amount(c->y[top], (c->high[top] - c->low[top]) / 2, c->y_amount, NULL);
    return g_strdup_printf("%s is highest (%s) at %s: %s", c->y_label, y, c->x_label, x);
}

static char *title_of_calibration(const Lines *lines) {
    const PlCurve *c = NULL;
    guint within = 0, n = 0;
    for (guint i = 0; i < lines->n; i++) {
        c = lines->curve[i];
        for (guint k = 0; k < c->n; k++) {
            gboolean known = isfinite(c->low[k]) && isfinite(c->high[k]);
            n += known;
            within += known && c->x[k] >= c->low[k] && c->x[k] <= c->high[k];
        }
    }
    if (n == 0)
        return g_strdup_printf("%s against %s", c->y_label, c->x_label);
    return g_strdup_printf("What was predicted is within the interval of what happened in %u of %u groups",
                           within, n);
}

static char *title_of(const Lines *lines) {
    for (guint i = lines->n; i-- > 0;)
        if (lines->curve[i]->title != NULL)
            return g_strdup(lines->curve[i]->title);
    const PlCurve *c = lines->curve[lines->n - 1];
    if (is_calibration(c))
        return title_of_calibration(lines);
    if (c->steps)
        return title_of_steps(lines);
    return lines->n == 1 ? title_of_line(c) : title_of_many(lines);
}

static char *subtitle_of(const PlSection *s, const Lines *lines) {
    GString *text = g_string_new(s->title);
    gboolean band = FALSE;
    for (guint i = 0; i < lines->n; i++)
        for (guint k = 0; k < lines->curve[i]->n; k++)
            band = band || (has_band(lines, lines->curve[i]) && isfinite(lines->curve[i]->low[k]));
    g_string_append(text, band ? "; band: intervals" : "");
    g_string_append(text, is_calibration(lines->curve[0]) ? "; dashed: predicted and happened agree" : "");
    if (lines->left_out > 0)
        g_string_append_printf(text, "; %u more in result.json", lines->left_out);
    if (lines->not_drawn > 0)
        g_string_append_printf(text, "; %u more are not drawn (they are smaller, or stand out less)",
                               lines->not_drawn);
    return g_string_free(text, FALSE);
}

static char *alt_of(const Lines *lines, const char *title) {
    GString *s = g_string_new("Line chart. ");
    g_string_append_printf(s, "%s.", title);
    for (guint i = 0; i < lines->n; i++) {
        const PlCurve *c = lines->curve[i];
        g_autofree char *end =
            pl_format_size(end_of(c), NAN, PL_EFFECT_ABSOLUTE, pl_kpi_per_cent(c->y_amount) ? "%" : NULL);
        g_string_append_printf(s, " %s ends at %s.", c->group != NULL ? c->group : "All", end);
    }
    return g_string_free(s, FALSE);
}

gboolean pl_chart_curves(const PlSection *section, const char *name, PlChartDraft *draft) {
    Lines lines;
    collect(section, name, &lines);
    if (lines.n == 0 || lines.curve[0]->x_label == NULL || lines.curve[0]->y_label == NULL)
        return FALSE;
    const PlCurve *c = lines.curve[0];
    set_range(&lines);
    g_autofree char *words = title_of(&lines), *title = pl_kpi_begin(words),
                    *subtitle = subtitle_of(section, &lines),
                    *x_label = pl_chart_label(c->x_label, LABEL_COLUMNS),
                    *y_label = pl_chart_label(c->y_label, LABEL_COLUMNS);
    pl_chart_draft_titles(draft, title, subtitle);
    pl_chart_set_text(draft->variables, "x_label", x_label);
    pl_chart_set_text(draft->variables, "y_label", y_label);
    pl_chart_set_number(draft->variables, "x_least", lines.x_least);
    pl_chart_set_number(draft->variables, "x_most", lines.x_most);
    pl_chart_set_number(draft->variables, "y_least", lines.y_least);
    pl_chart_set_number(draft->variables, "y_most", lines.y_most);
    pl_chart_set_number(draft->variables, "target", pl_kpi_shown(c->y_amount, c->target));
    pl_chart_set_count(draft->variables, "x_per_cent", pl_kpi_per_cent(c->x_amount));
    pl_chart_set_count(draft->variables, "y_per_cent", pl_kpi_per_cent(c->y_amount));
    pl_chart_set_count(draft->variables, "lines", lines.n);
    pl_chart_set_count(draft->variables, "steps", c->steps);
    pl_chart_set_count(draft->variables, "diagonal", is_calibration(c));
    set_names(draft, &lines);
    set_tics(draft, c);
    g_string_append(draft->data, "line\tx\ty\tlow\thigh\n");
    for (guint i = 0; i < lines.n; i++)
        add_line(draft, &lines, i);
    draft->alt = alt_of(&lines, draft->title);
    return TRUE;
}
