/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "pairlift/model/numbers.h"
#include "pairlift/report/chart_text.h"
#include "pairlift/report/kpi_charts.h"

enum { PANELS_MOST = 6, NAME_COLUMNS = 24, LABEL_COLUMNS = 60 };

/* Own price and the competitors' of a product. */
typedef struct {
    const PlCurve *own, *other;
    double least, most;
} Panel;

static void widen(Panel *p, const PlCurve *c) {
    for (guint i = 0; i < c->n; i++) {
        if (!isfinite(c->y[i]))
            continue;
        p->least = MIN(p->least, c->y[i]);
        p->most = MAX(p->most, c->y[i]);
    }
}

static const PlCurve *other_of(const PlSection *s, const PlCurve *own) {
    for (guint i = 0; i < s->curves->len; i++) {
        const PlCurve *c = g_ptr_array_index(s->curves, i);
        if (g_strcmp0(c->name, "competitor_price") == 0 && g_strcmp0(c->group, own->group) == 0)
            return c;
    }
    return NULL;
}

static guint collect(const PlSection *s, Panel panels[PANELS_MOST], guint *left_out) {
    guint n = 0;
    for (guint i = 0; i < s->curves->len; i++) {
        const PlCurve *c = g_ptr_array_index(s->curves, i);
        if (g_strcmp0(c->name, "own_price") != 0 || c->n < 2)
            continue;
        Panel p = {c, other_of(s, c), INFINITY, -INFINITY};
        widen(&p, c);
        if (p.other != NULL)
            widen(&p, p.other);
        if (!(p.most >= p.least))
            continue;
        if (n < PANELS_MOST)
            panels[n++] = p;
        else
            ++*left_out;
    }
    return n;
}

static double last_of(const PlCurve *c) {
    for (guint i = c != NULL ? c->n : 0; i-- > 0;)
        if (isfinite(c->y[i]))
            return c->y[i];
    return NAN;
}

/* Own (1) and competitors' (2) line of a panel, as shares of its room. */
static void add_line(PlChartDraft *draft, const Panel *p, guint panel, guint kind) {
    const PlCurve *c = kind == 1 ? p->own : p->other;
    for (guint i = 0; c != NULL && i < c->n; i++) {
        double height = p->most > p->least ? (c->y[i] - p->least) / (p->most - p->least) : 0.5;
        pl_chart_add_number(draft->data, panel);
        pl_chart_add_number(draft->data, kind);
        pl_chart_add_number(draft->data, (double)i / (c->n - 1));
        pl_chart_add_number(draft->data, height);
        g_string_append_c(draft->data, '\n');
    }
}

static void set_panel(PlChartDraft *draft, const Panel *p, guint panel) {
    g_autofree char *name = pl_chart_label(p->own->group != NULL ? p->own->group : "All", NAME_COLUMNS),
                    *least = pl_format_number(p->least, 2), *most = pl_format_number(p->most, 2);
    const struct { const char *of, *text; } texts[] = {{"name", name}, {"least", least}, {"most", most}};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *variable = g_strdup_printf("%s_%u", texts[i].of, panel);
        pl_chart_set_text(draft->variables, variable, texts[i].text);
    }
}

/* How many of the products now are dearer than at the competitors. */
static char *title_of(const Panel *panels, guint n) {
    guint dearer = 0, compared = 0;
    for (guint i = 0; i < n; i++) {
        double own = last_of(panels[i].own), other = last_of(panels[i].other);
        compared += isfinite(own) && isfinite(other);
        dearer += own > other;
    }
    return g_strdup_printf("%u of %u products are dearer than at the competitors at the end", dearer,
                           compared);
}

static char *alt_of(const Panel *panels, guint n, const char *title) {
    GString *s = g_string_new("Lines of own and competitors' prices, a panel a product. ");
    g_string_append_printf(s, "%s.", title);
    for (guint i = 0; i < n; i++) {
        g_autofree char *own = pl_format_number(last_of(panels[i].own), 2),
                        *other = pl_format_number(last_of(panels[i].other), 2);
        g_string_append_printf(s, " %s: own %s, competitors %s.",
                               panels[i].own->group != NULL ? panels[i].own->group : "All", own, other);
    }
    return g_string_free(s, FALSE);
}

gboolean pl_chart_prices(const PlSection *section, PlChartDraft *draft) {
    Panel panels[PANELS_MOST];
    guint left_out = 0, n = collect(section, panels, &left_out);
    gboolean others = FALSE;
    for (guint i = 0; i < n; i++)
        others = others || panels[i].other != NULL;
    if (!others)
        return FALSE;
    const PlCurve *c = panels[0].own;
    gboolean names = c->x_names != NULL;
    g_autofree char *words = c->title != NULL ? g_strdup(c->title) : title_of(panels, n),
                    *title = pl_kpi_begin(words), *label = pl_chart_label(c->y_label, LABEL_COLUMNS),
                    *more =
                        left_out > 0 ? g_strdup_printf("; %u more in result.json", left_out) : g_strdup(""),
                    *subtitle = g_strdup_printf("%s, %s%s%s%s; each panel has a scale of its own%s",
                                                section->title, label, names ? ", " : "",
                                                names ? c->x_names[0] : "", names ? " on" : "", more);
    pl_chart_draft_titles(draft, title, subtitle);
    pl_chart_set_count(draft->variables, "panels", n);
    g_string_append(draft->data, "panel\tkind\tx\ty\n");
    for (guint i = 0; i < n; i++) {
        set_panel(draft, &panels[i], i + 1);
        add_line(draft, &panels[i], i + 1, 1);
        add_line(draft, &panels[i], i + 1, 2);
    }
    draft->alt = alt_of(panels, n, draft->title);
    return TRUE;
}
