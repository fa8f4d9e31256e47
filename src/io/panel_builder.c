/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/io/panel_builder.h"
#include <stdlib.h>

/* While loading, a cell's count of rows and 40 bits of the first row's hash share a word: two rows
 * that differ are taken for the same once in 10^12, and there is no second array. */
enum { COUNT_BITS = 24 };
#define COUNT_MASK ((((guint64)1) << COUNT_BITS) - 1)

/* Slabs grow by an eighth, so that growing costs little memory; most days start at full width. */
enum { GROWTH = 8, FIRST_STORES = 16 };

typedef struct {
    PlDay day;
    guint width; /* stores for which there is room */
    guint64 *cells;
    double **sum; /* [measure] */
} Slot;

struct PlPanelBuilder {
    guint n_measures;
    PlNames *stores;
    GArray *slots;      /* Slot */
    GHashTable *by_day; /* day -> slot + 1 */
    guint64 n_cells, n_rows;
};

PlPanelBuilder *pl_panel_builder_new(guint n_measures) {
    PlPanelBuilder *builder = g_new0(PlPanelBuilder, 1);
    builder->n_measures = n_measures;
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
        for (guint m = 0; m < builder->n_measures; m++)
            g_free(slot->sum[m]);
        g_free(slot->sum);
        g_free(slot->cells);
    }
    g_array_unref(builder->slots);
    g_hash_table_unref(builder->by_day);
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
    Slot slot = {.day = day, .sum = g_new0(double *, builder->n_measures)};
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
    for (guint m = 0; m < builder->n_measures; m++)
        slot->sum[m] = resize(slot->sum[m], sizeof *slot->sum[m], slot->width, width);
    builder->n_cells += (guint64)width - slot->width;
    slot->width = width;
}

static gboolean is_sparse(guint64 cells, guint64 rows) {
    return cells > PL_PANEL_MAX_SPARSE && rows < cells / PL_PANEL_MIN_FILL;
}

gboolean pl_panel_builder_is_sparse(const PlPanelBuilder *builder) {
    return is_sparse((guint64)builder->stores->n * builder->slots->len, builder->n_rows);
}

PlRowKind pl_panel_builder_look(PlPanelBuilder *builder, guint store, guint slot, guint64 hash) {
    Slot *s = slot_at(builder, slot);
    if (G_UNLIKELY(store >= s->width)) {
        guint grown = s->width + s->width / GROWTH + FIRST_STORES;
        set_width(builder, s,
                  s->width == 0 ? MAX(builder->stores->n, FIRST_STORES) : MAX(builder->stores->n, grown));
        if (is_sparse(builder->n_cells, builder->n_rows))
            return PL_ROW_SPARSE;
    }
    guint64 cell = s->cells[store];
    if ((cell & COUNT_MASK) == 0)
        return PL_ROW_NEW;
    if (cell >> COUNT_BITS == hash >> COUNT_BITS)
        return PL_ROW_REPEATED;
    return (cell & COUNT_MASK) == PL_PANEL_MAX_ROWS ? PL_ROW_TOO_MANY : PL_ROW_NEW;
}

void pl_panel_builder_add(PlPanelBuilder *builder, guint store, guint slot, guint64 hash,
                          const double *values) {
    Slot *s = slot_at(builder, slot);
    guint64 *cell = &s->cells[store];
    if ((*cell & COUNT_MASK) == 0)
        *cell = hash & ~COUNT_MASK;
    (*cell)++;
    for (guint m = 0; m < builder->n_measures; m++)
        s->sum[m][store] += values[m];
    builder->n_rows++;
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

PlPanel *pl_panel_builder_finish(PlPanelBuilder *builder, PlTimeKind kind, const char *const *measures) {
    PlPanel *panel = g_new0(PlPanel, 1);
    guint n = builder->stores->n, n_measures = builder->n_measures;
    g_array_sort(builder->slots, by_day);
    panel->kind = kind;
    panel->n_stores = n;
    panel->n_times = builder->slots->len;
    panel->n_measures = n_measures;
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
    panel->sum = g_new0(double *, (gsize)panel->n_times *n_measures);
    for (guint t = 0; t < panel->n_times; t++) {
        Slot *slot = slot_at(builder, t);
        set_width(builder, slot, n);
        panel->times[t] = slot->day;
        panel->rows[t] = take_counts(slot, n);
        for (guint m = 0; m < n_measures; m++)
            panel->sum[t * n_measures + m] = g_steal_pointer(&slot->sum[m]);
    }
    panel->step = pl_step_detect(panel->times, panel->n_times, kind);
    return panel;
}
