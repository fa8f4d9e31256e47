/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/kpi/volume.h"

void pl_kpi_sales_volume(const PlKpiRun *run) {
    g_autoptr(PlVolume) volume = pl_volume_new(run);
    if (volume == NULL)
        return;
    pl_volume_headline(volume);
    pl_volume_places(volume);
    pl_volume_stores(volume);
    pl_volume_mix(volume);
}
