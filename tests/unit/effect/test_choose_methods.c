/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/choose_methods.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const PlMethod **choose(PlDefinition *def, guint pairs, guint deciding, char **why) {
    def->analysis.confidence = def->analysis.confidence > 0 ? def->analysis.confidence : 0.95;
    const PlMethod **chosen =
        pl_choose_methods(def, (PlMethodNeed){.n = pairs, .n_deciding = deciding}, why, NULL);
    cr_assert_not_null(chosen);
    return chosen;
}

Test(choose_methods, by_the_number_of_pairs) {
    static const struct {
        guint pairs;
        const char *first;
    } cases[] = {{2, "paired_t"}, {7, "paired_t"}, {8, "sign_flip"}, {40, "sign_flip"}, {41, "paired_t"}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        PlDefinition def = {0};
        g_autofree char *why = NULL;
        g_autofree const PlMethod **chosen = choose(&def, cases[i].pairs, 1, &why);
        cr_expect_str_eq(chosen[0]->id, cases[i].first, "%u pairs", cases[i].pairs);
        cr_expect(g_str_has_prefix(why, cases[i].first), "%s", why);
        for (guint k = 1; chosen[k]; k++)
            cr_expect(chosen[k] != chosen[0] && chosen[k]->design != PL_DESIGN_NONE, "%s", chosen[k]->id);
    }
}

Test(choose_methods, a_shared_level_asks_for_more_pairs_before_signs_decide) {
    PlDefinition def = {.analysis = {.adjust = PL_ADJUST_HOLM}};
    g_autofree char *why = NULL;
    g_autofree const PlMethod **chosen = choose(&def, 8, 3, &why);
    cr_expect_str_eq(chosen[0]->id, "paired_t");
}
