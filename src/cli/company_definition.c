/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/company_texts.h"

static const char tables[] = "\ndata:\n"
                             "  - {table: sales, file: sales.csv, gaps: closed}\n"
                             "  - {table: stores, file: stores.csv}\n"
                             "  - {table: competitor_prices, file: competitor_prices.csv}\n"
                             "  - {table: interactions, file: interactions.csv}\n"
                             "  - {table: customers, file: customers.csv}\n"
                             "  - {table: survey, file: survey.csv}\n"
                             "  - {table: order_lines, file: order_lines.csv}\n"
                             "  - {table: opportunities, file: opportunities.csv}\n"
                             "\nmetrics:\n"
                             "  - {name: upsell_rate, kpi: upsell_rate}\n"
                             "  - {name: mean_days, kpi: mean_days}\n"
                             "  - {name: revenue, sum: revenue, label: Revenue, unit: EUR}\n"
                             "\n# a training of representatives, in one branch of each pair\n"
                             "periods:\n";

/* Targets near the truth of the company as a whole, so that some are met and some are not. */
static const char kpis[] = "treatments:\n"
                           "  - {name: training}\n"
                           "pairs_file: pairs.csv\n"
                           "\nkpis:\n"
                           "  as_of: 2024-12-31\n"
                           "  currency: EUR\n"
                           "  sales_volume: {by: [region], target: 0.03, measure: like_for_like_last_year}\n"
                           "  competitive_price: {target: 1.05, by: [competitor], period: quarter}\n"
                           "  engagement: {measure: gap_days, target: 90, by: [rep]}\n"
                           "  satisfaction: {target: 3.5, scale: [1, 5], energy: [energy], by: [team], "
                           "period: quarter}\n"
                           "  upsell: {target: 0.3, by: [rep, channel]}\n"
                           "  sales_cycle: {target: 60, by: [rep]}\n";

char *pl_company_definition(const PlCompany *company, const char *name) {
    const PlCompanyFacts *f = &pl_company_facts;
    const PlDay days[] = {f->before_from, f->before_to, f->training_from, f->training_to};
    char *iso[G_N_ELEMENTS(days)];
    for (guint i = 0; i < G_N_ELEMENTS(days); i++)
        iso[i] = pl_day_format(days[i], PL_TIME_DATE);
    char *text = g_strdup_printf("experiment: %s\n"
                                 "title: A simulated company with field sales\n"
                                 "notes: This company does not exist; pairlift simulate made it with seed "
                                 "%" G_GINT64_FORMAT ". What is true of it is in truth.json.\n"
                                 "randomised: true\n%s"
                                 "  before: {from: %s, to: %s}\n  during: {from: %s, to: %s}\n%s",
                                 name, company->options.seed, tables, iso[0], iso[1], iso[2], iso[3], kpis);
    for (guint i = 0; i < G_N_ELEMENTS(days); i++)
        g_free(iso[i]);
    return text;
}
