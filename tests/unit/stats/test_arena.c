/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

#include <stdint.h>

Test(stats_arena, gives_zeroed_aligned_memory_that_does_not_overlap) {
    PlArena arena = {0};
    double *a = pl_arena_doubles(&arena, 3), *b = pl_arena_doubles(&arena, 100000);
    size_t *c = pl_arena_sizes(&arena, 5);
    cr_assert(a && b && c);
    cr_assert(eq(int, (int)((uintptr_t)a % 64 + (uintptr_t)b % 64 + (uintptr_t)c % 64), 0));
    memset(a, 255, 3 * sizeof *a);
    memset(b, 255, 100000 * sizeof *b);
    for (size_t i = 0; i < 5; i++)
        cr_assert(eq(sz, c[i], 0));
    pl_arena_clear(&arena);
    cr_assert(eq(sz, arena.taken, 0));
}

Test(stats_arena, release_gives_the_same_memory_again_zeroed) {
    PlArena arena = {0};
    double *kept = pl_arena_doubles(&arena, 4);
    kept[0] = 7;
    PlArenaMark mark = pl_arena_mark(&arena);
    double *scratch = pl_arena_doubles(&arena, 4);
    scratch[0] = 9;
    cr_assert(pl_arena_doubles(&arena, 1 << 20) != NULL);
    pl_arena_release(&arena, mark);
    double *again = pl_arena_doubles(&arena, 4);
    cr_assert(again == scratch && again[0] == 0 && kept[0] == 7);
    pl_arena_clear(&arena);
}

Test(stats_arena, refuses_beyond_its_limit_and_says_how_much_was_wanted) {
    PlArena arena = {.limit = 1024};
    cr_assert(pl_arena_doubles(&arena, 100) != NULL);
    cr_assert(pl_arena_doubles(&arena, 100) == NULL);
    cr_assert(eq(sz, arena.wanted, 832));
    cr_assert(pl_arena_take(&arena, SIZE_MAX, 2) == NULL && arena.wanted == SIZE_MAX);
    pl_arena_clear(&arena);
    cr_assert(eq(sz, arena.wanted, 0));
}

Test(stats_arena, a_method_without_memory_says_so) {
    for (const PlMethod *const *each = pl_methods, *m; (m = *each); each++) {
        if (!m->test || strcmp(m->id, "paired_t") == 0 || strcmp(m->id, "bayes_normal") == 0)
            continue;
        PlArena arena = {.limit = 1};
        PlInference out = {.estimate = 9};
        cr_assert(eq(int, (int)m->test(twelve, 12, &two_sided_95, &arena, &out), PL_NO_MEMORY), "%s", m->id);
        cr_assert(out.estimate == 9 && arena.wanted > 0);
        pl_arena_clear(&arena);
    }
}
