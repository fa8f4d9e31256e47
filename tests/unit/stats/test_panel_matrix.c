/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "panel_data.h"

static const char *const on_panels[] = {"synthetic_control", "synthetic_did", "conformal"};
enum { N_ON_PANELS = sizeof on_panels / sizeof *on_panels };

Test(stats_panel_matrix, controls_first_in_any_order_of_rows) {
    PanelRows p = small_rows();
    shuffle_rows(&p, 3);
    for (size_t r = 0; r < p.sample.rows; r++) /* the first unit is treated, and the last ones are not */
        p.treated[r] = p.unit[r] == 0 && p.time[r] >= SMALL_BEFORE;
    PlAnswer answer = {.arena = &p.arena};
    PlPanelMatrix m;
    cr_assert(eq(int, (int)pl_panel_matrix(&p.sample, &answer, &m), PL_OK));
    cr_assert(m.n_units == 8 && m.n_controls == 7 && m.n_times == 10 && m.n_before == 6);
    for (size_t u = 0; u < 8; u++)
        for (size_t t = 0; t < 10; t++)
            cr_assert(eq(dbl, m.y[u * 10 + t], small_panel[(u + 1) % 8 * 10 + t]));
    cr_assert(strcmp(m.units[0], "u001") == 0 && strcmp(m.units[7], "u000") == 0);
    pl_arena_clear(&p.arena);
}

Test(stats_panel_matrix, what_is_not_a_full_panel_is_refused) {
    for (size_t i = 0; i < N_ON_PANELS; i++) {
        PanelRows p = small_rows();
        p.sample.rows--;
        must_refuse(on_panels[i], &p, PL_INCOMPLETE, "u007");
        p = small_rows();
        p.time[15] = 4;
        must_refuse(on_panels[i], &p, PL_DUPLICATE, "u001");
        p = small_rows();
        p.unit[15] = 2;
        must_refuse(on_panels[i], &p, PL_DUPLICATE, "u002");
        p = small_rows();
        p.x[7] = NAN;
        must_refuse(on_panels[i], &p, PL_NOT_FINITE, "x");
        p = small_rows();
        p.sample.rows = 0;
        must_refuse(on_panels[i], &p, PL_TOO_FEW, NULL);
    }
}

Test(stats_panel_matrix, a_treatment_that_is_no_block_is_refused) {
    for (size_t i = 0; i < N_ON_PANELS; i++) {
        PanelRows p = small_rows();
        p.treated[79] = 0; /* switched off */
        must_refuse(on_panels[i], &p, PL_NOT_BLOCK, "u007");
        p = small_rows();
        p.treated[75] = 1; /* earlier than the other */
        must_refuse(on_panels[i], &p, PL_NOT_BLOCK, "u007");
        p = small_rows();
        p.treated[3] = .5;
        must_refuse(on_panels[i], &p, PL_NOT_BINARY, "treated");
        p = small_rows();
        memset(p.treated, 0, 80 * sizeof *p.treated);
        must_refuse(on_panels[i], &p, PL_NO_TREATED, "treated");
        p = panel_rows(small_panel, 8, 0, 10, 6);
        must_refuse(on_panels[i], &p, PL_NO_CONTROL, "treated");
        p = panel_rows(small_panel, 8, 6, 10, 0);
        must_refuse(on_panels[i], &p, PL_NO_BEFORE, "treated");
    }
}

Test(stats_panel_matrix, options_out_of_range_are_refused) {
    for (size_t i = 0; i < N_ON_PANELS; i++) {
        PanelRows p = small_rows();
        PlMethodOptions o = unset_options();
        PlAnswer answer;
        o.inference.conf_level = 1;
        cr_assert(run_answer(on_panels[i], &p.sample, &o, &p.arena, &answer) == PL_BAD_ARGUMENT);
        o = unset_options();
        o.inference.threads = 0;
        cr_assert(run_answer(on_panels[i], &p.sample, &o, &p.arena, &answer) == PL_BAD_ARGUMENT);
        pl_arena_clear(&p.arena);
    }
}

/* The larger and the smaller a panel, the same answer; nothing overflows on the way. */
Test(stats_panel_matrix, answers_move_and_scale_with_the_data) {
    const double factors[] = {1e300, 1e-300, 3, -1};
    for (size_t i = 0; i < N_ON_PANELS; i++) {
        PanelRows base = small_rows();
        PlMethodOptions o = unset_options();
        o.inference.conf_level = .6;
        PlAnswer a = must_answer(on_panels[i], &base.sample, o, &base.arena);
        for (size_t f = 0; f < 4; f++) {
            PanelRows p = small_rows();
            for (size_t r = 0; r < 80; r++)
                p.x[r] = (p.x[r] + (f == 2 ? 1000 : 0)) * factors[f];
            PlAnswer b = must_answer(on_panels[i], &p.sample, o, &p.arena);
            cr_assert(near(b.rows[0].in.estimate, a.rows[0].in.estimate * factors[f], 1e-9), "%s %g: %.17g",
                      on_panels[i], factors[f], b.rows[0].in.estimate);
            cr_assert(near(b.rows[0].in.std_error, a.rows[0].in.std_error * fabs(factors[f]), 1e-9),
                      "%s %g: %.17g", on_panels[i], factors[f], b.rows[0].in.std_error);
            cr_assert(near(b.rows[0].in.p_value, a.rows[0].in.p_value, 1e-9));
            cr_assert(eq(uint, b.rows[0].lacks, a.rows[0].lacks));
            pl_arena_clear(&p.arena);
        }
        pl_arena_clear(&base.arena);
    }
}

Test(stats_panel_matrix, the_order_of_rows_does_not_matter) {
    for (size_t i = 0; i < N_ON_PANELS; i++) {
        PanelRows p = small_rows(), q = small_rows();
        shuffle_rows(&q, 11);
        PlAnswer a = must_answer(on_panels[i], &p.sample, unset_options(), &p.arena);
        PlAnswer b = must_answer(on_panels[i], &q.sample, unset_options(), &q.arena);
        cr_assert(memcmp(&a.rows[0].in, &b.rows[0].in, sizeof a.rows[0].in) == 0);
        pl_arena_clear(&p.arena);
        pl_arena_clear(&q.arena);
    }
}
