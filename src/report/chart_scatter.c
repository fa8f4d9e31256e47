/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"
#include "pairlift/report/chart_range.h"
#include "pairlift/report/chart_text.h"
#include "pairlift/report/kpi_charts.h"

enum { NAME_COLUMNS = 22, LABEL_COLUMNS = 60, ALT_MOST = 40 };

/* Of names at dots, as shares of the picture: a letter's width, a line's height, the distance to the dot. */
#define LETTER   0.0115
#define HEIGHT   0.042
#define DISTANCE 0.014

/* Room between the outermost dots and the edges, for dots and names. */
#define MARGIN 0.06

typedef struct {
    double left, right, bottom, top;
} Box;

static double share_of(const PlChartRange *range, double value) {
    double room = range->most - range->least;
    return room > 0 ? MARGIN + (1 - 2 * MARGIN) * (value - range->least) / room : 0.5;
}

static gboolean is_drawn(const PlCurve *c, guint i) {
    return isfinite(c->x[i]) && isfinite(c->y[i]);
}

static gboolean overlap(const Box *a, const Box *b) {
    return a->left < b->right && b->left < a->right && a->bottom < b->top && b->bottom < a->top;
}

static gboolean is_free(const GArray *taken, const Box *box) {
    if (box->left < 0 || box->right > 1 || box->bottom < 0 || box->top > 1)
        return FALSE;
    for (guint i = 0; i < taken->len; i++)
        if (overlap(box, &g_array_index(taken, Box, i)))
            return FALSE;
    return TRUE;
}

/* Where names stand: right of the dot, left, above, below; a name for which there is no room is left out. */
typedef enum { NOWHERE, RIGHT, LEFT, ABOVE, BELOW } Side;

static Box box_at(double x, double y, double width, Side side) {
    double left = side == RIGHT ? x + DISTANCE : side == LEFT ? x - DISTANCE - width : x - width / 2;
    double bottom = side == ABOVE ? y + HEIGHT / 2 : side == BELOW ? y - 1.5 * HEIGHT : y - HEIGHT / 2;
    return (Box){left, left + width, bottom, bottom + HEIGHT};
}

static int by_size(gconstpointer a, gconstpointer b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_of(const PlCurve *c, const double *values) {
    g_autoptr(GArray) sorted = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < c->n; i++)
        if (is_drawn(c, i))
            g_array_append_val(sorted, values[i]);
    g_array_sort(sorted, by_size);
    guint half = sorted->len / 2;
    double upper = g_array_index(sorted, double, half);
    return sorted->len % 2 ? upper : (upper + g_array_index(sorted, double, half - 1)) / 2;
}

typedef struct {
    guint place;
    double far;
} Outlier;

static int by_far(gconstpointer a, gconstpointer b) {
    const Outlier *x = a, *y = b;
    if (x->far != y->far)
        return x->far > y->far ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

/* The points from the outermost in: their names matter most. */
static GArray *outermost_first(const PlCurve *c, const PlChartRange *xs, const PlChartRange *ys) {
    GArray *order = g_array_new(FALSE, FALSE, sizeof(Outlier));
    double x = share_of(xs, median_of(c, c->x)), y = share_of(ys, median_of(c, c->y));
    for (guint i = 0; i < c->n; i++) {
        Outlier o = {i, hypot(share_of(xs, c->x[i]) - x, share_of(ys, c->y[i]) - y)};
        if (is_drawn(c, i))
            g_array_append_val(order, o);
    }
    g_array_sort(order, by_far);
    return order;
}

static Side *sides_of(const PlCurve *c, const PlChartRange *xs, const PlChartRange *ys) {
    Side *sides = g_new0(Side, c->n + 1);
    g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(Box));
    for (guint i = 0; i < c->n; i++) {
        double x = share_of(xs, c->x[i]), y = share_of(ys, c->y[i]);
        Box dot = {x - DISTANCE / 2, x + DISTANCE / 2, y - HEIGHT / 4, y + HEIGHT / 4};
        if (is_drawn(c, i))
            g_array_append_val(taken, dot);
    }
    g_autoptr(GArray) order = outermost_first(c, xs, ys);
    for (guint k = 0; k < order->len; k++) {
        guint i = g_array_index(order, Outlier, k).place;
        g_autofree char *name = pl_chart_label(c->x_names != NULL ? c->x_names[i] : "", NAME_COLUMNS);
        for (Side side = RIGHT; *name != '\0' && side <= BELOW; side++) {
            Box box =
                box_at(share_of(xs, c->x[i]), share_of(ys, c->y[i]), LETTER * pl_chart_columns(name), side);
            if (!is_free(taken, &box))
                continue;
            g_array_append_val(taken, box);
            sides[i] = side;
            break;
        }
    }
    return sides;
}

static char *alt_of(const PlCurve *c, const char *title) {
    GString *s = g_string_new("Dots with names. ");
    g_string_append_printf(s, "%s.", title);
    for (guint i = 0; i < MIN(c->n, ALT_MOST); i++) {
        g_autofree char *x = pl_format_amount(c->x[i], NAN, c->x_amount, NULL),
                        *y = pl_format_amount(c->y[i], (c->high[i] - c->low[i]) / 2, c->y_amount, NULL);
        if (is_drawn(c, i) && c->x_names != NULL)
            g_string_append_printf(s, " %s: %s and %s.", c->x_names[i], x, y);
    }
    return g_string_free(s, FALSE);
}

/* What plots/scatter.gp shows upright, as it is shown: intervals that reach further end in arrows. */
static PlChartRange shown_of(const PlChartRange *ys, PlAmount amount) {
    double least = pl_kpi_shown(amount, ys->least), most = pl_kpi_shown(amount, ys->most),
           room = most > least ? most - least : MAX(fabs(most), 1), pad = MARGIN / (1 - 2 * MARGIN) * room;
    return (PlChartRange){least - pad, most + pad};
}

static void add_points(PlChartDraft *draft, const PlCurve *c, const Side *sides, const PlChartRange *ys) {
    PlChartRange shown = shown_of(ys, c->y_amount);
    g_string_append(draft->data, "x\ty\tlow\thigh\tside\tname\topen_low\topen_high\n");
    for (guint i = 0; i < c->n; i++) {
        if (!is_drawn(c, i))
            continue;
        gboolean interval = isfinite(c->low[i]) && isfinite(c->high[i]);
        double low = pl_kpi_shown(c->y_amount, c->low[i]), high = pl_kpi_shown(c->y_amount, c->high[i]);
        const double numbers[] = {pl_kpi_shown(c->x_amount, c->x[i]), pl_kpi_shown(c->y_amount, c->y[i]),
                                  interval ? MAX(low, shown.least) : NAN,
                                  interval ? MIN(high, shown.most) : NAN, sides[i]};
        g_autofree char *name = pl_chart_label(c->x_names != NULL ? c->x_names[i] : "", NAME_COLUMNS);
        for (gsize k = 0; k < G_N_ELEMENTS(numbers); k++)
            pl_chart_add_number(draft->data, numbers[k]);
        pl_chart_add_text(draft->data, name);
        pl_chart_add_number(draft->data, interval && low < shown.least);
        pl_chart_add_number(draft->data, interval && high > shown.most);
        g_string_append_c(draft->data, '\n');
    }
}

static void set_axis(PlChartDraft *draft, const char *axis, const PlChartRange *range, PlAmount amount,
                     double median) {
    const struct {
        const char *suffix;
        double value;
    } numbers[] = {{"_least", range->least}, {"_most", range->most}, {"_median", median}};
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autofree char *name = g_strconcat(axis, numbers[i].suffix, NULL);
        pl_chart_set_number(draft->variables, name, pl_kpi_shown(amount, numbers[i].value));
    }
    g_autofree char *name = g_strconcat(axis, "_per_cent", NULL);
    pl_chart_set_count(draft->variables, name, pl_kpi_per_cent(amount));
}

gboolean pl_chart_scatter(const PlSection *section, const char *name, PlChartDraft *draft) {
    const PlCurve *c = pl_section_curve(section, NULL, name);
    PlChartRange xs = {INFINITY, -INFINITY}, ys = xs;
    guint n = 0, unnamed = 0;
    for (guint i = 0; c != NULL && i < c->n; i++) {
        if (!is_drawn(c, i))
            continue;
        pl_chart_widen(&xs, c->x[i]);
        pl_chart_widen(&ys, c->y[i]);
        n++;
    }
    if (n < 2 || c->x_label == NULL || c->y_label == NULL)
        return FALSE;
    g_autofree Side *sides = sides_of(c, &xs, &ys);
    for (guint i = 0; i < c->n; i++)
        unnamed += is_drawn(c, i) && sides[i] == NOWHERE;
    g_autofree char *words =
        c->title != NULL ? g_strdup(c->title) : g_strdup_printf("%s against %s", c->y_label, c->x_label);
    g_autofree char *title = pl_kpi_begin(words);
    g_autofree char *more =
        unnamed > 0 ? g_strdup_printf("; %u without room for a name", unnamed) : g_strdup("");
    g_autofree char *subtitle = g_strdup_printf("%s; dashed: the middle of all%s", section->title, more);
    g_autofree char *x_label = pl_chart_label(c->x_label, LABEL_COLUMNS),
                    *y_label = pl_chart_label(c->y_label, LABEL_COLUMNS);
    pl_chart_draft_titles(draft, title, subtitle);
    pl_chart_set_text(draft->variables, "x_label", x_label);
    pl_chart_set_text(draft->variables, "y_label", y_label);
    pl_chart_set_number(draft->variables, "margin", MARGIN);
    set_axis(draft, "x", &xs, c->x_amount, median_of(c, c->x));
    set_axis(draft, "y", &ys, c->y_amount, median_of(c, c->y));
    add_points(draft, c, sides, &ys);
    draft->alt = alt_of(c, draft->title);
    return TRUE;
}
