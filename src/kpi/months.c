/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/months.h"

enum { MONTHS = 12 };

/* The day `months` after `from`, on its date, or the last day of a shorter month. */
static PlDay months_later(PlDay from, int months) {
    int year, month, mday;
    pl_day_to_ymd(from, &year, &month, &mday);
    int count = year * MONTHS + month - 1 + months, next = count + 1;
    PlDay begin = pl_day_from_ymd(count / MONTHS, count % MONTHS + 1, 1),
          end = pl_day_from_ymd(next / MONTHS, next % MONTHS + 1, 1);
    return begin + mday - 1 < end ? begin + mday - 1 : end - 1;
}

double pl_months_between(PlDay from, PlDay to) {
    int year, month, mday, last_year, last_month, last_mday;
    pl_day_to_ymd(from, &year, &month, &mday);
    pl_day_to_ymd(to, &last_year, &last_month, &last_mday);
    int whole = (last_year - year) * MONTHS + last_month - month;
    if (months_later(from, whole) > to)
        whole--;
    PlDay begin = months_later(from, whole), end = months_later(from, whole + 1);
    return whole + (double)(to - begin) / (end - begin);
}
