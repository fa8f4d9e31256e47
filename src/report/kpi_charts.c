/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/kpi_charts.h"

#include <math.h>
#include <string.h>

#include "pairlift/report/kpi_words.h"

gboolean pl_kpi_per_cent(PlAmount amount) {
    return amount == PL_AMOUNT_LIFT || amount == PL_AMOUNT_SHARE || amount == PL_AMOUNT_CHANCE;
}

double pl_kpi_shown(PlAmount amount, double value) {
    return pl_kpi_per_cent(amount) ? 100 * value : value;
}

char *pl_kpi_begin(const char *title) {
    g_autofree char *valid = g_utf8_make_valid(title, -1);
    GString *s = g_string_new(NULL);
    g_string_append_unichar(s, g_unichar_toupper(g_utf8_get_char(valid)));
    g_string_append(s, *valid != '\0' ? g_utf8_next_char(valid) : "");
    return g_string_free(s, FALSE);
}

char *pl_kpi_axis(const char *label, const char *unit) {
    if (unit == NULL || *unit == '\0')
        return g_strdup(label);
    g_autofree char *in = g_utf8_casefold(label, -1), *word = g_utf8_casefold(unit, -1);
    return strstr(in, word) != NULL ? g_strdup(label) : g_strconcat(label, ", ", unit, NULL);
}

static void chart_free(gpointer data) {
    PlKpiChart *chart = data;
    g_free(chart->name);
    g_free(chart->section);
    pl_chart_draft_clear(&chart->draft);
    g_free(chart);
}

static PlKpiChart *chart_new(char *name, const char *template, const char *section) {
    PlKpiChart *chart = g_new0(PlKpiChart, 1);
    chart->name = name;
    chart->template = template;
    chart->section = g_strdup(section);
    pl_chart_draft_init(&chart->draft);
    return chart;
}

/* Takes the chart when it was filled. */
static void keep(GPtrArray *charts, PlKpiChart *chart, gboolean filled) {
    if (filled)
        g_ptr_array_add(charts, chart);
    else
        chart_free(chart);
}

typedef gboolean (*Fill)(const PlSection *section, const char *name, PlChartDraft *draft);

/* Curves that are drawn in a way of their own; all others are lines. */
static const struct {
    const char *curve, *template;
    Fill fill;
} drawn_as[] = {{"cycle_vs_churn", "scatter", pl_chart_scatter},
                {"pair_lift", "groups", pl_chart_dots},
                {"satisfaction_drivers", "groups", pl_chart_dots},
                {"satisfaction_distribution", "columns", pl_chart_columns_of}};

/* Measures of groups that have a chart beside that of the target's measure. */
static const struct {
    const char *name, *measure, *role;
    gboolean sorted;
} more_groups[] = {{"stores", "volume", "store", TRUE},
                   {"per_store", "volume_per_store", NULL, TRUE},
                   {"products", "price_index", "product", TRUE},
                   {"matching", "match_revenue_change", NULL, TRUE},
                   {"retention", "retention_", NULL, FALSE}};

static void add_curve(GPtrArray *charts, const PlSection *s, const char *name) {
    const char *template = "curves";
    Fill fill = pl_chart_curves;
    for (gsize i = 0; i < G_N_ELEMENTS(drawn_as); i++) {
        if (strcmp(drawn_as[i].curve, name) != 0)
            continue;
        template = drawn_as[i].template;
        fill = drawn_as[i].fill;
    }
    /* two sections may have curves of one name */
    g_autoptr(GString) file = g_string_new(name);
    for (guint i = 0; i < charts->len; i++)
        if (strcmp(((const PlKpiChart *)g_ptr_array_index(charts, i))->name, name) == 0)
            g_string_printf(file, "%s-%s", name, s->id);
    PlKpiChart *chart = chart_new(g_strdup(file->str), template, s->id);
    keep(charts, chart, fill(s, name, &chart->draft));
}

/* Every name of a curve once. */
static void add_curves(GPtrArray *charts, const PlSection *s) {
    g_autoptr(GHashTable) done = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < s->curves->len; i++) {
        const PlCurve *c = g_ptr_array_index(s->curves, i);
        if (c->name == NULL || strcmp(c->name, "trend") == 0 || !g_hash_table_add(done, c->name))
            continue;
        add_curve(charts, s, c->name);
    }
}

static void add_section(GPtrArray *charts, const PlSection *s) {
    PlKpiChart *trend = chart_new(g_strconcat("trend-", s->id, NULL), "trend", s->id);
    keep(charts, trend, pl_chart_trend(s, &trend->draft));
    PlKpiChart *groups = chart_new(g_strconcat("groups-", s->id, NULL), "groups", s->id);
    keep(charts, groups, pl_chart_groups(s, &groups->draft));
    PlKpiChart *heat = chart_new(g_strconcat("product_index-", s->id, NULL), "heat", s->id);
    keep(charts, heat, pl_chart_heat(s, "product_index", &heat->draft));
    for (gsize i = 0; i < G_N_ELEMENTS(more_groups); i++) {
        PlKpiChart *more = chart_new(g_strconcat(more_groups[i].name, "-", s->id, NULL), "groups", s->id);
        keep(charts, more,
             pl_chart_groups_of(s, more_groups[i].measure, more_groups[i].role, more_groups[i].sorted,
                                &more->draft));
    }
    add_curves(charts, s);
}

GPtrArray *pl_kpi_charts(const PlResult *result) {
    GPtrArray *charts = g_ptr_array_new_with_free_func(chart_free);
    g_autoptr(GPtrArray) sections = pl_kpi_sections(result);
    if (sections->len == 0)
        return charts;
    PlKpiChart *scorecard = chart_new(g_strdup("scorecard"), "scorecard", "scorecard");
    keep(charts, scorecard, pl_chart_scorecard(result, &scorecard->draft));
    for (guint i = 0; i < sections->len; i++)
        add_section(charts, g_ptr_array_index(sections, i));
    return charts;
}
