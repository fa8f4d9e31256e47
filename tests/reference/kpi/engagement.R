# SPDX-License-Identifier: GPL-3.0-or-later
# The engagement KPI of 240 made-up customers, for tests/unit/kpi/test_engagement_staying.c, which makes the same.
library(survival)
n <- 240; i <- 0:(n - 1); now <- 729  # days since 2022-01-01; 729: 2023-12-31
start <- (i * 37) %% 601
gap <- c(30, 60, 90, 120, 180)[i %% 5 + 1] + (i * 11) %% 9 - 4
life <- 120 + (i * 173) %% 700 + ifelse(i %% 5 == 2, 500, 0)
left <- i %% 4 != 0 & start + life <= now
end <- ifelse(left, start + life, now)
rep <- paste0("r", (i * 5) %% 7 %% 3)
contacts <- lapply(seq_len(n), function(k) {
  d <- seq(start[k], end[k], by = gap[k])
  if (rep[k] == "r2") d <- d[d < 500 | seq_along(d) %% 3 == 0]
  d
})
first <- min(unlist(contacts))
# the usual gap with the open one
waiting <- function(k, from, to) {
  d <- contacts[[k]]; d <- d[d >= from & d <= to]; g <- diff(d)
  open <- to - if (length(d)) d[length(d)] else from
  usual <- if (length(g)) median(g) else NA
  list(n = length(g), usual = usual, open = open,
       gap = if (!length(g)) open else if (open > usual) median(c(g, open)) else usual, known = length(g) > 0)
}
w <- lapply(seq_len(n), function(k) waiting(k, max(start[k], first), end[k]))
gaps <- sapply(w, `[[`, "gap"); known <- sapply(w, `[[`, "known")
still <- !left
fit <- survfit(Surv(gaps[still], known[still]) ~ 1)
cat("gap_days", quantile(fit, .5)$quantile, quantile(fit, .5)$lower, quantile(fit, .5)$upper, "\n")
usual <- unname(quantile(fit, .5)$quantile)
p <- sapply(c("r0", "r1", "r2"), function(r) {
  d <- survdiff(Surv(gaps[still], known[still]) ~ (rep[still] == r)); 1 - pchisq(d$chisq, 1) })
for (r in names(p)) cat("gap_days", r, quantile(survfit(Surv(gaps, known) ~ 1, subset = still & rep == r), .5)$quantile,
                        sprintf("%.12g %.12g", p[r], p.adjust(p, "holm")[r]), "\n")
# r2 stands apart and is taken out: r0 and r1 against each other, two comparisons of Holm, no less than r2's
d <- survdiff(Surv(gaps, known) ~ rep, subset = still & rep != "r2"); p2 <- 1 - pchisq(d$chisq, 1)
a <- p.adjust(p, "holm"); direction <- function(keep, r) {
  d <- survdiff(Surv(gaps[keep], known[keep]) ~ (rep[keep] == r)); sign(d$obs[2] - d$exp[2]) }
for (r in c("r0", "r1"))
  cat("step down", r, sprintf("%.12g", if (direction(still, r) == direction(still & rep != "r2", r))
    max(a[r], a["r2"], p.adjust(c(p2, p2), "holm")[1]) else 1), "\n")
# overdue
own <- sapply(w, function(x) if (x$n >= 2) x$usual else usual); open <- sapply(w, `[[`, "open")
late <- still & open > 2 * own
cat("overdue", sum(late), sum(still), "\n")
pf <- sapply(c("r0", "r1", "r2"), function(r) {
  m <- table(factor(rep[still] == r, c(TRUE, FALSE)), factor(late[still], c(TRUE, FALSE)))
  c(m[1, 1], sum(m[1, ]), min(1, 2 * min(phyper(m[1, 1] - 1, sum(m[, 1]), sum(m[, 2]), sum(m[1, ]), lower = FALSE),
                           phyper(m[1, 1], sum(m[, 1]), sum(m[, 2]), sum(m[1, ]))))) })
print(signif(pf, 12))
# contacts a customer and year: ratio of sums over customers
from <- now - 364; b <- pmax(start, from); e <- end - b + 1; ok <- end >= from
x <- sapply(seq_len(n), function(k) sum(contacts[[k]] >= b[k] & contacts[[k]] <= now))
x <- x[ok]; e <- e[ok]; r <- sum(x) / sum(e); m <- length(x)
se <- sqrt(sum((x - r * e)^2) * m / (m - 1)) / sum(e)
cat(sprintf("year %.12g %.12g %.12g\n", 365.25 * r, 365.25 * (r - qt(.975, m - 1) * se), 365.25 * (r + qt(.975, m - 1) * se)))
# length
fit <- survfit(Surv(end - start, left) ~ 1)
q <- quantile(fit, .5); s <- summary(fit, times = 365.25)
cat(sprintf("length %.12g %.12g %.12g; 12 months %.12g %.12g %.12g\n", q$quantile, q$lower, q$upper, s$surv, s$lower, s$upper))
# landmark: 6 months
months <- 6; long <- floor(months * 365.25 / 12 + .5)
entry <- pmax(start, first); mark <- entry + long
gone <- left & end <= mark; young <- !gone & mark >= now; inside <- !gone & !young
cat("gone", sum(gone), "young", sum(young), "in", sum(inside), "\n")
early <- lapply(seq_len(n), function(k) waiting(k, entry[k], mark[k]))
eg <- sapply(early, function(x) if (x$known) x$gap else long + 1)
band <- cut(eg, c(0, 2.5, 5.5, 10.5, 21, 45, 75, 105, 150, 270, Inf), labels = FALSE)
band[!sapply(early, `[[`, "known")] <- 11
time <- (end - mark)[inside]; event <- left[inside]; band <- band[inside]; eg <- eg[inside]
horizon <- 0
for (h in c(12, 6, 3)) { o <- time >= h * 365.25 / 12; if (horizon == 0 && sum(o) * 5 >= sum(o | !event)) horizon <- h }
cat("horizon", horizon, "\n")
bs <- sort(unique(band)); pb <- sapply(bs, function(b) { d <- survdiff(Surv(time, event) ~ (band == b)); 1 - pchisq(d$chisq, 1) })
big <- sapply(bs, function(b) sum(band == b)) >= 10
pa <- rep(NA, length(bs)); pa[big] <- p.adjust(pb[big], "holm")
for (k in seq_along(bs)) {
  s <- summary(survfit(Surv(time, event) ~ 1, subset = band == bs[k]), times = horizon * 365.25 / 12, extend = FALSE)
  cat("band", bs[k], sum(band == bs[k]), sprintf("%.12g %.12g %.12g p %.12g %.12g\n", s$surv, s$lower, s$upper, pb[k], pa[k]))
}
co <- concordance(Surv(time, event) ~ eg, reverse = TRUE)
d <- 2 * co$concordance - 1; z <- atanh(d); sz <- 2 * sqrt(co$var) / (1 - d^2)
cat(sprintf("D %.12g %.12g %.12g p %.12g\n", d, tanh(z - qnorm(.975) * sz), tanh(z + qnorm(.975) * sz), 2 * pnorm(-abs(z / sz))))
