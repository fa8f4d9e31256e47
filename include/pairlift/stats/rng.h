/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <math.h>
#include <stdint.h>

/* xoshiro256** (Blackman and Vigna 2021, doi:10.1145/3460772), seeded by splitmix64.
 *
 * GSL's generators were considered: each needs an allocation, is called through a pointer, and cannot be
 * split. Here one block of work has one stream, a function of (seed, block) alone, so that a result is the
 * same for any number of threads; and a step is a handful of inlined instructions, which the resampling
 * loops spend most of their time in. */
typedef struct {
    uint64_t state[4];
} PlRng;

/* Random numbers below which a second thread costs more (its start, and its waiting at the end) than it
 * saves: about 5 ms of work. */
enum { PL_PARALLEL_FROM = 2000000 };

/* The stream of a block of work. Any two (seed, block) start from unrelated states; streams are of period
 * 2^256 - 1, so an overlap within reach is out of the question. */
PlRng pl_rng_stream(uint64_t seed, uint64_t block);

/* One step of splitmix64. */
uint64_t pl_splitmix64(uint64_t *state);

static inline uint64_t pl_rotate_left(uint64_t x, int bits) {
    return (x << bits) | (x >> (64 - bits));
}

/* 64 random bits. */
static inline uint64_t pl_rng_next(PlRng *rng) {
    uint64_t *s = rng->state;
    uint64_t result = pl_rotate_left(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = pl_rotate_left(s[3], 45);
    return result;
}

/* A uniform double in [0, 1), a multiple of 2^-53. */
static inline double pl_rng_uniform(PlRng *rng) {
    return (double)(pl_rng_next(rng) >> 11) * 0x1p-53;
}

/* A point of the unit disk, the centre left out: uniform over it. Its squared distance from the centre is
 * uniform in (0, 1) and independent of its direction, which the polar methods below live on. */
static inline double pl_rng_disk(PlRng *rng, double *x) {
    double y, w;
    do {
        *x = 2 * pl_rng_uniform(rng) - 1;
        y = 2 * pl_rng_uniform(rng) - 1;
        w = *x * *x + y * y;
    } while (w >= 1 || w == 0);
    return w;
}

/* A standard normal number. Marsaglia and Bray (1964), doi:10.1137/1006063; the second number of each point
 * is not kept, so that a stream has no state beside its own. Check: tests/unit/stats/test_rng.c, moments and
 * quantiles. */
static inline double pl_rng_normal(PlRng *rng) {
    double x, w = pl_rng_disk(rng, &x);
    return x * sqrt(-2 * log(w) / w);
}

/* A number of Student's t distribution with `df` > 0 degrees of freedom (variance df / (df - 2) for df > 2).
 * Bailey (1994), doi:10.2307/2153537. Check: as above. */
static inline double pl_rng_student(PlRng *rng, double df) {
    double x, w = pl_rng_disk(rng, &x);
    return x * sqrt(df * expm1(-2 / df * log(w)) / w);
}
