/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study_segments.h"

#include "../common/temp_folder.h"
#include "pairlift/design/chain_names.h"
#include "pairlift/design/chain_truth.h"
#include "pairlift/effect/run.h"
#include "pairlift/io/definition.h"
#include "tally.h"

#include <math.h>

#define LEVEL 0.05

typedef struct {
    guint pairs;
    double lift, gap;
    const char *method, *analysis, *more; /* of the definition */
} Setting;

static PlDefinition *define(const Setting *s, const PlChain *chain, const char *folder) {
    g_autoptr(GString) text = g_string_new(NULL);
    PlDay start = pl_chain_options(chain)->start;
    g_string_append_printf(text, "experiment: study\ndata: [{table: sales, file: sales.csv}]\n"
                                 "metrics: [{name: revenue, sum: revenue}]\nperiods:\n");
    for (int p = PL_CHAIN_BEFORE; p <= PL_CHAIN_DURING; p++) {
        PlChainDays days = pl_chain_period(chain, (PlChainPeriod)p);
        g_autofree char *from = pl_day_format(start + days.begin, PL_TIME_DATE),
                        *to = pl_day_format(start + days.end - 1, PL_TIME_DATE);
        g_string_append_printf(text, "  %s: {from: %s, to: %s}\n", p ? "during" : "before", from, to);
    }
    g_string_append_printf(text, "analysis: {methods: [%s], resamples: 99, %s}\n%spairs:\n", s->method,
                           s->analysis, s->more);
    for (guint i = 0; i < s->pairs; i++) {
        char test[PL_CHAIN_NAME], control[PL_CHAIN_NAME];
        pl_chain_store_name(chain, pl_chain_test(chain, (int)i), test);
        pl_chain_store_name(chain, pl_chain_control(chain, (int)i), control);
        g_string_append_printf(text, "  - {test: %s, control: %s}\n", test, control);
    }
    g_autofree char *path = temp_folder_write(folder, "study.yaml", text->str);
    g_autoptr(GError) error = NULL;
    PlDefinition *def = pl_definition_load(path, &error);
    if (!def)
        g_error("%s", error->message);
    return def;
}

/* Region and format, as stores.csv of `simulate` has them. */
static PlStoreTable *attributes_of(const PlChain *chain) {
    PlStoreTable *t = g_new0(PlStoreTable, 1);
    guint n = t->n_stores = (guint)pl_chain_options(chain)->stores;
    t->n_attributes = 2;
    t->names = g_new0(char *, 3);
    t->values = g_new0(char **, 3);
    t->names[0] = g_strdup("region");
    t->names[1] = g_strdup("format");
    for (guint a = 0; a < 2; a++)
        t->values[a] = g_new0(char *, n + 1);
    for (guint s = 0; s < n; s++) {
        t->values[0][s] = g_strdup_printf("R%d", pl_chain_region(chain, (int)s));
        t->values[1][s] = g_strdup(pl_chain_is_large(chain, (int)s) ? "large" : "small");
    }
    return t;
}

static PlChain *draw(const Setting *s, guint round) {
    PlChainOptions o = pl_chain_defaults();
    o.seed = (gint64)round * 1000 + s->pairs;
    o.pairs = (int)s->pairs;
    o.stores = 2 * o.pairs;
    o.whole = FALSE;
    o.after = 0;
    o.dip = 0;
    o.lift = s->lift;
    o.lift_gap = s->gap;
    return pl_chain_new(&o, NULL);
}

static PlResult *run(const Setting *s, const PlChain *chain, const char *folder, guint round) {
    g_autoptr(PlDefinition) def = define(s, chain, folder);
    g_autoptr(PlPanel) panel = pl_chain_panel(chain, PL_CHAIN_ALL, 1);
    g_auto(PlTables) tables = {.stores = attributes_of(chain)};
    g_autoptr(GError) error = NULL;
    def->analysis.seed = round;
    PlResult *result = pl_run(def, panel, &tables, TRUE, 1, (PlStepper){0}, &error);
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

static void cover(Tally *t, const PlFinding *f, double truth) {
    if (f)
        tally_cover(t, f->value, f->conf_low, f->conf_high, truth);
}

static void reject(Tally *t, const PlFinding *f, double level) {
    if (f)
        tally_reject(t, f->p_value, level);
}

/* Large stores gain twice what small ones do; and, in another set, all gain the same. */
static gboolean levels(guint pairs, guint rounds, const char *folder) {
    Tally small = {0}, large = {0}, difference = {0}, region = {0}, format = {0};
    for (guint round = 0; round < rounds; round++) {
        Setting s = {pairs, 0.06, 0.06, "paired_t", "threshold: 0", ""};
        g_autoptr(PlChain) chain = draw(&s, round);
        g_autoptr(PlResult) r = run(&s, chain, folder, round);
        PlChainTruth *truth = pl_chain_truth_new(chain, 1);
        double true_small = truth->formats[0].during[PL_SCOPE_ALL].lift[PL_TRUE_REVENUE],
               true_large = truth->formats[1].during[PL_SCOPE_ALL].lift[PL_TRUE_REVENUE];
        cover(&small, find(r, "segments", "effect", "format: small"), true_small);
        cover(&large, find(r, "segments", "effect", "format: large"), true_large);
        cover(&difference, find(r, "segments", "differs", "format: small against large"),
              (1 + true_small) / (1 + true_large) - 1);
        pl_chain_truth_free(truth);
        s.gap = 0;
        g_autoptr(PlChain) alike = draw(&s, round + rounds);
        g_autoptr(PlResult) none = run(&s, alike, folder, round);
        reject(&region, find(none, "segments", "differs", "region"), LEVEL);
        reject(&format, find(none, "segments", "differs", "format"), LEVEL);
    }
    gboolean ok = tally_print_cover("effect in small stores", pairs, &small);
    ok = tally_print_cover("effect in large stores", pairs, &large) && ok;
    ok = tally_print_cover("small against large", pairs, &difference) && ok;
    ok = tally_print_reject("differs by region, where nothing does", pairs, &region, LEVEL) && ok;
    return tally_print_reject("differs by format, where nothing does", pairs, &format, LEVEL) && ok;
}

static void judge(Tally *t, const PlFinding *f, const char *verdict) {
    if (!f || !f->verdict)
        return;
    t->n++;
    t->hits += g_str_equal(f->verdict, verdict);
}

/* The true effect lies on the limit: "safe", "harmed" and "equivalent" are then false. */
static gboolean limits(guint pairs, guint rounds, const char *method, const char *folder) {
    Tally safe = {0}, harmed = {0}, equivalent = {0}, effect = {0};
    Setting s = {pairs,
                 0.03,
                 0,
                 method,
                 "threshold: 0.03",
                 "guardrails: [{metric: revenue, worse: up, margin: 0.03}]\n"};
    for (guint round = 0; round < rounds; round++) {
        g_autoptr(PlChain) chain = draw(&s, round);
        g_autoptr(PlResult) r = run(&s, chain, folder, round);
        const PlFinding *f = find(r, "guardrails", "revenue", NULL);
        judge(&safe, f, "safe");
        judge(&harmed, f, "harmed");
        cover(&effect, f, s.lift);
        judge(&equivalent, find(r, "guardrails", "equivalence", NULL), "equivalent");
    }
    char name[64];
    g_snprintf(name, sizeof name, "guardrail's effect, `%s`", method);
    gboolean ok = tally_print_cover(name, pairs, &effect);
    g_snprintf(name, sizeof name, "safe, on the limit, `%s`", method);
    ok = tally_print_reject(name, pairs, &safe, LEVEL / 2) && ok;
    g_snprintf(name, sizeof name, "harmed, on the limit, `%s`", method);
    ok = tally_print_reject(name, pairs, &harmed, LEVEL / 2) && ok;
    g_snprintf(name, sizeof name, "equivalent, on the limit, `%s`", method);
    return tally_print_reject(name, pairs, &equivalent, LEVEL) && ok;
}

gboolean segments_study_print(guint simulations) {
    static const guint sizes[] = {6, 12, 24, 40};
    char *folder = temp_folder_new();
    gboolean ok = TRUE;
    printf(
        "\n## " SEGMENTS_STUDY_TITLE "\n\n"
        "Chains of `pairlift simulate --attributes`: where stores differ, `--lift 0.06 --lift-gap 0.06`; on "
        "the limit, a true\nlift of 3 %% against a margin and a threshold of 3 %%. A guardrail may be called "
        "safe, or harmed, in 2.5 %% of such chains,\nequivalent in 5 %%; regions are tested in fours. %u "
        "chains a row.\n\n| pairs | finding | chains | bias | coverage of 95 %%, or rate "
        "|\n|---|---|---|---|---|\n",
        simulations);
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        ok = levels(sizes[i], simulations, folder) && ok;
        ok = limits(sizes[i], simulations, "paired_t", folder) && ok;
        if (sizes[i] <= 24)
            ok = limits(sizes[i], simulations, "sign_flip", folder) && ok;
        fflush(stdout);
    }
    temp_folder_remove(folder);
    return ok;
}
