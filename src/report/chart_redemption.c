/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/report/chart_draft.h"
#include "pairlift/report/chart_text.h"

#define STORE_COLUMNS 24
#define PER_CENT      100.0

static gboolean is_of(const PlFinding *f, const char *treatment, const char *label) {
    return g_strcmp0(f->measure, "redemption_rate") == 0 && g_strcmp0(f->label, label) == 0 &&
           (treatment == NULL || g_strcmp0(f->treatment, treatment) == 0) && isfinite(f->value);
}

/* The findings of stores or face values, in their order. */
static GPtrArray *collect(const PlSection *section, const char *treatment, const char *label) {
    GPtrArray *rows = g_ptr_array_new();
    for (guint i = 0; i < section->findings->len; i++) {
        PlFinding *f = g_ptr_array_index(section->findings, i);
        if (is_of(f, treatment, label) && f->group != NULL)
            g_ptr_array_add(rows, f);
    }
    return rows;
}

static char *rate_text(const PlFinding *f) {
    return pl_format_amount(f->value, (f->conf_high - f->conf_low) / 2, f->amount, NULL);
}

static void add_point(GString *data, double kind, double x, const PlFinding *f, const char *shown) {
    pl_chart_add_number(data, kind);
    pl_chart_add_number(data, x);
    pl_chart_add_number(data, PER_CENT * f->value);
    pl_chart_add_number(data, PER_CENT * (isnan(f->conf_low) ? f->value : f->conf_low));
    pl_chart_add_number(data, PER_CENT * (isnan(f->conf_high) ? f->value : f->conf_high));
    pl_chart_add_text(data, shown);
    g_string_append_c(data, '\n');
}

/* The face value that a row is of, read back from its text. */
static double face_of(const PlFinding *f) {
    g_autoptr(GString) text = g_string_new(f->group);
    g_string_replace(text, ",", "", 0);
    return g_ascii_strtod(text->str, NULL);
}

static double add_curve(GString *data, const PlCurve *curve) {
    double most = 0;
    for (guint i = 0; i < curve->n; i++) {
        pl_chart_add_number(data, 1);
        pl_chart_add_number(data, curve->x[i]);
        pl_chart_add_number(data, PER_CENT * curve->y[i]);
        pl_chart_add_number(data, PER_CENT * curve->low[i]);
        pl_chart_add_number(data, PER_CENT * curve->high[i]);
        pl_chart_add_text(data, "");
        g_string_append_c(data, '\n');
        most = fmax(most, fmax(curve->y[i], isnan(curve->high[i]) ? 0 : curve->high[i]));
    }
    return PER_CENT * most;
}

static void by_face(PlChartDraft *draft, const PlCurve *curve, const PlFinding *odds, const GPtrArray *rows) {
    g_string_append(draft->data, "kind\tx\ty\tlow\thigh\tshown\n");
    double curve_most = add_curve(draft->data, curve), most = 0;
    for (guint i = 0; i < rows->len; i++) {
        const PlFinding *f = g_ptr_array_index(rows, i);
        g_autofree char *shown = rows->len <= 12 ? rate_text(f) : g_strdup("");
        add_point(draft->data, 2, face_of(f), f, shown);
        most = fmax(most, PER_CENT * (isnan(f->conf_high) ? f->value : f->conf_high));
    }
    /* a face value of a single coupon or an open band does not squeeze the rest */
    double middle = PER_CENT * fmax(curve->y[0], curve->y[curve->n - 1]);
    pl_chart_set_number(draft->variables, "y_most", fmin(fmax(most, curve_most), 5 * middle));
    pl_chart_set_number(draft->variables, "x_least", curve->x[0]);
    pl_chart_set_number(draft->variables, "x_most", curve->x[curve->n - 1]);
    pl_chart_set_count(draft->variables, "by_face", TRUE);
    gboolean known = odds != NULL && odds->p_value <= 1 - odds->conf_level;
    const char *direction = odds != NULL && odds->value < 1 ? "less" : "more";
    g_autofree char *title =
        known ? g_strdup_printf("Coupons worth more are redeemed %s often", direction)
              : g_strdup("Whether a higher face value is redeemed more often is not clear");
    pl_chart_draft_titles(draft, title,
                          "Share of coupons redeemed: points with intervals over stores, line and band the "
                          "logistic curve");
    GString *alt = g_string_new(NULL);
    g_string_append_printf(alt, "Redemption against face value. %s.", title);
    for (guint i = 0; i < rows->len; i++) {
        const PlFinding *f = g_ptr_array_index(rows, i);
        g_autofree char *shown = rate_text(f);
        g_string_append_printf(alt, " %s: %s.", f->group, shown);
    }
    draft->alt = g_string_free(alt, FALSE);
}

static void title_stores(PlChartDraft *draft, const PlSection *section, const char *treatment,
                         const PlFinding *overall, guint n) {
    const PlFinding *spread = pl_section_find(section, treatment, "store_differences");
    g_autofree char *rate = overall ? rate_text(overall) : g_strdup("n/a");
    gboolean differ = spread != NULL && g_strcmp0(spread->verdict, "different") == 0;
    g_autofree char *title = g_strdup_printf("%s of the coupons were redeemed%s", rate,
                                             n < 2    ? ""
                                             : differ ? "; stores differ beyond chance"
                                                      : "; stores differ by no more than chance can make");
    pl_chart_draft_titles(draft, title,
                          "Share redeemed in each store with Wilson's interval; line and band: all stores");
    draft->alt =
        g_strdup_printf("Dot chart of redemption in %u %s. %s.", n, n == 1 ? "store" : "stores", title);
}

static void by_store(PlChartDraft *draft, const PlSection *section, const char *treatment,
                     const PlFinding *overall, const GPtrArray *rows) {
    guint widest = 0;
    double most = 0;
    g_string_append(draft->data, "kind\trow\trate\tlow\thigh\tstore\n");
    for (guint i = 0; i < rows->len; i++) {
        const PlFinding *f = g_ptr_array_index(rows, i);
        g_autofree char *label = pl_chart_label(f->group, STORE_COLUMNS);
        widest = MAX(widest, pl_chart_columns(label));
        add_point(draft->data, 1, rows->len - i, f, label);
        most = fmax(most, PER_CENT * (isnan(f->conf_high) ? f->value : f->conf_high));
    }
    pl_chart_set_number(draft->variables, "y_most", most);
    pl_chart_set_number(draft->variables, "overall", overall ? PER_CENT * overall->value : NAN);
    pl_chart_set_number(draft->variables, "overall_low", overall ? PER_CENT * overall->conf_low : NAN);
    pl_chart_set_number(draft->variables, "overall_high", overall ? PER_CENT * overall->conf_high : NAN);
    pl_chart_set_count(draft->variables, "rows", rows->len);
    pl_chart_set_count(draft->variables, "label_columns", widest);
    pl_chart_set_count(draft->variables, "by_face", FALSE);
    title_stores(draft, section, treatment, overall, rows->len);
}

/* Redemption against face value, or store by store where there is one face value. */
gboolean pl_chart_redemption(const PlResult *result, const char *treatment, PlChartDraft *draft) {
    const PlSection *section = pl_result_section(result, "coupons");
    if (section == NULL)
        return FALSE;
    const PlCurve *curve = pl_section_curve(section, treatment, "redemption_by_face_value");
    g_autoptr(GPtrArray) faces = collect(section, treatment, "Redeemed, face value"),
                         stores = collect(section, treatment, "Redeemed, store");
    const PlFinding *overall = pl_section_find(section, treatment, "redemption_rate");
    if (curve != NULL && faces->len > 1)
        by_face(draft, curve, pl_section_find(section, treatment, "redemption_odds_ratio"), faces);
    else if (stores->len > 0)
        by_store(draft, section, treatment, overall, stores);
    else
        return FALSE;
    return TRUE;
}
