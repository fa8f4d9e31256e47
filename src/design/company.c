/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/design/company.h"

#include <math.h>

#include "pairlift/design/company_parts.h"
#include "pairlift/model/diagnostics.h"

#define LEAST_DEALS  200 /* a dozen a representative: fewer show nothing of what is built in */
#define DAYS_A_YEAR  365.25
#define STREAM_SHIFT 48

PlRng pl_company_stream(const PlCompany *company, PlCompanyStream kind, guint64 index) {
    return pl_rng_stream((guint64)company->options.seed, (guint64)kind << STREAM_SHIFT | index);
}

int pl_company_draw(PlRng *rng, const double *share, int n) {
    double u = pl_rng_uniform(rng);
    int i = 0;
    for (; i < n - 1 && u >= share[i]; i++)
        u -= share[i];
    return i;
}

double pl_company_exponential(PlRng *rng, double mean) {
    return -mean * log1p(-pl_rng_uniform(rng));
}

double pl_company_hazard(double gap_days, int branch, gboolean early) {
    const double away = log(gap_days / pl_company_facts.best_gap);
    return pl_company_facts.hazard * exp(pl_company_facts.bend * away * away) *
           (early ? pl_company_reps[branch].churn : 1);
}

double pl_company_lost_by(double gap_days, int branch, double days) {
    const double early = MIN(days, pl_company_facts.early_days);
    const double sum = early * pl_company_hazard(gap_days, branch, TRUE) +
                       (days - early) * pl_company_hazard(gap_days, branch, FALSE);
    return -expm1(-sum / DAYS_A_YEAR);
}

static gboolean check(const PlCompanyOptions *o, GError **error) {
    g_autoptr(PlDiagnostics) d = pl_diagnostics_new(0);
    if (o->deals < LEAST_DEALS || o->deals > PL_COMPANY_MOST_DEALS)
        pl_diagnostics_add(d, NULL, (PlPos){0, 0}, NULL, "--deals is %d: expected %d to %d", o->deals,
                           LEAST_DEALS, PL_COMPANY_MOST_DEALS);
    if (o->seed < 0)
        pl_diagnostics_add(d, NULL, (PlPos){0, 0}, NULL, "--seed: expected 0 or more");
    return pl_diagnostics_ok(d, PL_ERROR_USAGE, error);
}

PlCompany *pl_company_new(const PlCompanyOptions *options, GError **error) {
    if (!check(options, error))
        return NULL;
    PlCompany *c = g_new0(PlCompany, 1);
    c->options = *options;
    c->sales = g_array_new(FALSE, TRUE, sizeof(PlCompanySale));
    c->prices = g_array_new(FALSE, TRUE, sizeof(PlCompanyPrice));
    c->deals = g_array_new(FALSE, TRUE, sizeof(PlCompanyDeal));
    c->customers = g_array_new(FALSE, TRUE, sizeof(PlCompanyCustomer));
    c->contacts = g_array_new(FALSE, TRUE, sizeof(PlCompanyContact));
    c->orders = g_array_new(FALSE, TRUE, sizeof(PlCompanyOrder));
    c->lines = g_array_new(FALSE, TRUE, sizeof(PlCompanyLine));
    c->answers = g_array_new(FALSE, TRUE, sizeof(PlCompanyAnswer));
    for (guint pair = 0; pair < PL_COMPANY_PAIRS; pair++) {
        PlRng rng = pl_company_stream(c, PL_STREAM_TRAINING, pair);
        c->trained[2 * pair + (pl_rng_uniform(&rng) < 0.5)] = TRUE;
    }
    pl_company_make_sales(c);
    pl_company_make_deals(c);
    pl_company_make_contacts(c);
    pl_company_make_orders(c);
    pl_company_make_answers(c);
    return c;
}

void pl_company_free(PlCompany *company) {
    if (!company)
        return;
    GArray *const arrays[] = {company->sales,    company->prices, company->deals, company->customers,
                              company->contacts, company->orders, company->lines, company->answers};
    for (guint i = 0; i < G_N_ELEMENTS(arrays); i++)
        g_array_unref(arrays[i]);
    g_free(company);
}
