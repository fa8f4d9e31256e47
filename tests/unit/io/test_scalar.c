/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/scalar.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

static const char *const colours[] = {"red", "green", "blue", NULL};
static const char *const marks[] = {",", ";", NULL};

static const PlKey text_key = {.name = "k", .type = PL_KEY_TEXT};
static const PlKey name_key = {"k", PL_KEY_NAME, .max = 10};
static const PlKey number_key = {.name = "k", .type = PL_KEY_NUMBER};
static const PlKey share_key = {"k", PL_KEY_NUMBER, .min = 0.5, .max = 0.999};
static const PlKey positive_key = {"k", PL_KEY_NUMBER, .max = HUGE_VAL};
static const PlKey integer_key = {"k", PL_KEY_INTEGER, .max = 9007199254740991.0};
static const PlKey truth_key = {.name = "k", .type = PL_KEY_TRUTH};
static const PlKey choice_key = {"k", PL_KEY_CHOICE, .choices = colours};
static const PlKey word_key = {"k", PL_KEY_WORD, .choices = marks};

Test(scalar, reads_numbers) {
    static const struct {
        const char *text;
        double want;
    } cases[] = {{"0.95", 0.95}, {".95", 0.95}, {"-2", -2}, {"1e3", 1000}, {"2.5E-1", 0.25}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(PlFault) fault = {NULL, NULL};
        double value = 0;
        cr_assert(pl_scalar_read(&number_key, cases[i].text, &value, &fault), "%s", cases[i].text);
        cr_expect(ieee_ulp_eq(dbl, value, cases[i].want, 1));
    }
}

Test(scalar, reads_integers_exactly) {
    g_auto(PlFault) fault = {NULL, NULL};
    gint64 value = 0;
    cr_assert(pl_scalar_read(&integer_key, "9007199254740991", &value, &fault));
    cr_expect(eq(i64, value, G_GINT64_CONSTANT(9007199254740991)));
    cr_assert(pl_scalar_read(&integer_key, "0", &value, &fault));
    cr_expect(eq(i64, value, 0));
}

Test(scalar, reads_truths_and_choices) {
    static const struct {
        const PlKey *key;
        const char *text;
        int want;
    } cases[] = {{&truth_key, "yes", 1},  {&truth_key, "True", 1},   {&truth_key, "on", 1},
                 {&truth_key, "no", 2},   {&truth_key, "FALSE", 2},  {&truth_key, "off", 2},
                 {&choice_key, "red", 0}, {&choice_key, "green", 1}, {&choice_key, "blue", 2}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(PlFault) fault = {NULL, NULL};
        int value = -1;
        cr_assert(pl_scalar_read(cases[i].key, cases[i].text, &value, &fault), "%s", cases[i].text);
        cr_expect(eq(int, value, cases[i].want));
    }
}

/* A value replaces a default, which is freed: the leak check watches. */
Test(scalar, replaces_texts) {
    g_auto(PlFault) fault = {NULL, NULL};
    g_autofree char *value = g_strdup("default");
    cr_assert(pl_scalar_read(&text_key, "two words", &value, &fault));
    cr_expect(eq(str, value, (char *)"two words"));
    cr_assert(pl_scalar_read(&name_key, "a-B_9", &value, &fault));
    cr_expect(eq(str, value, (char *)"a-B_9"));
    cr_assert(pl_scalar_read(&word_key, ";", &value, &fault));
    cr_expect(eq(str, value, (char *)";"));
}

Test(scalar, says_why_a_text_is_no_value) {
    static const struct {
        const PlKey *key;
        const char *text, *message, *hint;
    } cases[] = {
        {&text_key, "", "\"k\" is empty", ""},
        {&text_key, " \t\n", "\"k\" is empty", ""},
        {&name_key, "", "\"k\" is empty", ""},
        {&name_key, "a b/c", "\"k\": \"a b/c\" is not a name", "only letters, digits, - and _: \"a-b-c\""},
        {&name_key, "..", "\"k\": \"..\" is not a name", "only letters, digits, - and _: \"--\""},
        {&name_key, "/", "\"k\": \"/\" is not a name", "only letters, digits, - and _: \"-\""},
        {&name_key, "k\xc3\xa4se", "\"k\": \"k\xc3\xa4se\" is not a name",
         "only letters, digits, - and _: \"kase\""},
        {&name_key, "abcdefghijk", "\"k\": \"abcdefghijk\" has 11 letters, more than 10", ""},
        {&number_key, "0.95x", "\"k\": \"0.95x\" is not a number", ""},
        {&number_key, "", "\"k\": \"\" is not a number", ""},
        {&number_key, "nan", "\"k\": \"nan\" is not a number", ""},
        {&number_key, "inf", "\"k\": \"inf\" is not a number", ""},
        {&number_key, "0x10", "\"k\": \"0x10\" is not a number", ""},
        {&number_key, "1,5", "\"k\": \"1,5\" is not a number", "write a decimal point: 1.5"},
        {&number_key, "95 %", "\"k\": \"95 %\" is not a number", "write it as a share: 0.95"},
        {&number_key, "2,5%", "\"k\": \"2,5%\" is not a number", "write it as a share: 0.025"},
        {&number_key, "%", "\"k\": \"%\" is not a number", ""},
        {&share_key, "95", "\"k\": 95 is not between 0.5 and 0.999", "95 % is written 0.95"},
        {&share_key, "0.2", "\"k\": 0.2 is not between 0.5 and 0.999", ""},
        {&positive_key, "-1", "\"k\": -1 is below 0", ""},
        {&integer_key, "1.5", "\"k\": \"1.5\" is not a whole number", ""},
        {&integer_key, "1e4", "\"k\": \"1e4\" is not a whole number", "write 10000"},
        {&integer_key, "10 000", "\"k\": \"10 000\" is not a whole number", ""},
        {&integer_key, "99999999999999999999", "\"k\": \"99999999999999999999\" is not a whole number", ""},
        {&integer_key, "9007199254740992", "\"k\": 9007199254740992 is not between 0 and 9007199254740991",
         ""},
        {&truth_key, "maybe", "\"k\": \"maybe\" is neither yes nor no", ""},
        {&choice_key, "gren", "\"k\": \"gren\" is not one of red | green | blue", "did you mean \"green\"?"},
        {&choice_key, "", "\"k\": \"\" is not one of red | green | blue", ""},
        {&word_key, ".", "\"k\": \".\" is not one of , | ;", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(PlFault) fault = {NULL, NULL};
        gint64 field = 0; /* as wide as any value; texts stay NULL */
        cr_assert(not(pl_scalar_read(cases[i].key, cases[i].text, &field, &fault)), "%s", cases[i].text);
        cr_expect(eq(str, fault.message, (char *)cases[i].message));
        cr_expect(eq(str, fault.hint != NULL ? fault.hint : (char *)"", (char *)cases[i].hint));
        cr_expect(eq(i64, field, 0));
    }
}

Test(scalar, cuts_long_texts_between_letters) {
    g_autofree char *sixty = g_strnfill(60, 'x'), *kept = pl_scalar_excerpt(sixty);
    cr_expect(eq(str, kept, sixty));
    GString *long_text = g_string_new(NULL);
    for (int i = 0; i < 1000; i++)
        g_string_append(long_text, "\xc3\xa4");
    g_autofree char *cut = pl_scalar_excerpt(long_text->str);
    cr_expect(eq(sz, strlen(cut), 60 * 2 + 3));
    cr_expect(g_utf8_validate(cut, -1, NULL) && g_str_has_suffix(cut, "..."));
    g_string_free(long_text, TRUE);
}
