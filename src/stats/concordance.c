/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/concordance.h"

#include "pairlift/stats/duality.h"
#include "pairlift/stats/normal.h"

#include <gsl/gsl_sort.h>
#include <math.h>

/* Rounding of a limit that should be 0. */
#define GRAIN 1e-12

/* How many of the rows so far have each rank of x, as sums over blocks (Fenwick 1994,
 * doi:10.1002/spe.4380240306). */
typedef struct {
    size_t *sum, n, all;
} Tree;

static void tree_add(Tree *tree, size_t rank) {
    tree->all++;
    for (size_t i = rank + 1; i <= tree->n; i += i & (~i + 1))
        tree->sum[i]++;
}

/* Rows with a rank below this one. */
static double tree_below(const Tree *tree, size_t rank) {
    size_t sum = 0;
    for (size_t i = rank; i > 0; i -= i & (~i + 1))
        sum += tree->sum[i];
    return (double)sum;
}

/* The pairs of one row, or of all. */
typedef struct {
    double concordant, discordant, tied;
} Pairs;

/* A row against those in the tree; `longer`: they live longer than it, else they end before it. */
static void add_pairs(const Tree *tree, size_t rank, bool longer, Pairs *pairs) {
    double below = tree_below(tree, rank), up_to = tree_below(tree, rank + 1);
    double above = (double)tree->all - up_to;
    pairs->concordant += longer ? above : below;
    pairs->discordant += longer ? below : above;
    pairs->tied += up_to - below;
}

typedef struct {
    const PlRankedLifetime *rows;
    size_t n, *order, *rank; /* rows ascending by time; rank of x of each row */
    Tree tree;
    Pairs *of; /* [n] pairs that a row is part of */
    Pairs all;
} Work;

/* End of the rows of one time; `from` is the first. */
static size_t end_of(const Work *w, size_t from) {
    size_t to = from;
    while (to < w->n && w->rows[w->order[to]].time == w->rows[w->order[from]].time)
        to++;
    return to;
}

static void insert(Work *w, size_t from, size_t to, bool event) {
    for (size_t k = from; k < to; k++)
        if (w->rows[w->order[k]].event == event)
            tree_add(&w->tree, w->rank[w->order[k]]);
}

static void compare(Work *w, size_t from, size_t to, bool event, bool longer) {
    for (size_t k = from; k < to; k++)
        if (w->rows[w->order[k]].event == event)
            add_pairs(&w->tree, w->rank[w->order[k]], longer, &w->of[w->order[k]]);
}

static void clear(Work *w) {
    w->tree.all = 0;
    for (size_t i = 0; i <= w->tree.n; i++)
        w->tree.sum[i] = 0;
}

/* Each pair is met once from the row that ends first, which has an event, and once from the other. A row that
 * is censored at the time of an event lives longer. */
static void count_pairs(Work *w) {
    for (size_t to = w->n, from; to > 0; to = from) { /* from the last time on: who lives longer */
        from = to - 1;
        while (from > 0 && w->rows[w->order[from - 1]].time == w->rows[w->order[to - 1]].time)
            from--;
        insert(w, from, to, false);
        compare(w, from, to, true, true);
        insert(w, from, to, true);
    }
    for (size_t i = 0; i < w->n; i++) {
        w->all.concordant += w->of[i].concordant;
        w->all.discordant += w->of[i].discordant;
        w->all.tied += w->of[i].tied;
    }
    clear(w);
    for (size_t from = 0, to; from < w->n; from = to) { /* from the first on: who has ended before */
        to = end_of(w, from);
        compare(w, from, to, true, false);
        insert(w, from, to, true);
        compare(w, from, to, false, false);
    }
}

static PlStatus prepare(const PlRankedLifetime *rows, size_t n, PlArena *arena, Work *w) {
    double *values = pl_arena_doubles(arena, n);
    *w = (Work){.rows = rows,
                .n = n,
                .order = pl_arena_sizes(arena, n),
                .rank = pl_arena_sizes(arena, n),
                .of = pl_arena_take(arena, n, sizeof(Pairs))};
    w->tree.sum = pl_arena_sizes(arena, n + 1);
    if (!values || !w->order || !w->rank || !w->of || !w->tree.sum)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(rows[i].x) || !isfinite(rows[i].time))
            return PL_NOT_FINITE;
        if (rows[i].time < 0)
            return PL_NEGATIVE_TIME;
        values[i] = rows[i].time;
    }
    gsl_sort_index(w->order, values, 1, n);
    size_t *by_x = pl_arena_sizes(arena, n);
    if (!by_x)
        return PL_NO_MEMORY;
    for (size_t i = 0; i < n; i++)
        values[i] = rows[i].x;
    gsl_sort_index(by_x, values, 1, n);
    for (size_t k = 0; k < n; k++) {
        w->tree.n += k > 0 && values[by_x[k]] > values[by_x[k - 1]];
        w->rank[by_x[k]] = w->tree.n;
    }
    w->tree.n++;
    return w->tree.n > 1 ? PL_OK : PL_NO_VARIANCE;
}

/* The rank correlation of x with a lifetime that may be censored: over the pairs of rows of which is known
 * who lived longer, Somers' D = (concordant - discordant) / pairs, where concordant means that the larger x
 * lived longer; pairs with equal x count in the number of pairs only; pairs with events at one time do not
 * count. (D + 1) / 2 is Harrell's C. Error: infinitesimal jackknife over the rows, so that it holds for rows
 * that are independent, whatever the distributions; interval and p-value on the scale of atanh D, normal.
 * What D estimates depends on how long the rows were observed unless hazards are proportional. O(n log n).
 * PL_TOO_FEW: n < 3, or no pair whose order is known. PL_NO_VARIANCE: x is constant. PL_NOT_FINITE,
 * PL_NEGATIVE_TIME, PL_BAD_ARGUMENT, PL_NO_MEMORY. Source: Harrell, Lee and Mark 1996,
 * doi:10.1002/(SICI)1097-0258(19960229)15:4<361::AID-SIM168>3.0.CO;2-4; Somers 1962, doi:10.2307/2090408;
 * Therneau and Watson 2015 (error). Check: R's survival::concordance, and counting every pair,
 * tests/unit/stats/test_concordance.c. */
PlStatus pl_concordance(const PlRankedLifetime *rows, size_t n, const PlInferenceOptions *options,
                        PlArena *arena, PlConcordance *out) {
    double nothing = 0;
    Work w;
    PlStatus status = n < 3 ? PL_TOO_FEW : pl_check_paired(&nothing, 1, 1, options);
    if (status == PL_OK)
        status = prepare(rows, n, arena, &w);
    if (status != PL_OK)
        return status;
    count_pairs(&w);
    double pairs = w.all.concordant + w.all.discordant + w.all.tied, variance = 0;
    if (!(pairs > 0))
        return PL_TOO_FEW;
    double d = (w.all.concordant - w.all.discordant) / pairs;
    for (size_t i = 0; i < n; i++) {
        const Pairs *p = &w.of[i];
        double u = p->concordant - p->discordant - d * (p->concordant + p->discordant + p->tied);
        variance += u / pairs * (u / pairs);
    }
    *out = (PlConcordance){.in = {.estimate = d, .n = n, .conf_level = options->conf_level},
                           .concordance = (d + 1) / 2,
                           .n_concordant = w.all.concordant,
                           .n_discordant = w.all.discordant,
                           .n_tied_x = w.all.tied,
                           .perfect = !(variance > 0) || fabs(d) == 1};
    if (out->perfect)
        return PL_OK;
    double error = sqrt(variance), z = atanh(d), z_error = error / (1 - d * d),
           margin = pl_normal_quantile(pl_tail_level(options)) * z_error;
    double p = pl_tail_p(options->alternative, pl_normal_tail(z / z_error), pl_normal_tail(-z / z_error));
    out->in.std_error = error;
    out->in.statistic = z / z_error;
    out->in.has = PL_HAS_STD_ERROR | PL_HAS_STATISTIC;
    pl_set_interval(&out->in, options, p, tanh(z - margin), tanh(z + margin), GRAIN);
    out->in.conf_low = fmax(-1, out->in.conf_low);
    out->in.conf_high = fmin(1, out->in.conf_high);
    return PL_OK;
}
