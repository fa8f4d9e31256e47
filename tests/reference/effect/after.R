# SPDX-License-Identifier: GPL-3.0-or-later
# Values of tests/unit/effect/test_after.c: five pairs (stores 0 to 4 test, 5 to 9 control), days 1 to 6 in three periods of two.
sold <- function(s, d) 60 + (s * 7 + d * 5 + s * d * 3) %% 13 + ifelse(s < 5 & d %in% 3:4, 20, 0) - ifelse(s < 5 & d > 4, 8, 0)
total <- function(s, days) sapply(s, function(k) sum(sold(k, days)))
change <- function(days) {
  tb <- total(0:4, 1:2); td <- total(0:4, days); cb <- total(5:9, 1:2); cd <- total(5:9, days)
  td - tb * cd / cb
}
during <- change(3:4); after <- change(5:6); net <- during + after
# Standard deviation of the total over draws of n - 1 of the n pairs with replacement, at the size before.
set.seed(1)
size <- total(0:4, 1:2)
se <- function(e) { n <- length(e); sd(replicate(200000, { i <- sample.int(n, n - 1, TRUE); sum(size) * sum(e[i]) / sum(size[i]) })) }
cat(sprintf("%.10g %.10g\n", c(sum(during), sum(after), sum(net)), c(se(during), se(after), se(net))))
x <- log(total(0:4, 5:6) / total(0:4, 1:2)) - log(total(5:9, 5:6) / total(5:9, 1:2)); t <- t.test(x)
cat(sprintf("lift after %.10g [%.10g, %.10g] p %.10g\n", expm1(mean(x)), expm1(t$conf.int[1]), expm1(t$conf.int[2]), t$p.value))
cat(sprintf("share lost %.10g\n", -sum(after) / sum(during)))
# Beale's ratio of the loss to the gain; variance and covariance by draws
draws <- t(replicate(200000, { i <- sample.int(5, 4, TRUE); k <- sum(size) / sum(size[i]); k * c(sum(during[i]), -sum(after[i])) }))
G <- sum(during); L <- -sum(after)
cat(sprintf("Beale %.6g\n", (L / G) * (1 + cov(draws)[1, 2] / (L * G)) / (1 + var(draws[, 1]) / G^2)))
