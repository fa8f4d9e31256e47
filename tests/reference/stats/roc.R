# SPDX-License-Identifier: GPL-3.0-or-later
# Reference values of roc and prediction_fit: Rscript tests/reference/stats/roc.R (pROC 1.18 or later)
options(digits = 17)
suppressMessages(library(pROC))
y <- c(0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0)
p <- c(.21, .64, .35, .35, .81, .12, .47, .64, .08, .73, .92, .41, .58, .29, .17, .35, .77, .52, .23, .88, .31, .06,
       .47, .47)
area <- function(y, p) {
  r <- roc(y, p, direction = "<", quiet = TRUE)
  a <- as.numeric(auc(r))
  se <- sqrt(var(r, method = "delong"))
  l <- qlogis(a)
  s <- se / (a * (1 - a))
  cat("auc", a, "se", se, "logit interval", plogis(l + c(-1, 1) * qnorm(.975) * s), "p", 2 * pnorm(-abs(l) / s), "\n")
}
area(y, p)
i <- 0:299 # many ties
score <- (7 * i) %% 23
area(as.numeric((13 * i * i + 5 * i) %% 17 < score * 17 / 30), score)
area(as.numeric(score < 8), score) # perfectly the wrong way round

exact <- glm.control(epsilon = 1e-15, maxit = 100)
show <- function(m, j) {
  q <- fitted(m); X <- model.matrix(m)
  se <- sqrt(diag(solve(crossprod(X * sqrt(q * (1 - q))))))[j]
  cat(coef(m)[j], se, "interval", coef(m)[j] + c(-1, 1) * qnorm(.975) * se, "\n")
}
l <- qlogis(p)
cat("in the large "); show(glm(y ~ 1, binomial, offset = l, control = exact), 1)
cat("slope "); show(glm(y ~ l, binomial, control = exact), 2)
cat("brier", mean((p - y)^2), "constant", mean(y) * (1 - mean(y)), "mean", mean(p), mean(y), "\n")
wilson <- function(x, n) suppressWarnings(prop.test(x, n, correct = FALSE)$conf.int)
bin <- findInterval(p, c(0, .25, .45, .65)) # quarters; equal predictions, .64 twice, stay together
for (b in 1:4) {
  i <- bin == b
  cat("bin", sum(i), mean(p[i]), mean(y[i]), wilson(sum(y[i]), sum(i)), "\n")
}
