/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study_monitor.h"

#include "pairlift/design/chain.h"
#include "pairlift/effect/look_path.h"

#include <math.h>
#include <stdio.h>

enum { DAYS = 28 };
#define LEVEL 0.05

typedef struct {
    guint pairs;
    gboolean groups; /* the same stores without their pairs */
    double autocorrelation, lift, lift_sd;
    guint looks; /* planned */
    PlSpending spending;
} Setting;

/* One chain, as an experiment of one treatment. */
typedef struct {
    PlChain *chain;
    PlPanel *panel;
    PlDefinition *def;
    GPtrArray *pairs;
    PlArm *arm;
    PlStudy study;
} Case;

static PlArm *without_pairs(const Case *c) {
    PlArm *arm = pl_arm_of_pairs(g_ptr_array_index(c->def->treatments, 0), c->pairs);
    arm->paired = FALSE;
    arm->n_blocks = 1;
    for (guint i = 0; i < arm->n_test; i++)
        arm->test_block[i] = arm->control_block[i] = 0;
    return arm;
}

static void add_pairs(Case *c, guint n) {
    PlTreatment *t = g_new0(PlTreatment, 1);
    t->name = g_strdup("promotion");
    t->fixed_cost = t->cost_per_store = t->face_value = NAN;
    g_ptr_array_add(c->def->treatments, t);
    for (guint i = 0; i < n; i++) {
        PlPair *pair = g_new0(PlPair, 1);
        pair->test = (guint)pl_chain_test(c->chain, (int)i);
        pair->control = (guint)pl_chain_control(c->chain, (int)i);
        pair->treatment = t->name;
        g_ptr_array_add(c->pairs, pair);
    }
}

static void open_case(const Setting *s, double lift, guint round, Case *c) {
    PlChainOptions o = pl_chain_defaults();
    o.seed = (gint64)round * 100 + s->pairs;
    o.pairs = (int)s->pairs;
    o.stores = 2 * o.pairs;
    o.whole = FALSE;
    o.lift = lift;
    o.lift_sd = s->lift_sd;
    o.autocorrelation = s->autocorrelation;
    o.before = o.during = DAYS;
    o.after = 0;
    c->chain = pl_chain_new(&o, NULL);
    c->panel = pl_chain_panel(c->chain, PL_CHAIN_ALL, 1);
    c->def = pl_definition_new();
    c->pairs = g_ptr_array_new_with_free_func(g_free);
    add_pairs(c, s->pairs);
    c->arm =
        s->groups ? without_pairs(c) : pl_arm_of_pairs(g_ptr_array_index(c->def->treatments, 0), c->pairs);
    PlChainDays before = pl_chain_period(c->chain, PL_CHAIN_BEFORE),
                during = pl_chain_period(c->chain, PL_CHAIN_DURING);
    c->def->periods.during.first = c->panel->times[during.begin];
    c->study = (PlStudy){.def = c->def, .panel = c->panel, .pairs = c->pairs};
    c->study.ranges.before = (PlRange){(guint)before.begin, (guint)before.end};
    c->study.ranges.during = (PlRange){(guint)during.begin, (guint)during.end};
    c->study.options = (PlInferenceOptions){.conf_level = 1 - LEVEL, .threads = 1};
}

static void close_case(Case *c) {
    pl_arm_free(c->arm);
    g_ptr_array_unref(c->pairs);
    pl_definition_free(c->def);
    pl_panel_free(c->panel);
    pl_chain_free(c->chain);
}

/* What a study counts. */
typedef struct {
    guint n, always, planned;        /* chains; any look found an effect */
    guint held_always, held_planned; /* all intervals held the truth */
    guint plain;                     /* the last look's own t interval did */
    double error, square;            /* of the last estimate, log scale */
} Count;

static void count_path(const PlLookPath *path, double truth, gboolean null, Count *c) {
    gboolean found = FALSE, crossed = FALSE, held = TRUE, planned_held = TRUE;
    for (guint i = 0; i < path->n; i++) {
        const PlInference *in = &path->looks[i].always;
        found = found || in->p_value <= LEVEL;
        held = held && in->conf_low <= truth && truth <= in->conf_high;
    }
    for (guint k = 0; k < path->n_made; k++) {
        crossed = crossed || path->planned[k].crossed;
        planned_held = planned_held && path->planned[k].low <= truth && truth <= path->planned[k].high;
    }
    if (null) {
        c->n++;
        c->always += found;
        c->planned += crossed;
        return;
    }
    const PlLook *last = &pl_look_path_last(path)->look;
    double error = last->estimate - truth;
    c->held_always += held;
    c->held_planned += planned_held;
    c->plain += fabs(error) <= pl_student_of_normal(1.9599639845400545, last->df) * last->std_error;
    c->error += error;
    c->square += error * error;
}

static gboolean print_row(const Setting *s, guint rounds) {
    Count c = {0};
    const PlPathPlan plan = {DAYS, s->looks, s->spending, LEVEL};
    const PlMetric revenue = {.name = (char *)"revenue", .kind = PL_METRIC_SUM, .column = "revenue"};
    for (guint round = 0; round < rounds; round++)
        for (int null = 1; null >= 0; null--) {
            Case one;
            open_case(s, null ? 0 : s->lift, 2 * round + (guint)null, &one);
            g_autoptr(PlLookPath) path = pl_look_path_new(&one.study, one.arm, &revenue, &plan);
            count_path(path, null ? 0 : log1p(s->lift), null, &c);
            close_case(&one);
        }
    double n = c.n, bias = c.error / n, mc = sqrt(c.square / n - bias * bias) / sqrt(n);
    double room = 3 * sqrt(LEVEL * (1 - LEVEL) / n), most = 1.2 * LEVEL + room;
    gboolean off = c.always / n > most || c.planned / n > most || c.held_always / n < 1 - most ||
                   c.held_planned / n < 1 - most || fabs(bias) > 3 * mc ||
                   fabs(c.plain / n - .95) > .02 + room;
    printf("| %u%s | %.1f | %u, %s | %.1f | %.1f | %.1f | %.1f | %.2g (%.1f) | %.1f |%s\n", s->pairs,
           s->groups ? " a group" : "", s->autocorrelation, s->looks,
           s->spending == PL_SPENDING_OBF ? "obf" : "pocock", 100 * c.always / n, 100 * c.planned / n,
           100 * c.held_always / n, 100 * c.held_planned / n, bias, bias / mc, 100 * c.plain / n,
           off ? " **off**" : "");
    fflush(stdout);
    return !off;
}

gboolean monitor_study_print(guint simulations) {
    static const Setting settings[] = {
        {3, FALSE, .3, .05, 0, 4, PL_SPENDING_OBF},      {3, FALSE, .3, .05, 0, 20, PL_SPENDING_POCOCK},
        {5, FALSE, .3, .05, 0, 4, PL_SPENDING_OBF},      {8, FALSE, .3, .05, 0, 4, PL_SPENDING_OBF},
        {8, FALSE, .7, .05, 0, 4, PL_SPENDING_POCOCK},   {20, FALSE, 0, .05, 0, 4, PL_SPENDING_OBF},
        {20, FALSE, .3, .05, 0, 4, PL_SPENDING_OBF},     {20, FALSE, .5, .05, 0, 20, PL_SPENDING_OBF},
        {20, FALSE, .7, .05, 0, 20, PL_SPENDING_POCOCK}, {40, FALSE, .3, .05, 0, 4, PL_SPENDING_OBF},
        {8, TRUE, .3, .05, 0, 4, PL_SPENDING_OBF},       {20, TRUE, .5, .05, 0, 4, PL_SPENDING_POCOCK}};
    gboolean ok = TRUE;
    printf(
        "\n## " MONITOR_STUDY_TITLE "\n\n"
        "Chains of `pairlift simulate`, 28 days before and 28 of the promotion, looked at every day by the "
        "always-valid band\n(confidence_sequence) and at planned looks (group_sequential): how often any "
        "look "
        "finds an effect where there is none,\nhow often all intervals together hold a lift of 5 %%; at the "
        "end, "
        "bias on the log scale (in Monte-Carlo errors) and\ncoverage of that look's own 95 %% interval. %u "
        "chains a cell.\n\n"
        "| pairs | autocorrelation | planned | any day finds | any planned look finds | all days hold | all "
        "planned looks hold | bias | own interval |\n|---|---|---|---|---|---|---|---|---|\n",
        simulations);
    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++)
        ok = print_row(&settings[i], simulations) && ok;
    return ok;
}
