/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"
#include "pairlift/report/chart_draft.h"
#include "pairlift/report/chart_text.h"

/* Rows that a picture has room for, names of attributes included. */
enum { ROWS_MOST = 21, NAME_COLUMNS = 22, TITLE_COLUMNS = 40 };

/* An interval that is this many times as wide as the middle one is cut, else it alone would be seen. */
#define WIDEST 2.5

/* One attribute: its test, and the levels that stand before it in the section. */
typedef struct {
    const PlFinding *test;
    char *name;
    GPtrArray *levels; /* const PlFinding* */
} Attribute;

static void attribute_free(gpointer data) {
    Attribute *a = data;
    g_free(a->name);
    g_ptr_array_unref(a->levels);
    g_free(a);
}

/* "region" of "region: North", in a finding of the section. */
static char *name_of(const PlFinding *f) {
    const char *colon = strstr(f->group, ": ");
    return colon ? g_strndup(f->group, (gsize)(colon - f->group)) : g_strdup(f->group);
}

static gboolean is_drawn(const PlFinding *f) {
    return g_str_equal(f->measure, "effect") && isfinite(f->value);
}

/* The attributes of a treatment with a level to draw, as many as there is room for; the others are counted.
 */
static GPtrArray *collect(const PlSection *section, const char *treatment, guint *left_out) {
    GPtrArray *attributes = g_ptr_array_new_with_free_func(attribute_free);
    g_autoptr(GPtrArray) levels = g_ptr_array_new();
    guint rows = 0;
    for (guint i = 0; i < section->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(section->findings, i);
        if (treatment && g_strcmp0(f->treatment, treatment) != 0)
            continue;
        if (is_drawn(f))
            g_ptr_array_add(levels, (gpointer)f);
        if (!g_str_equal(f->measure, "differs"))
            continue;
        if (levels->len > 0 && rows + levels->len + 1 <= ROWS_MOST) {
            Attribute *a = g_new0(Attribute, 1);
            *a = (Attribute){f, name_of(f), g_steal_pointer(&levels)};
            g_ptr_array_add(attributes, a);
            rows += a->levels->len + 1;
            levels = g_ptr_array_new();
        } else {
            *left_out += levels->len > 0;
            g_ptr_array_set_size(levels, 0);
        }
    }
    return attributes;
}

static int by_size(gconstpointer a, gconstpointer b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* What the axis shows: all estimates and zero, and of the intervals what is not far wider than the others. */
static void set_range(PlChartDraft *draft, const PlResult *r, const GPtrArray *attributes, double whole,
                      double *least, double *most) {
    g_autoptr(GArray) halves = g_array_new(FALSE, FALSE, sizeof(double));
    *least = isfinite(whole) ? MIN(0, whole) : 0;
    *most = isfinite(whole) ? MAX(0, whole) : 0;
    for (int pass = 0; pass < 2; pass++) {
        double half = halves->len ? g_array_index(halves, double, halves->len / 2) : INFINITY;
        for (guint i = 0; i < attributes->len; i++) {
            const Attribute *a = g_ptr_array_index(attributes, i);
            for (guint k = 0; k < a->levels->len; k++) {
                const PlFinding *f = g_ptr_array_index(a->levels, k);
                double x = pl_chart_shown(r, f->value), low = pl_chart_shown(r, f->conf_low),
                       high = pl_chart_shown(r, f->conf_high), h = (high - low) / 2;
                if (pass == 0 && isfinite(h))
                    g_array_append_val(halves, h);
                double reach = pass == 0 ? 0 : WIDEST * half;
                *least = MIN(*least, isfinite(low) ? MAX(low, x - reach) : x);
                *most = MAX(*most, isfinite(high) ? MIN(high, x + reach) : x);
            }
        }
        g_array_sort(halves, by_size);
    }
    pl_chart_set_number(draft->variables, "effect_least", *least);
    pl_chart_set_number(draft->variables, "effect_most", *most);
}

static void add_level(PlChartDraft *draft, const PlResult *r, const PlFinding *f, guint place, double least,
                      double most) {
    double low = pl_chart_shown(r, f->conf_low), high = pl_chart_shown(r, f->conf_high);
    gboolean interval = isfinite(low) || isfinite(high);
    gboolean beyond_low = interval && !(low >= least), beyond_high = interval && !(high <= most);
    const double numbers[] = {place,
                              pl_chart_shown(r, f->value),
                              interval ? (beyond_low ? least : low) : NAN,
                              interval ? (beyond_high ? most : high) : NAN,
                              beyond_low,
                              beyond_high};
    g_autofree char *level = pl_chart_label(strstr(f->group, ": ") + 2, NAME_COLUMNS);
    const char *word = r->n_pairs > 0 ? "pairs" : "stores";
    g_autofree char *n =
        f->n == 1 ? g_strdup(r->n_pairs > 0 ? "1 pair" : "1 store") : g_strdup_printf("%u %s", f->n, word);
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
        pl_chart_add_number(draft->data, numbers[i]);
    pl_chart_add_text(draft->data, level);
    pl_chart_add_text(draft->data, n);
    g_string_append_c(draft->data, '\n');
}

static gboolean may_differ(const PlFinding *test) {
    return test->p_adjusted <= 1 - test->conf_level;
}

static void add_header(PlChartDraft *draft, const Attribute *a, guint number, guint place) {
    char variable[32];
    g_autofree char *name = pl_chart_label(a->name, NAME_COLUMNS), *p = pl_format_p_is(a->test->p_adjusted);
    g_snprintf(variable, sizeof variable, "header_%u", number);
    pl_chart_set_text(draft->variables, variable, name);
    g_snprintf(variable, sizeof variable, "header_p_%u", number);
    pl_chart_set_text(draft->variables, variable, isnan(a->test->p_value) ? "no test" : p);
    g_snprintf(variable, sizeof variable, "header_row_%u", number);
    pl_chart_set_count(draft->variables, variable, place);
    g_snprintf(variable, sizeof variable, "header_may_%u", number);
    pl_chart_set_count(draft->variables, variable, may_differ(a->test));
}

static void set_titles(PlChartDraft *draft, const PlResult *r, const char *treatment,
                       const GPtrArray *attributes, guint left_out) {
    g_autoptr(GString) by = g_string_new(NULL);
    const Attribute *first = g_ptr_array_index(attributes, 0);
    guint n_tested = 0;
    g_autofree char *name = pl_chart_label(treatment ? treatment : first->test->treatment, TITLE_COLUMNS);
    for (guint i = 0; i < attributes->len; i++) {
        const Attribute *a = g_ptr_array_index(attributes, i);
        g_autofree char *label = pl_chart_label(a->name, NAME_COLUMNS);
        n_tested += !isnan(a->test->p_value);
        if (may_differ(a->test) && by->len < 2 * TITLE_COLUMNS)
            g_string_append_printf(by, "%s%s", by->len ? ", " : "", label);
    }
    g_autofree char *title = by->len ? g_strdup_printf("%s may work differently by %s", name, by->str)
                             : n_tested
                                 ? g_strdup_printf("No sign that %s worked better in some stores", name)
                                 : g_strdup_printf("Too few stores to tell where %s worked better", name);
    g_autofree char *level = pl_format_size(first->test->conf_level, NAN, PL_EFFECT_RELATIVE, NULL);
    g_autofree char *more = left_out ? g_strdup_printf("; %u more in the report", left_out) : g_strdup("");
    g_autofree char *subtitle =
        g_strdup_printf("Exploratory: %s intervals, p by Holm; dashed: all stores%s", level, more);
    g_autofree char *axis = pl_chart_effect_axis(r);
    pl_chart_draft_titles(draft, title, subtitle);
    pl_chart_set_text(draft->variables, "x_label", axis);
}

static char *alt_of(const GPtrArray *attributes, const char *title) {
    GString *alt = g_string_new("Interval chart of the effect by kind of store. ");
    g_string_append_printf(alt, "%s.", title);
    for (guint i = 0; i < attributes->len; i++) {
        const Attribute *a = g_ptr_array_index(attributes, i);
        for (guint k = 0; k < a->levels->len; k++) {
            const PlFinding *f = g_ptr_array_index(a->levels, k);
            g_autofree char *value =
                pl_format_amount(f->value, (f->conf_high - f->conf_low) / 2, f->amount, NULL);
            g_string_append_printf(alt, " %s: %s.", f->group, value);
        }
    }
    return g_string_free(alt, FALSE);
}

/* The effect at every level of the stores' attributes. */
gboolean pl_chart_segments(const PlResult *result, const char *treatment, PlChartDraft *draft) {
    const PlSection *section = pl_result_section(result, "segments");
    const PlEstimate *deciding = pl_result_deciding(result, treatment);
    guint left_out = 0, rows = 0;
    double least, most;
    if (!section)
        return FALSE;
    g_autoptr(GPtrArray) attributes = collect(section, treatment, &left_out);
    if (attributes->len == 0)
        return FALSE;
    double whole = deciding ? pl_chart_shown(result, deciding->estimate) : NAN;
    for (guint i = 0; i < attributes->len; i++)
        rows += 1 + ((const Attribute *)g_ptr_array_index(attributes, i))->levels->len;
    set_titles(draft, result, treatment, attributes, left_out);
    set_range(draft, result, attributes, whole, &least, &most);
    pl_chart_set_number(draft->variables, "whole", whole);
    pl_chart_set_count(draft->variables, "relative", result->scale == PL_EFFECT_RELATIVE);
    pl_chart_set_count(draft->variables, "rows", rows);
    pl_chart_set_count(draft->variables, "headers", attributes->len);
    g_string_append(draft->data, "row\testimate\tlow\thigh\topen_low\topen_high\tlevel\tn\n");
    for (guint i = 0; i < attributes->len; i++) {
        const Attribute *a = g_ptr_array_index(attributes, i);
        add_header(draft, a, i + 1, rows--);
        for (guint k = 0; k < a->levels->len; k++)
            add_level(draft, result, g_ptr_array_index(a->levels, k), rows--, least, most);
    }
    draft->alt = alt_of(attributes, draft->title);
    return TRUE;
}
