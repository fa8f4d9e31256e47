/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/stats/inference.h"

/* The declarative table of methods: `stat`, `run`, `pairlift help methods` and docs/methods.md come from it.
 */
typedef struct {
    const char *id;        /* "paired_t"; NULL ends the table */
    const char *title;     /* "Student's paired t-test" */
    const char *estimates; /* what the estimate is: "mean of the differences" */
    const char *assumes;   /* one sentence */
    const char *formula;   /* one or two lines of plain text */
    const char *source;    /* author, year, DOI */
    const char *check;     /* published or independent value that a test replays */
    size_t min_n;          /* observations needed */
    size_t liberal_below;  /* fewer pairs than this: rejects too often, and says so; 0: never */
    PlPairedTest *test;
    PlPairedPoint *point;
    PlPairedWork *work; /* NULL: none */
} PlMethod;

extern const PlMethod pl_methods[];
const PlMethod *pl_method_find(const char *id); /* NULL: no such method */
