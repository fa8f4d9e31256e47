/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/kpi/anonymity.h"
#include "pairlift/kpi/groups.h"
#include "pairlift/kpi/headline.h"

/* The answers of a survey: one an employee and wave. */
typedef struct {
    const PlKpiRun *run;
    const PlRecords *records;
    const PlField *employee, *score;
    PlBuckets *waves;   /* periods in which somebody was asked; all complete; `period` is "wave" */
    guint *begin, *row; /* rows of wave w: row[begin[w]], ..., row[begin[w + 1] - 1] */
    guint now;          /* the last wave with enough answers; PL_NO_LEVEL: none */
    guint smallest;     /* people that a number is of at least */
    gboolean has_scale; /* `low` and `high` are its ends */
    double low, high;
    gboolean has_asked;   /* some rows lack a score: those who were asked are in the table */
    guint n_columns;      /* to group by */
    PlKpiGroups **groups; /* [n_columns] */
    guint **of;           /* [n_columns] group of each row */
    guint *n_groups;      /* [n_columns] */
} PlSurvey;

/* FALSE: no row has a date, and nothing can be said. Ends with pl_survey_clear. */
gboolean pl_survey_begin(const PlKpiRun *run, PlSurvey *survey);
void pl_survey_clear(PlSurvey *survey);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PlSurvey, pl_survey_clear)

/* Rows of waves from <= w < to in which all of the fields have a number, and their count; [n + 1]. Free with
 * g_free. */
guint *pl_survey_rows(const PlSurvey *survey, guint from, guint to, const PlField *const *fields,
                      guint n_fields, guint *n);
/* Who may be shown of these rows. */
PlAnonymity *pl_survey_anonymity(const PlSurvey *survey, const guint *row, guint n);
/* Why a question that the definition names is not there, and which there are; free with g_free. */
char *pl_survey_no_question(const PlSurvey *survey, const char *name);
/* The wave of a row that pl_survey_rows gave. */
guint pl_survey_wave(const PlSurvey *survey, guint row);

/* Mean with Student's interval; the share of ones with Wilson's. Fills value, n, and limits where there are
 * any, else the reason. */
void pl_survey_mean(const PlSurvey *survey, PlFinding *f, const double *x, guint n);
void pl_survey_share(const PlSurvey *survey, PlFinding *f, guint yes, guint n);

/* The parts of the KPI. Each adds its findings, sentences and curves. */
void pl_satisfaction_groups(const PlSurvey *survey);
void pl_satisfaction_drivers(const PlSurvey *survey);
/* Returns what the headline says of a group with early signs of burnout; NULL: none. Free with g_free. */
char *pl_satisfaction_burnout(const PlSurvey *survey);
/* The group that stands out, or that none does; NULL: nothing to compare. Free with g_free. */
char *pl_satisfaction_look(const PlSurvey *survey);
