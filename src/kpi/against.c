/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/against.h"
#include "pairlift/kpi/step_down.h"

#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"
#include "pairlift/stats/cluster_ratio.h"
#include "pairlift/stats/hazard_ratio.h"
#include "pairlift/stats/proportions.h"

/* Groups named in a sentence. */
#define NAMED 5

/* Ratios less 1 above this are not written in per cent. */
#define MOST_PER_CENT 10

static PlFinding *add_row(const PlAgainst *of, guint group, PlAmount amount) {
    PlFinding *f = pl_section_add(of->run->section, NULL, of->measure, of->label, amount);
    if (of->outcome != NULL)
        pl_finding_of(f, of->role, of->values[group], "outcome", of->outcome, NULL);
    else
        pl_finding_of(f, of->role, of->values[group], NULL);
    f->conf_level = of->run->conf_level;
    f->detail = of->detail;
    return f;
}

/* The verdicts of the rows that are compared step by step. */
static void judge(const PlAgainst *of, PlStandingTest *test, gpointer data, PlFinding **rows,
                  PlAgainstSummary *summary) {
    g_autofree PlStanding *steps = g_new(PlStanding, of->n + 1);
    summary->n_compared = pl_kpi_step_down(of->n, 1 - of->run->conf_level, test, data, steps);
    for (guint g = 0; g < of->n; g++) {
        PlFinding *f = rows[g];
        f->p_adjusted = steps[g].p_adjusted;
        if (!steps[g].apart)
            continue;
        gboolean more = steps[g].difference > 0;
        f->verdict = g_strdup(more ? of->more : of->less);
        (*(more ? &summary->n_more : &summary->n_less))++;
    }
}

/* The ratio less 1, and what is beyond all numbers as not known. */
static double percent_of(double log_ratio) {
    return log_ratio == INFINITY ? NAN : expm1(log_ratio);
}

gboolean pl_against_enough(double expected, double all) {
    return fmin(expected, all - expected) >= PL_AGAINST_EVENTS;
}

static char *too_few(const char *events) {
    return g_strdup_printf("fewer than %d %s expected: not compared", PL_AGAINST_EVENTS, events);
}

/* `all`: events of all groups. */
static void fill_ratio(PlFinding *f, const PlHazardRatio *r, double all) {
    f->n = (guint)r->n;
    if (!r->tested) {
        f->reason = g_strdup("nothing to compare: no event while others were observed too");
        return;
    }
    f->value = percent_of(r->log_ratio);
    if (!pl_against_enough(r->expected, all)) {
        f->reason = too_few("events");
        return;
    }
    f->conf_low = percent_of(r->conf_low);
    f->conf_high = percent_of(r->conf_high);
    f->p_value = r->p_value;
    if (r->log_ratio == INFINITY)
        f->reason = g_strdup("the others have no event while this one is observed: no finite ratio");
    else if (r->conf_high == INFINITY)
        f->reason = g_strdup("too few events for an upper limit");
    else if (f->value > MOST_PER_CENT)
        f->reason = g_strdup_printf("%.0f times the rate of the others", 1 + f->value);
}

typedef struct {
    const PlAgainst *of;
    PlFinding **rows;
    const PlLifetime *sorted;
    gsize n;
    PlArena *arena;
    gboolean again; /* the rows are filled already */
} Survival;

static void test_survival(gpointer data, const gboolean *in, PlStanding *steps) {
    Survival *s = data;
    PlArenaMark mark = pl_arena_mark(s->arena);
    PlHazardRatio *ratios = pl_arena_take(s->arena, s->of->n, sizeof *ratios);
    PlLifetime *left = pl_arena_take(s->arena, s->n + 1, sizeof *left);
    gsize n = 0;
    double all = 0;
    for (gsize i = 0; left != NULL && i < s->n; i++)
        if (in[s->sorted[i].group])
            left[n++] = s->sorted[i];
    gboolean done = left != NULL && ratios != NULL &&
                    pl_hazard_ratios(left, n, s->of->n, s->of->run->conf_level, s->arena, ratios) == PL_OK;
    for (guint g = 0; done && g < s->of->n; g++)
        all += ratios[g].observed;
    for (guint g = 0; g < s->of->n; g++) {
        if (!in[g])
            continue;
        PlFinding again = {.p_value = NAN}, *f = s->again ? &again : s->rows[g];
        if (done)
            fill_ratio(f, &ratios[g], all);
        steps[g].p = f->p_value;
        g_free(again.reason);
        steps[g].difference = done ? ratios[g].z : 0;
    }
    s->again = TRUE;
    pl_arena_release(s->arena, mark);
}

PlAgainstSummary pl_against_logrank(const PlAgainst *of, const PlLifetime *sorted, gsize n) {
    PlAgainstSummary summary = {.p_value = NAN};
    PlArena arena = {0};
    PlLogrank test;
    if (of->n >= 2 && of->n <= PL_AGAINST_MOST && pl_logrank(sorted, n, of->n, &arena, &test) == PL_OK) {
        g_autofree PlFinding **rows = g_new(PlFinding *, of->n);
        Survival survival = {of, rows, sorted, n, &arena, FALSE};
        summary.p_value = test.p_value;
        for (guint g = 0; g < of->n; g++)
            rows[g] = add_row(of, g, PL_AMOUNT_LIFT);
        judge(of, test_survival, &survival, rows, &summary);
    }
    pl_arena_clear(&arena);
    return summary;
}

/* A p-value of two rates needs both outcomes, in the group and in the others. */
static gboolean enough_of_both(double trials, double all_successes, double all_trials) {
    double share = all_trials > 0 ? trials / all_trials : 0;
    return pl_against_enough(share * all_successes, all_successes) &&
           pl_against_enough(share * (all_trials - all_successes), all_trials - all_successes);
}

/* Successes and trials of clusters: in a group, and in the others. */
typedef struct {
    guint n_clusters; /* 0: none */
    double *own, *own_trials, *rest, *rest_trials;
    PlRate group, others;
} Sides;

static void sides_clear(Sides *s) {
    g_free(s->own);
    g_free(s->own_trials);
    g_free(s->rest);
    g_free(s->rest_trials);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sides, sides_clear)

static void sides_init(Sides *s, guint n_clusters) {
    *s = (Sides){.n_clusters = n_clusters,
                 .own = g_new(double, n_clusters + 1),
                 .own_trials = g_new(double, n_clusters + 1),
                 .rest = g_new(double, n_clusters + 1),
                 .rest_trials = g_new(double, n_clusters + 1)};
}

/* `in`: the groups that are among the others. */
static void choose(Sides *s, const PlAgainstTrials *trials, gsize n, guint group, const gboolean *in) {
    double *columns[] = {s->own, s->own_trials, s->rest, s->rest_trials};
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
        memset(columns[i], 0, s->n_clusters * sizeof *columns[i]);
    s->group = s->others = (PlRate){0, 0};
    for (gsize i = 0; i < n; i++) {
        const PlAgainstTrials *t = &trials[i];
        if (!in[t->group])
            continue;
        PlRate *side = t->group == group ? &s->group : &s->others;
        side->successes += t->successes;
        side->trials += t->trials;
        if (s->n_clusters == 0)
            continue;
        (t->group == group ? s->own : s->rest)[t->cluster] += t->successes;
        (t->group == group ? s->own_trials : s->rest_trials)[t->cluster] += t->trials;
    }
}

/* By Newcombe, or by the score test with clusters. Returns what is missing; NULL: nothing is. */
static const char *differ(const Sides *s, double conf_level, PlInference *in) {
    PlInferenceOptions options = {.conf_level = conf_level, .threads = 1};
    if (s->group.trials == 0 || s->others.trials == 0)
        return "nothing to compare: the group or the others have no closed deal";
    if (s->n_clusters == 0)
        return pl_newcombe(s->group, s->others, &options, in) == PL_OK ? NULL : "the rates have no interval";
    PlStatus status =
        pl_cluster_ratio_difference((PlClusteredRatio){s->own, s->own_trials},
                                    (PlClusteredRatio){s->rest, s->rest_trials}, s->n_clusters, &options, in);
    return status == PL_OK ? NULL
           : status == PL_TOO_FEW
               ? "the deals of the group or of the others are of one customer: not compared"
               : "all deals ended alike: not compared";
}

static void fill_rates(PlFinding *f, const Sides *s) {
    PlInference in;
    const char *missing = differ(s, f->conf_level, &in);
    f->n = (guint)s->group.trials;
    if (s->group.trials > 0 && s->others.trials > 0)
        f->value = 100 * (s->group.successes / s->group.trials - s->others.successes / s->others.trials);
    if (missing != NULL) {
        f->reason = g_strdup(missing);
        return;
    }
    f->conf_low = fmax(-100, 100 * in.conf_low);
    f->conf_high = fmin(100, 100 * in.conf_high);
    if (enough_of_both(s->group.trials, s->group.successes + s->others.successes,
                       s->group.trials + s->others.trials))
        f->p_value = in.p_value;
    else
        f->reason = too_few("won or lost deals");
}

typedef struct {
    guint n_groups;
    PlFinding **rows;
    const PlAgainstTrials *trials;
    gsize n;
    Sides *sides;
    gboolean again; /* the rows are filled already */
} Rates;

static void test_rates(gpointer data, const gboolean *in, PlStanding *steps) {
    Rates *r = data;
    for (guint g = 0; g < r->n_groups; g++) {
        if (!in[g])
            continue;
        PlFinding again = {.p_value = NAN, .conf_level = r->rows[g]->conf_level},
                  *f = r->again ? &again : r->rows[g];
        choose(r->sides, r->trials, r->n, g, in);
        fill_rates(f, r->sides);
        steps[g].p = f->p_value;
        steps[g].difference = f->value;
        g_free(again.reason);
    }
    r->again = TRUE;
}

PlAgainstSummary pl_against_rates(const PlAgainst *of, const PlAgainstTrials *trials, gsize n,
                                  guint n_clusters) {
    PlAgainstSummary summary = {.p_value = NAN};
    if (of->n < 2 || of->n > PL_AGAINST_MOST)
        return summary;
    g_autofree PlFinding **rows = g_new(PlFinding *, of->n);
    g_auto(Sides) sides;
    sides_init(&sides, n_clusters);
    for (guint g = 0; g < of->n; g++) {
        rows[g] = add_row(of, g, PL_AMOUNT_UNITS);
        rows[g]->unit = g_strdup("points");
    }
    Rates rates = {of->n, rows, trials, n, &sides, FALSE};
    judge(of, test_rates, &rates, rows, &summary);
    return summary;
}

static const char *value_of(const PlFinding *f, const char *role) {
    for (guint i = 0; f->roles != NULL && f->roles[i] != NULL; i++)
        if (strcmp(f->roles[i], role) == 0)
            return f->values[i];
    return NULL;
}

static gboolean is_of(const PlFinding *f, const char *measure, const char *role, const char *outcome) {
    return strcmp(f->measure, measure) == 0 && f->period == NULL && f->roles != NULL &&
           g_strv_length(f->roles) == (outcome != NULL ? 2u : 1u) && value_of(f, role) != NULL &&
           (outcome == NULL || g_strcmp0(value_of(f, "outcome"), outcome) == 0);
}

PlFinding **pl_against_rows(const PlSection *section, const char *measure, const char *role, char **values,
                            guint n, const char *outcome) {
    PlFinding **rows = g_new0(PlFinding *, n + 1);
    g_autoptr(GHashTable) index = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint g = 0; g < n; g++)
        g_hash_table_insert(index, values[g], GUINT_TO_POINTER(g + 1));
    for (guint i = 0; i < section->findings->len; i++) {
        PlFinding *f = g_ptr_array_index(section->findings, i);
        guint g = is_of(f, measure, role, outcome)
                      ? GPOINTER_TO_UINT(g_hash_table_lookup(index, value_of(f, role)))
                      : 0;
        if (g > 0)
            rows[g - 1] = f;
    }
    return rows;
}

static int by_p(const void *a, const void *b) {
    const PlFinding *f = *(const PlFinding *const *)a, *g = *(const PlFinding *const *)b;
    return f->p_value != g->p_value ? (f->p_value > g->p_value ? 1 : -1) : strcmp(f->group, g->group);
}

/* Thousands of per cent are read as a number of times. */
static char *difference_text(const PlFinding *f) {
    if (f->amount == PL_AMOUNT_LIFT && f->value > MOST_PER_CENT)
        return g_strdup_printf("%.0f times as many", 1 + f->value);
    return pl_format_amount(f->value, (f->conf_high - f->conf_low) / 2, f->amount, f->unit);
}

char *pl_against_names(const PlAgainst *of, const char *verdict) {
    g_autoptr(GPtrArray) rows = g_ptr_array_new();
    for (guint i = 0; i < of->run->section->findings->len; i++) {
        PlFinding *f = g_ptr_array_index(of->run->section->findings, i);
        if (is_of(f, of->measure, of->role, of->outcome) && g_strcmp0(f->verdict, verdict) == 0)
            g_ptr_array_add(rows, f);
    }
    if (rows->len == 0)
        return NULL;
    g_ptr_array_sort(rows, by_p);
    GString *s = g_string_new(NULL);
    guint shown = MIN(rows->len, NAMED);
    for (guint i = 0; i < shown; i++) {
        const PlFinding *f = g_ptr_array_index(rows, i);
        g_autofree char *value = difference_text(f), *p = pl_format_p_is(f->p_adjusted);
        g_string_append_printf(s, "%s%s (%s, %s)",
                               i == 0               ? ""
                               : i + 1 == rows->len ? " and "
                                                    : ", ",
                               value_of(f, of->role), value, p);
    }
    if (rows->len > shown)
        g_string_append_printf(s, " and %u more", rows->len - shown);
    return g_string_free(s, FALSE);
}

char *pl_against_count(guint n, const char *role) {
    gsize length = strlen(role);
    g_autofree char *many = NULL;
    if (g_str_has_suffix(role, "s"))
        many = g_strdup(role);
    else if (length > 1 && role[length - 1] == 'y' && strchr("aeiou", role[length - 2]) == NULL)
        many = g_strdup_printf("%.*sies", (int)length - 1, role);
    else
        many = g_strconcat(role, "s", NULL);
    return pl_format_count(n, role, many);
}
