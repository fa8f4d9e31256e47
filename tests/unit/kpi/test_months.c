/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kpi_text.h"

#include "pairlift/kpi/months.h"

static PlDay day_of(const char *text) {
    PlDay day = 0;
    cr_assert(pl_day_parse_iso(text, strlen(text), &day), "%s", text);
    return day;
}

Test(kpi_months, whole_months_are_whole) {
    const struct {
        const char *from, *to;
        double months;
    } cases[] = {
        {"2024-05-17", "2024-11-17", 6},
        {"2024-05-17", "2025-02-17", 9},
        {"2024-01-31", "2024-02-29", 1}, /* the last day of a shorter month */
        {"2023-01-31", "2023-02-28", 1},
        {"2023-08-31", "2024-02-29", 6},
        {"2023-01-31", "2023-03-14", 1 + 14. / 31},
        {"2023-01-31", "2023-03-31", 2},
        {"2024-05-17", "2024-05-17", 0},
        {"2024-05-17", "2024-05-18", 1. / 31},
        {"2024-05-17", "2024-11-16", 5 + 30. / 31},
        {"2023-12-15", "2024-01-15", 1},
        {"1969-12-31", "1970-06-30", 6},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        double months = pl_months_between(day_of(cases[i].from), day_of(cases[i].to));
        cr_assert(fabs(months - cases[i].months) < 1e-12, "%s to %s: %.15g", cases[i].from, cases[i].to,
                  months);
    }
}

/* A later day is more months, and a year is 12 of them, from every day of four years. */
Test(kpi_months, rise_day_by_day) {
    PlDay first = day_of("2023-01-01");
    for (PlDay from = first; from < first + 1461; from++) {
        double before = 0;
        for (PlDay to = from + 1; to < from + 430; to++) {
            double months = pl_months_between(from, to);
            cr_assert(months > before && months - before < .0358, "%d to %d: %g", from, to, months);
            before = months;
        }
        int year, month, mday;
        pl_day_to_ymd(from, &year, &month, &mday);
        if (month != 2 || mday != 29)
            cr_assert(pl_months_between(from, pl_day_from_ymd(year + 1, month, mday)) == 12);
    }
}
