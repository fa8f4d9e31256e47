# SPDX-License-Identifier: GPL-3.0-or-later
# usage: Rscript groups.R   reference values of tests/unit/stats/test_{welch_t,pooled_t,rank_sum,anova,...}.c
options(digits = 17)
a <- c(0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)
b <- c(1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)
for (alt in c("two.sided", "greater", "less")) for (pooled in c(FALSE, TRUE)) {
  h <- t.test(a, b, var.equal = pooled, alternative = alt)
  cat(if (pooled) "pooled" else "welch", alt, format(c(h$statistic, h$parameter, h$p.value, h$conf.int, h$stderr)), "\n")
}
# without ties: Hollander and Wolfe 1973, p. 69
x <- c(0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46); y <- c(1.15, 0.88, 0.90, 0.74, 1.21)
for (alt in c("two.sided", "greater", "less")) {
  h <- wilcox.test(x, y, alternative = alt, conf.int = TRUE)
  cat("rank_sum", alt, format(c(h$statistic, h$p.value, h$conf.int, h$estimate)), "\n")
}
# with ties: every choice of the treated among the midranks
tx <- c(1, 2, 2, 3, 5, 5); ty <- c(2, 3, 4, 5, 6, 7, 7)
r <- rank(c(tx, ty)); sums <- combn(13, 6, function(i) sum(r[i])); w <- sum(r[1:6])
cat("ties", w - 21, "greater", format(mean(sums >= w - 1e-9)), "less", format(mean(sums <= w + 1e-9)), "\n")
# normal approximation with ties, large
set.seed(1); lx <- round(rnorm(80), 1); ly <- round(rnorm(70, .3), 1)
cat("large x", paste(lx, collapse = ","), "\nlarge y", paste(ly, collapse = ","), "\n")
h <- wilcox.test(lx, ly, exact = FALSE); cat("large", format(c(h$statistic, h$p.value)), "\n")
# several groups
g <- list(c(6, 8, 4, 5, 3, 4), c(8, 12, 9, 11, 6, 8), c(13, 9, 11, 8, 7, 12, 14.5))
v <- unlist(g); f <- factor(rep(c("a", "b", "c"), lengths(g)))
s <- summary(aov(v ~ f))[[1]]; cat("anova", format(c(s[1, "F value"], s[1, "Pr(>F)"], s[1:2, "Sum Sq"])), "\n")
h <- oneway.test(v ~ f); cat("welch_anova", format(c(h$statistic, h$parameter, h$p.value)), "\n")
h <- kruskal.test(v ~ f); cat("kruskal", format(c(h$statistic, h$parameter, h$p.value)), "\n")
print(pairwise.t.test(v, f, p.adjust.method = "none")$p.value)
print(pairwise.t.test(v, f, p.adjust.method = "holm")$p.value)
print(pairwise.t.test(v, f, p.adjust.method = "BH", pool.sd = FALSE)$p.value)
