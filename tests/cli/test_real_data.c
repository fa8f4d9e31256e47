/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "program.h"

#include <jansson.h>
#include <math.h>

/* Real data sets, used in place (PAIRLIFT_SHARED, default ../shared) against independent values. */

static double relative_error(double got, double want) {
    return fabs(got - want) / fmax(fabs(want), 1e-300);
}

#define cr_expect_close(got, want)                                                                           \
    cr_expect(relative_error(got, want) < 1e-10, "got %.17g, expected %.17g", got, want)

static json_t *run_definition(const char *yaml) {
    char *folder = temp_folder_new();
    g_autofree char *path = temp_folder_write(folder, "real.yaml", yaml);
    g_auto(Outcome) o = run_program("run", path, "--json");
    cr_assert(eq(int, o.status, 0), "%s", o.err);
    json_t *result = json_loads(o.out, 0, NULL);
    cr_assert_not_null(result);
    temp_folder_remove(folder);
    return result;
}

static double number(const json_t *object, const char *field) {
    const json_t *value = json_object_get(object, field);
    cr_assert_not_null(value, "no field %s", field);
    return json_number_value(value);
}

static json_t *estimate(json_t *result, const char *metric, const char *method) {
    json_t *estimates = json_object_get(result, "estimates"), *e;
    size_t i;
    json_array_foreach(estimates, i, e) {
        if (g_str_equal(json_string_value(json_object_get(e, "metric")), metric) &&
            g_str_equal(json_string_value(json_object_get(e, "method")), method))
            return e;
    }
    cr_assert(0, "no estimate of %s by %s", metric, method);
    return NULL;
}

/* Sum over the pairs of a side's value a day, times the days. */
static double total(json_t *result, const char *field, double days) {
    json_t *p;
    size_t i;
    double sum = 0;
    json_array_foreach(json_object_get(result, "pairs"), i, p) {
        if (g_str_equal(json_string_value(json_object_get(p, "metric")), "response"))
            sum += number(p, field) * days;
    }
    return sum;
}

/* 57 pairs of geos of Google's trimmed_match, pairs and periods as given there; the differences by pair and
 * the paired t-test on them were computed in R (expected/trimmed_match.json, example_test_period). */
Test(real_data, trimmed_match_geo_pairs, .timeout = 60) {
    const int days = 28;
    g_autofree char *csv = shared_file("data/trimmed_match/example_data_for_post_analysis.csv");
    g_autofree char *expected_file = shared_file("expected/trimmed_match.json");
    g_autofree char *yaml =
        g_strdup_printf("experiment: geos\n"
                        "data: [{table: sales, file: '%s', columns: {store: geo}}]\n"
                        "metrics: [{name: response, sum: response}, {name: cost, sum: cost}]\n"
                        "periods: {during: {from: 2020-11-04, to: 2020-12-01}}\n"
                        "assignment: {file: '%s', store: geo, group: assignment, control: '2', pair: pair}\n"
                        "analysis: {effect: absolute}\n",
                        csv, csv);
    json_t *result = run_definition(yaml), *all = json_load_file(expected_file, 0, NULL);
    json_t *want = json_object_get(all, "example_test_period"), *t = json_object_get(want, "paired_t_on_dy");
    json_t *ids = json_object_get(want, "pairs"), *dy = json_object_get(want, "dy"), *p;
    size_t i, seen = 0;
    json_array_foreach(json_object_get(result, "pairs"), i, p) {
        if (!g_str_equal(json_string_value(json_object_get(p, "metric")), "response"))
            continue;
        gint64 id = g_ascii_strtoll(json_string_value(json_object_get(p, "pair")), NULL, 10), k = 0;
        while (json_integer_value(json_array_get(ids, (size_t)k)) != id)
            cr_assert(lt(i64, ++k, (gint64)json_array_size(ids)));
        /* differences of sums near 1e6 carry their rounding; compare on the scale of the sums */
        double scale = number(p, "test_during") * days;
        cr_expect(fabs(number(p, "effect") * days - json_number_value(json_array_get(dy, (size_t)k))) <
                  1e-13 * scale);
        seen++;
    }
    cr_assert(eq(sz, seen, 57));
    json_t *e = estimate(result, "response", "paired_t");
    cr_expect_close(number(e, "estimate") * days, number(t, "mean"));
    cr_expect_close(number(e, "statistic"), number(t, "t"));
    cr_expect_close(number(e, "p_value"), number(t, "p"));
    cr_expect_close(total(result, "test_during", days), number(want, "treatment_response"));
    cr_expect_close(total(result, "control_during", days), number(want, "control_response"));
    json_decref(result);
    json_decref(all);
}

/* Two of GeoLift's treated cities, each against another city. Values by R 4.2.2:
 * tests/reference/geolift_pairs.R */
Test(real_data, geolift_cities, .timeout = 60) {
    g_autofree char *csv = shared_file("data/geolift/GeoLift_Test.csv");
    g_autofree char *yaml = g_strdup_printf(
        "experiment: cities\n"
        "data: [{table: sales, file: '%s', columns: {store: location}}]\n"
        "metrics: [{name: visits, sum: Y}]\n"
        "periods:\n"
        "  before: {from: 2021-01-01, to: 2021-03-31}\n"
        "  during: {from: 2021-04-01, to: 2021-04-15}\n"
        "pairs: [{test: chicago, control: cincinnati}, {test: portland, control: baltimore}]\n",
        csv);
    json_t *result = run_definition(yaml), *e = estimate(result, "visits", "paired_t");
    json_t *design = json_object_get(result, "design"), *pairs = json_object_get(result, "pairs");
    cr_expect_str_eq(json_string_value(json_object_get(design, "interval")), "day");
    cr_expect(eq(dbl, number(json_object_get(design, "during"), "days"), 15));
    cr_expect_close(number(json_array_get(pairs, 0), "effect"), -0.061334369072963489);
    cr_expect_close(number(json_array_get(pairs, 1), "effect"), 0.086478523510879993);
    cr_expect_close(number(e, "estimate"), 0.0098713030678786659);
    cr_expect_close(number(e, "conf_low"), -0.60117805971778893);
    cr_expect_close(number(e, "conf_high"), 1.5571312552121996);
    cr_expect_close(number(e, "statistic"), 0.13434154826338371);
    cr_expect_close(number(e, "p_value"), 0.91498451895931088);
    cr_expect_close(number(e, "std_error"), 0.07311885381785653);
    json_decref(result);
}
