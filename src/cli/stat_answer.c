/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairlift/cli/stat_answer.h"

#include <math.h>

#include "pairlift/cli/progress.h"
#include "pairlift/cli/stat_sample.h"

static gboolean no_memory(const PlStatCall *call, const PlStatSample *s, const PlArena *arena,
                          GError **error) {
    g_set_error(
        error, PL_ERROR, PL_ERROR_SYSTEM,
        "pairlift: error: %s needs %.3g GB of memory for %zu rows and %zu resamples\n  hint: %s",
        call->method->id, (double)arena->wanted / 1e9, s->sample.rows, call->options.inference.resamples,
        call->method->takes & PL_TAKES_RESAMPLES ? "lower --resamples" : "use fewer rows, or another method");
    return FALSE;
}

/* Why a limit is absent and what was done to the rows, in the words of result.json's reasons. */
static char *remarks(const PlStatCall *call, const PlAnswerRow *row) {
    g_autoptr(GString) s = g_string_new(NULL);
    const PlInference *in = &row->in;
    PlAlternative alternative = call->options.inference.alternative;
    gboolean interval = !(row->lacks & PL_LACKS_INTERVAL);
    if (row->status != PL_OK && !row->reason)
        g_string_append_printf(s, "%s; ", pl_status_text(row->status));
    if (row->reason)
        g_string_append_printf(s, "%s; ", row->reason);
    if (interval && !isfinite(in->conf_low) && !isfinite(in->conf_high))
        g_string_append(s, "too few rows for an interval at this level; ");
    else if (interval && alternative == PL_GREATER && isinf(in->conf_high))
        g_string_append(s, "one-sided: no upper limit; ");
    else if (interval && alternative == PL_LESS && isinf(in->conf_low))
        g_string_append(s, "one-sided: no lower limit; ");
    /* of a panel the units count, not the rows: the documentation says it */
    if (in->n < call->method->liberal_below && call->method->design != PL_DESIGN_PANEL)
        g_string_append_printf(s, "rejects too often with fewer than %zu pairs; ",
                               call->method->liberal_below);
    if (in->n_dropped)
        g_string_append_printf(s, "%zu %s without any difference left out (Wilcoxon's rule); ", in->n_dropped,
                               in->n_dropped == 1 ? "row" : "rows");
    if (in->n_tied)
        g_string_append_printf(s, "%zu rows share a rank (midranks); ", in->n_tied);
    if (in->resamples)
        g_string_append_printf(s, "%zu random draws, seed %" G_GUINT64_FORMAT "; ", in->resamples,
                               (guint64)call->options.inference.seed);
    return s->len ? g_strndup(s->str, s->len - 2) : NULL;
}

static double finite_or_nan(double x) {
    return isfinite(x) ? x : NAN;
}

static void fill(const PlStatCall *call, const PlAnswerRow *row, PlStatRow *out) {
    const PlInference *in = &row->in;
    out->term = row->versus ? g_strdup_printf("%s - %s", row->term, row->versus) : g_strdup(row->term);
    out->estimate = row->lacks & PL_LACKS_ESTIMATE ? NAN : in->estimate;
    out->p_value = row->lacks & PL_LACKS_P ? NAN : in->p_value;
    out->conf_low = row->lacks & PL_LACKS_INTERVAL ? NAN : in->conf_low;
    out->conf_high = row->lacks & PL_LACKS_INTERVAL ? NAN : in->conf_high;
    out->std_error = in->has & PL_HAS_STD_ERROR ? in->std_error : NAN;
    out->statistic = in->has & PL_HAS_STATISTIC ? in->statistic : NAN;
    out->df = in->has & PL_HAS_DF ? in->df : NAN;
    out->n = in->n;
    out->n_dropped = in->n_dropped;
    out->n_tied = in->n_tied;
    out->resamples = in->resamples;
    for (size_t k = 0; k < row->n_figures; k++)
        g_array_append_vals(out->figures,
                            &(PlNamedNumber){row->figures[k].name, finite_or_nan(row->figures[k].value)}, 1);
    out->reason = remarks(call, row);
}

/* The one row of an answer that could not be given. */
static void refuse(const PlStatCall *call, const PlAnswer *answer, PlStatus status, guint used,
                   PlStatResult *out) {
    PlStatRow *row = pl_stat_result_add(out);
    row->n = used;
    if (status == PL_TOO_FEW && used < call->method->min_n)
        row->reason = g_strdup_printf("needs %zu rows with values, there are %u", call->method->min_n, used);
    else if (answer->culprit)
        row->reason = g_strdup_printf("%s: %s", answer->culprit, pl_status_text(status));
    else
        row->reason = g_strdup(pl_status_text(status));
}

/* "A - B" of pairs, else what each column is for. */
static char *columns_of(const PlStatCall *call) {
    GString *s = g_string_new(NULL);
    if (!call->data)
        return g_string_free(s, TRUE);
    if (call->method->test && call->roles[PL_Y])
        g_string_append_printf(s, "%s - %s", call->roles[PL_X], call->roles[PL_Y]);
    else if (call->method->test)
        g_string_append(s, call->roles[PL_X]);
    for (guint r = 0; r < PL_N_ROLES && !call->method->test; r++)
        if (call->roles[r])
            g_string_append_printf(s, "%s%s %s", s->len ? ", " : "", pl_stat_role_option((PlRole)r),
                                   call->roles[r]);
    for (char **name = call->on; name && *name; name++)
        g_string_append_printf(s, "%s %s", name == call->on ? ", on" : " and", *name);
    for (char **name = call->absorb; name && *name; name++)
        g_string_append_printf(s, "%s %s", name == call->absorb ? ", absorbing" : " and", *name);
    return g_string_free(s, s->len == 0); /* NULL when no column was named */
}

static gboolean compute(const PlStatCall *call, const PlStatSample *s, PlStatResult *out, GError **error) {
    PlArena arena = {0};
    PlAnswer answer = {.arena = &arena};
    guint used = (guint)s->sample.rows;
    PlStatus status = call->data && used < call->method->min_n
                          ? PL_TOO_FEW
                          : call->method->run(call->method, &s->sample, &call->options, &answer);
    gboolean ok = status != PL_NO_MEMORY || no_memory(call, s, &arena, error);
    if (status != PL_OK)
        refuse(call, &answer, status, used, out);
    for (size_t i = 0; i < answer.n_rows && status == PL_OK; i++)
        fill(call, &answer.rows[i], pl_stat_result_add(out));
    for (size_t i = 0; i < answer.n_notes && status == PL_OK; i++)
        g_ptr_array_add(out->notes, g_strdup(answer.notes[i]));
    pl_arena_clear(&arena);
    return ok;
}

static PlStatResult *new_result(const PlStatCall *call, const PlStatSample *s) {
    PlStatResult *out = pl_stat_result_new();
    out->method = call->method->id;
    out->title = call->method->title;
    out->estimates = call->method->estimates;
    out->columns = columns_of(call);
    out->rows = s->n_read;
    out->used = (guint)s->sample.rows;
    out->seed = (gint64)call->options.inference.seed;
    out->conf_level = call->options.inference.conf_level;
    return out;
}

PlStatResult *pl_stat_answer(const PlOptions *o, GError **error) {
    g_auto(PlStatCall) call = {0};
    g_auto(PlStatSample) sample = {0};
    gint64 begun = g_get_monotonic_time();
    if (!pl_stat_call_read(o, &call, error) || !pl_stat_sample_read(&call, &sample, error))
        return NULL;
    pl_say(o, begun, "read the columns");
    begun = g_get_monotonic_time();
    g_autoptr(PlStatResult) out = new_result(&call, &sample);
    PlBar bar = pl_bar_begin(o, "testing");
    pl_bar_say(&bar);
    gboolean tested = compute(&call, &sample, out, error);
    pl_bar_end(&bar);
    if (!tested)
        return NULL;
    pl_say(o, begun, "tested");
    return g_steal_pointer(&out);
}
