/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

Test(stats_methods, the_table_holds_the_paired_methods) {
    const char *ids[] = {"paired_t", "sign_flip", "signed_rank", "sign_test", "bootstrap_bca"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        const PlMethod *method = pl_method_find(ids[i]);
        cr_assert(method != NULL, "%s", ids[i]);
        cr_assert(eq(str, (char *)method->id, (char *)ids[i]));
    }
}

Test(stats_methods, an_unknown_method_is_not_found) {
    cr_assert(pl_method_find("paired") == NULL);
    cr_assert(pl_method_find("") == NULL);
}

Test(stats_methods, every_row_is_complete_and_its_id_unique) {
    for (const PlMethod *const *each = pl_methods, *m; (m = *each); each++) {
        const char *texts[] = {m->title,  m->estimates, m->assumes, m->formula,
                               m->source, m->check,     m->use,     m->family};
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
            cr_assert(texts[i] && strlen(texts[i]) > 3, "%s lacks text %zu", m->id, i);
        cr_assert(strstr(m->source, "doi:10.") != NULL, "%s has no DOI", m->id);
        cr_assert(m->run != NULL && m->roles != NULL);
        cr_assert(pl_method_find(m->id) == m, "%s twice", m->id);
    }
}

/* min_n is what the method itself asks for. */
Test(stats_methods, min_n_is_the_smallest_n_that_a_method_takes) {
    const double d[] = {1.5, -0.25, 2, 0.75, 3.5};
    for (const PlMethod *const *each = pl_methods, *m; (m = *each); each++) {
        if (!m->test)
            continue;
        PlInference out;
        cr_assert(eq(int, (int)run_method(m->id, d, m->min_n - 1, two_sided_95, &out), PL_TOO_FEW), "%s",
                  m->id);
        cr_assert(eq(int, (int)run_method(m->id, d, m->min_n, two_sided_95, &out), PL_OK), "%s", m->id);
    }
}
