/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/calendar.h"
#include <string.h>

/* Days and months by Hinnant, "chrono-compatible low-level date algorithms" (2013): years begin in
 * March, so that the leap day is the last of its year. 719468 is the day number of 0000-03-01. */
enum { DAYS_OF_ERA = 146097, YEARS_OF_ERA = 400, EPOCH = 719468 };

/* Any year from 1 on; month 1 to 12; day 1 to 31. */
PlDay pl_day_from_ymd(int year, int month, int day) {
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - (YEARS_OF_ERA - 1)) / YEARS_OF_ERA;
    int year_of_era = y - era * YEARS_OF_ERA;
    int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_OF_ERA + day_of_era - EPOCH;
}

void pl_day_to_ymd(PlDay day, int *year, int *month, int *mday) {
    gint64 z = (gint64)day + EPOCH;
    gint64 era = (z >= 0 ? z : z - (DAYS_OF_ERA - 1)) / DAYS_OF_ERA;
    int day_of_era = (int)(z - era * DAYS_OF_ERA);
    int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted = (5 * day_of_year + 2) / 153;
    *mday = day_of_year - (153 * shifted + 2) / 5 + 1;
    *month = shifted < 10 ? shifted + 3 : shifted - 9;
    *year = (int)(year_of_era + era * YEARS_OF_ERA) + (*month <= 2);
}

PlDay pl_day_months_later(PlDay day, int months) {
    enum { MONTHS = 12 };
    int year, month, mday;
    pl_day_to_ymd(day, &year, &month, &mday);
    int to = year * MONTHS + month - 1 + months, next = to + 1;
    return MIN(pl_day_from_ymd(to / MONTHS, to % MONTHS + 1, 1) + mday - 1,
               pl_day_from_ymd(next / MONTHS, next % MONTHS + 1, 1) - 1);
}

static int month_length(int year, int month) {
    static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    gboolean leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return length[month - 1] + (month == 2 && leap);
}

static gboolean day_from_parts(int year, int month, int mday, PlDay *day) {
    if (year < 1 || month < 1 || month > 12 || mday < 1 || mday > month_length(year, month))
        return FALSE;
    *day = pl_day_from_ymd(year, month, mday);
    return TRUE;
}

/* Between `min` and `max` digits at `*at`, as many as there are. */
static gboolean read_digits(const char **at, const char *end, int min, int max, int *value) {
    int n = 0, v = 0;
    for (; n < max && *at < end && g_ascii_isdigit(**at); n++, (*at)++)
        v = v * 10 + (**at - '0');
    *value = v;
    return n >= min;
}

gboolean pl_day_parse_iso(const char *text, gsize length, PlDay *day) {
    int year, month, mday;
    if (length != 10 || text[4] != '-' || text[7] != '-')
        return FALSE;
    const char *y = text, *m = text + 5, *d = text + 8, *end = text + 10;
    return read_digits(&y, end, 4, 4, &year) && read_digits(&m, end, 2, 2, &month) &&
           read_digits(&d, end, 2, 2, &mday) && day_from_parts(year, month, mday, day);
}

char *pl_day_format(PlDay day, PlTimeKind kind) {
    if (kind == PL_TIME_NUMBER)
        return g_strdup_printf("%d", day);
    int year, month, mday;
    pl_day_to_ymd(day, &year, &month, &mday);
    return g_strdup_printf("%04d-%02d-%02d", year, month, mday);
}

PlStep pl_step_named(const char *column) {
    static const struct {
        const char *word;
        PlStep step;
    } words[] = {{"week", PL_STEP_WEEK}, {"month", PL_STEP_MONTH}, {"day", PL_STEP_DAY}};
    g_autofree char *lower = g_ascii_strdown(column, -1);
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_str_has_prefix(lower, words[i].word))
            return words[i].step;
    return PL_STEP_NUMBER;
}

const char *pl_step_name(PlStep step, guint n) {
    static const char *const names[][2] = {
        [PL_STEP_DAY] = {"day", "days"},
        [PL_STEP_WEEK] = {"week", "weeks"},
        [PL_STEP_MONTH] = {"month", "months"},
        [PL_STEP_NUMBER] = {"interval", "intervals"},
    };
    return names[step][n != 1];
}

/* The last day of a month counts as one day of the month, whatever its number. */
static gboolean is_monthly(const PlDay *times, guint n) {
    gboolean same = TRUE, last = TRUE;
    int first_mday = 0;
    for (guint i = 0; i < n && (same || last); i++) {
        int year, month, mday;
        pl_day_to_ymd(times[i], &year, &month, &mday);
        first_mday = i == 0 ? mday : first_mday;
        same = same && mday == first_mday;
        last = last && mday == month_length(year, month);
    }
    return same || last;
}

PlStep pl_step_detect(const PlDay *times, guint n, PlTimeKind kind) {
    if (kind == PL_TIME_NUMBER)
        return PL_STEP_NUMBER;
    if (n < 2)
        return PL_STEP_DAY;
    if (is_monthly(times, n))
        return PL_STEP_MONTH;
    for (guint i = 1; i < n; i++)
        if (((gint64)times[i] - times[i - 1]) % 7 != 0)
            return PL_STEP_DAY;
    return PL_STEP_WEEK;
}

struct PlDateFormat {
    char *text;
    PlTimeKind kind;
    gboolean iso; /* %Y-%m-%d, which has a path of its own because it is read most */
};

static const char *const month_names[] = {"january",   "february", "march",    "april",
                                          "may",       "june",     "july",     "august",
                                          "september", "october",  "november", "december"};

/* A month by its full English name or its first three letters, any case; strptime does the same. */
static gboolean read_month(const char **at, const char *end, int *month) {
    gsize left = (gsize)(end - *at);
    for (int m = 0; m < 12; m++) {
        gsize full = strlen(month_names[m]);
        gsize n = left >= full && g_ascii_strncasecmp(*at, month_names[m], full) == 0 ? full : 3;
        if (left < n || g_ascii_strncasecmp(*at, month_names[m], n) != 0)
            continue;
        *at += n;
        *month = m + 1;
        return TRUE;
    }
    return FALSE;
}

typedef struct {
    int year, month, mday, day_of_year;
} DateParts;

static gboolean read_clock(const char **at, const char *end, int max) {
    int value;
    return read_digits(at, end, 1, 2, &value) && value <= max;
}

/* One conversion such as %m. Two-digit years are 1969 to 2068, as POSIX has it. */
static gboolean read_conversion(char conversion, const char **at, const char *end, DateParts *parts) {
    gboolean ok;
    switch (conversion) {
    case 'Y':
        return read_digits(at, end, 4, 4, &parts->year);
    case 'y':
        ok = read_digits(at, end, 2, 2, &parts->year);
        parts->year += parts->year < 69 ? 2000 : 1900;
        return ok;
    case 'm':
        return read_digits(at, end, 1, 2, &parts->month);
    case 'b':
    case 'B':
        return read_month(at, end, &parts->month);
    case 'e':
        if (*at < end && **at == ' ')
            (*at)++;
        return read_digits(at, end, 1, 2, &parts->mday);
    case 'd':
        return read_digits(at, end, 1, 2, &parts->mday);
    case 'j':
        return read_digits(at, end, 1, 3, &parts->day_of_year) && parts->day_of_year >= 1;
    case 'H':
        return read_clock(at, end, 23);
    case 'M':
        return read_clock(at, end, 59);
    case 'S':
        return read_clock(at, end, 60);
    default: /* %% */
        if (*at == end || **at != '%')
            return FALSE;
        (*at)++;
        return TRUE;
    }
}

/* A period number: all digits, with a sign or without. */
static gboolean read_number(const char *text, gsize length, PlDay *day) {
    const char *at = text, *end = text + length;
    gboolean negative = length > 0 && *at == '-';
    gint64 value = 0;
    at += length > 0 && (*at == '-' || *at == '+');
    if (at == end || end - at > 10)
        return FALSE;
    for (; at < end; at++) {
        if (!g_ascii_isdigit(*at))
            return FALSE;
        value = value * 10 + (*at - '0');
    }
    if (value > G_MAXINT32)
        return FALSE;
    *day = (PlDay)(negative ? -value : value);
    return TRUE;
}

static gboolean parse_conversions(const char *format, const char *text, gsize length, PlDay *day) {
    DateParts parts = {.month = 1, .mday = 1};
    const char *at = text, *end = text + length;
    for (const char *f = format; *f != '\0'; f++) {
        if (*f == '%') {
            if (!read_conversion(*++f, &at, end, &parts))
                return FALSE;
        } else if (at == end || *at++ != *f) {
            return FALSE;
        }
    }
    PlDay read;
    if (at != end || !day_from_parts(parts.year, parts.month, parts.mday, &read))
        return FALSE;
    if (parts.day_of_year > 337 + month_length(parts.year, 2))
        return FALSE;
    *day = parts.day_of_year > 0 ? read + parts.day_of_year - 1 : read;
    return TRUE;
}

/* NULL when the conversions name one day; a text that stands for its month is read as the month's
 * first day. */
static char *fault_of_format(const char *format) {
    guint years = 0, months = 0, days = 0, of_year = 0;
    for (const char *f = format; *f != '\0'; f++) {
        if (*f != '%')
            continue;
        if (*++f == '\0')
            return g_strdup("ends in a lone %");
        if (strchr("YmdybBjHMSe%", *f) == NULL)
            return g_strdup_printf(
                "%%%.*s is not known; use %%Y %%y %%m %%b %%B %%d %%e %%j %%H %%M %%S, or number",
                (int)(g_utf8_next_char(f) - f), f);
        years += *f == 'Y' || *f == 'y';
        months += *f == 'm' || *f == 'b' || *f == 'B';
        days += *f == 'd' || *f == 'e';
        of_year += *f == 'j';
    }
    if (strchr(format, '%') == NULL && g_ascii_strcasecmp(format, "dd.mm.yyyy") == 0)
        return g_strdup("is written \"%d.%m.%Y\" here");
    if (strchr(format, '%') == NULL)
        return g_strdup("has no %: day is %d, month %m, year %Y, so 31.12.2024 is \"%d.%m.%Y\"");
    if (years != 1)
        return g_strdup(years == 0 ? "has no year (%Y or %y)" : "has more than one year");
    if (months > 1 || days > 1 || of_year > 1)
        return g_strdup("has a month or a day twice");
    if (of_year == 1 ? months + days > 0 : months == 0)
        return g_strdup(of_year == 1 ? "has %j and also a month or a day"
                                     : "has no month (%m, %b or %B) and no %j; for years alone use number");
    return NULL;
}

/* `reason` (may be NULL) says what is wrong with a format that is not accepted. */
PlDateFormat *pl_date_format_new(const char *format, char **reason) {
    gboolean number = strcmp(format, "number") == 0;
    g_autofree char *fault = number ? NULL : fault_of_format(format);
    if (fault != NULL) {
        if (reason != NULL)
            *reason = g_steal_pointer(&fault);
        return NULL;
    }
    PlDateFormat *f = g_new0(PlDateFormat, 1);
    f->text = g_strdup(format);
    f->kind = number ? PL_TIME_NUMBER : PL_TIME_DATE;
    f->iso = strcmp(format, "%Y-%m-%d") == 0;
    return f;
}

void pl_date_format_free(PlDateFormat *format) {
    if (format == NULL)
        return;
    g_free(format->text);
    g_free(format);
}

PlTimeKind pl_date_format_kind(const PlDateFormat *format) {
    return format->kind;
}

/* FALSE when `text` is not wholly a possible date of the format; %Y takes four digits, %y two, month
 * and day one or two, literals (blanks too) themselves. Hours, minutes and seconds are read over. */
gboolean pl_date_format_parse(const PlDateFormat *format, const char *text, gsize length, PlDay *day) {
    if (format->iso)
        return pl_day_parse_iso(text, length, day);
    if (format->kind == PL_TIME_NUMBER)
        return read_number(text, length, day);
    return parse_conversions(format->text, text, length, day);
}

const char *pl_date_format_guess(const char *text, gsize length) {
    static const char *const usual[] = {
        "%Y-%m-%d",          "%Y/%m/%d",       "%Y.%m.%d",       "%Y%m%d",         "%d.%m.%Y",
        "%d/%m/%Y",          "%m/%d/%Y",       "%d-%m-%Y",       "%m-%d-%Y",       "%d.%m.%y",
        "%d/%m/%y",          "%m/%d/%y",       "%d %b %Y",       "%d-%b-%Y",       "%d-%b-%y",
        "%b %d, %Y",         "%Y-%m",          "%m/%Y",          "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M", "%m/%d/%Y %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%SZ"};
    PlDay day;
    for (gsize i = 0; i < G_N_ELEMENTS(usual); i++)
        if (parse_conversions(usual[i], text, length, &day))
            return usual[i];
    return read_number(text, length, &day) ? "number" : NULL;
}
