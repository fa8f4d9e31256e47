/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/after.h"

#include "experiment.h"

/* Five pairs, days 1 to 6 in three periods of two; values by tests/reference/effect/after.R (R 4.2.2). */
static char *sales(int dip) {
    GString *csv = g_string_new("date,store,units\n");
    for (int d = 1; d <= 6; d++)
        for (int s = 0; s < 10; s++) {
            int u = 60 + (s * 7 + d * 5 + s * d * 3) % 13;
            u += s < 5 && (d == 3 || d == 4) ? 20 : 0;
            g_string_append_printf(csv, "%d,S%d,%d\n", d, s, u - (s < 5 && d > 4 ? dip : 0));
        }
    return g_string_free(csv, FALSE);
}

#define FIVE_PAIRS                                                                                           \
    "pairs: [{test: S0, control: S5}, {test: S1, control: S6}, {test: S2, control: S7}, {test: S3, "         \
    "control: S8}, {test: S4, control: S9}]\n"
#define METRICS "metrics: [{name: units, sum: units, label: Units sold}]\nanalysis: {methods: [paired_t]}\n"
#define PERIODS "periods: {before: {from: 1, to: 2}, during: {from: 3, to: 4}, after: {from: 5, to: 6}}\n"

static PlResult *run_dip(const char *more, int dip) {
    g_autofree char *csv = sales(dip), *yaml = g_strconcat(HEAD METRICS, more, NULL);
    return run_ok(yaml, csv);
}

static const PlFinding *find(PlResult *r, const char *measure, const char *period) {
    const PlSection *s = pl_result_section(r, "after");
    cr_assert_not_null(s);
    for (guint i = 0; i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        if (g_str_equal(f->measure, measure) && g_strcmp0(f->period, period) == 0)
            return f;
    }
    cr_assert(0, "no %s %s", measure, period);
    return NULL;
}

Test(after, dip_as_in_r) {
    static const struct {
        const char *period;
        double change, error;
    } expected[] = {{"during", 186.1887705, 25.51123612},
                    {"after", -121.002021, 14.53112839},
                    {"net", 65.18674947, 20.87485113}};
    g_autoptr(PlResult) r = run_dip(PERIODS FIVE_PAIRS, 8);
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
        const PlFinding *f = find(r, "change_units", expected[i].period);
        cr_assert(epsilon_eq(dbl, f->value, expected[i].change, 1e-6));
        cr_assert(epsilon_eq(dbl, f->std_error / expected[i].error, 1, 0.03));
        cr_assert(epsilon_eq(dbl, (f->conf_high - f->conf_low) / 2 / f->std_error, 2.776445, 1e-5));
    }
    const PlFinding *lift = find(r, "effect", "after"), *share = find(r, "lost_share_units", "after");
    cr_assert(epsilon_eq(dbl, lift->value, -0.1774397847, 1e-9));
    cr_assert(epsilon_eq(dbl, lift->conf_low, -0.2362454044, 1e-9));
    cr_assert(epsilon_eq(dbl, lift->p_value, 0.001861285684, 1e-9));
    cr_assert(epsilon_eq(dbl, share->value, 0.643997, 0.001));
    const char *said = g_ptr_array_index(pl_result_section(r, "after")->sentences, 0);
    cr_assert_not_null(strstr(said, "After test, units sold came to 121 less (95 % interval"), "%s", said);
    cr_assert_not_null(strstr(said, "was lost again"), "%s", said);
    cr_assert_not_null(strstr(said, "so a gain remains."), "%s", said);
}

/* A small dip is not claimed, and not denied. */
Test(after, cannot_tell) {
    g_autoptr(PlResult) r = run_dip(PERIODS FIVE_PAIRS, 0);
    const char *said = g_ptr_array_index(pl_result_section(r, "after")->sentences, 0);
    cr_assert_not_null(strstr(said, "no change included"), "%s", said);
    cr_assert_null(strstr(said, "lost again"), "%s", said);
}

Test(after, no_period_after) {
    g_autoptr(PlResult) silent =
        run_dip("periods: {before: {from: 1, to: 2}, during: {from: 3, to: 4}}\n" FIVE_PAIRS, 8);
    cr_assert_null(pl_result_section(silent, "after"));
    g_autoptr(PlResult) asked = run_dip("periods: {before: {from: 1, to: 2}, during: {from: 3, to: 4}}\n"
                                        "treatments: [{name: cut, kind: price}]\n" FIVE_PAIRS,
                                        8);
    const PlFinding *f = find(asked, "effect", "after");
    cr_assert(isnan(f->value));
    cr_assert_not_null(strstr(f->reason, "no period \"after\""));
}

Test(after, one_pair_and_no_before) {
    g_autoptr(PlResult) one = run_dip(PERIODS "pairs: [{test: S0, control: S5}]\n", 8);
    const PlFinding *f = find(one, "change_units", "net");
    cr_assert(isfinite(f->value) && isnan(f->conf_low));
    cr_assert_not_null(strstr(f->reason, "a single pair"));
    cr_assert_not_null(strstr(find(one, "lost_share_units", "after")->reason, "a single pair"));
    g_autoptr(PlResult) level =
        run_dip("periods: {during: {from: 3, to: 4}, after: {from: 5, to: 6}}\n" FIVE_PAIRS, 8);
    double test = 0;
    for (int s = 0; s < 10; s++)
        for (int d = 5; d <= 6; d++)
            test += (s < 5 ? 1 : -1) * (60 + (s * 7 + d * 5 + s * d * 3) % 13 - (s < 5 ? 8 : 0));
    cr_assert(epsilon_eq(dbl, find(level, "change_units", "after")->value, test, 1e-9));
}

/* The verdict and the rest stand; only the time after cannot be told. */
Test(effect_after, an_after_without_data_costs_no_verdict) {
    static const char csv[] = "store,date,revenue\nA,1,5\nA,2,5\nA,3,7\nA,4,7\nB,1,5\nB,2,5\nB,3,5\nB,4,5\n"
                              "C,1,5\nC,2,6\nC,3,8\nC,4,7\nD,1,5\nD,2,6\nD,3,5\nD,4,6\n";
    g_autoptr(PlResult) r =
        run_ok(HEAD "metrics: [{name: revenue, sum: revenue}]\n"
                    "periods: {before: {from: 1, to: 2}, during: {from: 3, to: 4}, after: {from: 5, to: 6}}\n"
                    "pairs: [{test: A, control: B}, {test: C, control: D}]\n",
               csv);
    cr_assert(eq(u32, r->verdicts->len, 1));
    cr_assert(eq(int, check_of(r, "after")->status, PL_WARN));
    const PlSection *s = pl_result_section(r, "after");
    cr_assert_not_null(s);
    const PlFinding *f = g_ptr_array_index(s->findings, 0);
    cr_assert(isnan(f->value));
    cr_assert_not_null(strstr(f->reason, "nothing in the period"), "%s", f->reason);
}
