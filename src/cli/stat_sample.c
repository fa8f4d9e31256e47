/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/stat_sample.h"

#include <string.h>

#include "pairlift/cli/levels.h"
#include "pairlift/cli/verbs.h"
#include "pairlift/model/suggest.h"
#include "pairlift/stats/families.h"

void pl_stat_sample_clear(PlStatSample *s) {
    g_clear_pointer(&s->frame, pl_frame_free);
    g_clear_pointer(&s->owned, g_ptr_array_unref);
}

/* Beyond, a power of anything but 1 is 0 or infinite before long. */
enum { MOST_POWER = 100 };

static void *own(PlStatSample *s, void *memory) {
    g_ptr_array_add(s->owned, memory);
    return memory;
}

/* Outcomes and markers may be written as yes and no. */
static PlFrameKind kind_of(const PlMethod *method, guint role) {
    if (pl_role_has_levels((PlRole)role))
        return PL_FRAME_LEVELS;
    gboolean truth =
        role == PL_TREATED || role == PL_EVENT || (role == PL_X && method->family == pl_family_rates);
    return truth ? PL_FRAME_EITHER : PL_FRAME_NUMBERS;
}

/* The wishes in the order roles, on, absorb. */
static GArray *wishes_of(const PlStatCall *call) {
    GArray *wishes = g_array_new(FALSE, FALSE, sizeof(PlFrameWish));
    for (guint r = 0; r < PL_N_ROLES; r++)
        if (call->roles[r])
            g_array_append_vals(wishes, &(PlFrameWish){call->roles[r], kind_of(call->method, r)}, 1);
    for (char **name = call->on; name && *name; name++)
        g_array_append_vals(wishes, &(PlFrameWish){*name, PL_FRAME_EITHER}, 1);
    for (char **name = call->absorb; name && *name; name++)
        g_array_append_vals(wishes, &(PlFrameWish){*name, PL_FRAME_LEVELS}, 1);
    return wishes;
}

static PlVariable levels_variable(PlStatSample *s, const PlFrameColumn *column, const PlLevels *sorted) {
    guint n = s->frame->n_rows;
    size_t *levels = own(s, g_new(size_t, n + 1));
    const char **labels = own(s, g_memdup2(sorted->labels, (sorted->n + 1) * sizeof *labels));
    for (guint i = 0; i < n; i++)
        levels[i] = sorted->place[column->ids[i]];
    return (PlVariable){.name = column->name, .levels = levels, .n_levels = sorted->n, .labels = labels};
}

/* Rows that lack a value elsewhere may have taken a level's last row with them. */
static void drop_unused(PlFrameColumn *column, guint n_rows) {
    g_autofree int *new_id = g_new(int, column->names->n + 1);
    for (guint i = 0; i < column->names->n; i++)
        new_id[i] = -1;
    g_autoptr(PlNames) used = pl_names_new();
    for (guint r = 0; r < n_rows; r++) {
        int *id = &new_id[column->ids[r]];
        const PlName *name = &column->names->names[column->ids[r]];
        if (*id < 0)
            *id = (int)pl_names_add(used, name->text, name->length);
        column->ids[r] = (guint)*id;
    }
    pl_names_free(column->names);
    column->names = g_steal_pointer(&used);
}

/* 0 and 1, however they are written. */
static gboolean truth_of(const char *text, double *value) {
    static const char *const words[2][4] = {{"0", "false", "no", "f"}, {"1", "true", "yes", "t"}};
    for (guint v = 0; v < 2; v++)
        for (guint w = 0; w < 4; w++)
            if (g_ascii_strcasecmp(text, words[v][w]) == 0) {
                *value = v;
                return TRUE;
            }
    return FALSE;
}

static gboolean truth_variable(PlStatSample *s, const PlFrameColumn *column, PlVariable *out,
                               GError **error) {
    double *values = own(s, g_new(double, s->frame->n_rows + 1));
    g_autofree double *of_name = g_new0(double, column->names->n + 1);
    for (guint i = 0; i < column->names->n; i++)
        if (!truth_of(column->names->names[i].text, &of_name[i])) {
            g_set_error(
                error, PL_ERROR, PL_ERROR_DATA,
                "%s: error: column \"%s\": \"%.60s\" is neither 0 nor 1\n  hint: true, false, yes and no "
                "are read as well",
                s->frame->file, column->name, column->names->names[i].text);
            return FALSE;
        }
    for (guint r = 0; r < s->frame->n_rows; r++)
        values[r] = of_name[column->ids[r]];
    *out = (PlVariable){.name = column->name, .values = values};
    return TRUE;
}

/* A text column of --on: 0 and 1 for each level but the first. */
enum { MOST_DUMMIES = 200 };

static gboolean too_many_levels(const PlStatSample *s, const PlFrameColumn *column, GError **error) {
    if (column->names->n <= MOST_DUMMIES)
        return FALSE;
    g_set_error(
        error, PL_ERROR, PL_ERROR_DATA,
        "%s: error: column \"%s\" has %u levels, more than the %d that get a coefficient each\n  hint: "
        "--absorb %s gives each an effect that is not shown",
        s->frame->file, column->name, column->names->n, MOST_DUMMIES, column->name);
    return TRUE;
}

static void add_dummies(PlStatSample *s, const PlFrameColumn *column, char decimal, GArray *on) {
    g_autoptr(PlLevels) sorted = pl_levels_sort(column->names, decimal);
    for (guint level = 1; level < sorted->n; level++) {
        double *values = own(s, g_new(double, s->frame->n_rows + 1));
        for (guint r = 0; r < s->frame->n_rows; r++)
            values[r] = sorted->place[column->ids[r]] == level;
        char *name = own(s, g_strdup_printf("%s: %s", column->name, sorted->labels[level]));
        g_array_append_vals(on, &(PlVariable){.name = name, .values = values}, 1);
    }
}

static gboolean find_control(PlStatCall *call, const PlLevels *sorted, GError **error) {
    if (!call->control)
        return TRUE;
    for (guint i = 0; i < sorted->n; i++)
        if (g_str_equal(sorted->labels[i], call->control)) {
            call->options.control = i;
            return TRUE;
        }
    g_autoptr(GPtrArray) labels = g_ptr_array_new();
    for (guint i = 0; i < MIN(sorted->n, 20); i++)
        g_ptr_array_add(labels, (gpointer)sorted->labels[i]);
    g_ptr_array_add(labels, NULL);
    g_autofree char *hint = pl_suggest_hint(call->control, (const char *const *)labels->pdata, "there is ");
    return pl_usage_error(error, hint, "--control: column \"%s\" has no level \"%s\"", call->roles[PL_GROUP],
                          call->control);
}

/* A time may hold colons itself: the first colon that leaves two times is the one between. */
static gboolean find_during(PlStatCall *call, const PlLevels *sorted, GError **error) {
    for (const char *colon = call->during; colon && (colon = strchr(colon, ':')); colon++) {
        g_autofree char *from = g_strndup(call->during, (gsize)(colon - call->during));
        guint begin, end;
        if (!pl_levels_range(sorted, from, colon + 1, &begin, &end) || !*from || !colon[1])
            continue;
        if (begin < end) {
            call->options.during_begin = begin;
            call->options.during_end = end;
            return TRUE;
        }
        g_autofree char *hint =
            sorted->n ? g_strdup_printf("column \"%s\" goes from %s to %s", call->roles[PL_TIME],
                                        sorted->labels[0], sorted->labels[sorted->n - 1])
                      : NULL;
        return pl_usage_error(error, hint, "--during %s: no row falls into it", call->during);
    }
    g_autofree char *hint = sorted->n
                                ? g_strdup_printf("for example --during %s:%s", sorted->labels[sorted->n / 2],
                                                  sorted->labels[sorted->n - 1])
                                : NULL;
    return !call->during || pl_usage_error(error, hint, "--during \"%s\" is not FROM:TO", call->during);
}

/* Methods that ask what came before need an order that is that of time: numbers, dates, or texts like
 * 2024-W05 that begin with digits and are as long as one another. */
static gboolean has_order_of_time(const PlStatCall *call, const PlFrameColumn *column, const PlLevels *sorted,
                                  const PlFrame *frame, GError **error) {
    static const char *const any_order[] = {"fixed_effects", "wild_bootstrap", "elasticity", NULL};
    gboolean alike = TRUE;
    for (guint i = 0; i < sorted->n; i++)
        alike = alike && g_ascii_isdigit(sorted->labels[i][0]) &&
                strlen(sorted->labels[i]) == strlen(sorted->labels[0]);
    if (sorted->order != PL_LEVELS_TEXTS || alike || g_strv_contains(any_order, call->method->id))
        return TRUE;
    g_set_error(
        error, PL_ERROR, PL_ERROR_DATA,
        "%s: error: column \"%s\": \"%.60s\" is neither a date nor a number, so what comes before what is "
        "not known\n  hint: write times as 2024-03-31, or number them",
        frame->file, column->name, sorted->labels[0]);
    return FALSE;
}

static gboolean add_role(PlStatCall *call, PlStatSample *s, guint role, PlFrameColumn *column,
                         GError **error) {
    PlVariable *out = &s->sample.roles[role];
    *out = (PlVariable){.name = column->name, .values = column->values};
    if (column->values)
        return TRUE;
    if (!pl_role_has_levels((PlRole)role))
        return truth_variable(s, column, out, error);
    drop_unused(column, s->frame->n_rows);
    g_autoptr(PlLevels) sorted = pl_levels_sort(column->names, call->csv.decimal);
    *out = levels_variable(s, column, sorted);
    if (role == PL_GROUP)
        return find_control(call, sorted, error);
    if (role == PL_TIME && !has_order_of_time(call, column, sorted, s->frame, error))
        return FALSE;
    return role != PL_TIME || find_during(call, sorted, error);
}

/* Of "price^2", 2; the file may have a column of that very name, which pl_frame_read then took. */
static unsigned power_of(const PlFrameColumn *column) {
    const char *mark = strrchr(column->name, '^');
    guint64 power;
    if (!mark || column->stands || !g_ascii_string_to_unsigned(mark + 1, 10, 1, MOST_POWER, &power, NULL))
        return 0;
    return (unsigned)power;
}

static gboolean add_on(PlStatCall *call, PlStatSample *s, PlFrameColumn *column, GArray *on, GError **error) {
    if (column->values) {
        PlVariable variable = {.name = column->name, .values = column->values, .power = power_of(column)};
        g_array_append_val(on, variable);
        return TRUE;
    }
    drop_unused(column, s->frame->n_rows);
    if (too_many_levels(s, column, error))
        return FALSE;
    add_dummies(s, column, call->csv.decimal, on);
    return TRUE;
}

static void add_absorb(PlStatCall *call, PlStatSample *s, PlFrameColumn *column, GArray *absorb) {
    drop_unused(column, s->frame->n_rows);
    g_autoptr(PlLevels) sorted = pl_levels_sort(column->names, call->csv.decimal);
    PlVariable variable = levels_variable(s, column, sorted);
    g_array_append_val(absorb, variable);
}

static gboolean put_in_order(PlStatCall *call, PlStatSample *s, GError **error) {
    GArray *on = g_array_new(FALSE, FALSE, sizeof(PlVariable)),
           *absorb = g_array_new(FALSE, FALSE, sizeof(PlVariable));
    PlFrameColumn *column = s->frame->columns;
    gboolean ok = TRUE;
    for (guint r = 0; r < PL_N_ROLES && ok; r++)
        if (call->roles[r])
            ok = add_role(call, s, r, column++, error);
    for (char **name = call->on; ok && name && *name; name++)
        ok = add_on(call, s, column++, on, error);
    for (char **name = call->absorb; ok && name && *name; name++)
        add_absorb(call, s, column++, absorb);
    s->sample.rows = s->frame->n_rows;
    s->sample.n_on = on->len;
    s->sample.n_absorb = absorb->len;
    s->sample.on = own(s, g_array_free(on, FALSE));
    s->sample.absorb = own(s, g_array_free(absorb, FALSE));
    return ok;
}

gboolean pl_stat_sample_read(PlStatCall *call, PlStatSample *s, GError **error) {
    g_autoptr(GArray) wishes = wishes_of(call);
    s->owned = g_ptr_array_new_with_free_func(g_free);
    if (!call->data)
        return TRUE;
    s->frame = pl_frame_read(call->data, (PlFrameWish *)(void *)wishes->data, wishes->len, &call->csv, error);
    if (!s->frame)
        return FALSE;
    s->n_read = s->frame->n_read;
    return put_in_order(call, s, error);
}
