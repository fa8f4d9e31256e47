/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "program.h"

#include <jansson.h>
#include <math.h>

/* What is built into the company of experiments/field-sales, found again by the KPIs of its report. */

typedef struct {
    char *folder;
    json_t *truth, *rows; /* truth.json; the kpis of result.json */
    json_t *result;
} Study;

static json_t *json_of(const char *folder, const char *name) {
    g_autofree char *text = read_file(folder, name);
    json_t *root = json_loads(text, 0, NULL);
    cr_assert_not_null(root, "%s/%s is not JSON", folder, name);
    return root;
}

static Study study_new(void) {
    Study s = {.folder = temp_folder_new()};
    g_autofree char *report = in(s.folder, "report");
    g_auto(Outcome) kpi =
        run_program("kpi", "experiments/field-sales/field-sales.yaml", "--no-charts", "-o", report);
    cr_assert(eq(int, kpi.status, 0), "%s", kpi.err);
    s.result = json_of(report, "result.json");
    s.rows = json_object_get(s.result, "kpis");
    s.truth = json_of("experiments/field-sales", "truth.json");
    return s;
}

static void study_clear(Study *s) {
    json_decref(s->result);
    json_decref(s->truth);
    temp_folder_remove(s->folder);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Study, study_clear)

static double real(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static const char *word(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static json_t *at(const Study *s, const char *part, const char *list) {
    json_t *value = json_object_get(json_object_get(s->truth, part), list);
    cr_assert_not_null(value, "no %s of %s in truth.json", list, part);
    return value;
}

/* Whether a row is of exactly these roles: "rep", NULL or "region", "product". */
static gboolean is_by(const json_t *row, const char *kpi, const char *measure, const char *role,
                      const char *other) {
    const json_t *group = json_object_get(row, "group");
    return g_str_equal(word(row, "kpi"), kpi) && g_str_equal(word(row, "measure"), measure) &&
           json_object_size(group) == (size_t)(role != NULL) + (other != NULL) &&
           (!role || json_object_get(group, role)) && (!other || json_object_get(group, other));
}

static const char *of(const json_t *row, const char *role) {
    return word(json_object_get(row, "group"), role);
}

/* Its row of one group, NULL for `role`: of all; the first one, which is the latest. */
static const json_t *row_of(const Study *s, const char *kpi, const char *measure, const char *role,
                            const char *level) {
    size_t i;
    const json_t *row;
    json_array_foreach(s->rows, i, row) {
        if (is_by(row, kpi, measure, role, NULL) && (!role || g_str_equal(of(row, role), level)))
            return row;
    }
    cr_assert(0, "no %s of %s", measure, role ? level : "all");
    return NULL;
}

static gboolean is_told(const json_t *row) {
    return real(row, "p_adjusted") < 0.05;
}

static gboolean holds(const json_t *row, double truth) {
    return real(row, "conf_low") <= truth && truth <= real(row, "conf_high");
}

Test(kpi_company, volume_finds_what_a_region_likes) {
    g_auto(Study) s = study_new();
    size_t i, j;
    json_t *truth;
    const json_t *row;
    int found = 0;
    json_array_foreach(at(&s, "sales", "product_index"), i, truth) {
        const double taste = real(truth, "taste");
        json_array_foreach(s.rows, j, row) {
            if (!is_by(row, "sales_volume", "product_index", "region", "product") ||
                !g_str_equal(of(row, "region"), word(truth, "region")) ||
                !g_str_equal(of(row, "product"), word(truth, "product")))
                continue;
            /* of the last year; the truth is counted over both */
            cr_expect(epsilon_eq(dbl, real(row, "value"), real(truth, "index"), 0.05));
            if (taste == 1)
                continue;
            cr_expect(is_told(row) && (real(row, "value") > 1) == (taste > 1), "%s in %s",
                      word(truth, "product"), word(truth, "region"));
            found++;
        }
    }
    cr_expect(eq(int, found, 6));
}

Test(kpi_company, prices_find_elasticities_and_the_competitor_who_undercuts) {
    g_auto(Study) s = study_new();
    size_t i;
    json_t *truth;
    const json_t *row;
    int undercut = 0;
    json_array_foreach(at(&s, "prices", "elasticities"), i, truth) {
        row = row_of(&s, "competitive_price", "elasticity", "product", word(truth, "product"));
        cr_expect(holds(row, real(truth, "elasticity")), "%s: %g to %g", word(truth, "product"),
                  real(row, "conf_low"), real(row, "conf_high"));
    }
    json_array_foreach(at(&s, "prices", "price_never_changes"), i, truth) {
        row = row_of(&s, "competitive_price", "elasticity", "product", json_string_value(truth));
        cr_expect(isnan(real(row, "value")));
        cr_expect_str_neq(word(row, "reason"), "");
    }
    json_array_foreach(s.rows, i, row) {
        if (!is_by(row, "competitive_price", "match_price", "product", "competitor"))
            continue;
        cr_expect_str_eq(of(row, "competitor"), "Rival");
        const char *product = of(row, "product");
        cr_expect(eq(int, strcmp(product, "coffee") == 0 || strcmp(product, "nuts") == 0, 1), "%s", product);
        undercut++;
    }
    cr_expect(eq(int, undercut, 2));
}

Test(kpi_company, upsell_finds_who_sells_up_and_what_goes_together) {
    g_auto(Study) s = study_new();
    size_t i, j;
    json_t *truth;
    const json_t *row;
    int together = 0;
    json_array_foreach(at(&s, "upsell", "reps"), i, truth) {
        row = row_of(&s, "upsell", "upsell_rate", "rep", word(truth, "rep"));
        cr_expect(epsilon_eq(dbl, real(row, "value"),
                             real(truth, "orders_with_upsell") / real(truth, "orders"), 1e-12));
        row = row_of(&s, "upsell", "cross_sell_rate", "rep", word(truth, "rep"));
        cr_expect(epsilon_eq(dbl, real(row, "value"),
                             real(truth, "orders_with_cross_sell") / real(truth, "orders"), 1e-12));
    }
    const char *best = word(json_object_get(s.truth, "upsell"), "rep_who_sells_up"),
               *channel = word(json_object_get(s.truth, "upsell"), "channel_that_sells_up");
    const json_t *all = row_of(&s, "upsell", "upsell_rate", NULL, NULL),
                 *rep = row_of(&s, "upsell", "upsell_rate", "rep", best),
                 *by = row_of(&s, "upsell", "upsell_rate", "channel", channel);
    cr_expect(is_told(rep) && real(rep, "value") > real(all, "value"));
    cr_expect(is_told(by) && real(by, "value") > real(all, "value"));
    json_array_foreach(s.rows, i, row) {
        if (!is_by(row, "upsell", "pair_lift", "product", "with") || !is_told(row))
            continue;
        gboolean known = FALSE;
        json_array_foreach(at(&s, "upsell", "bought_together"), j, truth) {
            const char *a = word(truth, "product"), *b = word(truth, "with");
            if ((g_str_equal(of(row, "product"), a) && g_str_equal(of(row, "with"), b)) ||
                (g_str_equal(of(row, "product"), b) && g_str_equal(of(row, "with"), a)))
                known = holds(row, real(truth, "lift"));
        }
        cr_expect(known, "%s with %s", of(row, "product"), of(row, "with"));
        together++;
    }
    cr_expect(eq(int, together, 2));
}

/* The levels of a role that a measure tells apart from the others and whose value is above `from`. */
static char *told_above(const Study *s, const char *kpi, const char *measure, const char *role, double from) {
    GString *names = g_string_new(NULL);
    size_t i;
    const json_t *row;
    json_array_foreach(s->rows, i, row) {
        if (is_by(row, kpi, measure, role, NULL) && is_told(row) && real(row, "value") > from)
            g_string_append_printf(names, "%s%s", names->len ? " " : "", of(row, role));
    }
    return g_string_free(names, FALSE);
}

Test(kpi_company, the_sales_cycle_finds_who_closes_fast_and_loses_customers) {
    g_auto(Study) s = study_new();
    g_autofree char *fast = told_above(&s, "sales_cycle", "closing_rate_against_rest", "rep", 0),
                    *lose = told_above(&s, "sales_cycle", "churn_against_rest", "rep", 0),
                    *win = told_above(&s, "sales_cycle", "win_rate_against_rest", "rep", 0);
    const json_t *truth_of = json_object_get(s.truth, "sales_cycle");
    const char *named = word(truth_of, "rep_who_closes_fast_and_loses_customers");
    cr_expect_str_eq(fast, named);
    cr_expect_str_eq(lose, named);
    cr_expect_str_eq(win, word(truth_of, "rep_who_wins_most"));
    const json_t *least =
        row_of(&s, "sales_cycle", "win_rate_against_rest", "rep", word(truth_of, "rep_who_wins_least"));
    cr_expect(is_told(least) && real(least, "value") < 0);
    size_t i;
    json_t *truth;
    int open = 0, held[3] = {0};
    json_array_foreach(at(&s, "sales_cycle", "reps"), i, truth) {
        const char *rep = word(truth, "rep");
        const json_t *rate = row_of(&s, "sales_cycle", "win_rate", "rep", rep);
        cr_expect(epsilon_eq(dbl, real(rate, "value"),
                             real(truth, "won") / (real(truth, "won") + real(truth, "lost")), 1e-12));
        held[0] += holds(rate, real(truth, "win_rate"));
        held[1] +=
            holds(row_of(&s, "sales_cycle", "churn_6_months", "rep", rep), real(truth, "churn_6_months"));
        held[2] +=
            holds(row_of(&s, "sales_cycle", "churn_9_months", "rep", rep), real(truth, "churn_9_months"));
        open += (int)real(truth, "open");
    }
    for (int k = 0; k < 3; k++) /* an interval may miss, one in twenty; three of sixteen would be rare */
        cr_expect(ge(int, held[k], 14), "%d: %d of 16", k, held[k]);
    cr_expect(eq(int, (int)real(row_of(&s, "sales_cycle", "open_deals", NULL, NULL), "value"), open));
}

Test(kpi_company, engagement_finds_the_best_gap_and_who_neglects_customers) {
    g_auto(Study) s = study_new();
    const json_t *truth_of = json_object_get(s.truth, "engagement"), *row;
    const char *neglects = word(truth_of, "rep_who_neglects"), *most = word(truth_of, "rep_who_solves_most"),
               *least = word(truth_of, "rep_who_solves_least");
    g_autofree char *overdue = told_above(&s, "engagement", "overdue_share", "rep", 0),
                    *longest = told_above(&s, "engagement", "gap_days", "rep", 100),
                    *seldom = told_above(&s, "engagement", "interactions_per_customer_year", "rep", 0),
                    *solves = told_above(&s, "engagement", "solved_share", "rep", 0.7);
    cr_expect_str_eq(overdue, neglects);
    cr_expect_str_eq(longest, neglects);
    cr_expect_str_eq(seldom, neglects);
    cr_expect_str_eq(solves, most);
    row = row_of(&s, "engagement", "solved_share", "rep", least);
    cr_expect(is_told(row) && real(row, "value") < 0.5);
    size_t i;
    json_t *truth;
    double best = 0;
    const char *gap = "";
    json_array_foreach(at(&s, "engagement", "reps"), i, truth) {
        row = row_of(&s, "engagement", "solved_share", "rep", word(truth, "rep"));
        cr_expect(
            epsilon_eq(dbl, real(row, "value"), real(truth, "solved") / real(truth, "contacts"), 1e-12));
    }
    json_array_foreach(s.rows, i, row) {
        if (is_by(row, "engagement", "retention_by_gap", "gap", NULL) && real(row, "value") > best)
            best = real(row, "value"), gap = of(row, "gap");
    }
    cr_expect(eq(dbl, real(truth_of, "best_gap_days"), 90));
    cr_expect_str_eq(gap, "every 3 months");
    cr_expect(is_told(row_of(&s, "engagement", "retention_by_gap", "gap", gap)));
}

Test(kpi_company, satisfaction_finds_what_drives_it_and_hides_the_small_team) {
    g_auto(Study) s = study_new();
    const json_t *truth_of = json_object_get(s.truth, "satisfaction"), *row;
    const char *tired = word(truth_of, "burnout_team"), *small = word(truth_of, "small_team");
    g_autofree char *drivers = told_above(&s, "satisfaction", "driver", "question", 0);
    cr_expect_str_eq(drivers, "recognition energy");
    row = row_of(&s, "satisfaction", "score_slope", "team", tired);
    cr_expect(is_told(row) && real(row, "value") < 0);
    size_t i;
    json_array_foreach(s.rows, i, row) {
        const char *team = of(row, "team");
        cr_expect(ne(int, strcmp(team, small), 0), "%s is shown", small);
        if (is_by(row, "satisfaction", "score_slope", "team", NULL) && strcmp(team, tired) != 0)
            cr_expect(eq(int, is_told(row), 0), "%s", team);
    }
    const double most = real(row_of(&s, "satisfaction", "driver", "question", "recognition"), "value");
    cr_expect(gt(dbl, most, real(row_of(&s, "satisfaction", "driver", "question", "energy"), "value")));
}
