/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats_fixture.h"

Test(markdown, takes_outside_text_literally) {
    g_autoptr(PlResult) r = sample();
    g_autofree char *text = pl_report_markdown(r);
    cr_assert_null(strstr(text, "<b>"));
    cr_assert_null(strstr(text, "`id`"));
    cr_assert_null(strchr(text, '\033'));
    cr_assert_not_null(strstr(text, "## Verdict: win"));
    cr_assert_not_null(strstr(text, "| sign\\_flip | n/a | n/a | n/a | 7 | needs 2 pairs, there are 1 |"),
                       "%s", text);
}
