# SPDX-License-Identifier: GPL-3.0-or-later
# Values of tests/unit/effect/test_spillover.c: stores 0 to 11, days 1 to 4; 0 to 2 test, 3 to 5 control, the others in no pair;
# 6 to 8 lie near a test store.
sold <- function(s, d) 80 + (s * 7 + d * 5 + s * d * 3) %% 13 + ifelse(s < 3 & d > 2, 30, 0) - ifelse(s %in% 6:8 & d > 2, 12, 0)
change <- function(s) sapply(s, function(k) log(sum(sold(k, 3:4)) / sum(sold(k, 1:2))))
t <- t.test(change(6:8), change(9:11))
cat(sprintf("%.10g [%.10g, %.10g] p %.10g\n", expm1(-diff(t$estimate)), expm1(t$conf.int[1]), expm1(t$conf.int[2]), t$p.value))
x <- change(0:1) - change(3:4); f <- t.test(x)
cat(sprintf("far pairs %.10g [%.10g, %.10g] p %.10g\n", expm1(mean(x)), expm1(f$conf.int[1]), expm1(f$conf.int[2]), f$p.value))
g <- t.test(c(change(0:2)), change(3:4))
cat(sprintf("far controls of groups %.10g p %.10g\n", expm1(-diff(g$estimate)), g$p.value))
