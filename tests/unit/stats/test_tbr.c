/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

#include "pairlift/stats/time_regression.h"

/* tests/reference/stats/tbr.R: ten times before, five during, one after. */
enum { TIMES = 16, BEGIN = 10, END = 15 };
static const double control[TIMES] = {102.3, 98.1, 110.7, 95.4,  107.2, 101.9, 99.6, 113.8,
                                      104.5, 96.7, 108.3, 100.2, 106.1, 111.5, 97.9, 103.4};
static const double test[TIMES] = {55.1, 51.8, 60.9, 50.2, 57.3, 54.4, 53.9, 61.2,
                                   56.7, 50.8, 62.9, 58.4, 61.7, 66.1, 57.0, 59.9};
static const double cost[TIMES] = {1.2, 1.1, 1.5, 0.9, 1.3, 1.4, 1.0, 1.6,
                                   1.2, 1.1, 4.2, 3.9, 4.4, 4.1, 4.0, 4.3};
static const size_t in_order[TIMES] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
static const char *const days[TIMES] = {"01", "02", "03", "04", "05", "06", "07", "08",
                                        "09", "10", "11", "12", "13", "14", "15", "16"};

static PlMethodOptions during(size_t begin, size_t end) {
    PlMethodOptions o = unset_options();
    o.during_begin = begin;
    o.during_end = end;
    return o;
}

static PlSample sample_of(const double *x, const double *y, const double *spend) {
    PlSample sample = {.rows = TIMES};
    sample.roles[PL_X] = numbers("sales", x);
    sample.roles[PL_Y] = numbers("control", y);
    sample.roles[PL_TIME] = levels("day", in_order, TIMES, days);
    if (spend)
        sample.roles[PL_COST] = numbers("spend", spend);
    return sample;
}

static PlTbr must_tbr(const double *x, const double *y, const double *spend, PlInferenceOptions options,
                      PlArena *arena) {
    PlTbrSeries series = {x, y, spend, TIMES, BEGIN, END};
    PlTbr out;
    PlStatus status = pl_tbr(&series, &options, arena, &out);
    cr_assert(eq(int, (int)status, PL_OK), "%s", pl_status_text(status));
    return out;
}

Test(stats_tbr, rows_of_r) {
    PlArena arena = {0};
    PlAnswer answer;
    PlSample sample = sample_of(test, control, cost);
    PlMethodOptions o = during(BEGIN, END);
    cr_assert(eq(int, (int)run_answer("tbr", &sample, &o, &arena, &answer), PL_OK));
    const PlAnswerRow *effect = row_of(&answer, "effect"), *lift = row_of(&answer, "lift"),
                      *iroas = row_of(&answer, "iroas");
    cr_assert(near(effect->in.estimate, 24.362755040298126, 1e-12));
    cr_assert(near(effect->in.std_error, 1.7412845800328307, 1e-12));
    cr_assert(near(effect->in.statistic, 13.991254111857341, 1e-12));
    cr_assert(near(effect->in.p_value, 6.6026830346984341e-07, 1e-11), "%.17g", effect->in.p_value);
    cr_assert(near(effect->in.conf_low, 20.347345598175167, 1e-12));
    cr_assert(near(effect->in.conf_high, 28.378164482421084, 1e-12));
    cr_assert(effect->in.df == 8 && effect->in.n == 15);
    cr_assert(near(figure(effect, "slope"), 0.62778033255076615, 1e-12));
    cr_assert(near(figure(effect, "intercept"), -9.44392985937991725, 1e-12));
    cr_assert(near(figure(effect, "sigma"), 0.62590633029091003, 1e-12));
    cr_assert(near(figure(effect, "r_squared"), 0.97650639894464164, 1e-12));
    cr_assert(near(figure(effect, "durbin_watson"), 3.07190298625927705, 1e-12));
    cr_assert(near(figure(effect, "residual_autocorrelation"), -0.58660848681139666, 1e-12));
    cr_assert(near(figure(effect, "n_after"), 1, 0) && near(figure(effect, "n_outside"), 0, 0));
    cr_assert(near(lift->in.estimate, 0.086473320358417066, 1e-12));
    cr_assert(near(lift->in.conf_low, 0.071206147291156097, 1e-12));
    cr_assert(near(lift->in.conf_high, 0.102181970782145554, 1e-12));
    cr_assert(eq(dbl, lift->in.p_value, effect->in.p_value));
    cr_assert(near(figure(iroas, "incremental_cost"), 14.1563993029503603, 1e-12));
    cr_assert(near(iroas->in.estimate, 1.7209711678039938, 1e-12));
    cr_assert(near(iroas->in.std_error, 0.13731801613439704, 1e-10));
    cr_assert(near(iroas->in.conf_low, 1.4114625989704841, 1e-9), "%.17g", iroas->in.conf_low);
    cr_assert(near(iroas->in.conf_high, 2.0456169461383613, 1e-9), "%.17g", iroas->in.conf_high);
    cr_assert(eq(dbl, iroas->in.p_value, effect->in.p_value));
    pl_arena_clear(&arena);
}

/* A column of a CSV file without commas in its fields, by its header; the number, or the text. */
static size_t read_columns(const char *file, const char *const *want, size_t n_want, char *(*out)[4],
                           size_t most) {
    char path[4096], line[512];
    FILE *f = fopen(shared_path(file, path, sizeof path), "r");
    if (!f)
        cr_skip_test("no %s", path);
    size_t at[4] = {0}, rows = 0;
    for (size_t row = 0; fgets(line, sizeof line, f) && rows < most; row++) {
        size_t column = 0;
        for (char *rest = line, *field; (field = strsep(&rest, ",\n\r")); column++) {
            if (field[0] == '"') {
                field++;
                field[strlen(field) - 1] = '\0';
            }
            for (size_t k = 0; k < n_want; k++)
                if (row == 0 && strcmp(field, want[k]) == 0)
                    at[k] = column;
                else if (row > 0 && at[k] == column) {
                    free(out[rows][k]);
                    out[rows][k] = strdup(field);
                }
        }
        rows += row > 0;
    }
    fclose(f);
    return rows;
}

/* Sums of the test and of the control units by time, and the reference's values for them. */
typedef struct {
    double test[200], control[200], cost[200];
    char *times[200];
    size_t n;
} Summed;

static size_t time_of(Summed *s, const char *label) {
    size_t i = 0;
    while (i < s->n && strcmp(s->times[i], label) != 0)
        i++;
    if (i == s->n)
        s->times[s->n++] = strdup(label);
    return i;
}

static void check_reference(const Summed *s, const json_t *expected) {
    PlArena arena = {0};
    size_t begin = (size_t)number_at(expected, "n_pre"), n = (size_t)number_at(expected, "n_test");
    PlInferenceOptions o = two_sided_95;
    PlTbrSeries series = {s->test, s->control, s->cost, s->n, begin, begin + n};
    PlTbr r;
    cr_assert(eq(int, (int)pl_tbr(&series, &o, &arena, &r), PL_OK));
    cr_assert(near(r.slope, number_at(expected, "slope"), 1e-10));
    cr_assert(near(r.intercept, number_at(expected, "intercept"), 1e-10));
    cr_assert(near(r.sigma, number_at(expected, "sigma"), 1e-10));
    cr_assert(near(r.r_squared, number_at(expected, "r2"), 1e-10));
    cr_assert(near(r.durbin_watson, number_at(expected, "durbin_watson"), 1e-10));
    cr_assert(near(r.autocorrelation, number_at(expected, "resid_lag1"), 1e-10), "%.17g", r.autocorrelation);
    cr_assert(near(r.effect.estimate, number_at(expected, "total"), 1e-10));
    cr_assert(near(r.effect.std_error, number_at(expected, "total_sd"), 1e-10));
    cr_assert(near(r.effect.statistic, number_at(expected, "t_stat"), 1e-10));
    cr_assert(near(r.effect.p_value, number_at(expected, "p_two_sided"), 1e-10));
    cr_assert(near(r.effect.conf_low, item_at(expected, "ci95_two_sided", 0), 1e-10));
    cr_assert(near(r.effect.conf_high, item_at(expected, "ci95_two_sided", 1), 1e-10));
    cr_assert(near(r.counterfactual, number_at(expected, "counterfactual_total"), 1e-10));
    cr_assert(near(r.lift.in.estimate, number_at(expected, "relative_lift"), 1e-10));
    for (size_t i = 0; i < n; i++) {
        cr_assert(near(r.difference[begin + i], item_at(expected, "pointwise_effect", i), 1e-10));
        cr_assert(near(r.difference_error[i], item_at(expected, "pointwise_sd", i), 1e-10));
        cr_assert(near(r.cumulative[i], item_at(expected, "cumulative_effect", i), 1e-10));
        cr_assert(near(r.cumulative_error[i], item_at(expected, "cumulative_sd", i), 1e-10));
    }
    cr_assert(near(r.cumulative_low[n - 1], r.effect.conf_low, 1e-12));
    o.conf_level = .9;
    cr_assert(eq(int, (int)pl_tbr(&series, &o, &arena, &r), PL_OK));
    cr_assert(near(r.effect.conf_low, item_at(expected, "ci90_two_sided", 0), 1e-10));
    cr_assert(near(r.effect.conf_high, item_at(expected, "ci90_two_sided", 1), 1e-10));
    o.alternative = PL_GREATER;
    cr_assert(eq(int, (int)pl_tbr(&series, &o, &arena, &r), PL_OK));
    cr_assert(near(r.effect.conf_low, number_at(expected, "lower_onesided_90"), 1e-10));
    cr_assert(r.effect.conf_high == INFINITY &&
              near(1 - r.effect.p_value, number_at(expected, "prob_gt0"), 1e-12));
    pl_arena_clear(&arena);
}

static void check_iroas(const Summed *s, const json_t *expected, const json_t *package) {
    PlArena arena = {0};
    PlInferenceOptions o = two_sided_95;
    PlTbrSeries series = {s->test, s->control, s->cost, s->n, 42, 70};
    PlTbr r;
    cr_assert(eq(int, (int)pl_tbr(&series, &o, &arena, &r), PL_OK));
    cr_assert(r.cost_is_fixed && near(r.incremental_cost, number_at(expected, "cost"), 1e-12));
    cr_assert(near(r.iroas.in.estimate, number_at(expected, "estimate"), 1e-10));
    cr_assert(near(r.iroas.in.conf_low, item_at(expected, "ci95_two_sided", 0), 1e-10));
    cr_assert(near(r.iroas.in.conf_high, item_at(expected, "ci95_two_sided", 1), 1e-10));
    const json_t *two = json_object_get(package, "tbr_roas_95_two"),
                 *one = json_object_get(package, "tbr_roas_90_onesided");
    cr_assert(near(r.iroas.in.conf_low, number_at(two, "lower"), 1e-10));
    cr_assert(near(r.iroas.in.conf_high, number_at(two, "upper"), 1e-10));
    o.conf_level = .9;
    o.alternative = PL_GREATER;
    cr_assert(eq(int, (int)pl_tbr(&series, &o, &arena, &r), PL_OK));
    cr_assert(near(r.iroas.in.conf_low, number_at(one, "lower"), 1e-10) && r.iroas.in.conf_high == INFINITY);
    pl_arena_clear(&arena);
}

static char *cells[10000][4];

Test(stats_tbr, the_package_on_its_own_data) {
    json_t *root = load_expected("tbr.json"), *package = load_expected("tbr_reference_geoexperiments.json");
    static Summed s;
    char groups[101] = {0};
    size_t n =
        read_columns("data/geoexp/geoassignment.csv", (const char *[]){"geo", "geo.group"}, 2, cells, 10000);
    for (size_t i = 0; i < n; i++)
        groups[atoi(cells[i][0])] = cells[i][1][0];
    n = read_columns("data/geoexp/salesandcost.csv", (const char *[]){"date", "geo", "sales", "cost"}, 4,
                     cells, 10000);
    for (size_t i = 0; i < n; i++) {
        size_t t = time_of(&s, cells[i][0]);
        bool treated = groups[atoi(cells[i][1])] == '2';
        *(treated ? &s.test[t] : &s.control[t]) += atof(cells[i][2]);
        s.cost[t] += treated ? atof(cells[i][3]) : 0;
    }
    const json_t *expected = json_object_get(root, "salesandcost");
    check_reference(&s, expected);
    check_iroas(&s, json_object_get(expected, "iroas_fixed_cost"), package);
    json_decref(root);
    json_decref(package);
}

Test(stats_tbr, chicago_and_portland) {
    json_t *root = load_expected("tbr.json");
    static Summed s;
    size_t n = read_columns("data/geolift/GeoLift_Test.csv", (const char *[]){"location", "Y", "date"}, 3,
                            cells, 10000);
    for (size_t i = 0; i < n; i++) {
        size_t t = time_of(&s, cells[i][2]);
        bool treated = strcmp(cells[i][0], "chicago") == 0 || strcmp(cells[i][0], "portland") == 0;
        *(treated ? &s.test[t] : &s.control[t]) += atof(cells[i][1]);
    }
    check_reference(&s, json_object_get(root, "geolift_tbr"));
    json_decref(root);
}

Test(stats_tbr, california) {
    json_t *root = load_expected("tbr.json");
    static Summed s;
    size_t n = read_columns("data/prop99/california_prop99.csv",
                            (const char *[]){"State", "Year", "PacksPerCapita"}, 3, cells, 10000);
    for (size_t i = 0; i < n; i++) {
        size_t t = time_of(&s, cells[i][1]);
        if (strcmp(cells[i][0], "California") == 0)
            s.test[t] = atof(cells[i][2]);
        else
            s.control[t] += atof(cells[i][2]) / 38;
    }
    check_reference(&s, json_object_get(root, "prop99_tbr"));
    json_decref(root);
}

Test(stats_tbr, the_order_of_rows_does_not_matter) {
    double x[TIMES], y[TIMES], c[TIMES];
    size_t day[TIMES];
    for (size_t i = 0; i < TIMES; i++) {
        day[i] = i * 7 % TIMES;
        x[i] = test[day[i]];
        y[i] = control[day[i]];
        c[i] = cost[day[i]];
    }
    PlArena arena = {0};
    PlAnswer sorted, shuffled;
    PlSample a = sample_of(test, control, cost), b = sample_of(x, y, c);
    b.roles[PL_TIME].levels = day;
    PlMethodOptions o = during(BEGIN, END);
    cr_assert(eq(int, (int)run_answer("tbr", &a, &o, &arena, &sorted), PL_OK));
    cr_assert(eq(int, (int)run_answer("tbr", &b, &o, &arena, &shuffled), PL_OK));
    for (size_t i = 0; i < 3; i++)
        cr_assert(sorted.rows[i].in.estimate == shuffled.rows[i].in.estimate &&
                  sorted.rows[i].in.conf_low == shuffled.rows[i].in.conf_low);
    pl_arena_clear(&arena);
}

/* Also by factors whose squares over- and underflow. */
Test(stats_tbr, moves_and_scales_with_the_data) {
    PlArena arena = {0};
    PlTbr base = must_tbr(test, control, cost, two_sided_95, &arena);
    const double factors[] = {3, 1e300, 1e-300};
    for (size_t k = 0; k < 3; k++) {
        double x[TIMES], y[TIMES], c[TIMES];
        for (size_t i = 0; i < TIMES; i++) {
            x[i] = test[i] * factors[k];
            y[i] = control[i] * (k ? factors[3 - k] : 3) + (k ? 0 : 50);
            c[i] = cost[i] * factors[k];
        }
        PlTbr r = must_tbr(x, k ? control : y, c, two_sided_95, &arena);
        cr_assert(near(r.effect.p_value, base.effect.p_value, 1e-10));
        cr_assert(near(r.effect.conf_low, base.effect.conf_low * factors[k], 1e-11));
        cr_assert(near(r.lift.in.conf_high, base.lift.in.conf_high, 1e-11));
        cr_assert(near(r.iroas.in.conf_low, base.iroas.in.conf_low, 1e-10));
        r = must_tbr(test, y, cost, two_sided_95, &arena);
        cr_assert(near(r.effect.conf_low, base.effect.conf_low, 1e-10));
    }
    pl_arena_clear(&arena);
}

/* Noise, with effects from none to large: the three rows reject together, and with their intervals. */
Test(stats_tbr, interval_and_p_agree) {
    PlArena arena = {0};
    for (uint64_t round = 0; round < 600; round++) {
        PlRng rng = pl_rng_stream(7, round);
        double x[TIMES], y[TIMES], c[TIMES], effect = .3 * (double)(round % 10);
        for (size_t i = 0; i < TIMES; i++) {
            y[i] = 20 + 3 * normal_draw(&rng);
            x[i] = 5 + y[i] / 2 + normal_draw(&rng) + (i >= BEGIN ? effect : 0);
            c[i] = (round % 3 ? .2 * normal_draw(&rng) : 1) + (i >= BEGIN ? (round % 2 ? 2 : -2) : 0);
        }
        for (size_t a = 0; a < 3; a++) {
            PlInferenceOptions o = {.9, alternatives[a], 0, 0, 1, 0};
            PlTbr r = must_tbr(x, y, c, o, &arena);
            const PlInference *each[3] = {&r.effect, &r.lift.in, &r.iroas.in};
            unsigned lacks[3] = {0, r.lift.lacks, r.iroas.lacks};
            for (size_t k = 0; k < 3; k++) {
                if (lacks[k])
                    continue;
                bool outside = each[k]->conf_low > 0 || each[k]->conf_high < 0;
                cr_assert(eq(int, each[k]->p_value <= 1 - .9, outside), "round %d, row %zu", (int)round, k);
                cr_assert(each[k]->conf_low <= each[k]->estimate && each[k]->estimate <= each[k]->conf_high);
            }
        }
    }
    pl_arena_clear(&arena);
}

/* The 95 % interval holds the truth in 95 % of experiments (2000 of them: sd 0.5 %). */
Test(stats_tbr, covers) {
    PlArena arena = {0};
    size_t effect = 0, iroas = 0, rounds = 2000;
    for (uint64_t round = 0; round < rounds; round++) {
        PlRng rng = pl_rng_stream(11, round);
        double x[TIMES], y[TIMES], c[TIMES];
        for (size_t i = 0; i < TIMES; i++) {
            double shared = normal_draw(&rng);
            y[i] = 20 + 3 * normal_draw(&rng);
            c[i] = .3 * shared + .1 * y[i] + (i >= BEGIN ? 2 : 0);
            x[i] = 5 + y[i] / 2 + normal_draw(&rng) + shared + (i >= BEGIN ? 3 : 0);
        }
        PlTbr r = must_tbr(x, y, c, two_sided_95, &arena);
        effect += r.effect.conf_low <= 15 && r.effect.conf_high >= 15;
        iroas += r.iroas.lacks || (r.iroas.in.conf_low <= 1.5 && r.iroas.in.conf_high >= 1.5);
        pl_arena_clear(&arena);
    }
    cr_assert(effect > .935 * rounds && effect < .965 * rounds, "%zu", effect);
    cr_assert(iroas > .935 * rounds && iroas < .965 * rounds, "%zu", iroas);
}

Test(stats_tbr, a_ratio_without_limits_says_why) {
    PlArena arena = {0};
    double usual[TIMES], wild[TIMES], small[TIMES], negative[TIMES];
    for (size_t i = 0; i < TIMES; i++) {
        usual[i] = 1;
        wild[i] = i % 2 ? 5 : -5.1;
        small[i] = test[i] - control[i] / 2 + (double)(i % 5); /* noise of the size of the level */
        negative[i] = -test[i];
    }
    PlTbr r = must_tbr(test, control, usual, two_sided_95, &arena);
    cr_assert(r.iroas.lacks == (PL_LACKS_ESTIMATE | PL_LACKS_P | PL_LACKS_INTERVAL) && r.iroas.reason);
    r = must_tbr(test, control, wild, two_sided_95, &arena);
    cr_assert(r.iroas.lacks == PL_LACKS_INTERVAL && r.iroas.status == PL_UNBOUNDED && r.iroas.reason);
    r = must_tbr(negative, control, NULL, two_sided_95, &arena);
    cr_assert(r.lift.lacks & PL_LACKS_ESTIMATE && r.lift.reason);
    PlInferenceOptions sure = two_sided_95;
    sure.conf_level = .999999;
    r = must_tbr(small, control, NULL, sure, &arena);
    cr_assert(r.lift.lacks == PL_LACKS_INTERVAL && r.lift.reason, "%g", r.lift.in.conf_high);
    pl_arena_clear(&arena);
}

Test(stats_tbr, doubts_are_noted) {
    PlArena arena = {0};
    PlAnswer answer;
    double drift[TIMES], moved[TIMES];
    for (size_t i = 0; i < TIMES; i++) {
        drift[i] = 100 - control[i] + (i < 5 ? 30 : 0);
        moved[i] = control[i] + (i >= BEGIN ? 40 : 0);
    }
    PlMethodOptions o = during(BEGIN, END);
    PlSample sample = sample_of(drift, control, NULL);
    cr_assert(eq(int, (int)run_answer("tbr", &sample, &o, &arena, &answer), PL_OK));
    cr_assert(eq(sz, answer.n_notes, 2));
    cr_assert(strstr(answer.notes[0], "too narrow") && strstr(answer.notes[1], "did not rise"));
    sample = sample_of(test, moved, NULL);
    o = during(5, END);
    cr_assert(eq(int, (int)run_answer("tbr", &sample, &o, &arena, &answer), PL_OK));
    cr_assert(strstr(answer.notes[answer.n_notes - 1], "outside the range") != NULL);
    cr_assert(strstr(answer.notes[answer.n_notes - 2], "short") != NULL);
    pl_arena_clear(&arena);
}

static void expect(const PlSample *sample, PlMethodOptions o, PlStatus status, const char *culprit) {
    PlArena arena = {0};
    PlAnswer answer;
    cr_assert(eq(int, (int)run_answer("tbr", sample, &o, &arena, &answer), (int)status));
    cr_assert(culprit ? answer.culprit && strcmp(answer.culprit, culprit) == 0 : !answer.culprit, "%s",
              answer.culprit ? answer.culprit : "none");
    pl_arena_clear(&arena);
}

Test(stats_tbr, what_it_refuses) {
    double flat[TIMES], line[TIMES], hole[TIMES], huge[TIMES];
    for (size_t i = 0; i < TIMES; i++) {
        flat[i] = i < BEGIN ? .1 : control[i];
        line[i] = 3 + .7 * control[i] + (i >= BEGIN ? 1 : 0);
        hole[i] = i == 12 ? NAN : test[i];
        huge[i] = i >= BEGIN ? 1.7e308 : test[i];
    }
    PlSample good = sample_of(test, control, cost), bad = sample_of(test, flat, cost);
    expect(&good, during(0, 0), PL_BAD_ARGUMENT, "during");
    expect(&good, during(9, 9), PL_BAD_ARGUMENT, "during");
    expect(&good, during(9, 17), PL_BAD_ARGUMENT, "during");
    expect(&good, during(2, 9), PL_NO_BEFORE, NULL);
    expect(&good, during(3, 4), PL_OK, NULL);
    expect(&bad, during(BEGIN, END), PL_NO_VARIANCE, "control");
    bad = sample_of(line, control, NULL);
    expect(&bad, during(BEGIN, END), PL_NO_VARIANCE, "sales");
    bad = sample_of(flat, control, NULL);
    expect(&bad, during(BEGIN, END), PL_NO_VARIANCE, "sales");
    bad = sample_of(hole, control, NULL);
    expect(&bad, during(BEGIN, END), PL_NOT_FINITE, "sales");
    bad = sample_of(test, hole, NULL);
    expect(&bad, during(BEGIN, END), PL_NOT_FINITE, "control");
    bad = sample_of(test, control, hole);
    expect(&bad, during(BEGIN, END), PL_NOT_FINITE, "spend");
    bad = sample_of(huge, control, NULL);
    expect(&bad, during(BEGIN, END), PL_NOT_FINITE, NULL);
    size_t twice[TIMES];
    for (size_t i = 0; i < TIMES; i++)
        twice[i] = i ? i - 1 : 0;
    bad = good;
    bad.roles[PL_TIME] = levels("day", twice, TIMES - 1, days);
    expect(&bad, during(BEGIN, END), PL_DUPLICATE, "01");
    bad.rows = 3;
    expect(&bad, during(BEGIN, END), PL_TOO_FEW, NULL);
    PlMethodOptions o = during(BEGIN, END);
    o.inference.conf_level = 1;
    expect(&good, o, PL_BAD_ARGUMENT, NULL);
}

Test(stats_tbr, without_memory) {
    PlMethodOptions o = during(BEGIN, END);
    PlSample sample = sample_of(test, control, cost);
    for (size_t limit = 8; limit < 3000; limit += 64) {
        PlArena arena = {.limit = limit};
        PlAnswer answer;
        PlStatus status = run_answer("tbr", &sample, &o, &arena, &answer);
        cr_assert(status == PL_NO_MEMORY || status == PL_OK);
        cr_assert(limit > 100 || status == PL_NO_MEMORY);
        pl_arena_clear(&arena);
    }
}

Test(stats_tbr, a_hundred_thousand_times) {
    enum { MANY = 100000 };
    static double x[MANY], y[MANY];
    PlRng rng = pl_rng_stream(3, 0);
    for (size_t i = 0; i < MANY; i++) {
        y[i] = 100 + normal_draw(&rng);
        x[i] = y[i] + normal_draw(&rng) + (i >= 60000 ? .1 : 0);
    }
    PlArena arena = {0};
    PlTbrSeries series = {x, y, NULL, MANY, 60000, 90000};
    PlTbr r;
    cr_assert(eq(int, (int)pl_tbr(&series, &two_sided_95, &arena, &r), PL_OK));
    cr_assert(r.effect.conf_low < 3000 && r.effect.conf_high > 3000);
    pl_arena_clear(&arena);
}
