/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/suggest.h"
#include <string.h>

/* Longer words are names that nobody misspells by hand; the table below stays small. */
#define MAX_LETTERS 64

typedef struct {
    gunichar letter[MAX_LETTERS];
    gsize n;
} Word;

/* FALSE: too long, or not text. */
static gboolean fold(const char *text, Word *word) {
    if (strlen(text) > 4 * MAX_LETTERS || !g_utf8_validate(text, -1, NULL))
        return FALSE;
    word->n = 0;
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        if (word->n == MAX_LETTERS)
            return FALSE;
        word->letter[word->n++] = g_unichar_tolower(g_utf8_get_char(p));
    }
    return TRUE;
}

/* Damerau (1964) in the restricted form: insert, delete, replace, swap of neighbours. */
static guint distance(const Word *a, const Word *b) {
    guint row[3][MAX_LETTERS + 1];
    guint *before = row[0], *above = row[1], *here = row[2];
    for (gsize j = 0; j <= b->n; j++)
        above[j] = (guint)j;
    for (gsize i = 1; i <= a->n; i++) {
        here[0] = (guint)i;
        for (gsize j = 1; j <= b->n; j++) {
            guint replaced = above[j - 1] + (a->letter[i - 1] != b->letter[j - 1]);
            here[j] = MIN(replaced, MIN(above[j], here[j - 1]) + 1);
            if (i > 1 && j > 1 && a->letter[i - 1] == b->letter[j - 2] &&
                a->letter[i - 2] == b->letter[j - 1])
                here[j] = MIN(here[j], before[j - 2] + 1);
        }
        guint *free_row = before;
        before = above;
        above = here;
        here = free_row;
    }
    return above[b->n];
}

const char *pl_suggest(const char *word, const char *const *candidates) {
    Word asked, offered;
    if (word == NULL || candidates == NULL || !fold(word, &asked))
        return NULL;
    guint limit = MAX(1, (guint)asked.n / 3);
    const char *best = NULL;
    for (; *candidates != NULL; candidates++) {
        if (!fold(*candidates, &offered) || offered.n == 0)
            continue;
        gsize apart = offered.n > asked.n ? offered.n - asked.n : asked.n - offered.n;
        guint d = apart > limit ? limit + 1 : distance(&asked, &offered);
        if (d <= limit && (best == NULL || d < limit)) {
            best = *candidates;
            /* a later candidate has to be strictly nearer */
            limit = d;
            if (d == 0)
                break;
        }
    }
    return best;
}

char *pl_suggest_hint(const char *word, const char *const *candidates, const char *intro) {
    const char *near = pl_suggest(word, candidates);
    if (near != NULL)
        return g_strdup_printf("did you mean \"%s\"?", near);
    g_autofree char *all = g_strjoinv(", ", (char **)candidates);
    return intro != NULL ? g_strconcat(intro, all, NULL) : NULL;
}
