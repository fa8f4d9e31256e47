/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/cycle_against_churn.h"

#include <math.h>

#include "pairlift/kpi/against.h"
#include "pairlift/kpi/cycle_churn.h"
#include "pairlift/model/numbers.h"
#include "pairlift/stats/correlation.h"

/* Groups from which on a correlation is looked at. */
#define GROUPS_FEWEST 5
/* Those named in the sentence. */
#define NAMED 5

typedef struct {
    const PlDeals *deals;
    const char *role;
    int months;
    guint n;
    const PlFinding **days, **churn; /* [n] rows of one group */
    char **values;                   /* [n] not owned */
} Points;

/* Groups of which both are known. */
static void collect(Points *p, char **values, guint n) {
    const PlSection *s = p->deals->run->section;
    g_autofree char *name = pl_cycle_churn_name(p->months);
    g_autofree PlFinding **days = pl_against_rows(s, "median_days", p->role, values, n, "won"),
                         **churn = pl_against_rows(s, name, p->role, values, n, NULL);
    for (guint g = 0; g < n; g++) {
        if (days[g] == NULL || churn[g] == NULL || isnan(days[g]->value) || isnan(churn[g]->value))
            continue;
        p->days[p->n] = days[g];
        p->churn[p->n] = churn[g];
        p->values[p->n++] = values[g];
    }
}

static PlCurve *add_curve(const Points *p) {
    PlCurve *c = pl_section_add_curve(p->deals->run->section, NULL, "cycle_vs_churn", p->n);
    c->group = g_strdup(p->role);
    c->x_label = g_strdup_printf("median %s of won deals", p->deals->unit);
    c->y_label = g_strdup_printf("Customers lost within %d months", p->months);
    c->x_amount = PL_AMOUNT_NUMBER;
    c->y_amount = PL_AMOUNT_SHARE;
    c->x_names = g_new0(char *, p->n + 1);
    for (guint i = 0; i < p->n; i++) {
        c->x[i] = p->days[i]->value;
        c->y[i] = p->churn[i]->value;
        c->low[i] = p->churn[i]->conf_low;
        c->high[i] = p->churn[i]->conf_high;
        c->x_names[i] = g_strdup(p->values[i]);
    }
    return c;
}

static void say_correlation(const Points *p, const PlFinding *f) {
    g_autofree char *text = pl_format_finding(f), *pv = pl_format_p_is(f->p_value),
                    *count = pl_against_count(f->n, p->role);
    const char *what =
        f->p_value > 1 - f->conf_level
            ? "no clear relation between the length of the cycle and the customers lost after it"
        : f->value < 0 ? "the shorter the cycle, the more customers are lost after it"
                       : "the longer the cycle, the more customers are lost after it";
    pl_section_say(p->deals->run->section, "Over %s, %s: rank correlation %s (%s).", count, what, text, pv);
}

static void correlate(const Points *p) {
    PlFinding *f = pl_section_add(p->deals->run->section, NULL, "cycle_churn_correlation",
                                  "Rank correlation of cycle and churn", PL_AMOUNT_NUMBER);
    PlArena arena = {0};
    PlCorrelation c;
    PlInferenceOptions options = {.conf_level = p->deals->run->conf_level, .threads = 1};
    g_autofree double *x = g_new(double, p->n + 1), *y = g_new(double, p->n + 1);
    for (guint i = 0; i < p->n; i++) {
        x[i] = p->days[i]->value;
        y[i] = p->churn[i]->value;
    }
    f->n = p->n;
    f->conf_level = options.conf_level;
    if (p->n < GROUPS_FEWEST)
        f->reason =
            g_strdup_printf("%u of %s with both numbers: %d are needed", p->n, p->role, GROUPS_FEWEST);
    else if (pl_spearman(x, y, p->n, &options, &arena, &c) != PL_OK)
        f->reason = g_strdup("all have the same cycle or the same churn");
    else {
        f->value = c.in.estimate;
        f->p_value = c.in.p_value;
        f->conf_low = c.perfect ? NAN : c.in.conf_low;
        f->conf_high = c.perfect ? NAN : c.in.conf_high;
        say_correlation(p, f);
    }
    pl_arena_clear(&arena);
}

static gboolean has_verdict(const PlFinding *f, const char *verdict) {
    return f != NULL && g_strcmp0(f->verdict, verdict) == 0;
}

/* "Ada: half of the won deals within 21 days (19 to 24; p < 0.0001), 34 % of the customers lost within 6
 * months (25 % to 44 %; p = 0.002)". */
static void describe(const Points *p, guint i, const PlFinding *fast, const PlFinding *lose, GString *s) {
    g_autofree char *days = pl_format_finding(p->days[i]), *churn = pl_format_finding(p->churn[i]),
                    *p_fast = pl_format_p_is(fast->p_adjusted), *p_lose = pl_format_p_is(lose->p_adjusted);
    g_string_append_printf(
        s,
        "%s%s closes clearly faster than the others and loses clearly more customers: a median of "
        "%s from opening to winning (%s) and %s of the customers lost within %d months of the "
        "purchase (%s)",
        s->len > 0 ? "; " : "", p->values[i], days, p_fast, churn, p->months, p_lose);
}

/* "; of all together it is 56 days (54 to 60 days) and 16 % (14 to 19 %)". */
static char *of_all(const Points *p) {
    const PlSection *section = p->deals->run->section;
    char *won[] = {"won", NULL};
    g_autofree char *name = pl_cycle_churn_name(p->months);
    const PlFinding *all = pl_section_find(section, NULL, name);
    g_autofree PlFinding **days = pl_against_rows(section, "median_days", "outcome", won, 1, NULL);
    if (all == NULL || days[0] == NULL)
        return g_strdup("");
    g_autofree char *all_churn = pl_format_finding(all), *all_days = pl_format_finding(days[0]);
    return g_strdup_printf("; of all together it is %s and %s", all_days, all_churn);
}

/* The groups that are fast and lose customers, by the tests of each against the rest. */
static char *name_them(const Points *p, char **values, guint n) {
    PlSection *section = p->deals->run->section;
    g_autoptr(GString) s = g_string_new(NULL);
    g_autoptr(GString) names = g_string_new(NULL);
    g_autofree PlFinding **fast =
        pl_against_rows(section, "closing_rate_against_rest", p->role, values, n, "won");
    g_autofree PlFinding **lose = pl_against_rows(section, "churn_against_rest", p->role, values, n, NULL);
    guint compared = 0, found = 0;
    for (guint g = 0, i = 0; g < n; g++) {
        gboolean point = i < p->n && p->values[i] == values[g];
        compared +=
            fast[g] != NULL && lose[g] != NULL && !isnan(fast[g]->p_value) && !isnan(lose[g]->p_value);
        if (point && has_verdict(fast[g], "faster") && has_verdict(lose[g], "more") && found++ < NAMED) {
            describe(p, i, fast[g], lose[g], s);
            g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", values[g]);
        }
        i += point;
    }
    g_autofree char *count = pl_against_count(compared, p->role), *all = of_all(p);
    if (compared < 2)
        return NULL;
    if (found == 0)
        pl_section_say(
            section,
            "Of %s compared, none both closes deals clearly faster and loses clearly more customers "
            "than the others; with few deals or customers such a %s can go unnoticed.",
            count, p->role);
    else
        pl_section_say(section, "%s%s%s (%s compared, p adjusted for that).", s->str,
                       found > NAMED ? "; and more" : "", all, count);
    return found > 0 ? g_strdup(names->str) : NULL;
}

char *pl_cycle_against_churn(const PlDeals *d, const char *role, char **values, guint n) {
    guint n_months;
    g_autofree int *months = pl_cycle_churn_months(d->run, &n_months);
    g_autofree const PlFinding **days = g_new(const PlFinding *, n + 1),
                               **churn = g_new(const PlFinding *, n + 1);
    g_autofree char **names = g_new(char *, n + 1);
    Points p = {d, role, months[0], 0, days, churn, names};
    collect(&p, values, n);
    PlCurve *curve = p.n > 0 ? add_curve(&p) : NULL;
    correlate(&p);
    char *both = name_them(&p, values, n);
    if (curve != NULL && both != NULL)
        curve->title = g_strdup_printf("%s: fast to close, and many customers lost", both);
    else if (curve != NULL)
        curve->title = g_strdup_printf("No %s clearly closes fast and loses customers", role);
    return both;
}
