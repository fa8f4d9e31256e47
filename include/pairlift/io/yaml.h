/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/model/diagnostics.h"

/* YAML as a tree that remembers where each value was written. A subset on purpose: one document, no
 * anchors, aliases or tags, keys that are texts; every scalar stays the text it was, so that
 * 2024-01-31 is no date and 007 no number until a key says so. */

/* Deeper nesting and larger files are refused: no definition needs them, and hostile ones do. */
#define PL_YAML_MAX_DEPTH 32
#define PL_YAML_MAX_BYTES (1024 * 1024)

typedef enum { PL_YAML_NULL, PL_YAML_SCALAR, PL_YAML_LIST, PL_YAML_MAP } PlYamlKind;

typedef struct {
    PlYamlKind kind;
    PlPos pos;        /* of the value */
    char *text;       /* of a scalar */
    GPtrArray *items; /* of a list or a map: PlYaml*, in file order, keys given twice included */
    char *key;        /* as an item of a map: its key, else NULL */
    PlPos key_pos;
} PlYaml;

void pl_yaml_free(PlYaml *node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlYaml, pl_yaml_free)

/* The tree of `length` bytes of YAML, or NULL with at least one error added to `diagnostics` under
 * the name `file`: empty, too large, no UTF-8, a syntax error (only the first of these can be
 * found), a second document; anchors, aliases, tags, nesting deeper than PL_YAML_MAX_DEPTH, keys that
 * are no text (all of these in one go). */
PlYaml *pl_yaml_parse(const char *bytes, gsize length, const char *file, PlDiagnostics *diagnostics);
