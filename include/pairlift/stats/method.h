/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/arena.h"
#include "pairlift/stats/inference.h"

/* What a method is: columns and options in, rows of estimates out. Every method ends its own file with its
 * `const PlMethod pl_method_ID`; src/stats/methods.c lists them. `stat`, `run`, `help methods`,
 * docs/methods.md and the README's table all come from these rows. */

/* What a column is for; `pairlift stat` has an option of the same name for each. */
typedef enum {
    PL_X,
    PL_Y,
    PL_PRE,    /* value before the treatment */
    PL_COST,   /* money spent */
    PL_TRIALS, /* --n: trials that x successes came from */
    PL_PRICE,
    PL_SE,      /* standard error of x */
    PL_TREATED, /* 0 or 1 */
    PL_EVENT,   /* 0 or 1 */
    PL_GROUP,   /* levels from here on */
    PL_UNIT,
    PL_TIME,
    PL_CLUSTER,
    PL_PAIR,
    PL_N_ROLES,
} PlRole;

/* Roles from PL_GROUP on are levels, the others numbers. */
static inline bool pl_role_has_levels(PlRole role) {
    return role >= PL_GROUP;
}

/* A column without missing values. Numbers have `values`; levels have a number 0, ..., n_levels - 1 a row,
 * in sorted order (times in the order of time), each with a label. Every level occurs. */
typedef struct {
    const char *name;
    const double *values;
    const size_t *levels;
    size_t n_levels;
    const char *const *labels;
    unsigned
        power; /* of a covariate: the column is `values` to this power, not rounded; 0 and 1: themselves */
} PlVariable;

typedef struct {
    size_t rows;
    PlVariable roles[PL_N_ROLES]; /* absent: name NULL */
    const PlVariable *on;         /* --on: covariates, numbers */
    size_t n_on;
    const PlVariable *absorb; /* --absorb: fixed effects, levels */
    size_t n_absorb;
} PlSample;

static inline bool pl_sample_has(const PlSample *sample, PlRole role) {
    return sample->roles[role].name != NULL;
}

typedef enum {
    PL_VCOV_DEFAULT,
    PL_VCOV_IID,
    PL_VCOV_CR0,
    PL_VCOV_CR1,
    PL_VCOV_CR1S,
    PL_VCOV_CR2,
    PL_VCOV_CR3
} PlVcov;
typedef enum { PL_PAIRWISE_OFF, PL_PAIRWISE_NONE, PL_PAIRWISE_HOLM, PL_PAIRWISE_BH } PlPairwise;
typedef enum { PL_SPENDING_OBF, PL_SPENDING_POCOCK } PlSpending;
typedef enum { PL_WEIGHTS_DEFAULT, PL_WEIGHTS_RADEMACHER, PL_WEIGHTS_WEBB } PlWeights;
typedef enum { PL_ERRORS_DEFAULT, PL_ERRORS_PLACEBO, PL_ERRORS_JACKKNIFE, PL_ERRORS_BOOTSTRAP } PlErrors;

/* What the caller may say. What was not said is 0, and NAN for the numbers that say so. */
typedef struct {
    PlInferenceOptions inference;
    size_t control; /* level of the group column that the others are compared with */
    PlPairwise pairwise;
    PlVcov vcov;
    PlWeights weights;
    PlErrors errors;
    size_t during_begin, during_end; /* half-open range of levels of the time column; equal: not said */
    double trim, max_trim;           /* NAN: not said */
    const double *expected;          /* ratio of the groups, one number a level, not normed; NULL: even */
    size_t n_expected;
    double null_value;           /* NAN: 0 */
    double prior_mean, prior_sd; /* NAN: flat */
    size_t looks;                /* planned; 0: not said */
    PlSpending spending;
    double tau;      /* mixing sd of msprt, NAN: from the data or the documentation's default */
    double variance; /* known variance of one observation, NAN: estimated */
    double tuned_at; /* observations at which a confidence sequence is to be narrowest, NAN */
    bool no_intercept;
} PlMethodOptions;

/* Nothing said but `inference`. */
PlMethodOptions pl_method_options(PlInferenceOptions inference);

/* The options above that a method takes; the caller is refused any other. conf_level, seed and threads are
 * taken by all. */
enum {
    PL_TAKES_ALTERNATIVE = 1 << 0,
    PL_TAKES_RESAMPLES = 1 << 1,
    PL_TAKES_CONTROL = 1 << 2,
    PL_TAKES_PAIRWISE = 1 << 3,
    PL_TAKES_VCOV = 1 << 4,
    PL_TAKES_WEIGHTS = 1 << 5,
    PL_TAKES_ERRORS = 1 << 6,
    PL_TAKES_DURING = 1 << 7,
    PL_TAKES_TRIM = 1 << 8,
    PL_TAKES_EXPECTED = 1 << 9,
    PL_TAKES_NULL = 1 << 10,
    PL_TAKES_PRIOR = 1 << 11,
    PL_TAKES_LOOKS = 1 << 12,
    PL_TAKES_SPENDING = 1 << 13,
    PL_TAKES_MIXTURE = 1 << 14, /* tau, variance, tuned_at */
    PL_TAKES_ON = 1 << 15,
    PL_TAKES_ABSORB = 1 << 16,
    PL_TAKES_INTERCEPT = 1 << 17, /* no_intercept */
};

/* A number beside the estimate: name in snake case, as in the JSON. */
typedef struct {
    const char *name;
    double value;
} PlFigure;
enum { PL_FIGURES_MAX = 20 };

/* One row of the answer. A row that could not be estimated has a status other than PL_OK, and only what it
 * does not lack. */
typedef struct {
    const char *term;   /* what the row is about: a coefficient, a level; NULL: the answer has one row */
    const char *versus; /* "term - versus": a contrast of two levels; or NULL */
    PlInference in;
    unsigned lacks; /* PL_LACKS_... of `in`, whatever its `has` says of the others */
    PlStatus status;
    const char *reason; /* one sentence beside `status`, or why something is lacking; NULL */
    PlFigure figures[PL_FIGURES_MAX];
    size_t n_figures;
} PlAnswerRow;
enum { PL_LACKS_ESTIMATE = 1, PL_LACKS_P = 2, PL_LACKS_INTERVAL = 4 };

enum { PL_NOTES_MAX = 8 };
typedef struct {
    PlArena *arena; /* rows live here; set by the caller */
    PlAnswerRow *rows;
    size_t n_rows, capacity;
    const char *notes[PL_NOTES_MAX]; /* sentences about how it was done: static, or in the arena */
    size_t n_notes;
    const char *culprit; /* the column or level that a status other than PL_OK is about; NULL: none */
} PlAnswer;

/* A new row, zeroed; NULL: no memory. A pointer to an earlier row is not valid any more. */
PlAnswerRow *pl_answer_add(PlAnswer *answer, const char *term);
void pl_answer_figure(PlAnswerRow *row, const char *name, double value);
void pl_answer_note(PlAnswer *answer, const char *sentence);
/* "17", in the arena: the term of a row that is about the 17th row, look or observation. NULL: no memory. */
const char *pl_answer_number(PlAnswer *answer, size_t number);
/* Sets the culprit and returns the status. */
PlStatus pl_answer_refuse(PlAnswer *answer, PlStatus status, const char *culprit);

typedef struct {
    PlRole role; /* PL_N_ROLES ends the list */
    bool optional;
    const char *meaning; /* "value of each store" */
} PlRoleUse;

/* The shape of data that `run` can feed a method with. */
typedef enum {
    PL_DESIGN_NONE,   /* only by `stat` */
    PL_DESIGN_PAIRS,  /* x: the effect of each pair; pre: the pair's difference before */
    PL_DESIGN_SERIES, /* x, y: test and control summed by interval; time, during */
    PL_DESIGN_PANEL,  /* x, unit, time, treated; cluster: the pair */
} PlDesign;

typedef struct PlMethod PlMethod;

/* Computes `answer` (zeroed but for its arena). Any status but PL_OK: nothing could be estimated, and the
 * answer's rows are not looked at. Roles not marked optional are there, options not taken are unset; the
 * method checks everything else. */
typedef PlStatus PlMethodRun(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                             PlAnswer *answer);

struct PlMethod {
    const char *id;        /* "paired_t" */
    const char *title;     /* "Student's paired t-test" */
    const char *family;    /* heading in the documentation: see methods.c */
    const char *estimates; /* what the estimate is: "mean of the differences" */
    const char *assumes;   /* a sentence or two */
    const char *use;       /* when to use it, and when not */
    const char *formula;   /* lines of plain text */
    const char *source;    /* author, year, DOI */
    const char *check;     /* published or independent value that a test replays */
    const PlRoleUse *roles;
    unsigned takes; /* PL_TAKES_... */
    PlDesign design;
    bool groups; /* `run` can feed it groups of stores: x, the change of each; group, or on and absorb; pre */
    size_t min_n;         /* observations needed */
    size_t liberal_below; /* fewer than this: rejects too often, and says so; 0: never */
    PlMethodRun *run;
    PlPairedTest
        *test; /* of a method on paired differences, what `run` does without options of its own; else NULL */
    PlPairedPoint *point; /* the same */
};
