/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* What a result says beyond the verdict: sections (decomposition, economics, ...) of findings in one shape,
 * so that every format, and result.json, shows all of them in the same way. */

/* What a finding's numbers are, and how they are written. */
typedef enum {
    PL_AMOUNT_LIFT,   /* 0.031 is "+3.1 %" */
    PL_AMOUNT_SHARE,  /* 0.031 is "3.1 %", without a sign: a rate, a margin, a probability */
    PL_AMOUNT_MONEY,  /* in the currency of the data: "+1,234", with the finding's unit */
    PL_AMOUNT_UNITS,  /* pieces, visits: "+1,234" */
    PL_AMOUNT_PRICE,  /* "2.49", without a sign */
    PL_AMOUNT_TOTAL,  /* money or pieces in all, "1,234 USD", without a sign */
    PL_AMOUNT_NUMBER, /* an elasticity: "-2.1" */
    PL_AMOUNT_CHANCE, /* a probability: "92 %", "more than 99.9 %" */
} PlAmount;

/* How a KPI stands against its target. */
typedef enum { PL_STATUS_NONE, PL_STATUS_ON_TARGET, PL_STATUS_AT_RISK, PL_STATUS_OFF } PlKpiStatus;
/* "on_target", "at_risk", "off"; NULL for none. */
const char *pl_kpi_status_name(PlKpiStatus status);

/* What a KPI's row has beside its number. */
typedef struct {
    double target; /* NaN: none */
    gboolean down; /* less is better */
    PlKpiStatus status;
    /* over the last periods, by a test against no trend; of the row that is the KPI's headline */
    const char *trend;       /* "rising", "falling", "unclear"; NULL: not tested */
    gboolean trend_seasonal; /* each period against the same one a year before, which is no slope */
    guint trend_periods;
    guint trend_above, trend_below; /* of them that are above, and below, the year before */
    double trend_slope, trend_low, trend_high, trend_p; /* change a period; NaN without a trend */
    gboolean headline;                                  /* the one that the scorecard shows */
    char *goal;                                         /* that it serves; of the headline */
    char *sentence;                                     /* what to look at; of the headline */
    char *doubt; /* why a value that reaches the target is at risk all the same; NULL: nothing says so */
} PlKpiMark;

/* A number with its uncertainty. Texts are owned; NULL where there is nothing to say. Numbers are NaN where
 * they are absent, and a `reason` then says why. */
typedef struct {
    char *treatment;
    char *measure; /* snake case, a stable name: "incremental_units" */
    char *label;   /* for the reader: "Incremental units"; starts a row of a table */
    char *group;   /* of which product, store or level: "cola", "region: North"; NULL: of all */
    char *period;  /* "during", "after", "net"; NULL: of no period */
    PlAmount amount;
    char *unit; /* "USD", "cartons" */
    double value, std_error, conf_low, conf_high, conf_level, p_value, p_adjusted;
    guint n;       /* pairs, stores or customers that it rests on; 0: none of it */
    char *verdict; /* one word: "safe", "harmed", "equivalent", "gained", "lost" */
    char *reason;  /* what is missing, or what the reader must know */
    GStrv roles,
        values;      /* of a KPI's row: what it is of, {"rep", "product"} and {"Ada", "cola"}; NULL: of all */
    gboolean detail; /* too many to be read: in result.json and the CSV files, not on a page */
    PlKpiMark *mark; /* of a KPI's row that has a target or is a headline; else NULL */
} PlFinding;

/* Points of a line with its band: a profit curve, a redemption curve, an estimate over time. */
typedef struct {
    char *treatment;
    char *name; /* snake case, a stable name: "profit_by_price"; charts go by it */
    char *x_label, *y_label;
    PlAmount x_amount, y_amount;
    guint n;
    double *x, *y, *low, *high; /* [n] each; low and high NULL: no band; NaN: not there */
    gboolean *observed;         /* [n] FALSE: beyond what was seen in the data; NULL: all was seen */
    gboolean x_is_time;         /* x are PlDay of the result's kind of time */
    char *group;                /* of which rep, product; NULL: of all */
    GStrv x_names;              /* [n] what the points are called: "2024-03"; NULL: their numbers */
    gboolean steps;             /* stays at a value until the next point: a survival curve */
    double target;              /* a level to be reached; NaN: none */
    guint not_drawn;            /* groups that have no curve, told once a chart and role */
    char *title;                /* what it shows, in a line: a chart's title; NULL: made of its points */
} PlCurve;

typedef struct {
    char *id;    /* "decomposition": the key of result.json */
    char *title; /* "Why: visits, items and prices" */
    gboolean exploratory;
    gboolean kpi;         /* its findings are the `kpis` of result.json */
    GPtrArray *sentences; /* char*: what it means, one a treatment */
    GPtrArray *findings;  /* PlFinding* */
    GPtrArray *curves;    /* PlCurve* */
} PlSection;

PlSection *pl_section_new(const char *id, const char *title);
void pl_section_free(PlSection *section);

/* Appends a finding whose numbers are NaN and whose texts are copies of these (NULL allowed); the pointer
 * lives as long as the section. */
PlFinding *pl_section_add(PlSection *section, const char *treatment, const char *measure, const char *label,
                          PlAmount amount);
/* Says what a finding is of: pairs of role and value, ended by NULL; `group`, by which text and charts call
 * it, is the values. */
void pl_finding_of(PlFinding *finding, ...) G_GNUC_NULL_TERMINATED;
/* The finding's mark, made when it has none: no target, no trend. */
PlKpiMark *pl_finding_mark(PlFinding *finding);
/* The row that a KPI's section shows first, with its mark; NULL: none. */
const PlFinding *pl_section_headline(const PlSection *section);
/* Appends a sentence, printf-style. */
void pl_section_say(PlSection *section, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Appends a curve of n points, all NaN, with room for a band. */
PlCurve *pl_section_add_curve(PlSection *section, const char *treatment, const char *name, guint n);

/* The first finding of a treatment (NULL: any) and measure without a group; NULL: none. */
const PlFinding *pl_section_find(const PlSection *section, const char *treatment, const char *measure);
const PlCurve *pl_section_curve(const PlSection *section, const char *treatment, const char *name);

/* What is within rounding of zero is written as zero, and an interval within rounding of a value as none.
 * "+1,234 USD", "3.1 %", "-2.1" in as many digits as the distance to `precision` (half an interval; NaN:
 * three significant ones) supports; "n/a" for NaN. Free with g_free. */
char *pl_format_amount(double value, double precision, PlAmount amount, const char *unit);
/* The same without a plus sign, for "rose by". */
char *pl_format_amount_size(double value, double precision, PlAmount amount, const char *unit);
/* How finely a finding's value is written, as `precision` of the two above: half its interval. Without one,
 * and where three digits would show the value as its target though it is not, the distance to that; else
 * NaN. */
double pl_finding_precision(const PlFinding *finding);
/* "+5 % (3 % to 7 %)", without brackets where there is no interval; an end that is missing is open. */
char *pl_format_finding(const PlFinding *finding);
/* "200 to 1,400 USD"; "200 or more"; "n/a". */
char *pl_format_amount_interval(double low, double high, PlAmount amount, const char *unit);
