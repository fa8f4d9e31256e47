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
