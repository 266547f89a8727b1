(ns dev.penstock.plan.operators-test
  (:require [clojure.string :as str]
            [clojure.test :refer [deftest is testing]]
            [dev.penstock.plan.check :as check]
            [dev.penstock.plan.core :as core]
            [dev.penstock.plan.dsl]
            [dev.penstock.plan.operators :as operators]
            [dev.penstock.plan.print :as print]))

(defn example-plan
  "The plan of an operator's example, written in Clojure."
  [example]
  (binding [*ns* (create-ns 'dev.penstock.plan.examples)]
    (refer 'clojure.core)
    (refer 'dev.penstock.plan.dsl)
    (eval (read-string example))))

(defn subplan
  "What the example of sparql+ means, where no triples are."
  [language text]
  (if (and (= "sparql" language) (= "SELECT ?who { <http://x/ann> <http://x/knows> ?who }" text))
    '(values+ [who] [["http://x/bo"]])
    (throw (ex-info (str "no triples for " text) {:category :incorrect :code :no-triples}))))

(deftest every-operator-is-registered
  (is (= check/operators (keys operators/registry))))

(deftest every-example-is-checked-and-lowered
  (doseq [[op {:keys [example gives]}] operators/registry]
    (testing op
      (let [plan (example-plan example)
            {:strs [root]} (core/prepare plan {:functions? true :subplan subplan})]
        (is (some #{op} (filter symbol? (tree-seq coll? seq plan))))
        (is (= #{(count (get root "schema"))} (set (map count gives))))))))

(deftest examples-of-text-read-as-the-same-plan
  (doseq [[op {:keys [example text]}] operators/registry
          :when text]
    (testing op
      (let [plan (core/read-plan example "example")]
        (is (= plan (example-plan example)))
        (is (= plan (core/read-plan (print/text plan) nil)))))))

(deftest documentation
  (is (= (str/join "\n"
                   ["(filter+ pred rel)" "(filter+ f stream)"
                    "The rows where the expression is true (not false, not null); or the items for which a function gives true."
                    "" "Example:" "  (filter+ (> Age 20)"
                    "    (values+ [Name Age] [[\"Ann\" 31] [\"Bo\" 19] [\"Cy\" nil]]))"
                    "Gives:" "  \"Ann\"  31"])
         (operators/doc-text 'filter+)))
  (is (= "(left s n)\nfunction: The first n code points." (operators/doc-text "left")))
  (is (= "nothing is known about fliter+; did you mean filter+?" (operators/doc-text 'fliter+)))
  (is (every? (set (operators/names)) '[filter+ sum rank concat cast grouping])))

(defn- code-of [plan ctx]
  (try
    (core/check plan ctx)
    nil
    (catch clojure.lang.ExceptionInfo e [(:code (ex-data e)) (ex-message e)])))

(deftest other-languages-are-the-host-programs
  (is (= [:unknown-language "no other languages are known here, got sparql; in (sparql+ \"ASK {}\")"]
         (code-of (list 'sparql+ "ASK {}") {})))
  (is (= [:no-triples "p:1:12: no triples for x"]
         (code-of (core/read-plan "(filter+ a (sparql+ \"x\"))" "p") {:subplan subplan})))
  (is (= :unknown-name
         (first (code-of '(with+ [n (values+ [A] [[1]])] (sparql+ "x")) {:subplan (constantly 'n)})))))
