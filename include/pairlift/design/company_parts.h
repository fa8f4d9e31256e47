/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/design/company.h"
#include "pairlift/stats/rng.h"

/* The parts of a simulated company, each filled from streams of its own. In this order: later ones use the
 * records of earlier ones. */

void pl_company_make_sales(PlCompany *company);    /* sales and prices */
void pl_company_make_deals(PlCompany *company);    /* deals and customers; uses `trained` */
void pl_company_make_contacts(PlCompany *company); /* uses customers */
void pl_company_make_orders(PlCompany *company);   /* orders and lines; uses customers */
void pl_company_make_answers(PlCompany *company);

typedef enum {
    PL_STREAM_TRAINING,
    PL_STREAM_STORE,
    PL_STREAM_PRICE,
    PL_STREAM_COMPETITOR,
    PL_STREAM_DEAL,
    PL_STREAM_CUSTOMER,
    PL_STREAM_CONTACT,
    PL_STREAM_ORDER,
    PL_STREAM_EMPLOYEE,
} PlCompanyStream;

/* The stream of thing `index` of a kind. */
PlRng pl_company_stream(const PlCompany *company, PlCompanyStream kind, guint64 index);
/* An index drawn with the chances `share`, which add up to 1. */
int pl_company_draw(PlRng *rng, const double *share, int n);
double pl_company_exponential(PlRng *rng, double mean);
