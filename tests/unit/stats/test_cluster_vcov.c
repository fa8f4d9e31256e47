/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "panel.h"

enum { FIRM, YEAR, THIRD, GROUP, CROSS };

typedef struct {
    const char *name;
    bool unbalanced;
    size_t n_sets;
    int sets[3], cluster;
    double coef[2];
    double se[4][3]; /* CR0, CR1, CR2, CR3: errors of the two, and their covariance */
    double df[2];
} Case;

/* tests/reference/stats/cluster_vcov.R (clubSandwich); CR3: cluster_vcov.py. */
static const Case cases[] = {
    {"firm | firm",
     false,
     1,
     {FIRM},
     FIRM,
     {0.110123804120719, 0.310065341300139},
     {{0.0143421437123503, 0.0497926087237732, 0.000417458773057288},
      {0.0151179468868299, 0.0524860180695643, 0.000463843081174764},
      {0.0206311068338956, 0.082675302048979, 0.00136791396454725},
      {0.0359376119121743, 0.146541834611363, 0.00490557370845116}},
     {1.81256840291143, 1.79953119283768}},
    {"firm + year | firm",
     false,
     2,
     {FIRM, YEAR},
     FIRM,
     {0.117715855082607, 0.357916273073427},
     {{0.00971202368683494, 0.0429311089399738, 0.000243953798097964},
      {0.0102373718466348, 0.045253362242378, 0.000271059775664409},
      {0.0208148232743266, 0.100213954231683, 0.00187894567989179},
      {0.0551608871043666, 0.259900522042269, 0.014093549842307}},
     {2.38867112030911, 1.84346038045656}},
    {"unbalanced firm + year | firm",
     true,
     2,
     {YEAR, FIRM},
     FIRM,
     {0.114403875246997, 0.382510185679781},
     {{0.0115489903850904, 0.0380300536077404, 0.000219067980664444},
      {0.0121737047640903, 0.0400871963129211, 0.000243408867404936},
      {0.0228919898357687, 0.097341852953317, 0.00192628874120961},
      {0.0597831441274555, 0.282618781046509, 0.0164966422437652}},
     {2.51309438926719, 1.93614583622484}},
    {"unbalanced firm + year | group",
     true,
     2,
     {FIRM, YEAR},
     GROUP,
     {0.114403875246997, 0.382510185679781},
     {{0.0125894652271373, 0.0190909410232011, 0.000173959379941839},
      {0.0140754500241244, 0.0213443209411588, 0.000217449224927299},
      {0.0285862128882903, 0.082406983443125, 0.00225401276194381},
      {0.0837687103092906, 0.301098216806168, 0.0250739155067611}},
     {1.88228763433878, 1.73843766654809}},
    {"unbalanced firm + year | year",
     true,
     2,
     {FIRM, YEAR},
     YEAR,
     {0.114403875246997, 0.382510185679781},
     {{0.0216864392297807, 0.0573229541591152, -0.00051819881797701},
      {0.0222498171835652, 0.0588121100448218, -0.000545472439975802},
      {0.0253935045423936, 0.0696314659254653, -0.000637701268485049},
      {0.029933315155673, 0.0854620443971294, -0.000773039862425708}},
     {8.28843467471682, 7.57623260703056}},
    {"unbalanced firm + year | cross",
     true,
     2,
     {FIRM, YEAR},
     CROSS,
     {0.114403875246997, 0.382510185679781},
     {{0.0113607827613907, 0.059963608308121, 0.000212807664701587},
      {0.012145187639626, 0.0641037937039144, 0.000243208759658954},
      {0.0142966536546918, 0.0762570329989266, 0.000436529926861246},
      {0.0183631884480672, 0.0991967755923211, 0.000893186112721676}},
     {5.53782546672008, 5.75988459161393}},
    {"unbalanced firm + year + third | firm",
     true,
     3,
     {FIRM, THIRD, YEAR},
     FIRM,
     {0.118937513608456, 0.376992415383509},
     {{0.0125612723236433, 0.0362389200105052, 0.000239761773576576},
      {0.0132407436174495, 0.0381991757259498, 0.000266401970640642},
      {0.0240252564068431, 0.0941972892091112, 0.00194242873093671},
      {0.061022228735715, 0.276610867956046, 0.0164130327294725}},
     {2.65543183625028, 2.0277721908436}},
    {"unbalanced year | firm",
     true,
     1,
     {YEAR},
     FIRM,
     {0.112235464338622, 0.255964744004044},
     {{0.0164747194118078, 0.0923849314873923, -0.0011644624317475},
      {0.0173658790511674, 0.0973822683262556, -0.00129384714638612},
      {0.0185427148979375, 0.135294998086536, -0.0018108367281366},
      {0.0193888346094274, 0.208862770764714, -0.00216531439334222}},
     {2.93391061992759, 3.31578862412509}},
};

static PlVariable set_of(const Grunfeld *d, int which) {
    const size_t *const of_row[] = {d->firm, d->year, d->third, d->group, d->cross};
    const size_t n_levels[] = {10, 20, 4, 5, 8};
    return levels("set", of_row[which], n_levels[which], NULL);
}

static void fit_case(const Case *c, const Grunfeld *d, PlVariable *sets, PanelFit *p, PlArena *arena) {
    const double *x[] = {d->value, d->capital};
    for (size_t s = 0; s < c->n_sets; s++)
        sets[s] = set_of(d, c->sets[s]);
    PlVariable cluster = set_of(d, c->cluster);
    fit_panel(p, d->inv, x, 2, d->n, sets, c->n_sets, cluster.levels, cluster.n_levels, arena);
}

Test(stats_cluster_vcov, club_sandwich_on_grunfelds_panel) {
    const PlVcov types[] = {PL_VCOV_CR0, PL_VCOV_CR1, PL_VCOV_CR2, PL_VCOV_CR3};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const Case *c = &cases[i];
        Grunfeld d = read_grunfeld(c->unbalanced);
        PlArena arena = {0};
        PlVariable sets[3];
        PanelFit p = {0};
        fit_case(c, &d, sets, &p, &arena);
        cr_expect(near(p.coef[0], c->coef[0], 1e-12) && near(p.coef[1], c->coef[1], 1e-12));
        for (size_t t = 0; t < 4; t++) {
            double v[4], df[2];
            cr_assert(eq(int, (int)pl_cluster_vcov(&p.fit, types[t], &arena, v, df), PL_OK));
            for (size_t k = 0; k < 2; k++)
                cr_expect(near(sqrt(v[3 * k]), c->se[t][k], 1e-10), "%s, %zu: %.15g", c->name, t,
                          sqrt(v[3 * k]));
            cr_expect(near(v[1], c->se[t][2], 1e-9), "%s, %zu: cov %.15g", c->name, t, v[1]);
            for (size_t k = 0; k < 2; k++)
                cr_expect(near(df[k], t == 2 ? c->df[k] : (double)p.fit.n_clusters - 1, 1e-10),
                          "%s, %zu: df %.15g", c->name, t, df[k]);
        }
        pl_arena_clear(&arena);
    }
}

/* methods.md; cluster_vcov.R: the pooled regression with its constant. */
Test(stats_cluster_vcov, grunfeld_pooled) {
    Grunfeld d = read_grunfeld(false);
    double ones[GRUNFELD];
    for (size_t r = 0; r < GRUNFELD; r++)
        ones[r] = 1;
    const double *x[] = {ones, d.value, d.capital};
    const PlVcov types[] = {PL_VCOV_CR0, PL_VCOV_CR1, PL_VCOV_CR1S, PL_VCOV_CR2, PL_VCOV_CR3};
    const double se[5][3] = {{19.2794308819015, 0.0150027280827959, 0.080200798054643},
                             {20.3223045261992, 0.0158142639526021, 0.0845390640052912},
                             {20.4252029284739, 0.0158943366870588, 0.0849671126355402},
                             {25.6074037717881, 0.0162450777800678, 0.110467620919051},
                             {36.6965269118619, 0.0170024834552215, 0.155300381453048}};
    const double df_cr2[3] = {6.38609342335452, 2.34261641339276, 2.86348461882975};
    PlArena arena = {0};
    PanelFit p = {0};
    fit_panel(&p, d.inv, x, 3, GRUNFELD, NULL, 0, d.firm, 10, &arena);
    for (size_t t = 0; t < 5; t++) {
        double v[9], df[3];
        cr_assert(eq(int, (int)pl_cluster_vcov(&p.fit, types[t], &arena, v, df), PL_OK));
        for (size_t k = 0; k < 3; k++) {
            cr_expect(near(sqrt(v[4 * k]), se[t][k], 1e-11), "%zu: %.15g", t, sqrt(v[4 * k]));
            cr_expect(near(df[k], t == 3 ? df_cr2[k] : 9, 1e-11), "df %.15g", df[k]);
        }
    }
    pl_arena_clear(&arena);
}

/* With a dummy for each pair the clustered error is that of Student's paired test, and the pairs' dummies are
 * no parameters of CR1S: counted, it would be .5651. */
Test(stats_cluster_vcov, pair_effects_give_the_paired_t_error) {
    size_t pair[20];
    double drug[20], d[10];
    const double *x[] = {drug};
    for (size_t r = 0; r < 20; r++) {
        pair[r] = r % 10;
        drug[r] = r < 10 ? 0 : 1;
        d[r % 10] = sleep_hours[10 + r % 10] - sleep_hours[r % 10];
    }
    PlInference t = must_run("paired_t", d, 10, two_sided_95);
    cr_assert(epsilon_eq(dbl, t.std_error, .3889587, 5e-8));
    const PlVcov types[] = {PL_VCOV_CR1, PL_VCOV_CR1S, PL_VCOV_CR2, PL_VCOV_DEFAULT};
    PlVariable pairs = levels("pair", pair, 10, NULL);
    PlArena arena = {0};
    PanelFit p = {0};
    fit_panel(&p, sleep_hours, x, 1, 20, &pairs, 1, pair, 10, &arena);
    for (size_t i = 0; i < 4; i++) {
        double v, df;
        cr_assert(eq(int, (int)pl_cluster_vcov(&p.fit, types[i], &arena, &v, &df), PL_OK));
        cr_expect(near(sqrt(v), t.std_error, 1e-14) && near(df, 9, 1e-13), "%zu: %.17g, %.17g", i, sqrt(v),
                  df);
    }
    pl_arena_clear(&arena);
}

/* ../shared/expected/elasticity.json: 88 accounts, 5,555 weeks. */
Test(stats_cluster_vcov, cheese) {
    enum { CHEESE = 5555 };
    static double volume[CHEESE], price[CHEESE], display[CHEESE];
    static size_t account[CHEESE];
    static char names[100][100];
    char path[4096], line[256];
    size_t n = 0, n_names = 0;
    json_t *root = load_expected("elasticity.json");
    FILE *file = fopen(shared_path("data/bayesm_cheese/cheese.csv", path, sizeof path), "r");
    if (!file)
        cr_skip_test("no %s", path);
    while (fgets(line, sizeof line, file) && n < CHEESE) {
        char name[100];
        size_t i = 0;
        if (sscanf(line, "\"%99[^\"]\",%lf,%lf,%lf", name, &volume[n], &display[n], &price[n]) != 4)
            continue;
        while (i < n_names && strcmp(names[i], name) != 0)
            i++;
        if (i == n_names)
            strcpy(names[n_names++], name);
        account[n] = i;
        volume[n] = log(volume[n]);
        price[n] = log(price[n]);
        n++;
    }
    fclose(file);
    const json_t *cheese = json_object_get(root, "cheese");
    const char *parts[] = {"within", "within_disp"};
    const char *keys[] = {"se_CR0", "se_CR1", "se_CR2", "se_lsdv"};
    const PlVcov types[] = {PL_VCOV_CR0, PL_VCOV_CR1, PL_VCOV_CR2, PL_VCOV_IID};
    const double *x[] = {price, display};
    PlVariable accounts = levels("account", account, n_names, NULL);
    for (size_t k = 1; k <= 2; k++) {
        const json_t *part = json_object_get(cheese, parts[k - 1]);
        PlArena arena = {0};
        PanelFit p = {0};
        fit_panel(&p, volume, x, k, n, &accounts, 1, account, n_names, &arena);
        cr_expect(near(p.coef[0], number_at(part, "est"), 1e-11), "%.17g", p.coef[0]);
        for (size_t t = 0; t < 4; t++) {
            double v[4], df[2];
            cr_assert(eq(int, (int)pl_cluster_vcov(&p.fit, types[t], &arena, v, df), PL_OK));
            cr_expect(near(sqrt(v[0]), number_at(part, keys[t]), 1e-11), "%s: %.17g", keys[t], sqrt(v[0]));
            if (t == 2)
                cr_expect(near(df[0], number_at(part, "CR2_df"), 1e-10), "%.17g", df[0]);
            if (t == 3)
                cr_expect(eq(dbl, df[0], number_at(part, "df")));
        }
        pl_arena_clear(&arena);
    }
    json_decref(root);
}

/* 12 units x 9 times, `treated` of them from time 5 on; gaps where said. */
enum { UNITS = 12, TIMES = 9 };
typedef struct {
    size_t n, unit[UNITS * TIMES], time[UNITS * TIMES];
    double y[UNITS * TIMES], x[UNITS * TIMES];
} Small;

static Small small_panel(size_t treated, bool gaps) {
    Small s = {0};
    PlRng rng = pl_rng_stream(7, 0);
    for (size_t u = 0; u < UNITS; u++)
        for (size_t t = 0; t < TIMES; t++) {
            double draw = normal_draw(&rng);
            if (gaps && (u * 5 + t * 3) % 10 == 0)
                continue;
            s.unit[s.n] = u;
            s.time[s.n] = t;
            s.x[s.n] = u < treated && t >= 5;
            s.y[s.n++] = draw + (double)u / 3;
        }
    return s;
}

static PlStatus small_vcov(const Small *s, PlVcov type, int threads, double *v, double *df) {
    PlArena arena = {0};
    PanelFit p = {0};
    PlVariable sets[] = {levels("unit", s->unit, UNITS, NULL), levels("time", s->time, TIMES, NULL)};
    const double *x[] = {s->x};
    fit_panel(&p, s->y, x, 1, s->n, sets, 2, s->unit, UNITS, &arena);
    p.fit.threads = threads;
    PlStatus status = pl_cluster_vcov(&p.fit, type, &arena, v, df);
    pl_arena_clear(&arena);
    return status;
}

/* The only treated store's own variation is all in the effect: nothing is left to tell how much it varies. */
Test(stats_cluster_vcov, a_coefficient_that_rests_on_one_cluster_has_no_df) {
    const size_t treated[] = {1, 2, 6, 10, 11};
    for (size_t i = 0; i < 5; i++)
        for (int gaps = 0; gaps < 2; gaps++) {
            Small s = small_panel(treated[i], gaps);
            double v, df;
            bool alone = treated[i] == 1 || treated[i] == 11;
            cr_assert(eq(int, (int)small_vcov(&s, PL_VCOV_CR2, 1, &v, &df), PL_OK));
            cr_expect(alone ? df == 0 : df > .9, "%zu treated: df %g", treated[i], df);
            cr_assert(eq(int, (int)small_vcov(&s, PL_VCOV_CR3, 1, &v, &df), PL_OK));
            cr_expect(alone ? df == 0 : df == UNITS - 1);
        }
}

Test(stats_cluster_vcov, threads_change_no_bit) {
    Small s = small_panel(5, true);
    double v1, df1, v, df;
    small_vcov(&s, PL_VCOV_CR2, 1, &v1, &df1);
    for (int threads = 2; threads <= 3; threads++) {
        small_vcov(&s, PL_VCOV_CR2, threads, &v, &df);
        cr_assert(v == v1 && df == df1);
    }
}

Test(stats_cluster_vcov, refusals) {
    Small s = small_panel(5, true);
    const size_t one[UNITS * TIMES] = {0};
    const double *x[] = {s.x};
    PlVariable sets[] = {levels("unit", s.unit, UNITS, NULL), levels("time", s.time, TIMES, NULL)};
    PlArena arena = {0};
    PanelFit p = {0};
    double v, df;
    fit_panel(&p, s.y, x, 1, s.n, sets, 2, s.unit, UNITS, &arena);
    PlClusterFit fit = p.fit;
    fit.cluster = one;
    fit.n_clusters = 1;
    cr_assert(eq(int, (int)pl_cluster_vcov(&fit, PL_VCOV_CR2, &arena, &v, &df), PL_ONE_LEVEL));
    fit = p.fit;
    fit.rank = fit.rows;
    cr_assert(eq(int, (int)pl_cluster_vcov(&fit, PL_VCOV_IID, &arena, &v, &df), PL_TOO_FEW));
    fit.rank = fit.rows + UNITS;
    cr_assert(eq(int, (int)pl_cluster_vcov(&fit, PL_VCOV_CR1S, &arena, &v, &df), PL_TOO_FEW));
    fit = p.fit;
    fit.n_absorbed = 0;
    double zero = 0;
    fit.bread = &zero;
    cr_assert(eq(int, (int)pl_cluster_vcov(&fit, PL_VCOV_CR2, &arena, &v, &df), PL_SINGULAR));
    for (size_t n = 0; n <= 2; n += 2)
        for (PlVcov type = PL_VCOV_CR0; type <= PL_VCOV_CR3; type++) {
            PlArena tight = {.limit = 64};
            fit = p.fit;
            fit.n_absorbed = n;
            cr_assert(eq(int, (int)pl_cluster_vcov(&fit, type, &tight, &v, &df), PL_NO_MEMORY));
            pl_arena_clear(&tight);
        }
    double huge[UNITS * TIMES];
    for (size_t r = 0; r < s.n; r++)
        huge[r] = p.fit.residuals[r] * 1e300;
    fit = p.fit;
    fit.residuals = huge;
    for (PlVcov type = PL_VCOV_CR0; type <= PL_VCOV_CR3; type++)
        cr_assert(eq(int, (int)pl_cluster_vcov(&fit, type, &arena, &v, &df), PL_NOT_FINITE));
    pl_arena_clear(&arena);
}

/* Clusters of few rows go through another loop than the units' do: every row its own cluster is HC2 and HC3,
 * of the leverages h of the whole design. */
Test(stats_cluster_vcov, every_row_its_own_cluster) {
    Small s = small_panel(5, true);
    size_t own[UNITS * TIMES];
    for (size_t r = 0; r < s.n; r++)
        own[r] = r;
    PlVariable sets[] = {levels("unit", s.unit, UNITS, NULL), levels("time", s.time, TIMES, NULL)};
    const double *x[] = {s.x};
    PlArena arena = {0};
    PanelFit p = {0};
    fit_panel(&p, s.y, x, 1, s.n, sets, 2, own, s.n, &arena);
    double hc2 = 0, hc3 = 0, trace = 0, squares = 0, v, df, left[UNITS * TIMES][UNITS * TIMES]; /* I - H */
    for (size_t r = 0; r < s.n; r++) {
        double unit[UNITS * TIMES] = {0}, *columns[] = {unit};
        unit[r] = 1;
        pl_absorb(sets, 2, s.n, columns, 1, &arena, NULL);
        for (size_t m = 0; m < s.n; m++)
            left[r][m] = unit[m] - p.x[0][r] * p.x[0][m] * p.bread[0];
        double score = p.bread[0] * p.x[0][r] * p.fit.residuals[r];
        hc2 += score * score / left[r][r];
        hc3 += score * score / (left[r][r] * left[r][r]);
    }
    for (size_t r = 0; r < s.n; r++) {
        trace += p.x[0][r] * p.x[0][r];
        for (size_t m = 0; m < s.n; m++) {
            double entry = p.x[0][r] * p.x[0][m] * left[r][m] / sqrt(left[r][r] * left[m][m]);
            squares += entry * entry;
        }
    }
    cr_assert(eq(int, (int)pl_cluster_vcov(&p.fit, PL_VCOV_CR2, &arena, &v, &df), PL_OK));
    cr_assert(near(v, hc2, 1e-11) && near(df, trace * trace / squares, 1e-11), "%.17g, df %g", v, df);
    cr_assert(eq(int, (int)pl_cluster_vcov(&p.fit, PL_VCOV_CR3, &arena, &v, &df), PL_OK));
    cr_assert(near(v, hc3, 1e-11), "%.17g, %.17g", v, hc3);
    pl_arena_clear(&arena);
}

/* Pairs of times as clusters, 4500 units that cross them, and a gap: a table of 4500 levels is refused. */
Test(stats_cluster_vcov, too_many_crossed_levels) {
    enum { MANY = 4500 };
    static size_t unit[4 * MANY], time[4 * MANY], cluster[4 * MANY];
    static double y[4 * MANY], treated[4 * MANY];
    PlRng rng = pl_rng_stream(5, 5);
    size_t n = 4 * MANY - 1;
    for (size_t r = 0; r < n; r++) {
        unit[r] = r / 4;
        time[r] = r % 4;
        cluster[r] = time[r] / 2;
        treated[r] = unit[r] % 2 && time[r] >= 2;
        y[r] = normal_draw(&rng);
    }
    PlVariable sets[] = {levels("unit", unit, MANY, NULL), levels("time", time, 4, NULL)};
    const double *x[] = {treated};
    PlArena arena = {0};
    PanelFit p = {0};
    double v, df;
    fit_panel(&p, y, x, 1, n, sets, 2, cluster, 2, &arena);
    cr_assert(eq(int, (int)pl_cluster_vcov(&p.fit, PL_VCOV_CR2, &arena, &v, &df), PL_TOO_LARGE));
    cr_assert(eq(int, (int)pl_cluster_vcov(&p.fit, PL_VCOV_CR1, &arena, &v, &df), PL_OK));
    pl_arena_clear(&arena);
}
