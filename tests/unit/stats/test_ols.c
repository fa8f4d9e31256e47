/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/duality.h"
#include "panel.h"

/* tests/reference/stats/ols.R has the values. */
enum { N = 16 };
static const double y[N] = {3.1, 4.7, 2.2, 8.9, 7.3, 6.1, 9.8, 5.5, 4.4, 10.3, 7.9, 3.6, 6.6, 8.2, 5.1, 9.4};
static const double a[N] = {1, 2.5, .7, 4.1, 3.9, 2.8, 5.2, 2.2, 1.9, 5.6, 3.3, 1.4, 3.1, 4.4, 2.0, 4.9};
static const double b[N] = {.3, -1.2, .8, 1.9, -.4, .1, 1.1, -.9, .6, 2.1, -1.7, .2, 1.3, -.6, .5, -.1};
static const size_t g[N] = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3};
static const size_t h[N] = {0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 2, 1, 0, 0};
static const char *const names[] = {"1", "2", "3", "4"};

typedef struct {
    PlVariable on[4], sets[2];
    PlSample sample;
    PlMethodOptions options;
    PlArena arena;
    PlAnswer answer;
} Case;

static void begin(Case *c, size_t n_on, size_t n_sets, bool clustered) {
    *c = (Case){.options = unset_options()};
    c->on[0] = numbers("a", a);
    c->on[1] = numbers("b", b);
    c->sets[0] = levels("g", g, 4, names);
    c->sets[1] = levels("h", h, 3, names);
    c->sample = (PlSample){.rows = N, .on = c->on, .n_on = n_on, .absorb = c->sets, .n_absorb = n_sets};
    c->sample.roles[PL_X] = numbers("y", y);
    if (clustered)
        c->sample.roles[PL_CLUSTER] = levels("g", g, 4, names);
}

static PlStatus run(Case *c) {
    return run_answer("ols", &c->sample, &c->options, &c->arena, &c->answer);
}

static void end(Case *c) {
    pl_arena_clear(&c->arena);
}

static void check_row(const Case *c, const char *term, const double *expected) {
    const PlInference *in = &row_of(&c->answer, term)->in;
    cr_expect(fabs(in->estimate - expected[0]) <= 1e-13 * (fabs(expected[0]) + expected[1]), "%s %.17g", term,
              in->estimate);
    cr_expect(near(in->std_error, expected[1], 1e-11), "%s %.17g", term, in->std_error);
    cr_expect(fabs(in->statistic - expected[2]) <= 1e-11 * (fabs(expected[2]) + .01), "%s %.17g", term,
              in->statistic);
    cr_expect(near(in->p_value, expected[3], 1e-10), "%s %.17g", term, in->p_value);
}

static void check_figures(const Case *c, const double *expected) {
    const char *keys[] = {"r_squared", "adj_r_squared", "sigma", "df_residual", "f_statistic", "f_p_value"};
    for (size_t i = 0; i < 6; i++)
        cr_expect(isnan(expected[i]) || near(figure(&c->answer.rows[0], keys[i]), expected[i], 1e-10),
                  "%s %.17g", keys[i], figure(&c->answer.rows[0], keys[i]));
}

Test(stats_ols, two_columns_of_r) {
    const double rows[3][4] = {
        {1.4569025663483401, .30335100143215682, 4.8026957533356631, .00034516895931091968},
        {1.6290695827981783, .091222666526324520, 17.858166668785884, 1.5779452084791162e-10},
        {-.0087126546710410372, .12949650816291344, -.067281000813396899, .94738177933658441}};
    const double fit[] = {.96261739094473364, .95686622032084656,    .52040448445226317, 13,
                          167.37764429150462, 5.2765791629796139e-10};
    Case c;
    begin(&c, 2, 0, false);
    cr_assert(eq(int, (int)run(&c), PL_OK));
    cr_assert(eq(sz, c.answer.n_rows, 3));
    check_row(&c, "(Intercept)", rows[0]);
    check_row(&c, "a", rows[1]);
    check_row(&c, "b", rows[2]);
    check_figures(&c, fit);
    cr_assert(near(row_of(&c.answer, "a")->in.conf_low, 1.4319949932757492, 1e-12));
    cr_assert(near(row_of(&c.answer, "b")->in.conf_high, .27104754268549519, 1e-11));
    cr_assert(c.answer.rows[1].in.df == 13 && c.answer.rows[1].in.n == 16);
    end(&c);
}

Test(stats_ols, without_intercept_r_squared_is_about_zero) {
    const double rows[2][4] = {
        {2.0222099805012683, .064617277736025477, 31.295189945364168, 2.3274653992752476e-14},
        {-.068990626096345681, .20686780948573699, -.33350102303424067, .74369847629369212}};
    const double fit[] = {.9871232604854463,  .98528372626908145,    .83526698999158533, 14,
                          536.61587357485644, 5.8700442168339397e-14};
    Case c;
    begin(&c, 2, 0, false);
    c.options.no_intercept = true;
    cr_assert(eq(int, (int)run(&c), PL_OK));
    check_row(&c, "a", rows[0]);
    check_row(&c, "b", rows[1]);
    check_figures(&c, fit);
    end(&c);
}

Test(stats_ols, powers_of_a_column) {
    const double rows[2][4] = {
        {2.0669721322869390, 1.2718961499662582, 1.6251107705151659, .1300964824580931},
        {-.0014537524239524428, .0480374651050519061, -.0302628879515867213, .9763548971501141}};
    Case c;
    begin(&c, 3, 0, false);
    c.on[1] = (PlVariable){.name = "a^2", .values = a, .power = 2};
    c.on[2] = (PlVariable){.name = "a^3", .values = a, .power = 3};
    cr_assert(eq(int, (int)run(&c), PL_OK));
    check_row(&c, "a", rows[0]);
    check_row(&c, "a^3", rows[1]);
    end(&c);
}

Test(stats_ols, absorbed_effects_are_those_of_dummies) {
    const double one[2][4] = {
        {1.6134217181417843, .11506089202336944, 14.022329305547972, 6.6700029381595418e-08},
        {-.00044116031975607336, .15067859150314269, -.0029278234907503240, .99772152224671884}};
    const double two[2][4] = {
        {1.5364718787377678, .17246604150389755, 8.9088371562296516, 1.9970191234549026e-05},
        {-.039558396774738762, .30026420172123225, -.13174529813402500, .89843885762951925}};
    const double fit_one[] = {.96389574950729429, .94584362426094137,    .58311883405069831, 10,
                              108.33272027287759, 1.6713732857109957e-07};
    const double fit_two[] = {.96828023747614289, .94052544526776793, .61107972164494284, 8, NAN, NAN};
    Case c;
    begin(&c, 2, 1, false);
    cr_assert(eq(int, (int)run(&c), PL_OK));
    cr_assert(eq(sz, c.answer.n_rows, 2));
    check_row(&c, "a", one[0]);
    check_row(&c, "b", one[1]);
    check_figures(&c, fit_one);
    cr_assert(near(figure(&c.answer.rows[0], "r_squared_within"), .95588211429178438, 1e-12));
    end(&c);
    begin(&c, 2, 2, false);
    cr_assert(eq(int, (int)run(&c), PL_OK));
    check_row(&c, "a", two[0]);
    check_row(&c, "b", two[1]);
    check_figures(&c, fit_two);
    end(&c);
}

Test(stats_ols, clustered_errors_of_clubsandwich) {
    const PlVcov types[] = {PL_VCOV_CR0, PL_VCOV_CR1S, PL_VCOV_DEFAULT};
    const double of_a[3][4] = {
        {1.6290695827981783, .070603944638058677, 23.073350804255732, .00017832398966648533},
        {1.6290695827981783, .087573415341327759, 18.602330130082134, .00033905410331382997},
        {1.6290695827981783, .083608592837793053, 19.484475548568263, .00050406381287615388}};
    Case c;
    for (size_t i = 0; i < 3; i++) {
        begin(&c, 2, 0, true);
        c.options.vcov = types[i];
        cr_assert(eq(int, (int)run(&c), PL_OK));
        check_row(&c, "a", of_a[i]);
        cr_assert(near(row_of(&c.answer, "a")->in.df, i < 2 ? 3 : 2.7446898714393613, 1e-11));
        cr_assert(eq(dbl, figure(&c.answer.rows[0], "n_clusters"), 4));
        cr_assert(eq(sz, c.answer.n_notes, i == 2)); /* few df */
        end(&c);
    }
    const double absorbed[] = {1.5364718787377678, .076612908067487231, 20.055000097167849,
                               .0046508454127266547};
    begin(&c, 2, 2, true);
    cr_assert(eq(int, (int)run(&c), PL_OK));
    check_row(&c, "a", absorbed);
    cr_assert(near(row_of(&c.answer, "a")->in.df, 1.7367901344266792, 1e-10));
    end(&c);
}

/* methods.md: Grunfeld's inv ~ value + capital by firm. */
Test(stats_ols, grunfeld_by_firm) {
    const PlVcov types[] = {PL_VCOV_CR0, PL_VCOV_CR1, PL_VCOV_CR1S, PL_VCOV_CR2, PL_VCOV_CR3};
    const double expected[] = {.0150027, .0158143, .0158943, .0162451, .0170025};
    static Grunfeld d;
    d = read_grunfeld(false);
    const char *firms[10] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    for (size_t i = 0; i < 5; i++) {
        Case c = {.options = unset_options()};
        c.options.vcov = types[i];
        c.on[0] = numbers("value", d.value);
        c.on[1] = numbers("capital", d.capital);
        c.sample = (PlSample){.rows = d.n, .on = c.on, .n_on = 2};
        c.sample.roles[PL_X] = numbers("inv", d.inv);
        c.sample.roles[PL_CLUSTER] = levels("firm", d.firm, 10, firms);
        cr_assert(eq(int, (int)run(&c), PL_OK));
        const PlInference *in = &row_of(&c.answer, "value")->in;
        cr_assert(epsilon_eq(dbl, in->std_error, expected[i], 5e-8));
        if (types[i] == PL_VCOV_CR2)
            cr_assert(epsilon_eq(dbl, in->df, 2.3426, 5e-5));
        end(&c);
    }
}

static void expect_refusal(Case *c, PlStatus status, const char *culprit) {
    cr_expect(eq(int, (int)run(c), (int)status));
    if (culprit)
        cr_expect(c->answer.culprit && strcmp(c->answer.culprit, culprit) == 0, "%s, not %s",
                  c->answer.culprit ? c->answer.culprit : "none", culprit);
    end(c);
}

Test(stats_ols, refusals_name_the_column) {
    double sum[N], constant[N], by_group[N], bad[N];
    for (size_t i = 0; i < N; i++) {
        sum[i] = a[i] / 3 - b[i];
        constant[i] = .1;
        by_group[i] = 1e6 + (double)g[i] / 7;
        bad[i] = i == 9 ? NAN : a[i];
    }
    Case c;
    begin(&c, 3, 0, false);
    c.on[2] = numbers("sum", sum);
    expect_refusal(&c, PL_SINGULAR, "sum");
    begin(&c, 3, 1, false);
    c.on[2] = numbers("sum", sum);
    expect_refusal(&c, PL_SINGULAR, "sum");
    begin(&c, 2, 0, false);
    c.on[0] = numbers("constant", constant);
    expect_refusal(&c, PL_SINGULAR, "constant");
    begin(&c, 2, 2, false);
    c.on[1] = numbers("by group", by_group);
    expect_refusal(&c, PL_SINGULAR, "by group");
    begin(&c, 2, 0, false);
    c.sample.roles[PL_X] = numbers("constant", constant);
    expect_refusal(&c, PL_NO_VARIANCE, "constant");
    begin(&c, 2, 1, false);
    c.sample.roles[PL_X] = numbers("constant", constant);
    expect_refusal(&c, PL_NO_VARIANCE, "constant");
    begin(&c, 2, 0, false);
    c.on[1] = numbers("bad", bad);
    expect_refusal(&c, PL_NOT_FINITE, "bad");
    begin(&c, 2, 0, false);
    c.sample.roles[PL_X] = numbers("bad", bad);
    expect_refusal(&c, PL_NOT_FINITE, "bad");
    begin(&c, 2, 0, false);
    c.options.vcov = PL_VCOV_CR1;
    expect_refusal(&c, PL_BAD_ARGUMENT, "vcov");
    begin(&c, 0, 0, false);
    c.options.no_intercept = true;
    expect_refusal(&c, PL_BAD_ARGUMENT, NULL);
    begin(&c, 0, 1, false);
    expect_refusal(&c, PL_BAD_ARGUMENT, NULL);
    begin(&c, 2, 0, false);
    c.options.inference.conf_level = 1;
    expect_refusal(&c, PL_BAD_ARGUMENT, NULL);
    for (size_t rows = 0; rows < 4; rows++) {
        begin(&c, 2, 0, false);
        c.sample.rows = rows;
        expect_refusal(&c, PL_TOO_FEW, NULL);
    }
    begin(&c, 2, 0, true);
    c.sample.roles[PL_CLUSTER] = levels("all", (size_t[N]){0}, 1, names);
    expect_refusal(&c, PL_ONE_LEVEL, "all");
    begin(&c, 2, 0, false);
    c.arena.limit = 2000;
    expect_refusal(&c, PL_NO_MEMORY, NULL);
}

Test(stats_ols, an_exact_fit_has_no_p) {
    double exact[N];
    for (size_t i = 0; i < N; i++)
        exact[i] = 3 + a[i] * .7 - b[i];
    for (size_t sets = 0; sets < 3; sets++) {
        Case c;
        begin(&c, 2, sets, sets > 1);
        c.sample.roles[PL_X] = numbers("exact", exact);
        cr_assert(eq(int, (int)run(&c), PL_OK));
        const PlAnswerRow *row = row_of(&c.answer, "b");
        cr_assert(near(row->in.estimate, -1, 1e-13));
        cr_assert(eq(uint, row->lacks, PL_LACKS_P | PL_LACKS_INTERVAL));
        cr_assert(row->reason != NULL && row->in.has == 0);
        end(&c);
    }
}

/* A column that is 0 outside one cluster: whatever the errors are asked for, no p. */
Test(stats_ols, a_coefficient_of_one_cluster_has_no_p) {
    const PlVcov types[] = {PL_VCOV_CR0, PL_VCOV_CR1, PL_VCOV_CR2, PL_VCOV_CR3};
    double alone[N];
    for (size_t i = 0; i < N; i++)
        alone[i] = g[i] == 2;
    for (size_t t = 0; t < 4; t++) {
        Case c;
        begin(&c, 2, 0, true);
        c.options.vcov = types[t];
        c.on[1] = numbers("alone", alone);
        cr_assert(eq(int, (int)run(&c), PL_OK));
        cr_expect(eq(uint, row_of(&c.answer, "alone")->lacks, PL_LACKS_P | PL_LACKS_INTERVAL));
        cr_expect(eq(uint, row_of(&c.answer, "a")->lacks, 0));
        end(&c);
    }
}

/* p and interval agree at 0; the order of rows, units and threads change nothing. */
Test(stats_ols, properties) {
    PlRng rng = pl_rng_stream(11, 0);
    for (size_t trial = 0; trial < 200; trial++) {
        double noise[N], back_y[N], back_a[N], back_b[N];
        size_t back_g[N];
        for (size_t i = 0; i < N; i++)
            noise[i] = normal_draw(&rng) + .3 * a[i];
        for (size_t i = 0; i < N; i++) {
            back_y[i] = noise[N - 1 - i] * 1e100;
            back_a[i] = a[N - 1 - i] * 1e-100;
            back_b[i] = b[N - 1 - i];
            back_g[i] = g[N - 1 - i];
        }
        Case c, d;
        begin(&c, 2, trial % 2, trial % 4 > 1);
        begin(&d, 2, 0, trial % 4 > 1);
        c.options.inference.alternative = d.options.inference.alternative = alternatives[trial % 3];
        c.options.inference.conf_level = d.options.inference.conf_level = .5;
        d.options.inference.threads = 3;
        c.sample.n_absorb = 0;
        c.sample.roles[PL_X] = numbers("noise", noise);
        d.sample.roles[PL_X] = numbers("noise", back_y);
        d.on[0] = numbers("a", back_a);
        d.on[1] = numbers("b", back_b);
        if (trial % 4 > 1)
            d.sample.roles[PL_CLUSTER] = levels("g", back_g, 4, names);
        cr_assert(eq(int, (int)run(&c), PL_OK));
        cr_assert(eq(int, (int)run(&d), PL_OK));
        for (size_t k = 0; k < 3; k++) {
            const PlInference *in = &c.answer.rows[k].in, *other = &d.answer.rows[k].in;
            cr_assert(eq(int, in->p_value <= .5, in->conf_low > 0 || in->conf_high < 0));
            cr_assert(near(in->statistic, other->statistic, 1e-11), "%.17g %.17g", in->statistic,
                      other->statistic);
            cr_assert(near(in->p_value, other->p_value, 1e-10));
        }
        cr_assert(near(c.answer.rows[1].in.estimate * 1e100, d.answer.rows[1].in.estimate * 1e-100, 1e-11));
        end(&c);
        end(&d);
    }
}
