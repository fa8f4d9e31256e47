# SPDX-License-Identifier: GPL-3.0-or-later
# Reference values of logistic: Rscript tests/reference/stats/logistic.R
options(digits = 17)
exact <- glm.control(epsilon = 1e-15, maxit = 100)
show <- function(m) {
  # glm() gives the covariance of its last iteration but one; this is at the estimate itself
  p <- fitted(m); X <- model.matrix(m); n <- m$prior.weights
  B <- solve(crossprod(X * sqrt(n * p * (1 - p))))
  cat("coef", coef(m), "\nse", sqrt(diag(B)), "\nloglik", logLik(m), "deviance", deviance(m), "null",
      m$null.deviance, "aic", AIC(m), "\n")
  B
}
y <- c(0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 1, 1)
a <- c(1.2, 2.3, 0.4, 3.1, 1.9, 1.1, 0.7, 2.2, 0.3, 2.8, 3.3, 1.6, 2.1, 1.4, 0.9, 1.8, 2.6, 1.3, 0.8, 3)
b <- c(5, 3, 6, 2, 7, 1, 4, 8, 2, 6, 3, 5, 9, 1, 4, 7, 2, 8, 6, 3)
store <- rep(1:5, times = c(3, 5, 4, 2, 6))
m <- glm(y ~ a + b, binomial, control = exact)
B <- show(m)
u <- rowsum((y - fitted(m)) * model.matrix(m), store)
cat("cluster se", sqrt(diag(B %*% crossprod(u) %*% B) * 5 / 4), "\n")

admit <- read.csv(file.path(Sys.getenv("PAIRLIFT_SHARED", "../shared"), "data/r_ucb/ucb_admissions.csv"))
wide <- reshape(admit, idvar = c("Gender", "Dept"), timevar = "Admit", direction = "wide")
print(wide)
male <- as.numeric(wide$Gender == "Male")
counts <- cbind(wide$Freq.Admitted, wide$Freq.Rejected)
B <- show(glm(counts ~ male, binomial, control = exact))
B <- show(glm(counts ~ male + wide$Dept, binomial, control = exact))
