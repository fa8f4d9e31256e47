/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/members.h"

#include "pairlift/model/kpi_metrics.h"
#include "pairlift/model/suggest.h"

/* As many faults as the contract shows; the rest is counted. */
#define FAULTS_KEPT 20

void pl_members_free(PlMembers *members) {
    if (members == NULL)
        return;
    g_free(members->store);
    g_free(members->arm);
    g_free(members->block);
    g_free(members->block_names);
    g_free(members);
}

/* -1: control. */
static int arm_of(const PlDefinition *def, const PlMember *member) {
    for (guint i = 0; member->treatment != NULL && i < def->treatments->len; i++)
        if (g_str_equal(((const PlTreatment *)g_ptr_array_index(def->treatments, i))->name,
                        member->treatment))
            return (int)i;
    return -1;
}

static void no_data(const PlDefinition *def, const PlPanel *panel, const PlMember *member,
                    PlDiagnostics *faults) {
    g_autofree char *hint = NULL;
    if (pl_diagnostics_count(faults) < FAULTS_KEPT) { /* each suggestion looks at every store */
        g_autofree const char **names = g_new0(const char *, panel->n_stores + 1);
        for (guint s = 0; s < panel->n_stores; s++)
            names[s] = panel->stores[s];
        hint = pl_suggest_hint(member->store, names, NULL);
        const PlTable *sales = pl_definition_outcomes(def);
        if (hint == NULL && sales != NULL && sales->where->len > 0)
            hint = g_strdup("perhaps none of its rows passes where");
    }
    pl_diagnostics_add(faults, member->file, member->pos,
                       hint ? hint : "leave its group empty if it takes no part", "store \"%s\" has no data",
                       member->store);
}

static guint block_of(PlMembers *m, GHashTable *blocks, const PlMember *member) {
    if (member->block == NULL)
        return 0;
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(blocks, member->block));
    if (known > 0)
        return known - 1;
    m->block_names[m->n_blocks++] = member->block;
    g_hash_table_insert(blocks, member->block, GUINT_TO_POINTER(m->n_blocks));
    return m->n_blocks - 1;
}

PlMembers *pl_members_resolve(const PlDefinition *def, const PlPanel *panel, GError **error) {
    g_autoptr(PlDiagnostics) faults = pl_diagnostics_new(FAULTS_KEPT);
    g_autoptr(GHashTable) blocks = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(PlMembers) m = g_new0(PlMembers, 1);
    guint all = def->members->len;
    m->store = g_new0(guint, all + 1);
    m->arm = g_new0(int, all + 1);
    m->block = g_new0(guint, all + 1);
    m->block_names = g_new0(const char *, all + 1);
    for (guint i = 0; i < all; i++) {
        const PlMember *member = g_ptr_array_index(def->members, i);
        int store = pl_panel_store(panel, member->store);
        if (store < 0) {
            no_data(def, panel, member, faults);
            continue;
        }
        m->store[m->n] = (guint)store;
        m->arm[m->n] = arm_of(def, member);
        m->block[m->n++] = block_of(m, blocks, member);
    }
    if (m->n_blocks == 0) {
        g_clear_pointer(&m->block_names, g_free);
        m->n_blocks = 1;
    }
    return pl_diagnostics_ok(faults, PL_ERROR_DATA, error) ? g_steal_pointer(&m) : NULL;
}
