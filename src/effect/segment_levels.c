/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/segment_levels.h"

#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/order.h"

/* Numbers of at most so many values are kinds (1 to 5 stars), of more they are amounts. */
enum { KINDS_MOST = 5 };
/* With more levels than this a table of them is no answer to anything. */
enum { LEVELS_MOST = 40 };

void pl_segments_free(PlSegments *s) {
    if (!s)
        return;
    for (guint i = 0; i < s->n_levels; i++)
        g_free(s->levels[i]);
    g_free(s->levels);
    g_free(s->level);
    g_free(s->number);
    g_free(s);
}

static gboolean parse(const char *text, double *number) {
    char *end;
    *number = g_ascii_strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*number);
}

/* By number where both are, else by letter. */
static gint by_value(gconstpointer a, gconstpointer b) {
    const char *const *x = a, *const *y = b;
    double m, n;
    if (parse(*x, &m) && parse(*y, &n) && m != n)
        return m < n ? -1 : 1;
    return strcmp(*x, *y);
}

/* The stores that an effect rests on: of pairs the test stores. */
static guint unit_store(const PlArmValues *v, guint i) {
    return i < v->n_test ? v->test_store[i] : v->control_store[i - v->n_test];
}

static guint n_units(const PlArmValues *v) {
    return v->n_test + v->n_control;
}

/* Distinct values of the units, sorted; texts belong to the table. */
static GPtrArray *distinct(char *const *values, const PlArmValues *v, gboolean *numbers, guint *n_unknown) {
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *found = g_ptr_array_new();
    *numbers = TRUE;
    for (guint i = 0; i < n_units(v); i++) {
        char *text = values[unit_store(v, i)];
        double number;
        if (!text) {
            (*n_unknown)++;
            continue;
        }
        *numbers = *numbers && parse(text, &number);
        if (g_hash_table_add(seen, text))
            g_ptr_array_add(found, text);
    }
    g_ptr_array_sort(found, by_value);
    return found;
}

static void set_kinds(PlSegments *s, char *const *values, const GPtrArray *found, guint n_stores) {
    g_autoptr(GHashTable) at = g_hash_table_new(g_str_hash, g_str_equal);
    s->n_levels = found->len;
    s->levels = g_new0(char *, found->len + 1);
    for (guint i = 0; i < found->len; i++) {
        s->levels[i] = g_strdup(g_ptr_array_index(found, i));
        g_hash_table_insert(at, g_ptr_array_index(found, i), GUINT_TO_POINTER(i + 1));
    }
    for (guint st = 0; st < n_stores; st++)
        s->level[st] = values[st] ? (int)GPOINTER_TO_UINT(g_hash_table_lookup(at, values[st])) - 1 : -1;
}

char *pl_segment_number(double x) {
    return fabs(x) >= 1000 ? g_strdup_printf("%.0f", x) : g_strdup_printf("%.4g", x);
}

/* From the lower to the upper quartile of the stores that had the promotion: beyond them nothing was tried.
 */
static void set_step(PlSegments *s, const PlArmValues *v) {
    g_autofree double *tried = g_new(double, v->n_test + 1);
    guint n = 0;
    for (guint i = 0; i < v->n_test; i++)
        if (!isnan(s->number[v->test_store[i]]))
            tried[n++] = s->number[v->test_store[i]];
    s->low = s->high = NAN;
    if (n == 0)
        return;
    pl_sort(tried, n);
    s->low = pl_quantile_sorted(tried, n, 0.25);
    s->high = pl_quantile_sorted(tried, n, 0.75);
    if (!(s->low < s->high)) { /* most stores have one value */
        s->low = tried[0];
        s->high = tried[n - 1];
    }
}

/* "up to 120" and "over 120"; where nothing is over the median, "under 120" and "120 or more". */
static void split(PlSegments *s, char *const *values, const PlArmValues *v, guint n_stores) {
    g_autofree double *known = g_new(double, n_units(v) + 1);
    guint n = 0;
    s->number = g_new(double, n_stores + 1);
    for (guint st = 0; st < n_stores; st++)
        if (!values[st] || !parse(values[st], &s->number[st]))
            s->number[st] = NAN;
    for (guint i = 0; i < n_units(v); i++)
        if (!isnan(s->number[unit_store(v, i)]))
            known[n++] = s->number[unit_store(v, i)];
    set_step(s, v);
    pl_sort(known, n);
    double median = pl_quantile_sorted(known, n, 0.5);
    gboolean over = known[n - 1] > median;
    g_autofree char *at = pl_segment_number(median);
    s->n_levels = 2;
    s->levels = g_new0(char *, 3);
    s->levels[0] = g_strdup_printf("%s %s", over ? "up to" : "under", at);
    s->levels[1] = over ? g_strdup_printf("over %s", at) : g_strdup_printf("%s or more", at);
    for (guint st = 0; st < n_stores; st++)
        if (!isnan(s->number[st]))
            s->level[st] = over ? s->number[st] > median : s->number[st] >= median;
}

/* A column of the assignment says who got the promotion, not what kind of store it is. */
static gboolean is_of_assignment(const PlDefinition *def, const char *name) {
    const PlAssignment *a = &def->assignment;
    const char *const columns[] = {a->group, a->pair, a->treatment};
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
        if (a->file && g_strcmp0(columns[i], name) == 0)
            return TRUE;
    return FALSE;
}

/* Whole numbers that follow each other with few gaps, as rows and pairs are numbered. */
static gboolean counts_on(const GPtrArray *found, guint gaps) {
    double first, last;
    return parse(g_ptr_array_index(found, 0), &first) &&
           parse(g_ptr_array_index(found, found->len - 1), &last) && first == floor(first) &&
           last == floor(last) && last - first < found->len + gaps;
}

/* Of pairs: the same number in both stores. */
static gboolean is_shared(const PlArm *arm, char *const *values) {
    for (guint i = 0; arm->paired && i < arm->n_test; i++)
        if (g_strcmp0(values[arm->test[i]], values[arm->control[i]]) != 0)
            return FALSE;
    return arm->paired;
}

static gboolean is_numbering(const PlArm *arm, char *const *values, const GPtrArray *found) {
    return counts_on(found, 0) || (counts_on(found, found->len) && is_shared(arm, values));
}

static void find_fault(PlSegments *s, const PlStudy *study, const PlArm *arm, const PlArmValues *v,
                       char *const *values, const GPtrArray *found, gboolean numbers, gboolean asked) {
    gboolean all_differ = found->len > 1 && found->len + s->n_unknown == n_units(v);
    if (found->len < 2) {
        s->unfit = found->len == 0 ? "no store has a value" : "all stores have the same value";
    } else if (is_of_assignment(study->def, s->name)) {
        s->unfit = "it says which stores were treated, not what they are";
    } else if (all_differ && !asked && numbers && is_numbering(arm, values, found)) {
        s->unfit = "it numbers the stores or pairs";
    } else if (all_differ && !numbers) {
        s->unfit = "every store has a value of its own";
    } else if (found->len > LEVELS_MOST && !numbers) {
        s->unfit = "it has too many values to compare";
    }
}

PlSegments *pl_segments_new(const PlStudy *study, const PlArm *arm, const PlArmValues *v, guint attribute,
                            gboolean asked) {
    const PlStoreTable *t = study->tables->stores;
    char *const *values = t->values[attribute];
    gboolean numbers;
    PlSegments *s = g_new0(PlSegments, 1);
    s->name = t->names[attribute];
    s->low = s->high = NAN;
    s->level = g_new(int, t->n_stores + 1);
    for (guint st = 0; st < t->n_stores; st++)
        s->level[st] = -1;
    g_autoptr(GPtrArray) found = distinct(values, v, &numbers, &s->n_unknown);
    find_fault(s, study, arm, v, values, found, numbers, asked);
    if (s->unfit)
        return s;
    if (numbers && found->len > KINDS_MOST)
        split(s, values, v, t->n_stores);
    else
        set_kinds(s, values, found, t->n_stores);
    return s;
}
