/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/groups.h"
#include "pairlift/kpi/headline.h"
#include "pairlift/kpi/step_down.h"
#include "pairlift/kpi/upsell.h"
#include "pairlift/model/numbers.h"
#include "pairlift/stats/cluster_ratio.h"

#include <math.h>
#include <string.h>

/* Groups of one column that are read on a page, and that are listed at all. */
enum { SHOWN_MOST = 20, LISTED_MOST = 1000 };

/* Groups are compared, each over all customers, as long as that takes a moment. */
#define STEPS_MOST 2e7

/* A share of the orders that may be in several groups. */
#define SHARED_MOST 0.01

/* An attribute of customers with more values than this is an id or a number, not a group. */
enum { ATTRIBUTE_VALUES_MOST = 20 };

/* Customers' own sums of the target's measure: in all groups, in one, and in the others. */
typedef struct {
    const PlUpsellMeasure *measure;
    guint n; /* customers */
    double *over_all, *under_all, *over, *under, *over_rest, *under_rest;
} Contrast;

typedef struct {
    const PlKpiRun *run;
    const PlOrders *orders;
    char *look; /* of the first column whose groups are compared */
} By;

static void contrast_init(Contrast *c, const PlUpsellMeasure *m, guint n) {
    double **columns[] = {&c->over_all, &c->under_all, &c->over, &c->under, &c->over_rest, &c->under_rest};
    c->measure = m;
    c->n = n;
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
        *columns[i] = g_new0(double, n + 1);
}

static void contrast_clear(Contrast *c) {
    double *columns[] = {c->over_all, c->under_all, c->over, c->under, c->over_rest, c->under_rest};
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
        g_free(columns[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Contrast, contrast_clear)

static void add_to(const Contrast *c, const PlTally *t, double *over, double *under) {
    const double *x = pl_tally_column(t, c->measure->over), *m = pl_tally_column(t, c->measure->under);
    for (guint i = 0; i < t->n; i++) {
        over[t->customer[i]] += x[i];
        under[t->customer[i]] += m[i];
    }
}

/* A group against all others; its customers may be theirs, too. */
static PlStatus compare(Contrast *c, const PlTally *t, double conf_level, PlInference *in) {
    PlInferenceOptions options = {.conf_level = conf_level, .threads = 1};
    memset(c->over, 0, c->n * sizeof *c->over);
    memset(c->under, 0, c->n * sizeof *c->under);
    add_to(c, t, c->over, c->under);
    for (guint i = 0; i < c->n; i++) {
        c->over_rest[i] = c->over_all[i] - c->over[i];
        c->under_rest[i] = c->under_all[i] - c->under[i];
    }
    return pl_cluster_ratio_difference((PlClusteredRatio){c->over, c->under},
                                       (PlClusteredRatio){c->over_rest, c->under_rest}, c->n, &options, in);
}

/* Groups that were compared, with the difference to all others. */
typedef struct {
    guint n;
    PlFinding **finding;
    const PlStanding **of; /* with the difference from all others */
} Compared;

static void say_look(By *by, const PlKpiGroups *groups, const Compared *compared) {
    const PlFinding *worst = NULL;
    double distance = 0;
    for (guint i = 0; i < compared->n; i++) {
        const PlFinding *f = compared->finding[i];
        double bad = f->mark->down ? compared->of[i]->difference : -compared->of[i]->difference;
        if (f->verdict != NULL && bad > distance) {
            distance = bad;
            worst = f;
        }
    }
    if (by->look != NULL)
        return;
    if (worst == NULL) {
        by->look = g_strdup_printf("No %s is told apart from the others as worse (%u compared).",
                                   groups->name, compared->n);
        return;
    }
    double rest = worst->mark->down ? worst->value - distance : worst->value + distance;
    double half = (worst->conf_high - worst->conf_low) / 2;
    g_autofree char *value = pl_format_finding(worst), *p = pl_format_p_is(worst->p_adjusted),
                    *others = pl_format_amount_size(rest, half, worst->amount, worst->unit);
    by->look =
        g_strdup_printf("Look at %s %s: %s against %s of the others over all the time (%s, adjusted for "
                        "the %u compared).",
                        groups->name, worst->group, value, others, p, compared->n);
}

/* Names that a sentence has. */
#define NAMED_MOST 5

/* "Gus (46.8 %), Ada (31.0 %) and 3 more", those furthest off first; "none". */
static char *names_with(const Compared *compared, const char *verdict) {
    g_autoptr(GString) s = g_string_new(NULL);
    g_autofree gboolean *named = g_new0(gboolean, compared->n + 1);
    guint n = 0;
    for (guint i = 0; i < compared->n; i++)
        n += g_strcmp0(compared->finding[i]->verdict, verdict) == 0;
    for (guint k = 0; k < MIN(n, NAMED_MOST); k++) {
        guint best = PL_NO_LEVEL;
        for (guint i = 0; i < compared->n; i++)
            if (!named[i] && g_strcmp0(compared->finding[i]->verdict, verdict) == 0 &&
                (best == PL_NO_LEVEL ||
                 fabs(compared->of[i]->difference) > fabs(compared->of[best]->difference)))
                best = i;
        const PlFinding *f = compared->finding[best];
        g_autofree char *value =
            pl_format_amount_size(f->value, (f->conf_high - f->conf_low) / 2, f->amount, f->unit);
        g_string_append_printf(s, "%s%s (%s)", k > 0 ? ", " : "", f->group, value);
        named[best] = TRUE;
    }
    if (n > NAMED_MOST)
        g_string_append_printf(s, " and %u more", n - NAMED_MOST);
    return g_strdup(n > 0 ? s->str : "none");
}

static void say_compared(const By *by, const PlKpiGroups *groups, const Compared *compared) {
    g_autofree char *above = names_with(compared, "above"), *below = names_with(compared, "below");
    if (strcmp(above, "none") == 0 && strcmp(below, "none") == 0)
        return;
    pl_section_say(
        by->run->section,
        "%s by %s, each of %u held against all others (adjusted by Holm): clearly above %s; clearly "
        "below %s.",
        compared->finding[0]->label, groups->name, compared->n, above, below);
}

static void settle(By *by, const PlKpiGroups *groups, const Compared *compared) {
    if (compared->n < 2)
        return;
    for (guint i = 0; i < compared->n; i++) {
        PlFinding *f = compared->finding[i];
        const PlStanding *s = compared->of[i];
        f->p_value = s->p;
        /* Of two, each is the other's rest: one comparison. */
        f->p_adjusted = compared->n == 2 ? s->p : s->p_adjusted;
        if (compared->n == 2 ? f->p_adjusted <= 1 - by->run->conf_level : s->apart)
            f->verdict = g_strdup(s->difference > 0 ? "above" : "below");
    }
    say_look(by, groups, compared);
    say_compared(by, groups, compared);
}

/* Groups by the number of their orders, most first; in byte order where they are as many. */
static int by_size(const void *a, const void *b, void *data) {
    guint x = *(const guint *)a, y = *(const guint *)b;
    guint n_x = pl_order_groups_size(data, x), n_y = pl_order_groups_size(data, y);
    return n_x != n_y ? (n_x < n_y ? 1 : -1) : (x > y) - (x < y);
}

/* Groups that share orders (products) are not each other's rest; a few orders in two groups are mistakes that
 * do not matter for it, and are told. */
static gboolean is_tested(const By *by, const PlOrderGroups *parts, const PlKpiGroups *groups) {
    const PlOrders *o = by->orders;
    double steps = (double)groups->n * o->customer_field->n_levels;
    guint line, shared = pl_order_groups_shared(parts, &line);
    if (groups->n < 2 || groups->n > LISTED_MOST || steps > STEPS_MOST || shared > o->n * SHARED_MOST)
        return FALSE;
    if (shared > 0) {
        const PlField *order = pl_records_text(o->lines, "order");
        g_autofree char *place = pl_records_place(o->lines, line),
                        *count = pl_format_count(shared, "order has", "orders have");
        pl_result_check(
            by->run->study->result, "upsell_shared_orders", PL_WARN, shared,
            "%s: order \"%.60s\" has lines of another \"%s\", too: %s several and count with each", place,
            order->levels[order->level[line]], groups->name, count);
    }
    return TRUE;
}

static void tell_unlisted(const PlKpiRun *run, const PlKpiGroups *groups) {
    if (groups->n > LISTED_MOST) {
        g_autofree char *listed = pl_format_count(LISTED_MOST, "value", "values"),
                        *others = pl_format_count(groups->n - LISTED_MOST, "other is", "others are");
        pl_result_check(run->study->result, "upsell_groups", PL_PASS, groups->n - LISTED_MOST,
                        "upsell: the %s of \"%s\" with the most orders are listed, %s not", listed,
                        groups->name, others);
    }
    if (groups->n_without > 0) {
        g_autofree char *lines = pl_format_count(groups->n_without, "order line", "order lines");
        pl_result_check(run->study->result, "upsell_without_group", PL_WARN, groups->n_without,
                        "upsell: %s without a \"%s\": in none of its groups", lines, groups->name);
    }
}

/* The rows of one group; gives back that of the target's measure. */
static PlFinding *add_group(const By *by, const PlKpiGroups *groups, guint group, const PlTally *t,
                            gboolean detail) {
    PlFinding *target = NULL;
    for (guint k = 0; k < PL_UPSELL_BY_GROUP; k++) {
        const PlUpsellMeasure *m = &pl_upsell_measures[k];
        if (!pl_upsell_can(by->orders, m))
            continue;
        PlFinding *f = pl_upsell_add(by->run, m, t);
        pl_finding_of(f, groups->name, groups->values[group], NULL);
        f->detail = detail;
        if (!pl_kpi_is_target(by->run, m->name))
            continue;
        pl_kpi_judge(by->run, f);
        target = f;
    }
    return target;
}

typedef struct {
    const By *by;
    PlOrderGroups *parts;
    PlFinding **finding; /* [n] NULL: not compared */
    Contrast *contrast;
    guint n;
} Groups;

static void test_groups(gpointer data, const gboolean *in, PlStanding *steps) {
    const Groups *g = data;
    Contrast *c = g->contrast;
    memset(c->over_all, 0, c->n * sizeof *c->over_all);
    memset(c->under_all, 0, c->n * sizeof *c->under_all);
    for (guint k = 0; k < g->n; k++)
        if (in[k])
            add_to(c, pl_order_groups_tally(g->parts, k), c->over_all, c->under_all);
    for (guint k = 0; k < g->n; k++) {
        PlInference test;
        if (!in[k])
            continue;
        const PlTally *t = pl_order_groups_tally(g->parts, k);
        steps[k].p = NAN;
        if (g->finding[k] == NULL || compare(c, t, g->by->run->conf_level, &test) != PL_OK)
            continue;
        steps[k].p = test.p_value;
        steps[k].difference = test.estimate;
    }
}

/* Compares the groups of which the target's measure is known, `order` being that of their rows. */
static void compare_groups(By *by, const PlKpiGroups *groups, PlOrderGroups *parts, PlFinding **findings,
                           const guint *order) {
    guint n = groups->n;
    const PlUpsellMeasure *target = pl_upsell_measures;
    while (target->name != NULL && !pl_kpi_is_target(by->run, target->name))
        target++;
    if (target->name == NULL)
        return;
    g_autofree PlStanding *steps = g_new(PlStanding, n + 1);
    g_autofree PlFinding **compared_findings = g_new(PlFinding *, n + 1);
    g_autofree const PlStanding **of = g_new(const PlStanding *, n + 1);
    g_auto(Contrast) contrast = {0};
    contrast_init(&contrast, target, by->orders->customer_field->n_levels);
    Groups g = {by, parts, findings, &contrast, n};
    Compared compared = {0, compared_findings, of};
    (void)pl_kpi_step_down(n, 1 - by->run->conf_level, test_groups, &g, steps);
    for (guint k = 0; k < n; k++) {
        PlFinding *f = findings[order[k]];
        if (!isnan(steps[order[k]].p)) {
            compared_findings[compared.n] = f;
            of[compared.n++] = &steps[order[k]];
        } else if (f != NULL && f->reason == NULL && !isnan(f->value)) {
            f->reason =
                g_strdup("the others have fewer than two customers, or no order differs: not compared");
        }
    }
    settle(by, groups, &compared);
}

static void add_groups(By *by, const PlKpiGroups *groups) {
    g_autoptr(PlOrderGroups) parts = pl_order_groups_new(by->orders, groups->of_row, groups->n);
    gboolean tested = is_tested(by, parts, groups);
    guint n = groups->n;
    g_autofree guint *order = g_new(guint, n + 1);
    g_autofree PlFinding **findings = g_new0(PlFinding *, n + 1);
    for (guint k = 0; k < n; k++)
        order[k] = k;
    if (n > SHOWN_MOST)
        g_qsort_with_data(order, (gint)n, sizeof *order, by_size, parts);
    for (guint k = 0; k < MIN(n, LISTED_MOST); k++) {
        const PlTally *t = pl_order_groups_tally(parts, order[k]);
        if (t->n > 0)
            findings[order[k]] = add_group(by, groups, order[k], t, k >= SHOWN_MOST);
    }
    if (tested)
        compare_groups(by, groups, parts, findings, order);
    tell_unlisted(by->run, groups);
}

/* The roles that order lines are grouped by, and what is known of customers, each where it is there. */
static GStrv names_of(const By *by) {
    static const char *const own[] = {"rep", "channel", "store", "region", "category", "product", NULL};
    static const char *const no_group[] = {"customer", "rep", "region", "store", NULL};
    const PlRecords *customers = by->run->study->tables->of[PL_TABLE_CUSTOMERS];
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const char *const *name = own; *name != NULL; name++)
        g_ptr_array_add(names, (gpointer)(gsize)*name);
    for (guint f = 0; customers != NULL && f < customers->n_fields; f++) {
        const PlField *field = &customers->fields[f];
        if (field->kind == PL_FIELD_TEXT && field->n_levels >= 2 &&
            field->n_levels <= ATTRIBUTE_VALUES_MOST && !g_strv_contains(no_group, field->name) &&
            pl_records_field(by->orders->lines, field->name) == NULL)
            g_ptr_array_add(names, field->name);
    }
    g_ptr_array_add(names, NULL);
    return pl_kpi_by(by->run, by->orders->lines, (const char *const *)names->pdata);
}

char *pl_upsell_by(const PlKpiRun *run, const PlOrders *orders) {
    By by = {run, orders, NULL};
    g_auto(GStrv) names = names_of(&by);
    for (char **name = names; *name != NULL; name++) {
        g_autoptr(PlKpiGroups) groups = pl_kpi_groups_new(run->study, orders->lines, *name);
        if (groups != NULL && groups->n > 0)
            add_groups(&by, groups);
    }
    return by.look;
}
