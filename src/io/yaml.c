/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/yaml.h"

#include <string.h>
#include <yaml.h>

typedef struct {
    yaml_parser_t parser;
    yaml_event_t event; /* the one under consideration */
    const char *bytes;
    gsize length;
    const char *file;
    PlDiagnostics *diagnostics;
    gboolean broken; /* no further event is to be had */
} Reader;

void pl_yaml_free(PlYaml *node) {
    if (node == NULL)
        return;
    g_free(node->text);
    g_free(node->key);
    if (node->items != NULL)
        g_ptr_array_unref(node->items);
    g_free(node);
}

static void node_free(gpointer node) {
    pl_yaml_free(node);
}

static PlPos from_mark(yaml_mark_t mark) {
    return (PlPos){(int)mark.line + 1, (int)mark.column + 1};
}

/* Line and column, in letters, of a byte that libyaml's own marks do not reach. */
static PlPos from_offset(const char *bytes, gsize offset) {
    PlPos pos = {1, 1};
    for (gsize i = 0; i < offset; i++) {
        if (bytes[i] == '\n')
            pos = (PlPos){pos.line + 1, 1};
        else if ((bytes[i] & 0xc0) != 0x80)
            pos.column++;
    }
    return pos;
}

/* What libyaml calls a problem, what it usually is, and what to do about it. */
static const struct {
    const char *problem, *words, *hint;
} plain_words[] = {
    {"found character that cannot start any token", "a value cannot begin with this character",
     "put the text in quotes"},
    {"did not find expected alphabetic or numeric character", "a value cannot begin with & or *",
     "put the text in quotes"},
    {"mapping values are not allowed in this context", "a colon in an unexpected place",
     "put a text that holds \": \" in quotes, and check the indentation"},
    {"could not find expected ':'", "a line that is neither \"key: value\" nor a list entry \"- value\"",
     "a colon after the key is missing, or a quote is not closed"},
    {"did not find expected key", "the indentation fits nothing above, or a bracket or quote is not closed",
     "keys of one level start in the same column"},
    {"did not find expected '-' indicator", "a list entry without its \"- \"",
     "the entries of one list start in the same column, each with \"- \""},
    {"did not find expected ',' or ']'", "a list in [ ] is not closed, or a comma is missing", NULL},
    {"did not find expected ',' or '}'", "a map in { } is not closed, or a comma is missing", NULL},
    {"did not find expected <document start>", "text that belongs to no key",
     "keys of one level start in the same column"},
    {"found unexpected end of stream", "a quote is not closed before the end of the file", NULL},
    {"block sequence entries are not allowed in this context", "a list entry \"- \" in an unexpected place",
     "a list starts on the line below its key"},
};

static gboolean is_tab_problem(const Reader *reader) {
    const char *problem = reader->parser.problem;
    if (problem == NULL || strcmp(problem, "found character that cannot start any token") != 0)
        return problem != NULL && strstr(problem, "tab character") != NULL;
    glong index = (glong)reader->parser.problem_mark.index; /* in letters */
    return index < g_utf8_strlen(reader->bytes, (gssize)reader->length) &&
           *g_utf8_offset_to_pointer(reader->bytes, index) == '\t';
}

static void syntax_error(Reader *reader) {
    const yaml_parser_t *parser = &reader->parser;
    const char *words = parser->problem != NULL ? parser->problem : "not readable", *hint = NULL;
    gboolean undecoded = parser->error == YAML_READER_ERROR;
    PlPos pos = undecoded ? from_offset(reader->bytes, MIN(parser->problem_offset, reader->length))
                          : from_mark(parser->problem_mark);
    reader->broken = TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(plain_words); i++)
        if (strcmp(words, plain_words[i].problem) == 0) {
            hint = plain_words[i].hint;
            words = plain_words[i].words;
            break;
        }
    if (is_tab_problem(reader)) {
        words = "a tab character cannot indent";
        hint = "indent with spaces";
    }
    g_autofree char *began = NULL;
    if (!undecoded && parser->context != NULL && (int)parser->context_mark.line + 1 < pos.line)
        began = g_strdup_printf(" (%s that began on line %d)", parser->context,
                                (int)parser->context_mark.line + 1);
    pl_diagnostics_add(reader->diagnostics, reader->file, pos, hint, "YAML: %s%s", words,
                       began != NULL ? began : "");
}

/* FALSE once the text is used up or broken; frees the event before. */
static gboolean next_event(Reader *reader) {
    yaml_event_delete(&reader->event);
    if (!reader->broken && !yaml_parser_parse(&reader->parser, &reader->event))
        syntax_error(reader);
    return !reader->broken;
}

static void refuse(Reader *reader, const char *hint, const char *what) {
    pl_diagnostics_add(reader->diagnostics, reader->file, from_mark(reader->event.start_mark), hint, "%s",
                       what);
}

static void refuse_extras(Reader *reader, gboolean anchored, gboolean tagged) {
    if (anchored)
        refuse(reader, "write the value out where it is needed", "anchors (&name) are not supported");
    if (tagged)
        refuse(reader, "remove it", "tags (!name) are not supported");
}

static gboolean is_null(const yaml_event_t *event) {
    static const char *const words[] = {"", "~", "null", "Null", "NULL", NULL};
    return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           g_strv_contains(words, (const char *)event->data.scalar.value);
}

static PlYaml *read_node(Reader *reader, int depth);

static void read_items(Reader *reader, PlYaml *node, yaml_event_type_t end, int depth) {
    node->items = g_ptr_array_new_with_free_func(node_free);
    while (next_event(reader) && reader->event.type != end) {
        PlYaml *key = NULL;
        if (node->kind == PL_YAML_MAP) {
            key = read_node(reader, depth);
            if (!reader->broken && key->kind != PL_YAML_SCALAR)
                pl_diagnostics_add(reader->diagnostics, reader->file, key->pos, NULL,
                                   "a key has to be a text");
            if (reader->broken || !next_event(reader)) {
                pl_yaml_free(key);
                return;
            }
        }
        PlYaml *item = read_node(reader, depth);
        if (key != NULL) {
            item->key = key->text != NULL ? g_steal_pointer(&key->text) : g_strdup("");
            item->key_pos = key->pos;
            pl_yaml_free(key);
        }
        g_ptr_array_add(node->items, item);
    }
}

/* The node that starts with the present event; its last event is the present one afterwards. */
static PlYaml *read_node(Reader *reader, int depth) {
    const yaml_event_t *event = &reader->event;
    PlYaml *node = g_new0(PlYaml, 1);
    node->pos = from_mark(event->start_mark);
    if (depth > PL_YAML_MAX_DEPTH) {
        refuse(reader, NULL, "nested too deeply");
        reader->broken = TRUE;
        return node;
    }
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        refuse_extras(reader, event->data.scalar.anchor != NULL, event->data.scalar.tag != NULL);
        node->kind = is_null(event) ? PL_YAML_NULL : PL_YAML_SCALAR;
        if (node->kind == PL_YAML_SCALAR)
            node->text = g_strdup((const char *)event->data.scalar.value);
        if (strlen((const char *)event->data.scalar.value) != event->data.scalar.length)
            refuse(reader, NULL, "a text holds a NUL character");
        break;
    case YAML_SEQUENCE_START_EVENT:
        refuse_extras(reader, event->data.sequence_start.anchor != NULL,
                      event->data.sequence_start.tag != NULL);
        node->kind = PL_YAML_LIST;
        read_items(reader, node, YAML_SEQUENCE_END_EVENT, depth + 1);
        break;
    case YAML_MAPPING_START_EVENT:
        refuse_extras(reader, event->data.mapping_start.anchor != NULL,
                      event->data.mapping_start.tag != NULL);
        node->kind = PL_YAML_MAP;
        read_items(reader, node, YAML_MAPPING_END_EVENT, depth + 1);
        break;
    default: /* the only event left that can stand for a node: an alias */
        refuse(reader, "write the value out where it is needed", "aliases (*name) are not supported");
    }
    return node;
}

static PlYaml *read_document(Reader *reader) {
    if (!next_event(reader) || !next_event(reader)) /* start of stream, start of document */
        return NULL;
    if (reader->event.type == YAML_STREAM_END_EVENT) {
        pl_diagnostics_add(reader->diagnostics, reader->file, (PlPos){0, 0}, NULL, "the file is empty");
        return NULL;
    }
    if (!next_event(reader))
        return NULL;
    PlYaml *root = read_node(reader, 0);
    if (!reader->broken && next_event(reader) && next_event(reader) && /* end of document, then */
        reader->event.type != YAML_STREAM_END_EVENT)
        refuse(reader, "put each experiment in a file of its own", "a second document begins here");
    return root;
}

PlYaml *pl_yaml_parse(const char *bytes, gsize length, const char *file, PlDiagnostics *diagnostics) {
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    const char *bad;
    if (length >= 3 && memcmp(bytes, byte_order_mark, 3) == 0) {
        bytes += 3;
        length -= 3;
    }
    if (length > PL_YAML_MAX_BYTES) {
        pl_diagnostics_add(diagnostics, file, (PlPos){0, 0}, "large tables belong in CSV files",
                           "larger than 1 MB");
        return NULL;
    }
    if (!g_utf8_validate(bytes, (gssize)length, &bad)) {
        pl_diagnostics_add(diagnostics, file, from_offset(bytes, (gsize)(bad - bytes)),
                           "save the file as UTF-8", "byte 0x%02x is not text in UTF-8", (guint)(guchar)*bad);
        return NULL;
    }
    Reader reader = {.bytes = bytes, .length = length, .file = file, .diagnostics = diagnostics};
    if (!yaml_parser_initialize(&reader.parser)) {
        pl_diagnostics_add(diagnostics, file, (PlPos){0, 0}, NULL, "out of memory");
        return NULL;
    }
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)bytes, length);
    guint before = pl_diagnostics_count(diagnostics);
    g_autoptr(PlYaml) root = read_document(&reader);
    yaml_event_delete(&reader.event);
    yaml_parser_delete(&reader.parser);
    return pl_diagnostics_count(diagnostics) == before ? g_steal_pointer(&root) : NULL;
}
