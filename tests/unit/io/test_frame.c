/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/frame.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "memory_file.h"

static const PlFrameWish wishes[] = {{"x", PL_FRAME_NUMBERS}, {"g", PL_FRAME_LEVELS}, {"e", PL_FRAME_EITHER}};

/* "x,g,e;" a row and "read/left" at the end, or the error. */
static char *read_text(const char *text, char decimal) {
    g_autofree char *path = memory_file(text, strlen(text));
    g_autoptr(GError) error = NULL;
    PlCsvOptions options = {0, decimal};
    g_autoptr(PlFrame) frame = pl_frame_read(path, wishes, G_N_ELEMENTS(wishes), &options, &error);
    memory_file_close(path);
    if (!frame) {
        cr_assert(g_error_matches(error, PL_ERROR, PL_ERROR_DATA));
        return g_strdup(error->message);
    }
    cr_assert(frame->columns[0].values && frame->columns[1].ids); /* which say the kind, without rows too */
    GString *seen = g_string_new(NULL);
    for (guint r = 0; r < frame->n_rows; r++) {
        const PlFrameColumn *g = &frame->columns[1], *e = &frame->columns[2];
        g_string_append_printf(seen, "%g,%s,", frame->columns[0].values[r], g->names->names[g->ids[r]].text);
        if (e->values)
            g_string_append_printf(seen, "%g;", e->values[r]);
        else
            g_string_append_printf(seen, "'%s';", e->names->names[e->ids[r]].text);
    }
    g_string_append_printf(seen, "%u/%u", frame->n_rows, frame->n_read);
    return g_string_free(seen, FALSE);
}

Test(frame, what_is_read) {
    static const struct {
        const char *text;
        char decimal;
        const char *seen;
    } cases[] = {
        {"x,g,e\n1,a,5\n2.5,b,6\n", '.', "1,a,5;2.5,b,6;2/2"},
        {"x,g,e\n1,a,5\n2.5,b,small\n", '.', "1,a,'5';2.5,b,'small';2/2"},
        {"e;g;x\n1,5;a;-2,25\n", ',', "-2.25,a,1.5;1/1"},
        {"x,g,e\n,a,5\n2,,6\n3,c,NA\n4,d,7\n", '.', "4,d,7;1/4"},
        {"x,g,e\n", '.', "0/0"},
        {"x,g,e\n1,\"a,\nb\",5\n", '.', "1,a,\nb,5;1/1"},
        {"x,g,e\n1,a,5\n1,b,5\n1,a,5\n1,b,5\n1,c,5\n1,a,5\n", '.', "1,a,5;1,b,5;1,a,5;1,b,5;1,c,5;1,a,5;6/6"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *seen = read_text(cases[i].text, cases[i].decimal);
        cr_expect_str_eq(seen, cases[i].seen, "case %u: %s", i, seen);
    }
}

Test(frame, what_is_refused) {
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"x,g\n1,a\n", "there is no column \"e\""},
        {"x,g,e\none,a,5\n", ":2: error: column \"x\": \"one\" is not a number"},
        {"x,g,e\n1,a,5\n\"1,5\",a,5\n", "use --decimal ,"},
        {"x,g,e\n1,a\n", "field"},
        {"x,x,g,e\n1,1,a,2\n", "two columns are named \"x\""},
        {"", "empty"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *seen = read_text(cases[i].text, '.');
        cr_expect(strstr(seen, cases[i].says) != NULL, "case %u: %s", i, seen);
    }
    g_autofree char *nul = memory_file("x,g,e\n1,a\0b,2\n", 15);
    g_autoptr(GError) error = NULL;
    PlCsvOptions options = {0, '.'};
    cr_expect(pl_frame_read(nul, wishes, 3, &options, &error) == NULL);
    cr_expect(strstr(error->message, "NUL byte") != NULL, "%s", error->message);
    memory_file_close(nul);
}

Test(frame, every_fault_of_a_row_is_found_and_twenty_are_shown) {
    g_autoptr(GString) text = g_string_new("x,g,e\n");
    for (int i = 0; i < 30; i++)
        g_string_append(text, "bad,,1\n");
    g_autofree char *seen = read_text(text->str, '.');
    cr_expect(strstr(seen, ":21: error") != NULL && strstr(seen, ":22: error") == NULL, "%s", seen);
    cr_expect(strstr(seen, "10 more") != NULL, "%s", seen);
}

Test(frame, a_power_is_read_from_its_base_unless_a_column_has_that_name) {
    const char *text = "x,x^2,y\n2,9,3\n";
    g_autofree char *path = memory_file(text, strlen(text));
    const PlFrameWish powers[] = {{"x^2", PL_FRAME_NUMBERS}, {"y^3", PL_FRAME_NUMBERS}};
    PlCsvOptions options = {0, '.'};
    g_autoptr(PlFrame) frame = pl_frame_read(path, powers, 2, &options, NULL);
    memory_file_close(path);
    cr_assert(frame != NULL);
    cr_expect(eq(dbl, frame->columns[0].values[0], 9));
    cr_expect(eq(dbl, frame->columns[1].values[0], 3));
    cr_expect_str_eq(frame->columns[1].name, "y^3");
}
