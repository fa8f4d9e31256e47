/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "pairlift/design/company_parts.h"

#define LOWEST  1
#define HIGHEST 5

static int on_scale(double x) {
    return (int)CLAMP(floor(x + 0.5), LOWEST, HIGHEST);
}

/* Branches of a field team are those of its region; other teams are spread over all of them. */
static int store_of(const PlCompanyTeam *team, int member) {
    const int of_region = PL_COMPANY_BRANCHES / PL_COMPANY_REGIONS;
    return team->region < 0 ? member % PL_COMPANY_BRANCHES : team->region * of_region + member % of_region;
}

/* What an employee answers hangs on the employee and the wave, and so on answers as they are written. */
static PlCompanyAnswer answer(const PlCompanyTeam *team, int wave, const double *usual, PlRng *rng) {
    const PlCompanyFacts *f = &pl_company_facts;
    PlCompanyAnswer a = {.wave = wave};
    double score = f->score_mean;
    for (int q = 0; q < PL_COMPANY_QUESTIONS; q++) {
        const PlCompanyQuestion *question = &pl_company_questions[q];
        const double drift = g_str_equal(question->name, "energy") ? team->energy_a_wave * wave : 0;
        a.answer[q] = on_scale(usual[q] + drift + f->wave_sd * pl_rng_normal(rng));
        score += question->coefficient * (a.answer[q] - question->mean);
    }
    a.score = on_scale(score + f->score_sd * pl_rng_normal(rng));
    if (pl_rng_uniform(rng) >= team->response)
        a = (PlCompanyAnswer){.wave = wave};
    return a;
}

void pl_company_make_answers(PlCompany *c) {
    double usual[PL_COMPANY_QUESTIONS];
    for (int wave = 0; wave < PL_COMPANY_WAVES; wave++) {
        int employee = 0;
        for (int t = 0; t < PL_COMPANY_TEAMS; t++) {
            const PlCompanyTeam *team = &pl_company_teams[t];
            for (int m = 0; m < team->employees; m++, employee++) {
                const guint64 stream = (guint64)employee * (PL_COMPANY_WAVES + 1);
                PlRng own = pl_company_stream(c, PL_STREAM_EMPLOYEE, stream);
                PlRng now = pl_company_stream(c, PL_STREAM_EMPLOYEE, stream + 1 + (guint64)wave);
                for (int q = 0; q < PL_COMPANY_QUESTIONS; q++)
                    usual[q] =
                        pl_company_questions[q].mean + pl_company_questions[q].sd * pl_rng_normal(&own);
                PlCompanyAnswer a = answer(team, wave, usual, &now);
                a.employee = employee;
                a.team = t;
                a.store = store_of(team, m);
                g_array_append_val(c->answers, a);
            }
        }
    }
}
