# SPDX-License-Identifier: GPL-3.0-or-later
# Reference values of kaplan_meier and logrank: Rscript tests/reference/stats/survival.R
library(survival)
options(digits = 17)
time <- c(6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35,
          1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)
event <- c(rep(1, 9), rep(0, 12), rep(1, 21))
arm <- rep(c("6-MP", "placebo"), each = 21)
s <- survfit(Surv(time, event) ~ arm)
print(summary(s)$table)
print(summary(s, times = c(6, 10, 23))[c("strata", "time", "n.risk", "surv", "std.err", "lower", "upper")])
d <- survdiff(Surv(time, event) ~ arm)
cat(d$obs, d$exp, d$var[1, 1], d$chisq, pchisq(d$chisq, 1, lower.tail = FALSE), "\n")
third <- ifelse(seq_along(time) %% 3 == 0, "c", arm)
d <- survdiff(Surv(time, event) ~ third)
cat(d$obs, d$exp, d$chisq, pchisq(d$chisq, 2, lower.tail = FALSE), "\n")
print(summary(survfit(Surv(c(1, 2, 3, 4), c(1, 1, 1, 1)) ~ 1))$table)
