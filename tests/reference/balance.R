# SPDX-License-Identifier: GPL-3.0-or-later
# Values of tests/unit/design/test_balance.c.  usage: Rscript balance.R
s <- rbind(c(10, 12, 11, 13), c(20, 23, 21, 30), c(5, 6, 4, 7), c(9, 11, 10, 13), c(25, 24, 26, 29), c(6, 7, 7, 8))
for (scale in c("RELATIVE", "ABSOLUTE")) {
  f <- if (scale == "RELATIVE") log else identity
  level <- f(rowMeans(s)); x <- f(s)
  sd_pooled <- sqrt((var(level[1:3]) + var(level[4:6])) / 2)
  r <- sapply(1:3, function(i) cor(x[i, ], x[i + 3, ]))
  slope <- sapply(1:3, function(i) coef(lm(x[i, ] - x[i + 3, ] ~ seq(0, 3)))[[2]])
  t <- t.test(slope)
  cat(sprintf("#define %s_STD_DIFFERENCE %.17g\n#define %s_MEDIAN %.17g\n#define %s_MIN %.17g\n#define %s_TREND %.17g\n#define %s_TREND_P %.17g\n",
              scale, (mean(level[1:3]) - mean(level[4:6])) / sd_pooled, scale, median(r), scale, min(r), scale,
              mean(slope), scale, t$p.value))
}
