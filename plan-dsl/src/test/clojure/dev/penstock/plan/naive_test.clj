(ns dev.penstock.plan.naive-test
  "The documented example of every operator gives, by the naive evaluator, what its documentation says."
  (:require [clojure.test :refer [deftest is testing]]
            [dev.penstock.plan.core :as core]
            [dev.penstock.plan.naive :as naive]
            [dev.penstock.plan.naive.json :as json]
            [dev.penstock.plan.operators :as operators]
            [dev.penstock.plan.operators-test :as operators-test])
  (:import (java.time Instant)))

(def ^:private now (Instant/parse "2026-01-02T03:04:05Z"))

(def ^:private ctx {:functions? true :now now :subplan operators-test/subplan
                    :describe (fn [t _] (throw (ex-info (str "no table " t) {:category :incorrect})))})

(defn- bag [rows] (frequencies (map vec rows)))

(deftest documented-examples
  (is (seq operators/registry))
  (doseq [[name {:keys [example gives]}] operators/registry]
    (testing (str name)
      (let [{:keys [rows]} (naive/evaluate (core/check (operators-test/example-plan example) ctx) {:now now})]
        (is (= (bag gives) (bag rows)))))))

(defn- value-of
  "The value of one expression, or the code of its error."
  [expr]
  (try
    (-> (list 'project+ [['x expr]] '(values+ [A] [[1]]))
        (core/check ctx) (naive/evaluate {:now now}) :rows ffirst)
    (catch clojure.lang.ExceptionInfo e (:code (ex-data e)))))

(deftest scalars
  (doseq [[expr expected]
          '[[(and false nil) false] [(and true nil) nil] [(or nil true) true] [(in 1 [2 nil]) nil] [(in 1 [1 nil]) true]
            [(= nil 1) nil] [(is-distinct nil 1) true] [(if nil 1 2) 2] [(coalesce 1 (quot 1 0)) 1]
            [(+ 9223372036854775807 1) :overflow] [(quot 1 0) :division-by-zero] [(quot -7 2) -3] [(rem -7 2) -1]
            [(mod -7 2) 1] [(round 2.5M) 3M] [(round -2.5M) -3M] [(round 1.005M 2) 1.01M] [(/ 1 4) 0.25]
            [(* 1.5M 1.5M) 2.25M] [(substring "hello" 0 3) "he"] [(length "a\uD83D\uDE00") 2] [(like "a%b" "a!%_" "!") true]
            [(json-get (cast "{\"a\":[1,{\"b\":2}]}" :json) "a.1.b") "2"] [(json-length (cast "[1,2]" :json)) 2]
            [(to-json "a\"b") "\"a\\\"b\""] [(cast "1.555" [:decimal 4 2]) 1.56M] [(try-cast "x" :int64) nil]]]
    (is (= expected (value-of expr)) (pr-str expr))))

(deftest json-elements
  (is (= ["1" "a\"\n" nil "true" "[2, 3]" "{}"] (json/elements :varchar " [1, \"a\\\"\\n\", null, true, [2, 3], {}] ")))
  (is (= ["\"a\""] (json/elements :json "[\"a\"]")))
  (is (= :bad-json (try (json/elements :varchar "[1,]") (catch clojure.lang.ExceptionInfo e (:code (ex-data e)))))))
