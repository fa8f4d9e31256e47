/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "groups.h"

#include "pairlift/stats/groups.h"

typedef struct {
    double statistic, df, p, low, high;
} Reference;

static const Reference welch[3] =
    {{-1.860813467486853, 17.776473516178498, 0.079394140187358173, -3.3654832307117104, 0.20548323071171018},
     {-1.860813467486853, 17.776473516178498, 0.96030292990632093, -3.0533814973316065, INFINITY},
     {-1.860813467486853, 17.776473516178498, 0.039697070093679086, -INFINITY, -0.10661850266839384}},
                       pooled[3] = {
                           {-1.8608134674868528, 18, 0.079186714215938175, -3.3638740322875984,
                            0.20387403228759859},
                           {-1.8608134674868528, 18, 0.96040664289203093, -3.0523778316996024, INFINITY},
                           {-1.8608134674868528, 18, 0.039593357107969088, -INFINITY, -0.10762216830039782}};

static void must_agree(const char *id, const Reference *reference) {
    for (size_t a = 0; a < 3; a++) {
        PlArena arena = {0};
        PlAnswer answer;
        PlSample s = grouped(sleep_values, sleep_groups, 20, 2);
        PlMethodOptions o = unset_options();
        o.inference.alternative = alternatives[a];
        o.control = 1;
        cr_assert(eq(int, (int)run_groups(id, &s, &o, &arena, &answer), PL_OK));
        const PlAnswerRow *row = row_of(&answer, "a");
        const PlInference *in = &row->in;
        cr_expect(eq(str, (char *)row->versus, (char *)"b"));
        cr_expect(near(in->estimate, -1.58, 1e-14) && near(in->std_error, 0.84909101723876201, 1e-13));
        cr_expect(near(in->statistic, reference[a].statistic, 1e-13) && near(in->df, reference[a].df, 1e-13));
        cr_expect(near(in->p_value, reference[a].p, 1e-12) && near(in->conf_low, reference[a].low, 1e-12) &&
                  near(in->conf_high, reference[a].high, 1e-12));
        cr_expect(figure(row, "n_treated") == 10 && near(figure(row, "mean_control"), 2.33, 1e-14));
        pl_arena_clear(&arena);
    }
}

Test(stats_welch_t, agrees_with_r) {
    must_agree("welch_t", welch);
}

Test(stats_pooled_t, agrees_with_r) {
    must_agree("pooled_t", pooled);
}

Test(stats_welch_t, what_is_refused) {
    must_refuse_bad_groups("welch_t");
    must_refuse_bad_groups("pooled_t");
    const double x[3] = {1, 2, 3};
    const size_t of[3] = {0, 0, 1};
    PlArena arena = {0};
    PlAnswer answer;
    PlSample s = grouped(x, of, 3, 2);
    PlMethodOptions o = unset_options();
    cr_expect(eq(int, (int)run_groups("welch_t", &s, &o, &arena, &answer), PL_TOO_FEW));
    cr_expect(eq(str, (char *)answer.culprit, (char *)"b"));
    o.control = 2;
    cr_expect(eq(int, (int)run_groups("welch_t", &s, &o, &arena, &answer), PL_BAD_ARGUMENT));
    pl_arena_clear(&arena);
}

/* The real promotions of ../shared: Welch by location. */
Test(stats_welch_t, agrees_on_store_weeks_of_three_promotions) {
    json_t *all = load_expected("wa_marketing.json"), *weeks = json_object_get(all, "store_week"),
           *want = json_object_get(weeks, "P1_vs_P2");
    char path[4096], line[512];
    FILE *f = fopen(shared_path("data/wa_marketing/wa_marketing.csv", path, sizeof path), "r");
    if (!f) {
        json_decref(all);
        cr_skip_test("no %s", path);
    }
    static double one[600], two[600];
    size_t n1 = 0, n2 = 0;
    cr_assert(fgets(line, sizeof line, f) != NULL);
    while (
        fgets(line, sizeof line, f)) { /* the last two columns are week and sales, the one before promotion */
        char *end = strrchr(line, ',');
        double sales = strtod(end + 1, NULL);
        *end = '\0';
        *(end = strrchr(line, ',')) = '\0';
        int promotion = atoi(strrchr(line, ',') + 1);
        if (promotion == 1)
            one[n1++] = sales;
        else if (promotion == 2)
            two[n2++] = sales;
    }
    fclose(f);
    PlInference in;
    cr_assert(eq(int, (int)pl_welch_t(one, n1, two, n2, &two_sided_95, NULL, &in), PL_OK));
    cr_expect(near(in.statistic, number_at(want, "welch_t"), 1e-11) &&
              near(in.df, number_at(want, "welch_df"), 1e-11));
    cr_expect(near(in.p_value, number_at(want, "welch_p"), 1e-10) &&
              near(in.std_error, number_at(want, "welch_se"), 1e-12));
    cr_assert(eq(int, (int)pl_pooled_t(one, n1, two, n2, &two_sided_95, NULL, &in), PL_OK));
    cr_expect(near(in.statistic, number_at(want, "pooled_t"), 1e-11) &&
              near(in.p_value, number_at(want, "pooled_p"), 1e-10));
    json_decref(all);
}

/* A constant group is no reason to refuse as long as the other varies; huge and tiny values do not overflow.
 */
Test(stats_welch_t, one_constant_group_and_extreme_scales) {
    const double flat[3] = {5, 5, 5}, some[4] = {1, 2, 4, 3};
    PlInference in, scaled;
    cr_assert(eq(int, (int)pl_welch_t(some, 4, flat, 3, &two_sided_95, NULL, &in), PL_OK));
    cr_expect(near(in.df, 3, 1e-14));
    for (int power = -300; power <= 300; power += 300) {
        double a[4], b[3], scale = pow(10, power);
        for (size_t i = 0; i < 4; i++)
            a[i] = some[i] * scale;
        for (size_t i = 0; i < 3; i++)
            b[i] = flat[i] * scale;
        cr_assert(eq(int, (int)pl_welch_t(a, 4, b, 3, &two_sided_95, NULL, &scaled), PL_OK), "%d", power);
        cr_expect(near(scaled.statistic, in.statistic, 1e-12) && near(scaled.p_value, in.p_value, 1e-12));
    }
}

/* Means that agree in twelve digits: the same t as of the numbers without what they have in common. */
Test(stats_welch_t, keeps_the_digits_of_a_difference_of_large_means) {
    const double x[4] = {.4, .3, .7, .1}, y[3] = {.9, .2, 1.4};
    double far_x[4], far_y[3];
    for (size_t i = 0; i < 4; i++)
        far_x[i] = 1e12 + x[i];
    for (size_t i = 0; i < 3; i++)
        far_y[i] = 1e12 + y[i];
    PlTwoGroupTest *tests[2] = {pl_welch_t, pl_pooled_t};
    for (size_t k = 0; k < 2; k++) {
        PlInference near_0, far;
        cr_assert(eq(int, (int)tests[k](x, 4, y, 3, &two_sided_95, NULL, &near_0), PL_OK));
        cr_assert(eq(int, (int)tests[k](far_x, 4, far_y, 3, &two_sided_95, NULL, &far), PL_OK));
        cr_expect(near(far.estimate, near_0.estimate, 1e-15) && near(far.p_value, near_0.p_value, 1e-14));
        cr_expect(near(far.conf_low, near_0.conf_low, 1e-14));
    }
}
