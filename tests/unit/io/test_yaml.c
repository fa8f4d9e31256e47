/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/yaml.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static PlYaml *parse(const char *text, gsize length, char **message) {
    g_autoptr(PlDiagnostics) diagnostics = pl_diagnostics_new(0);
    g_autoptr(GError) error = NULL;
    PlYaml *root = pl_yaml_parse(text, length, "d.yaml", diagnostics);
    gboolean ok = pl_diagnostics_ok(diagnostics, PL_ERROR_DEFINITION, &error);
    cr_assert(eq(int, ok, root != NULL));
    *message = ok ? NULL : g_strdup(error->message);
    return root;
}

static const PlYaml *item(const PlYaml *node, guint i) {
    cr_assert(lt(uint, i, node->items->len));
    return g_ptr_array_index(node->items, i);
}

static void expect_pos(PlPos pos, int line, int column) {
    cr_expect(eq(int, pos.line, line));
    cr_expect(eq(int, pos.column, column));
}

Test(yaml, keeps_values_and_places) {
    g_autofree char *message = NULL;
    const char *text = "name: \"x y\"\nlist:\n  - 007\n  - [2024-01-31, ~]\n  - {k: }\n";
    g_autoptr(PlYaml) root = parse(text, strlen(text), &message);
    cr_assert(root != NULL, "%s", message);
    cr_expect(eq(int, root->kind, PL_YAML_MAP));
    cr_expect(eq(str, item(root, 0)->key, (char *)"name"));
    cr_expect(eq(str, item(root, 0)->text, (char *)"x y"));
    expect_pos(item(root, 0)->key_pos, 1, 1);
    expect_pos(item(root, 0)->pos, 1, 7);
    const PlYaml *list = item(root, 1);
    cr_assert(eq(int, list->kind, PL_YAML_LIST));
    cr_expect(eq(str, item(list, 0)->text, (char *)"007"));
    expect_pos(item(list, 0)->pos, 3, 5);
    cr_expect(eq(str, item(item(list, 1), 0)->text, (char *)"2024-01-31"));
    cr_expect(eq(int, item(item(list, 1), 1)->kind, PL_YAML_NULL));
    cr_expect(eq(int, item(item(list, 2), 0)->kind, PL_YAML_NULL));
    cr_expect(eq(str, item(item(list, 2), 0)->key, (char *)"k"));
}

/* Nothing, in YAML's words; in quotes these are texts. */
Test(yaml, tells_nothing_from_text) {
    g_autofree char *message = NULL;
    const char *text = "[~, null, NULL, '', 'null', \"~\", nil]";
    g_autoptr(PlYaml) root = parse(text, strlen(text), &message);
    cr_assert(root != NULL, "%s", message);
    for (guint i = 0; i < 7; i++)
        cr_expect(eq(int, item(root, i)->kind, i < 3 ? PL_YAML_NULL : PL_YAML_SCALAR));
}

Test(yaml, skips_a_byte_order_mark) {
    g_autofree char *message = NULL;
    const char *text = "\xef\xbb\xbfgr\xc3\xb6\xc3\x9f"
                       "e: 1\r\nb: 2\r\n";
    g_autoptr(PlYaml) root = parse(text, strlen(text), &message);
    cr_assert(root != NULL, "%s", message);
    cr_expect(eq(str, item(root, 0)->key,
                 (char *)"gr\xc3\xb6\xc3\x9f"
                         "e"));
    expect_pos(item(root, 0)->pos, 1, 8); /* counted in letters, the mark left out */
    expect_pos(item(root, 1)->key_pos, 2, 1);
}

Test(yaml, says_what_is_wrong_and_where) {
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"", "d.yaml: error: the file is empty"},
        {"# only a comment\n", "d.yaml: error: the file is empty"},
        {"a: 1\n---\nb: 2\n", "d.yaml:2:1: error: a second document begins here\n"
                              "  hint: put each experiment in a file of its own"},
        {"a:\n\tb: 1\n", "d.yaml:2:1: error: YAML: a tab character cannot indent\n"
                         "  hint: indent with spaces"},
        {"\xc3\xa4: 1\n\xc3\xb6:\n\tb: 1\n", "d.yaml:3:1: error: YAML: a tab character cannot indent\n"
                                             "  hint: indent with spaces"},
        {"a: %x\n", "d.yaml:1:4: error: YAML: a value cannot begin with this character\n"
                    "  hint: put the text in quotes"},
        {"a: *new* offer\n", "d.yaml:1:8: error: YAML: a value cannot begin with & or *\n"
                             "  hint: put the text in quotes"},
        {"a: b: c\n", "d.yaml:1:5: error: YAML: a colon in an unexpected place\n"
                      "  hint: put a text that holds \": \" in quotes, and check the indentation"},
        {"a: [1, 2\nb: 3\n", "d.yaml:2:2: error: YAML: a list in [ ] is not closed, or a comma is missing "
                             "(while parsing a flow sequence that began on line 1)"},
        {"a: 1\n  b: 2\n", "d.yaml:2:4: error: YAML: a colon in an unexpected place\n"
                           "  hint: put a text that holds \": \" in quotes, and check the indentation"},
        {"a: 1\nb\nc: 2\n", "d.yaml:3:1: error: YAML: a line that is neither \"key: value\" nor a list entry "
                            "\"- value\" (while scanning a simple key that began on line 2)\n"
                            "  hint: a colon after the key is missing, or a quote is not closed"},
        {"a: \"x\n", "d.yaml:2:1: error: YAML: a quote is not closed before the end of the file "
                     "(while scanning a quoted scalar that began on line 1)"},
        {"a: &x 1\nb: *x\n", "d.yaml:1:4: error: anchors (&name) are not supported\n"
                             "  hint: write the value out where it is needed\n"
                             "d.yaml:2:4: error: aliases (*name) are not supported\n"
                             "  hint: write the value out where it is needed"},
        {"a: !!binary aGk=\nb: !x [1]\n", "d.yaml:1:4: error: tags (!name) are not supported\n"
                                          "  hint: remove it\n"
                                          "d.yaml:2:4: error: tags (!name) are not supported\n"
                                          "  hint: remove it"},
        {"? [a]\n: 1\n~: 2\n", "d.yaml:1:3: error: a key has to be a text\n"
                               "d.yaml:3:1: error: a key has to be a text"},
        {"a: \"x\\0y\"\n", "d.yaml:1:4: error: a text holds a NUL character"},
        {"a: 1\nb\xe9: 2\n", "d.yaml:2:2: error: byte 0xe9 is not text in UTF-8\n"
                             "  hint: save the file as UTF-8"},
        {"a: \x01\n", "d.yaml:1:4: error: YAML: control characters are not allowed"},
        {"a: 1\nb: 2\nc: \x1b[31m\n", "d.yaml:3:4: error: YAML: control characters are not allowed"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *message = NULL;
        g_autoptr(PlYaml) root = parse(cases[i].text, strlen(cases[i].text), &message);
        cr_assert(root == NULL, "accepted: %s", cases[i].text);
        cr_expect(eq(str, message, (char *)cases[i].want));
    }
}

Test(yaml, refuses_a_byte_of_zero) {
    g_autofree char *message = NULL;
    g_autoptr(PlYaml) root = parse("a: \0b\n", 6, &message);
    cr_expect(eq(ptr, root, NULL));
    cr_expect(eq(str, message,
                 (char *)"d.yaml:1:4: error: byte 0x00 is not text in UTF-8\n"
                         "  hint: save the file as UTF-8"));
}

static char *nested(guint depth) {
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < depth; i++)
        g_string_append_c(text, '[');
    for (guint i = 0; i < depth; i++)
        g_string_append_c(text, ']');
    return g_string_free(text, FALSE);
}

Test(yaml, limits_the_depth) {
    g_autofree char *message = NULL, *deep_message = NULL;
    g_autofree char *deepest = nested(PL_YAML_MAX_DEPTH + 1), *deeper = nested(PL_YAML_MAX_DEPTH + 2);
    g_autoptr(PlYaml) root = parse(deepest, strlen(deepest), &message);
    cr_expect(root != NULL, "%s", message);
    g_autoptr(PlYaml) none = parse(deeper, strlen(deeper), &deep_message);
    cr_expect(eq(ptr, none, NULL));
    cr_expect(eq(str, deep_message, (char *)"d.yaml:1:34: error: nested too deeply"));
}

Test(yaml, survives_a_megabyte_of_one_character, .timeout = 20) {
    static const char characters[] = "[{-:?,&*!|>\"'%@#a \n";
    g_autofree char *text = g_malloc(PL_YAML_MAX_BYTES + 1);
    for (const char *c = characters; *c != '\0'; c++) {
        g_autofree char *message = NULL;
        memset(text, *c, PL_YAML_MAX_BYTES + 1);
        g_autoptr(PlYaml) too_large = parse(text, PL_YAML_MAX_BYTES + 1, &message);
        cr_expect(too_large == NULL && strstr(message, "larger than 1 MB") != NULL);
        g_free(g_steal_pointer(&message));
        g_autoptr(PlYaml) root = parse(text, PL_YAML_MAX_BYTES, &message);
        /* the four are one long plain text, all others a fault */
        cr_expect(eq(int, root != NULL, strchr("-?'a", *c) != NULL));
    }
}

/* Each line doubles the one before; expanded it would be 2^40 values. */
Test(yaml, refuses_a_laugh_that_grows) {
    GString *text = g_string_new("a0: &a0 [x, x]\n");
    for (int i = 1; i < 40; i++)
        g_string_append_printf(text, "a%d: &a%d [*a%d, *a%d]\n", i, i, i - 1, i - 1);
    g_autofree char *message = NULL;
    g_autoptr(PlYaml) root = parse(text->str, text->len, &message);
    cr_expect(eq(ptr, root, NULL));
    cr_expect(strstr(message, "d.yaml:40:18: error: aliases") != NULL, "%s", message);
    g_string_free(text, TRUE);
}

static guint count(const PlYaml *node) {
    guint n = 1;
    for (guint i = 0; node->items != NULL && i < node->items->len; i++)
        n += count(item(node, i));
    return n;
}

Test(yaml, builds_a_node_a_value) {
    g_autofree char *message = NULL;
    GString *text = g_string_new(NULL);
    for (int i = 0; i < 20000; i++)
        g_string_append_printf(text, "k%d: [a, {b: c}]\n", i);
    g_autoptr(PlYaml) root = parse(text->str, text->len, &message);
    cr_assert(root != NULL, "%s", message);
    cr_expect(eq(uint, count(root), 1 + 20000 * 4));
    g_string_free(text, TRUE);
}
