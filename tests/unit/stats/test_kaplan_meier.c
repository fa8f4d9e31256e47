/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survival.h"

#include "pairlift/stats/survival.h"

/* The point of a group at or last before a time. */
static const PlAnswerRow *point_at(const PlAnswer *answer, const char *term, double time) {
    const PlAnswerRow *found = NULL;
    for (size_t i = 0; i < answer->n_rows; i++) {
        const PlAnswerRow *row = &answer->rows[i];
        if (strcmp(row->term, term) == 0 && strcmp(row->figures[0].name, "time") == 0 &&
            row->figures[0].value <= time)
            found = row;
    }
    return found;
}

/* tests/reference/stats/survival.R */
Test(stats_kaplan_meier, remissions_of_gehan) {
    PlSample sample = lifetimes(gehan_time, gehan_event, gehan_arm, 2, 42);
    PlMethodOptions options = unset_options();
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_answer("kaplan_meier", &sample, &options, &arena, &answer), PL_OK));
    const PlAnswerRow *median = &answer.rows[0];
    cr_assert(median->in.estimate == 23 && median->in.conf_low == 16 && median->in.conf_high == INFINITY);
    cr_assert(near(figure(median, "restricted_mean"), 23.2873949579831923, 1e-14));
    cr_assert(near(figure(median, "restricted_mean_se"), 2.8274676233714389, 1e-13));
    cr_assert(figure(median, "events") == 9 && median->in.n == 21 && median->lacks == PL_LACKS_P);
    median = &answer.rows[1];
    cr_assert(median->in.estimate == 8 && median->in.conf_low == 4 && median->in.conf_high == 12);
    cr_assert(near(figure(median, "restricted_mean"), 8.6666666666666661, 1e-14));
    cr_assert(near(figure(median, "restricted_mean_se"), 1.3773900412645483, 1e-13));
    const struct {
        const char *term;
        double time, n_risk, survival, std_error, low, high;
    } points[] = {
        {"6-MP", 6, 21, 0.85714285714285710, 0.076360354832121252, 0.71981708391627042, 1},
        {"6-MP", 10, 15, 0.75294117647058811, 0.096349652994320495, 0.58591898202969417, 0.96757475455229747},
        {"6-MP", 23, 6, 0.44817927170868338, 0.134591456755760425, 0.24878822681765961, 0.80737204552907704},
        {"placebo", 8, 12, 0.38095238095238093, 0.105971169574130816, 0.22084536131822993,
         0.65713273616903656},
    };
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        const PlAnswerRow *row = point_at(&answer, points[i].term, points[i].time);
        cr_assert(figure(row, "time") == points[i].time && figure(row, "n_risk") == points[i].n_risk);
        cr_assert(near(row->in.estimate, points[i].survival, 1e-14));
        cr_assert(near(row->in.std_error, points[i].std_error, 1e-13));
        cr_assert(near(row->in.conf_low, points[i].low, 1e-13) &&
                  near(row->in.conf_high, points[i].high, 1e-13));
    }
    const PlAnswerRow *last = &answer.rows[answer.n_rows - 1];
    cr_assert(last->in.estimate == 0 && last->lacks == (PL_LACKS_P | PL_LACKS_INTERVAL) && last->reason);
    pl_arena_clear(&arena);
}

static void compare(const PlAnswer *answer, const json_t *e, size_t i, const char *term) {
    double time = item_at(e, "time", i);
    const PlAnswerRow *row = point_at(answer, term, time);
    cr_assert(near(row->in.estimate, item_at(e, "surv", i), 1e-12), "%s at %g", term, time);
    cr_assert(near(row->in.std_error, item_at(e, "std_err", i), 1e-11), "%s at %g", term, time);
    cr_assert(near(row->in.conf_low, item_at(e, "lower", i), 1e-11), "%s at %g", term, time);
    cr_assert(near(row->in.conf_high, item_at(e, "upper", i), 1e-11), "%s at %g", term, time);
}

Test(stats_kaplan_meier, shared_reference) {
    json_t *root = load_expected("survival.json"), *lung = json_object_get(root, "lung");
    static Lung data;
    load_lung(&data);
    PlSample sample = lifetimes(data.time, data.event, NULL, 0, 228);
    PlMethodOptions options = unset_options();
    PlArena arena = {0};
    PlAnswer answer;
    json_t *e = json_object_get(lung, "km_all");
    cr_assert(eq(int, (int)run_answer("kaplan_meier", &sample, &options, &arena, &answer), PL_OK));
    const PlAnswerRow *all = row_of(&answer, "all");
    cr_assert(all->in.estimate == 310 && all->in.conf_low == 285 && all->in.conf_high == 363);
    cr_assert(figure(all, "events") == 165);
    cr_assert(near(figure(all, "restricted_mean"), number_at(e, "rmean"), 1e-13));
    for (size_t i = 0; i < 5; i++)
        compare(&answer, e, i, "all");

    sample = lifetimes(data.time, data.event, data.sex, 2, 228);
    e = json_object_get(lung, "km_sex");
    cr_assert(eq(int, (int)run_answer("kaplan_meier", &sample, &options, &arena, &answer), PL_OK));
    for (size_t g = 0; g < 2; g++) {
        const PlAnswerRow *row = row_of(&answer, gehan_arms[g]);
        cr_assert(row->in.estimate == item_at(e, "median", g));
        cr_assert(figure(row, "events") == item_at(e, "events", g));
        cr_assert(near(figure(row, "restricted_mean"), item_at(e, "rmean", g), 1e-13));
        for (size_t i = 0; i < 5; i++)
            compare(&answer, e, 5 * g + i, gehan_arms[g]);
    }
    pl_arena_clear(&arena);
    json_decref(root);
}

Test(stats_kaplan_meier, shared_reference_customers_by_contract) {
    json_t *root = load_expected("survival.json"), *telco = json_object_get(root, "telco");
    static Telco data;
    load_telco(&data);
    PlMethodOptions options = unset_options();
    PlArena arena = {0};
    PlAnswer answer;
    json_t *e = json_object_get(telco, "km_all");
    PlSample sample = lifetimes(data.tenure, data.churn, NULL, 0, data.n);
    cr_assert(eq(int, (int)run_answer("kaplan_meier", &sample, &options, &arena, &answer), PL_OK));
    cr_assert(answer.rows[0].lacks & PL_LACKS_ESTIMATE);
    cr_assert(near(figure(&answer.rows[0], "restricted_mean"), number_at(e, "rmean"), 1e-12));
    for (size_t i = 0; i < 8; i++)
        compare(&answer, e, i, "all");
    e = json_object_get(telco, "km_contract");
    sample = lifetimes(data.tenure, data.churn, data.contract, 3, data.n);
    cr_assert(eq(int, (int)run_answer("kaplan_meier", &sample, &options, &arena, &answer), PL_OK));
    cr_assert(answer.rows[0].in.estimate == 35);
    for (size_t g = 0; g < 3; g++) {
        cr_assert(near(figure(&answer.rows[g], "restricted_mean"), item_at(e, "rmean", g), 1e-12));
        for (size_t i = 0; i < 4; i++)
            if (point_at(&answer, gehan_arms[g], item_at(e, "time", 4 * g + i)))
                compare(&answer, e, 4 * g + i, gehan_arms[g]);
    }
    pl_arena_clear(&arena);
    json_decref(root);
}

static PlSurvivalCurve curve_of(const double *time, const double *event, size_t n, PlArena *arena) {
    PlLifetime *all = pl_arena_take(arena, n, sizeof *all);
    for (size_t i = 0; i < n; i++)
        all[i] = (PlLifetime){time[i], event[i] == 1, 0};
    PlSurvivalCurve curve;
    cr_assert(eq(int, (int)pl_lifetimes_sort(all, n, arena), PL_OK));
    cr_assert(eq(int, (int)pl_kaplan_meier(all, n, .95, arena, &curve), PL_OK));
    return curve;
}

/* R: median 2.5 where the curve runs along one half, restricted mean 2.5 (.5590). */
Test(stats_kaplan_meier, a_curve_that_runs_along_one_half) {
    const double time[] = {4, 2, 1, 3}, event[] = {1, 1, 1, 1};
    PlArena arena = {0};
    PlSurvivalCurve c = curve_of(time, event, 4, &arena);
    cr_assert(c.median == 2.5 && c.median_low == 1 && c.median_high == INFINITY);
    double mean, error;
    pl_restricted_mean(&c, 4, &mean, &error);
    cr_assert(near(mean, 2.5, 1e-15) && near(error, 0.55901699437494745, 1e-14));
    pl_restricted_mean(&c, 2.5, &mean, &error);
    cr_assert(near(mean, 1 + .75 + .25, 1e-15));
    pl_arena_clear(&arena);
}

Test(stats_kaplan_meier, without_events_nothing_is_reached) {
    const double time[] = {3, 5}, event[] = {0, 0};
    PlSample sample = lifetimes(time, event, NULL, 0, 2);
    PlMethodOptions options = unset_options();
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_answer("kaplan_meier", &sample, &options, &arena, &answer), PL_OK));
    cr_assert(answer.n_rows == 1 &&
              answer.rows[0].lacks == (PL_LACKS_ESTIMATE | PL_LACKS_P | PL_LACKS_INTERVAL));
    cr_assert(figure(&answer.rows[0], "restricted_mean") == 5 && answer.rows[0].reason != NULL);
    pl_arena_clear(&arena);
}

Test(stats_kaplan_meier, one_row_and_ties_out_of_a_subtraction) {
    const double one[] = {7}, yes[] = {1, 1, 1}, tied[] = {.3, .1 + .2, .8 - .5};
    PlArena arena = {0};
    PlSurvivalCurve c = curve_of(one, yes, 1, &arena);
    cr_assert(c.median == 7 && c.median_low == 7 && c.median_high == INFINITY && c.n_points == 1);
    c = curve_of(tied, yes, 3, &arena);
    cr_assert(c.n_points == 1 && c.points[0].n_event == 3);
    pl_arena_clear(&arena);
}

Test(stats_kaplan_meier, the_unit_of_time_and_the_order_of_rows_do_not_matter) {
    static double scaled[42], event[42];
    for (size_t i = 0; i < 42; i++) {
        size_t from = (i * 11) % 42;
        scaled[i] = 1e-290 * gehan_time[from];
        event[i] = gehan_event[from];
    }
    PlArena arena = {0};
    PlSurvivalCurve a = curve_of(gehan_time, gehan_event, 42, &arena),
                    b = curve_of(scaled, event, 42, &arena);
    cr_assert(eq(sz, a.n_points, b.n_points));
    for (size_t i = 0; i < a.n_points; i++)
        cr_assert(a.points[i].survival == b.points[i].survival && a.points[i].high == b.points[i].high);
    cr_assert(near(b.median, a.median * 1e-290, 1e-14));
    pl_arena_clear(&arena);
}

Test(stats_kaplan_meier, refusals) {
    must_refuse_bad_lifetimes("kaplan_meier");
    PlSurvivalCurve c;
    PlArena arena = {0};
    PlLifetime one = {1, true, 0};
    cr_assert(eq(int, (int)pl_kaplan_meier(&one, 0, .95, &arena, &c), PL_TOO_FEW));
    cr_assert(eq(int, (int)pl_kaplan_meier(&one, 1, 1, &arena, &c), PL_BAD_ARGUMENT));
    pl_arena_clear(&arena);
}
