/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/levels.h"

#include <stdlib.h>
#include <string.h>

#include "pairlift/io/columns.h"

typedef struct {
    const char *text;
    double key; /* 0 of texts */
    guint name;
} Level;

void pl_levels_free(PlLevels *l) {
    if (!l)
        return;
    g_clear_pointer(&l->format, pl_date_format_free);
    g_free(l->labels);
    g_free(l->keys);
    g_free(l->place);
    g_free(l);
}

static gboolean key_of(const PlLevels *l, const char *text, double *key) {
    gsize length = strlen(text);
    PlDay day;
    if (l->order == PL_LEVELS_TEXTS)
        return TRUE;
    if (l->order == PL_LEVELS_NUMBERS)
        return pl_number_parse(text, length, l->decimal, key);
    if (!pl_date_format_parse(l->format, text, length, &day))
        return FALSE;
    *key = day;
    return TRUE;
}

static gboolean read_keys(const PlLevels *l, Level *levels) {
    for (guint i = 0; i < l->n; i++)
        if (!key_of(l, levels[i].text, &levels[i].key))
            return FALSE;
    return TRUE;
}

static void find_order(PlLevels *l, Level *levels) {
    l->order = PL_LEVELS_NUMBERS;
    if (l->n == 0 || read_keys(l, levels))
        return;
    const char *guess = pl_date_format_guess(levels[0].text, strlen(levels[0].text));
    l->format = guess ? pl_date_format_new(guess, NULL) : NULL;
    l->order = PL_LEVELS_DATES;
    if (l->format && read_keys(l, levels))
        return;
    l->order = PL_LEVELS_TEXTS;
    for (guint i = 0; i < l->n; i++)
        levels[i].key = 0;
}

/* Two spellings of one number ("1", "1.0") stay two levels, in the order of their bytes. */
static int compare(const void *a, const void *b) {
    const Level *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key ? 1 : strcmp(x->text, y->text);
}

PlLevels *pl_levels_sort(const PlNames *names, char decimal) {
    PlLevels *l = g_new0(PlLevels, 1);
    l->n = names->n;
    l->decimal = decimal;
    g_autofree Level *levels = g_new0(Level, l->n + 1);
    for (guint i = 0; i < l->n; i++)
        levels[i] = (Level){names->names[i].text, 0, i};
    find_order(l, levels);
    qsort(levels, l->n, sizeof *levels, compare);
    l->labels = g_new(const char *, l->n + 1);
    l->keys = g_new(double, l->n + 1);
    l->place = g_new(guint, l->n + 1);
    for (guint i = 0; i < l->n; i++) {
        l->labels[i] = levels[i].text;
        l->keys[i] = levels[i].key;
        l->place[levels[i].name] = i;
    }
    return l;
}

gboolean pl_levels_range(const PlLevels *l, const char *from, const char *to, guint *begin, guint *end) {
    double low = 0, high = 0;
    if (!key_of(l, from, &low) || !key_of(l, to, &high))
        return FALSE;
    gboolean texts = l->order == PL_LEVELS_TEXTS;
    guint i = 0;
    while (i < l->n && (texts ? strcmp(l->labels[i], from) < 0 : l->keys[i] < low))
        i++;
    *begin = i;
    while (i < l->n && (texts ? strcmp(l->labels[i], to) <= 0 : l->keys[i] <= high))
        i++;
    *end = i;
    return TRUE;
}
