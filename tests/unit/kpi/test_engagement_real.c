/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>
#include <stdlib.h>

#include "kpi_text.h"

/* The engagement KPI on real visits, and on the company whose truth is known. */

/* Complete Journey: counted in Python over the sets of days of each household, see journey-engagement.py. */
Test(engagement_real, visits_of_households) {
    const char *shared = getenv("PAIRLIFT_SHARED");
    g_autofree char *data = g_build_filename(shared != NULL ? shared : "../shared", "data", "completejourney",
                                             "transactions_sample.csv", NULL);
    if (!g_file_test(data, G_FILE_TEST_EXISTS) || !g_file_test("tests/kpi", G_FILE_TEST_IS_DIR))
        cr_skip_test("no %s", data);
    g_autofree char *text = NULL;
    cr_assert(g_file_get_contents("tests/kpi/journey-engagement.yaml", &text, NULL, NULL));
    g_auto(GStrv) parts = g_strsplit(text, "../../../shared/data/completejourney/transactions_sample.csv", 2);
    g_autofree char *path = g_canonicalize_filename(data, NULL), *yaml = g_strjoinv(path, parts);
    g_auto(KpiText) t = kpi_text(yaml, NULL);
    const PlFinding *f = kpi_find(&t, "engagement", "gap_days", NULL);
    cr_assert(eq(dbl, f->value, 16));
    cr_assert(eq(u32, f->n, 2377));
    cr_assert(eq(str, (char *)f->mark->trend, "unclear")); /* visits are as many in each month */
    cr_assert(epsilon_eq(dbl, kpi_find(&t, "engagement", "overdue_share", NULL)->value, 761.0 / 2377, 1e-12));
    f = kpi_find(&t, "engagement", "interactions_per_customer", NULL);
    cr_assert(eq(str, f->period, "2017-12"));
    cr_assert(epsilon_eq(dbl, f->value, 6648.0 / 2377, 1e-12));
}

static const char *name_of(const json_t *truth, const char *key) {
    return json_string_value(json_object_get(truth, key));
}

/* Whether a sentence about standing out `with` something names a rep. */
static gboolean names_it(const KpiText *t, const char *with, const char *rep) {
    const PlSection *s = kpi_section(t, "engagement");
    for (guint i = 0; i < s->sentences->len; i++) {
        const char *said = g_ptr_array_index(s->sentences, i), *at = strstr(said, with);
        if (at != NULL && strstr(at, rep) != NULL)
            return TRUE;
    }
    return FALSE;
}

Test(engagement_real, the_truths_of_the_simulated_company) {
    json_t *all = json_load_file("experiments/field-sales/truth.json", 0, NULL);
    if (all == NULL)
        cr_skip_test("not in the project's folder");
    json_t *truth = json_object_get(all, "engagement");
    g_auto(KpiText) t = kpi_file("experiments/field-sales/field-sales.yaml");
    const char *neglects = name_of(truth, "rep_who_neglects"),
               *solves = name_of(truth, "rep_who_solves_least");
    cr_assert(names_it(&t, "with a longer usual gap: ", neglects));
    cr_assert(names_it(&t, "with fewer contacts a customer and year: ", neglects));
    cr_assert(names_it(&t, "with more customers overdue for a contact: ", neglects));
    cr_assert(names_it(&t, "with a smaller share of contacts that solved a problem: ", solves));
    cr_assert(eq(dbl, json_real_value(json_object_get(truth, "best_gap_days")), 90));
    cr_assert(kpi_says(&t, "engagement", "Customers contacted about once every three months stayed long"));
    /* what can be counted: customers who are there at the end, and of whom nobody was overdue */
    json_t *reps = json_object_get(truth, "reps"), *rep;
    size_t i;
    json_array_foreach(reps, i, rep) {
        const char *name = name_of(rep, "rep");
        const PlFinding *late = kpi_find(&t, "engagement", "overdue_share", name),
                        *solved = kpi_find(&t, "engagement", "solved_share", name);
        cr_assert(eq(u32, late->n, (guint)json_integer_value(json_object_get(rep, "customers_at_the_end"))));
        cr_assert(eq(u32, solved->n, (guint)json_integer_value(json_object_get(rep, "contacts"))));
        cr_assert(epsilon_eq(dbl, solved->value * solved->n,
                             json_number_value(json_object_get(rep, "solved")), 1e-9));
    }
    json_decref(all);
}
