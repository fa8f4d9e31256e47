/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Cache line: neighbouring arrays of two threads must not share one. */
enum { ALIGNMENT = 64, BLOCK_AT_LEAST = 64 * 1024 };

struct PlArenaBlock {
    alignas(ALIGNMENT) PlArenaBlock *older;
    size_t size, used;
    alignas(ALIGNMENT) unsigned char bytes[];
};

static void *refuse(PlArena *arena, size_t bytes) {
    arena->wanted = bytes;
    return NULL;
}

static PlArenaBlock *add_block(PlArena *arena, size_t bytes) {
    size_t size = bytes > BLOCK_AT_LEAST ? bytes : BLOCK_AT_LEAST;
    PlArenaBlock *block = aligned_alloc(ALIGNMENT, sizeof *block + size);
    if (block) {
        block->older = arena->newest;
        block->size = size;
        block->used = 0;
        arena->newest = block;
    }
    return block;
}

void *pl_arena_take(PlArena *arena, size_t count, size_t size) {
    if (size && count > (SIZE_MAX / 2) / size)
        return refuse(arena, SIZE_MAX);
    size_t bytes = (count * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (arena->limit && bytes > arena->limit - arena->taken)
        return refuse(arena, bytes);
    PlArenaBlock *block = arena->newest;
    if ((!block || block->size - block->used < bytes) && !(block = add_block(arena, bytes)))
        return refuse(arena, bytes);
    void *start = block->bytes + block->used;
    block->used += bytes;
    arena->taken += bytes;
    return memset(start, 0, count * size);
}

double *pl_arena_doubles(PlArena *arena, size_t count) {
    return pl_arena_take(arena, count, sizeof(double));
}

size_t *pl_arena_sizes(PlArena *arena, size_t count) {
    return pl_arena_take(arena, count, sizeof(size_t));
}

PlArenaMark pl_arena_mark(const PlArena *arena) {
    return (PlArenaMark){arena->newest, arena->newest ? arena->newest->used : 0, arena->taken};
}

void pl_arena_release(PlArena *arena, PlArenaMark mark) {
    while (arena->newest != mark.block) {
        PlArenaBlock *older = arena->newest->older;
        free(arena->newest);
        arena->newest = older;
    }
    if (mark.block)
        mark.block->used = mark.used;
    arena->taken = mark.taken;
}

void pl_arena_clear(PlArena *arena) {
    pl_arena_release(arena, (PlArenaMark){0});
    arena->wanted = 0;
}
