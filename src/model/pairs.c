/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/pairs.h"
#include "pairlift/model/kpi_metrics.h"
#include "pairlift/model/suggest.h"

/* As many faults as the contract shows; the rest is counted. */
#define FAULTS_KEPT 20

typedef struct {
    const PlDefinition *def;
    const PlPanel *panel;
    PlDiagnostics *faults;
    GStrv store_names;         /* for suggestions, NULL at the end; borrowed texts */
    const PlPairDef **pair_of; /* [store] the pair it is in already */
} Resolving;

static const char *file_of(const Resolving *r, const PlPairDef *pair) {
    return pair->file != NULL ? pair->file : r->def->file;
}

/* Several treatments may share a control store, each of them once. */
static gboolean may_share(const Resolving *r, const PlPairDef *pair) {
    for (guint i = 0; i < r->def->pairs->len; i++) {
        const PlPairDef *other = g_ptr_array_index(r->def->pairs, i);
        if (other == pair)
            return TRUE;
        if (g_strcmp0(other->test, pair->control) == 0 || (g_strcmp0(other->control, pair->control) == 0 &&
                                                           g_strcmp0(other->treatment, pair->treatment) == 0))
            return FALSE;
    }
    return TRUE;
}

/* -1 with a fault: without data, or in another pair. */
static int claim_store(Resolving *r, const PlPairDef *pair, const char *name) {
    gboolean control = name == pair->control;
    int store = pl_panel_store(r->panel, name);
    if (store < 0) {
        /* only where it will be shown: each suggestion looks at every store */
        gboolean shown = pl_diagnostics_count(r->faults) < FAULTS_KEPT;
        g_autofree char *hint =
            shown ? pl_suggest_hint(name, (const char *const *)r->store_names, NULL) : NULL;
        const PlTable *sales = pl_definition_outcomes(r->def);
        if (shown && hint == NULL && sales != NULL && sales->where->len > 0)
            hint = g_strdup("perhaps none of its rows passes where");
        pl_diagnostics_add(r->faults, file_of(r, pair), pair->pos, hint, "store \"%s\" has no data", name);
        return -1;
    }
    const PlPairDef *other = r->pair_of[store];
    if (other != NULL && !(control && may_share(r, pair))) {
        pl_diagnostics_add(
            r->faults, file_of(r, pair), pair->pos,
            "each store belongs to one pair; only a control store may serve several treatments",
            "store \"%s\" is in two pairs, the other one is %s / %s (line %d)", name, other->test,
            other->control, other->pos.line);
        return -1;
    }
    r->pair_of[store] = pair;
    return store;
}

/* The name of the pair's treatment, owned by the definition; NULL with a fault. */
static const char *treatment_of(const Resolving *r, const PlPairDef *pair) {
    const PlTreatment *treatment = pl_definition_treatment(r->def, pair->treatment);
    if (treatment != NULL)
        return treatment->name;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < r->def->treatments->len; i++)
        g_ptr_array_add(names, ((const PlTreatment *)g_ptr_array_index(r->def->treatments, i))->name);
    g_ptr_array_add(names, NULL);
    if (pair->treatment == NULL) {
        pl_diagnostics_add(r->faults, file_of(r, pair), pair->pos, "add treatment: NAME",
                           "pair %s / %s does not say which of the %u treatments it had", pair->test,
                           pair->control, r->def->treatments->len);
        return NULL;
    }
    g_autofree char *hint =
        pl_suggest_hint(pair->treatment, (const char *const *)names->pdata, "treatments: ");
    pl_diagnostics_add(r->faults, file_of(r, pair), pair->pos, hint, "there is no treatment \"%s\"",
                       pair->treatment);
    return NULL;
}

static void free_pair(gpointer data) {
    PlPair *pair = data;
    g_free((char *)pair->id);
    g_free(pair);
}

static void resolve(Resolving *r, const PlPairDef *origin, GPtrArray *pairs) {
    if (g_strcmp0(origin->test, origin->control) == 0) {
        pl_diagnostics_add(r->faults, file_of(r, origin), origin->pos, NULL,
                           "store \"%s\" is paired with itself", origin->test);
        return;
    }
    int test = claim_store(r, origin, origin->test), control = claim_store(r, origin, origin->control);
    const char *treatment = treatment_of(r, origin);
    if (test < 0 || control < 0 || treatment == NULL)
        return;
    PlPair *pair = g_new0(PlPair, 1);
    pair->id =
        origin->id != NULL ? g_strdup(origin->id) : g_strdup_printf("%s / %s", origin->test, origin->control);
    pair->test = (guint)test;
    pair->control = (guint)control;
    pair->treatment = treatment;
    pair->origin = origin;
    g_ptr_array_add(pairs, pair);
}

/* The stores of the data that no pair names: what a misspelt name may have been. */
static void unpaired_names(const PlDefinition *def, const PlPanel *panel, char **names) {
    g_autoptr(GHashTable) paired = g_hash_table_new(g_str_hash, g_str_equal);
    guint n = 0;
    for (guint i = 0; i < def->pairs->len; i++) {
        const PlPairDef *pair = g_ptr_array_index(def->pairs, i);
        g_hash_table_add(paired, pair->test);
        g_hash_table_add(paired, pair->control);
    }
    for (guint i = 0; i < panel->n_stores; i++)
        if (!g_hash_table_contains(paired, panel->stores[i]))
            names[n++] = panel->stores[i];
}

/* In the order of the definition; none defined, none returned. */
GPtrArray *pl_pairs_resolve(const PlDefinition *def, const PlPanel *panel, GError **error) {
    g_autoptr(PlDiagnostics) faults = pl_diagnostics_new(FAULTS_KEPT);
    g_autofree char **names = g_new0(char *, panel->n_stores + 1);
    g_autofree const PlPairDef **pair_of = g_new0(const PlPairDef *, panel->n_stores);
    g_autoptr(GPtrArray) pairs = g_ptr_array_new_with_free_func(free_pair);
    Resolving resolving = {def, panel, faults, names, pair_of};
    unpaired_names(def, panel, names);
    for (guint i = 0; i < def->pairs->len; i++)
        resolve(&resolving, g_ptr_array_index(def->pairs, i), pairs);
    return pl_diagnostics_ok(faults, PL_ERROR_DATA, error) ? g_steal_pointer(&pairs) : NULL;
}
