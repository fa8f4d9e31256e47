/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "pairlift/cli/company_texts.h"
#include "pairlift/cli/truth_json.h"

#define DAYS_A_YEAR 365.25
#define MONTHS      12
#define OVERDUE     2 /* times the planned gap */

/* The customers of one representative, and what became of them. */
typedef struct {
    int customers, contacts, solved;
    int there, overdue; /* on the last day */
    int gaps;           /* from one contact to the next, */
    double gap_days;    /* and their sum */
} Attention;

static void count_contacts(const PlCompany *c, Attention *of) {
    g_autofree PlDay *last = g_new(PlDay, c->customers->len);
    for (guint i = 0; i < c->contacts->len; i++) { /* by date, and everybody has one at the start */
        const PlCompanyContact *contact = &g_array_index(c->contacts, PlCompanyContact, i);
        const PlCompanyCustomer *customer =
            &g_array_index(c->customers, PlCompanyCustomer, contact->customer);
        Attention *a = &of[customer->branch];
        a->contacts++;
        a->solved += contact->solved;
        if (contact->date > customer->start) {
            a->gaps++;
            a->gap_days += contact->date - last[contact->customer];
        }
        last[contact->customer] = contact->date;
    }
    for (guint i = 0; i < c->customers->len; i++) {
        const PlCompanyCustomer *customer = &g_array_index(c->customers, PlCompanyCustomer, i);
        Attention *a = &of[customer->branch];
        a->customers++;
        if (customer->end <= pl_company_last())
            continue;
        a->there++;
        a->overdue += pl_company_last() - last[i] > OVERDUE * pl_company_plan_days[customer->plan];
    }
}

static json_t *attention(const PlCompany *c) {
    g_autofree Attention *of = g_new0(Attention, PL_COMPANY_BRANCHES);
    json_t *array = json_array();
    count_contacts(c, of);
    for (int b = 0; b < PL_COMPANY_BRANCHES; b++) {
        json_t *row = pl_truth_add(array);
        pl_truth_text(row, "rep", pl_company_reps[b].name);
        pl_truth_real(row, "solves", pl_company_reps[b].solved);
        pl_truth_real(row, "attended_since_neglect", pl_company_reps[b].attended);
        pl_truth_put(row, "customers", json_integer(of[b].customers));
        pl_truth_put(row, "contacts", json_integer(of[b].contacts));
        pl_truth_put(row, "solved", json_integer(of[b].solved));
        pl_truth_real(row, "mean_gap_days", of[b].gaps > 0 ? of[b].gap_days / of[b].gaps : NAN);
        pl_truth_put(row, "customers_at_the_end", json_integer(of[b].there));
        pl_truth_put(row, "overdue_at_the_end", json_integer(of[b].overdue));
    }
    return array;
}

/* `lost_within_12_months`: the chance that is built in, for an average of the representatives' customers. */
static json_t *plans(const PlCompany *c) {
    json_t *array = json_array();
    for (int p = 0; p < PL_COMPANY_PLANS; p++) {
        int n = 0, lost = 0;
        double chance = 0;
        for (guint i = 0; i < c->customers->len; i++) {
            const PlCompanyCustomer *customer = &g_array_index(c->customers, PlCompanyCustomer, i);
            if (customer->plan != p)
                continue;
            n++;
            lost += customer->end <= pl_day_months_later(customer->start, MONTHS);
            chance += pl_company_lost_by(pl_company_plan_days[p], customer->branch, DAYS_A_YEAR);
        }
        json_t *row = pl_truth_add(array);
        pl_truth_real(row, "planned_gap_days", pl_company_plan_days[p]);
        pl_truth_real(row, "hazard_a_year", pl_company_hazard(pl_company_plan_days[p], 0, FALSE));
        pl_truth_put(row, "customers", json_integer(n));
        pl_truth_real(row, "lost_within_12_months", n > 0 ? chance / n : NAN);
        pl_truth_real(row, "lost_within_12_months_drawn", n > 0 ? (double)lost / n : NAN);
    }
    return array;
}

json_t *pl_company_engagement(const PlCompany *c) {
    const PlCompanyFacts *f = &pl_company_facts;
    json_t *object = json_object();
    pl_truth_real(object, "best_gap_days", f->best_gap);
    pl_truth_real(object, "hazard_a_year_at_the_best_gap", f->hazard);
    pl_truth_real(object, "log_hazard_by_squared_log_of_gap_over_best", f->bend);
    pl_truth_text(object, "rep_who_neglects", "Nora");
    pl_truth_date(object, "neglects_from", f->neglect_from);
    pl_truth_text(object, "rep_who_solves_most", "Hana");
    pl_truth_text(object, "rep_who_solves_least", "Otto");
    pl_truth_put(object, "plans", plans(c));
    pl_truth_put(object, "reps", attention(c));
    return object;
}

/* The deals and customers of one representative. */
typedef struct {
    int deals, outcome[3];
    int followed[2], lost[2]; /* whose first 6, 9 months are known, and of them */
    double chance[2];         /* built in, summed over all customers */
} Cycle;

static const int churn_months[2] = {6, 9};

static void count_deals(const PlCompany *c, Cycle *of) {
    for (guint i = 0; i < c->deals->len; i++) {
        const PlCompanyDeal *deal = &g_array_index(c->deals, PlCompanyDeal, i);
        of[deal->branch].deals++;
        of[deal->branch].outcome[deal->outcome]++;
    }
    for (guint i = 0; i < c->customers->len; i++) {
        const PlCompanyCustomer *customer = &g_array_index(c->customers, PlCompanyCustomer, i);
        for (int m = 0; m < 2; m++) {
            const PlDay until = pl_day_months_later(customer->start, churn_months[m]);
            of[customer->branch].chance[m] +=
                pl_company_lost_by(pl_company_plan_days[customer->plan], customer->branch,
                                   churn_months[m] * DAYS_A_YEAR / MONTHS);
            if (until > pl_company_last())
                continue;
            of[customer->branch].followed[m]++;
            of[customer->branch].lost[m] += customer->end <= until;
        }
    }
}

static void put_churn(json_t *row, const Cycle *of) {
    const int won = of->outcome[PL_DEAL_WON];
    for (int m = 0; m < 2; m++) {
        char chance[32], followed[32], lost[32];
        g_snprintf(chance, sizeof chance, "churn_%d_months", churn_months[m]);
        g_snprintf(followed, sizeof followed, "followed_%d_months", churn_months[m]);
        g_snprintf(lost, sizeof lost, "lost_in_%d_months", churn_months[m]);
        pl_truth_real(row, chance, won > 0 ? of->chance[m] / won : NAN);
        pl_truth_put(row, followed, json_integer(of->followed[m]));
        pl_truth_put(row, lost, json_integer(of->lost[m]));
    }
}

json_t *pl_company_sales_cycle(const PlCompany *c) {
    g_autofree Cycle *of = g_new0(Cycle, PL_COMPANY_BRANCHES);
    json_t *object = json_object(), *reps = json_array();
    count_deals(c, of);
    for (int b = 0; b < PL_COMPANY_BRANCHES; b++) {
        const PlCompanyRep *rep = &pl_company_reps[b];
        json_t *row = pl_truth_add(reps);
        pl_truth_text(row, "rep", rep->name);
        pl_truth_real(row, "median_days_won", rep->won_days);
        pl_truth_real(row, "median_days_lost", rep->won_days * pl_company_facts.lost_longer);
        pl_truth_real(row, "win_rate", rep->win_rate);
        pl_truth_real(row, "hazard_ratio_first_months", rep->churn);
        pl_truth_put(row, "deals", json_integer(of[b].deals));
        for (int k = 0; k < 3; k++)
            pl_truth_put(row, pl_company_outcomes[k], json_integer(of[b].outcome[k]));
        put_churn(row, &of[b]);
    }
    pl_truth_text(object, "distribution", "log-normal");
    pl_truth_real(object, "sd_log_days", pl_company_facts.days_sd);
    pl_truth_real(object, "first_months_days", pl_company_facts.early_days);
    pl_truth_text(object, "rep_who_closes_fast_and_loses_customers", "Finn");
    pl_truth_text(object, "rep_who_wins_most", "Ada");
    pl_truth_text(object, "rep_who_wins_least", "Ivo");
    pl_truth_put(object, "reps", reps);
    return object;
}
