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
