/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kpi_text.h"
#include "pairlift/kpi/stand_out.h"

/* Which of several groups are named. */

typedef struct {
    PlSection *section;
    PlStandOut groups[6];
    PlKpiRun run;
} Case;

static void begin(Case *c, const double *p, const gboolean *worse, guint n) {
    static const char *const names[] = {"Ada", "Ben", "Cleo", "Dora", "Emil", "Finn"};
    c->section = pl_section_new("engagement", "Engagement");
    c->run = (PlKpiRun){.section = c->section, .conf_level = .95};
    for (guint g = 0; g < n; g++) {
        PlFinding *f = pl_section_add(c->section, NULL, "gap_days", "Usual gap", PL_AMOUNT_TOTAL);
        pl_finding_of(f, "rep", names[g], NULL);
        f->unit = g_strdup("days");
        f->value = 100 + 10 * g;
        f->conf_low = f->value - 12;
        f->conf_high = f->value + 12;
        c->groups[g] = (PlStandOut){f, 80, p[g], worse[g]};
    }
}

static void says(Case *c, guint n, const char *wanted) {
    g_autofree char *text = pl_kpi_stand_out(&c->run, "rep", c->groups, n, "a longer usual gap", NULL, NULL);
    if (wanted == NULL)
        cr_assert_null(text);
    else
        cr_assert(eq(str, text, (char *)wanted));
    pl_section_free(c->section);
}

/* Holm: 0.02 x 3 and 0.001 x 4 and 0.9; Dora is better, and not named. */
Test(stand_out, names_those_who_are_worse_beyond_chance) {
    static const double p[] = {0.9, 0.001, 0.02, 0.0001};
    static const gboolean worse[] = {TRUE, TRUE, TRUE, FALSE};
    Case c;
    begin(&c, p, worse, 4);
    g_autofree char *text = pl_kpi_stand_out(&c.run, "rep", c.groups, 4, "a longer usual gap", NULL, NULL);
    cr_assert(epsilon_eq(dbl, c.groups[2].finding->p_adjusted, 0.04, 1e-12));
    cr_assert(epsilon_eq(dbl, c.groups[1].finding->p_adjusted, 0.003, 1e-12));
    cr_assert(epsilon_eq(dbl, c.groups[3].finding->p_adjusted, 0.0004, 1e-12));
    cr_assert(eq(str, text,
                 (char *)"Of 4 reps compared, each with all others (p-values adjusted), 2 stand out with a "
                         "longer usual gap: Ben, 110 days (98 to 122 days) against 80 days of the others "
                         "(p = 0.0030); Cleo, 120 days (108 to 132 days) against 80 days of the others "
                         "(p = 0.040)."));
    pl_section_free(c.section);
}

Test(stand_out, none_and_no_comparison) {
    static const double p[] = {0.9, 0.03}, one[] = {0.001, NAN};
    static const gboolean worse[] = {TRUE, TRUE};
    Case c;
    begin(&c, p, worse, 2);
    says(&c, 2,
         "Of 2 reps compared, each with all others (p-values adjusted), none stands out with a longer usual "
         "gap.");
    begin(&c, one, worse, 2);
    says(&c, 2, NULL);
    begin(&c, p, worse, 0);
    says(&c, 0, NULL);
}

Test(stand_out, counts_those_beyond_three) {
    static const double p[] = {1e-6, 1e-5, 1e-7, 1e-4, 1e-3, 0.5};
    static const gboolean worse[] = {TRUE, TRUE, TRUE, TRUE, TRUE, TRUE};
    Case c;
    begin(&c, p, worse, 6);
    g_autofree char *text = pl_kpi_stand_out(&c.run, "rep", c.groups, 6, "a longer usual gap", NULL, NULL);
    cr_assert_not_null(strstr(text, "5 stand out"), "%s", text);
    cr_assert_not_null(strstr(text, "gap: Cleo, "), "%s", text);
    cr_assert_not_null(strstr(text, "; and 2 more."), "%s", text);
    pl_section_free(c.section);
}

Test(stand_out, says_why_a_group_is_not_compared) {
    static const double p[] = {0.9, NAN, 0.5};
    static const gboolean worse[] = {TRUE, TRUE, TRUE};
    Case c;
    begin(&c, p, worse, 3);
    g_autofree char *text = pl_kpi_stand_out(&c.run, "rep", c.groups, 3, "a longer usual gap", NULL, NULL);
    cr_assert_null(c.groups[0].finding->reason);
    cr_assert_not_null(strstr(c.groups[1].finding->reason, "not compared"));
    pl_section_free(c.section);
}
