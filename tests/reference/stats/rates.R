# SPDX-License-Identifier: GPL-3.0-or-later
# Reference values of proportions --cluster: Rscript tests/reference/stats/rates.R
options(digits = 17)
treated <- c(5 / 20, 9 / 30, 2 / 25, 8 / 21)
control <- c(3 / 40, 1 / 22, 4 / 31)
for (alternative in c("two.sided", "greater", "less")) {
  r <- t.test(treated, control, alternative = alternative)
  cat(alternative, r$statistic, r$parameter, r$p.value, r$conf.int, r$stderr, "\n")
}
