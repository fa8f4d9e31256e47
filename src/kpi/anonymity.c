/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/anonymity.h"

#include <math.h>
#include <string.h>

#include "pairlift/stats/rng.h"

/* Cells of the cross-classification, steps to find what does not follow, and sets of cells to look through,
 * beyond which columns are not held against each other. */
#define CELLS_MOST 1048576
#define STEPS_MOST 1e7
#define SETS_MOST  4000000

#define ZERO       1e-9

/* The cells of the cross-classification that somebody is in. */
typedef struct {
    PlAnonymity *a;
    guint smallest;
    guint n;     /* cells */
    guint *size; /* [n] people */
    guint **in;  /* [n_columns][n] group; n_groups: none */
} Cells;

static guint people_without(const PlAnonymity *a, guint c) {
    guint n = a->n;
    for (guint g = 0; g < a->n_groups[c]; g++)
        n -= a->count[c][g];
    return n;
}

guint pl_anonymity_hidden(const PlAnonymity *a, guint c, guint *n_people) {
    guint n = 0, people = 0;
    for (guint g = 0; g < a->n_groups[c]; g++)
        if (a->hidden[c][g] && a->count[c][g] > 0) {
            n++;
            people += a->count[c][g];
        }
    if (n_people != NULL)
        *n_people = people;
    return n;
}

/* The smallest group that is shown; the last of equals, so that names decide nothing. -1: none. */
static int smallest_shown(const PlAnonymity *a, guint c) {
    int best = -1;
    for (guint g = 0; g < a->n_groups[c]; g++)
        if (!a->hidden[c][g] && (best < 0 || a->count[c][g] <= a->count[c][best]))
            best = (int)g;
    return best;
}

/* The total less what is shown are the hidden people: enough of them, of more than one group. */
static void hide_column(PlAnonymity *a, guint c, guint smallest) {
    for (guint g = 0; g < a->n_groups[c]; g++)
        a->hidden[c][g] = a->n < smallest || a->count[c][g] < smallest;
    for (;;) {
        guint people, without = people_without(a, c), n = pl_anonymity_hidden(a, c, &people);
        people += without;
        n += without > 0;
        int next = smallest_shown(a, c);
        gboolean safe = people == 0 || (people >= smallest && (n > 1 || without > 0));
        if (safe || next < 0)
            return;
        a->hidden[c][next] = TRUE;
    }
}

/* ---- several columns ---- */

static gboolean find_cells(Cells *cells, const guint *const *of, const guint *row) {
    PlAnonymity *a = cells->a;
    g_autofree guint *cell = g_new0(guint, a->n + 1);
    guint n = 1;
    for (guint c = 0; c < a->n_columns; c++) {
        guint width = a->n_groups[c] + 1, found = 0;
        if ((guint64)n * width > CELLS_MOST)
            return FALSE;
        g_autofree guint *id = g_new0(guint, (gsize)n * width);
        for (guint i = 0; i < a->n; i++) {
            guint g = of[c][row[i]];
            guint *at = &id[(gsize)cell[i] * width + (g == PL_NO_LEVEL ? width - 1 : g)];
            if (*at == 0)
                *at = ++found;
            cell[i] = *at - 1;
        }
        n = found;
    }
    cells->n = n;
    cells->size = g_new0(guint, n + 1);
    cells->in = g_new0(guint *, a->n_columns + 1);
    for (guint c = 0; c < a->n_columns; c++)
        cells->in[c] = g_new0(guint, n + 1);
    for (guint i = 0; i < a->n; i++) {
        cells->size[cell[i]]++;
        for (guint c = 0; c < a->n_columns; c++)
            cells->in[c][cell[i]] = of[c][row[i]] == PL_NO_LEVEL ? a->n_groups[c] : of[c][row[i]];
    }
    return TRUE;
}

/* Takes what lies in the directions of the orthonormal rows out of x; twice, for rounding. */
static void project_out(const double *q, guint n_rows, guint n, double *x) {
    for (int pass = 0; pass < 2; pass++)
        for (guint r = 0; r < n_rows; r++) {
            double along = 0;
            for (guint k = 0; k < n; k++)
                along += q[(gsize)r * n + k] * x[k];
            for (guint k = 0; k < n; k++)
                x[k] -= along * q[(gsize)r * n + k];
        }
}

/* Adds a direction to the orthonormal rows, unless it follows from them. */
static void add_direction(double *q, guint *n_rows, guint n, double *x) {
    double before = 0, after = 0;
    for (guint k = 0; k < n; k++)
        before += x[k] * x[k];
    project_out(q, *n_rows, n, x);
    for (guint k = 0; k < n; k++)
        after += x[k] * x[k];
    if (after <= ZERO * before)
        return;
    for (guint k = 0; k < n; k++)
        q[(gsize)*n_rows * n + k] = x[k] / sqrt(after);
    ++*n_rows;
}

static guint n_shown(const PlAnonymity *a) {
    guint n = 1; /* the total */
    for (guint c = 0; c < a->n_columns; c++)
        for (guint g = 0; g < a->n_groups[c]; g++)
            n += !a->hidden[c][g];
    return n;
}

/* Weights of the cells that no sum that is shown depends on: drawn ones less what lies in the directions of
 * the sums. The weights of a set of cells add up to 0 when its sum follows, and by chance never. */
static void draw_weights(const Cells *cells, double *u, double *v) {
    const PlAnonymity *a = cells->a;
    guint n = cells->n, n_rows = 0;
    g_autofree double *q = g_new(double, (gsize)n_shown(a) * n + 1), *x = g_new(double, n + 1);
    for (guint k = 0; k < n; k++)
        x[k] = 1;
    add_direction(q, &n_rows, n, x);
    for (guint c = 0; c < a->n_columns; c++)
        for (guint g = 0; g < a->n_groups[c]; g++) {
            if (a->hidden[c][g])
                continue;
            for (guint k = 0; k < n; k++)
                x[k] = cells->in[c][k] == g;
            add_direction(q, &n_rows, n, x);
        }
    PlRng rng = pl_rng_stream(1, 0);
    for (guint k = 0; k < n; k++) {
        u[k] = pl_rng_uniform(&rng);
        v[k] = pl_rng_uniform(&rng);
    }
    project_out(q, n_rows, n, u);
    project_out(q, n_rows, n, v);
}

/* A walk through all sets of cells with few people. */
typedef struct {
    const Cells *cells;
    double *u, *v;
    guint64 steps;
} Walk;

/* Whether the sum of such a set follows: the cells taken so far and some from `from` on. */
static gboolean tells(Walk *w, guint from, guint people, double u, double v) {
    const Cells *cells = w->cells;
    for (guint k = from; k < cells->n && w->steps <= SETS_MOST; k++) {
        guint more = people + cells->size[k];
        if (more >= cells->smallest)
            continue;
        w->steps++;
        if ((fabs(u + w->u[k]) < ZERO && fabs(v + w->v[k]) < ZERO) ||
            (more + 1 < cells->smallest && tells(w, k + 1, more, u + w->u[k], v + w->v[k])))
            return TRUE;
    }
    return FALSE;
}

/* -1: there are too many sets to look through. */
static int tells_something(const Cells *cells) {
    g_autofree double *u = g_new(double, cells->n + 1), *v = g_new(double, cells->n + 1);
    Walk w = {cells, u, v, 0};
    draw_weights(cells, u, v);
    gboolean told = tells(&w, 0, 0, 0, 0);
    return told ? 1 : w.steps > SETS_MOST ? -1 : 0;
}

/* The smallest group that is shown in any column. */
static gboolean hide_one_more(PlAnonymity *a) {
    int best_c = -1, best_g = -1;
    for (guint c = 0; c < a->n_columns; c++) {
        int g = smallest_shown(a, c);
        if (g >= 0 && (best_c < 0 || a->count[c][g] < a->count[best_c][best_g])) {
            best_c = (int)c;
            best_g = g;
        }
    }
    if (best_c >= 0)
        a->hidden[best_c][best_g] = TRUE;
    return best_c >= 0;
}

static void hide_all_but_first(PlAnonymity *a) {
    for (guint c = 1; c < a->n_columns; c++)
        for (guint g = 0; g < a->n_groups[c]; g++)
            a->hidden[c][g] = TRUE;
    a->given_up = TRUE;
}

static void hide_across(PlAnonymity *a, const guint *const *of, const guint *row, guint smallest) {
    Cells cells = {.a = a, .smallest = smallest};
    double shown = n_shown(a);
    gboolean can = find_cells(&cells, of, row) && shown * shown * cells.n <= STEPS_MOST;
    int told = 1;
    while (can && (told = tells_something(&cells)) > 0 && hide_one_more(a))
        ;
    if (!can || told < 0)
        hide_all_but_first(a);
    for (guint c = 0; cells.in != NULL && c < a->n_columns; c++)
        g_free(cells.in[c]);
    g_free(cells.in);
    g_free(cells.size);
}

PlAnonymity *pl_anonymity_new(const guint *const *of, const guint *n_groups, guint n_columns,
                              const guint *row, guint n, guint smallest) {
    PlAnonymity *a = g_new0(PlAnonymity, 1);
    a->n_columns = n_columns;
    a->n = n;
    a->n_groups = g_memdup2(n_groups, n_columns * sizeof *n_groups);
    a->count = g_new0(guint *, n_columns + 1);
    a->hidden = g_new0(gboolean *, n_columns + 1);
    for (guint c = 0; c < n_columns; c++) {
        a->count[c] = g_new0(guint, n_groups[c] + 1);
        a->hidden[c] = g_new0(gboolean, n_groups[c] + 1);
        for (guint i = 0; i < n; i++)
            if (of[c][row[i]] != PL_NO_LEVEL)
                a->count[c][of[c][row[i]]]++;
        hide_column(a, c, smallest);
    }
    if (n_columns > 1)
        hide_across(a, of, row, smallest);
    return a;
}

void pl_anonymity_free(PlAnonymity *a) {
    if (a == NULL)
        return;
    for (guint c = 0; c < a->n_columns; c++) {
        g_free(a->count[c]);
        g_free(a->hidden[c]);
    }
    g_free(a->count);
    g_free(a->hidden);
    g_free(a->n_groups);
    g_free(a);
}
