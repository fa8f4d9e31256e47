/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/charts.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <glib/gstdio.h>

#include "chart_fixture.h"
#include "drawn.h"
#include "pairlift/report/chart_text.h"
#include "pairlift/report/gnuplot.h"

#define PLAIN "revenue"

TestSuite(charts, DRAWN);

Test(charts, all_four_are_drawn) {
    g_autoptr(PlResult) result =
        make_result(PL_EFFECT_RELATIVE, PLAIN, "coupon", "With coupon, revenue rose by 3.1 %");
    draw(result);
    static const char *const names[] = {"test_vs_control", "pair_effects", "before_during", "methods"};
    cr_assert(eq(u32, result->charts->len, G_N_ELEMENTS(names)));
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        const PlChart *chart = g_ptr_array_index(result->charts, i);
        cr_expect(eq(str, chart->name, (char *)names[i]));
        g_autofree char *files = g_strjoinv(" ", chart->files);
        g_autofree char *want = g_strdup_printf("charts/%s.svg charts/%s.png charts/%s.gp charts/%s.tsv",
                                                names[i], names[i], names[i], names[i]);
        cr_expect(eq(str, files, want));
        g_autofree char *svg_file = g_strconcat(names[i], ".svg", NULL), *svg = read_chart(svg_file);
        expect_within(svg, "viewBox=\"0 0 1280 720\"");
        expect_within(svg, "font-family=\"DejaVu Sans\" font-weight=\"bold\"");
        expect_within(svg, chart->title);
    }
    /* once more with the same result: the list is made anew */
    draw(result);
    cr_expect(eq(u32, result->charts->len, G_N_ELEMENTS(names)));
}

Test(charts, nothing_to_draw) {
    g_autoptr(PlResult) result = pl_result_new();
    gboolean missing = TRUE;
    g_autoptr(GError) error = NULL;
    result->primary = g_strdup(PLAIN);
    cr_assert(pl_charts_write(result, folder, &error));
    cr_assert(pl_charts_draw(result, folder, &missing, &error));
    cr_expect(eq(u32, result->charts->len, 0));
}

/* Every shape of result that changes the layout must draw: gnuplot fails on a faulty template. */
Test(charts, shapes) {
    static const struct {
        guint pairs;
        PlScale scale;
        PlTimeKind kind;
        double spread, low, high;
        gboolean before;
    } cases[] = {
        {1, PL_EFFECT_RELATIVE, PL_TIME_DATE, 0, NAN, NAN, TRUE},
        {4, PL_EFFECT_ABSOLUTE, PL_TIME_NUMBER, 5e6, -1e6, 1e7, TRUE},
        {32, PL_EFFECT_RELATIVE, PL_TIME_DATE, 0.1, 0.01, INFINITY, FALSE},
        {40, PL_EFFECT_RELATIVE, PL_TIME_NUMBER, 1e-7, -1, 0.01, TRUE},
        {400, PL_EFFECT_RELATIVE, PL_TIME_DATE, 900, NAN, 30, TRUE},
        {400, PL_EFFECT_ABSOLUTE, PL_TIME_DATE, 0, -1e-9, 1e-9, TRUE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PlResult) result = make_result(cases[i].scale, PLAIN, "coupon", "h");
        g_ptr_array_set_size(result->pairs, 0);
        g_ptr_array_set_size(result->estimates, 0);
        result->before.given = cases[i].before;
        result->time_kind = cases[i].kind;
        for (guint k = 0; k < cases[i].pairs; k++) {
            g_autofree char *name = g_strdup_printf("S%u / C%u", k, k);
            add_pair(result, "coupon", name, cases[i].spread * k / cases[i].pairs);
        }
        PlEstimate *row = add_estimate(result, "coupon", "paired_t", 0, cases[i].low, cases[i].high);
        row->deciding = TRUE;
        row->p_adjusted = NAN;
        add_estimate(result, "coupon", "tbr", NAN, NAN, NAN)->reason = g_strdup("why");
        draw(result);
        cr_expect(eq(u32, result->charts->len, cases[i].before ? 4 : 3));
    }
}

Test(charts, treatments_get_names_of_their_own) {
    g_autoptr(PlResult) result = make_result(PL_EFFECT_RELATIVE, PLAIN, "a b,a_b,A/B,../../x", "h");
    draw(result);
    static const char *const suffixes[] = {"-a_b", "-a_b-2", "-A_B-3", "-______x"};
    cr_assert(eq(u32, result->charts->len, 16));
    for (guint i = 0; i < 16; i++) {
        const PlChart *chart = g_ptr_array_index(result->charts, i);
        if (!g_str_has_suffix(chart->name, suffixes[i / 4]))
            cr_fail("%s does not end in %s", chart->name, suffixes[i / 4]);
    }
}

/* A chart of all treatments is named after none of them. */
Test(charts, one_ranking_of_all_treatments) {
    g_autoptr(PlResult) result = make_result(PL_EFFECT_RELATIVE, PLAIN, "a,b", "h");
    PlSection *section = pl_result_add_section(result, "ranking", "Which treatment was best");
    static const char *const names[] = {"a", "b"};
    for (guint i = 0; i < 2; i++) {
        PlFinding *f = pl_section_add(section, NULL, "effect", "Effect", PL_AMOUNT_LIFT);
        f->group = g_strdup(names[i]);
        f->value = 0.1 - 0.05 * i;
        f->conf_low = 0.02;
        f->conf_high = 0.2;
        f->conf_level = 0.95;
    }
    pl_section_say(section, "Cannot tell which of the 2 treatments is best.");
    draw(result);
    guint n = 0;
    for (guint i = 0; i < result->charts->len; i++) {
        const PlChart *chart = g_ptr_array_index(result->charts, i);
        n += g_str_equal(chart->name, "ranking") ? 1 : 0;
        gboolean of_one = g_str_has_prefix(chart->name, "ranking-");
        cr_expect(eq(int, of_one, FALSE), "%s", chart->name);
    }
    cr_expect(eq(u32, n, 1));
}

Test(charts, hostile_names_come_through_literally) {
    const char *harmful = "it's `touch PWNED` $(id) @x %d \\n";
    g_autoptr(PlResult) result = make_result(PL_EFFECT_RELATIVE, harmful, harmful, harmful);
    g_free(result->unit);
    result->unit = g_strdup(harmful);
    for (gsize i = 0; i < G_N_ELEMENTS(hostile); i++) {
        add_pair(result, harmful, hostile[i], 0.01 * (double)i);
        add_estimate(result, harmful, hostile[i], NAN, NAN, NAN)->reason = g_strdup(hostile[i]);
    }
    g_autofree char *long_name = g_strnfill(300, 'w');
    add_pair(result, harmful, long_name, 0.5);
    draw(result);
    g_autofree char *pairs = read_chart("pair_effects.svg"), *methods = read_chart("methods.svg");
    g_autofree char *course = read_chart("test_vs_control.svg");
    for (gsize i = 0; i < G_N_ELEMENTS(hostile); i++) {
        g_autofree char *in_pairs = as_svg(hostile[i], 24), *in_methods = as_svg(hostile[i], 20);
        g_autofree char *pair_text = g_strdup_printf(">%s<", in_pairs);
        g_autofree char *method_text = g_strdup_printf(">%s<", in_methods);
        expect_within(pairs, pair_text);
        expect_within(methods, method_text);
    }
    g_autofree char *headline = as_svg(harmful, 120), *shortened = as_svg(long_name, 24);
    expect_within(course, headline);
    expect_within(pairs, shortened);
    g_autofree char *trace = g_build_filename(folder, "charts", "PWNED", NULL);
    cr_expect(not(g_file_test(trace, G_FILE_TEST_EXISTS)));
}

Test(charts, without_gnuplot_the_scripts_are_written) {
    g_setenv("PATH", folder, TRUE);
    g_autoptr(PlResult) result = make_result(PL_EFFECT_RELATIVE, PLAIN, "coupon", "h");
    gboolean missing = FALSE;
    g_autoptr(GError) error = NULL;
    cr_assert(pl_charts_write(result, folder, &error));
    cr_assert(pl_charts_draw(result, folder, &missing, &error));
    cr_expect(missing);
    cr_assert(eq(u32, result->charts->len, 4));
    const PlChart *chart = g_ptr_array_index(result->charts, 3);
    g_autofree char *files = g_strjoinv(" ", chart->files);
    cr_expect(eq(str, files, (char *)"charts/methods.gp charts/methods.tsv"));
    g_autofree char *script = read_chart("methods.gp");
    expect_within(script, "rows = 2\n");
    expect_within(script, "set terminal svg size 1280,720");
    expect_within(script, "set terminal pngcairo size 1280,720");
}

/* Puts a program named gnuplot before all others. */
static void fake_gnuplot(const char *body) {
    g_autofree char *path = g_build_filename(folder, "gnuplot", NULL);
    g_autofree char *text = g_strconcat("#!/bin/sh\n", body, "\n", NULL);
    cr_assert(g_file_set_contents(path, text, -1, NULL));
    g_chmod(path, 0755);
    g_setenv("PATH", folder, TRUE);
}

static void expect_system_error(const char *where, const char *says) {
    g_autoptr(PlResult) result = make_result(PL_EFFECT_RELATIVE, PLAIN, "coupon", "h");
    gboolean missing;
    g_autoptr(GError) error = NULL;
    cr_assert(not(pl_charts_write(result, where, &error) && pl_charts_draw(result, where, &missing, &error)));
    cr_assert(g_error_matches(error, PL_ERROR, PL_ERROR_SYSTEM));
    expect_within(error->message, says);
}

Test(charts, gnuplot_that_fails) {
    fake_gnuplot("echo 'no such terminal' >&2; exit 1");
    expect_system_error(folder, "charts/test_vs_control.gp: error: gnuplot failed: no such terminal");
}

Test(charts, the_script_that_gnuplot_failed_on_is_named) {
    fake_gnuplot("echo x > test_vs_control.png; echo 'no such colour' >&2; exit 1");
    expect_system_error(folder, "charts/pair_effects.gp: error: gnuplot failed: no such colour");
    fake_gnuplot("echo '\"methods.gp\" line 7: undefined variable: x' >&2; exit 1");
    expect_system_error(folder, "charts/methods.gp: error: gnuplot failed: \"methods.gp\" line 7: undefined");
}

Test(charts, gnuplot_that_draws_nothing) {
    fake_gnuplot("exit 0");
    expect_system_error(
        folder, "charts/test_vs_control.svg: error: gnuplot ended without an error but did not draw it");
}

Test(charts, gnuplot_that_draws_an_empty_file) {
    fake_gnuplot(": > test_vs_control.svg");
    expect_system_error(
        folder, "charts/test_vs_control.svg: error: gnuplot ended without an error but did not draw it");
}

Test(charts, folder_that_cannot_be_made) {
    g_autofree char *file = g_build_filename(folder, "file", NULL);
    cr_assert(g_file_set_contents(file, "x", -1, NULL));
    expect_system_error(file, "charts: error: cannot be made: ");
}

Test(charts, file_that_cannot_be_written) {
    g_autofree char *blocked = g_build_filename(folder, "charts", "methods.tsv", "inside", NULL);
    cr_assert(eq(int, g_mkdir_with_parents(blocked, 0777), 0));
    expect_system_error(folder, "charts/methods.tsv: error: cannot be written: ");
}
