# SPDX-License-Identifier: GPL-3.0-or-later
# Quantiles (type 7) with limits from the binomial distribution, for tests/unit/stats/test_quantile.c.
limits <- function(x, p, level) {
  x <- sort(x); n <- length(x); tail <- (1 - level) / 2
  k <- 0:n
  below <- max(k[k == 0 | pbinom(k - 1, n, p) <= tail])
  above <- max(k[k == 0 | pbinom(k - 1, n, 1 - p) <= tail])
  c(quantile(x, p, names = FALSE, type = 7),
    if (below > 0) x[below] else -Inf, if (above > 0) x[n + 1 - above] else Inf)
}
squares <- function(n) (seq_len(n) * 37 %% 101)^2 %% 997 / 8
show <- function(...) cat(sprintf("{%.17g, %.17g, %.17g}\n", ...))
for (case in list(c(5, .5, .95), c(6, .5, .95), c(20, .5, .95), c(101, .25, .9), c(101, .9, .99), c(2000, .5, .95))) {
  v <- limits(squares(case[1]), case[2], case[3])
  cat(case, ": "); show(v[1], v[2], v[3])
}
# how often the interval of the median of 12 values holds it, exactly: between the 3rd and the 10th value
cat(sum(dbinom(3:9, 12, .5)), "\n")
