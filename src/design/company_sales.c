/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/design/company_parts.h"

#define YEAR_MONTHS 12
#define BUSIEST     11   /* December */
#define PAIR_SD     0.4  /* of the logarithm of the sizes of pairs, */
#define STORE_SD    0.1  /* and within one */
#define DEEPEST     0.25 /* price cuts of a promotion, */
#define LIGHTEST    0.15 /* as shares */
#define NOISE       0.02 /* of competitors' prices, log scale */
#define HALF        0.5  /* prices are rounded to whole hundredths */

/* Stores of a pair are alike. */
static double size_of(const PlCompany *c, int store) {
    PlRng own = pl_company_stream(c, PL_STREAM_STORE, (guint64)store);
    const double alone = STORE_SD * pl_rng_normal(&own);
    if (pl_company_store_is_online(store))
        return pl_company_facts.web_units * exp(alone);
    PlRng pair = pl_company_stream(c, PL_STREAM_STORE, (guint64)(PL_COMPANY_STORES + store / 2));
    return pl_company_facts.branch_units * exp(PAIR_SD * pl_rng_normal(&pair) + alone);
}

/* What a region asks for a product in a month. */
static gint64 price_of(const PlCompany *c, int region, int product, int month) {
    const PlCompanyProduct *p = &pl_company_products[product];
    if (p->elasticity == 0)
        return p->cents;
    PlRng rng = pl_company_stream(
        c, PL_STREAM_PRICE, (guint64)((region * PL_COMPANY_PRODUCTS + product) * PL_COMPANY_MONTHS + month));
    double factor = exp(pl_company_facts.price_sd * pl_rng_normal(&rng));
    const double cut = LIGHTEST + (DEEPEST - LIGHTEST) * pl_rng_uniform(&rng);
    if (pl_rng_uniform(&rng) < pl_company_facts.promotion_share)
        factor *= 1 - cut;
    return (gint64)floor(p->cents * factor + HALF);
}

static double month_factor(int store, int month) {
    const double growth =
        pl_company_store_is_online(store) ? pl_company_facts.web_growth : pl_company_facts.branch_growth;
    const double season = 1 + pl_company_facts.season * cos(2 * G_PI * (month - BUSIEST) / YEAR_MONTHS);
    return pow(growth, (double)month / YEAR_MONTHS) * season;
}

static void make_sale(PlCompany *c, int store, double size, int product, int month, PlRng *rng) {
    const PlCompanyProduct *p = &pl_company_products[product];
    const int region = pl_company_store_region(store);
    const gint64 cents = price_of(c, region, product, month);
    const double expected = size * p->share * p->taste[region] * month_factor(store, month);
    const double sold = expected * pow((double)cents / p->cents, p->elasticity) *
                        exp(pl_company_facts.unit_sd * pl_rng_normal(rng));
    /* rounded at random, so that the mean is right */
    const guint32 units = (guint32)floor(sold + pl_rng_uniform(rng));
    const PlCompanySale sale = {.store = (guint8)store,
                                .product = (guint8)product,
                                .month = (guint8)month,
                                .units = units,
                                .cents = units * cents,
                                .expected = expected};
    g_array_append_val(c->sales, sale);
}

static void make_prices(PlCompany *c, int month) {
    for (int product = 0; product < PL_COMPANY_PRODUCTS; product++) {
        for (int k = 0; k < PL_COMPANY_COMPETITORS; k++) {
            const int index = (k * PL_COMPANY_PRODUCTS + product) * PL_COMPANY_MONTHS + month;
            PlRng rng = pl_company_stream(c, PL_STREAM_COMPETITOR, (guint64)index);
            const double price = pl_company_products[product].cents * pl_company_products[product].rival[k] *
                                 exp(NOISE * pl_rng_normal(&rng));
            const PlCompanyPrice row = {.product = (guint8)product,
                                        .competitor = (guint8)k,
                                        .month = (guint8)month,
                                        .cents = (gint64)floor(price + HALF)};
            g_array_append_val(c->prices, row);
        }
    }
}

void pl_company_make_sales(PlCompany *c) {
    double sizes[PL_COMPANY_STORES];
    PlRng noise[PL_COMPANY_STORES];
    for (int s = 0; s < PL_COMPANY_STORES; s++) {
        sizes[s] = size_of(c, s);
        noise[s] = pl_company_stream(c, PL_STREAM_STORE, (guint64)(2 * PL_COMPANY_STORES + s));
    }
    for (int month = 0; month < PL_COMPANY_MONTHS; month++) {
        for (int s = 0; s < PL_COMPANY_STORES; s++)
            for (int p = 0; pl_company_store_trades(s, month) && p < PL_COMPANY_PRODUCTS; p++)
                make_sale(c, s, sizes[s], p, month, &noise[s]);
        make_prices(c, month);
    }
}
