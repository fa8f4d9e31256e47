/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/cluster_crossed.h"

#include <math.h>
#include <omp.h>
#include <string.h>

/* A_g is needed only times the vectors X_g B c of the coefficients c. Lanczos' method makes f(H_gg) u from
 * products with H_gg alone: the eigenvalues of H_gg are near those of a balanced panel, where one product is
 * enough, and each further one gains digits by what they are off (Golub and Meurant, Matrices, Moments and
 * Quadrature, 2010, chapter 13; Higham, Functions of Matrices, 2008, section 13.2). The eigenvectors of each
 * cluster's H_gg were the alternative, with the cube of its rows. Clusters go through in panels, so that the
 * product with (V'V)^- is one of matrices. */

/* Steps that panels in parallel have memory for; what needs more is done again by itself. */
enum { STEPS_FIRST = 32, STEPS_AT_MOST = 800, EVERY_STEP_UP_TO = 8 };

/* A residual of a Krylov space (whose operator has norm 1), or a change of the result, that is rounding. */
#define EXHAUSTED 1e-14
#define SETTLED   2e-15

/* Rows of a panel of clusters beyond the first: keeps the bases in memory. */
enum { PANEL_ROWS = 32768 };

typedef struct {
    size_t capacity, max_rows; /* steps; rows of a panel */
    double *basis;             /* [capacity][max_rows] */
    double *next;              /* [max_rows] */
    double *alpha, *beta;      /* [PL_PANEL][capacity] */
    double *weight;            /* [PL_PANEL][capacity]: the result in the basis */
    double *sums, *solved;     /* [n_levels][PL_PANEL] */
    double *table, *vectors, *values, *work, *trial;
} Scratch;

/* Clusters from ... to - 1, of one coefficient. */
typedef struct {
    const PlCrossed *c;
    Scratch *s;
    size_t from, to, coef, row0;
    size_t steps[PL_PANEL];
    double norm[PL_PANEL], share[PL_PANEL];
    bool done[PL_PANEL], dropped[PL_PANEL];
} Panel;

static PlStatus take_scratch(Scratch *s, const PlCrossed *c, size_t capacity, size_t max_rows,
                             PlArena *arena) {
    s->capacity = capacity;
    s->max_rows = max_rows;
    s->basis = pl_arena_doubles(arena, capacity * max_rows);
    s->next = pl_arena_doubles(arena, max_rows);
    s->alpha = pl_arena_doubles(arena, 3 * PL_PANEL * capacity);
    s->sums = pl_arena_doubles(arena, 2 * c->n_levels * PL_PANEL);
    s->table = pl_arena_doubles(arena, 2 * capacity * capacity + 6 * capacity);
    if (!s->basis || !s->next || !s->alpha || !s->sums || !s->table)
        return PL_NO_MEMORY;
    s->beta = s->alpha + PL_PANEL * capacity;
    s->weight = s->beta + PL_PANEL * capacity;
    s->solved = s->sums + c->n_levels * PL_PANEL;
    s->vectors = s->table + capacity * capacity;
    s->values = s->vectors + capacity * capacity;
    s->work = s->values + capacity;
    s->trial = s->work + 4 * capacity;
    return PL_OK;
}

static double dot(const double *x, const double *y, size_t n) {
    double even = 0, odd = 0;
    size_t i = 0;
    for (; i + 1 < n; i += 2) {
        even += x[i] * y[i];
        odd += x[i + 1] * y[i + 1];
    }
    return even + odd + (i < n ? x[i] * y[i] : 0);
}

static void demean_runs(const PlCrossed *c, size_t g, double *out) {
    size_t first = c->start[g];
    for (size_t run = c->first_run[g]; c->base && run < c->first_run[g + 1]; run++) {
        double sum = 0;
        for (size_t at = c->run_start[run]; at < c->run_start[run + 1]; at++)
            sum += out[at - first];
        sum /= (double)(c->run_start[run + 1] - c->run_start[run]);
        for (size_t at = c->run_start[run]; at < c->run_start[run + 1]; at++)
            out[at - first] -= sum;
    }
}

/* out += X_g B X_g' v */
static void add_coefficients(const PlCrossed *c, size_t g, const double *v, double *out) {
    size_t k = c->fit->n_coef, first = c->start[g], n = c->start[g + 1] - first;
    for (size_t j = 0; j < k; j++) {
        double product = dot(c->x[j] + first, v, n);
        for (size_t i = 0; i < k; i++) {
            double factor = c->fit->bread[i * k + j] * product;
            const double *x = c->x[i] + first;
            for (size_t r = 0; r < n; r++)
                out[r] += factor * x[r];
        }
    }
}

/* out = the other sets' part of H_gg v by the entries of (V'V)^- that the cluster's few rows meet. */
static void add_by_rows(const PlCrossed *c, size_t g, const double *v, double *out) {
    size_t first = c->start[g], n = c->start[g + 1] - first;
    for (size_t r = 0; r < n; r++) {
        double sum = 0;
        for (size_t set = 0; set < c->n_rest; set++) {
            const double *row = c->inverse + c->rest[set][first + r] * c->n_levels;
            for (size_t other = 0; other < c->n_rest; other++)
                for (size_t m = 0; m < n; m++)
                    sum += row[c->rest[other][first + m]] * v[m];
        }
        out[r] = sum;
    }
}

/* Whether that is the shorter way for the whole panel. */
static bool has_few_rows(const Panel *p) {
    double entries = 0, all = (double)p->c->n_levels * (double)p->c->n_levels * PL_PANEL;
    for (size_t g = p->from; g < p->to; g++) {
        double n = (double)((p->c->start[g + 1] - p->c->start[g]) * p->c->n_rest);
        entries += n * n;
    }
    return p->c->inverse && 8 * entries < all;
}

/* next = H_gg v for every cluster that is not done, v the basis vector `step`. */
static void apply_hat_by_rows(Panel *p, size_t step) {
    for (size_t g = p->from, j = 0; g < p->to; g++, j++) {
        size_t offset = p->c->start[g] - p->row0;
        const double *v = p->s->basis + step * p->s->max_rows + offset;
        if (p->done[j])
            continue;
        add_by_rows(p->c, g, v, p->s->next + offset);
        demean_runs(p->c, g, p->s->next + offset);
        add_coefficients(p->c, g, v, p->s->next + offset);
    }
}

/* The same by all levels' sums, for clusters of many rows. */
static void apply_hat(Panel *p, size_t step) {
    const PlCrossed *c = p->c;
    Scratch *s = p->s;
    memset(s->sums, 0, c->n_levels * PL_PANEL * sizeof *s->sums);
    for (size_t g = p->from, j = 0; g < p->to; g++, j++)
        for (size_t set = 0; set < c->n_rest && !p->done[j]; set++) {
            const double *v = s->basis + step * s->max_rows - p->row0;
            const uint32_t *level = c->rest[set];
            for (size_t at = c->start[g]; at < c->start[g + 1]; at++)
                s->sums[level[at] * PL_PANEL + j] += v[at];
        }
    if (c->inverse)
        pl_times_panel(c->inverse, c->n_levels, c->n_levels, s->sums, s->solved);
    for (size_t i = 0; i < c->n_levels * PL_PANEL && !c->inverse; i++)
        s->solved[i] = c->scale * s->sums[i];
    for (size_t g = p->from, j = 0; g < p->to; g++, j++) {
        if (p->done[j])
            continue;
        double *out = s->next + (c->start[g] - p->row0);
        size_t first = c->start[g], n = c->start[g + 1] - first;
        for (size_t r = 0; r < n; r++)
            out[r] = s->solved[c->rest[0][first + r] * PL_PANEL + j];
        for (size_t set = 1; set < c->n_rest; set++)
            for (size_t r = 0; r < n; r++)
                out[r] += s->solved[c->rest[set][first + r] * PL_PANEL + j];
        demean_runs(c, g, out);
        add_coefficients(c, g, s->basis + step * s->max_rows + (first - p->row0), out);
    }
}

/* Orthogonalises the next vector of a cluster against all of its basis, twice; returns its norm. */
static double orthogonalise(Panel *p, size_t j, size_t step) {
    const PlCrossed *c = p->c;
    Scratch *s = p->s;
    size_t first = c->start[p->from + j], n = c->start[p->from + j + 1] - first;
    double *next = s->next + (first - p->row0), *alpha = s->alpha + j * s->capacity;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = step + 1; i-- > 0;) {
            const double *v = s->basis + i * s->max_rows + (first - p->row0);
            double product = dot(v, next, n);
            if (i == step)
                alpha[step] = pass ? alpha[step] + product : product;
            for (size_t r = 0; r < n; r++)
                next[r] -= product * v[r];
        }
    return sqrt(dot(next, next, n));
}

/* What the next basis vector would bring: beta_1 ... beta_m times a divided difference of order m of f over
 * the eigenvalues, at most f's m-th derivative / m! at the largest: (1 - x)^-(m + 1) for CR3's f, less for
 * CR2's, by m factors (2i - 1) / 2i. */
static double next_weight(const double *beta, size_t m, double largest, PlVcov type) {
    double left = 1 - largest - beta[m - 1], weight = 1 / left;
    for (size_t i = 0; i < m; i++)
        weight *= beta[i] / left * (type == PL_VCOV_CR3 ? 1 : (2 * (double)i + 1) / (2 * (double)i + 2));
    return left > PL_LEVERAGE_WITHIN ? weight : INFINITY;
}

/* The result after m steps in terms of the basis, f(T) e_1, and p'(I - H)p / |u|^2 in share; `missing`: how
 * much a further step would change. */
static PlStatus evaluate(Panel *p, size_t j, size_t m, double *missing) {
    Scratch *s = p->s;
    double *alpha = s->alpha + j * s->capacity, *beta = s->beta + j * s->capacity;
    double *weight = s->weight + j * s->capacity, dropped = 0, size = 0, change = 0, largest = 0;
    memset(s->table, 0, m * m * sizeof *s->table);
    for (size_t i = 0; i < m; i++) {
        s->table[i * m + i] = alpha[i];
        if (i)
            s->table[i * m + i - 1] = s->table[(i - 1) * m + i] = beta[i - 1];
    }
    PlStatus status = pl_eigen_symmetric(s->table, m, s->values, s->vectors, s->work);
    memset(s->trial, 0, m * sizeof *s->trial);
    p->share[j] = 0;
    for (size_t i = 0; i < m; i++) {
        double power = pl_leverage_power(s->values[i], p->c->type), first = s->vectors[i];
        p->share[j] += power * power * (1 - s->values[i]) * first * first;
        dropped += power == 0 ? first * first : 0;
        largest = fmax(largest, s->values[i]);
        for (size_t row = 0; row < m; row++)
            s->trial[row] += s->vectors[row * m + i] * power * first;
    }
    p->dropped[j] = dropped > PL_LEVERAGE_WITHIN;
    for (size_t i = 0; i < m; i++) {
        change = fmax(change, fabs(s->trial[i] - weight[i]));
        size = fmax(size, fabs(s->trial[i]));
        weight[i] = s->trial[i];
    }
    *missing = fmin(change, next_weight(beta, m, largest, p->c->type)) / fmax(size, 1);
    return status;
}

/* The starting vectors u = X_g B c, of length one. */
static void start_panel(Panel *p) {
    const PlCrossed *c = p->c;
    size_t k = c->fit->n_coef;
    double whole = c->fit->bread[p->coef * k + p->coef]; /* sum of all clusters' squares */
    for (size_t g = p->from, j = 0; g < p->to; g++, j++) {
        double *v = p->s->basis + (c->start[g] - p->row0);
        size_t first = c->start[g], n = c->start[g + 1] - first;
        memset(v, 0, n * sizeof *v);
        for (size_t i = 0; i < k; i++)
            for (size_t r = 0; r < n; r++)
                v[r] += c->fit->bread[i * k + p->coef] * c->x[i][first + r];
        p->norm[j] = sqrt(dot(v, v, n));
        p->done[j] = p->norm[j] * p->norm[j] <= PL_SHARE_OF_NOISE * whole;
        p->steps[j] = 0;
        p->share[j] = 0;
        p->dropped[j] = false;
        for (size_t r = 0; r < n && !p->done[j]; r++)
            v[r] /= p->norm[j];
        memset(p->s->weight + j * p->s->capacity, 0, p->s->capacity * sizeof(double));
    }
}

/* One cluster's part of a step: true when it needs another. */
static PlStatus advance(Panel *p, size_t j, size_t step, bool *more) {
    const PlCrossed *c = p->c;
    Scratch *s = p->s;
    size_t first = c->start[p->from + j], n = c->start[p->from + j + 1] - first, m = step + 1;
    double length = orthogonalise(p, j, step), missing = 0;
    bool last = length <= EXHAUSTED || m == n;
    PlStatus status = PL_OK;
    s->beta[j * s->capacity + step] = length;
    if (last || m <= EVERY_STEP_UP_TO || m % 4 == 0 || m == s->capacity) {
        status = evaluate(p, j, m, &missing);
        if (last || missing <= SETTLED) {
            p->done[j] = true;
            p->steps[j] = m;
            return status;
        }
    }
    *more = true;
    if (m < s->capacity) {
        double *to = s->basis + m * s->max_rows + (first - p->row0), *next = s->next + (first - p->row0);
        for (size_t r = 0; r < n; r++)
            to[r] = next[r] / length;
    }
    return status;
}

/* p_g into `next`, and what is kept of it. */
static void finish(Panel *p, PlClusterParts *parts, double *z, size_t z_width) {
    const PlCrossed *c = p->c;
    size_t k = c->fit->n_coef;
    for (size_t g = p->from, j = 0; g < p->to; g++, j++) {
        size_t first = c->start[g], n = c->start[g + 1] - first;
        double *out = p->s->next + (first - p->row0);
        memset(out, 0, n * sizeof *out);
        for (size_t m = 0; m < p->steps[j]; m++) {
            double factor = p->norm[j] * p->s->weight[j * p->s->capacity + m];
            const double *v = p->s->basis + m * p->s->max_rows + (first - p->row0);
            for (size_t r = 0; r < n; r++)
                out[r] += factor * v[r];
        }
        parts->score[g * k + p->coef] = dot(out, c->residuals + first, n);
        parts->share[g * k + p->coef] = p->norm[j] * p->norm[j] * p->share[j];
        if (!z)
            continue;
        double *mine = z + j * z_width;
        memset(mine, 0, z_width * sizeof *mine);
        for (size_t set = 0; set < c->n_rest; set++)
            for (size_t r = 0; r < n; r++)
                mine[c->rest[set][first + r]] += out[r];
        for (size_t i = 0; i < k; i++)
            mine[c->n_levels + i] = dot(c->x[i] + first, out, n);
        double squares = dot(out, out, n), hat = squares - parts->share[g * k + p->coef];
        parts->hat[g * k + p->coef] = hat;
    }
}

static PlStatus run_panel(const PlCrossed *c, Scratch *s, size_t from, size_t to, size_t coef,
                          PlClusterParts *parts, bool *dropped, double *z, size_t z_width) {
    Panel p = {.c = c, .s = s, .from = from, .to = to, .coef = coef, .row0 = c->start[from]};
    start_panel(&p);
    bool more = true, by_rows = has_few_rows(&p);
    PlStatus status = PL_OK;
    for (size_t step = 0; more && step < s->capacity && status == PL_OK; step++) {
        more = false;
        if (by_rows)
            apply_hat_by_rows(&p, step);
        else
            apply_hat(&p, step);
        for (size_t j = 0; j < to - from && status == PL_OK; j++)
            if (!p.done[j])
                status = advance(&p, j, step, &more);
    }
    if (status != PL_OK || more)
        return status == PL_OK ? PL_NO_CONVERGENCE : status;
    finish(&p, parts, z, z_width);
    for (size_t j = 0; j < to - from; j++)
        dropped[from + j] = p.dropped[j];
    return PL_OK;
}

/* Clusters [begin[i], begin[i + 1]) make panel i: at most PL_PANEL, and few rows unless it is one alone. */
static size_t cut_panels(const PlCrossed *c, size_t *begin, size_t *max_rows) {
    size_t n = 0, g = 0, clusters = c->fit->n_clusters;
    *max_rows = 0;
    while (g < clusters) {
        begin[n++] = g;
        size_t first = g++;
        while (g < clusters && g - first < PL_PANEL && g % PL_BETWEEN_ROWS != 0 &&
               c->start[g + 1] - c->start[first] <= PANEL_ROWS)
            g++;
        size_t rows = c->start[g] - c->start[first];
        *max_rows = rows > *max_rows ? rows : *max_rows;
    }
    begin[n] = clusters;
    return n;
}

typedef struct {
    Scratch *scratch; /* one a thread */
    size_t *begin, n_panels;
    PlStatus *status;
    bool *dropped;
} Work;

static PlStatus take_work(Work *w, const PlCrossed *c, PlArena *arena) {
    size_t clusters = c->fit->n_clusters, max_rows = 0;
    w->begin = pl_arena_sizes(arena, clusters + 1);
    w->scratch = pl_arena_take(arena, (size_t)c->threads, sizeof *w->scratch);
    w->dropped = pl_arena_take(arena, clusters, sizeof *w->dropped);
    w->status = pl_arena_take(arena, clusters, sizeof *w->status);
    if (!w->begin || !w->scratch || !w->dropped || !w->status)
        return PL_NO_MEMORY;
    w->n_panels = cut_panels(c, w->begin, &max_rows);
    PlStatus status = PL_OK;
    for (int t = 0; t < c->threads && status == PL_OK; t++)
        status = take_scratch(&w->scratch[t], c, STEPS_FIRST, max_rows, arena);
    return status;
}

/* A panel that needed more steps than there was memory for, cluster by cluster. */
static PlStatus run_again(const PlCrossed *c, Work *w, size_t panel, size_t coef, PlClusterParts *parts,
                          double *z, size_t z_width, PlArena *arena) {
    PlStatus status = PL_OK;
    for (size_t g = w->begin[panel]; g < w->begin[panel + 1] && status == PL_OK; g++) {
        PlArenaMark mark = pl_arena_mark(arena);
        size_t rows = c->start[g + 1] - c->start[g], steps = c->n_levels + c->fit->n_coef + 2;
        steps = steps < STEPS_AT_MOST ? steps : STEPS_AT_MOST;
        Scratch s;
        status = take_scratch(&s, c, steps, rows, arena);
        if (status == PL_OK)
            status = run_panel(c, &s, g, g + 1, coef, parts, w->dropped,
                               z ? z + (g % PL_BETWEEN_ROWS) * z_width : NULL, z_width);
        pl_arena_release(arena, mark);
    }
    return status;
}

/* All clusters of one coefficient. */
static PlStatus run_coefficient(const PlCrossed *c, Work *w, size_t coef, PlBetween *between,
                                PlClusterParts *parts, PlArena *arena) {
    double *z = between ? between->z : NULL;
    size_t width = between ? between->width : 0, panel = 0;
    PlStatus status = PL_OK;
    while (panel < w->n_panels && status == PL_OK) {
        size_t end = panel, group = w->begin[panel] / PL_BETWEEN_ROWS;
        while (end < w->n_panels && w->begin[end] / PL_BETWEEN_ROWS == group)
            end++;
#pragma omp parallel for if (c->fit->rows > 20000) num_threads(c->threads) schedule(dynamic, 1)
        for (size_t i = panel; i < end; i++)
            w->status[i] =
                run_panel(c, &w->scratch[omp_get_thread_num()], w->begin[i], w->begin[i + 1], coef, parts,
                          w->dropped, z ? z + (w->begin[i] % PL_BETWEEN_ROWS) * width : NULL, width);
        for (size_t i = panel; i < end && status == PL_OK; i++) {
            status = w->status[i];
            if (status == PL_NO_CONVERGENCE)
                status = run_again(c, w, i, coef, parts, z, width, arena);
        }
        if (between && status == PL_OK)
            pl_between_add(between, w->begin[end] - w->begin[panel], c->threads);
        panel = end;
    }
    return status;
}

/* See PlClusterParts and pl_cluster_vcov. Exact to about 1e-13: the Lanczos process stops where further steps
 * change nothing. Time: one sort of the rows; a table of the squared number of levels of the absorbed sets
 * beside the largest nested one (all, if none is nested), and its inverse; then for each coefficient some
 * three products of rows, and of that table with a vector a cluster. A balanced two-way panel needs no table.
 */
PlStatus pl_cluster_crossed(const PlClusterFit *fit, PlVcov type, const bool *nested, PlArena *arena,
                            PlClusterParts *parts) {
    PlCrossed c = {.fit = fit, .type = type, .threads = fit->threads > 0 ? fit->threads : 1};
    PlBetween between = {0};
    Work w = {0};
    size_t k = fit->n_coef;
    bool with_df = type == PL_VCOV_CR2;
    PlStatus status = pl_crossed_lay_out(&c, nested, arena);
    if (status == PL_OK)
        status = take_work(&w, &c, arena);
    if (status == PL_OK && with_df)
        status = pl_between_take(&between, &c, arena);
    for (size_t coef = 0; coef < k && status == PL_OK; coef++) {
        double total = 0;
        if (with_df)
            pl_between_start(&between);
        status = run_coefficient(&c, &w, coef, with_df ? &between : NULL, parts, arena);
        if (status == PL_OK && with_df)
            status = pl_between_total(&between, &c, arena, &total);
        parts->all_squares[coef] = total;
        for (size_t g = 0; g < fit->n_clusters && status == PL_OK; g++) {
            double share = parts->share[g * k + coef], hat = parts->hat[g * k + coef];
            parts->all_squares[coef] += share * share - hat * hat;
            parts->rests_on_one[coef] = parts->rests_on_one[coef] || w.dropped[g];
        }
    }
    return status;
}
