/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* The declarative table of the definition's keys. The loader, its "did you mean", docs/definition.md
 * and `pairlift help definition` all come from it. */

typedef enum {
    PL_KEY_TEXT,    /* char *: any non-empty text */
    PL_KEY_NAME,    /* char *: letters, digits, - and _ */
    PL_KEY_NUMBER,  /* double, in [min, max] */
    PL_KEY_INTEGER, /* gint64, in [min, max] */
    PL_KEY_TRUTH,   /* int: 0 not said, 1 true, 2 false */
    PL_KEY_CHOICE,  /* int: index into choices */
    PL_KEY_WORD,    /* char *: one of choices */
    PL_KEY_TEXTS,   /* GStrv: one text or a list of them */
    PL_KEY_MAP,     /* a structure of its own keys */
    PL_KEY_LIST,    /* GPtrArray of structures, each with the children as keys */
    PL_KEY_DICT,    /* GPtrArray of PlEntry: free keys to one text or a list */
    PL_KEY_ANY,     /* accepted as it is, for a later version; not kept */
} PlKeyType;

typedef struct PlKey {
    const char *name; /* NULL ends a table */
    PlKeyType type;
    gboolean required;    /* wherever the structure that holds it is written */
    gsize offset;         /* of the field in the structure that holds it */
    const char *fallback; /* default as it would be written; NULL: none */
    double min, max;      /* for numbers; both 0: any. PL_KEY_TEXTS: how many; PL_KEY_DICT: at most how
                             many an entry (0: any); PL_KEY_NAME: at most how many letters */
    const char *const *choices;
    const struct PlKey *children;
    gsize size; /* of a list's structure */
    const char *meaning;
} PlKey;

/* The top level of a definition; its structure is PlDefinition. */
extern const PlKey pl_definition_keys[];

/* Names of an enumeration, in the order of its values; NULL ends. */
extern const char *const pl_table_names[],
    *const pl_gaps_names[], *const pl_duplicates_names[], *const pl_scale_names[],
                                                              *const pl_alt_names[],
                                                                  *const pl_adjust_names[],
                                                                      *const pl_treatment_kinds[];

/* The roles of each table's columns (contract, "Roles of the columns"), indexed by PlTableKind. */
typedef struct {
    const char *const *required;
    const char *const *optional;
} PlRoles;
extern const PlRoles pl_table_roles[];

/* The table of keys as Markdown: docs/definition.md. Free with g_free. */
char *pl_keys_markdown(void);
