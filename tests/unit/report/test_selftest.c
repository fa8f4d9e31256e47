/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/selftest.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

static GPtrArray *two(void) {
    GPtrArray *replays = g_ptr_array_new_with_free_func((GDestroyNotify)pl_replay_free);
    PlReplay *good = g_new0(PlReplay, 1), *bad = g_new0(PlReplay, 1);
    *good = (PlReplay){g_strdup("paired_t"),
                       g_strdup("pairlift stat"),
                       g_strdup("p_value"),
                       g_strdup("Fisher"),
                       0.0497029,
                       0.04970294402,
                       6.1,
                       6,
                       TRUE};
    *bad = (PlReplay){g_strdup("ols"),
                      g_strdup("pairlift stat"),
                      g_strdup("x estimate"),
                      g_strdup("NIST"),
                      2,
                      NAN,
                      0,
                      6,
                      FALSE};
    g_ptr_array_add(replays, good);
    g_ptr_array_add(replays, bad);
    return replays;
}

Test(selftest_report, text_marks_what_fails_and_counts) {
    g_autoptr(GPtrArray) replays = two();
    g_autofree char *text = pl_report_selftest_text(replays);
    cr_expect(strstr(text, "ok   paired_t") != NULL, "%s", text);
    cr_expect(strstr(text, "FAIL ols") != NULL, "%s", text);
    cr_expect(strstr(text, "1 of 2 published values") != NULL, "%s", text);
}

Test(selftest_report, json_has_null_for_what_was_not_computed) {
    g_autoptr(GPtrArray) replays = two();
    g_autofree char *text = pl_report_selftest_json(replays);
    json_t *o = json_loads(text, 0, NULL), *bad = json_array_get(json_object_get(o, "checks"), 1);
    cr_expect(eq(int, (int)json_integer_value(json_object_get(o, "passed")), 1));
    gboolean null_got = json_is_null(json_object_get(bad, "got")),
             fails = json_is_false(json_object_get(bad, "pass"));
    cr_expect(null_got && fails);
    json_decref(o);
}
