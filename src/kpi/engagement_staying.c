/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/kpi/against.h"
#include "pairlift/kpi/engagement.h"
#include "pairlift/model/numbers.h"
#include "pairlift/stats/adjust.h"
#include "pairlift/stats/concordance.h"
#include "pairlift/stats/survival.h"

/* Whether customers who are contacted more or less often stay longer. Customers who stay long have more
 * contacts whatever anybody does, and a gap that is measured until they leave knows how it ended. So the gap
 * is measured in the first months only, among those who are still there after them, and what counts is how
 * long they stay from then on: a landmark analysis (Anderson, Cain and Gelber 1983,
 * doi:10.1200/JCO.1983.1.11.710). */

#define PL_MONTH_DAYS  (365.25 / 12)
#define YEAR_MONTHS    12
#define FEWEST_FIRST   3 /* months in which the gap is measured unless the definition says otherwise */
#define MOST_FIRST     12
#define GAPS_FIRST     2  /* usual gaps that fit into them */
#define BAND_LEAST     10 /* customers of a band that is held against the others */

#define OBSERVED_LEAST 5 /* one in so many customers is observed up to the horizon */

/* Gaps up to this many days, as rows and charts call them, and as a sentence does. */
typedef struct {
    double up_to;
    const char *name, *phrase;
} Band;
static const Band bands[] = {{2.5, "every 1-2 days", "every day or two"},
                             {5.5, "twice a week", "twice a week"},
                             {10.5, "every week", "once a week"},
                             {21, "every 2 weeks", "once every two weeks"},
                             {45, "every month", "once a month"},
                             {75, "every 2 months", "once every two months"},
                             {105, "every 3 months", "once every three months"},
                             {150, "every 4 months", "once every four months"},
                             {270, "every 6 months", "once every half year"},
                             {INFINITY, "every year", "once a year or less"}};
enum { N_BANDS = G_N_ELEMENTS(bands), SELDOM = N_BANDS, N_GROUPS };

typedef struct {
    PlLifetime life; /* from the landmark on, in days; group: the band */
    double gap;      /* days; without two contacts more than can be measured */
} Subject;

typedef struct {
    PlEngagement *e;
    const char *span; /* "6 months" */
    guint months;     /* in which the gap is measured */
    guint horizon;    /* months after them at which bands are compared */
    GArray *subjects;
    guint n_gone, n_new; /* left within the first months; not there long enough */
} Landmark;

/* One band, held against all others. */
typedef struct {
    guint n;
    PlSurvivalAt at; /* at the horizon */
    PlSurvivalAt others;
    double p, p_adjusted;
    double relative; /* how many left to how many would have if all bands were alike */
} Standing;

static double days(const PlContacts *c, double units) {
    return units * c->unit_days;
}

/* ---- the first months ---- */

static guint band_of(const PlWaiting *w, double gap) {
    guint b = 0;
    if (w->n_gaps == 0)
        return SELDOM;
    while (gap > bands[b].up_to)
        b++;
    return b;
}

static const char *band_name(guint b) {
    return b == SELDOM ? "under 2 contacts" : bands[b].name;
}

/* "contacted about once a month". */
static char *band_phrase(const Landmark *m, guint b, const char *about) {
    if (b == SELDOM)
        return g_strdup_printf("with fewer than two contacts in %s", m->span);
    return g_strdup_printf("contacted %s%s", about, bands[b].phrase);
}

/* A few usual gaps long, and no longer than half of the data. */
static guint months_of(const PlEngagement *e) {
    const PlContacts *c = e->c;
    gint64 asked = e->run->study->def->kpis.engagement.first_months;
    double half = days(c, c->now - c->first + 1) / PL_MONTH_DAYS / 2;
    double usual = isnan(e->usual) ? MOST_FIRST : ceil(GAPS_FIRST * days(c, e->usual) / PL_MONTH_DAYS);
    if (asked > 0)
        return (guint)asked;
    return (guint)floor(fmin(half, fmin(fmax(usual, FEWEST_FIRST), MOST_FIRST)));
}

static void find_subjects(Landmark *m) {
    const PlContacts *c = m->e->c;
    PlDay length = (PlDay)floor(m->months * PL_MONTH_DAYS / c->unit_days + 0.5);
    guint most = 0;
    for (guint i = 0; i < c->n; i++)
        most = MAX(most, c->day_from[i + 1] - c->day_from[i]);
    g_autofree double *work = g_new(double, most + 2);
    for (guint i = 0; i < c->n; i++) {
        PlDay from = MAX(c->start[i], c->first), until = from + length;
        if (!c->there[i] || (c->left[i] && c->end[i] < c->first))
            continue;
        gboolean gone = c->left[i] && c->end[i] <= until, young = !gone && until >= c->now;
        m->n_gone += gone;
        m->n_new += young;
        if (gone || young)
            continue;
        PlWaiting w = pl_waiting(c, i, from, until, work);
        double gap = w.n_gaps > 0 ? days(c, w.gap) : days(c, length) + 1;
        Subject s = {{days(c, c->end[i] - until), c->left[i], band_of(&w, gap)}, gap};
        g_array_append_val(m->subjects, s);
    }
}

/* The longest of 12, 6 and 3 months after the landmark for which a fifth of those have been observed who have
 * not left before: beyond that a curve hangs on a few. */
static guint horizon_of(const GArray *subjects) {
    static const guint months[] = {12, 6, 3};
    for (gsize k = 0; k < G_N_ELEMENTS(months); k++) {
        guint observed = 0, stayed = 0;
        for (guint i = 0; i < subjects->len; i++) {
            const PlLifetime *life = &g_array_index(subjects, Subject, i).life;
            gboolean beyond = life->time >= months[k] * PL_MONTH_DAYS;
            observed += beyond;
            stayed += beyond || !life->event;
        }
        if (observed > 0 && observed * OBSERVED_LEAST >= stayed)
            return months[k];
    }
    return 0;
}

/* ---- bands ---- */

static void add_curve(const Landmark *m, const PlSurvivalCurve *curve, const char *name) {
    guint n = (guint)curve->n_points;
    PlCurve *c = pl_section_add_curve(m->e->run->section, NULL, "retention_by_gap", n + 2);
    c->group = g_strdup(name);
    c->x_label = g_strdup_printf("months after the first %u", m->months);
    c->y_label = g_strdup("share still there");
    c->x_amount = PL_AMOUNT_NUMBER;
    c->y_amount = PL_AMOUNT_SHARE;
    c->steps = TRUE;
    c->x[0] = 0;
    c->y[0] = 1;
    for (guint k = 0; k < n; k++) {
        const PlSurvivalPoint *p = &curve->points[k];
        c->x[k + 1] = p->time / PL_MONTH_DAYS;
        c->y[k + 1] = p->survival;
        c->low[k + 1] = p->has_interval ? p->low : NAN;
        c->high[k + 1] = p->has_interval ? p->high : NAN;
    }
    c->x[n + 1] = curve->last_time / PL_MONTH_DAYS;
    c->y[n + 1] = c->y[n];
    c->low[n + 1] = c->low[n];
    c->high[n + 1] = c->high[n];
}

/* The curve of one band (`own`) or of all others. */
static gboolean curve_of(const Landmark *m, const PlLifetime *sorted, guint band, gboolean own,
                         PlSurvivalCurve *curve, PlSurvivalAt *at) {
    PlEngagement *e = m->e;
    PlLifetime *some = pl_arena_take(&e->arena, m->subjects->len, sizeof *some);
    guint n = 0;
    for (guint i = 0; some != NULL && i < m->subjects->len; i++)
        if ((sorted[i].group == band) == own)
            some[n++] = sorted[i];
    if (n == 0 || pl_kaplan_meier(some, n, e->run->conf_level, &e->arena, curve) != PL_OK)
        return FALSE;
    pl_survival_at(curve, some, m->horizon * PL_MONTH_DAYS, at);
    return TRUE;
}

/* The band against all others by the log-rank test. */
static void compare(const Landmark *m, const PlLifetime *sorted, guint band, Standing *s) {
    PlEngagement *e = m->e;
    guint n = m->subjects->len;
    PlLogrank test;
    PlSurvivalCurve others;
    PlLifetime *two = pl_arena_take(&e->arena, n, sizeof *two);
    for (guint i = 0; two != NULL && i < n; i++) {
        two[i] = sorted[i];
        two[i].group = sorted[i].group == band;
    }
    if (two == NULL || s->n < BAND_LEAST || n - s->n < BAND_LEAST || !s->at.estimable ||
        !curve_of(m, sorted, band, FALSE, &others, &s->others) ||
        pl_logrank(two, n, 2, &e->arena, &test) != PL_OK ||
        !pl_against_enough(test.groups[1].expected, test.groups[0].expected + test.groups[1].expected))
        return;
    s->p = test.p_value;
    s->relative = test.groups[1].observed / test.groups[1].expected;
}

static void adjust(Standing *of, guint *compared) {
    double p[N_GROUPS], adjusted[N_GROUPS];
    gsize order[N_GROUPS];
    guint n = 0;
    for (guint b = 0; b < N_GROUPS; b++)
        if (!isnan(of[b].p))
            p[n++] = of[b].p;
    *compared = n;
    if (pl_adjust_holm(p, n, order, adjusted) != PL_OK)
        return;
    n = 0;
    for (guint b = 0; b < N_GROUPS; b++)
        if (!isnan(of[b].p))
            of[b].p_adjusted = adjusted[n++];
}

static void add_band(const Landmark *m, guint band, const Standing *s) {
    g_autofree char *label =
        g_strdup_printf("Still there %u months after the first %u", m->horizon, m->months);
    PlFinding *f = pl_section_add(m->e->run->section, NULL, "retention_by_gap", label, PL_AMOUNT_SHARE);
    pl_finding_of(f, "gap", band_name(band), NULL);
    pl_engage_share(m->e, f, &s->at, s->n, "customer of that gap");
    f->p_value = s->p;
    f->p_adjusted = s->p_adjusted;
    if (f->reason == NULL && s->n < BAND_LEAST)
        f->reason = g_strdup_printf("fewer than %d customers: not compared with the others", BAND_LEAST);
}

static char *share(const PlEngagement *e, const PlSurvivalAt *at) {
    PlSection *scratch = pl_section_new("scratch", "scratch");
    PlFinding *f = pl_section_add(scratch, NULL, "share", "share", PL_AMOUNT_SHARE);
    pl_engage_share(e, f, at, 0, "customer");
    char *text = pl_format_finding(f);
    pl_section_free(scratch);
    return text;
}

/* Whether the best band is ahead of each other one that was compared, taken alone. */
static guint not_told_from(const Landmark *m, const PlLifetime *sorted, const Standing *of, guint best,
                           gboolean *told) {
    double p[N_GROUPS], adjusted[N_GROUPS];
    gsize order[N_GROUPS];
    guint n = 0, not_told = 0, len = m->subjects->len, which[N_GROUPS];
    for (guint b = 0; b < N_GROUPS; b++) {
        PlLogrank test;
        guint k = 0;
        told[b] = FALSE;
        if (b == best || isnan(of[b].p))
            continue;
        PlLifetime *two = pl_arena_take(&m->e->arena, len, sizeof *two);
        for (guint i = 0; two != NULL && i < len; i++)
            if (sorted[i].group == b || sorted[i].group == best) {
                two[k] = sorted[i];
                two[k++].group = sorted[i].group == best;
            }
        which[n] = b;
        p[n++] = two != NULL && pl_logrank(two, k, 2, &m->e->arena, &test) == PL_OK &&
                         test.groups[1].observed < test.groups[1].expected
                     ? test.p_value
                     : 1;
    }
    if (pl_adjust_holm(p, n, order, adjusted) == PL_OK)
        for (guint k = 0; k < n; k++)
            told[which[k]] = adjusted[k] <= 1 - m->e->run->conf_level;
    for (guint k = 0; k < n; k++)
        not_told += !told[which[k]];
    return not_told;
}

/* What the chart of the curves says. */
static void set_title(const Landmark *m, const char *title) {
    PlSection *section = m->e->run->section;
    for (guint i = 0; i < section->curves->len; i++) {
        PlCurve *c = g_ptr_array_index(section->curves, i);
        if (c->title == NULL && strcmp(c->name, "retention_by_gap") == 0) {
            c->title = g_strdup(title);
            return;
        }
    }
}

static void say_best(const Landmark *m, const PlLifetime *sorted, const Standing *of, guint best,
                     guint compared) {
    gboolean told[N_GROUPS];
    g_autofree char *those = band_phrase(m, best, "about "), *own = share(m->e, &of[best].at),
                    *others = share(m->e, &of[best].others), *p = pl_format_p_is(of[best].p_adjusted);
    guint not_told = not_told_from(m, sorted, of, best, told);
    GString *s = g_string_new(NULL);
    g_string_append_printf(s,
                           "Customers %s stayed %s: %u months after the first %u, in which the gap was "
                           "measured, %s of them were still there, against %s of all others (%s, adjusted "
                           "for %u bands of gaps).",
                           those, not_told == 0 ? "longest" : "longer", m->horizon, m->months, own, others, p,
                           compared);
    g_autofree char *short_name = band_phrase(m, best, "");
    g_autofree char *title = g_strdup_printf("Customers %s stayed %s", short_name,
                                             not_told == 0 ? "longest" : "longer than all others together");
    set_title(m, title);
    if (not_told > 0) {
        g_string_append(s, " Taken alone, it cannot be told whether they stayed longer than those ");
        guint k = 0;
        for (guint b = 0; b < N_GROUPS; b++) {
            if (b == best || isnan(of[b].p) || told[b])
                continue;
            g_autofree char *other = band_phrase(m, b, "");
            k++;
            g_string_append_printf(s, "%s%s", k == 1 ? "" : k == not_told ? " or " : ", ", other);
        }
        g_string_append_c(s, '.');
    }
    g_string_append(s, " Nobody drew lots for the gap, so that other differences between these customers may "
                       "be behind it.");
    pl_section_say(m->e->run->section, "%s", s->str);
    g_string_free(s, TRUE);
}

static void say_bands(const Landmark *m, const PlLifetime *sorted, const Standing *of, guint compared) {
    guint best = N_GROUPS;
    for (guint b = 0; b < N_GROUPS; b++)
        if (!isnan(of[b].p) && of[b].relative < 1 && of[b].p_adjusted <= 1 - m->e->run->conf_level &&
            (best == N_GROUPS || of[b].relative < of[best].relative))
            best = b;
    if (best == N_GROUPS)
        set_title(m, "Which gap goes with customers who stay cannot be told");
    if (compared < 2)
        pl_section_say(m->e->run->section,
                       "Which gap between contacts goes with customers who stay cannot be told: fewer than "
                       "two bands of gaps have %d customers who were observed for %u months after the first "
                       "%u.",
                       BAND_LEAST, m->horizon, m->months);
    else if (best == N_GROUPS)
        pl_section_say(m->e->run->section,
                       "Which gap between contacts goes with customers who stay cannot be told: of %u bands "
                       "of gaps compared, none stayed clearly longer than all others.",
                       compared);
    else
        say_best(m, sorted, of, best, compared);
}

static void add_bands(Landmark *m) {
    PlEngagement *e = m->e;
    guint n = m->subjects->len, compared;
    PlLifetime *sorted = pl_arena_take(&e->arena, n, sizeof *sorted);
    Standing of[N_GROUPS];
    for (guint i = 0; sorted != NULL && i < n; i++)
        sorted[i] = g_array_index(m->subjects, Subject, i).life;
    if (sorted == NULL || pl_lifetimes_sort(sorted, n, &e->arena) != PL_OK)
        return;
    for (guint b = 0; b < N_GROUPS; b++) {
        PlSurvivalCurve curve;
        of[b] = (Standing){.p = NAN, .p_adjusted = NAN};
        if (!curve_of(m, sorted, b, TRUE, &curve, &of[b].at))
            continue;
        of[b].n = (guint)curve.n;
        compare(m, sorted, b, &of[b]);
        if (of[b].n >= BAND_LEAST)
            add_curve(m, &curve, band_name(b));
    }
    adjust(of, &compared);
    for (guint b = 0; b < N_GROUPS; b++)
        if (of[b].n > 0)
            add_band(m, b, &of[b]);
    say_bands(m, sorted, of, compared);
}

/* ---- the rank correlation ---- */

static void say_correlation(const Landmark *m, const PlFinding *f, const PlConcordance *c) {
    double more = c->in.estimate > 0 ? c->concordance : 1 - c->concordance;
    if (!(f->p_value <= 1 - m->e->run->conf_level)) {
        pl_section_say(m->e->run->section,
                       "It cannot be told whether customers who are contacted more often stay longer, or "
                       "less long, throughout: the rank correlation of how often they were contacted in the "
                       "first %s with how long they stayed after that is %.2f (%.2f to %.2f).",
                       m->span, f->value, f->conf_low, f->conf_high);
        return;
    }
    pl_section_say(
        m->e->run->section,
        "Customers who were contacted %s often in their first %s stayed longer after that: "
        "of two of whom it is known who stayed longer, it was that one in %.0f %% of the cases, ties "
        "counted as half (rank correlation %.2f, %.2f to %.2f).",
        f->value > 0 ? "more" : "less", m->span, 100 * more, f->value, f->conf_low, f->conf_high);
}

static void add_correlation(Landmark *m) {
    PlEngagement *e = m->e;
    guint n = m->subjects->len;
    PlInferenceOptions options = {.conf_level = e->run->conf_level, .threads = 1};
    PlConcordance c;
    PlFinding *f = pl_section_add(e->run->section, NULL, "frequency_and_staying",
                                  "Rank correlation of frequent contact and staying", PL_AMOUNT_NUMBER);
    PlRankedLifetime *rows = pl_arena_take(&e->arena, n, sizeof *rows);
    for (guint i = 0; rows != NULL && i < n; i++) {
        const Subject *s = &g_array_index(m->subjects, Subject, i);
        rows[i] = (PlRankedLifetime){-s->gap, s->life.time, s->life.event};
    }
    PlStatus status = rows != NULL ? pl_concordance(rows, n, &options, &e->arena, &c) : PL_NO_MEMORY;
    f->n = n;
    if (status != PL_OK || c.perfect) {
        f->reason = g_strdup(status == PL_NO_VARIANCE ? "all customers were contacted equally often"
                             : status == PL_OK        ? "too few customers have left to judge it by"
                                                      : "of no two customers is it known who stayed longer");
        return;
    }
    f->value = c.in.estimate;
    f->std_error = c.in.std_error;
    f->conf_low = c.in.conf_low;
    f->conf_high = c.in.conf_high;
    f->conf_level = e->run->conf_level;
    f->p_value = c.in.p_value;
    say_correlation(m, f, &c);
}

void pl_engage_staying(PlEngagement *e) {
    Landmark m = {.e = e};
    const char *why = pl_engage_no_length(e->c);
    if (why != NULL) {
        pl_kpi_missing(e->run, "frequency_and_staying", "Rank correlation of frequent contact and staying",
                       PL_AMOUNT_NUMBER, "%s", why);
        pl_section_say(e->run->section,
                       "Whether customers who are contacted more often stay longer cannot be told: %s.", why);
        return;
    }
    m.months = months_of(e);
    g_autofree char *span = pl_format_count(m.months, "month", "months");
    m.span = span;
    m.subjects = g_array_new(FALSE, FALSE, sizeof(Subject));
    if (m.months > 0)
        find_subjects(&m);
    m.horizon = horizon_of(m.subjects);
    if (m.horizon == 0) {
        pl_kpi_missing(e->run, "frequency_and_staying", "Rank correlation of frequent contact and staying",
                       PL_AMOUNT_NUMBER,
                       "no customer was observed for 3 months after the first %s, in which the gap is "
                       "measured: the data cover too short a time",
                       m.span);
        pl_section_say(e->run->section,
                       "Whether customers who are contacted more often stay longer cannot be told: the data "
                       "cover too short a time.");
    } else {
        PlArenaMark mark = pl_arena_mark(&e->arena);
        add_correlation(&m);
        add_bands(&m);
        pl_arena_release(&e->arena, mark);
        pl_result_check(e->run->study->result, "gap_and_staying", PL_PASS, m.subjects->len,
                        "the gap of the first %s is held against how long %u customers stayed after that; "
                        "%u who left within that time and %u who are not there that long yet are "
                        "not part of this",
                        m.span, m.subjects->len, m.n_gone, m.n_new);
    }
    g_array_free(m.subjects, TRUE);
}
