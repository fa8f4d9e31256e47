/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/kpi/volume.h"
#include "pairlift/model/numbers.h"
#include "pairlift/stats/adjust.h"
#include "pairlift/stats/groups.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/student.h"

/* Groups whose course is drawn; stores shown at the top and at the bottom of the ranking; gaps that have a
 * row of their own. */
enum { DRAWN = 6, TOP = 10, BOTTOM = 3, GAPS = 1000 };

/* Places of one kind: regions, channels, stores. */
typedef struct {
    const PlVolume *v;
    const char *role;
    char **names;
    guint n;
    const double *part; /* [n][b->n] */
    guint *order;    /* [n] by volume in the last complete period, largest first; those without come last */
    guint n_ranked;  /* with a volume in it */
    guint *of_store; /* [n_stores]; NULL: the stores themselves, or rows of a store lie in several */
} Places;

static double part_at(const Places *p, guint g, guint k) {
    return k == PL_NO_LEVEL ? NAN : p->part[(gsize)g * p->v->b->n + k];
}

static int by_volume(const void *a, const void *b, void *data) {
    const Places *p = data;
    double x = part_at(p, *(const guint *)a, p->v->now), y = part_at(p, *(const guint *)b, p->v->now);
    if (isnan(x) || isnan(y))
        return isnan(x) - isnan(y);
    return x > y ? -1 : x < y;
}

/* Equal volumes keep the order of the names. */
static void rank_places(Places *p) {
    p->order = g_new(guint, p->n + 1);
    for (guint g = 0; g < p->n; g++) {
        p->order[g] = g;
        p->n_ranked += !isnan(part_at(p, g, p->v->now));
    }
    g_qsort_with_data(p->order, (gint)p->n, sizeof *p->order, by_volume, p);
}

static void clear_places(Places *p) {
    g_free(p->order);
    g_free(p->of_store);
}

/* ---- rows of a place ---- */

static PlFinding *row_of(const Places *p, guint g, const char *measure, const char *label, PlAmount amount,
                         gboolean detail) {
    PlFinding *f = pl_volume_row(p->v, measure, label, amount, p->role, p->names[g]);
    f->detail = detail;
    return f;
}

static void add_growth(const Places *p, guint g, const char *measure, const char *label, guint then,
                       gboolean detail) {
    if (then == PL_NO_LEVEL)
        return;
    PlFinding *f = row_of(p, g, measure, label, PL_AMOUNT_LIFT, detail);
    f->value = pl_volume_growth(part_at(p, g, p->v->now), part_at(p, g, then));
    if (isnan(f->value))
        f->reason = g_strdup_printf("no sales to compare with in %s", p->v->b->names[then]);
    if (pl_kpi_is_target(p->v->run, measure))
        pl_kpi_judge(p->v->run, f);
}

static void add_like_for_like(const Places *p, guint g, const char *measure, PlVolumeSpan span) {
    const PlVolume *v = p->v;
    if (p->of_store == NULL || span.then == PL_NO_LEVEL)
        return;
    g_autofree char *versus = pl_volume_versus(v, span),
                    *label = g_strdup_printf("Like-for-like growth %s", versus);
    PlLikeForLike like = pl_volume_like_for_like(v, span, p->of_store, g);
    PlFinding *f = row_of(p, g, measure, label, PL_AMOUNT_LIFT, FALSE);
    f->value = like.growth;
    f->conf_low = like.low;
    f->conf_high = like.high;
    f->conf_level = v->run->conf_level;
    f->n = like.n;
    f->reason = g_strdup(like.reason);
    if (pl_kpi_is_target(v->run, measure))
        pl_kpi_judge(v->run, f);
}

/* The last year on the one before, which the target is of. */
static void add_last_year(const Places *p, guint g, gboolean detail) {
    const PlVolume *v = p->v;
    PlVolumeSpan span = pl_volume_last_year(v);
    if (span.then == PL_NO_LEVEL)
        return;
    if (pl_kpi_is_target(v->run, "like_for_like_last_year"))
        add_like_for_like(p, g, "like_for_like_last_year", span);
    if (!pl_kpi_is_target(v->run, "growth_last_year"))
        return;
    const double *part = &p->part[(gsize)g * v->b->n];
    g_autofree char *versus = pl_volume_versus(v, span), *label = g_strdup_printf("Growth %s", versus);
    PlFinding *f = row_of(p, g, "growth_last_year", label, PL_AMOUNT_LIFT, detail);
    f->value = pl_volume_growth(pl_volume_sum(part, span.now, span.width),
                                pl_volume_sum(part, span.then, span.width));
    if (isnan(f->value))
        f->reason = g_strdup_printf("a %s without sales, or none to compare with", v->b->period);
    pl_kpi_judge(v->run, f);
}

static void add_place(const Places *p, guint rank, gboolean detail) {
    const PlVolume *v = p->v;
    guint g = p->order[rank];
    g_autofree char *label = g_strdup_printf("Growth on the %s before", v->b->period);
    PlFinding *f = row_of(p, g, "volume", "Sales volume", PL_AMOUNT_TOTAL, detail);
    f->unit = g_strdup(v->unit);
    f->value = part_at(p, g, v->now);
    f = row_of(p, g, "share", "Share of the volume", PL_AMOUNT_SHARE, detail);
    f->value = v->total[v->now] > 0 ? part_at(p, g, v->now) / v->total[v->now] : NAN;
    f = row_of(p, g, "rank", "Rank by volume", PL_AMOUNT_NUMBER, detail);
    f->value = rank + 1;
    add_growth(p, g, "growth", label, v->before, detail);
    add_growth(p, g, "growth_year", "Growth on the year before", v->year, detail);
    add_last_year(p, g, detail);
}

/* ---- comparisons ---- */

/* Of the places that could be compared. */
static guint adjust(GPtrArray *rows) {
    g_autofree double *p = g_new(double, rows->len + 1), *adjusted = g_new(double, rows->len + 1);
    g_autofree gsize *order = g_new(gsize, rows->len + 1);
    guint n = 0;
    for (guint i = 0; i < rows->len; i++) {
        const PlFinding *f = g_ptr_array_index(rows, i);
        if (!isnan(f->p_value))
            p[n++] = f->p_value;
    }
    if (n == 0 || pl_adjust_holm(p, n, order, adjusted) != PL_OK)
        return 0;
    for (guint i = 0, k = 0; i < rows->len; i++) {
        PlFinding *f = g_ptr_array_index(rows, i);
        if (!isnan(f->p_value))
            f->p_adjusted = adjusted[k++];
    }
    return n;
}

/* "North (p = 0.012), South (p = 0.03)": those that differ from the others; NULL: none. */
static char *list_clear(const Places *p, GPtrArray *rows) {
    g_autoptr(GString) s = g_string_new(NULL);
    for (guint i = 0; i < rows->len; i++) {
        const PlFinding *f = g_ptr_array_index(rows, i);
        if (!(f->p_adjusted <= 1 - p->v->run->conf_level))
            continue;
        g_autofree char *is = pl_format_p_is(f->p_adjusted);
        g_string_append_printf(s, "%s%.60s (%s)", s->len > 0 ? ", " : "", f->group, is);
    }
    return s->len > 0 ? g_string_free(g_steal_pointer(&s), FALSE) : NULL;
}

/* ---- growth beside that of all ---- */

static PlFinding *add_lead(const Places *p, guint g, PlVolumeSpan span) {
    const PlVolume *v = p->v;
    PlMixIndex lead;
    PlStatus status = pl_volume_lead(v, span, p->of_store, g, &lead);
    PlFinding *f = row_of(p, g, "like_for_like_lead",
                          span.width > 1 ? "Like for like over the year, ahead of all stores"
                                         : "Like for like, ahead of all stores",
                          PL_AMOUNT_LIFT, FALSE);
    f->n = (guint)lead.n_here;
    f->value = lead.index - 1;
    if (status != PL_OK) {
        f->reason = g_strdup(
            "not tested: it takes 3 stores here and 3 elsewhere that sold something in both periods");
        return f;
    }
    f->conf_low = lead.low - 1;
    f->conf_high = lead.high - 1;
    f->conf_level = v->run->conf_level;
    f->p_value = lead.p_value;
    return f;
}

static void add_leads(const Places *p) {
    const PlVolume *v = p->v;
    PlVolumeSpan span = pl_volume_compared(v);
    g_autoptr(GPtrArray) rows = g_ptr_array_new();
    if (p->of_store == NULL || span.then == PL_NO_LEVEL || p->n_ranked < 2)
        return;
    for (guint r = 0; r < p->n_ranked; r++)
        g_ptr_array_add(rows, add_lead(p, p->order[r], span));
    guint n = adjust(rows);
    if (n == 0)
        return;
    g_autofree char *clear = list_clear(p, rows), *versus = pl_volume_versus(v, span);
    if (clear != NULL)
        pl_section_say(
            v->run->section,
            "By %.60s, like-for-like growth %s differs from that elsewhere by more than stores differ "
            "anyway, of %u compared: %s.",
            p->role, versus, n, clear);
    else
        pl_section_say(
            v->run->section,
            "By %.60s, like-for-like growth %s: stores differ so much that no place is told apart from "
            "the others (%u compared).",
            p->role, versus, n);
}

/* ---- volume of a store in each place ---- */

/* Volumes in the last complete period of the stores of a place, and behind them of all others. */
static void split_stores(const Places *p, guint g, double *x, guint *n_here, guint *n_others) {
    const PlVolume *v = p->v;
    *n_here = *n_others = 0;
    for (int others = 0; others < 2; others++)
        for (guint s = 0; s < v->n_stores; s++) {
            double value = v->by_store[(gsize)s * v->b->n + v->now];
            if (isnan(value) || p->of_store[s] == PL_NO_LEVEL || (p->of_store[s] == g) == others)
                continue;
            x[*n_here + *n_others] = value;
            ++*(others ? n_others : n_here);
        }
}

/* Whether the stores of a place sell more or less than those of all others together: Welch's t. */
static double against_others(const PlVolume *v, const double *x, guint n_here, guint n_others) {
    PlInferenceOptions options = {.conf_level = v->run->conf_level, .threads = 1};
    PlArena arena = {0};
    PlInference in;
    PlStatus status = pl_welch_t(x, n_here, x + n_here, n_others, &options, &arena, &in);
    pl_arena_clear(&arena);
    return status == PL_OK ? in.p_value : NAN;
}

static PlFinding *add_per_store(const Places *p, guint g, double *x) {
    const PlVolume *v = p->v;
    guint n_here, n_others;
    double mean, sd;
    split_stores(p, g, x, &n_here, &n_others);
    PlFinding *f = row_of(p, g, "volume_per_store", "Volume of a store, on average", PL_AMOUNT_TOTAL, FALSE);
    f->unit = g_strdup(v->unit);
    f->n = n_here;
    if (n_here == 1)
        f->value = x[0];
    if (n_here < 2 || pl_mean_sd(x, n_here, &mean, &sd) != PL_OK) {
        f->reason = g_strdup(n_here == 0 ? "no store sold anything" : "one store alone has no interval");
        return f;
    }
    double half = pl_student_quantile((1 - v->run->conf_level) / 2, n_here - 1) * sd / sqrt(n_here);
    if (!isfinite(mean) || !isfinite(half)) {
        f->reason = g_strdup("the sales are more than a number can hold");
        return f;
    }
    f->value = mean;
    f->conf_low = mean - half;
    gboolean returned = FALSE; /* without more returns than sales no mean is below 0 */
    for (guint i = 0; i < n_here; i++)
        returned |= x[i] < 0;
    if (!returned)
        f->conf_low = fmax(f->conf_low, 0);
    f->conf_high = mean + half;
    f->conf_level = v->run->conf_level;
    f->p_value = against_others(v, x, n_here, n_others);
    return f;
}

/* Where a store sells most and least, and whether that is more than stores differ anyway. */
static void say_demand(const Places *p, GPtrArray *rows, guint n_compared) {
    const PlFinding *high = NULL, *low = NULL;
    g_autofree char *clear = list_clear(p, rows);
    for (guint i = 0; i < rows->len; i++) {
        const PlFinding *f = g_ptr_array_index(rows, i);
        if (isnan(f->value))
            continue;
        high = high == NULL || f->value > high->value ? f : high;
        low = low == NULL || f->value < low->value ? f : low;
    }
    if (high == NULL || high == low)
        return;
    g_autofree char *most = pl_format_finding(high), *least = pl_format_finding(low);
    g_autoptr(GString) s = g_string_new(NULL);
    g_string_append_printf(
        s, "By %.60s, a store sells most in %.60s: %s on average in %s; and least in %.60s: %s.", p->role,
        high->group, most, p->v->b->names[p->v->now], low->group, least);
    if (n_compared > 0 && clear != NULL)
        g_string_append_printf(s,
                               " Beyond what stores differ anyway from those elsewhere, of %u compared: %s.",
                               n_compared, clear);
    else if (n_compared > 0)
        g_string_append_printf(s,
                               " Stores differ so much that it cannot be told whether the place is why (%u "
                               "compared).",
                               n_compared);
    else
        g_string_append(s, " With so few stores it cannot be told whether the place is why.");
    pl_section_say(p->v->run->section, "%s", s->str);
}

static void add_demand(const Places *p) {
    g_autofree double *x = g_new(double, p->v->n_stores + 1);
    g_autoptr(GPtrArray) rows = g_ptr_array_new();
    if (p->of_store == NULL)
        return;
    for (guint r = 0; r < p->n_ranked; r++)
        g_ptr_array_add(rows, add_per_store(p, p->order[r], x));
    say_demand(p, rows, adjust(rows));
}

/* ---- courses ---- */

static void add_curve(const Places *p, guint g) {
    const PlVolume *v = p->v;
    PlCurve *c = pl_section_add_curve(v->run->section, NULL, "volume_by_group", v->b->last - v->b->first);
    c->group = g_strdup(p->names[g]);
    c->x_label = g_strdup(v->b->period);
    c->y_label = v->unit != NULL ? g_strdup_printf("Sales volume, %s", v->unit) : g_strdup("Sales volume");
    c->x_amount = PL_AMOUNT_NUMBER;
    c->y_amount = PL_AMOUNT_TOTAL;
    c->target = NAN;
    c->x_names = g_new0(char *, c->n + 1);
    for (guint i = 0; i < c->n; i++) {
        c->x[i] = i;
        c->x_names[i] = g_strdup(v->b->names[v->b->first + i]);
        c->y[i] = part_at(p, g, v->b->first + i);
    }
}

static void add_curves(const Places *p) {
    for (guint r = 0; r < MIN(p->n_ranked, DRAWN); r++)
        add_curve(p, p->order[r]);
}

/* Rows that no place can be given for are in the total, and in no place's row. */
static void tell_without(const PlVolume *v, const PlKpiGroups *groups) {
    double volume = 0;
    guint n = 0;
    for (guint i = 0; i < v->sales->n; i++)
        if (groups->of_row[i] == PL_NO_LEVEL && v->bucket[i] != PL_NO_LEVEL && v->bucket[i] == v->now) {
            volume += v->value->number[i];
            n++;
        }
    if (n == 0)
        return;
    g_autofree char *rows = pl_format_count(n, "row has", "rows have"),
                    *share = pl_format_amount(volume / v->total[v->now], NAN, PL_AMOUNT_SHARE, NULL);
    pl_result_check(v->run->study->result, "volume_without_group", PL_WARN, n,
                    "sales volume by %.60s: %s none in %s, %s of the volume; they are in the total only",
                    groups->name, rows, v->b->names[v->now], share);
}

static void add_groups(const PlVolume *v, const char *name, gboolean first) {
    g_autoptr(PlKpiGroups) groups = pl_kpi_groups_new(v->run->study, v->sales, name);
    if (groups == NULL || groups->n == 0)
        return;
    Places p = {.v = v, .role = name, .names = groups->values, .n = groups->n};
    g_autofree double *part = pl_volume_by(v, groups->of_row, groups->n);
    p.part = part;
    p.of_store = pl_volume_of_store(v, groups);
    rank_places(&p);
    for (guint r = 0; r < p.n_ranked; r++) {
        add_place(&p, r, FALSE);
        add_like_for_like(&p, p.order[r], "like_for_like",
                          (PlVolumeSpan){v->now, pl_volume_reference(v, v->now), 1});
    }
    tell_without(v, groups);
    add_leads(&p);
    add_demand(&p);
    if (first)
        add_curves(&p);
    clear_places(&p);
}

void pl_volume_places(const PlVolume *v) {
    static const char *const own[] = {"region", "channel", "category", NULL};
    if (v->now == PL_NO_LEVEL)
        return;
    g_auto(GStrv) by = pl_kpi_by(v->run, v->sales, own);
    for (guint i = 0; by[i] != NULL; i++)
        if (g_strcmp0(by[i], "store") != 0)
            add_groups(v, by[i], i == 0);
}

/* ---- stores ---- */

static void say_stores(const Places *p) {
    const PlVolume *v = p->v;
    guint top = p->order[0], last = p->order[p->n_ranked - 1], tenth = (p->n_ranked + 9) / 10;
    double sum = 0;
    for (guint r = 0; r < tenth; r++)
        sum += part_at(p, p->order[r], v->now);
    g_autofree char *most = pl_format_amount(part_at(p, top, v->now), NAN, PL_AMOUNT_TOTAL, v->unit),
                    *least = pl_format_amount(part_at(p, last, v->now), NAN, PL_AMOUNT_TOTAL, v->unit),
                    *share = pl_format_amount(sum / v->total[v->now], NAN, PL_AMOUNT_SHARE, NULL),
                    *stores = pl_format_count(tenth, "store", "stores");
    pl_section_say(
        v->run->section,
        "Of %u stores that sold in %s, %.60s sold most (%s) and %.60s least (%s); the largest tenth (%s) "
        "made %s of the volume.",
        p->n_ranked, v->b->names[v->now], p->names[top], most, p->names[last], least, stores, share);
}

static gboolean is_gap(const PlVolume *v, guint s, guint k) {
    const PlStoreDays *d = &v->days[s];
    return isnan(v->by_store[(gsize)s * v->b->n + k]) && v->end[k] > v->begin[k] && d->first < v->begin[k] &&
           d->last >= v->end[k];
}

static void add_gap(const PlVolume *v, guint s, guint k) {
    PlFinding *f = pl_volume_row(v, "volume_gap", "No sales", PL_AMOUNT_TOTAL, "store", v->store->levels[s]);
    g_free(f->period);
    f->period = g_strdup(v->b->names[k]);
    f->detail = TRUE;
    f->reason = g_strdup("the store has rows before and after, and none in this period");
}

/* Periods without a row between a store's first and last. */
static void add_gaps(const PlVolume *v) {
    guint n = 0, store = 0, period = 0;
    for (guint s = 0; s < v->n_stores; s++)
        for (guint k = v->b->first; k < v->b->last; k++) {
            if (!is_gap(v, s, k))
                continue;
            if (n == 0) {
                store = s;
                period = k;
            }
            if (n++ < GAPS)
                add_gap(v, s, k);
        }
    if (n == 0)
        return;
    g_autofree char *gaps = pl_format_count(n, "gap", "gaps"),
                    *rows = n > GAPS ? g_strdup_printf("the first %u", GAPS) : g_strdup("them all");
    pl_result_check(
        v->run->study->result, "volume_gaps", PL_WARN, n,
        "sales volume: %s, a %s in which a store has no rows though it has some before and after; the "
        "first is store %.60s in %s; kpis.csv has %s as volume_gap",
        gaps, v->b->period, v->store->levels[store], v->b->names[period], rows);
}

static void add_average(const Places *p) {
    const PlVolume *v = p->v;
    PlFinding *f =
        pl_volume_row(v, "volume_per_store", "Volume of a store, on average", PL_AMOUNT_TOTAL, NULL, NULL);
    f->unit = g_strdup(v->unit);
    f->n = p->n_ranked;
    f->value = v->total[v->now] / p->n_ranked;
}

void pl_volume_stores(const PlVolume *v) {
    if (v->now == PL_NO_LEVEL || isnan(v->total[v->now]))
        return;
    Places p = {.v = v, .role = "store", .names = v->store->levels, .n = v->n_stores, .part = v->by_store};
    rank_places(&p);
    add_average(&p);
    for (guint r = 0; r < p.n_ranked; r++)
        add_place(&p, r, r >= TOP && r + BOTTOM < p.n_ranked);
    if (p.n_ranked > 1)
        say_stores(&p);
    add_gaps(v);
    clear_places(&p);
}
