/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/headline.h"
#include "pairlift/kpi/price_competitors.h"
#include "pairlift/kpi/price_index.h"

/* What the parts of the KPI "competitive_price" share. */
typedef struct {
    const PlKpiRun *run;
    const PlRecords *sales, *prices;
    const PlBuckets *buckets;
    const PlPriceRows *rows;
    const PlCompetitors *others;
    const PlPriceCells *cells;    /* by product and period, and by store where competitors' prices are */
    const PlPriceCells *products; /* by product and period */
    guint begin, end;             /* complete periods: begin <= t < end; all where none is complete */
    guint now;                    /* the last one with competitors' prices, or with sales */
    guint most_shown;             /* groups that a page shows; the others are detail */
    char *look;                   /* what to look at; of the headline */
    gboolean dearer_is_good;
} PlPriceStudy;

/* A finding in the currency of the data where it is an amount of money. */
PlFinding *pl_price_finding(const PlPriceStudy *study, const char *measure, const char *label,
                            PlAmount amount);

/* A curve over the complete periods, without values; money has its unit in the label, and an index the target
 * where that is of the index. */
PlCurve *pl_price_curve(const PlPriceStudy *study, const char *name, const char *group, const char *label,
                        PlAmount amount);

/* Rows by competitor, and of all of them: index, gap and shares over the whole time; index and gap now. */
void pl_price_add_competitors(PlPriceStudy *study);
/* The same and the average price now by product, store, ...; average prices over time; curves. */
void pl_price_add_groups(PlPriceStudy *study);
/* Products and competitors that have no partner, and rows left out: checks of the result. */
void pl_price_check_coverage(const PlPriceStudy *study);
/* The largest change of each product's price and what its units did then. */
void pl_price_add_changes(const PlPriceStudy *study);

/* How units react to the own price. */
typedef struct {
    double value, low, high; /* NaN: not known; without an interval */
    const char *source;      /* "own", "all", "given" */
} PlPriceResponse;
typedef struct {
    PlPriceResponse all;
    PlPriceResponse *of;  /* [products]; value NaN: that of all */
    double *least, *most; /* [products] prices seen */
} PlPriceResponses;
void pl_price_responses_clear(PlPriceResponses *responses);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PlPriceResponses, pl_price_responses_clear)

/* Estimates the elasticity of all products and of each that is sold in enough stores, or takes the one given.
 */
void pl_price_add_elasticities(const PlPriceStudy *study, PlPriceResponses *responses);
/* Which products are dearer than the cheapest competitor, and what matching it would do. */
void pl_price_add_matches(PlPriceStudy *study, const PlPriceResponses *responses);
