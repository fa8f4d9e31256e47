/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/suggest.h"
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static const char *const keys[] = {"metrics", "periods", "pairs", "pairing", "date", "umsatz\xc3\xa4", NULL};

Test(suggest, nearest_name) {
    static const struct {
        const char *word, *expected;
    } cases[] = {
        {"metrcs", "metrics"},
        {"mertics", "metrics"},
        {"METRICS", "metrics"},
        {"period", "periods"},
        {"pair", "pairs"},
        {"paring", "pairing"},
        {"umsatz\xc3\x84", "umsatz\xc3\xa4"},
        {"dat", "date"},
        {"adte", "date"},
        {"dta", NULL},
        {"store", NULL},
        {"", NULL},
        {"xyzzy-metrics", NULL},
        {"\xff", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *got = pl_suggest(cases[i].word, keys);
        cr_assert(eq(int, g_strcmp0(got, cases[i].expected), 0), "%s: %s", cases[i].word, got);
    }
}

Test(suggest, of_nothing) {
    const char *const none[] = {NULL};
    g_autofree char *huge = g_strnfill(100000, 'x');
    const char *const same[] = {huge, NULL};
    cr_assert(zero(ptr, (void *)pl_suggest("date", none)));
    cr_assert(zero(ptr, (void *)pl_suggest("date", NULL)));
    cr_assert(zero(ptr, (void *)pl_suggest(NULL, keys)));
    cr_assert(zero(ptr, (void *)pl_suggest(huge, same)));
}

/* One edit of any kind in a word of six letters or more is always found. */
Test(suggest, finds_single_edits) {
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    const char *const words[] = {"revenue", NULL};
    for (int i = 0; i < 2000; i++) {
        GString *word = g_string_new("revenue");
        gsize at = (gsize)g_rand_int_range(rand, 0, 6);
        char letter = (char)g_rand_int_range(rand, 'a', 'z' + 1), first = word->str[at];
        switch (g_rand_int_range(rand, 0, 4)) {
        case 0:
            g_string_erase(word, (gssize)at, 1);
            break;
        case 1:
            g_string_insert_c(word, (gssize)at, letter);
            break;
        case 2:
            word->str[at] = letter;
            break;
        default:
            word->str[at] = word->str[at + 1];
            word->str[at + 1] = first;
        }
        cr_assert(eq(ptr, (void *)pl_suggest(word->str, words), (void *)words[0]), "%s", word->str);
        g_string_free(word, TRUE);
    }
}

Test(suggest, a_hint_names_the_nearest_or_all_or_nothing) {
    static const char *const names[] = {"run", "check", NULL};
    g_autofree char *near = pl_suggest_hint("chek", names, "verbs: ");
    g_autofree char *all = pl_suggest_hint("portfolio", names, "verbs: ");
    cr_assert(eq(str, near, (char *)"did you mean \"check\"?"));
    cr_assert(eq(str, all, (char *)"verbs: run, check"));
    cr_assert_null(pl_suggest_hint("portfolio", names, NULL));
}
