# SPDX-License-Identifier: GPL-3.0-or-later
# Reference values for tests/unit/stats/test_bayes_normal.c by integrate() and uniroot().
# Rscript bayes_normal.R
d <- c(2.31, -0.47, 1.83, 0.92, -1.16, 3.07, 0.58, 1.49, -0.23, 2.74, 0.11, 1.37)
posterior <- function(name, d, prior, level = .95) {
    n <- length(d)
    m <- mean(d)
    se <- sd(d) / sqrt(n)
    log_f <- function(x) dt((x - m) / se, n - 1, log = TRUE) + prior(x)
    centre <- seq(min(m, 0) - 60 * se, max(m, 0) + 60 * se, length.out = 20001)
    top <- max(log_f(centre))
    f <- function(x) exp(log_f(x) - top)
    wide <- 2e4 * se
    cuts <- sort(unique(c(-wide, seq(min(m, -4) - 40 * se, max(m, 4) + 40 * se, length.out = 600), 0, wide)))
    int <- function(g, a = -wide, b = wide) {
        k <- c(a, cuts[cuts > a & cuts < b], b)
        sum(sapply(seq_len(length(k) - 1),
                   function(i) integrate(g, k[i], k[i + 1], rel.tol = 1e-13, abs.tol = 1e-16, stop.on.error = FALSE)$value))
    }
    total <- int(f)
    mean <- int(function(x) x * f(x)) / total
    s <- sqrt(int(function(x) (x - mean)^2 * f(x)) / total)
    q <- function(p) uniroot(function(b) int(f, -wide, b) / total - p, c(-30, 30), tol = 1e-14)$root
    a <- (1 - level) / 2
    cat(name, paste(format(c(mean, s, q(a), q(1 - a), int(f, 0, wide) / total, int(f, -wide, 0) / total,
                             int(function(x) -x * f(x), -wide, 0) / total,
                             int(function(x) x * f(x), 0, wide) / total), digits = 17), collapse = ", "), "\n")
}
normal <- function(m, s) function(x) dnorm(x, m, s, log = TRUE)
four <- c(2.31, 1.83, 2.6, 2.4)
posterior("normal 0 .5", d, normal(0, .5))
posterior("normal 1.5 2, 90 %", d, normal(1.5, 2), .9)
posterior("two peaks: normal -.5 .65 on four", four, normal(-.5, .65))
# flat: losses of t
n <- length(d)
se <- sd(d) / sqrt(n)
f <- function(x) dt((x - mean(d)) / se, n - 1) / se
loss <- integrate(function(x) -x * f(x), -Inf, -1, rel.tol = 1e-13)$value +
    integrate(function(x) -x * f(x), -1, 0, rel.tol = 1e-13)$value
cat("flat", format(c(loss, loss + mean(d), pt(mean(d) / se, n - 1), se * sqrt(11 / 9)), digits = 17), "\n")
