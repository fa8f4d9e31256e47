/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/io/records.h"
#include "pairlift/model/keys.h"

/* Letters of a name that a message shows. */
#define SHOWN 60

typedef struct {
    const PlDefinition *def;
    const PlRecords *records;
    PlDiagnostics *faults;
} Check;

static void complain(const Check *c, guint row, const char *hint, const char *message) {
    const PlRecords *r = c->records;
    pl_diagnostics_add(c->faults, g_ptr_array_index(r->files, r->file[row]), (PlPos){r->line[row], 0}, hint,
                       "%s", message);
}

/* "line 12", or "old.csv, line 12" where it is another file. */
static char *place_of(const Check *c, guint first, guint row) {
    const PlRecords *r = c->records;
    if (r->file[first] == r->file[row])
        return g_strdup_printf("line %d", r->line[first]);
    return g_strdup_printf("%s, line %d", (const char *)g_ptr_array_index(r->files, r->file[first]),
                           r->line[first]);
}

static char *shown(const PlField *field, guint row, PlTimeKind kind) {
    if (field->kind == PL_FIELD_DATE)
        return field->day[row] == PL_NO_DAY ? g_strdup("empty") : pl_day_format(field->day[row], kind);
    if (field->kind == PL_FIELD_NUMBER)
        return g_strdup_printf("%.10g", field->number[row]);
    const char *text = field->level[row] == PL_NO_LEVEL ? "" : field->levels[field->level[row]];
    return g_strdup_printf("\"%.*s\"", SHOWN, text);
}

static guint32 code_of(const PlField *field, guint row) {
    return field->kind == PL_FIELD_DATE ? (guint32)field->day[row] : field->level[row];
}

/* Rows that agree in all `names` are one thing told twice. */
static void check_unique(const Check *c, const char *const *names, const char *hint) {
    const PlRecords *r = c->records;
    const PlField *fields[4] = {NULL};
    guint n = 0;
    g_autoptr(GHashTable) seen =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    for (const char *const *name = names; *name != NULL; name++)
        if (pl_records_field(r, *name) != NULL)
            fields[n++] = pl_records_field(r, *name);
    for (guint i = 0; i < r->n; i++) {
        guint32 key[4] = {0};
        for (guint k = 0; k < n; k++)
            key[k] = code_of(fields[k], i);
        GBytes *bytes = g_bytes_new(key, sizeof key);
        guint first = GPOINTER_TO_UINT(g_hash_table_lookup(seen, bytes));
        if (first == 0) {
            g_hash_table_insert(seen, bytes, GUINT_TO_POINTER(i + 1));
            continue;
        }
        g_bytes_unref(bytes);
        g_autoptr(GString) what = g_string_new(NULL);
        for (guint k = 0; k < n; k++) {
            g_autofree char *text = shown(fields[k], i, r->time_kind);
            g_string_append_printf(what, "%s%s %s", k > 0 ? ", " : "", fields[k]->name, text);
        }
        g_autofree char *place = place_of(c, first - 1, i);
        g_autofree char *message = g_strdup_printf("%s is there twice, first on %s", what->str, place);
        complain(c, i, hint, message);
    }
}

static void check_order(const Check *c, const char *first, const char *last) {
    const PlField *from = pl_records_date(c->records, first), *to = pl_records_date(c->records, last);
    for (guint i = 0; from != NULL && to != NULL && i < c->records->n; i++) {
        if (from->day[i] == PL_NO_DAY || to->day[i] == PL_NO_DAY || to->day[i] >= from->day[i])
            continue;
        g_autofree char *a = shown(from, i, c->records->time_kind), *b = shown(to, i, c->records->time_kind);
        g_autofree char *message =
            g_strdup_printf("column \"%s\": %s is before column \"%s\": %s", to->column, b, from->column, a);
        complain(c, i, "are the two columns the wrong way around?", message);
    }
}

/* A deal is over exactly when it has a day on which it ended; without a column of outcomes nothing is said.
 */
static void check_outcomes(const Check *c) {
    const PlField *outcome = pl_records_text(c->records, "outcome"),
                  *closed = pl_records_date(c->records, "closed");
    for (guint i = 0; outcome != NULL && i < c->records->n; i++) {
        if (outcome->level[i] == PL_NO_LEVEL)
            continue;
        const char *word = outcome->levels[outcome->level[i]];
        gboolean open = strcmp(word, "open") == 0, ended = closed != NULL && closed->day[i] != PL_NO_DAY;
        if (open != ended)
            continue;
        g_autofree char *message =
            open ? g_strdup_printf("the deal is open, but column \"%s\" has a day", closed->column)
                 : g_strdup_printf("the deal is %s, but has no day on which it was closed", word);
        complain(c, i,
                 open             ? "leave the day empty until the deal is won or lost"
                 : closed == NULL ? "say which column has it: columns: {closed: NAME}"
                                  : "write the day, or leave the deal open until it has one",
                 message);
    }
}

static void check_scale(const Check *c, const PlField *answers, const GStrv scale, const char *hint) {
    double low = g_ascii_strtod(scale[0], NULL), high = g_ascii_strtod(scale[1], NULL);
    for (guint i = 0; i < c->records->n; i++) {
        double x = answers->number[i];
        if (isnan(x) || (x >= low && x <= high))
            continue;
        g_autofree char *message = g_strdup_printf("column \"%s\": %.10g is off the scale of %s to %s",
                                                   answers->column, x, scale[0], scale[1]);
        complain(c, i, hint, message);
    }
}

/* A question that `energy` names has its lowest points where the score has them: it is on the same scale. */
static void check_scores(const Check *c) {
    const PlField *score = pl_records_number(c->records, "score");
    const PlSatisfactionKpi *keys = &c->def->kpis.satisfaction;
    if (keys->scale == NULL)
        return;
    if (score != NULL)
        check_scale(c, score, keys->scale,
                    "kpis: {satisfaction: {scale: [LOWEST, HIGHEST]}}; empty: no answer");
    for (char **name = keys->energy; name != NULL && *name != NULL; name++) {
        const PlField *question = pl_records_number(c->records, *name);
        if (question != NULL && question != score)
            check_scale(c, question, keys->scale,
                        "questions of energy are on the scale of the score; empty: no answer");
    }
}

static void check_positive(const Check *c, const char *name, const char *hint) {
    const PlField *field = pl_records_number(c->records, name);
    for (guint i = 0; field != NULL && i < c->records->n; i++) {
        if (isnan(field->number[i]) || field->number[i] > 0)
            continue;
        g_autofree char *message =
            g_strdup_printf("column \"%s\": %.10g is no %s", field->column, field->number[i], name);
        complain(c, i, hint, message);
    }
}

/* All rows that agree in `of` (NULL: all rows) have one value of `name`. */
static void check_one(const Check *c, const char *of, const char *name, const char *hint) {
    const PlField *field = pl_records_text(c->records, name), *key = NULL;
    if (of != NULL)
        key = pl_records_text(c->records, of);
    if (field == NULL || (of != NULL && key == NULL))
        return;
    guint n = key != NULL ? key->n_levels : 1;
    g_autofree guint *first = g_new0(guint, n + 1); /* row + 1 */
    for (guint i = 0; i < c->records->n; i++) {
        guint at = key != NULL ? key->level[i] : 0;
        if (at == PL_NO_LEVEL || field->level[i] == PL_NO_LEVEL)
            continue;
        if (first[at] == 0)
            first[at] = i + 1;
        if (field->level[first[at] - 1] == field->level[i])
            continue;
        g_autofree char *one = shown(field, first[at] - 1, PL_TIME_DATE),
                        *two = shown(field, i, PL_TIME_DATE),
                        *whose = key != NULL ? shown(key, i, PL_TIME_DATE) : g_strdup(""),
                        *place = place_of(c, first[at] - 1, i);
        g_autofree char *message = g_strdup_printf(
            "%s%s%s%scolumn \"%s\": %s here and %s on %s", key != NULL ? key->name : "",
            key != NULL ? " " : "", whose, key != NULL ? ", " : "", field->column, two, one, place);
        complain(c, i, hint, message);
    }
}

/* Where one of the rows that agree in `of` (NULL: all rows) has a value of `name`, all have. An empty cell is
 * otherwise taken to be of the same currency or unit, which nobody has said. */
static void check_filled(const Check *c, const char *of, const char *name, const char *hint) {
    const PlField *field = pl_records_text(c->records, name), *key = NULL;
    if (of != NULL)
        key = pl_records_text(c->records, of);
    if (field == NULL || (of != NULL && key == NULL))
        return;
    g_autofree guint *first = g_new0(guint, (key != NULL ? key->n_levels : 1) + 1); /* row + 1 */
    for (guint i = c->records->n; i-- > 0;)
        if (field->level[i] != PL_NO_LEVEL && (key == NULL || key->level[i] != PL_NO_LEVEL))
            first[key != NULL ? key->level[i] : 0] = i + 1;
    for (guint i = 0; i < c->records->n; i++) {
        guint at = key != NULL ? key->level[i] : 0;
        if (at == PL_NO_LEVEL || field->level[i] != PL_NO_LEVEL || first[at] == 0)
            continue;
        g_autofree char *there = shown(field, first[at] - 1, PL_TIME_DATE),
                        *whose = key != NULL ? shown(key, i, PL_TIME_DATE) : g_strdup(""),
                        *place = place_of(c, first[at] - 1, i);
        g_autofree char *message = g_strdup_printf(
            "%s%s%s%scolumn \"%s\": empty here and %s on %s", key != NULL ? key->name : "",
            key != NULL ? " " : "", whose, key != NULL ? ", " : "", field->column, there, place);
        complain(c, i, hint, message);
    }
}

static void check_unit(const Check *c, const char *hint) {
    check_one(c, "product", "unit", hint);
    check_filled(c, "product", "unit", "write the unit in every row of the product, or in none");
}

static void check_table(const Check *c) {
    static const char *const customer[] = {"customer", NULL}, *const store[] = {"store", NULL},
                             *const opportunity[] = {"opportunity", NULL},
                             *const answer[] = {"employee", "date", NULL},
                             *const prices[] = {"date", "product", "competitor", "store", NULL};
    static const char *const convert = "convert the amounts to one currency, or keep one with where";
    switch (c->records->table) {
    case PL_TABLE_CUSTOMERS:
        check_unique(c, customer, "a customer has one row");
        check_order(c, "start", "end");
        return;
    case PL_TABLE_STORES: /* of two rows only one could say the region of its sales */
        check_unique(c, store, "a store has one row");
        return;
    case PL_TABLE_OPPORTUNITIES:
        check_unique(c, opportunity, "a deal has one row");
        check_order(c, "opened", "closed");
        check_outcomes(c);
        break;
    case PL_TABLE_SURVEY:
        check_unique(c, answer, "an employee answers a survey once");
        check_scores(c);
        return;
    case PL_TABLE_COMPETITOR_PRICES:
        check_unique(c, prices, "a competitor has one price of a product at a time");
        check_positive(c, "price", "a price is above 0; leave the row out where it is not known");
        check_unit(c, "convert the prices to one unit");
        break;
    case PL_TABLE_ORDER_LINES:
        check_one(c, "order", "customer", "an order is of one customer");
        break;
    case PL_TABLE_SALES:
        check_unit(c, "convert the units to one");
        check_positive(c, "price", "a price is above 0; leave it empty where it is not known");
        break;
    default:
        return;
    }
    check_one(c, NULL, "currency", convert);
    check_filled(c, NULL, "currency", "write the currency in every row, or in none");
}

void pl_records_check(const PlDefinition *def, const PlRecords *records, PlDiagnostics *diagnostics) {
    const Check check = {def, records, diagnostics};
    check_table(&check);
}
