# SPDX-License-Identifier: GPL-3.0-or-later
# Values of tests/unit/effect/test_products.c: six pairs (stores 0 to 5 test, 6 to 11 control), days 1 to 4, five items.
sold <- function(s, d, i) {
  u <- 40 + (s * 7 + d * 5 + i * 11 + s * d * 3 + i * s * 5) %% 17
  effect <- c(30, -9, -4, 0, 12)[i + 1]
  u <- u + ifelse(s < 6 & d > 2, effect, 0)
  if (i == 3 && (s + d) %% 3 != 0) u <- 0      # rare: no sales in some cells
  if (i == 3) u <- u %/% 8
  if (i == 4 && s >= 6) u <- 0                 # new: in the test stores only
  u
}
price <- c(2, 3, 4, 5, 6)
total <- function(s, days, items, money) sum(sapply(days, function(d) sapply(items, function(i)
  sold(s, d, i) * if (money) price[i + 1] else 1)))
b <- function(items, money, s) sapply(s, total, 1:2, items, money)
d <- function(items, money, s) sapply(s, total, 3:4, items, money)
# Standard deviation of the total over draws of n - 1 of the n pairs with replacement; relative: at the size before.
set.seed(1)
error <- function(e, size) {
  n <- length(e)
  sd(replicate(200000, { i <- sample.int(n, n - 1, TRUE); if (is.null(size)) sum(e[i]) * n / (n - 1) else sum(size) * sum(e[i]) / sum(size[i]) }))
}
report <- function(name, items) {
  for (money in c(FALSE, TRUE)) {
    tb <- b(items, money, 0:5); td <- d(items, money, 0:5); cb <- b(items, money, 6:11); cd <- d(items, money, 6:11)
    if (all(c(tb, td, cb, cd) > 0)) {
      x <- log(td / tb) - log(cd / cb); t <- t.test(x); cf <- tb * cd / cb
      lift <- expm1(c(mean(x), t$conf.int))
    } else {
      x <- (td - tb) - (cd - cb); t <- t.test(x); cf <- tb + cd - cb
      lift <- c(mean(x), t$conf.int) / mean(cf)
    }
    n <- length(x); e <- td - cf
    se <- error(e, if (all(c(tb, td, cb, cd) > 0)) tb)
    cat(sprintf("%-8s %s lift %.10g [%.10g, %.10g] p %.10g change %.10g se %.10g\n", name, if (money) "revenue" else "units",
                lift[1], lift[2], lift[3], t$p.value, sum(e), se))
  }
  t$p.value
}
report("cola", 0); report("milk", 1); report("tea", 2); report("rare", 3); report("others", 1:4)
p <- sapply(1:3, function(i) { s <- 0:5
  tb <- b(i, FALSE, s); td <- d(i, FALSE, s); cb <- b(i, FALSE, s + 6); cd <- d(i, FALSE, s + 6)
  x <- if (all(c(tb, td, cb, cd) > 0)) log(td / tb) - log(cd / cb) else (td - tb) - (cd - cb)
  t.test(x)$p.value })
cat("holm", format(p.adjust(p, "holm"), digits = 10), "\n")

# Beale's ratio of the others' loss to the gain, in revenue; variance and covariance by draws
s <- 0:5
e <- function(items) { tb <- b(items, TRUE, s); tb0 <- tb; cb <- b(items, TRUE, s + 6)
  list(e = d(items, TRUE, s) - tb * d(items, TRUE, s + 6) / cb, size = tb0) }
g <- e(0); l <- e(1:2)
draws <- t(replicate(200000, { i <- sample.int(6, 5, TRUE)
  c(sum(g$size) * sum(g$e[i]) / sum(g$size[i]), -sum(l$size) * sum(l$e[i]) / sum(l$size[i])) }))
G <- sum(g$e); L <- -sum(l$e)
cat(sprintf("share of two others: plain %.10g Beale %.6g\n", L / G, (L / G) * (1 + cov(draws)[1, 2] / (L * G)) / (1 + var(draws[, 1]) / G^2)))
