/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "csv_field.h"

#include "pairlift/stats/logistic.h"

/* tests/reference/stats/logistic.R has the values of these twenty rows and of Berkeley's admissions. */
static const double y20[20] = {0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 1, 1};
static const double a20[20] = {1.2, 2.3, 0.4, 3.1, 1.9, 1.1, 0.7, 2.2, 0.3, 2.8,
                               3.3, 1.6, 2.1, 1.4, 0.9, 1.8, 2.6, 1.3, 0.8, 3};
static const double b20[20] = {5, 3, 6, 2, 7, 1, 4, 8, 2, 6, 3, 5, 9, 1, 4, 7, 2, 8, 6, 3};
static const size_t store20[20] = {0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 4, 4, 4, 4, 4};
static const char *const labels[] = {"A", "B", "C", "D", "E", "F"};

/* Department A to F, men then women. */
static const double admitted[12] = {512, 89, 353, 17, 120, 202, 138, 131, 53, 94, 22, 24};
static const double applied[12] = {825, 108, 560, 25, 325, 593, 417, 375, 191, 393, 373, 341};
static const double male[12] = {1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0};
static const size_t department[12] = {0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5};

static PlSample outcome_on(const double *y, const PlVariable *on, size_t n_on, size_t rows) {
    PlSample sample = {.rows = rows, .on = on, .n_on = n_on};
    sample.roles[PL_X] = numbers("bought", y);
    return sample;
}

static PlStatus run_on(const PlSample *sample, PlArena *arena, PlAnswer *answer) {
    PlMethodOptions options = unset_options();
    return run_answer("logistic", sample, &options, arena, answer);
}

Test(stats_logistic, twenty_rows_of_r) {
    const PlVariable on[] = {numbers("a", a20), numbers("b", b20)};
    const double coef[] = {-1.6082058287994077, 1.7459154392391487, -0.2182341346228365};
    const double se[] = {1.558066544751004, 0.84599539945056745, 0.22768694267007997};
    PlSample sample = outcome_on(y20, on, 2, 20);
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_on(&sample, &arena, &answer), PL_OK));
    cr_assert(eq(sz, answer.n_rows, 3));
    for (size_t j = 0; j < 3; j++) {
        const PlInference *in = &answer.rows[j].in;
        cr_assert(near(in->estimate, coef[j], 1e-12), "%zu: %.17g", j, in->estimate);
        cr_assert(near(in->std_error, se[j], 1e-10), "%zu: %.17g", j, in->std_error);
        cr_assert(near(in->conf_low, coef[j] - 1.959963984540054 * se[j], 1e-10));
        cr_assert(near(in->p_value, erfc(fabs(coef[j] / se[j]) / sqrt(2)), 1e-9));
    }
    const PlAnswerRow *first = &answer.rows[0];
    cr_assert(eq(str, (char *)first->term, "(Intercept)"));
    cr_assert(eq(str, (char *)answer.rows[2].term, "b"));
    cr_assert(near(figure(first, "log_likelihood"), -9.9069082126089949, 1e-13));
    cr_assert(near(figure(first, "deviance"), 19.813816425217986, 1e-13));
    cr_assert(near(figure(first, "null_deviance"), 27.525552548543537, 1e-13));
    cr_assert(near(figure(first, "aic"), 25.81381642521799, 1e-13));
    cr_assert(near(figure(&answer.rows[1], "odds_ratio"), exp(coef[1]), 1e-11));
    pl_arena_clear(&arena);
}

Test(stats_logistic, errors_by_cluster_of_r) {
    const PlVariable on[] = {numbers("a", a20), numbers("b", b20)};
    const double se[] = {1.042507750278356, 0.70187961422982015, 0.080204123782117623};
    PlSample sample = outcome_on(y20, on, 2, 20);
    sample.roles[PL_CLUSTER] = levels("store", store20, 5, labels);
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_on(&sample, &arena, &answer), PL_OK));
    for (size_t j = 0; j < 3; j++) {
        cr_assert(near(answer.rows[j].in.std_error, se[j], 1e-10), "%.17g", answer.rows[j].in.std_error);
        cr_assert(answer.rows[j].in.df == 4);
    }
    sample.roles[PL_CLUSTER] = levels("store", (size_t[20]){0}, 1, labels);
    cr_assert(eq(int, (int)run_on(&sample, &arena, &answer), PL_ONE_LEVEL));
    cr_assert(eq(str, (char *)answer.culprit, "store"));
    pl_arena_clear(&arena);
}

/* One treated and one control store: the scores of both are 0, and so would be the error. */
Test(stats_logistic, a_column_that_tells_two_clusters_apart_has_no_error) {
    const double y[] = {1, 0, 0, 1, 1, 0, 1}, treated[] = {0, 0, 0, 1, 1, 1, 1};
    const size_t store[] = {0, 0, 0, 1, 1, 1, 1};
    const PlVariable on[] = {numbers("treated", treated)};
    PlSample sample = outcome_on(y, on, 1, 7);
    sample.roles[PL_CLUSTER] = levels("store", store, 2, labels);
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_on(&sample, &arena, &answer), PL_OK));
    for (size_t j = 0; j < 2; j++) {
        const PlAnswerRow *row = &answer.rows[j];
        cr_assert(row->status == PL_NO_VARIANCE && row->lacks == (PL_LACKS_P | PL_LACKS_INTERVAL));
        cr_assert(row->in.has == 0 && row->reason != NULL);
    }
    cr_assert(near(answer.rows[1].in.estimate, log(6), 1e-12));
    pl_arena_clear(&arena);
}

/* Simpson's paradox: men are favoured overall, not within departments. */
Test(stats_logistic, berkeleys_admissions_by_counts) {
    const PlVariable on[] = {numbers("male", male)}, absorb[] = {levels("dept", department, 6, labels)};
    PlSample sample = outcome_on(admitted, on, 1, 12);
    sample.roles[PL_TRIALS] = numbers("applied", applied);
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_on(&sample, &arena, &answer), PL_OK));
    cr_assert(near(answer.rows[1].in.estimate, 0.61035237614640026, 1e-12));
    cr_assert(near(answer.rows[1].in.std_error, 0.063893048566900604, 1e-10));
    cr_assert(near(figure(&answer.rows[1], "odds_ratio"), 1.8410800371812925, 1e-11));
    cr_assert(near(figure(&answer.rows[0], "log_likelihood"), -426.27334512630421, 1e-12));
    cr_assert(near(figure(&answer.rows[0], "deviance"), 783.60700602404381, 1e-11));
    cr_assert(near(figure(&answer.rows[0], "null_deviance"), 877.05641321977566, 1e-11));
    sample.absorb = absorb;
    sample.n_absorb = 1;
    cr_assert(eq(int, (int)run_on(&sample, &arena, &answer), PL_OK));
    cr_assert(eq(sz, answer.n_rows, 1));
    cr_assert(near(answer.rows[0].in.estimate, -0.099870088159349765, 1e-11));
    cr_assert(near(answer.rows[0].in.std_error, 0.080846466532369737, 1e-10));
    cr_assert(near(figure(&answer.rows[0], "aic"), 103.14395955580567, 1e-11));
    cr_assert(near(figure(&answer.rows[0], "deviance"), 20.204275327241373, 1e-10));
    pl_arena_clear(&arena);
}

Test(stats_logistic, shared_reference_two_rates) {
    json_t *root = load_expected("proportions_coupons.json");
    const char *sets[] = {"cj_type_pairs", "small_tables"};
    for (size_t s = 0; s < 2; s++) {
        const char *key;
        json_t *e;
        json_object_foreach(json_object_get(root, sets[s]), key, e) {
            const double x[] = {number_at(e, "x2"), number_at(e, "x1")};
            const double n[] = {number_at(e, "n2"), number_at(e, "n1")}, treated[] = {0, 1};
            const PlVariable on[] = {numbers("treated", treated)};
            PlSample sample = outcome_on(x, on, 1, 2);
            sample.roles[PL_TRIALS] = numbers("sent", n);
            PlArena arena = {0};
            PlAnswer answer;
            cr_assert(eq(int, (int)run_on(&sample, &arena, &answer), PL_OK));
            cr_assert(near(answer.rows[1].in.estimate, number_at(e, "log_or"), 1e-11), "%s", key);
            cr_assert(near(answer.rows[1].in.std_error, number_at(e, "se_log_or"), 1e-11), "%s", key);
            cr_assert(near(answer.rows[1].in.estimate, number_at(e, "logit_coef"), 1e-7), "%s", key);
            cr_assert(near(answer.rows[1].in.p_value, number_at(e, "logit_p"), 1e-6), "%s", key);
            pl_arena_clear(&arena);
        }
    }
    json_decref(root);
}

Test(stats_logistic, shared_reference_attrition) {
    json_t *root = load_expected("hr.json"), *e = json_object_get(root, "logit");
    static double y[1470], overtime[1470], satisfaction[1470];
    FILE *file = open_shared_csv("data/hr_attrition/hr_attrition.csv");
    char line[4096], field[64];
    size_t n = 0;
    for (; n < 1470 && fgets(line, sizeof line, file); n++) {
        y[n] = strcmp(csv_field(line, 1, field, sizeof field), "Yes") == 0;
        overtime[n] = strcmp(csv_field(line, 22, field, sizeof field), "Yes") == 0;
        satisfaction[n] = strtod(csv_field(line, 16, field, sizeof field), NULL);
    }
    fclose(file);
    cr_assert(eq(sz, n, 1470));
    const PlVariable on[] = {numbers("overtime", overtime), numbers("satisfaction", satisfaction)};
    PlSample sample = outcome_on(y, on, 2, n);
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_on(&sample, &arena, &answer), PL_OK));
    for (size_t j = 0; j < 3; j++) {
        cr_assert(near(answer.rows[j].in.estimate, item_at(e, "coef", j), 1e-9), "%.17g",
                  answer.rows[j].in.estimate);
        cr_assert(near(answer.rows[j].in.std_error, item_at(e, "se", j), 1e-7), "%.17g",
                  answer.rows[j].in.std_error);
    }
    cr_assert(near(figure(&answer.rows[0], "aic"), number_at(e, "AIC"), 1e-12));
    pl_arena_clear(&arena);
    json_decref(root);
}

/* Units and offsets of the columns do not matter. */
Test(stats_logistic, ill_scaled_columns) {
    const double scales[] = {1e6, 1e-9, 1e200, 1e-200}, shifts[] = {1e6, 0, 0, 0};
    const PlVariable on[] = {numbers("a", a20), numbers("b", b20)};
    PlSample sample = outcome_on(y20, on, 2, 20);
    PlArena arena = {0};
    PlAnswer base, answer;
    run_on(&sample, &arena, &base);
    for (size_t s = 0; s < 4; s++) {
        double scaled[20];
        for (size_t i = 0; i < 20; i++)
            scaled[i] = (a20[i] + shifts[s]) * scales[s];
        const PlVariable other[] = {numbers("a", scaled), numbers("b", b20)};
        sample.on = other;
        cr_assert(eq(int, (int)run_on(&sample, &arena, &answer), PL_OK), "%zu", s);
        double tolerance = shifts[s] ? 1e-8 : 1e-11;
        cr_assert(near(answer.rows[1].in.estimate * scales[s], base.rows[1].in.estimate, tolerance));
        cr_assert(near(answer.rows[1].in.std_error * scales[s], base.rows[1].in.std_error, tolerance));
        cr_assert(near(answer.rows[1].in.p_value, base.rows[1].in.p_value, tolerance));
        cr_assert(near(answer.rows[2].in.estimate, base.rows[2].in.estimate, tolerance));
    }
    pl_arena_clear(&arena);
}

Test(stats_logistic, order_of_rows_and_threads_do_not_matter_and_outcomes_turn_the_sign) {
    double y[20], a[20], b[20], failure[20];
    for (size_t i = 0; i < 20; i++) {
        size_t from = (i * 7) % 20;
        y[i] = y20[from];
        a[i] = a20[from];
        b[i] = b20[from];
        failure[i] = 1 - y20[i];
    }
    const PlVariable on[] = {numbers("a", a20), numbers("b", b20)},
                     moved[] = {numbers("a", a), numbers("b", b)};
    PlSample sample = outcome_on(y20, on, 2, 20), other = outcome_on(y, moved, 2, 20),
             turned = outcome_on(failure, on, 2, 20);
    PlArena arena = {0};
    PlAnswer base, answer;
    run_on(&sample, &arena, &base);
    run_on(&other, &arena, &answer);
    cr_assert(near(answer.rows[1].in.estimate, base.rows[1].in.estimate, 1e-13));
    run_on(&turned, &arena, &answer);
    cr_assert(near(answer.rows[1].in.estimate, -base.rows[1].in.estimate, 1e-12));
    for (int threads = 2; threads <= 3; threads++) {
        PlMethodOptions options = unset_options();
        options.inference.threads = threads;
        run_answer("logistic", &sample, &options, &arena, &answer);
        cr_assert(answer.rows[1].in.std_error == base.rows[1].in.std_error);
    }
    pl_arena_clear(&arena);
}

/* ---- separation ---- */

static PlStatus fit_status(const double *y, const double *a, const double *b, size_t rows,
                           const char **culprit) {
    const PlVariable on[] = {numbers("a", a), numbers("b", b)};
    PlSample sample = outcome_on(y, on, b ? 2 : 1, rows);
    PlArena arena = {0};
    PlAnswer answer;
    PlStatus status = run_on(&sample, &arena, &answer);
    *culprit = answer.culprit;
    pl_arena_clear(&arena);
    return status;
}

/* One column separates exactly when the values of one outcome end where those of the other begin. */
Test(stats_logistic, separation_by_one_column_is_seen_exactly) {
    PlRng rng = pl_rng_stream(5, 0);
    size_t seen = 0;
    for (size_t repeat = 0; repeat < 3000; repeat++) {
        double y[8], a[8], low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
        size_t rows = 4 + repeat % 5, ones = 0;
        for (size_t i = 0; i < rows; i++) {
            a[i] = floor(6 * pl_rng_uniform(&rng));
            y[i] = pl_rng_uniform(&rng) < 1 / (1 + exp(3 - 1.2 * a[i]));
            size_t k = (size_t)y[i];
            ones += k;
            low[k] = fmin(low[k], a[i]);
            high[k] = fmax(high[k], a[i]);
        }
        PlStatus expected = ones == 0 || ones == rows ? PL_NO_VARIANCE : PL_OK;
        if (expected == PL_OK && fmin(low[0], low[1]) == fmax(high[0], high[1]))
            expected = PL_SINGULAR;
        else if (expected == PL_OK && (high[0] <= low[1] || high[1] <= low[0]))
            expected = PL_SEPARATION;
        seen += expected == PL_SEPARATION;
        const char *culprit;
        PlStatus status = fit_status(y, a, NULL, rows, &culprit);
        cr_assert(eq(int, (int)status, (int)expected), "repeat %zu: %s", repeat, pl_status_text(status));
        if (expected == PL_SEPARATION || expected == PL_SINGULAR)
            cr_assert(eq(str, (char *)culprit, "a"));
    }
    cr_assert(seen > 500);
}

/* A plane that separates can be turned until it goes through two points: all of them are tried. */
static bool some_line_separates(const double *y, const double *a, const double *b, size_t rows) {
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < i; j++) {
            double u = b[i] - b[j], v = a[j] - a[i], w = -(u * a[i] + v * b[i]);
            if (u == 0 && v == 0)
                continue;
            size_t better = 0, worse = 0;
            for (size_t k = 0; k < rows; k++) {
                double side = (u * a[k] + v * b[k] + w) * (y[k] == 1 ? 1 : -1);
                better += side > 0;
                worse += side < 0;
            }
            if ((better == 0) != (worse == 0))
                return true;
        }
    return false;
}

Test(stats_logistic, separation_by_two_columns_is_seen_exactly) {
    PlRng rng = pl_rng_stream(6, 0);
    size_t seen[2] = {0, 0};
    for (size_t repeat = 0; repeat < 3000; repeat++) {
        double y[12], a[12], b[12];
        size_t rows = 6 + repeat % 7, ones = 0;
        for (size_t i = 0; i < rows; i++) {
            a[i] = floor(5 * pl_rng_uniform(&rng));
            b[i] = floor(2 * pl_rng_uniform(&rng));
            y[i] = pl_rng_uniform(&rng) < 1 / (1 + exp(2 - 1.1 * a[i] + 1.3 * b[i]));
            ones += y[i] == 1;
        }
        const char *culprit;
        PlStatus status = fit_status(y, a, b, rows, &culprit);
        if (ones == 0 || ones == rows || status == PL_SINGULAR)
            continue;
        bool separated = some_line_separates(y, a, b, rows);
        seen[separated]++;
        cr_assert(eq(int, (int)status, separated ? PL_SEPARATION : PL_OK), "repeat %zu: %s", repeat,
                  pl_status_text(status));
    }
    cr_assert(seen[0] > 500 && seen[1] > 500);
}

/* Of the level coded by b all bought; the rest overlaps. */
Test(stats_logistic, a_level_with_one_outcome_is_named) {
    double y[22], a[22], b[22] = {0};
    memcpy(y, y20, sizeof y20);
    memcpy(a, a20, sizeof a20);
    for (size_t i = 20; i < 22; i++) {
        y[i] = b[i] = 1;
        a[i] = 1.5 + (double)i / 10;
    }
    const char *culprit;
    cr_assert(eq(int, (int)fit_status(y, a, b, 22, &culprit), PL_SEPARATION));
    cr_assert(eq(str, (char *)culprit, "b"));
    for (size_t i = 0; i < 22; i++)
        b[i] = b[i] * 1e6 + 1e6;
    cr_assert(eq(int, (int)fit_status(y, a, b, 22, &culprit), PL_SEPARATION));
    cr_assert(eq(str, (char *)culprit, "b"));
}

/* Steep is not separated: outcomes overlap in a thousandth and in a millionth of the range. */
Test(stats_logistic, nearly_separated_is_estimated) {
    for (double overlap = 1e-3; overlap >= 1e-6; overlap /= 10) {
        double y[200], a[200];
        for (size_t i = 0; i < 200; i++) {
            a[i] = ((double)i - 99.5) / 100;
            y[i] = i >= 100;
        }
        a[99] = overlap;
        a[100] = -overlap;
        const char *culprit;
        PlStatus status = fit_status(y, a, NULL, 200, &culprit);
        cr_assert(eq(int, (int)status, PL_OK), "%g: %s", overlap, pl_status_text(status));
    }
}

Test(stats_logistic, refusals) {
    const double twice[] = {2, 4, 6, 8}, once[] = {1, 2, 3, 4}, y[] = {0, 1, 0, 1}, two[] = {0, 1, 2, 1};
    const double no[] = {0, 0, 0, 0}, bad[] = {1, 2, NAN, 4}, same[] = {3, 3, 3, 3};
    const struct {
        const double *y, *a, *b;
        size_t rows;
        PlStatus status;
        const char *culprit;
    } cases[] = {
        {y, once, twice, 4, PL_SINGULAR, "b"},         {y, once, same, 4, PL_SINGULAR, "b"},
        {two, once, NULL, 4, PL_NOT_BINARY, "bought"}, {no, once, NULL, 4, PL_NO_VARIANCE, "bought"},
        {y, bad, NULL, 4, PL_NOT_FINITE, "a"},         {y, once, twice, 2, PL_TOO_FEW, NULL},
        {y, once, NULL, 0, PL_TOO_FEW, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *culprit;
        PlStatus status = fit_status(cases[i].y, cases[i].a, cases[i].b, cases[i].rows, &culprit);
        cr_assert(eq(int, (int)status, (int)cases[i].status), "case %zu: %s", i, pl_status_text(status));
        if (cases[i].culprit)
            cr_assert(eq(str, (char *)culprit, (char *)cases[i].culprit), "case %zu", i);
    }
    PlArena none = {.limit = 1};
    PlAnswer answer;
    const PlVariable on[] = {numbers("a", a20)};
    PlSample sample = outcome_on(y20, on, 1, 20);
    cr_assert(eq(int, (int)run_on(&sample, &none, &answer), PL_NO_MEMORY));
    PlMethodOptions options = unset_options();
    options.inference.conf_level = 2;
    cr_assert(eq(int, (int)run_answer("logistic", &sample, &options, &none, &answer), PL_BAD_ARGUMENT));
}
