/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chain_case.h"

#include <string.h>

#include "pairlift/stats/moments.h"

/* Everything at once, small. */
static PlChainOptions busy(void) {
    PlChainOptions o = pl_chain_defaults();
    o.stores = 71;
    o.pairs = 30;
    o.products = 3;
    o.days = 120;
    o.price_cut = o.price_sd = 0.1;
    o.coupon = 0.5;
    o.cannibalisation = 0.3;
    o.lift_sd = o.trend_sd = 0.1;
    o.gaps = o.closures = 0.05;
    return o;
}

Test(design_chain, the_same_seed_gives_the_same_values_for_any_number_of_threads_and_another_seed_others) {
    PlChainOptions o = busy(), other = busy();
    other.seed = 2;
    g_autoptr(PlChain) chain = must_make(&o), again = must_make(&o), differs = must_make(&other);
    gsize n = (gsize)o.stores * (gsize)o.days;
    g_autofree double *one = g_new(double, n), *more = g_new(double, n);
    pl_chain_values(chain, PL_CHAIN_REVENUE, PL_CHAIN_ALL, 1, one);
    for (int threads = 1; threads <= 3; threads++) {
        pl_chain_values(again, PL_CHAIN_REVENUE, PL_CHAIN_ALL, threads, more);
        cr_expect(memcmp(one, more, n * sizeof *one) == 0, "%d threads", threads);
    }
    pl_chain_values(differs, PL_CHAIN_REVENUE, PL_CHAIN_ALL, 1, more);
    guint same = 0;
    for (gsize i = 0; i < n; i++)
        same += one[i] == more[i];
    cr_expect(lt(u32, same, (guint)n / 20));
}

Test(design_chain, a_store_on_its_own_is_what_it_is_among_all) {
    PlChainOptions o = busy();
    g_autoptr(PlChain) chain = must_make(&o);
    g_autofree double *values = values_of(chain, PL_CHAIN_UNITS);
    g_autoptr(PlChainWalk) walk = pl_chain_walk_new(chain, 17, 2, FALSE);
    PlChainCell cells[3];
    PlChainDay day = {.cells = cells};
    for (int t = 0; t < o.days; t++) {
        pl_chain_walk_next(walk, 1, &day);
        double value = values[18 * o.days + t];
        cr_assert(eq(int, day.open, !isnan(value)));
        if (day.open)
            cr_assert(eq(dbl, cells[0].units + cells[1].units + cells[2].units, value));
    }
}

/* The expectations of a walk without noise are those of one with it: the truth is that of the data. */
Test(design_chain, expectations_are_the_same_with_and_without_noise) {
    PlChainOptions o = busy();
    g_autoptr(PlChain) chain = must_make(&o);
    g_autoptr(PlChainWalk) noisy = pl_chain_walk_new(chain, 0, o.stores, FALSE),
                           plain = pl_chain_walk_new(chain, 0, o.stores, TRUE);
    PlChainCell a[3], b[3];
    PlChainDay x = {.cells = a}, y = {.cells = b};
    for (int s = 0; s < o.stores; s++)
        for (int t = 0; t < o.days; t++) {
            pl_chain_walk_next(noisy, s, &x);
            pl_chain_walk_next(plain, s, &y);
            cr_assert(eq(int, x.open, y.open));
            for (int p = 0; x.open && p < 3; p++) {
                cr_assert(eq(dbl, a[p].with, b[p].with));
                cr_assert(eq(dbl, a[p].without, b[p].without));
                cr_assert(eq(int, a[p].cents, b[p].cents));
            }
            cr_assert(eq(u32, x.distributed, y.distributed));
        }
}

Test(design_chain, a_still_chain_sells_what_it_is_told_to) {
    PlChainOptions o = still();
    g_autoptr(PlChain) chain = must_make(&o);
    g_autofree double *values = values_of(chain, PL_CHAIN_UNITS);
    for (int i = 0; i < o.stores * 98; i++)
        cr_assert(epsilon_eq(dbl, values[i], 100.0, 1e-9));
}

/* Without noise the effect of every pair is the lift, whatever moves pair and chain together. */
Test(design_chain, lift_and_dip_are_those_of_the_options) {
    PlChainOptions o = still();
    o.lift = 0.08;
    o.dip = 0.03;
    o.size_sd = 0.5;
    o.season = 0.3;
    o.weekday = 1;
    o.shock_sd = o.region_sd = 0.1;
    o.trend = 0.2;
    g_autoptr(PlChain) chain = must_make(&o);
    g_autofree double *units = values_of(chain, PL_CHAIN_UNITS),
                      *revenue = values_of(chain, PL_CHAIN_REVENUE);
    for (int pair = 0; pair < 20; pair++) {
        cr_expect(epsilon_eq(dbl, effect_of(units, chain, pair, PL_CHAIN_DURING), log(1.08), 1e-12));
        cr_expect(epsilon_eq(dbl, effect_of(revenue, chain, pair, PL_CHAIN_DURING), log(1.08), 1e-12));
        cr_expect(epsilon_eq(dbl, effect_of(units, chain, pair, PL_CHAIN_AFTER), log(0.97), 1e-12));
    }
}

Test(design_chain, a_price_cut_sells_more_by_the_elasticity) {
    PlChainOptions o = still();
    o.price_cut = 0.2;
    o.elasticity = -1.5;
    g_autoptr(PlChain) chain = must_make(&o);
    g_autofree double *units = values_of(chain, PL_CHAIN_UNITS),
                      *revenue = values_of(chain, PL_CHAIN_REVENUE);
    double u = effect_of(units, chain, 3, PL_CHAIN_DURING), r = effect_of(revenue, chain, 3, PL_CHAIN_DURING);
    double price = r - u; /* shelf prices are whole cents */
    cr_expect(epsilon_eq(dbl, price, log(0.8), 0.01));
    cr_expect(epsilon_eq(dbl, u, -1.5 * price, 1e-12));
}

/* On the log scale, sales of a store follow its prices along the elasticity exactly when nothing else moves.
 */
Test(design_chain, weekly_prices_move_units_along_the_elasticity) {
    PlChainOptions o = still();
    o.price_sd = 0.1;
    o.elasticity = -2.5;
    g_autoptr(PlChain) chain = must_make(&o);
    g_autofree double *units = values_of(chain, PL_CHAIN_UNITS),
                      *revenue = values_of(chain, PL_CHAIN_REVENUE);
    double sum = 0, squares = 0, n = 0;
    for (int s = 0; s < o.stores; s++)
        for (int t = 7; t < 98; t += 7) {
            int i = s * 98 + t;
            double up = log(units[i] / units[i - 1]),
                   price = log(revenue[i] / units[i] * units[i - 1] / revenue[i - 1]);
            cr_assert(epsilon_eq(dbl, up, -2.5 * price, 1e-9));
            cr_assert(eq(dbl, units[i], units[i + 6]));
            sum += price;
            squares += price * price;
            n++;
        }
    cr_expect(epsilon_eq(dbl, sum / n, 0.0, 5 * 0.1414 / sqrt(n)));
    cr_expect(epsilon_eq(dbl, sqrt(squares / n), 0.1414, 0.01));
}

Test(design_chain, the_week_has_its_pattern_and_a_mean_of_one) {
    PlChainOptions o = still();
    o.weekday = 1;
    g_autoptr(PlChain) chain = must_make(&o);
    g_autofree double *values = values_of(chain, PL_CHAIN_UNITS);
    static const double week[] = {86, 84, 90, 98, 116, 132, 94}; /* 2024-01-01 was a Monday */
    double sum = 0;
    for (int t = 0; t < 7; t++) {
        cr_expect(epsilon_eq(dbl, values[t], week[t], 1e-9));
        cr_expect(epsilon_eq(dbl, values[t + 7], week[t], 1e-9));
        sum += values[t];
    }
    cr_expect(epsilon_eq(dbl, sum / 7, 100.0, 1e-9));
}

/* Series of the control stores' noise, pooled: mean, sd, lag-1 autocorrelation. */
typedef struct {
    double mean, sd, lag1, beyond_4, skewness;
} Moments;

static Moments moments_of(const PlChainOptions *o, gboolean test) {
    g_autoptr(PlChain) chain = must_make(o);
    g_autofree double *values = values_of(chain, PL_CHAIN_UNITS);
    const int days = pl_chain_options(chain)->days;
    double n = 0, s1 = 0, s2 = 0, s3 = 0, cross = 0, beyond = 0;
    for (int s = 0; s < o->stores; s++)
        for (int t = 0; t < days && pl_chain_is_test(chain, s) == test; t++) {
            double e = values[s * days + t] / 100 - 1;
            n++;
            s1 += e;
            s2 += e * e;
            s3 += e * e * e;
            cross += t ? e * (values[s * days + t - 1] / 100 - 1) : 0;
            beyond += fabs(e) > 4 * o->noise_sd;
        }
    double sd = sqrt(s2 / n);
    return (Moments){s1 / n, sd, cross / s2, beyond / n, s3 / n / (sd * sd * sd)};
}

static PlChainOptions noisy(int noise) {
    PlChainOptions o = still();
    o.stores = 200;
    o.days = 1000;
    o.noise = noise;
    o.noise_sd = 0.1;
    o.autocorrelation = 0.6;
    return o;
}

Test(design_chain, noise_has_its_standard_deviation_and_autocorrelation) {
    PlChainOptions o = noisy(PL_NOISE_NORMAL);
    Moments m = moments_of(&o, FALSE);
    cr_expect(epsilon_eq(dbl, m.mean, 0.0, 0.003));
    cr_expect(epsilon_eq(dbl, m.sd, 0.1, 0.002));
    cr_expect(epsilon_eq(dbl, m.lag1, 0.6, 0.015));
    cr_expect(epsilon_eq(dbl, m.skewness, 0.0, 0.05));
    cr_expect(lt(dbl, m.beyond_4, 0.0003));
}

Test(design_chain, heavy_tails_are_heavy_and_log_normal_noise_is_skewed) {
    PlChainOptions heavy = noisy(PL_NOISE_HEAVY), skewed = noisy(PL_NOISE_LOGNORMAL);
    heavy.autocorrelation = skewed.autocorrelation = 0;
    Moments h = moments_of(&heavy, FALSE), s = moments_of(&skewed, FALSE);
    /* P(|t3| > 4 sqrt 3) = 0.0062 */
    cr_expect(epsilon_eq(dbl, h.beyond_4, 0.0062, 0.0015));
    cr_expect(epsilon_eq(dbl, h.sd, 0.1, 0.01));
    cr_expect(gt(dbl, s.skewness, 2.0));
    cr_expect(epsilon_eq(dbl, s.sd, 0.1, 0.005));
    cr_expect(epsilon_eq(dbl, s.mean, 0.0, 0.003));
}

Test(design_chain, test_stores_can_be_noisier) {
    PlChainOptions o = noisy(PL_NOISE_NORMAL);
    o.test_noise = 3;
    o.noise_sd = 0.05;
    Moments test = moments_of(&o, TRUE), control = moments_of(&o, FALSE);
    cr_expect(epsilon_eq(dbl, test.sd, 0.15, 0.004));
    cr_expect(epsilon_eq(dbl, control.sd, 0.05, 0.002));
}

Test(design_chain, whole_units_have_the_mean_of_the_real_numbers) {
    PlChainOptions o = still();
    o.whole = TRUE;
    o.units = 3.3;
    o.stores = 200;
    g_autoptr(PlChain) chain = must_make(&o);
    g_autofree double *values = values_of(chain, PL_CHAIN_UNITS);
    double sum = 0, n = 200 * 98;
    for (int i = 0; i < (int)n; i++) {
        cr_assert(values[i] == 3 || values[i] == 4);
        sum += values[i];
    }
    cr_expect(epsilon_eq(dbl, sum / n, 3.3, 5 * sqrt(0.21 / n)));
}

Test(design_chain, stores_of_a_pair_are_alike_and_share_their_region) {
    PlChainOptions o = still();
    o.stores = 4000;
    o.before = o.during = 1;
    o.after = 0;
    o.size_sd = 0.5;
    o.alike = 0.8;
    g_autoptr(PlChain) chain = must_make(&o);
    g_autofree double *values = values_of(chain, PL_CHAIN_UNITS);
    double cross = 0, squares = 0;
    for (int pair = 0; pair < 2000; pair++) {
        int test = pl_chain_test(chain, pair), control = pl_chain_control(chain, pair);
        double a = log(values[2 * test] / 100), b = log(values[2 * control] / 100);
        cross += a * b;
        squares += (a * a + b * b) / 2;
        cr_assert(eq(int, pl_chain_region(chain, test), pl_chain_region(chain, control)));
        cr_assert(pl_chain_is_test(chain, test) && !pl_chain_is_test(chain, control));
        cr_assert(eq(int, pl_chain_pair(chain, test), pair));
        cr_assert(eq(int, pl_chain_pair(chain, control), pair));
    }
    cr_expect(epsilon_eq(dbl, cross / squares, 0.8, 5 * 0.36 / sqrt(2000)));
    cr_expect(epsilon_eq(dbl, sqrt(squares / 2000), 0.5, 0.04));
}

Test(design_chain, gaps_and_closures_come_at_their_rates_and_leave_a_day_of_every_period) {
    PlChainOptions o = still();
    o.stores = 1000;
    o.gaps = 0.1;
    g_autoptr(PlChain) gappy = must_make(&o);
    o.gaps = 0;
    o.closures = 0.3;
    g_autoptr(PlChain) closing = must_make(&o);
    g_autofree double *a = values_of(gappy, PL_CHAIN_UNITS), *b = values_of(closing, PL_CHAIN_UNITS);
    double gaps = 0, closed = 0;
    for (int s = 0; s < 1000; s++) {
        int days = 0;
        for (int t = 0; t < 98; t++) {
            gaps += isnan(a[s * 98 + t]);
            days += isnan(b[s * 98 + t]);
        }
        cr_assert(le(int, days, 9)); /* a third of the promotion */
        closed += days > 0;
        for (int t = 0; t < 98; t += t == 0 ? 56 : 28)
            cr_assert(a[s * 98 + t] > 0 && b[s * 98 + t] > 0);
    }
    cr_expect(epsilon_eq(dbl, gaps / 98000, 0.1 * 95 / 98, 5 * 0.3 / sqrt(98000)));
    cr_expect(epsilon_eq(dbl, closed / 1000, 0.3, 5 * 0.46 / sqrt(1000)));
}

Test(design_chain, a_panel_holds_the_same_values) {
    PlChainOptions o = busy();
    g_autoptr(PlChain) chain = must_make(&o);
    g_autofree double *units = values_of(chain, PL_CHAIN_UNITS),
                      *revenue = values_of(chain, PL_CHAIN_REVENUE);
    g_autoptr(PlPanel) panel = pl_chain_panel(chain, PL_CHAIN_ALL, 2);
    cr_assert(eq(u32, panel->n_stores, 71));
    cr_assert(eq(u32, panel->n_times, 120));
    cr_expect_str_eq(panel->stores[0], "S01");
    cr_expect_str_eq(panel->stores[70], "S71");
    for (guint s = 0; s < 71; s++)
        for (guint t = 0; t < 120; t++) {
            double u = NAN, r = NAN;
            gboolean has = pl_panel_get(panel, s, t, 0, &u) && pl_panel_get(panel, s, t, 1, &r);
            cr_assert(eq(int, has, !isnan(units[s * 120 + t])));
            cr_assert(has == 0 || (u == units[s * 120 + t] && r == revenue[s * 120 + t]));
        }
}
