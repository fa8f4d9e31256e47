/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

#include "pairlift/kpi/anonymity.h"
#include "pairlift/stats/rng.h"

/* People whose group in each column is drawn or given; row i is person i. */
enum { PEOPLE_MOST = 16, COLUMNS_MOST = 3, GROUPS_MOST = 6 };
typedef struct {
    guint n, n_columns;
    guint of[COLUMNS_MOST][PEOPLE_MOST], n_groups[COLUMNS_MOST];
} People;

static PlAnonymity *anonymity_of(const People *p, guint smallest) {
    const guint *of[COLUMNS_MOST];
    guint row[PEOPLE_MOST];
    for (guint c = 0; c < p->n_columns; c++)
        of[c] = p->of[c];
    for (guint i = 0; i < p->n; i++)
        row[i] = i;
    return pl_anonymity_new(of, p->n_groups, p->n_columns, row, p->n, smallest);
}

/* Sizes of the groups of one column. */
static People one_column(const guint *sizes, guint n_groups) {
    People p = {.n_columns = 1, .n_groups = {n_groups}};
    for (guint g = 0; g < n_groups; g++)
        for (guint i = 0; i < sizes[g]; i++)
            p.of[0][p.n++] = g;
    return p;
}

static guint hidden_of(const guint *sizes, guint n_groups, guint smallest) {
    People p = one_column(sizes, n_groups);
    g_autoptr(PlAnonymity) a = anonymity_of(&p, smallest);
    guint bits = 0;
    for (guint g = 0; g < n_groups; g++)
        bits |= (a->hidden[0][g] ? 1U : 0U) << g;
    return bits;
}

Test(kpi_anonymity, a_small_group_is_hidden_with_the_next_one) {
    cr_expect(eq(u32, hidden_of((guint[]){5, 6, 5}, 3, 5), 0));
    cr_expect(eq(u32, hidden_of((guint[]){2, 6, 5}, 3, 5), 1 | 4)); /* the 2 are the whole less the others */
    cr_expect(eq(u32, hidden_of((guint[]){2, 2, 6, 5}, 4, 5), 1 | 2 | 8)); /* 4 are too few */
    cr_expect(eq(u32, hidden_of((guint[]){3, 2, 6, 5}, 4, 5), 1 | 2));
    cr_expect(eq(u32, hidden_of((guint[]){0, 6, 5}, 3, 5), 1)); /* nobody needs no cover */
    cr_expect(eq(u32, hidden_of((guint[]){1, 7}, 2, 5), 3));
    cr_expect(eq(u32, hidden_of((guint[]){2, 2}, 2, 5), 3)); /* fewer than five in all */
}

Test(kpi_anonymity, people_without_a_group_count_as_hidden) {
    People p = one_column((guint[]){6, 6}, 2);
    p.of[0][0] = p.of[0][1] = PL_NO_LEVEL; /* 4, 6, and 2 without: all are hidden */
    g_autoptr(PlAnonymity) a = anonymity_of(&p, 5);
    cr_expect(a->hidden[0][0] && a->hidden[0][1] == FALSE);
    p.of[0][2] = PL_NO_LEVEL;
    g_autoptr(PlAnonymity) b = anonymity_of(&p, 3);
    cr_expect(eq(u32, pl_anonymity_hidden(b, 0, NULL), 0)); /* 3, 6, and 3 without */
    g_autoptr(PlAnonymity) c = anonymity_of(&p, 4);
    guint people;
    cr_expect(eq(u32, pl_anonymity_hidden(c, 0, &people), 1));
    cr_expect(eq(u32, people, 3)); /* 6 together with those without */
}

/* A team of ten in which one role of two has three: the other role is hidden too, though other roles are
 * smaller. */
Test(kpi_anonymity, roles_within_teams) {
    People p = {.n = 16, .n_columns = 2, .n_groups = {2, 4}};
    for (guint i = 0; i < 16; i++) {
        p.of[0][i] = i < 10 ? 0 : 1;
        p.of[1][i] = i < 3 ? 0 : i < 10 ? 1 : i < 13 ? 2 : 3; /* 3, 7, 3, 3 */
    }
    g_autoptr(PlAnonymity) a = anonymity_of(&p, 5);
    cr_expect(a->hidden[1][0] && (a->hidden[1][1] || a->hidden[0][0]));
}

Test(kpi_anonymity, too_many_cells_show_the_first_column_only) {
    enum { N = 20000 };
    guint *first = g_new(guint, N), *second = g_new(guint, N), *row = g_new(guint, N);
    for (guint i = 0; i < N; i++) {
        first[i] = i % 50;
        second[i] = i % 999;
        row[i] = i;
    }
    const guint *of[2] = {first, second};
    g_autoptr(PlAnonymity) a = pl_anonymity_new(of, (guint[]){50, 999}, 2, row, N, 5);
    cr_expect(a->given_up && a->hidden[0][7] == FALSE && a->hidden[1][7]);
    g_free(first);
    g_free(second);
    g_free(row);
}

/* ---- brute force: every set of people ---- */

/* Whether the sum over the people in `bits` follows from the total and the groups shown: elimination over
 * single people. */
static gboolean follows(const People *p, const PlAnonymity *a, guint bits) {
    double m[COLUMNS_MOST * GROUPS_MOST + 2][PEOPLE_MOST];
    guint rows = 0;
    for (guint i = 0; i < p->n; i++)
        m[rows][i] = 1;
    rows++;
    for (guint c = 0; c < p->n_columns; c++)
        for (guint g = 0; g < p->n_groups[c]; g++) {
            if (a->hidden[c][g])
                continue;
            for (guint i = 0; i < p->n; i++)
                m[rows][i] = p->of[c][i] == g;
            rows++;
        }
    double x[PEOPLE_MOST];
    for (guint i = 0; i < p->n; i++)
        x[i] = bits >> i & 1;
    guint done = 0;
    for (guint i = 0; i < p->n && done < rows; i++) {
        guint best = done;
        for (guint r = done; r < rows; r++)
            best = fabs(m[r][i]) > fabs(m[best][i]) ? r : best;
        if (fabs(m[best][i]) < 1e-9)
            continue;
        for (guint k = 0; k < p->n; k++) {
            double swap = m[best][k];
            m[best][k] = m[done][k];
            m[done][k] = swap;
        }
        for (guint r = done + 1; r < rows; r++)
            for (guint k = p->n; k-- > i;)
                m[r][k] -= m[r][i] / m[done][i] * m[done][k];
        double factor = x[i] / m[done][i];
        for (guint k = i; k < p->n; k++)
            x[k] -= factor * m[done][k];
        done++;
    }
    for (guint i = 0; i < p->n; i++)
        if (fabs(x[i]) > 1e-9)
            return FALSE;
    return TRUE;
}

static guint told_sets(const People *p, guint smallest, guint *shown) {
    g_autoptr(PlAnonymity) a = anonymity_of(p, smallest);
    guint told = 0;
    for (guint c = 0; c < p->n_columns; c++)
        for (guint g = 0; g < p->n_groups[c]; g++)
            *shown += !a->hidden[c][g];
    for (guint bits = 1; bits < 1U << p->n; bits++)
        if (g_bit_storage(bits) > 0 && (guint)__builtin_popcount(bits) < smallest && p->n >= smallest)
            told += follows(p, a, bits);
    return told;
}

Test(kpi_anonymity, no_set_of_a_few_follows_from_what_is_shown, .timeout = 60) {
    guint shown = 0, told = 0;
    for (guint64 round = 0; round < 400; round++) {
        PlRng rng = pl_rng_stream(41, round);
        People p = {.n = 8 + (guint)(round % 5), .n_columns = 1 + (guint)(round % 3)};
        for (guint c = 0; c < p.n_columns; c++) {
            p.n_groups[c] = 2 + (guint)(3 * pl_rng_uniform(&rng));
            for (guint i = 0; i < p.n; i++) {
                guint g = (guint)(p.n_groups[c] * pl_rng_uniform(&rng));
                gboolean nested = c > 0 && round % 2 == 0; /* as roles within teams */
                p.of[c][i] = nested ? (p.of[0][i] + (g > 0)) % p.n_groups[c] : g;
                if (pl_rng_uniform(&rng) < .03)
                    p.of[c][i] = PL_NO_LEVEL;
            }
        }
        guint here = told_sets(&p, 3, &shown);
        told += here;
        cr_expect(eq(u32, here, 0), "round %d: %u sets", (int)round, here);
    }
    cr_expect(shown > 400, "%u", shown);
}
