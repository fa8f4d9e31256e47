/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/kpi_metrics.h"

#include <stdio.h>
#include <string.h>

#define DIFFERENCE "it is a change already; the effect on \"volume\" is the growth that the treatment made"

/* clang-format off */
static const PlKpiMetric metrics[] = {
    {"sales_volume", "volume", "Sales volume", NULL, FALSE, {"revenue", NULL}, 0, {0}, NULL},
    {"sales_volume", "online_share", "Share of online sales", NULL, TRUE, {NULL}, 1, {PL_TABLE_SALES}, NULL},
    {"sales_volume", "growth", NULL, NULL, FALSE, {NULL}, 0, {0}, DIFFERENCE},
    {"sales_volume", "growth_year", NULL, NULL, FALSE, {NULL}, 0, {0}, DIFFERENCE},
    {"sales_volume", "like_for_like", NULL, NULL, FALSE, {NULL}, 0, {0}, DIFFERENCE},
    {"sales_volume", "growth_last_year", NULL, NULL, FALSE, {NULL}, 0, {0}, DIFFERENCE},
    {"sales_volume", "like_for_like_last_year", NULL, NULL, FALSE, {NULL}, 0, {0}, DIFFERENCE},
    {"competitive_price", "average_price", "Average price", NULL, FALSE, {"revenue", "units"}, 0, {0}, NULL},
    {"competitive_price", "price_index", "Price index", NULL, FALSE, {NULL}, 2, {PL_TABLE_SALES, PL_TABLE_COMPETITOR_PRICES}, NULL},
    {"competitive_price", "price_gap", "Price gap", NULL, FALSE, {NULL}, 2, {PL_TABLE_SALES, PL_TABLE_COMPETITOR_PRICES}, NULL},
    {"engagement", "interactions_per_customer", "Interactions per customer and day", NULL, FALSE, {NULL}, 1, {PL_TABLE_INTERACTIONS}, NULL},
    {"engagement", "gap_days", "Gap between interactions", "days", FALSE, {NULL}, 1, {PL_TABLE_INTERACTIONS}, NULL},
    {"engagement", "solved_share", "Share of interactions that solved a problem", NULL, TRUE, {NULL}, 1, {PL_TABLE_INTERACTIONS}, NULL},
    {"engagement", "overdue_share", NULL, NULL, TRUE, {NULL}, 0, {0}, "it is the state of one day; \"gap_days\" is what a period did"},
    {"satisfaction", "mean_score", "Mean score", "points", FALSE, {NULL}, 1, {PL_TABLE_SURVEY}, NULL},
    {"satisfaction", "top_two_share", "Share of the top two scores", NULL, TRUE, {NULL}, 1, {PL_TABLE_SURVEY}, NULL},
    {"satisfaction", "response_rate", "Response rate", NULL, TRUE, {NULL}, 1, {PL_TABLE_SURVEY}, NULL},
    {"upsell", "upsell_rate", "Up-selling rate", NULL, TRUE, {NULL}, 1, {PL_TABLE_ORDER_LINES}, NULL},
    {"upsell", "cross_sell_rate", "Cross-selling rate", NULL, TRUE, {NULL}, 1, {PL_TABLE_ORDER_LINES}, NULL},
    {"upsell", "upsell_value_share", "Share of value that was up- or cross-sold", NULL, TRUE, {NULL}, 1, {PL_TABLE_ORDER_LINES}, NULL},
    {"upsell", "attach_rate", "Share of orders with several products", NULL, TRUE, {NULL}, 1, {PL_TABLE_ORDER_LINES}, NULL},
    {"sales_cycle", "mean_days", "Length of the sales cycle", "days", FALSE, {NULL}, 1, {PL_TABLE_OPPORTUNITIES}, NULL},
    {"sales_cycle", "win_rate", "Win rate", NULL, TRUE, {NULL}, 1, {PL_TABLE_OPPORTUNITIES}, NULL},
    {"sales_cycle", "median_days", NULL, NULL, FALSE, {NULL}, 0, {0}, "medians of days do not add up to that of a period; take \"mean_days\""},
    {"sales_cycle", "churn", "Share of purchases whose customer was lost", NULL, TRUE, {NULL}, 2, {PL_TABLE_OPPORTUNITIES, PL_TABLE_CUSTOMERS}, NULL},
};
/* clang-format on */

int pl_kpi_metric_months(const char *text) {
    int months, end = -1;
    if (g_str_has_prefix(text, "sales_cycle."))
        text += strlen("sales_cycle.");
    if (sscanf(text, "churn_%3d_months%n", &months, &end) != 1 || end < 0 || text[end] != '\0')
        return 0;
    return MAX(months, 0);
}

const PlKpiMetric *pl_kpi_metric_find(const char *text) {
    gboolean churn = pl_kpi_metric_months(text) > 0;
    for (gsize i = 0; i < G_N_ELEMENTS(metrics); i++) {
        const PlKpiMetric *m = &metrics[i];
        gsize n = strlen(m->kpi);
        gboolean full = strncmp(text, m->kpi, n) == 0 && text[n] == '.';
        if (strcmp(full ? text + n + 1 : text, m->measure) == 0 ||
            (churn && strcmp(m->measure, "churn") == 0))
            return m;
    }
    return NULL;
}

const char **pl_kpi_metric_names(void) {
    const char **names = g_new0(const char *, G_N_ELEMENTS(metrics) + 1);
    guint n = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(metrics); i++)
        if (metrics[i].instead == NULL)
            names[n++] = metrics[i].measure;
    return names;
}

gboolean pl_metric_of_rows(const PlMetric *metric) {
    return metric->of_kpi != NULL && metric->of_kpi->n_tables > 0;
}

gboolean pl_definition_has_kpi_metrics(const PlDefinition *def) {
    for (guint i = 0; i < def->metrics->len; i++) {
        const PlMetric *metric = g_ptr_array_index(def->metrics, i);
        if (pl_metric_of_rows(metric))
            return TRUE;
    }
    return FALSE;
}

const PlTable *pl_definition_outcomes(const PlDefinition *def) {
    const PlTable *table = pl_definition_table(def, PL_TABLE_SALES);
    for (guint i = 0; table == NULL && i < def->metrics->len; i++) {
        const PlMetric *metric = g_ptr_array_index(def->metrics, i);
        if (pl_metric_of_rows(metric))
            table = pl_definition_table(def, metric->of_kpi->tables[0]);
    }
    return table;
}

const PlTable *pl_metric_table(const PlDefinition *def, const PlMetric *metric) {
    return pl_metric_of_rows(metric) ? pl_definition_table(def, metric->of_kpi->tables[0])
                                     : pl_definition_outcomes(def);
}
