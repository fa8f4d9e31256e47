# SPDX-License-Identifier: GPL-3.0-or-later
# Reference values for tests/unit/stats: test_paired_t.c, test_signed_rank.c, test_sign_test.c.
# Rscript paired.R
options(digits = 17)
d <- c(2.31, -0.47, 1.83, 0.92, -1.16, 3.07, 0.58, 1.49, -0.23, 2.74, 0.11, 1.37)
show <- function(name, x) cat(name, format(x, digits = 17), "\n")
for (alternative in c("two.sided", "greater", "less")) {
    t <- t.test(d, alternative = alternative, conf.level = 0.9)
    show(paste("t", alternative), c(t$statistic, t$p.value, t$conf.int))
    w <- wilcox.test(d, alternative = alternative, conf.int = TRUE, conf.level = 0.9, exact = TRUE)
    show(paste("wilcoxon", alternative), c(w$statistic, w$p.value, w$estimate, w$conf.int))
    b <- binom.test(sum(d > 0), length(d), alternative = alternative)
    show(paste("sign", alternative), b$p.value)
}
# Beyond the exact distribution: 1200 differences with ties and two zeros, normal approximation with
# corrections for ties and continuity.
i <- 1:1200
x <- ((i * 7919) %% 401 - 190) / 8
w <- wilcox.test(x, correct = TRUE, exact = FALSE)
show("wilcoxon 1200", c(sum(x == 0), w$statistic, w$p.value))
show("sign 1000 and 1001", c(binom.test(530, 1000)$p.value, binom.test(531, 1001)$p.value))
show("sign 31 of 50", binom.test(31, 50)$p.value)
