/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate.h"

#include "pairlift/design/chain.h"

/* A chain as `pairlift simulate` makes it, with n pairs of stores and nothing after the promotion. */
static PlChain *draw_chain(PlRng *rng, size_t pairs, double lift) {
    PlChainOptions o = pl_chain_defaults();
    o.seed = pl_rng_next(rng) >> 2;
    o.pairs = (int)pairs;
    o.stores = 2 * (int)pairs;
    o.whole = FALSE;
    o.lift = lift;
    return pl_chain_new(&o, NULL);
}

/* The mean sales of a store over a period, NaN days left out. */
static double mean_sales(const double *values, size_t days, int store, PlChainDays period) {
    double sum = 0, n = 0;
    for (int t = period.begin; t < period.end; t++) {
        double v = values[(size_t)store * days + (size_t)t];
        if (!isnan(v)) {
            sum += v;
            n++;
        }
    }
    return sum / n;
}

static const double *values_of(const PlChain *chain, size_t *days, PlArena *arena) {
    const PlChainOptions *o = pl_chain_options(chain);
    double *values = pl_arena_doubles(arena, (size_t)o->stores * (size_t)o->days);
    *days = (size_t)o->days;
    pl_chain_values(chain, PL_CHAIN_REVENUE, PL_CHAIN_ALL, 1, values);
    return values;
}

static void pairs(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    g_autoptr(PlChain) chain = draw_chain(rng, n, expm1(effect));
    size_t days;
    if (!chain)
        return;
    const double *values = values_of(chain, &days, arena);
    PlChainDays before = pl_chain_period(chain, PL_CHAIN_BEFORE),
                during = pl_chain_period(chain, PL_CHAIN_DURING);
    double *x = pl_arena_doubles(arena, n), *pre = pl_arena_doubles(arena, n);
    for (size_t i = 0; i < n; i++) {
        int test = pl_chain_test(chain, (int)i), control = pl_chain_control(chain, (int)i);
        pre[i] = log(mean_sales(values, days, test, before) / mean_sales(values, days, control, before));
        x[i] =
            log(mean_sales(values, days, test, during) / mean_sales(values, days, control, during)) - pre[i];
    }
    out->sample.rows = n;
    out->sample.roles[PL_X] = draw_numbers("effect", x);
    out->sample.roles[PL_PRE] = draw_numbers("pre", pre);
    out->truth = effect;
}

/* The mean test store against the mean control; the truth is left at 0, so only cells without effect count.
 */
static void series(PlRng *rng, size_t n, double effect, PlArena *arena, Experiment *out) {
    (void)effect;
    g_autoptr(PlChain) chain = draw_chain(rng, n, 0);
    size_t days, rows = 0;
    if (!chain)
        return;
    const double *values = values_of(chain, &days, arena);
    PlChainDays before = pl_chain_period(chain, PL_CHAIN_BEFORE),
                during = pl_chain_period(chain, PL_CHAIN_DURING);
    double *x = pl_arena_doubles(arena, days), *y = pl_arena_doubles(arena, days);
    size_t *time = pl_arena_sizes(arena, days);
    for (int t = before.begin; t < during.end; t++) {
        double test = 0, control = 0;
        for (size_t i = 0; i < n; i++) {
            test += values[(size_t)pl_chain_test(chain, (int)i) * days + (size_t)t] / (double)n;
            control += values[(size_t)pl_chain_control(chain, (int)i) * days + (size_t)t] / (double)n;
        }
        if (t == during.begin)
            out->during_begin = rows;
        if (isnan(test) || isnan(control))
            continue;
        x[rows] = test;
        y[rows] = control;
        time[rows] = rows;
        rows++;
    }
    out->during_end = rows;
    out->sample.rows = rows;
    out->sample.roles[PL_X] = draw_numbers("test", x);
    out->sample.roles[PL_Y] = draw_numbers("control", y);
    out->sample.roles[PL_TIME] = draw_levels("time", time, rows, arena);
}

static const Scenario of_pairs[] = {{"as simulate makes them", pairs}, {0}};
static const Scenario of_series[] = {{"as simulate makes them", series}, {0}};
static const char *const pair_methods[] = {"paired_t",      "sign_flip",    "signed_rank", "sign_test",
                                           "bootstrap_bca", "bayes_normal", "cuped",       NULL};
static const char *const series_methods[] = {"tbr", "tbr_ar1", NULL};
static const size_t pair_sizes[] = {3, 5, 8, 12, 20, 40, 0}, series_sizes[] = {1, 3, 8, 0};

const Study pl_study_chain = {"Simulated chains",
                              "Pairs of stores of chains that `pairlift simulate` makes: season, weekdays, "
                              "shocks in common, noise that\n"
                              "follows itself. `run` decides by `tbr_ar1` for one pair, by `paired_t` up to "
                              "7, by `sign_flip` up to 40.",
                              "pairs",
                              of_pairs,
                              pair_methods,
                              pair_sizes,
                              0.05,
                              .5,
                              "paired_t sign_flip"};
const Study pl_study_chain_series = {"Simulated chains over time",
                                     "The mean test store against the mean control store.",
                                     "pairs",
                                     of_series,
                                     series_methods,
                                     series_sizes,
                                     0,
                                     .5,
                                     "tbr_ar1"};
