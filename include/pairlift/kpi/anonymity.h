/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/records.h"

/* Which groups of people may be shown so that no answer of fewer than so many people can be told, not even by
 * taking what is shown from what else is shown. */
typedef struct {
    guint n_columns, n; /* n: people in all */
    guint *n_groups;    /* [n_columns] */
    guint **count;      /* [n_columns][n_groups] people */
    gboolean **hidden;  /* [n_columns][n_groups] */
    gboolean given_up;  /* too many groups to be held against each other: only the first column is shown */
} PlAnonymity;

/* Of n people, the i-th of whom is in group of[c][row[i]] of column c (PL_NO_LEVEL: in none).
 *
 * Hidden is a group with fewer than `smallest` people; then, in each column, the next smaller ones until
 * those that are hidden or without a group are at least `smallest` together and more than one group, for the
 * total less what is shown is what they have in common. With several columns all sets of fewer than
 * `smallest` people are looked through whose sum follows from the groups shown and the total by adding and
 * subtracting; as long as there is one, the smallest group shown is hidden. Where there are too many sets,
 * only the first column is shown. `n` below `smallest`: nothing is. Free with pl_anonymity_free. */
PlAnonymity *pl_anonymity_new(const guint *const *of, const guint *n_groups, guint n_columns,
                              const guint *row, guint n, guint smallest);
void pl_anonymity_free(PlAnonymity *anonymity);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlAnonymity, pl_anonymity_free)

/* Groups of a column with people in them that are hidden, and those people. */
guint pl_anonymity_hidden(const PlAnonymity *anonymity, guint column, guint *n_people);
