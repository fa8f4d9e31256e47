/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/fields.h"

#include <string.h>

#include "pairlift/io/scalar.h"
#include "pairlift/model/keys.h"
#include "pairlift/model/suggest.h"

/* More keys than this are a wall of text, not a hint. */
#define FEW_KEYS 12

typedef struct {
    PlDefinition *def;
    PlDiagnostics *diagnostics;
} Reader;

static void complain(Reader *reader, PlPos pos, const char *hint, const char *message) {
    pl_diagnostics_add(reader->diagnostics, reader->def->file, pos, hint, "%s", message);
}

static void *field_of(void *structure, const PlKey *key) {
    return (char *)structure + key->offset;
}

static const PlKey *find_key(const PlKey *keys, const char *name) {
    for (; keys->name != NULL; keys++)
        if (strcmp(keys->name, name) == 0)
            return keys;
    return NULL;
}

/* "the definition", or the key in quotes: where a fault is. */
static char *place_name(const char *path) {
    return *path != '\0' ? g_strdup_printf("\"%s\"", path) : g_strdup("the definition");
}

static GStrv key_names(const PlKey *keys) {
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    for (; keys->name != NULL; keys++)
        g_strv_builder_add(names, keys->name);
    return g_strv_builder_end(names);
}

/* A key that exists, only under another one: confidence belongs under analysis. */
static const char *owner_of(const char *name) {
    for (const PlKey *key = pl_definition_keys; key->name != NULL; key++)
        if (key->type == PL_KEY_MAP && find_key(key->children, name) != NULL)
            return key->name;
    return NULL;
}

static void unknown_key(Reader *reader, const PlYaml *item, const PlKey *keys, const char *path) {
    g_auto(GStrv) names = key_names(keys);
    const char *near = pl_suggest(item->key, (const char *const *)names);
    const char *owner = owner_of(item->key);
    g_autofree char *place = place_name(path), *shown = pl_scalar_excerpt(item->key), *hint = NULL;
    if (near == NULL && find_key(pl_definition_keys, item->key) != NULL)
        hint = g_strdup_printf("\"%s\" belongs to the top level, not indented", item->key);
    else if (near == NULL && owner != NULL)
        hint = g_strdup_printf("\"%s\" belongs under \"%s\"", item->key, owner);
    else if (near != NULL)
        hint = g_strdup_printf("did you mean \"%s\"?", near);
    else if (g_strv_length(names) <= FEW_KEYS) {
        g_autofree char *list = g_strjoinv(", ", names);
        hint = g_strdup_printf("possible keys: %s", list);
    } else
        hint = g_strdup("pairlift help definition lists the keys");
    g_autofree char *message = g_strdup_printf("unknown key \"%s\" in %s", shown, place);
    complain(reader, item->key_pos, hint, message);
}

static void wrong_kind(Reader *reader, const PlYaml *node, const PlKey *key) {
    static const char *const kinds[] = {[PL_YAML_NULL] = "nothing",
                                        [PL_YAML_SCALAR] = "a text",
                                        [PL_YAML_LIST] = "a list",
                                        [PL_YAML_MAP] = "a map of keys"};
    const char *wanted = "one value", *hint = NULL;
    if (key->type == PL_KEY_LIST) {
        wanted = "a list of entries";
        hint = "start each entry with \"- \", such as - {name: value}";
    } else if (key->type == PL_KEY_MAP || key->type == PL_KEY_DICT) {
        wanted = "a map of keys";
        hint = "write {name: value, ...}, or one \"name: value\" a line, indented";
    } else if (key->type == PL_KEY_TEXTS)
        wanted = "a text or a list of texts";
    g_autofree char *message =
        g_strdup_printf("\"%s\" takes %s, not %s", key->name, wanted, kinds[node->kind]);
    complain(reader, node->pos, hint, message);
}

static void read_scalar(Reader *reader, const PlYaml *node, const PlKey *key, void *field) {
    g_auto(PlFault) fault = {NULL, NULL};
    if (node->kind != PL_YAML_SCALAR)
        wrong_kind(reader, node, key);
    else if (!pl_scalar_read(key, node->text, field, &fault))
        complain(reader, node->pos, fault.hint, fault.message);
}

/* One text or a list of them; NULL with a complaint when there are others or too many of them. A map
 * counts as a text of its own: that mistake needs naming too. */
static GStrv read_texts(Reader *reader, const PlYaml *node, const PlKey *key) {
    guint n = node->kind == PL_YAML_LIST ? node->items->len : 1;
    g_autoptr(GStrvBuilder) texts = g_strv_builder_new();
    gboolean good = TRUE;
    for (guint i = 0; i < n; i++) {
        const PlYaml *item = node->kind == PL_YAML_LIST ? g_ptr_array_index(node->items, i) : node;
        g_autofree char *text = NULL;
        g_auto(PlFault) fault = {NULL, NULL};
        if (item->kind != PL_YAML_SCALAR)
            wrong_kind(reader, item, key);
        else if (!pl_scalar_read(key, item->text, &text, &fault))
            complain(reader, item->pos, fault.hint, fault.message);
        else
            g_strv_builder_add(texts, text);
        good = good && text != NULL;
    }
    if (good && (n < key->min || (key->max > 0 && n > key->max))) {
        g_autofree char *message =
            key->min == key->max && key->max > 1
                ? g_strdup_printf("\"%s\" takes exactly %.0f texts, not %u", key->name, key->min, n)
            : n < key->min && key->min > 1
                ? g_strdup_printf("\"%s\" takes at least %.0f texts, not %u", key->name, key->min, n)
            : n < key->min ? g_strdup_printf("\"%s\" is empty", key->name)
                           : g_strdup_printf("\"%s\" takes one text, not %u", key->name, n);
        complain(reader, node->pos, NULL, message);
        good = FALSE;
    }
    return good ? g_strv_builder_end(texts) : NULL;
}

static void read_dict(Reader *reader, const PlYaml *node, const PlKey *key, GPtrArray *entries) {
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < node->items->len; i++) {
        const PlYaml *item = g_ptr_array_index(node->items, i);
        g_autofree char *shown = pl_scalar_excerpt(item->key);
        if (!g_hash_table_add(seen, item->key)) {
            g_autofree char *message = g_strdup_printf("\"%s\" is given twice in \"%s\"", shown, key->name);
            complain(reader, item->key_pos, NULL, message);
            continue;
        }
        const PlKey texts = {shown, PL_KEY_TEXTS, .min = 1, .max = key->max};
        GStrv values = read_texts(reader, item, &texts);
        if (values == NULL)
            continue;
        PlEntry *entry = g_new0(PlEntry, 1);
        *entry = (PlEntry){g_strdup(item->key), values, item->key_pos};
        g_ptr_array_add(entries, entry);
    }
}

static void read_map(Reader *reader, const PlYaml *node, const PlKey *keys, void *structure,
                     const char *path);

static void read_list(Reader *reader, const PlYaml *node, const PlKey *key, GPtrArray *list,
                      const char *path) {
    for (guint i = 0; i < node->items->len; i++) {
        const PlYaml *item = g_ptr_array_index(node->items, i);
        if (item->kind != PL_YAML_MAP) {
            g_autofree char *message = g_strdup_printf("an entry of \"%s\" is not a map of keys", key->name);
            g_autofree char *hint = g_strdup_printf("such as - {%s: ...}", key->children->name);
            complain(reader, item->pos, hint, message);
            continue;
        }
        void *entry = g_malloc0(key->size);
        g_ptr_array_add(list, entry);
        pl_definition_set_pos(reader->def, entry, item->pos);
        read_map(reader, item, key->children, entry, path);
    }
    if (node->items->len == 0 && key->required) {
        g_autofree char *message = g_strdup_printf("\"%s\" is empty", key->name);
        complain(reader, node->pos, NULL, message);
    }
}

static void read_field(Reader *reader, const PlYaml *node, const PlKey *key, void *structure,
                       const char *path) {
    void *field = field_of(structure, key);
    g_autofree char *inner = *path != '\0' ? g_strconcat(path, ".", key->name, NULL) : g_strdup(key->name);
    gboolean wants_map = key->type == PL_KEY_MAP || key->type == PL_KEY_DICT;
    pl_definition_set_pos(reader->def, field, node->pos);
    if (key->type == PL_KEY_ANY)
        return;
    if ((wants_map && node->kind != PL_YAML_MAP) || (key->type == PL_KEY_LIST && node->kind != PL_YAML_LIST))
        wrong_kind(reader, node, key);
    else if (key->type == PL_KEY_MAP)
        read_map(reader, node, key->children, field, inner);
    else if (key->type == PL_KEY_DICT)
        read_dict(reader, node, key, *(GPtrArray **)field);
    else if (key->type == PL_KEY_LIST)
        read_list(reader, node, key, *(GPtrArray **)field, inner);
    else if (key->type == PL_KEY_TEXTS)
        *(GStrv *)field = read_texts(reader, node, key);
    else
        read_scalar(reader, node, key, field);
}

/* Before any value is read, so that a value replaces its default. A required choice starts as -1,
 * which marks it as unread for whoever looks at a definition with faults. */
static void set_defaults(Reader *reader, const PlKey *keys, void *structure) {
    for (const PlKey *key = keys; key->name != NULL; key++) {
        void *field = field_of(structure, key);
        g_auto(PlFault) fault = {NULL, NULL};
        if (key->type == PL_KEY_MAP)
            set_defaults(reader, key->children, field);
        else if ((key->type == PL_KEY_LIST || key->type == PL_KEY_DICT) && *(GPtrArray **)field == NULL)
            *(GPtrArray **)field = g_ptr_array_new();
        else if (key->type == PL_KEY_CHOICE && key->required)
            *(int *)field = -1;
        else if (key->fallback != NULL && !pl_scalar_read(key, key->fallback, field, &fault))
            complain(reader, (PlPos){0, 0}, "the table of keys holds a bad default", fault.message);
    }
}

static void read_map(Reader *reader, const PlYaml *node, const PlKey *keys, void *structure,
                     const char *path) {
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    set_defaults(reader, keys, structure);
    for (guint i = 0; i < node->items->len; i++) {
        PlYaml *item = g_ptr_array_index(node->items, i);
        const PlKey *key = find_key(keys, item->key);
        PlYaml *first = g_hash_table_lookup(seen, item->key);
        if (strcmp(item->key, "...") == 0)
            continue; /* the ellipsis of an example: kpis: {...} */
        if (key == NULL)
            unknown_key(reader, item, keys, path);
        else if (first != NULL) {
            g_autofree char *message =
                g_strdup_printf("\"%s\" is given twice, first on line %d", item->key, first->key_pos.line);
            complain(reader, item->key_pos, NULL, message);
        } else {
            g_hash_table_insert(seen, item->key, item);
            if (item->kind != PL_YAML_NULL)
                read_field(reader, item, key, structure, path);
        }
    }
    for (const PlKey *key = keys; key->name != NULL; key++) {
        const PlYaml *given = g_hash_table_lookup(seen, key->name);
        if (!key->required || (given != NULL && given->kind != PL_YAML_NULL))
            continue;
        g_autofree char *place = place_name(path);
        g_autofree char *message = given != NULL
                                       ? g_strdup_printf("\"%s\" has no value", key->name)
                                       : g_strdup_printf("missing key \"%s\" in %s", key->name, place);
        complain(reader, given != NULL ? given->key_pos : node->pos, key->meaning, message);
    }
}

void pl_fields_read(const PlYaml *root, PlDefinition *def, PlDiagnostics *diagnostics) {
    Reader reader = {def, diagnostics};
    read_map(&reader, root, pl_definition_keys, def, "");
}
