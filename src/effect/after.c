/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/after.h"

#include <math.h>

#include "pairlift/effect/change_test.h"
#include "pairlift/effect/drawn_words.h"
#include "pairlift/effect/sentence.h"
#include "pairlift/effect/totals.h"
#include "pairlift/model/numbers.h"

/* One measure in one arm. */
typedef struct {
    const PlStudy *study;
    const PlArm *arm;
    PlSection *section;
    PlDraws *draws;
    const char *role, *words; /* "units": of measures; "units sold": in a sentence */
    PlAmount amount;
    const char *unit;
    double *gain, *after, *net; /* [1 + draws] change in total during, after, in both */
} Dip;

/* Totals of one period, with minus without the promotion; FALSE: no store has them. */
static gboolean changes(const Dip *d, const PlBoundMetric *bound, PlRange range, double *change) {
    const PlStudy *study = d->study;
    guint n_stores = study->panel->n_stores, n = pl_draws_n(d->draws);
    g_autofree double *before = g_new(double, n_stores + 1), *period = g_new(double, n_stores + 1),
                      *times = g_new(double, n_stores + 1), *with = g_new(double, n + 1),
                      *without = g_new(double, n + 1);
    gboolean has_before = pl_range_length(study->ranges.before) > 0;
    pl_store_values(study, bound, study->ranges.before, before);
    pl_store_values(study, bound, range, period);
    pl_store_intervals(study, range, times);
    PlScale scale = study->def->analysis.effect == PL_EFFECT_RELATIVE &&
                            pl_arm_has_logs(d->arm, has_before ? before : NULL, period)
                        ? PL_EFFECT_RELATIVE
                        : PL_EFFECT_ABSOLUTE;
    if (pl_draws_totals_over(d->draws, has_before ? before : NULL, period, times, scale,
                             pl_arm_errors(d->arm, bound->measure), with, without) == 0)
        return FALSE;
    for (guint k = 0; k <= n; k++)
        change[k] = with[k] - without[k];
    return TRUE;
}

static PlFinding *add(const Dip *d, const char *kind, const char *label, const char *period) {
    g_autofree char *measure = g_strconcat(kind, "_", d->role, NULL);
    PlFinding *f = pl_section_add(d->section, d->arm->treatment->name, measure, label, d->amount);
    f->period = g_strdup(period);
    f->unit = g_strdup(d->unit);
    f->n = pl_draws_units(d->draws);
    return f;
}

static void set_drawn(const Dip *d, PlFinding *f, const double *values) {
    pl_drawn_put(f, d->draws, values, d->study->options.conf_level);
}

/* The part of what was gained during the promotion that was lost after it. */
static void add_share(const Dip *d) {
    PlDrawn gain = pl_draws_interval(d->draws, d->gain, d->study->options.conf_level);
    g_autofree char *label = g_strdup_printf("Share lost again, %s", d->role);
    PlFinding *f = add(d, "lost_share", label, "after");
    guint n = pl_draws_n(d->draws);
    g_autofree double *loss = g_new(double, n + 1);
    f->amount = PL_AMOUNT_SHARE;
    g_clear_pointer(&f->unit, g_free);
    if (isnan(gain.low)) {
        f->reason = g_strdup(pl_drawn_no_interval(d->draws));
        return;
    }
    if (!(gain.low > 0)) {
        f->reason =
            g_strdup("what was gained during the promotion cannot be told from nothing, so a share of it "
                     "has no meaning");
        return;
    }
    for (guint k = 0; k <= n; k++)
        loss[k] = -d->after[k];
    pl_drawn_put_ratio(f, d->draws, loss, d->gain, d->study->options.conf_level);
}

static char *course_words(const Dip *d, const double *values) {
    double level = d->study->options.conf_level;
    PlDrawn drawn = pl_draws_interval(d->draws, values, level);
    return pl_drawn_words(&drawn, level, d->amount, d->unit, &(PlDirection){"less", "more", FALSE});
}

static void say(const Dip *d) {
    double level = d->study->options.conf_level;
    PlDrawn after = pl_draws_interval(d->draws, d->after, level),
            net = pl_draws_interval(d->draws, d->net, level);
    g_autofree char *then = course_words(d, d->after), *both = course_words(d, d->net);
    g_autofree char *measure = g_strconcat("lost_share_", d->role, NULL);
    const PlFinding *share = pl_section_find(d->section, d->arm->treatment->name, measure);
    g_autoptr(GString) s = g_string_new(NULL);
    g_string_append_printf(s, "After %s, %s came to %s than without it", d->arm->treatment->name, d->words,
                           then);
    if (after.high < 0 && share != NULL && !isnan(share->value) && !isnan(share->conf_low)) {
        g_autofree char *part = pl_format_amount_size(share->value, (share->conf_high - share->conf_low) / 2,
                                                      PL_AMOUNT_SHARE, NULL);
        g_autofree char *interval =
            pl_format_amount_interval(share->conf_low, share->conf_high, PL_AMOUNT_SHARE, NULL);
        g_string_append_printf(s, ": %s of what was gained (%s) was lost again", part, interval);
    }
    g_string_append_printf(s, ". Promotion and the time after it together: %s", both);
    g_string_append(s, net.low > 0         ? ", so a gain remains."
                       : net.high < 0      ? ", so a loss remains."
                       : isfinite(net.low) ? ", so whether a gain remains cannot be told."
                                           : ".");
    pl_section_say(d->section, "%s", s->str);
}

/* FALSE: the data have no such column, or no store has values. */
static gboolean add_measure(const PlStudy *study, const PlArm *arm, PlSection *section, PlDraws *draws,
                            const PlBoundMetric *bound, const char *role, const char *words, const char *unit,
                            gboolean spoken) {
    gboolean money = g_str_equal(role, "revenue");
    guint n = pl_draws_n(draws);
    g_autofree double *gain = g_new(double, n + 1), *after = g_new(double, n + 1),
                      *net = g_new(double, n + 1);
    Dip d = {study, arm,  section, draws, role, words, money ? PL_AMOUNT_MONEY : PL_AMOUNT_UNITS,
             unit,  gain, after,   net};
    if (!changes(&d, bound, study->ranges.during, gain) || !changes(&d, bound, study->ranges.after, after))
        return FALSE;
    for (guint k = 0; k <= n; k++)
        net[k] = gain[k] + after[k];
    g_autofree char *during_label = g_strdup_printf("Change in %s, promotion", role),
                    *after_label = g_strdup_printf("Change in %s", role),
                    *net_label = g_strdup_printf("Change in %s", role);
    set_drawn(&d, add(&d, "change", during_label, "during"), gain);
    set_drawn(&d, add(&d, "change", after_label, "after"), after);
    set_drawn(&d, add(&d, "change", net_label, "net"), net);
    add_share(&d);
    if (spoken)
        say(&d);
    return TRUE;
}

/* The estimate of the period after that the table of methods has, in a row. */
static void add_lift(const PlResult *result, const PlArm *arm, PlSection *section) {
    const PlEstimate *deciding = pl_result_deciding(result, arm->treatment->name);
    for (guint i = 0; deciding != NULL && i < result->estimates->len; i++) {
        const PlEstimate *e = g_ptr_array_index(result->estimates, i);
        if (!g_str_equal(e->period, "after") || g_strcmp0(e->metric, result->primary) != 0 ||
            !g_str_equal(e->method, deciding->method) || !g_str_equal(e->treatment, arm->treatment->name))
            continue;
        gboolean lift = e->scale == PL_EFFECT_RELATIVE;
        g_autofree char *label = g_strdup_printf("%s of %s", lift ? "Lift" : "Effect", result->label);
        PlFinding *f =
            pl_section_add(section, e->treatment, "effect", label, lift ? PL_AMOUNT_LIFT : PL_AMOUNT_UNITS);
        f->period = g_strdup("after");
        f->unit = lift ? NULL : g_strdup(e->unit);
        f->value = pl_or_nan(e->estimate);
        f->std_error = pl_or_nan(e->std_error);
        f->conf_low = pl_or_nan(e->conf_low);
        f->conf_high = pl_or_nan(e->conf_high);
        f->conf_level = e->conf_level;
        f->p_value = f->p_adjusted = e->p_value;
        f->n = e->n;
        f->reason = g_strdup(e->reason);
        return;
    }
}

static void add_arm(const PlStudy *study, const PlArm *arm, const PlResult *result, PlSection *section) {
    static const char *const roles[] = {"revenue", "units"};
    const PlMetric *primary = pl_definition_primary(study->def);
    PlBoundMetric bound, main = {0};
    g_autoptr(PlDraws) draws = pl_draws_new(arm, &study->options);
    gboolean sum = primary->kind == PL_METRIC_SUM && pl_metric_bind(primary, study->panel, &main);
    gboolean said = FALSE;
    add_lift(result, arm, section);
    for (guint i = 0; i < G_N_ELEMENTS(roles); i++) {
        if (!pl_study_measure(study, roles[i], &bound))
            continue;
        const PlMetric *metric = pl_metric_of_measure(study, &bound);
        g_autofree char *words = metric != NULL ? pl_metric_words(metric) : g_strdup(roles[i]);
        gboolean spoken = sum ? bound.measure == main.measure : !said;
        said = (add_measure(study, arm, section, draws, &bound, roles[i], words, metric ? metric->unit : NULL,
                            spoken) &&
                spoken) ||
               said;
    }
    if (sum && !said) {
        g_autofree char *words = pl_metric_words(primary);
        add_measure(study, arm, section, draws, &main, primary->name, words, primary->unit, TRUE);
    }
}

/* Kinds that make people buy earlier than they would have. */
static gboolean is_of_interest(const PlStudy *study) {
    static const char *const kinds[] = {"coupon", "price", "discount", "bundle", NULL};
    gboolean forward = pl_definition_given(study->def, &study->def->economics);
    for (guint i = 0; i < study->arms->len; i++) {
        const PlArm *arm = g_ptr_array_index(study->arms, i);
        forward = forward || (arm->treatment->kind != NULL && g_strv_contains(kinds, arm->treatment->kind));
    }
    return forward;
}

void pl_add_after(const PlStudy *study, PlResult *result) {
    gboolean given = pl_range_length(study->ranges.after) > 0;
    gboolean empty = !given && study->def->periods.after.given;
    if (!given && !empty && !is_of_interest(study))
        return;
    PlSection *section = pl_result_add_section(result, "after", "After the promotion");
    for (guint i = 0; given && i < study->arms->len; i++) {
        const PlArm *arm = g_ptr_array_index(study->arms, i);
        if (arm->n_test > 0 && arm->n_control > 0)
            add_arm(study, arm, result, section);
    }
    if (section->findings->len > 0)
        return;
    PlFinding *f = pl_section_add(section, NULL, "effect", "Dip after the promotion", PL_AMOUNT_LIFT);
    f->period = g_strdup("after");
    f->reason = g_strdup(
        given ? "no store has values both during and after the promotion"
        : empty
            ? "the data have nothing in the period \"after\", so whether the gain was only bought earlier "
              "cannot be told"
            : "the definition has no period \"after\": name one under periods, so that what "
              "was bought earlier only, and is missing afterwards, is counted");
}
