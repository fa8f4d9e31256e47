# SPDX-License-Identifier: GPL-3.0-or-later
# Values of tests/cli/test_real_data.c.  usage: Rscript geolift_pairs.R ../shared/data/geolift/GeoLift_Test.csv
d <- read.csv(commandArgs(TRUE)[1])
d$date <- as.Date(d$date)
rate <- function(city, from, to) mean(d$Y[d$location == city & d$date >= from & d$date <= to])
effect <- function(test, control) {
  b <- c("2021-01-01", "2021-03-31"); e <- c("2021-04-01", "2021-04-15")
  log(rate(test, e[1], e[2]) / rate(test, b[1], b[2])) - log(rate(control, e[1], e[2]) / rate(control, b[1], b[2]))
}
x <- c(effect("chicago", "cincinnati"), effect("portland", "baltimore"))
t <- t.test(x)
cat(sprintf("effects %.17g %.17g\nlift %.17g\nconf %.17g %.17g\nt %.17g p %.17g se %.17g\n", expm1(x[1]), expm1(x[2]),
            expm1(mean(x)), expm1(t$conf.int[1]), expm1(t$conf.int[2]), t$statistic, t$p.value, sd(x) / sqrt(2)))
