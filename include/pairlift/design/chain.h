/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/design/chain_options.h"
#include "pairlift/model/panel.h"

/* A simulated chain of stores with a known truth: the source of `simulate`, of calibration, and of every test
 * that has to know what a promotion did.
 *
 * A store-day's expected units of a product are the product of: the store's size (log-normal, alike within a
 * pair), the product's share, season, weekday, trend (the chain's and the store's own), the day's shock to
 * the chain and to the store's region, and the response to the price, (price / list price)^elasticity. In
 * test stores the promoted product, the first one, gets the store's lift, the price cut's response and the
 * coupons' additional units during the promotion, and the dip after it; other products lose the cannibalised
 * share of what it gained. What is sold is the expectation times (1 + e) of the store's day, e an
 * autoregression of order one with marginal standard deviation noise_sd (times test_noise in test stores),
 * times the same of the single product when there are several; neither factor falls below PL_CHAIN_FLOOR.
 * Whole units are rounded at random, so that their mean is right.
 *
 * A design of groups (options.arms) has no pairs: sets of one control store and one of each treatment stand
 * in their place, drawn within a region; the stores of a set are not alike in size. Stores left over are
 * controls. Large stores are those above the middle size; under lift_gap their lift is larger than that of
 * small ones. Stores without the promotion near one with it get the spillover.
 *
 * With options.basket a store-day has visits, too: its units over the basket, where (1 - visit_share) of an
 * effect, on the log scale, is in the basket; they share the store-day's noise and have some of their own.
 *
 * Every store has its own streams of random numbers, a function of (seed, store): nothing depends on which
 * stores are generated, in which order, or by how many threads.
 *
 * For a study of many small chains:
 *
 *     PlChainOptions o = pl_chain_defaults();
 *     o.whole = FALSE, o.lift = 0, o.dip = 0, o.seed = replication;
 *     g_autoptr(PlChain) chain = pl_chain_new(&o, error);
 *     pl_chain_values(chain, PL_CHAIN_REVENUE, PL_CHAIN_ALL, 1, values);     // [stores * days]
 *     pl_chain_test(chain, pair), pl_chain_control(chain, pair);             // rows of it
 *     pl_chain_period(chain, PL_CHAIN_DURING);                               // columns of it
 *
 * or pl_chain_panel() for a panel that pl_run() takes. */

#define PL_CHAIN_FLOOR 0.05

typedef struct PlChain PlChain;

typedef enum { PL_CHAIN_BEFORE, PL_CHAIN_DURING, PL_CHAIN_AFTER } PlChainPeriod;
typedef enum { PL_CHAIN_UNITS, PL_CHAIN_REVENUE } PlChainMeasure;
/* The treatments of a factorial design, as pl_chain_arm() numbers them. */
enum { PL_CHAIN_PROMOTION = 1, PL_CHAIN_PRICE = 2, PL_CHAIN_BOTH = 3 };
enum { PL_CHAIN_ALL = -1 }; /* in place of a product's index */

/* Half-open range of days, counted from the first; begin == end: there is no such period. */
typedef struct {
    int begin, end;
} PlChainDays;

/* Copies and settles `options` (pl_chain_settle, whose errors it has). */
PlChain *pl_chain_new(const PlChainOptions *options, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void pl_chain_free(PlChain *chain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlChain, pl_chain_free)

const PlChainOptions *pl_chain_options(const PlChain *chain); /* settled: days and pairs are not 0 */
PlChainDays pl_chain_period(const PlChain *chain, PlChainPeriod period);

/* The stores of a pair; pairs are counted from 0, and lie anywhere among the stores. */
int pl_chain_test(const PlChain *chain, int pair);
int pl_chain_control(const PlChain *chain, int pair);
/* The pair of a store, -1: in none, so without promotion (of a design of groups: always). */
int pl_chain_pair(const PlChain *chain, int store);
/* The treatment of a store from 1 on, 0: control, -1: in no pair. Pairs have one treatment. */
int pl_chain_arm(const PlChain *chain, int store);
int pl_chain_n_arms(const PlChain *chain); /* treatments */
/* Its pair or, of a design of groups, the set of one store of each that it was drawn in. */
int pl_chain_set(const PlChain *chain, int store);
gboolean pl_chain_is_test(const PlChain *chain, int store);
int pl_chain_region(const PlChain *chain, int store);
/* Stores of a pair share what is alike in their sizes, and so whether they are large. */
gboolean pl_chain_is_large(const PlChain *chain, int store);
/* Is it without the promotion, and one with it within spillover_km? FALSE where there is no spillover. */
gboolean pl_chain_is_near(const PlChain *chain, int store);
/* Do prices move under a margin, so that the margin is no constant share of revenue? */
gboolean pl_chain_has_profit(const PlChain *chain);
/* What a unit costs the chain at the margin of the options; in whole hundredths where it has profit. */
double pl_chain_cost(const PlChain *chain, int product);
/* Do the stores have a format and a place? */
gboolean pl_chain_has_attributes(const PlChain *chain);

enum { PL_CHAIN_NAME = 16 }; /* bytes of a name of pairlift/design/chain_names.h, with the end */

/* One product on one day in one store. */
typedef struct {
    double without, with;  /* expected units, without and with the promotion */
    int list_cents, cents; /* shelf price in hundredths, without and with it */
    double units;          /* sold; whole unless options.whole is FALSE, 0 in a walk of expectations */
} PlChainCell;

typedef struct {
    gboolean open;                      /* FALSE: no data that day, and nothing below has a meaning */
    guint distributed;                  /* coupons handed out */
    guint redeemed;                     /* of a chain with whole units, else 0 */
    double visits_without, visits_with; /* expected; 0 without options.basket */
    double visits;                      /* counted; whole unless options.whole is FALSE */
    PlChainCell *cells;                 /* [products], the caller's */
} PlChainDay;

/* Stores first to first + n - 1, each walked from the first day on. A walk belongs to one thread. */
typedef struct PlChainWalk PlChainWalk;
/* `expected`: no noise, no units; the rest is the same, and faster. */
PlChainWalk *pl_chain_walk_new(const PlChain *chain, int first, int n, gboolean expected);
void pl_chain_walk_free(PlChainWalk *walk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlChainWalk, pl_chain_walk_free)
/* The next day of the store first + i, into day->cells and the rest; the days are the chain's, no more. */
void pl_chain_walk_next(PlChainWalk *walk, int i, PlChainDay *day);

/* One measure of one product (or PL_CHAIN_ALL) as a matrix, store by store: values[store * days + day]; NaN
 * where there are no data. Revenue is at shelf prices. The same for any number of threads. */
void pl_chain_values(const PlChain *chain, PlChainMeasure measure, int product, int threads, double *values);

/* A panel of all stores and days with the measures units and revenue, of one product or PL_CHAIN_ALL. */
PlPanel *pl_chain_panel(const PlChain *chain, int product, int threads);
