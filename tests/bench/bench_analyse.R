# Kaplan-Meier, log-rank and Cox on rows that are read already: seconds, chi-square and
# coefficient.  The errors are the model's: robust ones of so many rows take R minutes.
suppressMessages(library(survival))
d <- read.csv(commandArgs(TRUE)[1])
began <- proc.time()[["elapsed"]]
time <- ifelse(is.na(d$paid_at_day), d$censored_at_day, d$paid_at_day) - d$assigned_at_day
paid <- as.integer(!is.na(d$paid_at_day))
curve <- survfit(Surv(time, paid) ~ arm, data = d, conf.type = "log-log")
test <- survdiff(Surv(time, paid) ~ arm, data = d)
fit <- coxph(Surv(time, paid) ~ I(arm == "warm"), data = d, ties = "efron")
cat(sprintf("%.3f %.17g %.17g\n", proc.time()[["elapsed"]] - began, test$chisq, coef(fit)))
