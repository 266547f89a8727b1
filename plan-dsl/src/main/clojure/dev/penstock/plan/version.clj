(ns dev.penstock.plan.version
  "The version of the plan language: what a plan that is kept or sent says it was written for.")

(def language
  "Major and minor: a new operator or option raises the minor, a changed meaning the major."
  [0 1])
