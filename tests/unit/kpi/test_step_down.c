/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <math.h>

#include "pairlift/kpi/step_down.h"

/* Groups that are told from all others, and also without those that are further off. */

typedef struct {
    guint n, calls;
    const double *mean, *size; /* of each group, of values with a standard deviation of 1 */
} Case;

/* The z-test of two means. */
static void test_means(gpointer data, const gboolean *in, PlStanding *now) {
    Case *c = data;
    c->calls++;
    for (guint g = 0; g < c->n; g++) {
        double sum = 0, size = 0;
        for (guint k = 0; k < c->n; k++) {
            sum += in[k] && k != g ? c->size[k] * c->mean[k] : 0;
            size += in[k] && k != g ? c->size[k] : 0;
        }
        if (!in[g])
            continue;
        now[g].difference = c->mean[g] - sum / size;
        now[g].p = erfc(fabs(now[g].difference) / sqrt(1 / c->size[g] + 1 / size) / sqrt(2));
    }
}

static guint apart(const double *mean, const double *size, guint n, PlStanding *out) {
    Case c = {n, 0, mean, size};
    guint named = 0;
    cr_assert_eq(pl_kpi_step_down(n, .05, test_means, &c, out), n);
    for (guint g = 0; g < n; g++)
        named += out[g].apart;
    return named;
}

/* Five are alike, but differ from "all others" with the sixth among them: only the sixth stands apart. */
Test(step_down, one_extreme_group_does_not_make_the_ordinary_ones_stand_out) {
    static const double mean[] = {0, 0, 0, 0, 0, 3}, size[] = {400, 400, 400, 400, 400, 400};
    PlStanding out[6];
    cr_assert_eq(apart(mean, size, 6, out), 1);
    cr_assert(out[5].apart && out[5].difference == 3);
    cr_assert(out[0].p < .001 && out[0].p_adjusted == 1 && fabs(out[0].difference + .6) < 1e-12);
}

/* Both ends stand apart; the one between is below all others, but above the low one. */
Test(step_down, groups_on_both_sides_of_the_others_are_not_named) {
    static const double mean[] = {0, 1, 9}, size[] = {400, 400, 400};
    PlStanding out[3];
    cr_assert_eq(apart(mean, size, 3, out), 2);
    cr_assert(out[0].apart && !out[1].apart && out[2].apart);
}

/* Of two each is all the others of the other one; nobody is told from himself. */
Test(step_down, two_groups_and_none) {
    static const double mean[] = {0, 1}, size[] = {400, 400};
    PlStanding out[2];
    cr_assert_eq(apart(mean, size, 2, out), 2);
    cr_assert_eq(apart(mean, size, 0, out), 0);
}

/* More than PL_STEPS_MOST that are far off: those that are left are compared for the last time. */
Test(step_down, ends_after_some_steps) {
    double mean[60], size[60];
    PlStanding out[60];
    for (guint g = 0; g < 60; g++) {
        mean[g] = g < 30 ? 10 + g : 0;
        size[g] = 100;
    }
    Case c = {60, 0, mean, size};
    cr_assert_eq(pl_kpi_step_down(60, .05, test_means, &c, out), 60);
    cr_assert_eq(c.calls, PL_STEPS_MOST + 1);
}

/* Without the extreme one there is nothing left to compare the others with: they are not named. */
static void test_once(gpointer data, const gboolean *in, PlStanding *now) {
    guint *calls = data;
    for (guint g = 0; g < 3; g++)
        if (in[g])
            now[g] = (PlStanding){.p = *calls > 0 ? NAN
                                       : g == 0   ? 1e-9
                                                  : 1e-4,
                                  .difference = g == 0 ? 1 : -1};
    (*calls)++;
}

Test(step_down, who_cannot_be_compared_without_the_extreme_ones_is_not_named) {
    guint calls = 0;
    PlStanding out[3];
    cr_assert_eq(pl_kpi_step_down(3, .05, test_once, &calls, out), 3);
    cr_assert(out[0].apart && !out[1].apart && !out[2].apart && out[1].p_adjusted == 1);
}
