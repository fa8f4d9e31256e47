/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/definition.h"

#include "definition_text.h"
#include "pairlift/io/yaml.h"
#include "pairlift/model/keys.h"

Test(definition, fills_in_what_the_keys_cannot_know) {
    g_autoptr(GError) error = NULL;
    g_autoptr(PlDefinition) def = load_text(DEFINITION_HEAD "pairs:\n"
                                                            "  - {test: S1, control: S2}\n"
                                                            "  - control: S4\n"
                                                            "    test: S3\n",
                                            &error);
    cr_assert(def != NULL, "%s", error != NULL ? error->message : "");
    cr_expect(eq(str, def->file, (char *)"d.yaml"));
    cr_expect(eq(str, def->folder, (char *)"."));
    /* sha256sum of the same bytes */
    cr_expect(
        eq(str, def->sha256, (char *)"377aa8ea78cf5e564f11598e3c4c5b74804360c42883d2f9021d0baba0f3669f"));
    cr_expect(eq(str, def->primary, (char *)"a"));
    cr_assert(eq(uint, def->treatments->len, 1));
    const PlTreatment *only = g_ptr_array_index(def->treatments, 0);
    cr_expect(eq(str, only->name, (char *)"e"));
    cr_expect(eq(str, only->kind, (char *)"promotion"));
    const PlPairDef *pair = g_ptr_array_index(def->pairs, 1);
    cr_expect(eq(str, pair->file, (char *)"d.yaml"));
    cr_expect(eq(int, pair->pos.line, 9));
    cr_expect(eq(ptr, pair->treatment, NULL));
}

Test(definition, resolves_paths_from_its_folder) {
    char *folder = temp_folder_new();
    g_autofree char *file = g_build_filename(folder, "x.yaml", NULL);
    g_autofree char *want = g_build_filename(folder, "s.csv", NULL);
    g_autoptr(GError) error = NULL;
    cr_assert(g_file_set_contents(file, DEFINITION_HEAD, -1, NULL));
    g_autoptr(PlDefinition) def = pl_definition_load(file, &error);
    cr_assert(def != NULL);
    g_autofree char *relative = pl_definition_path(def, "s.csv"), *absolute = pl_definition_path(def, "/s");
    cr_expect(eq(str, relative, want));
    cr_expect(eq(str, absolute, (char *)"/s"));
    temp_folder_remove(folder);
}

Test(definition, says_why_a_file_is_no_definition) {
    g_autoptr(GError) missing = NULL, folder = NULL, endless = NULL;
    cr_expect(eq(ptr, pl_definition_load("no/such.yaml", &missing), NULL));
    cr_expect(g_error_matches(missing, PL_ERROR, PL_ERROR_DEFINITION));
    cr_expect(
        eq(str, missing->message, (char *)"no/such.yaml: error: cannot be read: No such file or directory"));
    cr_expect(eq(ptr, pl_definition_load(".", &folder), NULL));
    cr_expect(eq(str, folder->message, (char *)".: error: cannot be read: Is a directory"));
    cr_expect(eq(ptr, pl_definition_load("/dev/zero", &endless), NULL));
    cr_expect(eq(str, endless->message,
                 (char *)"/dev/zero: error: larger than 1 MB\n"
                         "  hint: large tables belong in CSV files"));
    expect_faults("", "d.yaml: error: the file is empty");
    expect_faults("just a text\n", "d.yaml:1:1: error: a definition is a map of keys\n"
                                   "  hint: start with \"experiment: NAME\"");
    expect_faults("- a\n- b\n", "d.yaml:1:1: error: a definition is a map of keys\n"
                                "  hint: start with \"experiment: NAME\"");
    expect_faults("store,date\nS1,2024-01-01\n", "d.yaml:1:1: error: a definition is a map of keys\n"
                                                 "  hint: start with \"experiment: NAME\"");
}

/* The text of a name cannot leave the folder of results. */
Test(definition, refuses_names_that_are_paths) {
    static const char *const names[] = {"..", ".", "/tmp", "a/b", "a\\b", "a b", "\"a\\nb\"", "'$(x)'"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *text = g_strdup_printf(
            "experiment: %s\ndata: [{table: sales, file: s}]\nmetrics: [{name: a, sum: a}]\n", names[i]);
        g_autoptr(GError) error = NULL;
        cr_assert(eq(ptr, load_text(text, &error), NULL));
        cr_expect(strstr(error->message, "d.yaml:1:13: error: \"experiment\":") == error->message, "%s",
                  error->message);
        cr_expect(strstr(error->message, "is not a name\n") != NULL, "%s", error->message);
    }
}

/* One definition with a fault on nearly every line: all are named, first those of single keys in the
 * order of the file, then those of what does not fit together. */
static const char faulty[] = "experiment: my coupon test\n"
                             "titel: Coupons\n"
                             "data:\n"
                             "  - table: sales\n"
                             "    file: sales.csv\n"
                             "    columns: {stor: id}\n"
                             "    gaps: zeros\n"
                             "    delimiter: \",\"\n"
                             "    decimal: \",\"\n"
                             "  - table: sales\n"
                             "metrics:\n"
                             "  - {name: revenue, sum: revenue}\n"
                             "  - {name: revenue, sum: a, mean: b}\n"
                             "  - {name: price, ratio: [revenue]}\n"
                             "primary: revenu\n"
                             "periods:\n"
                             "  before: {from: 2024-01-01, to: 2024-02-30}\n"
                             "  during: {from: 29.02.2024, to: 2024-03-10}\n"
                             "  after: {from: 2024-03-31}\n"
                             "treatments: [{name: a, kind: cupon}, {name: b}]\n"
                             "pairs:\n"
                             "  - {test: S1, control: S1, treatment: a}\n"
                             "  - {test: S2, control: S3, treatment: aa}\n"
                             "  - {test: S4, control: S2}\n"
                             "pairs_file: pairs.csv\n"
                             "analysis: {confidence: 95 %, threshold: \"0,01\", seed: x, seed: 2}\n";

static const char faults[] =
    "d.yaml:1:13: error: \"experiment\": \"my coupon test\" is not a name\n"
    "  hint: only letters, digits, - and _: \"my-coupon-test\"\n"
    "d.yaml:2:1: error: unknown key \"titel\" in the definition\n"
    "  hint: did you mean \"title\"?\n"
    "d.yaml:7:11: error: \"gaps\": \"zeros\" is not one of error | zero | closed | interpolate\n"
    "  hint: did you mean \"zero\"?\n"
    "d.yaml:14:26: error: \"ratio\" takes exactly 2 texts, not 1\n"
    "d.yaml:19:10: error: missing key \"to\" in \"periods.after\"\n"
    "  hint: Last day, itself included.\n"
    "d.yaml:20:30: error: \"kind\": \"cupon\" is not one of promotion | coupon | price | display | "
    "discount | demo | sample | bundle\n"
    "  hint: did you mean \"coupon\"?\n"
    "d.yaml:26:24: error: \"confidence\": \"95 %\" is not a number\n"
    "  hint: write it as a share: 0.95\n"
    "d.yaml:26:41: error: \"threshold\": \"0,01\" is not a number\n"
    "  hint: write a decimal point: 0.01\n"
    "d.yaml:26:55: error: \"seed\": \"x\" is not a whole number\n"
    "d.yaml:26:58: error: \"seed\" is given twice, first on line 26\n"
    "d.yaml:6:15: error: table \"sales\" has no role \"stor\"\n"
    "  hint: did you mean \"store\"?\n"
    "d.yaml:9:14: error: \",\" cannot be both delimiter and decimal mark\n"
    "d.yaml:10:12: error: table \"sales\" is given twice, first on line 4\n"
    "  hint: give one entry a list of files, or a pattern\n"
    "d.yaml:10:12: error: table \"sales\" has no source\n"
    "  hint: file: NAME.csv, or odbc: \"DSN=...\" with relation or query\n"
    "d.yaml:13:12: error: metric \"revenue\" has more than one of sum, ratio, mean, kpi\n"
    "  hint: sum: COLUMN, mean: COLUMN, ratio: [COLUMN, COLUMN], or kpi: MEASURE\n"
    "d.yaml:13:12: error: metric \"revenue\" is defined twice, first on line 12\n"
    "d.yaml:15:10: error: \"primary\": there is no metric \"revenu\"\n"
    "  hint: did you mean \"revenue\"?\n"
    "d.yaml:17:34: error: \"2024-02-30\" is not a date\n"
    "  hint: February 2024 has 29 days\n"
    "d.yaml:18:18: error: \"29.02.2024\" is not a date\n"
    "  hint: write 2024-02-29\n"
    "d.yaml:22:25: error: store \"S1\" is paired with itself\n"
    "d.yaml:23:40: error: there is no treatment \"aa\"\n"
    "  hint: did you mean \"a\"?\n"
    "d.yaml:24:12: error: a pair needs its treatment: there are 2 of them\n"
    "  hint: add treatment: NAME\n"
    "d.yaml:24:25: error: store \"S2\" is in two pairs, the other one is on line 23\n"
    "  hint: each store belongs to one pair; only a control store may serve several treatments\n"
    "d.yaml:25:13: error: both \"pairs\" and \"pairs_file\" say which stores are compared\n"
    "  hint: keep one of them";

Test(definition, names_all_faults_in_one_go) {
    expect_faults(faulty, faults);
}

/* A random change of a byte, a deletion or a repetition either still is a definition or is refused
 * with a message; it never crashes (this runs under the sanitizers too). */
Test(definition, survives_mutations, .timeout = 60) {
    g_autofree char *page = pl_keys_markdown();
    char *begin = strstr(page, "```yaml\n") + strlen("```yaml\n");
    g_autofree char *good = g_strndup(begin, (gsize)(strstr(begin, "```\n") - begin));
    static const char special[] = "[]{}:,-#&*!|>'\"%@`\n\t \\?~0aZ\x80\xff\xc3";
    g_autoptr(GRand) random = g_rand_new_with_seed(20240229);
    guint refused = 0;
    for (int i = 0; i < 3000; i++) {
        g_autoptr(GString) text = g_string_new(good);
        for (int n = g_rand_int_range(random, 1, 4); n > 0; n--) {
            gssize at = g_rand_int_range(random, 0, (gint32)text->len);
            gssize length = g_rand_int_range(random, 1, 40);
            length = MIN(length, (gssize)text->len - at - 1);
            g_autofree char *piece = g_strndup(text->str + at, (gsize)length);
            switch (g_rand_int_range(random, 0, 3)) {
            case 0:
                text->str[at] = special[g_rand_int_range(random, 0, sizeof special - 1)];
                break;
            case 1:
                g_string_erase(text, at, length);
                break;
            default:
                g_string_insert(text, g_rand_int_range(random, 0, (gint32)text->len), piece);
            }
        }
        g_autoptr(GError) error = NULL;
        g_autoptr(PlDefinition) def = load_bytes(text->str, text->len, &error);
        cr_assert(eq(int, def == NULL, error != NULL));
        refused += def == NULL;
    }
    cr_expect(gt(uint, refused, 1000)); /* most mutations do harm, and some do none */
    cr_expect(lt(uint, refused, 3000));
}

/* Quadratic work would show here. */
Test(definition, refuses_large_hostile_files_soon, .timeout = 20) {
    static const char *const lines[] = {"k%u: 1\n", "  - {name: m%u, sum: a}\n", "  - [\n",
                                        "  - {name: x, sum: y}\n", "  - {k%u: 1}\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autoptr(GString) text = g_string_new(i == 0 ? "" : "guardrails: [{metric: x}]\nmetrics:\n");
        for (guint n = 0; text->len < PL_YAML_MAX_BYTES - 100; n++) {
            g_autoptr(GString) line = g_string_new(lines[i]);
            g_autofree char *number = g_strdup_printf("%u", n);
            g_string_replace(line, "%u", number, 0);
            g_string_append(text, line->str);
        }
        g_autoptr(GError) error = NULL;
        cr_expect(eq(ptr, load_bytes(text->str, text->len, &error), NULL));
        cr_expect(g_error_matches(error, PL_ERROR, PL_ERROR_DEFINITION));
    }
}

/* Every definition that comes with pairlift is one. */
Test(definition, loads_the_experiments) {
    g_autoptr(GDir) experiments = g_dir_open("experiments", 0, NULL);
    guint loaded = 0;
    if (experiments == NULL)
        cr_skip_test("not started in the project's folder");
    for (const char *name; (name = g_dir_read_name(experiments)) != NULL;) {
        g_autofree char *folder = g_build_filename("experiments", name, NULL);
        g_autoptr(GDir) files = g_dir_open(folder, 0, NULL);
        for (const char *file; files != NULL && (file = g_dir_read_name(files)) != NULL;) {
            if (!g_str_has_suffix(file, ".yaml"))
                continue;
            g_autofree char *path = g_build_filename(folder, file, NULL);
            g_autoptr(GError) error = NULL;
            g_autoptr(PlDefinition) def = pl_definition_load(path, &error);
            cr_expect(def != NULL, "%s", error != NULL ? error->message : "");
            loaded++;
        }
    }
    cr_expect(gt(uint, loaded, 0));
}

/* The example of the public interface, as it stands there. */
Test(definition, loads_the_contract) {
    const char *shared = g_getenv("PAIRLIFT_SHARED");
    g_autofree char *path = g_build_filename(shared != NULL ? shared : "../shared", "contract.md", NULL);
    g_autofree char *page = NULL;
    if (!g_file_get_contents(path, &page, NULL, NULL))
        cr_skip_test("no contract.md");
    char *begin = strstr(page, "```yaml\n") + strlen("```yaml\n");
    g_autoptr(GError) error = NULL;
    g_autoptr(PlDefinition) def = load_bytes(begin, (gsize)(strstr(begin, "```\n") - begin), &error);
    cr_assert(def != NULL, "%s", error != NULL ? error->message : "");
    cr_expect(pl_definition_ready_for_run(def, NULL));
    cr_expect(eq(uint, def->metrics->len, 4));
    cr_expect(eq(str, def->analysis.methods[1], (char *)"sign_flip"));
}
