/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

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
    if (rate.n_clusters < 2) {
        f->reason = g_strdup("one customer has no spread to judge it by");
        return;
    }
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

/* The contacts that say so and have a group: of each customer, and of one group and all others at a time. */
typedef struct {
    guint n;
    double *yes, *told;             /* [n] of all groups */
    double *own_yes, *own_told;     /* [n] of the group at hand, else 0 */
    double *other_yes, *other_told; /* [n] the rest */
    double *few_yes, *few_told;     /* [n_few] of the group at hand, its customers only */
    guint *few, n_few;              /* those customers */
    double all_yes, all_told;
    guint *from, *row; /* [groups + 1]; rows of each group by customer */
} Sides;

/* Rows are by customer already, and stay so within a group. */
static void sort_by_group(const PlEngagement *e, const PlField *solved, const PlKpiGroups *g, Sides *s) {
    const PlContacts *c = e->c;
    s->from = g_new0(guint, g->n + 2);
    s->row = g_new(guint, c->n_contacts + 1);
    for (int pass = 0; pass < 2; pass++) {
        for (guint k = 0; k < c->n_contacts; k++) {
            guint row = c->row[k], i = c->of_row[row], value = g->of_row[row], level = solved->level[row];
            if (level == PL_NO_LEVEL || value == PL_NO_LEVEL)
                continue;
            if (pass == 0) {
                s->from[value + 1]++;
                s->told[i]++;
                s->yes[i] += level == YES;
                s->all_told++;
                s->all_yes += level == YES;
            } else {
                s->row[s->from[value]++] = row;
            }
        }
        for (guint k = 1; pass == 0 && k <= g->n; k++)
            s->from[k] += s->from[k - 1];
    }
    memmove(s->from + 1, s->from, (g->n + 1) * sizeof *s->from);
    s->from[0] = 0;
}

static void begin_sides(const PlEngagement *e, const PlField *solved, const PlKpiGroups *g, double *room,
                        guint *few, Sides *s) {
    gsize n = e->c->n;
    *s = (Sides){.n = e->c->n,
                 .yes = room,
                 .told = room + n,
                 .own_yes = room + 2 * n,
                 .own_told = room + 3 * n,
                 .other_yes = room + 4 * n,
                 .other_told = room + 5 * n,
                 .few_yes = room + 6 * n,
                 .few_told = room + 7 * n,
                 .few = few};
    sort_by_group(e, solved, g, s);
    memcpy(s->other_yes, s->yes, n * sizeof *room);
    memcpy(s->other_told, s->told, n * sizeof *room);
}

/* Takes the contacts of a group out of the others', after putting back those of the one before. */
static void choose_group(const PlEngagement *e, const PlField *solved, guint value, Sides *s) {
    for (guint k = 0; k < s->n_few; k++) {
        guint i = s->few[k];
        s->own_yes[i] = s->own_told[i] = 0;
        s->other_yes[i] = s->yes[i];
        s->other_told[i] = s->told[i];
    }
    s->n_few = 0;
    for (guint k = s->from[value]; k < s->from[value + 1]; k++) {
        guint row = s->row[k], i = e->c->of_row[row];
        gboolean yes = solved->level[row] == YES;
        if (s->own_told[i] == 0)
            s->few[s->n_few++] = i;
        s->own_told[i]++;
        s->own_yes[i] += yes;
        s->other_told[i]--;
        s->other_yes[i] -= yes;
    }
    for (guint k = 0; k < s->n_few; k++) {
        s->few_yes[k] = s->own_yes[s->few[k]];
        s->few_told[k] = s->own_told[s->few[k]];
    }
}

static PlStandOut compare(const PlEngagement *e, PlFinding *f, const Sides *s) {
    PlStandOut out = {f, NAN, NAN, FALSE};
    PlInferenceOptions options = {.conf_level = e->run->conf_level, .threads = 1};
    PlInference in;
    double yes = s->all_yes, told = s->all_told;
    for (guint k = 0; k < s->n_few; k++) {
        yes -= s->few_yes[k];
        told -= s->few_told[k];
    }
    if (isnan(f->value) || !(told > 0))
        return out;
    out.others = yes / told;
    out.worse = f->value < out.others;
    if (pl_cluster_rate_difference((PlClusteredRate){s->own_yes, s->own_told},
                                   (PlClusteredRate){s->other_yes, s->other_told}, s->n, &options,
                                   &in) == PL_OK)
        out.p_value = in.p_value;
    return out;
}

typedef struct {
    const PlEngagement *e;
    const PlField *solved;
    Sides *sides;
    guint n, shown; /* groups; those that are compared */
} Groups;

/* The contacts of all groups that are still among the others; those that are not shown always are. */
static void sum_up(const Groups *g, const gboolean *in) {
    Sides *s = g->sides;
    double *columns[] = {s->yes, s->told, s->own_yes, s->own_told};
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
        memset(columns[i], 0, s->n * sizeof *columns[i]);
    s->all_yes = s->all_told = 0;
    s->n_few = 0;
    for (guint value = 0; value < g->n; value++)
        for (guint k = s->from[value]; (value >= g->shown || in[value]) && k < s->from[value + 1]; k++) {
            guint row = s->row[k], i = g->e->c->of_row[row];
            gboolean yes = g->solved->level[row] == YES;
            s->told[i]++;
            s->yes[i] += yes;
            s->all_told++;
            s->all_yes += yes;
        }
    memcpy(s->other_yes, s->yes, s->n * sizeof *s->yes);
    memcpy(s->other_told, s->told, s->n * sizeof *s->told);
}

static void compare_groups(gpointer data, const gboolean *in, PlStandOut *rows) {
    const Groups *g = data;
    sum_up(g, in);
    for (guint k = 0; k < g->shown; k++)
        if (in[k]) {
            choose_group(g->e, g->solved, k, g->sides);
            rows[k] = compare(g->e, rows[k].finding, g->sides);
        }
}

static void add_groups(PlEngagement *e, const PlField *solved, const PlKpiGroups *g, const char *role) {
    g_autofree double *room = g_new0(double, 8 * (gsize)e->c->n + 8);
    g_autofree guint *few = g_new(guint, e->c->n + 1);
    g_autofree PlStandOut *rows = g_new0(PlStandOut, g->n + 1);
    guint shown = MIN(g->n, PL_GROUPS_COMPARED);
    Sides s;
    begin_sides(e, solved, g, room, few, &s);
    for (guint k = 0; k < shown; k++) {
        PlFinding *f = pl_section_add(e->run->section, NULL, "solved_share", "Contacts that solved a problem",
                                      PL_AMOUNT_SHARE);
        pl_finding_of(f, role, g->values[k], NULL);
        f->detail = k >= PL_GROUPS_SHOWN;
        choose_group(e, solved, k, &s);
        fill(f, s.few_yes, s.few_told, s.n_few, e->run->conf_level);
        if (pl_kpi_is_target(e->run, f->measure))
            pl_kpi_judge(e->run, f);
        rows[k] = (PlStandOut){f, NAN, NAN, FALSE};
    }
    if (g->n > shown)
        pl_result_check(e->run->study->result, "solved_groups", PL_WARN, g->n - shown,
                        "the share of contacts that solved a problem is shown for the first %u of %u values "
                        "of \"%s\" only",
                        shown, g->n, role);
    Groups groups = {e, solved, &s, g->n, shown};
    pl_engage_say(e, PL_ENGAGE_SOLVED,
                  pl_kpi_stand_out(e->run, role, rows, shown,
                                   "a smaller share of contacts that solved a problem", compare_groups,
                                   &groups));
    g_free(s.from);
    g_free(s.row);
}

void pl_engage_solved_by(PlEngagement *e) {
    const PlField *solved = solved_of(e);
    for (char **name = e->by; solved != NULL && *name != NULL; name++) {
        g_autoptr(PlKpiGroups) g = groups_of(e, *name);
        if (g != NULL && g->n > 0)
            add_groups(e, solved, g, *name);
    }
}
