/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "csv_field.h"

/* Gehan 1965: weeks of remission of 42 children, 6-mercaptopurine against placebo. */
static const double gehan_time[42] = {6,  6,  6,  7,  10, 13, 16, 22, 23, 6,  9,  10, 11, 17,
                                      19, 20, 25, 32, 32, 34, 35, 1,  1,  2,  2,  3,  4,  4,
                                      5,  5,  8,  8,  8,  8,  11, 11, 12, 12, 15, 17, 22, 23};
static const double gehan_event[42] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                       1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
static const size_t gehan_arm[42] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                     1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
static const char *const gehan_arms[] = {"6-MP", "placebo", "third"};

static inline PlSample lifetimes(const double *time, const double *event, const size_t *arm, size_t n_arms,
                                 size_t n) {
    PlSample sample = {.rows = n};
    sample.roles[PL_X] = numbers("weeks", time);
    sample.roles[PL_EVENT] = numbers("relapse", event);
    if (arm)
        sample.roles[PL_GROUP] = levels("arm", arm, n_arms, gehan_arms);
    return sample;
}

/* survival_lung of the shared folder: 228 rows; skips the test when it is not there. */
typedef struct {
    double time[228], event[228];
    size_t sex[228];
} Lung;

static inline void load_lung(Lung *lung) {
    FILE *file = open_shared_csv("data/survival_lung/lung.csv");
    char line[256], field[16];
    size_t n = 0;
    for (; n < 228 && fgets(line, sizeof line, file); n++) {
        lung->time[n] = strtod(csv_field(line, 1, field, sizeof field), NULL);
        lung->event[n] = strtod(csv_field(line, 2, field, sizeof field), NULL) - 1;
        lung->sex[n] = (size_t)strtoul(csv_field(line, 4, field, sizeof field), NULL, 10) - 1;
    }
    fclose(file);
    cr_assert(eq(sz, n, 228));
}

/* telco_churn of the shared folder, without the 11 customers who have just come. */
typedef struct {
    size_t n;
    double tenure[7043], churn[7043];
    size_t contract[7043]; /* Month-to-month, One year, Two year */
} Telco;

static inline void load_telco(Telco *telco) {
    static const char *const contracts[] = {"Month-to-month", "One year", "Two year"};
    FILE *file = open_shared_csv("data/telco_churn/telco_churn.csv");
    char line[1024], field[64];
    telco->n = 0;
    while (fgets(line, sizeof line, file)) {
        size_t i = telco->n;
        telco->tenure[i] = strtod(csv_field(line, 5, field, sizeof field), NULL);
        if (telco->tenure[i] == 0)
            continue;
        telco->churn[i] = strcmp(csv_field(line, 20, field, sizeof field), "Yes") == 0;
        csv_field(line, 15, field, sizeof field);
        telco->contract[i] = 0;
        while (strcmp(field, contracts[telco->contract[i]]) != 0) {
            telco->contract[i]++;
            cr_assert(telco->contract[i] < 3, "%s", field);
        }
        telco->n++;
    }
    fclose(file);
    cr_assert(eq(sz, telco->n, 7032));
}

/* What reading the columns refuses, for either method. */
static inline void must_refuse_bad_lifetimes(const char *id) {
    const struct {
        double time, event;
        PlStatus status;
        const char *culprit;
    } bad[] = {
        {NAN, 1, PL_NOT_FINITE, "weeks"},   {INFINITY, 1, PL_NOT_FINITE, "weeks"},
        {-1, 1, PL_NEGATIVE_TIME, "weeks"}, {1, 2, PL_NOT_BINARY, "relapse"},
        {1, NAN, PL_NOT_BINARY, "relapse"},
    };
    const size_t arm[] = {0, 1};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const double time[] = {1, bad[i].time}, event[] = {1, bad[i].event};
        PlSample sample = lifetimes(time, event, arm, 2, 2);
        PlMethodOptions options = unset_options();
        PlArena arena = {0};
        PlAnswer answer;
        PlStatus status = run_answer(id, &sample, &options, &arena, &answer);
        cr_assert(eq(int, (int)status, (int)bad[i].status), "%s, case %zu", id, i);
        cr_assert(eq(str, (char *)answer.culprit, (char *)bad[i].culprit), "%s, case %zu", id, i);
        sample.rows = 0;
        cr_assert(eq(int, (int)run_answer(id, &sample, &options, &arena, &answer), PL_TOO_FEW));
        sample.rows = 2;
        options.inference.conf_level = 1;
        cr_assert(eq(int, (int)run_answer(id, &sample, &options, &arena, &answer), PL_BAD_ARGUMENT));
        PlArena none = {.limit = 1};
        options = unset_options();
        cr_assert(eq(int, (int)run_answer(id, &sample, &options, &none, &answer), PL_NO_MEMORY));
        pl_arena_clear(&arena);
    }
}
