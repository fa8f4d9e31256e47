# SPDX-License-Identifier: GPL-3.0-or-later
# Ratios of clusters, for tests/unit/stats/test_cluster_ratio.c: R's weighted mean with clubSandwich's CR2.
# Run: Rscript tests/reference/stats/cluster_ratio.R
suppressMessages(library(clubSandwich))
x <- c(120.5, 310.25, 71, 550, 214.75, 160, 33.5, 401)
m <- c(4, 12, 3, 15, 9, 4, 2, 16)
f <- function(v) paste(sprintf("%.15g", v), collapse = ", ")
side <- function(x, m) {
    r <- x / m
    fit <- lm(r ~ 1, weights = m)
    list(r = unname(coef(fit)), df = sum(m)^2 / sum(m^2) - 1,
         v = vcovCR(fit, cluster = seq_along(x), type = "CR2", inverse_var = TRUE)[1])
}
a <- side(x, m)
cat("ratio, se, df, low, high: ", f(c(a$r, sqrt(a$v), a$df, a$r + c(-1, 1) * qt(.975, a$df) * sqrt(a$v))), "\n")
# the score test of two conditions in different clusters
i <- 1:4; j <- 5:8
a <- side(x[i], m[i]); b <- side(x[j], m[j])
p <- sum(x) / sum(m); u <- c((x - p * m)[i] / sum(m[i]), -(x - p * m)[j] / sum(m[j]))
d <- a$r - b$r; s <- sqrt(sum(u^2)); df <- min(a$df, b$df)
cat("difference, se, df, low, high, p: ", f(c(d, s, df, d + c(-1, 1) * qt(.975, df) * s, 2 * pt(-abs(d / s), df))), "\n")
