/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/studentized.h"

#include "pairlift/stats/crossings.h"
#include "pairlift/stats/init.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* Halvings until a double has no digit left, and doublings until it overflows. */
enum { HALVINGS_MAX = 2100, DOUBLINGS_MAX = 2100 };

/* Sums of the untrimmed and the two lines that stand for the trimmed: everything that the statistic at x
 * depends on, until the next crossing at an edge. */
typedef struct {
    double r, s, rr, rs, ss;
    size_t low, high;
} Sums;

/* One side of the root, looked at outwards: x from 0 to infinity, and the statistic turned so that it falls
 * where it leaves the root. */
typedef struct {
    PlLines lines;
    size_t m, changes;
    Sums sums;
    double sign, threshold; /* not rejected: value > -threshold */
    double null;            /* in [0, inf), or negative: it lies on the other side */
    double from;            /* where the sums began to hold */
    double limit;           /* the outermost x not rejected so far */
    double beyond, all;     /* largest values from null on, and of all */
    double within;          /* smallest value from 0 to null */
} Side;

static void add_line(Sums *sums, const PlLines *lines, size_t line, double sign) {
    double r = lines->r[line], s = lines->s[line];
    sums->r += sign * r;
    sums->s += sign * s;
    sums->rr += sign * r * r;
    sums->rs += sign * r * s;
    sums->ss += sign * s * s;
}

/* Sums without what earlier additions and subtractions rounded away. */
static void refresh(Side *side) {
    const PlLines *lines = &side->lines;
    side->sums = (Sums){.low = lines->line_at[side->m], .high = lines->line_at[lines->n - 1 - side->m]};
    for (size_t k = side->m; k < lines->n - side->m; k++)
        add_line(&side->sums, lines, lines->line_at[k], 1);
    side->changes = 0;
}

/* The winsorised sum of squares at x is a - 2 b x + c x^2. */
typedef struct {
    double a, b, c;
} Squares;

static Squares squares_of(const Side *side) {
    const Sums *u = &side->sums;
    const double *r = side->lines.r, *s = side->lines.s;
    double m = (double)side->m, n = (double)side->lines.n, rl = r[u->low], rh = r[u->high], sl = s[u->low],
           sh = s[u->high], sum_r = u->r + m * (rl + rh), sum_s = u->s + m * (sl + sh);
    return (Squares){u->rr + m * (rl * rl + rh * rh) - sum_r * sum_r / n,
                     u->rs + m * (rl * sl + rh * sh) - sum_r * sum_s / n,
                     u->ss + m * (sl * sl + sh * sh) - sum_s * sum_s / n};
}

/* The studentised trimmed mean (Tukey and McLaughlin 1963) at x in [0, inf]. */
static double value_at(const Side *side, double x) {
    Squares w = squares_of(side);
    double left = (double)(side->lines.n - 2 * side->m), mean, variance;
    if (isinf(x)) {
        mean = -side->sums.s;
        variance = w.c;
    } else {
        mean = side->sums.r - x * side->sums.s;
        variance = w.a - 2 * w.b * x + w.c * x * x;
    }
    if (mean == 0)
        return 0;
    if (!(variance > 0))
        return side->sign * mean > 0 ? INFINITY : -INFINITY;
    return side->sign * mean * sqrt((left - 1) / left / variance);
}

/* Smallest and largest value on [a, b]: at an end, or at the one point where the derivative is zero. */
static void range_on(const Side *side, double a, double b, double *least, double *most, double *turn) {
    Squares w = squares_of(side);
    double va = value_at(side, a), vb = value_at(side, b);
    *least = fmin(va, vb);
    *most = fmax(va, vb);
    double x = (side->sums.s * w.a - side->sums.r * w.b) / (side->sums.s * w.b - side->sums.r * w.c);
    *turn = a;
    if (x > a && x < b) {
        double v = value_at(side, x);
        *least = fmin(*least, v);
        *most = fmax(*most, v);
        *turn = x;
    }
}

/* The crossing of -threshold between a, above it, and b, not above it. */
static double crossing(const Side *side, double a, double b) {
    if (isinf(b)) {
        b = fmax(2 * a, 1);
        for (int k = 0; k < DOUBLINGS_MAX && value_at(side, b) > -side->threshold; k++)
            b *= 2;
    }
    for (int k = 0; k < HALVINGS_MAX; k++) {
        double middle = a / 2 + b / 2;
        if (!(middle > a && middle < b))
            break;
        if (value_at(side, middle) > -side->threshold)
            a = middle;
        else
            b = middle;
    }
    return b;
}

static void close_segment(Side *side, double at) {
    double least, most, turn, ignored;
    if (at > side->from) {
        range_on(side, side->from, at, &least, &most, &turn);
        if (most > -side->threshold) {
            refresh(side);
            double end = value_at(side, at),
                   start = value_at(side, turn) > -side->threshold ? turn : side->from;
            side->limit = end > -side->threshold ? at : crossing(side, start, at);
        }
        side->all = fmax(side->all, most);
        if (side->null < at) {
            range_on(side, fmax(side->null, side->from), at, &ignored, &most, &turn);
            side->beyond = fmax(side->beyond, most);
        }
        if (side->null > side->from) {
            range_on(side, side->from, fmin(side->null, at), &least, &ignored, &turn);
            side->within = fmin(side->within, least);
        }
    }
    side->from = at;
}

static void swap_edges(void *context, const PlLines *lines, double at, size_t place) {
    Side *side = context;
    size_t low = side->m, high = lines->n - 1 - side->m;
    bool into_low = place + 1 == low, at_low = place == low, at_high = place == high,
         into_high = place + 1 == high;
    if (!(into_low || at_low || at_high || into_high))
        return;
    close_segment(side, at);
    size_t a = lines->line_at[place], b = lines->line_at[place + 1];
    if (into_low || at_high) {
        add_line(&side->sums, lines, into_low ? b : a, -1);
        add_line(&side->sums, lines, into_low ? a : b, 1);
        side->changes++;
    }
    if (into_low || at_low)
        side->sums.low = into_low ? a : b;
    if (at_high || into_high)
        side->sums.high = at_high ? b : a;
}

/* After about n changes of the sums it costs nothing to take them anew. */
static void swap_side(void *context, const PlLines *lines, double at, size_t place) {
    Side *side = context;
    if (side->changes > lines->n)
        refresh(side);
    swap_edges(context, lines, at, place);
}

static bool look(Side *side, const double *r, const double *s, size_t n, PlArena *arena) {
    if (!pl_lines_set(&side->lines, r, s, n, true, arena))
        return false;
    refresh(side);
    side->sign = side->sums.s < 0 ? -1 : 1;
    side->beyond = side->all = -INFINITY;
    side->within = INFINITY;
    if (side->m > 0 && !pl_lines_sweep(&side->lines, arena, swap_side, side))
        return false;
    refresh(side);
    close_segment(side, INFINITY);
    return true;
}

bool pl_studentized(const double *r, const double *s, size_t n, PlArena *arena, PlStudentized *out) {
    pl_stats_init();
    double *mirrored = pl_arena_doubles(arena, n);
    if (!mirrored)
        return false;
    for (size_t i = 0; i < n; i++)
        mirrored[i] = -s[i];
    double threshold = gsl_cdf_ugaussian_Qinv(out->threshold);
    Side up = {.m = out->m, .threshold = threshold, .null = out->null_shift},
         down = {.m = out->m, .threshold = threshold, .null = -out->null_shift};
    if (!look(&up, r, s, n, arena) || !look(&down, r, mirrored, n, arena))
        return false;
    out->low = -down.limit;
    out->high = up.limit;
    bool above = out->null_shift >= 0;
    double facing = above ? up.beyond : down.beyond;
    double away = above ? fmax(down.all, -up.within) : fmax(up.all, -down.within);
    double p_facing = gsl_cdf_ugaussian_P(facing), p_away = gsl_cdf_ugaussian_P(away);
    out->p_less = above ? p_facing : p_away;
    out->p_greater = above ? p_away : p_facing;
    out->statistic = above ? facing : -facing;
    return true;
}
