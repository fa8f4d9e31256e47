/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "real.h"

#include "pairlift/cli/levels.h"
#include "pairlift/io/frame.h"

#include <string.h>

Real real_sets[REAL_SETS] = {
    {.name = "orange juice, 83 supermarkets by week",
     .file = "bayesm_orangejuice/oj_yx.csv",
     .unit = "store",
     .time = "week",
     .value = "logmove",
     .is_log = TRUE,
     .before = 12,
     .during = 4},
    {.name = "40 cities by day, before their test",
     .file = "geolift/GeoLift_Test.csv",
     .unit = "location",
     .time = "date",
     .value = "Y",
     .until = "2021-04-01",
     .before = 28,
     .during = 14},
    {.name = "geos of a published design example by day",
     .file = "trimmed_match/example_data_for_design.csv",
     .unit = "geo",
     .time = "date",
     .value = "response",
     .before = 28,
     .during = 14},
};

static void fill(Real *real, const PlFrame *frame, const PlLevels *times) {
    const PlFrameColumn *unit = &frame->columns[0], *time = &frame->columns[1];
    const double *value = frame->columns[2].values;
    real->n_units = unit->names->n;
    real->n_times = 0;
    while (real->n_times < times->n &&
           (!real->until || strcmp(times->labels[real->n_times], real->until) < 0))
        real->n_times++;
    real->matrix = g_new0(double, real->n_units * real->n_times);
    for (guint r = 0; r < frame->n_rows; r++) {
        size_t t = times->place[time->ids[r]];
        if (t < real->n_times)
            real->matrix[unit->ids[r] * real->n_times + t] += real->is_log ? exp(value[r]) : value[r];
    }
    for (size_t i = 0; i < real->n_units * real->n_times; i++)
        real->matrix[i] = real->matrix[i] > 0 ? log(real->matrix[i]) : NAN;
}

void real_load(void) {
    const char *shared = g_getenv("PAIRLIFT_SHARED");
    PlCsvOptions csv = {',', '.'};
    for (size_t i = 0; i < REAL_SETS; i++) {
        Real *real = &real_sets[i];
        const PlFrameWish wishes[] = {
            {real->unit, PL_FRAME_LEVELS}, {real->time, PL_FRAME_LEVELS}, {real->value, PL_FRAME_NUMBERS}};
        g_autofree char *path = g_build_filename(shared ? shared : "../shared", "data", real->file, NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(PlFrame) frame = pl_frame_read(path, wishes, 3, &csv, &error);
        if (!frame) {
            fprintf(stderr, "calibrate: without %s: %s\n", real->name, error->message);
            continue;
        }
        g_autoptr(PlLevels) times = pl_levels_sort(frame->columns[1].names, '.');
        fill(real, frame, times);
    }
}
