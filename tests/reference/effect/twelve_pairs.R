# SPDX-License-Identifier: GPL-3.0-or-later
# Reference values of tests/unit/effect/test_guardrails.c and test_segments.c: Rscript twelve_pairs.R
# Twelve pairs; revenue and units of one interval before and one during.
options(digits = 17)
d <- read.csv(text = "tb,td,cb,cd,utb,utd,ucb,ucd,region,format,size
1000,1104,900,910,400,450,350,352,North,small,80
1210,1338,1100,1122,480,540,440,441,North,large,130
830,905,870,845,330,371,350,344,North,small,95
1505,1655,1490,1501,601,660,590,592,North,large,210
940,951,1010,1003,370,380,400,402,South,small,60
1120,1125,1080,1111,450,461,430,437,South,large,155
1333,1320,1290,1305,520,518,510,516,South,large,170
702,722,760,748,280,291,300,297,South,small,75
990,1060,1020,1033,396,425,410,412,East,small,110
1450,1490,1380,1399,580,601,550,556,East,large,240
1175,1281,1230,1222,470,517,490,485,East,large,190
880,902,845,860,350,362,340,345,East,small,100")
lr <- with(d, (log(td) - log(tb)) - (log(cd) - log(cb)))
lu <- with(d, (log(utd) - log(utb)) - (log(ucd) - log(ucb)))
lp <- with(d, (log(td/utd) - log(tb/utb)) - (log(cd/ucd) - log(cb/ucb)))
show <- function(name, ...) cat(name, format(c(...), digits = 17), "\n")
cat("# guardrails: effect, interval (lifts), p of non-inferiority\n")
ni <- function(x, bound, side) { t <- t.test(x); c(expm1(t$estimate), expm1(t$conf.int),
  t.test(x, mu = bound, alternative = side)$p.value) }
show("price_down_2", ni(lp, log(1 - .02), "greater"))
show("price_down_0.5", ni(lp, log(1 - .005), "greater"))
show("units_up_3", ni(lu, log(1 + .03), "less"))
show("revenue_down_0", ni(lr, 0, "greater"))
# sign flips, all 4096 counted
flips <- as.matrix(expand.grid(rep(list(c(-1, 1)), 12)))
sf <- function(x) mean(flips %*% x >= sum(x) - 1e-12)
show("price_down_0.5_flip", sf(lp - log(1 - .005)))
show("revenue_up_3_flip", sf(-(lr) + log(1.03)), sf(lr))
cat("# equivalence of revenue at 8 %\n")
show("tost", max(t.test(lr, mu = log(1 - .08), alternative = "greater")$p.value,
                 t.test(lr, mu = log(1 + .08), alternative = "less")$p.value),
     expm1(t.test(lr, conf.level = .9)$conf.int))
# absolute
ar <- with(d, (td - tb) - (cd - cb))
show("absolute_revenue_down_10", t.test(ar)$estimate, t.test(ar)$conf.int,
     t.test(ar, mu = -10, alternative = "greater")$p.value)
cat("# segments of revenue: levels (lifts), tests\n")
for (a in c("region", "format")) {
  for (l in unique(d[[a]])) { t <- t.test(lr[d[[a]] == l]); show(l, expm1(t$estimate), expm1(t$conf.int)) }
  w <- oneway.test(lr ~ d[[a]]); show(paste(a, "welch"), w$statistic, w$parameter, w$p.value)
  n <- anova(lm(lr ~ d[[a]])); show(paste(a, "anova"), n[1, 4], n[1, 5])
}
t <- t.test(lr[d$format == "small"], lr[d$format == "large"])
show("format difference", expm1(t$estimate[1] - t$estimate[2]), expm1(t$conf.int), t$p.value)
m <- lm(lr ~ size, d); q <- quantile(d$size, c(.25, .75))
show("size slope", coef(m)[2], summary(m)$coefficients[2, 4], q, expm1(coef(m)[2] * diff(q)),
     expm1(confint(m)[2, ] * diff(q)))
for (s in c(TRUE, FALSE)) { t <- t.test(lr[(d$size <= median(d$size)) == s]); show(if (s) "low" else "high", median(d$size), expm1(t$estimate), expm1(t$conf.int)) }
p <- c(anova(lm(lr ~ d$region))[1, 5], oneway.test(lr ~ d$format)$p.value, summary(m)$coefficients[2, 4])
show("holm", p.adjust(p, "holm"))
cat("# the same stores as groups: test and control stores without pairs\n")
g <- data.frame(y = c(log(d$td / d$tb), log(d$cd / d$cb)), t = rep(1:0, each = 12),
                region = factor(rep(d$region, 2)), format = rep(d$format, 2), size = rep(d$size, 2))
for (l in c("small", "large")) { s <- g[g$format == l, ]; t <- t.test(s$y[s$t == 1], s$y[s$t == 0])
  show(l, expm1(t$estimate[1] - t$estimate[2]), expm1(t$conf.int)) }
w <- sapply(c("small", "large"), function(l) { s <- g[g$format == l, ]; t <- t.test(s$y[s$t == 1], s$y[s$t == 0])
  c(e = unname(t$estimate[1] - t$estimate[2]), v = t$stderr^2, df = unname(t$parameter)) })
tt <- (w["e", 1] - w["e", 2]) / sqrt(sum(w["v", ])); df <- sum(w["v", ])^2 / sum(w["v", ]^2 / w["df", ])
show("format welch", 2 * pt(-abs(tt), df), df)
show("region pooled", anova(lm(y ~ region + t, g), lm(y ~ region * t, g))[2, 5:6])
ms <- lm(y ~ t * size, g); show("size interaction", summary(ms)$coefficients[4, c(1, 4)])
show("block", { s <- lm(y ~ t + region, g); c(expm1(coef(s)["t"]), expm1(confint(s)["t", ])) })
s <- summary(lm(y ~ t + region, g))$coefficients["t", ]; df <- 24 - 4
show("groups up 3, tost 6", pt((s[1] - log(1.03)) / s[2], df),
     max(pt((s[1] - log(1.06)) / s[2], df), pt(-(s[1] - log(.94)) / s[2], df)))
