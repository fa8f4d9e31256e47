/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/calendar.h"
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static PlDay iso(const char *text) {
    PlDay day;
    cr_assert(pl_day_parse_iso(text, strlen(text), &day), "%s", text);
    return day;
}

Test(calendar, days_agree_with_glib) {
    GDate date;
    for (PlDay day = pl_day_from_ymd(1, 1, 1); day <= pl_day_from_ymd(2500, 12, 31); day += 13) {
        int year, month, mday;
        pl_day_to_ymd(day, &year, &month, &mday);
        g_date_clear(&date, 1);
        g_date_set_julian(&date, (guint32)(day + 719163));
        cr_assert(eq(int, year, g_date_get_year(&date)));
        cr_assert(eq(int, month, (int)g_date_get_month(&date)));
        cr_assert(eq(int, mday, g_date_get_day(&date)));
        cr_assert(eq(int, pl_day_from_ymd(year, month, mday), day));
    }
    cr_assert(eq(int, pl_day_from_ymd(1970, 1, 1), 0));
    cr_assert(eq(int, pl_day_from_ymd(2024, 2, 29), 19782));
}

Test(calendar, extreme_days_do_not_overflow) {
    int year, month, mday;
    pl_day_to_ymd(G_MAXINT32, &year, &month, &mday);
    cr_assert(eq(int, year, 5881580));
    pl_day_to_ymd(G_MININT32, &year, &month, &mday);
    cr_assert(eq(int, year, -5877641));
}

Test(calendar, iso_dates) {
    static const char *const bad[] = {"",           "2024-2-29",  "2023-02-29",  "2024-13-01",
                                      "2024-00-01", "2024-01-00", "2024-01-32",  "2024-04-31",
                                      "0000-01-01", "2024/01/01", "2024-01-01 ", " 2024-01-01",
                                      "20240101",   "2024-01-0x", "+024-01-01",  "2100-02-29"};
    PlDay day = 77;
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        cr_assert(zero(pl_day_parse_iso(bad[i], strlen(bad[i]), &day)), "%s", bad[i]);
    cr_assert(zero(pl_day_parse_iso("2024-01\0-1", 10, &day)));
    cr_assert(eq(int, day, 77));
    for (PlDay d = -800000; d < 400000; d += 97) {
        g_autofree char *text = pl_day_format(d, PL_TIME_DATE);
        if (d > pl_day_from_ymd(1, 1, 1))
            cr_assert(eq(int, iso(text), d));
    }
    cr_assert(eq(int, iso("2000-02-29"), 11016));
    g_autofree char *number = pl_day_format(-12, PL_TIME_NUMBER);
    cr_assert(eq(str, number, (char *)"-12"));
}

Test(calendar, steps) {
    static const struct {
        const char *dates;
        PlStep step;
    } cases[] = {
        {"2024-01-01", PL_STEP_DAY},
        {"2024-01-01 2024-01-02", PL_STEP_DAY},
        {"2024-01-01 2024-01-08 2024-01-22", PL_STEP_WEEK},
        {"2024-01-01 2024-01-08 2024-01-21", PL_STEP_DAY},
        {"2024-01-15 2024-02-15 2024-04-15", PL_STEP_MONTH},
        {"2023-02-01 2023-03-01", PL_STEP_MONTH},
        {"2024-01-31 2024-02-29 2024-03-31", PL_STEP_MONTH},
        {"2024-01-30 2024-02-29 2024-03-30", PL_STEP_DAY},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(GStrv) dates = g_strsplit(cases[i].dates, " ", -1);
        PlDay times[4];
        guint n = g_strv_length(dates);
        for (guint k = 0; k < n; k++)
            times[k] = iso(dates[k]);
        cr_assert(eq(int, (int)pl_step_detect(times, n, PL_TIME_DATE), (int)cases[i].step), "%s",
                  cases[i].dates);
        cr_assert(eq(int, (int)pl_step_detect(times, n, PL_TIME_NUMBER), PL_STEP_NUMBER));
    }
    cr_assert(eq(int, (int)pl_step_named("Week_no"), PL_STEP_WEEK));
    cr_assert(eq(int, (int)pl_step_named("MONTH"), PL_STEP_MONTH));
    cr_assert(eq(int, (int)pl_step_named("day"), PL_STEP_DAY));
    cr_assert(eq(int, (int)pl_step_named("t"), PL_STEP_NUMBER));
    cr_assert(eq(str, (char *)pl_step_name(PL_STEP_WEEK, 1), (char *)"week"));
    cr_assert(eq(str, (char *)pl_step_name(PL_STEP_DAY, 0), (char *)"days"));
    cr_assert(eq(str, (char *)pl_step_name(PL_STEP_NUMBER, 2), (char *)"intervals"));
}

Test(calendar, formats_that_read) {
    static const struct {
        const char *format, *text, *day;
    } cases[] = {
        {"%Y-%m-%d", "2024-02-29", "2024-02-29"},
        {"%d.%m.%Y", "29.2.2024", "2024-02-29"},
        {"%d.%m.%Y", "01.12.2024", "2024-12-01"},
        {"%m/%d/%y", "12/31/68", "2068-12-31"},
        {"%m/%d/%y", "12/31/69", "1969-12-31"},
        {"%Y%m%d", "20240229", "2024-02-29"},
        {"%d %b %Y", "3 mar 2024", "2024-03-03"},
        {"%B %d, %Y", "September 30, 2024", "2024-09-30"},
        {"%e-%b-%y", " 3-May-24", "2024-05-03"},
        {"%Y %j", "2024 366", "2024-12-31"},
        {"%Y/%j", "2024/1", "2024-01-01"},
        {"%Y-%m-%d %H:%M:%S", "2017-01-28 14:06:53", "2017-01-28"},
        {"%Y-%m-%dT%H:%MZ", "2017-01-28T00:00Z", "2017-01-28"},
        {"%Y-%m", "2024-02", "2024-02-01"},
        {"%d%%%m%%%Y", "1%2%2024", "2024-02-01"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PlDateFormat) format = pl_date_format_new(cases[i].format, NULL);
        PlDay day;
        cr_assert(pl_date_format_parse(format, cases[i].text, strlen(cases[i].text), &day), "%s",
                  cases[i].text);
        cr_assert(eq(int, day, iso(cases[i].day)), "%s", cases[i].text);
        cr_assert(eq(int, (int)pl_date_format_kind(format), PL_TIME_DATE));
    }
}

Test(calendar, texts_that_are_no_date) {
    static const struct {
        const char *format, *text;
    } cases[] = {
        {"%d.%m.%Y", "30.2.2024"},
        {"%d.%m.%Y", "1.1.24"},
        {"%d.%m.%Y", "1.1.2024x"},
        {"%d.%m.%Y", ""},
        {"%d.%m.%Y", "1.1."},
        {"%Y %j", "2023 366"},
        {"%Y %j", "2024 0"},
        {"%d %b %Y", "3 mai 2024"},
        {"%d %b %Y", "3 m"},
        {"%Y-%m-%d %H:%M", "2024-01-01 24:00"},
        {"%Y-%m-%d %M", "2024-01-01 60"},
        {"%d%%%m%%%Y", "1.2.2024"},
        {"number", ""},
        {"number", "-"},
        {"number", "4.0"},
        {"number", "2147483648"},
        {"number", "99999999999"},
        {"number", " 4"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PlDateFormat) format = pl_date_format_new(cases[i].format, NULL);
        PlDay day = 77;
        cr_assert(zero(pl_date_format_parse(format, cases[i].text, strlen(cases[i].text), &day)), "%s",
                  cases[i].text);
        cr_assert(eq(int, day, 77), "%s", cases[i].text);
    }
}

Test(calendar, numbers) {
    static const struct {
        const char *text;
        PlDay day;
    } cases[] = {{"40", 40}, {"-3", -3}, {"+7", 7}, {"007", 7}, {"2147483647", G_MAXINT32}};
    g_autoptr(PlDateFormat) format = pl_date_format_new("number", NULL);
    cr_assert(eq(int, (int)pl_date_format_kind(format), PL_TIME_NUMBER));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        PlDay day;
        cr_assert(pl_date_format_parse(format, cases[i].text, strlen(cases[i].text), &day));
        cr_assert(eq(int, day, cases[i].day));
    }
}

Test(calendar, formats_that_name_no_day) {
    static const struct {
        const char *format, *reason;
    } cases[] = {
        {"%Y-%m-%", "ends in a lone %"},
        {"%Y-%q", "%q is not known"},
        {"%m-%d", "has no year"},
        {"%Y %y %m", "more than one year"},
        {"%Y", "has no month"},
        {"%Y-%m-%d %e", "twice"},
        {"%Y-%m %j", "%j and also"},
        {"", "has no %"},
        {"dd.mm.yyyy", "is written \"%d.%m.%Y\" here"},
        {"%Y %\xc3\xa9", "%\xc3\xa9 is not known"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *reason = NULL;
        cr_assert(zero(ptr, pl_date_format_new(cases[i].format, &reason)), "%s", cases[i].format);
        cr_assert(ne(ptr, strstr(reason, cases[i].reason), NULL), "%s: %s", cases[i].format, reason);
        cr_assert(zero(ptr, pl_date_format_new(cases[i].format, NULL)));
    }
    pl_date_format_free(NULL);
}

/* What is guessed reads the text; what nothing reads is not guessed. */
Test(calendar, guesses) {
    static const struct {
        const char *text, *format;
    } cases[] = {
        {"31.12.2024", "%d.%m.%Y"},
        {"12/31/2024", "%m/%d/%Y"},
        {"31/12/2024", "%d/%m/%Y"},
        {"20241231", "%Y%m%d"},
        {"2024-01-05 10:00", "%Y-%m-%d %H:%M"},
        {"05-Jan-2024", "%d-%b-%Y"},
        {"Jan 5, 2024", "%b %d, %Y"},
        {"2024-06", "%Y-%m"},
        {"40", "number"},
        {"tomorrow", NULL},
        {"", NULL},
        {"2024-02-30", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *guess = pl_date_format_guess(cases[i].text, strlen(cases[i].text));
        cr_assert(eq(int, g_strcmp0(guess, cases[i].format), 0), "%s: %s", cases[i].text, guess);
        g_autoptr(PlDateFormat) format = guess != NULL ? pl_date_format_new(guess, NULL) : NULL;
        PlDay day;
        cr_assert(guess == NULL || pl_date_format_parse(format, cases[i].text, strlen(cases[i].text), &day));
    }
}

Test(calendar, months_later_stay_within_the_month) {
    static const struct {
        int from[3], months, to[3];
    } cases[] = {{{2024, 1, 31}, 1, {2024, 2, 29}},  {{2023, 1, 31}, 1, {2023, 2, 28}},
                 {{2023, 11, 15}, 3, {2024, 2, 15}}, {{2024, 3, 31}, -1, {2024, 2, 29}},
                 {{2024, 5, 17}, 0, {2024, 5, 17}},  {{2020, 12, 31}, 14, {2022, 2, 28}}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int *f = cases[i].from, *t = cases[i].to;
        cr_expect(eq(int, pl_day_months_later(pl_day_from_ymd(f[0], f[1], f[2]), cases[i].months),
                     pl_day_from_ymd(t[0], t[1], t[2])));
    }
}
