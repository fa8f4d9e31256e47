/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>
#include <stdlib.h>

#include "kpi_text.h"
#include "pairlift/stats/rng.h"

/* Reference values: tests/reference/kpi/satisfaction.R, and ../shared/expected/hr.json. */

#define ID "satisfaction"
#define SURVEY                                                                                               \
    "experiment: test\n"                                                                                     \
    "data:\n"                                                                                                \
    "  - {table: survey, file: survey.csv}\n"

static gboolean near(double x, double expected, double within) {
    return fabs(x - expected) <= within * fmax(1e-300, fabs(expected));
}

static void is_row(const PlFinding *f, double value, double low, double high) {
    cr_expect(near(f->value, value, 1e-10), "%s: %.17g", f->measure, f->value);
    cr_expect(near(f->conf_low, low, 1e-10) && near(f->conf_high, high, 1e-10), "%s: %.17g %.17g", f->measure,
              f->conf_low, f->conf_high);
}

/* Whether any text of the section, or the name of a curve, has this word. */
static gboolean is_named(const KpiText *t, const char *word) {
    const PlSection *s = kpi_section(t, ID);
    gboolean found = FALSE;
    for (guint i = 0; i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        const char *texts[] = {f->group, f->label, f->reason, f->mark != NULL ? f->mark->sentence : NULL};
        for (gsize k = 0; k < G_N_ELEMENTS(texts); k++)
            found = found || (texts[k] != NULL && strstr(texts[k], word) != NULL);
    }
    for (guint i = 0; i < s->curves->len; i++) {
        const PlCurve *c = g_ptr_array_index(s->curves, i);
        found = found || (c->group != NULL && strstr(c->group, word) != NULL);
    }
    return found || kpi_says(t, ID, word);
}

/* ---- the real set ---- */

/* The columns of the HR set that are needed, with a date, which it lacks. */
static char *hr_survey(void) {
    static const char *const wanted[] = {"EmployeeNumber",
                                         "Department",
                                         "JobSatisfaction",
                                         "EnvironmentSatisfaction",
                                         "RelationshipSatisfaction",
                                         "WorkLifeBalance",
                                         NULL};
    const char *shared = getenv("PAIRLIFT_SHARED");
    g_autofree char *path =
        g_strdup_printf("%s/data/hr_attrition/hr_attrition.csv", shared != NULL ? shared : "../shared");
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        cr_skip_test("no %s", path);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_auto(GStrv) names = g_strsplit(lines[0], ",", -1);
    GString *out = g_string_new(
        "date,employee,team,score,EnvironmentSatisfaction,RelationshipSatisfaction,WorkLifeBalance\n");
    guint at[6];
    for (guint w = 0; wanted[w] != NULL; w++)
        for (guint c = 0; names[c] != NULL; c++)
            if (strncmp(names[c] + 1, wanted[w], strlen(wanted[w])) == 0 &&
                strlen(names[c]) <= strlen(wanted[w]) + 3)
                at[w] = c;
    for (guint i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++) {
        g_auto(GStrv) cells = g_strsplit(lines[i], ",", -1);
        g_string_append(out, "2024-03-01");
        for (guint w = 0; wanted[w] != NULL; w++)
            g_string_append_printf(out, ",%s", g_strchomp(cells[at[w]]));
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

static json_t *expected_hr(void) {
    const char *shared = getenv("PAIRLIFT_SHARED");
    g_autofree char *path = g_strdup_printf("%s/expected/hr.json", shared != NULL ? shared : "../shared");
    json_t *root = json_load_file(path, 0, NULL);
    if (root == NULL)
        cr_skip_test("no %s", path);
    return root;
}

static double at(const json_t *o, const char *first, const char *second) {
    const json_t *inner = json_object_get(o, first);
    return json_number_value(second != NULL ? json_object_get(inner, second) : inner);
}

static KpiText hr(void) {
    g_autofree char *survey = hr_survey(), *definition = NULL;
    cr_assert(g_file_get_contents("tests/kpi/hr-attrition.yaml", &definition, NULL, NULL));
    return kpi_text(definition, "hr-survey.csv", survey, NULL);
}

Test(kpi_satisfaction, real_survey_has_the_means_and_shares_computed_elsewhere) {
    json_t *expected = expected_hr();
    g_auto(KpiText) t = hr();
    const json_t *means = json_object_get(expected, "means");
    const PlFinding *mean = kpi_find(&t, ID, "mean_score", NULL),
                    *top = kpi_find(&t, ID, "top_two_share", NULL);
    is_row(mean, at(means, "JobSatisfaction", "mean"), 2.6721476302469704, 2.7849952268958873);
    cr_expect(near(mean->std_error * sqrt(1470), at(means, "JobSatisfaction", "sd"), 1e-10));
    is_row(top, at(means, "JobSatisfaction", "top2box"), 0.58776206815975729, 0.63749960975887876);
    cr_expect(mean->n == 1470 && mean->mark->status == PL_STATUS_ON_TARGET);
    is_row(kpi_find(&t, ID, "mean_score", "Sales"), 2.7511210762331837, 2.6477217568788878,
           2.8545203955874796);
    is_row(kpi_find(&t, ID, "top_two_share", "Sales"), 274. / 446, 0.56838231057980348, 0.6583642420109771);
    const PlFinding *kw = kpi_find(&t, ID, "group_differences", "team");
    cr_expect(near(kw->value, at(expected, "js_dept_kruskal", "H"), 1e-10));
    cr_expect(near(kw->p_value, at(expected, "js_dept_kruskal", "p"), 1e-10));
    const PlFinding *apart = kpi_find(&t, ID, "difference_from_others", "Sales");
    is_row(apart, 0.032371076233183693, -0.090971421389011112, 0.15571357385537851);
    cr_expect(near(apart->p_value, 0.60659580885298958, 1e-9) && apart->p_adjusted == 1);
    const PlFinding *rate = kpi_find(&t, ID, "response_rate", NULL);
    gboolean unknown = isnan(rate->value);
    cr_expect(unknown && strstr(rate->reason, "empty score") != NULL);
    double sum = 0;
    for (const char *score = "1234"; *score != '\0'; score++) {
        char name[2] = {*score, '\0'};
        sum += kpi_find(&t, ID, "share_of_score", name)->value;
    }
    cr_expect(near(sum, 1, 1e-12));
    json_decref(expected);
}

Test(kpi_satisfaction, real_survey_has_the_drivers_and_alpha_computed_elsewhere) {
    static const struct {
        const char *name;
        double beta, se, p;
    } r[] = {{"EnvironmentSatisfaction", -0.0061657481881487158, 0.025899216669671082, 0.81186241705208384},
             {"RelationshipSatisfaction", -0.012032817965690544, 0.026062022956521512, 0.64436546771287673},
             {"WorkLifeBalance", -0.019052471020885968, 0.026422407472522964, 0.47097989041327037}};
    json_t *expected = expected_hr();
    g_auto(KpiText) t = hr();
    for (gsize i = 0; i < G_N_ELEMENTS(r); i++) {
        const PlFinding *f = kpi_find(&t, ID, "driver", r[i].name);
        cr_expect(near(f->value, r[i].beta, 1e-9) && near(f->std_error, r[i].se, 1e-9) &&
                      near(f->p_value, r[i].p, 1e-9),
                  "%s: %.17g %.17g %.17g", r[i].name, f->value, f->std_error, f->p_value);
    }
    cr_expect(near(kpi_find(&t, ID, "drivers_r_squared", NULL)->value, 0.00056241894171824437, 1e-8));
    const PlFinding *alpha = kpi_find(&t, ID, "cronbach_alpha", NULL);
    cr_expect(near(alpha->value, at(expected, "cronbach_alpha4", NULL), 1e-8), "%.17g", alpha->value);
    cr_expect(kpi_says(&t, ID, "None of 3 questions compared"));
    const PlFinding *low = kpi_find(&t, ID, "low_energy_share", "Sales, WorkLifeBalance");
    cr_expect(near(low->value, 118. / 446, 1e-12) && near(low->p_value, 0.20323079546496098, 1e-9), "%.17g",
              low->p_value);
    cr_expect(near(1 - kpi_find(&t, ID, "low_energy_share", "WorkLifeBalance")->value,
                   at(json_object_get(expected, "means"), "WorkLifeBalance", "top2box"), 1e-10));
    json_decref(expected);
}

/* ---- twelve people in four waves, as in the R script ---- */

static char *twelve(gboolean energy) {
    GString *out = g_string_new("employee,date,team,score,q,r");
    g_string_append(out, energy ? ",energy\n" : "\n");
    for (int w = 0; w < 4; w++)
        for (int e = 1; e <= 12; e++) {
            gboolean a = e <= 6;
            double score = 5 - e % 3 - (a && (e + w) % 4 != 0 ? w * (.5 + (e % 2) / 2.) : 0) +
                           ((e * 7 + w * 3) % 5 == 0);
            g_string_append_printf(out, "e%02d,2024-%02d-15,%s,%.10g,%.10g,%d", e, 1 + 3 * w, a ? "a" : "b",
                                   score, score + (e * 5 + w) % 7 / 2., (e * 3 + w * 2) % 4);
            if (energy)
                g_string_append_printf(out, ",%d", a ? 1 + e % 2 : 4 + e % 3);
            g_string_append_c(out, '\n');
        }
    return g_string_free(out, FALSE);
}

Test(kpi_satisfaction, waves_change_and_slopes_agree_with_r) {
    g_autofree char *survey = twelve(TRUE);
    g_auto(KpiText) t = kpi_text(SURVEY "kpis: {satisfaction: {scale: [1, 6], drivers: [q, r]}}\n",
                                 "survey.csv", survey, NULL);
    const PlFinding *mean = kpi_find(&t, ID, "mean_score", NULL);
    is_row(mean, 3.5416666666666665, 2.8997126616399389, 4.1836206716933946);
    cr_expect(eq(str, mean->period, (char *)"2024-10"));
    const PlFinding *change = kpi_find(&t, ID, "change_same_employees", NULL);
    is_row(change, -0.125, -0.97230998871600283, 0.72230998871600283);
    cr_expect(near(change->p_value, 0.75149806373671679, 1e-10) && change->n == 12);
    cr_expect(kpi_says(&t, ID, "cannot be told"));
    const PlFinding *a = kpi_find(&t, ID, "score_slope", "a"), *b = kpi_find(&t, ID, "score_slope", "b");
    cr_expect(near(a->value, -.45, 1e-10) && near(a->std_error, 0.084656167328002074, 1e-10) &&
              near(a->p_value, 0.0031514476760635371, 1e-9));
    cr_expect(near(a->p_adjusted, 2 * a->p_value, 1e-12));
    cr_expect(near(b->value, 0.016666666666666646, 1e-9) && near(b->p_value, 0.84936051399582957, 1e-9));
    cr_expect(eq(str, a->verdict, (char *)"warning"));
    cr_expect(b->verdict == NULL && kpi_says(&t, ID, "Early signs of burnout in team \"a\""));
    cr_expect(strstr(mean->mark->sentence, "Look at team \"a\": its score falls") != NULL, "%s",
              mean->mark->sentence);
    const PlFinding *q = kpi_find(&t, ID, "driver", "q"), *r = kpi_find(&t, ID, "driver", "r");
    cr_expect(near(q->value, 0.70520199970461472, 1e-10) && near(q->std_error, 0.083745729289136997, 1e-9) &&
              near(q->p_value, 5.5482106211963549e-05, 1e-8));
    cr_expect(near(r->value, 0.08306969153444585, 1e-10) && near(r->p_value, 0.40447928268673505, 1e-8));
    cr_expect(near(kpi_find(&t, ID, "drivers_r_squared", NULL)->value, 0.49040928673575912, 1e-10));
    cr_expect(kpi_says(&t, ID, "\"q\"") && kpi_says(&t, ID, "no cause"));
    const PlCurve *trend = pl_section_curve(kpi_section(&t, ID), NULL, "trend");
    cr_assert(eq(u32, trend->n, 4)); /* a wave a quarter, though the periods are months */
    cr_expect(eq(str, trend->x_names[1], (char *)"2024-04"));
}

Test(kpi_satisfaction, without_energy_questions_a_falling_score_is_told_as_such) {
    g_autofree char *survey = twelve(FALSE);
    g_auto(KpiText) t =
        kpi_text(SURVEY "kpis: {satisfaction: {scale: [1, 6]}}\n", "survey.csv", survey, NULL);
    cr_expect(kpi_says(&t, ID, "In team \"a\", its mean score fell"));
    cr_expect(kpi_says(&t, ID, "burnout in") == FALSE);
}

/* ---- nobody is identified ---- */

/* Teams of these sizes, the last of which is Tiny; scores go round. */
static char *teams(const guint *sizes, guint n_waves) {
    static const char *const names[] = {"Ash", "Birch", "Cedar", "Tiny"};
    GString *out = g_string_new("employee,date,team,score\n");
    for (guint w = 0, e = 0; w < n_waves; w++, e = 0)
        for (guint k = 0; k < 4; k++)
            for (guint i = 0; i < sizes[k]; i++, e++)
                g_string_append_printf(out, "e%u,2024-%02u-10,%s,%u\n", e, w + 1, names[k],
                                       1 + (e * 7 + w) % 5);
    return g_string_free(out, FALSE);
}

Test(kpi_satisfaction, a_small_team_is_nowhere_and_cannot_be_had_by_subtraction) {
    g_autofree char *survey = teams((guint[]){9, 6, 8, 2}, 3);
    g_auto(KpiText) t =
        kpi_text(SURVEY "kpis: {satisfaction: {target: 3, scale: [1, 5]}}\n", "survey.csv", survey, NULL);
    cr_expect(is_named(&t, "Tiny") == FALSE &&
              is_named(&t, "Birch") == FALSE); /* the next smallest hides it */
    cr_expect(kpi_find(&t, ID, "mean_score", "Ash")->n == 9 &&
              kpi_find(&t, ID, "mean_score", "Cedar")->n == 8);
    cr_expect(kpi_find(&t, ID, "mean_score", "others (2 together)")->n == 8);
    cr_expect(kpi_says(&t, ID, "2 of 4 groups with 8 answers together are not shown"));
    const PlSection *s = kpi_section(&t, ID);
    for (guint i = 0; i < s->findings->len; i++) { /* no number of fewer than five */
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        cr_expect(f->n == 0 || f->n >= 5 || isnan(f->value), "%s %s: %u", f->measure, f->group, f->n);
    }
}

Test(kpi_satisfaction, a_team_of_enough_is_shown_and_the_limit_can_be_set) {
    g_autofree char *survey = teams((guint[]){9, 6, 8, 5}, 1), *few = teams((guint[]){9, 6, 8, 2}, 1);
    g_auto(KpiText) t =
        kpi_text(SURVEY "kpis: {satisfaction: {scale: [1, 5]}}\n", "survey.csv", survey, NULL);
    cr_expect(is_named(&t, "Tiny"));
    g_auto(KpiText) u = kpi_text(SURVEY "kpis: {satisfaction: {scale: [1, 5], smallest_group: 2}}\n",
                                 "survey.csv", few, NULL);
    cr_expect(is_named(&u, "Tiny"));
}

Test(kpi_satisfaction, fewer_answers_than_the_limit_are_not_shown_at_all) {
    g_auto(KpiText) t =
        kpi_text(SURVEY "kpis: {satisfaction: {target: 3, scale: [1, 5]}}\n", "survey.csv",
                 "employee,date,team,score\na,2024-01-10,x,1\nb,2024-01-10,x,1\nc,2024-01-10,x,1\n"
                 "d,2024-01-10,x,\n",
                 NULL);
    const PlFinding *f = kpi_find(&t, ID, "mean_score", NULL);
    gboolean unknown = isnan(f->value);
    cr_expect(unknown && strstr(f->reason, "no wave has 5 answers") != NULL, "%s", f->reason);
    cr_expect(f->mark != NULL && f->mark->headline);
    cr_expect(eq(u32, kpi_section(&t, ID)->curves->len, 0));
}

/* The only joiner's answer is the sum of now less the sum of before less the changes. */
Test(kpi_satisfaction, a_change_that_tells_a_joiners_answer_is_not_shown) {
    g_autofree char *both = teams((guint[]){9, 6, 8, 5}, 2),
                    *joined = g_strconcat(both, "new,2024-02-10,Ash,1\n", NULL);
    g_auto(KpiText) t = kpi_text(SURVEY "kpis: {satisfaction: {scale: [1, 5]}}\n", "survey.csv", both, NULL);
    cr_expect(kpi_find(&t, ID, "change_same_employees", NULL)->n == 28);
    g_auto(KpiText) u =
        kpi_text(SURVEY "kpis: {satisfaction: {scale: [1, 5]}}\n", "survey.csv", joined, NULL);
    const PlFinding *f = kpi_find(&u, ID, "change_same_employees", NULL);
    gboolean unknown = isnan(f->value);
    cr_expect(unknown && strstr(f->reason, "would follow") != NULL);
}

/* ---- what counts ---- */

Test(kpi_satisfaction, answers_and_those_who_were_asked) {
    g_autoptr(GString) csv = g_string_new("employee,date,team,score\n");
    for (int e = 0; e < 10; e++)
        g_string_append_printf(csv, "e%d,2024-01-%02d,x,%s\n", e, 10 + e, e < 3 ? "" : e < 6 ? "5" : "3");
    g_string_append(csv, "e0,2024-01-25,x,4\n"  /* answered a reminder */
                         "e9,2024-01-26,x,1\n"  /* answered again: the last counts */
                         "e1,2024-01-27,x,\n"); /* and did not answer again */
    g_auto(KpiText) t =
        kpi_text(SURVEY "kpis: {satisfaction: {measure: response_rate, target: 0.75, scale: [1, 5]}}\n",
                 "survey.csv", csv->str, NULL);
    const PlFinding *rate = kpi_find(&t, ID, "response_rate", NULL),
                    *mean = kpi_find(&t, ID, "mean_score", NULL);
    cr_expect(rate->value == .8 && rate->n == 10 && rate->mark->status == PL_STATUS_ON_TARGET);
    cr_expect(mean->n == 8 && near(mean->value, (4 + 15 + 9 + 1) / 8., 1e-12), "%g", mean->value);
    const PlCheck *c = kpi_check(&t, "survey_repeats");
    cr_assert_not_null(c);
    cr_expect(c->value == 3 && strstr(c->message, "last answer counts") != NULL);
    cr_expect(strstr(c->message, "survey.csv:2: 3 rows") != NULL, "%s", c->message); /* e0's empty row */
    cr_expect(kpi_says(&t, ID, "Response rate in 2024-01: 80 %"));
    cr_expect(kpi_says(&t, ID, "fewer than half") == FALSE);
}

Test(kpi_satisfaction, few_answers_are_told_and_an_interval_ends_with_the_scale) {
    g_autoptr(GString) csv = g_string_new("employee,date,team,score\n");
    for (int e = 0; e < 12; e++)
        g_string_append_printf(csv, "e%d,2024-01-10,x,%s\n", e, e < 4 ? "5" : e < 5 ? "1" : "");
    g_auto(KpiText) t =
        kpi_text(SURVEY "kpis: {satisfaction: {scale: [1, 5]}}\n", "survey.csv", csv->str, NULL);
    const PlFinding *mean = kpi_find(&t, ID, "mean_score", NULL);
    cr_expect(near(mean->value, 4.2, 1e-12) && mean->conf_high == 5);
    cr_expect(near(mean->conf_low, 4.2 - 2.7764451051977987 * .8, 1e-10), "%.17g",
              mean->conf_low); /* t of 4 df */
    cr_expect(kpi_says(&t, ID, "5 of 12 who were asked answered, fewer than half"));
}

Test(kpi_satisfaction, a_wave_over_the_end_of_a_month_is_one) {
    g_autoptr(GString) csv = g_string_new("employee,date,score\n");
    for (int e = 0; e < 12; e++)
        g_string_append_printf(csv, "e%d,2024-%s,%d\n", e, e < 6 ? "01-29" : "02-02", 1 + e % 5);
    for (int e = 0; e < 12; e++)
        g_string_append_printf(csv, "e%d,2024-07-10,%d\n", e, 1 + e % 4);
    g_auto(KpiText) t =
        kpi_text(SURVEY "kpis: {satisfaction: {scale: [1, 5]}}\n", "survey.csv", csv->str, NULL);
    const PlCurve *trend = pl_section_curve(kpi_section(&t, ID), NULL, "trend");
    cr_assert(eq(u32, trend->n, 2));
    cr_expect(eq(str, trend->x_names[0], (char *)"2024-01 to 2024-02"));
    cr_expect(kpi_seek(&t, ID, "mean_score", NULL, "2024-01 to 2024-02")->n == 12);
}

Test(kpi_satisfaction, rows_after_the_day_looked_at_are_left_out_and_counted) {
    g_autofree char *survey = teams((guint[]){9, 6, 8, 5}, 2);
    g_auto(KpiText) t = kpi_text(SURVEY "kpis: {as_of: 2024-02-05, satisfaction: {scale: [1, 5]}}\n",
                                 "survey.csv", survey, NULL);
    cr_expect(eq(str, kpi_find(&t, ID, "mean_score", NULL)->period, (char *)"2024-01"));
    cr_assert_not_null(kpi_check(&t, "survey_rows_left_out"));
    cr_expect(kpi_check(&t, "survey_rows_left_out")->value == 28);
    g_auto(GStrv) lines = g_strsplit(survey, "\n", -1);
    guint first = 1;
    while (strstr(lines[first], ",2024-01") != NULL)
        first++;
    g_autofree char *place = g_strdup_printf("survey.csv:%u: 28 rows", first + 1);
    cr_expect(strstr(kpi_check(&t, "survey_rows_left_out")->message, place) != NULL, "%s not in %s", place,
              kpi_check(&t, "survey_rows_left_out")->message);
    g_auto(KpiText) u =
        kpi_text(SURVEY "kpis: {as_of: 2023-02-05, satisfaction: {}}\n", "survey.csv", survey, NULL);
    const PlFinding *f = kpi_find(&u, ID, "mean_score", NULL);
    gboolean unknown = isnan(f->value);
    cr_expect(unknown && f->mark != NULL && f->mark->headline);
}

Test(kpi_satisfaction, without_a_scale_there_are_no_top_scores_and_no_low_ones) {
    g_autofree char *survey = twelve(TRUE);
    g_auto(KpiText) t = kpi_text(SURVEY "kpis: {satisfaction: {measure: top_two_share, target: 0.5}}\n",
                                 "survey.csv", survey, NULL);
    const PlFinding *top = kpi_find(&t, ID, "top_two_share", NULL),
                    *low = kpi_find(&t, ID, "low_energy_share", "energy");
    gboolean unknown = isnan(top->value) && isnan(low->value);
    cr_expect(unknown && strstr(top->reason, "scale") != NULL && strstr(low->reason, "scale") != NULL);
    cr_expect(top->mark != NULL && top->mark->headline && top->mark->status == PL_STATUS_NONE);
}

/* ---- questions ---- */

Test(kpi_satisfaction, questions_that_cannot_be_weighed_are_named) {
    g_autoptr(GString) csv = g_string_new("employee,date,score,a,b,twice_a,same,rare,few,text\n");
    for (int e = 0; e < 60; e++) {
        int a = 1 + e * 7 % 5, b = 1 + e * 11 % 4;
        g_string_append_printf(csv, "e%d,2024-01-10,%d,%d,%s,%d,3,%d,%s,hello\n", e, 1 + (a + e % 3) % 5, a,
                               e == 5   ? ""
                               : b == 1 ? "1"
                               : b == 2 ? "2"
                               : b == 3 ? "3"
                                        : "4",
                               2 * a, e == 7 ? 5 : 1, e < 20 ? "2" : "");
    }
    g_auto(KpiText) t = kpi_text(
        SURVEY "kpis: {satisfaction: {scale: [1, 5], drivers: [a, b, twice_a, same, rare, few, text]}}\n",
        "survey.csv", csv->str, NULL);
    static const struct {
        const char *question, *reason;
    } left_out[] = {{"same", "differ from the most common"},
                    {"rare", "differ from the most common"},
                    {"few", "fewer than half"},
                    {"text", "no further column of numbers"}};
    for (gsize i = 0; i < G_N_ELEMENTS(left_out); i++) {
        const PlFinding *f = kpi_find(&t, ID, "driver", left_out[i].question);
        gboolean unknown = isnan(f->value);
        cr_expect(unknown && strstr(f->reason, left_out[i].reason) != NULL, "%s", f->reason);
    }
    const PlFinding *a = kpi_find(&t, ID, "driver", "a"), *twice = kpi_find(&t, ID, "driver", "twice_a");
    gboolean one = isnan(a->value) != isnan(twice->value);
    cr_expect(one && strstr(isnan(a->value) ? a->reason : twice->reason, "combination") != NULL);
    cr_expect(kpi_says(&t, ID, "1 answer of 60 answers are left out"));
    cr_expect(kpi_find(&t, ID, "driver", "b")->n == 59);
}

Test(kpi_satisfaction, a_question_that_is_not_there_is_named_with_one_like_it) {
    g_autofree char *survey = twelve(TRUE);
    g_auto(KpiText) t =
        kpi_text(SURVEY "kpis: {satisfaction: {scale: [1, 6], energy: [enrgy], drivers: [q, score]}}\n",
                 "survey.csv", survey, NULL);
    const PlFinding *energy = kpi_find(&t, ID, "low_energy_share", "enrgy"),
                    *score = kpi_find(&t, ID, "driver", "score");
    cr_expect(strstr(energy->reason, "no further column of numbers \"enrgy\"; ") != NULL, "%s",
              energy->reason);
    cr_expect(strstr(energy->reason, "\"energy\"") != NULL, "%s", energy->reason);
    cr_expect(strstr(score->reason, "there are: ") != NULL, "%s", score->reason);
    cr_expect(kpi_find(&t, ID, "driver", "q")->n == 48);
}

Test(kpi_satisfaction, an_energy_question_beyond_the_scale_has_no_lowest_points) {
    g_autofree char *text = twelve(TRUE);
    g_autoptr(GString) survey = g_string_new(text);
    g_string_replace(survey, ",r,", ",stress,", 1);
    g_auto(KpiText) t =
        kpi_text(SURVEY "kpis: {satisfaction: {scale: [1, 6]}}\n", "survey.csv", survey->str, NULL);
    const PlFinding *f = kpi_find(&t, ID, "low_energy_share", "stress"); /* 0 to 3 */
    gboolean unknown = isnan(f->value);
    cr_expect(unknown && strstr(f->reason, "beyond the scale") != NULL);
}

Test(kpi_satisfaction, numbers_of_weeks_make_waves_too) {
    g_autoptr(GString) csv = g_string_new("employee,week,team,score\n");
    for (int w = 0; w < 6; w++)
        for (int e = 0; e < 12; e++)
            g_string_append_printf(csv, "e%d,%d,%s,%d\n", e, 100 + 13 * w, e < 6 ? "a" : "b",
                                   1 + (e + w) % 5);
    g_auto(KpiText) t =
        kpi_text("experiment: test\n"
                 "data:\n"
                 "  - {table: survey, file: survey.csv, date_format: number, columns: {date: week}}\n"
                 "kpis: {satisfaction: {scale: [1, 5]}}\n",
                 "survey.csv", csv->str, NULL);
    const PlCurve *trend = pl_section_curve(kpi_section(&t, ID), NULL, "trend");
    cr_assert(eq(u32, trend->n, 6));
    cr_expect(kpi_find(&t, ID, "mean_score", "a")->n == 6);
}

Test(kpi_satisfaction, too_few_people_for_the_questions) {
    g_autoptr(GString) csv = g_string_new("employee,date,score,a,b\n");
    for (int e = 0; e < 9; e++)
        g_string_append_printf(csv, "e%d,2024-01-10,%d,%d,%d\n", e, 1 + e % 5, 1 + e % 3, 1 + e % 4);
    g_auto(KpiText) t = kpi_text(SURVEY "kpis: {satisfaction: {scale: [1, 5], smallest_group: 2}}\n",
                                 "survey.csv", csv->str, NULL);
    const PlFinding *f = kpi_find(&t, ID, "drivers_r_squared", NULL);
    gboolean unknown = isnan(f->value);
    cr_expect(unknown && strstr(f->reason, "9 employees answered all of 2 questions") != NULL);
}

/* ---- simulated: six teams of twelve in eight waves ---- */

static char *simulated(guint64 round, double fall) {
    PlRng rng = pl_rng_stream(51, round);
    double own[72];
    GString *out = g_string_new("employee,date,team,score,energy\n");
    for (int e = 0; e < 72; e++)
        own[e] = 3.4 + 1.2 * (pl_rng_uniform(&rng) - .5);
    for (int w = 0; w < 8; w++)
        for (int e = 0; e < 72; e++) {
            gboolean tired = e < 12 && fall > 0;
            double score = own[e] + 1.5 * (pl_rng_uniform(&rng) - .5) - (e < 12 ? fall * w : 0);
            double energy = (tired ? 1.8 : 3.3) + 2 * (pl_rng_uniform(&rng) - .5);
            g_string_append_printf(out, "e%d,2023-%02d-01,team%d,%.0f,%.0f\n", e, 1 + w, e / 12,
                                   CLAMP(nearbyint(score), 1, 5), CLAMP(nearbyint(energy), 1, 5));
        }
    return g_string_free(out, FALSE);
}

Test(kpi_satisfaction, burnout_is_found_where_it_is_and_seldom_where_it_is_not, .timeout = 120) {
    enum { ROUNDS = 40 };
    guint found = 0, elsewhere = 0, alarms = 0;
    for (guint64 round = 0; round < ROUNDS; round++) {
        g_autofree char *tired = simulated(round, .15), *well = simulated(1000 + round, 0);
        g_auto(KpiText) t =
            kpi_text(SURVEY "kpis: {satisfaction: {scale: [1, 5]}}\n", "survey.csv", tired, NULL);
        g_auto(KpiText) u =
            kpi_text(SURVEY "kpis: {satisfaction: {scale: [1, 5]}}\n", "survey.csv", well, NULL);
        found += kpi_says(&t, ID, "burnout in team \"team0\"");
        for (int k = 1; k < 6; k++) {
            g_autofree char *text = g_strdup_printf("burnout in team \"team%d\"", k);
            elsewhere += kpi_says(&t, ID, text);
        }
        alarms += kpi_says(&u, ID, "Early signs of burnout in");
    }
    cr_expect(found >= ROUNDS * 9 / 10, "%u", found);
    cr_expect(elsewhere <= 2 && alarms <= 2, "%u %u", elsewhere, alarms);
}
