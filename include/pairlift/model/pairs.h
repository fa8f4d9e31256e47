/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/definition.h"
#include "pairlift/model/panel.h"

typedef struct {
    const char *id;        /* "S01 / S07", or the assignment's own */
    guint test, control;   /* store indices of the panel */
    const char *treatment; /* its name */
    const PlPairDef *origin;
} PlPair;

/* The definition's pairs on the panel's stores. PL_ERROR_DATA (first 20 and a count), each with file
 * and line: a store in two pairs, a store paired with itself, a store without data, an unknown
 * treatment. Elements are PlPair*, owned by the array; texts belong to `def`. */
GPtrArray *pl_pairs_resolve(const PlDefinition *def, const PlPanel *panel,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
