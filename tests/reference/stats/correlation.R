# SPDX-License-Identifier: GPL-3.0-or-later
# usage: Rscript correlation.R   reference values of tests/unit/stats/test_{correlation,spearman}.c
options(digits = 17)
x <- c(44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2)
y <- c(2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8)
show <- function(h) cat(h$method, h$alternative, "estimate", format(unname(h$estimate)), "stat",
                        format(unname(h$statistic)), "p", format(h$p.value), "\n")
for (a in c("two.sided", "greater", "less")) {
  show(cor.test(x, y, alternative = a))
  show(cor.test(x, y, alternative = a, method = "spearman"))
}
# ties: Student's t of the midranks
tx <- c(1, 2, 2, 3, 4, 4, 4, 5, 6, 7, 8, 9); ty <- c(2, 1, 3, 3, 5, 4, 6, 6, 6, 9, 7, 8)
show(suppressWarnings(cor.test(tx, ty, method = "spearman", exact = FALSE)))
# the exact distribution of r under rho (Hotelling 1953, eq. 25) by numerical integration; its interval at 95 %
dens <- function(r, rho, n) {
  f <- function(b) ifelse(b < 400, 1 / (cosh(b) - rho * r)^(n - 1), 0)
  k <- integrate(f, 0, Inf, rel.tol = 1e-13, subdivisions = 5000)$value
  (n - 2) * (1 - rho^2)^((n - 1) / 2) * (1 - r^2)^((n - 4) / 2) / pi * k
}
upper <- function(r0, rho, n) integrate(function(r) sapply(r, dens, rho = rho, n = n), r0, 1,
                                        rel.tol = 1e-12, subdivisions = 2000)$value
r <- cor(x, y); n <- 8
lim <- function(p) uniroot(function(rho) upper(r, rho, n) - p, c(-.9, .999), tol = 1e-14)$root
cat("exact interval", format(lim(.025)), format(lim(.975)), "\n")
