# SPDX-License-Identifier: GPL-3.0-or-later
# Reference values for tests/unit/stats/test_cuped.c, from lm() and matrices.
# Rscript cuped.R
show <- function(name, x) cat(name, paste(format(x, digits = 17), collapse = ", "), "\n")
y <- c(10, 12, 9, 15, 14, 11)
x <- c(8, 11, 9, 13, 12, 10)
show("published", c(cov(x, y) / var(x), 1 - cor(x, y)^2))

# pairs: intercept at a difference before of 0
d <- c(2.31, -0.47, 1.83, 0.92, -1.16, 3.07, 0.58, 1.49, -0.23, 2.74, 0.11, 1.37)
before <- c(1.2, -0.8, 0.9, 0.4, -1.1, 1.7, -0.2, 0.8, 0.3, 1.1, -0.6, 0.2)
for (level in c(.95, .9)) {
    s <- summary(fit <- lm(d ~ before))
    show(paste("pairs", level), c(s$coefficients[1, ], confint(fit, level = level)[1, ]))
}
show("pairs theta, r", c(coef(fit)[2], cor(d, before)))
show("pairs six", c(summary(lm(y ~ x))$coefficients[1, ]))

# groups: HC2 with Bell and McCaffrey's degrees of freedom
during <- c(12.1, 9.4, 15.2, 11.8, 13.3, 10.2, 14.9, 8.7, 16.1, 12.7, 13.9, 11.2, 17.4, 9.9)
pre <- c(10.3, 8.8, 12.9, 10.1, 11.2, 9.7, 11.9, 8.1, 12.8, 11.4, 10.6, 9.3, 14.2, 8.9)
group <- factor(c("a", "a", "a", "a", "a", "a", "b", "b", "b", "b", "b", "c", "c", "c"))
hc2 <- function(X, y, w) {
    H <- X %*% solve(crossprod(X), t(X))
    e <- y - H %*% y
    a <- as.vector(w %*% solve(crossprod(X), t(X)))
    v <- a^2 / (1 - diag(H))
    M <- diag(nrow(X)) - H
    A <- M %*% diag(v) %*% M
    c(estimate = sum(a * y), se = sqrt(sum(v * e^2)), df = sum(diag(A))^2 / sum(A * A))
}
X <- cbind(model.matrix(~ group), pre)
for (j in 2:3) {
    r <- hc2(X, during, as.numeric(seq_len(ncol(X)) == j))
    t <- r[1] / r[2]
    show(paste("groups", levels(group)[j]),
         c(r, t, 2 * pt(-abs(t), r[3]), r[1] + c(-1, 1) * qt(.975, r[3]) * r[2]))
}
within <- function(v) v - ave(v, group)
show("theta within, r within", c(sum(within(during) * within(pre)) / sum(within(pre)^2),
                                 cor(within(during), within(pre))))
show("theta all, r all", c(cov(during, pre) / var(pre), cor(during, pre)))
two <- group != "c"
X <- cbind(model.matrix(~ droplevels(group[two])), pre[two])
r <- hc2(X, during[two], c(0, 1, 0))
show("two groups", c(r, 2 * pt(-abs(r[1] / r[2]), r[3])))
