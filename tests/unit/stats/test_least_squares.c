/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/least_squares.h"
#include "run.h"

enum { ROWS_MAX = 100, COEFS = 11 };

typedef struct {
    size_t rows, columns;
    double y[ROWS_MAX], x[6][ROWS_MAX];
} Table;

/* "y,x..." with a header; skips the test when it is not there. */
static Table read_nist(const char *set) {
    Table t = {0};
    char path[4096], file[256], line[512];
    snprintf(file, sizeof file, "data/nist/linreg_%s.csv", set);
    FILE *in = fopen(shared_path(file, path, sizeof path), "r");
    if (!in)
        cr_skip_test("no %s", path);
    while (fgets(line, sizeof line, in)) {
        char *at = line, *end;
        size_t c = 0;
        for (double v = strtod(at, &end); end != at; v = strtod(at = end + (*end == ','), &end), c++)
            *(c ? &t.x[c - 1][t.rows] : &t.y[t.rows]) = v;
        t.columns = c ? c - 1 : t.columns;
        t.rows += c > 0;
    }
    fclose(in);
    return t;
}

/* Digits that agree, at most 16; of 0: those after the point. */
static double lre(double actual, double expected) {
    double error = expected == 0 ? fabs(actual) : fabs(actual - expected) / fabs(expected);
    return error == 0 ? 16 : fmin(16, -log10(error));
}

static PlStatus solve(const PlDesignColumn *columns, size_t k, const double *y, size_t rows, PlArena *arena,
                      PlLeastSquares *fit) {
    return pl_least_squares(columns, k, y, rows, 1, arena, fit);
}

static size_t nist_design(const Table *t, const char *set, unsigned degree, PlDesignColumn *columns) {
    size_t k = 0;
    if (strncmp(set, "noint", 5) != 0)
        columns[k++] = (PlDesignColumn){0};
    for (size_t c = 0; degree == 0 && c < t->columns; c++)
        columns[k++] = (PlDesignColumn){.values = t->x[c]};
    for (unsigned p = 1; p <= degree; p++)
        columns[k++] = (PlDesignColumn){.values = t->x[0], .power = p};
    return k;
}

/* The least of the digits of all coefficients, their errors, the residuals' sd and R^2. */
static double nist_digits(const char *set, unsigned degree, const json_t *expected, double *rest) {
    static Table t;
    t = read_nist(set);
    PlArena arena = {0};
    PlLeastSquares fit;
    PlDesignColumn columns[COEFS];
    size_t k = nist_design(&t, set, degree, columns);
    cr_assert(eq(int, (int)solve(columns, k, t.y, t.rows, &arena, &fit), PL_OK), "%s", set);
    cr_assert(eq(sz, t.rows, (size_t)number_at(expected, "n")));
    double sigma = fit.residual_norm / sqrt((double)(t.rows - k)), digits = 16;
    for (size_t c = 0; c < k; c++) {
        digits = fmin(digits, lre(fit.coef[c], item_at(expected, "coef", c)));
        digits = fmin(digits, lre(sigma * fit.unit_error[c], item_at(expected, "se", c)));
    }
    bool intercept = strncmp(set, "noint", 5) != 0;
    *rest = fmin(lre(sigma, number_at(expected, "resid_sd")),
                 lre(intercept ? fit.explained_centred : fit.explained, number_at(expected, "R2")));
    pl_arena_clear(&arena);
    return digits;
}

/* The measured digits, coefficients and errors first, then sd and R^2. What is missing to 16 is lost where
 * the decimals of the file become doubles: exact arithmetic on those doubles loses as much (script beside).
 */
static const struct {
    const char *set;
    unsigned degree;
} nist[] = {
    {"norris", 1},   {"pontius", 2},  {"noint1", 0},   {"noint2", 0},   {"longley", 0},  {"filip", 10},
    {"wampler1", 5}, {"wampler2", 5}, {"wampler3", 5}, {"wampler4", 5}, {"wampler5", 5},
};

Test(stats_least_squares, nist_reference_sets_to_13_digits) {
    json_t *root = load_expected("nist.json");
    for (size_t i = 0; i < sizeof nist / sizeof *nist; i++) {
        double rest = 0,
               digits = nist_digits(nist[i].set, nist[i].degree,
                                    json_object_get(json_object_get(root, "linear"), nist[i].set), &rest);
        if (getenv("PL_SHOW_DIGITS"))
            fprintf(stderr, "%s %.1f %.1f\n", nist[i].set, digits, rest);
        cr_expect(digits >= 13, "%s: %.1f digits of the coefficients", nist[i].set, digits);
        cr_expect(rest >= 13, "%s: %.1f digits of sd and R^2", nist[i].set, rest);
    }
    json_decref(root);
}

/* Repeated rows leave the coefficients and divide the errors: the two ways of large designs, one
 * of which hands Filip's polynomial to the other. */
static void check_large(const char *set, unsigned degree, size_t times) {
    json_t *root = load_expected("nist.json");
    const json_t *expected = json_object_get(json_object_get(root, "linear"), set);
    static Table t;
    t = read_nist(set);
    size_t k = degree + 1, rows = times * t.rows;
    cr_assert(rows * k * k > 2000000);
    PlArena arena = {0};
    double *x = pl_arena_doubles(&arena, rows), *y = pl_arena_doubles(&arena, rows);
    for (size_t i = 0; i < rows; i++) {
        x[i] = t.x[0][i % t.rows];
        y[i] = t.y[i % t.rows];
    }
    PlDesignColumn columns[COEFS] = {{0}};
    for (unsigned p = 1; p <= degree; p++)
        columns[p] = (PlDesignColumn){.values = x, .power = p};
    PlLeastSquares fit;
    cr_assert(eq(int, (int)solve(columns, k, y, rows, &arena, &fit), PL_OK));
    double sigma = number_at(expected, "resid_sd");
    for (size_t c = 0; c < k; c++) {
        cr_expect(lre(fit.coef[c], item_at(expected, "coef", c)) >= 13);
        cr_expect(lre(sigma * sqrt((double)times) * fit.unit_error[c], item_at(expected, "se", c)) >= 13);
    }
    pl_arena_clear(&arena);
    json_decref(root);
}

Test(stats_least_squares, large_designs_are_as_exact) {
    check_large("filip", 10, 250);
    check_large("wampler5", 5, 3000);
    check_large("pontius", 2, 6000);
}

/* y = x^2 by rows 1..5: coefficients by hand from 5 b0 + 15 b1 = 55, 15 b0 + 55 b1 = 225. */
Test(stats_least_squares, a_line_by_hand) {
    const double x[] = {1, 2, 3, 4, 5}, y[] = {1, 4, 9, 16, 25};
    const PlDesignColumn columns[] = {{0}, {.values = x}};
    PlArena arena = {0};
    PlLeastSquares fit;
    cr_assert(eq(int, (int)solve(columns, 2, y, 5, &arena, &fit), PL_OK));
    cr_assert(eq(dbl, fit.coef[0], -7));
    cr_assert(eq(dbl, fit.coef[1], 6));
    cr_assert(near(fit.bread[0], 1.1, 1e-15) && near(fit.bread[1], -.3, 1e-15) &&
              near(fit.bread[3], .1, 1e-15));
    cr_assert(near(fit.residual_norm, sqrt(14), 1e-15));
    cr_assert(near(fit.unexplained_centred, 14.0 / 374, 1e-15) && near(fit.explained, 965.0 / 979, 1e-15));
    cr_assert(near(fit.residuals[0], 2, 1e-15) && near(fit.residuals[2], -2, 1e-15));
    cr_assert(eq(int, fit.perfect, 0));
    pl_arena_clear(&arena);
}

Test(stats_least_squares, units_do_not_matter) {
    const double factors[] = {1e300, 1e-300, 1e-160, 1e160};
    const double x[] = {1, 2, 3, 4, 5, 7}, w[] = {3, -1, 4, 1, -5, 9}, y[] = {2, 7, 1, 8, 2, 8};
    const PlDesignColumn plain[] = {{0}, {.values = x}, {.values = w}};
    PlArena arena = {0};
    PlLeastSquares base, fit;
    cr_assert(eq(int, (int)solve(plain, 3, y, 6, &arena, &base), PL_OK));
    for (size_t f = 0; f < 4; f++) {
        double scaled[6], scaled_y[6];
        for (size_t i = 0; i < 6; i++) {
            scaled[i] = x[i] * factors[f];
            scaled_y[i] = y[i] * factors[f];
        }
        const PlDesignColumn columns[] = {{0}, {.values = scaled}, {.values = w}};
        cr_assert(eq(int, (int)solve(columns, 3, y, 6, &arena, &fit), PL_OK));
        cr_assert(near(fit.coef[1] * factors[f], base.coef[1], 1e-14));
        cr_assert(near(fit.coef[2], base.coef[2], 1e-14));
        cr_assert(near(fit.unit_error[1] * factors[f], base.unit_error[1], 1e-14));
        cr_assert(eq(int, (int)solve(plain, 3, scaled_y, 6, &arena, &fit), PL_OK));
        cr_assert(near(fit.coef[1] / factors[f], base.coef[1], 1e-14));
        cr_assert(near(fit.residual_norm / factors[f], base.residual_norm, 1e-14));
    }
    pl_arena_clear(&arena);
}

/* c = a + b up to rounding, whatever the units; the last of the three as given is named. */
Test(stats_least_squares, a_combination_names_its_last_column) {
    double a[20], b[20], c[20], d[20], ones[20], y[20];
    PlRng rng = pl_rng_stream(1, 1);
    for (size_t i = 0; i < 20; i++) {
        a[i] = normal_draw(&rng) * 1e6;
        b[i] = normal_draw(&rng) * 1e-3 + 7;
        c[i] = (a[i] + b[i]) / 3;
        d[i] = normal_draw(&rng);
        y[i] = normal_draw(&rng);
        ones[i] = 0.1;
    }
    const PlDesignColumn in_order[] = {{0}, {.values = a}, {.values = b}, {.values = c}, {.values = d}},
                         other[] = {{0}, {.values = c}, {.values = a}, {.values = d}, {.values = b}},
                         constant[] = {{0}, {.values = a}, {.values = ones}},
                         zero[] = {{.values = a}, {.values = (double[20]){0}}},
                         twice[] = {{.values = a}, {.values = d}, {.values = a}};
    PlArena arena = {0};
    PlLeastSquares fit;
    cr_assert(eq(int, (int)solve(in_order, 5, y, 20, &arena, &fit), PL_SINGULAR));
    cr_assert(eq(sz, fit.culprit, 3));
    cr_assert(eq(int, (int)solve(other, 5, y, 20, &arena, &fit), PL_SINGULAR));
    cr_assert(eq(sz, fit.culprit, 4));
    cr_assert(eq(int, (int)solve(constant, 3, y, 20, &arena, &fit), PL_SINGULAR));
    cr_assert(eq(sz, fit.culprit, 2));
    cr_assert(eq(int, (int)solve(zero, 2, y, 20, &arena, &fit), PL_SINGULAR));
    cr_assert(eq(sz, fit.culprit, 1));
    cr_assert(eq(int, (int)solve(twice, 3, y, 20, &arena, &fit), PL_SINGULAR));
    cr_assert(eq(sz, fit.culprit, 2));
    pl_arena_clear(&arena);
}

/* The same in 300,000 rows; and noise of 1e-10 of the column is no combination. */
Test(stats_least_squares, a_combination_in_many_rows) {
    size_t rows = 300000;
    PlArena arena = {0};
    double *column[4];
    for (size_t c = 0; c < 4; c++)
        column[c] = pl_arena_doubles(&arena, rows);
    PlRng rng = pl_rng_stream(2, 1);
    for (size_t i = 0; i < rows; i++) {
        column[0][i] = 100 + pl_rng_uniform(&rng);
        column[1][i] = 5 * pl_rng_uniform(&rng);
        column[2][i] = column[0][i] + column[1][i];
        column[3][i] = pl_rng_uniform(&rng);
    }
    const PlDesignColumn columns[] = {
        {0}, {.values = column[0]}, {.values = column[1]}, {.values = column[2]}};
    PlLeastSquares fit, threads;
    cr_assert(eq(int, (int)solve(columns, 4, column[3], rows, &arena, &fit), PL_SINGULAR));
    cr_assert(eq(sz, fit.culprit, 3));
    for (size_t i = 0; i < rows; i++)
        column[2][i] += 1e-8 * pl_rng_uniform(&rng);
    cr_assert(eq(int, (int)solve(columns, 4, column[3], rows, &arena, &fit), PL_OK));
    cr_assert(eq(int, (int)pl_least_squares(columns, 4, column[3], rows, 3, &arena, &threads), PL_OK));
    for (size_t c = 0; c < 4; c++)
        cr_assert(eq(dbl, fit.coef[c], threads.coef[c]));
    pl_arena_clear(&arena);
}

Test(stats_least_squares, what_was_taken_out_counts_in_the_threshold) {
    const double x[] = {1e-9, -1e-9, 2e-9, -2e-9}, y[] = {1, 2, 3, 5};
    const PlDesignColumn own[] = {{.values = x}}, noise[] = {{.values = x, .norm_before = 1e6}};
    PlArena arena = {0};
    PlLeastSquares fit;
    cr_assert(eq(int, (int)solve(own, 1, y, 4, &arena, &fit), PL_OK));
    cr_assert(eq(int, (int)solve(noise, 1, y, 4, &arena, &fit), PL_SINGULAR));
    pl_arena_clear(&arena);
}

Test(stats_least_squares, refusals) {
    const double x[] = {1, 2, 4}, bad[] = {1, NAN, 3}, infinite[] = {1, 2, INFINITY}, y[] = {3, 1, 4};
    const PlDesignColumn good[] = {{0}, {.values = x}}, nan_column[] = {{0}, {.values = bad}};
    PlArena arena = {0};
    PlLeastSquares fit;
    cr_assert(eq(int, (int)solve(good, 2, y, 1, &arena, &fit), PL_TOO_FEW));
    cr_assert(eq(int, (int)solve(good, 0, y, 3, &arena, &fit), PL_TOO_FEW));
    cr_assert(eq(int, (int)solve(nan_column, 2, y, 3, &arena, &fit), PL_NOT_FINITE));
    cr_assert(eq(sz, fit.culprit, 1));
    cr_assert(eq(int, (int)solve(good, 2, infinite, 3, &arena, &fit), PL_NOT_FINITE));
    cr_assert(eq(sz, fit.culprit, 2));
    PlArena small = {.limit = 1000};
    cr_assert(eq(int, (int)solve(good, 2, y, 3, &small, &fit), PL_NO_MEMORY));
    pl_arena_clear(&small);
    cr_assert(eq(int, (int)solve(good, 2, (double[]){3, 5, 9}, 3, &arena, &fit), PL_OK));
    cr_assert(fit.perfect && fit.coef[0] == 1 && fit.coef[1] == 2);
    pl_arena_clear(&arena);
}
