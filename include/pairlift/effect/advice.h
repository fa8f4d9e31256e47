/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/effect/look_path.h"

/* Whether a running experiment may stop. */
typedef enum {
    PL_ADVICE_UNKNOWN, /* no estimate with an error yet */
    PL_ADVICE_GO_ON,
    PL_ADVICE_WIN,
    PL_ADVICE_HARM,
    PL_ADVICE_FUTILE, /* the smallest effect worth having is out of reach */
    PL_ADVICE_OVER,   /* the promotion is over without a decision */
} PlAdviceKind;

/* Below this chance of showing the smallest effect worth having, if it were true, going on is futile. */
#define PL_FUTILE_BELOW 0.1

typedef struct {
    PlAdviceKind kind;
    gboolean by_plan; /* the planned looks decide, else the always-valid band */
    const PlPathLook
        *look;           /* that the numbers are of: the deciding planned look, else the last with an error */
    double low, high, p; /* of it, on the scale of the effect */
    const PlPathLook *first; /* where it was decided; NULL: it was not */
    double chance;           /* of a decision by the end if the effect is the threshold; NaN: not asked */
    gboolean left_out;       /* futile because the interval leaves the threshold out */
    int expected;     /* intervals from now until a decision, if the effect stays; -1: none before the end */
    int next_planned; /* index of the next planned look; -1: none is left */
} PlAdvice;

/* `threshold` on the scale of the effect (a log ratio under relative), 0: none; futility is asked for by
 * `may_be_futile`. */
PlAdvice pl_advice(const PlLookPath *path, gboolean by_plan, double threshold, gboolean may_be_futile);
/* "win", "harm", "futile", "go on", "over", "unknown". */
const char *pl_advice_name(PlAdviceKind kind);

/* What the sentence is about. */
typedef struct {
    const PlAdvice *advice;
    const PlLookPath *path;
    const char *treatment, *what, *unit; /* unit NULL: a lift */
    double threshold;                    /* as shown */
    PlScale scale;
    PlTimeKind time_kind;
    PlStep step;
    PlRandomised randomised;
    PlDay last;           /* planned last day of the promotion */
    const GArray *future; /* PlDay: intervals that are still to come */
} PlAdviceWords;

/* "You may stop: ..." or "Go on: ..."; and the same in a few words. Free with g_free. */
char *pl_advice_sentence(const PlAdviceWords *words);
char *pl_advice_headline(const PlAdviceWords *words);
