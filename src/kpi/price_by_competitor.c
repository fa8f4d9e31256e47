/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/kpi/price_study.h"
#include "pairlift/model/numbers.h"

/* Competitors whose course is drawn; pairs of product and competitor that have a row. */
enum { DRAWN = 6, PAIRS_MOST = 20000 };

/* One tally a competitor, and one of all of them at the end: the mean of their prices. */
typedef struct {
    guint n;
    PlPriceTally *whole, *now, *by_period; /* [n + 1]; by_period [n][buckets] */
} Tallies;

static void tallies_clear(Tallies *t) {
    for (guint k = 0; k <= t->n; k++)
        g_array_unref(t->whole[k].ratios);
    g_free(t->whole);
    g_free(t->now);
    g_free(t->by_period);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tallies, tallies_clear)

static void fill(const PlPriceStudy *s, Tallies *t) {
    t->n = s->others->n_competitors;
    t->whole = g_new0(PlPriceTally, t->n + 1);
    t->now = g_new0(PlPriceTally, t->n + 1);
    t->by_period = g_new0(PlPriceTally, (gsize)t->n * s->buckets->n + 1);
    for (guint k = 0; k <= t->n; k++)
        t->whole[k].ratios = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < s->cells->n; i++) {
        const PlPriceCell *c = &s->cells->cell[i];
        guint n;
        const PlOtherPrice *other = pl_competitors_at(s->others, c->product, c->store, c->time, &n);
        for (guint k = 0; k <= n && n > 0; k++) {
            guint at = k < n ? other[k].competitor : t->n;
            double price = k < n ? other[k].price : pl_competitors_mean(other, n);
            pl_price_tally_add(&t->whole[at], c->price, price, c->units, c->revenue);
            if (c->time == s->now)
                pl_price_tally_add(&t->now[at], c->price, price, c->units, c->revenue);
            if (k < n)
                pl_price_tally_add(&t->by_period[(gsize)at * s->buckets->n + c->time], c->price, price,
                                   c->units, c->revenue);
        }
    }
}

static PlFinding *add(const PlPriceStudy *s, const char *competitor, const char *measure, const char *label,
                      PlAmount amount, double value, guint n) {
    PlFinding *f = pl_price_finding(s, measure, label, amount);
    if (competitor != NULL)
        pl_finding_of(f, "competitor", competitor, NULL);
    f->value = value;
    f->n = n;
    if (isnan(value))
        f->reason = g_strdup("there is no product and period with a price of both");
    return f;
}

static void add_now(const PlPriceStudy *s, const char *competitor, PlPriceTally *t) {
    PlFinding *f[] = {add(s, competitor, "price_index", "Price index against competitors", PL_AMOUNT_NUMBER,
                          pl_price_tally_index(t), t->n),
                      add(s, competitor, "price_gap", "Price gap to competitors, per unit sold",
                          PL_AMOUNT_MONEY, pl_price_tally_gap(t), t->n)};
    for (gsize i = 0; i < G_N_ELEMENTS(f); i++) {
        f[i]->period = g_strdup(s->buckets->names[s->now]);
        if (pl_kpi_is_target(s->run, f[i]->measure))
            pl_kpi_judge(s->run, f[i]);
    }
}

static double share(guint part, guint n) {
    return n > 0 ? (double)part / n : NAN;
}

static void add_whole(const PlPriceStudy *s, const char *competitor, PlPriceTally *t) {
    add(s, competitor, "price_index_overall", "Price index over the whole time", PL_AMOUNT_NUMBER,
        pl_price_tally_index(t), t->n);
    add(s, competitor, "price_index_unweighted", "Price index, every price alike", PL_AMOUNT_NUMBER,
        pl_price_tally_unweighted(t), t->n);
    add(s, competitor, "price_index_median", "Price index, the middle one", PL_AMOUNT_NUMBER,
        pl_price_tally_median(t), t->n);
    add(s, competitor, "price_gap_overall", "Price gap over the whole time, per unit sold", PL_AMOUNT_MONEY,
        pl_price_tally_gap(t), t->n);
    add(s, competitor, "share_below", "Prices below theirs", PL_AMOUNT_SHARE, share(t->below, t->n), t->n);
    add(s, competitor, "share_equal", "Prices equal to theirs", PL_AMOUNT_SHARE, share(t->equal, t->n), t->n);
    add(s, competitor, "share_above", "Prices above theirs", PL_AMOUNT_SHARE, share(t->above, t->n), t->n);
}

static void say(const PlPriceStudy *s, const char *competitor, const PlPriceTally *t) {
    if (t->n == 0)
        return;
    g_autofree char *below = pl_format_amount(share(t->below, t->n), NAN, PL_AMOUNT_SHARE, NULL),
                    *equal = pl_format_amount(share(t->equal, t->n), NAN, PL_AMOUNT_SHARE, NULL),
                    *above = pl_format_amount(share(t->above, t->n), NAN, PL_AMOUNT_SHARE, NULL),
                    *index = pl_format_amount(pl_price_tally_index(t), NAN, PL_AMOUNT_NUMBER, NULL);
    g_autofree char *prices = pl_format_count(t->n, "price", "prices");
    pl_section_say(s->run->section,
                   "Over the whole time, of %s held against %s%s, %s were below, %s equal and %s above; "
                   "weighted by revenue, ours were %s times theirs.",
                   prices, competitor != NULL ? "" : "the mean of the competitors' prices",
                   competitor != NULL ? competitor : "", below, equal, above, index);
}

static void add_curve(const PlPriceStudy *s, const char *competitor, const PlPriceTally *by_period) {
    PlCurve *c = pl_price_curve(s, "price_index_by_competitor", competitor,
                                "Price index against each competitor", PL_AMOUNT_NUMBER);
    for (guint i = 0; i < c->n; i++)
        c->y[i] = pl_price_tally_index(&by_period[s->begin + i]);
}

/* The index over the whole time by product and competitor, for kpis.csv. */
static void add_pairs(const PlPriceStudy *s) {
    gsize n_others = s->others->n_competitors, n = s->rows->n_products * n_others;
    if (n > PAIRS_MOST) {
        g_autofree char *pairs = pl_format_count(n, "pair", "pairs");
        pl_section_say(s->run->section, "%s of product and competitor are too many for an index of each.",
                       pairs);
        return;
    }
    g_autofree PlPriceTally *tally = g_new0(PlPriceTally, n + 1);
    for (guint i = 0; i < s->cells->n; i++) {
        const PlPriceCell *c = &s->cells->cell[i];
        guint m;
        const PlOtherPrice *other = pl_competitors_at(s->others, c->product, c->store, c->time, &m);
        for (guint k = 0; k < m; k++)
            pl_price_tally_add(&tally[c->product * n_others + other[k].competitor], c->price, other[k].price,
                               c->units, c->revenue);
    }
    for (gsize k = 0; k < n; k++) {
        if (tally[k].n == 0)
            continue;
        PlFinding *f =
            pl_price_finding(s, "price_index_overall", "Price index over the whole time", PL_AMOUNT_NUMBER);
        pl_finding_of(f, "product", s->rows->products[k / n_others], "competitor",
                      s->others->names[k % n_others], NULL);
        f->value = pl_price_tally_index(&tally[k]);
        f->n = tally[k].n;
        f->detail = TRUE;
    }
}

void pl_price_add_competitors(PlPriceStudy *s) {
    g_auto(Tallies) t = {0};
    fill(s, &t);
    if (t.whole[t.n].n == 0)
        return; /* the headline says why */
    for (guint k = 0; k < t.n; k++)
        add_now(s, s->others->names[k], &t.now[k]);
    add_whole(s, NULL, &t.whole[t.n]);
    for (guint k = 0; k < t.n; k++)
        add_whole(s, s->others->names[k], &t.whole[k]);
    add_pairs(s);
    for (guint k = 0; k < t.n && t.n <= DRAWN; k++)
        say(s, s->others->names[k], &t.whole[k]);
    if (t.n > DRAWN)
        say(s, NULL, &t.whole[t.n]);
    for (guint k = 0; k < MIN(t.n, DRAWN); k++)
        add_curve(s, s->others->names[k], &t.by_period[(gsize)k * s->buckets->n]);
}
