/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usage: calibrate SIMULATIONS [PART OF A TITLE]   prints docs/calibration.md, or those studies. Ends with 1
 * when a method is off where what it assumes is true. */
#include "calibrate.h"
#include "findings.h"

#include "pairlift/stats/families.h"
#include "pairlift/stats/init.h"
#include "real.h"
#include "studies.h"
#include "study_arms.h"
#include "study_monitor.h"
#include "study_segments.h"

#include <locale.h>
#include <string.h>

/* Beyond, sign flips are drawn: counting them out for forty pairs takes most of a second each time. */
enum { EXACT_UP_TO = 20 };

/* A rate above this at 5 % is called off, with its Monte-Carlo error on top. */
#define LEVEL     0.05
#define TOLERATED 0.065

typedef struct {
    guint n, rejected, with_interval, covered, refused;
} Count;

/* The row that a method is judged by, where it is not the first. */
static const PlAnswerRow *main_row(const PlMethod *method, const PlAnswer *answer) {
    static const char *const rows[][2] = {
        {"ols", "y"}, {"logistic", "coupon"}, {"meta", "hartung_knapp"}, {NULL, NULL}};
    const char *term = NULL;
    for (size_t i = 0; rows[i][0] && !term; i++)
        term = strcmp(method->id, rows[i][0]) == 0 ? rows[i][1] : NULL;
    for (size_t i = 0; i < answer->n_rows && term; i++)
        if (answer->rows[i].term && strcmp(answer->rows[i].term, term) == 0)
            return &answer->rows[i];
    return answer->n_rows ? &answer->rows[0] : NULL;
}

/* Of methods that look again and again, whether any look found an effect. */
static gboolean any_look(const PlAnswer *answer) {
    for (size_t i = 0; i < answer->n_rows; i++)
        for (size_t k = 0; k < answer->rows[i].n_figures; k++) {
            const PlFigure *f = &answer->rows[i].figures[k];
            if ((strcmp(f->name, "crossed") == 0 && f->value == 1) ||
                (strcmp(f->name, "p_running") == 0 && f->value <= LEVEL))
                return TRUE;
        }
    return FALSE;
}

static void keep_taken(const PlMethod *method, PlSample *sample) {
    PlVariable taken[PL_N_ROLES] = {{0}};
    for (const PlRoleUse *use = method->roles; use->role != PL_N_ROLES; use++)
        taken[use->role] = sample->roles[use->role];
    memcpy(sample->roles, taken, sizeof taken);
    if (!(method->takes & PL_TAKES_ON))
        sample->n_on = 0;
}

/* One experiment by one method; `truth` is where the interval should be. */
static void add(const PlMethod *method, const Experiment *experiment, guint64 seed, gboolean null,
                PlArena *arena, Count *count) {
    /* an odds ratio of no effect is 1 */
    double truth = strcmp(method->id, "fisher_exact") == 0 ? 1 : experiment->truth;
    PlMethodOptions options = pl_method_options((PlInferenceOptions){
        .conf_level = 1 - LEVEL, .resamples = 999, .seed = seed, .threads = 1, .exact_up_to = EXACT_UP_TO});
    options.during_begin = experiment->during_begin;
    options.during_end = experiment->during_end;
    options.looks = experiment->looks;
    PlSample sample = experiment->sample;
    keep_taken(method, &sample);
    PlAnswer answer = {.arena = arena};
    PlStatus status = method->run(method, &sample, &options, &answer);
    if (status == PL_OK && method->family == pl_family_sequential) {
        count->n += null;
        count->rejected += null && any_look(&answer);
        return;
    }
    const PlAnswerRow *row = status == PL_OK ? main_row(method, &answer) : NULL;
    if (!row || row->status != PL_OK) {
        count->refused += null;
        return;
    }
    if (null && !(row->lacks & PL_LACKS_P)) {
        count->n++;
        count->rejected += row->in.p_value <= LEVEL;
    }
    if (!null && !(row->lacks & PL_LACKS_INTERVAL)) {
        count->with_interval++;
        count->covered += row->in.conf_low <= truth && row->in.conf_high >= truth;
    }
}

static Count simulate(const PlMethod *method, const Study *study, const Scenario *scenario, size_t size,
                      guint rounds) {
    Count count = {0};
    PlArena arena = {0};
    guint64 key = g_str_hash(scenario->name) * 31u + g_str_hash(study->title) + size;
    for (guint round = 0; round < rounds; round++)
        for (int null = 1; null >= 0; null--) {
            PlRng rng = pl_rng_stream(key, 2 * round + (guint)null);
            Experiment experiment = {0};
            scenario->draw(&rng, size, null ? 0 : study->effect, &arena, &experiment);
            if (experiment.sample.rows > 0)
                add(method, &experiment, round, null, &arena, &count);
            pl_arena_clear(&arena);
        }
    return count;
}

static double rate(guint part, guint of) {
    return of ? (double)part / of : NAN;
}

/* More than TOLERATED by three Monte-Carlo errors. */
static gboolean is_liberal(const Count *c) {
    double p = rate(c->rejected, c->n);
    return c->n >= 20 && p - 3 * sqrt(LEVEL * (1 - LEVEL) / c->n) > TOLERATED - LEVEL + LEVEL * .999;
}

/* Whether a method has to keep its level here; then a failure is counted. */
static guint broken;
static void hold(const Study *study, const Scenario *scenario, const char *id, const Count *count) {
    g_auto(GStrv) ids = g_strsplit(study->holds ? study->holds : "", " ", -1);
    if (scenario != study->scenarios || !g_strv_contains((const char *const *)ids, id) || !is_liberal(count))
        return;
    broken++;
    fprintf(stderr, "calibrate: %s, %s: %s rejects %u of %u\n", study->title, scenario->name, id,
            count->rejected, count->n);
}

static void print_cell(const Count *c) {
    if (c->n + c->with_interval == 0) {
        printf(" n/a |");
        return;
    }
    const char *mark = is_liberal(c) ? "**" : "";
    printf(" %s%.1f%s", mark, 100 * rate(c->rejected, c->n), mark);
    if (c->with_interval)
        printf(" / %.1f", 100 * rate(c->covered, c->with_interval));
    printf(" |");
}

static void print_scenario(const Study *study, const Scenario *scenario, guint rounds) {
    printf("\n%s\n\n| %s |", scenario->name, study->size_word);
    for (const size_t *size = study->sizes; *size; size++)
        printf(" %zu |", *size);
    printf("\n|---|");
    for (const size_t *size = study->sizes; *size; size++)
        printf("---|");
    printf("\n");
    for (const char *const *id = study->methods; *id; id++) {
        const PlMethod *method = pl_method_find(*id);
        if (!method)
            continue;
        printf("| `%s` |", *id);
        for (const size_t *size = study->sizes; *size; size++) {
            Count count = simulate(method, study, scenario, *size, rounds);
            print_cell(&count);
            hold(study, scenario, *id, &count);
            fflush(stdout);
        }
        printf("\n");
    }
}

static void print_study(const Study *study, guint simulations) {
    guint rounds = MAX((guint)(simulations * study->share), 20);
    printf("\n## %s\n\n%s\n\n%u simulations a cell: a rate of 5 %% has a Monte-Carlo error of %.1f points.\n",
           study->title, study->says, rounds, 100 * sqrt(LEVEL * (1 - LEVEL) / rounds));
    for (const Scenario *scenario = study->scenarios; scenario->name; scenario++)
        print_scenario(study, scenario, rounds);
}

int main(int argc, char **argv) {
    setlocale(LC_ALL, "C");
    pl_stats_init();
    guint simulations = argc > 1 ? (guint)g_ascii_strtoull(argv[1], NULL, 10) : 0;
    if (simulations == 0) {
        fprintf(stderr, "usage: calibrate SIMULATIONS [PART OF A TITLE]\n");
        return 2;
    }
    real_load();
    printf(
        "<!-- Generated by `make calibrate`. -->\n# Calibration\n\n"
        "How often each method finds an effect at 5 %% where there is none (first number, in %%), and how\n"
        "often its 95 %% interval holds the effect that there is (second number). Rates in bold are off: "
        "above\n"
        "6.5 %% by more than three Monte-Carlo errors. n/a: the method cannot be had at that size.\n");
    const char *only = argc > 2 ? argv[2] : "";
    for (const Study *const *study = pl_studies; *study; study++)
        if (strstr((*study)->title, only))
            print_study(*study, simulations);
    for (const FindingsStudy *const *study = pl_findings_studies; *study; study++)
        if (strstr((*study)->title, only))
            broken += findings_study_print(*study, simulations) ? 0 : 1;
    if (strstr(ARMS_STUDY_TITLE, only))
        broken += arms_study_print(simulations) ? 0 : 1;
    if (strstr(SEGMENTS_STUDY_TITLE, only))
        broken += segments_study_print(simulations) ? 0 : 1;
    if (strstr(MONITOR_STUDY_TITLE, only))
        broken += monitor_study_print(simulations) ? 0 : 1;
    return broken ? 1 : 0;
}
