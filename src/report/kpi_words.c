/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/kpi_words.h"

#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"
#include "pairlift/report/kpi_table.h"

GPtrArray *pl_kpi_sections(const PlResult *r) {
    GPtrArray *sections = g_ptr_array_new();
    for (guint i = 0; i < r->sections->len; i++) {
        PlSection *s = g_ptr_array_index(r->sections, i);
        if (s->kpi)
            g_ptr_array_add(sections, s);
    }
    return sections;
}

const char *pl_kpi_status_words(PlKpiStatus status) {
    static const char *const words[] = {[PL_STATUS_NONE] = "no target",
                                        [PL_STATUS_ON_TARGET] = "on target",
                                        [PL_STATUS_AT_RISK] = "at risk",
                                        [PL_STATUS_OFF] = "off"};
    return words[status];
}

/* A target is a number that somebody wrote: all its digits are meant. */
static char *target_number(const PlFinding *f) {
    gboolean per_cent = f->amount == PL_AMOUNT_SHARE || f->amount == PL_AMOUNT_LIFT;
    double shown = per_cent ? 100 * f->mark->target : f->mark->target;
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(text, sizeof text, "%.10g", shown);
    const char *point = strchr(text, '.');
    g_autofree char *number = strchr(text, 'e') != NULL
                                  ? g_strdup(text)
                                  : pl_format_number(shown, point ? (int)strlen(point + 1) : 0);
    return g_strconcat(number, per_cent ? " %" : "", NULL);
}

char *pl_kpi_target_words(const PlFinding *f) {
    if (f->mark == NULL || isnan(f->mark->target))
        return g_strdup("");
    g_autofree char *number = target_number(f);
    return g_strconcat(number, f->mark->down ? " or less" : " or more", NULL);
}

const char *pl_kpi_trend_name(const PlKpiMark *mark) {
    gboolean up = strcmp(mark->trend, "rising") == 0;
    if (!up && strcmp(mark->trend, "falling") != 0)
        return "no clear trend";
    if (mark->trend_seasonal)
        return up ? "above the year before" : "below the year before";
    return mark->trend;
}

char *pl_kpi_trend_words(const PlKpiMark *mark) {
    if (mark == NULL || mark->trend == NULL)
        return g_strdup("");
    gboolean up = strcmp(mark->trend, "rising") == 0, down = strcmp(mark->trend, "falling") == 0;
    g_autofree char *p = pl_format_p_is(mark->trend_p);
    return g_strdup_printf("%s %s (%s)",
                           up     ? "\u2197"
                           : down ? "\u2198"
                                  : "\u2192",
                           pl_kpi_trend_name(mark), p);
}

/* The points that a sparkline shows: the last ones, without gaps at the ends. FALSE: fewer than two values.
 */
static gboolean span_of(const PlCurve *c, guint most, guint *from, guint *to) {
    guint n = 0;
    *from = *to = 0;
    for (guint i = c->n > most ? c->n - most : 0; i < c->n; i++) {
        if (!isfinite(c->y[i]))
            continue;
        *from = n++ == 0 ? i : *from;
        *to = i;
    }
    return n >= 2;
}

char *pl_kpi_sparkline(const PlCurve *c, guint most) {
    static const char *const blocks[] = {"\u2581", "\u2582", "\u2583", "\u2584",
                                         "\u2585", "\u2586", "\u2587", "\u2588"};
    const guint top = G_N_ELEMENTS(blocks) - 1;
    guint from, to;
    double least = INFINITY, greatest = -INFINITY;
    if (!span_of(c, most, &from, &to))
        return g_strdup("");
    for (guint i = from; i <= to; i++) {
        least = isfinite(c->y[i]) ? MIN(least, c->y[i]) : least;
        greatest = isfinite(c->y[i]) ? MAX(greatest, c->y[i]) : greatest;
    }
    GString *s = g_string_new(NULL);
    for (guint i = from; i <= to; i++) {
        double height = greatest > least ? (c->y[i] - least) / (greatest - least) : 0.5;
        g_string_append(s, isfinite(c->y[i]) ? blocks[(guint)lround(height * top)] : " ");
    }
    return g_string_free(s, FALSE);
}

char *pl_kpi_course(const PlSection *section, guint most) {
    const PlCurve *c = pl_section_curve(section, NULL, "trend");
    guint from, to;
    if (c == NULL || !span_of(c, most, &from, &to))
        return g_strdup("");
    g_autofree char *line = pl_kpi_sparkline(c, most);
    return c->x_names == NULL ? g_steal_pointer(&line)
                              : g_strdup_printf("%s %s %s", c->x_names[from], line, c->x_names[to]);
}

/* Of what has no interval and no target: a tenth of a per cent, a hundredth of a price, so that the numbers
 * of a column are alike. What is smaller keeps its three digits. */
static double precision_of(const PlFinding *f) {
    double precision = pl_finding_precision(f);
    gboolean per_cent = f->amount == PL_AMOUNT_SHARE || f->amount == PL_AMOUNT_LIFT;
    if (!isnan(precision))
        return precision;
    if (per_cent && fabs(f->value) >= 0.001)
        return 0.01;
    return f->amount == PL_AMOUNT_PRICE && fabs(f->value) >= 0.1 ? 0.1 : NAN;
}

char *pl_kpi_value(const PlFinding *f, gboolean with_unit) {
    return pl_format_amount(f->value, precision_of(f), f->amount, with_unit ? f->unit : NULL);
}

/* Names that stand before a reason; more are counted. */
enum { NAMED_MOST = 3 };

typedef struct {
    const char *reason;
    const char *label; /* of the measure; NULL: of several */
    GString *names;
    guint n, last; /* rows, and the last of them */
} Said;

static void said_free(gpointer data) {
    Said *said = data;
    g_string_free(said->names, TRUE);
    g_free(said);
}

static void say(GPtrArray *all, GHashTable *known, const PlKpiRow *row, guint i, const PlFinding *f) {
    Said *said = g_hash_table_lookup(known, f->reason);
    if (said == NULL) {
        said = g_new0(Said, 1);
        *said = (Said){f->reason, f->label, g_string_new(NULL), 0, G_MAXUINT};
        g_hash_table_insert(known, f->reason, said);
        g_ptr_array_add(all, said);
    }
    if (g_strcmp0(said->label, f->label) != 0)
        said->label = NULL;
    if (said->last == i) /* one reason of several measures counts once a row */
        return;
    said->last = i;
    g_autofree char *name = g_strjoinv(" / ", row->names);
    if (said->n++ < NAMED_MOST)
        g_string_append_printf(said->names, "%s%s", said->names->len ? ", " : "", name);
}

/* "Ada, Ben and 3 more: too few deals"; "Win rate: no deal has an outcome" when all rows lack it. */
static char *words_of(const Said *said, guint n_rows) {
    if (said->label != NULL && said->n == n_rows && n_rows > 1)
        return g_strdup_printf("%s: %s", said->label, said->reason);
    g_autofree char *more =
        said->n > NAMED_MOST ? g_strdup_printf(" and %u more", said->n - NAMED_MOST) : g_strdup("");
    if (said->label != NULL)
        return g_strdup_printf("%s (%s%s): %s", said->label, said->names->str, more, said->reason);
    return g_strdup_printf("%s%s: %s", said->names->str, more, said->reason);
}

GPtrArray *pl_kpi_reasons(const GPtrArray *rows, guint n_columns) {
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(said_free);
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < rows->len; i++) {
        const PlKpiRow *row = g_ptr_array_index(rows, i);
        for (guint k = 0; k < n_columns; k++)
            if (row->cells[k] != NULL && row->cells[k]->reason != NULL)
                say(all, known, row, i, row->cells[k]);
    }
    for (guint i = 0; i < all->len; i++)
        g_ptr_array_add(texts, words_of(g_ptr_array_index(all, i), rows->len));
    return texts;
}
