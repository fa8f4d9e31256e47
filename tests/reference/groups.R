# SPDX-License-Identifier: GPL-3.0-or-later
# Values of tests/unit/effect/test_groups.c: eleven stores in three groups and two blocks, one value a period.
# Rscript tests/reference/groups.R   (packages: clubSandwich)
options(digits = 17)
d <- data.frame(
  store = sprintf("S%02d", 1:11),
  group = c("none", "none", "none", "none", "ad", "ad", "ad", "ad", "cut", "cut", "cut"),
  block = c("N", "N", "S", "S", "N", "S", "S", "N", "N", "S", "N"),
  before = c(100, 80, 120, 90, 110, 95, 130, 70, 105, 85, 115),
  during = c(104, 79, 118, 93, 121, 99, 141, 77, 120, 92, 133))
d$change <- log(d$during / d$before)
two <- function(g) t.test(d$change[d$group == g], d$change[d$group == "none"])
for (g in c("ad", "cut")) { t <- two(g); print(c(diff(rev(t$estimate)), t$stderr, t$parameter, t$p.value, t$conf.int)) }
d$ad <- as.numeric(d$group == "ad"); d$cut <- as.numeric(d$group == "cut")
m <- lm(change ~ ad + cut + block, d)
library(clubSandwich)
k <- coef_test(m, vcov = "CR2", cluster = d$store, test = "Satterthwaite"); i <- conf_int(m, vcov = "CR2", cluster = d$store)
for (g in c("ad", "cut")) print(c(k[g, "beta"], k[g, "SE"], k[g, "df_Satt"], k[g, "p_Satt"], i[g, "CI_L"], i[g, "CI_U"]))

# Contrasts of the treatments, and a factorial design: cut + ad given together in group "both".
print(with(t.test(d$change[d$group == "cut"], d$change[d$group == "ad"]), c(-diff(estimate), stderr, parameter, p.value)))
d2 <- d; d2$g <- relevel(factor(d$group), "ad")
m2 <- lm(change ~ g + block, d2)
k2 <- coef_test(m2, vcov = "CR2", cluster = d2$store, test = "Satterthwaite")
print(unlist(k2["gcut", c("beta", "SE", "df_Satt", "p_Satt")]))
f <- rbind(d[, 1:6], data.frame(store = c("S12", "S13", "S14"), group = "both", block = c("N", "S", "N"),
  before = c(99, 88, 104), during = c(150, 118, 149), change = log(c(150, 118, 149) / c(99, 88, 104))))
f$x <- ifelse(f$group %in% c("ad", "both"), .5, -.5); f$y <- ifelse(f$group %in% c("cut", "both"), .5, -.5)
for (form in c("change ~ x * y", "change ~ x * y + block")) {
  mf <- lm(as.formula(form), f)
  kf <- coef_test(mf, vcov = "CR2", cluster = f$store, test = "Satterthwaite")
  for (r in c("x", "y", "x:y")) print(unlist(kf[r, c("beta", "SE", "df_Satt", "p_Satt")]))
}
# Pairs: effects of three treatments; own controls (Welch-Satterthwaite by hand), and the same controls (paired t).
a <- c(.05, .08, .02, .06); b <- c(.10, .07, .12, .09); ab <- c(.21, .15, .18, .19)
sat <- function(w, x) { v <- w^2 * sapply(x, var) / lengths(x); s <- sum(w * sapply(x, mean)); df <- sum(v)^2 / sum(v^2 / (lengths(x) - 1))
  c(s, sqrt(sum(v)), df, 2 * pt(-abs(s / sqrt(sum(v))), df)) }
print(sat(c(-1, -1, 1), list(a, b, ab))); print(sat(c(.5, -.5, .5), list(a, b, ab)))
print(with(t.test(ab - a - b), c(estimate, stderr, parameter, p.value)))
print(with(t.test(b - a), c(estimate, stderr, parameter, p.value)))
