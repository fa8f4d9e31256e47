/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/result.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

static PlEstimate *add(PlResult *result, const char *treatment, const char *metric, gboolean deciding) {
    PlEstimate *estimate = pl_result_add_estimate(result);
    estimate->treatment = g_strdup(treatment);
    estimate->metric = g_strdup(metric);
    estimate->deciding = deciding;
    return estimate;
}

Test(result, new_is_empty) {
    g_autoptr(PlResult) result = pl_result_new();
    GPtrArray *lists[] = {result->inputs,   result->checks, result->estimates, result->pairs,
                          result->verdicts, result->series, result->charts};
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        cr_assert(ne(ptr, lists[i], NULL));
        cr_expect(eq(u32, lists[i]->len, 0));
    }
    cr_expect(eq(ptr, result->title, NULL));
    cr_expect(eq(ptr, result->treatments, NULL));
}

Test(result, free_accepts_null) {
    pl_result_free(NULL);
    g_autoptr(PlResult) none = NULL;
    cr_expect(eq(ptr, none, NULL));
}

/* Under the sanitiser's leak detection this fails when a field is forgotten. */
Test(result, free_takes_every_field) {
    PlResult *result = pl_result_new();
    char **texts[] = {
        &result->version, &result->experiment, &result->title,           &result->question,
        &result->goal,    &result->notes,      &result->definition_file, &result->definition_sha256,
        &result->primary, &result->unit,       &result->method_choice};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = g_strdup("text");
    result->treatments = g_strsplit("a b", " ", 0);
    PlResultInput input = {.table = g_strdup("t"), .source = g_strdup("s"), .sha256 = g_strdup("h")};
    g_ptr_array_add(result->inputs, g_memdup2(&input, sizeof input));
    PlEstimate *estimate = add(result, "a", "m", TRUE);
    estimate->period = g_strdup("during");
    estimate->method = g_strdup("paired_t");
    estimate->reason = g_strdup("why");
    PlPairEffect pair = {g_strdup("p"),
                         g_strdup("t"),
                         g_strdup("c"),
                         g_strdup("a"),
                         g_strdup("m"),
                         g_strdup("during"),
                         1,
                         2,
                         3,
                         4,
                         5,
                         0.5,
                         g_strdup("why")};
    g_ptr_array_add(result->pairs, g_memdup2(&pair, sizeof pair));
    PlVerdict verdict = {g_strdup("a"), g_strdup("m"), PL_WIN, g_strdup("s"), g_strdup("h")};
    g_ptr_array_add(result->verdicts, g_memdup2(&verdict, sizeof verdict));
    PlSeries series = {g_strdup("a"),    g_strdup("m"),     2,
                       g_new0(PlDay, 2), g_new0(double, 2), g_new0(double, 2)};
    g_ptr_array_add(result->series, g_memdup2(&series, sizeof series));
    PlChart chart = {g_strdup("n"), g_strdup("t"), g_strdup("a"), g_strsplit("x y", " ", 0), g_strdup("s")};
    g_ptr_array_add(result->charts, g_memdup2(&chart, sizeof chart));
    pl_result_check(result, "name", PL_PASS, 1, "message");
    cr_expect(eq(u32, result->checks->len, 1));
    pl_result_free(result);
}

Test(result, check_keeps_hostile_text_as_text) {
    g_autoptr(PlResult) result = pl_result_new();
    pl_result_check(result, "coverage", PL_WARN, 0.5, "%u of %s", 3, "%n %s \"x\"");
    const PlCheck *check = g_ptr_array_index(result->checks, 0);
    cr_expect(eq(str, check->name, (char *)"coverage"));
    cr_expect(eq(str, check->message, (char *)"3 of %n %s \"x\""));
    cr_expect(eq(int, check->status, PL_WARN));
    cr_expect(eq(dbl, check->value, 0.5));
}

Test(result, estimate_starts_absent) {
    g_autoptr(PlResult) result = pl_result_new();
    result->scale = PL_EFFECT_ABSOLUTE;
    const PlEstimate *e = pl_result_add_estimate(result);
    const double numbers[] = {e->estimate,   e->std_error, e->statistic, e->df,        e->p_value,
                              e->p_adjusted, e->conf_low,  e->conf_high, e->conf_level};
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
        cr_expect(isnan(numbers[i]), "number %zu is %g", i, numbers[i]);
    cr_expect(eq(int, e->scale, PL_EFFECT_ABSOLUTE));
    cr_expect(not(e->deciding));
}

Test(result, deciding_is_of_the_primary_metric_and_the_treatment) {
    g_autoptr(PlResult) result = pl_result_new();
    result->primary = g_strdup("revenue");
    cr_expect(eq(ptr, (void *)pl_result_deciding(result, NULL), NULL));
    add(result, "a", "units", TRUE);
    add(result, "a", "revenue", FALSE);
    cr_expect(eq(ptr, (void *)pl_result_deciding(result, "a"), NULL));
    PlEstimate *a = add(result, "a", "revenue", TRUE);
    PlEstimate *b = add(result, "b", "revenue", TRUE);
    cr_expect(eq(ptr, (void *)pl_result_deciding(result, "a"), a));
    cr_expect(eq(ptr, (void *)pl_result_deciding(result, "b"), b));
    cr_expect(eq(ptr, (void *)pl_result_deciding(result, NULL), a));
    cr_expect(eq(ptr, (void *)pl_result_deciding(result, "c"), NULL));
}

Test(result, names) {
    static const char *const status[] = {"pass", "warn", "fail"};
    for (int i = PL_PASS; i <= PL_FAIL; i++)
        cr_expect(eq(str, (char *)pl_check_status_name((PlCheckStatus)i), (char *)status[i]));
    static const char *const verdict[] = {"win", "loss", "equivalent", "inconclusive"};
    for (int i = PL_WIN; i <= PL_INCONCLUSIVE; i++)
        cr_expect(eq(str, (char *)pl_verdict_name((PlVerdictKind)i), (char *)verdict[i]));
}

Test(result, takes_the_checks_of_another) {
    g_autoptr(PlResult) result = pl_result_new(), other = pl_result_new();
    pl_result_check(result, "a", PL_PASS, NAN, "first");
    pl_result_check(other, "b", PL_WARN, 2, "second");
    pl_result_take_checks(result, other);
    cr_assert(eq(u32, result->checks->len, 2));
    cr_assert(eq(str, ((PlCheck *)g_ptr_array_index(result->checks, 1))->name, (char *)"b"));
    cr_assert(eq(u32, other->checks->len, 0));
}
