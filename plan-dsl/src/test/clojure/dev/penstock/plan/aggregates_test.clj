(ns dev.penstock.plan.aggregates-test
  "The registry documents every aggregate and window function, and its examples are true."
  (:require [clojure.string :as str]
            [clojure.test :refer [are deftest is testing]]
            [dev.penstock.plan.core :as core]
            [dev.penstock.plan.fixture :as fixture]
            [dev.penstock.plan.functions :as functions]
            [dev.penstock.plan.naive :as naive]
            [dev.penstock.plan.unparse :as unparse])
  (:import (java.time Instant)))

(def ^:private ctx {:now (Instant/parse "2026-01-02T03:04:05Z")})

(defn- rows-of [plan] (:rows (naive/evaluate (core/check plan ctx) ctx)))

(deftest every-function-is-documented
  (doseq [[name {:keys [signature types doc family example]}] (merge functions/aggregates functions/window-functions)]
    (testing (str name)
      (is (seq signature))
      (is (every? #(or (= (str "(" name ")") %) (str/starts-with? % (str "(" name " "))) signature))
      (is (re-find #"\) -> " (str types)))
      (is (re-matches #"(?s)\S.*[.?]" (str doc)))
      (is (some? family))
      (is (seq example)))))

(deftest examples-are-true
  (doseq [{:keys [name]} (vals (merge functions/aggregates functions/window-functions))
          {:keys [text plan rows]} (functions/example-plans name)]
    (testing text
      (is (= (frequencies rows) (frequencies (rows-of plan)))))))

(deftest the-document-has-every-function-once
  (let [entries (mapcat second (functions/aggregate-document))]
    (is (= (set (concat (keys functions/aggregates) (keys functions/window-functions))) (set (map :name entries))))
    (is (= (count (distinct (map :name entries))) (count entries)))
    (is (= {:name 'bit-or :signature ["(bit-or x)"] :types "(integer) -> its type" :doc "The bits that one has."
            :example [["(bit-or X)" "7"]]}
           (first (filter #(= 'bit-or (:name %)) entries))))))

(defn- over-people [call] (str "(group+ [] [[x " call "]] (table+ people))"))

(deftest aggregates-are-written-as-they-are-read
  (are [call] (= call (let [[_ _ [[_ written]]] (unparse/plan (fixture/checked (over-people call)))] (pr-str written)))
    "(count)"
    "(string-agg Name \"-\" {:distinct true, :order [Name]})"
    "(percentile-disc Age 0.5 true)"
    "(first Name {:filter (> Age 3), :order [[Age :desc] Pay]})"))

(deftest problems-of-aggregates
  (are [message call] (= message (fixture/problem-of (over-people call)))
    "p.edn:1:33: string-agg expects a separator as a string literal, got Name (varchar)" "(string-agg Name Name)"
    "p.edn:1:16: percentile-cont expects a share from 0 to 1 as a literal, got 1.5" "(percentile-cont Age 1.5)"
    "p.edn:1:16: percentile-disc expects true or false (descending) as a literal, got 1 (int64)" "(percentile-disc Age 0.5 1)"
    "p.edn:1:25: bit-and expects an integer, got Name (varchar)" "(bit-and Name)"
    "p.edn:1:26: corr expects a number, got Name (varchar)" "(corr Age Name)"
    "p.edn:1:54: collect with :distinct can be ordered by its arguments only, got Age" "(collect Name {:distinct true :order [Age]})"))
