/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/coupon_faces.h"

#include <math.h>

#include "pairlift/model/numbers.h"
#include "pairlift/stats/adjust.h"
#include "pairlift/stats/cluster_rate.h"
#include "pairlift/stats/logistic_curve.h"
#include "pairlift/stats/student.h"

/* Points of a curve, ends included; and the coupons that profits are shown for. */
enum { POINTS = 41, COUPONS_SHOWN = 1000 };

void pl_set_coupon_rate(PlFinding *f, const double *redeemed, const double *handed, guint n, double level) {
    PlClusterRate rate;
    PlStatus status = pl_cluster_rate(redeemed, handed, n, level, &rate);
    if (status != PL_OK) {
        f->reason = g_strdup("no coupons were handed out");
        return;
    }
    f->value = rate.rate;
    f->std_error = rate.std_error;
    f->conf_low = rate.conf_low;
    f->conf_high = rate.conf_high;
    f->conf_level = level;
    f->n = (guint)rate.n_clusters;
    if (!rate.by_cluster)
        f->reason = g_strdup(rate.n_clusters == 1
                                 ? "one store: Wilson's interval, as if coupons were redeemed independently "
                                   "of each other; it does not say how other stores would differ"
                                 : "no store differs from the others: Wilson's interval, as if coupons were "
                                   "redeemed independently of each other");
}

/* Coupons of one face value in the sound stores, others 0. */
typedef struct {
    double *redeemed, *handed; /* [n_stores] */
} Face;

static Face *sound_faces(const PlCouponCounts *c, guint n) {
    Face *faces = g_new0(Face, n + 1);
    for (guint f = 0; f < n; f++) {
        faces[f] = (Face){g_new0(double, c->n_stores + 1), g_new0(double, c->n_stores + 1)};
        for (guint s = 0; s < c->n_stores; s++)
            /* a coupon of one face value may be redeemed where only another one was handed out */
            if (c->sound[s] && c->redeemed[f][s] <= c->handed[f][s]) {
                faces[f].redeemed[s] = c->redeemed[f][s];
                faces[f].handed[s] = c->handed[f][s];
            }
    }
    return faces;
}

static void free_faces(Face *faces, guint n) {
    for (guint f = 0; f < n; f++) {
        g_free(faces[f].redeemed);
        g_free(faces[f].handed);
    }
    g_free(faces);
}

static void add_rates(const PlCouponCounts *c, const Face *faces, guint n, PlSection *section) {
    for (guint f = 0; f < n; f++) {
        PlFinding *row = pl_section_add(section, c->arm->treatment->name, "redemption_rate",
                                        "Redeemed, face value", PL_AMOUNT_SHARE);
        row->group = pl_coupon_face_text(c->faces[f]);
        row->period = g_strdup("during");
        pl_set_coupon_rate(row, faces[f].redeemed, faces[f].handed, c->n_stores,
                           c->study->options.conf_level);
    }
}

static void adjust_rows(GPtrArray *rows) {
    g_autofree double *p = g_new(double, rows->len + 1), *adjusted = g_new(double, rows->len + 1);
    g_autofree size_t *order = g_new(size_t, rows->len + 1);
    for (guint i = 0; i < rows->len; i++)
        p[i] = ((PlFinding *)g_ptr_array_index(rows, i))->p_value;
    if (pl_adjust_holm(p, rows->len, order, adjusted) != PL_OK)
        return;
    for (guint i = 0; i < rows->len; i++)
        ((PlFinding *)g_ptr_array_index(rows, i))->p_adjusted = adjusted[i];
}

static void add_differences(const PlCouponCounts *c, const Face *faces, guint n, PlSection *section) {
    g_autoptr(GPtrArray) tested = g_ptr_array_new();
    PlInferenceOptions options = c->study->options;
    options.alternative = PL_TWO_SIDED;
    g_autofree char *lowest = pl_coupon_face_text(c->faces[0]);
    for (guint f = 1; f < n; f++) {
        g_autofree char *label = g_strdup_printf("Redeemed more than at %s", lowest);
        PlFinding *row = pl_section_add(section, c->arm->treatment->name, "redemption_rate_difference", label,
                                        PL_AMOUNT_SHARE);
        PlInference d;
        PlStatus status = pl_cluster_rate_difference((PlClusteredRate){faces[f].redeemed, faces[f].handed},
                                                     (PlClusteredRate){faces[0].redeemed, faces[0].handed},
                                                     c->n_stores, &options, &d);
        row->group = pl_coupon_face_text(c->faces[f]);
        row->period = g_strdup("during");
        if (status != PL_OK) {
            row->reason =
                g_strdup("a difference with stores as its clusters takes two stores or more with each "
                         "face value, and some difference between them");
            continue;
        }
        row->value = d.estimate;
        row->std_error = d.std_error;
        row->conf_low = d.conf_low;
        row->conf_high = d.conf_high;
        row->conf_level = d.conf_level;
        row->p_value = d.p_value;
        row->n = (guint)d.n;
        g_ptr_array_add(tested, row);
    }
    adjust_rows(tested);
}

/* Redemption against face value: a row for each store and face value. */
typedef struct {
    guint rows, n_clusters;
    double *successes, *trials, *face;
    size_t *cluster;
} Regression;

static void lay_out(const PlCouponCounts *c, const Face *faces, guint n, Regression *r) {
    const gsize most = (gsize)n * c->n_stores + 1;
    g_autofree int *cluster_of = g_new(int, c->n_stores + 1);
    *r = (Regression){
        0, 0, g_new0(double, most), g_new0(double, most), g_new0(double, most), g_new0(size_t, most)};
    for (guint s = 0; s < c->n_stores; s++)
        cluster_of[s] = -1;
    for (guint f = 0; f < n; f++)
        for (guint s = 0; s < c->n_stores; s++) {
            if (!(faces[f].handed[s] > 0))
                continue;
            if (cluster_of[s] < 0)
                cluster_of[s] = (int)r->n_clusters++;
            r->successes[r->rows] = faces[f].redeemed[s];
            r->trials[r->rows] = faces[f].handed[s];
            r->face[r->rows] = c->faces[f];
            r->cluster[r->rows++] = (size_t)cluster_of[s];
        }
}

static void clear(Regression *r) {
    g_free(r->successes);
    g_free(r->trials);
    g_free(r->face);
    g_free(r->cluster);
}

static double share(double odds) {
    return 1 / (1 + exp(-odds));
}

static void add_curve(const PlCouponCounts *c, const PlLogisticCurve *line, guint n, double t,
                      PlSection *section) {
    PlCurve *curve =
        pl_section_add_curve(section, c->arm->treatment->name, "redemption_by_face_value", POINTS);
    curve->x_label = g_strdup("Face value");
    curve->y_label = g_strdup("Redeemed");
    curve->x_amount = PL_AMOUNT_PRICE;
    curve->y_amount = PL_AMOUNT_SHARE;
    for (guint i = 0; i < POINTS; i++) {
        double x = c->faces[0] + (c->faces[n - 1] - c->faces[0]) * i / (POINTS - 1), error;
        double odds = pl_logistic_curve_at(line, x, &error);
        curve->x[i] = x;
        curve->y[i] = share(odds);
        curve->low[i] = share(odds - t * error); /* NaN without an interval */
        curve->high[i] = share(odds + t * error);
    }
}

/* What a thousand coupons earn at each face value within those seen, if each redeemed one sells as many units
 * more whatever it is worth. */
static void add_profit(const PlCouponCounts *c, const PlCouponValue *v, PlSection *section) {
    const char *treatment = c->arm->treatment->name;
    const PlCurve *redemption = pl_section_curve(section, treatment, "redemption_by_face_value");
    if (!v || isnan(v->break_even.estimate) || !redemption)
        return;
    PlCurve *curve = pl_section_add_curve(section, treatment, "profit_by_face_value", POINTS);
    curve->x_label = g_strdup("Face value");
    curve->y_label = g_strdup_printf("Gross profit less coupons, per %s handed out", "1,000");
    curve->x_amount = PL_AMOUNT_PRICE;
    curve->y_amount = PL_AMOUNT_MONEY;
    redemption = pl_section_curve(section, treatment, "redemption_by_face_value");
    guint best = 0;
    for (guint i = 0; i < POINTS; i++) {
        curve->x[i] = redemption->x[i];
        curve->y[i] = COUPONS_SHOWN * redemption->y[i] * (v->break_even.estimate - curve->x[i]);
        best = curve->y[i] > curve->y[best] ? i : best;
    }
    g_autofree char *face = pl_coupon_face_text(curve->x[best]);
    const char *where = best == 0            ? "the lowest that was tried; a lower one may earn more"
                        : best == POINTS - 1 ? "the highest that was tried; a higher one may earn more"
                                             : "between those that were tried";
    if (curve->y[best] > 0)
        pl_section_say(section,
                       "Among the face values tried, about %s earns most (%s), if a redeemed coupon sells as "
                       "many units more whatever its face value, which this experiment does not tell.",
                       face, where);
}

static void say_slope(const PlCouponCounts *c, const PlFinding *odds, guint n, PlSection *section) {
    const PlCurve *curve = pl_section_curve(section, c->arm->treatment->name, "redemption_by_face_value");
    if (!curve || isnan(curve->y[0]))
        return;
    g_autofree char *low_face = pl_coupon_face_text(c->faces[0]),
                    *high_face = pl_coupon_face_text(c->faces[n - 1]),
                    *low = pl_format_amount(curve->y[0], (curve->high[0] - curve->low[0]) / 2,
                                            PL_AMOUNT_SHARE, NULL),
                    *high = pl_format_amount(curve->y[POINTS - 1],
                                             (curve->high[POINTS - 1] - curve->low[POINTS - 1]) / 2,
                                             PL_AMOUNT_SHARE, NULL);
    double alpha = 1 - c->study->options.conf_level;
    const char *word = isnan(odds->p_value)    ? "; how sure that is cannot be told from so few stores"
                       : odds->p_value > alpha ? "; the difference may be chance"
                                               : "";
    pl_section_say(section,
                   "By the curve, %s of the coupons worth %s are redeemed and %s of those worth %s%s.", low,
                   low_face, high, high_face, word);
}

static void add_regression(const PlCouponCounts *c, const Face *faces, guint n, PlSection *section) {
    PlFinding *odds = pl_section_add(section, c->arm->treatment->name, "redemption_odds_ratio",
                                     "Odds of redemption, times for each 1.00", PL_AMOUNT_NUMBER);
    Regression r;
    PlLogisticCurve line;
    PlArena arena = {0};
    odds->period = g_strdup("during");
    lay_out(c, faces, n, &r);
    PlStatus status =
        pl_logistic_curve(r.face, r.successes, r.trials, r.rows, r.cluster, r.n_clusters, &arena, &line);
    pl_arena_clear(&arena);
    clear(&r);
    if (status != PL_OK) {
        odds->reason =
            g_strdup_printf("redemption cannot be held against face value: %s", pl_status_text(status));
        return;
    }
    double level = c->study->options.conf_level, t = NAN, error = sqrt(line.variance[1]);
    odds->value = exp(line.slope);
    odds->n = r.n_clusters;
    if (line.errors == PL_OK) {
        t = pl_student_quantile((1 - level) / 2, line.df);
        odds->std_error = error; /* of the log */
        odds->conf_low = exp(line.slope - t * error);
        odds->conf_high = exp(line.slope + t * error);
        odds->conf_level = level;
        odds->p_value = 2 * pl_student_tail(fabs(line.slope / error), line.df);
    } else {
        odds->reason =
            g_strdup("how sure this is cannot be told: that takes three stores or more, and at least "
                     "two face values that stay when any one store is left out");
    }
    add_curve(c, &line, n, t, section);
    say_slope(c, odds, n, section);
}

void pl_add_coupon_faces(const PlCouponCounts *c, const PlCouponValue *value, PlSection *section) {
    guint n = pl_coupon_known_faces(c);
    if (n < 2 || !(c->all_handed > 0))
        return;
    Face *faces = sound_faces(c, n);
    add_rates(c, faces, n, section);
    add_differences(c, faces, n, section);
    add_regression(c, faces, n, section);
    add_profit(c, value, section);
    free_faces(faces, n);
}
