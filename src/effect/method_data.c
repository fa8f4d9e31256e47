/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/method_data.h"

#include <math.h>

#include "pairlift/model/calendar.h"

void pl_method_data_free(PlMethodData *data) {
    if (!data)
        return;
    g_ptr_array_unref(data->owned);
    g_free(data->reason);
    g_free(data);
}

static void *own(PlMethodData *data, void *memory) {
    g_ptr_array_add(data->owned, memory);
    return memory;
}

static gboolean takes(const PlMethod *method, PlRole role) {
    for (const PlRoleUse *use = method->roles; use->role != PL_N_ROLES; use++)
        if (use->role == role)
            return TRUE;
    return FALSE;
}

static gboolean has_before(const PlMethodSource *source) {
    return source->before.begin < source->before.end;
}

static double scaled(const PlMethodSource *source, double value) {
    return source->scale == PL_EFFECT_RELATIVE ? log(value) : value;
}

/* The difference of the two stores of a pair before; FALSE when a value is missing or has no logarithm. */
static gboolean difference_before(const PlMethodSource *source, const PlBoundMetric *bound,
                                  const PlPair *pair, double *difference) {
    double test, control;
    PlRange before = source->before;
    if (!pl_metric_value(source->panel, bound, pair->test, before.begin, before.end, &test) ||
        !pl_metric_value(source->panel, bound, pair->control, before.begin, before.end, &control))
        return FALSE;
    *difference = scaled(source, test) - scaled(source, control);
    return isfinite(*difference);
}

/* The effect is the change of the pair's difference, so the difference in the period is their sum. */
static void fill_pairs(PlMethodData *data, const PlMethodSource *source, const PlBoundMetric *bound,
                       const PlMethod *method) {
    guint n = source->effects->n;
    data->sample.rows = n;
    if (!takes(method, PL_PRE)) {
        data->sample.roles[PL_X] = (PlVariable){.name = "effect", .values = source->effects->effects};
        return;
    }
    double *x = own(data, g_new(double, n + 1)), *pre = own(data, g_new(double, n + 1));
    if (!has_before(source)) {
        data->reason = g_strdup("there is no period before");
        return;
    }
    for (guint i = 0; i < n; i++) {
        if (!difference_before(source, bound, source->effects->pairs[i], &pre[i])) {
            data->reason = g_strdup("a pair has no value before");
            return;
        }
        x[i] = source->effects->effects[i] + pre[i];
    }
    data->sample.roles[PL_X] = (PlVariable){.name = "difference", .values = x};
    data->sample.roles[PL_PRE] = (PlVariable){.name = "difference before", .values = pre};
}

/* The panel's time of the k-th time of the two periods. */
static guint time_at(const PlMethodSource *source, guint k) {
    guint n_before = source->before.end - source->before.begin;
    return k < n_before ? source->before.begin + k : source->period.begin + k - n_before;
}

static guint n_times(const PlMethodSource *source) {
    return source->before.end - source->before.begin + source->period.end - source->period.begin;
}

static char *time_label(PlMethodData *data, const PlMethodSource *source, guint k) {
    return own(data, pl_day_format(source->panel->times[time_at(source, k)], source->panel->kind));
}

/* The mean over the stores of either side at one time; FALSE when a store has no value. */
static gboolean side_means(const PlMethodSource *source, const PlBoundMetric *bound, guint t, double *test,
                           double *control) {
    const PlEffects *e = source->effects;
    *test = *control = 0;
    for (guint i = 0; e->groups && i < e->groups->n; i++) {
        double v;
        if (e->groups->level[i] != 0 && e->groups->level[i] != e->level)
            continue;
        if (!pl_metric_value(source->panel, bound, e->groups->store[i], t, t + 1, &v))
            return FALSE;
        *(e->groups->level[i] ? test : control) += v / (e->groups->level[i] ? e->n : e->n_control);
    }
    for (guint i = 0; !e->groups && i < e->n; i++) {
        double a, b;
        if (!pl_metric_value(source->panel, bound, e->pairs[i]->test, t, t + 1, &a) ||
            !pl_metric_value(source->panel, bound, e->pairs[i]->control, t, t + 1, &b))
            return FALSE;
        *test += a / e->n;
        *control += b / e->n;
    }
    return TRUE;
}

static void fill_series(PlMethodData *data, const PlMethodSource *source, const PlBoundMetric *bound) {
    guint all = n_times(source), n_before = source->before.end - source->before.begin;
    double *x = own(data, g_new(double, all + 1)), *y = own(data, g_new(double, all + 1));
    size_t *times = own(data, g_new(size_t, all + 1));
    const char **labels = own(data, g_new(const char *, all + 1));
    size_t n = 0;
    for (guint k = 0; k < all; k++) {
        if (k == n_before)
            data->during_begin = n;
        if (!side_means(source, bound, time_at(source, k), &x[n], &y[n]))
            continue;
        times[n] = n;
        labels[n++] = time_label(data, source, k);
    }
    data->during_end = n;
    data->sample.rows = n;
    data->sample.roles[PL_X] = (PlVariable){.name = "test stores", .values = x};
    data->sample.roles[PL_Y] = (PlVariable){.name = "control stores", .values = y};
    data->sample.roles[PL_TIME] =
        (PlVariable){.name = "time", .levels = times, .n_levels = n, .labels = labels};
}

/* The columns of a panel while they are filled, a row for each value. */
typedef struct {
    double *x, *treated;
    size_t *unit, *time, *cluster;
    size_t n;
} Rows;

static gboolean add_store(PlMethodData *data, const PlMethodSource *source, const PlBoundMetric *bound,
                          Rows *rows, size_t unit, size_t cluster, guint store, gboolean test) {
    guint all = n_times(source), n_before = source->before.end - source->before.begin;
    for (guint k = 0; k < all; k++) {
        double value;
        guint t = time_at(source, k);
        if (!pl_metric_value(source->panel, bound, store, t, t + 1, &value))
            continue;
        rows->x[rows->n] = scaled(source, value);
        if (!isfinite(rows->x[rows->n])) {
            data->reason = g_strdup_printf("store \"%s\" is %g at %s, which has no logarithm",
                                           source->panel->stores[store], value, time_label(data, source, k));
            return FALSE;
        }
        rows->treated[rows->n] = test && k >= n_before;
        rows->unit[rows->n] = unit;
        rows->time[rows->n] = k;
        rows->cluster[rows->n++] = cluster;
    }
    return TRUE;
}

/* Times that no store has are no levels. */
static void drop_empty_times(Rows *rows, const char **labels, guint *n) {
    g_autofree size_t *place = g_new0(size_t, *n + 1);
    for (size_t i = 0; i < rows->n; i++)
        place[rows->time[i]] = 1;
    guint kept = 0;
    for (guint k = 0; k < *n; k++)
        if (place[k]) {
            labels[kept] = labels[k];
            place[k] = kept++;
        }
    for (size_t i = 0; i < rows->n; i++)
        rows->time[i] = place[rows->time[i]];
    *n = kept;
}

/* The units of a panel: of pairs 2 i and 2 i + 1 are the test and the control store of pair i, and a pair is
 * a cluster; of groups each store is a unit and a cluster. FALSE with a reason when a value has no logarithm.
 */
static gboolean add_units(PlMethodData *data, const PlMethodSource *source, const PlBoundMetric *bound,
                          Rows *rows, const char **stores, const char **clusters, size_t *n_units,
                          size_t *n_clusters) {
    const PlEffects *e = source->effects;
    size_t unit = 0;
    for (guint i = 0; !e->groups && i < e->n; i++) {
        const PlPair *pair = e->pairs[i];
        clusters[i] = pair->id;
        stores[2 * i] = source->panel->stores[pair->test];
        stores[2 * i + 1] = source->panel->stores[pair->control];
        if (!add_store(data, source, bound, rows, 2 * i, i, pair->test, TRUE) ||
            !add_store(data, source, bound, rows, 2 * i + 1, i, pair->control, FALSE))
            return FALSE;
        unit += 2;
    }
    for (guint i = 0; e->groups && i < e->groups->n; i++) {
        gboolean test = e->groups->level[i] == e->level;
        if (!test && e->groups->level[i] != 0)
            continue;
        clusters[unit] = stores[unit] = source->panel->stores[e->groups->store[i]];
        if (!add_store(data, source, bound, rows, unit, unit, e->groups->store[i], test))
            return FALSE;
        unit++;
    }
    *n_units = unit;
    *n_clusters = e->groups ? unit : e->n;
    return TRUE;
}

static void fill_panel(PlMethodData *data, const PlMethodSource *source, const PlBoundMetric *bound) {
    const PlEffects *e = source->effects;
    guint all = n_times(source), units = e->groups ? e->groups->n : 2 * e->n;
    gsize most = (gsize)units * all + 1;
    size_t n_units, n_clusters;
    Rows rows = {own(data, g_new(double, most)), own(data, g_new(double, most)),
                 own(data, g_new(size_t, most)), own(data, g_new(size_t, most)),
                 own(data, g_new(size_t, most)), 0};
    const char **stores = own(data, g_new(const char *, units + 1)),
               **clusters = own(data, g_new(const char *, units + 1)),
               **times = own(data, g_new(const char *, all + 1));
    for (guint k = 0; k < all; k++)
        times[k] = time_label(data, source, k);
    if (!add_units(data, source, bound, &rows, stores, clusters, &n_units, &n_clusters))
        return;
    drop_empty_times(&rows, times, &all);
    PlVariable *roles = data->sample.roles;
    data->sample.rows = rows.n;
    roles[PL_X] = (PlVariable){.name = source->metric->name, .values = rows.x};
    roles[PL_TREATED] = (PlVariable){.name = "treated", .values = rows.treated};
    roles[PL_UNIT] =
        (PlVariable){.name = "store", .levels = rows.unit, .n_levels = n_units, .labels = stores};
    roles[PL_TIME] = (PlVariable){.name = "time", .levels = rows.time, .n_levels = all, .labels = times};
    roles[PL_CLUSTER] = (PlVariable){.name = e->groups ? "store" : "pair",
                                     .levels = rows.cluster,
                                     .n_levels = n_clusters,
                                     .labels = clusters};
}

/* Rows are the stores of two groups: control, and the treatment's. */
static void fill_two_groups(PlMethodData *data, const PlMethodSource *source, const PlMethod *method) {
    const PlEffects *e = source->effects;
    const PlGroupValues *g = e->groups;
    gboolean pre = takes(method, PL_PRE);
    double *x = own(data, g_new(double, g->n + 1)), *before = own(data, g_new(double, g->n + 1));
    size_t *level = own(data, g_new(size_t, g->n + 1)), n = 0;
    const char **labels = own(data, g_new0(const char *, 3));
    labels[0] = g->level_names[0];
    labels[1] = e->treatment;
    for (guint i = 0; i < g->n; i++) {
        if (g->level[i] != 0 && g->level[i] != e->level)
            continue;
        x[n] = pre ? g->during[i] : g->change[i];
        before[n] = g->before[i];
        level[n++] = g->level[i] ? 1 : 0;
    }
    data->sample.rows = n;
    data->sample.roles[PL_X] = (PlVariable){.name = "change", .values = x};
    data->sample.roles[PL_PRE] = (PlVariable){.name = "before", .values = before};
    data->sample.roles[PL_GROUP] =
        (PlVariable){.name = "group", .levels = level, .n_levels = 2, .labels = labels};
}

/* Rows are the stores of all groups: one column of 0 and 1 a treatment that has stores, an effect a block. */
static void fill_regression(PlMethodData *data, const PlMethodSource *source) {
    const PlEffects *e = source->effects;
    const PlGroupValues *g = e->groups;
    PlVariable *on = own(data, g_new0(PlVariable, g->n_levels + 1)),
               *absorb = own(data, g_new0(PlVariable, 2));
    size_t *unit = own(data, g_new(size_t, g->n + 1)), n_on = 0;
    const char **stores = own(data, g_new(const char *, g->n + 1));
    for (guint level = 1; level < g->n_levels; level++) {
        double *column = own(data, g_new0(double, g->n + 1));
        gboolean any = FALSE;
        for (guint i = 0; i < g->n; i++) {
            column[i] = g->level[i] == level;
            any = any || g->level[i] == level;
        }
        if (any)
            on[n_on++] = (PlVariable){.name = g->level_names[level], .values = column};
    }
    for (guint i = 0; i < g->n; i++) {
        unit[i] = i;
        stores[i] = source->panel->stores[g->store[i]];
    }
    const char **blocks = own(data, g_new0(const char *, g->n_blocks + 1));
    for (guint b = 0; b < g->n_blocks && g->block_names; b++)
        blocks[b] = g->block_names[b];
    absorb[0] = (PlVariable){.name = "block", .levels = g->block, .n_levels = g->n_blocks, .labels = blocks};
    data->sample.rows = g->n;
    data->sample.roles[PL_X] = (PlVariable){.name = "change", .values = g->change};
    data->sample.roles[PL_CLUSTER] =
        (PlVariable){.name = "store", .levels = unit, .n_levels = g->n, .labels = stores};
    data->sample.on = on;
    data->sample.n_on = n_on;
    data->sample.absorb = absorb;
    data->sample.n_absorb = g->n_blocks > 1 ? 1 : 0;
}

static void fill_groups(PlMethodData *data, const PlMethodSource *source, const PlMethod *method) {
    if (method->takes & PL_TAKES_ON)
        fill_regression(data, source);
    else if (takes(method, PL_PRE) && !source->effects->groups->has_before)
        data->reason = g_strdup("there is no period before");
    else
        fill_two_groups(data, source, method);
}

/* Roles that the method does not know are not handed to it. */
static void keep_taken(PlMethodData *data, const PlMethod *method) {
    for (guint r = 0; r < PL_N_ROLES; r++)
        if (!takes(method, (PlRole)r))
            data->sample.roles[r] = (PlVariable){0};
}

PlMethodData *pl_method_data_new(const PlMethodSource *source, const PlMethod *method) {
    PlMethodData *data = g_new0(PlMethodData, 1);
    PlBoundMetric bound;
    data->owned = g_ptr_array_new_with_free_func(g_free);
    if (!pl_metric_bind(source->metric, source->panel, &bound)) {
        data->reason = g_strdup("the data lack a column of the metric");
        return data;
    }
    gboolean groups = source->effects->groups && method->groups;
    if (groups)
        fill_groups(data, source, method);
    else if (method->design != PL_DESIGN_PAIRS && !has_before(source))
        data->reason = g_strdup("there is no period before");
    else if (method->design == PL_DESIGN_PAIRS && !source->effects->groups)
        fill_pairs(data, source, &bound, method);
    else if (method->design == PL_DESIGN_SERIES)
        fill_series(data, source, &bound);
    else if (method->design == PL_DESIGN_PANEL)
        fill_panel(data, source, &bound);
    else
        data->reason = g_strdup_printf("the method does not work on %s of stores",
                                       source->effects->groups ? "groups" : "pairs");
    keep_taken(data, method);
    return data;
}
