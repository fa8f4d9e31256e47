/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* The kinds of failure. One list (src/model/error.c) holds code, name and exit status. */
typedef enum {
    PL_ERROR_USAGE,      /* the command line; exit status 2 */
    PL_ERROR_DEFINITION, /* the definition file; 3 */
    PL_ERROR_DATA,       /* the tables; 4 */
    PL_ERROR_SYSTEM,     /* disk, memory, gnuplot, database; 5 */
} PlErrorCode;

#define PL_ERROR pl_error_quark()
GQuark pl_error_quark(void);

/* Exit status for an error; 5 for one of another domain (GLib's own are file and spawn errors). */
int pl_error_exit_status(const GError *error);

/* Every one-line error of pairlift reads "PLACE: error: WHAT", where PLACE is file[:line[:column]]. */
