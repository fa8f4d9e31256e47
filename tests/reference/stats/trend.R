# Reference values of tests/unit/stats/test_trend.c and of the self-test. Base R only.
options(digits = 17)
slopes <- function(x, y) {
    ij <- combn(length(x), 2)
    sort((y[ij[2, ]] - y[ij[1, ]]) / (x[ij[2, ]] - x[ij[1, ]]))
}
S <- function(x, y) sum(sign(outer(x, x, "-")) * sign(outer(y, y, "-"))) / 2

# without ties: cor.test counts, and the interval of Hollander and Wolfe, section 9.3: the upper half-level
# point of S, from its distribution
twelve <- c(2.31, -0.47, 1.83, 0.92, -1.16, 3.07, 0.58, 1.49, -0.23, 2.74, 0.11, 1.37)
month <- c(1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 14)
rising <- twelve + 0.3 * month
for (y in list(twelve, rising)) {
    t <- cor.test(month, y, method = "kendall", exact = TRUE)
    cat("S", S(month, y), "tau", t$estimate, "p", t$p.value, "slope", median(slopes(month, y)), "\n")
}
# every count of falling pairs among n values without ties
falling <- function(n) {
    p <- 1
    for (k in 2:n) p <- rowSums(sapply(0:(k - 1), function(s) c(rep(0, s), p, rep(0, k - 1 - s)))) / k
    p
}
cut <- max(which(cumsum(falling(12)) <= 0.025)) - 1
w <- slopes(month, rising)
cat("12, 95 %: interval", w[cut + 1], w[length(w) - cut], "\n")
y50 <- sin((1:50) * 1.7) * 10 + (1:50) * 0.15
t <- cor.test(1:50, y50, method = "kendall", exact = TRUE)
cat("50: tau", t$estimate, "p", t$p.value, "slope", median(slopes(1:50, y50)), "\n")

# with ties: every order of eight values
tied <- c(3, 3, 4, 3, 5, 4, 6, 6)
orders <- function(v) if (length(v) < 2) matrix(v, 1) else
    do.call(rbind, lapply(seq_along(v), function(i) cbind(v[i], orders(v[-i]))))
all <- apply(orders(tied), 1, function(y) S(1:8, y))
seen <- S(1:8, tied)
cat("ties: S", seen, "tau", cor(1:8, tied, method = "kendall"), "p", 2 * mean(all >= seen), "slope",
    median(slopes(1:8, tied)), "\n")
# many values: the formula of Kendall
y200 <- round(sin((1:200) * 0.9) * 5 + (1:200) * 0.01)
t200 <- table(y200)
v <- (200 * 199 * 405 - sum(t200 * (t200 - 1) * (2 * t200 + 5))) / 18
s200 <- S(1:200, y200)
cat("200: S", s200, "p", 2 * pnorm(-(abs(s200) - 1) / sqrt(v)), "\n")

two <- read.csv("src/cli/selftest/two_firms.csv")
t <- cor.test(two$year, two$test, method = "kendall", exact = TRUE)
cat("two firms: S", S(two$year, two$test), "tau", t$estimate, "p", t$p.value, "slope", median(slopes(two$year, two$test)), "\n")
