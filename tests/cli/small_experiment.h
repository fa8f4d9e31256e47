/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "program.h"

/* An experiment of the project, and one that a test may break. */

#define GOOD "experiments/dominicks-orange-juice/price-cut.yaml"

static const char small_yaml[] =
    "experiment: small\n"
    "data: [{table: sales, file: sales.csv}]\n"
    "metrics: [{name: revenue, sum: revenue}]\n"
    "periods: {before: {from: 2024-01-01, to: 2024-01-02}, during: {from: 2024-01-03, to: 2024-01-04}}\n"
    "pairs_file: pairs.csv\n";

/* Six pairs, four days; the names of stores are those given, a control's with " c" behind. */
static inline void write_small(const char *folder, const char *const names[6]) {
    g_autoptr(GString) sales = g_string_new("store,date,revenue\n"), pairs = g_string_new("test,control\n");
    for (int i = 0; i < 6; i++) {
        g_auto(GStrv) halves = g_strsplit(names[i], "\"", -1);
        g_autofree char *quoted = g_strjoinv("\"\"", halves);
        g_string_append_printf(pairs, "\"%s\",\"%s c\"\n", quoted, quoted);
        for (int t = 1; t <= 4; t++)
            g_string_append_printf(sales, "\"%s\",2024-01-0%d,%d\n\"%s c\",2024-01-0%d,%d\n", quoted, t,
                                   100 + 7 * i + (t > 2 ? 10 + i : 0), quoted, t, 90 + t * i);
    }
    g_autofree char *a = temp_folder_write(folder, "sales.csv", sales->str),
                    *b = temp_folder_write(folder, "pairs.csv", pairs->str);
    g_autofree char *c = temp_folder_write(folder, "small.yaml", small_yaml);
}

static const char *const plain[] = {"A", "B", "C", "D", "E", "F"};
