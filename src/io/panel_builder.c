/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/panel_builder.h"
#include "pairlift/io/row_set.h"
#include <math.h>
#include <stdlib.h>

/* While loading, a cell's count of rows and 40 bits of the first row's hash share a word, so that a table
 * with one row a cell needs no second array; the hashes of later rows go to a set. */
enum { COUNT_BITS = 24 };
#define COUNT_MASK ((((guint64)1) << COUNT_BITS) - 1)

/* Slabs grow by an eighth, so that growing costs little memory; most days start at full width. */
enum { GROWTH = 8, FIRST_STORES = 16 };

typedef struct {
    PlDay day;
    guint width; /* stores for which there is room */
    guint64 *cells;
    double **sum;    /* [measure] */
    guint32 **empty; /* [measure] rows without a value, of an average; NULL: none */
} Slot;

struct PlPanelBuilder {
    guint n_measures;
    gboolean *averaged; /* [measure] */
    gboolean find_repeated;
    PlRowSet later_rows; /* those that are not the first of their cell */
    PlNames *stores;
    GArray *slots;      /* Slot */
    GHashTable *by_day; /* day -> slot + 1 */
    guint64 n_cells, n_rows;
};

PlPanelBuilder *pl_panel_builder_new(guint n_measures, const gboolean *averaged, gboolean find_repeated) {
    PlPanelBuilder *builder = g_new0(PlPanelBuilder, 1);
    builder->n_measures = n_measures;
    builder->averaged = g_memdup2(averaged, n_measures * sizeof *averaged);
    builder->find_repeated = find_repeated;
    builder->stores = pl_names_new();
    builder->slots = g_array_new(FALSE, TRUE, sizeof(Slot));
    builder->by_day = g_hash_table_new(NULL, NULL);
    return builder;
}

static Slot *slot_at(const PlPanelBuilder *builder, guint slot) {
    return &g_array_index(builder->slots, Slot, slot);
}

void pl_panel_builder_free(PlPanelBuilder *builder) {
    if (builder == NULL)
        return;
    for (guint s = 0; s < builder->slots->len; s++) {
        Slot *slot = slot_at(builder, s);
        for (guint m = 0; m < builder->n_measures; m++) {
            g_free(slot->sum[m]);
            g_free(slot->empty[m]);
        }
        g_free(slot->sum);
        g_free(slot->empty);
        g_free(slot->cells);
    }
    g_array_unref(builder->slots);
    g_hash_table_unref(builder->by_day);
    g_free(builder->averaged);
    pl_row_set_clear(&builder->later_rows);
    pl_names_free(builder->stores);
    g_free(builder);
}

PlNames *pl_panel_builder_stores(PlPanelBuilder *builder) {
    return builder->stores;
}

guint pl_panel_builder_slot(PlPanelBuilder *builder, PlDay day) {
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(builder->by_day, GINT_TO_POINTER(day)));
    if (known > 0)
        return known - 1;
    Slot slot = {.day = day,
                 .sum = g_new0(double *, builder->n_measures),
                 .empty = g_new0(guint32 *, builder->n_measures)};
    g_array_append_val(builder->slots, slot);
    g_hash_table_insert(builder->by_day, GINT_TO_POINTER(day), GUINT_TO_POINTER(builder->slots->len));
    return builder->slots->len - 1;
}

gboolean pl_panel_builder_slot_is(const PlPanelBuilder *builder, guint slot, PlDay day) {
    return slot < builder->slots->len && slot_at(builder, slot)->day == day;
}

static void *resize(void *array, gsize size, guint from, guint to) {
    char *bytes = g_realloc_n(array, to, size);
    if (to > from)
        memset(bytes + from * size, 0, (to - from) * size);
    return bytes;
}

static void set_width(PlPanelBuilder *builder, Slot *slot, guint width) {
    slot->cells = resize(slot->cells, sizeof *slot->cells, slot->width, width);
    for (guint m = 0; m < builder->n_measures; m++) {
        slot->sum[m] = resize(slot->sum[m], sizeof *slot->sum[m], slot->width, width);
        if (slot->empty[m] != NULL)
            slot->empty[m] = resize(slot->empty[m], sizeof *slot->empty[m], slot->width, width);
    }
    builder->n_cells += (guint64)width - slot->width;
    slot->width = width;
}

static gboolean is_sparse(guint64 cells, guint64 rows) {
    return cells > PL_PANEL_MAX_SPARSE && rows < cells / PL_PANEL_MIN_FILL;
}

gboolean pl_panel_builder_is_sparse(const PlPanelBuilder *builder) {
    return is_sparse((guint64)builder->stores->n * builder->slots->len, builder->n_rows);
}

/* FALSE: the table is a mistake. Most slabs start with room for every store seen so far. */
static gboolean make_room(PlPanelBuilder *builder, Slot *slot) {
    guint grown = slot->width == 0 ? FIRST_STORES : slot->width + slot->width / GROWTH + FIRST_STORES;
    set_width(builder, slot, MAX(builder->stores->n, grown));
    return !is_sparse(builder->n_cells, builder->n_rows);
}

/* The same bytes are another row in another cell: of a file with other columns in their places. */
static guint64 row_key(guint store, guint slot, guint64 hash) {
    const guint64 golden = 0x9e3779b97f4a7c15;
    return hash ^ ((guint64)slot << 32 | store) * golden;
}

static void add_value(Slot *slot, guint measure, guint store, gboolean averaged, double value) {
    if (G_LIKELY(!averaged || !isnan(value))) {
        slot->sum[measure][store] += value;
        return;
    }
    if (slot->empty[measure] == NULL)
        slot->empty[measure] = g_new0(guint32, slot->width);
    slot->empty[measure][store]++;
}

PlRowKind pl_panel_builder_add(PlPanelBuilder *builder, guint store, guint slot, guint64 hash,
                               const double *values) {
    Slot *s = slot_at(builder, slot);
    if (G_UNLIKELY(store >= s->width) && !make_room(builder, s))
        return PL_ROW_SPARSE;
    guint64 *cell = &s->cells[store];
    if ((*cell & COUNT_MASK) == 0)
        *cell = hash & ~COUNT_MASK;
    else if ((*cell & COUNT_MASK) == PL_PANEL_MAX_ROWS)
        return PL_ROW_TOO_MANY;
    else if (builder->find_repeated && (*cell >> COUNT_BITS == hash >> COUNT_BITS ||
                                        !pl_row_set_add(&builder->later_rows, row_key(store, slot, hash))))
        return PL_ROW_REPEATED;
    (*cell)++;
    for (guint m = 0; m < builder->n_measures; m++)
        add_value(s, m, store, builder->averaged[m], values[m]);
    builder->n_rows++;
    return PL_ROW_NEW;
}

static gint by_day(gconstpointer a, gconstpointer b) {
    const Slot *x = a, *y = b;
    return (x->day > y->day) - (x->day < y->day);
}

/* The counts move to the front of their own array, which then shrinks: no second one is needed. */
static guint32 *take_counts(Slot *slot, guint n_stores) {
    guint64 *cells = g_steal_pointer(&slot->cells);
    char *packed = (char *)cells;
    for (guint i = 0; i < n_stores; i++) {
        guint32 count = (guint32)(cells[i] & COUNT_MASK);
        memcpy(packed + i * sizeof count, &count, sizeof count);
    }
    return g_realloc_n(cells, MAX(n_stores, 1), sizeof(guint32));
}

/* What was counted is the rows without a value; the panel keeps those with one. */
static guint32 *take_n_values(Slot *slot, guint measure, const guint32 *rows, guint n_stores) {
    guint32 *values = g_steal_pointer(&slot->empty[measure]);
    for (guint i = 0; values != NULL && i < n_stores; i++) {
        values[i] = rows[i] - values[i];
        if (values[i] == 0)
            slot->sum[measure][i] = NAN;
    }
    return values;
}

static void take_slot(PlPanel *panel, guint time, Slot *slot) {
    panel->times[time] = slot->day;
    panel->rows[time] = take_counts(slot, panel->n_stores);
    for (guint m = 0; m < panel->n_measures; m++) {
        gsize at = (gsize)time * panel->n_measures + m;
        panel->n_values[at] = take_n_values(slot, m, panel->rows[time], panel->n_stores);
        panel->sum[at] = g_steal_pointer(&slot->sum[m]);
    }
}

PlPanel *pl_panel_builder_finish(PlPanelBuilder *builder, PlTimeKind kind, const char *const *measures) {
    PlPanel *panel = g_new0(PlPanel, 1);
    pl_row_set_clear(&builder->later_rows);
    guint n = builder->stores->n, n_measures = builder->n_measures;
    g_array_sort(builder->slots, by_day);
    panel->kind = kind;
    panel->n_stores = n;
    panel->n_times = builder->slots->len;
    panel->n_measures = panel->n_needed = n_measures;
    panel->gross_profit = -1;
    panel->stores = g_new0(char *, n);
    panel->store_index = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < n; i++) {
        panel->stores[i] = g_steal_pointer(&builder->stores->names[i].text);
        g_hash_table_insert(panel->store_index, panel->stores[i], GUINT_TO_POINTER(i + 1));
    }
    panel->measures = g_new0(char *, n_measures);
    for (guint m = 0; m < n_measures; m++)
        panel->measures[m] = g_strdup(measures[m]);
    panel->times = g_new0(PlDay, panel->n_times);
    panel->rows = g_new0(guint32 *, panel->n_times);
    panel->averaged = g_memdup2(builder->averaged, n_measures * sizeof *panel->averaged);
    panel->sum = g_new0(double *, (gsize)panel->n_times *n_measures);
    panel->n_values = g_new0(guint32 *, (gsize)panel->n_times * n_measures);
    for (guint t = 0; t < panel->n_times; t++) {
        Slot *slot = slot_at(builder, t);
        set_width(builder, slot, n);
        take_slot(panel, t, slot);
    }
    panel->step = pl_step_detect(panel->times, panel->n_times, kind);
    return panel;
}
