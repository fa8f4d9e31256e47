/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/design/company_parts.h"

#define DAYS_A_YEAR 365.25
#define DEAL_CENTS  60000 /* the middle deal */
#define DEAL_SD     0.5

static int by_opening(gconstpointer a, gconstpointer b) {
    const PlCompanyDeal *x = a, *y = b;
    if (x->opened != y->opened)
        return x->opened < y->opened ? -1 : 1;
    return (int)x->branch - (int)y->branch;
}

static PlDay whole_days(double days) {
    return (PlDay)MAX(1, floor(days + 0.5));
}

static PlCompanyDeal make_deal(const PlCompany *c, guint i) {
    const PlCompanyFacts *f = &pl_company_facts;
    PlRng rng = pl_company_stream(c, PL_STREAM_DEAL, i);
    PlCompanyDeal deal = {.branch = (guint8)(i % PL_COMPANY_BRANCHES), .customer = -1};
    const PlCompanyRep *rep = &pl_company_reps[deal.branch];
    deal.opened = pl_company_first() +
                  (PlDay)floor((pl_company_last() - pl_company_first() + 1) * pl_rng_uniform(&rng));
    deal.will_be_won = pl_rng_uniform(&rng) < rep->win_rate;
    const gboolean trained = c->trained[deal.branch] && deal.opened >= f->training_from;
    const double days =
        rep->won_days * (deal.will_be_won ? 1 : f->lost_longer) * exp(f->days_sd * pl_rng_normal(&rng));
    deal.closed_without = deal.opened + whole_days(days);
    deal.closed = deal.opened + whole_days(trained ? days * f->training_days : days);
    deal.outcome = (guint8)(deal.closed > pl_company_last() ? PL_DEAL_OPEN
                            : deal.will_be_won              ? PL_DEAL_WON
                                                            : PL_DEAL_LOST);
    deal.product = (guint8)floor(PL_COMPANY_PRODUCTS * pl_rng_uniform(&rng));
    deal.cents = (gint64)floor(DEAL_CENTS * exp(DEAL_SD * pl_rng_normal(&rng)) + 0.5);
    return deal;
}

/* The day on which a customer leaves: the hazard of the first months, then the other one, used up. */
static PlDay leave(PlDay start, double gap, int branch, PlRng *rng) {
    const double early = pl_company_hazard(gap, branch, TRUE) / DAYS_A_YEAR,
                 later = pl_company_hazard(gap, branch, FALSE) / DAYS_A_YEAR,
                 bend = pl_company_facts.early_days;
    const double used = pl_company_exponential(rng, 1);
    const double days = used <= early * bend ? used / early : bend + (used - early * bend) / later;
    return start + (PlDay)MAX(1, ceil(days));
}

static PlCompanyCustomer make_customer(const PlCompany *c, guint i, guint32 of) {
    const PlCompanyDeal *deal = &g_array_index(c->deals, PlCompanyDeal, of);
    PlRng rng = pl_company_stream(c, PL_STREAM_CUSTOMER, i);
    PlCompanyCustomer customer = {.start = deal->closed, .branch = deal->branch, .deal = of};
    double share[PL_COMPANY_SEGMENTS];
    for (int s = 0; s < PL_COMPANY_SEGMENTS; s++)
        share[s] = pl_company_segments[s].share;
    customer.segment = (guint8)pl_company_draw(&rng, share, PL_COMPANY_SEGMENTS);
    customer.plan = (guint8)pl_company_draw(&rng, pl_company_plan_share, PL_COMPANY_PLANS);
    customer.spending = pl_company_segments[customer.segment].spending *
                        exp(pl_company_facts.spending_sd * pl_rng_normal(&rng));
    customer.end = leave(customer.start, pl_company_plan_days[customer.plan], customer.branch, &rng);
    return customer;
}

static int by_closing(gconstpointer a, gconstpointer b, gpointer data) {
    const GArray *deals = data;
    const guint32 i = *(const guint32 *)a, j = *(const guint32 *)b;
    const PlDay x = g_array_index(deals, PlCompanyDeal, i).closed,
                y = g_array_index(deals, PlCompanyDeal, j).closed;
    return x != y ? (x < y ? -1 : 1) : (i > j) - (i < j);
}

void pl_company_make_deals(PlCompany *c) {
    g_autoptr(GArray) won = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint i = 0; i < (guint)c->options.deals; i++) {
        const PlCompanyDeal deal = make_deal(c, i);
        g_array_append_val(c->deals, deal);
    }
    g_array_sort(c->deals, by_opening);
    for (guint32 i = 0; i < c->deals->len; i++)
        if (g_array_index(c->deals, PlCompanyDeal, i).outcome == PL_DEAL_WON)
            g_array_append_val(won, i);
    g_array_sort_with_data(won, by_closing, c->deals);
    for (guint i = 0; i < won->len; i++) {
        const guint32 of = g_array_index(won, guint32, i);
        const PlCompanyCustomer customer = make_customer(c, i, of);
        g_array_append_val(c->customers, customer);
        g_array_index(c->deals, PlCompanyDeal, of).customer = (gint32)i;
    }
}

static int by_date(gconstpointer a, gconstpointer b) {
    const PlCompanyContact *x = a, *y = b;
    if (x->date != y->date)
        return x->date < y->date ? -1 : 1;
    return (x->customer > y->customer) - (x->customer < y->customer);
}

static void make_contacts_of(PlCompany *c, guint32 i) {
    const PlCompanyFacts *f = &pl_company_facts;
    const PlCompanyCustomer *customer = &g_array_index(c->customers, PlCompanyCustomer, i);
    const PlCompanyRep *rep = &pl_company_reps[customer->branch];
    const PlDay last = MIN(customer->end, pl_company_last());
    PlRng rng = pl_company_stream(c, PL_STREAM_CONTACT, i);
    for (PlDay day = customer->start; day <= last;) {
        PlCompanyContact contact = {.date = day, .customer = i};
        contact.kind = (guint8)pl_company_draw(&rng, f->kind_share, PL_COMPANY_KINDS);
        contact.solved = pl_rng_uniform(&rng) < rep->solved;
        const gboolean due =
            pl_rng_uniform(&rng) < rep->attended; /* drawn of all, so that plans stay alike */
        if (due || day == customer->start || day < f->neglect_from)
            g_array_append_val(c->contacts, contact);
        const double gap = pl_company_plan_days[customer->plan] * exp(f->gap_sd * pl_rng_normal(&rng));
        day += whole_days(gap);
    }
}

void pl_company_make_contacts(PlCompany *c) {
    for (guint32 i = 0; i < c->customers->len; i++)
        make_contacts_of(c, i);
    g_array_sort(c->contacts, by_date);
}
