/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kpi_text.h"

#include "pairlift/stats/rng.h"

/* sales_cycle of small tables that can be counted by hand, and of tables that lack something. */

#define DEALS                                                                                                \
    "experiment: test\n"                                                                                     \
    "data:\n"                                                                                                \
    "  - {table: opportunities, file: deals.csv}\n"

static const char *const deals = "opportunity,opened,closed,outcome,rep,amount\n"
                                 "1,2024-01-01,2024-01-11,won,Ada,100\n"  /* 10 days */
                                 "2,2024-01-05,2024-01-25,lost,Ada,300\n" /* 20 */
                                 "3,2024-01-10,2024-02-09,won,Ben,50\n"   /* 30 */
                                 "4,2024-02-01,2024-03-12,won,Ada,150\n"  /* 40 */
                                 "5,2024-02-01,,open,Cy,70\n"
                                 "6,2024-02-20,2024-04-20,won,Ben,80\n"; /* after the as-of day: open then */

static double value(const KpiText *t, const char *measure, const char *group) {
    return kpi_find(t, "sales_cycle", measure, group)->value;
}

Test(kpi_cycle_deals, counted_by_hand) {
    g_auto(KpiText) t =
        kpi_text(DEALS "kpis: {as_of: 2024-04-01, currency: EUR}\n", "deals.csv", deals, NULL);
    cr_assert(value(&t, "mean_days", NULL) == 25 && value(&t, "median_days", NULL) == 25);
    cr_assert(value(&t, "median_days", "won") == 30 && value(&t, "mean_days", "lost") == 20);
    cr_assert(value(&t, "open_deals", NULL) == 2);
    cr_assert(value(&t, "win_rate", NULL) == .75 && value(&t, "won_value", NULL) == 300);
    cr_assert(value(&t, "win_rate_value", NULL) == .5 && value(&t, "deal_value", NULL) == 100);
    cr_assert(value(&t, "sales_velocity", NULL) == 300. / 25);
    cr_assert(eq(str, kpi_find(&t, "sales_cycle", "sales_velocity", NULL)->unit, (char *)"EUR a day"));
    cr_assert(value(&t, "mean_days", "Ada") == 70. / 3 && value(&t, "median_days", "Ada, won") == 25);
    /* closed at 10, 20, 30, 40; deal 6 was seen for 41 days and deal 5 for 60: 5/6, 4/6, 3/6, 2/6 */
    cr_assert(value(&t, "median_days_with_open", NULL) == 35);
    cr_assert(fabs(value(&t, "won_by_30_days", NULL) - 2. / 6) < 1e-12);
    cr_assert(fabs(value(&t, "won_by_60_days", NULL) - 3. / 6) < 1e-12);
    const PlFinding *f = kpi_find(&t, "sales_cycle", "won_by_90_days", NULL);
    cr_assert(isnan(f->value) && strstr(f->reason, "no deal was observed for 90 days") != NULL);
}

Test(kpi_cycle_deals, a_group_of_one_has_a_value_and_no_interval) {
    g_auto(KpiText) t = kpi_text(DEALS "kpis: {as_of: 2024-04-01}\n", "deals.csv", deals, NULL);
    const char *const measures[] = {"mean_days", "median_days", "win_rate", "deal_value"};
    for (gsize i = 0; i < G_N_ELEMENTS(measures); i++) {
        const PlFinding *f = kpi_find(&t, "sales_cycle", measures[i], "Ben");
        cr_assert(f->n == 1 && !isnan(f->value) && isnan(f->conf_low) && isnan(f->conf_high), "%s",
                  measures[i]);
        cr_assert_not_null(f->reason, "%s", measures[i]);
    }
    const PlFinding *none = kpi_find(&t, "sales_cycle", "mean_days", "Cy"); /* its one deal is open */
    cr_assert(isnan(none->value) && none->n == 0 && strstr(none->reason, "no deal is closed") != NULL);
    none = kpi_find(&t, "sales_cycle", "median_days_with_open", "Cy");
    cr_assert(isnan(none->value) && none->reason != NULL);
}

Test(kpi_cycle_deals, what_is_later_is_left_out_and_told) {
    g_auto(KpiText) t = kpi_text(DEALS "kpis: {as_of: 2024-01-31}\n", "deals.csv", deals, NULL);
    const PlCheck *c = kpi_check(&t, "opened_later");
    cr_assert(c != NULL && c->value == 3);
    cr_assert(strstr(c->message, "deals.csv:5") != NULL && strstr(c->message, "2024-02-01") != NULL, "%s",
              c->message);
    cr_assert(value(&t, "mean_days", NULL) == 15 && value(&t, "open_deals", NULL) == 1);
}

Test(kpi_cycle_deals, since_a_day_only_later_deals_count) {
    g_auto(KpiText) t = kpi_text(DEALS "kpis: {as_of: 2024-04-01, sales_cycle: {since: 2024-01-10}}\n",
                                 "deals.csv", deals, NULL);
    const PlCheck *c = kpi_check(&t, "opened_earlier");
    cr_assert(c != NULL && c->value == 2 && c->status == PL_PASS);
    cr_assert(value(&t, "mean_days", NULL) == 35 && value(&t, "win_rate", NULL) == 1);
}

Test(kpi_cycle_deals, without_outcomes_there_are_days_but_no_win_rate) {
    g_auto(KpiText) t =
        kpi_text(DEALS "kpis: {sales_cycle: {measure: win_rate, target: 0.5}}\n", "deals.csv",
                 "opportunity,opened,closed\n1,2024-01-01,2024-01-11\n2,2024-01-01,2024-01-31\n", NULL);
    cr_assert(value(&t, "mean_days", NULL) == 20);
    const PlFinding *f = pl_section_headline(kpi_section(&t, "sales_cycle"));
    cr_assert(eq(str, f->measure, (char *)"win_rate"));
    cr_assert(isnan(f->value) && strstr(f->reason, "outcome") != NULL && f->mark->status == PL_STATUS_NONE);
    cr_assert_null(kpi_seek(&t, "sales_cycle", "won_by_30_days", NULL, NULL));
}

Test(kpi_cycle_deals, nothing_closed_or_nothing_at_all_is_a_reason) {
    g_auto(KpiText) open =
        kpi_text(DEALS "kpis: {sales_cycle: {target: 30}}\n", "deals.csv",
                 "opportunity,opened,closed,outcome\n1,2024-01-01,,open\n2,2024-02-01,,open\n", NULL);
    const PlFinding *f = pl_section_headline(kpi_section(&open, "sales_cycle"));
    cr_assert(isnan(f->value) && f->reason != NULL && f->mark->status == PL_STATUS_NONE);
    cr_assert(value(&open, "open_deals", NULL) == 2);
    g_auto(KpiText) late =
        kpi_text(DEALS "kpis: {as_of: 2023-01-01, sales_cycle: {target: 30}}\n", "deals.csv", deals, NULL);
    f = pl_section_headline(kpi_section(&late, "sales_cycle"));
    cr_assert(isnan(f->value) && strstr(f->reason, "no deal") != NULL);
    cr_assert(kpi_check(&late, "opened_later")->value == 6);
}

Test(kpi_cycle_deals, amounts_of_lost_deals_that_are_not_known_or_negative) {
    g_auto(KpiText) zero =
        kpi_text(DEALS "kpis: {period: month}\n", "deals.csv",
                 "opportunity,opened,closed,outcome,amount\n1,2024-01-01,2024-01-11,won,5\n"
                 "2,2024-01-01,2024-01-11,lost,0\n",
                 NULL);
    const PlFinding *f = kpi_find(&zero, "sales_cycle", "win_rate_value", NULL);
    cr_assert(isnan(f->value) && strstr(f->reason, "lost deals have no amount") != NULL);
    g_auto(KpiText) less =
        kpi_text(DEALS "kpis: {period: month}\n", "deals.csv",
                 "opportunity,opened,closed,outcome,amount\n1,2024-01-01,2024-01-11,won,-5\n"
                 "2,2024-01-01,2024-01-11,lost,3\n",
                 NULL);
    f = kpi_find(&less, "sales_cycle", "win_rate_value", NULL);
    cr_assert(isnan(f->value) && strstr(f->reason, "below 0") != NULL);
}

Test(kpi_cycle_deals, weeks_by_number_are_seven_days) {
    g_auto(KpiText) t =
        kpi_text("experiment: test\n"
                 "data:\n"
                 "  - {table: opportunities, file: deals.csv, date_format: number, "
                 "columns: {opened: week, closed: end_week}}\n"
                 "kpis: {sales_cycle: {since: 2024-01-01}}\n",
                 "deals.csv", "opportunity,week,end_week,outcome\n1,1,3,won\n2,4,8,lost\n3,5,,open\n", NULL);
    cr_assert(value(&t, "mean_days", NULL) == 21);
    cr_assert(eq(str, kpi_find(&t, "sales_cycle", "mean_days", NULL)->unit, (char *)"days"));
    cr_assert(kpi_check(&t, "since_not_used") != NULL);
}

/* End before start, a closed deal without a day, and the same deal twice are errors with file and line. */
Test(kpi_cycle_deals, faults_are_named) {
    const struct {
        const char *row, *says;
    } faults[] = {
        {"9,2024-03-01,2024-02-01,won,Ada,5\n", "2024-02-01"},
        {"9,2024-03-01,,won,Ada,5\n", "no day on which it was closed"},
        {"9,2024-03-01,2024-04-01,open,Ada,5\n", "the deal is open"},
        {"1,2024-03-01,2024-04-01,won,Ada,5\n", "twice"},
        {"9,2024-03-01,2024-04-01,gone,Ada,5\n", "gone"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_autofree char *text = g_strconcat(deals, faults[i].row, NULL);
        g_auto(KpiText) t = kpi_text(DEALS "kpis: {period: month}\n", "deals.csv", text, NULL);
        cr_assert_null(t.result, "%s", faults[i].row);
        cr_assert(strstr(t.message, "deals.csv:8") != NULL && strstr(t.message, faults[i].says) != NULL, "%s",
                  t.message);
    }
}

/* Twelve customers with six deals each of the same length: the mean is known as well as from twelve deals;
 * the same lengths dealt out over the customers say nothing of the kind. */
static char *customers_alike(gboolean alike) {
    GString *csv = g_string_new("opportunity,opened,closed,outcome,customer\n");
    for (int i = 0; i < 72; i++) {
        g_autofree char *to = pl_day_format(pl_day_from_ymd(2024, 1, 1) + 5 * (i / 6), PL_TIME_DATE);
        g_string_append_printf(csv, "%d,2024-01-01,%s,won,c%d\n", i, to, alike ? i / 6 : i % 12);
    }
    return g_string_free(csv, FALSE);
}

Test(kpi_cycle_deals, deals_of_one_customer_that_are_alike_are_warned_of) {
    g_autofree char *same = customers_alike(TRUE), *mixed = customers_alike(FALSE);
    g_auto(KpiText) t = kpi_text(DEALS "kpis: {period: month}\n", "deals.csv", same, NULL);
    g_auto(KpiText) other = kpi_text(DEALS "kpis: {period: month}\n", "deals.csv", mixed, NULL);
    const PlCheck *c = kpi_check(&t, "deals_of_one_customer");
    /* by hand: sqrt(6 * 12 / 11 * 71 / 72) */
    cr_assert(c != NULL && fabs(c->value - 2.540579747724022) < 1e-12, "%.9g", c != NULL ? c->value : NAN);
    cr_assert_null(kpi_check(&other, "deals_of_one_customer"));
}

/* Ten reps who are alike: one of them stands out in at most 1 of 20 tables, however many are compared; and
 * one who needs half the time is found. */
static char *simulated(guint seed, double fast) {
    GString *csv = g_string_new("opportunity,opened,closed,outcome,rep\n");
    PlRng rng = pl_rng_stream(17, seed);
    PlDay first = pl_day_from_ymd(2023, 1, 1), as_of = pl_day_from_ymd(2023, 12, 31);
    for (guint i = 0; i < 400; i++) {
        guint rep = i % 10;
        PlDay opened = first + (PlDay)(330 * pl_rng_uniform(&rng));
        double days = -60 * (rep == 0 ? fast : 1) * log(1 - pl_rng_uniform(&rng));
        gboolean won = pl_rng_uniform(&rng) < .4;
        PlDay closed = opened + (PlDay)days;
        g_autofree char *from = pl_day_format(opened, PL_TIME_DATE),
                        *to = pl_day_format(closed, PL_TIME_DATE);
        g_string_append_printf(csv, "%u,%s,%s,%s,r%u\n", i, from, closed > as_of ? "" : to,
                               closed > as_of ? "open"
                               : won          ? "won"
                                              : "lost",
                               rep);
    }
    return g_string_free(csv, FALSE);
}

Test(kpi_cycle_deals, reps_who_are_alike_seldom_stand_out) {
    enum { TABLES = 200 };
    guint false_ones = 0, wins = 0, found = 0;
    for (guint s = 0; s < TABLES; s++) {
        g_autofree char *csv = simulated(s, 1), *one = simulated(s, .4);
        g_auto(KpiText) t = kpi_text(DEALS "kpis: {as_of: 2023-12-31}\n", "deals.csv", csv, NULL);
        g_auto(KpiText) fast = kpi_text(DEALS "kpis: {as_of: 2023-12-31}\n", "deals.csv", one, NULL);
        gboolean any = FALSE, any_win = FALSE;
        for (guint r = 0; r < 10; r++) {
            g_autofree char *rep = g_strdup_printf("r%u", r);
            any = any || kpi_find(&t, "sales_cycle", "closing_rate_against_rest", rep)->verdict != NULL;
            any_win = any_win || kpi_find(&t, "sales_cycle", "win_rate_against_rest", rep)->verdict != NULL;
        }
        false_ones += any;
        wins += any_win;
        found += g_strcmp0(kpi_find(&fast, "sales_cycle", "closing_rate_against_rest", "r0")->verdict,
                           "faster") == 0;
    }
    cr_assert(false_ones <= TABLES / 10 && wins <= TABLES / 10, "%u, %u of %d", false_ones, wins, TABLES);
    cr_assert(found > .9 * TABLES, "%u of %d", found, TABLES);
}

/* Twelve reps who are alike, of eight customers each, who have twenty deals each and differ by 1 on the
 * logit: with deals as the unit somebody would be called different in 50 of 60 tables. */
static char *of_customers(guint seed) {
    GString *csv = g_string_new("opportunity,opened,closed,outcome,rep,customer\n");
    PlRng rng = pl_rng_stream(23, seed);
    for (guint c = 0; c < 96; c++) {
        double rate = 1 / (1 + exp(.4 - pl_rng_normal(&rng)));
        for (guint i = 0; i < 20; i++)
            g_string_append_printf(csv, "%u,2023-01-01,2023-03-%02u,%s,r%u,c%u\n", 20 * c + i, 1 + i,
                                   pl_rng_uniform(&rng) < rate ? "won" : "lost", c / 8, c);
    }
    return g_string_free(csv, FALSE);
}

Test(kpi_cycle_deals, win_rates_of_alike_reps_have_the_customer_as_the_unit) {
    enum { TABLES = 100, REPS = 12 };
    guint named = 0, held = 0;
    for (guint s = 0; s < TABLES; s++) {
        g_autofree char *csv = of_customers(s);
        g_auto(KpiText) t = kpi_text(DEALS "kpis: {as_of: 2023-12-31}\n", "deals.csv", csv, NULL);
        gboolean any = FALSE;
        for (guint r = 0; r < REPS; r++) {
            g_autofree char *rep = g_strdup_printf("r%u", r);
            const PlFinding *rate = kpi_find(&t, "sales_cycle", "win_rate", rep);
            any = any || kpi_find(&t, "sales_cycle", "win_rate_against_rest", rep)->verdict != NULL;
            /* the mean of the rates over customers, by numerical integration */
            held += rate->conf_low <= .418012 && rate->conf_high >= .418012;
        }
        named += any;
    }
    cr_assert(named <= TABLES / 10, "%u of %d", named, TABLES);
    cr_assert(held >= .92 * TABLES * REPS, "%u of %d", held, TABLES * REPS);
}

/* Wilson of 3 of 4 where each customer has one closed deal; by customer where one has two. */
Test(kpi_cycle_deals, customers_of_a_single_deal_are_no_clusters) {
    static const char *const tables[] = {"opportunity,opened,closed,outcome,customer\n"
                                         "1,2024-01-01,2024-01-11,won,a\n2,2024-01-01,2024-01-11,won,b\n"
                                         "3,2024-01-01,2024-01-11,won,c\n4,2024-01-01,2024-01-11,lost,d\n",
                                         "opportunity,opened,closed,outcome,customer\n"
                                         "1,2024-01-01,2024-01-11,won,a\n2,2024-01-01,2024-01-11,won,a\n"
                                         "3,2024-01-01,2024-01-11,won,\n4,2024-01-01,2024-01-11,lost,d\n",
                                         "opportunity,opened,closed,outcome,customer\n"
                                         "1,2024-01-01,2024-01-11,won,a\n2,2024-01-01,2024-01-11,lost,a\n"};
    g_auto(KpiText) single = kpi_text(DEALS "kpis: {as_of: 2024-04-01}\n", "deals.csv", tables[0], NULL),
                    several = kpi_text(DEALS "kpis: {as_of: 2024-04-01}\n", "deals.csv", tables[1], NULL),
                    one = kpi_text(DEALS "kpis: {as_of: 2024-04-01}\n", "deals.csv", tables[2], NULL);
    const PlFinding *f = kpi_find(&single, "sales_cycle", "win_rate", NULL);
    cr_assert(fabs(f->conf_low - .30064) < 1e-4 && fabs(f->conf_high - .95441) < 1e-4, "%.6f %.6f",
              f->conf_low, f->conf_high);
    f = kpi_find(&several, "sales_cycle", "win_rate", NULL);
    cr_assert(f->value == .75 && f->conf_low < .2, "%.6f", f->conf_low);
    f = kpi_find(&one, "sales_cycle", "win_rate", NULL);
    cr_assert(f->value == .5 && isnan(f->conf_low) && f->reason != NULL);
}

static const PlCurve *curve_of(const KpiText *t, const char *rep) {
    const PlSection *s = kpi_section(t, "sales_cycle");
    for (guint i = 0; i < s->curves->len; i++) {
        const PlCurve *c = g_ptr_array_index(s->curves, i);
        if (g_str_equal(c->name, "cycle_survival") && g_strcmp0(c->group, rep) == 0)
            return c;
    }
    return NULL;
}

/* Of ten reps r99, who stands out, is drawn before others who have as many deals; four are not. */
Test(kpi_cycle_deals, those_who_stand_out_are_drawn_first) {
    g_autofree char *csv = simulated(1, .4);
    g_auto(GStrv) parts = g_strsplit(csv, ",r0\n", -1);
    g_autofree char *last = g_strjoinv(",r99\n", parts);
    g_auto(KpiText) t = kpi_text(DEALS "kpis: {as_of: 2023-12-31}\n", "deals.csv", last, NULL);
    guint drawn = 0, told = 0;
    for (guint r = 1; r < 10; r++) {
        g_autofree char *rep = g_strdup_printf("r%u", r);
        const PlCurve *c = curve_of(&t, rep);
        drawn += c != NULL;
        told += c != NULL ? c->not_drawn : 0;
    }
    cr_assert_not_null(curve_of(&t, "r99"));
    cr_assert(drawn == 5 && told == 4, "%u, %u", drawn, told);
}
