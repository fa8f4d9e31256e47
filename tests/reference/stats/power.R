# SPDX-License-Identifier: GPL-3.0-or-later
# Reference values for tests/unit/stats/test_power.c, beside those of the shared power.json.
# Rscript power.R
options(digits = 17)
power <- function(n, delta, alpha, alternative) {
    df <- n - 1
    ncp <- sqrt(n) * delta
    if (alternative == "two.sided") {
        t <- qt(alpha / 2, df, lower.tail = FALSE)
        pt(t, df, ncp, lower.tail = FALSE) + pt(-t, df, ncp)
    } else {
        pt(qt(alpha, df, lower.tail = FALSE), df, ncp, lower.tail = FALSE)
    }
}
for (n in c(2, 3, 7, 40, 1000))
    for (delta in c(0.03, 0.4, 1.7))
        cat(n, delta, power(n, delta, 0.01, "two.sided"), power(n, delta, 0.1, "greater"), "\n")
# tests/unit/stats/test_student.c
for (q in list(c(.025, 14), c(.0005, 9), c(1e-10, 30), c(.025, 1e6), c(.05, 4.5)))
    cat("qt", q, format(qt(q[1], q[2], lower.tail = FALSE), digits = 17), "\n")
