# SPDX-License-Identifier: GPL-3.0-or-later
# Reference values for tests/unit/stats/test_meta.c: thirteen trials of the BCG vaccine (Colditz et al. 1994,
# doi:10.1001/jama.1994.03510330076038), log relative risks, by the package metafor.
# Rscript meta.R
suppressMessages(library(metafor))
options(digits = 17)
tpos <- c(4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27)
tneg <- c(119, 300, 228, 13536, 5036, 1361, 2537, 87886, 7470, 1699, 50448, 2493, 16886)
cpos <- c(11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29)
cneg <- c(128, 274, 209, 12619, 5761, 1079, 619, 87892, 7232, 1600, 27197, 2338, 17825)
y <- log((tpos / (tpos + tneg)) / (cpos / (cpos + cneg)))
v <- 1 / tpos - 1 / (tpos + tneg) + 1 / cpos - 1 / (cpos + cneg)
show <- function(name, x) cat(name, paste(format(x, digits = 17), collapse = ", "), "\n")
show("y", y)
show("se", sqrt(v))
model <- function(...) rma(y, sei = sqrt(v), ...)
for (fit in list(model(method = "FE"), model(method = "DL"), model(method = "DL", test = "knha")))
    show(paste(fit$method, fit$test), c(fit$beta, fit$se, fit$zval, fit$pval, fit$ci.lb, fit$ci.ub))
fit <- model(method = "DL")
k <- length(y)
show("Q, p, I2, tau2, H", c(fit$QE, fit$QEp, fit$I2 / 100, fit$tau2, sqrt(fit$H2)))
show("prediction (Higgins)", fit$beta[1] + c(-1, 1) * qt(.975, k - 2) * sqrt(fit$se^2 + fit$tau2))
# homogeneous: tau2 = 0, and Hartung and Knapp's error below the fixed one
z <- c(.11, .13, .12, .1)
s <- c(.05, .07, .04, .06)
for (fit in list(rma(z, sei = s, method = "FE"), rma(z, sei = s, method = "DL"),
                 rma(z, sei = s, method = "DL", test = "knha")))
    show(paste("homogeneous", fit$method, fit$test),
         c(fit$beta, fit$se, fit$pval, fit$ci.lb, fit$ci.ub, fit$QE, fit$I2, fit$tau2))
