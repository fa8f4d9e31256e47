/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/definition.h"

#include <errno.h>
#include <stdio.h>

#include "pairlift/io/fields.h"
#include "pairlift/io/yaml.h"

/* The file's bytes, one more than PL_YAML_MAX_BYTES at most: enough to see that it is too large, and
 * an end for those that have none. NULL with an error added. */
static GByteArray *read_bytes(const char *path, PlDiagnostics *diagnostics) {
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    FILE *file = fopen(path, "rb");
    gboolean failed = file == NULL;
    if (!failed) {
        g_byte_array_set_size(bytes, PL_YAML_MAX_BYTES + 1);
        g_byte_array_set_size(bytes, (guint)fread(bytes->data, 1, bytes->len, file));
        failed = ferror(file) != 0;
    }
    int fault = errno;
    if (file != NULL)
        fclose(file);
    if (!failed)
        return g_steal_pointer(&bytes);
    pl_diagnostics_add(diagnostics, path, (PlPos){0, 0}, NULL, "cannot be read: %s", g_strerror(fault));
    return NULL;
}

/* Pairs know where they were written, because those of other files join them later. */
static void note_pair_origins(PlDefinition *def) {
    for (guint i = 0; i < def->pairs->len; i++) {
        PlPairDef *pair = g_ptr_array_index(def->pairs, i);
        pair->file = g_strdup(def->file);
        pair->pos = pl_definition_pos(def, pair);
    }
}

/* See the header. Faults that a syntax error hides are found in the next run; all others come in one
 * go: first what single keys say, in the order of the file, then what does not fit together. */
PlDefinition *pl_definition_load(const char *path, GError **error) {
    g_autoptr(PlDiagnostics) diagnostics = pl_diagnostics_new(0);
    g_autoptr(PlDefinition) def = pl_definition_new();
    g_autoptr(PlYaml) root = NULL;
    g_autoptr(GByteArray) bytes = read_bytes(path, diagnostics);
    def->file = g_strdup(path);
    if (bytes != NULL) {
        def->folder = g_path_get_dirname(path);
        def->sha256 = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes->data, bytes->len);
        root = pl_yaml_parse((const char *)bytes->data, bytes->len, path, diagnostics);
    }
    if (root != NULL && root->kind != PL_YAML_MAP)
        pl_diagnostics_add(diagnostics, path, root->pos, "start with \"experiment: NAME\"",
                           "a definition is a map of keys");
    else if (root != NULL) {
        pl_fields_read(root, def, diagnostics);
        note_pair_origins(def);
        pl_definition_validate(def, diagnostics);
    }
    if (!pl_diagnostics_ok(diagnostics, PL_ERROR_DEFINITION, error))
        return NULL;
    return g_steal_pointer(&def);
}
