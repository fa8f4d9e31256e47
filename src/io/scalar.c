/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/scalar.h"

#include <math.h>
#include <string.h>

#include "pairlift/io/columns.h"
#include "pairlift/model/suggest.h"

#define EXCERPT_LETTERS 60

void pl_fault_clear(PlFault *fault) {
    g_clear_pointer(&fault->message, g_free);
    g_clear_pointer(&fault->hint, g_free);
}

char *pl_scalar_excerpt(const char *text) {
    if (g_utf8_strlen(text, -1) <= EXCERPT_LETTERS)
        return g_strdup(text);
    g_autofree char *start = g_utf8_substring(text, 0, EXCERPT_LETTERS);
    return g_strconcat(start, "...", NULL);
}

static void put_text(void *field, const char *text) {
    g_free(*(char **)field);
    *(char **)field = g_strdup(text);
}

static gboolean read_text(const PlKey *key, const char *text, void *field, PlFault *fault) {
    g_autofree char *blank = g_strstrip(g_strdup(text));
    if (*blank == '\0') {
        fault->message = g_strdup_printf("\"%s\" is empty", key->name);
        return FALSE;
    }
    put_text(field, text);
    return TRUE;
}

static gboolean read_name(const PlKey *key, const char *text, void *field, PlFault *fault) {
    static const char allowed[] = G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_";
    g_autofree char *shown = pl_scalar_excerpt(text);
    if (*text == '\0') {
        fault->message = g_strdup_printf("\"%s\" is empty", key->name);
        return FALSE;
    }
    if (text[strspn(text, allowed)] != '\0') {
        g_autofree char *tame = g_str_to_ascii(shown, "C");
        g_strcanon(tame, allowed, '-');
        fault->message = g_strdup_printf("\"%s\": \"%s\" is not a name", key->name, shown);
        fault->hint = g_strdup_printf("only letters, digits, - and _: \"%s\"", tame);
        return FALSE;
    }
    if (key->max > 0 && (double)strlen(text) > key->max) {
        fault->message = g_strdup_printf("\"%s\": \"%s\" has %" G_GSIZE_FORMAT " letters, more than %.0f",
                                         key->name, shown, strlen(text), key->max);
        return FALSE;
    }
    put_text(field, text);
    return TRUE;
}

/* A hint for a text that is nearly a number: "1,5", "95 %", "2.500,00". */
static char *hint_number(const char *text) {
    g_autofree char *tidy = g_strstrip(g_strdup(text));
    gsize length = strlen(tidy);
    double value;
    if (length > 0 && tidy[length - 1] == '%') {
        tidy[length - 1] = '\0';
        g_strchomp(tidy);
        if (pl_number_parse(tidy, strlen(tidy), '.', &value) ||
            pl_number_parse(tidy, strlen(tidy), ',', &value))
            return g_strdup_printf("write it as a share: %.10g", value / 100);
    }
    if (pl_number_parse(tidy, length, ',', &value))
        return g_strdup_printf("write a decimal point: %.10g", value);
    return NULL;
}

static gboolean check_range(const PlKey *key, const char *text, double value, PlFault *fault) {
    gboolean any = key->min == 0 && key->max == 0;
    if (any || (value >= key->min && value <= key->max))
        return TRUE;
    if (isinf(key->max))
        fault->message = g_strdup_printf("\"%s\": %s is below %.15g", key->name, text, key->min);
    else
        fault->message =
            g_strdup_printf("\"%s\": %s is not between %.15g and %.16g", key->name, text, key->min, key->max);
    if (key->max <= 1 && value / 100 >= key->min && value / 100 <= key->max)
        fault->hint = g_strdup_printf("%s %% is written %.10g", text, value / 100);
    return FALSE;
}

static gboolean read_number(const PlKey *key, const char *text, void *field, PlFault *fault) {
    g_autofree char *shown = pl_scalar_excerpt(text);
    double value;
    if (!pl_number_parse(text, strlen(text), '.', &value)) {
        fault->message = g_strdup_printf("\"%s\": \"%s\" is not a number", key->name, shown);
        fault->hint = hint_number(text);
        return FALSE;
    }
    if (!check_range(key, shown, value, fault))
        return FALSE;
    *(double *)field = value;
    return TRUE;
}

static gboolean read_integer(const PlKey *key, const char *text, void *field, PlFault *fault) {
    g_autofree char *shown = pl_scalar_excerpt(text);
    double nearly;
    gint64 value;
    if (!g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &value, NULL)) {
        fault->message = g_strdup_printf("\"%s\": \"%s\" is not a whole number", key->name, shown);
        if (pl_number_parse(text, strlen(text), '.', &nearly) && nearly == floor(nearly) &&
            fabs(nearly) < 1e15)
            fault->hint = g_strdup_printf("write %.0f", nearly);
        return FALSE;
    }
    if (!check_range(key, shown, (double)value, fault))
        return FALSE;
    *(gint64 *)field = value;
    return TRUE;
}

static gboolean read_truth(const PlKey *key, const char *text, void *field, PlFault *fault) {
    static const char *const words[] = {"yes", "true", "on", "no", "false", "off", NULL};
    for (int i = 0; words[i] != NULL; i++)
        if (g_ascii_strcasecmp(text, words[i]) == 0) {
            *(int *)field = i < 3 ? 1 : 2;
            return TRUE;
        }
    g_autofree char *shown = pl_scalar_excerpt(text);
    fault->message = g_strdup_printf("\"%s\": \"%s\" is neither yes nor no", key->name, shown);
    return FALSE;
}

/* For both types that have choices: CHOICE keeps the index, WORD the word. */
static gboolean read_choice(const PlKey *key, const char *text, void *field, PlFault *fault) {
    for (int i = 0; key->choices[i] != NULL; i++)
        if (strcmp(text, key->choices[i]) == 0) {
            if (key->type == PL_KEY_CHOICE)
                *(int *)field = i;
            else
                put_text(field, text);
            return TRUE;
        }
    g_autofree char *shown = pl_scalar_excerpt(text);
    g_autofree char *list = g_strjoinv(" | ", (char **)key->choices);
    /* every mark of punctuation is one letter away from every other */
    const char *near = strlen(text) > 2 ? pl_suggest(text, key->choices) : NULL;
    fault->message = g_strdup_printf("\"%s\": \"%s\" is not one of %s", key->name, shown, list);
    if (near != NULL)
        fault->hint = g_strdup_printf("did you mean \"%s\"?", near);
    return FALSE;
}

gboolean pl_scalar_read(const PlKey *key, const char *text, void *field, PlFault *fault) {
    switch (key->type) {
    case PL_KEY_NAME:
        return read_name(key, text, field, fault);
    case PL_KEY_NUMBER:
        return read_number(key, text, field, fault);
    case PL_KEY_INTEGER:
        return read_integer(key, text, field, fault);
    case PL_KEY_TRUTH:
        return read_truth(key, text, field, fault);
    case PL_KEY_CHOICE:
    case PL_KEY_WORD:
        return read_choice(key, text, field, fault);
    default:
        return read_text(key, text, field, fault);
    }
}
