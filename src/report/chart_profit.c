/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/report/chart_draft.h"
#include "pairlift/report/chart_text.h"
#include "pairlift/report/waterfall.h"

enum { MOST_BARS = 12, NAME_COLUMNS = 30 };

/* The steps and the net profit; 0: one is not known. */
static guint collect(const PlSection *section, const char *treatment, PlBar bars[MOST_BARS]) {
    guint n = 0;
    for (guint i = 0; i < section->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(section->findings, i);
        gboolean net = g_str_equal(f->measure, "net_profit");
        if ((treatment != NULL && g_strcmp0(f->treatment, treatment) != 0) ||
            (!net && !g_str_has_prefix(f->measure, "bar_")))
            continue;
        if (!isfinite(f->value) || n == MOST_BARS)
            return 0;
        bars[n++] = (PlBar){net ? PL_BAR_TOTAL : PL_BAR_STEP, f};
        if (net)
            return n;
    }
    return 0;
}

/* "deal paid: net profit +1,234 USD", "Cannot tell whether deal paid". */
static char *finding(const PlFinding *net) {
    g_autofree char *name = pl_chart_label(net->treatment, NAME_COLUMNS);
    double half = (net->conf_high - net->conf_low) / 2;
    g_autofree char *sum = pl_format_amount(net->value, half, net->amount, net->unit);
    if (isnan(net->conf_low) && isnan(net->conf_high))
        return g_strdup_printf("Net profit of %s %s, how sure is unknown", name, sum);
    if (net->conf_low > 0)
        return g_strdup_printf("%s paid: net profit %s", name, sum);
    if (net->conf_high < 0)
        return g_strdup_printf("%s lost money: net profit %s", name, sum);
    return g_strdup_printf("Cannot tell whether %s paid: net profit %s", name, sum);
}

/* What was earned and what it cost, bar by bar, down to the net profit. */
gboolean pl_chart_profit(const PlResult *result, const char *treatment, PlChartDraft *draft) {
    const PlSection *section = pl_result_section(result, "economics");
    PlBar bars[MOST_BARS];
    guint n = section ? collect(section, treatment, bars) : 0;
    if (n < 2)
        return FALSE;
    const PlFinding *net = bars[n - 1].finding;
    g_autofree char *title = finding(net);
    g_autofree char *axis =
        g_strdup_printf("Profit of the test stores%s%s", net->unit ? ", " : "", net->unit ? net->unit : "");
    g_autofree char *level = pl_format_amount_size(net->conf_level, NAN, PL_AMOUNT_SHARE, NULL);
    g_autofree char *subtitle = isnan(net->conf_level)
                                    ? g_strdup("Against what the stores would have earned without it")
                                    : g_strdup_printf("Against what the stores would have earned without it; "
                                                      "lines: %s intervals",
                                                      level);
    pl_chart_draft_titles(draft, title, subtitle);
    pl_chart_waterfall(draft, bars, n, axis);
    draft->alt = pl_chart_waterfall_alt(title, bars, n);
    return TRUE;
}
