/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "program.h"

/* What a report of a survey must not tell: nothing that is written names a team that is too small, or the one
 * that hides it, whatever the format. */

static void expect_nowhere(const char *folder, const char *word, guint *n_files) {
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *path = g_build_filename(folder, name, NULL), *text = NULL;
        gsize length = 0;
        if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
            expect_nowhere(path, word, n_files);
            continue;
        }
        cr_assert(g_file_get_contents(path, &text, &length, NULL));
        ++*n_files;
        cr_expect(g_strstr_len(text, (gssize)length, word) == NULL, "%s has \"%s\"", path, word);
    }
}

Test(kpi_survey, no_file_of_the_report_names_a_small_team) {
    static const struct {
        const char *team;
        int size;
    } teams[] = {{"Ash", 9}, {"Birch", 6}, {"Cedar", 8}, {"Tiny", 2}};
    char *folder = temp_folder_new();
    g_autoptr(GString) csv = g_string_new("employee,date,team,score,energy\n");
    for (int w = 0; w < 5; w++)
        for (int k = 0, e = 0; k < 4; k++)
            for (int i = 0; i < teams[k].size; i++, e++)
                g_string_append_printf(csv, "e%d,2024-%02d-10,%s,%d,%d\n", e, 1 + 2 * w, teams[k].team,
                                       1 + (e * 7 + w) % 5, 1 + (e * 3 + w * 2) % 5);
    g_free(temp_folder_write(folder, "survey.csv", csv->str));
    g_autofree char *definition = temp_folder_write(folder, "survey.yaml",
                                                    "experiment: survey\n"
                                                    "data:\n"
                                                    "  - {table: survey, file: survey.csv}\n"
                                                    "kpis: {satisfaction: {target: 3, scale: [1, 5]}}\n"),
                    *out = in(folder, "out");
    g_auto(Outcome) o = run_program("kpi", definition, "-o", out);
    cr_assert(eq(int, o.status, 0), "%s", o.err);
    guint n_files = 0;
    expect_nowhere(out, "Tiny", &n_files);
    expect_nowhere(out, "Birch", &n_files);
    cr_expect(n_files > 10);
    cr_expect(strstr(o.out, "Tiny") == NULL && strstr(o.out, "Birch") == NULL &&
              strstr(o.out, "Cedar") != NULL);
    g_auto(Outcome) json = run_program("kpi", definition, "--json", "-o", out);
    cr_expect(json.status == 0 && strstr(json.out, "Tiny") == NULL && strstr(json.out, "Cedar") != NULL);
    temp_folder_remove(folder);
}
