# SPDX-License-Identifier: GPL-3.0-or-later
# Rates of clusters and a logistic curve with clusters, for tests/unit/stats/test_cluster_rate.c and
# test_logistic_curve.c: R's own fits with clubSandwich's clustered variances.
# Run: Rscript tests/reference/stats/cluster_rate.R
suppressMessages(library(clubSandwich))
x <- c(12, 30, 7, 55, 21, 16, 3, 40)
n <- c(400, 1200, 350, 1500, 900, 420, 180, 1600)
f <- function(v) paste(sprintf("%.15g", v), collapse = ", ")

# a weighted mean of the clusters' rates; Satterthwaite's df under v_g = p q n_g + t n_g^2, by quadratic forms
side <- function(x, n) {
    r <- x / n
    fit <- lm(r ~ 1, weights = n)
    p <- unname(coef(fit)); N <- sum(n); q <- p * (1 - p)
    t <- max(0, (sum((x - p * n)^2) - sum(q * n * (1 - n / N))) / sum(n^2))
    v <- (q * n + t * n^2) / (1 - n / N)
    list(p = p, v = vcovCR(fit, cluster = seq_along(x), type = "CR2", inverse_var = TRUE)[1], df = min(max(1, sum(v)^2 / sum(v^2) - 1), length(x) - 1))
}
a <- side(x, n)
h <- qt(.975, a$df) * sqrt(a$v) / (a$p * (1 - a$p))
cat("rate, se, df, low, high, p equal: ",
    f(c(a$p, sqrt(a$v), a$df, plogis(qlogis(a$p) + c(-h, h)), suppressWarnings(prop.test(x, n)$p.value))), "\n")

# two conditions in different clusters
a <- side(x[1:5], n[1:5]); b <- side(x[6:8], n[6:8])
v <- a$v + b$v
df <- v^2 / (a$v^2 / a$df + b$v^2 / b$df)
d <- a$p - b$p
cat("difference, se, df, low, high, p: ",
    f(c(d, sqrt(v), df, d + c(-1, 1) * qt(.975, df) * sqrt(v), 2 * pt(-abs(d / sqrt(v)), df))), "\n")

# both conditions in every cluster
y <- c(9, 25, 9, 40, 30, 10, 5, 31)
m <- c(390, 1100, 300, 1400, 950, 400, 200, 1500)
a <- side(x, n); b <- side(y, m)
u <- (x - a$p * n) / sum(n) / sqrt(1 - n / sum(n)) - (y - b$p * m) / sum(m) / sqrt(1 - m / sum(m))
se <- sqrt(sum(u^2)); df <- min(a$df, b$df); d <- a$p - b$p
cat("in both: difference, se, df, low, high, p: ",
    f(c(d, se, df, d + c(-1, 1) * qt(.975, df) * se, 2 * pt(-abs(d / se), df))), "\n")

# redemption against face value: CR3 is the jackknife to first order without its (G - 1) / G
s <- c(9, 14, 22, 31, 12, 20, 18, 44, 5, 6); w <- c(300, 310, 350, 330, 420, 400, 260, 500, 150, 90)
face <- c(.5, 1, 1.5, 2, .5, 1, 1.5, 2, .5, 2); store <- c(1, 2, 3, 4, 5, 6, 7, 8, 9, 9)
fit <- glm(cbind(s, w - s) ~ face, binomial, control = list(epsilon = 1e-15, maxit = 50))
V <- as.matrix(vcovCR(fit, cluster = store, type = "CR3")) * 8 / 9
cat("curve: intercept, slope, variances, covariance, se at 1.3: ",
    f(c(coef(fit), V[1, 1], V[2, 2], V[1, 2], sqrt(c(1, 1.3) %*% V %*% c(1, 1.3)))), "\n")
