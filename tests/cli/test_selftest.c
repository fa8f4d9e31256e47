/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>

#include "program.h"

Test(selftest, meets_every_published_value) {
    g_auto(Outcome) o = run_program("selftest");
    cr_assert(eq(int, o.status, 0), "%s%s", o.out, o.err);
    cr_expect_contains(o.out, "ok   paired_t             p_value");
    cr_expect(strstr(o.out, "FAIL") == NULL);
}

Test(selftest, covers_every_method) {
    g_auto(Outcome) o = run_program("selftest", "--json"), methods = run_program("help", "families");
    json_t *json = json_loads(o.out, 0, NULL);
    g_auto(GStrv) parts = g_strsplit(methods.out, "`", -1);
    for (guint i = 1; parts[i - 1] && parts[i]; i += 2) {
        gboolean found = FALSE;
        size_t k;
        json_t *check;
        json_array_foreach(json_object_get(json, "checks"), k, check) found |=
            g_strcmp0(json_string_value(json_object_get(check, "method")), parts[i]) == 0;
        cr_expect(found || g_str_equal(parts[i], "bootstrap_bca") /* drawn at random */,
                  "no published value of %s is replayed", parts[i]);
    }
    json_decref(json);
}

Test(selftest, takes_no_argument) {
    g_auto(Outcome) o = run_program("selftest", "x");
    cr_expect(eq(int, o.status, 2));
    cr_expect_contains(o.err, "selftest takes no argument");
}
