/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/months.h"

enum { MONTHS = 12 };

double pl_months_between(PlDay from, PlDay to) {
    int year, month, mday, last_year, last_month, last_mday;
    pl_day_to_ymd(from, &year, &month, &mday);
    pl_day_to_ymd(to, &last_year, &last_month, &last_mday);
    int whole = (last_year - year) * MONTHS + last_month - month;
    if (pl_day_months_later(from, whole) > to)
        whole--;
    PlDay begin = pl_day_months_later(from, whole), end = pl_day_months_later(from, whole + 1);
    return whole + (double)(to - begin) / (end - begin);
}
