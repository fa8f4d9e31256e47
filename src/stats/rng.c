/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/rng.h"

uint64_t pl_splitmix64(uint64_t *state) {
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

PlRng pl_rng_stream(uint64_t seed, uint64_t block) {
    /* The block is mixed on its own first: added to the seed as it is, neighbouring blocks would walk the
     * same splitmix sequence one step apart and share three of their four words. */
    uint64_t mixed = ~block, state = seed;
    state = pl_splitmix64(&state) ^ pl_splitmix64(&mixed);
    PlRng rng;
    for (int i = 0; i < 4; i++)
        rng.state[i] = pl_splitmix64(&state);
    return rng;
}
