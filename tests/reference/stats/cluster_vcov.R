# Reference values of tests/unit/stats/test_cluster_vcov.c, on Grunfeld's panel (../shared/data/plm_grunfeld).
# CR3 with absorbed effects is in cluster_vcov.py.
# usage: Rscript cluster_vcov.R FOLDER_OF_SHARED        needs r-cran-clubsandwich
suppressMessages(library(clubSandwich))
d <- read.csv(file.path(commandArgs(TRUE)[1], "data/plm_grunfeld/grunfeld.csv"))
d$row <- seq_len(nrow(d)) - 1
d$third <- (d$row * 7 + d$firm * 3) %% 4              # a third effect, crossed with both
d$group <- (d$firm - 1) %/% 2                         # five clusters of two firms
d$cross <- (d$firm * 5 + d$year * 3) %% 8             # clusters that cut through firms and years
gone <- (d$row * 37) %% 11 %in% c(0, 4, 7)            # unbalanced: 27 % of the rows gone
show <- function(name, model, cluster) {
  cat(name, "\n")
  for (type in c("CR0", "CR1", "CR1S", "CR2", "CR3")) {
    v <- tryCatch(vcovCR(model, cluster = cluster, type = type), error = function(e) NULL) # CR3 of nested effects
    if (is.null(v)) next
    keep <- intersect(c("(Intercept)", "value", "capital"), rownames(v))
    if (type == "CR2") {
      t <- coef_test(model, vcov = v, test = "Satterthwaite")
      cat("  df  ", sprintf("%.15g", t$df[match(keep, names(coef(model)))]), "\n")
    }
    cat(" ", type, sprintf("%.15g", sqrt(diag(v)[keep])), sprintf("cov %.15g", v["value", "capital"]), "\n")
  }
  cat("  coef", sprintf("%.15g", coef(model)[keep]), "\n")
}
u <- d[!gone, ]
show("pooled", lm(inv ~ value + capital, d), d$firm)
show("firm | firm", lm(inv ~ value + capital + factor(firm), d), d$firm)
show("firm + year | firm", lm(inv ~ value + capital + factor(firm) + factor(year), d), d$firm)
show("unbalanced firm + year | firm", lm(inv ~ value + capital + factor(firm) + factor(year), u), u$firm)
show("unbalanced firm + year | group", lm(inv ~ value + capital + factor(firm) + factor(year), u), u$group)
show("unbalanced firm + year | year", lm(inv ~ value + capital + factor(firm) + factor(year), u), u$year)
show("unbalanced firm + year | cross", lm(inv ~ value + capital + factor(firm) + factor(year), u), u$cross)
show("unbalanced firm + year + third | firm",
     lm(inv ~ value + capital + factor(firm) + factor(year) + factor(third), u), u$firm)
show("unbalanced year | firm", lm(inv ~ value + capital + factor(year), u), u$firm)
