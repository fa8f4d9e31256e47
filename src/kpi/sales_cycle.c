/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/kpi/against.h"
#include "pairlift/kpi/cycle_against_churn.h"
#include "pairlift/kpi/cycle_alike.h"
#include "pairlift/kpi/cycle_churn.h"
#include "pairlift/kpi/cycle_measures.h"
#include "pairlift/kpi/cycle_show.h"
#include "pairlift/kpi/cycle_survival.h"
#include "pairlift/kpi/cycle_trend.h"
#include "pairlift/model/numbers.h"
#include "pairlift/stats/groups.h"

static const char *const own_groups[] = {"rep", "product", NULL};

/* The measures of all deals. */
static void add_all(const PlDeals *d, const PlDealSet *all) {
    for (const PlCycleMeasure *m = pl_cycle_measures; m->name != NULL; m++)
        pl_cycle_add(d, all, m, PL_N_DEAL_STATES);
    PlFinding *open =
        pl_section_add(d->run->section, NULL, "open_deals", "Deals still open", PL_AMOUNT_TOTAL);
    open->value = d->n_state[PL_DEAL_OPEN];
    open->n = d->n;
    open->unit = g_strdup("deals");
}

/* The days of won and of lost deals; after the rows of groups, which are more to be looked at. */
static void add_outcomes(const PlDeals *d, const PlDealSet *all) {
    if (d->n_state[PL_DEAL_WON] + d->n_state[PL_DEAL_LOST] == 0)
        return;
    for (const PlCycleMeasure *m = pl_cycle_measures; m->name != NULL; m++)
        for (PlDealState state = PL_DEAL_WON; m->by_outcome && state <= PL_DEAL_LOST; state++)
            pl_cycle_add(d, all, m, state);
}

static PlFinding *add_difference(const PlDeals *d, const char *measure, const char *label,
                                 const PlInference *in) {
    PlFinding *f = pl_section_add(d->run->section, NULL, measure, label, PL_AMOUNT_UNITS);
    f->unit = g_strdup(d->unit);
    f->value = in->estimate;
    f->conf_low = in->conf_low;
    f->conf_high = in->conf_high;
    f->conf_level = in->conf_level;
    f->p_value = in->p_value;
    f->n = (guint)in->n;
    return f;
}

static void say_difference(const PlDeals *d, const PlFinding *f) {
    g_autofree char *size = pl_format_amount_size(fabs(f->value), (f->conf_high - f->conf_low) / 2,
                                                  PL_AMOUNT_TOTAL, d->unit),
                    *p = pl_format_p_is(f->p_value);
    if (f->p_value > 1 - f->conf_level)
        pl_section_say(d->run->section, "Won and lost deals do not clearly differ in their mean %s (%s).",
                       d->unit, p);
    else
        pl_section_say(d->run->section, "Won deals take %s %s than lost ones, on average (%s).", size,
                       f->value > 0 ? "longer" : "less", p);
}

/* Won against lost deals: the difference of the mean days by Welch's test, and the shift by the ranks, which
 * a few very long deals do not move. */
static void compare_outcomes(const PlDeals *d, const PlDealSet *all) {
    PlArena arena = {0};
    PlInference in;
    PlInferenceOptions options = {.conf_level = d->run->conf_level, .threads = 1};
    guint n_won, n_lost;
    g_autofree double *won = pl_cycle_closed_days(d, all, PL_DEAL_WON, &n_won),
                      *lost = pl_cycle_closed_days(d, all, PL_DEAL_LOST, &n_lost);
    if (n_won > 1 && n_lost > 1 && pl_welch_t(won, n_won, lost, n_lost, &options, &arena, &in) == PL_OK) {
        PlFinding *f = add_difference(d, "won_minus_lost_days", "Mean days of won less lost deals", &in);
        f->std_error = in.std_error;
        say_difference(d, f);
    }
    if (n_won > 1 && n_lost > 1 && pl_rank_sum(won, n_won, lost, n_lost, &options, &arena, &in) == PL_OK)
        add_difference(d, "won_minus_lost_rank_test", "Days of won less lost deals, by ranks", &in)->detail =
            TRUE;
    pl_arena_clear(&arena);
}

static void say_win_rates(const PlAgainst *of, const PlAgainstSummary *sum) {
    g_autofree char *more = pl_against_names(of, of->more), *less = pl_against_names(of, of->less),
                    *count = pl_against_count(sum->n_compared, of->role);
    if (sum->n_compared < 2)
        return;
    if (more == NULL && less == NULL)
        pl_section_say(
            of->run->section,
            "Of %s compared, none wins a clearly higher or lower share of its deals than the others "
            "taken together; that does not show that they are alike.",
            count);
    else
        pl_section_say(of->run->section,
                       "Of %s compared with the others taken together, clearly higher win rates: %s; clearly "
                       "lower: %s (p adjusted for the number compared).",
                       count, more != NULL ? more : "none", less != NULL ? less : "none");
}

static void compare_win_rates(const PlDeals *d, const PlDealSets *sets) {
    PlAgainst of = {.run = d->run,
                    .measure = "win_rate_against_rest",
                    .label = "Win rate against the others",
                    .more = "higher",
                    .less = "lower",
                    .role = sets->groups->name,
                    .values = sets->groups->values,
                    .n = sets->n};
    g_autoptr(GArray) trials = g_array_new(FALSE, FALSE, sizeof(PlAgainstTrials));
    if (d->n_state[PL_DEAL_WON] + d->n_state[PL_DEAL_LOST] == 0)
        return;
    for (guint g = 0; g < sets->n; g++) {
        guint n;
        g_autofree PlDealTally *tallies = pl_deal_tallies(d, &sets->sets[g], &n);
        for (guint i = 0; i < n; i++) {
            PlAgainstTrials t = {g, tallies[i].customer, tallies[i].won, tallies[i].closed};
            g_array_append_val(trials, t);
        }
    }
    PlAgainstSummary sum = pl_against_rates(&of, (const PlAgainstTrials *)(gconstpointer)trials->data,
                                            trials->len, d->customer != NULL ? d->n_customers : 0);
    say_win_rates(&of, &sum);
}

static void say_too_many(const PlDeals *d, const PlDealSets *sets) {
    g_autofree char *count = pl_against_count(sets->n, sets->groups->name);
    pl_section_say(d->run->section,
                   "%s are too many to be compared with each other (at most %d): group by something coarser.",
                   count, PL_AGAINST_MOST);
}

/* What is not known of all deals, for which a row says why, is not said again of each group. */
static gboolean is_known(const PlDeals *d, const PlCycleMeasure *m) {
    const PlFinding *all = pl_section_find(d->run->section, NULL, m->name);
    return all != NULL && !isnan(all->value);
}

/* All measures by one column. */
static void add_groups(const PlDeals *d, const char *name) {
    PlKpiGroups *groups = pl_kpi_groups_new(d->run->study, d->records, name);
    if (groups == NULL)
        return;
    g_autoptr(PlDealSets) sets = pl_deal_sets_by(d, groups);
    g_autofree guint *size = g_new(guint, sets->n + 1);
    for (guint g = 0; g < sets->n; g++)
        size[g] = sets->sets[g].n;
    g_autofree gboolean *shown = pl_cycle_largest(size, sets->n, PL_CYCLE_ROWS_MOST);
    gboolean outcomes = d->n_state[PL_DEAL_WON] + d->n_state[PL_DEAL_LOST] > 0;
    for (const PlCycleMeasure *m = pl_cycle_measures; m->name != NULL; m++)
        for (guint g = 0; g < sets->n && is_known(d, m); g++) {
            if (size[g] == 0)
                continue;
            pl_cycle_add(d, &sets->sets[g], m, PL_N_DEAL_STATES)->detail = !shown[g];
            for (PlDealState state = PL_DEAL_WON; outcomes && m->by_outcome && state <= PL_DEAL_LOST; state++)
                pl_cycle_add(d, &sets->sets[g], m, state)->detail = TRUE;
        }
    for (guint g = 0; g < sets->n; g++)
        if (size[g] > 0)
            pl_cycle_survival(d, &sets->sets[g]);
    if (sets->n <= PL_AGAINST_MOST) {
        pl_cycle_closing_rates(d, sets);
        compare_win_rates(d, sets);
    } else {
        say_too_many(d, sets);
    }
    pl_cycle_curves(d, sets, size);
}

/* Returns who closes fast and loses customers, as pl_cycle_against_churn, with the role before it. */
static char *add_churn(const PlDeals *d, const PlPurchases *p, GStrv by) {
    g_autofree char *both = NULL;
    g_auto(GStrv) names = pl_kpi_by(d->run, p->records, own_groups);
    pl_cycle_churn(d, p);
    for (char **name = names; *name != NULL; name++)
        (void)pl_cycle_churn_by(d, p, *name);
    if (p->reason != NULL)
        pl_section_say(d->run->section, "Churn after the purchase is not known: %s.", p->reason);
    else if (by[0] != NULL) {
        const char *role = g_strv_contains((const char *const *)by, "rep") ? "rep" : by[0];
        g_autoptr(PlKpiGroups) groups = pl_kpi_groups_new(d->run->study, d->records, role);
        if (groups != NULL && groups->n <= PL_AGAINST_MOST)
            both = pl_cycle_against_churn(d, role, groups->values, groups->n);
        return both != NULL ? g_strdup_printf("%s %s", role, both) : NULL;
    }
    return NULL;
}

/* ---- the headline ---- */

/* The row of all that the target is of; the first one, of several churns. */
static PlFinding *target_row(const PlDeals *d) {
    const GPtrArray *findings = d->run->section->findings;
    for (guint i = 0; i < findings->len; i++) {
        PlFinding *f = g_ptr_array_index(findings, i);
        if (f->group == NULL && f->period == NULL && pl_kpi_is_target(d->run, f->measure))
            return f;
    }
    return NULL;
}

static void judge_groups(const PlDeals *d, const char *measure) {
    const GPtrArray *findings = d->run->section->findings;
    for (guint i = 0; i < findings->len; i++) {
        PlFinding *f = g_ptr_array_index(findings, i);
        if (f->roles != NULL && g_strv_length(f->roles) == 1 && strcmp(f->roles[0], "outcome") != 0 &&
            strcmp(f->measure, measure) == 0)
            pl_kpi_judge(d->run, f);
    }
}

/* What makes a group one to look at, by the measure of the target. */
typedef struct {
    const char *measure, *tested, *verdict, *text;
} Look;

static const Look looks[] = {
    {"median_days", "closing_rate_against_rest", "slower", "clearly slower to close than the others"},
    {"mean_days", "closing_rate_against_rest", "slower", "clearly slower to close than the others"},
    {"win_rate", "win_rate_against_rest", "lower", "clearly fewer deals won than by the others"},
    {"churn", "churn_against_rest", "more", "clearly more customers lost than by the others"},
};

static void look_at_groups(const PlDeals *d, GStrv by, GString *s) {
    for (gsize i = 0; i < G_N_ELEMENTS(looks); i++) {
        if (g_strcmp0(d->run->goal->measure, looks[i].measure) != 0)
            continue;
        for (char **name = by; *name != NULL; name++) {
            PlAgainst of = {.run = d->run, .measure = looks[i].tested, .role = *name};
            g_autofree char *names = pl_against_names(&of, looks[i].verdict);
            if (names != NULL)
                g_string_append_printf(s, "%sLook at %s %s: %s.", s->len > 0 ? " " : "", *name, names,
                                       looks[i].text);
        }
    }
}

/* The last complete period that has a value, as a row of `f`; FALSE: none. */
static gboolean last_of(const PlFinding *f, const PlCycleTrend *t, PlFinding *last, const char **name) {
    guint k = t != NULL ? t->buckets->last : 0;
    while (k > 0 && isnan(t->value[k - 1]))
        k--;
    if (k == 0 || k <= t->buckets->first)
        return FALSE;
    *last = (PlFinding){.value = t->value[k - 1],
                        .conf_low = t->low[k - 1],
                        .conf_high = t->high[k - 1],
                        .amount = f->amount,
                        .unit = f->unit,
                        .conf_level = f->conf_level};
    *name = t->buckets->names[k - 1];
    return TRUE;
}

static void look_at_last(const PlFinding *f, const PlCycleTrend *t, GString *s) {
    PlFinding last;
    const char *name;
    if (!last_of(f, t, &last, &name))
        return;
    g_autofree char *text = pl_format_finding(&last);
    const char *of = g_str_has_prefix(f->measure, "churn_") ? "Of the customers of" : "In";
    g_string_append_printf(s, "%s %s it was %s.", of, name, text);
}

static gboolean misses_clearly(const PlFinding *f, const PlKpiMark *mark) {
    return mark->down ? f->conf_low > mark->target : f->conf_high < mark->target; /* NaN: no */
}

/* The days of closed deals of all time reach a target also when the deals of late take longer, or are not
 * closed yet: the long ones are then still to come. */
static void doubt_days(const PlDeals *d, PlFinding *f, const PlCycleTrend *t) {
    const PlFinding *open = pl_section_find(d->run->section, NULL, "median_days_with_open");
    gboolean is_median = strcmp(f->measure, "median_days") == 0;
    PlKpiMark *mark = pl_finding_mark(f);
    g_autoptr(GString) s = g_string_new(NULL);
    PlFinding last;
    const char *name;
    pl_kpi_judge(d->run, f);
    if (mark->status != PL_STATUS_ON_TARGET || !(is_median || strcmp(f->measure, "mean_days") == 0))
        return;
    if (last_of(f, t, &last, &name) && misses_clearly(&last, mark)) {
        g_autofree char *text = pl_format_finding(&last);
        g_string_append_printf(s, "in %s it was %s", name, text);
    }
    if (open != NULL && misses_clearly(open, mark)) {
        g_autofree char *text = pl_format_finding(open);
        g_string_append_printf(s, "%swith open deals counted %s is %s", s->len > 0 ? " and " : "",
                               is_median ? "it" : "the median", text);
    }
    if (s->len > 0)
        mark->doubt = g_strdup_printf("%s, %s the target", s->str, mark->down ? "above" : "below");
}

/* Those of the target's own measure, and who closes fast and loses customers. */
static void look_at_any(const PlDeals *d, GStrv by, const char *both, GString *s) {
    gsize before = s->len;
    look_at_groups(d, by, s);
    gboolean named = s->len > before && g_strcmp0(d->run->goal->measure, "churn") == 0;
    if (both != NULL && !named)
        g_string_append_printf(
            s,
            "%sLook at %s: deals are closed clearly faster than by the others, and clearly more "
            "customers are lost.",
            s->len > 0 ? " " : "", both);
    if (s->len > before || by[0] == NULL)
        return;
    g_autofree char *names = g_strjoinv(" or ", by);
    g_string_append_printf(s, "%sNo %s clearly stands out for the worse.", before > 0 ? " " : "", names);
}

static void add_headline(const PlDeals *d, const PlPurchases *p, GStrv by, const char *both) {
    PlFinding *f = target_row(d);
    g_autoptr(GString) look = g_string_new(NULL);
    if (f == NULL)
        f = pl_kpi_missing(d->run, d->run->goal->measure, "Length of the sales cycle", PL_AMOUNT_NUMBER,
                           "the table \"opportunities\" has no deal");
    judge_groups(d, f->measure);
    g_autoptr(PlCycleTrend) t = pl_cycle_trend_new(d, p, f->measure);
    doubt_days(d, f, t);
    if (f->mark->doubt == NULL)
        look_at_last(f, t, look);
    look_at_any(d, by, both, look);
    PlKpiSeries series = {0};
    if (t != NULL)
        series = (PlKpiSeries){t->buckets, t->value, t->low, t->high, FALSE};
    pl_kpi_headline(d->run, f, t != NULL ? &series : NULL, look->len > 0 ? look->str : NULL);
    if (t != NULL && t->n_cut > 0)
        pl_section_say(
            d->run->section,
            "The first %u %s%s of closing %s left out of the trend: the table begins too shortly before "
            "to have the long deals closed in them.",
            t->n_cut, t->buckets->period, t->n_cut == 1 ? "" : "s", t->n_cut == 1 ? "is" : "are");
}

void pl_kpi_sales_cycle(const PlKpiRun *run) {
    g_autoptr(PlDeals) d = pl_deals_new(run);
    g_autoptr(PlPurchases) p = pl_purchases_new(d);
    g_auto(GStrv) by = pl_kpi_by(run, d->records, own_groups);
    g_autofree char *both = NULL;
    if (d->n > 0) {
        g_autoptr(PlDealSets) all = pl_deal_sets_all(d);
        pl_cycle_check_alike(d);
        add_all(d, &all->sets[0]);
        compare_outcomes(d, &all->sets[0]);
        pl_cycle_survival(d, &all->sets[0]);
        for (char **name = by; *name != NULL; name++)
            add_groups(d, *name);
        add_outcomes(d, &all->sets[0]);
        both = add_churn(d, p, by);
    }
    add_headline(d, p, by, both);
}
