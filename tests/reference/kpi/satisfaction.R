# Reference values of tests/unit/kpi/test_satisfaction.c.
# usage: Rscript satisfaction.R SHARED        needs r-cran-sandwich, r-cran-clubsandwich
hr <- read.csv(file.path(commandArgs(TRUE)[1], "data/hr_attrition/hr_attrition.csv"))
show <- function(...) cat(..., "\n")
g <- function(x) sprintf("%.17g", x)
t <- t.test(hr$JobSatisfaction)
show("mean", g(t$estimate), "interval", g(t$conf.int))
w <- prop.test(sum(hr$JobSatisfaction >= 3), 1470, correct = FALSE)
show("top two", g(w$estimate), "Wilson", g(w$conf.int))
sales <- hr$JobSatisfaction[hr$Department == "Sales"]
show("sales", length(sales), g(mean(sales)), g(t.test(sales)$conf.int), "top two", g(prop.test(sum(sales >= 3), length(sales), correct = FALSE)$conf.int))
k <- kruskal.test(hr$JobSatisfaction, factor(hr$Department))
show("kruskal", g(k$statistic), g(k$p.value))
welch <- t.test(sales, hr$JobSatisfaction[hr$Department != "Sales"])
show("sales less others", g(welch$estimate[1] - welch$estimate[2]), g(welch$conf.int), "p", g(welch$p.value))
z <- as.data.frame(scale(hr[c("JobSatisfaction", "EnvironmentSatisfaction", "RelationshipSatisfaction", "WorkLifeBalance")]))
m <- lm(JobSatisfaction ~ ., z)
se <- sqrt(diag(sandwich::vcovHC(m, "HC3")))
for (n in names(coef(m))[-1])
    show(n, g(coef(m)[n]), "se", g(se[n]), "p", g(2 * pt(-abs(coef(m)[n] / se[n]), m$df.residual)))
show("r2", g(summary(m)$r.squared))
low <- hr$WorkLifeBalance <= 2
f <- fisher.test(table(hr$Department == "Sales", low))
show("low energy of sales", sum(low[hr$Department == "Sales"]), "all", sum(low), "two-sided by doubling",
     g(min(1, 2 * min(fisher.test(table(hr$Department == "Sales", low), alternative = "less")$p.value,
                      fisher.test(table(hr$Department == "Sales", low), alternative = "greater")$p.value))))

# four waves of five people in two teams
d <- data.frame(e = rep(1:12, 4), wave = rep(0:3, each = 12), team = rep(rep(c("a", "b"), each = 6), 4))
d$score <- 5 - (d$e %% 3) - ifelse(d$team == "a", d$wave, 0) * (0.5 + (d$e %% 2) / 2) * ((d$e + d$wave) %% 4 != 0) +
    ((d$e * 7 + d$wave * 3) %% 5 == 0)
suppressMessages(library(clubSandwich))
for (team in c("a", "b")) {
    s <- d[d$team == team, ]
    m <- lm(score ~ wave, s)
    ct <- coef_test(m, vcovCR(m, s$e, type = "CR2"), test = "Satterthwaite")[2, ]
    show(team, paste(s$score, collapse = ","))
    show("slope", g(ct$beta), g(ct$SE), g(ct$df_Satt), g(ct$p_Satt))
}
p <- t.test(d$score[d$wave == 3] - d$score[d$wave == 2])
show("change", g(p$estimate), g(p$conf.int), g(p$p.value))
w <- t.test(d$score[d$wave == 3])
show("last wave", g(w$estimate), g(w$conf.int))
# a question that goes with the score, in waves of which the last is half a point better; compared within waves
d$q <- d$score + ((d$e * 5 + d$wave) %% 7) / 2
d$r <- (d$e * 3 + d$wave * 2) %% 4
within <- function(x) as.numeric(scale(x - ave(x, d$wave)))
m <- lm(y ~ q + r, data.frame(y = within(d$score), q = within(d$q), r = within(d$r)))
ct <- coef_test(m, vcovCR(m, d$e, type = "CR2"), test = "Satterthwaite")[2:3, ]
show("drivers", g(ct$beta), "se", g(ct$SE), "df", g(ct$df_Satt), "p", g(ct$p_Satt), "r2", g(summary(m)$r.squared))
