/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/effect/contrasts.h"
#include "pairlift/effect/ranking.h"
#include "pairlift/effect/sentence.h"

typedef struct {
    PlSection *section;
    PlResult *result;
    const char *treatment, *unit;
} Page;

static double shown(const Page *p, double x) {
    return !isfinite(x) ? NAN : p->result->scale == PL_EFFECT_RELATIVE ? expm1(x) : x;
}

static void add(const Page *p, const char *measure, const char *label, const char *group,
                const PlInference *in, PlStatus status) {
    PlFinding *f = pl_section_add(p->section, p->treatment, measure, label,
                                  p->result->scale == PL_EFFECT_RELATIVE ? PL_AMOUNT_LIFT : PL_AMOUNT_UNITS);
    f->group = g_strdup(group);
    f->unit = g_strdup(p->unit);
    if (status != PL_OK) {
        f->reason = g_strdup(pl_status_text(status));
        return;
    }
    f->value = shown(p, in->estimate);
    f->std_error = in->std_error;
    f->conf_low = shown(p, in->conf_low);
    f->conf_high = shown(p, in->conf_high);
    f->conf_level = in->conf_level;
    f->p_value = f->p_adjusted = in->p_value;
    f->n = (guint)in->n;
}

static void say(const Page *p, const PlFactorial *f, const char *a, const char *b) {
    const PlFinding *row = g_ptr_array_index(p->section->findings, p->section->findings->len - 1);
    g_autofree char *size =
        pl_format_amount(row->value, (row->conf_high - row->conf_low) / 2, row->amount, row->unit);
    g_autofree char *way =
        pl_format_amount_size(fabs(row->value), (row->conf_high - row->conf_low) / 2, row->amount, row->unit);
    g_autofree char *range = pl_format_amount_interval(row->conf_low, row->conf_high, row->amount, row->unit);
    const char *sum =
        p->result->scale == PL_EFFECT_RELATIVE ? "the two lifts multiplied" : "the two effects added";
    if (f->status != PL_OK)
        pl_section_say(p->section, "Whether %s and %s help or hinder one another cannot be said: %s", a, b,
                       pl_status_text(f->status));
    else if (f->interaction.p_value <= 1 - f->interaction.conf_level)
        pl_section_say(p->section, "%s and %s %s: together they do %s %s than %s (%s).", a, b,
                       row->value > 0 ? "reinforce one another" : "get in one another's way", way,
                       row->value > 0 ? "more" : "less", sum, range);
    else
        pl_section_say(
            p->section,
            "No sign that %s and %s help or hinder one another: together they did %s against %s, and "
            "anything from %s fits the data.",
            a, b, size, sum, range);
}

void pl_add_factorial(const PlStudy *study, PlResult *result) {
    PlSection *section = NULL;
    for (guint k = 0; k < study->def->treatments->len; k++) {
        const PlTreatment *t = g_ptr_array_index(study->def->treatments, k);
        if (!t->combines || study->deciding->len <= k)
            continue;
        int a = pl_treatment_index(study->def, t->combines[0]),
            b = pl_treatment_index(study->def, t->combines[1]);
        if (a < 0 || b < 0) /* the definition was checked: they are there */
            continue;
        section = section ? section : pl_result_add_section(result, "factorial", "Together and apart");
        g_autofree char *unit = pl_unit_words(pl_definition_primary(study->def), result);
        Page page = {section, result, t->name, unit};
        PlFactorial f = pl_factorial(study, (guint)a, (guint)b, k);
        add(&page, "mean_effect", "Mean effect", t->combines[0], &f.a, f.status);
        add(&page, "mean_effect", "Mean effect", t->combines[1], &f.b, f.status);
        g_autofree char *both = g_strdup_printf("%s x %s", t->combines[0], t->combines[1]);
        add(&page, "interaction", "Interaction", both, &f.interaction, f.status);
        say(&page, &f, t->combines[0], t->combines[1]);
    }
}
