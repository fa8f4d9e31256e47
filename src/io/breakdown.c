/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/breakdown.h"
#include "pairlift/io/columns.h"
#include "pairlift/io/names.h"
#include "pairlift/io/row_faults.h"
#include "pairlift/io/row_set.h"
#include "pairlift/model/definition_periods.h"
#include "pairlift/model/suggest.h"
#include <math.h>
#include <string.h>

enum { DATE_LENGTH = 32, N_MEASURES = 2, GROWTH = 8, FIRST_STORES = 16 };

/* Items that come when so many totals have room (512 MB) are counted as one. */
#define MAX_CELLS ((guint64)1 << 26)
/* Stores beyond this many are no stores but, say, the numbers of receipts. */
#define MAX_STORES 131072u
#define POOLED     "(all further items)"

typedef struct {
    guint width[PL_N_PERIODS];
    double *totals[N_MEASURES][PL_N_PERIODS]; /* [store] */
} Item;

typedef struct {
    PlDay day;
    int period; /* -1: none */
    guint width;
    guint8 *open; /* [store] */
} Day;

struct PlBreakdownBuilder {
    const PlDefinition *def;
    const PlTable *table;
    const PlDateFormat *format;
    char decimal;
    const char *dimension, *column; /* NULL: not settled, or none */
    gboolean settled, asked;        /* asked: the definition says which items are promoted */
    gboolean has[N_MEASURES];
    const char *measures[N_MEASURES];
    PlNames *names, *stores;
    guint n_promoted; /* the first of the names */
    GArray *items;    /* Item */
    GArray *days;     /* Day */
    GHashTable *by_day;
    PlRowSet outside; /* rows that are not in the panel */
    guint64 n_cells, left_out, repeated, pooled;
    /* the file at hand: */
    guint store_index, date_index, item_index;
    int measure_index[N_MEASURES];
    /* the row before: */
    guint last_item, last_store, last_day;
    char last_date[DATE_LENGTH];
    gsize last_date_length;
};

PlBreakdownBuilder *pl_breakdown_builder_new(const PlDefinition *def, const PlTable *table,
                                             const PlDateFormat *format) {
    PlBreakdownBuilder *b = g_new0(PlBreakdownBuilder, 1);
    b->def = def;
    b->table = table;
    b->format = format;
    b->decimal = g_strcmp0(table->decimal, ",") == 0 ? ',' : '.';
    b->measures[PL_ITEM_UNITS] = pl_table_column(table, "units");
    b->measures[PL_ITEM_REVENUE] = pl_table_column(table, "revenue");
    b->names = pl_names_new();
    b->stores = pl_names_new();
    b->items = g_array_new(FALSE, TRUE, sizeof(Item));
    b->days = g_array_new(FALSE, TRUE, sizeof(Day));
    b->by_day = g_hash_table_new(NULL, NULL);
    return b;
}

void pl_breakdown_builder_free(PlBreakdownBuilder *b) {
    if (b == NULL)
        return;
    for (guint i = 0; i < b->items->len; i++)
        for (guint m = 0; m < N_MEASURES; m++)
            for (guint p = 0; p < PL_N_PERIODS; p++)
                g_free(g_array_index(b->items, Item, i).totals[m][p]);
    for (guint d = 0; d < b->days->len; d++)
        g_free(g_array_index(b->days, Day, d).open);
    g_array_unref(b->items);
    g_array_unref(b->days);
    g_hash_table_unref(b->by_day);
    pl_row_set_clear(&b->outside);
    pl_names_free(b->names);
    pl_names_free(b->stores);
    g_free(b);
}

const char *pl_breakdown_builder_column(const PlBreakdownBuilder *b) {
    return b->column;
}

static guint add_item(PlBreakdownBuilder *b, const char *text, gsize length) {
    Item item = {0};
    g_array_append_val(b->items, item);
    return pl_names_add(b->names, text, length);
}

static const PlEntry *condition_on(const PlBreakdownBuilder *b, const char *column) {
    for (guint i = 0; b->table->where != NULL && i < b->table->where->len; i++) {
        const PlEntry *entry = g_ptr_array_index(b->table->where, i);
        if (g_str_equal(pl_table_column(b->table, entry->key), column))
            return entry;
    }
    return NULL;
}

static gboolean names_products(const PlDefinition *def) {
    for (guint t = 0; t < def->treatments->len; t++)
        if (((const PlTreatment *)g_ptr_array_index(def->treatments, t))->products != NULL)
            return TRUE;
    return FALSE;
}

static void promote(PlBreakdownBuilder *b, GStrv names) {
    for (char **name = names; name != NULL && *name != NULL; name++)
        if (pl_names_find(b->names, *name, strlen(*name)) < 0)
            add_item(b, *name, strlen(*name));
}

/* Items are products, unless the only thing said about what is promoted is a category. Their names come
 * first. */
static void settle(PlBreakdownBuilder *b, const PlCsvHeader *header) {
    const char *product = pl_table_column(b->table, "product"),
               *category = pl_table_column(b->table, "category");
    gboolean has_product = pl_csv_header_find(header, product, TRUE, NULL) >= 0;
    gboolean has_category = pl_csv_header_find(header, category, TRUE, NULL) >= 0;
    gboolean named = names_products(b->def);
    gboolean by_category =
        has_category &&
        (!has_product || (!named && condition_on(b, product) == NULL && condition_on(b, category) != NULL));
    b->settled = TRUE;
    if (!has_product && !by_category) {
        b->asked = named;
        return;
    }
    b->dimension = by_category ? "category" : "product";
    b->column = by_category ? category : product;
    for (guint t = 0; t < b->def->treatments->len; t++)
        promote(b, ((const PlTreatment *)g_ptr_array_index(b->def->treatments, t))->products);
    const PlEntry *condition = condition_on(b, b->column);
    if (!named && condition != NULL)
        promote(b, condition->values);
    b->n_promoted = b->names->n;
    b->asked = named || condition != NULL;
    for (guint m = 0; m < N_MEASURES; m++)
        b->has[m] = pl_csv_header_find(header, b->measures[m], TRUE, NULL) >= 0;
}

gboolean pl_breakdown_builder_begin_file(PlBreakdownBuilder *b, const PlCsvHeader *header, guint store_index,
                                         guint date_index) {
    if (!b->settled)
        settle(b, header);
    if (b->column == NULL)
        return TRUE;
    int item =
        pl_csv_header_find(header, b->column, FALSE, "the first file has it, and says by it what was sold");
    for (guint m = 0; m < N_MEASURES; m++)
        b->measure_index[m] = b->has[m] ? pl_csv_header_find(header, b->measures[m], TRUE, NULL) : -1;
    b->item_index = (guint)item;
    b->store_index = store_index;
    b->date_index = date_index;
    b->last_date_length = 0;
    return item >= 0;
}

static gboolean find_day(PlBreakdownBuilder *b, PlText cell) {
    PlDay day;
    if (cell.length > 0 && cell.length == b->last_date_length &&
        memcmp(cell.text, b->last_date, cell.length) == 0)
        return TRUE;
    if (!pl_date_format_parse(b->format, cell.text, cell.length, &day))
        return FALSE;
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(b->by_day, GINT_TO_POINTER(day)));
    if (known == 0) {
        Day fresh = {.day = day, .period = (int)pl_definition_period_of(b->def, day) - 1};
        g_array_append_val(b->days, fresh);
        known = b->days->len;
        g_hash_table_insert(b->by_day, GINT_TO_POINTER(day), GUINT_TO_POINTER(known));
    }
    b->last_day = known - 1;
    b->last_date_length = cell.length <= DATE_LENGTH ? cell.length : 0;
    memcpy(b->last_date, cell.text, b->last_date_length);
    return TRUE;
}

static gboolean find_store(PlBreakdownBuilder *b, PlText cell) {
    guint next = b->last_store + 1 < b->stores->n ? b->last_store + 1 : 0;
    if (pl_names_is(b->stores, b->last_store, cell.text, cell.length))
        return TRUE;
    b->last_store = next;
    if (pl_names_is(b->stores, next, cell.text, cell.length))
        return TRUE;
    int known = pl_names_find(b->stores, cell.text, cell.length);
    if (known < 0 && (cell.length == 0 || b->stores->n >= MAX_STORES))
        return FALSE;
    b->last_store = known >= 0 ? (guint)known : pl_names_add(b->stores, cell.text, cell.length);
    return TRUE;
}

/* All further items are the last name. */
static guint pooled_item(PlBreakdownBuilder *b) {
    int known = pl_names_find(b->names, POOLED, strlen(POOLED));
    b->pooled++;
    return known >= 0 ? (guint)known : add_item(b, POOLED, strlen(POOLED));
}

static gboolean find_item(PlBreakdownBuilder *b, PlText cell) {
    guint next = b->last_item + 1 < b->names->n ? b->last_item + 1 : 0;
    if (pl_names_is(b->names, b->last_item, cell.text, cell.length))
        return TRUE;
    b->last_item = next;
    if (pl_names_is(b->names, next, cell.text, cell.length))
        return TRUE;
    int known = pl_names_find(b->names, cell.text, cell.length);
    if (known < 0 && (cell.length == 0 || !g_utf8_validate(cell.text, (gssize)cell.length, NULL)))
        return FALSE;
    if (known < 0 && (b->names->n >= PL_BREAKDOWN_MAX_ITEMS || b->n_cells > MAX_CELLS))
        b->last_item = pooled_item(b);
    else
        b->last_item = known >= 0 ? (guint)known : add_item(b, cell.text, cell.length);
    return TRUE;
}

static void *widen(void *array, gsize size, guint from, guint to) {
    char *bytes = g_realloc_n(array, to, size);
    memset(bytes + from * size, 0, (to - from) * size);
    return bytes;
}

static guint wider(const PlBreakdownBuilder *b, guint width) {
    return MAX(b->stores->n, width == 0 ? FIRST_STORES : width + width / GROWTH + FIRST_STORES);
}

static void open_store(PlBreakdownBuilder *b, Day *day) {
    if (b->last_store >= day->width) {
        guint width = wider(b, day->width);
        day->open = widen(day->open, sizeof *day->open, day->width, width);
        day->width = width;
    }
    day->open[b->last_store] = 1;
}

/* An empty value makes the total unknown, unless the definition says that it is a zero. */
static double read_value(const PlBreakdownBuilder *b, const PlCsvRow *row, int index) {
    double value;
    if (index < 0)
        return NAN; /* a later file lacks the column */
    PlText cell = pl_row_cell(row, (guint)index);
    if (pl_number_parse(cell.text, cell.length, b->decimal, &value))
        return value;
    return b->table->gaps == PL_GAPS_ZERO && pl_number_missing(cell.text, cell.length) ? 0 : NAN;
}

static void add_values(PlBreakdownBuilder *b, const PlCsvRow *row, guint period) {
    Item *item = &g_array_index(b->items, Item, b->last_item);
    guint from = item->width[period], to = b->last_store >= from ? wider(b, from) : from;
    for (guint m = 0; m < N_MEASURES; m++) {
        if (!b->has[m])
            continue;
        if (to > from) {
            item->totals[m][period] = widen(item->totals[m][period], sizeof(double), from, to);
            b->n_cells += to - from;
        }
        item->totals[m][period][b->last_store] += read_value(b, row, b->measure_index[m]);
    }
    item->width[period] = to;
}

/* Rows of the panel were looked at; the others are told apart by 64 bits of a hash. */
static gboolean is_repeated(PlBreakdownBuilder *b, const PlCsvRow *row) {
    const guint64 golden = 0x9e3779b97f4a7c15;
    if (b->table->duplicates == PL_DUPLICATES_KEEP)
        return FALSE;
    guint64 cell = ((guint64)b->last_day << 32 | b->last_store) * golden;
    return !pl_row_set_add(&b->outside, pl_hash_bytes(row->bytes, row->n_bytes) ^ cell);
}

void pl_breakdown_builder_add(PlBreakdownBuilder *b, const PlCsvRow *row, gboolean kept) {
    if (!find_item(b, pl_row_cell(row, b->item_index)) || !find_day(b, pl_row_cell(row, b->date_index)) ||
        !find_store(b, pl_row_cell(row, b->store_index))) {
        b->left_out++;
        return;
    }
    Day *day = &g_array_index(b->days, Day, b->last_day);
    if (day->period < 0)
        return;
    if (!kept && is_repeated(b, row)) {
        b->repeated++;
        return;
    }
    open_store(b, day);
    add_values(b, row, (guint)day->period);
}

static gboolean has_rows(const PlBreakdownBuilder *b, guint item) {
    const Item *i = &g_array_index(b->items, Item, item);
    return i->width[0] > 0 || i->width[1] > 0 || i->width[2] > 0;
}

void pl_breakdown_builder_check(const PlBreakdownBuilder *b, PlDiagnostics *diagnostics) {
    g_autofree const char **known = g_new0(const char *, b->names->n + 1);
    guint n_known = 0;
    for (guint i = 0; i < b->names->n; i++)
        if (has_rows(b, i))
            known[n_known++] = b->names->names[i].text;
    for (guint t = 0; b->column != NULL && t < b->def->treatments->len; t++) {
        const PlTreatment *treatment = g_ptr_array_index(b->def->treatments, t);
        for (char **name = treatment->products; name != NULL && *name != NULL; name++) {
            int item = pl_names_find(b->names, *name, strlen(*name));
            if (item >= 0 && has_rows(b, (guint)item))
                continue;
            g_autofree char *hint = pl_suggest_hint(*name, known, n_known <= 12 ? "the column holds " : NULL);
            pl_diagnostics_add(diagnostics, b->def->file, pl_definition_pos(b->def, &treatment->products),
                               hint, "treatment \"%s\": column \"%s\" has no sales of \"%s\" in the periods",
                               treatment->name, b->column, *name);
        }
    }
}

/* The stores of this pass by those of the panel; -1: the panel has none. */
static int *map_stores(const PlBreakdownBuilder *b, const PlPanel *panel) {
    int *map = g_new(int, b->stores->n + 1);
    for (guint s = 0; s < b->stores->n; s++)
        map[s] = pl_panel_store(panel, b->stores->names[s].text);
    return map;
}

static double *take_totals(double *totals, guint width, const int *map, guint n_seen, guint n_stores) {
    if (totals == NULL)
        return NULL;
    double *taken = g_new0(double, n_stores);
    for (guint s = 0; s < MIN(width, n_seen); s++)
        if (map[s] >= 0)
            taken[map[s]] = totals[s];
    g_free(totals);
    return taken;
}

static void take_items(PlBreakdownBuilder *b, const int *map, PlBreakdown *out) {
    out->items = g_new0(char *, b->names->n + 1);
    out->promoted = g_new0(gboolean, b->names->n + 1);
    out->kept = g_new0(gboolean, b->names->n + 1);
    const PlEntry *condition = b->column ? condition_on(b, b->column) : NULL;
    out->units = g_malloc0_n(b->names->n + 1, sizeof *out->units);
    out->revenue = g_malloc0_n(b->names->n + 1, sizeof *out->revenue);
    for (guint i = 0; i < b->names->n; i++) {
        Item *item = &g_array_index(b->items, Item, i);
        if (!has_rows(b, i))
            continue;
        guint at = out->n_items++;
        out->items[at] = g_steal_pointer(&b->names->names[i].text);
        out->promoted[at] = i < b->n_promoted;
        out->kept[at] = !condition || g_strv_contains((const char *const *)condition->values, out->items[at]);
        for (guint p = 0; p < PL_N_PERIODS; p++)
            for (guint m = 0; m < N_MEASURES; m++)
                (m == PL_ITEM_UNITS ? out->units : out->revenue)[at][p] = take_totals(
                    g_steal_pointer(&item->totals[m][p]), item->width[p], map, b->stores->n, out->n_stores);
    }
}

/* Under `gaps: zero` a store is open on every interval of the table. */
static void count_open(const PlBreakdownBuilder *b, const int *map, PlBreakdown *out) {
    for (guint p = 0; p < PL_N_PERIODS; p++)
        out->open[p] = g_new0(guint, out->n_stores + 1);
    for (guint d = 0; d < b->days->len; d++) {
        const Day *day = &g_array_index(b->days, Day, d);
        for (guint s = 0; day->period >= 0 && b->table->gaps == PL_GAPS_ZERO && s < out->n_stores; s++)
            out->open[day->period][s]++;
        for (guint s = 0; b->table->gaps != PL_GAPS_ZERO && s < MIN(day->width, b->stores->n); s++)
            if (day->period >= 0 && map[s] >= 0)
                out->open[day->period][map[s]] += day->open[s];
    }
}

PlBreakdown *pl_breakdown_builder_finish(PlBreakdownBuilder *b, const PlPanel *panel) {
    gboolean counts = b->column != NULL && (b->has[PL_ITEM_UNITS] || b->has[PL_ITEM_REVENUE]);
    if ((!counts || b->names->n < 2) && !b->asked)
        return NULL;
    PlBreakdown *out = g_new0(PlBreakdown, 1);
    out->dimension = g_strdup(b->dimension);
    out->n_stores = panel->n_stores;
    out->knows_promoted = b->n_promoted > 0;
    out->has_units = b->has[PL_ITEM_UNITS];
    out->has_revenue = b->has[PL_ITEM_REVENUE];
    out->left_out_rows = b->left_out;
    out->repeated_rows = b->repeated;
    out->pooled_rows = b->pooled;
    if (!counts)
        out->reason = g_strdup_printf(
            b->column == NULL
                ? "the sales table has no column \"%s\" that says which product a row is of: name it "
                  "under data, columns: {product: NAME}"
                : "the sales table has no column of units or revenue beside \"%s\": name it under "
                  "data, columns: {units: NAME} or {revenue: NAME}",
            b->column == NULL ? pl_table_column(b->table, "product") : b->column);
    g_autofree int *map = map_stores(b, panel);
    for (guint s = 0; s < b->stores->n; s++)
        out->unknown_stores += map[s] < 0 ? 1 : 0;
    take_items(b, map, out);
    count_open(b, map, out);
    return out;
}
