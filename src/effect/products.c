/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/effect/products.h"

#include <math.h>

#include "pairlift/effect/drawn_words.h"
#include "pairlift/effect/item_effects.h"
#include "pairlift/effect/totals.h"
#include "pairlift/model/numbers.h"

/* Items whose changes have intervals of their own, the largest ones, and items that a sentence names. */
enum { WITH_INTERVALS = 40, NAMED = 4 };

/* What one treatment did to all items. */
typedef struct {
    PlItemScope *scope;
    gboolean *promoted;
    guint n_promoted, n_others;
    PlItemEffect *items;       /* [n_items], the promoted first, then the largest change */
    PlItemEffect rest;         /* all others together */
    double *gain[2], *loss[2]; /* draws of the promoted and of the others, by measure; NULL: none */
} Moved;

typedef struct {
    const PlStudy *study;
    const PlBreakdown *breakdown;
    PlSection *section;
    double level;
    const char *one, *many; /* "product", "products" */
    const char *unit[2];    /* of units and of revenue; NULL: not told */
} Report;

static const char *const measure_names[] = {"units", "revenue"};
static const PlAmount amounts[] = {PL_AMOUNT_UNITS, PL_AMOUNT_MONEY};

static void moved_free(Moved *m) {
    for (guint i = 0; i < m->scope->breakdown->n_items; i++)
        g_free(m->items[i].reason);
    for (guint k = 0; k < 2; k++) {
        g_free(m->gain[k]);
        g_free(m->loss[k]);
    }
    g_free(m->rest.reason);
    g_free(m->items);
    g_free(m->promoted);
    pl_item_scope_free(m->scope);
    g_free(m);
}

static double size_of(const PlItemEffect *e) {
    double change = isnan(e->change[PL_ITEM_REVENUE]) ? e->change[PL_ITEM_UNITS] : e->change[PL_ITEM_REVENUE];
    return isnan(change) ? -1 : fabs(change);
}

static int by_size(gconstpointer a, gconstpointer b) {
    const PlItemEffect *x = a, *y = b;
    if (!x->promoted != !y->promoted)
        return x->promoted ? -1 : 1;
    double d = size_of(y) - size_of(x);
    return d > 0 ? 1 : d < 0 ? -1 : x->item < y->item ? -1 : x->item > y->item;
}

static double *draws_of(Moved *m, gboolean promoted, PlItemMeasure measure) {
    double *change = g_new(double, pl_draws_n(m->scope->draws) + 1);
    if (pl_items_draws(m->scope, m->promoted, promoted, measure, change))
        return change;
    g_free(change);
    return NULL;
}

static Moved *moved_new(const PlStudy *study, const PlArm *arm, const PlResult *result) {
    const PlBreakdown *b = study->tables->breakdown;
    Moved *m = g_new0(Moved, 1);
    m->scope = pl_item_scope_new(study, arm, result);
    m->promoted = pl_promoted_items(study, arm);
    m->items = g_new0(PlItemEffect, b->n_items + 1);
    for (guint i = 0; i < b->n_items; i++) {
        pl_item_effect(m->scope, i, &m->items[i]);
        m->items[i].promoted = m->promoted[i];
        m->n_promoted += m->promoted[i] ? 1 : 0;
    }
    m->n_others = b->n_items - m->n_promoted;
    pl_item_effects_adjust(m->items, b->n_items, (PlAdjust)study->def->analysis.adjust);
    qsort(m->items, b->n_items, sizeof *m->items, by_size);
    for (guint i = 0; i < MIN(b->n_items, WITH_INTERVALS); i++)
        pl_item_intervals(m->scope, &m->items[i]);
    pl_items_effect(m->scope, m->promoted, FALSE, &m->rest);
    for (guint k = 0; k < 2; k++) {
        m->gain[k] = m->n_promoted > 0 ? draws_of(m, TRUE, (PlItemMeasure)k) : NULL;
        m->loss[k] = m->n_others > 0 ? draws_of(m, FALSE, (PlItemMeasure)k) : NULL;
    }
    return m;
}

static PlFinding *add(const Report *r, const Moved *m, const char *kind, guint measure, char *label) {
    g_autofree char *name = g_strconcat(kind, "_", measure_names[measure], NULL);
    PlFinding *f = pl_section_add(r->section, m->scope->arm->treatment->name, name, label, amounts[measure]);
    f->period = g_strdup("during");
    f->unit = g_strdup(r->unit[measure]);
    f->n = pl_draws_units(m->scope->draws);
    g_free(label);
    return f;
}

static void set_drawn(const Report *r, const Moved *m, PlFinding *f, const double *draws) {
    pl_drawn_put(f, m->scope->draws, draws, r->level);
    if (f->conf_low > 0)
        f->verdict = g_strdup("gained");
    else if (f->conf_high < 0)
        f->verdict = g_strdup("lost");
}

/* The loss of the others over the gain of the promoted. A gain that may be none has no share. */
static void add_share(const Report *r, const Moved *m, guint measure) {
    guint n = pl_draws_n(m->scope->draws);
    g_autofree double *loss = g_new(double, n + 1);
    PlFinding *f = add(r, m, "cannibalised_share", measure,
                       g_strdup_printf("Share taken from the others, %s", measure_names[measure]));
    f->amount = PL_AMOUNT_SHARE;
    g_clear_pointer(&f->unit, g_free);
    PlDrawn gain = pl_draws_interval(m->scope->draws, m->gain[measure], r->level);
    if (isnan(gain.low)) {
        f->reason = g_strdup(pl_drawn_no_interval(m->scope->draws));
        return;
    }
    if (!(gain.low > 0)) {
        f->reason =
            g_strdup("what the promoted ones gained cannot be told from nothing, so a share of it has "
                     "no meaning");
        return;
    }
    for (guint k = 0; k <= n; k++)
        loss[k] = -m->loss[measure][k];
    pl_drawn_put_ratio(f, m->scope->draws, loss, m->gain[measure], r->level);
}

static void add_totals(const Report *r, const Moved *m) {
    guint n = pl_draws_n(m->scope->draws);
    g_autofree double *net = g_new(double, n + 1);
    for (guint i = 2; i-- > 0;) {
        const char *what = measure_names[i];
        if (m->gain[i] != NULL)
            set_drawn(r, m, add(r, m, "promoted", i, g_strdup_printf("Promoted %s, %s", r->many, what)),
                      m->gain[i]);
        if (m->loss[i] != NULL)
            set_drawn(r, m,
                      add(r, m, m->n_promoted > 0 ? "others" : "all", i,
                          g_strdup_printf("All %s %s together, %s", m->n_promoted > 0 ? "other" : "the",
                                          r->many, what)),
                      m->loss[i]);
        if (m->gain[i] == NULL || m->loss[i] == NULL)
            continue;
        for (guint k = 0; k <= n; k++)
            net[k] = m->gain[i][k] + m->loss[i][k];
        set_drawn(r, m, add(r, m, "net", i, g_strdup_printf("Net of both, %s", what)), net);
        add_share(r, m, i);
    }
}

static void set_lift(const Report *r, PlFinding *f, const PlItemEffect *e) {
    f->value = e->lift;
    f->conf_low = e->low;
    f->conf_high = e->high;
    f->conf_level = r->level;
    f->p_value = e->p;
    f->p_adjusted = e->p_adjusted;
    f->n = e->n;
    f->reason = g_strdup(e->reason);
    f->period = g_strdup("during");
}

static const char *item_verdict(const Report *r, const PlItemEffect *e) {
    if (e->promoted)
        return "promoted";
    if (!(e->p_adjusted <= 1 - r->level))
        return NULL;
    return e->lift > 0 ? "gained" : "lost";
}

static const char *item_name(const Report *r, guint item) {
    return r->breakdown->items[item];
}

static void add_lifts(const Report *r, const Moved *m) {
    const char *treatment = m->scope->arm->treatment->name;
    if (m->n_promoted > 0 && m->n_others > 0) {
        g_autofree char *label = g_strdup_printf("Lift of all other %s together", r->many);
        PlFinding *f = pl_section_add(r->section, treatment, "others_lift", label, PL_AMOUNT_LIFT);
        set_lift(r, f, &m->rest);
        f->p_adjusted = f->p_value;
    }
    for (guint i = 0; i < r->breakdown->n_items; i++) {
        const PlItemEffect *e = &m->items[i];
        PlFinding *f =
            pl_section_add(r->section, treatment, "item_lift",
                           r->breakdown->has_units ? "Lift in units" : "Lift in revenue", PL_AMOUNT_LIFT);
        f->group = g_strdup(item_name(r, e->item));
        set_lift(r, f, e);
        f->verdict = g_strdup(item_verdict(r, e));
    }
}

static void add_changes(const Report *r, const Moved *m) {
    static const char *const labels[] = {"Change in units", "Change in revenue"};
    for (guint k = 2; k-- > 0;)
        for (guint i = 0; i < r->breakdown->n_items; i++) {
            const PlItemEffect *e = &m->items[i];
            if (isnan(e->change[k]))
                continue;
            PlFinding *f = add(r, m, "item", k, g_strdup(labels[k]));
            f->group = g_strdup(item_name(r, e->item));
            f->value = e->change[k];
            f->conf_low = pl_or_nan(e->change_low[k]);
            f->conf_high = pl_or_nan(e->change_high[k]);
            f->std_error = pl_or_nan(e->change_error[k]);
            f->conf_level = r->level;
            if (isnan(f->conf_low) && isnan(f->conf_high))
                f->reason = g_strdup(i >= WITH_INTERVALS ? "only the 40 largest changes have an interval"
                                                         : pl_drawn_no_interval(m->scope->draws));
        }
}

/* "gained 1,200 USD (95 % interval 800 to 1,600 USD)" */
static char *moved_words(const Report *r, const Moved *m, const double *draws, guint measure) {
    PlDrawn drawn = pl_draws_interval(m->scope->draws, draws, r->level);
    return pl_drawn_words(&drawn, r->level, amounts[measure], r->unit[measure],
                          &(PlDirection){"lost", "gained", TRUE});
}

static void append_share(const Report *r, const Moved *m, guint measure, GString *text) {
    g_autofree char *name = g_strconcat("cannibalised_share_", measure_names[measure], NULL);
    const PlFinding *f = pl_section_find(r->section, m->scope->arm->treatment->name, name);
    PlDrawn loss = pl_draws_interval(m->scope->draws, m->loss[measure], r->level);
    if (f == NULL || isnan(f->value) || isnan(f->conf_low))
        return;
    g_autofree char *share =
        pl_format_amount_size(fabs(f->value), (f->conf_high - f->conf_low) / 2, PL_AMOUNT_SHARE, NULL);
    double least = loss.low > 0 ? -f->conf_high : f->conf_low,
           most = loss.low > 0 ? -f->conf_low : f->conf_high;
    g_autofree char *interval = pl_format_amount_interval(least, most, PL_AMOUNT_SHARE, NULL);
    if (loss.high < 0 && f->value > 1)
        g_string_append_printf(text, " That is more than the gain: %s of it (%s).", share, interval);
    else if (loss.high < 0)
        g_string_append_printf(text, " They lost %s of the gain (%s): cannibalisation.", share, interval);
    else if (loss.low > 0)
        g_string_append_printf(text, " They gained with it: a halo of %s of the gain (%s).", share, interval);
    else
        g_string_append(text, " Whether it took from them or helped them cannot be told.");
}

/* The items that moved even after the adjustment. */
static void append_items(const Report *r, const Moved *m, GString *text) {
    guint tested = 0, found = 0;
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < r->breakdown->n_items; i++) {
        const PlItemEffect *e = &m->items[i];
        if (e->promoted || isnan(e->p))
            continue;
        tested++;
        if (!(e->p_adjusted <= 1 - r->level) || ++found > NAMED)
            continue;
        g_autofree char *lift = pl_format_amount(e->lift, (e->high - e->low) / 2, PL_AMOUNT_LIFT, NULL);
        g_string_append_printf(names, "%s%.60s (%s)", names->len ? ", " : "", item_name(r, e->item), lift);
    }
    if (found > NAMED)
        g_string_append_printf(names, " and %u more", found - NAMED);
    if (found > 0)
        g_string_append_printf(text, " Of %u tested %s on %s own, these moved%s: %s.", tested,
                               tested == 1 ? r->one : r->many, tested == 1 ? "its" : "their",
                               tested > 1 ? " even after adjusting for so many tests" : "", names->str);
    else if (tested > 1)
        g_string_append_printf(text,
                               " No single one of the %u can be told from no change after adjusting for so "
                               "many tests.",
                               tested);
    g_string_free(names, TRUE);
}

static void say(const Report *r, const Moved *m) {
    guint measure = m->loss[PL_ITEM_REVENUE] != NULL ? PL_ITEM_REVENUE : PL_ITEM_UNITS;
    const char *treatment = m->scope->arm->treatment->name;
    g_autoptr(GString) text = g_string_new(NULL);
    if (m->loss[measure] == NULL)
        return;
    g_autofree char *others = moved_words(r, m, m->loss[measure], measure);
    if (m->gain[measure] != NULL) {
        g_autofree char *own = moved_words(r, m, m->gain[measure], measure);
        g_string_append_printf(text, "With %s, the promoted %s %s in %s; the other %u %s %s.", treatment,
                               m->n_promoted == 1 ? r->one : r->many, own, measure_names[measure],
                               m->n_others, m->n_others == 1 ? r->one : r->many, others);
        append_share(r, m, measure, text);
    } else {
        g_string_append_printf(text, "With %s, all %u %s together %s in %s.", treatment, m->n_others, r->many,
                               others, measure_names[measure]);
    }
    append_items(r, m, text);
    pl_section_say(r->section, "%s", text->str);
}

/* Rows that are in no total, and items that are not told apart, are counted. */
static void check_rows(const Report *r, PlResult *result) {
    const PlBreakdown *b = r->breakdown;
    g_autoptr(GString) s = g_string_new(NULL);
    const struct {
        guint64 n;
        const char *one, *many;
    } counts[] = {{b->left_out_rows, "row has no date, store or name of an item",
                   "rows have no date, store or name of an item"},
                  {b->repeated_rows, "repeated row counts once", "repeated rows count once"},
                  {b->pooled_rows, "row is of items beyond the most that are told apart",
                   "rows are of items beyond the most that are told apart"},
                  {b->unknown_stores, "store sold other items only and takes no part",
                   "stores sold other items only and take no part"}};
    guint64 total = 0;
    for (guint i = 0; i < G_N_ELEMENTS(counts); i++) {
        if (counts[i].n == 0)
            continue;
        g_autofree char *count = pl_format_count(counts[i].n, counts[i].one, counts[i].many);
        g_string_append_printf(s, "%s%s", s->len ? "; " : "", count);
        total += counts[i].n;
    }
    if (total > 0)
        pl_result_check(result, "other_products", PL_WARN, (double)total, "sales by %s: %s", r->one, s->str);
}

/* The totals of all treatments come before the items of any. */
static void report(const Report *r, const PlResult *result) {
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)moved_free);
    for (guint a = 0; a < r->study->arms->len; a++) {
        const PlArm *arm = g_ptr_array_index(r->study->arms, a);
        if (arm->n_test == 0 || arm->n_control == 0)
            continue;
        Moved *m = moved_new(r->study, arm, result);
        g_ptr_array_add(all, m);
        add_totals(r, m);
        say(r, m);
    }
    for (guint a = 0; a < all->len; a++)
        add_lifts(r, g_ptr_array_index(all, a));
    for (guint a = 0; a < all->len; a++)
        add_changes(r, g_ptr_array_index(all, a));
}

void pl_add_products(const PlStudy *study, PlResult *result) {
    const PlBreakdown *b = study->tables != NULL ? study->tables->breakdown : NULL;
    if (b == NULL || (b->reason == NULL && b->n_items < 2))
        return;
    gboolean category = g_strcmp0(b->dimension, "category") == 0;
    Report r = {.study = study,
                .breakdown = b,
                .level = study->options.conf_level,
                .one = category ? "category" : "product",
                .many = category ? "categories" : "products",
                .unit = {pl_study_unit(study, "units"), pl_study_unit(study, "revenue")}};
    r.section = pl_result_add_section(result, "products", category ? "Other categories" : "Other products");
    if (b->reason != NULL) {
        PlFinding *f = pl_section_add(r.section, NULL, "others_revenue", "Other products", PL_AMOUNT_MONEY);
        f->reason = g_strdup(b->reason);
    } else {
        report(&r, result);
        check_rows(&r, result);
    }
}
