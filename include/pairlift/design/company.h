/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

#include "pairlift/design/company_facts.h"
#include "pairlift/model/error.h"

/* A simulated company with field sales over two years, as the records of its tables: the source of `simulate
 * --company`, for tests of the key figures and for benchmarks.
 *
 * Deals are opened evenly over the two years, by each representative in turn; how long one takes is
 * log-normal, with a median of the representative and the outcome, whose chance is the representative's. What
 * is not closed on the last day is open. A deal that is won is a customer from that day on, who leaves with a
 * hazard that hangs on the planned gap between contacts (least at the best gap) and, in the first months, on
 * the representative. Contacts follow the plan with some noise. Orders come at random; each product is in an
 * order or not on its own, but for the pairs that are bought together. Whether an order has an item sold up
 * is logistic in representative, channel, segment, mean amount of the customer's earlier orders, and
 * training. In one branch of each pair a training starts, which raises those odds and shortens deals. Sales
 * of branches and web shops are by month; employees answer a survey each quarter.
 *
 * Every deal, customer, store and employee has a stream of random numbers of its own, a function of the seed
 * and its number. */

#define PL_COMPANY_DEALS      2400
#define PL_COMPANY_MOST_DEALS 2000000

typedef struct {
    gint64 seed;
    int deals; /* opened in the two years; about a third of them bring a customer */
} PlCompanyOptions;

enum { PL_DEAL_OPEN, PL_DEAL_WON, PL_DEAL_LOST };          /* names: pl_company_outcomes */
enum { PL_LINE_BASE, PL_LINE_UPSELL, PL_LINE_CROSS_SELL }; /* names: pl_company_line_kinds */

typedef struct {
    PlDay opened;
    PlDay closed_without; /* the day on which it would be closed without training */
    PlDay closed;         /* closed: of one that is open, the day on which it will be */
    guint8 branch, outcome, product;
    gboolean will_be_won; /* the outcome, if open one that nobody knows yet */
    gint32 customer;      /* index, -1: none */
    gint64 cents;
} PlCompanyDeal;

typedef struct {
    PlDay start, end;             /* end: also after the last day, when nobody knows it yet */
    guint8 branch, segment, plan; /* index into pl_company_plan_days */
    guint32 deal;                 /* index of the deal that was won */
    double spending;              /* times the usual quantities */
} PlCompanyCustomer;

typedef struct {
    PlDay date;
    guint32 customer;
    guint8 kind, solved;
} PlCompanyContact;

typedef struct {
    PlDay date;
    guint32 customer, first_line; /* index into lines */
    guint8 n_lines, channel;
    double past;                        /* the number that upsell_past multiplies */
    double upsell_without, upsell_with; /* chance of an item sold up, without and with training */
    gint64 cents;                       /* of all lines */
} PlCompanyOrder;

typedef struct {
    guint8 product, kind;
    guint16 quantity;
    gint64 cents;
} PlCompanyLine;

typedef struct {
    guint8 store, product, month;
    guint32 units;
    gint64 cents;    /* revenue */
    double expected; /* units without noise, at the list price */
} PlCompanySale;

typedef struct {
    guint8 product, competitor, month;
    gint64 cents;
} PlCompanyPrice;

typedef struct {
    int employee, team, store, wave;
    int score; /* 0: no answer, and none to the questions either */
    int answer[PL_COMPANY_QUESTIONS];
} PlCompanyAnswer;

typedef struct {
    PlCompanyOptions options;
    gboolean trained[PL_COMPANY_BRANCHES]; /* one branch of each pair */
    GArray *sales;                         /* of PlCompanySale, by month, store and product */
    GArray *prices;                        /* of PlCompanyPrice, by month, product and competitor */
    GArray *deals;                         /* of PlCompanyDeal, by the day on which they were opened */
    GArray *customers;                     /* of PlCompanyCustomer, by start */
    GArray *contacts;                      /* of PlCompanyContact, by date and customer */
    GArray *orders;                        /* of PlCompanyOrder, by date and customer */
    GArray *lines;                         /* of PlCompanyLine */
    GArray *answers;                       /* of PlCompanyAnswer, by wave and employee */
} PlCompany;

/* PL_ERROR_USAGE: an option is beyond its range; all of them in one go. Free with pl_company_free. */
PlCompany *pl_company_new(const PlCompanyOptions *options, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void pl_company_free(PlCompany *company);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlCompany, pl_company_free)

/* The hazard a year of losing a customer contacted every `gap` days, after the first months or, for a
 * representative, in them. */
double pl_company_hazard(double gap_days, int branch, gboolean early);
/* The chance that such a customer is lost within so many days of the purchase. */
double pl_company_lost_by(double gap_days, int branch, double days);
/* The chance that an order comes out empty and is drawn again, 1 %. What all others have in common: the lift
 * of two products that have nothing to do with each other is 1 minus this, not 1. */
double pl_company_empty_share(void);
