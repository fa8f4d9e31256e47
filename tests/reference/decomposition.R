# The split of revenue into items and price, and what the promotion earned, on
# experiments/dominicks-orange-juice/price-cut.yaml with `economics: {margin: 0.25, fixed_cost: 200, cost_per_store:
# 20}`, by means that share nothing with pairlift. Usage, in the project's folder:
# Rscript tests/reference/decomposition.R
sales <- read.csv("experiments/dominicks-orange-juice/sales.csv")
pairs <- read.csv("experiments/dominicks-orange-juice/pairs-price-cut.csv")
before <- 140:145; during <- 146:147; after <- 148:149
series <- function(store, column, weeks) {
  rows <- sales[sales$store == store & sales$week %in% weeks, ]
  rows[[column]][order(rows$week)]
}
value <- function(stores, column, weeks) sapply(stores, function(s) mean(series(s, column, weeks)))
# the squared relative error of the control store's mean before
error <- function(column) mapply(function(test, control) {
  t <- series(test, column, before); c <- series(control, column, before)
  z <- t / mean(t) - c / mean(c); n <- length(z)
  r <- min(max(sum(z[-1] * z[-n]) / sum(z^2), 0), 0.9)
  var(z) / (2 * n) * (1 + r) / (1 - r)
}, pairs$test, pairs$control)
one <- function(column, weeks) {
  tb <- value(pairs$test, column, before); td <- value(pairs$test, column, weeks)
  cb <- value(pairs$control, column, before); cd <- value(pairs$control, column, weeks)
  n <- sapply(pairs$test, function(s) length(series(s, column, weeks)))
  list(log = log(td / tb) - log(cd / cb), with = sum(n * td),
       without = sum(n * tb * cd / (cb * (1 + error(column)))))
}
u <- one("units", during); r <- one("revenue", during)
# by all ways of swapping test and control, as the verdict: p, and the effects that the same test does not reject
signs <- as.matrix(expand.grid(rep(list(c(-1, 1)), nrow(pairs))))
p_of <- function(x, null) {
  d <- x - null; s <- abs(signs %*% d)
  mean(s >= abs(sum(d)) * (1 - 1e-12))
}
limit <- function(x, from, to) { # where p crosses 5 %, by halving: `from` is kept, `to` is not
  for (i in 1:200) {
    middle <- (from + to) / 2
    if (p_of(x, middle) > 0.05) from <- middle else to <- middle
  }
  from
}
lift <- function(name, x) {
  reach <- 10 * sd(x); m <- mean(x)
  cat(sprintf("%-20s %.15g %.15g %.15g %.15g\n", name, expm1(m), expm1(limit(x, m, m - reach)),
              expm1(limit(x, m, m + reach)), p_of(x, 0)))
}
lift("lift_revenue", r$log); lift("lift_units", u$log); lift("lift_price", r$log - u$log)
show <- function(name, x) cat(sprintf("%-20s %.15g\n", name, x))
L <- (r$with - r$without) / log(r$with / r$without)
show("amount_without", r$without); show("amount_units", L * log(u$with / u$without))
show("amount_price", L * (log(r$with / r$without) - log(u$with / u$without))); show("amount_with", r$with)

cost_of_unit <- function(r, u) 0.75 * r$without / u$without
gross <- function(r, u) (r$with - cost_of_unit(r, u) * u$with) - (r$without - cost_of_unit(r, u) * u$without)
ua <- one("units", after); ra <- one("revenue", after)
cost <- 200 + 20 * nrow(pairs)
net <- gross(r, u) + gross(ra, ua) - cost
show("incremental_units", u$with - u$without); show("incremental_revenue", r$with - r$without)
show("gross_profit", gross(r, u)); show("bar_after", gross(ra, ua)); show("net_profit", net)
show("roi", net / cost); show("iroas", (r$with - r$without) / cost)
show("cost_per_unit", cost / (u$with - u$without + ua$with - ua$without))
# the lift that pays, by search: the same price, another number of items
profit <- function(l) {
  items <- u$without * (1 + l)
  items * (r$with / u$with - cost_of_unit(r, u)) - u$without * (r$without / u$without - cost_of_unit(r, u)) +
    gross(ra, ua) - cost
}
show("break_even_lift", uniroot(profit, c(-1, 10), tol = 1e-14)$root)
all_before <- tapply(sales$revenue[sales$week %in% before], sales$store[sales$week %in% before], mean)
k <- 83 * mean(all_before) / sum(value(pairs$test, "revenue", before))
show("stores", length(all_before))
show("projection", k * (gross(r, u) + gross(ra, ua)) - 83 * 20 - 200)

# the same by Dominick's own margin, week by week (margin_column: margin, margin_in: percent)
sales$profit <- sales$revenue * sales$margin / 100
p <- one("profit", during); pa <- one("profit", after)
net <- p$with - p$without + pa$with - pa$without
show("column.gross_profit", p$with - p$without)
show("column.bar_price", r$with - u$with * r$without / u$without)
show("column.bar_after", pa$with - pa$without); show("column.net_profit", net)
show("column.break_even", (u$with - net / (p$with / u$with)) / u$without - 1)
