# SPDX-License-Identifier: GPL-3.0-or-later
# usage: Rscript monitor.R   prints the values of tests/unit/stats/test_looks.c and
# tests/unit/effect/test_monitor.c: t by R, the mixture and the spending boundaries
# from their formulas, two looks by integrate().
options(digits = 12)

rate <- function(alpha, tuned = 0.25) (-2 * log(alpha) + log1p(-2 * log(alpha))) / tuned
multiplier <- function(t, alpha) { x <- t * rate(alpha); sqrt((1 + 1 / x) * (log1p(x) - 2 * log(alpha))) }
to_normal <- function(t, df) sign(t) * qnorm(pt(-abs(t), df, log.p = TRUE), lower.tail = FALSE, log.p = TRUE)
to_student <- function(z, df) qt(pnorm(-z, log.p = TRUE), df, lower.tail = FALSE, log.p = TRUE)
p_of <- function(z, t, alpha) { x <- t * rate(alpha); pmin(1, exp(-(z^2 / (1 + 1 / x) - log1p(x)) / 2)) }

cat("z of t 2.5, df 7, and of -12, df 2:", to_normal(2.5, 7), to_normal(-12, 2), "\n")
cat("t of z 3, df 7, and of 2, df 1.5:", to_student(3, 7), to_student(2, 1.5), "\n")
cat("multiplier at 1, 1/28, alpha .05, and 1/2, .01:", multiplier(1, .05), multiplier(1 / 28, .05),
    multiplier(.5, .01), "\n")
one <- function(est, se, df, t, alpha) {
    z <- to_normal(est / se, df); m <- to_student(multiplier(t, alpha), df) * se
    c(z = z, low = est - m, high = est + m, p = p_of(z, t, alpha))
}
print(one(.05, .012, 19, .5, .05))

# two looks at 1/2 and 1, O'Brien-Fleming spending, two-sided .05
spent <- function(t) 2 * pnorm(-qnorm(1 - .025 / 2) / sqrt(t))
c1 <- qnorm(spent(.5), lower.tail = FALSE)
crossed <- function(c2) integrate(function(z) dnorm(z) * pnorm((c2 - z * sqrt(.5)) / sqrt(.5), lower.tail = FALSE),
                                  -8, c1, rel.tol = 1e-12)$value
c2 <- uniroot(function(c) crossed(c) - (.025 - spent(.5)), c(1, 4), tol = 1e-13)$root
cat("boundaries:", c1, c2, "; look by look:", qnorm(.025 - spent(.5), lower.tail = FALSE), "\n")
cat("interval of .05, se .02, df 19 at the second:", .05 + c(-1, 1) * to_student(c2, 19) * .02, "\n")
cat("conditional power, z 1 at .4, 2.5 expected, boundary 2:",
    pnorm((2 - 1 * sqrt(.4) - 2.5 * .6) / sqrt(.6), lower.tail = FALSE), "\n")

# three pairs, days 1 to 2 before, 3 to 5 during: units of test and control
test <- rbind(c(100, 110, 120, 126, 131), c(90, 80, 100, 99, 95), c(200, 210, 214, 240, 225))
control <- rbind(c(95, 105, 101, 99, 110), c(85, 95, 90, 94, 85), c(190, 205, 201, 207, 199))
for (day in 3:5) {
    e <- log(rowMeans(test[, 3:day, drop = FALSE]) / rowMeans(test[, 1:2])) -
         log(rowMeans(control[, 3:day, drop = FALSE]) / rowMeans(control[, 1:2]))
    r <- one(mean(e), sd(e) / sqrt(3), 2, (day - 2) / 4, .05)
    cat("day", day, ":", expm1(mean(e)), sd(e) / sqrt(3), r["z"], expm1(r["low"]), expm1(r["high"]), r["p"], "\n")
}
# the same stores as groups without pairs
for (day in 3:5) {
    x <- log(rowMeans(test[, 3:day, drop = FALSE]) / rowMeans(test[, 1:2]))
    y <- log(rowMeans(control[, 3:day, drop = FALSE]) / rowMeans(control[, 1:2]))
    w <- t.test(x, y)
    r <- one(mean(x) - mean(y), unname(w$stderr), unname(w$parameter), (day - 2) / 4, .05)
    cat("groups, day", day, ":", expm1(mean(x) - mean(y)), w$stderr, w$parameter, expm1(r["low"]),
        expm1(r["high"]), r["p"], "\n")
}
