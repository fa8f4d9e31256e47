/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/model/error.h"

static const int exit_status[] = {
    [PL_ERROR_USAGE] = 2,
    [PL_ERROR_DEFINITION] = 3,
    [PL_ERROR_DATA] = 4,
    [PL_ERROR_SYSTEM] = 5,
};

/* The domain of every error that pairlift itself makes. */
GQuark pl_error_quark(void) {
    return g_quark_from_static_string("pl-error-quark");
}

int pl_error_exit_status(const GError *error) {
    gboolean ours =
        error->domain == PL_ERROR && error->code >= 0 && error->code < (int)G_N_ELEMENTS(exit_status);
    return ours ? exit_status[error->code] : exit_status[PL_ERROR_SYSTEM];
}
