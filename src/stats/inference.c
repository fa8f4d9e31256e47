/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/stats/inference.h"

static const char *const texts[] = {
    [PL_OK] = "done",
    [PL_TOO_FEW] = "there are fewer observations than the method needs",
    [PL_NO_VARIANCE] = "all observations are equal, so there is no spread to compare the effect with",
    [PL_NOT_FINITE] = "a value is not a finite number, or too large to be summed",
    [PL_BAD_ARGUMENT] = "an option is outside its range",
    [PL_NO_CONVERGENCE] = "the calculation did not converge",
    [PL_ALL_ZERO] = "every difference is zero, so there is nothing to rank",
};

const char *pl_status_text(PlStatus status) {
    size_t index = (size_t)status;
    return index < sizeof texts / sizeof *texts ? texts[index] : "unknown status";
}
