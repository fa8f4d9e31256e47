/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/report/chart_draft.h"
#include "pairlift/report/waterfall.h"
#include "pairlift/report/words.h"

enum { MOST_BARS = 6 };

static gboolean is_of(const PlFinding *f, const char *treatment) {
    return treatment == NULL || g_strcmp0(f->treatment, treatment) == 0;
}

/* The bars from the total without the promotion to that with it; 0: one is not known. */
static guint collect(const PlSection *section, const char *treatment, PlBar bars[MOST_BARS]) {
    guint n = 0;
    for (guint i = 0; i < section->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(section->findings, i);
        if (!is_of(f, treatment) || !g_str_has_prefix(f->measure, "amount_") ||
            g_str_equal(f->measure, "amount_gained"))
            continue;
        if (!isfinite(f->value) || n == MOST_BARS)
            return 0;
        gboolean total = g_str_equal(f->measure, "amount_without") || g_str_equal(f->measure, "amount_with");
        bars[n++] = (PlBar){total ? PL_BAR_TOTAL : PL_BAR_STEP, f};
    }
    return n;
}

/* The lift of the whole comes first. */
static const PlFinding *whole_of(const PlSection *section, const char *treatment) {
    for (guint i = 0; i < section->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(section->findings, i);
        if (is_of(f, treatment) && g_str_has_prefix(f->measure, "lift_"))
            return f;
    }
    return NULL;
}

static char *lower(const char *label) {
    char *words = g_strdup(label);
    words[0] = g_ascii_tolower(words[0]);
    return words;
}

static gboolean is_open(const PlFinding *f) {
    return !(f->conf_low > 0) && !(f->conf_high < 0);
}

/* "Revenue +24 %: items sold +34 %, price an item -7 %". */
static char *finding(const PlSection *section, const char *treatment) {
    const PlFinding *whole = whole_of(section, treatment);
    GString *text = g_string_new(NULL);
    for (guint i = 0, n = 0; i < section->findings->len; i++) {
        const PlFinding *f = g_ptr_array_index(section->findings, i);
        if (!is_of(f, treatment) || !g_str_has_prefix(f->measure, "lift_"))
            continue;
        g_autofree char *value = pl_words_finding_value(f), *words = lower(f->label);
        if (f == whole && is_open(f))
            g_string_append_printf(text, "Cannot tell whether %s changed", words);
        else
            g_string_append_printf(text, "%s%s %s",
                                   f == whole ? ""
                                   : n == 1   ? ": "
                                              : ", ",
                                   f == whole ? f->label : words, value);
        n++;
    }
    return g_string_free(text, FALSE);
}

/* The change of revenue from the total without the promotion, part by part, to that with it. */
gboolean pl_chart_decomposition(const PlResult *result, const char *treatment, PlChartDraft *draft) {
    const PlSection *section = pl_result_section(result, "decomposition");
    PlBar bars[MOST_BARS];
    guint n = section ? collect(section, treatment, bars) : 0;
    if (n < 3)
        return FALSE;
    const PlFinding *last = bars[n - 1].finding, *whole = whole_of(section, treatment);
    g_autofree char *title = finding(section, treatment), *words = lower(whole->label);
    g_autofree char *axis = g_strdup_printf("%s of the test stores in the promotion%s%s", whole->label,
                                            last->unit ? ", " : "", last->unit ? last->unit : "");
    g_autofree char *level = pl_format_amount_size(bars[0].finding->conf_level, NAN, PL_AMOUNT_SHARE, NULL);
    g_autofree char *subtitle =
        g_strdup_printf("From what %s would have been to what it was; lines: %s intervals", words, level);
    pl_chart_draft_titles(draft, title, subtitle);
    pl_chart_waterfall(draft, bars, n, axis);
    draft->alt = pl_chart_waterfall_alt(title, bars, n);
    return TRUE;
}
