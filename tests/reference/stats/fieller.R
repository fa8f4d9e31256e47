# The numbers in tests/unit/stats/test_fieller.c: Rscript tests/reference/stats/fieller.R
options(digits = 15)
a <- c(0.31, 0.12, 0.44, 0.27, 0.38, 0.05, 0.21)
b <- c(-0.11, -0.06, -0.13, -0.12, -0.09, -0.04, -0.1)
n <- length(a)
cat("means", mean(a), mean(b), "\nvariances", var(a) / n, var(b) / n, cov(a, b) / n, "\n")
# Fieller by its definition: the ratios r at which the t-test of a - r b does not reject
p <- function(r) t.test(a - r * b)$p.value - 0.05
r0 <- mean(a) / mean(b)
cat("ratio", r0, "low", uniroot(p, c(r0 - 5, r0), tol = 1e-13)$root, "high",
    uniroot(p, c(r0, r0 + 5), tol = 1e-13)$root, "\n")
# two groups: Welch's test of each column, and of the residual
treated <- c(1, 1, 1, 1, 0, 0, 0)
for (x in list(a, b, a - (mean(a[treated == 1]) - mean(a[treated == 0])) /
                     (mean(b[treated == 1]) - mean(b[treated == 0])) * b)) {
    w <- t.test(x[treated == 1], x[treated == 0])
    cat("difference", w$estimate[1] - w$estimate[2], "variance", w$stderr^2, "df", w$parameter, "\n")
}
# blocks 0 0 1 1 | 0 1 1: differences weighted by treated stores, variances pooled within each side's blocks
block <- c(0, 0, 1, 1, 0, 1, 1)
share <- c(0.5, 0.5)
for (x in list(a, b)) {
    difference <- variance <- 0
    for (side in 1:0) {
        fit <- lm(x[treated == side] ~ factor(block[treated == side]))
        s2 <- summary(fit)$sigma^2
        for (k in 0:1) {
            own <- x[treated == side & block == k]
            difference <- difference + (2 * side - 1) * share[k + 1] * mean(own)
            variance <- variance + share[k + 1]^2 * s2 / length(own)
        }
    }
    cat("blocks", difference, variance, "\n")
}
