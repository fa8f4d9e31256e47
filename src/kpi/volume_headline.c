/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/volume.h"

#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"
#include "pairlift/stats/adjust.h"

/* Names that a sentence lists. */
enum { NAMED = 5 };

/* One measure of all stores, and its course. */
typedef struct {
    PlFinding *f;
    double *value, *low, *high; /* [b->n]; low NULL: no interval */
} Measure;

static double at(const double *x, guint k) {
    return k == PL_NO_LEVEL ? NAN : x[k];
}

static double *empty(const PlVolume *v) {
    double *x = g_new(double, v->b->n + 1);
    for (guint k = 0; k < v->b->n; k++)
        x[k] = NAN;
    return x;
}

static void clear(Measure *m) {
    g_free(m->value);
    g_free(m->low);
    g_free(m->high);
}

/* ---- what to look at ---- */

/* The groups that a change is split by: the first that the KPI groups by, else the stores. */
static const double *parts_of(const PlVolume *v, char ***names, guint *n, const char **word,
                              PlKpiGroups **owner, double **sums) {
    static const char *const own[] = {"region", "channel", "category", NULL};
    g_auto(GStrv) by = pl_kpi_by(v->run, v->sales, own);
    *owner = by[0] != NULL ? pl_kpi_groups_new(v->run->study, v->sales, by[0]) : NULL;
    if (*owner != NULL && (*owner)->n > 1) {
        *names = (*owner)->values;
        *n = (*owner)->n;
        *word = (*owner)->name;
        return *sums = pl_volume_by(v, (*owner)->of_row, (*owner)->n);
    }
    *names = v->store->levels;
    *n = v->n_stores;
    *word = "store";
    return v->by_store;
}

/* Whether a measure that rises with the volume is the target, and missed from below. */
static gboolean is_too_low(const PlVolume *v, double value) {
    const PlKpiGoal *goal = v->run->goal;
    return v->run->has_target && g_strcmp0(goal->direction, "down") != 0 && value < goal->target;
}

/* A period without sales counts as none sold. */
static double change_of(const double *of_period, PlVolumeSpan span) {
    double change = 0;
    for (guint i = 0; i < span.width; i++) {
        double a = of_period[span.now - i], b = of_period[span.then - i];
        change += (isnan(a) ? 0 : a) - (isnan(b) ? 0 : b);
    }
    return change;
}

/* "Of the change of -15,000 USD on 2023-12, -12,300 USD is that of North", the part that moved most in the
 * direction of the whole. Of a value that is too low it is the part that fell most, also where the whole
 * rose: what helped is not where to look. NULL: nothing to compare with, or none fell. */
static char *look_at_change(const PlVolume *v, PlVolumeSpan span, double value) {
    char **names;
    const char *word;
    guint n, most = 0;
    g_autoptr(PlKpiGroups) owner = NULL;
    g_autofree double *sums = NULL;
    if (span.now == PL_NO_LEVEL || span.then == PL_NO_LEVEL)
        return NULL;
    const double *part = parts_of(v, &names, &n, &word, &owner, &sums);
    double change = change_of(v->total, span), largest = -INFINITY;
    if (isnan(change) || change == 0 || n < 2)
        return NULL;
    int sign = change < 0 || is_too_low(v, value) ? -1 : 1;
    for (guint g = 0; g < n; g++) {
        double moved = change_of(&part[(gsize)g * v->b->n], span) * sign;
        if (moved > largest) {
            largest = moved;
            most = g;
        }
    }
    if (!(largest > 0))
        return NULL;
    largest *= sign;
    g_autofree char *whole = pl_format_amount(change, NAN, PL_AMOUNT_MONEY, v->unit),
                    *its = pl_format_amount(largest, NAN, PL_AMOUNT_MONEY, v->unit),
                    *on = span.width == 1 ? g_strdup(v->b->names[span.then])
                                          : g_strdup_printf("the %u %ss before", span.width, v->b->period);
    if ((change > 0) != (largest > 0)) /* no part of a rise */
        return g_strdup_printf("Look at %.60s %.60s: it changed by %s on %s, all together by %s.", word,
                               names[most], its, on, whole);
    return g_strdup_printf("Look at %.60s %.60s: of the change of %s on %s, %s is there.", word, names[most],
                           whole, on, its);
}

/* "Least of all in region East: -5 % (-9 % to -1 %; 12 stores)." */
static char *say_weakest(const PlVolume *v, const PlKpiGroups *groups, const guint *of_store, guint which) {
    PlLikeForLike weakest = pl_volume_like_for_like(v, pl_volume_compared(v), of_store, which);
    double half = (weakest.high - weakest.low) / 2;
    g_autofree char *growth = pl_format_amount(weakest.growth, half, PL_AMOUNT_LIFT, NULL),
                    *interval = isnan(half) ? NULL
                                            : pl_format_amount_interval(weakest.low, weakest.high,
                                                                        PL_AMOUNT_LIFT, NULL),
                    *stores = pl_format_count(weakest.n, "store", "stores");
    return g_strdup_printf("Least of all in %.60s %.60s: %s (%s%s%s).", groups->name, groups->values[which],
                           growth, interval != NULL ? interval : "", interval != NULL ? "; " : "", stores);
}

/* The group whose like-for-like growth is least, of those that the test tells apart from the others: the
 * least of several is named by luck alone otherwise. NULL: there is nothing to compare. */
static char *look_at_weakest(const PlVolume *v) {
    static const char *const own[] = {"region", NULL};
    g_auto(GStrv) by = pl_kpi_by(v->run, v->sales, own);
    g_autoptr(PlKpiGroups) groups = by[0] != NULL ? pl_kpi_groups_new(v->run->study, v->sales, by[0]) : NULL;
    g_autofree guint *of_store = groups != NULL ? pl_volume_of_store(v, groups) : NULL;
    guint which = PL_NO_LEVEL, n = 0;
    PlVolumeSpan span = pl_volume_compared(v);
    if (of_store == NULL || span.then == PL_NO_LEVEL)
        return NULL;
    g_autofree double *p = g_new(double, groups->n + 1), *adjusted = g_new(double, groups->n + 1),
                      *index = g_new(double, groups->n + 1);
    g_autofree guint *group = g_new(guint, groups->n + 1);
    g_autofree gsize *order = g_new(gsize, groups->n + 1);
    for (guint g = 0; g < groups->n; g++) {
        PlMixIndex lead;
        if (pl_volume_lead(v, span, of_store, g, &lead) != PL_OK || isnan(lead.p_value))
            continue;
        group[n] = g;
        index[n] = lead.index;
        p[n++] = lead.p_value;
    }
    if (n == 0 || pl_adjust_holm(p, n, order, adjusted) != PL_OK)
        return NULL;
    double least = 1; /* the growth of all: what is above it is not weak */
    for (guint i = 0; i < n; i++)
        if (adjusted[i] <= 1 - v->run->conf_level && index[i] < least) {
            least = index[i];
            which = group[i];
        }
    return which != PL_NO_LEVEL
               ? say_weakest(v, groups, of_store, which)
               : g_strdup_printf("No %.60s is told apart as weaker than the others (%u compared).",
                                 groups->name, n);
}

/* A measure that is the target carries the headline; others are rows. */
static void settle(const PlVolume *v, const Measure *m, gboolean seasonal, const char *look) {
    PlKpiSeries series = {.buckets = v->b, .value = m->value, .low = m->low, .high = m->high};
    if (pl_kpi_is_target(v->run, m->f->measure))
        (seasonal ? pl_kpi_headline_seasonal : pl_kpi_headline)(v->run, m->f,
                                                                v->now != PL_NO_LEVEL ? &series : NULL, look);
}

/* ---- the measures ---- */

static char *no_period(const PlVolume *v) {
    return g_strdup_printf("the data hold no complete %s; kpis: {period: ...} sets a shorter one",
                           v->b->period);
}

static void add_volume(const PlVolume *v) {
    Measure m = {pl_volume_row(v, "volume",
                               v->units == NULL && pl_records_number(v->sales, "revenue") == NULL
                                   ? "Sales volume, in units"
                                   : "Sales volume",
                               PL_AMOUNT_TOTAL, NULL, NULL),
                 g_memdup2(v->total, v->b->n * sizeof(double)), NULL, NULL};
    m.f->unit = g_strdup(v->unit);
    m.f->value = at(v->total, v->now);
    if (v->now == PL_NO_LEVEL)
        m.f->reason = no_period(v);
    else if (isnan(m.f->value))
        m.f->reason = g_strdup("there are no sales, or more than a number can hold");
    for (guint s = 0; v->now != PL_NO_LEVEL && s < v->n_stores; s++)
        m.f->n += !isnan(v->by_store[(gsize)s * v->b->n + v->now]);
    g_autofree char *look = look_at_change(v, pl_volume_compared(v), m.f->value);
    settle(v, &m, TRUE, look);
    clear(&m);
    if (v->units == NULL)
        return;
    PlFinding *f = pl_volume_row(v, "units_volume", "Units sold", PL_AMOUNT_TOTAL, NULL, NULL);
    f->unit = g_strdup(v->units_unit);
    f->value = at(v->units_total, v->now);
}

static char *why_no_growth(const PlVolume *v, guint back) {
    const PlBuckets *b = v->b;
    guint n = b->last - b->first;
    if (back == 0)
        return g_strdup(b->kind == PL_TIME_DATE
                            ? "a day is not compared with one a year before; kpis: {period: "
                              "month} compares months"
                            : "the numbers of these periods do not make years");
    if (n <= back)
        return g_strdup_printf("it takes %u complete %ss with sales; there %s %u", back + 1, b->period,
                               n == 1 ? "is" : "are", n);
    return g_strdup_printf("%s has no sales above 0 to compare with, or more than a number can hold",
                           b->names[isnan(v->total[v->now]) ? v->now : v->now - back]);
}

/* Growth of each period on the one `back` periods before. */
static void add_growth(const PlVolume *v, const char *measure, const char *label, guint back) {
    Measure m = {pl_volume_row(v, measure, label, PL_AMOUNT_LIFT, NULL, NULL), empty(v), NULL, NULL};
    for (guint k = v->b->first + back; back > 0 && k < v->b->last; k++)
        m.value[k] = pl_volume_growth(v->total[k], v->total[k - back]);
    m.f->value = at(m.value, v->now);
    if (isnan(m.f->value))
        m.f->reason = why_no_growth(v, back);
    g_autofree char *look = look_at_change(v, pl_volume_compared(v), m.f->value);
    settle(v, &m, back == 1, look);
    clear(&m);
}

static void add_like_for_like(const PlVolume *v) {
    g_autofree char *look = pl_kpi_is_target(v->run, "like_for_like") ? look_at_weakest(v) : NULL;
    g_autofree char *versus = pl_volume_reference_name(v),
                    *label = g_strdup_printf("Like-for-like growth on %s", versus);
    Measure m = {pl_volume_row(v, "like_for_like", label, PL_AMOUNT_LIFT, NULL, NULL), empty(v), empty(v),
                 empty(v)};
    PlLikeForLike like = {0, NAN, NAN, NAN, NULL};
    for (guint k = v->b->first; k < v->b->last; k++) {
        like = pl_volume_like_for_like(v, (PlVolumeSpan){k, pl_volume_reference(v, k), 1}, NULL, 0);
        m.value[k] = like.growth;
        m.low[k] = like.low;
        m.high[k] = like.high;
    }
    m.f->n = like.n; /* of the last complete one */
    m.f->value = at(m.value, v->now);
    m.f->conf_low = at(m.low, v->now);
    m.f->conf_high = at(m.high, v->now);
    m.f->conf_level = v->run->conf_level;
    m.f->reason = v->now == PL_NO_LEVEL ? no_period(v) : g_strdup(like.reason);
    settle(v, &m, v->year == PL_NO_LEVEL, look);
    clear(&m);
}

static char *why_no_years(const PlVolume *v) {
    guint n = v->b->last - v->b->first;
    if (v->now == PL_NO_LEVEL)
        return no_period(v);
    if (v->b->per_year == 0)
        return why_no_growth(v, 0);
    return g_strdup_printf("it takes %u complete %ss with sales; there %s %u", 2 * v->b->per_year,
                           v->b->period, n == 1 ? "is" : "are", n);
}

/* A measure of the last year on the one before, and of each year up to an earlier period. Two years that end
 * in neighbouring periods are nearly the same sales, so that their course is drawn, and its trend is not
 * tested. */
static void add_year(const PlVolume *v, const char *measure, const char *label, gboolean like_for_like) {
    guint year = v->b->per_year, first = v->b->first + 2 * year - 1;
    gboolean reach = pl_volume_last_year(v).then != PL_NO_LEVEL;
    Measure m = {pl_volume_row(v, measure, label, PL_AMOUNT_LIFT, NULL, NULL), empty(v),
                 like_for_like ? empty(v) : NULL, like_for_like ? empty(v) : NULL};
    PlLikeForLike like = {0, NAN, NAN, NAN, NULL};
    /* the course is drawn of the target only */
    for (guint k = pl_kpi_is_target(v->run, measure) ? first : v->now; reach && k <= v->now; k++) {
        if (like_for_like)
            like = pl_volume_like_for_like(v, (PlVolumeSpan){k, k - year, year}, NULL, 0);
        else
            like.growth =
                pl_volume_growth(pl_volume_sum(v->total, k, year), pl_volume_sum(v->total, k - year, year));
        m.value[k] = like.growth;
        if (like_for_like) {
            m.low[k] = like.low;
            m.high[k] = like.high;
        }
    }
    m.f->n = like.n;
    m.f->value = like.growth;
    m.f->conf_low = like.low;
    m.f->conf_high = like.high;
    if (like_for_like)
        m.f->conf_level = v->run->conf_level;
    m.f->reason = !reach ? why_no_years(v) : g_strdup(like.reason);
    if (reach && !like_for_like && isnan(m.f->value))
        m.f->reason =
            g_strdup_printf("a %s among them has no sales, or the year before none above 0", v->b->period);
    if (pl_kpi_is_target(v->run, measure)) {
        PlKpiSeries series = {v->b, m.value, m.low, m.high, TRUE};
        g_autofree char *look =
            like_for_like ? look_at_weakest(v) : look_at_change(v, pl_volume_compared(v), m.f->value);
        pl_kpi_headline(v->run, m.f, reach && v->now > first ? &series : NULL, look);
    }
    clear(&m);
}

/* The last year on the one before, which a single month's luck does not move; where both are there, or the
 * target asks for them. */
static void add_years(const PlVolume *v) {
    PlVolumeSpan span = pl_volume_last_year(v);
    if (!pl_volume_is_yearly(v) && (span.width < 2 || span.then == PL_NO_LEVEL))
        return;
    g_autofree char *versus = pl_volume_versus(v, span), *label = g_strdup_printf("Growth %s", versus),
                    *like_label = g_strdup_printf("Like-for-like growth %s", versus);
    add_year(v, "growth_last_year", label, FALSE);
    add_year(v, "like_for_like_last_year", like_label, TRUE);
}

/* Weekly rows: a month has four or five of them. */
static void tell_weeks(const PlVolume *v) {
    guint then = pl_volume_reference(v, v->now);
    if (v->step != PL_STEP_WEEK || then == PL_NO_LEVEL || g_strcmp0(v->b->period, "week") == 0)
        return;
    guint here = v->end[v->now] - v->begin[v->now], there = v->end[then] - v->begin[then];
    pl_result_check(
        v->run->study->result, "volume_weeks", PL_WARN, here,
        "sales volume: rows are by the week, and a %s has not always as many weeks: %s has %u, %s has "
        "%u, which moves growth by itself; kpis: {period: week} compares equal periods",
        v->b->period, v->b->names[v->now], here, v->b->names[then], there);
}

static guint find_online(const PlKpiGroups *channels, const char *online) {
    for (guint g = 0; channels != NULL && g < channels->n; g++)
        if (strcmp(channels->values[g], online) == 0)
            return g;
    return PL_NO_LEVEL;
}

/* NULL: there is nothing to compare with. */
static char *look_online(const PlVolume *v, const double *online, const double *share) {
    guint now = v->now, then = pl_volume_reference(v, now);
    double grew = pl_volume_growth(at(online, now), at(online, then)),
           rest =
               pl_volume_growth(at(v->total, now) - at(online, now), at(v->total, then) - at(online, then));
    if (isnan(grew) || isnan(rest))
        return NULL;
    g_autofree char *a = pl_format_amount(grew, NAN, PL_AMOUNT_LIFT, NULL),
                    *b = pl_format_amount(rest, NAN, PL_AMOUNT_LIFT, NULL),
                    *is = pl_format_amount(share[now], NAN, PL_AMOUNT_SHARE, NULL),
                    *was = pl_format_amount(share[then], NAN, PL_AMOUNT_SHARE, NULL);
    return g_strdup_printf(
        "Sales online are %s of the volume in %s and were %s in %s; they changed by %s, all "
        "other sales by %s.",
        is, v->b->names[now], was, v->b->names[then], a, b);
}

/* The volume without a channel is in the whole as well: it is told, and not hidden. */
static void add_online(const PlVolume *v) {
    const char *online = v->run->study->def->kpis.sales_volume.online;
    g_autoptr(PlKpiGroups) channels = pl_kpi_groups_new(v->run->study, v->sales, "channel");
    if (channels == NULL && !pl_kpi_is_target(v->run, "online_share"))
        return;
    Measure m = {pl_volume_row(v, "online_share", "Share sold online", PL_AMOUNT_SHARE, NULL, NULL), empty(v),
                 NULL, NULL};
    guint g = find_online(channels, online);
    if (channels == NULL)
        m.f->reason = g_strdup("neither sales nor stores have a column \"channel\"");
    else if (g == PL_NO_LEVEL)
        m.f->reason = g_strdup_printf(
            "no row has the channel \"%.60s\"; it is \"%.60s\"%s: kpis: {sales_volume: "
            "{online: NAME}}",
            online, channels->n > 0 ? channels->values[0] : "", channels->n > 1 ? " and others" : "");
    g_autofree double *part = g != PL_NO_LEVEL ? pl_volume_by(v, channels->of_row, channels->n) : NULL;
    g_autofree char *look = NULL;
    if (part != NULL) {
        const double *its = &part[(gsize)g * v->b->n];
        for (guint k = v->b->first; k < v->b->last; k++)
            m.value[k] = v->total[k] > 0 ? (isnan(its[k]) ? 0 : its[k]) / v->total[k] : NAN;
        m.f->value = at(m.value, v->now);
        look = look_online(v, its, m.value);
    }
    settle(v, &m, TRUE, look);
    if (look != NULL && !pl_kpi_is_target(v->run, "online_share"))
        pl_section_say(v->run->section, "%s", look);
    clear(&m);
}

/* ---- stores that opened, closed, paused ---- */

static void name_store(GString *names, guint *n, const char *name) {
    if (*n < NAMED)
        g_string_append_printf(names, "%s%.60s", *n > 0 ? ", " : "", name);
    else if (*n == NAMED)
        g_string_append(names, " ...");
    (*n)++;
}

static void add_count(const PlVolume *v, const char *measure, const char *label, guint n,
                      const GString *names) {
    PlFinding *f = pl_volume_row(v, measure, label, PL_AMOUNT_TOTAL, NULL, NULL);
    f->unit = g_strdup(n == 1 ? "store" : "stores");
    f->value = n;
    if (n > 0)
        f->reason = g_strdup(names->str);
}

/* A row or a week that is missing at the end is no store that stopped: it takes four weeks, and three times
 * its longest pause. */
static gboolean has_stopped(const PlVolume *v, const PlStoreDays *d) {
    guint end = v->end[v->now], days = v->step == PL_STEP_DAY ? 1 : v->step == PL_STEP_WEEK ? 7 : 28;
    guint silent = d->last + 1 < end ? end - d->last - 1 : 0;
    return silent * days >= 28 && silent >= 3 * d->longest;
}

/* Stores that sold in one of the two periods but did not trade in the whole of both, by why. */
static void add_changes(const PlVolume *v) {
    guint then = pl_volume_reference(v, v->now), n[3] = {0};
    g_autoptr(GString) opened = g_string_new(NULL), closed = g_string_new(NULL), paused = g_string_new(NULL);
    if (then == PL_NO_LEVEL)
        return;
    for (guint s = 0; s < v->n_stores; s++) {
        const PlStoreDays *d = &v->days[s];
        gsize cell = (gsize)s * v->b->n;
        if ((isnan(v->by_store[cell + v->now]) && isnan(v->by_store[cell + then])) ||
            (v->whole[cell + v->now] && v->whole[cell + then]))
            continue;
        if (d->first > v->begin[then] + d->pause)
            name_store(opened, &n[0], v->store->levels[s]);
        else if (has_stopped(v, d))
            name_store(closed, &n[1], v->store->levels[s]);
        else
            name_store(paused, &n[2], v->store->levels[s]);
    }
    g_autofree char *opened_label = g_strdup_printf("With first sales since %s began", v->b->names[then]),
                    *closed_label = g_strdup("Stores without sales at the end");
    add_count(v, "stores_opened", opened_label, n[0], opened);
    add_count(v, "stores_closed", closed_label, n[1], closed);
    add_count(v, "stores_paused", "With a pause, not in like-for-like", n[2], paused);
}

void pl_volume_headline(const PlVolume *v) {
    g_autofree char *label = g_strdup_printf("Growth on the %s before", v->b->period);
    add_volume(v);
    add_growth(v, "growth", label, 1);
    add_growth(v, "growth_year", "Growth on the year before", v->b->per_year);
    add_like_for_like(v);
    add_years(v);
    tell_weeks(v);
    add_online(v);
    add_changes(v);
}
