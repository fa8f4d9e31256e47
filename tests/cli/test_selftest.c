/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "program.h"

Test(selftest, meets_every_published_value) {
    g_auto(Outcome) o = run_program("selftest");
    cr_assert(eq(int, o.status, 0), "%s%s", o.out, o.err);
    cr_expect_contains(o.out, "ok   paired_t             p_value");
    cr_expect(strstr(o.out, "FAIL") == NULL);
}

Test(selftest, takes_no_argument) {
    g_auto(Outcome) o = run_program("selftest", "x");
    cr_expect(eq(int, o.status, 2));
    cr_expect_contains(o.err, "selftest takes no argument");
}
