/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/cycle_survival.h"

#include <math.h>
#include <string.h>

#include "pairlift/kpi/cycle_show.h"
#include "pairlift/kpi/survival_curve.h"
#include "pairlift/model/numbers.h"

/* Days by which the share won is shown. */
static const int horizons[] = {30, 60, 90};

PlLifetime *pl_cycle_lifetimes(const PlDeals *d, const PlDealSet *set) {
    PlLifetime *all = g_new(PlLifetime, set->n + 1);
    for (guint k = 0; k < set->n; k++) {
        guint deal = set->at[k];
        all[k] = (PlLifetime){d->days[deal], d->state[deal] != PL_DEAL_OPEN, d->state[deal]};
    }
    return all;
}

static PlFinding *add_row(const PlDeals *d, const PlDealSet *set, const char *measure, const char *label,
                          PlAmount amount) {
    PlFinding *f = pl_section_add(d->run->section, NULL, measure, label, amount);
    if (set->role != NULL)
        pl_finding_of(f, set->role, set->value, NULL);
    f->conf_level = d->run->conf_level;
    f->n = set->n;
    return f;
}

static void add_median(const PlDeals *d, const PlDealSet *set, const PlSurvivalCurve *curve) {
    PlFinding *f =
        add_row(d, set, "median_days_with_open", "Median days to close, open deals counted", PL_AMOUNT_TOTAL);
    f->unit = g_strdup(d->unit);
    if (!curve->has_median) {
        f->reason = g_strdup("more than half of the deals are still open as far as they could be observed");
        return;
    }
    f->value = curve->median;
    if (set->n == 1) {
        f->reason = g_strdup("a single deal has no interval");
        return;
    }
    f->conf_low = curve->has_median_low ? curve->median_low : NAN;
    f->conf_high = isfinite(curve->median_high) ? curve->median_high : NAN;
    if (isnan(f->conf_high))
        f->reason = g_strdup("too few deals were observed for long enough: the upper limit is not known");
}

static void add_share(const PlDeals *d, const PlDealSet *set, const PlIncidenceCurve *curve,
                      const PlLifetime *all, int horizon) {
    g_autofree char *measure = g_strdup_printf("won_by_%d_days", horizon),
                    *label = g_strdup_printf("Won within %d days of opening", horizon);
    PlFinding *f = add_row(d, set, measure, label, PL_AMOUNT_SHARE);
    PlIncidenceAt at;
    f->detail = set->role != NULL;
    pl_incidence_at(curve, all, horizon, &at);
    if (!at.estimable) {
        f->reason = g_strdup_printf("no deal was observed for %d days", horizon);
        return;
    }
    f->value = at.incidence;
    f->std_error = at.std_error;
    if (at.has_interval && set->n > 1) {
        f->conf_low = at.low;
        f->conf_high = at.high;
    } else {
        f->reason = g_strdup(at.incidence > 0 ? "all deals are won: no interval"
                                              : "no deal is won so early: no interval");
    }
}

static gboolean knows_outcomes(const PlDeals *d) {
    return d->n_state[PL_DEAL_WON] + d->n_state[PL_DEAL_LOST] > 0;
}

static void label_curve(const PlDeals *d, PlCurve *c, const char *y_label) {
    c->x_label = g_strdup_printf("%s since opening", d->unit);
    c->y_label = g_strdup(y_label);
}

static void add_incidence(const PlDeals *d, const PlDealSet *set, const PlLifetime *all, PlArena *arena) {
    PlIncidenceCurve curve;
    if (!knows_outcomes(d))
        return;
    for (PlDealState state = PL_DEAL_WON; state <= PL_DEAL_LOST; state++) {
        if (pl_incidence(all, set->n, state, d->run->conf_level, arena, &curve) != PL_OK)
            continue;
        if (set->role == NULL) {
            PlCurve *c = pl_curve_of_incidence(d->run->section, "cycle_outcome", &curve);
            c->group = g_strdup(pl_deal_states[state]);
            label_curve(d, c, "Share of all deals opened");
        }
        for (gsize h = 0; state == PL_DEAL_WON && h < G_N_ELEMENTS(horizons); h++)
            if (strcmp(d->unit, "days") == 0)
                add_share(d, set, &curve, all, horizons[h]);
    }
}

static char *text_of(const PlFinding *f) {
    return f == NULL || isnan(f->value) ? NULL : pl_format_finding(f);
}

static void say_all(const PlDeals *d) {
    PlSection *s = d->run->section;
    const PlFinding *with = pl_section_find(s, NULL, "median_days_with_open"),
                    *closed = pl_section_find(s, NULL, "median_days");
    g_autofree char *open = pl_format_count(d->n_state[PL_DEAL_OPEN], "deal was", "deals were"),
                    *as_of = pl_deals_as_of(d), *all = text_of(with), *done = text_of(closed);
    if (d->n_state[PL_DEAL_OPEN] > 0 && all != NULL)
        pl_section_say(
            s,
            "On %s, %s still open. Counted as not closed yet, they put the median at %s from opening "
            "to closing; of the closed deals alone it is %s.",
            as_of, open, all, done != NULL ? done : "not known");
    else if (d->n_state[PL_DEAL_OPEN] > 0)
        pl_section_say(s,
                       "On %s, %s still open; counted as not closed yet, fewer than half of all deals have "
                       "closed as far as they could be observed.",
                       as_of, open);
    g_autofree char *a = text_of(pl_section_find(s, NULL, "won_by_30_days")),
                    *b = text_of(pl_section_find(s, NULL, "won_by_60_days")),
                    *c = text_of(pl_section_find(s, NULL, "won_by_90_days"));
    if (a != NULL && b != NULL && c != NULL)
        pl_section_say(s,
                       "Of all deals opened, %s are won within 30 days, %s within 60 and %s within 90; "
                       "deals that are still open count as long as they were observed.",
                       a, b, c);
}

/* What the two charts of all deals show. */
static void title_curves(const PlDeals *d) {
    PlSection *s = d->run->section;
    const PlFinding *half = pl_section_find(s, NULL, "median_days_with_open"),
                    *won = pl_section_find(s, NULL, "won_by_90_days");
    for (guint i = 0; i < s->curves->len; i++) {
        PlCurve *c = g_ptr_array_index(s->curves, i);
        const PlFinding *f = strcmp(c->name, "cycle_survival") == 0 && c->group == NULL  ? half
                             : strcmp(c->name, "cycle_outcome") == 0 && c->title == NULL ? won
                                                                                         : NULL;
        if (f == NULL || isnan(f->value))
            continue;
        g_autofree char *value =
            pl_format_amount(f->value, (f->conf_high - f->conf_low) / 2, f->amount, f->unit);
        c->title = f == half
                       ? g_strdup_printf("Half of all deals are closed after %s, open ones counted", value)
                       : g_strdup_printf("Of all deals opened, %s are won within 90 days", value);
    }
}

static PlCurve *add_curve(const PlDeals *d, const PlDealSet *set, const PlSurvivalCurve *curve) {
    PlCurve *c = pl_curve_of_survival(d->run->section, "cycle_survival", curve);
    c->group = g_strdup(set->value);
    label_curve(d, c, "Share of deals still open");
    return c;
}

void pl_cycle_survival(const PlDeals *d, const PlDealSet *set) {
    g_autofree PlLifetime *all = pl_cycle_lifetimes(d, set);
    PlArena arena = {0};
    PlSurvivalCurve curve;
    if (pl_kaplan_meier(all, set->n, d->run->conf_level, &arena, &curve) == PL_OK) {
        add_median(d, set, &curve);
        if (set->role == NULL)
            (void)add_curve(d, set, &curve);
        add_incidence(d, set, all, &arena);
        if (set->role == NULL) {
            say_all(d);
            title_curves(d);
        }
    }
    pl_arena_clear(&arena);
}

void pl_cycle_curves(const PlDeals *d, const PlDealSets *sets, const guint *size) {
    g_autofree gboolean *drawn =
        pl_cycle_drawn(d->run->section, "closing_rate_against_rest", sets->groups, size);
    guint without = pl_cycle_not_drawn(drawn, size, sets->n);
    PlArena arena = {0};
    for (guint g = 0; g < sets->n; g++) {
        PlSurvivalCurve curve;
        g_autofree PlLifetime *own = drawn[g] ? pl_cycle_lifetimes(d, &sets->sets[g]) : NULL;
        if (own == NULL || pl_kaplan_meier(own, sets->sets[g].n, d->run->conf_level, &arena, &curve) != PL_OK)
            continue;
        add_curve(d, &sets->sets[g], &curve)->not_drawn = without;
        without = 0;
    }
    pl_arena_clear(&arena);
}

/* Lifetimes with the index of their set, ascending; `won`: of won deals only. */
static PlLifetime *of_sets(const PlDeals *d, const PlDealSets *sets, gboolean won, gsize *n) {
    PlLifetime *all = g_new(PlLifetime, d->n + 1);
    *n = 0;
    for (guint k = 0; k < d->n; k++) {
        guint g = sets->groups->of_row[d->row[k]];
        if (g == PL_NO_LEVEL || (won && d->state[k] != PL_DEAL_WON))
            continue;
        all[(*n)++] = (PlLifetime){d->days[k], d->state[k] != PL_DEAL_OPEN, g};
    }
    return all;
}

static void say_rates(const PlAgainst *of, const PlAgainstSummary *sum) {
    g_autofree char *faster = pl_against_names(of, of->more), *slower = pl_against_names(of, of->less),
                    *count = pl_against_count(sum->n_compared, of->role);
    PlSection *s = of->run->section;
    if (sum->n_compared < 2)
        return;
    if (faster == NULL && slower == NULL) {
        pl_section_say(s,
                       "Of %s compared, none closes deals clearly faster or slower than the others taken "
                       "together; that does not show that they are alike.",
                       count);
        return;
    }
    pl_section_say(s,
                   "Of %s compared with the others taken together, counting open deals, clearly faster to "
                   "close: %s; clearly slower: %s (deals closed a day in relation to the others; p adjusted "
                   "for the number compared).",
                   count, faster != NULL ? faster : "none", slower != NULL ? slower : "none");
}

void pl_cycle_closing_rates(const PlDeals *d, const PlDealSets *sets) {
    PlAgainst of = {.run = d->run,
                    .measure = "closing_rate_against_rest",
                    .label = "Closing rate against the others",
                    .more = "faster",
                    .less = "slower",
                    .role = sets->groups->name,
                    .values = sets->groups->values,
                    .n = sets->n};
    gsize n;
    g_autofree PlLifetime *all = of_sets(d, sets, FALSE, &n);
    PlAgainstSummary sum = pl_against_logrank(&of, all, n);
    say_rates(&of, &sum);
    g_autofree PlLifetime *won = of_sets(d, sets, TRUE, &n);
    of.outcome = "won";
    of.detail = TRUE;
    sum = pl_against_logrank(&of, won, n);
    if (sum.n_compared < 2)
        return;
    g_autofree char *faster = pl_against_names(&of, of.more), *slower = pl_against_names(&of, of.less);
    if (faster != NULL || slower != NULL)
        pl_section_say(d->run->section, "Of won deals alone, clearly faster: %s; clearly slower: %s.",
                       faster != NULL ? faster : "none", slower != NULL ? slower : "none");
    else
        pl_section_say(d->run->section, "Of won deals alone, no %s is clearly faster or slower.", of.role);
}
