/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/cli/company_texts.h"
#include "pairlift/cli/truth_json.h"

/* What happened in a trained branch while the training ran, and what would have happened without it. */
typedef struct {
    int orders;
    double up_without, up_with; /* expected orders with an item sold up */
    int closed_without, closed_with;
    double days_without, days_with; /* of the deals closed in that time, summed */
} Trained;

static void count_orders(const PlCompany *c, Trained *of) {
    for (guint i = 0; i < c->orders->len; i++) {
        const PlCompanyOrder *order = &g_array_index(c->orders, PlCompanyOrder, i);
        const int branch = g_array_index(c->customers, PlCompanyCustomer, order->customer).branch;
        if (order->date < pl_company_facts.training_from)
            continue;
        of[branch].orders++;
        of[branch].up_without += order->upsell_without;
        of[branch].up_with += order->upsell_with;
    }
}

static gboolean is_during(PlDay day) {
    return day >= pl_company_facts.training_from && day <= pl_company_facts.training_to;
}

static void count_deals(const PlCompany *c, Trained *of) {
    for (guint i = 0; i < c->deals->len; i++) {
        const PlCompanyDeal *deal = &g_array_index(c->deals, PlCompanyDeal, i);
        if (is_during(deal->closed_without)) {
            of[deal->branch].closed_without++;
            of[deal->branch].days_without += deal->closed_without - deal->opened;
        }
        if (is_during(deal->closed)) {
            of[deal->branch].closed_with++;
            of[deal->branch].days_with += deal->closed - deal->opened;
        }
    }
}

/* Means over the pairs of the logarithm of with / without. */
typedef struct {
    double upsell, days;
} Lift;

static void put_pair(json_t *array, int test, int control, const Trained *of, Lift *sum) {
    const double rate_without = of->up_without / of->orders, rate_with = of->up_with / of->orders,
                 days_without = of->days_without / of->closed_without,
                 days_with = of->days_with / of->closed_with;
    char name[PL_COMPANY_NAME];
    json_t *row = pl_truth_add(array);
    pl_company_store_name(test, name);
    pl_truth_text(row, "test", name);
    pl_company_store_name(control, name);
    pl_truth_text(row, "control", name);
    pl_truth_put(row, "orders", json_integer(of->orders));
    pl_truth_real(row, "upsell_rate_without", rate_without);
    pl_truth_real(row, "upsell_rate_with", rate_with);
    pl_truth_put(row, "deals_closed", json_integer(of->closed_with));
    pl_truth_real(row, "mean_days_without", days_without);
    pl_truth_real(row, "mean_days_with", days_with);
    sum->upsell += log(rate_with / rate_without) / PL_COMPANY_PAIRS;
    sum->days += log(days_with / days_without) / PL_COMPANY_PAIRS;
}

static void put_effect(json_t *array, const char *metric, double lift) {
    json_t *row = pl_truth_add(array);
    pl_truth_text(row, "treatment", "training");
    pl_truth_text(row, "metric", metric);
    pl_truth_text(row, "period", "during");
    pl_truth_text(row, "products", "all");
    pl_truth_text(row, "scale", "relative");
    pl_truth_real(row, "lift", lift);
}

json_t *pl_company_experiment(const PlCompany *c) {
    const PlCompanyFacts *f = &pl_company_facts;
    g_autofree Trained *of = g_new0(Trained, PL_COMPANY_BRANCHES);
    json_t *object = json_object(), *pairs = json_array(), *effects = json_array();
    Lift lift = {0};
    count_orders(c, of);
    count_deals(c, of);
    for (int pair = 0; pair < PL_COMPANY_PAIRS; pair++) {
        const int test = 2 * pair + !c->trained[2 * pair];
        put_pair(pairs, test, 4 * pair + 1 - test, &of[test], &lift);
    }
    put_effect(effects, "upsell_rate", expm1(lift.upsell));
    put_effect(effects, "mean_days", expm1(lift.days));
    put_effect(effects, "revenue", 0);
    put_effect(effects, "mean_score", 0);
    pl_truth_text(object, "treatment", "training");
    pl_truth_date(object, "before_from", f->before_from);
    pl_truth_date(object, "before_to", f->before_to);
    pl_truth_date(object, "during_from", f->training_from);
    pl_truth_date(object, "during_to", f->training_to);
    pl_truth_text(
        object, "meaning",
        "In the test branch of each pair a training starts. It adds upsell_log_odds to the log odds of an "
        "order with an item sold up, and multiplies the days of deals opened from then on by "
        "days_factor; it does nothing to anything else. lift: exp(mean over the pairs of log(with / "
        "without)) - 1; mean_days is of the deals closed during the training, most of them opened before "
        "it or cut short by its end, and so less than days_factor.");
    pl_truth_real(object, "upsell_log_odds", f->training_upsell);
    pl_truth_real(object, "days_factor", f->training_days);
    pl_truth_put(object, "effects", effects);
    pl_truth_put(object, "pairs", pairs);
    return object;
}
