/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/exchange.h"

#include "pairlift/report/manifest.h"
#include "place.h"

TestSuite(exchange, .init = make_place, .fini = remove_place);

typedef gboolean Exchange(const char *fresh, const char *place, GError **error);

static const struct {
    const char *name;
    Exchange *call;
} ways[] = {{"one", pl_exchange}, {"two", pl_exchange_in_two_steps}};

static void report(const char *name, const char *text) {
    g_autofree char *file = g_build_filename(name, "report.md", NULL), *path = in_place(name);
    put(file, text);
    cr_assert(pl_manifest_write(path, NULL));
}

/* Moves "fresh" to "report" within a folder of its own, after `before` has made what is there. */
static void each_way(void (*before)(void), PlErrorCode *code, const char *wants) {
    char *top = place;
    for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
        place = g_build_filename(top, ways[i].name, NULL);
        g_mkdir(place, 0777);
        report("fresh", "new");
        before();
        g_autofree char *fresh = in_place("fresh"), *to = in_place("report");
        g_autoptr(GError) error = NULL;
        gboolean ok = ways[i].call(fresh, to, &error);
        cr_expect(eq(int, ok, code == NULL), "%s: %s", ways[i].name, error ? error->message : "");
        if (code)
            cr_expect(g_error_matches(error, PL_ERROR, (int)*code));
        expect_text("report/report.md", wants);
        cr_expect(eq(u32, entries_of("."), code ? 2 : 1), "%s: nothing is left beside it", ways[i].name);
        if (code)
            expect_text("fresh/report.md", "new");
        g_free(place);
    }
    place = top;
}

static void nothing(void) {
}

static void a_report(void) {
    report("report", "last");
}

static void an_empty_folder(void) {
    g_autofree char *path = in_place("report");
    g_mkdir(path, 0777);
}

static void a_folder_of_somebody(void) {
    put("report/report.md", "years of work");
}

static void a_file(void) {
    put("report", "x");
}

Test(exchange, moves_in) {
    each_way(nothing, NULL, "new");
}

Test(exchange, replaces_a_report) {
    each_way(a_report, NULL, "new");
}

Test(exchange, replaces_an_empty_folder) {
    each_way(an_empty_folder, NULL, "new");
}

/* Whoever checked before may have been too early: what is there at the moment of the exchange decides. */
Test(exchange, gives_back_what_no_report_wrote) {
    PlErrorCode usage = PL_ERROR_USAGE;
    each_way(a_folder_of_somebody, &usage, "years of work");
}

Test(exchange, gives_a_file_back) {
    PlErrorCode usage = PL_ERROR_USAGE;
    each_way(a_file, &usage, "(none)");
}

Test(exchange, without_a_folder_above_is_a_system_error) {
    report("fresh", "new");
    g_autofree char *fresh = in_place("fresh"), *to = in_place("no/such/report");
    for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
        g_autoptr(GError) error = NULL;
        cr_expect(not(ways[i].call(fresh, to, &error)));
        cr_expect(g_error_matches(error, PL_ERROR, PL_ERROR_SYSTEM));
        expect_text("fresh/report.md", "new");
    }
}
