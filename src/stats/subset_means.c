/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/subset_means.h"

#include "pairlift/stats/init.h"
#include "pairlift/stats/moments.h"
#include "pairlift/stats/order.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* Meeting in the middle (Horowitz and Sahni 1974, doi:10.1145/321812.321823): a subset of n numbers is one of
 * the first half and one of the second. Each half's 2^(n/2) sums are made in ascending order, by merging the
 * list with itself shifted by the next number, and two pointers then count the pairs below a bound. A subset
 * mean is at most c exactly when the subset's sum of d_i - c is at most 0, so one such count is one value of
 * the means' distribution function.
 *
 * The k-th mean is found by selection from samples (Floyd and Rivest 1975, doi:10.1145/360680.360691): keep a
 * bracket of means with known counts, draw a sample of the means inside, count at the one whose rank looks
 * right, repeat until the bracket is small enough to list. Bisection on the value was the alternative: it
 * needs about 50 counts where this needs about 10, and it cannot land on a mean that many subsets share. */

/* How many means of the bracket are looked at in one round: at least this, and a sixteenth of a half's sums,
 * so that the sampling stays cheaper than the counting. */
enum { SAMPLE_MIN = 4096, SAMPLE_SHARE = 16 };

/* A round shrinks the bracket at least thirtyfold; 2^40 takes about eight. */
enum { ROUNDS_MAX = 200 };

/* Subset sums in ascending order and, as a whole number each, which numbers are in the subset. */
typedef struct {
    double *sum, *members;
    size_t n;
} Half;

typedef struct {
    const double *d;
    size_t n, n_first;
    double tolerance, centre, smallest, largest;
    Half first, second;
    double *sample;
    size_t sample_size;
} Subsets;

/* The means strictly between low and high; `below` means are at most low, `inside` are in it. */
typedef struct {
    double low, high;
    uint64_t below, inside;
} Bracket;

static size_t sample_size(size_t n) {
    size_t share = ((size_t)1 << n / 2) / SAMPLE_SHARE;
    return share > SAMPLE_MIN ? share : SAMPLE_MIN;
}

size_t pl_subset_work(size_t n) {
    return 2 * (((size_t)1 << n / 2) + ((size_t)1 << (n - n / 2))) + sample_size(n);
}

static Subsets lay_out(const double *d, size_t n, double tolerance, double *work) {
    Subsets s = {.d = d, .n = n, .n_first = n / 2, .tolerance = tolerance};
    s.first.n = (size_t)1 << n / 2;
    s.second.n = (size_t)1 << (n - n / 2);
    s.first.sum = work;
    s.first.members = s.first.sum + s.first.n;
    s.second.sum = s.first.members + s.first.n;
    s.second.members = s.second.sum + s.second.n;
    s.sample = s.second.members + s.second.n;
    s.sample_size = sample_size(n);
    return s;
}

/* Merges the n sums with themselves plus x, from the top downwards in the same array: the place written is
 * never below the places still to be read. */
static void merge_shifted(double *sum, double *members, size_t n, double x, double bit) {
    ptrdiff_t plain = (ptrdiff_t)n - 1, shifted = plain, to = plain + shifted + 1;
    while (plain >= 0 && shifted >= 0) {
        double a = sum[plain], b = sum[shifted] + x;
        double in_a = members[plain], in_b = members[shifted] + bit;
        bool take_b = b >= a;
        sum[to] = take_b ? b : a;
        members[to--] = take_b ? in_b : in_a;
        shifted -= take_b;
        plain -= !take_b;
    }
    for (; shifted >= 0; shifted--) {
        sum[shifted] += x;
        members[shifted] += bit;
    }
}

static void make_half(Half *half, const double *d, size_t n, double centre) {
    half->sum[0] = half->members[0] = 0;
    for (size_t i = 0; i < n; i++)
        merge_shifted(half->sum, half->members, (size_t)1 << i, d[i] - centre, ldexp(1, (int)i));
}

static void make_halves(Subsets *s, double centre) {
    s->centre = centre;
    make_half(&s->first, s->d, s->n_first, centre);
    make_half(&s->second, s->d + s->n_first, s->n - s->n_first, centre);
}

/* Subsets with a sum of at most `bound`. The step is free of branches that the processor could mispredict. */
static uint64_t count_up_to(const Subsets *s, double bound) {
    const double *a = s->first.sum, *b = s->second.sum;
    size_t i = 0, j = s->second.n;
    uint64_t count = 0;
    while (i < s->first.n && j > 0) {
        bool fits = a[i] + b[j - 1] <= bound;
        count += fits ? j : 0;
        i += fits;
        j -= !fits;
    }
    return count;
}

static uint64_t count_below(const Subsets *s, double bound) {
    return count_up_to(s, nextafter(bound, -INFINITY));
}

PlSubsetCount pl_subset_count(const double *d, size_t n, double centre, double tolerance, double *work) {
    Subsets s = lay_out(d, n, tolerance, work);
    make_halves(&s, centre);
    return (PlSubsetCount){.below = count_below(&s, -tolerance), .up_to = count_up_to(&s, tolerance)};
}

/* Adds the sum and the size of the subset that `members` says. */
static void add_members(const double *d, double members, double *sum, double *size) {
    for (uint32_t bits = (uint32_t)members; bits; bits &= bits - 1) {
        *sum += d[__builtin_ctz(bits)];
        *size += 1;
    }
}

/* Stores the mean of the pair (i, j) of half subsets when it lies in the bracket. */
static size_t take_mean(const Subsets *s, const Bracket *bracket, size_t i, size_t j, size_t n_sample) {
    double sum = 0, size = 0, about = s->first.sum[i] + s->second.sum[j];
    add_members(s->d, s->first.members[i], &sum, &size);
    add_members(s->d + s->n_first, s->second.members[j], &sum, &size);
    if (size == 0 || about + size * (s->centre - bracket->low) <= s->tolerance ||
        about + size * (s->centre - bracket->high) >= -s->tolerance)
        return n_sample;
    s->sample[n_sample] = sum / size;
    return n_sample + 1;
}

/* Every step-th subset with a sum in [from, to], as far as its mean is in the bracket; returns how many. */
static size_t draw_sample(const Subsets *s, const Bracket *bracket, double from, double to, uint64_t step) {
    const double *a = s->first.sum, *b = s->second.sum;
    size_t start = s->second.n, end = s->second.n, n_sample = 0;
    uint64_t wait = step / 2;
    for (size_t i = 0; i < s->first.n; i++) {
        while (start > 0 && a[i] + b[start - 1] >= from)
            start--;
        while (end > 0 && a[i] + b[end - 1] > to)
            end--;
        uint64_t here = end > start ? end - start : 0;
        for (; wait < here && n_sample < s->sample_size; wait += step)
            n_sample = take_mean(s, bracket, i, start + wait, n_sample);
        wait -= wait < here ? wait : here;
    }
    return n_sample;
}

/* Which sample to count at next: the one of the wanted rank, moved a little towards the farther end, so that
 * the wanted mean is likely to end up in the shorter part. */
static size_t choose_rank(size_t n_sample, double share) {
    double size = (double)n_sample, slack = 2 * sqrt(size * share * (1 - share)) + 1;
    double rank = share * size + (share < 0.5 ? slack : -slack);
    return (size_t)fmax(0, fmin(size - 1, rank));
}

/* One round, with halves made about an end of the bracket and `edge` sums up to there: true when `next` is
 * the wanted mean itself. */
static bool narrow(const Subsets *s, const Bracket *bracket, uint64_t k, uint64_t edge, double *next) {
    double n = (double)s->n, low = fmax(bracket->low, s->smallest), high = fmin(bracket->high, s->largest);
    double from = nextafter(s->tolerance, INFINITY), to = nextafter(-s->tolerance, -INFINITY);
    uint64_t width;
    if (s->centre == bracket->low) {
        to = n * (high - s->centre) + s->tolerance;
        width = count_up_to(s, to) - edge;
    } else {
        from = n * (low - s->centre) - s->tolerance;
        width = edge - count_below(s, from);
    }
    uint64_t step = (width + s->sample_size - 1) / s->sample_size;
    size_t n_sample = draw_sample(s, bracket, from, to, step ? step : 1),
           rank = (size_t)(k - bracket->below - 1);
    if (n_sample == 0) {
        *next = step <= 1 ? s->centre : low / 2 + high / 2;
        return step <= 1;
    }
    if (step > 1)
        rank = choose_rank(n_sample, ((double)rank + 0.5) / (double)bracket->inside);
    *next = pl_select(s->sample, n_sample, rank < n_sample ? rank : n_sample - 1);
    return step <= 1;
}

/* Where the k-th mean should be when a random half of the numbers is taken: the means' variance is close to
 * the sum of squares about the mean, over n^2. */
static double guess(const double *d, size_t n, uint64_t k) {
    double mean = d[0], sd = 0;
    if (n > 1)
        pl_mean_sd(d, n, &mean, &sd);
    double share = ((double)k - 0.5) / ldexp(1, (int)n);
    return mean + gsl_cdf_ugaussian_Pinv(share) * sd * sqrt((double)(n - 1)) / (double)n;
}

PlStatus pl_subset_mean_kth(const double *d, size_t n, uint64_t k, double tolerance, double *work,
                            double *mean) {
    pl_stats_init();
    Subsets s = lay_out(d, n, tolerance, work);
    s.smallest = s.largest = d[0];
    for (size_t i = 1; i < n; i++) {
        s.smallest = fmin(s.smallest, d[i]);
        s.largest = fmax(s.largest, d[i]);
    }
    Bracket bracket = {-INFINITY, INFINITY, 0, ((uint64_t)1 << n) - 1};
    double next = guess(d, n, k);
    bool found = false;
    for (int round = 0; round < ROUNDS_MAX && !found; round++) {
        make_halves(&s, next);
        uint64_t edge = count_up_to(&s, tolerance), up_to = edge - 1; /* the empty subset is in edge */
        if (k > up_to) {
            uint64_t end = bracket.below + bracket.inside;
            bracket = (Bracket){s.centre, bracket.high, up_to, end - up_to};
        } else {
            edge = count_below(&s, -tolerance);
            if (k > edge)
                break;
            bracket = (Bracket){bracket.low, s.centre, bracket.below, edge - bracket.below};
        }
        found = narrow(&s, &bracket, k, edge, &next);
    }
    if (!found && !(k > count_below(&s, -tolerance)))
        return PL_NO_CONVERGENCE;
    *mean = next;
    return PL_OK;
}
