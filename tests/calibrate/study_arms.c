/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study_arms.h"

#include "../common/temp_folder.h"
#include "pairlift/design/chain_names.h"
#include "pairlift/design/chain_truth.h"
#include "pairlift/effect/run.h"
#include "pairlift/io/definition.h"
#include "tally.h"

#include <math.h>
#include <stdio.h>

#define LEVEL 0.05

typedef struct {
    guint group; /* stores of each */
    gboolean blocks, factorial;
    double step; /* between the lifts of the treatments */
} Setting;

static PlChain *draw(const Setting *s, guint round) {
    PlChainOptions o = pl_chain_defaults();
    o.seed = (gint64)round * 1000 + s->group;
    o.arms = s->factorial ? 0 : 3;
    o.factorial = s->factorial;
    o.stores = 4 * (int)s->group;
    o.whole = FALSE;
    o.after = 0;
    o.dip = 0;
    o.lift = 0.04;
    o.arm_step = s->step;
    if (s->factorial) {
        o.price_cut = 0.1;
        o.interaction = 0.05;
    }
    return pl_chain_new(&o, NULL);
}

static void add_members(PlDefinition *def, const Setting *s, const PlChain *chain) {
    for (int i = 0; i < pl_chain_options(chain)->stores; i++) {
        char store[PL_CHAIN_NAME], group[PL_CHAIN_NAME], region[PL_CHAIN_NAME];
        int arm = pl_chain_arm(chain, i);
        pl_chain_store_name(chain, i, store);
        pl_chain_region_name(chain, pl_chain_region(chain, i), region);
        pl_chain_group_name(chain, MAX(arm, 0), group);
        PlMember *m = g_new0(PlMember, 1);
        *m = (PlMember){.store = g_strdup(store),
                        .group = g_strdup(group),
                        .treatment = arm > 0 ? g_strdup(group) : NULL,
                        .block = s->blocks ? g_strdup(region) : NULL};
        g_ptr_array_add(def->members, m);
    }
}

static PlResult *run(const Setting *s, const PlChain *chain, const char *folder, guint round) {
    g_autoptr(GString) text = g_string_new("experiment: study\ndata: [{table: sales, file: sales.csv}]\n"
                                           "metrics: [{name: units, sum: units}]\nperiods:\n");
    PlDay start = pl_chain_options(chain)->start;
    for (int p = PL_CHAIN_BEFORE; p <= PL_CHAIN_DURING; p++) {
        PlChainDays days = pl_chain_period(chain, (PlChainPeriod)p);
        g_autofree char *from = pl_day_format(start + days.begin, PL_TIME_DATE),
                        *to = pl_day_format(start + days.end - 1, PL_TIME_DATE);
        g_string_append_printf(text, "  %s: {from: %s, to: %s}\n", p ? "during" : "before", from, to);
    }
    g_string_append_printf(
        text, "analysis: {methods: [%s], resamples: 1999}\ntreatments: %s\n", s->blocks ? "ols" : "welch_t",
        s->factorial ? "[{name: promo}, {name: price}, {name: both, combines: [promo, price]}]"
                     : "[{name: T1}, {name: T2}, {name: T3}]");
    g_autofree char *path = temp_folder_write(folder, "study.yaml", text->str);
    g_autoptr(GError) error = NULL;
    g_autoptr(PlDefinition) def = pl_definition_load(path, &error);
    g_autoptr(PlPanel) panel = pl_chain_panel(chain, PL_CHAIN_ALL, 1);
    if (!def)
        g_error("%s", error->message);
    add_members(def, s, chain);
    def->analysis.seed = round;
    PlResult *result = pl_run(def, panel, NULL, TRUE, 1, (PlStepper){0}, &error);
    if (!result)
        g_error("%s", error->message);
    return result;
}

static const PlFinding *find(const PlResult *r, const char *section, const char *measure, const char *group) {
    const PlSection *s = pl_result_section(r, section);
    for (guint i = 0; s && i < s->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(s->findings, i);
        if (g_str_equal(f->measure, measure) && (!group || g_str_has_prefix(f->group, group)))
            return f;
    }
    return NULL;
}

static double lift_of(const PlChainTruth *truth, int arm) {
    return truth->arms[arm].during[PL_SCOPE_ALL].lift[PL_TRUE_UNITS];
}

static void cover(Tally *t, const PlFinding *f, double truth) {
    if (f)
        tally_cover(t, f->value, f->conf_low, f->conf_high, truth);
}

static gboolean several(Setting s, guint rounds, const char *folder) {
    Tally first = {0}, last = {0}, difference = {0}, best = {0};
    double sum_best = 0;
    guint n_best = 0;
    for (guint round = 0; round < rounds; round++) {
        s.step = 0.03;
        g_autoptr(PlChain) chain = draw(&s, round);
        g_autoptr(PlResult) r = run(&s, chain, folder, round);
        PlChainTruth *truth = pl_chain_truth_new(chain, 1);
        double l1 = lift_of(truth, 0), l3 = lift_of(truth, 2);
        cover(&first, find(r, "ranking", "effect", "T1"), l1);
        cover(&last, find(r, "ranking", "effect", "T3"), l3);
        const PlFinding *d = find(r, "ranking", "difference", "T3 against T1");
        if (d)
            cover(&difference, d, (1 + l3) / (1 + l1) - 1);
        else if ((d = find(r, "ranking", "difference", "T1 against T3")))
            cover(&difference, d, (1 + l1) / (1 + l3) - 1);
        pl_chain_truth_free(truth);
        s.step = 0;
        g_autoptr(PlChain) alike = draw(&s, round + rounds);
        g_autoptr(PlResult) none = run(&s, alike, folder, round);
        double least = 1;
        const PlSection *section = pl_result_section(none, "ranking");
        for (guint i = 0; i < section->findings->len; i++) {
            const PlFinding *f = g_ptr_array_index(section->findings, i);
            if (g_str_equal(f->measure, "difference"))
                least = fmin(least, f->p_adjusted);
            if (g_str_equal(f->measure, "probability_best") && g_str_equal(f->group, "T1")) {
                sum_best += f->value;
                n_best++;
            }
        }
        tally_reject(&best, least, LEVEL);
    }
    const char *how = s.blocks ? "in blocks" : "without blocks";
    g_autofree char *a = g_strdup_printf("effect of T1, %s", how),
                    *b = g_strdup_printf("effect of T3, %s", how),
                    *c = g_strdup_printf("T3 against T1, %s", how),
                    *d = g_strdup_printf("two of three equal ones differ, %s", how);
    gboolean ok = tally_print_cover(a, s.group, &first);
    ok = tally_print_cover(b, s.group, &last) && ok;
    ok = tally_print_cover(c, s.group, &difference) && ok;
    ok = tally_print_reject(d, s.group, &best, LEVEL) && ok;
    printf("| %u | mean probability of being best, one of three equal ones, %s | %u | | %.1f |\n", s.group,
           how, n_best, 100 * sum_best / n_best);
    return ok;
}

static gboolean factorial(Setting s, guint rounds, const char *folder) {
    Tally interaction = {0}, promo = {0};
    for (guint round = 0; round < rounds; round++) {
        g_autoptr(PlChain) chain = draw(&s, round);
        g_autoptr(PlResult) r = run(&s, chain, folder, round);
        PlChainTruth *truth = pl_chain_truth_new(chain, 1);
        double a = 1 + lift_of(truth, PL_CHAIN_PROMOTION - 1), b = 1 + lift_of(truth, PL_CHAIN_PRICE - 1),
               both = 1 + lift_of(truth, PL_CHAIN_BOTH - 1);
        cover(&interaction, find(r, "factorial", "interaction", NULL), both / (a * b) - 1);
        cover(&promo, find(r, "factorial", "mean_effect", "promo"), sqrt(a * both / b) - 1);
        pl_chain_truth_free(truth);
    }
    const char *how = s.blocks ? "in blocks" : "without blocks";
    g_autofree char *a = g_strdup_printf("interaction, %s", how),
                    *b = g_strdup_printf("mean effect, %s", how);
    gboolean ok = tally_print_cover(a, s.group, &interaction);
    return tally_print_cover(b, s.group, &promo) && ok;
}

gboolean arms_study_print(guint simulations) {
    static const guint sizes[] = {4, 8, 20};
    char *folder = temp_folder_new();
    gboolean ok = TRUE;
    printf(
        "\n## " ARMS_STUDY_TITLE "\n\n"
        "Chains of `pairlift simulate --arms 3`, lifts of 4, 7 and 10 %%; for the calls of the best, three "
        "of 4 %%. "
        "Blocks are\nthe four regions. And of `--factorial --price-cut 0.1 --interaction 0.05`. %u chains a "
        "row.\n\n"
        "| stores a group | finding | chains | bias | coverage of 95 %%, or rate |\n|---|---|---|---|---|\n",
        simulations);
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++)
        for (int blocks = 0; blocks < 2; blocks++) {
            ok = several((Setting){sizes[i], blocks, FALSE, 0.03}, simulations, folder) && ok;
            ok = factorial((Setting){sizes[i], blocks, TRUE, 0}, simulations, folder) && ok;
            fflush(stdout);
        }
    temp_folder_remove(folder);
    return ok;
}
