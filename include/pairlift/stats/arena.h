/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <stddef.h>

/* Scratch and result memory of this room. The caller owns it and hands it in; a function takes what it needs
 * and gives nothing back, and the caller lets go of everything at once. One arena belongs to one thread:
 * take before a parallel region, or give each thread its own. Start from `PlArena arena = {0}`. */
typedef struct PlArenaBlock PlArenaBlock;
typedef struct {
    PlArenaBlock *newest;
    size_t limit;  /* bytes that may be taken in all; 0: as many as there are */
    size_t taken;  /* bytes */
    size_t wanted; /* bytes of the request that failed; 0: none did */
} PlArena;

/* `count` members of `size` bytes, zeroed and aligned for anything; NULL when they are not to be had (then
 * `wanted` says how many bytes were asked for; the caller returns PL_NO_MEMORY). count 0 is not NULL. */
void *pl_arena_take(PlArena *arena, size_t count, size_t size);
double *pl_arena_doubles(PlArena *arena, size_t count);
size_t *pl_arena_sizes(PlArena *arena, size_t count);

/* Gives back everything that was taken since pl_arena_mark(), for loops that need the same scratch again. */
typedef struct {
    PlArenaBlock *block;
    size_t used, taken;
} PlArenaMark;
PlArenaMark pl_arena_mark(const PlArena *arena);
void pl_arena_release(PlArena *arena, PlArenaMark mark);

/* Gives everything back; the arena can be used again. */
void pl_arena_clear(PlArena *arena);
