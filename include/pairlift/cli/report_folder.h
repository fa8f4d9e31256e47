/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include "pairlift/cli/options.h"
#include "pairlift/model/definition.h"
#include "pairlift/model/result.h"
#include "pairlift/report/folder.h"

/* What the verbs that write a report share: the folder, its files in the formats asked for, the charts, and
 * the summary on standard output. */
typedef struct {
    char *path;       /* as the summary names it */
    PlFolder *folder; /* NULL: none is written. --json alone is for scripts: the result on standard output and
                         nothing else anywhere */
} PlReportFolder;

/* Before the work, so that a folder that cannot be written is said at once. Errors are those of
 * pl_folder_new. */
gboolean pl_report_folder_begin(const PlDefinition *definition, const PlOptions *options,
                                PlReportFolder *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes everything and prints the summary. PL_ERROR_SYSTEM: the disk, gnuplot, standard output. */
gboolean pl_report_folder_finish(PlReportFolder *report, const PlOptions *options, PlResult *result,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void pl_report_folder_clear(PlReportFolder *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PlReportFolder, pl_report_folder_clear)
