/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment.h"

#include "pairlift/stats/student.h"

/* Reference values: tests/reference/groups.R. */
static const char *const arms[] = {"none", "none", "none", "none", "ad",   "ad",   "ad",
                                   "ad",   "cut",  "cut",  "cut",  "both", "both", "both"};
static const char markets[] = "NNSSNSSNNSNNSN";
static const double before[] = {100, 80, 120, 90, 110, 95, 130, 70, 105, 85, 115, 99, 88, 104};
static const double during[] = {104, 79, 118, 93, 121, 99, 141, 77, 120, 92, 133, 150, 118, 149};

static PlResult *run_text(const char *yaml, const char *name, const char *table, const char *csv,
                          GError **error) {
    char *folder = temp_folder_new();
    g_autofree char *a = temp_folder_write(folder, name, table),
                    *b = temp_folder_write(folder, "sales.csv", csv),
                    *path = temp_folder_write(folder, "test.yaml", yaml);
    pl_stats_init();
    PlResult *result = NULL;
    g_autoptr(GPtrArray) inputs = NULL;
    g_autoptr(PlPanel) panel = NULL;
    g_autoptr(PlDefinition) def = pl_definition_load(path, error);
    if (def && pl_pairs_load(def, NULL, error))
        panel = pl_load_sales(def, NULL, NULL, &inputs, error);
    if (panel)
        result = pl_run(def, panel, NULL, TRUE, 1, (PlStepper){0}, error);
    temp_folder_remove(folder);
    return result;
}

#define TREATMENTS "treatments: [{name: ad}, {name: cut}, {name: both, combines: [ad, cut]}]\n"
#define PERIODS                                                                                              \
    "metrics: [{name: revenue, sum: revenue}]\n"                                                             \
    "periods: {before: {from: 1, to: 1}, during: {from: 2, to: 2}}\n"

static PlResult *run_groups(guint stores, gboolean blocks, const char *treatments) {
    g_autoptr(GString) table = g_string_new("store,arm,market\n"),
                       sales = g_string_new("store,date,revenue\n");
    g_autoptr(GError) error = NULL;
    for (guint i = 0; i < stores; i++) {
        g_string_append_printf(table, "S%02u,%s,%c\n", i + 1, arms[i], markets[i]);
        g_string_append_printf(sales, "S%02u,1,%g\nS%02u,2,%g\n", i + 1, before[i], i + 1, during[i]);
    }
    g_autofree char *yaml =
        g_strdup_printf(HEAD PERIODS "%sassignment: {file: stores.csv, group: arm, control: none%s}\n",
                        treatments, blocks ? ", block: market" : "");
    PlResult *r = run_text(yaml, "stores.csv", table->str, sales->str, &error);
    cr_assert_not_null(r, "%s", error ? error->message : "");
    return r;
}

static const PlFinding *find(const PlResult *r, const char *section, const char *measure, const char *group) {
    const PlSection *s = pl_result_section(r, section);
    cr_assert_not_null(s, "no section %s", section);
    for (guint i = 0; i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        if (g_str_equal(f->measure, measure) && g_strcmp0(f->group, group) == 0)
            return f;
    }
    cr_assert(0, "no %s of %s", measure, group);
    return NULL;
}

/* value on the log scale, standard error, p. The t's degrees of freedom are in p. */
static void expect_close(const PlFinding *f, double value, double error, double p) {
    cr_expect(fabs(log1p(f->value) - value) < 1e-10 * fabs(value), "%s: %.17g", f->group, log1p(f->value));
    cr_expect(fabs(f->std_error - error) < 1e-10 * error, "%s: %.17g", f->group, f->std_error);
    cr_expect(fabs(f->p_value - p) < 1e-9 * p, "%s: %.17g", f->group, f->p_value);
    gboolean rejects = f->p_value <= 0.05, excludes = f->conf_low > 0 || f->conf_high < 0;
    cr_expect(eq(int, rejects, excludes), "p and interval agree");
}

Test(ranking, groups_are_compared_by_welch) {
    g_autoptr(PlResult) r = run_groups(11, FALSE, "");
    const PlFinding *f = find(r, "ranking", "difference", "cut against ad"),
                    *cut = find(r, "ranking", "probability_best", "cut"),
                    *ad = find(r, "ranking", "probability_best", "ad");
    expect_close(f, 0.041089714830928853, 0.024075905907860372, 0.172821779561032257);
    cr_expect(fabs(cut->value + ad->value - 1) < 1e-9);
    /* two treatments: Student's distribution, with the fewer degrees of freedom, 3.916 */
    double want = pl_student_tail(-0.041089714830928853 / 0.024075905907860372, 3.916394711540054363);
    cr_expect(fabs(cut->value - want) < 0.02, "%g, not %g", cut->value, want);
    cr_expect(eq(str, ((PlFinding *)g_ptr_array_index(pl_result_section(r, "ranking")->findings, 0))->group,
                 (char *)"cut"));
}

static const char *first_sentence(const PlResult *r) {
    return g_ptr_array_index(pl_result_section(r, "ranking")->sentences, 0);
}

/* "Best" is of the metric that decides, and not said where the lead may be chance. */
Test(ranking, says_of_what_it_is_the_best) {
    g_autoptr(PlResult) open = run_groups(11, FALSE, "");
    cr_expect_not_null(strstr(first_sentence(open),
                              "Cannot tell which of the 2 treatments has the best effect "
                              "on revenue: cut leads"));
    cr_expect_null(find(open, "ranking", "probability_best", "cut")->verdict);
    g_autoptr(PlResult) sure = run_groups(11, FALSE, "analysis: {confidence: 0.8}\n");
    cr_expect_not_null(
        strstr(first_sentence(sure), "cut has the best effect on revenue of the 2 treatments"));
    cr_expect_str_eq(find(sure, "ranking", "probability_best", "cut")->verdict, "best");
}

/* Each alone is below 2 %, none after Holm: no section may be surer than the verdict. */
Test(ranking, no_section_is_surer_than_the_adjusted_verdict) {
    g_autoptr(GString) table = g_string_new("store,arm\n"), csv = g_string_new("store,date,units,revenue\n");
    g_autoptr(GError) error = NULL;
    for (guint i = 0; i < 11; i++) {
        g_string_append_printf(table, "S%02u,%s\n", i + 1, arms[i]);
        g_string_append_printf(csv, "S%02u,1,%g,%g\nS%02u,2,%g,%g\n", i + 1, before[i] / 2, before[i], i + 1,
                               during[i] / 2, during[i]);
    }
    g_autoptr(PlResult) r =
        run_text(HEAD PERIODS "assignment: {file: stores.csv, group: arm, control: none}\n"
                              "analysis: {confidence: 0.98}\n",
                 "stores.csv", table->str, csv->str, &error);
    cr_assert_not_null(r, "%s", error ? error->message : "");
    const PlSection *why = pl_result_section(r, "decomposition");
    for (guint i = 0; i < 2; i++) {
        cr_expect(eq(int, ((PlVerdict *)g_ptr_array_index(r->verdicts, i))->kind, PL_INCONCLUSIVE));
        const char *said = g_ptr_array_index(why->sentences, i);
        cr_expect_not_null(strstr(said, "once adjusted for the other treatments it may be chance"), "%s",
                           said);
    }
    const GPtrArray *ranks = pl_result_section(r, "ranking")->sentences;
    cr_expect_str_eq(g_ptr_array_index(ranks, ranks->len - 1),
                     "But cut itself is not shown to do better than the control stores.");
}

/* The best effect need not earn most. */
Test(ranking, money_may_rank_otherwise) {
    static const char costs[] = "economics: {margin: 0.3}\n"
                                "treatments: [{name: ad}, {name: cut, fixed_cost: 1000}]\n";
    g_autoptr(PlResult) r = run_groups(11, FALSE, costs);
    g_autoptr(PlResult) same = run_groups(11, FALSE, "economics: {margin: 0.3}\n");
    const GPtrArray *said = pl_result_section(r, "ranking")->sentences;
    cr_assert(eq(u32, said->len, pl_result_section(same, "ranking")->sentences->len + 1));
    cr_expect_not_null(strstr(g_ptr_array_index(said, said->len - 1), "net profit is highest with ad ("));
}

Test(ranking, groups_in_blocks_are_compared_within_them) {
    g_autoptr(PlResult) r = run_groups(11, TRUE, "");
    expect_close(find(r, "ranking", "difference", "cut against ad"), 0.036112828731901372,
                 0.014970061637910299, 0.070851298039783059);
}

Test(ranking, one_treatment_has_no_rank) {
    static const char csv[] = "store,date,revenue\nA,1,5\nA,3,6\nB,1,5\nB,3,6\n";
    g_autoptr(PlResult) r =
        run_ok(HEAD TAIL "pairs: [{test: A, control: B}]\nanalysis: {effect: absolute}\n", csv);
    cr_expect_null(pl_result_section(r, "ranking"));
    cr_expect_null(pl_result_section(r, "factorial"));
}

Test(factorial, of_groups) {
    g_autoptr(PlResult) plain = run_groups(14, FALSE, TREATMENTS), blocked = run_groups(14, TRUE, TREATMENTS);
    expect_close(find(plain, "factorial", "mean_effect", "ad"), 0.15219683994510844, 0.022599618735707587,
                 8.9315663847733384e-05);
    expect_close(find(plain, "factorial", "mean_effect", "cut"), 0.19328655477603726, 0.022599618735707587,
                 1.3792414981198879e-05);
    expect_close(find(plain, "factorial", "interaction", "ad x cut"), 0.1691616185840901,
                 0.0451992374714151740, 0.0046906760697635877);
    expect_close(find(blocked, "factorial", "mean_effect", "ad"), 0.15219683994510844, 0.016769623171042088,
                 1.5767970688486337e-05);
    expect_close(find(blocked, "factorial", "mean_effect", "cut"), 0.18616545871696802, 0.017039806644626381,
                 6.1925723917814744e-06);
    expect_close(find(blocked, "factorial", "interaction", "ad x cut"), 0.16916161858409004,
                 0.033539246342084161, 0.00095163008485370758);
    const char *sentence = g_ptr_array_index(pl_result_section(plain, "factorial")->sentences, 0);
    cr_expect(strstr(sentence, "reinforce one another: together they do 18 % more than") != NULL, "%s",
              sentence);
}

/* Twelve pairs whose log effects are a, b and ab of the reference; `shared`: four controls serve all three.
 */
static PlResult *run_pairs(gboolean shared) {
    static const double effects[3][4] = {{.05, .08, .02, .06}, {.10, .07, .12, .09}, {.21, .15, .18, .19}};
    static const char *const names[] = {"ad", "cut", "both"};
    g_autoptr(GString) table = g_string_new("test,control,treatment\n"),
                       sales = g_string_new("store,date,revenue\n");
    g_autoptr(GError) error = NULL;
    for (guint t = 0; t < 3; t++)
        for (guint i = 0; i < 4; i++) {
            guint control = shared ? i : 4 * t + i;
            g_string_append_printf(table, "T%u%u,C%u,%s\n", t, i, control, names[t]);
            g_string_append_printf(sales, "T%u%u,1,100\nT%u%u,2,%.17g\n", t, i, t, i,
                                   100 * exp(effects[t][i]));
            if (t == 0 || !shared)
                g_string_append_printf(sales, "C%u,1,100\nC%u,2,100\n", control, control);
        }
    PlResult *r = run_text(HEAD PERIODS TREATMENTS "pairs_file: pairs.csv\n", "pairs.csv", table->str,
                           sales->str, &error);
    cr_assert_not_null(r, "%s", error ? error->message : "");
    return r;
}

Test(factorial, of_pairs_with_controls_of_their_own) {
    g_autoptr(PlResult) r = run_pairs(FALSE);
    expect_close(find(r, "factorial", "interaction", "ad x cut"), 0.035, 0.020514222708485283,
                 0.123043674494631133);
    expect_close(find(r, "factorial", "mean_effect", "ad"), 0.07, 0.010257111354242641,
                 8.6954068599821605e-05);
    const char *sentence = g_ptr_array_index(pl_result_section(r, "factorial")->sentences, 0);
    cr_expect_not_null(strstr(sentence, "No sign that"));
}

Test(factorial, of_pairs_that_share_their_controls) {
    g_autoptr(PlResult) r = run_pairs(TRUE);
    expect_close(find(r, "factorial", "interaction", "ad x cut"), 0.035, 0.012583057392117914,
                 0.068903508911957081);
    expect_close(find(r, "ranking", "difference", "cut against ad"), 0.0425, 0.022867371223353736,
                 0.160061112493831675);
}

Test(factorial, combines_must_name_two_treatments_given_alone) {
    static const struct {
        const char *combines, *says;
    } cases[] = {
        {"[ad, cutt]", "\"combines\": there is no treatment \"cutt\"\n  hint: did you mean \"cut\"?"},
        {"[ad, ad]", "\"combines\" names \"ad\" twice"},
        {"[ad, both]", "\"combines\": \"both\" is not a treatment of its own"},
        {"[ad]", "\"combines\" takes exactly 2 texts, not 1"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *yaml = g_strdup_printf(
            HEAD PERIODS "treatments: [{name: ad}, {name: cut}, {name: both, combines: %s}]\n",
            cases[i].combines);
        g_autofree char *message = run_fails(yaml, "store,date,revenue\nA,1,1\n", 3);
        cr_expect_not_null(strstr(message, cases[i].says), "%s", message);
    }
}
