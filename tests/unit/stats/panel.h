/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/absorb.h"
#include "pairlift/stats/cluster_vcov.h"
#include "run.h"

/* Grunfeld's panel, and least squares after absorbing. */

enum { GRUNFELD = 200 };
typedef struct {
    size_t n, firm[GRUNFELD], year[GRUNFELD], third[GRUNFELD], group[GRUNFELD], cross[GRUNFELD];
    double inv[GRUNFELD], value[GRUNFELD], capital[GRUNFELD];
} Grunfeld;

/* Skips the test when the file is not there; `unbalanced`: without the rows that the reference script drops.
 */
static inline Grunfeld read_grunfeld(bool unbalanced) {
    Grunfeld d = {0};
    char path[4096], line[256];
    FILE *file = fopen(shared_path("data/plm_grunfeld/grunfeld.csv", path, sizeof path), "r");
    if (!file)
        cr_skip_test("no %s", path);
    size_t row = 0;
    while (fgets(line, sizeof line, file)) {
        unsigned firm, year;
        size_t i = d.n;
        if (sscanf(line, "%u,%u,%lf,%lf,%lf", &firm, &year, &d.inv[i], &d.value[i], &d.capital[i]) != 5)
            continue;
        d.firm[i] = firm - 1;
        d.year[i] = year - 1935;
        d.third[i] = (row * 7 + firm * 3) % 4;
        d.group[i] = (firm - 1) / 2;
        d.cross[i] = (firm * 5 + year * 3) % 8;
        size_t mark = row++ * 37 % 11;
        d.n += !(unbalanced && (mark == 0 || mark == 4 || mark == 7));
    }
    fclose(file);
    return d;
}

enum { COEFS_MAX = 4 };
typedef struct {
    PlClusterFit fit;
    const double *x[COEFS_MAX];
    double bread[COEFS_MAX * COEFS_MAX], coef[COEFS_MAX];
} PanelFit;

/* Gauss and Jordan, for tables that a test knows to be regular. */
static inline void invert_table(double *a, size_t n) {
    for (size_t k = 0; k < n; k++) {
        double pivot = a[k * n + k];
        for (size_t j = 0; j < n; j++)
            a[k * n + j] = (j == k ? 1 : a[k * n + j]) / pivot;
        for (size_t i = 0; i < n; i++) {
            double factor = a[i * n + k];
            for (size_t j = 0; i != k && j < n; j++)
                a[i * n + j] = (j == k ? 0 : a[i * n + j]) - factor * a[k * n + j];
        }
    }
}

/* y on k columns, `sets` absorbed; all memory from the arena. */
static inline void fit_panel(PanelFit *p, const double *y, const double *const *columns, size_t k, size_t n,
                             const PlVariable *sets, size_t n_sets, const size_t *cluster, size_t n_clusters,
                             PlArena *arena) {
    double *all[COEFS_MAX + 1];
    for (size_t c = 0; c <= k; c++) {
        all[c] = pl_arena_doubles(arena, n);
        memcpy(all[c], c < k ? columns[c] : y, n * sizeof(double));
    }
    size_t rank = 0;
    cr_assert(eq(int, (int)pl_absorb(sets, n_sets, n, all, k + 1, arena, &rank), PL_OK));
    double moment[COEFS_MAX] = {0};
    for (size_t i = 0; i < k; i++)
        for (size_t r = 0; r < n; r++) {
            moment[i] += all[i][r] * all[k][r];
            for (size_t j = 0; j < k; j++)
                p->bread[i * k + j] += all[i][r] * all[j][r];
        }
    invert_table(p->bread, k);
    for (size_t i = 0; i < k; i++) {
        p->x[i] = all[i];
        for (size_t j = 0; j < k; j++)
            p->coef[i] += p->bread[i * k + j] * moment[j];
    }
    for (size_t i = 0; i < k; i++)
        for (size_t r = 0; r < n; r++)
            all[k][r] -= p->coef[i] * all[i][r];
    p->fit = (PlClusterFit){.rows = n,
                            .n_coef = k,
                            .x = p->x,
                            .residuals = all[k],
                            .bread = p->bread,
                            .cluster = cluster,
                            .n_clusters = n_clusters,
                            .absorbed = sets,
                            .n_absorbed = n_sets,
                            .rank = rank + k,
                            .threads = 1};
}

/* 12 units x 9 times, units 0 to 4 treated from time 5 on; without noise, as the reference scripts make it.
 */
enum { FORMULA_UNITS = 12, FORMULA_TIMES = 9, FORMULA_ROWS = 2 * FORMULA_UNITS * FORMULA_TIMES };
typedef struct {
    size_t n, unit[FORMULA_ROWS], time[FORMULA_ROWS], pair[FORMULA_ROWS];
    double y[FORMULA_ROWS], x[FORMULA_ROWS];
} FormulaPanel;

static inline FormulaPanel formula_panel(bool gaps, bool twice) {
    FormulaPanel d = {0};
    for (size_t u = 0; u < FORMULA_UNITS; u++)
        for (size_t t = 0; t < FORMULA_TIMES; t++) {
            if (gaps && (u * 5 + t * 3) % 10 == 0)
                continue;
            d.unit[d.n] = u;
            d.time[d.n] = t;
            d.pair[d.n] = u / 2;
            d.x[d.n] = u < 5 && t >= 5;
            d.y[d.n++] = (double)((u * 37 + t * 53 + u * t * 11) % 101) / 7;
        }
    for (size_t r = 0, once = d.n; twice && r < once; r += 7) {
        d.unit[d.n] = d.unit[r];
        d.time[d.n] = d.time[r];
        d.pair[d.n] = d.pair[r];
        d.x[d.n] = d.x[r];
        d.y[d.n++] = d.y[r] + 1;
    }
    return d;
}

static inline PlSample formula_sample(const FormulaPanel *d) {
    PlSample s = {.rows = d->n};
    s.roles[PL_X] = numbers("sales", d->y);
    s.roles[PL_TREATED] = numbers("promo", d->x);
    s.roles[PL_UNIT] = levels("store", d->unit, FORMULA_UNITS, NULL);
    s.roles[PL_TIME] = levels("week", d->time, FORMULA_TIMES, NULL);
    return s;
}

/* R's sleep: extra hours of two drugs in ten patients. */
static const double sleep_hours[20] = {.7,  -1.6, -.2, -1.2, -.1, 3.4, 3.7, .8,  0,   2,
                                       1.9, .8,   1.1, .1,   -.1, 4.4, 5.5, 1.6, 4.6, 3.4};

/* Any method of a panel; the row of a successful run, on the caller's answer and arena. */
static inline const PlAnswerRow *must_answer(const char *id, const PlSample *sample,
                                             const PlMethodOptions *options, PlArena *arena,
                                             PlAnswer *answer) {
    PlStatus status = run_answer(id, sample, options, arena, answer);
    cr_assert(eq(int, (int)status, PL_OK), "%s: %s", id, pl_status_text(status));
    cr_assert(eq(sz, answer->n_rows, 1));
    return &answer->rows[0];
}

static inline PlInference must_infer(const char *id, const PlSample *s, const PlMethodOptions *options) {
    PlArena arena = {0};
    PlAnswer answer;
    PlInference in = must_answer(id, s, options, &arena, &answer)->in;
    pl_arena_clear(&arena);
    return in;
}

/* The status of a run that must name `culprit` (NULL: nothing). */
static inline PlStatus refusal_of(const char *id, const PlSample *s, const PlMethodOptions *options,
                                  const char *culprit) {
    PlArena arena = {0};
    PlAnswer answer;
    PlStatus status = run_answer(id, s, options, &arena, &answer);
    bool same = culprit == answer.culprit || (culprit && answer.culprit && !strcmp(culprit, answer.culprit));
    cr_expect(same, "culprit %s, not %s", answer.culprit ? answer.culprit : "none",
              culprit ? culprit : "none");
    pl_arena_clear(&arena);
    return status;
}
