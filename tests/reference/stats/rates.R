# SPDX-License-Identifier: GPL-3.0-or-later
# Reference values of proportions --cluster: Rscript tests/reference/stats/rates.R
options(digits = 17)
treated <- c(5 / 20, 9 / 30, 2 / 25, 8 / 21)
control <- c(3 / 40, 1 / 22, 4 / 31)
for (alternative in c("two.sided", "greater", "less")) {
  r <- t.test(treated, control, alternative = alternative)
  cat(alternative, r$statistic, r$parameter, r$p.value, r$conf.int, r$stderr, "\n")
}

# chi_square
tables <- list(c(34, 154, 604, 574, 2368, 3647), c(1, 2, 6, 10, 12, 15))
for (t in tables) {
  r <- chisq.test(rbind(t[1:3], t[4:6] - t[1:3]), correct = FALSE)
  cat("rates", r$statistic, r$p.value, min(r$expected), "\n")
}
r <- chisq.test(c(9463, 7681)); cat("ratio", r$statistic, r$p.value, "\n")
r <- chisq.test(c(480, 260, 250), p = c(2, 1, 1) / 4); cat("ratio", r$statistic, r$p.value, "\n")
r <- chisq.test(rbind(c(127, 110), c(416 - 127, 1054 - 110))); cat("yates", r$statistic, r$p.value, "\n")
