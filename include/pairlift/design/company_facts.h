/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/calendar.h"

/* What is built into the simulated company with field sales: people, places, products and the true numbers
 * that its key figures have to find again. Plain numbers throughout: 0.2 is 20 %, money is in hundredths. */

enum {
    PL_COMPANY_REGIONS = 4,
    PL_COMPANY_BRANCHES = 16, /* paired, one representative each; 2i and 2i + 1 are a pair */
    PL_COMPANY_PAIRS = PL_COMPANY_BRANCHES / 2,
    PL_COMPANY_CLOSED = PL_COMPANY_BRANCHES,     /* the branch that closes, */
    PL_COMPANY_OPENED = PL_COMPANY_BRANCHES + 1, /* the one that opens, */
    PL_COMPANY_WEB = PL_COMPANY_BRANCHES + 2,    /* and the first of the web shops, one a region */
    PL_COMPANY_STORES = PL_COMPANY_WEB + PL_COMPANY_REGIONS,
    PL_COMPANY_PRODUCTS = 12,
    PL_COMPANY_COMPETITORS = 2,
    PL_COMPANY_MONTHS = 24,
    PL_COMPANY_TEAMS = 6,
    PL_COMPANY_WAVES = 8, /* of the survey, one a quarter */
    PL_COMPANY_QUESTIONS = 5,
    PL_COMPANY_PLANS = 5, /* planned gaps between contacts */
    PL_COMPANY_SEGMENTS = 3,
    PL_COMPANY_CHANNELS = 3,
    PL_COMPANY_KINDS = 3, /* of contacts */
};

typedef struct {
    const char *name;
    double won_days; /* median days from the opening of a deal to winning it */
    double win_rate;
    double solved;   /* share of contacts that solve a problem */
    double upsell;   /* log odds that the representative adds */
    double churn;    /* times the hazard of losing a customer in the first nine months */
    double attended; /* share of the due contacts that take place once neglect has begun */
} PlCompanyRep;

typedef struct {
    const char *name, *category;
    int cents;
    double share;      /* of the units of a store with average tastes */
    double elasticity; /* 0: the price never changes */
    double taste[PL_COMPANY_REGIONS];
    double rival[PL_COMPANY_COMPETITORS]; /* competitors' price over the list price */
    double alone; /* chance to be in an order; of the second of two bought together, without the first */
    int with;     /* the product that it is bought together with; -1: none */
    double given; /* chance to be in an order that has that product */
} PlCompanyProduct;

typedef struct {
    const char *name;
    int region; /* -1: spread over all branches */
    int employees;
    double response;
    double energy_a_wave; /* what the answers on energy change by from wave to wave */
} PlCompanyTeam;

typedef struct {
    const char *name;
    double mean, sd;
    double coefficient; /* of the answer, in the score */
} PlCompanyQuestion;

typedef struct {
    const char *name;
    double share, spending, upsell; /* times the usual quantities; log odds */
} PlCompanySegment;

extern const PlCompanyRep pl_company_reps[PL_COMPANY_BRANCHES];
extern const PlCompanyProduct pl_company_products[PL_COMPANY_PRODUCTS];
extern const PlCompanyTeam pl_company_teams[PL_COMPANY_TEAMS];
extern const PlCompanyQuestion pl_company_questions[PL_COMPANY_QUESTIONS];
extern const PlCompanySegment pl_company_segments[PL_COMPANY_SEGMENTS];
extern const char *const pl_company_regions[PL_COMPANY_REGIONS];
extern const char *const pl_company_competitors[PL_COMPANY_COMPETITORS];
extern const char *const pl_company_channels[PL_COMPANY_CHANNELS];
extern const char *const pl_company_contact_kinds[PL_COMPANY_KINDS];
extern const char *const pl_company_line_kinds[3];
extern const char *const pl_company_outcomes[3];
extern const double pl_company_plan_days[PL_COMPANY_PLANS], pl_company_plan_share[PL_COMPANY_PLANS];

typedef struct {
    /* sales: factor of the units in a year, units of a branch in a month */
    double branch_growth, web_growth, season, branch_units, web_units, unit_sd, price_sd, promotion_share;
    int closed_after, opened_from; /* months, from 0 */
    /* deals */
    double lost_longer; /* median days of lost deals over those of won ones */
    double days_sd;     /* of the logarithm of the days */
    /* customers: hazard a year at the best gap, and exp(bend * log(gap / best)^2) times that at others */
    double hazard, best_gap, bend, gap_sd, early_days;
    double kind_share[PL_COMPANY_KINDS];
    PlDay neglect_from;
    /* orders */
    double orders_a_year, orders_sd, spending_sd;
    double channel_share[PL_COMPANY_CHANNELS], channel_upsell[PL_COMPANY_CHANNELS];
    double upsell_base, upsell_past, cross_sell, upsell_price;
    /* survey: the score's mean at mean answers and its noise, that of an answer between waves */
    double score_mean, score_sd, wave_sd;
    /* the training in one branch of each pair */
    PlDay before_from, before_to, training_from, training_to;
    double training_upsell, training_days; /* log odds; factor of the days of deals opened from then on */
} PlCompanyFacts;

extern const PlCompanyFacts pl_company_facts;

/* 2023-01-01 and 2024-12-31. */
PlDay pl_company_first(void);
PlDay pl_company_last(void);
/* The first day of a month counted from the first one, 0: what its sales are dated by. */
PlDay pl_company_month_day(int month);
/* The day on which a wave of the survey is held. */
PlDay pl_company_wave_day(int wave);

enum { PL_COMPANY_NAME = 16 };
void pl_company_store_name(int store, char name[PL_COMPANY_NAME]);
int pl_company_store_region(int store);
gboolean pl_company_store_is_online(int store);
/* Whether it sells anything in that month. */
gboolean pl_company_store_trades(int store, int month);
