/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/definition.h"
#include "pairlift/stats/methods.h"

/* How the stores are compared, as far as the choice of a method goes. */
typedef struct {
    gboolean groups;
    guint n;          /* pairs; of groups, stores of the smallest group */
    gboolean blocks;  /* of groups: drawn within blocks */
    guint n_deciding; /* tests that share the level */
} PlMethodNeed;

/* The methods of a definition, the deciding one first; when it names none, those of the design, and `why`
 * says in a sentence how the deciding one was chosen (free with g_free). Returns a NULL-terminated array of
 * rows of pl_methods (free the array), or NULL and PL_ERROR_DEFINITION: a method that does not exist (with
 * "did you mean"), or not for this design. */
const PlMethod **pl_choose_methods(const PlDefinition *def, PlMethodNeed need, char **why,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
