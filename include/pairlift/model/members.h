/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/definition.h"
#include "pairlift/model/panel.h"

/* The stores of a design of groups on a panel. Texts belong to the definition. */
typedef struct {
    guint n;
    guint *store;             /* [n] of the panel */
    int *arm;                 /* [n] index of the store's treatment in def->treatments; -1: control */
    guint *block;             /* [n] in [0, n_blocks) */
    guint n_blocks;           /* 1 without blocks */
    const char **block_names; /* [n_blocks]; NULL without blocks */
} PlMembers;

void pl_members_free(PlMembers *members);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlMembers, pl_members_free)

/* The definition's members (an assignment without pairs) on the panel's stores. PL_ERROR_DATA (first 20 and a
 * count), each with file and line: a store without data, or in two groups. */
PlMembers *pl_members_resolve(const PlDefinition *def, const PlPanel *panel,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
