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
                             "  - {name: revenue, sum: revenue, label: Revenue, unit: EUR}\n"
                             "  - {name: units, sum: units, label: Units sold}\n";

/* Targets near the truth of the company as a whole, so that some are met and some are not. */
static const char kpis[] = "\nkpis:\n"
                           "  as_of: 2024-12-31\n"
                           "  currency: EUR\n"
                           "  sales_volume: {by: [region], target: 0.03, measure: like_for_like}\n"
                           "  competitive_price: {target: 1.05, by: [competitor], period: quarter}\n"
                           "  engagement: {measure: gap_days, target: 90, by: [rep]}\n"
                           "  satisfaction: {target: 3.5, scale: [1, 5], energy: [energy], by: [team], "
                           "period: quarter}\n"
                           "  upsell: {target: 0.3, by: [rep, channel]}\n"
                           "  sales_cycle: {target: 60, by: [rep]}\n";

char *pl_company_definition(const PlCompany *company, const char *name) {
    return g_strdup_printf("experiment: %s\n"
                           "title: A simulated company with field sales\n"
                           "notes: This company does not exist; pairlift simulate made it with seed "
                           "%" G_GINT64_FORMAT ". What is true of it is in truth.json.\n%s%s",
                           name, company->options.seed, tables, kpis);
}
