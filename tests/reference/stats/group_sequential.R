# SPDX-License-Identifier: GPL-3.0-or-later
# Reference values for tests/unit/stats/test_group_sequential.c: boundaries of three looks at t = .3, .45, 1,
# one-sided .05, without recursion: nested integrals of normal increments.
# Rscript group_sequential.R
t <- c(.3, .45, 1)
spent <- list(obf = 2 * pnorm(qnorm(.025, lower.tail = FALSE) / sqrt(t), lower.tail = FALSE),
              pocock = .05 * log(1 + (exp(1) - 1) * t))
int <- function(f, a, b) {
    cuts <- seq(a, b, length.out = 9)
    sum(sapply(1:8, function(i) integrate(f, cuts[i], cuts[i + 1], rel.tol = 1e-12, abs.tol = 0)$value))
}
solve <- function(f) uniroot(f, c(1, 6), tol = 1e-14)$root
for (name in names(spent)) {
    s <- spent[[name]]
    c1 <- qnorm(s[1], lower.tail = FALSE)
    b1 <- c1 * sqrt(t[1])
    up <- function(b, from, v) pnorm((b - from) / sqrt(v), lower.tail = FALSE)
    second <- function(b) int(function(u) dnorm(u, 0, sqrt(t[1])) * up(b, u, t[2] - t[1]), b1 - 12 * sqrt(t[1]), b1)
    c2 <- solve(function(c) log(second(c * sqrt(t[2])) / (s[2] - s[1])))
    b2 <- c2 * sqrt(t[2])
    # density of B(t2) = v without a crossing at t1, in closed form
    density2 <- function(v) {
        m <- v * t[1] / t[2]
        sd <- sqrt(t[1] * (t[2] - t[1]) / t[2])
        dnorm(v, 0, sqrt(t[2])) * pnorm((b1 - m) / sd)
    }
    third <- function(b) int(function(v) density2(v) * up(b, v, t[3] - t[2]), b2 - 12 * sqrt(t[2]), b2)
    c3 <- solve(function(c) log(third(c) / (s[3] - s[2])))
    cat(name, format(c(c1, c2, c3), digits = 17), "\n")
}
