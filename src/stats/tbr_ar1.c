/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/duality.h"
#include "pairlift/stats/families.h"
#include "pairlift/stats/quadrature.h"
#include "pairlift/stats/root.h"
#include "pairlift/stats/student.h"
#include "pairlift/stats/time_regression.h"

#include <float.h>
#include <math.h>

/* The autocorrelation rho = cos(angle) is integrated over the angle in (0, pi): the posterior of a flat prior
 * goes like (1 - rho)^(-1/2) near a random walk and (1 + rho)^(1/2) near -1, and is smooth in the angle. */
enum { PANELS = 8, NODES = PANELS * PL_GAUSS, BEFORE_MIN = 5 };

/* Parts that weigh less are nothing beside the others' rounding. */
#define WEIGHT_MIN 1e-18

/* The effect given one autocorrelation: Student's t around `middle`. */
typedef struct {
    double rho, log_weight, weight, middle, scale;
} Part;

typedef struct {
    const Part *parts;
    size_t n;
    double df, level; /* `level`: the probability below the quantile that is looked for */
} Mixture;

typedef struct {
    const double *test, *control; /* by time */
    size_t n, end;                /* before: 0, ..., n - 1; then up to end - 1 */
    double level;                 /* mean of the control before, taken out for the digits' sake */
} Series;

/* Sums of squares and products of the transformed columns 1, control, test. */
typedef struct {
    double oo, oc, cc, oy, cy, yy;
} Moments;

static void add(Moments *m, double one, double c, double y) {
    m->oo += one * one;
    m->oc += one * c;
    m->cc += c * c;
    m->oy += one * y;
    m->cy += c * y;
    m->yy += y * y;
}

/* Prais and Winsten's transformation makes the noise independent: the first time keeps sqrt(1 - rho^2) of
 * itself, every other loses rho times the time before. */
static Moments transform(const Series *s, double rho, double intercept, double slope) {
    Moments m = {0};
    double first = sqrt((1 - rho) * (1 + rho));
    for (size_t t = 0; t < s->n; t++) {
        double c = s->control[t] - s->level, y = s->test[t] - intercept - slope * c;
        if (t == 0) {
            add(&m, first, first * c, first * y);
            continue;
        }
        double c0 = s->control[t - 1] - s->level, y0 = s->test[t - 1] - intercept - slope * c0;
        add(&m, 1 - rho, c - rho * c0, y - rho * y0);
    }
    return m;
}

/* Least squares given rho, and from it the posterior of the summed effect: a forecast of the test series from
 * its last residual on. FALSE: the columns cannot be told apart. */
static bool condition(const Series *s, double rho, double jacobian, Part *part) {
    Moments m = transform(s, rho, 0, 0);
    double determinant = m.oo * m.cc - m.oc * m.oc;
    if (!(determinant > 1e-14 * m.oo * m.cc))
        return false;
    double intercept = (m.cc * m.oy - m.oc * m.cy) / determinant,
           slope = (m.oo * m.cy - m.oc * m.oy) / determinant;
    double rest = transform(s, rho, intercept, slope).yy, df = (double)s->n - 2;
    if (!(rest > 0))
        return false;
    /* coefficients of the effect: of the last time before, of one, of the control; of the forecast errors */
    double decay = 1, kept = 0, squares = 0, last_c = s->control[s->n - 1] - s->level, sum_c = 0, middle = 0;
    size_t times = s->end - s->n;
    double carried = 0; /* 1 + rho + ... of an error that lives k times on */
    for (size_t k = 0; k < times; k++) {
        double c = s->control[s->n + k] - s->level;
        decay *= rho;
        kept += decay;
        sum_c += c;
        middle += s->test[s->n + k] - intercept - slope * c;
        carried = 1 + rho * carried;
        squares += carried * carried;
    }
    middle -= kept * (s->test[s->n - 1] - intercept - slope * last_c);
    double h_one = (double)times - kept, h_c = sum_c - kept * last_c;
    double spread =
        (h_one * h_one * m.cc - 2 * h_one * h_c * m.oc + h_c * h_c * m.oo) / determinant + squares;
    part->rho = rho;
    part->middle = middle;
    part->scale = sqrt(rest / df * spread);
    part->log_weight =
        log(jacobian) + log((1 - rho) * (1 + rho)) / 2 - log(determinant) / 2 - df / 2 * log(rest);
    return true;
}

/* The parts that matter with their weights, which sum to 1; how many. */
static size_t integrate(const Series *s, Part *parts) {
    size_t n = 0, kept = 0;
    double largest = -INFINITY, total = 0, width = M_PI / PANELS;
    for (size_t panel = 0; panel < PANELS; panel++)
        for (size_t node = 0; node < PL_GAUSS; node++) {
            double angle = width * ((double)panel + (pl_gauss_nodes[node] + 1) / 2);
            if (condition(s, cos(angle), sin(angle) * pl_gauss_weights[node], &parts[n]))
                largest = fmax(largest, parts[n++].log_weight);
        }
    for (size_t i = 0; i < n; i++)
        if ((parts[i].weight = exp(parts[i].log_weight - largest)) > WEIGHT_MIN)
            total += (parts[kept++] = parts[i]).weight;
    for (size_t i = 0; i < kept; i++)
        parts[i].weight /= total;
    return kept;
}

/* The probability below x, and above it. */
static double below(const Mixture *m, double x) {
    double p = 0;
    for (size_t i = 0; i < m->n; i++)
        p += m->parts[i].weight * pl_student_tail(-((x - m->parts[i].middle) / m->parts[i].scale), m->df);
    return p;
}

static double above(const Mixture *m, double x) {
    double p = 0;
    for (size_t i = 0; i < m->n; i++)
        p += m->parts[i].weight * pl_student_tail((x - m->parts[i].middle) / m->parts[i].scale, m->df);
    return p;
}

static bool beyond_lower(double x, const void *context) {
    const Mixture *m = context;
    return below(m, x) > m->level;
}

static bool beyond_upper(double x, const void *context) {
    const Mixture *m = context;
    return above(m, x) <= m->level;
}

/* The quantile of a mixture lies among those of its parts. `upper`: the level is what lies above. */
static double quantile(Mixture *m, double level, bool upper) {
    double low = INFINITY, high = -INFINITY, t = pl_student_quantile(level, m->df);
    for (size_t i = 0; i < m->n; i++) {
        double at = m->parts[i].middle + (upper ? t : -t) * m->parts[i].scale;
        low = fmin(low, at);
        high = fmax(high, at);
    }
    m->level = level;
    double slack = 1e-9 * (fabs(low) + fabs(high));
    return pl_root(upper ? beyond_upper : beyond_lower, m, low - slack, high + slack);
}

static void infer(Mixture *m, const PlInferenceOptions *options, PlInference *out, double *rho) {
    double mean = 0, variance = 0, inner = m->df > 2 ? m->df / (m->df - 2) : NAN;
    *rho = 0;
    for (size_t i = 0; i < m->n; i++) {
        mean += m->parts[i].weight * m->parts[i].middle;
        *rho += m->parts[i].weight * m->parts[i].rho;
    }
    for (size_t i = 0; i < m->n; i++) {
        const Part *part = &m->parts[i];
        variance += part->weight *
                    (inner * part->scale * part->scale + (part->middle - mean) * (part->middle - mean));
    }
    out->estimate = quantile(m, 0.5, false);
    out->std_error = sqrt(variance);
    out->df = m->df;
    out->has = PL_HAS_STD_ERROR | PL_HAS_DF;
    double level = pl_tail_level(options), from = quantile(m, level, false), to = quantile(m, level, true);
    double p = pl_tail_p(options->alternative, below(m, 0), above(m, 0));
    pl_set_interval(out, options, p, from, to, 1e3 * DBL_EPSILON * (fabs(out->estimate) + out->std_error));
}

static PlStatus fill(const PlTbr *tbr, const PlInference *effect, double rho, PlAnswer *answer) {
    PlAnswerRow *row = pl_answer_add(answer, "effect");
    if (!row)
        return PL_NO_MEMORY;
    row->in = *effect;
    const PlFigure figures[] = {
        {"effect_per_time", effect->estimate / (double)tbr->n_during},
        {"observed", tbr->observed},
        {"counterfactual", tbr->observed - effect->estimate},
        {"autocorrelation", rho},
        {"r_squared", tbr->r_squared},
        {"n_before", (double)tbr->n_before},
        {"n_during", (double)tbr->n_during},
        {"n_outside", (double)tbr->n_outside},
    };
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        pl_answer_figure(row, figures[i].name, figures[i].value);
    PlAnswerRow *lift = pl_answer_add(answer, "lift");
    if (!lift)
        return PL_NO_MEMORY;
    PlTbrRatio ratio;
    pl_tbr_lift(effect, tbr->observed, &ratio);
    lift->in = ratio.in;
    lift->lacks = ratio.lacks;
    lift->status = ratio.status;
    lift->reason = ratio.reason;
    return PL_OK;
}

static PlStatus run(const PlMethod *method, const PlSample *sample, const PlMethodOptions *options,
                    PlAnswer *answer) {
    PlTbrSeries series;
    PlTbr tbr;
    PlStatus status = pl_tbr_series(method, sample, options, answer, &series);
    if (status != PL_OK)
        return status;
    if (series.begin < BEFORE_MIN)
        return PL_NO_BEFORE;
    status = pl_tbr(&series, &options->inference, answer->arena, &tbr);
    if (status != PL_OK)
        return pl_answer_refuse(answer, status,
                                tbr.about < PL_N_ROLES ? sample->roles[tbr.about].name : NULL);
    Part *parts = pl_arena_take(answer->arena, NODES, sizeof *parts);
    if (!parts)
        return PL_NO_MEMORY;
    Series s = {series.test, series.control, series.begin, series.end, tbr.control_mean_before};
    size_t n_parts = integrate(&s, parts);
    if (n_parts == 0)
        return PL_NO_VARIANCE;
    Mixture mixture = {parts, n_parts, (double)s.n - 2, 0};
    PlInference effect = {.n = s.n};
    double rho;
    infer(&mixture, &options->inference, &effect, &rho);
    if (!isfinite(effect.estimate) || !isfinite(effect.p_value) || !isfinite(effect.std_error))
        return PL_NOT_FINITE;
    return fill(&tbr, &effect, rho, answer);
}

static const PlRoleUse roles[] = {
    {PL_X, false, "the test side, summed by time"},
    {PL_Y, false, "the control side, summed by time"},
    {PL_TIME, false, "the day, week or month"},
    {.role = PL_N_ROLES},
};

const PlMethod pl_method_tbr_ar1 = {
    .id = "tbr_ar1",
    .title = "Time-based regression with autocorrelated noise",
    .family = pl_family_geo,
    .estimates =
        "sum over the treated times of test minus what the control and the last days before predict; "
        "also as a share of that prediction (lift)",
    .assumes =
        "Before, the test series is a line of the control plus noise that follows itself from one time to "
        "the next (autoregressive of order one, anything between alternating and a random walk), and "
        "without the treatment it would have stayed so. The treatment does not touch the control.",
    .use =
        "For one pair, or one group of test stores against one of controls: sales of neighbouring days are "
        "alike, which tbr takes no account of and so finds effects that are not there. The interval is wide "
        "where the time before is short: that is what is known. Noise that wanders like a random walk still "
        "deceives it: at 5 % it then finds an effect that is not there in 17 % of the cases (28 days "
        "before). On the same real stores as tbr it found an effect that was not there in 6 to 18 % of the "
        "cases.",
    .formula =
        "test = a + b control + u, u(t) = rho u(t - 1) + e, e independent normal\n"
        "given rho: generalised least squares (Prais and Winsten), the effect is Student's t with n - 2 "
        "degrees of freedom around\n"
        "  sum of (test - a - b control - rho^k u(last)), k times after the last time before\n"
        "its posterior: the mixture over rho with a flat prior on (-1, 1) and Jeffreys' priors on the rest; "
        "weight of rho\n"
        "  sqrt(1 - rho^2) |X'X|^(-1/2) S^(-(n - 2) / 2), X and S transformed and residual\n"
        "estimate = its median, interval = its quantiles, p = twice the smaller of P(effect < 0), P(effect > "
        "0)",
    .source = "Zellner and Tiao 1964, doi:10.1080/01621459.1964.10480726; Prais and Winsten 1954, Cowles "
              "Commission Discussion Paper 383",
    .check = "simulated placebo stores: see docs/calibration.md; a brute-force integration in Python, "
             "tests/reference/stats/tbr_ar1.py",
    .roles = roles,
    .takes = PL_TAKES_ALTERNATIVE | PL_TAKES_DURING,
    .design = PL_DESIGN_SERIES,
    .min_n = BEFORE_MIN + 1,
    .run = run,
};
