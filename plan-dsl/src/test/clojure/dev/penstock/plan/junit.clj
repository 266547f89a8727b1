(ns dev.penstock.plan.junit
  "What ClojureTests asks of clojure.test: which tests there are, and what one of them reports."
  (:require [clojure.test :as test])
  (:import (java.io StringWriter)))

(defn tests
  "The full names of the tests of a loaded namespace, in the order of the file."
  [namespace-name]
  (->> (vals (ns-interns (symbol namespace-name)))
       (filter (comp :test meta))
       (sort-by (comp :line meta))
       (mapv (comp str symbol))))

(defn run-test
  "Runs one test with its fixtures. Answers its report when it failed or asserted nothing, else the empty string."
  [test-name]
  (let [out (StringWriter.)
        counts (ref test/*initial-report-counters*)]
    (binding [test/*test-out* out
              *out* out
              test/*report-counters* counts]
      (test/test-vars [(find-var (symbol test-name))]))
    (let [{:keys [pass fail error]} @counts]
      (cond
        (pos? (+ fail error)) (str out)
        (zero? pass) (str test-name " asserted nothing\n" out)
        :else ""))))
