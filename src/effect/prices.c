/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/prices.h"
#include "pairlift/effect/arm_effects.h"
#include "pairlift/effect/change_test.h"

#include <math.h>

#include "pairlift/effect/sentence.h"
#include "pairlift/model/kpi_metrics.h"
#include "pairlift/stats/student.h"

/* How many of the stores or pairs that are left out are named. */
enum { NAMED = 5 };

void pl_elasticity_clear(PlElasticity *elasticity) {
    g_clear_pointer(&elasticity->reason, g_free);
}

static const PlMetric *price_metric(const PlDefinition *def) {
    const PlTable *sales = pl_definition_outcomes(def);
    for (guint i = 0; i < def->metrics->len; i++) {
        const PlMetric *m = g_ptr_array_index(def->metrics, i);
        if (m->kind == PL_METRIC_RATIO && g_str_equal(m->column, pl_table_column(sales, "revenue")) &&
            g_str_equal(m->denominator, pl_table_column(sales, "units")))
            return m;
    }
    return NULL;
}

const char *pl_price_unit(const PlDefinition *def) {
    const PlTable *sales = pl_definition_outcomes(def);
    const PlMetric *price = price_metric(def);
    if (price && price->unit)
        return price->unit;
    for (guint i = 0; i < def->metrics->len; i++) {
        const PlMetric *m = g_ptr_array_index(def->metrics, i);
        if (m->kind == PL_METRIC_SUM && g_str_equal(m->column, pl_table_column(sales, "revenue")))
            return m->unit;
    }
    return NULL;
}

/* Without anything to tell chance by, a smaller change of a price (log) is none to divide by. */
#define LEAST_MOVE 0.01

static double quantile(double level, double df) {
    return pl_student_quantile((1 - level) / 2, df);
}

static const char *no_spread(const PlPriceMoves *m) {
    return m->arm->paired ? "a single pair does not say how much pairs differ by chance"
                          : "a side has too few stores to say how much stores differ by chance";
}

PlElasticity pl_elasticity_of(const PlPriceMoves *m, const PlJointMeans *means, double level) {
    PlElasticity e = {NAN, NAN, NAN, NAN, level, NAN, NULL};
    if (!m->moved) {
        e.reason =
            g_strdup("the price was the same with and without the promotion: nothing can be said about "
                     "the elasticity");
        return e;
    }
    if (isnan(means->var_a) && !(fabs(means->b) >= LEAST_MOVE)) {
        e.reason = g_strdup(
            "the price moved by less than one per cent, and so few stores do not say how much of that is "
            "chance: nothing can be said about the elasticity");
        return e;
    }
    if (isnan(means->var_a)) {
        e.value = means->a / means->b;
        e.reason = g_strdup(no_spread(m));
        return e;
    }
    PlFieller fieller;
    PlStatus status = pl_fieller(means, quantile(level, means->df), &fieller);
    if (status == PL_OK) {
        e = (PlElasticity){fieller.ratio, fieller.std_error, fieller.low, fieller.high, level, NAN, NULL};
        e.p_value =
            means->var_a > 0 ? 2 * pl_student_tail(fabs(means->a) / sqrt(means->var_a), means->df) : NAN;
        return e;
    }
    e.reason = g_strdup(status == PL_UNBOUNDED ? "the change of the price cannot be told from zero, so "
                                                 "nothing can be said about the elasticity"
                                               : "the values are too large or too small to be divided");
    return e;
}

/* exp(mean) - 1 with the t interval of the mean. */
static void fill_lift(PlFinding *f, const PlPriceMoves *m, double mean, double variance, double df,
                      double level) {
    f->value = expm1(mean);
    f->n = (guint)m->means.n;
    f->conf_level = level;
    if (isnan(variance)) {
        f->reason = g_strdup(no_spread(m));
        return;
    }
    double half = quantile(level, df) * sqrt(variance);
    f->std_error = sqrt(variance); /* of the log ratio */
    f->conf_low = expm1(mean - half);
    f->conf_high = expm1(mean + half);
    if (variance > 0)
        f->p_value = 2 * pl_student_tail(fabs(mean) / sqrt(variance), df);
}

static PlFinding *add(PlSection *section, const PlPriceMoves *m, const char *measure, const char *label,
                      PlAmount amount) {
    PlFinding *f = pl_section_add(section, m->arm->treatment->name, measure, label, amount);
    f->period = g_strdup("during");
    return f;
}

static double half_of(const PlFinding *f) {
    return (f->conf_high - f->conf_low) / 2;
}

/* "-7.1 % (-7.5 % to -6.6 %)" */
static char *with_interval(const PlFinding *f) {
    g_autofree char *value = pl_format_amount(f->value, half_of(f), f->amount, f->unit);
    if (isnan(f->conf_low) || isnan(f->conf_high))
        return g_steal_pointer(&value);
    g_autofree char *interval = pl_format_amount_interval(f->conf_low, f->conf_high, f->amount, f->unit);
    return g_strdup_printf("%s (%s)", value, interval);
}

/* What an elasticity means for revenue, as far as its interval says. */
static const char *meaning_of(const PlElasticity *e) {
    if (isnan(e->low))
        return "";
    if (e->high < -1)
        return " Units react more strongly than the price: a lower price raises revenue, a higher one lowers "
               "it.";
    if (e->low > 0)
        return " Units moved in the same direction as the price, so more than the price was at work.";
    if (e->low > -1 && e->high < 0)
        return " Units react less strongly than the price: a lower price costs revenue.";
    if (e->low > -1)
        return " Units react less strongly than the price, if at all: a lower price costs revenue.";
    if (e->high < 0)
        return " Whether a lower price raises revenue, which takes an elasticity below -1, cannot be told.";
    return " Whether units react to the price at all cannot be told.";
}

static void say_elasticity(const PlFinding *price, const PlFinding *units, const PlFinding *elasticity,
                           const PlElasticity *e, const char *name, PlSection *section) {
    g_autofree char *p = pl_format_amount(price->value, half_of(price), price->amount, NULL),
                    *u = pl_format_amount(units->value, half_of(units), units->amount, NULL),
                    *value = with_interval(elasticity);
    GString *text = g_string_new(NULL);
    g_string_append_printf(
        text, "%sAgainst the control stores the average price changed by %s and units by %s", name, p, u);
    if (isnan(e->value))
        g_string_append_printf(text, "; %s.", e->reason);
    else
        g_string_append_printf(text,
                               ": an elasticity of %s, which is how many per cent the units change for one "
                               "per cent of price.%s%s It counts all that came with the price, such as signs "
                               "or advertising.",
                               value, isnan(e->low) ? " How sure that is, so few stores do not say." : "",
                               meaning_of(e));
    pl_section_say(section, "%s", text->str);
    g_string_free(text, TRUE);
}

static void add_pass_through(const PlPriceMoves *m, const PlFinding *price, const char *name,
                             PlSection *section) {
    double announced = m->arm->treatment->price_change;
    if (announced == 0)
        return;
    PlFinding *f =
        add(section, m, "pass_through", "Announced change that reached the price paid", PL_AMOUNT_SHARE);
    f->value = price->value / announced;
    f->std_error = NAN;
    f->n = price->n;
    f->conf_level = price->conf_level;
    f->conf_low = fmin(price->conf_low / announced, price->conf_high / announced);
    f->conf_high = fmax(price->conf_low / announced, price->conf_high / announced);
    f->reason = g_strdup(price->reason);
    g_autofree char *value = with_interval(f),
                    *change = pl_format_amount(announced, NAN, PL_AMOUNT_LIFT, NULL);
    pl_section_say(section, "%sOf the announced change of the price, %s, %s reached the average price paid.",
                   name, change, value);
}

/* The price with the promotion, as it was, and without it: divided by its effect. */
static void add_levels(const PlPriceMoves *m, const PlFinding *effect, PlSection *section) {
    double units = 0, revenue = 0;
    for (guint i = 0; i < m->arm->n_test; i++) {
        guint s = m->arm->test[i];
        if (isnan(m->price_during[s]))
            continue;
        units += m->units_during[s];
        revenue += m->revenue_during[s];
    }
    PlFinding *today =
        add(section, m, "current_price", "Today's price, without the promotion", PL_AMOUNT_PRICE);
    today->value = revenue / units / (1 + effect->value);
    today->conf_low = revenue / units / (1 + effect->conf_high);
    today->conf_high = revenue / units / (1 + effect->conf_low);
    today->reason = g_strdup(effect->reason);
    if (today->conf_high - today->conf_low <= 1e-9 * today->value) /* nothing but rounding */
        today->conf_low = today->conf_high = NAN;
    PlFinding *promoted = add(section, m, "promoted_price", "Price with the promotion", PL_AMOUNT_PRICE);
    promoted->value = revenue / units;
    PlFinding *both[] = {today, promoted};
    for (gsize i = 0; i < G_N_ELEMENTS(both); i++) {
        both[i]->unit = g_strdup(pl_price_unit(m->study->def));
        both[i]->n = effect->n;
        both[i]->conf_level = effect->conf_level;
    }
}

static void note_left_out(const PlPriceMoves *m, PlResult *result) {
    if (m->left_out->len == 0)
        return;
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < MIN(m->left_out->len, NAMED); i++)
        g_string_append_printf(names, "%s%s", i ? "; " : "", (char *)m->left_out->pdata[i]);
    if (m->left_out->len > NAMED)
        g_string_append_printf(names, "; and %u more", m->left_out->len - NAMED);
    pl_result_check(result, "prices", PL_WARN, m->left_out->len,
                    "treatment \"%s\": %u %s no part in the section on price%s: %s", m->arm->treatment->name,
                    m->left_out->len, m->left_out->len == 1 ? "store takes" : "stores take",
                    m->arm->paired ? ", nor do their pairs" : "", names->str);
    g_string_free(names, TRUE);
}

static double lift_limit(double log_limit) {
    return isfinite(log_limit) ? expm1(log_limit) : NAN;
}

/* The lift as the main estimate has it, so that one lift has one interval; where that cannot be had, as the
 * elasticity takes it. */
static void add_lift(PlFinding *f, const PlPriceMoves *m, const PlResult *result, gboolean price,
                     double level) {
    const PlMethod *method = pl_deciding_method(result, m->arm->treatment->name);
    gboolean flips = method && g_str_equal(method->id, "sign_flip"); /* of means, as an elasticity is */
    if (price)
        fill_lift(f, m, m->means.b, m->means.var_b, m->means.df_b, level);
    else
        fill_lift(f, m, m->means.a, m->means.var_a, m->means.df_a, level);
    if (price && !m->moved)
        return;
    PlChangeTest test = pl_change_test(m->arm, m->study->arms, price ? m->price_before : m->units_before,
                                       price ? m->price_during : m->units_during, PL_EFFECT_RELATIVE,
                                       flips ? method : NULL, &m->study->options);
    if (test.status == PL_OK) {
        f->value = expm1(test.in.estimate);
        f->std_error = test.in.has & PL_HAS_STD_ERROR ? test.in.std_error : NAN;
        f->conf_low = lift_limit(test.in.conf_low);
        f->conf_high = lift_limit(test.in.conf_high);
        f->p_value = f->p_adjusted = test.in.p_value;
    }
    g_free(test.reason);
}

static void add_treatment(const PlPriceMoves *m, gboolean several, PlResult *result, PlSection *section) {
    double level = m->study->options.conf_level;
    g_autofree char *name = several ? g_strconcat(m->arm->treatment->name, ": ", NULL) : g_strdup("");
    note_left_out(m, result);
    if (m->reason) {
        PlFinding *f = add(section, m, "elasticity", "Elasticity, from the experiment", PL_AMOUNT_NUMBER);
        f->reason = g_strdup(m->reason);
        pl_section_say(section, "%sNothing can be said about the price: %s.", name, m->reason);
        return;
    }
    PlFinding *price = add(section, m, "price_change", "Average price paid", PL_AMOUNT_LIFT);
    add_lift(price, m, result, TRUE, level);
    PlFinding *units = add(section, m, "units_change", "Units", PL_AMOUNT_LIFT);
    add_lift(units, m, result, FALSE, level);
    PlFinding *f = add(section, m, "elasticity", "Elasticity, from the experiment", PL_AMOUNT_NUMBER);
    g_auto(PlElasticity) e = pl_elasticity_of(m, &m->means, level);
    f->value = e.value;
    f->std_error = e.std_error;
    f->conf_low = e.low;
    f->conf_high = e.high;
    f->conf_level = level;
    f->p_value = e.p_value;
    f->n = (guint)m->means.n;
    f->reason = g_strdup(e.reason);
    say_elasticity(price, units, f, &e, name, section);
    add_pass_through(m, price, name, section);
    add_levels(m, price, section);
    pl_add_cross_prices(m, section);
    pl_add_profit_curve(m, &e, name, result, section);
}

/* Whether the price is what the treatment is about, or moved beyond chance. */
static gboolean is_about_price(const PlPriceMoves *m) {
    const PlTreatment *t = m->arm->treatment;
    if (g_strcmp0(t->kind, "price") == 0 || g_strcmp0(t->kind, "discount") == 0 || t->price_change != 0)
        return TRUE;
    if (m->reason || !m->moved || isnan(m->means.var_b) || !price_metric(m->study->def))
        return FALSE;
    double t_limit = quantile(m->study->options.conf_level, m->means.df_b);
    return fabs(m->means.b) > t_limit * sqrt(m->means.var_b);
}

void pl_add_prices(const PlStudy *study, PlResult *result) {
    PlSection *section = NULL;
    for (guint i = 0; i < study->arms->len; i++) {
        g_autoptr(PlPriceMoves) m = pl_price_moves_new(study, g_ptr_array_index(study->arms, i));
        if (!is_about_price(m))
            continue;
        gboolean first = section == NULL;
        if (first)
            section = pl_result_add_section(result, "prices", "Price");
        add_treatment(m, study->arms->len > 1, result, section);
        if (first)
            pl_add_price_panel(m, result, section);
    }
}
