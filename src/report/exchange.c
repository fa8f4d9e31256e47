/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/report/exchange.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>

#include "pairlift/report/manifest.h"

gboolean pl_exchange_refused(const char *place, GError **error) {
    g_set_error(
        error, PL_ERROR, PL_ERROR_USAGE,
        "%s: error: exists and is not a report folder; it would be replaced\n  hint: choose another --out",
        place);
    return FALSE;
}

static gboolean system_error(GError **error, const char *place) {
    g_set_error(error, PL_ERROR, PL_ERROR_SYSTEM, "%s: error: cannot put the report here: %s", place,
                g_strerror(errno));
    return FALSE;
}

/* Where nothing stands, or an empty folder; rename(2) refuses any other. */
static gboolean move_in(const char *fresh, const char *place, GError **error) {
    return g_rename(fresh, place) == 0 || system_error(error, place);
}

gboolean pl_exchange_in_two_steps(const char *fresh, const char *place, GError **error) {
    g_autofree char *aside = g_strconcat(fresh, PL_EXCHANGE_ASIDE, NULL);
    if (g_rename(place, aside) != 0)
        return errno == ENOENT ? move_in(fresh, place, error) : system_error(error, place);
    gboolean ok =
        pl_manifest_replaceable(aside) ? move_in(fresh, place, error) : pl_exchange_refused(place, error);
    if (ok)
        pl_manifest_discard(aside);
    else
        g_rename(aside, place);
    return ok;
}

static gboolean exchange(const char *a, const char *b) {
    return renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) == 0;
}

gboolean pl_exchange(const char *fresh, const char *place, GError **error) {
    if (!exchange(fresh, place))
        return errno == ENOENT ? move_in(fresh, place, error) : pl_exchange_in_two_steps(fresh, place, error);
    if (pl_manifest_replaceable(fresh)) {
        pl_manifest_discard(fresh);
        return TRUE;
    }
    if (!exchange(fresh, place))
        return system_error(error, fresh); /* names where the other folder is now */
    return pl_exchange_refused(place, error);
}
