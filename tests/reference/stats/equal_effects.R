# SPDX-License-Identifier: GPL-3.0-or-later
# Reference values of tests/unit/stats/test_equal_effects.c: Rscript equal_effects.R
options(digits = 17)
make <- function(n, m, s) { x <- qnorm(ppoints(n)); m + s * (x - mean(x)) / sd(x) }
y <- c(make(5, 10, 2), make(8, 12, 3), make(4, 15, 1)); g <- factor(rep(1:3, c(5, 8, 4)))
w <- oneway.test(y ~ g); cat(format(c(w$statistic, w$parameter[2], w$p.value), digits = 17), "\n")
a <- anova(lm(y ~ g)); cat(format(c(a[1, 4], a[1, 5]), digits = 17), "\n")
