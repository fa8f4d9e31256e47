# The split of revenue into items and price on experiments/dominicks-orange-juice/price-cut.yaml, by means that
# share nothing with pairlift. Usage, in the project's folder: Rscript tests/reference/decomposition.R
sales <- read.csv("experiments/dominicks-orange-juice/sales.csv")
pairs <- read.csv("experiments/dominicks-orange-juice/pairs-price-cut.csv")
mean_of <- function(store, column, weeks)
  mean(sales[sales$store == store & sales$week %in% weeks, column])
before <- 140:145; during <- 146:147
value <- function(stores, column, weeks) sapply(stores, mean_of, column, weeks)
one <- function(column) {
  tb <- value(pairs$test, column, before); td <- value(pairs$test, column, during)
  cb <- value(pairs$control, column, before); cd <- value(pairs$control, column, during)
  list(log = log(td / tb) - log(cd / cb), with = sum(2 * td), without = sum(2 * tb * cd / cb))
}
u <- one("units"); r <- one("revenue")
show <- function(name, x) {
  t <- t.test(x)
  cat(sprintf("%-8s %.15g %.15g %.15g %.15g\n", name, expm1(mean(x)), expm1(t$conf.int[1]),
              expm1(t$conf.int[2]), t$p.value))
}
show("revenue", r$log); show("units", u$log); show("price", r$log - u$log)
L <- (r$with - r$without) / log(r$with / r$without)
cat(sprintf("%-8s %.15g\n", c("without", "units", "price", "with"),
            c(r$without, L * log(u$with / u$without),
              L * (log(r$with / r$without) - log(u$with / u$without)), r$with)))
