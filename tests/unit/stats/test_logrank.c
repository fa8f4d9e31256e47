/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survival.h"

#include "pairlift/stats/survival.h"

/* tests/reference/stats/survival.R: survdiff. */
Test(stats_logrank, remissions_of_gehan) {
    PlSample sample = lifetimes(gehan_time, gehan_event, gehan_arm, 2, 42);
    PlMethodOptions options = unset_options();
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_answer("logrank", &sample, &options, &arena, &answer), PL_OK));
    const PlAnswerRow *row = &answer.rows[0];
    cr_assert(eq(str, (char *)row->term, "placebo"));
    cr_assert(eq(str, (char *)row->versus, "6-MP"));
    cr_assert(near(row->in.statistic, 16.79294098921654, 1e-13) && row->in.df == 1 && row->in.n == 42);
    cr_assert(near(row->in.p_value, 4.1688091093345308e-05, 1e-11), "%.17g", row->in.p_value);
    double v = 6.2569605736754994, o_minus_e = 21 - 10.749499051968868;
    cr_assert(near(row->in.estimate, o_minus_e / v, 1e-13) && near(row->in.std_error, 1 / sqrt(v), 1e-13));
    cr_assert(near(figure(row, "hazard_ratio"), exp(o_minus_e / v), 1e-13));
    cr_assert(near(figure(&answer.rows[1], "expected"), 19.250500948031128, 1e-13));
    cr_assert(answer.n_rows == 3 && figure(&answer.rows[2], "observed") == 21);
    options.control = 1;
    double was = row->in.conf_low;
    run_answer("logrank", &sample, &options, &arena, &answer);
    cr_assert(near(answer.rows[0].in.conf_high, -was, 1e-14));
    pl_arena_clear(&arena);
}

Test(stats_logrank, three_groups_of_r) {
    size_t arm[42];
    for (size_t i = 0; i < 42; i++)
        arm[i] = (i + 1) % 3 == 0 ? 2 : gehan_arm[i];
    PlSample sample = lifetimes(gehan_time, gehan_event, arm, 3, 42);
    PlMethodOptions options = unset_options();
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_answer("logrank", &sample, &options, &arena, &answer), PL_OK));
    const PlAnswerRow *row = &answer.rows[0];
    cr_assert(row->term == NULL && row->lacks == (PL_LACKS_ESTIMATE | PL_LACKS_INTERVAL) && row->in.df == 2);
    cr_assert(near(row->in.statistic, 12.164929513894194, 1e-13), "%.17g", row->in.statistic);
    cr_assert(near(row->in.p_value, 0.002282543798281144, 1e-12));
    cr_assert(near(figure(row_of(&answer, "third"), "expected"), 11.412579094032775, 1e-13));
    options.inference.alternative = PL_LESS;
    cr_assert(eq(int, (int)run_answer("logrank", &sample, &options, &arena, &answer), PL_BAD_ARGUMENT));
    pl_arena_clear(&arena);
}

Test(stats_logrank, shared_reference) {
    json_t *root = load_expected("survival.json");
    json_t *e = json_object_get(json_object_get(root, "lung"), "logrank_sex");
    static Lung data;
    load_lung(&data);
    PlSample sample = lifetimes(data.time, data.event, data.sex, 2, 228);
    PlMethodOptions options = unset_options();
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_answer("logrank", &sample, &options, &arena, &answer), PL_OK));
    cr_assert(near(answer.rows[0].in.statistic, number_at(e, "chisq"), 1e-12));
    cr_assert(near(answer.rows[0].in.p_value, number_at(e, "p"), 1e-11));
    for (size_t g = 0; g < 2; g++) {
        cr_assert(figure(&answer.rows[1 + g], "observed") == item_at(e, "obs", g));
        cr_assert(near(figure(&answer.rows[1 + g], "expected"), item_at(e, "exp", g), 1e-12));
    }
    pl_arena_clear(&arena);
    json_decref(root);
}

Test(stats_logrank, shared_reference_customers_by_contract) {
    json_t *root = load_expected("survival.json");
    json_t *e = json_object_get(json_object_get(root, "telco"), "logrank_contract");
    static Telco data;
    load_telco(&data);
    PlSample sample = lifetimes(data.tenure, data.churn, data.contract, 3, data.n);
    PlMethodOptions options = unset_options();
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_answer("logrank", &sample, &options, &arena, &answer), PL_OK));
    cr_assert(near(answer.rows[0].in.statistic, number_at(e, "chisq"), 1e-11));
    cr_assert(answer.rows[0].in.df == 2 && answer.rows[0].in.p_value == 0);
    for (size_t g = 0; g < 3; g++) {
        cr_assert(figure(&answer.rows[1 + g], "observed") == item_at(e, "obs", g));
        cr_assert(near(figure(&answer.rows[1 + g], "expected"), item_at(e, "exp", g), 1e-11));
    }
    pl_arena_clear(&arena);
    json_decref(root);
}

Test(stats_logrank, p_and_interval_never_contradict) {
    PlRng rng = pl_rng_stream(3, 0);
    for (size_t repeat = 0; repeat < 400; repeat++) {
        double time[9], event[9];
        size_t arm[9];
        for (size_t i = 0; i < 9; i++) {
            time[i] = floor(6 * pl_rng_uniform(&rng));
            event[i] = pl_rng_uniform(&rng) < .8;
            arm[i] = i % 2;
        }
        PlSample sample = lifetimes(time, event, arm, 2, 9);
        PlMethodOptions options = unset_options();
        PlArena arena = {0};
        PlAnswer answer;
        options.inference.alternative = alternatives[repeat % 3];
        if (run_answer("logrank", &sample, &options, &arena, &answer) == PL_OK) {
            const double confidences[] = {.1, .5, .8, .95, 1 - answer.rows[0].in.p_value};
            for (size_t c = 0; c < 5; c++) {
                options.inference.conf_level = confidences[c];
                if (!(confidences[c] > 0 && confidences[c] < 1))
                    continue;
                run_answer("logrank", &sample, &options, &arena, &answer);
                const PlInference *in = &answer.rows[0].in;
                cr_assert(eq(int, in->p_value <= 1 - confidences[c], in->conf_low > 0 || in->conf_high < 0),
                          "%zu: p %.17g [%.17g, %.17g]", repeat, in->p_value, in->conf_low, in->conf_high);
            }
        }
        pl_arena_clear(&arena);
    }
}

/* The third leaves before any event: it is no group to compare, as in R. */
Test(stats_logrank, a_group_that_could_not_have_an_event_does_not_count) {
    const double time[] = {5, 6, 7, 8, 1, 2}, event[] = {1, 1, 1, 1, 0, 0};
    const size_t arm[] = {0, 1, 0, 1, 2, 2};
    PlSample sample = lifetimes(time, event, arm, 3, 6), two = lifetimes(time, event, arm, 2, 4);
    PlMethodOptions options = unset_options();
    PlArena arena = {0};
    PlAnswer answer, of_two;
    cr_assert(eq(int, (int)run_answer("logrank", &sample, &options, &arena, &answer), PL_OK));
    run_answer("logrank", &two, &options, &arena, &of_two);
    cr_assert(answer.rows[0].in.df == 1);
    cr_assert(near(answer.rows[0].in.statistic, of_two.rows[0].in.statistic, 1e-14));
    pl_arena_clear(&arena);
}

Test(stats_logrank, refusals) {
    must_refuse_bad_lifetimes("logrank");
    const double time[] = {1, 2, 3, 4}, none[] = {0, 0, 0, 0}, last[] = {0, 0, 0, 1}, same[] = {2, 2, 2, 2};
    const double all[] = {1, 1, 1, 1};
    const size_t arm[] = {0, 1, 0, 1};
    const struct { const double *time, *event; } bad[] = {{time, none}, {time, last}, {same, all}};
    PlMethodOptions options = unset_options();
    PlArena arena = {0};
    PlAnswer answer;
    for (size_t i = 0; i < 3; i++) {
        PlSample sample = lifetimes(bad[i].time, bad[i].event, arm, 2, 4);
        cr_assert(eq(int, (int)run_answer("logrank", &sample, &options, &arena, &answer), PL_NO_VARIANCE));
        cr_assert(eq(str, (char *)answer.culprit, "relapse"), "case %zu", i);
    }
    PlSample sample = lifetimes(time, all, arm, 1, 4);
    cr_assert(eq(int, (int)run_answer("logrank", &sample, &options, &arena, &answer), PL_ONE_LEVEL));
    sample = lifetimes(time, all, arm, 2, 4);
    options.control = 2;
    cr_assert(eq(int, (int)run_answer("logrank", &sample, &options, &arena, &answer), PL_BAD_ARGUMENT));
    PlLogrank out;
    cr_assert(eq(int, (int)pl_logrank(&(PlLifetime){1, true, 0}, 1, 2, &arena, &out), PL_TOO_FEW));
    pl_arena_clear(&arena);
}
