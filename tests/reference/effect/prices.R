# The numbers of tests/unit/effect/test_prices.c, on experiments/dominicks-orange-juice/price-cut.yaml.
# usage: Rscript tests/reference/effect/prices.R experiments/dominicks-orange-juice    needs r-cran-clubsandwich
suppressMessages(library(clubSandwich))
folder <- commandArgs(TRUE)[1]
d <- read.csv(file.path(folder, "sales.csv"), colClasses = c(store = "character"))
pairs <- read.csv(file.path(folder, "pairs-price-cut.csv"), colClasses = "character")
show <- function(name, x) cat(name, sprintf("%.12g", x), "\n")
value <- function(store, weeks, column) mean(d[d$store == store & d$week %in% weeks, column])
change <- function(store, f) log(f(store, 146:147)) - log(f(store, 140:145))
units <- function(store, weeks) value(store, weeks, "units")
price <- function(store, weeks) value(store, weeks, "revenue") / value(store, weeks, "units")
effect <- function(f) mapply(function(t, c) change(t, f) - change(c, f), pairs$test, pairs$control)
a <- effect(units)
b <- effect(price)
show("price", exp(c(mean(b), t.test(b)$conf.int)) - 1)
show("units", exp(c(mean(a), t.test(a)$conf.int)) - 1)
# Fieller by its definition: the ratios at which the t-test of a - r b does not reject
p <- function(r) t.test(a - r * b)$p.value - 0.05
r <- mean(a) / mean(b)
show("elasticity", c(r, uniroot(p, c(r - 20, r), tol = 1e-13)$root, uniroot(p, c(r, r + 20), tol = 1e-13)$root))
show("p", t.test(a)$p.value)
cluster <- d$store
hit <- match(d$store, pairs$control)
cluster[!is.na(hit)] <- pairs$test[hit[!is.na(hit)]]
for (before in c(FALSE, TRUE)) {
    u <- if (before) d[d$week < 146, ] else d
    g <- if (before) cluster[d$week < 146] else cluster
    fit <- lm(log(units) ~ log(revenue / units) + factor(store) + factor(week), u)
    test <- coef_test(fit, vcov = "CR2", cluster = g, coefs = "log(revenue/units)")
    show(if (before) "before" else "all", c(test$beta, test$SE, test$df, test$p_Satt))
}
