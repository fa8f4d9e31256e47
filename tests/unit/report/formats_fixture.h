/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

#include "pairlift/report/formats.h"

/* A small result that every format is held against, with text from outside at its worst. */

#define HOSTILE "=cmd|' /C calc'!A1\",<b>`id`\n\033[31m$(id) a|b"

static inline PlEstimate *estimate(PlResult *r, const char *method, double value) {
    PlEstimate *e = pl_result_add_estimate(r);
    e->treatment = g_strdup("coupon");
    e->metric = g_strdup("revenue");
    e->period = g_strdup("during");
    e->method = g_strdup(method);
    e->estimate = value;
    e->conf_level = 0.95;
    e->n = 7;
    return e;
}

static inline void add_pair(PlResult *r) {
    PlPairEffect *p = g_new0(PlPairEffect, 1);
    *p = (PlPairEffect){.pair = g_strdup("S01 / " HOSTILE),
                        .test = g_strdup("S01"),
                        .control = g_strdup(HOSTILE),
                        .treatment = g_strdup("coupon"),
                        .metric = g_strdup("revenue"),
                        .period = g_strdup("during"),
                        .test_before = 1.0 / 3,
                        .test_during = 0.1,
                        .control_before = 1e-300,
                        .control_during = NAN,
                        .effect = NAN,
                        .reason = g_strdup("store has no value")};
    g_ptr_array_add(r->pairs, p);
}

static inline PlResult *sample(void) {
    PlResult *r = pl_result_new();
    r->version = g_strdup("0");
    r->experiment = g_strdup("february");
    r->title = g_strdup("Ten percent \033[2J off");
    r->definition_file = g_strdup("f.yaml");
    r->definition_sha256 = g_strdup("00");
    r->primary = g_strdup("revenue");
    r->method_choice = g_strdup("paired_t decides: it was asked to");
    r->treatments = g_strsplit("coupon", ",", -1);
    r->n_pairs = 7;
    r->during = (PlSpan){TRUE, 19754, 19782, 29};
    PlEstimate *e = estimate(r, "paired_t", 0.1 + 0.2);
    e->deciding = TRUE;
    e->p_value = e->p_adjusted = 0.04970294402180093;
    e->conf_low = 0.03119331839297423;
    e->conf_high = 0.5;
    estimate(r, "sign_flip", NAN)->reason = g_strdup("needs 2 pairs, there are 1");
    add_pair(r);
    PlVerdict *v = g_new0(PlVerdict, 1);
    *v = (PlVerdict){
        g_strdup("coupon"), g_strdup("revenue"), PL_WIN,
        g_strdup("With coupon, revenue rose by a long sentence that has to be wrapped over more than one "
                 "line of a terminal, because it goes on and on."),
        g_strdup("rose")};
    g_ptr_array_add(r->verdicts, v);
    pl_result_check(r, "gaps", PL_WARN, NAN, "store \"%s\" has none", HOSTILE);
    return r;
}
