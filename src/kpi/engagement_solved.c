/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/kpi/engagement.h"
#include "pairlift/kpi/groups.h"
#include "pairlift/kpi/stand_out.h"
#include "pairlift/stats/cluster_rate.h"

/* The share of contacts that solved a problem. The contacts of a customer hang together, so that the customer
 * is the unit (a cluster). */

/* What the word of a contact says; PL_NO_LEVEL: nothing. */
enum { NO, YES };

static const PlField *solved_of(const PlEngagement *e) {
    return pl_records_text(e->c->rows, "solved");
}

static void fill(PlFinding *f, const double *successes, const double *trials, guint n, double conf_level) {
    PlClusterRate rate;
    for (guint i = 0; i < n; i++)
        f->n += (guint)trials[i];
    if (pl_cluster_rate(successes, trials, n, conf_level, &rate) != PL_OK) {
        f->reason = g_strdup("no contact says whether it solved a problem");
        return;
    }
    f->value = rate.rate;
    f->std_error = rate.std_error;
    f->conf_low = rate.conf_low;
    f->conf_high = rate.conf_high;
    f->conf_level = conf_level;
}

/* Successes and trials of the customers of one period, as far as they have any. */
typedef struct {
    GArray *successes, *trials;
} Clusters;

static void add_series(PlEngagement *e, const PlField *solved) {
    const PlContacts *c = e->c;
    const PlBuckets *b = e->b;
    PlEngageRow *row = &e->rows[PL_ENGAGE_SOLVED];
    Clusters *of = g_new0(Clusters, b->n + 1);
    for (guint k = 0; k < b->n; k++)
        of[k] =
            (Clusters){g_array_new(FALSE, FALSE, sizeof(double)), g_array_new(FALSE, FALSE, sizeof(double))};
    for (guint i = 0; i < c->n; i++)
        for (guint k = c->row_from[i], next; k < c->row_from[i + 1]; k = next) {
            guint at = pl_bucket_of(b, c->date->day[c->row[k]]);
            double yes = 0, told = 0;
            for (next = k; next < c->row_from[i + 1] && c->date->day[c->row[next]] <= b->end[at]; next++) {
                told += solved->level[c->row[next]] != PL_NO_LEVEL;
                yes += solved->level[c->row[next]] == YES;
            }
            g_array_append_val(of[at].successes, yes);
            g_array_append_val(of[at].trials, told);
        }
    row->value = g_new(double, b->n + 1);
    row->low = g_new(double, b->n + 1);
    row->high = g_new(double, b->n + 1);
    for (guint k = 0; k < b->n; k++) {
        PlClusterRate rate = {NAN, NAN, NAN, NAN, NAN, 0, FALSE, NAN};
        (void)pl_cluster_rate((const double *)(const void *)of[k].successes->data,
                              (const double *)(const void *)of[k].trials->data, of[k].trials->len,
                              e->run->conf_level, &rate);
        row->value[k] = rate.rate;
        row->low[k] = rate.conf_low;
        row->high[k] = rate.conf_high;
        g_array_free(of[k].successes, TRUE);
        g_array_free(of[k].trials, TRUE);
    }
    g_free(of);
}

void pl_engage_solved(PlEngagement *e) {
    const PlContacts *c = e->c;
    const PlField *solved = solved_of(e);
    PlEngageRow *row = &e->rows[PL_ENGAGE_SOLVED];
    if (solved == NULL) {
        if (pl_kpi_is_target(e->run, "solved_share"))
            row->finding =
                pl_kpi_missing(e->run, "solved_share", "Contacts that solved a problem", PL_AMOUNT_SHARE,
                               "the table \"interactions\" has no column \"solved\": columns: "
                               "{solved: NAME} under data says which one it is");
        return;
    }
    g_autofree double *yes = g_new0(double, c->n + 1), *told = g_new0(double, c->n + 1);
    guint silent = 0;
    for (guint k = 0; k < c->n_contacts; k++) {
        guint level = solved->level[c->row[k]], i = c->of_row[c->row[k]];
        silent += level == PL_NO_LEVEL;
        told[i] += level != PL_NO_LEVEL;
        yes[i] += level == YES;
    }
    row->finding = pl_section_add(e->run->section, NULL, "solved_share", "Contacts that solved a problem",
                                  PL_AMOUNT_SHARE);
    fill(row->finding, yes, told, c->n, e->run->conf_level);
    if (silent > 0)
        pl_result_check(e->run->study->result, "solved_empty", PL_WARN, silent,
                        "%u of %u contacts do not say whether they solved a problem; they are left out of "
                        "that share",
                        silent, c->n_contacts);
    add_series(e, solved);
}

/* A contact that is of a group, by its own column or one of its customer. */
static PlKpiGroups *groups_of(const PlEngagement *e, const char *name) {
    return pl_kpi_groups_new(e->run->study, e->c->rows, name);
}

/* [customers] of the contacts of one group and of all others. */
typedef struct {
    double *yes, *told, *other_yes, *other_told;
} Sides;

static void count_sides(const PlEngagement *e, const PlField *solved, const PlKpiGroups *g, guint value,
                        Sides *s) {
    const PlContacts *c = e->c;
    for (guint i = 0; i < c->n; i++)
        s->yes[i] = s->told[i] = s->other_yes[i] = s->other_told[i] = 0;
    for (guint k = 0; k < c->n_contacts; k++) {
        guint row = c->row[k], i = c->of_row[row];
        if (solved->level[row] == PL_NO_LEVEL || g->of_row[row] == PL_NO_LEVEL)
            continue;
        gboolean own = g->of_row[row] == value, yes = solved->level[row] == YES;
        (own ? s->told : s->other_told)[i]++;
        (own ? s->yes : s->other_yes)[i] += yes;
    }
}

static PlStandOut compare(const PlEngagement *e, PlFinding *f, const Sides *s) {
    PlStandOut out = {f, NAN, NAN, FALSE};
    PlInferenceOptions options = {.conf_level = e->run->conf_level, .threads = 1};
    PlClusterRate others;
    PlInference in;
    if (isnan(f->value) ||
        pl_cluster_rate(s->other_yes, s->other_told, e->c->n, e->run->conf_level, &others) != PL_OK)
        return out;
    out.others = others.rate;
    out.worse = f->value < others.rate;
    if (pl_cluster_rate_difference((PlClusteredRate){s->yes, s->told},
                                   (PlClusteredRate){s->other_yes, s->other_told}, e->c->n, &options,
                                   &in) == PL_OK)
        out.p_value = in.p_value;
    return out;
}

static void add_groups(PlEngagement *e, const PlField *solved, const PlKpiGroups *g, const char *role) {
    guint n = e->c->n;
    g_autofree double *room = g_new(double, 4 * (gsize)n + 4);
    Sides s = {room, room + n, room + 2 * (gsize)n, room + 3 * (gsize)n};
    g_autofree PlStandOut *rows = g_new0(PlStandOut, g->n + 1);
    guint shown = MIN(g->n, PL_GROUPS_COMPARED);
    for (guint k = 0; k < shown; k++) {
        PlFinding *f = pl_section_add(e->run->section, NULL, "solved_share", "Contacts that solved a problem",
                                      PL_AMOUNT_SHARE);
        pl_finding_of(f, role, g->values[k], NULL);
        f->detail = k >= PL_GROUPS_SHOWN;
        count_sides(e, solved, g, k, &s);
        fill(f, s.yes, s.told, n, e->run->conf_level);
        if (pl_kpi_is_target(e->run, f->measure))
            pl_kpi_judge(e->run, f);
        rows[k] = compare(e, f, &s);
    }
    if (g->n > shown)
        pl_result_check(e->run->study->result, "solved_groups", PL_WARN, g->n - shown,
                        "the share of contacts that solved a problem is shown for the first %u of %u values "
                        "of \"%s\" only",
                        shown, g->n, role);
    pl_engage_say(
        e, PL_ENGAGE_SOLVED,
        pl_kpi_stand_out(e->run, role, rows, shown, "a smaller share of contacts that solved a problem"));
}

void pl_engage_solved_by(PlEngagement *e) {
    const PlField *solved = solved_of(e);
    for (char **name = e->by; solved != NULL && *name != NULL; name++) {
        g_autoptr(PlKpiGroups) g = groups_of(e, *name);
        if (g != NULL && g->n > 0)
            add_groups(e, solved, g, *name);
    }
}
