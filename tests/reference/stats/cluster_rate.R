# SPDX-License-Identifier: GPL-3.0-or-later
# Rates of clusters for tests/unit/stats/test_cluster_rate.c: R's own glm with sandwich's clustered variance.
# Run: Rscript tests/reference/stats/cluster_rate.R
suppressMessages(library(sandwich))
x <- c(12, 30, 7, 55, 21, 16, 3, 40)
n <- c(400, 1200, 350, 1500, 900, 420, 180, 1600)
g <- seq_along(x)
f <- function(v) paste(sprintf("%.15g", v), collapse = ", ")

rate <- function(x, n, g) {
    fit <- glm(cbind(x, n - x) ~ 1, binomial, control = list(epsilon = 1e-15, maxit = 50))
    se <- sqrt(vcovCL(fit, cluster = g, type = "HC0", cadjust = TRUE)[1])
    t <- qt(.975, length(x) - 1)
    p <- plogis(coef(fit))
    c(p, se * p * (1 - p), plogis(coef(fit) + c(-t, t) * se), prop.test(x, n)$p.value)
}
cat("rate, se, low, high, p equal: ", f(suppressWarnings(rate(x, n, g))), "\n")

# two conditions in different clusters: a weighted regression in each, Welch's degrees of freedom
side <- function(x, n) {
    fit <- lm(x / n ~ 1, weights = n)
    list(p = coef(fit), v = vcovCL(fit, cluster = seq_along(x), type = "HC0", cadjust = TRUE)[1],
         df = length(x) - 1)
}
a <- side(x[1:5], n[1:5]); b <- side(x[6:8], n[6:8])
v <- a$v + b$v
df <- v^2 / (a$v^2 / a$df + b$v^2 / b$df)
d <- a$p - b$p
cat("difference, se, df, low, high, p: ",
    f(c(d, sqrt(v), df, d + c(-1, 1) * qt(.975, df) * sqrt(v), 2 * pt(-abs(d / sqrt(v)), df))), "\n")

# both conditions in every cluster: one regression, clustered
y <- c(9, 25, 9, 40, 30, 10, 5, 31)
m <- c(390, 1100, 300, 1400, 950, 400, 200, 1500)
long <- data.frame(r = c(x / n, y / m), w = c(n, m), k = rep(1:0, each = 8), g = c(g, g))
fit <- lm(r ~ k, long, weights = w)
se <- sqrt(vcovCL(fit, cluster = long$g, type = "HC0", cadjust = TRUE)["k", "k"])
d <- coef(fit)["k"]
cat("in both: difference, se, low, high, p: ",
    f(c(d, se, d + c(-1, 1) * qt(.975, 7) * se, 2 * pt(-abs(d / se), 7))), "\n")
