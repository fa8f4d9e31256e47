# SPDX-License-Identifier: GPL-3.0-or-later
# Values of the test of cross_prices in tests/unit/effect/test_prices.c: six stores in three pairs, eight weeks.
# Rscript tests/reference/effect/cross_prices.R   (package clubSandwich)
library(clubSandwich)
d <- expand.grid(t = 1:8, s = 1:6)
d$price <- 2 + ((d$s * d$t) %% 5) / 10
d$other <- 3 + ((d$s + 2 * d$t) %% 7) / 5
d$units <- 100 + 10 * d$s + 3 * d$t + (7 * d$s * d$t) %% 11 - 8 * ((d$s * d$t) %% 5)
d$pair <- (d$s + 1) %/% 2
m <- lm(log(units) ~ log(price) + log(other) + factor(s) + factor(t), d)
k <- coef_test(m, vcov = "CR2", cluster = d$pair, test = "Satterthwaite")
for (r in c("log(price)", "log(other)")) cat(sprintf("%s %.15g %.15g %.15g\n", r, k[r, "beta"], k[r, "SE"], k[r, "p_Satt"]))
