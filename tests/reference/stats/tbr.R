# SPDX-License-Identifier: GPL-3.0-or-later
# Values of tests/unit/stats/test_tbr.c (R 4.2.2): the effect from the covariance matrix of lm's predictions, the
# return on spend by searching the ratio whose effect on test - ratio * cost is just not rejected.
control <- c(102.3, 98.1, 110.7, 95.4, 107.2, 101.9, 99.6, 113.8, 104.5, 96.7, 108.3, 100.2, 106.1, 111.5, 97.9, 103.4)
test <- c(55.1, 51.8, 60.9, 50.2, 57.3, 54.4, 53.9, 61.2, 56.7, 50.8, 62.9, 58.4, 61.7, 66.1, 57.0, 59.9)
cost <- c(1.2, 1.1, 1.5, 0.9, 1.3, 1.4, 1.0, 1.6, 1.2, 1.1, 4.2, 3.9, 4.4, 4.1, 4.0, 4.3)
before <- 1:10; during <- 11:15; n <- 10

effect <- function(y, level = .95, tail = "two") {
  d <- data.frame(y = y[before], x = control[before])
  fit <- lm(y ~ x, d)
  new <- cbind(1, control[during])
  total <- sum(y[during] - new %*% coef(fit))
  ones <- rep(1, length(during))
  s2 <- sum(resid(fit)^2) / (n - 2)
  v <- t(ones) %*% (new %*% (vcov(fit)) %*% t(new) + diag(s2, length(during))) %*% ones
  list(fit = fit, total = total, se = sqrt(v[1, 1]), t = total / sqrt(v[1, 1]))
}
e <- effect(test)
options(digits = 17)
print(coef(e$fit)); print(summary(e$fit)$sigma); print(summary(e$fit)$r.squared)
print(c(e$total, e$se, e$t, 2 * pt(-abs(e$t), n - 2), pt(-e$t, n - 2)))
print(e$total + c(-1, 1) * qt(.975, n - 2) * e$se)
print(e$total + c(-1, 1) * qt(.9, n - 2) * e$se)
r <- resid(e$fit); print(c(sum(diff(r)^2) / sum(r^2), sum(r[-1] * r[-n]) / sum(r^2)))
S <- sum(test[during]); limits <- e$total + c(-1, 1) * qt(.975, n - 2) * e$se
print(c(e$total / (S - e$total), limits / (S - limits)))
cst <- effect(cost); iroas <- e$total / cst$total
print(c(cst$total, iroas))
q <- qt(.975, n - 2)
g <- function(r) abs(effect(test - r * cost)$t) - q
print(c(uniroot(g, c(iroas - 1, iroas), tol = 1e-15)$root, uniroot(g, c(iroas, iroas + 1), tol = 1e-15)$root))
print(effect(test - iroas * cost)$se / cst$total)
