/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/calendar.h"
#include "pairlift/model/error.h"

/* What a simulated chain is like. Shares, rates and log scales are plain numbers (0.05 is 5 %). */

typedef enum {
    PL_NOISE_NORMAL,
    PL_NOISE_HEAVY,     /* Student's t with 3 degrees of freedom */
    PL_NOISE_LOGNORMAL, /* skewed to the right, as busy days are */
} PlNoise;

typedef struct {
    gint64 seed;
    PlDay start; /* the first day */
    int noise;   /* PlNoise */
    /* FALSE: units are not rounded to whole ones and no coupon is drawn for, which a study of many small
     * chains has no use for. Not an option of the command line. */
    gboolean whole;
    gboolean factorial;  /* four groups: nothing, the promotion, the price cut, both */
    const char *kind;    /* of pl_treatment_kinds; NULL: what the other options make it */
    char **arm_names;    /* of the treatments of groups, ends with NULL; NULL: T1, T2, ...; the caller's */
    gboolean attributes; /* the stores have a format and a place, even where nothing hangs on them */

    /* The fields below are the rows of pl_chain_keys, which has their ranges and meanings. */
    int stores, pairs, regions, products;
    int days, before, during, after; /* days 0: before + during + after */
    double units, size_sd, alike;
    double lift, lift_sd, dip;
    double price_cut, elasticity, price_sd;
    double coupon, redemption, reach, extra;
    int coupon_values;
    double coupon_to, coupon_slope, redemption_sd;
    double cannibalisation;
    double season, weekday, trend, trend_sd;
    double shock_sd, region_sd, noise_sd, autocorrelation, test_noise, product_sd;
    double gaps, closures;
    double basket, visit_share, visits_sd;
    double lift_gap, spillover, spillover_km;
    int arms;
    double arm_step, interaction;
    double margin, fixed_cost, cost_per_store;
} PlChainOptions;

/* One option: where it is kept, from where to where it may go, and what it means. The command line, its help,
 * the checks and the file of truths come from this table. */
typedef struct {
    const char *name; /* "lift-sd"; NULL ends the table */
    gboolean whole;   /* an int, else a double */
    gsize offset;     /* in PlChainOptions */
    double least, most;
    gboolean beyond; /* `least` itself is not allowed */
    const char *meaning;
} PlChainKey;

extern const PlChainKey pl_chain_keys[];
extern const char *const pl_noise_names[]; /* indexed by PlNoise, ends with NULL */

/* Forty stores in twenty pairs, a lift of 5 %, seed 1. */
PlChainOptions pl_chain_defaults(void);
double pl_chain_value(const PlChainOptions *options, const PlChainKey *key);

/* Settles what is left to be derived (days, pairs; arms of a factorial design) and checks every range and
 * what the options say together. PL_ERROR_USAGE names the option as the command line writes it, all faults in
 * one go. */
gboolean pl_chain_settle(PlChainOptions *options, GError **error) G_GNUC_WARN_UNUSED_RESULT;
