(ns dev.penstock.plan.functions-test
  "The registry documents every scalar function, and its examples are true."
  (:require [clojure.string :as str]
            [clojure.test :refer [deftest is testing]]
            [dev.penstock.plan.core :as core]
            [dev.penstock.plan.functions :as functions]
            [dev.penstock.plan.naive :as naive]
            [dev.penstock.plan.naive.order :as order]
            [dev.penstock.plan.types :as types])
  (:import (java.time Instant)))

(def ^:private now (Instant/parse "2026-01-02T03:04:05Z"))
(def ^:private varying "Functions whose value is another one each time." '#{now today})

(defn- evaluated "[type value] of an expression without columns." [form]
  (let [{[field] :schema [[value]] :rows}
        (-> (list 'project+ [['x form]] '(values+ [A] [[1]]))
            (core/check {:now now})
            (naive/evaluate {:now now}))]
    [(:type field) value]))

(defn- kind "A type up to the width of a number." [type]
  (cond (types/integer? type) :integer (types/decimal? type) :decimal :else type))

(deftest every-scalar-function-is-documented
  (doseq [[name {:keys [signature types doc family]}] functions/scalars]
    (testing (str name)
      (is (seq signature))
      (is (every? #(re-matches #"\(\S+.*\)" %) signature))
      (is (every? #(or (= (str "(" name ")") %) (str/starts-with? % (str "(" name " "))) signature))
      (is (re-find #"\) -> " (str types)))
      (is (re-matches #"(?s)\S.*[.?]" (str doc)))
      (is (some? family))
      (is (or (varying name) (seq (functions/examples name))) "an example in examples.edn"))))

(deftest examples-are-true
  (doseq [name (keys functions/scalars)
          [form expected] (functions/examples name)]
    (testing (pr-str form)
      (let [[type value] (evaluated form)
            [expected-type expected] (evaluated expected)]
        (when (some? expected)
          (is (= (kind type) (kind expected-type))))
        (is (= (order/key-of type expected) (order/key-of type value)))))))

(deftest examples-belong-to-functions
  (is (= [] (remove #(or (functions/scalars %) (varying %))
                    (keys (dev.penstock.plan.functions.example/by-function))))))

(deftest the-document-has-every-function-once
  (let [entries (mapcat second (functions/document))]
    (is (= (set (keys functions/scalars)) (set (map :name entries))))
    (is (= (count functions/scalars) (count entries)))
    (is (= {:name 'gcd :signature ["(gcd a b)"] :types "(integer, integer) -> their type"
            :doc "The greatest common divisor." :example [["(gcd 12 18)" "6"]]}
           (first (filter #(= 'gcd (:name %)) entries))))
    (is (= "(varchar, int64, [varchar]) -> varchar" (:types (functions/scalars 'lpad))))))
