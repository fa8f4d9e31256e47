/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/finding.h"

#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"

static void finding_free(gpointer data) {
    PlFinding *f = data;
    char *texts[] = {f->treatment, f->measure, f->label, f->group, f->period, f->unit, f->verdict, f->reason};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_strfreev(f->roles);
    g_strfreev(f->values);
    if (f->mark != NULL) {
        g_free(f->mark->goal);
        g_free(f->mark->sentence);
        g_free(f->mark->doubt);
    }
    g_free(f->mark);
    g_free(f);
}

static void curve_free(gpointer data) {
    PlCurve *c = data;
    void *parts[] = {c->treatment, c->name, c->x_label,  c->y_label, c->x,    c->y,
                     c->low,       c->high, c->observed, c->group,   c->title};
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        g_free(parts[i]);
    g_strfreev(c->x_names);
    g_free(c);
}

PlSection *pl_section_new(const char *id, const char *title) {
    PlSection *section = g_new0(PlSection, 1);
    section->id = g_strdup(id);
    section->title = g_strdup(title);
    section->sentences = g_ptr_array_new_with_free_func(g_free);
    section->findings = g_ptr_array_new_with_free_func(finding_free);
    section->curves = g_ptr_array_new_with_free_func(curve_free);
    return section;
}

void pl_section_free(PlSection *section) {
    if (section == NULL)
        return;
    g_free(section->id);
    g_free(section->title);
    g_ptr_array_unref(section->sentences);
    g_ptr_array_unref(section->findings);
    g_ptr_array_unref(section->curves);
    g_free(section);
}

PlFinding *pl_section_add(PlSection *section, const char *treatment, const char *measure, const char *label,
                          PlAmount amount) {
    PlFinding *f = g_new0(PlFinding, 1);
    f->treatment = g_strdup(treatment);
    f->measure = g_strdup(measure);
    f->label = g_strdup(label);
    f->amount = amount;
    f->value = f->std_error = f->conf_low = f->conf_high = f->conf_level = f->p_value = f->p_adjusted = NAN;
    g_ptr_array_add(section->findings, f);
    return f;
}

void pl_finding_of(PlFinding *f, ...) {
    g_autoptr(GStrvBuilder) roles = g_strv_builder_new(), values = g_strv_builder_new();
    va_list args;
    va_start(args, f);
    for (const char *role = va_arg(args, const char *); role != NULL; role = va_arg(args, const char *)) {
        g_strv_builder_add(roles, role);
        g_strv_builder_add(values, va_arg(args, const char *));
    }
    va_end(args);
    g_strfreev(f->roles);
    g_strfreev(f->values);
    g_free(f->group);
    f->roles = g_strv_builder_end(roles);
    f->values = g_strv_builder_end(values);
    f->group = g_strjoinv(", ", f->values);
}

PlKpiMark *pl_finding_mark(PlFinding *f) {
    if (f->mark == NULL) {
        f->mark = g_new0(PlKpiMark, 1);
        f->mark->target = f->mark->trend_slope = f->mark->trend_low = f->mark->trend_high = f->mark->trend_p =
            NAN;
    }
    return f->mark;
}

const PlFinding *pl_section_headline(const PlSection *section) {
    for (guint i = 0; section != NULL && i < section->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(section->findings, i);
        if (f->mark != NULL && f->mark->headline)
            return f;
    }
    return NULL;
}

const char *pl_kpi_status_name(PlKpiStatus status) {
    static const char *const names[] = {[PL_STATUS_NONE] = NULL,
                                        [PL_STATUS_ON_TARGET] = "on_target",
                                        [PL_STATUS_AT_RISK] = "at_risk",
                                        [PL_STATUS_OFF] = "off"};
    return names[status];
}

void pl_section_say(PlSection *section, const char *format, ...) {
    va_list args;
    va_start(args, format);
    g_ptr_array_add(section->sentences, g_strdup_vprintf(format, args));
    va_end(args);
}

static double *nothing(guint n) {
    double *x = g_new(double, n + 1);
    for (guint i = 0; i <= n; i++)
        x[i] = NAN;
    return x;
}

PlCurve *pl_section_add_curve(PlSection *section, const char *treatment, const char *name, guint n) {
    PlCurve *c = g_new0(PlCurve, 1);
    c->treatment = g_strdup(treatment);
    c->name = g_strdup(name);
    c->n = n;
    c->x = nothing(n);
    c->y = nothing(n);
    c->low = nothing(n);
    c->high = nothing(n);
    c->target = NAN;
    g_ptr_array_add(section->curves, c);
    return c;
}

const PlFinding *pl_section_find(const PlSection *section, const char *treatment, const char *measure) {
    for (guint i = 0; section != NULL && i < section->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(section->findings, i);
        if (f->group == NULL && g_strcmp0(f->measure, measure) == 0 &&
            (treatment == NULL || g_strcmp0(f->treatment, treatment) == 0))
            return f;
    }
    return NULL;
}

const PlCurve *pl_section_curve(const PlSection *section, const char *treatment, const char *name) {
    for (guint i = 0; section != NULL && i < section->curves->len; i++) {
        const PlCurve *c = g_ptr_array_index(section->curves, i);
        if (g_strcmp0(c->name, name) == 0 && (treatment == NULL || g_strcmp0(c->treatment, treatment) == 0))
            return c;
    }
    return NULL;
}

/* A share may be below -1 (a return on investment), which a lift may not. */
#define PER_CENT     100.0

#define MOST_CERTAIN 0.999

/* What rounding leaves of nothing, and of no difference: 1e-10 of money is none, and an interval of 1e-10
 * around a price says that the price is known, not that it has ten digits. */
#define ROUNDING 1e-7

static double without_rounding(double value, PlAmount amount) {
    return amount != PL_AMOUNT_NUMBER && fabs(value) < ROUNDING ? 0 : value;
}

static double without_false_precision(double precision, double value) {
    return precision < ROUNDING * fmax(1, fabs(value)) ? NAN : precision;
}

char *pl_format_amount_size(double value, double precision, PlAmount amount, const char *unit) {
    value = without_rounding(value, amount);
    precision = without_false_precision(precision, value);
    switch (amount) {
    case PL_AMOUNT_LIFT:
        return pl_format_size(value, precision, PL_EFFECT_RELATIVE, NULL);
    case PL_AMOUNT_CHANCE: /* nothing that is drawn or estimated is certain */
        if (value > MOST_CERTAIN)
            return g_strdup("more than 99.9 %");
        if (value < 1 - MOST_CERTAIN)
            return g_strdup("less than 0.1 %");
        return pl_format_size(PER_CENT * value, value > 0.99 || value < 0.01 ? 1 : 10, PL_EFFECT_ABSOLUTE,
                              "%");
    case PL_AMOUNT_SHARE:
        return pl_format_size(PER_CENT * value, PER_CENT * precision, PL_EFFECT_ABSOLUTE, "%");
    default:
        return pl_format_size(value, precision, PL_EFFECT_ABSOLUTE, unit);
    }
}

char *pl_format_amount(double value, double precision, PlAmount amount, const char *unit) {
    value = without_rounding(value, amount);
    precision = without_false_precision(precision, value);
    if (amount == PL_AMOUNT_LIFT)
        return pl_format_effect(value, precision, PL_EFFECT_RELATIVE, NULL);
    if (amount == PL_AMOUNT_MONEY || amount == PL_AMOUNT_UNITS)
        return pl_format_effect(value, precision, PL_EFFECT_ABSOLUTE, unit);
    return pl_format_amount_size(value, precision, amount, unit);
}

char *pl_format_amount_interval(double low, double high, PlAmount amount, const char *unit) {
    low = without_rounding(low, amount);
    high = high - low < ROUNDING * fmax(1, fabs(low)) ? low : without_rounding(high, amount);
    if (amount == PL_AMOUNT_LIFT)
        return pl_format_interval(low, high, PL_EFFECT_RELATIVE, NULL);
    if (amount == PL_AMOUNT_SHARE || amount == PL_AMOUNT_CHANCE)
        return pl_format_interval(PER_CENT * low, PER_CENT * high, PL_EFFECT_ABSOLUTE, "%");
    return pl_format_interval(low, high, PL_EFFECT_ABSOLUTE, unit);
}

double pl_finding_precision(const PlFinding *f) {
    double half = (f->conf_high - f->conf_low) / 2,
           away = f->mark != NULL ? fabs(f->value - f->mark->target) : NAN;
    if (!isnan(half) || !(away > ROUNDING * fabs(f->value)))
        return half;
    g_autofree char *value = pl_format_amount(f->value, NAN, f->amount, NULL),
                    *target = pl_format_amount(f->mark->target, NAN, f->amount, NULL);
    return strcmp(value, target) == 0 ? away : NAN;
}

char *pl_format_finding(const PlFinding *f) {
    g_autofree char *value = pl_format_amount(f->value, pl_finding_precision(f), f->amount, f->unit);
    if (isnan(f->conf_low) && isnan(f->conf_high))
        return g_steal_pointer(&value);
    g_autofree char *interval =
        pl_format_amount_interval(isnan(f->conf_low) ? -INFINITY : f->conf_low,
                                  isnan(f->conf_high) ? INFINITY : f->conf_high, f->amount, f->unit);
    return g_strdup_printf("%s (%s)", value, interval);
}
