/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/coupon_counts.h"

#include <math.h>

#include "pairlift/model/numbers.h"

void pl_coupon_counts_free(PlCouponCounts *c) {
    if (!c)
        return;
    for (guint f = 0; f < c->n_faces; f++) {
        g_free(c->handed[f]);
        g_free(c->redeemed[f]);
    }
    void *parts[] = {c->store,        c->faces,          c->handed,     c->redeemed,
                     c->store_handed, c->store_redeemed, c->store_cost, c->sound};
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        g_free(parts[i]);
    g_free(c);
}

static gboolean is_during(const PlStudy *study, const PlCouponRow *row) {
    const PlPeriod *during = &study->def->periods.during;
    return row->day >= during->first && row->day <= during->last;
}

/* What a coupon of the row is worth: by the row, else by the treatment, else by economics; NaN: nothing says.
 */
static double face_of(const PlStudy *study, const PlArm *arm, const PlCouponRow *row) {
    const PlTreatment *t = arm->treatment;
    if (!isnan(row->face_value))
        return row->face_value;
    if (pl_definition_given(study->def, &t->face_value) && t->face_value > 0)
        return t->face_value;
    return study->def->economics.face_value > 0 ? study->def->economics.face_value : NAN;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    if (isnan(x) || isnan(y))
        return isnan(x) - isnan(y);
    return (x > y) - (x < y);
}

/* The test stores, and the place of each among them. */
static int *index_stores(PlCouponCounts *c) {
    const guint all = c->study->panel->n_stores;
    int *at = g_new(int, all + 1);
    for (guint s = 0; s < all; s++)
        at[s] = -1;
    c->store = g_new0(guint, c->arm->n_test + 1);
    for (guint i = 0; i < c->arm->n_test; i++)
        if (at[c->arm->test[i]] < 0) {
            at[c->arm->test[i]] = (int)c->n_stores;
            c->store[c->n_stores++] = c->arm->test[i];
        }
    return at;
}

static guint face_index(const PlCouponCounts *c, double face) {
    guint low = 0, high = c->n_faces - 1; /* face is among them, or there is one for all */
    while (low < high) {
        guint middle = (low + high) / 2;
        if (ascending(&c->faces[middle], &face) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The different ones, in place; the number of them. */
static guint distinct(double *faces, guint n) {
    guint kept = 0;
    for (guint i = 0; i < n; i++)
        if (kept == 0 || ascending(&faces[kept - 1], &faces[i]) != 0)
            faces[kept++] = faces[i];
    return kept;
}

static void collect_faces(PlCouponCounts *c, const GArray *rows, const int *at) {
    g_autoptr(GArray) faces = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < rows->len; i++) {
        const PlCouponRow *row = &g_array_index(rows, PlCouponRow, i);
        if (at[row->store] < 0 || !is_during(c->study, row))
            continue;
        double face = face_of(c->study, c->arm, row);
        g_array_append_val(faces, face);
    }
    c->n_rows = faces->len;
    g_array_sort(faces, ascending);
    c->n_faces = distinct((double *)(void *)faces->data, faces->len);
    c->many_faces = c->n_faces > PL_MOST_FACES;
    if (c->many_faces)
        c->n_faces = 1;
    c->faces = g_new(double, c->n_faces + 1);
    c->handed = g_new0(double *, c->n_faces + 1);
    c->redeemed = g_new0(double *, c->n_faces + 1);
    for (guint f = 0; f < c->n_faces; f++) {
        c->faces[f] = c->many_faces ? NAN : g_array_index(faces, double, f);
        c->handed[f] = g_new0(double, c->n_stores + 1);
        c->redeemed[f] = g_new0(double, c->n_stores + 1);
    }
}

static void sum_stores(PlCouponCounts *c) {
    for (guint s = 0; s < c->n_stores; s++) {
        double handed = 0, redeemed = 0;
        for (guint f = 0; f < c->n_faces; f++) {
            handed += c->handed[f][s];
            redeemed += c->redeemed[f][s];
        }
        c->store_handed[s] = handed;
        c->store_redeemed[s] = redeemed;
        c->sound[s] = handed > 0 && redeemed <= handed;
        c->n_unknown += isnan(handed) ? 1 : 0;
        c->n_over += redeemed > handed ? 1 : 0;
        c->all_handed += c->sound[s] ? handed : 0;
        c->all_redeemed += c->sound[s] ? redeemed : 0;
        c->any_redeemed += redeemed;
    }
}

PlCouponCounts *pl_coupon_counts_new(const PlStudy *study, const PlArm *arm) {
    PlCouponCounts *c = g_new0(PlCouponCounts, 1);
    const PlCoupons *table = study->tables ? study->tables->coupons : NULL;
    c->study = study;
    c->arm = arm;
    g_autofree int *at = index_stores(c);
    c->store_handed = g_new0(double, c->n_stores + 1);
    c->store_redeemed = g_new0(double, c->n_stores + 1);
    c->store_cost = g_new0(double, c->n_stores + 1);
    c->sound = g_new0(gboolean, c->n_stores + 1);
    if (!table)
        return c;
    collect_faces(c, table->rows, at);
    for (guint i = 0; i < table->rows->len; i++) {
        const PlCouponRow *row = &g_array_index(table->rows, PlCouponRow, i);
        if (at[row->store] < 0 || !is_during(study, row))
            continue;
        double face = face_of(study, arm, row);
        guint f = face_index(c, face), s = (guint)at[row->store];
        c->handed[f][s] += row->distributed; /* NaN stays */
        c->redeemed[f][s] += row->redeemed;
        c->store_cost[s] += row->redeemed > 0 ? row->redeemed * face : 0;
    }
    sum_stores(c);
    return c;
}

guint pl_coupon_known_faces(const PlCouponCounts *c) {
    return c->n_faces > 0 && isnan(c->faces[c->n_faces - 1]) ? c->n_faces - 1 : c->n_faces;
}

char *pl_coupon_face_text(double face_value) {
    double cents = face_value * 100;
    gboolean whole = fabs(cents - nearbyint(cents)) < 1e-6 * fmax(1, fabs(cents));
    return whole ? pl_format_number(face_value, 2) : g_strdup_printf("%.6g", face_value);
}

/* Rows of the table that no treatment counts. */
typedef struct {
    guint other_time, control, nobody;
    double late, at_controls; /* coupons redeemed in them */
    guint n;
} Unused;

static Unused count_unused(const PlStudy *study, const GArray *rows) {
    enum { NOBODY, CONTROL, TEST };
    g_autofree guint8 *role = g_new0(guint8, study->panel->n_stores + 1);
    Unused u = {0};
    for (guint a = 0; a < study->arms->len; a++) {
        const PlArm *arm = g_ptr_array_index(study->arms, a);
        for (guint i = 0; i < arm->n_control; i++)
            role[arm->control[i]] = MAX(role[arm->control[i]], CONTROL);
        for (guint i = 0; i < arm->n_test; i++)
            role[arm->test[i]] = TEST;
    }
    for (guint i = 0; i < rows->len; i++) {
        const PlCouponRow *row = &g_array_index(rows, PlCouponRow, i);
        gboolean during = is_during(study, row);
        u.nobody += role[row->store] == NOBODY ? 1 : 0;
        u.control += role[row->store] == CONTROL ? 1 : 0;
        u.at_controls += role[row->store] == CONTROL && during ? row->redeemed : 0;
        u.other_time += role[row->store] == TEST && !during ? 1 : 0;
        u.late += role[row->store] == TEST && !during ? row->redeemed : 0;
        u.n += role[row->store] == TEST && during ? 1 : 0;
    }
    return u;
}

void pl_check_coupons(const PlStudy *study, PlResult *result) {
    const PlCoupons *table = study->tables ? study->tables->coupons : NULL;
    if (!table)
        return;
    Unused u = count_unused(study, table->rows);
    g_autoptr(GString) s = g_string_new(NULL);
    g_autofree char *used = pl_format_count(u.n, "row", "rows");
    g_string_append_printf(s, "%s of coupons in test stores during the promotion", used);
    if (u.other_time) {
        g_autofree char *rows = pl_format_count(u.other_time, "row", "rows"),
                        *late = pl_format_number(u.late, 0);
        g_string_append_printf(s, "; %s of other days left out, with %s coupons redeemed", rows, late);
    }
    if (u.control) {
        g_autofree char *rows = pl_format_count(u.control, "row", "rows"),
                        *there = pl_format_number(u.at_controls, 0);
        g_string_append_printf(s, "; %s of control stores left out%s%s%s", rows,
                               u.at_controls > 0 ? ", where " : "", u.at_controls > 0 ? there : "",
                               u.at_controls > 0
                                   ? " coupons were redeemed during the promotion: these stores "
                                     "show less than the coupon's whole effect"
                                   : "");
    }
    if (u.nobody) {
        g_autofree char *rows = pl_format_count(u.nobody, "row", "rows");
        g_string_append_printf(s, "; %s of stores that take no part left out", rows);
    }
    if (table->unknown_rows) {
        g_autofree char *rows = pl_format_count(table->unknown_rows, "row", "rows");
        g_string_append_printf(s, "; %s of stores without sales left out", rows);
    }
    gboolean warn = u.n == 0 || u.late > 0 || u.at_controls > 0 || table->unknown_rows > 0;
    pl_result_check(result, "coupons", warn ? PL_WARN : PL_PASS, u.n, "%s", s->str);
}
